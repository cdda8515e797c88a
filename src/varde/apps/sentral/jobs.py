"""What the sentral does in the background: notes to the fastlege and their receipts, the
deletion of the sound log, the weekly draw of contacts for review, and each minute the board
as a page for when the server is gone.
"""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from varde.apps.records.delivery import FileDrop, embedded
from varde.apps.records.models import District, Sentral
from varde.apps.records.scope import districts_served, scoped
from varde.apps.sentral import downtime
from varde.apps.sentral.services import fastlege, review, sound


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
                version=answer.version,
                received=answer.is_received,
                fault=answer.fault,
                at=timezone.now(),
            )
        delivery.put_aside(
            answer.file, folder="ukjent" if note is None else "behandlet"
        )
        count += note is not None
    return count


@app.periodic(cron="* * * * *")
@app.task(
    name="sentral.take_snapshots",
    queue="sentral",
    lock="snapshots",
    queueing_lock="snapshots",  # one that waits is enough: it draws what is then
)
def take_snapshots(timestamp: int) -> None:
    """Each minute: the board of every sentral as a signed page. It never fails."""
    del timestamp
    downtime.take_all(at=timezone.now())


@app.periodic(cron="20 3 * * *")
@app.task(name="sentral.delete_sound", queue="sentral", lock="sound")
def delete_sound(timestamp: int) -> None:
    """Each night: remove the references to recordings whose years are over."""
    del timestamp  # what is due is read now
    sound.delete_due(at=timezone.now())


@app.periodic(cron="40 3 * * 1")
@app.task(name="sentral.draw_reviews", queue="sentral", lock="reviews")
def draw_reviews(timestamp: int) -> None:
    """Each Monday: draw last week's contacts for review, sentral by sentral."""
    del timestamp
    draw_week(before=timezone.localdate())


def draw_week(*, before: date) -> None:
    """Draw the last whole week, Monday to Sunday, before a day."""
    until = before - timedelta(days=before.weekday())
    for sentral in Sentral.objects.order_by("pk"):
        served = districts_served([sentral.pk], on=before)
        with scoped(districts={sentral.host_district_id, *served}):
            review.draw(
                sentral=sentral,
                first=until - timedelta(days=7),
                until=until,
                by=None,
                at=timezone.now(),
            )
