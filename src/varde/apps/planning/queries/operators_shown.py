"""The operators of a week as the page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from varde.apps.planning import operators_form as form
from varde.apps.planning.queries.demand_shown import per_cent
from varde.apps.planning.queries.planned import planned
from varde.apps.planning.queries.staffing_week import HalfHour, half_hours_of
from varde.apps.records.models import OperatorNeed, Sentral
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.messages.numbers import number
from varde.apps.staffing.queries.rota import needs
from varde.engines.forecast.series import WEEK_HOURS
from varde.engines.telephony.erlang import Service
from varde.engines.telephony.operators import Callers, Norm


HALVES_A_DAY, HALF_H = 48, 0.5
MOST_OVER = 10  # needs that are over, in the list
WEEKS_KEPT = 32  # counted weeks in one process


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A half hour: how many are needed, what that gives, how many are planned."""

    operators: int
    within: str
    abandoned: str
    planned: int | None
    is_short: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What so many operators give in a half hour."""

    operators: int
    change: str
    within: str
    abandoned: str
    wait_s: str
    occupancy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The week: a row of seven cells for each half hour of the day, and the sums."""

    rows: Sequence[tuple[str, Sequence[Cell]]]
    operators: tuple[int, ...]
    met: Mapping[str, float | None]
    hours: float
    planned_hours: float | None
    short_halves: int
    chosen: int
    chosen_words: str
    chosen_rate: str
    choices: Sequence[Choice]
    half_hours: tuple[HalfHour, ...]
    planned: Sequence[int] | None


@lru_cache(maxsize=WEEKS_KEPT)
def counted(
    means: tuple[float, ...], monday: date, callers: Callers, norm: Norm
) -> tuple[HalfHour, ...]:
    """The half hours of a week; the same question is answered once in a process.

    Raises ValueError where the norm is not met with any number.
    """
    return half_hours_of(
        means,
        monday=datetime.combine(monday, time()),
        callers=callers,
        norm=norm,
    )


def means_of(found: Mapping[str, Any], monday: date) -> tuple[float, ...]:
    """The expected calls of each hour of a week of a kept forecast."""
    first = datetime.fromisoformat(found["by_hour"]["begins"]).date()
    place = (monday - first).days * 24
    return tuple(found["by_hour"]["means"][place : place + WEEK_HOURS])


def week(
    sentral: Sentral,
    half_hours: tuple[HalfHour, ...],
    *,
    chosen: int | None,
) -> Week:
    """The week as it is shown. Without a chosen half hour: the one with most in hand."""
    there = planned(sentral, [one.begins for one in half_hours])
    busiest = max(range(len(half_hours)), key=lambda n: half_hours[n].needs.load)
    place = busiest if chosen is None else chosen
    cells = [
        Cell(
            operators=one.needs.operators,
            within=per_cent(one.needs.chosen.answered_within),
            abandoned=per_cent(one.needs.chosen.abandoned),
            planned=None if there is None else there.each[n],
            is_short=there is not None and there.each[n] < one.needs.operators,
            is_chosen=n == place,
        )
        for n, one in enumerate(half_hours)
    ]
    begins = half_hours[place].begins
    return Week(
        rows=[
            (
                f"{half // 2:02}:{30 * (half % 2):02}",
                [cells[HALVES_A_DAY * day + half] for day in range(7)],
            )
            for half in range(HALVES_A_DAY)
        ],
        operators=tuple(one.needs.operators for one in half_hours),
        met=met(half_hours),
        hours=HALF_H * sum(one.needs.operators for one in half_hours),
        planned_hours=None if there is None else there.hours,
        short_halves=sum(cell.is_short for cell in cells),
        chosen=place,
        chosen_words=date_format(begins, "l j. F H:i"),
        chosen_rate=number(half_hours[place].needs.calls_per_hour),
        choices=_choices(half_hours[place]),
        half_hours=half_hours,
        planned=None if there is None else there.each,
    )


def met(half_hours: Sequence[HalfHour]) -> dict[str, float | None]:
    """What the callers of the whole week meet: each half hour counts by its calls.

    None where no call is expected: nobody meets anything.
    """
    calls = sum(one.needs.calls_per_hour for one in half_hours)

    def mean(name: str) -> float | None:
        if not calls:
            return None
        parts = (
            one.needs.calls_per_hour * float(getattr(one.needs.chosen, name))
            for one in half_hours
        )
        return sum(parts) / calls

    return {
        "calls": calls * HALF_H,
        "answered_within": mean("answered_within"),
        "abandoned": mean("abandoned"),
        "mean_wait_min": mean("mean_wait_min"),
    }


