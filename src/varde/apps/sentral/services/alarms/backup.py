"""Back-up: an alarm that nobody took in time alarms the shift leader."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Alarm, Sentral
from varde.apps.sentral.queries.alarms import unanswered_rows
from varde.apps.sentral.services.contacts import locked


log = logging.getLogger("varde.sentral")


def alarm_due(*, at: datetime) -> int:
    """Alarm the shift leader of each alarm that waited too long, once for each wait.

    Run every second by the clock. Each is a transaction of its own: one that fails is
    logged by its id and the rest are alarmed, and a machine that stops half-way goes on
    where it was. Returns how many were alarmed.
    """
    due: list[tuple[int, int]] = []
    for sentral in Sentral.objects.order_by("pk"):
        rows = unanswered_rows(sentral, now=at)
        due += [(row.pk, row.contact_id) for row in rows if _is_due(row)]
    return sum(_alarm_or_log(alarm, contact, at=at) for alarm, contact in due)


def _is_due(row: Alarm) -> bool:
    """Whether the shift leader is not alarmed yet since it was last put back."""
    return row.backup_at is None or row.backup_at < row.waits_since


def _alarm_or_log(alarm_id: int, contact_id: int, *, at: datetime) -> bool:
    try:
        return _alarm(alarm_id, contact_id, at=at)
    except OperationalError:
        raise  # the database is gone: the rest would fail alike
    except Exception as fault:
        # Its text may hold what it was about; its kind and the id are enough to find it.
        log.error("alarm of contact %s: %s", contact_id, type(fault).__name__)
        return False


@transaction.atomic
def _alarm(alarm_id: int, contact_id: int, *, at: datetime) -> bool:
    contact = locked(contact_id, may_be_closed=True)
    rows = unanswered_rows(contact.sentral, now=at)
    row = next((one for one in rows if one.pk == alarm_id), None)
    if row is None or not _is_due(row):
        return False  # somebody took it in between
    Alarm.objects.filter(pk=alarm_id).update(backup_at=at)
    waited_s = int((at - row.waits_since).total_seconds())
    events.happened(
        contact=contact, kind=Happened.ALARM_BACKUP, by=None, at=at, seconds=waited_s
    )
    announce(
        Topic.AMK, Topic.QUEUE, sentral_id=contact.sentral_id, contact_id=contact.pk
    )
    return True
