"""Writes of a safety alarm: what it tells, who takes it, and the alarm to the leader.

The rows are locked in the order of `services.calls`: calls, the contact, then the alarm.
"""

from varde.apps.sentral.services.alarms.backup import alarm_due
from varde.apps.sentral.services.alarms.ingesting import (
    AlarmMessage,
    Ingested,
    ingest_all,
)
from varde.apps.sentral.services.alarms.taking import take


__all__ = ["AlarmMessage", "Ingested", "alarm_due", "ingest_all", "take"]
