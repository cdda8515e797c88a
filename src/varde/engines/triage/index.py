"""What an index is: complaints that lead, by criteria, to a hastegrad.

Everything here is a value. `loading.load` makes them from a file, after checking it.
"""

from dataclasses import dataclass
from enum import StrEnum


class ApprovalStatus(StrEnum):
    """What the publisher of an index says of it."""

    NOT_APPROVED = "not_approved"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What the publisher says. Taking an index into use is done elsewhere."""

    status: ApprovalStatus
    note: str
    by: str | None = None
    on: str | None = None  # ISO date, as written in the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One hastegrad of a scale."""

    code: str
    title: str
    title_nn: str
    rank: int  # 0 is the most urgent
    needs_call_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """The ages, in years, that something is meant for."""

    from_years: int = 0
    below_years: int | None = None  # None: no upper end

    def suits(self, age_years: float | None) -> bool:
        """Whether it is meant for this age. An unknown age suits: nothing is hidden.

        >>> Ages(from_years=0, below_years=1).suits(0.5)
        True
        >>> Ages(from_years=0, below_years=1).suits(1)
        False
        >>> Ages(from_years=16).suits(None)
        True
        """
        if age_years is None:
            return True
        if age_years < self.from_years:
            return False
        return self.below_years is None or age_years < self.below_years

    def overlaps(self, other: "Ages") -> bool:
        """Whether some age suits both."""
        low = max(self.from_years, other.from_years)
        ends = [end for end in (self.below_years, other.below_years) if end is not None]
        return all(low < end for end in ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Something true of the patient that gives at least this hastegrad."""

    id: str
    text: str
    hastegrad: str  # the code of a Level
    rank: int  # the rank of that Level; 0 is the most urgent
    is_red_flag: bool
    question: str | None = None  # id of the question that brings it out


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something to ask. The order is free."""

    id: str
    text: str
    ages: Ages


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to say to one who got this hastegrad."""

    hastegrad: str
    do: tuple[str, ...]
    call_again_if: tuple[str, ...]  # empty only where the scale does not demand it


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What the caller calls about, and all that is known of how urgent it is."""

    id: str
    title: str
    title_nn: str
    words: tuple[str, ...]
    words_nn: tuple[str, ...]
    ages: Ages
    icpc2: tuple[str, ...]
    hastegrader: tuple[str, ...]  # most urgent first
    red_flags: tuple[Criterion, ...]
    questions: tuple[Question, ...]
    criteria: tuple[Criterion, ...]
    advice: tuple[Advice, ...]  # most urgent first
    ask_at_end: tuple[str, ...]
    source: str

    @property
    def all_criteria(self) -> tuple[Criterion, ...]:
        """The red flags first, then the criteria, in the order of the file."""
        return self.red_flags + self.criteria

    def advice_for(self, hastegrad: str) -> Advice | None:
        """The advice of one hastegrad, or None where the index has none."""
        return next((a for a in self.advice if a.hastegrad == hastegrad), None)

    def criteria_of(self, hastegrad: str) -> tuple[Criterion, ...]:
        """Red flags and criteria that give this hastegrad."""
        return tuple(c for c in self.all_criteria if c.hastegrad == hastegrad)

    def answers_to(self, question: str) -> tuple[Criterion, ...]:
        """Red flags and criteria that this question may bring out."""
        return tuple(c for c in self.all_criteria if c.question == question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """One version of a decision support."""

    id: str
    title: str
    version: str
    language: str
    publisher: str
    licence: str
    approval: Approval
    scale: tuple[Level, ...]  # most urgent first
    ask_at_end: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    complaints: tuple[Complaint, ...]

    def complaint(self, complaint_id: str) -> Complaint:
        """The complaint with this id. Raises `KeyError` if the index has none."""
        for complaint in self.complaints:
            if complaint.id == complaint_id:
                return complaint
        raise KeyError(
            f"index {self.id!r} version {self.version!r} has no complaint "
            f"{complaint_id!r}; it has {len(self.complaints)} others"
        )

    def level(self, code: str) -> Level:
        """The hastegrad with this code. Raises `KeyError` if the scale has none."""
        for level in self.scale:
            if level.code == code:
                return level
        known = ", ".join(level.code for level in self.scale)
        raise KeyError(
            f"the scale of index {self.id!r} has no hastegrad {code!r}; it has {known}"
        )
