"""How fast travel time is reckoned, beside bare scipy on the same graph in the same run.

A made-up land: a million nodes, most of them clustered, with the shortest tree of the
Delaunay triangulation and a quarter of the nodes' number of further edges. The fastest of
some turns counts, in processor time. Run alone: python -m benchmarks.access
"""

import argparse
from collections.abc import Callable
from time import process_time

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

from varde.engines.access import changes, siting
from varde.engines.access.effects import effect
from varde.engines.access.network import Network, Ways
from varde.engines.access.roads import nearest_on_network


SEED = 20261122
NODES, CENTRES, CLUSTERED = 1_000_000, 3000, 0.6
SIDE_KM, SPREAD_KM = 1000.0, 8.0
MORE_EDGES = 0.25
KM_H = 60.0
NEAREST_OF, STATIONS = 170, 167
DEMAND, PLACES, CHOSEN = 130_000, 5000, 120
LIMIT_MIN, WITHIN_MIN = 360.0, 40.0
ACROSS = 19  # squares, in the place of municipalities
TURNS = 5
TARGET_RATIO, TARGET_COVER_S, TARGET_MEAN_S, TARGET_CLOSING_S = 1.3, 3.0, 15.0, 0.1


def land(random: np.random.Generator, nodes: int) -> Network:
    """The made-up land's roads."""
    clustered = int(nodes * CLUSTERED)
    centres = random.uniform(0, SIDE_KM, (CENTRES, 2))
    near = centres[random.integers(0, CENTRES, clustered)]
    xy = np.concatenate(
        (
            near + random.normal(0, SPREAD_KM, near.shape),
            random.uniform(0, SIDE_KM, (nodes - clustered, 2)),
        )
    )
    corners = Delaunay(xy).simplices
    pairs = np.sort(np.concatenate((corners[:, :2], corners[:, 1:], corners[:, ::2])))
    pairs = np.unique(pairs, axis=0)
    km = np.maximum(np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T), 1e-3)
    tree = minimum_spanning_tree(
        csr_array((km, (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
    ).tocoo()
    some = random.choice(len(pairs), int(nodes * MORE_EDGES), replace=False)
    length = np.concatenate((tree.data, km[some]))
    ways = Ways(
        start=np.concatenate((tree.coords[0], pairs[some, 0])).astype(np.int64),
        end=np.concatenate((tree.coords[1], pairs[some, 1])).astype(np.int64),
        minutes=length / KM_H * 60.0,
        km=length,
    )
    return Network(
        xy=xy * 1000.0,
        ways=ways.both_directions().quickest(),
        on_road=np.ones(nodes, dtype=bool),
    )


def seconds(act: Callable[[], object], turns: int = 1) -> float:
    """The processor time of the fastest turn."""
    taken = []
    for _ in range(turns):
        began = process_time()
        act()
        taken.append(process_time() - began)
    return min(taken)


def row(name: str, taken: float, target: str) -> None:
    """One line of the table."""
    print(f"{name:<58}{taken:>10.4f}   {target}")


def main() -> None:
    """Print the figures, ours and the yardstick's side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=NODES)
    nodes = parser.parse_args().nodes
    random = np.random.default_rng(SEED)
    network = land(random, nodes)
    graph = network.inwards
    print(f"{nodes} nodes, {len(network.ways.start) // 2} roads; processor seconds")
    _nearest(random, network, graph)
    goals = random.choice(nodes, STATIONS, replace=False)
    homes = random.choice(nodes, min(DEMAND, nodes), replace=False)
    minutes = np.empty((len(homes), STATIONS), dtype=np.float32)

    def matrix() -> None:
        for column, goal in enumerate(goals):
            minutes[:, column] = dijkstra(graph, indices=goal, limit=LIMIT_MIN)[homes]

    row(f"matrix of {len(homes)} x {STATIONS}, once", seconds(matrix), "")
    people = random.pareto(2.0, len(homes)) + 1.0
    _sites(network.xy[homes], people, minutes)
    _closings(people, minutes, area=_areas(network.xy[homes]))


def _nearest(random: np.random.Generator, network: Network, graph: csr_array) -> None:
    stations = random.choice(len(network.xy), NEAREST_OF, replace=False)
    bare = seconds(
        lambda: dijkstra(
            graph, indices=stations, min_only=True, return_predecessors=True
        ),
        TURNS,
    )
    ours = seconds(lambda: nearest_on_network(network, stations), TURNS)
    row(f"nearest of {NEAREST_OF}, bare scipy", bare, "")
    row(
        f"nearest of {NEAREST_OF}, ours",
        ours,
        f"{ours / bare:.2f} x, <= {TARGET_RATIO}",
    )


def _sites(xy: np.ndarray, people: np.ndarray, minutes: np.ndarray) -> None:
    found = []
    taken = seconds(
        lambda: found.append(
            siting.best_cover(minutes, people, limit_min=WITHIN_MIN, count=CHOSEN)
        )
    )
    exact = "exact" if found[0].is_exact else "NOT EXACT"
    row(
        f"best cover, {CHOSEN} of {STATIONS} x {len(people)}",
        taken,
        f"< {TARGET_COVER_S:g}, {exact}",
    )
    cost = siting.mean_cost(minutes, unreached_min=LIMIT_MIN)
    side = float(np.ptp(xy, axis=0).max()) / np.sqrt(PLACES)
    weight, cells = siting.by_cell(xy, people, cost, side_m=side)
    taken = seconds(lambda: found.append(siting.best_mean(cells, weight, count=CHOSEN)))
    exact = "exact" if found[1].is_exact else "NOT EXACT"
    row(
        f"best mean, {CHOSEN} of {STATIONS} x {len(weight)}",
        taken,
        f"< {TARGET_MEAN_S:g}, {exact}",
    )


def _areas(xy: np.ndarray) -> np.ndarray:
    """Squares in the place of municipalities, some 360 of them."""
    side = float(np.ptp(xy, axis=0).max()) / ACROSS
    column, line = np.floor(xy / side).astype(np.int64).T
    return column * (ACROSS + 2) + line


def _closings(people: np.ndarray, minutes: np.ndarray, *, area: np.ndarray) -> None:
    agreed = np.zeros(minutes.shape, dtype=bool)
    agreed[np.arange(len(minutes)), np.argmin(minutes, axis=1)] = True
    now = changes.situation(minutes, agreed)

    def close(station: int) -> None:
        after = changes.closed(now, station)
        effect(
            now.both.agreed.minutes,
            after.both.agreed.minutes,
            people=people,
            area=area,
            limits=(20.0, 40.0, 60.0, 90.0),
            beyond_min=60.0,
            least_min=1.0,
        )

    each = [seconds(lambda one=one: close(one)) for one in range(STATIONS)]
    row("closing a station, with who gets longer: median", float(np.median(each)), "")
    row("closing a station: slowest", max(each), f"< {TARGET_CLOSING_S:g}")


if __name__ == "__main__":
    main()
