"""A draft becomes the rota: what others read comes from it from now on."""

from datetime import datetime

from django.db import transaction

from varde.apps.records.models import (
    Duty,
    Rota,
    RotaChange,
    RotaDuty,
    RotaOverride,
    RotaRun,
    User,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.around import giving_way
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.apps.staffing.services.rota.approved import (
    hold_approvals,
    refuse_unapproved,
)
from varde.apps.staffing.services.rota.holding import Locked, changed_last, locked, told
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import NEVER_SET_ASIDE, Breach
from varde.domain.rota.rules.judging import judge


@transaction.atomic
def publish(
    *, rota_id: int, seen: int, workplace: Workplace, by: User, at: datetime
) -> Rota:
    """Publish a draft: version 1, and its duties for all to see.

    `seen` is the rota's version that the planner looked at. Vacant places are published
    as such. Duties of the same workplace and posts in the period that no rota has made
    give way, those that have begun excepted; one that is a place of the rota to the minute
    becomes the duty of that place. Raises `RuleBroken`: ROTA_IS_PUBLISHED,
    ROTA_RUN_UNDER_WAY, ROTA_CHANGED, ROTA_BREAKS_RULES (count), and VIKAR_NOT_APPROVED
    (person, post, at, way, count).
    """
    held = locked(rota_id, workplace=workplace)
    refuse_unfit(held, seen=seen)
    holders = held.rota.duties.exclude(person=None).values("person")
    hold_approvals(holders)
    left = breaches_left(held.rota, ground_of(held.rota, workplace=workplace, at=at))
    refuse_unapproved(held, left)
    if left:
        raise RuleBroken(Rule.ROTA_BREAKS_RULES, count=str(len(left)))
    return let_out(held, by=by, at=at)


def refuse_unfit(held: Locked, *, seen: int) -> None:
    """Refuse a rota that is out, that a run is at work with, or that another changed."""
    if held.rota.state == Rota.State.PUBLISHED:
        raise RuleBroken(Rule.ROTA_IS_PUBLISHED)
    if held.rota.runs.filter(
        state__in=[RotaRun.State.WAITING, RotaRun.State.RUNNING]
    ).exists():
        raise RuleBroken(Rule.ROTA_RUN_UNDER_WAY)
    if held.rota.row_version != seen:
        raise RuleBroken(Rule.ROTA_CHANGED, **changed_last(held))


def breaches_left(rota: Rota, ground: Ground) -> tuple[Breach, ...]:
    """The hard breaches of a rota that nobody has set aside."""
    found = judge(
        slots=ground.all_slots,
        workers=ground.workers,
        assignment=ground.whole,
        limits=ground.limits,
        wishes=ground.wishes,
        needs=ground.needs,
    )
    aside = set(
        RotaOverride.objects.filter(place__rota=rota).values_list(
            "place_id", "person_id", "rule"
        )
    )
    own = {slot.id for slot in ground.slots}
    return tuple(
        breach
        for breach in found.hard
        if own.intersection(breach.slots)
        and not _is_aside(breach, aside=aside, holders=ground.assignment)
    )


def _is_aside(
    breach: Breach, *, aside: set[tuple[int, int, str]], holders: dict[str, str]
) -> bool:
    """Whether one of the places of a breach has it set aside for the one who has it."""
    return breach.rule not in NEVER_SET_ASIDE and any(
        slot.isdecimal()
        and slot in holders
        and (int(slot), int(holders[slot]), str(breach.rule)) in aside
        for slot in breach.slots
    )


def _same(row: Duty | RotaDuty) -> tuple[object, ...]:
    """What makes a duty by hand and a place the same."""
    return row.person_id, row.post, row.starts_at, row.ends_at


def let_out(held: Locked, *, by: User | None, at: datetime) -> Rota:
    """Write the duties of a locked draft for all to see, and freeze it as version 1."""
    rota, where = held.rota, held.workplace.where
    places = list(rota.duties.order_by("starts_at", "pk"))
    by_hand = list(giving_way(rota, workplace=held.workplace, at=at))
    same = {_same(duty): duty for duty in by_hand}
    taken = [place for place in places if place.person_id and place.duty_id is None]
    for place in taken:
        place.duty = same.pop(_same(place), None)
    kept = [place for place in taken if place.duty is not None]
    RotaDuty.objects.bulk_update(kept, ["duty"], batch_size=1000)
    in_use = {place.duty_id for place in kept}
    gone = [duty.pk for duty in by_hand if duty.pk not in in_use]
    Duty.objects.filter(pk__in=gone).delete()
    taken = [place for place in taken if place.duty is None]
    made = Duty.objects.bulk_create(
        [
            Duty(
                person_id=place.person_id,
                post=place.post,
                starts_at=place.starts_at,
                ends_at=place.ends_at,
                **where,
            )
            for place in taken
        ],
        batch_size=2000,
    )
    for place, duty in zip(taken, made, strict=True):
        place.duty = duty
    RotaDuty.objects.bulk_update(taken, ["duty"], batch_size=1000)
    rota.state, rota.version = Rota.State.PUBLISHED, 1
    rota.row_version += 1
    rota.published_by, rota.published_at = by, at
    rota.save()
    RotaChange.objects.create(
        rota=rota, kind=RotaChange.Kind.PUBLISHED, version=1, by=by, at=at
    )
    told(
        held,
        what="rota_published",
        by=by,
        at=at,
        table="records_rota",
        row_id=rota.pk,
        duties=len(made) + len(kept),
        replaced=len(gone),
    )
    return rota
