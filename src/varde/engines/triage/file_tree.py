"""A file as plain values, with the line of each, whatever kind of file it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from varde.engines.triage.problems import BadIndex, IndexProblem, IndexRule


# Technical ceilings, far above any index seen (the starter index: 260 000 characters,
# 7 000 values, depth 6), low enough that a hostile file is refused within seconds.
MAX_CHARACTERS = 4_000_000
MAX_VALUES = 200_000
MAX_DEPTH = 20

type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTree:
    """The values of a file, and the line that each stands on."""

    filename: str
    value: Any
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of a value, or of the nearest thing round it. 1 if none is known."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return line
        return 1


def place(root: Any, path: Path) -> str:
    """A path in the file's own terms, with the id of each thing on the way.

    >>> place({"complaints": [{"id": "feber"}]}, ("complaints", 0, "title"))
    'complaints[1] (feber) > title'
    >>> place({}, ())
    'the file'
    """
    parts: list[str] = []
    here = root
    for step in path:
        here = _step_into(here, step)
        if isinstance(step, int):
            name = _name_of(here)
            within = parts.pop() if parts else ""
            parts.append(f"{within}[{step + 1}]" + (f" ({name})" if name else ""))
        else:
            parts.append(step)
    return " > ".join(parts) or "the file"


def _step_into(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def _name_of(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    name = value.get("id", value.get("code"))
    return name if isinstance(name, str) else None


def refused(
    filename: str,
    rule: IndexRule,
    *,
    line: int,
    what: str,
    cure: str,
    where: str = "the file",
    values: Mapping[str, str] | None = None,
) -> BadIndex:
    """The error of a file that cannot be read further: one problem, told at once."""
    problem = IndexProblem(
        rule=rule, line=line, where=where, what=what, cure=cure, values=values or {}
    )
    return BadIndex(filename=filename, problems=[problem])
