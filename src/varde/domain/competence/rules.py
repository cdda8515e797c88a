"""What a rule of competence is made of. The rules themselves are data with a source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from varde.domain.competence.person import Days, Role


class Question(StrEnum):
    """What a rule answers."""

    ALONE = "alone"  # may the person work without a bakvakt or an experienced colleague
    DUTY = "duty"  # what else the person shall have before and while on duty


@dataclass(frozen=True, slots=True, kw_only=True)
class HasDocument:
    """One of these documents. With `taken` only one from those days counts.

    `lasts_months`: it counts so many months from its day, whatever it says itself.
    """

    kinds: frozenset[str]
    taken: Days | None = None
    lasts_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HasMonths:
    """So many months of service of these kinds.

    With `after`, only service from the first day of one of these documents on counts.
    """

    of: frozenset[str]
    months: int
    after: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class HasCount:
    """So many duties. With `local` the municipality's own number, where it has one."""

    of: frozenset[str]
    count: int
    local: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One thing to be documented: its words, its source, and how long it takes to get.

    >>> nodnett = Demand(
    ...     code="nodnett",
    ...     words="Opplæring i nødnett",
    ...     source="Akuttmedisinforskriften § 18",
    ...     test=HasDocument(kinds=frozenset({"nodnett"})),
    ... )
    >>> nodnett.may_be_dispensed, nodnett.is_advice
    (False, False)

    `effort_days` orders the ways to yes (for a count: of each duty); it is an estimate.
    `is_advice`: recommended, nobody is refused for want of it. `only_lis1`: demanded of
    those in the first part of the specialist training, `grace_months` after it began.
    """

    code: str
    words: str
    source: str
    test: HasDocument | HasMonths | HasCount
    is_verified: bool = True
    valid: Days | None = None
    effort_days: int = 1
    may_be_dispensed: bool = False
    is_advice: bool = False
    only_lis1: bool = False
    grace_months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All of the parts, or any of them. With `choice` it holds only where it is chosen."""

    parts: tuple["Demand | Group", ...]
    needs_all: bool
    valid: Days | None = None
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """No, whatever else is documented, from the first day of LIS1 until one of the
    documents that lift it."""

    code: str
    words: str
    source: str
    lifted_by: frozenset[str]
    effort_days: int
    is_verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetenceRule:
    """One rule: for whom, what it answers, where it is written, and what it demands."""

    code: str
    words: str
    role: Role
    question: Question
    source: str
    is_verified: bool
    valid: Days
    demands: Group
    bars: tuple[Bar, ...] = ()

    def every_demand(self) -> Iterator[Demand]:
        """Each demand, in order."""
        return _demands(self.demands)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a document, a service or a count is called, and who may have it."""

    code: str
    words: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """The rules in use, and what may be documented."""

    version: str
    is_approved: bool
    rules: tuple[CompetenceRule, ...]
    documents: Mapping[str, Kind] = field(default_factory=dict)
    services: Mapping[str, Kind] = field(default_factory=dict)
    counts: Mapping[str, Kind] = field(default_factory=dict)

    def rule(
        self, role: Role, question: Question, *, on: date
    ) -> CompetenceRule | None:
        """The rule of a role that holds on a day; None where none does."""
        return next(
            (
                rule
                for rule in self.rules
                if rule.role is role
                and rule.question is question
                and rule.valid.has(on)
            ),
            None,
        )


def _demands(group: Group) -> Iterator[Demand]:
    for part in group.parts:
        if isinstance(part, Demand):
            yield part
        else:
            yield from _demands(part)
