"""A Varde of one's own to measure: a folder, its database, its web process.

Lives on the loopback only, and is removed when the benchmark ends, unless a folder was
named in which to keep it (VARDE_BENCH_HOME): building takes longer than measuring.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import psutil

from varde.config import env, serving


with warnings.catch_warnings():
    # A server often has no XDG_RUNTIME_DIR; the library then uses /tmp and says so.
    warnings.simplefilter("ignore")
    from varde.config import embedded


SEED = 7
CONTACTS_A_YEAR = 27_500  # of the demo at scale 1
START_S = 60.0
STOP_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One that runs: where it answers, who works there, and its database."""

    address: str
    owner_url: str
    web_url: str
    environment: Mapping[str, str]
    telephony_secret: str
    sentral: str
    sentral_id: int
    contacts: int
    sessions: Sequence[str]
    patients: Sequence[str]  # synthetic national numbers
    process: psutil.Process

    def resident_mb(self) -> float:
        """Resident memory of the web process and its workers, in MB of a million bytes."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family) / 1e6


@contextmanager
def running(
    name: str, *, years: int, scale: float, operators: int, workers: int = 1
) -> Iterator[Installation]:
    """Build (or find) the installation, serve it, and stop all of it afterwards."""
    kept = os.environ.get("VARDE_BENCH_HOME")
    home = Path(kept) / name if kept else Path(tempfile.mkdtemp(prefix="varde-bench-"))
    server = None
    try:
        read = env.read({"VARDE_HOME": str(home)})
        server = embedded.start(read)
        told = _build(home, years=years, scale=scale, operators=operators)
        port = _free_port()
        environment = os.environ | {
            "VARDE_HOME": str(home),
            "DATABASE_URL": embedded.web_url(server),
            "VARDE_WEB_DATABASE_URL": embedded.web_url(server),
            "VARDE_REQUIRE_MFA": "0",
            "VARDE_PUBLIC_ADDRESS": f"http://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "varde.config.settings",
        }
        with _served(environment, port=port, workers=workers) as process:
            yield Installation(
                address=f"http://127.0.0.1:{port}",
                owner_url=embedded.owner_url(server),
                web_url=embedded.web_url(server),
                environment=environment,
                telephony_secret=read.telephony_secret,
                process=process,
                **told,
            )
    finally:
        if server is not None:
            server.cleanup()
        if not kept:
            shutil.rmtree(home, ignore_errors=True)


def scale_for(contacts: int, *, years: int) -> float:
    """The demo's scale that gives so many contacts in so many years."""
    return contacts / (CONTACTS_A_YEAR * years)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of the values keep. Never of an empty list.

    >>> percentile([5.0, 1.0, 3.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def load_average() -> str:
    """How busy the machine is, with our own work in it."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def _build(home: Path, *, years: int, scale: float, operators: int) -> dict[str, Any]:
    """What `benchmarks.building` made, in a process of its own."""
    began = time.monotonic()
    words = {"years": years, "seed": SEED, "scale": scale, "operators": operators}
    options = [
        part for name, said in words.items() for part in (f"--{name}", str(said))
    ]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.building", *options],
        env=os.environ | {"VARDE_HOME": str(home)},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    told = json.loads(done.stdout.strip().splitlines()[-1])
    del told["calls"]
    took = time.monotonic() - began
    print(f"{told['contacts']} contacts of history, ready in {took:.0f} s", flush=True)
    return dict(told)


@contextmanager
def _served(
    environment: Mapping[str, str], *, port: int, workers: int
) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "varde.config.serving"),
            *("--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
        ],
        env=dict(environment),
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/helse/", process)
        yield psutil.Process(process.pid)
    finally:
        serving.drop_streams(process.pid)
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
        if process.poll() is None:
            process.kill()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not answer within {START_S:.0f} s")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
