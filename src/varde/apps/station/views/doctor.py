"""The doctor at the station: the list, and one patient. Works on a phone."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.sentral.access import log_opened
from varde.apps.station import access
from varde.apps.station.messages.doctors import SAY
from varde.apps.station.queries import doctor_list, doctor_patient, doctor_states
from varde.apps.station.services import doctor_states as states
from varde.apps.station.services import doctors
from varde.apps.station.services import orders as order_services
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@require_GET
@at_station(Role.DOCTOR)
def doctor(request):
    """Mine, and those who wait, kept fresh."""
    return _list(request)


@require_POST
@at_station(Role.DOCTOR)
def say(request):
    """The doctor says what he or she does now, with one press."""
    try:
        states.say(
            place=request.station,
            sentral_id=request.sentral.pk,
            doing=request.POST.get("doing", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    return redirect("station:doctor")


@require_GET
@at_station(Role.DOCTOR)
def patient(request, attendance_id):
    """One patient. To open it is logged, and the doctor who has it has seen the results."""
    row = _attendance(request, attendance_id)
    log_opened(request, row.contact, by=request.user, what="doctor_patient")
    return _patient(request, row)


@require_POST
@at_station(Role.DOCTOR)
def take(request, attendance_id):
    """Take a patient. Who came second sees who has it."""
    row = _attendance(request, attendance_id)
    try:
        doctors.take(attendance_id=row.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    return redirect("station:doctor_patient", attendance_id=row.pk)


@require_POST
@at_station(Role.DOCTOR)
def give_back(request, attendance_id):
    """Put the patient back among those who wait."""
    row = _attendance(request, attendance_id)
    try:
        doctors.give_back(attendance_id=row.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _patient(request, row, problem=messages.explain(error))
    notes.success(request, _("Pasienten er lagt tilbake i køen."))
    return redirect("station:doctor")


@require_POST
@at_station(Role.DOCTOR)
def hand_over(request, attendance_id):
    """Hand over to a colleague on duty, who sees it at once."""
    row = _attendance(request, attendance_id)
    chosen = request.POST.get("to", "")
    try:
        doctors.hand_over(
            attendance_id=row.pk,
            to_id=int(chosen) if chosen.isascii() and chosen.isdigit() else None,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _patient(request, row, problem=messages.explain(error), chosen=chosen)
    notes.success(request, _("Pasienten er overlevert."))
    return redirect("station:doctor")


@require_POST
@at_station(Role.DOCTOR)
def finish(request, attendance_id):
    """Done with the patient. A refusal keeps what was typed."""
    row = _attendance(request, attendance_id)
    end, note = request.POST.get("end", ""), request.POST.get("end_note", "")
    try:
        doctors.finish(
            attendance_id=row.pk,
            end=end,
            note=note,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        problem = messages.explain(error)
        return _patient(request, row, problem=problem, end=end, end_note=note)
    notes.success(request, _("Pasienten er ferdig hos deg."))
    return redirect("station:doctor")


@require_POST
@at_station(Role.DOCTOR)
def order(request, attendance_id):
    """Order tests. A refusal keeps what was chosen."""
    row = _attendance(request, attendance_id)
    codes, note = request.POST.getlist("tests"), request.POST.get("note", "")
    try:
        order_services.place(
            attendance_id=row.pk,
            codes=codes,
            note=note,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        problem = messages.explain(error)
        return _patient(request, row, problem=problem, codes=codes, note=note)
    notes.success(request, _("Bestilt. Prøvene står på prøvelista."))
    return redirect("station:doctor_patient", attendance_id=row.pk)


def _attendance(request, attendance_id):
    """The attendance; the page is that of its station, whichever was chosen before."""
    row = access.attendance_for(request, attendance_id, Role.DOCTOR)
    request.station = next(p for p in request.stations if p.id == row.station_id)
    request.sentral = access.sentral_of(request.station)
    return row


def _list(request, **extra):
    now = timezone.now()
    found = doctor_list.doctor_list(request.station, now=now)
    return show(
        request,
        "station/doctor/list.html",
        me=request.user.pk,
        own=doctor_states.own(found["doctors"], request.user.pk),
        says=[(str(code), label) for code, label in SAY.items()],
        **found,
        **extra,
    )


def _patient(request, row, **extra):
    """The page as it is after what was tried. What it shows of results is then seen."""
    now = timezone.now()
    row.refresh_from_db()
    found = doctor_patient.page(row, request.station, me=request.user.pk, now=now)
    if any(order.is_new for order in found["orders"]):
        order_services.seen(attendance_id=row.pk, by=request.user, at=now)
    return show(request, "station/doctor/patient.html", **found, **extra)
