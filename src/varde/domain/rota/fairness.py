"""What is fair: an account for each sort of duty, and no single number for them all.

A duty is shared among those who could have it. What a person has above or below the fair
share is carried over to the next period as credit, so that a fair year may be made of
uneven quarters.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from varde.domain.rota.able import Able, able_for
from varde.domain.rota.rules.held import Timed, timed
from varde.domain.rota.values import Account, Assignment, Slot, Worker


DAY_S = 86_400
DECIMALS = 6  # of a duty: sums of shares are not exact, and equal rotas must be equal
A_DUTY = 1.0  # so near the fair share is as near as whole duties can be


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

    @property
    def is_far(self) -> bool:
        """Whether that is more than one whole duty, to either side.

        >>> kari = Standing(
        ...     worker="kari", account=Account.ALL, held=5, fair=3.9999999999, credit=0
        ... )
        >>> kari.deviation > A_DUTY, kari.is_far
        (True, False)
        """
        return round(abs(self.deviation), DECIMALS) > A_DUTY


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fairness:
    """How fair a rota is, comparable: the less, the fairer.

    Vacant places come first, since a rota that leaves duties out burdens nobody. Then all
    deviations of all people and accounts, the worst off first: of two rotas the one whose
    worst off is better off is fairer, and where those are equal the next one decides.
    """

    vacant: int
    deviations: tuple[float, ...]


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
    """Each person's fair share of each account, in duties, history not counted.

    Each duty is shared among those whom no rule of their own bars from it, by their
    share: so a person who is away half of the time has about half of a fair share, and a
    post that few hold is shared by those few.

    Parameters
    ----------
    slots, workers : sequences
        A share of 0 is one who fills in only and has no fair share. A slot outside the
        rota is shared by nobody.

    Returns
    -------
    mapping of worker id to mapping of every Account to a number of duties, >= 0
        The shares of an account add up to its duties, except those that nobody with a
        share could have.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from varde.domain.rota.values import Law, Span
    >>> at = [datetime(2026, 1, 5, hour, tzinfo=UTC) for hour in (15, 23)]
    >>> kveld = Slot(
    ...     id="kveld",
    ...     post="forvakt",
    ...     span=Span(starts_at=at[0], ends_at=at[1]),
    ...     accounts=frozenset({Account.EVENING, Account.ALL}),
    ... )
    >>> kari, ola = (
    ...     Worker(id=name, law=Law.AML, posts=frozenset({"forvakt"}), share=share)
    ...     for name, share in (("kari", 1.0), ("ola", 0.5))
    ... )
    >>> round(fair_shares([kveld], [kari, ola])["ola"][Account.EVENING], 3)
    0.333
    """
    shares = {worker.id: dict.fromkeys(Account, 0.0) for worker in workers}
    for slot, part in _parts(slots, workers):
        for worker, share in part.items():
            for account in slot.accounts:
                shares[worker][account] += share
    return shares


def standings(
    *, slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> tuple[Standing, ...]:
    """Every person's accounts in a rota, in the order of the workers and the accounts."""
    held = Counter(
        (assignment[slot.id], account)
        for slot in slots
        if slot.id in assignment and not slot.is_outside
        for account in slot.accounts
    )
    shares = fair_shares(slots, workers)
    return tuple(
        Standing(
            worker=worker.id,
            account=account,
            held=held[worker.id, account],
            fair=shares[worker.id][account],
            credit=worker.credit.get(account, 0.0),
        )
        for worker in workers
        for account in Account
    )


def fairness(
    *, slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> Fairness:
    """How fair a rota is, to be compared with another of the same slots and people.

    Those who fill in only (share 0) are not counted: no share of them is fair.
    """
    rows = standings(slots=slots, workers=workers, assignment=assignment)
    return fairness_of(
        {(row.worker, row.account): row.deviation for row in rows},
        workers=workers,
        vacant=sum(slot.id not in assignment for slot in slots),
    )


def fairness_of(
    deviations: Mapping[tuple[str, Account], float],
    *,
    workers: Sequence[Worker],
    vacant: int,
) -> Fairness:
    """The same from deviations that are known already, by worker and account."""
    counted = {worker.id for worker in workers if worker.share > 0}
    found = [
        round(value, DECIMALS) + 0.0  # -0.0 is 0.0
        for (worker, _), value in deviations.items()
        if worker in counted
    ]
    return Fairness(vacant=vacant, deviations=tuple(sorted(found, reverse=True)))


def credit_of(
    periods: Iterable[tuple[date, Sequence[Standing]]], *, since: date
) -> Mapping[str, Mapping[Account, float]]:
    """The credit that the next period begins with: what was above or below earlier.

    Parameters
    ----------
    periods : iterable of (last day, the standings of that period)
    since : date
        Periods that ended before it no longer count.

    Returns
    -------
    mapping of worker id to mapping of Account to duties above (+) or below (-)
        Each period's own: what it began with is not counted twice. One who was in none
        has no line, which is 0: a new colleague owes nothing and is owed nothing.
    """
    found: defaultdict[str, dict[Account, float]] = defaultdict(dict)
    for ended_on, rows in periods:
        if ended_on < since:
            continue
        for row in rows:
            own = found[row.worker]
            own[row.account] = own.get(row.account, 0.0) + row.held - row.fair
    return dict(found)


def spacing(
    *, slots: Sequence[Slot], workers: Sequence[Worker], assignment: Assignment
) -> tuple[Spacing, ...]:
    """How close each person's duties are, from start to start in true days."""
    held: defaultdict[str, list[Timed]] = defaultdict(list)
    for each in timed(slots):
        if each.slot.id in assignment:
            held[assignment[each.slot.id]].append(each)
    return tuple(_spacing(worker.id, held[worker.id]) for worker in workers)


def _parts(
    slots: Sequence[Slot], workers: Sequence[Worker]
) -> Iterable[tuple[Slot, Mapping[str, float]]]:
    """Each slot with everybody's part of it. No parts where nobody could have it."""
    people = [Able(worker) for worker in workers if worker.share > 0]
    for each in timed(slot for slot in slots if not slot.is_outside):
        able = able_for(each, people)
        total = sum(person.worker.share for person in able)
        yield (
            each.slot,
            {person.worker.id: person.worker.share / total for person in able},
        )


def _spacing(worker: str, duties: Sequence[Timed]) -> Spacing:
    nights = [each for each in duties if Account.NIGHT in each.slot.accounts]
    between, of_nights = (
        [(b.starts_s - a.starts_s) / DAY_S for a, b in pairwise(some)]
        for some in (duties, nights)
    )
    return Spacing(
        worker=worker,
        least_days=min(between, default=None),
        mean_days=sum(between) / len(between) if between else None,
        least_days_of_nights=min(of_nights, default=None),
    )
