"""Places beyond an hour, what is planned for each, and which of them lack a measure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from varde.apps.planning.measure_kinds import MeasureKind, measure_kinds
from varde.apps.planning.queries.travel import Far
from varde.apps.planning.queries.travel_tables import people
from varde.apps.planning.services.measures import OPEN, MeasurePlace
from varde.apps.records.models import Catchment, CompensatingMeasure
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.access import Workplace


State = CompensatingMeasure.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measure, as it is listed."""

    row: CompensatingMeasure
    kind: MeasureKind
    state: str
    is_late: bool

    @property
    def is_dropped(self) -> bool:
        """Whether it will not come."""
        return self.row.state == State.DROPPED


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMeasures:
    """A place and its measures. `far` is None where nobody there has too long any more."""

    municipality: str
    municipality_name: str
    name: str
    far: Far | None
    lines: tuple[Line, ...]

    @property
    def lacks(self) -> bool:
        """Whether people there have too long and nothing is planned."""
        return self.far is not None and all(one.is_dropped for one in self.lines)


def own_municipalities(workplace: Workplace, *, on: date) -> frozenset[str]:
    """The municipalities that the stations of the district serve on a day."""
    return frozenset(
        Catchment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on),
            station__district_id=workplace.district_id,
            valid_from__lte=on,
        ).values_list("municipality_id", flat=True)
    )


def state_words() -> dict[str, str]:
    """The states in words."""
    return {
        State.PLANNED: _("Planlagt"),
        State.STARTED: _("Satt i gang"),
        State.IN_PLACE: _("På plass"),
        State.DROPPED: _("Blir ikke noe av"),
    }


def lines_of(workplace: Workplace, *, today: date) -> tuple[Line, ...]:
    """The measures of the district, by due date."""
    rows = (
        CompensatingMeasure.objects.filter(district_id=workplace.district_id)
        .select_related("municipality", "changed_by")
        .order_by("due_on", "pk")
    )
    words, kinds = state_words(), measure_kinds()
    return tuple(
        Line(
            row=row,
            kind=kinds.get(row.kind) or _gone(row.kind),
            state=words[row.state],
            is_late=row.state in OPEN and row.due_on < today,
        )
        for row in rows
    )


def _gone(code: str) -> MeasureKind:
    """A kind that is no longer in the file."""
    return MeasureKind(code=code, words=code, about="", source="", verified=False)


def by_place(far: Iterable[Far], lines: Iterable[Line]) -> tuple[PlaceMeasures, ...]:
    """Each far place with its measures: those that lack one first, most people first.

    Places with measures that are not far any more come last.
    """
    held: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        held.setdefault((line.row.municipality_id, line.row.place), []).append(line)
    found = [
        PlaceMeasures(
            municipality=one.municipality,
            municipality_name=one.municipality_name,
            name=one.name,
            far=one,
            lines=tuple(held.pop((one.municipality, one.name), ())),
        )
        for one in far
    ]
    gone = [
        PlaceMeasures(
            municipality=municipality,
            municipality_name=some[0].row.municipality.name,
            name=name,
            far=None,
            lines=tuple(some),
        )
        for (municipality, name), some in held.items()
    ]
    return (*sorted(found, key=lambda one: not one.lacks), *gone)


def measure_place(far: Iterable[Far], code: str) -> MeasurePlace | None:
    """The far place of a code, to plan for; None where the code is of no such place."""
    one = next((one for one in far if one.code == code), None)
    if one is None:
        return None
    longest = max((m for m in one.minutes.values() if m is not None), default=None)
    return MeasurePlace(
        municipality=one.municipality,
        name=one.name,
        people=round(one.most),
        minutes=None if longest is None else round(longest),
    )


def measure_table(found: Iterable[PlaceMeasures]) -> dict[str, Any]:
    """Each measure as a row, and each place without any: for the akuttmedisinsk plan."""
    heads = [
        _("Kommunenummer"),
        _("Kommune"),
        _("Sted"),
        _("Innbyggere over grensen"),
        _("Tiltak"),
        _("Ansvarlig"),
        _("Frist"),
        _("Hvor langt tiltaket er kommet"),
        _("Merknad"),
        _("Planlagt"),
        _("Sist endret"),
    ]
    raw: list[list[Any]] = []
    for one in found:
        place = [
            one.municipality,
            one.municipality_name,
            one.name,
            round(one.far.most) if one.far else 0,
        ]
        raw += [[*place, *_cells(line)] for line in one.lines]
        if one.lacks and not one.lines:
            raw.append([*place, _("Mangler tiltak"), *[""] * 6])
    return table("tiltak", _("Kompenserende tiltak"), heads, raw, raw)


def _cells(line: Line) -> list[str]:
    row = line.row
    return [
        line.kind.words,
        row.responsible,
        row.due_on.isoformat(),
        line.state,
        row.note,
        f"{row.made_at:%Y-%m-%d}",
        f"{row.changed_at:%Y-%m-%d}",
    ]


def counts(found: Iterable[PlaceMeasures]) -> Mapping[str, str]:
    """How many places lack a measure, and how many live there."""
    lacking = [one for one in found if one.lacks]
    return {
        "places": str(len(lacking)),
        "people": people(sum(one.far.most for one in lacking if one.far)),
    }
