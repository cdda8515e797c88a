"""What the sentral does in the background: notes to the fastlege and their receipts, the
deletion of the sound log, the weekly draw of contacts for review, and each minute the board
as a page for when the server is gone.
"""

import logging
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from varde.apps.records.delivery import DeliveryFailed, Exchange, embedded
from varde.apps.records.delivery_http import HttpDelivery
from varde.apps.records.models import District, Sentral
from varde.apps.records.scope import districts_served, scoped
from varde.apps.sentral import downtime
from varde.apps.sentral.services import fastlege, review, sound


log = logging.getLogger("varde.sentral")


def way_out() -> Exchange:
    """How messages leave this installation: a message service if one is set, else files."""
    if settings.FASTLEGE_URL:
        return HttpDelivery(settings.FASTLEGE_URL, settings.FASTLEGE_TOKEN)
    return embedded(settings.VARDE_HOME)


@app.task(name="sentral.deliver_notes", queue="notes", lock="notes")
def deliver_notes() -> None:
    """Send what is new in the queue.

    Deferred with each closing and each signature, in their transaction, so that what was
    not committed is never sent. What could not be sent waits for `retry_notes`: a busy
    evening must not use up its attempts in a minute.
    """
    deliver(way_out(), at=timezone.now(), is_first=True)


@app.periodic(cron="*/5 * * * *")
@app.task(name="sentral.retry_notes", queue="notes", lock="notes")
def retry_notes(timestamp: int) -> None:
    """Every five minutes: the notes that are still queued, and the receipts."""
    del timestamp  # the time that it was due; what is queued is read now
    work_off(way_out())


def work_off(delivery: Exchange) -> None:
    """Everything that is queued, then the receipts."""
    deliver(delivery, at=timezone.now())
    read_receipts(delivery)


def deliver(delivery: Exchange, *, at: datetime, is_first: bool = False) -> None:
    """Each message in a transaction of its own, in its district's scope.

    So a slow receiver holds one row at a time, and what was sent is written at once.
    """
    for district_id in District.objects.order_by("pk").values_list("pk", flat=True):
        with scoped(districts=[district_id]):
            ids = fastlege.queued_ids(is_first=is_first)
        for note_id in ids:
            with scoped(districts=[district_id]):
                fastlege.deliver_one(note_id, at=at, delivery=delivery)


def read_receipts(delivery: Exchange) -> int:
    """Every receipt that waits, each in a transaction of its own. Returns how many.

    The receipt is done with after the commit: a machine that stops in between reads it
    again, and a repeated receipt changes nothing.
    """
    districts = list(District.objects.values_list("pk", flat=True))
    count = 0
    try:
        for answer in delivery.answers():
            with scoped(districts=districts):
                note = fastlege.receipt(
                    note_id=answer.note_id,
                    message_id=answer.message_id,
                    version=answer.version,
                    received=answer.is_received,
                    fault=answer.fault,
                    at=timezone.now(),
                )
            delivery.done_with(answer, is_known=note is not None)
            count += note is not None
    except DeliveryFailed as fault:
        log.warning("receipts from the fastlege: %s", fault.fault)
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
