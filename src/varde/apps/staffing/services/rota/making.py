"""Patterns, and a rota made of them: its places, all of them vacant."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import (
    Duty,
    Rota,
    RotaChange,
    RotaDuty,
    RotaRun,
    Sentral,
    ShiftPattern,
    Station,
    User,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.limits import limits_for
from varde.apps.staffing.services.acting import tell
from varde.apps.staffing.services.rota.holding import Locked, locked, told
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.patterns import DayType, Pattern, Shift, slots_of


MOST_DAYS = 371  # 53 weeks: a year and what is left of its last week
FURTHEST = timedelta(days=5 * 366)  # ours: no rota begins later than that
MOST_NEEDED = 50
MOST_PLACES = 20_000  # of one rota; ours: 60 operators in a year have 14 000
LONGEST_NAME, LONGEST_GROUP = 40, 20
SOURCE = "records_shiftpattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternDetails:
    """One line of a pattern, as typed and read."""

    post: str
    name: str
    days: tuple[str, ...]
    starts: time | None
    ends: time | None
    needed: int | None
    active_per_cent: float | None
    group: str
    valid_from: date | None
    is_phone_only: bool = False


@transaction.atomic
def add_pattern(
    *, workplace: Workplace, details: PatternDetails, by: User | None, at: datetime
) -> ShiftPattern:
    """Add a line to the pattern of a workplace.

    Raises `RuleBroken`: PATTERN_DAYS_WRONG, PATTERN_VALUES_WRONG.
    """
    days = [day.value for day in DayType if day.value in details.days]
    if not days:
        raise RuleBroken(Rule.PATTERN_DAYS_WRONG)
    name = details.name.strip()
    is_fine = (
        details.post in Duty.Post.values
        and 0 < len(name) <= LONGEST_NAME
        and len(details.group.strip()) <= LONGEST_GROUP
        and details.starts is not None
        and details.ends is not None
        and details.needed is not None
        and 1 <= details.needed <= MOST_NEEDED
        and details.active_per_cent is not None
        and 0 <= details.active_per_cent <= 100
        and details.valid_from is not None
        and not (details.is_phone_only and details.post != Duty.Post.BAKVAKT)
    )
    if not is_fine:
        raise RuleBroken(Rule.PATTERN_VALUES_WRONG)
    made = ShiftPattern.objects.create(
        **workplace.where,
        post=details.post,
        name=name,
        days=",".join(days),
        starts=details.starts,
        ends=details.ends,
        needed=details.needed,
        active_share=Decimal(f"{details.active_per_cent:.1f}") / 100,
        is_phone_only=details.is_phone_only,
        group=details.group.strip(),
        valid_from=details.valid_from,
        made_by=by,
    )
    tell("rota_pattern_added", made, workplace=workplace, by=by, at=at)
    return made


@transaction.atomic
def end_pattern(
    *, pattern_id: int, workplace: Workplace, on: date, by: User, at: datetime
) -> ShiftPattern:
    """The line is not valid from a day on. One that never was valid is deleted."""
    row = ShiftPattern.objects.select_for_update(of=("self",)).get(
        pk=pattern_id, **workplace.where
    )
    tell("rota_pattern_ended", row, workplace=workplace, by=by, at=at)
    if row.valid_from >= on and not RotaDuty.objects.filter(pattern=row).exists():
        row.delete()
        return row
    row.valid_to = max(on, row.valid_from + timedelta(days=1))
    row.save(update_fields=["valid_to"])
    return row


@transaction.atomic
def make_rota(
    *,
    workplace: Workplace,
    starts_on: date,
    ends_on: date,
    by: User | None,
    at: datetime,
) -> Rota:
    """Make a draft whose places come from the patterns. Nobody has any of them.

    Raises `RuleBroken`: ROTA_PERIOD_WRONG (most_days), ROTA_TOO_FAR (first_on),
    ROTA_OVERLAPS (begins_on, ends_on), ROTA_NEEDS_PATTERNS, ROTA_TOO_LARGE (most, count).
    """
    made = open_rota(
        workplace=workplace, starts_on=starts_on, ends_on=ends_on, by=by, at=at
    )
    places = list(_places(made, workplace=workplace))
    if not places:
        raise RuleBroken(Rule.ROTA_NEEDS_PATTERNS)
    if len(places) > MOST_PLACES:
        raise RuleBroken(
            Rule.ROTA_TOO_LARGE, most=str(MOST_PLACES), count=str(len(places))
        )
    RotaDuty.objects.bulk_create(places, batch_size=2000)
    return made


@transaction.atomic
def open_rota(
    *,
    workplace: Workplace,
    starts_on: date,
    ends_on: date,
    by: User | None,
    at: datetime,
) -> Rota:
    """A draft without places. One at a time of a workplace, so that no two overlap.

    Raises `RuleBroken`: ROTA_PERIOD_WRONG (most_days), ROTA_TOO_FAR (first_on),
    ROTA_OVERLAPS (begins_on, ends_on).
    """
    furthest = timezone.localdate(at) + FURTHEST
    if starts_on > furthest:
        raise RuleBroken(Rule.ROTA_TOO_FAR, first_on=furthest.isoformat())
    if not 0 <= (ends_on - starts_on).days < MOST_DAYS:
        raise RuleBroken(Rule.ROTA_PERIOD_WRONG, most_days=str(MOST_DAYS))
    _lock_workplace(workplace)
    other = (
        Rota.objects.filter(
            starts_on__lte=ends_on, ends_on__gte=starts_on, **workplace.where
        )
        .exclude(state=Rota.State.DROPPED)
        .order_by("starts_on")
        .first()
    )
    if other is not None:
        raise RuleBroken(
            Rule.ROTA_OVERLAPS,
            begins_on=other.starts_on.isoformat(),
            ends_on=other.ends_on.isoformat(),
        )
    made = Rota.objects.create(
        starts_on=starts_on, ends_on=ends_on, made_by=by, made_at=at, **workplace.where
    )
    RotaChange.objects.create(
        rota=made, kind=RotaChange.Kind.MADE, version=0, by=by, at=at
    )
    told(
        Locked(rota=made, workplace=workplace),
        what="rota_made",
        by=by,
        at=at,
        table="records_rota",
        row_id=made.pk,
    )
    return made


@transaction.atomic
def drop_draft(*, rota_id: int, workplace: Workplace, by: User, at: datetime) -> None:
    """Throw a draft away. A published rota stays.

    Raises `RuleBroken`: ROTA_IS_PUBLISHED, ROTA_RUN_UNDER_WAY.
    """
    held = locked(rota_id, workplace=workplace)
    if held.rota.state == Rota.State.PUBLISHED:
        raise RuleBroken(Rule.ROTA_IS_PUBLISHED)
    if held.rota.runs.filter(
        state__in=[RotaRun.State.WAITING, RotaRun.State.RUNNING]
    ).exists():
        raise RuleBroken(Rule.ROTA_RUN_UNDER_WAY)
    held.rota.state, held.rota.row_version = (
        Rota.State.DROPPED,
        held.rota.row_version + 1,
    )
    held.rota.save(update_fields=["state", "row_version"])
    told(
        held,
        what="rota_dropped",
        by=by,
        at=at,
        table="records_rota",
        row_id=held.rota.pk,
    )


def valid_patterns(
    workplace: Workplace, *, first: date, last: date
) -> list[ShiftPattern]:
    """The lines that are valid on some day of a period, by post and clock."""
    return list(
        ShiftPattern.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=first),
            valid_from__lte=last,
            **workplace.where,
        ).order_by("post", "starts", "pk")
    )


def _places(rota: Rota, *, workplace: Workplace):
    limits = limits_for(workplace, first=rota.starts_on, last=rota.ends_on)
    rows = valid_patterns(workplace, first=rota.starts_on, last=rota.ends_on)
    for row in rows:
        last = rota.ends_on
        if row.valid_to is not None:
            last = min(last, row.valid_to - timedelta(days=1))
        slots = slots_of(
            as_pattern(row),
            first=max(rota.starts_on, row.valid_from),
            last=last,
            limits=limits,
        )
        for slot in slots:
            yield RotaDuty(
                rota=rota,
                post=slot.post,
                starts_at=slot.span.starts_at,
                ends_at=slot.span.ends_at,
                active_share=row.active_share,
                is_phone_only=row.is_phone_only,
                pattern=row,
                group=slot.group,
            )


def as_pattern(row: ShiftPattern) -> Pattern:
    """A line as the rules see it."""
    shift = Shift(
        code=f"p{row.pk}",
        post=row.post,
        days=frozenset(DayType(day) for day in row.days.split(",")),
        starts=row.starts,
        ends=row.ends,
        needed=row.needed,
        active_share=float(row.active_share),
        group=row.group,
        is_phone_only=row.is_phone_only,
    )
    return Pattern(name=row.name, shifts=(shift,), source=SOURCE)


def _lock_workplace(workplace: Workplace) -> None:
    """Rotas of a workplace are made one after the other. Its key is not locked: a call
    that points to the sentral is written meanwhile."""
    model = Station if workplace.station_id is not None else Sentral
    model._default_manager.select_for_update(of=("self",), no_key=True).get(
        pk=workplace.id
    )
