"""A duty that lacks a person: sick, or vacant from the start, and how it is filled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    Absence,
    DutyOffer,
    Rota,
    RotaChange,
    RotaDuty,
    User,
    Vacancy,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.rota.holding import (
    LONGEST_REASON,
    Locked,
    hand_over,
    hard_of,
    judged,
    locked,
    place_in,
    set_aside,
    told,
)
from varde.domain.errors import Rule, RuleBroken


TABLE = "records_vacancy"


@transaction.atomic
def report_sick(
    *,
    rota_id: int,
    place_id: int,
    seen: int,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> Vacancy:
    """The one who has a published duty is sick: it is vacant, and is to be filled.

    The day is written as sick leave, so that nobody gives the person another duty then.
    Raises `RuleBroken`: ROTA_NOT_PUBLISHED, ROTA_DUTY_IS_OVER, ROTA_CHANGED (by the
    version that was seen).
    """
    held, place = _published(rota_id, place_id, workplace=workplace, at=at)
    if place.person is None or place.row_version != seen:
        raise RuleBroken(Rule.ROTA_CHANGED, **_last(held, place))
    person = place.person
    Absence.objects.create(
        person=person,
        ground=Absence.Ground.SICK,
        starts_on=timezone.localdate(max(at, place.starts_at)),
        ends_on=timezone.localdate(place.ends_at),
        decided_by=by,
        decided_at=at,
    )
    hand_over(held, place, None, kind=RotaChange.Kind.SICK, by=by, at=at)
    return _open(held, place, why=Vacancy.Why.SICK, was=person, by=by, at=at)


@transaction.atomic
def seek(
    *, rota_id: int, place_id: int, workplace: Workplace, by: User, at: datetime
) -> Vacancy:
    """Begin to fill a published duty that nobody has. The same again gives the same.

    Raises `RuleBroken`: ROTA_NOT_PUBLISHED, ROTA_DUTY_IS_OVER, ROTA_DUTY_HAS_HOLDER.
    """
    held, place = _published(rota_id, place_id, workplace=workplace, at=at)
    known = place.vacancies.filter(state=Vacancy.State.OPEN).first()
    if known is not None:
        return known
    if place.person is not None:
        raise RuleBroken(Rule.ROTA_DUTY_HAS_HOLDER, person=place.person.name)
    return _open(held, place, why=Vacancy.Why.VACANT, was=None, by=by, at=at)


@transaction.atomic
def ask(
    *,
    vacancy_id: int,
    people: Sequence[int],
    way: Vacancy.Way,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> Vacancy:
    """Ask people, in the order given: one after the other, or all at once.

    Those who were asked before keep their answer. Raises `RuleBroken`:
    VACANCY_IS_FILLED (person, at), VACANCY_NOBODY_TO_ASK, ROTA_NOT_OF_WORKPLACE.
    """
    held, vacancy = _open_one(vacancy_id, workplace=workplace)
    asked = set(vacancy.offers.values_list("person_id", flat=True))
    new = [pk for pk in dict.fromkeys(people) if pk not in asked]
    if not new:
        raise RuleBroken(Rule.VACANCY_NOBODY_TO_ASK)
    chosen = User.objects.in_bulk(new)
    for pk in new:
        found = judged(held, {vacancy.place: chosen[pk]})
        if hard_of(found, of_one=True):
            raise RuleBroken(Rule.OFFER_BREAKS_RULES)
    first = len(asked)
    DutyOffer.objects.bulk_create(
        DutyOffer(vacancy=vacancy, person=chosen[pk], rank=first + number)
        for number, pk in enumerate(new, start=1)
    )
    vacancy.way = way
    vacancy.save(update_fields=["way"])
    _ask_next(vacancy, workplace=workplace, at=at)
    _told(held, vacancy, what="rota_vacancy_asked", by=by, at=at, people=len(new))
    return vacancy


@transaction.atomic
def answer(
    *, offer_id: int, is_yes: bool, workplace: Workplace, by: User | None, at: datetime
) -> DutyOffer:
    """The answer of one who was asked: the first yes has the duty, a no asks the next.

    A link answers once. Raises `RuleBroken`: VACANCY_IS_FILLED (person, at),
    OFFER_IS_OVER, OFFER_BREAKS_RULES.
    """
    offer = DutyOffer.objects.select_related("person").get(pk=offer_id)
    held, vacancy = _open_one(offer.vacancy_id, workplace=workplace)
    offer.refresh_from_db()
    is_late = offer.expires_at is not None and offer.expires_at <= at
    if offer.state != DutyOffer.State.ASKED or is_late or vacancy.place.ends_at <= at:
        raise RuleBroken(Rule.OFFER_IS_OVER)
    offer.answered_at = at
    offer.state = DutyOffer.State.YES if is_yes else DutyOffer.State.NO
    if is_yes:
        if hard_of(judged(held, {vacancy.place: offer.person}), of_one=True):
            raise RuleBroken(Rule.OFFER_BREAKS_RULES)
        offer.save(update_fields=["state", "answered_at"])
        _fill(held, vacancy, offer.person, by=by or offer.person, at=at)
        return offer
    offer.save(update_fields=["state", "answered_at"])
    _ask_next(vacancy, workplace=workplace, at=at)
    _told(held, vacancy, what="rota_offer_declined", by=by or offer.person, at=at)
    return offer


@transaction.atomic
def fill(
    *,
    vacancy_id: int,
    person_id: int,
    reason: str,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> Vacancy:
    """A leader gives the duty to one who has said yes on the telephone.

    Hard rules are set aside only with a reason. Raises `RuleBroken`: VACANCY_IS_FILLED
    (person, at), ROTA_HARD_RULE (count), ROTA_NOT_OF_WORKPLACE.
    """
    held, vacancy = _open_one(vacancy_id, workplace=workplace)
    person = User.objects.get(pk=person_id)
    hard = hard_of(judged(held, {vacancy.place: person}), of_one=True)
    why = reason.strip()[:LONGEST_REASON]
    if hard and not why:
        raise RuleBroken(Rule.ROTA_HARD_RULE, count=str(len(hard)))
    if hard:
        set_aside(vacancy.place, person, hard, reason=why, by=by, at=at)
    _fill(held, vacancy, person, by=by, at=at, reason=why)
    return vacancy


@transaction.atomic
def move_on(*, vacancy_id: int, workplace: Workplace, at: datetime) -> None:
    """Let the offers whose time is out expire, and ask the next in the order."""
    held = locked(_rota_of(vacancy_id), workplace=workplace)
    vacancy = Vacancy.objects.select_related("place").get(pk=vacancy_id)
    if vacancy.state != Vacancy.State.OPEN:
        return
    gone = vacancy.offers.filter(
        state=DutyOffer.State.ASKED, expires_at__lte=at
    ).update(state=DutyOffer.State.EXPIRED)
    if gone:
        _ask_next(vacancy, workplace=workplace, at=at)
        _told(held, vacancy, what="rota_offer_expired", by=None, at=at, people=gone)


def _published(
    rota_id: int, place_id: int, *, workplace: Workplace, at: datetime
) -> tuple[Locked, RotaDuty]:
    held = locked(rota_id, workplace=workplace)
    if held.rota.state != Rota.State.PUBLISHED:
        raise RuleBroken(Rule.ROTA_NOT_PUBLISHED)
    place = place_in(held, place_id)
    if place.ends_at <= at:
        raise RuleBroken(Rule.ROTA_DUTY_IS_OVER)
    return held, place


def _open(
    held: Locked,
    place: RotaDuty,
    *,
    why: Vacancy.Why,
    was: User | None,
    by: User,
    at: datetime,
) -> Vacancy:
    made = Vacancy.objects.create(
        place=place,
        why=why,
        was=was,
        opened_by=by,
        opened_at=at,
        compensation_nok=_setting("rota.extra", held.workplace, at=at)["nok_per_hour"],
    )
    _told(held, made, what="rota_vacancy_opened", by=by, at=at)
    return made


def _rota_of(vacancy_id: int) -> int:
    return Vacancy.objects.values_list("place__rota_id", flat=True).get(pk=vacancy_id)


def _open_one(vacancy_id: int, *, workplace: Workplace) -> tuple[Locked, Vacancy]:
    """An open vacancy, its rota locked. Two answers at once come one after the other.

    Raises `RuleBroken`: VACANCY_IS_FILLED (person, at).
    """
    held = locked(_rota_of(vacancy_id), workplace=workplace)
    vacancy = Vacancy.objects.select_related("place", "filled_by").get(pk=vacancy_id)
    if vacancy.state != Vacancy.State.OPEN:
        raise RuleBroken(
            Rule.VACANCY_IS_FILLED,
            person=vacancy.filled_by.name if vacancy.filled_by else "",
            at=vacancy.filled_at.isoformat() if vacancy.filled_at else "",
        )
    vacancy.place = place_in(held, vacancy.place_id)
    return held, vacancy


def _ask_next(vacancy: Vacancy, *, workplace: Workplace, at: datetime) -> None:
    """Ask those whose turn it is: the next one, or all."""
    waiting = vacancy.offers.filter(state=DutyOffer.State.WAITING).order_by("rank")
    if vacancy.way == Vacancy.Way.ORDER:
        if vacancy.offers.filter(state=DutyOffer.State.ASKED).exists():
            return
        waiting = waiting[:1]
    minutes = _setting("rota.offer_min", workplace, at=at)
    until = min(at + timedelta(minutes=minutes), vacancy.place.ends_at)
    DutyOffer.objects.filter(pk__in=list(waiting.values_list("pk", flat=True))).update(
        state=DutyOffer.State.ASKED, asked_at=at, expires_at=until
    )


def _fill(
    held: Locked,
    vacancy: Vacancy,
    person: User,
    *,
    by: User,
    at: datetime,
    reason: str = "",
) -> None:
    hand_over(
        held,
        vacancy.place,
        person,
        kind=RotaChange.Kind.FILLED,
        by=by,
        at=at,
        reason=reason,
    )
    vacancy.state, vacancy.filled_by, vacancy.filled_at = (
        Vacancy.State.FILLED,
        person,
        at,
    )
    vacancy.save(update_fields=["state", "filled_by", "filled_at"])
    vacancy.offers.filter(
        state__in=[DutyOffer.State.ASKED, DutyOffer.State.WAITING]
    ).update(state=DutyOffer.State.TOO_LATE)


def _setting(key: str, workplace: Workplace, *, at: datetime) -> Any:
    return settings.value(
        key,
        on=timezone.localdate(at),
        district_id=workplace.district_id,
        station_id=workplace.station_id,
    )


def _last(held: Locked, place: RotaDuty) -> dict[str, str]:
    """Who changed a place last, and when."""
    last = (
        held.rota.changes.filter(place=place)
        .select_related("by")
        .order_by("-at", "-pk")
        .first()
    )
    return {
        "by": last.by.name if last and last.by else "",
        "at": last.at.isoformat() if last else "",
        "place": f"{place.starts_at:%Y-%m-%d}",
    }


def _told(
    held: Locked,
    vacancy: Vacancy,
    *,
    what: str,
    by: User | None,
    at: datetime,
    **data: int,
) -> None:
    told(held, what=what, by=by, at=at, table=TABLE, row_id=vacancy.pk, **data)
