"""Those who stand behind the operator: AMK, the doctor, the interpreter."""

from dataclasses import dataclass
from datetime import datetime

from varde.apps.records.models import Contact, InterpreterRequest
from varde.apps.sentral import messages
from varde.apps.sentral.queries.contact.attached import Attached, attached


@dataclass(frozen=True, slots=True, kw_only=True)
class AmkView:
    """The hand-over to 113 and how far it has come."""

    id: int
    started_at: datetime
    mode: str
    called_at: datetime | None
    called_by: str
    said: str
    mission_number: str
    acknowledged_at: datetime | None
    not_needed_at: datetime | None
    not_needed_reason: str
    alarmed_at: datetime | None

    @property
    def state_open(self) -> bool:
        """Has nobody taken over, and is it not called off?"""
        return self.acknowledged_at is None and self.not_needed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question to the doctor behind, with the answer when there is one."""

    id: int
    asked_by: str
    asked_to: str
    question: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpreterView:
    """An interpreter asked for, and what came of it."""

    id: int
    language: str
    requested_at: datetime
    connected_at: datetime | None
    result: str
    result_text: str


def amk_of(of: Contact | Attached) -> AmkView | None:
    """The hand-over to 113; None when there is none."""
    row = attached(of).amk
    if row is None:
        return None
    return AmkView(
        id=row.pk,
        started_at=row.started_at,
        mode=row.mode,
        called_at=row.called_at,
        called_by=row.called_by.name if row.called_by else "",
        said=row.said,
        mission_number=row.mission_number,
        acknowledged_at=row.acknowledged_at,
        not_needed_at=row.not_needed_at,
        not_needed_reason=row.not_needed_reason,
        alarmed_at=row.alarmed_at,
    )


def questions_of(of: Contact | Attached) -> tuple[QuestionView, ...]:
    """The questions to the doctor behind, the oldest first."""
    return tuple(
        QuestionView(
            id=row.pk,
            asked_by=row.asked_by.name,
            asked_to=row.asked_to.name if row.asked_to else "",
            question=row.question,
            asked_at=row.asked_at,
            answer=row.answer,
            answered_by=row.answered_by.name if row.answered_by else "",
            answered_at=row.answered_at,
        )
        for row in attached(of).questions
    )


def interpreters_of(of: Contact | Attached) -> tuple[InterpreterView, ...]:
    """The interpreters asked for, the oldest first."""
    return tuple(
        InterpreterView(
            id=row.pk,
            language=row.language,
            requested_at=row.requested_at,
            connected_at=row.connected_at,
            result=row.result,
            result_text=str(
                messages.INTERPRETER[InterpreterRequest.Result(row.result)]
            ),
        )
        for row in attached(of).interpreters
    )
