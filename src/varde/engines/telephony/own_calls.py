"""What a sentral's own calls say: how long they take, how long callers wait before they
hang up, and how many were at the phones hour by hour."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from varde.engines.telephony.availability import (
    Calls,
    Fitted,
    Hour,
    fit_availability,
    patience_min,
)


AWAY_AFTER = timedelta(minutes=30)  # so long without a call: not at the phones
LEAST_ON_DUTY = 0.5  # of an hour: with less, nobody is said to be on duty
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCall:
    """A call: when it rang, was answered (None: hung up) and ended, and by whom.

    Moments are in one zone. `operator` is a code, "" where it is not known.
    """

    rang_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The hours in which somebody was on duty, and all their calls together.

    `begins` are the hours, `abandoned_by_hour` and `wait_min_by_hour` what came of each.
    `left_out` is how many calls came in hours without anybody on duty. `calls` is None
    where nobody hung up or nobody waited, or no answered call has an end.
    """

    begins: tuple[datetime, ...]
    hours: tuple[Hour, ...]
    abandoned_by_hour: tuple[float, ...]
    wait_min_by_hour: tuple[float, ...]
    calls: Calls | None
    mean_call_min: float | None
    mean_wait_min: float
    abandoned: float
    must_wait: float
    answered_within: float
    left_out: int


def on_duty(
    calls: Iterable[OwnCall], *, away_after: timedelta = AWAY_AFTER
) -> dict[datetime, float]:
    """How many operators were at the phones in each hour, in the mean over the hour.

    An operator is there from the answer of a call to the end of the next, when no more
    than `away_after` lies between them. Who sat and waited longer is not seen.

    >>> noon = datetime.fromisoformat("2026-01-02T12:00")
    >>> call = OwnCall(rang_at=noon, answered_at=noon, operator="a",
    ...                ended_at=noon + timedelta(minutes=90))
    >>> list(on_duty([call]).values())
    [1.0, 0.5]
    """
    held: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for call in calls:
        if call.operator and call.answered_at and call.ended_at:
            held[call.operator].append((call.answered_at, call.ended_at))
    found: dict[datetime, float] = defaultdict(float)
    for pieces in held.values():
        for begins, ends in _spells(sorted(pieces), away_after=away_after):
            hour = begins.replace(minute=0, second=0, microsecond=0)
            while hour < ends:
                inside = min(ends, hour + _HOUR) - max(begins, hour)
                found[hour] += inside / _HOUR
                hour += _HOUR
    return dict(found)


def measure(calls: Sequence[OwnCall], *, limit_min: float) -> Measured | None:
    """What the calls say, over the hours with somebody on duty. None without such hours.

    Parameters
    ----------
    calls : sequence of OwnCall
        Faults left out. A call that hung up waited until its end; without an end it is
        left out, and so is one that is on the line.
    limit_min : float
        Minutes, for `answered_within`, which is of all calls.
    """
    known = [call for call in calls if call.answered_at or call.ended_at]
    there = on_duty(known)
    by_hour: dict[datetime, list[OwnCall]] = defaultdict(list)
    for call in known:
        hour = call.rang_at.replace(minute=0, second=0, microsecond=0)
        if there.get(hour, 0.0) >= LEAST_ON_DUTY:
            by_hour[hour].append(call)
    if not by_hour:
        return None
    begins = tuple(sorted(by_hour))
    counted = [call for hour in begins for call in by_hour[hour]]
    waits = [_wait_min(call) for call in counted]
    lengths = [
        (call.ended_at - call.answered_at) / timedelta(minutes=1)
        for call in counted
        if call.answered_at and call.ended_at
    ]
    abandoned = _abandoned(counted)
    wait = sum(waits) / len(waits)
    length = sum(lengths) / len(lengths) if lengths else None
    patience = patience_min(mean_wait_min=wait, abandoned=abandoned)
    in_time = [
        call.answered_at is not None and waited <= limit_min
        for call, waited in zip(counted, waits, strict=True)
    ]
    return Measured(
        begins=begins,
        hours=tuple(
            Hour(calls=len(by_hour[hour]), on_duty=there[hour]) for hour in begins
        ),
        abandoned_by_hour=tuple(_abandoned(by_hour[hour]) for hour in begins),
        wait_min_by_hour=tuple(
            sum(map(_wait_min, by_hour[hour])) / len(by_hour[hour]) for hour in begins
        ),
        calls=Calls(
            mean_call_min=length, mean_patience_min=patience, abandoned=abandoned
        )
        if length and patience and abandoned < 1
        else None,
        mean_call_min=length,
        mean_wait_min=wait,
        abandoned=abandoned,
        must_wait=sum(waited > 0 for waited in waits) / len(waits),
        answered_within=sum(in_time) / len(in_time),
        left_out=len(known) - len(counted),
    )


def fit(measured: Measured, *, limit_min: float) -> Fitted | None:
    """Erlang-A with the availability that gives the calls' own share hung up.

    None where the calls do not tell of patience, or no factor gives that share.
    """
    if measured.calls is None:
        return None
    return fit_availability(measured.hours, calls=measured.calls, limit_min=limit_min)


def _spells(
    pieces: list[tuple[datetime, datetime]], *, away_after: timedelta
) -> list[tuple[datetime, datetime]]:
    spells: list[tuple[datetime, datetime]] = []
    for begins, ends in pieces:
        if spells and begins - spells[-1][1] <= away_after:
            spells[-1] = (spells[-1][0], max(ends, spells[-1][1]))
        else:
            spells.append((begins, ends))
    return spells


def _wait_min(call: OwnCall) -> float:
    until = call.answered_at or call.ended_at
    assert until is not None  # else it is not among the known
    return (until - call.rang_at) / timedelta(minutes=1)


def _abandoned(calls: Sequence[OwnCall]) -> float:
    return sum(call.answered_at is None for call in calls) / len(calls)
