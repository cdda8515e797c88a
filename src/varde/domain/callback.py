"""A call-back that is owed: when it is due, who has tried, and when to stop trying alone.

It comes from a call that was abandoned (nobody has judged it: it has no hastegrad) or
from a promise (it has one). A patient who cannot be reached is not closed away: after
enough attempts over enough time somebody else must decide. That is the shift leader, and
for the most urgent hastegrad AMK or the police, who can send someone to the door.

All numbers are the sentral's dated settings and come as arguments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import Hastegrad


class AttemptResult(StrEnum):
    """How an attempt went. Only REACHED means that the right person was spoken with."""

    REACHED = auto()
    NO_ANSWER = auto()
    BUSY = auto()
    VOICEMAIL = auto()
    WRONG_NUMBER = auto()


class EscalateTo(StrEnum):
    """Who must decide about a patient who cannot be reached."""

    SHIFT_LEADER = auto()
    WELFARE_CHECK = auto()  # AMK or the police


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to ring back."""

    at: datetime
    result: AttemptResult


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreachableRule:
    """At least so many attempts, and so many minutes since the first of them."""

    attempts: int
    minutes: int

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.minutes < 0:
            raise ValueError(
                f"attempts {self.attempts} must be >= 1, minutes {self.minutes} >= 0"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackState:
    """Where a call-back stands at a moment. `escalate_to` is None while we go on."""

    due_at: datetime
    attempts: int
    is_reached: bool
    is_overdue: bool
    escalate_to: EscalateTo | None


def due_at(
    hastegrad: Hastegrad | None,
    *,
    since: datetime,
    minutes: Mapping[str, int],
    minutes_without: int,
) -> datetime:
    """The moment when a call-back must have been tried.

    Parameters
    ----------
    hastegrad : Hastegrad or None
        None for a call that nobody has judged.
    since : aware datetime
        When the caller hung up, or when the promise was made.
    minutes : level code -> minutes, >= 0
    minutes_without : int
        Minutes for the call that nobody has judged, >= 0. It may be anything, also
        akutt: the setting should be short.

    Returns
    -------
    aware datetime

    Raises
    ------
    ValueError
        If the level is not in `minutes`, or minutes are negative, or `since` has no zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> due_at(None, since=noon, minutes={}, minutes_without=10).minute
    10
    """
    if since.tzinfo is None:
        raise ValueError(f"since has no time zone: {since!r}")
    if hastegrad is None:
        allowed = minutes_without
    elif hastegrad.code in minutes:
        allowed = minutes[hastegrad.code]
    else:
        raise ValueError(
            f"no call-back minutes are set for {hastegrad.code!r}; "
            f"there are for {', '.join(minutes) or 'none'}"
        )
    if allowed < 0:
        raise ValueError(f"call-back minutes are negative: {allowed}")
    return since + timedelta(minutes=allowed)


def callback_state(
    attempts: Iterable[Attempt],
    *,
    hastegrad: Hastegrad | None,
    due: datetime,
    now: datetime,
    rule: UnreachableRule,
) -> CallbackState:
    """Where a call-back stands now.

    Overdue means that `due` has passed and nobody was reached; attempts do not help
    against it, since it is the patient's clock. The unreachable rule counts attempts, and
    minutes from the first attempt to now, both at least: it must not be used up in a
    minute of redialling, nor wait for one more try when the time is long gone.
    """
    tried = sorted(attempts, key=lambda attempt: attempt.at)
    is_reached = any(a.result is AttemptResult.REACHED for a in tried)
    is_unreachable = not is_reached and _is_met(tried, now=now, rule=rule)
    return CallbackState(
        due_at=due,
        attempts=len(tried),
        is_reached=is_reached,
        is_overdue=not is_reached and now > due,
        escalate_to=_escalation(hastegrad) if is_unreachable else None,
    )


def may_settle_as_unreachable(
    attempts: Iterable[Attempt], *, now: datetime, rule: UnreachableRule
) -> None:
    """Refuse to give up on a patient before the rule is met.

    Raises `RuleBroken`: CALLBACK_IS_SETTLED if the patient was reached, and
    UNREACHABLE_TOO_EARLY (attempts, attempts_needed, minutes, minutes_needed).
    """
    tried = sorted(attempts, key=lambda attempt: attempt.at)
    if any(a.result is AttemptResult.REACHED for a in tried):
        raise RuleBroken(Rule.CALLBACK_IS_SETTLED)
    if not _is_met(tried, now=now, rule=rule):
        minutes = int((now - tried[0].at).total_seconds() // 60) if tried else 0
        raise RuleBroken(
            Rule.UNREACHABLE_TOO_EARLY,
            attempts=str(len(tried)),
            attempts_needed=str(rule.attempts),
            minutes=str(minutes),
            minutes_needed=str(rule.minutes),
        )


def _is_met(tried: list[Attempt], *, now: datetime, rule: UnreachableRule) -> bool:
    if len(tried) < rule.attempts:
        return False
    return now - tried[0].at >= timedelta(minutes=rule.minutes)


def _escalation(hastegrad: Hastegrad | None) -> EscalateTo:
    if hastegrad is not None and hastegrad.is_most_urgent:
        return EscalateTo.WELFARE_CHECK
    return EscalateTo.SHIFT_LEADER
