"""TOML as plain values, with the lines as far as they can be told.

The TOML reader of the standard library tells no lines, so they are looked up in the
text: each table and each key that starts a line. What stands inside an array or an
inline table is found at the line where that begins.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from varde.engines.triage.file_tree import (
    MAX_DEPTH,
    MAX_VALUES,
    FileTree,
    Path,
    refused,
)
from varde.engines.triage.problems import BadIndex, IndexRule


# A key of thousands of parts keeps the standard reader busy for hours; a key has one
# line, so long lines are refused. The longest line that an index may need is 5 000.
MAX_LINE = 6_000  # characters

_TOML_HEADER = re.compile(r"\s*(\[\[|\[)([^\[\]]+)\]{1,2}\s*(?:#.*)?")
_TOML_KEY = re.compile(r"""\s*((?:[\w.-]|"[^"]*"|'[^']*')+)\s*=""")
_TRIPLE_QUOTES = ('"""', "'''")
# What may hide or open a text over several lines: a quote, a whole text, a comment.
_TOML_PIECE = re.compile(r"""\"{3}|'{3}|"(?:\\.|[^"\\])*"|'[^']*'|\#""")
_TOML_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


def read_toml(text: str, *, filename: str) -> FileTree:
    """Read TOML into plain values. Raises `BadIndex` with the first fault."""
    _check_line_lengths(text, filename=filename)
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_AT_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise refused(
            filename,
            IndexRule.NOT_READABLE,
            line=line,
            what=f"this is not TOML: {error}.",
            cure="Look at this line and the one before it: a missing quote, comma or "
            "bracket, or a key that stands twice.",
            values={"reader": str(error)},
        ) from None
    except RecursionError:
        raise _toml_too_deep(filename) from None
    _check_toml_size(value, filename=filename)
    return FileTree(filename=filename, value=value, lines=_toml_lines(text))


def _check_line_lengths(text: str, *, filename: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > MAX_LINE:
            raise refused(
                filename,
                IndexRule.TOO_LARGE,
                line=number,
                what=f"the line has {len(line)} characters; the limit is {MAX_LINE}.",
                cure="Write a list over several lines.",
                values={"characters": str(len(line)), "limit": str(MAX_LINE)},
            )


def _check_toml_size(value: Any, *, filename: str) -> None:
    """Count what is there, level by level, so that depth cannot exhaust the stack."""
    level, depth, count = [value], 0, 0
    while level:
        depth += 1
        count += len(level)
        if depth > MAX_DEPTH + 1:
            raise _toml_too_deep(filename)
        if count > MAX_VALUES:
            raise refused(
                filename,
                IndexRule.TOO_LARGE,
                line=1,
                what=f"the file holds more than {MAX_VALUES} values.",
                cure="Split it into several indexes.",
                values={"limit": str(MAX_VALUES)},
            )
        level = [child for parent in level for child in _children(parent)]


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _toml_too_deep(filename: str) -> BadIndex:
    return refused(
        filename,
        IndexRule.TOO_DEEP,
        line=1,
        what=f"something is nested more than {MAX_DEPTH} levels deep.",
        cure="An index needs 6 levels. Look for brackets that are not closed.",
        values={"limit": str(MAX_DEPTH)},
    )


def _toml_lines(text: str) -> dict[Path, int]:
    """The line of each table and of each key that starts a line.

    Texts over several lines are stepped over.
    """
    lines: dict[Path, int] = {(): 1}
    counts: dict[Path, int] = {}
    table: Path = ()
    open_quote: str | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        was_open = open_quote
        open_quote = _open_quote_after(line, was_open)
        if was_open:
            continue
        if header := _TOML_HEADER.fullmatch(line):
            names = _toml_names(header[2])
            table = _toml_table(names, counts, is_array=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _TOML_KEY.match(line):
            lines.setdefault((*table, *_toml_names(key[1])), number)
    return lines


def _toml_names(dotted: str) -> list[str]:
    return [name.strip().strip("\"'") for name in dotted.split(".")]


def _toml_table(names: list[str], counts: dict[Path, int], *, is_array: bool) -> Path:
    """Where a header puts us: an array of tables on the way means its last table."""
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, names[-1])
    if not is_array:
        return path
    counts[path] = counts.get(path, 0) + 1
    return (*path, counts[path] - 1)


def _open_quote_after(line: str, open_quote: str | None) -> str | None:
    """Which triple quote, if any, is open at the end of a line."""
    at = 0
    while True:
        if open_quote:
            end = line.find(open_quote, at)
            if end < 0:
                return open_quote
            at, open_quote = end + len(open_quote), None
            continue
        piece = _TOML_PIECE.search(line, at)
        if not piece or piece[0] == "#":
            return None
        if piece[0] in _TRIPLE_QUOTES:
            open_quote = piece[0]
        at = piece.end()
