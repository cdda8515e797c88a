"""How fast the station's board is put in order, beside sorted() over the same patients.

Run alone: python -m benchmarks.board_order
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter

from varde.domain.board_order import WaitingPatient, board_order
from varde.domain.hastegrad import ARRIVAL


SEED = 20261122
ROUNDS = 101  # by turns; the medians count
SIZES = (60, 500)  # a full waiting room; the size that the target names
TARGET_MS = 2.0  # issue 3, for 500 patients
NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)
MINUTES = {"rod": 0, "oransje": 10, "gul": 60, "gronn": 120, "bla": 240, "ukjent": 10}


def patients(number: int, *, seed: int = SEED) -> list[WaitingPatient]:
    """Made-up patients of every level, some seen since they came."""
    random = Random(seed)
    levels = [None, *ARRIVAL.levels]
    return [
        WaitingPatient(
            patient_id=f"p{place}",
            level=random.choice(levels),
            arrived_at=NOW - timedelta(seconds=random.randrange(4 * 3600)),
            last_seen_at=NOW - timedelta(seconds=random.randrange(3600))
            if random.random() < 0.5
            else None,
        )
        for place in range(number)
    ]


def medians_ms(*ways: Callable[[], object]) -> list[float]:
    """The median time of each way in milliseconds, measured by turns."""
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for way, taken in zip(ways, times, strict=True):
            began = perf_counter()
            way()
            taken.append(1000 * (perf_counter() - began))
    return [sorted(taken)[ROUNDS // 2] for taken in times]


def main() -> None:
    """Print the figures, ours and the yardstick's side by side."""
    print(f"{'patients':>8}{'Varde ms':>12}{'sorted() ms':>14}{'ratio':>8}")
    for size in SIZES:
        there = patients(size)
        ours, plain = medians_ms(
            lambda there=there: board_order(there, now=NOW, minutes=MINUTES),
            lambda there=there: sorted(there, key=lambda patient: patient.arrived_at),
        )
        print(f"{size:>8}{ours:>12.3f}{plain:>14.3f}{ours / plain:>8.1f}")
    print(f"target: 500 patients under {TARGET_MS:.0f} ms")


if __name__ == "__main__":
    main()
