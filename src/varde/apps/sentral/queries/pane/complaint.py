"""A complaint of the index as the desk shows it, with a key for each criterion."""

from dataclasses import dataclass
from typing import Any

from varde.apps.records.models import Assessment, Contact
from varde.apps.sentral import choices
from varde.apps.sentral.queries import triage_index
from varde.apps.sentral.queries.contact import Attached, attached


KEYS = "abcdefghijklmopqrstuvwxyz"  # n and j answer yes and no elsewhere in the pane


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """A criterion with the key that ticks it."""

    id: str
    text: str
    hastegrad: str
    key: str


def complaint_context(
    of: Contact | Attached, complaint_id: str
) -> dict[str, Any] | None:
    """A complaint of the contact's index, with a key for each criterion.

    None when there is no index or no such complaint in it.
    """
    hangs = attached(of)
    index = triage_index.index_for(hangs.contact)
    complaint = index.find(complaint_id) if index and complaint_id else None
    if index is None or complaint is None:
        return None
    keys = iter(KEYS)
    last: Assessment | None = hangs.assessment
    is_same = last is not None and last.complaint == complaint_id

    def shown(items: Any) -> list[CriterionShown]:
        return [
            CriterionShown(
                id=item.id, text=item.text, hastegrad=item.hastegrad, key=next(keys, "")
            )
            for item in items
        ]

    return {
        "complaint": {
            "id": complaint.id,
            "title": complaint.title,
            "source": complaint.source,
            "questions": complaint.questions,
            "red_flags": shown(complaint.red_flags),
            "criteria": shown(complaint.criteria),
        },
        "complaint_index": complaint,
        "ask_at_end": complaint.ask_at_end or index.ask_at_end,
        "index": index,
        "chosen": last.criteria if last and is_same else [],
        "ruled_out": bool(last.red_flags_ruled_out) if last and is_same else False,
        "levels": choices.PHONE_LEVELS,
    }
