"""The public instances' formats by name: read, solve, judge, and write the roster."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from varde.engines.rostering.curtois import CurtoisInstance, read_curtois
from varde.engines.rostering.curtois_check import curtois_objective, curtois_violations
from varde.engines.rostering.curtois_shared import Found, Solved
from varde.engines.rostering.curtois_solve import solve_curtois
from varde.engines.rostering.inrc1 import Inrc1Instance, read_inrc1
from varde.engines.rostering.inrc1_check import inrc1_objective, inrc1_violations
from varde.engines.rostering.inrc1_model import inrc1_problem
from varde.engines.rostering.roster_values import Roster, roster_of
from varde.engines.rostering.search import Better, Clock, Limits, Stop, search


INRC1_WHOLE_SHARE: Final = 0.4
INRC1_PATIENCE_S: Final = 15.0


class Solve(Protocol):
    """How an instance of one format is solved; see curtois_solve.py."""

    def __call__(
        self,
        *,
        limits: Limits,
        clock: Clock,
        on_better: Callable[[Found], None] = ...,
        stop: Stop | None = ...,
    ) -> Solved: ...


@dataclass(frozen=True, slots=True)
class PublicInstance:
    """An instance of any format: whose lines a roster has, and what may be done with it."""

    people: tuple[str, ...]
    days: int
    solve: Solve
    is_allowed: Callable[[Roster], bool]
    objective: Callable[[Roster], int]


def solve_inrc1(
    instance: Inrc1Instance,
    *,
    limits: Limits,
    clock: Clock,
    on_better: Callable[[Found], None] = lambda found: None,
    stop: Stop | None = None,
) -> Solved:
    """The best roster within the limits, by the search kernel."""
    ids = [shift.id for shift in instance.shifts]

    def roster(values: tuple[int, ...]) -> Roster:
        return roster_of(values, ids=ids, days=instance.days)

    def hand_on(better: Better) -> None:
        on_better(
            Found(
                objective=better.objective,
                bound=better.bound,
                seconds=better.seconds,
                roster=roster(better.values),
                phase=better.phase,
            )
        )

    outcome = search(
        inrc1_problem(instance),
        limits=replace(
            limits, whole_share=INRC1_WHOLE_SHARE, patience_s=INRC1_PATIENCE_S
        ),
        clock=clock,
        on_better=hand_on,
        stop=stop,
    )
    return Solved(
        status=outcome.status,
        objective=outcome.objective,
        bound=outcome.bound,
        roster=None if outcome.values is None else roster(outcome.values),
        seconds_to_first=outcome.seconds_to_first,
        seconds=outcome.seconds,
    )


def _curtois(data: bytes, file: str) -> PublicInstance:
    instance: CurtoisInstance = read_curtois(data, file=file)
    return PublicInstance(
        people=tuple(person.id for person in instance.people),
        days=instance.days,
        solve=lambda **how: solve_curtois(instance, **how),
        is_allowed=lambda roster: not curtois_violations(instance, roster),
        objective=lambda roster: curtois_objective(instance, roster),
    )


def _inrc1(data: bytes, file: str) -> PublicInstance:
    instance = read_inrc1(data, file=file)
    return PublicInstance(
        people=tuple(nurse.id for nurse in instance.nurses),
        days=instance.days,
        solve=lambda **how: solve_inrc1(instance, **how),
        is_allowed=lambda roster: not inrc1_violations(instance, roster),
        objective=lambda roster: inrc1_objective(instance, roster),
    )


_READERS: Mapping[str, Callable[[bytes, str], PublicInstance]] = {
    "curtois": _curtois,
    "inrc1": _inrc1,
}
FORMATS: Final = tuple(_READERS)


def read_public(data: bytes, *, file: str, format: str) -> PublicInstance:
    """The instance in a file's bytes. Raises `BadInput` with line and value."""
    return _READERS[format](data, file)
