"""Patients come: as promised, or from the street."""

from datetime import datetime, time, timedelta

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import Attendance, Contact, Outcome
from varde.apps.sentral import messages
from varde.apps.sentral.queries import pane, patients
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.sentral.views.incoming import typed
from varde.apps.station.access import CLINICIANS
from varde.apps.station.messages import WAY
from varde.apps.station.services import arrival
from varde.apps.station.views.board import board_page
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


PATIENT = (
    "national_id",
    "given_name",
    "family_name",
    "birth_date",
    "estimated_age",
    "sex",
    "description",
    "phone",
)
WAYS = [(way, words) for way, words in WAY.items() if way != Attendance.Way.EXPECTED]


@require_POST
@at_station(*CLINICIANS)
def arrived(request, outcome_id):
    """One who was promised a time has come: one press."""
    is_ours = Outcome.objects.filter(
        pk=outcome_id,
        station=request.station.id,
        district__in=request.scope_of_user.districts,
    ).exists()
    if not is_ours:
        raise Http404
    try:
        made = arrival.arrive(
            outcome_id=outcome_id,
            station_id=request.station.id,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return board_page(request, problem=messages.explain(error))
    return redirect("station:patient", made.pk)


@require_http_methods(["GET", "POST"])
@at_station(*CLINICIANS)
def new(request):
    """Somebody stands at the door: who, why, and the ticket is made."""
    if request.method == "GET":
        return _form(request)
    at = timezone.now()
    try:
        made = arrival.register(
            station_id=request.station.id,
            sentral=request.sentral,
            way=request.POST.get("way", Attendance.Way.WALK_IN),
            patient={name: request.POST.get(name, "") for name in PATIENT},
            patient_id=_chosen(request),
            why=request.POST.get("why", ""),
            by=request.user,
            at=at,
            arrived_at=_clock(request.POST.get("arrived_at", ""), at=at),
        )
    except RuleBroken as error:
        return _form(request, problem=messages.explain(error))
    return redirect("station:patient", made.pk)


@require_POST
@at_station(*CLINICIANS)
def search(request):
    """People who may be meant by what was typed."""
    q = typed(request)
    asking = Contact(sentral=request.sentral, district_id=request.station.district_id)
    found = patients.search(q, contact=asking)
    context = {
        "q": q,
        "is_more": found.is_more,
        "most": patients.MOST_HITS,
        **pane.search_context(found),
    }
    return render(request, "station/arrival/hits.html", context)


def _form(request, *, problem=""):
    return show(
        request,
        "station/arrival/new.html",
        problem=problem,
        typed=request.POST,
        ways=WAYS,
    )


def _chosen(request):
    text = request.POST.get("patient", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _clock(text, *, at):
    """The moment today, or yesterday evening, that a time on the clock means."""
    text = text.strip()
    if not text:
        return None
    try:
        asked = time.fromisoformat(text)
    except ValueError:
        raise not_valid("arrived_at", Why.NOT_A_TIME) from None
    day = timezone.localdate(at)
    zone = timezone.get_current_timezone()
    moment = datetime.combine(day, asked.replace(tzinfo=None), tzinfo=zone)
    return moment - timedelta(days=1) if moment > at else moment
