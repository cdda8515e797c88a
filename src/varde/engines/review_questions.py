"""The fixed questions by which two reviewers score a contact: a file, read and checked.

A question without a source does not load. The file's version is kept with every score, so
that answers to different questions are never put together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from varde.domain.errors import BadInput


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the answers to choose from."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question, with what it is founded on."""

    id: str
    text: str
    help: str
    source: str
    answers: tuple[Answer, ...]

    def words(self, code: str) -> str:
        """The answer in words; the code itself where the question has no such answer."""
        return next((a.text for a in self.answers if a.code == code), code)


@dataclass(frozen=True, slots=True)
class ReviewQuestions:
    """One version of the questions, in their order."""

    version: str
    title: str
    questions: tuple[Question, ...]

    def faults(self, answers: Mapping[str, str]) -> tuple[str, ...]:
        """The ids of the questions that lack an answer, or have one that is not theirs.

        An answer to a question that is not here is no fault; it is not kept.

        >>> one = Question("a", "A?", "", "ours", (Answer("yes", "Ja"),))
        >>> ReviewQuestions("1", "", (one,)).faults({"a": "no"})
        ('a',)
        """
        return tuple(
            question.id
            for question in self.questions
            if answers.get(question.id) not in {a.code for a in question.answers}
        )


def load(text: str, *, filename: str) -> ReviewQuestions:
    """Read a file of questions (YAML).

    Raises `BadInput` for a file that is not well-formed, a question without id, text,
    source or answers, and an id or a code that stands twice.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise BadInput(
            file=filename,
            problem="is not well-formed YAML",
            cure="Mend the file and load it again.",
        ) from fault
    if not isinstance(tree, dict):
        raise _fault(filename, "file", "holds no version, answers and questions")
    sets = {
        name: _answers(rows, name=name, filename=filename)
        for name, rows in _mapping(tree, "answer_sets", filename=filename).items()
    }
    rows = tree.get("questions")
    if not isinstance(rows, list) or not rows:
        raise _fault(filename, "questions", "is missing or empty")
    questions = tuple(_question(row, sets=sets, filename=filename) for row in rows)
    _each_once([question.id for question in questions], "questions", filename=filename)
    return ReviewQuestions(
        version=_text(tree, "version", where="file", filename=filename),
        title=_text(tree, "title", where="file", filename=filename),
        questions=questions,
    )


def _question(
    row: object, *, sets: Mapping[str, tuple[Answer, ...]], filename: str
) -> Question:
    where = f"question {row.get('id', '?')!r}" if isinstance(row, dict) else "questions"
    answers = _text(row, "answers", where=where, filename=filename)
    if answers not in sets:
        raise _fault(filename, where, f"asks for the unknown answers {answers!r}")
    return Question(
        id=_text(row, "id", where=where, filename=filename),
        text=_text(row, "text", where=where, filename=filename),
        help=str(row.get("help", "")) if isinstance(row, dict) else "",
        source=_text(row, "source", where=where, filename=filename),
        answers=sets[answers],
    )


def _answers(rows: object, *, name: str, filename: str) -> tuple[Answer, ...]:
    where = f"answers {name!r}"
    if not isinstance(rows, list) or len(rows) < 2:
        raise _fault(filename, where, "has less than two answers to choose from")
    answers = tuple(
        Answer(
            code=_text(row, "code", where=where, filename=filename),
            text=_text(row, "text", where=where, filename=filename),
        )
        for row in rows
    )
    _each_once([answer.code for answer in answers], where, filename=filename)
    return answers


def _mapping(tree: dict[str, object], name: str, *, filename: str) -> dict[str, object]:
    found = tree.get(name)
    if not isinstance(found, dict) or not found:
        raise _fault(filename, name, "is missing or empty")
    return found


def _text(row: object, name: str, *, where: str, filename: str) -> str:
    found = row.get(name) if isinstance(row, dict) else None
    # YAML reads an unquoted yes as true and 1 as a number: a code must be a text.
    if not isinstance(found, str) or not found.strip():
        raise _fault(filename, where, f"has no text for {name!r}")
    return found.strip()


def _each_once(names: list[str], where: str, *, filename: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _fault(filename, where, f"has {', '.join(twice)} more than once")


def _fault(filename: str, where: str, problem: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure="Mend the file and load it again.",
    )
