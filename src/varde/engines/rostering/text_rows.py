"""Rows of a public instance's text file, each with its line, and what is wrong with it.

What the readers of both formats have in common. A reader knows its own sections.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from varde.domain.errors import BadInput


MOST_BYTES = 20_000_000
MOST_DIGITS = 18


def text_of(data: bytes, *, file: str) -> str:
    """The file as text. Raises `BadInput` when it is empty, too large or not text."""
    if len(data) > MOST_BYTES:
        raise BadInput(
            file=file,
            problem=f"has {len(data)} bytes; an instance has at most {MOST_BYTES}",
            cure="Name the instance's own file",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput(
            file=file,
            line=data.count(b"\n", 0, fault.start) + 1,
            problem=f"is not UTF-8: byte 0x{data[fault.start]:02x}",
            cure="Save the file as UTF-8",
        ) from None
    if not text.strip():
        raise BadInput(file=file, problem="is empty", cure="Name an instance's file")
    return text


@dataclass(frozen=True, slots=True)
class Row:
    """One line's fields, and how to read and refuse each of them."""

    file: str
    line: int
    fields: tuple[str, ...]

    def refuse(self, problem: str, cure: str, *values: str) -> NoReturn:
        raise BadInput(
            file=self.file, line=self.line, values=values, problem=problem, cure=cure
        )

    def need(self, names: Sequence[str]) -> None:
        """Refuse a row that has another number of fields than these."""
        if len(self.fields) != len(names):
            self.refuse(
                f"has {len(self.fields)} fields, and {len(names)} are needed",
                f"Write {', '.join(names)}",
                ", ".join(self.fields),
            )

    def whole(
        self, position: int, name: str, *, low: int = 0, high: int = 10**9
    ) -> int:
        """A field that is a whole number between two limits."""
        return self.number(self.fields[position], name, low=low, high=high)

    def number(self, text: str, name: str, *, low: int = 0, high: int = 10**9) -> int:
        """A text of this line that is a whole number between two limits."""
        digits = text.removeprefix("-")  # a published instance writes -0
        is_number = digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS
        if not is_number or not low <= int(text) <= high:
            self.refuse(
                f"{name} is not a whole number from {low} to {high}",
                f"Write {name} with digits only",
                text,
            )
        return int(text)

    def known(self, position: int, name: str, ids: Mapping[str, int]) -> int:
        """The place of a field among ids that were read before."""
        return self.among(self.fields[position], name, ids)

    def among(self, text: str, name: str, ids: Mapping[str, int]) -> int:
        """The place of a text of this line among ids that were read before."""
        if text not in ids:
            self.refuse(
                f"{name} is not one that the file has named before",
                f"The file names {listed(ids)}",
                text,
            )
        return ids[text]

    def new(self, text: str, name: str, ids: Collection[str]) -> str:
        """An id that is not empty and not there yet."""
        if not text:
            self.refuse(f"{name} is missing", f"Write {name} first")
        if text in ids:
            self.refuse(f"{name} stands twice", "Keep one of the two lines", text)
        return text


def listed(ids: Collection[str], most: int = 12) -> str:
    """The first ids, and how many more there are."""
    first = ", ".join(list(ids)[:most])
    more = len(ids) - most
    return (f"{first} and {more} more" if more > 0 else first) or "none"
