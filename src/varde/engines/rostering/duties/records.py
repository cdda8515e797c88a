"""The rules of a rota as conditions: what a solver keeps and a search counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from varde.domain.rota.rules.breach import RotaRule
from varde.engines.rostering.duties.ground import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Most:
    """A sum over a person's shifts that has a limit."""

    rule: RotaRule
    worker: int
    terms: Mapping[int, int]  # shift, weight
    most: int
    spared: tuple[int, ...] = ()  # shifts that each raise the limit by one
    key: object = None  # records of one worker, rule and key are one warning


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Sets of a person's shifts, of which at most so many may be touched."""

    rule: RotaRule
    worker: int
    sets: tuple[tuple[int, ...], ...]
    most: int
    key: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """Whoever of `of` is there, one of `by` must be there too. `worker` is of whom it is
    demanded, if of one."""

    rule: RotaRule
    of: tuple[Pair, ...]
    by: tuple[Pair, ...]
    worker: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Least:
    """So many of some pairs are needed."""

    rule: RotaRule
    of: tuple[Pair, ...]
    least: int
    at: int  # minutes since 1970
    ends: int


type Record = Most | Touch
