"""Writes of a call: what the exchange tells of it, and who has it in hand.

The rows are locked in one order everywhere, so that no two writers wait for each other:
the call, then its contact, then call-backs. Several of a kind are locked by rising id.
"""

from varde.apps.sentral.services.calls.answering import answer
from varde.apps.sentral.services.calls.claiming import (
    heartbeat,
    release,
    take_over_contact,
)
from varde.apps.sentral.services.calls.ingesting import (
    Ingested,
    TelephonyMessage,
    ingest,
    ingest_all,
)
from varde.apps.sentral.services.calls.sweeping import Swept, sweep


__all__ = [
    "Ingested",
    "Swept",
    "TelephonyMessage",
    "answer",
    "heartbeat",
    "ingest",
    "ingest_all",
    "release",
    "sweep",
    "take_over_contact",
]
