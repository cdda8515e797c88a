"""A duty that lacks a person: sick, or vacant from the start, and how it is filled."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    DutyOffer,
    Rota,
    RotaChange,
    RotaDuty,
    User,
    Vacancy,
    VacancyPay,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.people import write_sick
from varde.apps.staffing.services.rota import vacancy_pay
from varde.apps.staffing.services.rota.approved import (
    hold_approvals,
    refuse_unapproved,
)
from varde.apps.staffing.services.rota.holding import (
    LONGEST_REASON,
    Locked,
    changed_last,
    hand_over,
    hard_of,
    judged,
    known_person,
    locked,
    place_in,
    set_aside,
    told,
)
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import Breach, RotaRule


TABLE = "records_vacancy"
# Set aside only by those who plan, and answer for it.
PLANNERS_RULES = frozenset(
    {
        RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT,
        RotaRule.BACKUP_MAY_WORK_ALONE,
        RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE,
    }
)
MOMENT = timedelta(microseconds=1)  # a duty to midnight has no part in the day after


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

    Its days are written as sick leave, but for those that are leave already, so that
    nobody gives the person another duty then.
    Raises `RuleBroken`: ROTA_NOT_PUBLISHED, ROTA_DUTY_IS_OVER, ROTA_CHANGED (by the
    version that was seen).
    """
    held, place = _published(rota_id, place_id, workplace=workplace, at=at)
    if place.person is None or place.row_version != seen:
        raise RuleBroken(Rule.ROTA_CHANGED, **changed_last(held, place))
    person = place.person
    write_sick(
        at_place=workplace,
        person=person,
        first=timezone.localdate(max(at, place.starts_at)),
        last=timezone.localdate(place.ends_at - MOMENT),
        by=by,
        at=at,
    )
    hand_over(held, place, None, kind=RotaChange.Kind.SICK, by=by, at=at)
    return open_vacancy(held, place, why=Vacancy.Why.SICK, was=person, by=by, at=at)


@transaction.atomic
def seek(
    *, rota_id: int, place_id: int, workplace: Workplace, by: User, at: datetime
) -> Vacancy:
    """Begin to fill a published duty that nobody has. The same again gives the same.

    Raises `RuleBroken`: ROTA_NOT_PUBLISHED, ROTA_DUTY_IS_OVER, ROTA_DUTY_HAS_HOLDER.
    """
    held, place = _published(rota_id, place_id, workplace=workplace, at=at)
    if place.person is not None:
        raise RuleBroken(Rule.ROTA_DUTY_HAS_HOLDER, person=place.person.name)
    known = place.vacancies.filter(state=Vacancy.State.OPEN).first()
    if known is not None:
        return known
    return open_vacancy(held, place, why=Vacancy.Why.VACANT, was=None, by=by, at=at)


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
    VACANCY_IS_FILLED (person, at), VACANCY_NOBODY_TO_ASK, ROTA_NOT_OF_WORKPLACE,
    VIKAR_NOT_APPROVED.
    """
    held, vacancy = _open_one(vacancy_id, workplace=workplace)
    _refuse_over(vacancy, at=at)
    asked = set(vacancy.offers.values_list("person_id", flat=True))
    new = [pk for pk in dict.fromkeys(people) if pk not in asked]
    if not new:
        raise RuleBroken(Rule.VACANCY_NOBODY_TO_ASK)
    chosen = {pk: known_person(pk) for pk in new}
    for pk in new:
        if _hard(held, vacancy, chosen[pk]):
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
    *,
    offer_id: int,
    is_yes: bool,
    workplace: Workplace,
    by: User | None,
    at: datetime,
    seen_pay: int | None = None,
) -> DutyOffer:
    """The answer of one who was asked: the first yes has the duty, a no asks the next.

    A link answers once; `by` is None where nobody is logged in. `seen_pay` is the choice of
    pay that was looked at, where it was shown: a yes to another is none. Raises
    `RuleBroken`: VACANCY_IS_FILLED (person, at), OFFER_IS_OVER, OFFER_BREAKS_RULES,
    OFFER_PAY_CHANGED, VIKAR_NOT_APPROVED.
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
        vacancy_pay.refuse_unless_seen(vacancy, seen=seen_pay)
        if _hard(held, vacancy, offer.person):
            raise RuleBroken(Rule.OFFER_BREAKS_RULES)
        offer.save(update_fields=["state", "answered_at"])
        settle(held, vacancy, offer.person, by=by, at=at)
        return offer
    offer.save(update_fields=["state", "answered_at"])
    _ask_next(vacancy, workplace=workplace, at=at)
    _told(held, vacancy, what="rota_offer_declined", by=by, at=at)
    return offer