def _choices(one: HalfHour) -> list[Choice]:
    needs_, made = one.needs, []
    for change, service in (
        (-1, needs_.fewer),
        (0, needs_.chosen),
        (1, needs_.more),
    ):
        if service is not None:
            made.append(_choice(needs_.operators + change, change, service))
    return made


def _choice(operators: int, change: int, service: Service) -> Choice:
    words = {-1: _("én færre"), 0: _("behovet"), 1: _("én flere")}
    return Choice(
        operators=operators,
        change=words[change],
        within=per_cent(service.answered_within, decimals=1),
        abandoned=per_cent(service.abandoned, decimals=1),
        wait_s=number(60 * service.mean_wait_min, decimals=0),
        occupancy=per_cent(service.occupancy),
    )


def week_table(found: Week) -> dict[str, Any]:
    """The week as a file: a line for each half hour."""
    heads = [
        _("Begynner"),
        _("Anrop i timen"),
        _("Erlang"),
        _("Operatører"),
        _("Besvart i tide"),
        _("La på"),
        _("Én færre: besvart i tide"),
        _("Én færre: la på"),
        _("Én flere: besvart i tide"),
        _("Én flere: la på"),
        _("Planlagt"),
    ]
    raw = []
    for n, one in enumerate(found.half_hours):
        fewer = one.needs.fewer
        raw.append(
            [
                one.begins.isoformat(sep=" "),
                round(one.needs.calls_per_hour, 3),
                round(one.needs.load, 3),
                one.needs.operators,
                round(one.needs.chosen.answered_within, 4),
                round(one.needs.chosen.abandoned, 4),
                None if fewer is None else round(fewer.answered_within, 4),
                None if fewer is None else round(fewer.abandoned, 4),
                round(one.needs.more.answered_within, 4),
                round(one.needs.more.abandoned, 4),
                None if found.planned is None else found.planned[n],
            ]
        )
    return table("operatorer", _("Operatører"), heads, raw, raw)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A need that was handed to the rota."""

    id: int
    days: str
    state: str
    is_open: bool
    by: str
    at: datetime
    hours: str
    most: int
    facts: Sequence[tuple[str, str]]


def handed(sentral: Sentral, *, today: date) -> list[Handed]:
    """The needs of a sentral, the last first; those long over are left to the log.

    One that is not over is there however old it is: else nobody could end it.
    """
    found = OperatorNeed.objects.filter(sentral=sentral)
    over = found.filter(valid_to__lte=today)[:MOST_OVER]
    shown = Q(valid_to=None) | Q(valid_to__gt=today) | Q(pk__in=over.values("pk"))
    rows = list(found.filter(shown).select_related("handed_by"))
    counts = needs.on(rows, today)
    return [_handed(row, today=today, counts=counts) for row in rows]


def _handed(row: OperatorNeed, *, today: date, counts: OperatorNeed | None) -> Handed:
    is_over = row.valid_to is not None and row.valid_to <= today
    if is_over:
        state = _("avsluttet")
    elif row.valid_from > today:
        state = _("begynner senere")
    elif row == counts:
        state = _("gjelder nå")
    else:
        state = _("et nyere gjelder nå")
    first = date_format(row.valid_from, "j. F Y")
    days = _("fra %(first)s") % {"first": first}
    if row.valid_to is not None:
        last = date_format(row.valid_to - needs.DAY, "j. F Y")
        days = _("fra %(first)s til og med %(last)s") % {"first": first, "last": last}
    return Handed(
        id=row.pk,
        days=days,
        state=state,
        is_open=not is_over and row.ended_at is None,
        by=row.handed_by.name,
        at=row.handed_at,
        hours=number(HALF_H * sum(row.operators), decimals=0),
        most=max(row.operators),
        facts=[
            (str(form.BY_NAME[one["name"]].label), _said(one))
            for one in row.assumed["numbers"]
            if one["value"] is not None
        ]
        + [
            (_("Besvart i tide"), per_cent(row.met["answered_within"], decimals=1)),
            (_("La på"), per_cent(row.met["abandoned"], decimals=1)),
        ],
    )


def _said(one: Mapping[str, Any]) -> str:
    unit = form.BY_NAME[one["name"]].unit
    return f"{number(one['value'])} {unit}. {one['source']}"
