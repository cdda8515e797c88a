"""Courses: `/folk/kurs/`, the calendar, who is signed up, and who was there."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from varde.apps.records.models import CourseSeat, User
from varde.apps.sentral import messages
from varde.apps.staffing import access
from varde.apps.staffing.competence_rules import rulebook
from varde.apps.staffing.people_access import course_for, people_at
from varde.apps.staffing.queries import courses as queries
from varde.apps.staffing.queries.people import people_list
from varde.apps.staffing.services import courses as services
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


@require_http_methods(["GET", "POST"])
@at_workplace(*access.AT_WORK, *access.PLANNERS)
def courses(request):
    """The calendar. POST puts a course on it."""
    if request.method == "GET":
        return _courses(request)
    if not may(request, *access.PLANNERS):
        raise Http404
    names = ("kind", "title", "where", "starts_at", "ends_at", "seats", "lasts_months")
    try:
        made = services.make_course(
            at_place=request.workplace,
            by=request.user,
            at=timezone.now(),
            **{name: request.POST.get(name, "") for name in names},
        )
    except RuleBroken as error:
        return _courses(request, problem=messages.explain(error))
    return redirect("staffing:course", course_id=made.pk)


@require_http_methods(["GET", "POST"])
@at_workplace(*access.AT_WORK, *access.PLANNERS)
def course(request, course_id):
    """One course. Everybody signs oneself up; those who plan, the others too."""
    row = course_for(request, course_id)
    if request.method == "GET":
        return _course(request, row)
    act = request.POST.get("act", "")
    plans = may(request, *access.PLANNERS)
    common = {"course": row, "by": request.user, "at": timezone.now()}
    acts = {
        "sign_up": lambda: services.sign_up(person=_whom(request, plans), **common),
        "give_up": lambda: services.give_up_seat(
            person=_whom(request, plans), **common
        ),
    }
    if plans:
        acts |= {
            "attendance": lambda: services.mark_attendance(
                present=_numbers(request.POST.getlist("present")), **common
            ),
            "call_off": lambda: services.call_off(**common),
        }
    if act not in acts:
        raise Http404
    try:
        done = acts[act]()
    except RuleBroken as error:
        return _course(request, row, problem=messages.explain(error))
    if act == "attendance":
        text = ngettext(
            "Oppmøtet er ført: {n} har fått dokumentet.",
            "Oppmøtet er ført: {n} har fått dokumentet.",
            done,
        )
        notes.success(request, text.format(n=done))
    else:
        notes.success(request, _("Lagret."))
    return redirect("staffing:course", course_id=row.pk)


def _whom(request, plans):
    """Oneself, or for those who plan one of the people here."""
    numbers = _numbers([request.POST.get("person", "")])
    if not numbers or numbers == {request.user.pk}:
        return request.user
    (pk,) = numbers
    if not plans or pk not in people_at(request.workplace, on=timezone.localdate()):
        raise Http404
    return User.objects.get(pk=pk)


def _numbers(texts):
    return {
        int(text)
        for text in texts
        if text.isascii() and text.isdigit() and len(text) < 16
    }


def _courses(request, problem=""):
    now = timezone.now()
    plans = may(request, *access.PLANNERS)
    needs = ()
    if plans:
        today = timezone.localdate()
        needs = people_list(request.workplace, on=today).needs
    lines = queries.courses(request.workplace, user=request.user, now=now)
    return show(
        request,
        "staffing/people/courses.html",
        problem=problem,
        typed=request.POST,
        ahead=[line for line in lines if not line.is_over],
        before=[line for line in lines if line.is_over],
        kinds=rulebook().documents.values(),
        needs=needs,
    )


def _course(request, row, problem=""):
    seats = list(
        CourseSeat.objects.filter(course=row, given_up_at=None)
        .select_related("person")
        .order_by("person__last_name", "person__first_name")
    )
    now = timezone.now()
    plans = may(request, *access.PLANNERS)
    others = ()
    if plans:
        ids = people_at(request.workplace, on=timezone.localdate())
        ids -= {seat.person_id for seat in seats}
        others = User.objects.filter(pk__in=ids).order_by("first_name", "last_name")
    return show(
        request,
        "staffing/people/course.html",
        problem=problem,
        line=queries.course_line(row, seats, user=request.user, now=now),
        seats=seats if plans else (),
        others=others,
        has_begun=row.starts_at <= now,
    )
