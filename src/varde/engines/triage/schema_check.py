"""What the published JSON Schema finds in an index file, worded so that it can be cured."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from rapidfuzz import process

from varde import content
from varde.engines.triage.file_tree import FileTree, Path, place
from varde.engines.triage.problems import IndexProblem, IndexRule


_SHOWN = 60  # characters of a wrong value that an error shows
_LIKENESS = 70  # of 100: how like a known key a wrong one must be to be suggested
_KINDS = {
    "object": "a table of keys",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "boolean": "true or false",
}
# What a text must look like, where the schema says it by a pattern.
_FORMS = {
    "^[a-z][a-z0-9_]{0,59}$": "small letters a–z, digits and _, a letter first",
    "^[A-Z][0-9]{2,3}$": "an ICPC-2 code such as R74",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "a date such as 2026-01-31",
    "^\\S{2,40}$": "one word of 2 to 40 letters",
}


def schema_problems(tree: FileTree) -> list[IndexProblem]:
    """Every fault that the schema finds, in the order of the file."""
    return [
        problem
        for error in _validator().iter_errors(tree.value)
        for problem in _problems_of(error, tree)
    ]


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(content.index_schema())


def _problems_of(error: ValidationError, tree: FileTree) -> Iterator[IndexProblem]:
    path: Path = tuple(error.absolute_path)
    worded = _WORDING.get(str(error.validator), _other)
    for rule, step, what, cure, values in worded(error):
        at = path if step is None else (*path, step)
        yield IndexProblem(
            rule=rule,
            line=tree.line_of(at),
            where=place(tree.value, path),
            what=what,
            cure=cure,
            values=values,
        )


# Each takes a ValidationError, whose parts are as loose as JSON, and gives: the rule, the
# key that it is about (or None), what, cure, values.
type _Worded = tuple[IndexRule, str | None, str, str, dict[str, str]]


def _missing(error: Any) -> Iterator[_Worded]:
    # One error comes for each missing key; its message begins with the key in quotes.
    key = error.message.partition(" is a required")[0].strip("'\"")
    yield (
        IndexRule.MISSING_KEY,
        None,
        f"the key {key!r} is missing.",
        f"Add {key!r} here.",
        {"key": key},
    )


def _unknown(error: Any) -> Iterator[_Worded]:
    known = list(error.schema["properties"])
    for key in error.instance:
        if key in known:
            continue
        near = process.extractOne(key, known, score_cutoff=_LIKENESS)
        meant = f"Did you mean {near[0]!r}? Else remove it" if near else "Remove it"
        yield (
            IndexRule.UNKNOWN_KEY,
            key,
            f"the key {key!r} is not known here.",
            f"{meant}. Known here: {', '.join(known)}.",
            {"key": key, "known": ", ".join(known)},
        )


def _wrong_kind(error: Any) -> Iterator[_Worded]:
    wanted = _KINDS.get(str(error.validator_value), str(error.validator_value))
    if error.instance is None:
        yield _empty(f"Write {wanted} here, or remove the key.")
        return
    cure = f"Write {wanted} here."
    if error.validator_value == "string":
        cure = 'Put quotes round it: "…".'
    elif error.validator_value == "array":
        cure = "Write a list: each item on its own line with a dash before it."
    yield (
        IndexRule.WRONG_KIND,
        None,
        f"{_shown(error.instance)} is not {wanted}.",
        cure,
        {"value": _shown(error.instance), "wanted": wanted},
    )


def _empty(cure: str) -> _Worded:
    return (IndexRule.EMPTY_TEXT, None, "there is nothing here.", cure, {})


def _wrong_form(error: Any) -> Iterator[_Worded]:
    if not error.instance.strip():
        yield _empty("Write the text, or remove the whole item.")
        return
    wanted = _FORMS.get(str(error.validator_value), str(error.validator_value))
    yield (
        IndexRule.NOT_ALLOWED,
        None,
        f"{_shown(error.instance)} has the wrong form.",
        f"Wanted: {wanted}.",
        {"value": _shown(error.instance), "wanted": wanted},
    )


def _too_long(error: Any) -> Iterator[_Worded]:
    limit, length = error.validator_value, len(error.instance)
    yield (
        IndexRule.TOO_LONG,
        None,
        f"the text has {length} characters; the limit is {limit}.",
        "Shorten it, or make two of it: it is read while a caller waits.",
        {"length": str(length), "limit": str(limit)},
    )


def _too_few(error: Any) -> Iterator[_Worded]:
    limit, count = error.validator_value, len(error.instance)
    yield (
        IndexRule.TOO_FEW,
        None,
        f"there are {count} here; at least {limit} must be.",
        "Add what is missing, or remove the key if it is not required.",
        {"count": str(count), "limit": str(limit)},
    )


def _too_many(error: Any) -> Iterator[_Worded]:
    limit, count = error.validator_value, len(error.instance)
    yield (
        IndexRule.TOO_MANY,
        None,
        f"there are {count} here; at most {limit} may be.",
        "Put some together, or split the complaint in two.",
        {"count": str(count), "limit": str(limit)},
    )


def _not_allowed(error: Any) -> Iterator[_Worded]:
    allowed = error.validator_value
    shown = ", ".join(map(str, allowed)) if isinstance(allowed, list) else str(allowed)
    yield (
        IndexRule.NOT_ALLOWED,
        None,
        f"{_shown(error.instance)} is not allowed here.",
        f"Allowed: {shown}.",
        {"value": _shown(error.instance), "allowed": shown},
    )


def _other(error: Any) -> Iterator[_Worded]:
    yield (
        IndexRule.NOT_ALLOWED,
        None,
        f"{_shown(error.instance)} breaks {error.validator}.",
        f"Wanted: {error.validator} {error.validator_value}.",
        {"value": _shown(error.instance), "allowed": str(error.validator_value)},
    )


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


_WORDING: dict[str, Callable[[Any], Iterator[_Worded]]] = {
    "required": _missing,
    "additionalProperties": _unknown,
    "type": _wrong_kind,
    "pattern": _wrong_form,
    "maxLength": _too_long,
    "minItems": _too_few,
    "minProperties": _too_few,
    "maxItems": _too_many,
    "enum": _not_allowed,
    "const": _not_allowed,
}
