"""Run the benchmarks, each in a process of its own, one after the other.

All: python -m benchmarks. Some: python -m benchmarks requests history --seconds 30.
What begins with a hyphen is handed on to each benchmark named.
"""

import os
import subprocess
import sys
from importlib.util import find_spec


ORDER = (
    "search",
    "board_order",
    "rota_judge",
    "rota_drag",
    "forecast",
    "access",
    "board",
    "requests",
    "live",
    "history",
    "memory",
)


def main(words: list[str]) -> int:
    """Run what is named, or all. 0 when all were done, 2 for a name that is not there."""
    there = [name for name in ORDER if find_spec(f"benchmarks.{name}") is not None]
    first = next(
        (i for i, word in enumerate(words) if word.startswith("-")), len(words)
    )
    named, options = words[:first], words[first:]
    unknown = [name for name in named if name not in there]
    if unknown:
        sys.stderr.write(
            f"There is no benchmark {', '.join(unknown)}. Nothing was run.\n"
            f"There are: {', '.join(there)}.\n"
        )
        return 2
    if options and not named:
        sys.stderr.write(
            f"{' '.join(options)}: options belong to a benchmark. Nothing was run.\n"
            "Name it first, e.g. python -m benchmarks history --contacts 1000000\n"
        )
        return 2
    faults = 0
    for name in named or there:
        load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
        print(f"\n== {name} (load average {load}, {os.cpu_count()} cores)", flush=True)
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *options], check=False
        )
        faults += done.returncode != 0
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
