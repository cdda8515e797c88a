"""One stay in a bed, and what is done with it."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import BedKind, Role
from varde.apps.sentral import messages
from varde.apps.sentral.access import log_opened
from varde.apps.station.access import CLINICIANS
from varde.apps.station.bed_access import stay_for
from varde.apps.station.messages.beds import TO
from varde.apps.station.queries.beds import board, stay
from varde.apps.station.queries.duty_doctors import doctors_at
from varde.apps.station.services import beds as services
from varde.apps.station.services.beds.moving import BY_HAND
from varde.apps.station.views.beds.typed import moment, number
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@require_GET
@at_station(*CLINICIANS, Role.LEGEVAKTOVERLEGE)
def bed_stay(request, stay_id):
    """A stay: who, why, whose responsibility, every look, and what can be done now."""
    wanted = stay_for(request, stay_id)
    log_opened(request, wanted.contact, by=request.user, what="bed_stay")
    return _show(request, wanted)


@require_POST
@at_station(*CLINICIANS)
def bed_looked(request, stay_id):
    """Somebody has looked to the patient."""

    def write(told):
        services.looked(
            **told,
            seen_by=number(request, "seen_by"),
            note=request.POST.get("note", ""),
            next_at=moment(request, "next_at"),
            done_at=moment(request, "seen_at"),
        )

    return _act(request, stay_id, "look", write, _("Tilsynet er ført."))


@require_POST
@at_station(*CLINICIANS)
def bed_plan(request, stay_id):
    """Another time for the next look."""

    def write(told):
        services.plan(**told, next_at=moment(request, "next_at"))

    return _act(request, stay_id, "plan", write, _("Neste tilsyn er satt."))


@require_POST
@at_station(*CLINICIANS)
def bed_doctor(request, stay_id):
    """Another doctor has the responsibility."""

    def write(told):
        services.set_doctor(**told, doctor_id=number(request, "doctor"))

    return _act(request, stay_id, "doctor", write, _("Ansvarlig lege er endret."))


@require_POST
@at_station(*CLINICIANS)
def bed_move(request, stay_id):
    """To another bed."""

    def write(told):
        services.move(
            **told,
            bed_id=number(request, "bed") or 0,
            moved_at=moment(request, "moved_at"),
        )

    return _act(request, stay_id, "move", write, _("Pasienten er flyttet."))


@require_POST
@at_station(*CLINICIANS)
def bed_discharge(request, stay_id):
    """Out of the bed."""

    def write(told):
        services.discharge(
            **told,
            to=request.POST.get("left_to", ""),
            note=request.POST.get("note", ""),
            left_at=moment(request, "left_at"),
        )

    return _act(request, stay_id, "discharge", write, _("Pasienten er skrevet ut."))


@require_POST
@at_station(*CLINICIANS)
def bed_correct(request, stay_id):
    """A time was written wrong."""

    def write(told):
        services.correct(
            **told,
            reason=request.POST.get("reason", ""),
            admitted_at=moment(request, "admitted_at"),
            left_at=moment(request, "left_at"),
        )

    return _act(request, stay_id, "correct", write, _("Tida er rettet."))


def _act(request, stay_id, form, write, done):
    """Do one thing with a stay. A refusal is shown in the form that it came from."""
    wanted = stay_for(request, stay_id)
    told = {
        "place": request.station,
        "stay_id": wanted.pk,
        "by": request.user,
        "at": timezone.now(),
    }
    try:
        write(told)
    except RuleBroken as error:
        wanted = stay_for(request, stay_id)
        return _show(
            request,
            wanted,
            failed=form,
            problem=messages.explain(error),
            typed=request.POST,
        )
    notes.success(request, done)
    return redirect("station:bed_stay", stay_id=wanted.pk)


def _show(request, wanted, **extra):
    now, place = timezone.now(), request.station
    doctors = doctors_at(place, on=timezone.localdate(now))
    me = request.user
    others = [(pk, name) for pk, name in doctors.items() if pk != me.pk]
    next_at = board.suggested_look(wanted.kind, place, now=now)
    is_here = wanted.left_at is None
    other_kind = next(kind for kind in BedKind.values if kind != wanted.kind)
    return show(
        request,
        "station/beds/stay.html",
        **stay.stay_shown(wanted, place, now=now),
        may_act=may(request, *CLINICIANS),
        me=me,
        i_am_doctor=me.pk in doctors,
        doctors=doctors.items(),
        other_doctors=others,
        free=stay.free_beds(place, kind=wanted.kind) if is_here else [],
        other_beds=stay.free_beds(place, kind=other_kind) if is_here else [],
        ways=[(to, TO[to]) for to in BY_HAND],
        next_at=f"{timezone.localtime(next_at):%Y-%m-%dT%H:%M}",
        **extra,
    )
