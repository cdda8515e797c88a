"""Courses and exercises: on the calendar, signed up for, and who was there."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from varde.apps.records.models import CompetenceDocument, Course, CourseSeat, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.competence_rules import rulebook
from varde.apps.staffing.services.acting import log
from varde.apps.station.services import typed
from varde.domain.competence.holding import add_months
from varde.domain.errors import Rule, RuleBroken


LONGEST_TITLE = 120
MOST_SEATS = 1000  # ours
MOST_MONTHS = 240  # ours: twenty years
ONE_DAY = timedelta(days=1)


@transaction.atomic
def make_course(
    *,
    at_place: Workplace,
    kind: str,
    title: str,
    where: str,
    starts_at: str,
    ends_at: str,
    seats: str,
    lasts_months: str,
    by: User,
    at: datetime,
) -> Course:
    """Put a course on the calendar. `lasts_months` empty: its document has no end.

    Raises FIELD_NOT_VALID (document_kind, title, where, starts_at, ends_at, seats, lasts_months).
    """
    begins, ends = _moment("starts_at", starts_at), _moment("ends_at", ends_at)
    if ends <= begins:
        raise not_valid("ends_at", Why.BEFORE_THE_FIRST)
    row = Course.objects.create(
        kind=typed.choice("document_kind", kind, list(rulebook().documents)),
        title=typed.needed("title", title, longest=LONGEST_TITLE),
        where=plain("where", where, longest=LONGEST_TITLE),
        starts_at=begins,
        ends_at=ends,
        seats=typed.whole("seats", seats, low=1, high=MOST_SEATS),
        lasts_months=typed.whole("lasts_months", lasts_months, low=1, high=MOST_MONTHS)
        if lasts_months.strip()
        else None,
        made_by=by,
        made_at=at,
        **at_place.where,
    )
    log("course_made", row, by=by, at=at, place=at_place, kind=row.kind)
    return row


@transaction.atomic
def sign_up(*, course: Course, person: User, by: User, at: datetime) -> CourseSeat:
    """Give a person a seat. Raises COURSE_IS_CALLED_OFF, COURSE_HAS_BEGUN, COURSE_IS_FULL
    (seats), SEAT_IS_TAKEN."""
    row = _open(course, at=at)
    taken = CourseSeat.objects.filter(course=row, given_up_at=None)
    if taken.filter(person=person).exists():
        raise RuleBroken(Rule.SEAT_IS_TAKEN)
    if taken.count() >= row.seats:
        raise RuleBroken(Rule.COURSE_IS_FULL, seats=str(row.seats))
    seat = CourseSeat.objects.create(
        course=row, person=person, signed_by=by, signed_at=at
    )
    log("course_signed_up", seat, by=by, at=at, person=person.pk, course=row.pk)
    return seat


@transaction.atomic
def give_up_seat(*, course: Course, person: User, by: User, at: datetime) -> None:
    """Give the seat back. Raises COURSE_IS_CALLED_OFF, COURSE_HAS_BEGUN, SEAT_NOT_TAKEN."""
    row = _open(course, at=at)
    seat = CourseSeat.objects.filter(
        course=row, person=person, given_up_at=None
    ).first()
    if seat is None:
        raise RuleBroken(Rule.SEAT_NOT_TAKEN)
    seat.given_up_at = at
    seat.save(update_fields=["given_up_at"])
    log("course_given_up", seat, by=by, at=at, person=person.pk, course=row.pk)


@transaction.atomic
def mark_attendance(
    *, course: Course, present: Collection[int], by: User, at: datetime
) -> int:
    """Write who was there: each of them gets the document, the others do not.

    Again with another list corrects it: the document of one who was not there is struck
    out. Returns how many were there. Raises COURSE_IS_CALLED_OFF, COURSE_NOT_OVER.
    """
    row = Course.objects.select_for_update().get(pk=course.pk)
    if row.called_off_at is not None:
        raise RuleBroken(Rule.COURSE_IS_CALLED_OFF)
    if row.ends_at > at:
        raise RuleBroken(Rule.COURSE_NOT_OVER)
    seats = CourseSeat.objects.filter(course=row, given_up_at=None)
    for seat in seats.select_related("document"):
        was_there = seat.person_id in present
        if was_there and seat.document_id is None:
            seat.document = _document(row, seat, by=by, at=at)
        elif not was_there and seat.document is not None:
            seat.document.struck_at, seat.document.struck_by = at, by
            seat.document.save(update_fields=["struck_at", "struck_by"])
            seat.document = None
        seat.was_there, seat.marked_by, seat.marked_at = was_there, by, at
        seat.save()
    there = seats.filter(was_there=True).count()
    log("course_marked", row, by=by, at=at, there=there)
    return there


@transaction.atomic
def call_off(*, course: Course, by: User, at: datetime) -> None:
    """It is not held. Raises COURSE_IS_CALLED_OFF, COURSE_HAS_BEGUN."""
    row = _open(course, at=at)
    row.called_off_at, row.called_off_by = at, by
    row.save(update_fields=["called_off_at", "called_off_by"])
    log("course_called_off", row, by=by, at=at)


def _open(course: Course, *, at: datetime) -> Course:
    row = Course.objects.select_for_update().get(pk=course.pk)
    if row.called_off_at is not None:
        raise RuleBroken(Rule.COURSE_IS_CALLED_OFF)
    if row.starts_at <= at:
        raise RuleBroken(Rule.COURSE_HAS_BEGUN)
    return row


def _document(
    course: Course, seat: CourseSeat, *, by: User, at: datetime
) -> CompetenceDocument:
    first = timezone.localdate(course.ends_at)
    months = course.lasts_months
    written = CompetenceDocument.objects.filter(
        person=seat.person_id,
        kind=course.kind,
        first_on=first,
        struck_at=None,
        seat=None,
    ).first()
    if written is not None:  # somebody wrote it by hand before the list was made
        return written
    return CompetenceDocument.objects.create(
        person_id=seat.person_id,
        kind=course.kind,
        first_on=first,
        last_on=None if months is None else add_months(first, months) - ONE_DAY,
        issuer=course.title,
        recorded_by=by,
        recorded_at=at,
    )


def _moment(field: str, text: str) -> datetime:
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2100:
        raise not_valid(field, Why.NOT_A_DATE)
    return timezone.make_aware(found) if timezone.is_naive(found) else found