@transaction.atomic
def fill(
    *,
    vacancy_id: int,
    person_id: int,
    reason: str,
    workplace: Workplace,
    is_planner: bool = False,
    by: User,
    at: datetime,
) -> Vacancy:
    """A leader gives the duty to one who has said yes on the telephone.

    Hard rules are set aside only with a reason, never for oneself, and those of competence
    only by one who plans. Raises `RuleBroken`: VACANCY_IS_FILLED (person, at),
    ROTA_HARD_RULE (count), ROTA_NOT_OF_WORKPLACE, ROTA_DUTY_IS_OVER, ROTA_OWN_HARD_RULE,
    ROTA_PLANNERS_RULE, VIKAR_NOT_APPROVED.
    """
    held, vacancy = _open_one(vacancy_id, workplace=workplace)
    _refuse_over(vacancy, at=at)
    person = known_person(person_id)
    hard = _hard(held, vacancy, person)
    why = reason.strip()[:LONGEST_REASON]
    if hard and not why:
        raise RuleBroken(Rule.ROTA_HARD_RULE, count=str(len(hard)))
    if not is_planner and any(breach.rule in PLANNERS_RULES for breach in hard):
        raise RuleBroken(Rule.ROTA_PLANNERS_RULE)
    if hard:
        set_aside(vacancy.place, person, hard, reason=why, by=by, at=at)
    settle(held, vacancy, person, by=by, at=at, reason=why)
    return vacancy


@transaction.atomic
def choose_pay(
    *,
    vacancy_id: int,
    form: str,
    has_extra: bool,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> VacancyPay:
    """Choose how the one who takes a vacant duty is paid. The newest choice holds.

    Raises `RuleBroken`: VACANCY_IS_FILLED (person, at), VACANCY_PAY_UNKNOWN.
    """
    held, vacancy = _open_one(vacancy_id, workplace=workplace)
    row = vacancy_pay.choose(
        vacancy, form=form, has_extra=has_extra, workplace=workplace, by=by, at=at
    )
    told(
        held,
        what="rota_vacancy_pay_chosen",
        by=by,
        at=at,
        table=TABLE,
        row_id=vacancy.pk,
        form=row.form,
        extra=int(row.has_extra),
    )
    return row


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


def open_vacancy(
    held: Locked,
    place: RotaDuty,
    *,
    why: Vacancy.Why,
    was: User | None,
    by: User,
    at: datetime,
) -> Vacancy:
    """Write that a place of a locked rota lacks a person. The place is given up before."""
    made = Vacancy.objects.create(
        place=place,
        why=why,
        was=was,
        opened_by=by,
        opened_at=at,
    )
    vacancy_pay.begin(made, workplace=held.workplace, by=by, at=at)
    _told(held, made, what="rota_vacancy_opened", by=by, at=at)
    return made


def _refuse_over(vacancy: Vacancy, *, at: datetime) -> None:
    """A duty that is over is not filled afterwards."""
    if vacancy.place.ends_at <= at:
        raise RuleBroken(Rule.ROTA_DUTY_IS_OVER)


def _hard(held: Locked, vacancy: Vacancy, person: User) -> tuple[Breach, ...]:
    """The hard rules that a person breaks by having the duty; a vikar's approval stops."""
    hold_approvals([person.pk])
    found = hard_of(judged(held, {vacancy.place: person}), of_one=True)
    refuse_unapproved(held, found)
    return found


def _rota_of(vacancy_id: int) -> int:
    return Vacancy.objects.values_list("place__rota_id", flat=True).get(pk=vacancy_id)


def _open_one(vacancy_id: int, *, workplace: Workplace) -> tuple[Locked, Vacancy]:
    """An open vacancy, its rota locked. Two answers at once come one after the other.

    Raises `RuleBroken`: VACANCY_IS_FILLED (person, at), ROTA_DUTY_HAS_HOLDER (person).
    """
    held = locked(_rota_of(vacancy_id), workplace=workplace)
    vacancy = Vacancy.objects.select_related("filled_by").get(pk=vacancy_id)
    if vacancy.state != Vacancy.State.OPEN:
        raise RuleBroken(
            Rule.VACANCY_IS_FILLED,
            person=vacancy.filled_by.name if vacancy.filled_by else "",
            at=vacancy.filled_at.isoformat() if vacancy.filled_at else "",
        )
    vacancy.place = place_in(held, vacancy.place_id)
    if vacancy.place.person is not None:
        raise RuleBroken(Rule.ROTA_DUTY_HAS_HOLDER, person=vacancy.place.person.name)
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


def settle(
    held: Locked,
    vacancy: Vacancy,
    person: User,
    *,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> None:
    """Give the place of an open vacancy to a person. Who was asked comes too late."""
    hand_over(
        held,
        vacancy.place,
        person,
        kind=RotaChange.Kind.FILLED,
        by=by,
        at=at,
        reason=reason,
    )
    vacancy.refresh_from_db(fields=["state", "filled_by", "filled_at"])


def _setting(key: str, workplace: Workplace, *, at: datetime) -> Any:
    return settings.value(
        key,
        on=timezone.localdate(at),
        district_id=workplace.district_id,
        station_id=workplace.station_id,
    )


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
