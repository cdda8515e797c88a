"""What is fair: an account for each sort of duty, and no single number for them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from varde.domain.rota.values import Account, Assignment, Slot, Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One person's account: duties held, the fair share, and what was carried over."""

    worker: str
    account: Account
    held: int
    fair: float
    credit: float

    @property
    def deviation(self) -> float:
        """Duties above (+) or below (-) the fair share, history counted."""
        return self.held + self.credit - self.fair


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fairness:
    """How fair a rota is, comparable: the less, the fairer. Vacant places come first."""

    vacant: int
    deviations: tuple[float, ...]  # the worst off first


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """Every n-th weekday and every n-th weekend with duty; None where there is none."""

    weekday_every: float | None
    weekend_every: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """Days from one duty's start to the next one's; None with fewer than two."""

    worker: str
    least_days: float | None
    mean_days: float | None
    least_days_of_nights: float | None


def fair_shares(
    slots: Sequence[Slot], workers: Sequence[Worker]
) -> Mapping[str, Mapping[Account, float]]:
    """Each person's fair share of each account, in duties, history not counted."""
    raise NotImplementedError


def standings(
    *, slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> tuple[Standing, ...]:
    """Every person's accounts in a rota."""
    raise NotImplementedError


def fairness(
    *, slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> Fairness:
    """How fair a rota is, to be compared with another of the same slots and people."""
    raise NotImplementedError


def carried_over(rows: Sequence[Standing]) -> Mapping[str, Mapping[Account, float]]:
    """The credit that the next period begins with: what is above or below now."""
    raise NotImplementedError


def spacing(
    *, slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> tuple[Spacing, ...]:
    """How close each person's duties are."""
    raise NotImplementedError


def frequency(
    *, slots: Sequence[Slot], assignment: Assignment, worker: str, zone: tzinfo
) -> Frequency:
    """Every how many weekdays and weekends a person has duty in a rota."""
    raise NotImplementedError


def expected_frequency(
    *, slots: Sequence[Slot], workers: Sequence[Worker], worker: str, zone: tzinfo
) -> Frequency:
    """Every how many weekdays and weekends a person has duty by the fair share."""
    raise NotImplementedError


def gini(values: Sequence[float]) -> float | None:
    """How unevenly something is shared, from 0 (evenly) towards 1. For reports only."""
    raise NotImplementedError
