"""The smallest published instances are solved to their known best, and proven so."""

from pathlib import Path
from time import monotonic

import pytest

from varde.engines.rostering.curtois import read_curtois
from varde.engines.rostering.curtois_check import curtois_objective, curtois_violations
from varde.engines.rostering.curtois_solve import solve_curtois
from varde.engines.rostering.search import Limits, Status


SET = Path(__file__).parents[3] / "shared" / "data" / "rostering" / "curtois"


@pytest.mark.parametrize(("number", "best"), [(1, 607), (2, 828), (3, 1001), (4, 1716)])
def test_a_published_instance_is_solved_to_its_known_best(number, best):
    file = SET / f"Instance{number}.txt"
    if not file.exists():
        pytest.skip(f"no ../shared/data/rostering/curtois/{file.name}: not solved")
    instance = read_curtois(file.read_bytes(), file=file.name)
    solved = solve_curtois(instance, limits=Limits(seconds=120), clock=monotonic)
    assert solved.status == Status.PROVEN
    assert solved.objective == solved.bound == best
    assert curtois_objective(instance, solved.roster) == best
    assert not curtois_violations(instance, solved.roster)
