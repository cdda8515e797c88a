"""What a scenario is: demand, places, people, steps, and the ways between the steps.

A contact arrives in a stream, takes a class (such as a hastegrad) and walks from step to
step until it comes to an outcome. A step needs people or beds, takes minutes, and may have
a queue. All times are minutes; minute 0 is Monday 00:00 unless `start_hour` says otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


HOURS_A_WEEK = 168
MINUTES_A_DAY = 1440.0
OTHER_HOURS = "other"  # the name of the hours that no period takes


class Kind(StrEnum):
    """The families of distributions that minutes can have."""

    FIXED = "fixed"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"
    NORMAL = "normal"
    GAMMA = "gamma"
    UNIFORM = "uniform"
    TRIANGULAR = "triangular"
    OBSERVED = "observed"


class At(StrEnum):
    """Where those who are needed must be."""

    STATION = "station"
    PATIENT = "patient"
    ANYWHERE = "anywhere"


class Fork(StrEnum):
    """The three ways on from a step."""

    NEXT = "next"  # it was done
    GIVES_UP = "gives_up"  # patience ran out in the queue
    FULL = "full"  # no queue, and nobody free


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How minutes are spread. A normal one is cut at 0."""

    kind: Kind
    mean: float = 0.0
    sd: float = 0.0
    low: float = 0.0
    mode: float = 0.0
    high: float = 0.0
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours of the week: from one hour of the day to another, on some days.

    `until` at or below `since` is on the day after. Days are 0 (Monday) to 6.
    """

    since: float
    until: float
    days: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)

    def minutes(self) -> Iterator[tuple[float, float]]:
        """The first minute and the end of each piece, in the week that it begins.

        >>> list(Hours(since=22, until=8, days=(0,)).minutes())
        [(1320.0, 1920.0)]
        """
        length = (self.until - self.since) % 24 or 24
        for day in self.days:
            begins = day * MINUTES_A_DAY + self.since * 60.0
            yield begins, begins + length * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Named hours of the week, by which routes and stations may differ."""

    name: str
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people live, and perhaps a station. The station may differ by period.

    `at` is for maps only: degrees north and east. A run takes no notice of it.
    """

    name: str
    inhabitants: float = 0.0
    at: tuple[float, float] | None = None
    station: str | None = None  # None: itself
    station_in: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A leg between two places, both ways. `bad_minutes` is the time in bad weather."""

    between: tuple[str, str]
    minutes: float
    km: float = 0.0
    bad_minutes: float | None = None  # None: the weather's factor on the minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A gamma factor on the demand of all streams, drawn anew for each block of hours."""

    hours: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Days of bad weather, and how much longer the roads then are."""

    bad_day_share: float = 0.0
    factor: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Contacts that arrive: how many, when, of which class, and where they begin.

    Either `per_hour` at one place, or `per_1000_a_year` of the inhabitants of every place,
    falling to half at `half_km` from the station of the place.
    """

    name: str
    first: str
    shares: Mapping[str, float]
    per_hour: float | None = None
    place: str | None = None
    per_1000_a_year: float | None = None
    half_km: float | None = None
    by_hour: tuple[float, ...] = ()  # 24 or 168 weights; their mean counts as 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person, car or bed: what it can be used for, where, when and in which tier.

    A lower tier is taken first. Without `duty` it is always there. Who `hands_over` gives
    unfinished work at the station or the telephone to a free colleague at the end of the
    duty; else, and when there is none, it is finished first.
    """

    name: str
    roles: tuple[str, ...]
    base: str | None = None  # None: the first place
    has_car: bool = False
    tier: int = 1
    duty: tuple[Hours, ...] = ()
    hands_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way on: to a step or an outcome, with a share, perhaps only for some."""

    to: str
    share: float = 1.0
    classes: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    hours: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is done. Without needs it only takes time, and has no queue.

    `needs` must all be free before it begins, and be where `at` says; `remote` too, but
    anywhere; `joins` come along if they are free just then, and are missed if not. When
    the limit of the class runs out in the queue, the patient is looked at anew in the step
    `look`; the share `raised` is then moved to the class before. The priority is by class,
    the lowest first.
    """

    name: str
    minutes: Spread
    at: At = At.STATION
    needs: tuple[str, ...] = ()
    remote: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    waits: bool = True
    patient_travels: bool = False
    is_doctor: bool = False
    priority: tuple[int, ...] = ()
    target_min: tuple[float, ...] = ()
    patience: Spread | None = None
    limit_min: tuple[float, ...] = ()
    look: str | None = None
    raised: float = 0.0
    routes: Mapping[Fork, tuple[Route, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """Where a part of the scenario comes from. `ours` is a guess of the makers."""

    about: str
    source: str
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The whole of it. Made by `scenario_file.read`, which checks that it fits together."""

    name: str
    title: str
    days: float
    classes: tuple[str, ...]
    outcomes: tuple[str, ...]
    places: tuple[Place, ...]
    streams: tuple[Stream, ...]
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    warm_up_days: float = 0.0
    start_hour: float = 0.0
    hand_over_min: float = 0.0
    roads: tuple[Road, ...] = ()
    periods: tuple[Period, ...] = ()
    factors: tuple[Factor, ...] = ()
    weather: Weather = field(default_factory=Weather)
    assumptions: tuple[Assumption, ...] = ()

    @property
    def horizon_min(self) -> float:
        """The minute at which the run ends, warm-up included."""
        return (self.warm_up_days + self.days) * MINUTES_A_DAY

    @property
    def warm_up_min(self) -> float:
        """The minute from which contacts count."""
        return self.warm_up_days * MINUTES_A_DAY

    def step_number(self, name: str) -> int:
        """The place of a step in the list."""
        return [step.name for step in self.steps].index(name)

    def place_number(self, name: str | None) -> int:
        """The place of a place in the list. None is the first."""
        return 0 if name is None else [p.name for p in self.places].index(name)

    def period_names(self) -> tuple[str, ...]:
        """The periods, with that of all other hours last."""
        return (*(period.name for period in self.periods), OTHER_HOURS)

    def period_at(self, minute: float) -> int:
        """The number of the first period that holds a minute of the run."""
        week = HOURS_A_WEEK * 60.0
        now = (minute + self.start_hour * 60.0) % week
        for number, period in enumerate(self.periods):
            for begins, ends in period.hours.minutes():
                if begins <= now < ends or begins <= now + week < ends:
                    return number
        return len(self.periods)

    def stations(self) -> list[int]:
        """The numbers of the places that are somebody's station at some time."""
        found = {
            self.station_of(place, period)
            for place in range(len(self.places))
            for period in range(len(self.periods) + 1)
        }
        return sorted(found)

    def station_of(self, place: int, period: int) -> int:
        """The number of the station that a place uses in a period."""
        home = self.places[place]
        if period < len(self.periods):
            named = home.station_in.get(self.periods[period].name)
            if named is not None:
                return self.place_number(named)
        return place if home.station is None else self.place_number(home.station)


def ways(
    step: Step, fork: Fork, *, class_name: str, station: str, period: str
) -> tuple[tuple[float, str], ...]:
    """Where a contact can go from a step: cumulative shares, each with its goal.

    Of the routes that fit, the most particular hold: those that name the class before
    those that do not, among them those that name the station, and then the hours. The last
    one takes what is left.
    """
    fits = [
        route
        for route in step.routes.get(fork, ())
        if (not route.classes or class_name in route.classes)
        and (not route.stations or station in route.stations)
        and (route.hours is None or route.hours == period)
    ]
    most = max((_particular(route) for route in fits), default=None)
    total, result = 0.0, []
    for route in fits:
        if _particular(route) == most:
            total += route.share
            result.append((total, route.to))
    return tuple(result)


def _particular(route: Route) -> tuple[bool, bool, bool]:
    return bool(route.classes), bool(route.stations), route.hours is not None
