"""The score of the form on universal design: how many of the questions have yes.

A question without an answer is not a no: the score says of how many answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many have yes, of how many answered, of how many questions."""

    yes: int
    answered: int
    questions: int

    @property
    def is_whole(self) -> bool:
        """Whether every question is answered, so that the score is the full one."""
        return self.answered == self.questions


def score(answers: Mapping[str, bool | None], *, questions: Sequence[str]) -> Score:
    """Count the answers to these questions. Missing or None is unanswered.

    Answers to other questions are not counted.

    >>> score({"a": True, "b": False, "c": None}, questions="abcd")
    Score(yes=1, answered=2, questions=4)
    """
    given = [answers.get(question) for question in questions]
    return Score(
        yes=sum(answer is True for answer in given),
        answered=sum(answer is not None for answer in given),
        questions=len(given),
    )
