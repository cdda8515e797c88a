"""What the demo district is made of: places, organisation, names. Values only.

The municipalities, their inhabitants and the places are real and have their source in the
content files. Every sentral, district, station, surgery and person is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from varde.engines.demo.figures import Assumptions, Published


@dataclass(frozen=True, slots=True, kw_only=True)
class Municipality:
    """A real municipality. `sami_name` is "" where the map shows none."""

    number: str
    name: str
    sami_name: str
    county: str
    population: Mapping[int, int]  # inhabitants on 1 January of a year
    population_65: Mapping[int, int]  # of 65 years and more; not every year is typed in

    def inhabitants(self, year: int) -> int:
        """Inhabitants on 1 January, or of the nearest year that is typed in."""
        nearest = min(self.population, key=lambda known: (abs(known - year), known))
        return self.population[nearest]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand:
    """Ages in whole years, both ends included."""

    first: int
    last: int

    @property
    def years(self) -> int:
        """How many years of age the band holds."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A real place and the rough way to the stations.

    `share` is our guess of how much of the municipality belongs here, 0 to 1.
    `travel_min` has minutes by station code; a station that is missing was not computed.
    """

    municipality: str
    name: str
    sami_name: str
    latitude: float
    longitude: float
    share: float
    travel_min: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentral:
    """A made-up legevaktsentral."""

    code: str
    name: str
    host_district: str
    districts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A made-up legevaktdistrikt."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A made-up legevakt station in a real town."""

    code: str
    name: str
    district: str
    municipality: str
    place: str
    latitude: float
    longitude: float
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catchment:
    """Which station serves a municipality. `valid_to` is exclusive; None: still so."""

    municipality: str
    station: str
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A telephone line into the sentral. A higher priority is answered sooner."""

    code: str
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A made-up GP surgery."""

    municipality: str
    name: str
    doctors: int
    lets_us_book: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    """Somebody who works here and logs in. Made up.

    `place` is the code of the sentral, district or station where the role is held.
    `operator_code` is what the telephone exchange calls an operator, "" for the others.
    `position_percent` is None where it is not said.
    """

    username: str
    given_name: str
    family_name: str
    role: str
    place: str
    position_percent: int | None
    operator_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What people ring about, and who rings about it.

    `id` is the complaint's in the index. The weights are relative; `child` is for 0 to 15
    years, `old` from 67. `from_age` and `below_age` are the ages, in years, that it is
    meant for (0, 1, 10, 12, 16, 20, 40, 50, 60, 65, 67 or 75; no other limit is kept). `urgency` is added to the log-odds of yellow and red; `consult` and `visit` tilt
    towards a consultation and a home visit. `reasons`
    are ICPC-2 codes with relative weights.
    """

    id: str
    weight: float
    from_age: int = 0
    below_age: int | None = None
    child: float = 1.0
    adult: float = 1.0
    old: float = 1.0
    man: float = 1.0
    woman: float = 1.0
    urgency: float = 0.0
    consult: float = 1.0
    visit: float = 1.0
    reasons: tuple[tuple[str, float], ...] = (("A04", 1.0),)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameGroup:
    """Names that go together. `language` is "nb" for the large group."""

    language: str
    share: float
    needs_interpreter: float
    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names to draw from. `older` are of those born before 1970."""

    older: NameGroup
    younger: NameGroup
    elsewhere: tuple[NameGroup, ...]
    roads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorHome:
    """A municipality outside the district that visitors come from."""

    number: str
    name: str
    county: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Everything that is typed in about the demo district."""

    municipalities: tuple[Municipality, ...]
    age_bands: tuple[AgeBand, ...]
    # (municipality, "female" or "male") -> inhabitants in each age band
    ages: Mapping[tuple[str, str], tuple[int, ...]]
    ages_of_norway: Mapping[str, tuple[int, ...]]
    places: tuple[Place, ...]
    sentraler: tuple[Sentral, ...]
    districts: tuple[District, ...]
    stations: tuple[Station, ...]
    catchments: tuple[Catchment, ...]
    lines: tuple[Line, ...]
    offices: tuple[Office, ...]
    staff: tuple[StaffMember, ...]
    visitor_homes: tuple[VisitorHome, ...]
    complaints: tuple[Complaint, ...]
    names: Names
    published: Published
    assumptions: Assumptions
    sources: Mapping[str, str]  # content file -> where its figures come from

    def sentral(self, code: str) -> Sentral:
        """The sentral with this code. Raises ValueError for an unknown one."""
        for sentral in self.sentraler:
            if sentral.code == code:
                return sentral
        known = ", ".join(s.code for s in self.sentraler)
        raise ValueError(f"no sentral of the demo is called {code!r}; it has {known}")

    def station_of(self, municipality: str, *, on: date) -> Station:
        """The station that serves a municipality on a day.

        Raises ValueError if none does.
        """
        for catchment in self.catchments:
            if catchment.municipality == municipality and catchment.holds_on(on):
                return next(s for s in self.stations if s.code == catchment.station)
        raise ValueError(f"no station serves municipality {municipality} on {on}")

    def municipalities_of(self, sentral: str, *, on: date) -> tuple[Municipality, ...]:
        """The municipalities that a sentral answers for on a day."""
        districts = self.sentral(sentral).districts
        return tuple(
            m
            for m in self.municipalities
            if self.station_of(m.number, on=on).district in districts
        )
