"""Who owns a call or a contact: one colleague at a time, and never silently none.

The first to claim owns it. A racing claim is refused and told who was first. A colleague
who *means* to take over uses another door, `may_take_over`: free within a short grace
(two reached for the same telephone), with a reason later. A workstation that dies stops
sending heartbeats; after some missed ones its claim is stale, and anyone may claim.

The functions are pure: they take the claim as it is and give the claim as it becomes.
The caller holds the row's lock between the two, and that makes "never two" true.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from varde.domain.errors import Rule, RuleBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRules:
    """The sentral's numbers: grace and time between heartbeats in seconds, > 0."""

    grace_s: float
    beat_s: float
    missed_beats: int

    def __post_init__(self) -> None:
        if self.grace_s < 0 or self.beat_s <= 0 or self.missed_beats < 1:
            raise ValueError(
                f"grace_s {self.grace_s} must be >= 0, beat_s {self.beat_s} > 0 and "
                f"missed_beats {self.missed_beats} >= 1"
            )

    @property
    def stale_after(self) -> timedelta:
        """How long a claim lives without a heartbeat."""
        return timedelta(seconds=self.beat_s * self.missed_beats)


class ClaimedHow(StrEnum):
    """How the owner became the owner."""

    FREE = auto()
    GRACE = auto()
    REASON = auto()
    STALE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An ownership. `taken_from` is the owner before, None if there was none."""

    owner: str
    claimed_at: datetime
    beat_at: datetime
    how: ClaimedHow = ClaimedHow.FREE
    taken_from: str | None = None
    reason: str = ""


def is_stale(claim: Claim, *, now: datetime, rules: ClaimRules) -> bool:
    """Has the owner's workstation been silent too long?

    A heartbeat that comes exactly when the last allowed one is due is in time.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> rules = ClaimRules(grace_s=20, beat_s=10, missed_beats=3)
    >>> claim = Claim(owner="kari", claimed_at=noon, beat_at=noon)
    >>> is_stale(claim, now=noon + timedelta(seconds=30), rules=rules)
    False
    >>> is_stale(claim, now=noon + timedelta(seconds=30.1), rules=rules)
    True
    """
    return now - claim.beat_at > rules.stale_after


def may_claim(
    claim: Claim | None, *, by: str, now: datetime, rules: ClaimRules
) -> Claim:
    """The claim of the one who answers what is free, stale, or already one's own.

    To claim one's own again only renews the heartbeat, so a double key press is
    harmless. Raises `RuleBroken` (OWNED_BY_ANOTHER: owner, since) otherwise, also within
    the grace: else every loser of a race would take the call from the winner.
    """
    if claim is None:
        return Claim(owner=by, claimed_at=now, beat_at=now)
    if claim.owner == by:
        return beat(claim, by=by, now=now)
    if is_stale(claim, now=now, rules=rules):
        return _taken(claim, by=by, now=now, how=ClaimedHow.STALE)
    raise RuleBroken(Rule.OWNED_BY_ANOTHER, **_named(claim))


def may_take_over(
    claim: Claim | None, *, by: str, now: datetime, rules: ClaimRules, reason: str = ""
) -> Claim:
    """The claim of a colleague who means to take over from the owner.

    Free until the grace has passed, counted from the claim (the end is inside). Later a
    reason is needed: raises `RuleBroken` (TAKE_OVER_NEEDS_REASON: owner, since) without.
    What is free, stale or one's own is claimed as by `may_claim`.
    """
    if claim is None or claim.owner == by or is_stale(claim, now=now, rules=rules):
        return may_claim(claim, by=by, now=now, rules=rules)
    if now - claim.claimed_at <= timedelta(seconds=rules.grace_s):
        return _taken(claim, by=by, now=now, how=ClaimedHow.GRACE, reason=reason)
    if not reason.strip():
        raise RuleBroken(Rule.TAKE_OVER_NEEDS_REASON, **_named(claim))
    return _taken(claim, by=by, now=now, how=ClaimedHow.REASON, reason=reason)


def beat(claim: Claim | None, *, by: str, now: datetime) -> Claim:
    """The claim with its heartbeat renewed. Heartbeats never move backwards in time.

    A late heartbeat of an owner whom nobody has replaced revives a stale claim. Raises
    `RuleBroken` (NOT_YOURS: owner) if another, or nobody, owns it: the workstation must
    then tell its user.
    """
    mine = _own(claim, by=by)
    return replace(mine, beat_at=max(mine.beat_at, now))


def release(claim: Claim | None, *, by: str) -> None:
    """Give up one's own claim. Raises `RuleBroken` (NOT_YOURS: owner) if it is not."""
    _own(claim, by=by)


def _own(claim: Claim | None, *, by: str) -> Claim:
    if claim is None or claim.owner != by:
        raise RuleBroken(Rule.NOT_YOURS, owner=claim.owner if claim else "")
    return claim


def _taken(
    claim: Claim, *, by: str, now: datetime, how: ClaimedHow, reason: str = ""
) -> Claim:
    return Claim(
        owner=by,
        claimed_at=now,
        beat_at=now,
        how=how,
        taken_from=claim.owner,
        reason=reason.strip(),
    )


def _named(claim: Claim) -> dict[str, str]:
    return {"owner": claim.owner, "since": claim.claimed_at.isoformat()}
