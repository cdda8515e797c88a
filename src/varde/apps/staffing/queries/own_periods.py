"""The days that people have agreed to have duties on at a workplace, and in words."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from varde.apps.records.models import OwnPeriods, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages.people import WEEKDAY
from varde.domain.rota.limits import Calendar
from varde.domain.rota.own_periods import OwnKind, OwnTurn, only_within, own_periods
from varde.domain.rota.values import Span


ONE_DAY = timedelta(days=1)
LONGEST_TURN = timedelta(weeks=80)  # 26 weeks on and 51 off, and some
NEXT_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLine:
    """One agreement, as the page shows it: `coming` are the first and last days of the
    periods that are next, none for one that bars weekends only."""

    row: OwnPeriods
    words: str
    last_on: date | None
    is_over: bool
    coming: tuple[tuple[date, date], ...]


def turns_of(
    people: Collection[int], *, at: Workplace, first: date, last: date
) -> dict[int, list[OwnTurn]]:
    """What each has agreed at a workplace that holds on some day between two days."""
    rows = OwnPeriods.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=first),
        person__in=people,
        valid_from__lte=last,
        **at.where,
    )
    found: dict[int, list[OwnTurn]] = defaultdict(list)
    for row in rows.order_by("valid_from", "pk"):
        found[row.person_id].append(as_turn(row))
    return found


def within(
    turns: Mapping[int, Sequence[OwnTurn]],
    *,
    first: date,
    last: date,
    duties: Iterable[Span],
) -> dict[int, tuple[Span, ...]]:
    """The only periods in which each has duties, for those who have agreed on some."""
    known = tuple(duties) if turns else ()
    return {
        pk: only_within(mine, first=first, last=last, calendar=Calendar(), duties=known)
        for pk, mine in turns.items()
    }


def own_lines(person: User, *, at: Workplace, on: date) -> tuple[OwnLine, ...]:
    """What a person has agreed at a workplace, the newest first."""
    rows = OwnPeriods.objects.filter(person=person, **at.where)
    return tuple(_line(row, on=on) for row in rows.order_by("-valid_from", "-pk"))


def never_has_a_day(row: OwnPeriods) -> bool:
    """Whether an agreement would leave no day at all before it ends."""
    last = row.valid_from + LONGEST_TURN
    return not own_periods(as_turn(row), last=last, calendar=Calendar())


def as_turn(row: OwnPeriods) -> OwnTurn:
    """An agreement as the rules see it."""
    return OwnTurn(
        kind=OwnKind(row.kind),
        first=row.valid_from,
        before=row.valid_to,
        weeks_on=row.weeks_on,
        weeks_off=row.weeks_off,
        from_day=row.from_day,
        days=row.days,
        every=row.every,
        weekdays=frozenset(map(int, filter(None, row.weekdays.split(",")))),
    )


def own_words(row: OwnPeriods) -> str:
    """What is agreed, in a few words."""
    match OwnPeriods.Kind(row.kind):
        case OwnPeriods.Kind.WEEKS:
            on = ngettext("%(n)s uke på", "%(n)s uker på", row.weeks_on)
            off = ngettext("%(n)s uke av", "%(n)s uker av", row.weeks_off)
            return f"{on % {'n': row.weeks_on}}, {off % {'n': row.weeks_off}}"
        case OwnPeriods.Kind.MONTH:
            return ngettext(
                "%(n)s dag i måneden, den %(day)s.",
                "%(n)s dager i måneden, fra den %(day)s.",
                row.days,
            ) % {"n": row.days, "day": row.from_day}
        case OwnPeriods.Kind.WEEKENDS:
            if row.every == 1:
                return _("hver helg, og alle hverdager")
            return _("hver %(n)s. helg, og alle hverdager") % {"n": row.every}
        case OwnPeriods.Kind.WEEKDAYS:
            days = [str(WEEKDAY[int(day)]) for day in row.weekdays.split(",")]
            named = ", ".join(days)
            if row.every == 1:
                return _("bare %(days)s") % {"days": named}
            return _("bare %(days)s, hver %(n)s. uke") % {
                "days": named,
                "n": row.every,
            }


def _line(row: OwnPeriods, *, on: date) -> OwnLine:
    is_over = row.valid_to is not None and row.valid_to <= on
    coming: list[tuple[date, date]] = []
    if not is_over and row.kind != OwnPeriods.Kind.WEEKENDS:
        last = max(on, row.valid_from) + LONGEST_TURN
        for span in own_periods(as_turn(row), last=last, calendar=Calendar()):
            end = span.ends_at.date() - ONE_DAY
            if end >= on and len(coming) < NEXT_SHOWN:
                coming.append((span.starts_at.date(), end))
    return OwnLine(
        row=row,
        words=own_words(row),
        last_on=row.valid_to and row.valid_to - ONE_DAY,
        is_over=is_over,
        coming=tuple(coming),
    )
