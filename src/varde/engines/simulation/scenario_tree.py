"""A scenario file as plain tables with their lines, its base merged in, and its form right.

The first fault ends it, with file, line and cure.
"""

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema import Draft202012Validator

from varde.content import scenario_schema
from varde.domain.errors import BadInput
from varde.engines.triage.file_tree import FileTree, Path
from varde.engines.triage.problems import BadIndex
from varde.engines.triage.toml_tree import read_toml


MOST_BASES = 5  # a file on a file on a file
ADDED = {"assumptions"}  # lists whose items are added to those of the base
LONGEST_VALUE = 40  # characters of a wrong value that are said again
LIMITS = {  # the way out, for each kind of limit in the schema
    "minimum": "Write {} or more",
    "exclusiveMinimum": "Write more than {}",
    "maximum": "Write {} or less",
    "exclusiveMaximum": "Write less than {}",
    "minLength": "Write at least {} characters",
    "maxLength": "Write at most {} characters",
    "minItems": "Give at least {}",
    "maxItems": "Give at most {}",
    "minProperties": "Give at least {}",
    "uniqueItems": "Give each of them once",
    "pattern": "Write it in the form {}",
    "multipleOf": "Write a multiple of {}",
}
A_NUMBER_BY_CLASS = "a number above 0, or { … } with one for each class"
FORMS = {  # of what may be written in more than one way; the rest are minutes
    "by_hour": "24 weights, one for each hour of the day, or 168 from Monday 00:00, none below 0",
    "priority": "a whole number, or { … } with one for each class",
    "target_min": A_NUMBER_BY_CLASS,
    "limit_min": A_NUMBER_BY_CLASS,
}
type Texts = Callable[[str], str | None]


