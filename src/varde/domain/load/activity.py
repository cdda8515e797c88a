"""How much of a duty was work, from what was measured, and the class that it gives.

What a doctor did is known from the events of the duty (`domain.doctor_state`). A duty
without any is not a quiet one: nobody measured it, and its activity is unknown.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from varde.domain.doctor_state import DoctorActivity, DoctorEvent, doctor_state
from varde.domain.load.spans import hours, joined, shared
from varde.domain.rota.values import Span


IDLE = frozenset({DoctorActivity.UNKNOWN, DoctorActivity.FREE, DoctorActivity.RESTING})
MIN_PER_H = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDone:
    """A duty, and the periods of it that were work; None where nothing was measured."""

    span: Span
    post: str
    active: tuple[Span, ...] | None = None

    @property
    def active_h(self) -> float | None:
        """Hours of work within the duty; None where nothing was measured."""
        return None if self.active is None else hours(shared([self.span], self.active))


def busy(events: Collection[DoctorEvent], *, within: Span) -> tuple[Span, ...] | None:
    """When a doctor was at work in a duty, by the events of it.

    With a patient, on the telephone, driving and out are work; a rest is not. What is
    still open at the end of the duty counts to the end of it.

    Parameters
    ----------
    events : collection of DoctorEvent
        Of one doctor, in any order. Those outside the duty do not count.
    within : Span
        The duty.

    Returns
    -------
    tuple of Span, or None
        None where the duty has no event: unknown, which is not idle.
    """
    counting = _one_for_each_id(
        event
        for event in events
        if within.starts_at <= event.occurred_at < within.ends_at
    )
    if not counting:
        return None
    moments = sorted({event.occurred_at for event in counting})
    ends = [*moments[1:], within.ends_at]
    found, told, first = [], 0, 0  # the events told so far, and the first that matters
    for at, end in zip(moments, ends, strict=True):
        while told < len(counting) and counting[told].occurred_at == at:
            told += 1
        state = doctor_state(counting[first:told], at=at)
        if state.activity not in IDLE:
            found.append(Span(starts_at=at, ends_at=end))
        if not state.doing:
            first = told  # all is over: what was before changes nothing after
    return joined(found)


def _one_for_each_id(events: Iterable[DoctorEvent]) -> list[DoctorEvent]:
    """In the order of time; of two with one id the one that sorts first."""
    kept: dict[str, DoctorEvent] = {}
    for event in sorted(events, key=lambda event: event.sort_key):
        kept.setdefault(event.event_id, event)
    return list(kept.values())


def seen(spans: Iterable[tuple[datetime, datetime]]) -> tuple[Span, ...]:
    """Periods with patients as spans. One that ends as it begins has no length."""
    return joined(
        Span(starts_at=start, ends_at=end) for start, end in spans if start < end
    )


def active_min_per_hour(duties: Iterable[DutyDone]) -> float | None:
    """Minutes of work in each hour of duty, over the duties that were measured.

    None where none was: the hours of the others are left out of both parts.

    >>> from datetime import UTC, datetime
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> duty = Span(starts_at=noon, ends_at=noon.replace(hour=16))
    >>> work = Span(starts_at=noon, ends_at=noon.replace(hour=13))
    >>> active_min_per_hour([
    ...     DutyDone(span=duty, post="forvakt", active=(work,)),
    ...     DutyDone(span=duty, post="forvakt"),
    ... ])
    15.0
    """
    measured = [(duty.active_h, duty.span.hours) for duty in duties]
    known = [(active, whole) for active, whole in measured if active is not None]
    if not known:
        return None
    return sum(a for a, _ in known) / sum(w for _, w in known) * MIN_PER_H


def duty_class(active_min: float | None, *, upper: Sequence[float]) -> int | None:
    """The class of a duty by its active minutes an hour; None where they are unknown.

    Parameters
    ----------
    active_min : float or None
        Minutes of work in each hour of duty, 0 to 60.
    upper : sequence of float
        The highest whole minutes of each class but the last, rising.

    Notes
    -----
    The agreement's steps are whole minutes (0–10, 11–25, 26–45, above). Half a minute is
    rounded up.

    References
    ----------
    SFS 2305 § 8.1–8.3, rates of 1 January 2021.

    Examples
    --------
    >>> [duty_class(n, upper=(10, 25, 45)) for n in (0, 10.4, 10.5, 25, 46, None)]
    [1, 1, 2, 2, 4, None]
    """
    if active_min is None:
        return None
    whole = Decimal(str(active_min)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return 1 + sum(whole > Decimal(str(limit)) for limit in upper)
