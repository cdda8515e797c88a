"""Who answers now for the functions that must be reached round the clock.

Kommuneoverlege and smittevernlege of each municipality, and the leaders of the stations
and the sentral. A function that nobody answers for is told as such, also one that nobody
was ever named for. Three statements and the settings, however many functions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import holidays, settings
from varde.apps.records.models import Absence, Catchment, Sentral, StandIn, Station
from varde.apps.records.scope import districts_served
from varde.apps.sentral.messages import FUNCTION, STANDIN_NOBODY
from varde.domain.standins import HOLDER, Away, Cover, Hours, OfficeHours, answering


OFFICE_HOURS = "standin.office_hours"
ONE_DAY = timedelta(days=1)
OF_MUNICIPALITY = (
    StandIn.Function.KOMMUNEOVERLEGE,
    StandIn.Function.SMITTEVERNLEGE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionOf:
    """A function at its own place: one of the three ids is set."""

    function: StandIn.Function
    place: str
    municipality_id: str | None = None
    station_id: int | None = None
    sentral_id: int | None = None

    @property
    def key(self) -> str:
        """What names it in a form: `kommuneoverlege-1824`."""
        place = self.municipality_id or self.station_id or self.sentral_id
        return f"{self.function}-{place}"

    @property
    def what(self) -> str:
        """What it is called."""
        return str(FUNCTION[self.function])

    @property
    def words(self) -> str:
        """What it is called, with its place."""
        return f"{self.what}, {self.place}"

    @property
    def where(self) -> dict[str, object]:
        """The function as it stands in a row."""
        return {
            "function": self.function,
            "municipality_id": self.municipality_id,
            "station_id": self.station_id,
            "sentral_id": self.sentral_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringNow:
    """A function and who answers for it now. `name` is "" where nobody does."""

    of: FunctionOf
    person_id: int | None
    name: str
    phone: str
    is_deputy: bool
    holder: str  # the holder, where a deputy answers

    @property
    def is_gap(self) -> bool:
        """Whether nobody answers."""
        return self.person_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """All that is written of some functions: the rows by key, and who is away."""

    rows: Mapping[str, Sequence[StandIn]]
    away: tuple[Away, ...]

    def covers(self, of: FunctionOf) -> list[Cover]:
        """The rows of a function as the rules see them. A person is named by the id."""
        return [_cover(row) for row in self.rows.get(of.key, ())]


def functions_of_sentral(sentral: Sentral, *, on: date) -> tuple[FunctionOf, ...]:
    """The functions behind a sentral: its own leader, its stations', its municipalities'."""
    served = districts_served([sentral.pk], on=on)
    stations = list(Station.objects.filter(district__in=served).order_by("name", "pk"))
    own = FunctionOf(
        function=StandIn.Function.SENTRAL_LEADER,
        place=sentral.name,
        sentral_id=sentral.pk,
    )
    return (*functions_of_stations(stations, on=on), own)


def functions_of_stations(
    stations: Sequence[Station], *, on: date
) -> tuple[FunctionOf, ...]:
    """The functions of the municipalities that these stations serve, and their leaders."""
    served = (
        Catchment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on),
            station__in=stations,
            valid_from__lte=on,
        )
        .order_by("municipality__name", "municipality")
        .values_list("municipality", "municipality__name")
        .distinct()
    )
    return (
        *(
            FunctionOf(function=function, place=name, municipality_id=number)
            for number, name in served
            for function in OF_MUNICIPALITY
        ),
        *(
            FunctionOf(
                function=StandIn.Function.STATION_LEADER,
                place=row.name,
                station_id=row.pk,
            )
            for row in stations
        ),
    )


def named(functions: Iterable[FunctionOf], *, first: date, last: date) -> Named:
    """What is written of these functions in a period, both days included."""
    wanted = list(functions)
    found = list(
        StandIn.objects.filter(
            Q(municipality__in={one.municipality_id for one in wanted} - {None})
            | Q(station__in={one.station_id for one in wanted} - {None})
            | Q(sentral__in={one.sentral_id for one in wanted} - {None}),
            Q(valid_to=None) | Q(valid_to__gt=first),
            valid_from__lte=last,
        ).select_related("person")
    )
    rows: dict[str, list[StandIn]] = {one.key: [] for one in wanted}
    for row in found:
        place = row.municipality_id or row.station_id or row.sentral_id
        rows.setdefault(f"{row.function}-{place}", []).append(row)
    gone = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=first),
        person__in={row.person_id for row in found},
        starts_on__lte=last,
        only_nights=False,
    ).exclude(ground__startswith="exempt")
    away = tuple(
        Away(person=str(row.person_id), first=row.starts_on, last=row.ends_on)
        for row in gone
    )
    return Named(rows=rows, away=away)


def office_hours(*, on: date, district_id: int | None = None) -> OfficeHours:
    """The office hours of a day's settings, by the clock here."""
    value = settings.value(OFFICE_HOURS, on=on, district_id=district_id)
    return OfficeHours(
        opens=time.fromisoformat(value["from"]),
        closes=time.fromisoformat(value["to"]),
        zone=timezone.get_current_timezone(),
        holidays=holidays.around(on),
    )


def answering_now(
    functions: Sequence[FunctionOf],
    *,
    now: datetime,
    office: OfficeHours,
    of: Named | None = None,
) -> tuple[AnsweringNow, ...]:
    """Who answers for each of these functions now, in their order."""
    day = timezone.localdate(now)
    known = of or named(functions, first=day, last=day)
    return tuple(
        _answering(one, known, now=now, office=office, day=day) for one in functions
    )


def of_sentral(sentral: Sentral, *, now: datetime) -> tuple[AnsweringNow, ...]:
    """Who answers now for each function behind a sentral."""
    on = timezone.localdate(now)
    return answering_now(
        functions_of_sentral(sentral, on=on),
        now=now,
        office=office_hours(on=on, district_id=sentral.host_district_id),
    )


def in_a_line(one: AnsweringNow) -> str:
    """A function with who answers, for a list of numbers."""
    return f"{one.of.words}: {one.name or STANDIN_NOBODY}"


def _answering(
    of: FunctionOf, known: Named, *, now: datetime, office: OfficeHours, day: date
) -> AnsweringNow:
    rows = known.rows.get(of.key, ())
    cover = answering(known.covers(of), known.away, at=now, office=office)
    row = None
    if cover is not None:
        row = next(one for one in rows if _cover(one) == cover)
    holder = next(
        (one.person.name for one in rows if one.rank == HOLDER and _holds(one, day)),
        "",
    )
    is_deputy = row is not None and row.rank != HOLDER
    return AnsweringNow(
        of=of,
        person_id=row.person_id if row else None,
        name=row.person.name if row else "",
        phone=(row.phone or row.person.phone) if row else "",
        is_deputy=is_deputy,
        holder=holder if is_deputy else "",
    )


def _cover(row: StandIn) -> Cover:
    return Cover(
        person=str(row.person_id),
        rank=row.rank,
        first=row.valid_from,
        last=None if row.valid_to is None else row.valid_to - ONE_DAY,
        hours=Hours(row.hours),
    )


def _holds(row: StandIn, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
