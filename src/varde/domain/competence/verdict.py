"""May this person work alone on this day? Yes or no, why, what is nearest, and until when."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from varde.domain.competence.holding import (
    LAST_DAY,
    ONE_DAY,
    Held,
    add_months,
    days_of_change,
    held,
)
from varde.domain.competence.person import Days, Document, Person
from varde.domain.competence.rules import Bar, CompetenceRule, Demand, Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that counted: the demand (or bar) and how it stands."""

    part: Demand | Bar
    held: Held

    @property
    def code(self) -> str:
        """The code of the demand or the bar."""
        return self.part.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of one rule for one person on one day.

    `reasons` of a yes are what carried it; of a no, all that counted, met and not met.
    `nearest_way` is empty for a yes: the least that turns a no to a yes, in the order of
    the rule. `changes_on` is the first day with the other answer; None where nothing that
    is documented will change it.
    """

    may: bool
    reasons: tuple[Reason, ...]
    nearest_way: tuple[Reason, ...]
    changes_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    is_met: bool
    reasons: tuple[Reason, ...] = ()
    way: tuple[Reason, ...] = ()
    effort_days: int = field(default=0)


def decide(rule: CompetenceRule, person: Person, *, on: date) -> Verdict:
    """What a rule says of a person on a day.

    Parameters
    ----------
    rule : CompetenceRule
        One that holds on the day (`Rulebook.rule`). It is taken to go on holding: what a
        later regulation will say is not known.
    person : Person
        All that is documented. What is not documented is not there.
    on : date

    Returns
    -------
    Verdict
        More documents, service, duties, dispensations or choices never turn a yes to a
        no. Only the day (expiry, a demand that begins), LIS1 and a higher local number do.

    Raises
    ------
    ValueError
        If the rule does not hold on the day.

    References
    ----------
    Akuttmedisinforskriften §§ 7, 8, 13 a; each demand names its own source.

    Examples
    --------
    >>> from varde.domain.competence.person import Role
    >>> from varde.domain.competence.rules import HasDocument, Question
    >>> nodnett = Demand(
    ...     code="nodnett",
    ...     words="Opplæring i nødnett",
    ...     source="Akuttmedisinforskriften § 18",
    ...     test=HasDocument(kinds=frozenset({"nodnett"})),
    ... )
    >>> rule = CompetenceRule(
    ...     code="x",
    ...     words="x",
    ...     role=Role.OPERATOR,
    ...     question=Question.DUTY,
    ...     source="x",
    ...     is_verified=True,
    ...     valid=Days(first=date(2015, 5, 1)),
    ...     demands=Group(parts=(nodnett,), needs_all=True),
    ... )
    >>> taken = Document(kind="nodnett", days=Days(first=date(2026, 2, 1)))
    >>> trained = Person(role=Role.OPERATOR, documents=(taken,))
    >>> before = decide(rule, trained, on=date(2026, 1, 1))
    >>> before.may, [reason.code for reason in before.nearest_way], before.changes_on
    (False, ['nodnett'], datetime.date(2026, 2, 1))
    """
    if not rule.valid.has(on):
        raise ValueError(f"rule {rule.code} does not hold on {on}")
    found = _weigh_rule(rule, person, on=on)
    return Verdict(
        may=found.is_met,
        reasons=found.reasons,
        nearest_way=found.way,
        changes_on=_first_other(rule, person, after=on, answer=found.is_met),
    )


def is_yes(rule: CompetenceRule, person: Person, *, on: date) -> bool:
    """The answer alone, as `decide` gives it."""
    return _weigh_rule(rule, person, on=on).is_met


def periods_of_yes(
    rule: CompetenceRule, person: Person, *, first: date, last: date
) -> tuple[Days, ...]:
    """The days between two days (both included) on which the answer is yes.

    Empty where it never is, and before the rule begins.
    """
    start = max(first, rule.valid.first)
    edges = sorted(
        {start} | {day for day in _edges_of(rule, person) if start < day <= last}
    )
    found: list[Days] = []
    for day, after in zip(edges, [*edges[1:], last + ONE_DAY], strict=True):
        if start > last or not _weigh_rule(rule, person, on=day).is_met:
            continue
        until = after - ONE_DAY
        if found and found[-1].last == day - ONE_DAY:
            found[-1] = Days(first=found[-1].first, last=until)
        else:
            found.append(Days(first=day, last=until))
    return tuple(found)


def every_demand(
    rule: CompetenceRule, person: Person, *, on: date
) -> tuple[Reason, ...]:
    """Each demand of a rule that is in force for the person on a day, and how it stands.

    Those of alternatives that are not needed are among them.
    """
    return tuple(
        Reason(part=demand, held=held(demand, person, on=on))
        for demand in _in_force(rule.demands, person, on=on)
    )


def is_lis1(person: Person, *, on: date) -> bool:
    """Whether the person is in the first part of the specialist training on a day."""
    return any(days.has(on) for days in person.lis1)


def _weigh_rule(rule: CompetenceRule, person: Person, *, on: date) -> _Weighed:
    found = _weigh(rule.demands, person, on=on)
    barred = tuple(
        Reason(part=bar, held=Held(is_met=False, effort_days=bar.effort_days))
        for bar in rule.bars
        if _is_barred(bar, person, on=on)
    )
    if not barred:
        return found
    return _Weighed(
        is_met=False,
        reasons=(*barred, *found.reasons),
        way=(*barred, *found.way),
    )


def _weigh(part: Demand | Group, person: Person, *, on: date) -> _Weighed:
    if isinstance(part, Demand):
        return _weigh_demand(part, person, on=on)
    parts = [
        _weigh(one, person, on=on)
        for one in part.parts
        if _is_in_force(one, person, on=on)
    ]
    if part.needs_all:
        return _Weighed(
            is_met=all(one.is_met for one in parts),
            reasons=_together(one.reasons for one in parts),
            way=_together(one.way for one in parts),
            effort_days=sum(one.effort_days for one in parts),
        )
    carried = next((one for one in parts if one.is_met), None)
    if carried is not None:
        return carried
    nearest = min(
        parts, key=lambda one: one.effort_days, default=_Weighed(is_met=False)
    )
    return _Weighed(
        is_met=False,
        reasons=tuple(
            reason
            for reason in _together(one.reasons for one in parts)
            if not reason.held.is_past
        ),
        way=nearest.way,
        effort_days=nearest.effort_days,
    )


def _weigh_demand(demand: Demand, person: Person, *, on: date) -> _Weighed:
    now = held(demand, person, on=on)
    reason = Reason(part=demand, held=now)
    if now.is_met or demand.is_advice:
        return _Weighed(is_met=True, reasons=(reason,))
    return _Weighed(
        is_met=False, reasons=(reason,), way=(reason,), effort_days=now.effort_days
    )


def _is_in_force(part: Demand | Group, person: Person, *, on: date) -> bool:
    if part.valid is not None and not part.valid.has(on):
        return False
    if isinstance(part, Group):
        chosen = person.choices.get(part.choice, ())
        return not part.choice or any(days.has(on) for days in chosen)
    if not part.only_lis1:
        return True
    return any(
        days.has(on) and add_months(days.first, part.grace_months) <= on
        for days in person.lis1
    )


def _in_force(group: Group, person: Person, *, on: date) -> Iterator[Demand]:
    for part in group.parts:
        if not _is_in_force(part, person, on=on):
            continue
        if isinstance(part, Demand):
            yield part
        else:
            yield from _in_force(part, person, on=on)


def _is_barred(bar: Bar, person: Person, *, on: date) -> bool:
    if not any(days.first <= on for days in person.lis1):
        return False
    return not any(
        one.kind in bar.lifted_by and one.days.has(on) for one in person.documents
    )


def _first_other(
    rule: CompetenceRule, person: Person, *, after: date, answer: bool
) -> date | None:
    for day in sorted(_edges_of(rule, person)):
        if day > after and _weigh_rule(rule, person, on=day).is_met != answer:
            return day
    return None


def _edges_of(rule: CompetenceRule, person: Person) -> set[date]:
    """Every day on which the answer may change, within what a calendar here holds."""
    days = {one.first for one in person.lis1} | {
        add_months(one.first, demand.grace_months)
        for one in person.lis1
        for demand in rule.every_demand()
    }
    periods = [
        *(days for chosen in person.choices.values() for days in chosen),
        *person.lis1,
        *(one.days for bar in rule.bars for one in _lifting(bar, person)),
        *_validities(rule.demands),
    ]
    for one in periods:
        days.add(one.first)
        if one.last is not None:
            days.add(one.last + ONE_DAY)
    for demand in rule.every_demand():
        days |= days_of_change(demand, person)
    return {day for day in days if day <= LAST_DAY}


def _lifting(bar: Bar, person: Person) -> Iterator[Document]:
    return (one for one in person.documents if one.kind in bar.lifted_by)


def _validities(group: Group) -> Iterator[Days]:
    if group.valid is not None:
        yield group.valid
    for part in group.parts:
        if isinstance(part, Group):
            yield from _validities(part)
        elif part.valid is not None:
            yield part.valid


def _together(lists: Iterable[tuple[Reason, ...]]) -> tuple[Reason, ...]:
    """In order, each demand once."""
    found: dict[str, Reason] = {}
    for reasons in lists:
        for one in reasons:
            found.setdefault(one.code, one)
    return tuple(found.values())
