"""Closing a contact: what is still open, and what must be settled first.

A contact may be closed with work left, as long as each piece has an owner and a time: a
home visit at six o'clock lives on without the telephone contact. It may not be closed
with something that nobody would ever come back to.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from varde.domain.errors import Rule, RuleBroken
from varde.domain.repeat import RepeatNeed


class OpenKind(StrEnum):
    """What can be open, in the order in which it is shown: the most dangerous first."""

    AMK_NOT_ACKNOWLEDGED = auto()
    DOCTOR_NOT_ASKED = auto()
    SECOND_LOOK_NOT_TAKEN = auto()
    HASTEGRAD_NOT_SET = auto()
    OUTCOME_NOT_GIVEN = auto()
    QUESTION_NOT_ANSWERED = auto()
    TASK_WITHOUT_OWNER = auto()
    TASK_WITHOUT_DUE_TIME = auto()
    REASON_NOT_CODED = auto()
    GENERAL_CODE_NOT_CONFIRMED = auto()
    CONSENT_NOT_ASKED = auto()
    TASK_LIVES_ON = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One open thing. `detail` is a code or a label: which task, which reason code."""

    kind: OpenKind
    detail: str = ""

    @property
    def must_be_settled(self) -> bool:
        """Does it stop the closing? A task with an owner and a time lives on."""
        return self.kind is not OpenKind.TASK_LIVES_ON


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsettledTask:
    """A task of the contact that is not done."""

    label: str
    owner: str | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What the closing rules need to know of a contact; it holds nothing of the patient.

    `reason_codes` are the ICPC-2 codes set, `confirmed_codes` those that were confirmed by
    the second key. `consent_to_share` is None until the patient was asked. `has_unacknowledged_amk` is True for a red whose hand-over is
    neither acknowledged nor stood down.
    """

    is_hastegrad_set: bool
    outcomes: tuple[str, ...]
    reason_codes: tuple[str, ...]
    confirmed_codes: frozenset[str]
    tasks: tuple[UnsettledTask, ...]
    unanswered_questions: int
    has_unacknowledged_amk: bool
    repeat_need: RepeatNeed
    has_second_look: bool
    has_doctor_look: bool
    has_fastlege: bool
    consent_to_share: bool | None


def open_items(
    facts: ContactFacts, *, general_codes: Collection[str]
) -> tuple[OpenItem, ...]:
    """Everything that is open, the most dangerous first; () when nothing is.

    `general_codes` are the reason codes that say little (a setting: A99, A29, A97) and
    need a second key. A patient without a fastlege (a tourist) is not asked for consent
    to share. A doctor's look also counts as the second look.
    """
    found = [
        *_safety_items(facts),
        *_record_items(facts, general_codes=general_codes),
        *(_task_item(task) for task in facts.tasks),
    ]
    order = list(OpenKind)
    return tuple(sorted(found, key=lambda item: order.index(item.kind)))


def may_close(facts: ContactFacts, *, general_codes: Collection[str]) -> None:
    """Refuse to close while something must be settled.

    Raises `RuleBroken` (CONTACT_HAS_OPEN_ITEMS: items, the kinds with ", " between).
    """
    must = [
        item
        for item in open_items(facts, general_codes=general_codes)
        if item.must_be_settled
    ]
    if must:
        kinds = ", ".join(dict.fromkeys(item.kind for item in must))
        raise RuleBroken(Rule.CONTACT_HAS_OPEN_ITEMS, items=kinds)


def may_code(
    code: str, *, general_codes: Collection[str], is_confirmed: bool = False
) -> None:
    """Refuse a general reason code that was not chosen deliberately.

    Raises `RuleBroken` (GENERAL_CODE_NEEDS_CONFIRMATION: code).

    >>> may_code("R74", general_codes={"A99"})
    """
    if code in general_codes and not is_confirmed:
        raise RuleBroken(Rule.GENERAL_CODE_NEEDS_CONFIRMATION, code=code)


def _safety_items(facts: ContactFacts) -> list[OpenItem]:
    items = []
    if facts.has_unacknowledged_amk:
        items.append(OpenItem(kind=OpenKind.AMK_NOT_ACKNOWLEDGED))
    if facts.repeat_need is RepeatNeed.DOCTOR and not facts.has_doctor_look:
        items.append(OpenItem(kind=OpenKind.DOCTOR_NOT_ASKED))
    looked = facts.has_second_look or facts.has_doctor_look
    if facts.repeat_need is RepeatNeed.SECOND_LOOK and not looked:
        items.append(OpenItem(kind=OpenKind.SECOND_LOOK_NOT_TAKEN))
    return items


def _record_items(
    facts: ContactFacts, *, general_codes: Collection[str]
) -> list[OpenItem]:
    items = []
    if not facts.is_hastegrad_set:
        items.append(OpenItem(kind=OpenKind.HASTEGRAD_NOT_SET))
    if not facts.outcomes:
        items.append(OpenItem(kind=OpenKind.OUTCOME_NOT_GIVEN))
    if facts.unanswered_questions:
        detail = str(facts.unanswered_questions)
        items.append(OpenItem(kind=OpenKind.QUESTION_NOT_ANSWERED, detail=detail))
    if not facts.reason_codes:
        items.append(OpenItem(kind=OpenKind.REASON_NOT_CODED))
    items.extend(
        OpenItem(kind=OpenKind.GENERAL_CODE_NOT_CONFIRMED, detail=code)
        for code in facts.reason_codes
        if code in general_codes and code not in facts.confirmed_codes
    )
    if facts.has_fastlege and facts.consent_to_share is None:
        items.append(OpenItem(kind=OpenKind.CONSENT_NOT_ASKED))
    return items


def _task_item(task: UnsettledTask) -> OpenItem:
    if task.owner is None:
        return OpenItem(kind=OpenKind.TASK_WITHOUT_OWNER, detail=task.label)
    if task.due_at is None:
        return OpenItem(kind=OpenKind.TASK_WITHOUT_DUE_TIME, detail=task.label)
    return OpenItem(kind=OpenKind.TASK_LIVES_ON, detail=task.label)
