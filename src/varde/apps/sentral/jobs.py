"""What the sentral does in the background: notes to the fastlege, and their receipts."""

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from varde.apps.records.delivery import FileDrop, embedded
from varde.apps.records.models import District
from varde.apps.records.scope import scoped
from varde.apps.sentral.services import fastlege


@app.task(name="sentral.deliver_notes", queue="notes", lock="notes")
def deliver_notes() -> None:
    """Send what is queued, and read what has come back.

    Deferred with each closing, in its transaction, so that a note that was not committed is
    never sent; and every five minutes, for those that could not be sent.
    """
    work_off(embedded(settings.VARDE_HOME))


@app.periodic(cron="*/5 * * * *")
@app.task(name="sentral.retry_notes", queue="notes", lock="notes")
def retry_notes(timestamp: int) -> None:
    """Every five minutes: the notes that are still queued, and the receipts."""
    del timestamp  # the time that it was due; what is queued is read now
    work_off(embedded(settings.VARDE_HOME))


def work_off(delivery: FileDrop) -> None:
    """One district at a time, each in its own scope and transaction."""
    now = timezone.now()
    for district_id in District.objects.order_by("pk").values_list("pk", flat=True):
        with scoped(districts=[district_id]):
            fastlege.deliver_queued(at=now, delivery=delivery)
    read_receipts(delivery)


def read_receipts(delivery: FileDrop) -> int:
    """Every receipt in the folder, each in a transaction of its own. Returns how many.

    The file is put aside after the commit: a machine that stops in between reads it again,
    and a repeated receipt changes nothing.
    """
    districts = list(District.objects.values_list("pk", flat=True))
    count = 0
    for answer in delivery.answers():
        with scoped(districts=districts):
            note = fastlege.receipt(
                note_id=answer.note_id,
                received=answer.is_received,
                fault=answer.fault,
                at=timezone.now(),
            )
        delivery.put_aside(
            answer.file, folder="ukjent" if note is None else "behandlet"
        )
        count += note is not None
    return count
