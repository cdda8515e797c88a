"""YAML as plain values with lines, read safely.

No tag makes anything but text, whole numbers, true, false and nothing. A key that
stands twice is refused and never silently lost. Aliases are few, and what they stand
for is counted each time. Words are read as YAML 1.2 has it, not as 1.1: `no` is the
word no and not false, and `1.10` is the text 1.10.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from varde.engines.triage.file_tree import (
    MAX_DEPTH,
    MAX_VALUES,
    FileTree,
    Path,
    place,
    refused,
)
from varde.engines.triage.problems import BadIndex, IndexRule


MAX_ALIASES = 200

# The C reader is twenty times as fast; the other is there where libyaml is not.
_YAML_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WHOLE_NUMBER = re.compile(r"[-+]?[0-9]{1,18}")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}


def read_yaml(text: str, *, filename: str) -> FileTree:
    """Read YAML into plain values. Raises `BadIndex` with the first fault."""
    return _YamlReader(filename=filename).read(text)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    value: Any
    path: Path
    anchor: str | None
    size: int = 1  # values in it, itself included, aliases counted in full
    key: str | None = None  # the key that waits for its value
    key_lines: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _YamlReader:
    """Builds the tree from the reader's events, without recursion."""

    filename: str
    stack: list[_Open] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)
    anchors: dict[str, tuple[Any, int]] = field(default_factory=dict)
    aliases: int = 0
    documents: int = 0
    size: int = 0
    root: Any = None

    def read(self, text: str) -> FileTree:
        try:
            for event in yaml.parse(text, Loader=_YAML_LOADER):
                self._take(event)
        except yaml.YAMLError as error:
            raise self._not_readable(error, last_line=text.count("\n") + 1) from None
        if not self.documents:
            raise self._refuse(
                IndexRule.NOT_READABLE,
                line=1,
                what="the file is empty.",
                cure="Start from the example in docs/handbok/indeks-format.md.",
            )
        return FileTree(filename=self.filename, value=self.root, lines=self.lines)

    def _take(self, event: Any) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(event)
        elif isinstance(event, yaml.ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._take_alias(event)

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refuse(
                IndexRule.ONE_DOCUMENT,
                line=_line(event),
                what="a second document starts here (a line with ---).",
                cure="Keep one index in each file.",
            )

    def _take_scalar(self, event: Any) -> None:
        if event.tag not in {None, "!", "tag:yaml.org,2002:str"}:
            raise self._tag_refused(event)
        if self._expects_key():
            self._take_key(event)
            return
        is_plain = event.tag is None and event.style in {None, ""}
        value = _plain_value(event.value) if is_plain else event.value
        self._add(value, line=_line(event), size=1, anchor=event.anchor)

    def _expects_key(self) -> bool:
        return bool(
            self.stack
            and isinstance(self.stack[-1].value, dict)
            and self.stack[-1].key is None
        )

    def _take_key(self, event: Any) -> None:
        top, key, line = self.stack[-1], event.value, _line(event)
        if key in top.key_lines:
            raise self._refuse(
                IndexRule.DUPLICATE_KEY,
                line=line,
                what=f"the key {key!r} stands twice, first on line {top.key_lines[key]}.",
                cure="Remove one of them, or put their contents together.",
                values={"key": key, "first_line": str(top.key_lines[key])},
            )
        top.key_lines[key] = line
        top.key = key

    def _open(self, event: Any) -> None:
        if event.tag not in {None, "!"}:
            raise self._tag_refused(event)
        if self._expects_key():
            raise self._refuse(
                IndexRule.NOT_READABLE,
                line=_line(event),
                what="a key is a list or a mapping; keys are plain words.",
                cure="Put quotes round it if it is meant as text.",
            )
        if len(self.stack) >= MAX_DEPTH:
            raise self._refuse(
                IndexRule.TOO_DEEP,
                line=_line(event),
                what=f"something is nested more than {MAX_DEPTH} levels deep.",
                cure="An index needs 6 levels. Look for brackets that are not closed.",
                values={"limit": str(MAX_DEPTH)},
            )
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        path, line = self._next_path(), self._start_line(event)
        self.lines[path] = line
        self._count(1, line=line)
        self._put(value)
        self.stack.append(_Open(value=value, path=path, anchor=event.anchor))

    def _start_line(self, event: Any) -> int:
        """A value under a key is found at its key, one in a list at its dash."""
        if self.stack and (key := self.stack[-1].key) is not None:
            return self.stack[-1].key_lines[key]
        return _line(event)

    def _close(self) -> None:
        done = self.stack.pop()
        if done.anchor:
            self.anchors[done.anchor] = (done.value, done.size)
        if self.stack:
            self.stack[-1].size += done.size

    def _take_alias(self, event: Any) -> None:
        line = _line(event)
        self.aliases += 1
        if self.aliases > MAX_ALIASES:
            raise self._refuse(
                IndexRule.TOO_MANY_ALIASES,
                line=line,
                what=f"there are more than {MAX_ALIASES} aliases (*name).",
                cure="Write the texts out.",
                values={"limit": str(MAX_ALIASES)},
            )
        if event.anchor not in self.anchors or self._expects_key():
            raise self._refuse(
                IndexRule.UNKNOWN_ALIAS,
                line=line,
                what=f"the alias *{event.anchor} refers to nothing before it.",
                cure=f"Write &{event.anchor} at what it stands for, further up, "
                "or put quotes round the text if it is no alias.",
                values={"alias": str(event.anchor)},
            )
        value, size = self.anchors[event.anchor]
        self._add(value, line=line, size=size, anchor=None)

    def _add(self, value: Any, *, line: int, size: int, anchor: str | None) -> None:
        self.lines[self._next_path()] = line
        self._count(size, line=line)
        if anchor:
            self.anchors[anchor] = (value, size)
        if self.stack:
            self.stack[-1].size += size
        self._put(value)

    def _count(self, size: int, *, line: int) -> None:
        self.size += size
        if self.size > MAX_VALUES:
            raise self._refuse(
                IndexRule.TOO_LARGE,
                line=line,
                what=f"the file holds more than {MAX_VALUES} values, aliases counted.",
                cure="Split it into several indexes, and use fewer aliases.",
                values={"limit": str(MAX_VALUES)},
            )

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.value, list):
            top.value.append(value)
        else:
            top.value[top.key] = value
            top.key = None

    def _next_path(self) -> Path:
        if not self.stack:
            return ()
        top = self.stack[-1]
        step = len(top.value) if isinstance(top.value, list) else top.key
        return (*top.path, step)  # type: ignore[arg-type]  # a key is set by now

    def _tag_refused(self, event: Any) -> BadIndex:
        return self._refuse(
            IndexRule.TAG_REFUSED,
            line=_line(event),
            what=f"the tag {event.tag!r} is not allowed.",
            cure="Remove it; if the text begins with !, put quotes round it.",
            values={"tag": str(event.tag)},
        )

    def _not_readable(self, error: yaml.YAMLError, *, last_line: int) -> BadIndex:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "a character that text may not hold"
        return self._refuse(
            IndexRule.NOT_READABLE,
            line=min(mark.line + 1, last_line) if mark else 1,
            what=f"this is not YAML: {what}.",
            cure="Look at this line and the one before it: indentation (two spaces a "
            "level, no tabs), a missing quote, or a text with ': ' or ' #' in it, "
            "which needs quotes.",
            values={"reader": str(what)},
        )

    def _refuse(
        self,
        rule: IndexRule,
        *,
        line: int,
        what: str,
        cure: str,
        values: Mapping[str, str] | None = None,
    ) -> BadIndex:
        where = place(self.root, self.stack[-1].path) if self.stack else "the file"
        return refused(
            self.filename,
            rule,
            line=line,
            what=what,
            cure=cure,
            where=where,
            values=values,
        )


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _plain_value(text: str) -> str | int | bool | None:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text
