"""The map of travel time: outlines once, and the figures of a page beside its table."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from varde.apps.planning.queries.travel import Far, Group, Travel
from varde.apps.planning.queries.travel_plan import Outcome, Plan
from varde.apps.planning.queries.travel_tables import people
from varde.apps.planning.travel_figures import QUESTIONS
from varde.apps.planning.travel_ground import Ground
from varde.apps.sentral.queries.number_tables import percent
from varde.apps.staffing.messages.numbers import number
from varde.engines.access.effects import AreaEffect
from varde.engines.access.outlines import COAST
from varde.engines.access.reach import Summary


STEP_M = 100  # what a point of an outline is told in
MOST_PLACES = 400  # circles on one map
FEW = 40  # municipalities with a number on the map
SHARES = (0.0, 0.05, 0.15, 0.40)  # a class begins above each
SAME = 2  # the class of what stays
MINUTES = (-10.0, -1.0, 1.0, 10.0, 30.0)  # a change of the mean


def outline_figures(here: Ground) -> dict[str, Any]:
    """The lines of each municipality and of the coast, in hundreds of metres."""
    areas: dict[str, list[Any]] = {}
    coast: list[Any] = []
    if here.outlines is not None:
        for area, points in here.outlines.lines():
            line = (points / STEP_M).round().astype(int).tolist()
            if area == COAST:
                coast.append(line)
            else:
                code = str(here.survey.municipality[area])
                areas.setdefault(code, []).append(line)
    return {"step_m": STEP_M, "areas": areas, "coast": coast}


def share_map(here: Ground, found: Travel, limit_min: int) -> dict[str, Any] | None:
    """Where many have longer than the limit."""
    if here.outlines is None:
        return None
    limit = float(limit_min)

    def told(group: Group, question: str) -> tuple[int, str, str]:
        one: Summary = group.both[question]
        share = one.beyond[limit] if one.beyond else None
        said = _("%(name)s: %(share)s over %(limit)s min, %(none)s uten veg") % {
            "name": group.name,
            "share": percent(share),
            "limit": limit_min,
            "none": percent(one.no_road),
        }
        label = f"{share:.0%}".replace("%", " %") if share else ""
        return _class_of(share, SHARES), label, said

    return _map(
        here,
        areas={
            group.code: {one: told(group, one) for one in QUESTIONS}
            for group in found.municipalities
        },
        names={group.code: group.name for group in found.municipalities},
        stations=_stations(here),
        spots=_spots(here, found.far),
        title=_("Andel over %(n)s minutter, kommune for kommune") % {"n": limit_min},
        focus=[],
    ) | {
        "kind": "share",
        "legend": [
            (0, _("ingen")),
            (1, _("inntil 5 %")),
            (2, _("5–15 %")),
            (3, _("15–40 %")),
            (4, _("over 40 %")),
        ],
    }


def change_map(here: Ground, plan: Plan, done: Outcome) -> dict[str, Any] | None:
    """Where the mean time gets longer or shorter."""
    if here.outlines is None:
        return None
    survey = here.survey
    areas: dict[str, dict[str, tuple[int, str, str]]] = {}
    for question in QUESTIONS:
        changed = {one.area: one for one in done.effects[question].areas}
        for place, code in enumerate(survey.municipality.tolist()):
            areas.setdefault(code, {})[question] = _change(
                str(survey.municipality_name[place]), changed.get(place)
            )
    names = dict(
        zip(
            survey.municipality.tolist(), survey.municipality_name.tolist(), strict=True
        )
    )
    return _map(
        here,
        areas=areas,
        names=names,
        stations=[
            _station(
                one.name, one.xy, kind=_kind(one.is_open, one.is_new or one.is_moved)
            )
            for one in plan.posts
        ],
        spots=[],
        title=_("Endring av middeltida, kommune for kommune"),
        focus=[
            code
            for code, both in areas.items()
            if any(one[0] != SAME for one in both.values())
        ],
    ) | {
        "kind": "change",
        "legend": [
            (0, _("over 10 min kortere")),
            (1, _("1–10 min kortere")),
            (2, _("som før")),
            (3, _("1–10 min lengre")),
            (4, _("10–30 min lengre")),
            (5, _("over 30 min lengre")),
        ],
    }


def _kind(is_open: bool, is_changed: bool) -> str:  # noqa: FBT001
    if not is_open:
        return "closed"
    return "new" if is_changed else "open"


def _change(name: str, one: AreaEffect | None) -> tuple[int, str, str]:
    before = one.before.mean_min if one else None
    after = one.after.mean_min if one else None
    if before is None or after is None:
        return SAME, "", _("%(name)s: som før") % {"name": name}
    minutes = after - before
    said = _("%(name)s: middel %(before)s → %(after)s min") % {
        "name": name,
        "before": number(before),
        "after": number(after),
    }
    label = f"{minutes:+.0f}" if abs(minutes) >= 1 else ""
    return _class_of(minutes, MINUTES), label, said


def _class_of(value: float | None, borders: Iterable[float]) -> int:
    """How many of the borders a value is above; 0 for one that is unknown."""
    return sum(value > border for border in borders) if value is not None else 0


def _map(
    here: Ground,
    *,
    areas: Mapping[str, Mapping[str, tuple[int, str, str]]],
    names: Mapping[str, str],
    stations: list[dict[str, Any]],
    spots: list[dict[str, Any]],
    title: str,
    focus: list[str],
) -> dict[str, Any]:
    return {
        "title": title,
        "is_drawn": here.outlines is not None and here.outlines.is_drawn,
        "data": {
            "outlines": reverse("planning:travel_outlines", args=[here.mark]),
            "areas": {
                code: {"name": names[code], **{q: list(one) for q, one in both.items()}}
                for code, both in areas.items()
            },
            "stations": stations,
            "spots": spots,
            "is_labelled": len(areas) <= FEW,
            "focus": focus,
        },
    }


def _stations(here: Ground) -> list[dict[str, Any]]:
    survey = here.survey
    return [
        _station(str(name), (float(x), float(y)), kind="open")
        for name, (x, y) in zip(survey.station_name, survey.station_xy, strict=True)
    ]


def _station(name: str, xy: tuple[float, float], *, kind: str) -> dict[str, Any]:
    said = {
        "open": name,
        "closed": _("%(name)s, stengt") % {"name": name},
        "new": _("%(name)s, ny plass") % {"name": name},
    }[kind]
    return {"said": said, "at": _at(xy), "kind": kind}


def _spots(here: Ground, far: Iterable[Far]) -> list[dict[str, Any]]:
    """A circle for each far place: as large as its people, dashed where no road leads."""
    found = []
    for one in tuple(far)[:MOST_PLACES]:
        x, y = here.survey.xy[one.origin]
        found.append(
            {
                "at": _at((float(x), float(y))),
                "people": {name: round(count) for name, count in one.people.items()},
                "has_road": one.no_road < one.most,
                "said": _("%(place)s: %(people)s over grensen")
                % {"place": one.name, "people": people(one.most)},
            }
        )
    return found


def _at(xy: tuple[float, float]) -> list[int]:
    return [round(xy[0] / STEP_M), round(xy[1] / STEP_M)]