class Table(dict[str, Any]):
    """A table of the file that knows the file and the line of itself and of its keys."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file, self.line = file, line
        self.lines: dict[str, tuple[str, int]] = {}


def read_tree(text: str, *, filename: str, bases: Texts) -> Table:
    """The whole scenario with its base, in the form that the schema asks for."""
    whole = _with_base(text, filename=filename, bases=bases, depth=0)
    faults = [
        (_line(whole, list(error.absolute_path)), error)
        for error in Draft202012Validator(scenario_schema()).iter_errors(whole)
    ]
    for (file, line), error in sorted(faults, key=lambda fault: fault[0]):
        problem, cure = _words(error)
        raise fault_at(file, line, _where(whole, error.absolute_path), problem, cure)
    return whole


def fault_at(file: str, line: int, where: str, problem: str, cure: str) -> BadInput:
    """A fault in a scenario, worded."""
    return BadInput(
        file=file,
        line=line,
        column=where,
        problem=problem,
        cure=f"{cure}, and run the command again",
    )


def _with_base(text: str, *, filename: str, bases: Texts, depth: int) -> Table:
    try:
        tree = read_toml(text, filename=filename)
    except BadIndex as bad:
        fault = bad.problems[0]
        raise BadInput(
            file=filename,
            line=fault.line,
            problem=fault.what,
            cure=fault.cure.rstrip(".") + ", and run the command again",
        ) from None
    here = _tables(tree, tree.value, ())
    name = here.pop("base", None)
    if name is None:
        return _without_marks(here)
    line = here.lines["base"][1]
    if depth == MOST_BASES:
        raise fault_at(filename, line, "base", "leads round in a ring, or too deep", f"Build on at most {MOST_BASES} files, none of them this one")  # fmt: skip
    found = bases(name) if isinstance(name, str) else None
    if found is None:
        raise fault_at(filename, line, "base", f"no scenario is called {name!r}", "Name a ready scenario, or a file beside this one without its .toml")  # fmt: skip
    below = _with_base(found, filename=f"{name}.toml", bases=bases, depth=depth + 1)
    return _without_marks(_merged(below, here))


def _tables(tree: FileTree, value: dict[str, Any], path: Path) -> Table:
    table = Table(tree.filename, tree.line_of(path))
    for key, child in value.items():
        table.lines[key] = (tree.filename, tree.line_of((*path, key)))
        table[key] = _child(tree, child, (*path, key))
    return table


def _child(tree: FileTree, value: Any, path: Path) -> Any:
    if isinstance(value, dict):
        return _tables(tree, value, path)
    if isinstance(value, list):
        return [_child(tree, one, (*path, i)) for i, one in enumerate(value)]
    return value


def _merged(below: Table, above: Table) -> Table:
    """The table of the base with what the file says instead, and in addition."""
    result = Table(above.file, above.line)
    result.update(below)
    result.lines.update(below.lines)
    for key, value in above.items():
        old = below.get(key)
        if (
            isinstance(value, Table)
            and isinstance(old, Table)
            and _is_mergeable(value, old)
        ):
            value = _merged(old, value)
        elif isinstance(value, list) and isinstance(old, list):
            value = _merged_list(key, old, value)
        result[key] = value
        result.lines[key] = above.lines[key]
    return result


def _is_mergeable(value: Table, old: Table) -> bool:
    """Another kind of distribution takes the place of the old one whole."""
    return value.get("kind") == old.get("kind") or "kind" not in value


def _merged_list(key: str, old: list[Any], new: list[Any]) -> list[Any]:
    if key in ADDED:
        return [*old, *new]
    if not all(isinstance(one, Table) and "name" in one for one in [*old, *new]):
        return new
    result = {one["name"]: one for one in old}
    for one in new:
        before = result.get(one["name"])
        result[one["name"]] = one if before is None else _merged(before, one)
    return list(result.values())


def _without_marks(table: Table) -> Table:
    """Take away what is marked `remove = true`."""
    for key, value in table.items():
        if isinstance(value, list):
            table[key] = [
                one
                for one in value
                if not (isinstance(one, Table) and one.get("remove") is True)
            ]
    return table


def line_of(table: Table, key: str) -> tuple[str, int]:
    """The file and the line of a key, or of its table."""
    return table.lines.get(key, (table.file, table.line))


def _line(whole: Table, path: list[Any]) -> tuple[str, int]:
    found, here = (whole.file, whole.line), whole
    value: Any = whole
    for step in path:
        if isinstance(value, Table):
            here = value
            found = line_of(here, step)
        value = value[step]
    return (value.file, value.line) if isinstance(value, Table) and not path else found


def _where(whole: Table, path: Any) -> str:
    parts: list[str] = []
    value: Any = whole
    for step in path:
        value = value[step]
        if isinstance(step, int):
            named = value.get("name") if isinstance(value, Table) else None
            parts[-1] += f"[{named or step + 1}]"
        else:
            parts.append(step)
    return ".".join(parts) or "scenario"


def _words(error: Any) -> tuple[str, str]:
    """What is wrong and the way out, for each kind of fault that the schema finds."""
    if error.validator == "required":
        key = next(key for key in error.validator_value if key not in error.instance)
        return f"the key {key!r} is missing", f"Add {key!r} here"
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        odd = next(_unknown(error, known))
        return f"the key {odd!r} is not known here", f"Use one of {', '.join(known)}"
    if error.validator == "anyOf":
        forms = FORMS.get(error.absolute_path[-1], "a number, or { kind = … } with what that kind needs")  # fmt: skip
        return "is in none of the forms that it may have", f"Write {forms}"
    if error.validator in {"enum", "const"}:
        allowed = error.validator_value
        words = ", ".join(map(str, allowed if isinstance(allowed, list) else [allowed]))
        return f"{error.instance!r} is not one of the values", f"Use {words}"
    if error.validator == "type":
        return f"is not of the type {error.validator_value}", f"Write a {error.validator_value} here"  # fmt: skip
    return f"{_short(error.instance)} is outside the limit", LIMITS[error.validator].format(error.validator_value)  # fmt: skip


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _unknown(error: Any, known: list[str]) -> Iterator[str]:
    yield from (key for key in error.instance if key not in known)
