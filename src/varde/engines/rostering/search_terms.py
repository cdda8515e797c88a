"""What a search is given and what it gives: the terms of search.py."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Protocol

from ortools.sat.python import cp_model


type Clock = Callable[[], float]
type Choice = Callable[[Random, Sequence[int], float], Collection[int]]


class Stop(Protocol):
    """What says that the search is to end: an Event, for one."""

    def is_set(self) -> bool: ...


class Status(StrEnum):
    """How a search ended."""

    PROVEN = "proven"  # nothing is better than the answer
    FOUND = "found"  # there is an answer; a better one may exist
    IMPOSSIBLE = "impossible"  # no answer exists with these rules and fixed decisions
    NOTHING_FOUND = "nothing_found"  # none was found in time; one may exist


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A way to choose what is set free.

    `choose(draw, values, share)` gives the positions of the decisions to free, about
    `share` (0 to 1) of them all, where `values` is the best answer so far.
    """

    name: str
    choose: Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A model to be made small, the decisions that answer it, and what to free at a time."""

    model: cp_model.CpModel
    decisions: Sequence[cp_model.IntVar]
    neighbourhoods: Sequence[Neighbourhood]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and with how much. Repeatable with one worker and an effort."""

    seconds: float
    workers: int = 2
    seed: int = 0
    effort: float = math.inf  # deterministic time, all phases together
    whole_share: float = 0.3  # of the time (and effort) for the whole model
    patience_s: float = 30.0  # the whole model is left when nothing came for so long
    slice_s: float = 4.0  # one neighbourhood


@dataclass(frozen=True, slots=True, kw_only=True)
class Better:
    """A better answer than all before. `values` are those of the decisions."""

    objective: int
    bound: int | None
    seconds: float
    values: tuple[int, ...]
    phase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The best answer, if any, and what is known about better ones."""

    status: Status
    objective: int | None
    bound: int | None
    values: tuple[int, ...] | None
    seconds_to_first: float | None
    seconds: float
