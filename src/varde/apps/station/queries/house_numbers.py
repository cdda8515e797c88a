"""What else a station did in a period: beds, missions, conflicts, hours alone."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, Q

from varde.apps.records.models import (
    BedKind,
    BedStay,
    Catchment,
    Mission,
    Municipality,
    Population,
)
from varde.apps.sentral.queries.numbers import Period, share
from varde.apps.station.access import StationPlace
from varde.apps.station.queries import alone, conflicts


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseNumbers:
    """Whole counts of a period, and hours. `inhabitants_65_plus` is None where nobody
    knows.

    `patients` are those who came to the station. `alone_h` counts planned and worked duties
    with one person; `uncovered_h` the hours that no duty covers.
    """

    patients: int
    observation: int
    kad: int
    home_visits: int
    call_outs: int
    avoided_admissions: int
    conflicts: int
    conflicts_unsolved: int
    alone_h: float
    uncovered_h: float
    inhabitants_65_plus: int | None
    days: int

    @property
    def kad_per_100(self) -> float | None:
        """KAD admissions for each hundred patients; None of nobody."""
        found = share(self.kad, self.patients)
        return None if found is None else found * 100

    @property
    def home_visits_per_1000_a_year(self) -> float | None:
        """Home visits, to patients of every age, for each thousand inhabitants of 65 years
        and more, at the pace of a year; None where their number is not known."""
        if not self.inhabitants_65_plus:
            return None
        return self.home_visits / self.inhabitants_65_plus * 1000 / self.days * 365.25


def house_numbers(
    place: StationPlace, period: Period, *, patients: int
) -> HouseNumbers:
    """The counts of what began in the period."""
    began = {"opened_at__gte": period.begins_at, "opened_at__lt": period.ends_at}
    missions = Mission.objects.filter(station=place.id, **began).exclude(
        result=Mission.Result.CALLED_OFF
    )
    stays = BedStay.objects.filter(
        station=place.id,
        admitted_at__gte=period.begins_at,
        admitted_at__lt=period.ends_at,
    )
    found = conflicts.count([place.id], start=period.begins_at, end=period.ends_at)
    total = alone.report(
        place, first=period.start, last=period.to - timedelta(days=1)
    ).total
    avoided = (Mission.Avoided.ADMISSION, Mission.Avoided.BOTH)
    return HouseNumbers(
        patients=patients,
        observation=stays.filter(kind=BedKind.OBSERVATION).count(),
        kad=stays.filter(kind=BedKind.KAD).count(),
        home_visits=missions.filter(kind=Mission.Kind.HOME_VISIT).count(),
        call_outs=missions.filter(kind=Mission.Kind.CALL_OUT).count(),
        avoided_admissions=missions.filter(avoided__in=avoided).count(),
        conflicts=found.conflicts,
        conflicts_unsolved=found.unsolved,
        alone_h=total.alone,
        uncovered_h=total.uncovered,
        inhabitants_65_plus=inhabitants_65_plus(place.id, on=period.start),
        days=period.days,
    )


def inhabitants(station_id: int, *, on: date) -> int | None:
    """Those whom the station serves on a day, by the newest count; None where a
    municipality has none."""
    return _served(station_id, "inhabitants", on=on)


def inhabitants_65_plus(station_id: int, *, on: date) -> int | None:
    """Those of them who are 65 years and more, in the same way."""
    return _served(station_id, "inhabitants_65_plus", on=on)


def served_on(station_id: int, *, on: date) -> list[str]:
    """The numbers of the municipalities that the station serves on a day."""
    rows = Catchment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), station=station_id, valid_from__lte=on
    )
    return sorted(set(rows.values_list("municipality_id", flat=True)))


def counts_of_served(
    station_id: int, *, on: date
) -> list[tuple[Municipality, list[Population]]]:
    """Each of these municipalities with every count that is known, the newest first."""
    rows = Municipality.objects.filter(pk__in=served_on(station_id, on=on))
    newest_first = Prefetch("population", Population.objects.order_by("-year"))
    return [
        (row, list(row.population.all()))
        for row in rows.prefetch_related(newest_first).order_by("name", "pk")
    ]


def _served(station_id: int, column: str, *, on: date) -> int | None:
    served = served_on(station_id, on=on)
    rows = Population.objects.filter(
        municipality__in=served, **{f"{column}__isnull": False}
    ).order_by("year")
    # The last of a municipality counts.
    newest = dict(rows.values_list("municipality_id", column))
    if not newest or set(served) - set(newest):
        return None
    return sum(newest.values())
