"""A scenario as plain tables: from the ready ones, from its text, and back to text."""

import json
from functools import cache, lru_cache
from typing import Any

from varde.content import scenario_names, scenario_text
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.scenario_file import read
from varde.engines.simulation.scenario_text import as_toml
from varde.engines.simulation.scenario_tree import read_tree


type Tree = dict[str, Any]

TODAY = "idag"
KEPT = 100  # texts that are read already: to check one takes a tenth of a second


def ready_text(name: str) -> str | None:
    """The text of a ready scenario; None where there is no such."""
    return scenario_text(name) if name in scenario_names() else None


def ready_tree(name: str) -> Tree:
    """The whole of a ready scenario, with what it builds on."""
    return tree_of(scenario_text(name))


def tree_of(text: str) -> Tree:
    """The tables of a text. Raises `BadInput`."""
    plain: Tree = json.loads(_read(text))
    return plain


@lru_cache(maxsize=KEPT)
def _read(text: str) -> str:
    return json.dumps(read_tree(text, filename="scenario.toml", bases=ready_text))


def text_of(tree: Tree) -> str:
    """The text of the tables."""
    return as_toml(tree)


@lru_cache(maxsize=KEPT)
def scenario_of(text: str) -> Scenario:
    """The scenario of a text. Raises `BadInput`."""
    return read(text, filename="scenario.toml", bases=ready_text)


def ready_scenarios() -> list[tuple[str, str]]:
    """The name and the title of each ready scenario, today's first."""
    return list(_ready())


@cache
def _ready() -> tuple[tuple[str, str], ...]:
    names = sorted(scenario_names(), key=lambda name: (name != TODAY, name))
    return tuple((name, ready_tree(name)["title"]) for name in names)
