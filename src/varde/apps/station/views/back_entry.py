"""The door's paper forms and what was written on them: `/stasjon/etterforing/`."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from varde.apps.records.models import Attendance, Outcome, Station, User
from varde.apps.sentral import messages
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.sentral.views.paper_pages import (
    entered_address,
    entry_context,
    form_at,
    forms_context,
    issue_forms,
    pdf_answer,
    signs_of,
    to_form,
    void_form,
)
from varde.apps.sentral.views.true_time import true_time
from varde.apps.station.access import CLINICIANS
from varde.apps.station.messages import END
from varde.apps.station.queries.duty_doctors import doctors_at
from varde.apps.station.queries.expected import expected
from varde.apps.station.services import back_entry
from varde.apps.station.services.back_entry import DoorEntry
from varde.apps.station.views.arrival import PATIENT, WAYS
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken
from varde.domain.hastegrad import ARRIVAL
from varde.domain.paper_form import FormKind


ENDS = tuple(dict.fromkeys([*back_entry.WITH_DOCTOR, *back_entry.WITHOUT_DOCTOR]))


@require_GET
@at_station(*CLINICIANS)
def forms(request):
    """The forms that are out, those printed, and where a number is typed."""
    return to_form(
        request, _forms, name="station:enter_form", station_id=request.station.id
    )


@require_POST
@at_station(*CLINICIANS)
def issue(request):
    """Number new forms."""
    station = Station.objects.get(pk=request.station.id)
    return issue_forms(request, _forms, name="station:back_entry", station=station)


@require_GET
@at_station(*CLINICIANS)
def print_pdf(request, print_id):
    """The forms of one print, to be printed; the same each time."""
    return pdf_answer(
        request,
        print_id,
        kind=FormKind.DOOR,
        place=request.station.name,
        station_id=request.station.id,
    )


@require_http_methods(["GET", "POST"])
@at_station(*CLINICIANS)
def enter(request, form_id):
    """One form of the door."""
    form = _form_of(request, form_id)
    if request.method == "GET":
        return _entry(request, form)
    try:
        made = back_entry.enter_door(
            form_id=form.pk, entry=_typed(request), by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _entry(request, form, problem=messages.explain(error))
    if made.ended_at is not None:  # over: not to be opened without a reason
        return redirect(entered_address("station:back_entry", form))
    return redirect("station:patient", made.pk)


@require_POST
@at_station(*CLINICIANS)
def void(request, form_id):
    """The form is not to be entered, with a reason."""
    form = _form_of(request, form_id)
    return void_form(request, form, _entry, name="station:back_entry")


def _form_of(request, form_id):
    return form_at(form_id, sentral=request.sentral, station_id=request.station.id)


def _typed(request):
    post = request.POST
    return DoorEntry(
        **{
            name: true_time(request, name, first="arrived_at")
            for name in ("arrived_at", "looked_at", "doctor_at", "gone_at")
        },
        outcome_id=_expected(request),
        way=post.get("way", Attendance.Way.WALK_IN),
        patient={name: post.get(name, "") for name in PATIENT},
        why=post.get("narrative", ""),
        hastegrad=post.get("hastegrad", ""),
        vital_signs=signs_of(request),
        doctor=_doctor(request),
        end=post.get("end", ""),
        note=post.get("note", ""),
    )


def _expected(request):
    """The promised time that was kept; None for one who came unasked."""
    outcome_id = _number(request, "outcome")
    if outcome_id is None:
        return None
    is_ours = Outcome.objects.filter(
        pk=outcome_id,
        station_id=request.station.id,
        district__in=request.scope_of_user.districts,
    ).exists()
    if not is_ours:
        raise Http404
    return outcome_id


def _doctor(request):
    user_id = _number(request, "doctor")
    if user_id is None:
        return None
    if user_id not in doctors_at(request.station, on=timezone.localdate()):
        raise not_valid("doctor", Why.NOT_FOUND)
    return User.objects.get(pk=user_id)


def _number(request, name):
    text = request.POST.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Http404
    return int(text)


def _forms(request, *, problem="", typed=""):
    return show(
        request,
        "station/paper/forms.html",
        **forms_context(
            request, problem=problem, typed=typed, station_id=request.station.id
        ),
    )


def _entry(request, form, *, problem=""):
    return show(
        request,
        "station/paper/entry.html",
        colours=ARRIVAL.codes,
        ways=WAYS,
        ends=[(end, END[end]) for end in ENDS],
        expected=expected(request.station, now=timezone.now()),
        doctors=doctors_at(request.station, on=timezone.localdate()).items(),
        **entry_context(request, form, problem=problem),
    )
