"""What the sentral knows about itself, from the records alone (requirement A10).

The database counts; every share is divided here, once, with the same rule: a share of
nothing is None, never 0, and a contact whose value is missing is counted as unknown and
shown as such.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from varde.apps.records import settings as dated
from varde.apps.records.models import Contact, Municipality, Outcome, Sentral


PHONE = ("akutt", "haster", "vanlig", "rad")
ARRIVAL = ("rod", "oransje", "gul", "gronn", "bla")


@dataclass(frozen=True, slots=True)
class Period:
    """Local dates: from the first day, up to and without `to`."""

    start: date
    to: date

    def __post_init__(self) -> None:
        if self.to <= self.start:
            raise ValueError(f"the period ends ({self.to}) before it starts")

    @property
    def begins_at(self) -> datetime:
        """The first moment."""
        return _midnight(self.start)

    @property
    def ends_at(self) -> datetime:
        """The first moment after."""
        return _midnight(self.to)

    @property
    def days(self) -> int:
        """How many days."""
        return (self.to - self.start).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Whole counts of contacts. They add up; shares do not, and are made last."""

    contacts: int = 0
    closed: int = 0
    advice: int = 0
    advice_known: int = 0
    akutt: int = 0
    haster: int = 0
    vanlig: int = 0
    rad: int = 0
    phone_unknown: int = 0
    rod: int = 0
    oransje: int = 0
    gul: int = 0
    gronn: int = 0
    bla: int = 0
    coded: int = 0
    general: int = 0
    repeat: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """The counts of both together."""
        return Tally(
            **{
                f.name: getattr(self, f.name) + getattr(other, f.name)
                for f in fields(self)
            }
        )

    @property
    def share_advice(self) -> float | None:
        """Of the closed contacts whose outcome is known: those that ended in advice."""
        return share(self.advice, self.advice_known)

    @property
    def advice_unknown(self) -> int:
        """Closed contacts for which we cannot say."""
        return self.closed - self.advice_known

    @property
    def phone_known(self) -> int:
        """Contacts with a hastegrad on the phone axis."""
        return self.contacts - self.phone_unknown

    @property
    def arrival_known(self) -> int:
        """Contacts with a hastegrad on the arrival axis."""
        return self.rod + self.oransje + self.gul + self.gronn + self.bla

    @property
    def share_general(self) -> float | None:
        """Of the coded contacts: those with a general code."""
        return share(self.general, self.coded)

    @property
    def share_repeat(self) -> float | None:
        """Of all contacts: those that came back within the window."""
        return share(self.repeat, self.contacts)

    def share_of(self, code: str) -> float | None:
        """The share of one hastegrad, of those known on its own axis."""
        whole = self.phone_known if code in PHONE else self.arrival_known
        return share(getattr(self, code), whole)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a group and its counts."""

    label: str
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The contacts of a period, whole and by group."""

    period: Period
    whole: Tally
    by_hour: tuple[Row, ...]
    by_weekday: tuple[Row, ...]
    by_step: tuple[Row, ...]  # days of a short period, months of a long one
    by_municipality: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """Promised against real time. Minutes late are negative when early."""

    promised: int
    arrived: int
    seen_in_time: int
    median_late_min: float | None

    @property
    def share_in_time(self) -> float | None:
        """Of those who came: in time or early."""
        return share(self.seen_in_time, self.arrived)


def share(part: int, whole: int) -> float | None:
    """A part of a whole, 0 to 1; None when there is no whole.

    >>> share(1, 4)
    0.25
    >>> share(0, 0) is None
    True
    """
    return part / whole if whole else None


WEEKDAYS = (
    _("Mandag"),
    _("Tirsdag"),
    _("Onsdag"),
    _("Torsdag"),
    _("Fredag"),
    _("Lørdag"),
    _("Søndag"),
)
LONGEST_BY_DAY = 62  # days; a longer period is shown by month


