"""Who is in the rota now, what is assumed of the years ahead, and what age alone says.

Of birth only the year is known: a person counts as the age that is reached in the year,
from its January on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite


MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Doctor:
    """A doctor with a post. `born_year` is None where it is unknown.

    `back_in` is how many months until the doctor is in the rota again: 0 for one who is in
    it, None for one who is out for good (exempt).
    """

    born_year: int | None
    back_in: int | None = 0

    def __post_init__(self) -> None:
        if self.back_in is not None and self.back_in < 0:
            raise ValueError(f"back_in is {self.back_in} months, not 0 or more")

    def age_in(self, year: int) -> int | None:
        """The age reached in a year; None where it is unknown."""
        return None if self.born_year is None else year - self.born_year


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is assumed. Shares are 0 to 1; ages in years.

    `exempt_ages` are the ages from which exemption may be asked for (by agreement, by
    regulation), and `exempt_shares` the share that has it from that age on. `exit_share`
    is the share that leaves in a year before retirement. `recruit_months` is how long, on
    average, from a vacancy until the new one is in the rota; None: nobody comes.
    """

    exempt_ages: tuple[int, int]
    exempt_shares: tuple[float, float]
    retire_age: int
    exit_share: float
    recruit_months: float | None
    new_age: int

    def __post_init__(self) -> None:
        shares = (*self.exempt_shares, self.exit_share)
        if not all(isfinite(share) and 0 <= share <= 1 for share in shares):
            raise ValueError(f"a share is from 0 to 1: {self}")
        if self.recruit_months is not None and not 1 <= self.recruit_months < 1000:
            raise ValueError(f"a vacancy lasts at least a month: {self}")
        if not self.new_age < self.retire_age:
            raise ValueError(f"a new doctor is younger than {self.retire_age}: {self}")

    @property
    def exit_share_a_month(self) -> float:
        """The share that leaves in a month, so that twelve make the year's."""
        return float(1 - (1 - self.exit_share) ** (1 / MONTHS))

    @property
    def fill_share_a_month(self) -> float:
        """The chance that a vacancy is filled in a month."""
        return 0.0 if self.recruit_months is None else 1 / self.recruit_months

    def exempt_share_at(self, age: int) -> float:
        """The share of those of an age that is exempt. It never falls with age."""
        by_agreement, by_regulation = self.exempt_ages
        shares = [0.0]
        if age >= by_agreement:
            shares.append(self.exempt_shares[0])
        if age >= by_regulation:
            shares.append(self.exempt_shares[1])
        return max(shares)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByAge:
    """What age alone says of a year, if everybody stays and nobody comes.

    `may_ask` have reached an age of exemption and are not out for good already; `retired`
    have reached that of retirement and are not among them. `unknown` have no known age.
    `left` are in the rota if all who may ask are exempt, the unknown being counted in.
    """

    year: int
    may_ask: int
    retired: int
    unknown: int
    left: int


def by_age(
    doctors: Iterable[Doctor], assumptions: Assumptions, *, now: int, years: int
) -> ByAge:
    """How many may ask for exemption so many years after `now`, a year.

    Examples
    --------
    >>> rules = Assumptions(
    ...     exempt_ages=(55, 60), exempt_shares=(1, 1), retire_age=67, exit_share=0,
    ...     recruit_months=None, new_age=33,
    ... )
    >>> doctors = [Doctor(born_year=year) for year in (1960, 1971, 1990)]
    >>> found = by_age(doctors, rules, now=2020, years=10)
    >>> found.retired, found.may_ask, found.left
    (1, 1, 1)
    """
    year = now + years
    may_ask = retired = unknown = left = 0
    for one in doctors:
        age = one.age_in(year)
        unknown += age is None
        if age is not None and age >= assumptions.retire_age:
            retired += 1
        elif one.back_in is None:
            continue
        elif age is not None and age >= min(assumptions.exempt_ages):
            may_ask += 1
        else:
            left += one.back_in <= years * MONTHS
    return ByAge(
        year=year, may_ask=may_ask, retired=retired, unknown=unknown, left=left
    )
