"""The rota that a place has had, without names, to be counted beside the models."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time, timedelta

from django.db.models import Q

from varde.apps.records.models import Duty, Position, Qualification
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.work import DOCTOR_POSTS, ZONE
from varde.domain.rota.limits import Limits
from varde.domain.rota.patterns import accounts_of
from varde.domain.rota.values import Law, Slot, Span, Worker
from varde.engines.rostering.duties.staffing_file import Daytime, PayKind
from varde.engines.staffing_models.values import TODAY, Group, YearRota


WEEK = timedelta(weeks=1)
MOST_WEEKS, LEAST_WEEKS = 52, 4
OPEN = (time(7), time(17))  # on working days; ours
DOCTOR, LIS1, VIKAR = "lege", "lis1", "vikar"  # the groups


def today(workplace: Workplace, *, on: date, limits: Limits) -> YearRota | None:
    """The doctors' duties of the last year as a rota without names; None with few weeks.

    Whole weeks back from the last Monday, at most 52, from the first duty on. A person is
    LIS1 or substitute by their position now; the others are one group. Duties by day on
    working days are left out: no model has them.
    """
    to = on - timedelta(days=on.weekday())
    asked = Period(to - MOST_WEEKS * WEEK, to)
    rows = list(
        Duty.objects.filter(
            post__in=DOCTOR_POSTS,
            starts_at__gte=asked.begins_at,
            starts_at__lt=asked.ends_at,
            **workplace.where,
        ).order_by("starts_at", "pk")
    )
    if not rows:
        return None
    begun = rows[0].starts_at.astimezone(ZONE).date()
    first = begun + timedelta(days=-begun.weekday() % 7)
    weeks = (to - first).days // 7
    if weeks < LEAST_WEEKS:
        return None
    rows = [
        row
        for row in rows
        if row.starts_at >= Period(first, to).begins_at and not _is_by_day(row, limits)
    ]
    names = _groups({row.person_id for row in rows}, on=on)
    if not rows:
        return None
    return rota_of_today(
        first=first,
        weeks=weeks,
        duties=[
            (
                row.post,
                Span(starts_at=row.starts_at, ends_at=row.ends_at),
                names[row.person_id],
            )
            for row in rows
        ],
        groups=tuple(
            Group(
                code=code,
                people=tuple(
                    sorted(name for name in names.values() if _code_of(name) == code)
                ),
                pay=PayKind.SUBSTITUTE if code == VIKAR else PayKind.DUTY,
                daytime=Daytime.NONE if code == VIKAR else Daytime.PRACTICE,
            )
            for code in (DOCTOR, LIS1, VIKAR)
        ),
        limits=limits,
    )


def rota_of_today(
    *,
    first: date,
    weeks: int,
    duties: Sequence[tuple[str, Span, str]],
    groups: tuple[Group, ...],
    limits: Limits,
) -> YearRota:
    """The rota of today, to be counted as the models are: of duties by post, span and name."""
    slots, held = [], {}
    for number, (post, span, who) in enumerate(duties, 1):
        day = span.starts_at.astimezone(limits.calendar.zone).date()
        slot = Slot(
            id=f"{day:%Y-%m-%d}.{post}.{number}",
            post=post,
            span=span,
            accounts=accounts_of(span, post=post, limits=limits),
        )
        slots.append(slot)
        held[slot.id] = who
    posts = frozenset(slot.post for slot in slots)
    return YearRota(
        code=TODAY,
        first=first,
        weeks=weeks,
        slots=tuple(slots),
        workers=tuple(
            Worker(id=who, law=Law.SFS2305, posts=posts)
            for group in groups
            for who in group.people
        ),
        groups=groups,
        held=held,
    )


def _is_by_day(row: Duty, limits: Limits) -> bool:
    """Whether the whole duty lies in the hours when the surgeries are open."""
    starts, ends = row.starts_at.astimezone(ZONE), row.ends_at.astimezone(ZONE)
    return (
        starts.date() == ends.date()
        and not limits.calendar.is_free(starts.date())
        and OPEN[0] <= starts.time()
        and ends.time() <= OPEN[1]
    )


def _code_of(name: str) -> str:
    return name.partition("-")[0]


def _groups(people: set[int], *, on: date) -> dict[int, str]:
    """What each is called in a comparison: the group, and a number that tells nothing."""
    held = (Q(valid_to=None) | Q(valid_to__gt=on)) & Q(valid_from__lte=on)
    positions = Position.objects.filter(held, person__in=people)
    lis1 = {
        *positions.filter(category=Position.Category.LIS1).values_list(
            "person", flat=True
        ),
        *Qualification.objects.filter(
            held, user__in=people, kind=Qualification.Kind.LIS1
        ).values_list("user", flat=True),
    }
    vikarer = set(
        positions.filter(category=Position.Category.VIKAR).values_list(
            "person", flat=True
        )
    )
    found, counts = {}, defaultdict(int)
    for person in sorted(people):
        code = LIS1 if person in lis1 else VIKAR if person in vikarer else DOCTOR
        counts[code] += 1
        found[person] = f"{code}-{counts[code]:02}"
    return found
