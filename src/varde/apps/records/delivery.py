"""Handing a message to the fastlege over to the outside: an interface, a folder as the
embedded default (`FileDrop`), and a message service over HTTP (`records.delivery_http`).

A message is handed over under a name and a message id that are its own. A delivery that is
done twice, since the machine stopped between the two, gives the same message again and not
another one.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


# What a message is called, by its kind (`FastlegeNote.Kind`).
NAMES = {"contact": "notat", "epikrise": "epikrise"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingNote:
    """A message ready to go. Text and receiver are kept out of `repr`, and so of the logs."""

    note_id: int
    version: int
    kind: str = "contact"
    message_id: str = ""
    her_id: str = field(repr=False)  # the surgery's address in the national register
    receiver: str = field(repr=False)
    text: str = field(repr=False)
    document: str = field(
        default="", repr=False
    )  # FHIR, as JSON; "" where there is none

    @property
    def name(self) -> str:
        """The message's own name: the same each time it is handed over."""
        return f"{NAMES[self.kind]}-{self.note_id}-v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The message has left us; under which name it can be asked for."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other side said of a message: received, or why not.

    It names the message by note and version, or by its message id. `place` is where the
    answer lies, for the delivery itself.
    """

    is_received: bool
    fault: str
    place: str
    note_id: int | None = None
    version: int | None = None
    message_id: str = ""


class DeliveryFailed(Exception):
    """The message did not leave. `fault` is a code or a short sentence without patient data.

    `is_refused`: the other side has read it and will not have it; the same message once
    more would not help.
    """

    def __init__(self, fault: str, *, is_refused: bool = False) -> None:
        super().__init__(fault)
        self.fault = fault
        self.is_refused = is_refused


class Delivery(Protocol):
    """A way out of the house."""

    def send(self, note: OutgoingNote) -> Receipt:
        """Hand the message over, once for each name. Raises `DeliveryFailed`."""
        ...


class Exchange(Delivery, Protocol):
    """A way out of the house on which answers come back."""

    def answers(self) -> Iterator[Answer]:
        """The answers that wait. Raises `DeliveryFailed` when they cannot be read."""
        ...

    def done_with(self, answer: Answer, *, is_known: bool) -> None:
        """The answer is written down with us (or is of no message of ours)."""
        ...


@dataclass(frozen=True, slots=True)
class FileDrop:
    """Messages as files in a folder, receipts as files in another.

    `out` gets `notat-<id>-v<version>.txt` (for an epikrise `epikrise-…`, and its FHIR
    document beside as `.fhir.json`), written whole under another name first, so that a
    reader never sees half a message; the text comes last. `back` may get
    `<the same name>.json` with {"received": true} or {"received": false, "fault": "why"}.
    """

    out: Path
    back: Path

    def send(self, note: OutgoingNote) -> Receipt:
        """Write the message. A file of that name that says the same is left as it is."""
        files = {f"{note.name}.fhir.json": note.document, f"{note.name}.txt": note.text}
        try:
            self.out.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name, text in files.items():
                if text and not _is_there(self.out / name, text):
                    _write_whole(self.out / name, text)
        except OSError as fault:
            raise DeliveryFailed(_os_fault(fault)) from fault
        return Receipt(reference=note.name)

    def answers(self) -> Iterator[Answer]:
        """The receipts in the folder. What is not a receipt is put aside in `ukjent`."""
        if not self.back.is_dir():
            return
        for file in sorted(self.back.glob("*.json")):
            answer = _read_answer(file)
            if answer is None:
                self.put_aside(file, folder="ukjent")
            else:
                yield answer

    def done_with(self, answer: Answer, *, is_known: bool) -> None:
        """Put the receipt aside, one that is of no message of ours in `ukjent`."""
        folder = "behandlet" if is_known else "ukjent"
        self.put_aside(self.back / answer.place, folder=folder)

    def put_aside(self, file: Path, *, folder: str = "behandlet") -> None:
        """Move a receipt that has been read out of the way. A missing one is fine."""
        aside = self.back / folder
        aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            file.replace(aside / file.name)
        except FileNotFoundError:
            return


def _is_there(target: Path, text: str) -> bool:
    return target.exists() and target.read_text("utf-8") == text


def _write_whole(target: Path, text: str) -> None:
    """Write beside, make sure that the disk has it, then give it its name at once."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.ny")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def _os_fault(fault: OSError) -> str:
    """What the machine said, without the path: disk full, no access, …"""
    return f"{type(fault).__name__}: {fault.strerror or 'unknown'}"


def _read_answer(file: Path) -> Answer | None:
    """The receipt in a file; None if it is not one."""
    word, _, rest = file.name.removesuffix(".json").partition("-")
    parts = rest.split("-v")
    if word not in NAMES.values() or len(parts) != 2:
        return None
    if not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return None
    try:
        said = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("received"), bool):
        return None
    return Answer(
        note_id=int(parts[0]),
        version=int(parts[1]),
        is_received=said["received"],
        fault=str(said.get("fault", ""))[:200],
        place=file.name,
    )


def embedded(home: Path) -> FileDrop:
    """The folders of this installation."""
    return FileDrop(
        out=home / "utboks" / "fastlege", back=home / "innboks" / "fastlege"
    )
