"""What hangs on a contact, as the screens show it."""

from varde.apps.sentral.queries.contact.attached import Attached, attached
from varde.apps.sentral.queries.contact.behind import (
    AmkView,
    InterpreterView,
    QuestionView,
    amk_of,
    interpreters_of,
    questions_of,
)
from varde.apps.sentral.queries.contact.history import (
    Earlier,
    EventView,
    earlier_contacts,
    events_of,
)
from varde.apps.sentral.queries.contact.open_items import (
    OpenItemView,
    facts_of,
    general_codes,
    open_items_of,
    repeat_need,
)
from varde.apps.sentral.queries.contact.outcome import (
    OutcomeView,
    outcomes_of,
)
from varde.apps.sentral.queries.contact.vitals import (
    VitalsView,
    vitals_of,
)


__all__ = [
    "AmkView",
    "Attached",
    "Earlier",
    "EventView",
    "InterpreterView",
    "OpenItemView",
    "OutcomeView",
    "QuestionView",
    "VitalsView",
    "amk_of",
    "attached",
    "earlier_contacts",
    "events_of",
    "facts_of",
    "general_codes",
    "interpreters_of",
    "open_items_of",
    "outcomes_of",
    "questions_of",
    "repeat_need",
    "vitals_of",
]
