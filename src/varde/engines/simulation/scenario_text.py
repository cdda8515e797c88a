"""A whole scenario as TOML: what `scenario_file.read` reads back to the same scenario."""

import json
import re
from collections.abc import Mapping
from typing import Any


_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def as_toml(tree: Mapping[str, Any]) -> str:
    """The tables of a scenario as text: plain values first, then lists of tables.

    Numbers are written so that they are read back to the last digit.

    >>> print(as_toml({"name": "kort", "people": [{"name": "Lege", "roles": ["lege"]}]}))
    name = "kort"
    <BLANKLINE>
    [[people]]
    name = "Lege"
    roles = ["lege"]
    <BLANKLINE>
    """
    lists = {key: value for key, value in tree.items() if _is_tables(value)}
    lines = [_line(key, tree[key]) for key in tree if key not in lists]
    for key, tables in lists.items():
        for table in tables:
            lines += ["", f"[[{_key(key)}]]"]
            lines += [_line(*pair) for pair in table.items()]
    return "\n".join([*lines, ""])


def _is_tables(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, Mapping) for one in value)
    )


def _line(key: str, value: Any) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(_line(*pair) for pair in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return _text(value)


def _text(value: str) -> str:
    """A basic string: TOML's escapes are JSON's, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
