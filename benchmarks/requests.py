"""300 operators at work: how long each kind of request takes, beside its SQL alone.

Run alone: python -m benchmarks.requests --seconds 60
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.installation import Installation, load_average, percentile, running
from benchmarks.work import Measured, Shift


OPERATORS = 300
WORKERS = 2  # as `varde serve`
PACES = (1.0, 4.0)
SCATTER_S = 30.0
SEED = 3
TARGET_P95_MS = 50.0
TARGET_RATIO = 4.0


def main() -> None:
    """Build, put everybody to work at each pace, print, take it all away again."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.requests")
    parser.add_argument("--seconds", type=float, default=60.0, help="of both paces")
    parser.add_argument("--operators", type=int, default=OPERATORS)
    asked = parser.parse_args()
    with running(
        "work", years=1, scale=1.0, operators=asked.operators, workers=WORKERS
    ) as there:
        asyncio.run(_measure(there, seconds=asked.seconds / len(PACES)))
    print(
        f"target: p95 under {TARGET_P95_MS:.0f} ms, and at most {TARGET_RATIO:.0f} × "
        "the same SQL by plain psycopg"
    )


async def _measure(there: Installation, *, seconds: float) -> None:
    with tempfile.TemporaryDirectory(prefix="varde-bench-") as folder:
        file = Path(folder) / "statements.json"
        _capture(there, file)
        statements = json.loads(file.read_text("utf-8"))
        shift = Shift(there, seed=SEED)
        before = await shift.scatter(seconds=SCATTER_S)
        print(
            f"warmed up by {shift.measured.count} requests without a pause; "
            f"{before} of {len(there.sessions)} operators are in the midst of a contact"
        )
        for pace in PACES:
            yardstick = _replay(there, file, seconds=seconds)
            measured = await shift.work(seconds=seconds, pace=pace)
            alone = json.loads(yardstick.communicate()[0])
            print(
                f"\n{len(there.sessions)} operators, {pace:g} × the pace of life: ",
                end="",
            )
            print(
                f"{measured.count / measured.seconds:.1f} requests/s of "
                f"{shift.asked_a_second(pace):.1f} wanted, load {load_average()}"
            )
            print(_table(measured, alone, statements), flush=True)
        await shift.close()


def _capture(there: Installation, file: Path) -> None:
    told = {
        "session": there.sessions[0],
        "patients": there.patients[-50:],
        "sentral": there.sentral,
        "secret": there.telephony_secret,
        "owner_url": there.owner_url,
    }
    subprocess.run(
        [sys.executable, "-m", "benchmarks.statements", "capture", str(file)],
        input=json.dumps(told),
        env=dict(there.environment),
        check=True,
        text=True,
    )


def _replay(
    there: Installation, file: Path, *, seconds: float
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "benchmarks.statements", "replay", str(file)),
            *("--seconds", str(seconds)),
        ],
        env=dict(there.environment),
        stdout=subprocess.PIPE,
        text=True,
    )


def _table(
    measured: Measured,
    alone: dict[str, list[float]],
    statements: dict[str, dict[str, Any]],
) -> str:
    """Each kind beside its statements alone.

    The ratio is of the medians. CPU is the processor's time in Python for one request,
    which does not grow when others use the machine.
    """
    lines = [
        f"{'request':<20}{'n':>6}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
        f"{'SQL':>6}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>7}{'CPU ms':>9}"
    ]
    for kind, one in statements.items():
        times, sql = measured.times.get(kind, []), alone[kind]
        if not times or not sql:
            lines.append(f"{kind:<20}{len(times):>6}  not measured")
            continue
        ours = [percentile(times, share) for share in (0.5, 0.95, 0.99)]
        plain = [percentile(sql, share) for share in (0.5, 0.95)]
        lines.append(
            f"{kind:<20}{len(times):>6}{''.join(f'{ms:>9.1f}' for ms in ours)}"
            f"{len(one['sql']):>6}{''.join(f'{ms:>9.1f}' for ms in plain)}"
            f"{ours[0] / plain[0]:>7.1f}{one['cpu_ms']:>9.1f}"
        )
    everything = [ms for times in measured.times.values() for ms in times]
    shown = "".join(f"{percentile(everything, p):>9.1f}" for p in (0.5, 0.95, 0.99))
    lines.append(f"{'all':<20}{len(everything):>6}{shown}")
    lines += [f"FAULT {n} × {text}" for text, n in measured.faults.most_common(8)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
