"""Why a sentral takes over, or asks for it, as somebody said."""

from varde.apps.records.models import HelpReason
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain


LONGEST = 200


def given(reason: str, note: str) -> tuple[str, str]:
    """The code of a reason and its note.

    Raises `RuleBroken` (FIELD_NOT_VALID): help_reason for none, or one that is not known;
    help_note where "other" has no words.
    """
    if not reason:
        raise not_valid("help_reason", Why.EMPTY)
    if reason not in HelpReason.values:
        raise not_valid("help_reason", Why.NOT_A_CHOICE)
    note = plain("help_note", note, longest=LONGEST)
    if reason == HelpReason.OTHER and not note:
        raise not_valid("help_note", Why.EMPTY)
    return reason, note
