"""Everything that the desk shows of one contact: middle and right zone."""

from varde.apps.sentral.queries.pane.complaint import complaint_context
from varde.apps.sentral.queries.pane.forms import (
    ASKS_MORE,
    is_general,
    outcome_form,
    search_context,
)
from varde.apps.sentral.queries.pane.in_hand import InHand
from varde.apps.sentral.queries.pane.own import open_contacts_of
from varde.apps.sentral.queries.pane.sections import (
    ALL,
    NEWS,
    Section,
    pane_of,
)


__all__ = [
    "ALL",
    "ASKS_MORE",
    "NEWS",
    "InHand",
    "Section",
    "complaint_context",
    "is_general",
    "open_contacts_of",
    "outcome_form",
    "pane_of",
    "search_context",
]
