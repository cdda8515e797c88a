"""The lists of equipment and the questions on design that ship with Varde, read and checked.

A list or a question without a source does not load.
"""

from dataclasses import dataclass

from varde.engines import content_file
from varde.engines.content_file import Part


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
    file = content_file.read(text, filename=filename)
    lists = tuple(_starter_list(row) for row in file.rows("lists"))
    file.each_once(one.id for one in lists)
    return lists


def load_design_questions(text: str, *, filename: str) -> DesignQuestions:
    """Read the questions of the form (YAML).

    Raises `BadInput` for a file that is not well-formed, without version, source or
    questions, a question without id or text, and an id that stands twice.
    """
    file = content_file.read(text, filename=filename)
    questions = tuple(
        DesignQuestion(id=row.text("id"), text=row.text("text"))
        for row in (row.at("question") for row in file.rows("questions"))
    )
    file.each_once(one.id for one in questions)
    return DesignQuestions(
        version=file.text("version"), source=file.text("source"), questions=questions
    )


def _starter_list(row: Part) -> StarterList:
    name = row.at("list").text("id")
    row = row.at(f"list {name!r}")
    kind = row.text("kind")
    if kind not in KINDS:
        raise row.fault(f"is of the unknown kind {kind!r}")
    return StarterList(
        id=name,
        kind=kind,
        name=row.text("name"),
        every_days=row.number("every_days"),
        source=row.text("source"),
        items=tuple(
            StarterItem(
                name=item.text("name"),
                quantity=item.number("quantity"),
                has_expiry=item.under("expires") is True,
            )
            for item in row.rows("items")
        ),
    )
