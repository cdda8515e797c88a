"""A call-out or a home visit: its legs, each a single press on a telephone in a car.

Presses come late, twice and in any order, from telephones whose clocks may be wrong. The
legs are therefore a fold over the *set* of presses known so far: the same presses give the
same legs, however they came. Nothing that was pressed is lost: what cannot be right is
kept and said.

Rules:

1. A press is known by its key, which the telephone made. The same key again is nothing new.
2. A correction points to the press that it corrects; of several the one recorded last
   counts. It gives another time, or takes the press back.
3. Of several presses of one leg the earliest counts. The others are shown.
4. A leg that lies before an earlier leg of the chain is out of order: said, not moved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto


class Leg(StrEnum):
    """The legs of a mission, in the order in which they happen."""

    ALARMED = auto()
    LEFT = auto()
    AT_SCENE = auto()
    WITH_PATIENT = auto()
    LEFT_SCENE = auto()
    FREE = auto()  # the crew can take another mission


CHAIN = tuple(Leg)


class Doubt(StrEnum):
    """What cannot be right about the time of a press. It is kept, and said."""

    CLOCK_WRONG = auto()  # the telephone's clock was off: the time is set right by it
    AHEAD = auto()  # after it was received: the time of receipt is used
    BEFORE_MISSION = auto()  # long before there was a mission: kept as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """When a press happened as far as can be known, and what is doubtful about it."""

    at: datetime
    doubt: Doubt | None = None


def timed(
    *,
    pressed_at: datetime,
    sent_at: datetime,
    received_at: datetime,
    opened_at: datetime,
    slack_s: float,
) -> Timed:
    """When a press really happened, from three clocks.

    Parameters
    ----------
    pressed_at, sent_at : aware datetime
        By the telephone's clock: when the button was pressed, and when it was sent.
    received_at : aware datetime
        By our clock, when it came.
    opened_at : aware datetime
        By our clock, when the mission was made.
    slack_s : float
        How far the clocks may differ before it is said, seconds, >= 0.

    Returns
    -------
    Timed
        A telephone whose clock is more than the slack off is set right by the difference
        at the sending. A time is never after its receipt.

    Raises
    ------
    ValueError
        If a moment has no time zone, or the slack is negative.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> found = timed(
    ...     pressed_at=noon - hour, sent_at=noon - hour, received_at=noon,
    ...     opened_at=noon - 3 * hour, slack_s=60,
    ... )
    >>> found.at == noon, found.doubt.value
    (True, 'clock_wrong')
    """
    for moment in (pressed_at, sent_at, received_at, opened_at):
        if moment.tzinfo is None:
            raise ValueError(f"a moment has no time zone: {moment!r}")
    if slack_s < 0:
        raise ValueError(f"slack_s is negative: {slack_s}")
    slack = timedelta(seconds=slack_s)
    skew = received_at - sent_at
    is_wrong = abs(skew) > slack
    at = pressed_at + skew if is_wrong else pressed_at
    if at > received_at:
        is_far_ahead = at - received_at > slack
        ahead = Doubt.CLOCK_WRONG if is_wrong else None
        return Timed(at=received_at, doubt=Doubt.AHEAD if is_far_ahead else ahead)
    if is_wrong:
        return Timed(at=at, doubt=Doubt.CLOCK_WRONG)
    if opened_at - at > slack:
        return Timed(at=at, doubt=Doubt.BEFORE_MISSION)
    return Timed(at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press, or the correction of one. `at` is None where it takes the press back."""

    key: str
    leg: Leg
    at: datetime | None
    recorded_at: datetime
    corrects: str = ""

    def __post_init__(self) -> None:
        if self.at is None and not self.corrects:
            raise ValueError(f"press {self.key!r} has no time and corrects nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A press as it stands after its corrections. `at` is None if it was taken back."""

    key: str
    leg: Leg
    at: datetime | None
    is_corrected: bool


def standing(presses: Iterable[Press]) -> tuple[Standing, ...]:
    """Each press as it stands now, in the order of time; those taken back come last.

    A correction of a press that is not known (yet) is left out.

    >>> standing([])
    ()
    """
    by_key: dict[str, Press] = {}
    latest: dict[str, Press] = {}
    for press in sorted(set(presses), key=_first_recorded):
        if press.corrects:
            latest[press.corrects] = press
        else:
            by_key.setdefault(press.key, press)
    found = [
        Standing(
            key=key,
            leg=press.leg,
            at=latest[key].at if key in latest else press.at,
            is_corrected=key in latest,
        )
        for key, press in by_key.items()
    ]
    return tuple(sorted(found, key=_in_time))


def legs(presses: Iterable[Press]) -> dict[Leg, datetime]:
    """When each leg began; a leg that was not pressed is not there.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> left = Press(key="a", leg=Leg.LEFT, at=noon, recorded_at=noon)
    >>> right = Press(
    ...     key="b", leg=Leg.LEFT, at=noon.replace(minute=2), recorded_at=noon,
    ...     corrects="a",
    ... )
    >>> legs([right, left, left])[Leg.LEFT].minute
    2
    """
    found: dict[Leg, datetime] = {}
    for one in standing(presses):
        if one.at is not None:
            found.setdefault(one.leg, one.at)
    return {leg: found[leg] for leg in CHAIN if leg in found}


def out_of_order(found: Mapping[Leg, datetime]) -> tuple[Leg, ...]:
    """The legs that lie before a leg that comes earlier in the chain.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> out_of_order({Leg.AT_SCENE: noon, Leg.LEFT_SCENE: noon.replace(hour=11)})
    (<Leg.LEFT_SCENE: 'left_scene'>,)
    """
    wrong = []
    latest: datetime | None = None
    for leg in CHAIN:
        at = found.get(leg)
        if at is None:
            continue
        if latest is not None and at < latest:
            wrong.append(leg)
        else:
            latest = at
    return tuple(wrong)


def next_leg(found: Mapping[Leg, datetime]) -> Leg | None:
    """The leg to press next: the first after the last one pressed; None after the last.

    >>> next_leg({}).value
    'alarmed'
    """
    pressed = [CHAIN.index(leg) for leg in found]
    after = max(pressed, default=-1) + 1
    return CHAIN[after] if after < len(CHAIN) else None


def _first_recorded(press: Press) -> tuple[datetime, str, str, bool, str, int]:
    """All that tells two presses apart: of those recorded at once the same one is first."""
    return (
        press.recorded_at,
        press.key,
        press.corrects,
        press.at is None,
        press.at.isoformat() if press.at else "",
        CHAIN.index(press.leg),
    )


def _in_time(one: Standing) -> tuple[bool, str, int, str]:
    moment = f"{one.at.timestamp():020.6f}" if one.at else ""
    return one.at is None, moment, CHAIN.index(one.leg), one.key
