"""How full the beds were, day by day, and the KAD/ØHD figures of a year."""

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from varde.apps.records.models import Bed, BedKind, BedPlacement, BedStay
from varde.apps.sentral.queries.answer_time import midnight
from varde.apps.station.access import StationPlace
from varde.apps.station.messages.beds import KIND, TO
from varde.apps.station.queries.beds.board import hours_by_kind
from varde.domain import beds as domain
from varde.domain.bed_figures import DayOccupancy, OhdYear, occupancy_by_day, ohd_year


DAY_H = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupancy:
    """The days of one kind of bed, and the whole: `share` as in `DayOccupancy`."""

    kind: str
    title: str
    days: tuple[DayOccupancy, ...]
    bed_hours: float
    share: float | None


def occupancy(
    place: StationPlace, *, first_on: date, until_on: date, now: datetime
) -> list[Occupancy]:
    """Occupancy by day for each kind of bed that the station had in the period."""
    beds = list(
        Bed.objects.filter(
            Q(last_on=None) | Q(last_on__gte=first_on),
            station=place.id,
            first_on__lt=until_on,
        )
    )
    stays: dict[str, list[domain.BedStay]] = {kind: [] for kind in BedKind.values}
    rows = BedPlacement.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=midnight(first_on)),
        bed__station=place.id,
        begins_at__lt=midnight(until_on),
    ).values_list("bed__kind", "bed__code", "begins_at", "ends_at")
    for kind, code, begins_at, ends_at in rows:
        stays[kind].append(
            domain.BedStay(bed=code, admitted_at=begins_at, ended_at=ends_at)
        )
    return [
        _of_kind(
            kind,
            occupancy_by_day(
                stays[kind],
                first_on=first_on,
                until_on=until_on,
                zone=timezone.get_default_timezone(),
                now=now,
                beds=beds_by_day(
                    [bed for bed in beds if bed.kind == kind],
                    first_on=first_on,
                    until_on=until_on,
                ),
            ),
        )
        for kind in BedKind.values
        if any(bed.kind == kind for bed in beds)
    ]


def beds_by_day(beds: list[Bed], *, first_on: date, until_on: date) -> dict[date, int]:
    """How many beds were in use on each day.

    A bed that was taken out and in again on one day is one bed.
    """
    found = {}
    for number in range((until_on - first_on).days):
        on = first_on + timedelta(days=number)
        codes = {
            bed.code.lower()
            for bed in beds
            if bed.first_on <= on and (bed.last_on is None or on <= bed.last_on)
        }
        found[on] = len(codes)
    return found


def years_with_kad(place: StationPlace, *, now: datetime) -> list[int]:
    """The years for which there are KAD figures, the latest first."""
    first = (
        BedStay.objects.filter(station=place.id, kind=BedKind.KAD)
        .order_by("admitted_at")
        .values_list("admitted_at", flat=True)
        .first()
    )
    this = timezone.localdate(now).year
    since = this if first is None else timezone.localdate(first).year
    return list(range(this, since - 1, -1))


def figures_of(place: StationPlace, *, year: int, now: datetime) -> OhdYear:
    """The KAD/ØHD figures of a year. The limit is the one that held at the year's end."""
    rows = BedStay.objects.filter(
        Q(left_at=None) | Q(left_at__gte=midnight(date(year, 1, 1))),
        station=place.id,
        kind=BedKind.KAD,
        admitted_at__lt=midnight(date(year + 1, 1, 1)),
    ).values_list("admitted_at", "left_at", "left_to")
    last = min(now, midnight(date(year + 1, 1, 1)) - timedelta(hours=1))
    return ohd_year(
        [
            domain.BedStay(bed="", admitted_at=came, ended_at=left, outcome=to or None)
            for came, left, to in rows
        ],
        year=year,
        zone=timezone.get_default_timezone(),
        now=now,
        outcomes=[str(to) for to in BedStay.To],
        limit_hours=hours_by_kind("beds.limit_h", place, at=last).get(BedKind.KAD),
    )


def as_csv(figures: OhdYear, place: StationPlace, *, beds: float | None) -> str:
    """The figures of a year as a file: what, number, of how many. Unknown is empty."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([_("Stasjon"), _("År"), _("Hva"), _("Tall"), _("Av"), _("Enhet")])
    for what, number, of, unit in table(figures, beds=beds):
        cells = (_number(number), _number(of))
        writer.writerow([place.name, figures.year, what, *cells, unit])
    return text.getvalue()


type Line = tuple[str, float | None, float | None, str]


def table(figures: OhdYear, *, beds: float | None) -> list[Line]:
    """The figures as lines: what it is, the number, of how many, and its unit.

    `beds` is the share of the bed hours that somebody lay there.
    """
    over = figures.over_limit
    count = _("antall")
    lines: list[Line] = [
        (_("Innleggelser"), figures.admitted, None, count),
        (_("Utskrivninger"), figures.ended, None, count),
        (_("Lå der ved slutten"), figures.there_at_the_end, None, count),
        (_("Liggedøgn"), figures.bed_hours / DAY_H, None, _("døgn")),
        (_("Belegg"), None if beds is None else beds * 100, None, _("prosent")),
        (_("Liggetid, gjennomsnitt"), figures.mean_hours, None, _("timer")),
        (_("Liggetid, median"), figures.median_hours, None, _("timer")),
        (
            _("Lå lenger enn grensa"),
            None if over is None else over.count,
            None if over is None else over.of,
            count,
        ),
    ]
    lines += [
        (f"{_('Skrevet ut til')}: {TO[BedStay.To(code)]}", part.count, part.of, count)
        for code, part in figures.outcomes.items()
    ]
    return lines


def _number(value: float | None) -> str:
    """A number as a Norwegian spreadsheet reads it; empty where it is unknown."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.2f}".replace(".", ",")


def _of_kind(kind: str, days: tuple[DayOccupancy, ...]) -> Occupancy:
    hours = sum(day.bed_hours for day in days)
    room = sum((day.beds or 0) * day.seen_hours for day in days)
    return Occupancy(
        kind=kind,
        title=str(KIND[BedKind(kind)]),
        days=days,
        bed_hours=hours,
        share=hours / room if room else None,
    )
