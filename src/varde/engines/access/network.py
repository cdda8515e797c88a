"""A road network: junctions, the minutes between them, and which hang together."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from varde.engines.access.arrays import Floats, Whole, YesNo


LEAST_MIN = 1e-6  # scipy takes a way of 0 minutes for no way at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Ways from one node to another, each in one direction."""

    start: Whole
    end: Whole
    minutes: Floats
    km: Floats

    def both_directions(self) -> "Ways":
        """The same ways, and each of them back."""
        return Ways(
            start=np.concatenate((self.start, self.end)),
            end=np.concatenate((self.end, self.start)),
            minutes=np.tile(self.minutes, 2),
            km=np.tile(self.km, 2),
        )

    def and_these(self, other: "Ways") -> "Ways":
        """These ways and others, between the same nodes."""
        return Ways(
            start=np.concatenate((self.start, other.start)),
            end=np.concatenate((self.end, other.end)),
            minutes=np.concatenate((self.minutes, other.minutes)),
            km=np.concatenate((self.km, other.km)),
        )

    def quickest(self) -> "Ways":
        """Of several from one node to another only the quickest, and none to itself.

        A sparse matrix would add the minutes of two ways between the same nodes.
        """
        order = np.lexsort((self.minutes, self.end, self.start))
        order = order[self.start[order] != self.end[order]]
        start, end = self.start[order], self.end[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
        kept = order[first]
        return Ways(
            start=self.start[kept],
            end=self.end[kept],
            minutes=np.maximum(self.minutes[kept], LEAST_MIN),
            km=self.km[kept],
        )


@dataclass(frozen=True, kw_only=True)
class Network:
    """Nodes with their place, and the ways between them.

    Parameters
    ----------
    xy : float64[n, 2]
        East and north of each node in metres.
    ways : Ways
        Without doubles (`Ways.quickest`).
    on_road : bool[n]
        Whether one can drive on to the road there. Not so in the middle of a ferry's way.

    Examples
    --------
    >>> from varde.engines.access.network import Network, Ways
    >>> ways = Ways(start=np.array([0]), end=np.array([1]), minutes=np.array([4.0]),
    ...             km=np.array([3.0])).both_directions().quickest()
    >>> network = Network(xy=np.zeros((3, 2)), ways=ways, on_road=np.ones(3, dtype=bool))
    >>> network.parts.tolist()
    [0, 0, 1]
    """

    xy: Floats
    ways: Ways
    on_road: YesNo

    @cached_property
    def outwards(self) -> csr_array:
        """Minutes from the row's node to the column's."""
        return self._matrix(self.ways.start, self.ways.end)

    @cached_property
    def inwards(self) -> csr_array:
        """Minutes to the row's node from the column's, for a search that starts at a station."""
        return self._matrix(self.ways.end, self.ways.start)

    @cached_property
    def parts(self) -> Whole:
        """The part of the network that each node is in. Between two parts there is no way.

        On one-way roads a part may still hold a node that cannot be left again.
        """
        _, labels = connected_components(self.outwards, directed=False)
        found: Whole = labels.astype(np.int64)
        return found

    def _matrix(self, rows: Whole, columns: Whole) -> csr_array:
        size = len(self.xy)
        return csr_array((self.ways.minutes, (rows, columns)), shape=(size, size))
