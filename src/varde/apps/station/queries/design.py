"""The form on universal design: its questions, each filling and its score."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from varde.apps.records.models import DesignForm
from varde.apps.sentral.queries import reference
from varde.apps.station.access import StationPlace
from varde.content import UNIVERSAL_DESIGN_FILE, universal_design_text
from varde.domain.design_form import Score, score
from varde.engines.station_forms import DesignQuestions, load_design_questions


MOST_FORMS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question with its answer: yes, no, or None for unanswered."""

    id: str
    text: str
    answer: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One filling of the form, with its score."""

    id: int
    filled_on: date
    by: str
    recorded_at: datetime
    comment: str
    score: Score
    answers: tuple[Answered, ...]


@cache
def questions() -> DesignQuestions:
    """The questions that ship with Varde."""
    return load_design_questions(
        universal_design_text(), filename=UNIVERSAL_DESIGN_FILE
    )


def forms(place: StationPlace) -> tuple[Filled, ...]:
    """Every filling for a station, the newest first."""
    rows = DesignForm.objects.filter(station=place.id).order_by("-filled_on", "-pk")
    return tuple(_filled(row) for row in rows[:MOST_FORMS])


def _filled(row: DesignForm) -> Filled:
    texts = {question.id: question.text for question in questions().questions}
    return Filled(
        id=row.pk,
        filled_on=row.filled_on,
        by=reference.person_name(row.by_id),
        recorded_at=row.recorded_at,
        comment=row.comment,
        score=score(row.answers, questions=list(row.answers)),
        answers=tuple(
            Answered(id=key, text=texts.get(key, key), answer=answer)
            for key, answer in row.answers.items()
        ),
    )
