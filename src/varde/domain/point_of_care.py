"""A test taken beside the patient: what is asked for, and what is a possible answer.

A test has one part or several (a urine strip has seven fields). A number is checked
against a wide range of what a body and an instrument can give, so that a slip of the
finger is caught; it says nothing of what is normal. An instrument that stops at its limit
says "<5" or ">200": that is kept as it was said.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, auto

from varde.domain.errors import Rule, RuleBroken


LONGEST_TEXT = 500  # characters; ours: an ECG in a few lines
_NUMBER = re.compile(r"([<>]?) ?(\d{1,6})(?:[.,](\d{1,3}))?", re.ASCII)


class ResultKind(StrEnum):
    """How a part of a result is given."""

    NUMBER = auto()
    CHOICE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from."""

    code: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPart:
    """One field of a result. A number has a range, its decimals and (pH apart) a unit."""

    code: str
    words: str
    kind: ResultKind
    unit: str = ""
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    decimals: int = 0
    choices: tuple[Choice, ...] = ()

    def __post_init__(self) -> None:
        is_number = self.kind is ResultKind.NUMBER
        if is_number and not self.low < self.high:
            raise ValueError(f"{self.code}: low {self.low} is not below {self.high}")
        if (self.kind is ResultKind.CHOICE) is not bool(self.choices):
            raise ValueError(f"{self.code}: choices belong to a choice, and only there")

    def stored(self, typed: str) -> str:
        """What is kept of what was typed; "" where nothing was.

        A number is kept with a point, with < or > where the instrument said so. Raises
        `RuleBroken`: RESULT_NOT_A_NUMBER, RESULT_OUT_OF_RANGE, RESULT_NOT_A_CHOICE,
        RESULT_TOO_LONG.

        >>> crp = ResultPart(
        ...     code="crp", words="CRP", kind=ResultKind.NUMBER, unit="mg/L",
        ...     low=Decimal(0), high=Decimal(500),
        ... )
        >>> crp.stored(" 42 "), crp.stored("<5"), crp.stored("")
        ('42', '<5', '')
        """
        text = " ".join(typed.split())
        if not text:
            return ""
        if self.kind is ResultKind.NUMBER:
            return self._number(text)
        if self.kind is ResultKind.CHOICE:
            if text not in {choice.code for choice in self.choices}:
                raise RuleBroken(Rule.RESULT_NOT_A_CHOICE, part=self.words)
            return text
        if len(text) > LONGEST_TEXT:
            raise RuleBroken(
                Rule.RESULT_TOO_LONG, part=self.words, most=str(LONGEST_TEXT)
            )
        return text

    def shown(self, stored: str) -> str:
        """A stored value as it is read: a comma, the unit, the words of a choice.

        >>> part = ResultPart(
        ...     code="hb", words="Hb", kind=ResultKind.NUMBER, unit="g/dL",
        ...     low=Decimal(2), high=Decimal(26), decimals=1,
        ... )
        >>> part.shown("12.4")
        '12,4 g/dL'
        """
        if self.kind is ResultKind.NUMBER:
            return f"{stored.replace('.', ',')} {self.unit}".strip()
        if self.kind is ResultKind.CHOICE:
            named = {choice.code: choice.words for choice in self.choices}
            return named.get(stored, stored)
        return stored

    def _number(self, text: str) -> str:
        found = _NUMBER.fullmatch(text)
        if found is None or len(found[3] or "") > self.decimals:
            raise RuleBroken(
                Rule.RESULT_NOT_A_NUMBER,
                part=self.words,
                unit=self.unit,
                decimals=str(self.decimals),
            )
        number = Decimal(f"{found[2]}.{found[3] or 0}")
        if not self.low <= number <= self.high:
            raise RuleBroken(
                Rule.RESULT_OUT_OF_RANGE,
                part=self.words,
                unit=self.unit,
                low=str(self.low).replace(".", ","),
                high=str(self.high).replace(".", ","),
            )
        whole = found[2].lstrip("0") or "0"
        return f"{found[1]}{whole}" + (f".{found[3]}" if found[3] else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointOfCare:
    """One test, with what it is founded on. `parts` has at least one."""

    code: str
    words: str
    source: str
    parts: tuple[ResultPart, ...]

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError(f"the test {self.code!r} names no source")
        codes = [part.code for part in self.parts]
        if not codes or len(set(codes)) < len(codes):
            raise ValueError(f"the test {self.code!r} has no parts, or one twice")

    def stored(self, typed: Mapping[str, str]) -> dict[str, str]:
        """The result as it is kept, by the code of the part. What is empty is not kept.

        Raises `RuleBroken`: RESULT_IS_EMPTY where nothing was typed, and as for a part.
        """
        read = {part.code: part.stored(typed.get(part.code, "")) for part in self.parts}
        found = {code: value for code, value in read.items() if value}
        if not found:
            raise RuleBroken(Rule.RESULT_IS_EMPTY, test=self.words)
        return found

    def shown(self, stored: Mapping[str, str]) -> str:
        """The result in one line. A test of one part does not repeat its name."""
        told = [
            (part.words, part.shown(stored[part.code]))
            for part in self.parts
            if stored.get(part.code)
        ]
        if len(self.parts) == 1:
            return "".join(value for _, value in told)
        return ", ".join(f"{words}: {value}" for words, value in told)
