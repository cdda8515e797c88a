"""The interface that everything which can say how long a way is stands behind."""

from typing import Protocol

import numpy as np

from varde.engines.access.arrays import Floats, Minutes


class TravelTimes(Protocol):
    """What can say how long the way is.

    `RoadTimes` is built in and reads N1000; `OsrmTimes` asks OSRM. Another router needs
    these two and nothing else.
    """

    @property
    def name(self) -> str:
        """What the times are from: a file or a network, as the report says it."""
        ...

    def matrix(self, origins: Floats, stations: Floats, limit_min: float) -> Minutes:
        """Minutes from each origin to each station, float32[n_origins, n_stations].

        `origins` and `stations` are float64[n, 2], east and north in EPSG:25833. inf: no
        road leads there. A way that is longer than `limit_min` is given as `limit_min`.
        """
        ...


def minutes_from(
    times: TravelTimes, origins: Floats, stations: Floats, limit_min: float
) -> Minutes:
    """The minutes that a router gives, when they are what `TravelTimes.matrix` promises.

    Raises
    ------
    ValueError
        If they are of another shape or kind, unknown, below 0 or above the limit.

    Examples
    --------
    >>> class Wrong:
    ...     name = "a router"
    ...     def matrix(self, origins, stations, limit_min):
    ...         return np.full((1, 1), 999.0, dtype=np.float32)
    >>> minutes_from(Wrong(), np.zeros((1, 2)), np.zeros((1, 2)), 360.0)
    Traceback (most recent call last):
    ...
    ValueError: a router gives minutes outside 0 to 360, and not inf
    """
    found = times.matrix(origins, stations, limit_min)
    wanted = (len(origins), len(stations))
    if found.shape != wanted or found.dtype != np.float32:
        raise ValueError(
            f"{times.name} gives {found.dtype}{list(found.shape)}, "
            f"and not float32{list(wanted)}"
        )
    if not (np.isposinf(found) | ((found >= 0) & (found <= limit_min))).all():
        raise ValueError(
            f"{times.name} gives minutes outside 0 to {limit_min:g}, and not inf"
        )
    return found
