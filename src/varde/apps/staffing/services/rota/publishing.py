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
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.apps.staffing.services.rota.holding import Locked, locked, told
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import Breach
from varde.domain.rota.rules.judging import judge


@transaction.atomic
def publish(
    *, rota_id: int, seen: int, workplace: Workplace, by: User, at: datetime
) -> Rota:
    """Publish a draft: version 1, and its duties for all to see.

    `seen` is the rota's version that the planner looked at. Vacant places are published
    as such. Duties of the same workplace and posts in the period that no rota has made
    give way, those that have begun excepted. Raises `RuleBroken`: ROTA_IS_PUBLISHED,
    ROTA_RUN_UNDER_WAY, ROTA_CHANGED, ROTA_BREAKS_RULES (count).
    """
    held = locked(rota_id, workplace=workplace)
    refuse_unfit(held, seen=seen)
    left = breaches_left(held.rota, ground_of(held.rota, workplace=workplace))
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
        last = (
            held.rota.changes.select_related("by", "place")
            .order_by("-at", "-pk")
            .first()
        )
        raise RuleBroken(
            Rule.ROTA_CHANGED,
            by=last.by.name if last and last.by else "",
            at=last.at.isoformat() if last else "",
            place=f"{last.place.starts_at:%Y-%m-%d}" if last and last.place else "",
        )


def breaches_left(rota: Rota, ground: Ground) -> tuple[Breach, ...]:
    """The hard breaches of a rota that nobody has set aside."""
    found = judge(
        slots=ground.all_slots,
        workers=ground.workers,
        assignment=ground.whole,
        limits=ground.limits,
        wishes=ground.wishes,
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
    return any(
        slot.isdecimal()
        and slot in holders
        and (int(slot), int(holders[slot]), str(breach.rule)) in aside
        for slot in breach.slots
    )


def let_out(held: Locked, *, by: User | None, at: datetime) -> Rota:
    """Write the duties of a locked draft for all to see, and freeze it as version 1."""
    rota, where = held.rota, held.workplace.where
    period = whole_days(rota.starts_on, rota.ends_on)
    places = list(rota.duties.order_by("starts_at", "pk"))
    gone, _rows = Duty.objects.filter(
        starts_at__gte=max(period.starts_at, at),
        starts_at__lt=period.ends_at,
        post__in={place.post for place in places},
        rota_duty=None,
        **where,
    ).delete()
    taken = [place for place in places if place.person_id and place.duty_id is None]
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
        duties=len(made),
        replaced=gone,
    )
    return rota
