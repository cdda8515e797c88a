"""The calendar of courses: seats taken, and who is signed up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from varde.apps.records.models import Course, CourseSeat, User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.competence_rules import rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """A course on the calendar."""

    course: Course
    kind: str
    taken: int
    is_full: bool
    is_over: bool
    is_signed: bool
    is_marked: bool


def courses(at: Workplace, *, user: User, now: datetime) -> tuple[CourseLine, ...]:
    """The courses of a workplace: those ahead first, then the last of those that were."""
    rows = list(
        Course.objects.filter(ends_at__gt=now, **at.where).order_by("starts_at")[:100]
    )
    rows += list(
        Course.objects.filter(ends_at__lte=now, **at.where).order_by("-starts_at")[:30]
    )
    seats: dict[int, list[CourseSeat]] = defaultdict(list)
    for seat in CourseSeat.objects.filter(course__in=rows, given_up_at=None):
        seats[seat.course_id].append(seat)
    return tuple(course_line(row, seats[row.pk], user=user, now=now) for row in rows)


def course_line(
    course: Course, seats: Sequence[CourseSeat], *, user: User, now: datetime
):
    """One course with its seats."""
    kinds = rulebook().documents
    return CourseLine(
        course=course,
        kind=kinds[course.kind].words if course.kind in kinds else course.kind,
        taken=len(seats),
        is_full=len(seats) >= course.seats,
        is_over=course.ends_at <= now,
        is_signed=any(seat.person_id == user.pk for seat in seats),
        is_marked=any(seat.was_there is not None for seat in seats),
    )
