"""Travel times from OSRM, asked for in blocks.

The router itself is handed in as a function, so that nothing here needs it installed.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from varde.engines.access.arrays import Floats, Minutes, YesNo
from varde.engines.access.links import M_PER_KM, MIN_PER_H
from varde.engines.access.projection import longitude_latitude, utm33
from varde.engines.access.roads import OffRoad
from varde.engines.access.shore import Shore


AT_A_TIME = 1000  # places asked for together: bounds the memory, not the answer
S_PER_MIN = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What OSRM's table service answers.

    Parameters
    ----------
    seconds : float64[n_origins, n_stations]
        From each origin to each station, inf where no road leads there.
    origins_met, stations_met : float64[n, 2]
        Longitude and latitude of where each was put on the road.
    """

    seconds: Floats
    origins_met: Floats
    stations_met: Floats


# Longitude and latitude of origins, and of stations, float64[n, 2].
type AskTable = Callable[[Floats, Floats], Table]


@dataclass(frozen=True, kw_only=True)
class OsrmTimes:
    """The times of OSRM (`TravelTimes`).

    OSRM puts every place on some road, however far. Here a place that is farther from it
    than `off_road.reach_m`, or across water (`shore`), has no road, as with `RoadTimes`,
    and the way to the road is driven as there. The streets of a town are on OSRM's map, so
    `off_road.town_m` plays no part.
    """

    name: str
    ask: AskTable
    off_road: OffRoad
    shore: Shore

    def matrix(self, origins: Floats, stations: Floats, limit_min: float) -> Minutes:
        """Minutes from each origin to each station (`TravelTimes.matrix`)."""
        found = np.full((len(origins), len(stations)), np.inf, dtype=np.float32)
        if not len(stations):
            return found
        there = longitude_latitude(stations)
        for first in range(0, len(origins), AT_A_TIME):
            some = origins[first : first + AT_A_TIME]
            table = self.ask(longitude_latitude(some), there)
            home = self._to_road(some, utm33(*table.origins_met.T))
            goal = self._to_road(stations, utm33(*table.stations_met.T))
            minutes = table.seconds / S_PER_MIN + home[:, None] + goal[None, :]
            reached = np.isfinite(minutes)
            minutes[reached] = np.minimum(minutes[reached], limit_min)
            found[first : first + AT_A_TIME] = minutes
        return found

    def _to_road(self, places: Floats, met: Floats) -> Floats:
        """Minutes from each place to the road; inf where none reaches it."""
        metres = np.hypot(*(places - met).T)
        reached: YesNo = metres <= self.off_road.reach_m
        reached[reached] = ~self.shore.between(places[reached], met[reached])
        km = metres / M_PER_KM * self.off_road.detour
        return np.where(reached, km / self.off_road.km_h * MIN_PER_H, np.inf)
