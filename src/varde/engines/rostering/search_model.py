"""Small changes to a CP-SAT model that is there, without building it again."""

from collections.abc import Iterable, Sequence
from typing import Final

from ortools.sat.python import cp_model


LOWEST: Final = -(1 << 62)


def answer(solver: cp_model.CpSolver) -> tuple[int, list[int]]:
    """The objective and the value of each variable, as the solver left them."""
    return round(solver.objective_value), list(solver.response_proto.solution)


def fix(model: cp_model.CpModel, index: int, value: int) -> None:
    """Give a variable this value and no other."""
    domain = model.proto.variables[index].domain
    domain.clear()
    domain.extend([value, value])


def hint(
    model: cp_model.CpModel, indices: Iterable[int], values: Iterable[int]
) -> None:
    """Tell the solver where to look first. What it was told before is forgotten."""
    model.proto.clear_solution_hint()
    hint = model.proto.solution_hint
    hint.vars.extend(list(indices))
    hint.values.extend(list(values))


def at_most(model: cp_model.CpModel, objective: int) -> None:
    """Take no answer that is worse than this."""
    goal = model.proto.objective
    goal.domain.clear()
    goal.domain.extend([LOWEST, objective - round(goal.offset)])


def contains(domain: Sequence[int], value: int) -> bool:
    """Is the value in one of a domain's closed intervals?"""
    ends = zip(domain[::2], domain[1::2], strict=True)
    return any(low <= value <= high for low, high in ends)
