"""What a comparison of staffing models assumes, and what it finds.

None is unknown. An unknown price makes the sums unknown that need it, never smaller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from varde.domain.pay.amount import Amount
from varde.domain.pay.expected import Busyness
from varde.domain.pay.forms import Form
from varde.domain.pay.tariff import Days, Tariff
from varde.domain.rota.limits import Limits
from varde.domain.rota.values import Assignment, Slot, Span, Worker
from varde.engines.rostering.duties.staffing_file import Daytime, PayKind


TODAY = "today"  # the rota that the place has, beside the models


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What things cost the municipality, in kroner. None: unknown."""

    position: Decimal | None  # wages of a whole position for a year
    day_income: Decimal | None  # what a position brings in by its daytime work, a year
    social: Decimal | None  # employer's contributions and pension, share of wages
    substitute_day: Decimal | None  # a day and night of a substitute
    travel: Decimal | None  # travel and lodging of a substitute, each stay
    hourly: Decimal | None  # wages of those paid by the hour
    site: Decimal | None  # a satellite's video, equipment and rooms, a year


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRules:
    """What the load is counted by."""

    limits_h: tuple[float, float]  # hours a week
    night: tuple[time, time]
    night_h: float  # so many hours of it make a night on duty
    rest_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """Everything a comparison is counted from. The same gives the same answer."""

    first: date  # a Monday
    weeks: int
    seed: int
    form: Form  # of pay, for those who are paid for their duties
    practice_h: float | None  # a week, of a doctor with a practice
    busy: Busyness
    tariff: Tariff
    calendar: Days
    agreed: Mapping[str, int | None]  # class of a post
    class_minutes: Sequence[float]
    prices: Prices
    load: LoadRules
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some people with the same terms in a rota, by their ids."""

    code: str
    people: tuple[str, ...]
    pay: PayKind
    daytime: Daytime
    day_clock: tuple[time, time] = (time(8), time(15, 30))


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRota:
    """A rota of some weeks: the places, who has them, and the people in groups."""

    code: str
    first: date
    weeks: int
    slots: tuple[Slot, ...]
    workers: tuple[Worker, ...]
    groups: tuple[Group, ...]
    held: Assignment
    sites: int = 0

    def own_weeks(self, worker: str) -> tuple[Span, ...]:
        """The only periods in which a person has duties; empty for one without such."""
        return next(one.only_within for one in self.workers if one.id == worker)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What one person of a group carries: the middle of the group, and its extremes.

    Hours are of a mean week, those as bakvakt (`backup_h`) among the hours on duty.
    `practice_h` is None where it is unknown; then `whole_h`, and the weeks above the
    limits, are the least they can be, and rest the longest. How often duty comes is of the
    first tier; `nth_backup` is every how many days one is bakvakt.
    """

    code: str
    people: int
    duty_h: float
    backup_h: float
    duty_h_most: float
    active_h: float | None
    practice_h: float | None
    whole_h: float
    hardest_week_h: float
    over_low: float  # weeks a year, of one person
    over_high: float
    nth_weekday: float | None
    nth_weekend: float | None
    nth_night: float | None
    nth_backup: float | None
    holidays: float  # public holidays with duty, of one person in the period
    short_rests: float  # of one person in the period
    shortest_rest_h: float | None
    income: (
        Amount | None
    )  # for a year, of one person; None: not the municipality's to say


class Item(StrEnum):
    """What a line of the cost is for."""

    DUTY_PAY = "duty_pay"
    POSITIONS = "positions"
    SUBSTITUTE = "substitute"
    TRAVEL = "travel"
    HOURLY = "hourly"
    OTHER_PAYS = "other_pays"
    VACANT = "vacant"
    SOCIAL = "social"
    SITES = "sites"
    FEES = "fees"
    DAY_INCOME = "day_income"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the cost for a year. Income of the municipality is below 0."""

    item: Item
    amount: Amount
    group: str = ""
    quantity: float | None = None  # hours, positions, days, stays, sites
    rate: Decimal | None = None  # kroner for each; a share for SOCIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a model comes to at a place, for a year of 52 weeks."""

    code: str
    weeks: int
    slots: int
    vacant: int
    carried: tuple[Carried, ...]
    lines: tuple[Line, ...]
    duty_class: Mapping[str, int | None]  # of a post
    broken: Mapping[str, int] = field(default_factory=dict)  # hard rules
    warned: Mapping[str, int] = field(default_factory=dict)

    @property
    def cost(self) -> Amount:
        """What the municipality is left to pay for a year."""
        found = Amount()
        for line in self.lines:
            found += line.amount
        return found
