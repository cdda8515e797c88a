"""What goes into the optimiser of the rota, and what comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from varde.domain.rota.fairness import A_DUTY, Standing
from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Need, RotaRule
from varde.domain.rota.values import Assignment, Slot, Span, Wish, Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Goals:
    """How the wishes of a good rota are measured. Chosen by the workplace."""

    # Duties from the fair share, in an account, that nobody minds. Shares are seldom
    # whole numbers, so below 1 there is often no rota without a deviation.
    tolerance_duties: float = A_DUTY
    # Duties of one person should not begin closer than so many days. 0: not asked for,
    # as for those who work shifts.
    spacing_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A rota to be made, under the rules of `varde.domain.rota` with `limits` and `needs`.

    `fixed` are duties that are given, slot id to worker id. `earlier` are duties that
    people have had (or have) outside the period, which rest and weeks are counted with.
    """

    slots: tuple[Slot, ...]
    workers: tuple[Worker, ...]
    limits: Limits
    wishes: tuple[Wish, ...] = ()
    needs: tuple[Need, ...] = ()
    fixed: Assignment = field(default_factory=dict)
    earlier: Mapping[str, tuple[Slot, ...]] = field(default_factory=dict)
    goals: Goals = field(default_factory=Goals)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Cost:
    """How good a rota is: the less the better, compared from the first field on.

    `unfair` has one number for each person and account that is more than the tolerance
    away from the fair share: by how many duties, rounded up, the worst first. Two rotas
    are so compared from the one who is worst off.
    """

    short: int  # people too few where a need or the minimum of the sentral is not met
    vacant: int  # slots without anybody
    substitutes: int  # slots held by people whose share is 0, beyond the fixed ones
    unfair: tuple[int, ...]
    wishes: int  # the weights of the wishes that are not met, summed
    spacing: int  # duties too close, summed over people
    warnings: int  # warnings of SFS 2305
    imbalance: int  # hundredths of a duty away from the fair shares, summed


class Status(StrEnum):
    """How a search ended."""

    PROVEN = "proven"  # no rota is better
    FOUND = "found"  # there is a rota; a better one may exist
    IMPOSSIBLE = "impossible"  # not even with vacant slots: the fixed duties collide
    NOTHING_FOUND = "nothing_found"  # stopped before there was any


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rota, how good it is, and how good any can be.

    `bound` is a cost that no rota can go below (as far as is proven). `standings` are
    each person's accounts, the largest deviation first. `broken_wishes`
    are the ids of the wishes that are not met; `out_of_reach` those among them that no
    rota can meet, with codes of what stands in the way.
    """

    status: Status
    assignment: Assignment
    cost: Cost | None
    bound: Cost | None
    vacant: tuple[str, ...]
    broken_wishes: tuple[str, ...]
    out_of_reach: Mapping[str, tuple[str, ...]]
    standings: tuple[Standing, ...]
    seconds_to_first: float | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One slot that changes hands. None: vacant."""

    slot: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refill:
    """A rota mended with the least disturbance."""

    status: Status
    assignment: Assignment
    changes: tuple[Change, ...]
    vacant: tuple[str, ...]
    least_changes: int  # no mending has fewer
    seconds: float


class Ground(StrEnum):
    """Demands beside the rules of the domain. The comment: which values they have."""

    FILLED = "filled"  # slot: somebody must have it
    FIXED = "fixed"  # slot, worker: given beforehand


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A demand of a collision, or one that is given up. Words are made by the screens."""

    code: Ground | RotaRule
    worker: str = ""
    slot: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collision:
    """Why no complete rota exists.

    `demands` cannot all be met; when `is_smallest`, they can without any one of them.
    `relaxation` is what to give up so that a complete rota of `within` exists: the
    cheapest when `is_cheapest`; empty when none was found in time, or when the law and
    the competence rules, which are never given up, collide by themselves.
    """

    demands: tuple[Demand, ...]
    is_smallest: bool
    relaxation: tuple[Demand, ...]
    is_cheapest: bool
    within: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Whether a complete rota exists: yes, no (with what collides), or None: not known
    in the time."""

    is_possible: bool | None
    collision: Collision | None
    seconds: float


type AwayFrom = Mapping[str, tuple[Span, ...]]  # worker id -> new absences
