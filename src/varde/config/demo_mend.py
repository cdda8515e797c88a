"""The made-up rotation knows no rules: what breaks a hard one is given to another.

One breach is left on purpose, where there is one to leave: so that the screens have
something to show. It says itself what it is.
"""

from dataclasses import replace
from datetime import datetime

from varde.apps.records.models import Rota, RotaChange, RotaDuty
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.apps.staffing.rota_access import workplace_of
from varde.apps.staffing.services.rota.publishing import breaches_left
from varde.domain.rota.candidates import candidates
from varde.domain.rota.rules.breach import Breach


MOST_TURNS = 100
EXAMPLE = (
    "Eksempel i demoen: kurset går ut før vakta, så legen kan ikke være bakvakt da. Gi "
    "vakta til en annen, eller ta kurset på nytt først."
)


def mend(rota: Rota, *, at: datetime, keeps_example: bool) -> int:
    """Give away the duties that break a hard rule, to the best who may have each.

    With `keeps_example` the first that is ahead stays as it is, with its explanation.
    Returns how many hard breaches are left.
    """
    ground = ground_of(rota, workplace=workplace_of(rota))
    kept: int | None = None
    for _turn in range(MOST_TURNS):
        left = [
            one for one in breaches_left(rota, ground) if str(kept) not in one.slots
        ]
        if not left:
            break
        place = _place(rota, left[0])
        if keeps_example and kept is None and place.starts_at > at:
            kept = place.pk
            _explain(place, at=at)
            continue
        best = _best(place, ground)
        _hand_over(place, best)
        held = {**ground.assignment, str(place.pk): best or ""}
        ground = replace(
            ground, assignment={slot: who for slot, who in held.items() if who}
        )
    return len(breaches_left(rota, ground))


def _place(rota: Rota, breach: Breach) -> RotaDuty:
    """The place of a breach whose holder breaks it."""
    rows = rota.duties.select_related("duty", "person").filter(
        pk__in=[slot for slot in breach.slots if slot.isdecimal()]
    )
    of_person = rows.filter(person=breach.worker) if breach.worker else rows
    return of_person.order_by("-starts_at").first() or rows.get()


def _best(place: RotaDuty, ground: Ground) -> str | None:
    """The best of those who may have it; None where nobody may."""
    found = candidates(
        slot=str(place.pk),
        slots=ground.all_slots,
        workers=ground.workers,
        assignment=ground.whole,
        limits=ground.limits,
        wishes=ground.wishes,
    )
    return next((one.worker for one in found if one.may), None)


def _hand_over(place: RotaDuty, worker: str | None) -> None:
    """To a person, or to nobody."""
    duty = place.duty
    place.person_id = int(worker) if worker else None
    if worker is None:
        place.duty = None
    place.save(update_fields=["person", "duty"])
    if duty is not None and worker:
        duty.person_id = place.person_id
        duty.save(update_fields=["person"])
    elif duty is not None:
        duty.delete()


def _explain(place: RotaDuty, *, at: datetime) -> None:
    RotaChange.objects.create(
        rota=place.rota,
        place=place,
        kind=RotaChange.Kind.PUBLISHED,
        before=place.person,
        after=place.person,
        reason=EXAMPLE,
        version=place.rota.version,
        by=place.rota.published_by,
        at=at,
    )
