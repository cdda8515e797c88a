"""The inhabitants of the demo district, and those who visit it. None of them exists."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from varde.engines.demo.bodies import NO_DAY, Bodies, inhabitants, joined, visitors
from varde.engines.demo.codes import (
    NONE,
    PROTECTIONS,
    Bools,
    Days,
    Floats,
    Ints,
    Protection,
    Texts,
    place_in,
)
from varde.engines.demo.numbers import national_ids, phone_numbers
from varde.engines.demo.places import Demo
from varde.engines.demo.staff import fastleger


_DIES_FROM: Final = 70  # who leaves the district at this age or later has died
_OLDER_NAMES_BEFORE: Final = 1970
_VISITORS: Final = 0.04  # of the inhabitants: how many different visitors there are
_FROM_ABROAD: Final = 0.4  # of the visitors; they have no Norwegian number
_WITHOUT_FASTLEGE: Final = 0.03
_PROTECTED: Final = {
    Protection.CLIENT: 0.002,
    Protection.CONFIDENTIAL: 0.001,
    Protection.STRICTLY: 0.0005,
}
_LANGUAGES_ABROAD: Final = ("en", "de", "pl", "lt")


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One row a person, column by column. Inhabitants first, then visitors.

    `municipality` and `place` are places in the tuples of the demo; for a visitor, where
    they stay. `resident_from` and `resident_to` are NaT where they were here before the
    history and are still; `died_on` is NaT for the living. `national_id` is "" for those
    from abroad. `fastlege` is a place in `fastleger(demo)`, or NONE; `protection` one in
    PROTECTIONS. `home_number` is a visitor's municipality, "" for inhabitants and those
    from abroad. `frailty` is how much more than others of the same age a person rings; 1
    on average.
    """

    municipality: Ints
    place: Ints
    female: Bools
    birth_date: Days
    resident_from: Days
    resident_to: Days
    died_on: Days
    national_id: Texts
    given_name: Texts
    family_name: Texts
    address: Texts
    phone: Texts
    language: Texts
    needs_interpreter: Bools
    protection: Ints
    fastlege: Ints
    is_visitor: Bools
    home_number: Texts
    frailty: Floats

    def __len__(self) -> int:
        return len(self.female)

    def lives_here(self, first: np.datetime64, last: np.datetime64) -> Bools:
        """Who was born, and lived here or could visit, from a day to the end of a day."""
        came = np.isnat(self.resident_from) | (self.resident_from <= first)
        stayed = np.isnat(self.resident_to) | (self.resident_to > last)
        return np.asarray(came & stayed & (self.birth_date <= first))


def ages(birth_date: Days, day: np.datetime64 | Days) -> Ints:
    """Ages in whole years on a day. A birthday on the day itself counts.

    Below 0 for those not yet born.

    >>> ages(np.array(["2000-02-29"], dtype="datetime64[D]"), np.datetime64("2026-02-28"))
    array([25])
    """
    born_year, born_rest = _year_and_rest(birth_date)
    year, rest = _year_and_rest(np.asarray(day))
    return np.asarray(year - born_year - (rest < born_rest))


def make_people(
    demo: Demo, *, seed: int, years: int, until: datetime, scale: float = 1.0
) -> People:
    """Everybody who lives in, or visits, the demo district during the history.

    Parameters
    ----------
    demo : Demo
    seed : int
        >= 0. The same seed gives the same people.
    years : int
        Years of history, >= 1.
    until : datetime
        The end of the history, with time zone. Nobody is born after it.
    scale : float
        How many times the real number of inhabitants, > 0.

    Returns
    -------
    People
        Some 15 per cent more than the inhabitants of one day: those who died or moved
        during five years, and visitors.

    Raises
    ------
    ValueError
        If years or scale is too small, or `until` has no time zone.
    """
    check_extent(years=years, until=until, scale=scale)
    rng = np.random.default_rng([seed, 1])
    last = np.datetime64(until.date(), "D")
    here = inhabitants(
        demo, years=range(until.year - years, until.year + 1), scale=scale, rng=rng
    )
    away = visitors(demo, count=round(_VISITORS * len(here)), last=last, rng=rng)
    return _with_particulars(demo, joined(here, away).born_by(last), rng=rng)


def check_extent(*, years: int, until: datetime, scale: float) -> None:
    """Refuse a history without length or end. Raises ValueError."""
    if years < 1:
        raise ValueError(f"years of history must be at least 1, got {years}")
    if scale <= 0:
        raise ValueError(f"scale must be above 0, got {scale}")
    if until.tzinfo is None:
        raise ValueError(f"until has no time zone: {until!r}")


