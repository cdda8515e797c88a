"""Replications of some scenarios: here, over processes, or over the workers of a cluster."""

import pickle
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from joblib import Parallel, delayed, parallel_config

from varde.engines.simulation import draws, kernel, tables
from varde.engines.simulation.engines import Calendar
from varde.engines.simulation.measures import measures
from varde.engines.simulation.memory import Drawn, Run
from varde.engines.simulation.scenario import Scenario


CONNECT_S = 10  # seconds to wait for the scheduler of a cluster
type Row = tuple[dict[str, float], ...]  # the measures of each scenario


class Engine(StrEnum):
    """Which of the two engines runs the replications."""

    KERNEL = "kernel"
    COMPILED = "compiled"


class Replicator:
    """Runs replications of some scenarios, with the memory that their runs share."""

    def __init__(
        self, scenarios: Sequence[Scenario], *, seed: int, engine: Engine
    ) -> None:
        self._seed, self._engine = seed, engine
        self._ready = [(one, tables.make(one)) for one in scenarios]
        self._plans = [draws.plan(one, made) for one, made in self._ready]
        self._calendars = [Calendar(made) for _, made in self._ready]

    def measures(self, replication: int) -> Row:
        """The measures of every scenario on the same numbers."""
        runs = self.runs(replication)
        return tuple(
            measures(scenario, made, drawn, run)
            for (scenario, made), (drawn, run) in zip(self._ready, runs, strict=True)
        )

    def runs(self, replication: int) -> Iterator[tuple[Drawn, Run]]:
        """What was drawn for each scenario and what happened. The next run takes it."""
        numbers = draws.Numbers(seed=self._seed, replication=replication)
        for number, (scenario, _) in enumerate(self._ready):
            drawn = draws.draw(self._plans[number], numbers)
            if self._engine is Engine.KERNEL:
                yield drawn, kernel.run(scenario, drawn)
            else:
                yield drawn, self._calendars[number].run(drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What every worker is told."""

    scenarios: tuple[Scenario, ...]
    seed: int
    engine: Engine

    def replicator(self) -> Replicator:
        """What does the work."""
        return Replicator(self.scenarios, seed=self.seed, engine=self.engine)


def rows_of(work: Work, *, count: int, workers: int, cluster: str) -> Generator[Row]:
    """One after the other, or over processes; always in the order of the replications."""
    if workers == 1 and not cluster:
        alone = work.replicator()
        yield from map(alone.measures, range(count))
        return
    words = pickle.dumps(work)
    with _workers(workers, cluster):
        yield from Parallel(return_as="generator")(
            delayed(in_worker)(words, number) for number in range(count)
        )


@contextmanager
def _workers(count: int, cluster: str) -> Iterator[None]:
    """Processes of this machine; or all of a Dask cluster, where Varde is installed."""
    if not cluster:
        with parallel_config(backend="loky", n_jobs=count):
            yield
        return
    from distributed import Client  # an extra: only those with a cluster have it

    with (
        Client(cluster, timeout=CONNECT_S, set_as_default=False) as client,  # type: ignore[no-untyped-call]
        parallel_config(backend="dask", client=client, n_jobs=-1),
    ):
        yield


def in_worker(words: bytes, replication: int) -> Row:
    """In another process. Ctrl+C in a terminal is for the process that collects."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return _replicator(words).measures(replication)


_here = threading.local()  # a worker of a cluster may have more than one thread


def _replicator(words: bytes) -> Replicator:
    """Made once for all replications of a study that come to this thread."""
    if getattr(_here, "words", None) != words:
        work: Work = pickle.loads(words)  # noqa: S301  (what our own process wrote)
        _here.words, _here.replicator = words, work.replicator()
    found: Replicator = _here.replicator
    return found
