"""How many people of each age and sex live where, and when they come and go.

The number of people of each age and sex is the municipality's own. People are born, move
and die over the years of the history, so that each year has its inhabitants and its ages
and not those of the last year grown younger. In which way each goes is our simplification:
the age shape of the typed-in year holds for every year.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from varde.engines.demo.codes import Bools, Days, Floats, Ints
from varde.engines.demo.places import AgeBand, Demo


NO_DAY: Final = np.datetime64("NaT", "D")
_SHAPE_YEAR: Final = 2026  # the year of population_age_sex.csv
_OLDEST: Final = 105
_FROM_NINETY: Final = 0.75  # each year of age above 90 has this many of the one before
_YOUNGEST_VISITOR_DAYS: Final = 366
_AGES_OF_VISITORS: Final = (0, 35, 85)  # least, commonest, most; years


@dataclass(frozen=True, slots=True, kw_only=True)
class Bodies:
    """People before they have names, column by column.

    `municipality` is a place in `demo.municipalities`. `resident_from` and `resident_to`
    are NaT for those who were here before the history, and are still.
    """

    municipality: Ints
    female: Bools
    birth_date: Days
    resident_from: Days
    resident_to: Days
    is_visitor: Bools

    def __len__(self) -> int:
        return len(self.female)

    def born_by(self, day: np.datetime64) -> "Bodies":
        """Those who were born on a day or before."""
        born = self.birth_date <= day
        return Bodies(**{f.name: getattr(self, f.name)[born] for f in fields(self)})


def joined(*parts: Bodies) -> Bodies:
    """Several lots of people as one, in the same order."""
    return Bodies(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Bodies)
        }
    )


def inhabitants(
    demo: Demo, *, years: range, scale: float, rng: np.random.Generator
) -> Bodies:
    """Everybody who lived in the district in some of the years.

    On 1 January of each year the number of each age and sex is, but for rounding, that of
    the municipality times `scale`.
    """
    counted = range(years.start, years.stop + 1)  # 1 January of each, and of the next
    parts = []
    for index, municipality in enumerate(demo.municipalities):
        grown = [
            scale * municipality.inhabitants(y) / municipality.inhabitants(_SHAPE_YEAR)
            for y in counted
        ]
        for sex in ("female", "male"):
            by_age = _by_single_age(demo.age_bands, demo.ages[municipality.number, sex])
            lives = _cohorts(by_age, grown=grown, years=counted, rng=rng)
            count = len(lives.birth_date)
            parts.append(
                Bodies(
                    municipality=np.full(count, index),
                    female=np.full(count, sex == "female"),
                    birth_date=lives.birth_date,
                    resident_from=lives.resident_from,
                    resident_to=lives.resident_to,
                    is_visitor=np.zeros(count, dtype=np.bool_),
                )
            )
    return joined(*parts)


def visitors(
    demo: Demo, *, count: int, last: np.datetime64, rng: np.random.Generator
) -> Bodies:
    """People who may be ill here without living here; they stay where people live."""
    weights = np.array([m.inhabitants(_SHAPE_YEAR) for m in demo.municipalities], float)
    age_years = rng.triangular(*_AGES_OF_VISITORS, count)
    age_days = _YOUNGEST_VISITOR_DAYS + (age_years * 365.25).astype(np.int64)
    return Bodies(
        municipality=rng.choice(len(weights), count, p=weights / weights.sum()),
        female=rng.random(count) < 0.5,
        birth_date=last - age_days.astype("timedelta64[D]"),
        resident_from=np.full(count, NO_DAY),
        resident_to=np.full(count, NO_DAY),
        is_visitor=np.ones(count, dtype=np.bool_),
    )


def _by_single_age(bands: tuple[AgeBand, ...], counts: tuple[int, ...]) -> Floats:
    """Inhabitants of each year of age, spread evenly in each band but the oldest."""
    by_age = np.zeros(_OLDEST + 1)
    for band, count in zip(bands, counts, strict=True):
        falls = _FROM_NINETY if band.last >= _OLDEST else 1.0
        weights = falls ** np.arange(band.years)
        by_age[band.first : band.last + 1] = count * weights / weights.sum()
    return by_age


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lives:
    birth_date: Days
    resident_from: Days
    resident_to: Days


def _cohorts(
    by_age: Floats, *, grown: list[float], years: range, rng: np.random.Generator
) -> _Lives:
    """Lives of one sex in one municipality, so that every 1 January has its number.

    A cohort is those born in one year. It is as large on 1 January as its age has people.
    When it grows, somebody moves in; when it shrinks, somebody leaves.
    """
    counted = np.array(years)
    born = np.arange(years.start - 1 - _OLDEST, years[-1])
    age = counted - 1 - born[:, None]
    lives = (age >= 0) & (age <= _OLDEST)
    expected = np.where(lives, by_age[np.clip(age, 0, _OLDEST)] * np.array(grown), 0.0)
    size = np.floor(expected + rng.random(len(born))[:, None]).astype(np.int64) * lives
    most = size.max(axis=1)
    cohort = np.repeat(np.arange(len(born)), most)
    number = np.arange(len(cohort)) - np.repeat(np.cumsum(most) - most, most)
    is_here = number[:, None] < size[cohort]
    first = is_here.argmax(axis=1)
    last = len(counted) - 1 - is_here[:, ::-1].argmax(axis=1)

    birth_date = _some_day_of(born[cohort], rng=rng)
    came = _some_day_of(counted[first] - 1, rng=rng)
    left = _some_day_of(counted[last], rng=rng)
    is_born_here = born[cohort] == counted[first] - 1
    came = np.where(is_born_here, birth_date, came)
    return _Lives(
        birth_date=birth_date,
        resident_from=np.where(first == 0, NO_DAY, came),
        resident_to=np.where(last == len(counted) - 1, NO_DAY, left),
    )


def _some_day_of(year: Ints, *, rng: np.random.Generator) -> Days:
    first = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray(first + rng.integers(0, 365, len(year)).astype("timedelta64[D]"))
