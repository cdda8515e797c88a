"""Resident memory of the web process over an hour's load, pressed together.

As many requests as 300 operators make in an hour, without a pause between them. Where the
machine cannot do them in the time given, it says how far it came.

Run alone: python -m benchmarks.memory --seconds 180
"""

import argparse
import asyncio

from benchmarks.installation import Installation, load_average, running
from benchmarks.work import BEAT_S, CONTACT_S, STEPS, Shift


OPERATORS = 300
WORKERS = 1
HOUR_S = 3600
AT_ONCE = 6
PARTS = 10
SEED = 5
TARGET_GROWTH = 0.10


def main() -> None:
    """Build, work an hour's requests, print the memory after every tenth."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory")
    parser.add_argument("--seconds", type=float, default=180.0)
    asked = parser.parse_args()
    with running(
        "work", years=1, scale=1.0, operators=OPERATORS, workers=WORKERS
    ) as there:
        asyncio.run(_measure(there, seconds=asked.seconds))


async def _measure(there: Installation, *, seconds: float) -> None:
    hour = requests_an_hour(OPERATORS)
    shift = Shift(there, seed=SEED)
    seen = [there.resident_mb()]
    done = 0
    print(f"{'':>10}{'requests':>10}{'MB':>8}\n{'start':>10}{0:>10}{seen[0]:>8.0f}")
    for part in range(1, PARTS + 1):
        measured = await shift.hurry(
            seconds=seconds / PARTS, requests=hour // PARTS, at_once=AT_ONCE
        )
        done += measured.count
        seen.append(there.resident_mb())
        print(f"{f'{part}/{PARTS}':>10}{done:>10}{seen[-1]:>8.0f}", flush=True)
        for text, count in measured.faults.most_common(3):
            print(f"FAULT {count} × {text}")
    await shift.close()
    print(f"{done / hour:.0%} of an hour's {hour} requests, load {load_average()}")
    last = seen[-(PARTS // 3) - 1 :]
    growth = last[-1] / last[0] - 1
    print(
        f"over the last third {growth:+.1%} (flat: within {TARGET_GROWTH:.0%}), "
        f"{(last[-1] - seen[PARTS // 2]) * 1e6 / max(1, done / 2):.0f} bytes a request "
        "over the last half"
    )


def requests_an_hour(operators: int) -> int:
    """What so many operators ask in an hour, with the desk's signs of life.

    >>> requests_an_hour(300)
    120000
    """
    each = HOUR_S / (sum(CONTACT_S) / 2) * STEPS + HOUR_S / BEAT_S
    return round(operators * each)


if __name__ == "__main__":
    main()
