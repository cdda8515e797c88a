"""What happens when a station opens, closes, moves, or is merged with another.

A situation is the stations that are open and who may use which. Each change gives a new
situation; two situations are compared (`effects.py`).
"""

from dataclasses import dataclass

import numpy as np

from varde.engines.access.arrays import Minutes, Whole, YesNo
from varde.engines.access.reach import NOWHERE, Both, Reach, reach_of


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Stations and agreements, and what they give.

    `minutes` is float32[n_places, n_stations]; a closed station keeps its column, and
    `is_open` is False for it.
    """

    minutes: Minutes
    agreed: YesNo
    is_open: YesNo
    both: Both


def situation(minutes: Minutes, agreed: YesNo) -> Situation:
    """The situation with all stations open."""
    return Situation(
        minutes=minutes,
        agreed=agreed,
        is_open=np.ones(minutes.shape[1], dtype=bool),
        both=reach_of(minutes, agreed),
    )


def closed(now: Situation, station: int, *, into: int | None = None) -> Situation:
    """The situation without a station.

    Those who had no other by agreement go to `into`, or each place to the open station
    that is nearest to it. To merge two stations is to close one into the other.

    Raises
    ------
    ValueError
        If the station is closed already, or `into` is not open afterwards.
    """
    if not now.is_open[station]:
        raise ValueError(f"station {station} is closed already")
    is_open = now.is_open.copy()
    is_open[station] = False
    if into is not None and not is_open[into]:
        raise ValueError(f"station {into} is not open, and can take nobody over")
    agreed = now.agreed.copy()
    agreed[:, station] = False
    near = _again(
        now.both.nearest,
        np.flatnonzero(now.both.nearest.station == station),
        now.minutes,
        np.broadcast_to(is_open, agreed.shape),
    )
    used = np.flatnonzero(now.agreed[:, station])
    alone = used[~agreed[used].any(axis=1)]
    _hand_over(agreed, alone, near, into=into)
    return Situation(
        minutes=now.minutes,
        agreed=agreed,
        is_open=is_open,
        both=Both(
            nearest=near, agreed=_again(now.both.agreed, used, now.minutes, agreed)
        ),
    )


def _hand_over(agreed: YesNo, rows: Whole, near: Reach, *, into: int | None) -> None:
    if into is not None:
        agreed[rows, into] = True
        return
    goal = near.station[rows]
    agreed[rows[goal != NOWHERE], goal[goal != NOWHERE]] = True


def _again(reach: Reach, rows: Whole, minutes: Minutes, allowed: YesNo) -> Reach:
    """The reach with some rows worked out anew. No station left is no known agreement for
    those who had one, and no way to the nearest for the rest: both inf."""
    found = np.where(allowed[rows], minutes[rows], np.float32(np.inf))
    best = np.argmin(found, axis=1)
    least = found[np.arange(len(rows)), best]
    station, all_minutes = reach.station.copy(), reach.minutes.copy()
    station[rows] = np.where(np.isfinite(least), best, NOWHERE)
    all_minutes[rows] = least
    return Reach(station=station, minutes=all_minutes)


def opened(
    now: Situation, minutes: Minutes, *, serves: YesNo | None = None
) -> Situation:
    """The situation with one more station, which gets the last column.

    Parameters
    ----------
    minutes : float32[n_places]
        From each place to the new station.
    serves : bool[n_places] or None
        The places that shall use it, instead of what they had. None: every place with a
        known agreement that is nearer to it than to the one it has.
    """
    number = now.minutes.shape[1]
    if serves is None:
        serves = minutes < now.both.agreed.minutes
    agreed = np.column_stack((now.agreed & ~serves[:, None], serves))
    return Situation(
        minutes=np.column_stack((now.minutes, minutes)),
        agreed=agreed,
        is_open=np.append(now.is_open, True),
        both=Both(
            nearest=_better(now.both.nearest, minutes, number, where=None),
            agreed=_better(now.both.agreed, minutes, number, where=serves),
        ),
    )


def _better(
    reach: Reach, minutes: Minutes, number: int, *, where: YesNo | None
) -> Reach:
    """The reach with one more station: where it is nearer, or in some places always."""
    taken = minutes < reach.minutes if where is None else where
    station = np.where(np.isfinite(minutes), number, NOWHERE)
    return Reach(
        station=np.where(taken, station, reach.station),
        minutes=np.where(taken, minutes, reach.minutes),
    )


def moved(now: Situation, station: int, minutes: Minutes) -> Situation:
    """The situation with a station at another place. The same people may use it."""
    if not now.is_open[station]:
        raise ValueError(f"station {station} is closed, and cannot be moved")
    everywhere = now.minutes.copy()
    everywhere[:, station] = minutes
    able = np.where(now.is_open, everywhere, np.float32(np.inf))
    both = reach_of(able, now.agreed)
    # Who lost the only station there was by agreement has no way; that is not "unknown".
    lost = ~now.agreed.any(axis=1) & ~np.isnan(now.both.agreed.minutes)
    both.agreed.minutes[lost] = np.inf
    return Situation(
        minutes=everywhere, agreed=now.agreed, is_open=now.is_open, both=both
    )
