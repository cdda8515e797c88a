"""Who is on duty, and who of them can be reached, at a moment.

A duty is half open: at the moment of the change only the one who begins is on duty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One person's duty in a role. `is_reachable` is None while nobody knows."""

    person: str
    role: str
    starts_at: datetime
    ends_at: datetime
    is_reachable: bool | None = None

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError(f"a duty has no time zone: {self.starts_at!r}")
        if self.starts_at >= self.ends_at:
            raise ValueError(
                f"a duty ends ({self.ends_at}) before it starts ({self.starts_at})"
            )


def on_duty(
    duties: Iterable[Duty], *, at: datetime, role: str | None = None
) -> tuple[Duty, ...]:
    """The duties that run at a moment, of one role or of all (None).

    Sorted by role, start and person. Empty when nobody is on duty: the caller must show
    that as a fact, not as a blank.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> day = Duty(
    ...     person="Ola", role="doctor", starts_at=noon, ends_at=noon.replace(hour=20)
    ... )
    >>> [duty.person for duty in on_duty([day], at=noon, role="doctor")]
    ['Ola']
    >>> on_duty([day], at=noon.replace(hour=20))
    ()
    """
    running = [
        duty
        for duty in duties
        if duty.starts_at <= at < duty.ends_at and role in (None, duty.role)
    ]
    return tuple(sorted(running, key=lambda d: (d.role, d.starts_at, d.person)))


def reachable(
    duties: Iterable[Duty], *, at: datetime, role: str | None = None
) -> tuple[Duty, ...]:
    """Those on duty who are known to be reachable. Unknown is not reachable."""
    return tuple(d for d in on_duty(duties, at=at, role=role) if d.is_reachable is True)
