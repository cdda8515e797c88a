"""Laying a patient in a bed: from the bed, or from the contact."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from varde.apps.records.models import Attendance, BedStay
from varde.apps.sentral import messages
from varde.apps.sentral.access import log_opened
from varde.apps.station.access import CLINICIANS
from varde.apps.station.bed_access import bed_at, contact_for_bed
from varde.apps.station.messages.beds import KIND
from varde.apps.station.queries.beds import board, stay
from varde.apps.station.queries.beds.criteria import criteria
from varde.apps.station.queries.duty_doctors import doctors_at
from varde.apps.station.services import beds as services
from varde.apps.station.views.beds.typed import moment, number
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import Rule, RuleBroken


FIELD = "k-"  # before a criterion's id in the form
TAKEN = frozenset({Rule.BED_TAKEN, Rule.BED_TAKEN_UNSEEN, Rule.BED_OUT_OF_USE})


@require_GET
@at_station(*CLINICIANS)
def bed_for_contact(request, contact_id):
    """Choose a bed for a patient. One who lies in a bed is shown there."""
    contact = contact_for_bed(request, contact_id)
    lies = BedStay.objects.filter(
        contact=contact, station=request.station.id, left_at=None
    ).first()
    free = stay.free_beds(request.station)
    if lies is not None:
        free = [bed for bed in free if bed["kind_code"] != lies.kind]
        if not free:
            return redirect("station:bed_stay", stay_id=lies.pk)
    log_opened(request, contact, by=request.user, what="bed_for_contact")
    return show(
        request,
        "station/beds/choose.html",
        contact=contact,
        name=contact.patient.name if contact.patient else "",
        free=free,
        lies=lies,
    )


@require_http_methods(["GET", "POST"])
@at_station(*CLINICIANS)
def bed(request, bed_id):
    """A bed: who lies there, or the form that lays a patient in it."""
    wanted = bed_at(request.station, bed_id)
    lies = stay.stay_in(wanted.pk)
    if request.method == "POST":
        return _admit(request, wanted)
    if lies is not None:
        return redirect("station:bed_stay", stay_id=lies)
    return _form(request, wanted, contact_id=request.GET.get("kontakt", ""))


def _admit(request, wanted):
    now = timezone.now()
    chosen = request.POST.get("kontakt", "")
    contact_id = number(request, "kontakt")
    answers = {
        name.removeprefix(FIELD): value
        for name, value in request.POST.items()
        if name.startswith(FIELD)
    }
    if contact_id is None:
        problem = _("Velg hvem som skal ligge i senga.")
        return _form(request, wanted, answers=answers, problem=problem)
    contact = contact_for_bed(request, contact_id)
    try:
        made = services.admit(
            place=request.station,
            bed_id=wanted.pk,
            contact_id=contact.pk,
            doctor_id=number(request, "doctor"),
            answers=answers,
            reason=request.POST.get("reason", ""),
            next_at=moment(request, "next_at"),
            admitted_at=moment(request, "admitted_at"),
            by=request.user,
            at=now,
        )
    except RuleBroken as error:
        return _form(
            request,
            wanted,
            contact_id=chosen,
            answers=answers,
            problem=messages.explain(error),
            is_taken=error.rule in TAKEN,
        )
    notes.success(request, _("Pasienten er lagt inn i %(bed)s.") % {"bed": wanted.code})
    return redirect("station:bed_stay", stay_id=made.pk)


def _form(request, wanted, *, contact_id="", answers=None, **extra):
    now, place = timezone.now(), request.station
    contact = None
    if contact_id.isascii() and contact_id.isdigit() and len(contact_id) < 16:
        contact = contact_for_bed(request, int(contact_id))
        if request.method == "GET":
            log_opened(request, contact, by=request.user, what="bed_for_contact")
    typed = request.POST
    doctors = doctors_at(place, on=timezone.localdate(now))
    asked = criteria()
    given = answers or {}
    next_at = board.suggested_look(wanted.kind, place, now=now)
    return show(
        request,
        "station/beds/bed.html",
        bed=wanted,
        kind=KIND[wanted.kind],
        occupant=_occupant(wanted) if extra.get("is_taken") else None,
        free=stay.free_beds(place, kind=wanted.kind),
        contact=contact,
        name=contact.patient.name if contact is not None and contact.patient else "",
        to_admit=board.waiting_for_kad(place, now=now),
        here=board.here_now(place, now=now),
        doctors=doctors.items(),
        doctor_id=number(request, "doctor") or _usual_doctor(request, contact, doctors),
        asked=[(c, given.get(c.id, "")) for c in asked.lists[wanted.kind]],
        is_approved=asked.is_approved,
        field=FIELD,
        reason=typed.get("reason", ""),
        next_at=typed.get("next_at") or f"{timezone.localtime(next_at):%Y-%m-%dT%H:%M}",
        admitted_at=typed.get("admitted_at", ""),
        **extra,
    )


def _usual_doctor(request, contact, doctors):
    """The doctor who has the patient, else oneself if one is a doctor. Else nobody."""
    row = None
    if contact is not None:
        here = Attendance.objects.filter(contact=contact, ended_at=None)
        row = here.values_list("doctor_id", flat=True).first()
    return row or (request.user.pk if request.user.pk in doctors else None)


def _occupant(wanted):
    """Who has the bed, for those who may see it: row-level security hides the rest."""
    lies = stay.stay_in(wanted.pk)
    if lies is None:
        return None
    found = BedStay.objects.select_related("contact__patient").get(pk=lies)
    patient = found.contact.patient
    return {"stay_id": lies, "name": patient.name if patient else ""}