def numbers(
    sentral: Sentral, period: Period, *, municipality: str | None = None
) -> Numbers:
    """The contacts opened in a period, by hour, weekday, day or month and municipality.

    Two queries, however long the period. A contact that is still open counts as a
    contact, and not among those closed.
    """
    rows = _contacts(sentral, period, municipality=municipality)
    zone = timezone.get_current_timezone()
    counts = _counts(sentral, period)
    cells = [
        (cell.pop("day"), cell.pop("hour"), Tally(**cell))
        for cell in rows.annotate(
            day=TruncDate("opened_at", tzinfo=zone),
            hour=ExtractHour("opened_at", tzinfo=zone),
        )
        .values("day", "hour")
        .annotate(**counts)
        .order_by()
    ]
    places = {
        row.pop("municipality_id"): Tally(**row)
        for row in rows.values("municipality_id").annotate(**counts).order_by()
    }
    names = dict(Municipality.objects.values_list("number", "name"))
    return Numbers(
        period=period,
        whole=sum((tally for *_, tally in cells), Tally()),
        by_hour=_group(cells, lambda day, hour: hour, _hours()),
        by_weekday=_group(
            cells, lambda day, hour: day.weekday(), dict(enumerate(map(str, WEEKDAYS)))
        ),
        by_step=_by_step(cells, period),
        by_municipality=tuple(
            Row(names.get(number, str(_("Ikke registrert"))), tally)
            for number, tally in sorted(
                places.items(), key=lambda item: -item[1].contacts
            )
        ),
    )


def whole(
    sentral: Sentral, period: Period, *, municipality: str | None = None
) -> Tally:
    """The counts of a period as a whole. One query."""
    rows = _contacts(sentral, period, municipality=municipality)
    return Tally(**rows.aggregate(**_counts(sentral, period)))


def attendance(sentral: Sentral, period: Period) -> Attendance:
    """How the promised times held, for attendances promised in the period."""
    rows = Outcome.objects.filter(
        contact__sentral=sentral,
        kind=Outcome.Kind.ATTENDANCE,
        promised_at__gte=period.begins_at,
        promised_at__lt=period.ends_at,
    )
    late = sorted(
        (came - promised).total_seconds() / 60
        for promised, came in rows.exclude(arrived_at=None).values_list(
            "promised_at", "arrived_at"
        )
    )
    return Attendance(
        promised=rows.count(),
        arrived=len(late),
        seen_in_time=sum(minutes <= 0 for minutes in late),
        median_late_min=_median(late),
    )


def _contacts(
    sentral: Sentral, period: Period, *, municipality: str | None
) -> QuerySet[Contact]:
    rows = Contact.objects.filter(
        sentral=sentral,
        opened_at__gte=period.begins_at,
        opened_at__lt=period.ends_at,
    )
    return rows.filter(municipality_id=municipality) if municipality else rows


def _counts(sentral: Sentral, period: Period) -> dict[str, Count]:
    general = dated.value(
        "reason.general_codes",
        on=period.start,
        district_id=sentral.host_district_id,
    )
    closed = Q(state=Contact.State.CLOSED)

    def where(condition: Q) -> Count:
        return Count("pk", filter=condition)

    return {
        "contacts": Count("pk"),
        "closed": where(closed),
        "advice": where(closed & Q(ended_in_advice=True)),
        "advice_known": where(closed & Q(ended_in_advice__isnull=False)),
        "phone_unknown": where(Q(hastegrad_phone="")),
        **{code: where(Q(hastegrad_phone=code)) for code in PHONE},
        **{code: where(Q(hastegrad_arrival=code)) for code in ARRIVAL},
        "coded": where(~Q(reason_code="")),
        "general": where(Q(reason_code__in=general)),
        "repeat": where(Q(repeat_no__gt=1)),
    }


def _group(
    cells: Iterable[tuple[date, int, Tally]],
    key: Callable[[date, int], Any],
    labels: Mapping[Any, str],
) -> tuple[Row, ...]:
    """One row a label, also for the groups where nothing happened."""
    sums: dict[Any, Tally] = dict.fromkeys(labels, Tally())
    for day, hour, tally in cells:
        sums[key(day, hour)] += tally
    return tuple(Row(labels[k], tally) for k, tally in sums.items())


def _by_step(cells: list[tuple[date, int, Tally]], period: Period) -> tuple[Row, ...]:
    if period.days <= LONGEST_BY_DAY:
        days = [period.start + timedelta(days=n) for n in range(period.days)]
        labels = {day: day.isoformat() for day in days}
        return _group(cells, lambda day, hour: day, labels)
    months: dict[Any, str] = {}
    day = period.start.replace(day=1)
    while day < period.to:
        months[(day.year, day.month)] = f"{day:%Y-%m}"
        day = (day + timedelta(days=32)).replace(day=1)
    return _group(cells, lambda day, hour: (day.year, day.month), months)


def _hours() -> dict[int, str]:
    return {hour: f"{hour:02d}" for hour in range(24)}


def _median(ordered: list[float]) -> float | None:
    if not ordered:
        return None
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
