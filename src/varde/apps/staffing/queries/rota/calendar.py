"""One's own wishes and duties in a calendar, and what became of the wishes."""

from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from varde.apps.records import holidays
from varde.apps.records.models import Rota, RotaDuty, User, Wish
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota import own
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.queries.rota.reasons import WishReason, wishes_of
from varde.domain.rota.values import Span


MONTHS = 5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDay:
    """A day with what one wishes and has. None of it outside the month."""

    on: date
    is_in_month: bool
    is_free: bool
    is_past: bool
    wish: str  # free, duty or ""
    has_duty: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWish:
    """A wish in the list, and after publication what became of it and why."""

    id: int
    wants: str
    is_free: bool
    days: str
    weight: str
    may_be_taken_back: bool
    answer: WishReason | None


def own_calendar(
    user: User, workplace: Workplace, *, now: datetime
) -> dict[str, object]:
    """The months ahead and the list of wishes."""
    rows = own.own_wishes(user, now=now)
    answers = _answers(user, workplace, rows)
    duties = {
        timezone.localdate(at)
        for at in RotaDuty.objects.filter(
            person=user, rota__state=Rota.State.PUBLISHED, ends_at__gt=now
        ).values_list("starts_at", flat=True)
    }
    wished = _by_day(rows)
    today = timezone.localdate(now)
    return {
        "months": _months(today, wished=wished, duties=duties),
        "wishes": [
            ShownWish(
                id=row.pk,
                wants=str(words.WANTS[Wish.Wants(row.wants)]),
                is_free=row.wants == Wish.Wants.FREE,
                days=own.wish_days(row),
                weight=str(words.WEIGHT[row.weight]),
                may_be_taken_back=row.starts_at > now,
                answer=answers.get(row.pk),
            )
            for row in rows
        ],
    }


def _answers(
    user: User, workplace: Workplace, rows: list[Wish]
) -> Mapping[int, WishReason]:
    """What became of the wishes in the rotas that are published.

    Only a rota that holds one of them is judged. A wish over two rotas is placed where it
    is so in both; one for duty, where it is so in one.
    """
    if not rows:
        return {}
    found: dict[int, WishReason] = {}
    last = timezone.localdate(max(row.ends_at for row in rows))
    first = timezone.localdate(min(row.starts_at for row in rows))
    wants_duty = {row.pk for row in rows if row.wants == Wish.Wants.DUTY}
    wished = [Span(starts_at=row.starts_at, ends_at=row.ends_at) for row in rows]
    for rota in Rota.objects.filter(
        state=Rota.State.PUBLISHED,
        starts_on__lte=last,
        ends_on__gte=first,
        **workplace.where,
    ).order_by("starts_on"):
        period = whole_days(rota.starts_on, rota.ends_on)
        if not any(period.overlaps(span) for span in wished):
            continue
        ground = ground_of(rota, workplace=workplace)
        for one in wishes_of(ground, str(user.pk)):
            before = found.get(one.id)
            if before is None or before.is_placed != (one.id in wants_duty):
                found[one.id] = one
    return found


def _by_day(rows: list[Wish]) -> dict[date, str]:
    found: dict[date, str] = {}
    for row in rows:
        day = timezone.localdate(row.starts_at)
        last = timezone.localdate(row.ends_at - timedelta(minutes=1))
        while day <= last:
            found[day] = row.wants
            day += DAY
    return found


def _months(
    today: date, *, wished: Mapping[date, str], duties: set[date]
) -> list[dict[str, object]]:
    months = []
    first = today.replace(day=1)
    for _number in range(MONTHS):
        free = holidays.around(first)
        weeks = [
            [
                CalendarDay(
                    on=day,
                    is_in_month=day.month == first.month,
                    is_free=day.weekday() > 4 or day in free,
                    is_past=day <= today,
                    wish=wished.get(day, ""),
                    has_duty=day in duties,
                    words=_day_words(day, wished=wished, duties=duties),
                )
                for day in week
            ]
            for week in Calendar().monthdatescalendar(first.year, first.month)
        ]
        months.append({"title": date_format(first, "F Y"), "weeks": weeks})
        first = (first + timedelta(days=32)).replace(day=1)
    return months


def _day_words(day: date, *, wished: Mapping[date, str], duties: set[date]) -> str:
    parts = [date_format(day, "l j. F")]
    if day in wished:
        parts.append(str(words.WISHES_FOR) % str(words.WANTS[Wish.Wants(wished[day])]))
    if day in duties:
        parts.append(str(words.HAS_DUTY))
    return ", ".join(parts)
