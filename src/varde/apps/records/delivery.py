"""Handing a note over to the outside: an interface, and a folder as the embedded default.

A note is handed over under a name that is its own (which note, which version). A delivery
that is done twice, since the machine stopped between the two, gives the same file again
and not another one.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingNote:
    """A note ready to go. Text and receiver are kept out of `repr`, and so of the logs."""

    note_id: int
    version: int
    her_id: str = field(repr=False)  # the surgery's address in the national register
    receiver: str = field(repr=False)
    text: str = field(repr=False)

    @property
    def name(self) -> str:
        """The note's own name: the same each time it is handed over."""
        return f"notat-{self.note_id}-v{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The note has left us; under which name it can be asked for."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the other side said of a note: received, or why not."""

    note_id: int
    version: int
    is_received: bool
    fault: str
    file: Path


class DeliveryFailed(Exception):
    """The note did not leave. `fault` is a code or a short sentence without patient data."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class Delivery(Protocol):
    """A way out of the house. A message service implements the same."""

    def send(self, note: OutgoingNote) -> Receipt:
        """Hand the note over, once for each name. Raises `DeliveryFailed`."""
        ...


@dataclass(frozen=True, slots=True)
class FileDrop:
    """Notes as files in a folder, receipts as files in another.

    `out` gets `notat-<id>-v<version>.txt`, written whole under another name first, so that
    a reader never sees half a note. `back` may get `<the same name>.json` with
    {"received": true} or {"received": false, "fault": "why"}.
    """

    out: Path
    back: Path

    def send(self, note: OutgoingNote) -> Receipt:
        """Write the note. A file of that name that says the same is left as it is."""
        target = self.out / f"{note.name}.txt"
        try:
            self.out.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not _is_there(target, note.text):
                _write_whole(target, note.text)
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
    name = file.name.removesuffix(".json")
    parts = name.removeprefix("notat-").split("-v")
    if not name.startswith("notat-") or len(parts) != 2:
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
        file=file,
    )


def embedded(home: Path) -> FileDrop:
    """The folders of this installation."""
    return FileDrop(
        out=home / "utboks" / "fastlege", back=home / "innboks" / "fastlege"
    )