def _with_particulars(
    demo: Demo, bodies: Bodies, *, rng: np.random.Generator
) -> People:
    count = len(bodies)
    is_abroad = bodies.is_visitor & (rng.random(count) < _FROM_ABROAD)
    named = _name(demo, bodies, is_abroad=is_abroad, rng=rng)
    numbers = national_ids(bodies.birth_date, female=bodies.female)
    home = _pick(tuple(h.number for h in demo.visitor_homes), rng.random(count))
    has_died = ages(bodies.birth_date, bodies.resident_to) >= _DIES_FROM
    has_died &= ~np.isnat(bodies.resident_to)
    shape = demo.assumptions.frailty_shape
    return People(
        municipality=bodies.municipality,
        place=_place(demo, bodies.municipality, draws=rng.random(count)),
        female=bodies.female,
        birth_date=bodies.birth_date,
        resident_from=bodies.resident_from,
        resident_to=bodies.resident_to,
        died_on=np.where(has_died, bodies.resident_to, NO_DAY),
        national_id=np.where(is_abroad, "", numbers),
        given_name=named.given,
        family_name=named.family,
        address=np.where(bodies.is_visitor, "", _address(demo, count, rng=rng)),
        phone=phone_numbers(count),
        language=named.language,
        needs_interpreter=named.needs_interpreter,
        protection=_protection(draws=rng.random(count)),
        fastlege=_fastlege(demo, bodies, rng=rng),
        is_visitor=bodies.is_visitor,
        home_number=np.where(bodies.is_visitor & ~is_abroad, home, ""),
        frailty=rng.gamma(shape, 1 / shape, count),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    given: Texts
    family: Texts
    language: Texts
    needs_interpreter: Bools


def _name(
    demo: Demo, bodies: Bodies, *, is_abroad: Bools, rng: np.random.Generator
) -> _Named:
    """Names by birth year, sex, and where the family comes from."""
    count = len(bodies)
    groups = (demo.names.older, demo.names.younger, *demo.names.elsewhere)
    # Older and younger are one group until the birth year divides them.
    shares = np.array([0.0, *(group.share for group in groups[1:])])
    group = _pick_index(shares, rng.random(count))
    abroad = [i for i, g in enumerate(groups) if g.language in _LANGUAGES_ABROAD]
    group = np.where(is_abroad, rng.choice(abroad, count), group)
    born_year, _ = _year_and_rest(bodies.birth_date)
    group = np.where((group == 1) & (born_year < _OLDER_NAMES_BEFORE), 0, group)

    given = np.zeros(count, dtype="U16")
    family = np.zeros(count, dtype="U16")
    draws = rng.random((2, count))
    for index, names in enumerate(groups):
        for female, first_names in ((True, names.female), (False, names.male)):
            who = (group == index) & (bodies.female == female)
            given[who] = _pick(first_names, draws[0, who])
            family[who] = _pick(names.family, draws[1, who])
    language = np.array([g.language for g in groups])[group]
    needs = np.array([g.needs_interpreter for g in groups])[group]
    return _Named(
        given=given,
        family=family,
        language=language,
        needs_interpreter=rng.random(count) < needs,
    )


def _pick(values: tuple[str, ...], draws: Floats) -> Texts:
    return np.array(values)[(draws * len(values)).astype(np.int64)]


def _pick_index(weights: Floats, draws: Floats) -> Ints:
    edges = np.cumsum(weights)
    index = np.searchsorted(edges, draws * edges[-1], side="right")
    return np.asarray(np.minimum(index, len(weights) - 1))


def _address(demo: Demo, count: int, *, rng: np.random.Generator) -> Texts:
    road = _pick(demo.names.roads, rng.random(count))
    house = rng.integers(1, 60, count).astype("U2")
    return np.asarray(np.char.add(np.char.add(road, " "), house))


def _place(demo: Demo, municipality: Ints, *, draws: Floats) -> Ints:
    shares = np.zeros((len(demo.municipalities), len(demo.places)))
    numbers = tuple(m.number for m in demo.municipalities)
    for column, place in enumerate(demo.places):
        shares[place_in(numbers, place.municipality), column] = place.share
    chosen = np.zeros(len(municipality), dtype=np.int64)
    for index, row in enumerate(shares):
        who = municipality == index
        chosen[who] = _pick_index(row, draws[who])
    return chosen


def _protection(*, draws: Floats) -> Ints:
    shares = np.array([_PROTECTED.get(level, 0.0) for level in PROTECTIONS])
    shares[place_in(PROTECTIONS, Protection.OPEN)] = 1.0 - shares.sum()
    return _pick_index(shares, draws)


def _fastlege(demo: Demo, bodies: Bodies, *, rng: np.random.Generator) -> Ints:
    """A fastlege of one's own municipality; none for visitors, and for a few others."""
    doctors = fastleger(demo)
    chosen = np.full(len(bodies), NONE)
    draws = rng.random(len(bodies))
    for index, municipality in enumerate(demo.municipalities):
        own = np.array(
            [i for i, d in enumerate(doctors) if d.municipality == municipality.number]
        )
        who = bodies.municipality == index
        chosen[who] = own[(draws[who] * len(own)).astype(np.int64)]
    has_none = bodies.is_visitor | (rng.random(len(bodies)) < _WITHOUT_FASTLEGE)
    return np.where(has_none, NONE, chosen)


def _year_and_rest(day: Days) -> tuple[Ints, Ints]:
    """The year, and month and day as one number that can be compared."""
    months = day.astype("datetime64[M]")
    years = day.astype("datetime64[Y]")
    in_year = (months - years.astype("datetime64[M]")).astype(np.int64)
    in_month = (day.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(
        np.int64
    )
    return years.astype(np.int64) + 1970, in_year * 100 + in_month
