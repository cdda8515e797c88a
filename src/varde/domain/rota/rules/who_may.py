"""Who may have a duty at all: hard for everybody, whatever law their hours follow.

Each rule takes one person with their duties, or one group of slots, and gives a breach
for each time it is broken.
"""

from collections.abc import Iterator

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Breach, RotaRule
from varde.domain.rota.rules.held import (
    House,
    Person,
    Piece,
    Timed,
    hours_of,
    overlap_hours,
    without,
)
from varde.domain.rota.values import Account


def only_in_a_post_that_one_holds(person: Person, limits: Limits) -> Iterator[Breach]:
    """A duty is held by one who has its post, through the whole of it.

    References
    ----------
    Akuttmedisinforskriften §§ 7, 8 og 13 a

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from varde.domain.rota.values import Law, Slot, Span, Worker
    >>> from varde.domain.rota.rules.held import timed
    >>> monday = Span(
    ...     starts_at=datetime(2026, 1, 12, 15, tzinfo=UTC),
    ...     ends_at=datetime(2026, 1, 12, 22, tzinfo=UTC),
    ... )
    >>> slot = Slot(
    ...     id="kveld", post="forvakt", span=monday, accounts=frozenset({Account.ALL})
    ... )
    >>> kari = Worker(id="kari", law=Law.AML, posts=frozenset({"operator"}))
    >>> held = Person(kari, timed([slot]), calendar=None, horizon=(0.0, 0.0))
    >>> [b.slots for b in only_in_a_post_that_one_holds(held, limits=None)]
    [('kveld',)]
    """
    for each in person.duties:
        if not person.worker.has_post_of(each.slot):
            yield _breach(RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS, person, each)


def no_two_duties_at_once(person: Person, limits: Limits) -> Iterator[Breach]:
    """Nobody has two duties at the same time. One that begins as another ends is none.

    Measured: the hours that the two have in common.

    References
    ----------
    Varde: ingen kan være to steder
    """
    for place, first in enumerate(person.duties):
        for second in person.duties[place + 1 :]:
            if second.starts_s >= first.ends_s:
                break
            yield Breach(
                rule=RotaRule.NO_TWO_DUTIES_AT_ONCE,
                worker=person.worker.id,
                slots=(first.slot.id, second.slot.id),
                measured=overlap_hours(first, (second.starts_s, second.ends_s)),
            )


def no_duty_while_away(person: Person, limits: Limits) -> Iterator[Breach]:
    """One who is on leave, ill, on a course or exempt has no duty.

    Measured: the hours of the duty in which the person is away.

    References
    ----------
    Ferieloven §§ 5-7; folketrygdloven kap. 8; SFS 2305 § 7.2
    """
    for each in person.duties:
        hours = sum(overlap_hours(each, piece) for piece in person.away)
        if hours > 0:
            yield _breach(RotaRule.NO_DUTY_WHILE_AWAY, person, each, hours)


def no_night_when_exempt(person: Person, limits: Limits) -> Iterator[Breach]:
    """One who is exempt from night duty has none. A night is what the accounts call one.

    References
    ----------
    SFS 2305 § 7.2; fastlegeforskriften (FOR-2025-12-02-2405)
    """
    for each in person.duties:
        is_exempt = any(overlap_hours(each, piece) > 0 for piece in person.no_nights)
        if is_exempt and Account.NIGHT in each.slot.accounts:
            yield _breach(RotaRule.NO_NIGHT_WHEN_EXEMPT, person, each)


def only_within_own_periods(person: Person, limits: Limits) -> Iterator[Breach]:
    """One who has agreed on periods (two weeks on and four off) has duty within them only.

    Measured: the hours of the duty outside them.

    References
    ----------
    Avtalen om stillingen
    """
    if not person.only_within:
        return
    for each in person.duties:
        outside = hours_of(without([_piece(each)], person.only_within))
        if outside > 0:
            yield _breach(RotaRule.ONLY_WITHIN_OWN_PERIODS, person, each, outside)


def a_vikar_is_approved(person: Person, limits: Limits) -> Iterator[Breach]:
    """A vikar begins a duty only while the municipality's approval holds.

    A duty that begins on the last day of the approval is kept to its end.

    References
    ----------
    Legeforeningen (2015), En legevakt for alle: kommunen godkjenner vikarer
    """
    for each in person.duties:
        if not person.worker.may_begin(each.slot.span):
            yield _breach(RotaRule.A_VIKAR_IS_APPROVED, person, each)


def a_whole_group_by_one_person(
    members: tuple[Timed, ...], house: House, limits: Limits
) -> Iterator[Breach]:
    """Duties that belong together, as a whole weekend, go to one person.

    A vacant one is not broken by: it is counted as vacant. Measured: how many people.

    References
    ----------
    Lokal avtale om vaktplanen
    """
    holders = {house.assignment.get(each.slot.id) for each in members} - {None}
    if len(holders) > 1:
        yield Breach(
            rule=RotaRule.A_WHOLE_GROUP_BY_ONE_PERSON,
            worker="",
            slots=tuple(each.slot.id for each in members),
            measured=len(holders),
            limit=1,
        )


def _piece(each: Timed) -> Piece:
    return each.starts_s, each.ends_s


def _breach(
    rule: RotaRule, person: Person, each: Timed, measured: float = 0.0
) -> Breach:
    return Breach(
        rule=rule, worker=person.worker.id, slots=(each.slot.id,), measured=measured
    )
