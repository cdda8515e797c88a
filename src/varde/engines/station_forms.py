"""The lists of equipment and the questions on design that ship with Varde, read and checked.

A list or a question without a source does not load.
"""

from dataclasses import dataclass

import yaml

from varde.domain.errors import BadInput


KINDS = ("room", "car", "bag", "medicine", "defibrillator")


@dataclass(frozen=True, slots=True)
class StarterItem:
    """One thing, how many, and whether it expires."""

    name: str
    quantity: int
    has_expiry: bool


@dataclass(frozen=True, slots=True)
class StarterList:
    """One list to begin from, with its source and days between checks."""

    id: str
    kind: str
    name: str
    every_days: int
    source: str
    items: tuple[StarterItem, ...]


@dataclass(frozen=True, slots=True)
class DesignQuestion:
    """One question of the form, answered by yes or no."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class DesignQuestions:
    """One version of the form, with its source."""

    version: str
    source: str
    questions: tuple[DesignQuestion, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The questions' ids in their order."""
        return tuple(question.id for question in self.questions)


def load_starter_lists(text: str, *, filename: str) -> tuple[StarterList, ...]:
    """Read a file of checklists (YAML).

    Raises `BadInput` for a file that is not well-formed, a list without id, name, kind,
    source, interval or items, a number below 1, and an id that stands twice.
    """
    tree = _tree(text, filename=filename)
    lists = tuple(
        _starter_list(row, filename=filename)
        for row in _rows(tree, "lists", where="file", filename=filename)
    )
    _each_once([one.id for one in lists], filename=filename)
    return lists


def load_design_questions(text: str, *, filename: str) -> DesignQuestions:
    """Read the questions of the form (YAML).

    Raises `BadInput` for a file that is not well-formed, without version, source or
    questions, a question without id or text, and an id that stands twice.
    """
    tree = _tree(text, filename=filename)
    questions = tuple(
        DesignQuestion(
            id=_text(row, "id", where="question", filename=filename),
            text=_text(row, "text", where="question", filename=filename),
        )
        for row in _rows(tree, "questions", where="file", filename=filename)
    )
    _each_once([one.id for one in questions], filename=filename)
    return DesignQuestions(
        version=_text(tree, "version", where="file", filename=filename),
        source=_text(tree, "source", where="file", filename=filename),
        questions=questions,
    )


def _starter_list(row: object, *, filename: str) -> StarterList:
    name = _text(row, "id", where="list", filename=filename)
    where = f"list {name!r}"
    kind = _text(row, "kind", where=where, filename=filename)
    if kind not in KINDS:
        raise _fault(filename, where, f"is of the unknown kind {kind!r}")
    return StarterList(
        id=name,
        kind=kind,
        name=_text(row, "name", where=where, filename=filename),
        every_days=_number(row, "every_days", where=where, filename=filename),
        source=_text(row, "source", where=where, filename=filename),
        items=tuple(
            StarterItem(
                name=_text(item, "name", where=where, filename=filename),
                quantity=_number(item, "quantity", where=where, filename=filename),
                has_expiry=isinstance(item, dict) and item.get("expires") is True,
            )
            for item in _rows(row, "items", where=where, filename=filename)
        ),
    )


def _tree(text: str, *, filename: str) -> object:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise BadInput(
            file=filename,
            problem="is not well-formed YAML",
            cure="Mend the file and load it again.",
        ) from fault


def _rows(tree: object, name: str, *, where: str, filename: str) -> list[object]:
    found = tree.get(name) if isinstance(tree, dict) else None
    if not isinstance(found, list) or not found:
        raise _fault(filename, where, f"has no {name}")
    return found


def _text(row: object, name: str, *, where: str, filename: str) -> str:
    found = row.get(name) if isinstance(row, dict) else None
    if not isinstance(found, str) or not found.strip():
        raise _fault(filename, where, f"has no text for {name!r}")
    return found.strip()


def _number(row: object, name: str, *, where: str, filename: str) -> int:
    found = row.get(name, 1) if isinstance(row, dict) else None
    # True is a number to Python, and no number of things to anybody else.
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise _fault(filename, where, f"has no whole number above 0 for {name!r}")
    return found


def _each_once(names: list[str], *, filename: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _fault(filename, "file", f"has {', '.join(twice)} more than once")


def _fault(filename: str, where: str, problem: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure="Mend the file and load it again.",
    )
