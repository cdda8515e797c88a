"""Who rings: a person for each contact of a month."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from varde.engines.demo.chances import AGE_GROUPS, age_group
from varde.engines.demo.codes import NONE, Bools, Floats, Ints
from varde.engines.demo.people import People, ages
from varde.engines.demo.places import Demo


WINDOW_S: Final = 72 * 3600.0  # a second contact within this is a repeat
_DAY_S: Final = 86_400.0
_DAYS_A_YEAR: Final = 365.2425
_TRIES: Final = 5  # draws of an earlier contact before the last one is taken
_KM_PER_TRAVEL_MIN: Final = 1.0  # travel_minutes.csv was made with 60 km/h
_FARTHEST_KM: Final = 120.0  # ferries make the minutes long; the table ends about here


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """Contacts to look back at, in order of time. Seconds since 1970."""

    at: Floats
    person: Ints
    got_advice: Bools

    @classmethod
    def nobody(cls) -> "Recent":
        """At the start of the history."""
        return cls(
            at=np.zeros(0),
            person=np.zeros(0, dtype=np.int64),
            got_advice=np.zeros(0, dtype=np.bool_),
        )

    def then(self, later: "Recent") -> "Recent":
        """These, and later ones after them."""
        return Recent(
            at=np.concatenate((self.at, later.at)),
            person=np.concatenate((self.person, later.person)),
            got_advice=np.concatenate((self.got_advice, later.got_advice)),
        )

    def last_days(self) -> "Recent":
        """Those that a later contact may be a repeat of."""
        late = self.at >= self.at.max(initial=0.0) - WINDOW_S - _DAY_S
        return Recent(
            at=self.at[late], person=self.person[late], got_advice=self.got_advice[late]
        )


def members_of(demo: Demo, people: People, *, sentral: str) -> Ints:
    """The people that a sentral answers for: rows of the people, in order."""
    districts = demo.sentral(sentral).districts
    station_of = {s.code: s.district for s in demo.stations}
    ours = {
        c.municipality for c in demo.catchments if station_of[c.station] in districts
    }
    index = [i for i, m in enumerate(demo.municipalities) if m.number in ours]
    return np.flatnonzero(np.isin(people.municipality, index))


def travel_km(demo: Demo, *, on: date) -> Floats:
    """Kilometres from each place to the station that serves it, about.

    Infinite for a place whose way to that station is not typed in.
    """
    km = [
        place.travel_min.get(demo.station_of(place.municipality, on=on).code, np.inf)
        for place in demo.places
    ]
    return np.minimum(np.array(km) * _KM_PER_TRAVEL_MIN, _FARTHEST_KM)


def weights_of(
    demo: Demo, people: People, *, members: Ints, first: date, last: date
) -> Floats:
    """How much more some ring than others in a month, by age, sex, distance and person.

    Parameters
    ----------
    demo, people : Demo, People
    members : int64[n]
        The people that the sentral answers for.
    first, last : date
        The month's first and last day.

    Returns
    -------
    float64[n]
        Relative weights. 0 for those not yet born, moved or dead. Visitors together have
        the share of the month that is assumed of them; without inhabitants they have all.
    """
    day = np.datetime64(first, "D")
    lives_here = people.lives_here(day, np.datetime64(last, "D"))[members]
    by_age = _use_by_age(demo)
    # A day wrong at a birthday is nothing here, and this is many times faster than `ages`.
    age = (day - people.birth_date[members]).astype(np.int64) // _DAYS_A_YEAR
    sexes = demo.published.use_by_sex
    by_sex = np.where(people.female[members], sexes["female"], sexes["male"])
    half_at = demo.published.half_at_km["contacts"]
    near = 2.0 ** (-travel_km(demo, on=first) / half_at)
    weights = (
        by_age[np.clip(age, 0, len(by_age) - 1).astype(np.int64)]
        * by_sex
        * near[people.place[members]]
        * people.frailty[members]
        * lives_here
    )
    is_visitor = people.is_visitor[members]
    share = demo.assumptions.visitors[first.month - 1]
    ours, theirs = weights[~is_visitor].sum(), weights[is_visitor].sum()
    if ours > 0 and theirs > 0:
        weights[is_visitor] *= ours / theirs * share / (1 - share)
    return np.asarray(weights)


def expected_callers(
    people: People, *, members: Ints, weights: Floats, first: date
) -> Floats:
    """The expected share of contacts by age group and sex (man, woman); sums to 1."""
    age = ages(people.birth_date[members], np.datetime64(first, "D"))
    cell = age_group(np.maximum(age, 0)) * 2 + people.female[members]
    shares = np.bincount(cell, weights=weights, minlength=2 * AGE_GROUPS).reshape(-1, 2)
    return np.asarray(shares / shares.sum())


def draw_people(
    count: int, *, members: Ints, weights: Floats, rng: np.random.Generator
) -> Ints:
    """So many people of the members, some more likely than others.

    Without members, or where no weight is above 0, it raises ValueError.
    """
    edges = np.cumsum(weights)
    if not len(edges) or edges[-1] <= 0:
        raise ValueError("nobody lives here in this month: there is no one to ring")
    drawn = np.searchsorted(edges, rng.random(count) * edges[-1], side="right")
    return np.asarray(members[np.minimum(drawn, len(members) - 1)])


def earlier_contacts(
    at: Floats,
    *,
    earlier: Recent,
    mean_lag_s: float,
    if_not_advice: float,
    rng: np.random.Generator,
) -> Ints:
    """For each second contact, which earlier one it follows.

    Parameters
    ----------
    at : float64[n]
        When the second contacts came, seconds since 1970.
    earlier : Recent
        The contacts to choose from, in order of time.
    mean_lag_s : float
        How long after the first, on average before it is cut at 72 hours; seconds.
    if_not_advice : float
        How likely somebody who was seen is to ring again, as against somebody who was
        given advice; 0 to 1.
    rng : numpy Generator

    Returns
    -------
    int64[n]
        Rows of `earlier`; NONE where nobody was in contact in the 72 hours before.
    """
    count = len(at)
    chosen = np.full(count, NONE)
    if not len(earlier.at):
        return chosen
    is_chosen = np.zeros(count, dtype=np.bool_)
    for _ in range(_TRIES):
        lag = np.minimum(rng.exponential(mean_lag_s, count), WINDOW_S)
        row = np.searchsorted(earlier.at, at - lag, side="right") - 1
        fits = (row >= 0) & (at - earlier.at[np.maximum(row, 0)] <= WINDOW_S)
        likely = np.where(earlier.got_advice[np.maximum(row, 0)], 1.0, if_not_advice)
        takes = fits & ~is_chosen & (rng.random(count) < likely)
        chosen = np.where(fits & ~is_chosen, row, chosen)
        is_chosen |= takes
    return chosen


def repeat_numbers(at: Floats, person: Ints, *, recent: Recent) -> Ints:
    """How many contacts the person has had within 72 hours, this one included.

    Parameters
    ----------
    at : float64[n]
        Seconds since 1970, in order.
    person : int64[n]
        NONE for the unknown, who are counted as new each time.
    recent : Recent
        Those of the days before.

    Returns
    -------
    int64[n]
        1 for the first.

    Examples
    --------
    >>> hours = np.array([0.0, 1.0, 70.0, 80.0])
    >>> person = np.array([4, 5, 4, 4])
    >>> repeat_numbers(hours * 3600, person, recent=Recent.nobody())
    array([1, 1, 2, 2])
    """
    when = np.concatenate((recent.at, at))
    who = np.concatenate((recent.person, person))
    if not len(when):
        return np.zeros(0, dtype=np.int64)
    # One number line for all: each person has a stretch of it longer than the history.
    key = (when - when.min()) + who * (when.max() - when.min() + 2 * WINDOW_S)
    order = np.argsort(key, kind="stable")
    in_order = key[order]
    earliest = np.searchsorted(in_order, in_order - WINDOW_S, side="left")
    numbers = np.empty(len(key), dtype=np.int64)
    numbers[order] = np.arange(len(key)) - earliest + 1
    return np.where(who == NONE, 1, numbers)[len(recent.at) :]


def _use_by_age(demo: Demo) -> Floats:
    use = np.zeros(max(band.last for band in demo.age_bands) + 1)
    for band, rate in demo.published.use_by_age.items():
        first, _, last = band.partition("-")
        use[int(first) : int(last) + 1] = rate
    return use
