"""One patient at the station: the hastegrad at the door, looks, room, leaving."""

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Attendance, Look
from varde.apps.sentral import choices, messages
from varde.apps.sentral.access import log_opened
from varde.apps.sentral.services import contacts
from varde.apps.sentral.views.triage import VITAL_SIGNS
from varde.apps.station import access
from varde.apps.station.access import CLINICIANS
from varde.apps.station.messages import END, LOOK
from varde.apps.station.queries import patient as queries
from varde.apps.station.services import looks
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken
from varde.domain.hastegrad import ARRIVAL


LEAVING = [
    (end, END[end])
    for end in (Attendance.End.ADVICE, Attendance.End.LEFT, Attendance.End.SENT_ON)
]
LOOKING = [(one, LOOK[one]) for one in (Look.Result.SAME, Look.Result.BETTER)]


@require_GET
@at_station(*CLINICIANS)
def patient(request, attendance_id):
    """The page of one patient. Opening it is written in the log."""
    now = timezone.now()
    row = access.attendance_for(request, attendance_id, now=now)
    log_opened(request, row.contact, by=request.user, now=now)
    return _page(request, row, now=now)


def act(service):
    """A write on one patient: done and back to the page, or refused with a sentence."""

    @require_POST
    @at_station(*CLINICIANS)
    def view(request, attendance_id):
        now = timezone.now()
        row = access.attendance_for(request, attendance_id, now=now)
        try:
            to = service(request, row, now)
        except RuleBroken as error:
            row.refresh_from_db()
            return _page(request, row, now=now, problem=messages.explain(error))
        return redirect(to) if to else redirect("station:patient", row.pk)

    return view


@act
def triage(request, row, now):
    """The hastegrad, with what was measured."""
    pregnant = request.POST.get("is_pregnant", "")
    if pregnant:
        contacts.save_fields(
            contact_id=row.contact_id,
            fields={"is_pregnant": pregnant},
            by=request.user,
            at=now,
        )
    looks.triage_at_door(
        attendance_id=row.pk,
        hastegrad=request.POST.get("hastegrad", ""),
        reason_lowered=request.POST.get("reason_lowered", ""),
        values={name: request.POST.get(name, "") for name in VITAL_SIGNS},
        scale=2 if request.POST.get("scale") == "2" else 1,
        by=request.user,
        at=now,
    )


@act
def look(request, row, now):
    """Looked at: the hastegrad stands."""
    looks.look(
        attendance_id=row.pk,
        result=request.POST.get("result", ""),
        note=request.POST.get("note", ""),
        by=request.user,
        at=now,
    )


@act
def room(request, row, now):
    """Where in the house."""
    looks.set_room(
        attendance_id=row.pk,
        room=request.POST.get("room", ""),
        by=request.user,
        at=now,
    )


@act
def leave(request, row, now):
    """Gone without a doctor."""
    looks.leave(
        attendance_id=row.pk,
        end=request.POST.get("end", ""),
        note=request.POST.get("note", ""),
        by=request.user,
        at=now,
    )
    return "station:board"


@act
def identify(request, row, now):
    """Nobody knew who it was; now the number is known."""
    contacts.identify(
        patient_id=row.contact.patient_id,
        national_id=request.POST.get("national_id", ""),
        reason="identified",
        by=request.user,
        at=now,
    )


def _page(request, row, *, now, problem=""):
    found = queries.patient_page(row, request.station, now=now)
    return show(
        request,
        "station/patient/patient.html",
        problem=problem,
        typed=request.POST,
        colours=ARRIVAL.codes,
        acvpu=choices.ACVPU,
        leaving=LEAVING,
        looking=LOOKING,
        **found,
    )
