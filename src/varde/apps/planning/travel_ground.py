"""What travel is shown on: the imported geography, else the demo's; read once, kept here."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from varde.apps.planning import demo_ground
from varde.apps.planning.geography_folder import (
    KEPT,
    KEPT_GROUND,
    assumptions_on,
    has_survey,
    kept_file,
)
from varde.apps.planning.travel_figures import Measured, measured
from varde.domain.errors import BadInput
from varde.engines.access.adjusted import at_speed, with_people
from varde.engines.access.arrays import Floats, Minutes, Whole
from varde.engines.access.assumptions import Assumptions
from varde.engines.access.catchments import Hours
from varde.engines.access.outlines import Outlines
from varde.engines.access.roads import RoadTimes
from varde.engines.access.survey import Survey


DEMO_MARK = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A named place, which a station can be put at. `origin` is where most of it lives."""

    code: str  # of the municipality, and a number within it
    area: int
    name: str
    origin: int


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A survey, and what is needed to change its stations and to draw it.

    `km`, `roads` or `between`, and `outlines` are None where they were not kept: then new
    stations, contacts or the map are not to be had. `roads` is None too where another
    router measured the minutes: a new station's would not be of the same kind. `read_at`:
    when it was imported.
    """

    mark: str
    survey: Survey
    km: Minutes | None
    years: Mapping[int, Floats]
    roads: RoadTimes | None
    between: tuple[Minutes, Minutes] | None
    outlines: Outlines | None
    read_at: datetime | None

    @property
    def is_demo(self) -> bool:
        """Whether these are the figures that the project ships."""
        return self.mark == DEMO_MARK

    @property
    def may_open(self) -> bool:
        """Whether the way to a new station can be measured."""
        return self.roads is not None or self.between is not None

    @property
    def router(self) -> str:
        """What measured the minutes, where that was not the roads that are kept; else ""."""
        has_own = self.km is None or self.may_open
        return "" if has_own else self.survey.report.times_from

    def to_site(self, site: Site) -> tuple[Minutes, Minutes]:
        """Minutes and road kilometres from each place to a site."""
        if self.between is not None:
            minutes, km = self.between
            return minutes[:, site.origin], km[:, site.origin]
        if self.roads is None:
            raise ValueError("the roads are not kept")
        here = self.survey.xy[site.origin][None]
        limit = assumptions_on(date.max).limit_min
        return (
            self.roads.matrix(self.survey.xy, here, limit)[:, 0],
            self.roads.kilometres(self.survey.xy, here, limit)[:, 0],
        )

    @cached_property
    def names(self) -> tuple[np.ndarray, Whole]:
        """The names of places, and the number of that of each place."""
        found, number = np.unique(self.survey.place, return_inverse=True)
        return found, number.reshape(-1)

    @cached_property
    def sites(self) -> dict[str, Site]:
        """The named places by code: by municipality, then by name."""
        survey, (names, number) = self.survey, self.names
        order = np.lexsort((-survey.people, number, survey.area))
        keys = np.column_stack((survey.area, number))[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = (keys[1:] != keys[:-1]).any(axis=1)
        found: dict[str, Site] = {}
        before, within = -1, 0
        for origin in order[is_first].tolist():
            area, name = int(survey.area[origin]), str(names[number[origin]])
            within = within + 1 if area == before else 1
            before = area
            code = f"{survey.municipality[area]}-{within}"
            found[code] = Site(code=code, area=area, name=name, origin=origin)
        return found

    @cached_property
    def site_of(self) -> dict[tuple[int, str], Site]:
        """The named places by municipality and name."""
        return {(one.area, one.name): one for one in self.sites.values()}


_lock = threading.Lock()
_reading = threading.Lock()
_held: dict[tuple[str, ...], Ground] = {}


def ground(*, home: Path, today: date) -> tuple[Ground, str]:
    """The ground at hand, and what is wrong with the imported one where it cannot be used."""
    if not has_survey(home=home):
        return demo(today), ""
    key = _key(home)
    with _reading:
        if key not in _held:
            try:
                found = _imported(home)
            except BadInput as fault:
                return demo(today), str(fault)
            _held.clear()
            _held[key] = found
        return _held[key], ""


def is_at_hand(*, home: Path) -> bool:
    """Whether the ground is here already. To read a country takes some seconds."""
    return not has_survey(home=home) or _key(home) in _held


def _key(home: Path) -> tuple[str, ...]:
    return (str(home), *(_age(home / name) for name in (KEPT, KEPT_GROUND)))


def _age(file: Path) -> str:
    return str(file.stat().st_mtime_ns) if file.exists() else ""


def _imported(home: Path) -> Ground:
    survey, mark, kept = kept_file(home=home)
    measured_by = survey.report.times_from
    return Ground(
        mark=mark,
        survey=survey,
        km=kept.km if kept else None,
        years=kept.years if kept else {survey.report.year: survey.ages},
        roads=kept.roads if kept and kept.roads.name == measured_by else None,
        between=None,
        outlines=kept.outlines if kept else None,
        read_at=datetime.fromtimestamp((home / KEPT).stat().st_mtime, tz=UTC),
    )


def demo(today: date) -> Ground:
    """The ground of the demo district."""
    return _demo(assumptions_on(today).age_from)


@lru_cache(maxsize=1)
def _demo(age_from: tuple[int, ...]) -> Ground:
    return Ground(
        mark=DEMO_MARK,
        survey=demo_ground.demo_survey(age_from),
        km=demo_ground.demo_km(),
        years=demo_ground.demo_years(age_from),
        roads=None,
        between=demo_ground.demo_between(),
        outlines=demo_ground.demo_outlines(age_from),
        read_at=None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What one may change: the year of the people, the speed, and day or night."""

    year: int
    factor: float
    hours: Hours


type Key = tuple[str, Assumed, date]
_measured: dict[Key, Measured] = {}
_measuring: dict[Key, threading.Lock] = {}  # under way
MOST_MEASURED = 3  # a country takes some 100 MB each


def measured_on(here: Ground, assumed: Assumed, *, on: date) -> Measured:
    """How far everybody has under some assumptions, on a day."""
    key = (here.mark, assumed, on)
    with _lock:
        if key in _measured:
            return _last(key, _measured.pop(key))
        alone = _measuring.setdefault(key, threading.Lock())
    with (
        alone
    ):  # who asks for the same waits for it; who asks for something else does not
        with _lock:
            if key in _measured:
                return _last(key, _measured.pop(key))
        try:
            found = _measure(here, assumed, on=on)
        finally:
            with _lock:
                _measuring.pop(key, None)
        with _lock:
            while len(_measured) >= MOST_MEASURED:
                _measured.pop(next(iter(_measured)))
            return _last(key, found)


def _last(key: Key, found: Measured) -> Measured:
    """The last one used is the last: what is usual stays beside what is tried."""
    _measured[key] = found
    return found


def _measure(here: Ground, assumed: Assumed, *, on: date) -> Measured:
    survey = here.survey
    if assumed.year != survey.report.year:
        survey = with_people(survey, here.years[assumed.year], year=assumed.year)
    if assumed.factor != 1.0:
        survey = _faster(survey, assumed.factor)
    assumptions: Assumptions = assumptions_on(on)
    return measured(survey, assumptions=assumptions, on=on, hours=assumed.hours)


def _faster(survey: Survey, factor: float) -> Survey:
    return replace(survey, minutes=at_speed(survey.minutes, factor))
