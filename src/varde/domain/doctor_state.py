"""What a doctor on duty is doing, as what the events of the duty add up to.

Presses on a telephone in a car come late, twice and in any order. The state is therefore
a fold over the *set* of events known so far, like a call (see `call`): the same events
give the same state, however they came.

A doctor does several things at once: answers the telephone with a patient in the room.
Each thing has a `ref` (a contact, a call, a mission) and at most one activity at a time:
a mission that was driving and is now out is not driving any more. The state is the most
binding of what is open.

Rules for events that contradict each other:

1. Of one `ref` the activity that began last counts; the earlier ones are over. Two that
   began at the same moment: the most binding.
2. An activity is over when it ended at the moment it began or later. An end that names
   another activity of the same `ref` (the drive, when the doctor is out) ends nothing.
3. `FREED` ends all that began before it, whatever was forgotten. What began at the same
   moment goes on: to call a bound doctor free is the dangerous fault.
4. Two events with one `event_id` and different content: the one that sorts first is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto


class DoctorActivity(StrEnum):
    """What a doctor is doing. UNKNOWN: no event has been seen, which is not free."""

    UNKNOWN = auto()
    FREE = auto()
    WITH_PATIENT = auto()
    ON_PHONE = auto()
    DRIVING = auto()
    OUT = auto()  # at a patient's place, or wherever the mission is
    RESTING = auto()


# The most binding first: one who is away cannot be in the room, whatever else is open.
BINDING = (
    DoctorActivity.OUT,
    DoctorActivity.DRIVING,
    DoctorActivity.WITH_PATIENT,
    DoctorActivity.ON_PHONE,
    DoctorActivity.RESTING,
)


class DoctorEventKind(StrEnum):
    """What can happen. FREED is the doctor's own "free": all that was open is over."""

    BEGAN = auto()
    ENDED = auto()
    FREED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorEvent:
    """One event of one doctor. BEGAN and ENDED name an activity; FREED names none.

    `ref` is the id of what it is about; "" where there is none, as for a rest. The next
    leg of a mission is a BEGAN with the same ref; only the return is an ENDED.
    """

    event_id: str
    kind: DoctorEventKind
    occurred_at: datetime
    activity: DoctorActivity | None = None
    ref: str = ""

    def __post_init__(self) -> None:
        if self.occurred_at.tzinfo is None:
            raise ValueError(f"occurred_at has no time zone: {self.occurred_at!r}")
        is_freed = self.kind is DoctorEventKind.FREED
        if is_freed is not (self.activity is None):
            raise ValueError(f"{self.kind} cannot have the activity {self.activity}")
        if not is_freed and self.activity not in BINDING:
            raise ValueError(
                f"{self.activity} neither begins nor ends: it is what is left when "
                f"nothing is open. Use {DoctorEventKind.FREED}"
            )

    @property
    def sort_key(self) -> tuple[datetime, str, str, str, str]:
        """A total order: no two different events have the same key."""
        at = self.occurred_at
        return (at, self.kind, self.activity or "", self.ref, self.event_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """One thing that a doctor is doing, and since when."""

    activity: DoctorActivity
    ref: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorState:
    """What a doctor is doing at a moment. `doing` has the most binding first.

    `since` is when that activity began, or when the doctor became free; None if unknown.
    """

    activity: DoctorActivity = DoctorActivity.UNKNOWN
    since: datetime | None = None
    doing: tuple[Doing, ...] = ()

    @property
    def is_free(self) -> bool:
        """Is the doctor known to do nothing? Unknown is not free."""
        return self.activity is DoctorActivity.FREE

    @property
    def is_away(self) -> bool:
        """Is the doctor known to be on the road or at another place?"""
        return self.activity in (DoctorActivity.DRIVING, DoctorActivity.OUT)


def doctor_state(
    events: Iterable[DoctorEvent], *, at: datetime, since: datetime | None = None
) -> DoctorState:
    """The state that a doctor's events add up to at a moment.

    Parameters
    ----------
    events : iterable of DoctorEvent
        Of one doctor, in any order; repeated ones are harmless.
    at : aware datetime
        Later events do not count: a telephone's clock may be ahead, and the state of an
        earlier moment can be asked for.
    since : aware datetime or None
        Earlier events do not count: the start of the duty, so that the last duty's "free"
        does not promise a doctor today. None: all count.

    Returns
    -------
    DoctorState
        UNKNOWN without an event that counts. An end whose beginning was never seen
        shows a doctor who did something and does not any more: free.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> took = DoctorEvent(
    ...     event_id="1", kind=DoctorEventKind.BEGAN, occurred_at=noon,
    ...     activity=DoctorActivity.WITH_PATIENT, ref="contact 7",
    ... )
    >>> doctor_state([took, took], at=noon.replace(minute=5)).activity.value
    'with_patient'
    >>> doctor_state([took], at=noon.replace(hour=11)).activity.value
    'unknown'
    """
    counting = [
        event
        for event in _one_for_each_id(events)
        if event.occurred_at <= at and (since is None or event.occurred_at >= since)
    ]
    if not counting:
        return DoctorState()
    doing = tuple(sorted(_open(counting), key=_most_binding_first))
    if doing:
        return DoctorState(
            activity=doing[0].activity, since=doing[0].since, doing=doing
        )
    # All that began is over, so the last event of any kind is what freed the doctor.
    freed_at = max(event.occurred_at for event in counting)
    return DoctorState(activity=DoctorActivity.FREE, since=freed_at)


def _one_for_each_id(events: Iterable[DoctorEvent]) -> list[DoctorEvent]:
    kept: dict[str, DoctorEvent] = {}
    for event in sorted(set(events), key=lambda event: event.sort_key):
        kept.setdefault(event.event_id, event)
    return list(kept.values())


def _open(events: list[DoctorEvent]) -> list[Doing]:
    latest: dict[str, Doing] = {}
    ended: dict[tuple[str, DoctorActivity], datetime] = {}
    freed_at: datetime | None = None
    for event in events:  # in the order of time
        if event.activity is None:
            freed_at = event.occurred_at
        elif event.kind is DoctorEventKind.ENDED:
            ended[event.ref, event.activity] = event.occurred_at
        else:
            began = Doing(
                activity=event.activity, ref=event.ref, since=event.occurred_at
            )
            latest[event.ref] = _later(latest.get(event.ref), began)
    return [
        doing
        for doing in latest.values()
        if not _is_over(doing, ended.get((doing.ref, doing.activity)))
        and (freed_at is None or doing.since >= freed_at)
    ]


def _later(known: Doing | None, began: Doing) -> Doing:
    """The one that began last; of two at the same moment the most binding."""
    if known is None or known.since < began.since:
        return began
    return min(known, began, key=_most_binding_first)


def _is_over(doing: Doing, ended_at: datetime | None) -> bool:
    return ended_at is not None and ended_at >= doing.since


def _most_binding_first(doing: Doing) -> tuple[int, datetime, str]:
    return BINDING.index(doing.activity), doing.since, doing.ref
