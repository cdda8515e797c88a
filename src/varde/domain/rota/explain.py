"""Why a rota is as it is, and who else could have a duty: codes and values, no words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Breach, ChangeJudged, Need
from varde.domain.rota.values import Account, Assignment, Slot, Wish, Worker


class Why(StrEnum):
    """A ground for what a person has. The comment names its values."""

    FAIR_SHARE = "fair_share"  # held, fair: within a whole duty of the fair share
    OWED = "owed"  # credit: had fewer earlier
    ABOVE_SHARE = "above_share"  # held, fair, over
    BELOW_SHARE = "below_share"  # held, fair, under
    WISHED = "wished"  # count: duties that the person asked for
    OTHERS_BARRED = "others_barred"  # slot, rule, count: stopped so many others
    OTHERS_WISHED_FREE = "others_wished_free"  # slot, count
    GROUP = "group"  # count: duties that come together
    NEED = "need"  # slot: nobody else may have it
    RULE = "rule"  # rule: stands in the way, count: for so many
    FAIRNESS = "fairness"  # worst: the account would be so much further above the share
    NO_DUTY_THERE = "no_duty_there"  # no slot in the period that was wished for
    POSSIBLE = "possible"  # worker: nothing stood in the way; it can still be done


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One ground, with its values."""

    code: Why
    values: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WishAnswer:
    """Whether a wish was placed, and what stood in the way where it was not."""

    wish: str
    is_placed: bool
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person for a vacant duty: what it breaks, and what it does to the accounts."""

    worker: str
    judged: ChangeJudged
    deviation_before: float  # in the account where the duty weighs most
    deviation_after: float
    week_hours: float  # in that week, the duty counted
    nearest_days: float | None  # to the person's nearest other duty
    wishes_lost: int

    @property
    def may(self) -> bool:
        """Whether no hard rule stands in the way."""
        return self.judged.is_allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapJudged:
    """What a swap, or a duty given away, does to the rules and to the two people."""

    judged: ChangeJudged
    deviation_before: Mapping[str, float]  # by worker: the worst account
    deviation_after: Mapping[str, float]

    @property
    def is_allowed(self) -> bool:
        """Whether the rules let it be done at once."""
        return self.judged.is_allowed


class Obstacle(StrEnum):
    """What makes a rota impossible before anybody tries."""

    NOBODY_MAY = "nobody_may"  # slots: no person may ever have it
    MAY_HAVE_NONE = "may_have_none"  # worker: no place that the person may have
    OVERLAPPING_AWAY = "overlapping_away"  # worker: two absences at once
    TOO_FEW_PEOPLE = "too_few_people"  # slots at once, needed, there
    NOBODY_COMPETENT = "nobody_competent"  # slots: nobody there may work alone
    TOO_FEW_HOURS = "too_few_hours"  # needed, there: hours under the working-time rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """One sentence of why no rota can be made."""

    code: Obstacle
    slots: tuple[str, ...] = ()
    worker: str = ""
    needed: float = 0.0
    there: float = 0.0


def why_has(
    *,
    worker: str,
    account: Account,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
    among: Sequence[str] = (),
) -> tuple[Ground, ...]:
    """Why a person has the duties of an account; `among` narrows it to some slots."""
    raise NotImplementedError


def wishes_answered(
    *,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish],
    needs: Sequence[Need] = (),
) -> tuple[WishAnswer, ...]:
    """Every wish: placed or not, and what stood in the way."""
    raise NotImplementedError


def candidates(
    *,
    slot: str,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> tuple[Candidate, ...]:
    """Everybody for one duty, the best first; those who may not have it come last."""
    raise NotImplementedError


def judge_swap(
    *,
    first: str,
    second: str | None,
    to: str,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    assignment: Assignment,
    limits: Limits,
    wishes: Sequence[Wish] = (),
    needs: Sequence[Need] = (),
) -> SwapJudged:
    """A duty given to another, who gives one in return or none (`second`)."""
    raise NotImplementedError


def impossible(
    *,
    slots: Sequence[Slot],
    workers: Sequence[Worker],
    limits: Limits,
) -> tuple[Impossible, ...]:
    """Why no rota can be made of these slots and people; empty where nothing is seen."""
    raise NotImplementedError


__all__ = ["Breach"]
