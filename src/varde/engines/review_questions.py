"""The fixed questions by which two reviewers score a contact: a file, read and checked.

A question without a source does not load. The file's version is kept with every score, so
that answers to different questions are never put together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from varde.engines import content_file
from varde.engines.content_file import Part


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
    file = content_file.read(text, filename=filename)
    sets = {
        name: _answers(rows, of=file.at(f"answers {name!r}"))
        for name, rows in file.lists("answer_sets").items()
    }
    questions = tuple(_question(row, sets=sets) for row in file.rows("questions"))
    file.at("questions").each_once(one.id for one in questions)
    return ReviewQuestions(
        version=file.text("version"), title=file.text("title"), questions=questions
    )


def _question(row: Part, *, sets: Mapping[str, tuple[Answer, ...]]) -> Question:
    row = row.at(f"question {row.under('id', otherwise='?')!r}")
    answers = row.text("answers")
    if answers not in sets:
        raise row.fault(f"asks for the unknown answers {answers!r}")
    return Question(
        id=row.text("id"),
        text=row.text("text"),
        help=str(row.under("help", otherwise="")),
        source=row.text("source"),
        answers=sets[answers],
    )


def _answers(rows: Collection[Part], *, of: Part) -> tuple[Answer, ...]:
    if len(rows) < 2:
        raise of.fault("has less than two answers to choose from")
    answers = tuple(
        Answer(code=row.text("code"), text=row.text("text"))
        for row in (row.at(of.where) for row in rows)
    )
    of.each_once(one.code for one in answers)
    return answers
