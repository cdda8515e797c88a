"""Somebody is away for a while: all their duties are vacant, and are filled together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from varde.apps.records.models import (
    Rota,
    RotaChange,
    RotaDuty,
    User,
    Vacancy,
)
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.services import acting
from varde.apps.staffing.services.people import write_sick
from varde.apps.staffing.services.rota.filling import ask, open_vacancy, settle
from varde.apps.staffing.services.rota.holding import (
    Locked,
    hand_over,
    hard_of,
    judged,
    locked,
    place_in,
    refuse_unless_seen,
    told,
)
from varde.domain.errors import Rule, RuleBroken


LONGEST = timedelta(days=366)  # ours: a longer leave ends the position
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A place given to a person, or to nobody, as its version was seen."""

    place_id: int
    person_id: int | None
    seen: int


@transaction.atomic
def report_away(
    *,
    person_id: int,
    first_on: str,
    last_on: str,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> list[Vacancy]:
    """A person is sick for some days: the published duties here in them are vacant.

    Those days are written as sick leave, but for days that are leave already. Raises
    `RuleBroken`: FIELD_NOT_VALID (first_on, last_on).
    """
    first = acting.needed_day("first_on", first_on)
    last = acting.last_day("last_on", last_on, first=first)
    if last is None:
        raise not_valid("last_on", Why.EMPTY)
    if last - first > LONGEST:
        raise not_valid("last_on", Why.TOO_LONG)
    person = acting.locked(User.objects.get(pk=person_id))
    period = whole_days(first, last)
    rotas = Rota.objects.filter(
        duties__person=person,
        duties__starts_at__lt=period.ends_at,
        duties__ends_at__gt=max(period.starts_at, at),
        state=Rota.State.PUBLISHED,
        **workplace.where,
    )
    made: list[Vacancy] = []
    for rota_id in sorted(set(rotas.values_list("pk", flat=True))):
        held = locked(rota_id, workplace=workplace)
        rows = held.rota.duties.select_related("person", "duty").filter(
            person=person,
            starts_at__lt=period.ends_at,
            ends_at__gt=max(period.starts_at, at),
        )
        for place in rows.order_by("starts_at", "pk"):
            hand_over(held, place, None, kind=RotaChange.Kind.SICK, by=by, at=at)
            made.append(
                open_vacancy(
                    held, place, why=Vacancy.Why.SICK, was=person, by=by, at=at
                )
            )
    write_sick(at_place=workplace, person=person, first=first, last=last, by=by, at=at)
    return made


@transaction.atomic
def take(
    *,
    rota_id: int,
    moves: Sequence[Move],
    workplace: Workplace,
    by: User,
    at: datetime,
) -> int:
    """Give several duties of a published rota at once, as was proposed. All or none.

    They are judged together, by the rota as it is now. Returns how many changed hands.
    Raises `RuleBroken`: REFILL_NOTHING_CHOSEN, REFILL_BREAKS_RULES (count),
    ROTA_NOT_PUBLISHED, ROTA_CHANGED, ROTA_DUTY_IS_OVER, ROTA_NOT_OF_WORKPLACE.
    """
    if not moves:
        raise RuleBroken(Rule.REFILL_NOTHING_CHOSEN)
    held = locked(rota_id, workplace=workplace)
    if held.rota.state != Rota.State.PUBLISHED:
        raise RuleBroken(Rule.ROTA_NOT_PUBLISHED)
    known = {
        row.pk: row
        for row in User.objects.filter(pk__in={move.person_id for move in moves})
    }
    wanted: dict[RotaDuty, User | None] = {}
    for move in moves:
        place = place_in(held, move.place_id)
        refuse_unless_seen(held, place, seen=move.seen)
        _refuse_begun(place, at=at)
        wanted[place] = None if move.person_id is None else known[move.person_id]
    hard = hard_of(judged(held, wanted), of_one=True)
    if hard:
        raise RuleBroken(Rule.REFILL_BREAKS_RULES, count=str(len(hard)))
    for place, person in wanted.items():
        _give(held, place, person, by=by, at=at)
    told(
        held,
        what="rota_refill_taken",
        by=by,
        at=at,
        table="records_rota",
        row_id=held.rota.pk,
        places=len(wanted),
    )
    return len(wanted)


@transaction.atomic
def ask_proposed(
    *,
    moves: Sequence[Move],
    workplace: Workplace,
    by: User,
    at: datetime,
) -> int:
    """Ask those who are proposed for vacant duties, instead of giving them at once.

    Only a duty that is vacant can be asked about. Returns how many were asked; who was
    asked before is not asked again. Raises `RuleBroken`: REFILL_NOTHING_CHOSEN, and those
    of `ask`.
    """
    asked = 0
    for move in moves:
        vacancy = Vacancy.objects.filter(
            place_id=move.place_id, state=Vacancy.State.OPEN
        ).first()
        if vacancy is None or move.person_id is None:
            continue
        if vacancy.offers.filter(person_id=move.person_id).exists():
            continue
        ask(
            vacancy_id=vacancy.pk,
            people=[move.person_id],
            way=Vacancy.Way.ORDER,
            workplace=workplace,
            by=by,
            at=at,
        )
        asked += 1
    if not asked:
        raise RuleBroken(Rule.REFILL_NOTHING_CHOSEN)
    return asked


def _refuse_begun(place: RotaDuty, *, at: datetime) -> None:
    """What is over stays; what somebody is at work with is not taken from them here."""
    begun = place.ends_at if place.person_id is None else place.starts_at
    if begun <= at:
        raise RuleBroken(Rule.ROTA_DUTY_IS_OVER)


def _give(
    held: Locked, place: RotaDuty, person: User | None, *, by: User, at: datetime
) -> None:
    vacancy = place.vacancies.filter(state=Vacancy.State.OPEN).first()
    if vacancy is not None and person is not None:
        vacancy.place = place
        settle(held, vacancy, person, by=by, at=at)
        return
    hand_over(held, place, person, kind=RotaChange.Kind.TAKEN, by=by, at=at)
    if person is None:
        open_vacancy(held, place, why=Vacancy.Why.VACANT, was=None, by=by, at=at)
