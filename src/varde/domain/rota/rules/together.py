"""Who must be there at the same time: never alone without competence, and enough people.

Hard for everybody, but for operators too few where places are vacant. Each rule takes one
slot that is held, or one piece of time, with the house around it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Breach, Need, RotaRule
from varde.domain.rota.rules.held import (
    House,
    Person,
    Piece,
    Timed,
    hours_of,
    pieces_of,
    without,
)


def never_alone_where_not_competent(
    each: Timed, house: House, limits: Limits
) -> Iterator[Breach]:
    """A doctor who may not work alone has somebody on duty who may, the whole time.

    Counts for the doctors' posts except bakvakt, which has its own rule, as LIS1 have
    while they are it.
    Measured: the hours without anybody who may work alone.

    References
    ----------
    Akuttmedisinforskriften (FOR-2015-03-20-231) § 7
    """
    person = house.people[house.assignment[each.slot.id]]
    posts = limits.doctor_posts - limits.backup_posts
    if each.slot.post not in posts:
        return
    alone = without([(each.starts_s, each.ends_s)], (*person.alone, *_lis1(person)))
    hours = hours_of(_without_colleagues(alone, each, house, limits, present=False))
    if hours > 0:
        yield _breach(RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT, person, each, hours)


def backup_can_come(each: Timed, house: House, limits: Limits) -> Iterator[Breach]:
    """Whoever may not work alone has somebody who can come, if the phone is not enough.

    It is decided for each doctor whether a bakvakt on the telephone is enough; until then
    it is not. Measured: the hours in which those who may be asked are on the telephone
    only. Hours without anybody are for the rules of being alone.

    References
    ----------
    Akuttmedisinforskriften (FOR-2015-03-20-231) § 7, slik den er fra 1. januar 2020
    """
    person = house.people[house.assignment[each.slot.id]]
    if each.slot.post not in limits.doctor_posts - limits.backup_posts:
        return
    whole, lis1 = ((each.starts_s, each.ends_s),), _lis1(person)
    as_lis1 = without(whole, without(whole, lis1))
    not_alone = without(whole, (*person.alone, *lis1))
    hours = 0.0
    for needing, present in ((as_lis1, limits.lis1_presence), (not_alone, False)):
        asked = without(needing, person.periods.phone_is_enough)
        nobody, none_who_comes = (
            hours_of(
                _without_colleagues(
                    asked, each, house, limits, present=present, comes=comes
                )
            )
            for comes in (False, True)
        )
        hours += none_who_comes - nobody
    if hours > 0:
        yield _breach(RotaRule.BACKUP_CAN_COME, person, each, hours)


def backup_may_work_alone(
    each: Timed, house: House, limits: Limits
) -> Iterator[Breach]:
    """Only one who may work alone can be bakvakt.

    Measured: the hours of the duty in which the person may not work alone.

    References
    ----------
    Akuttmedisinforskriften (FOR-2015-03-20-231) § 7

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from varde.domain.rota.rules.held import timed
    >>> from varde.domain.rota.values import Law, Slot, Span, Worker
    >>> monday = Span(
    ...     starts_at=datetime(2026, 1, 12, 15, tzinfo=UTC),
    ...     ends_at=datetime(2026, 1, 12, 22, tzinfo=UTC),
    ... )
    >>> (each,) = timed(
    ...     [Slot(id="bak", post="bakvakt", span=monday, accounts=frozenset())]
    ... )
    >>> ola = Worker(id="ola", law=Law.SFS2305, posts=frozenset({"bakvakt"}))
    >>> house = House((each,), {"bak": "ola"}, {"ola": ola}, None, (0.0, 0.0))
    >>> limits = SimpleNamespace(backup_posts={"bakvakt"})
    >>> [b.measured for b in backup_may_work_alone(each, house, limits)]
    [7.0]
    """
    person = house.people[house.assignment[each.slot.id]]
    if each.slot.post not in limits.backup_posts:
        return
    hours = hours_of(without([(each.starts_s, each.ends_s)], person.alone))
    if hours > 0:
        yield _breach(RotaRule.BACKUP_MAY_WORK_ALONE, person, each, hours)


def lis1_has_an_experienced_colleague(
    each: Timed, house: House, limits: Limits
) -> Iterator[Breach]:
    """A LIS1 is never alone: one who may work alone, and is no LIS1 then, is on duty.

    Where the place demands presence, a colleague on standby at home is not enough.
    Measured: the hours without such a colleague.

    References
    ----------
    Akuttmedisinforskriften (FOR-2015-03-20-231) § 7
    """
    person = house.people[house.assignment[each.slot.id]]
    if not person.worker.lis1 or each.slot.post not in limits.doctor_posts:
        return
    whole = ((each.starts_s, each.ends_s),)
    left = _without_colleagues(
        without(whole, without(whole, _lis1(person))),
        each,
        house,
        limits,
        present=limits.lis1_presence,
    )
    if hours_of(left) > 0:
        yield _breach(
            RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE, person, each, hours_of(left)
        )


def second_tier_is_there(each: Timed, house: House, limits: Limits) -> Iterator[Breach]:
    """Where the station has two tiers, the second is on duty whenever the first is.

    Measured: the hours without the second tier, or with the same person in both.

    References
    ----------
    Legeforeningen (2015), En legevakt for alle: to vaktsjikt
    """
    tier = limits.second_tier.get(each.slot.post)
    if tier is None:
        return
    holder = house.assignment[each.slot.id]
    whole = (each.starts_s, each.ends_s)
    there = [
        (other.starts_s, other.ends_s)
        for other in house.meanwhile(whole)
        if other.slot.post == tier
        and house.assignment.get(other.slot.id) not in (None, holder)
    ]
    hours = hours_of(without([whole], there))
    if hours > 0:
        yield Breach(
            rule=RotaRule.SECOND_TIER_IS_THERE,
            worker="",
            slots=(each.slot.id,),
            measured=hours,
        )


def lvs_minimum_is_there(
    piece: Piece, house: House, limits: Limits
) -> Iterator[Breach]:
    """The sentral has its least number of operators whenever its rota has any.

    A warning where there would be enough if nobody's place were vacant: vacant places are
    counted, and published as such. Measured: how many people, in a piece of time in which
    nobody comes or goes.

    References
    ----------
    Akuttmedisinforskriften (FOR-2015-03-20-231) §§ 12 og 13 d; lokalt minimum
    """
    slots = [e for e in house.meanwhile(piece) if e.slot.post in limits.operator_posts]
    there = {house.assignment.get(e.slot.id) for e in slots} - {None}
    vacant = sum(e.slot.id not in house.assignment for e in slots)
    if len(there) < limits.lvs_minimum:
        yield Breach(
            rule=RotaRule.LVS_MINIMUM_IS_THERE,
            worker="",
            slots=tuple(e.slot.id for e in slots),
            measured=len(there),
            limit=limits.lvs_minimum,
            is_hard=len(there) + vacant < limits.lvs_minimum,
            at=datetime.fromtimestamp(piece[0], tz=UTC),
        )


def need_is_met(need: Need, house: House, limits: Limits) -> Iterator[Breach]:
    """In each half hour of the dimensioning there are as many people as it asks for.

    One counts who is on duty through the whole of it. A need that the place has taken as
    a goal only warns. Measured: how many people.

    References
    ----------
    Dimensjoneringen av stasjonen
    """
    (piece,) = pieces_of([need.span])
    slots = [e for e in house.meanwhile(piece) if e.slot.post in need.posts]
    there = {
        house.assignment.get(e.slot.id)
        for e in slots
        if e.starts_s <= piece[0] and piece[1] <= e.ends_s
    } - {None}
    if len(there) < need.least:
        yield Breach(
            rule=RotaRule.NEED_IS_MET,
            worker="",
            slots=tuple(e.slot.id for e in slots),
            measured=len(there),
            limit=need.least,
            is_hard=need.is_hard,
            at=need.span.starts_at.astimezone(UTC),
        )


def _without_colleagues(
    pieces: tuple[Piece, ...],
    each: Timed,
    house: House,
    limits: Limits,
    *,
    present: bool,
    comes: bool = False,
) -> tuple[Piece, ...]:
    """The times in which no other doctor on duty may work alone. `present`: those at home
    do not count; `comes`: those on the telephone only do not."""
    left = pieces
    for other in house.meanwhile((each.starts_s, each.ends_s)) if pieces else ():
        colleague = house.holder(other)
        if (
            colleague is None
            or colleague.worker.id == house.assignment[each.slot.id]
            or other.slot.post not in limits.doctor_posts
            or (present and other.slot.active_share < 1)
            or ((present or comes) and other.slot.is_phone_only)
        ):
            continue
        unable = without([(other.starts_s, other.ends_s)], colleague.alone)
        able = without([(other.starts_s, other.ends_s)], unable)
        left = without(left, without(able, _lis1(colleague)))
    return left


def _lis1(person: Person) -> tuple[Piece, ...]:
    """When the person is LIS1."""
    return pieces_of(person.worker.lis1)


def _breach(rule: RotaRule, person: Person, each: Timed, measured: float) -> Breach:
    return Breach(
        rule=rule, worker=person.worker.id, slots=(each.slot.id,), measured=measured
    )
