"""Safety at work: `/stasjon/sikkerhet/`, the silent alarm and the incidents."""

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Contact
from varde.apps.sentral import messages
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.sentral.views.side_page import page_of
from varde.apps.station.access import LEADERS
from varde.apps.station.messages import safety as words
from varde.apps.station.queries import alone
from varde.apps.station.queries import safety as queries
from varde.apps.station.services import safety as services
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station
from varde.apps.station.work_access import AT_WORK, incident_for, place_of
from varde.domain.errors import RuleBroken


@require_GET
@at_station(*AT_WORK)
def safety(request):
    """Who is here, and what has happened: all of it for leaders, one's own for others."""
    return _page(request)


@require_POST
@at_station(*AT_WORK)
def alarm(request):
    """Tell the colleagues. By htmx the page at hand stays as it is."""
    is_part = request.headers.get("HX-Request") == "true"
    try:
        raised = services.raise_alarm(
            place=_station_of_page(request),
            kind=request.POST.get("kind", ""),
            where=request.POST.get("where", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        problem = messages.explain(error)
        if is_part:
            return render(request, "station/safety/told.html", {"problem": problem})
        return _page(request, problem=problem)
    if is_part:
        return render(request, "station/safety/told.html", {"incident": raised})
    return redirect("station:incident", incident_id=raised.pk)


@require_POST
@at_station(*AT_WORK)
def register(request):
    """Write something that is over."""
    try:
        made = services.register(
            place=request.station,
            kind=request.POST.get("kind", ""),
            where=request.POST.get("where", ""),
            occurred_at=request.POST.get("occurred_at", ""),
            text=request.POST.get("text", ""),
            injured=request.POST.get("injured", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _page(request, problem=messages.explain(error))
    notes.success(request, _("Hendelsen er registrert."))
    return redirect("station:incident", incident_id=made.pk)


@require_GET
@at_station(*AT_WORK)
def incident(request, incident_id):
    """One incident. To open it is logged."""
    return _incident(request, incident_for(request, incident_id))


@require_POST
@at_station(*AT_WORK)
def see(request, incident_id):
    """I have seen it, and the others see that I have."""
    return _act(request, incident_id, services.see, is_quiet=True)


@require_POST
@at_station(*AT_WORK)
def end(request, incident_id):
    """Take the alarm off the screens."""
    return _act(request, incident_id, services.end, how=request.POST.get("how", ""))


@require_POST
@at_station(*AT_WORK)
def called(request, incident_id):
    """Who was called, and when."""
    return _act(
        request,
        incident_id,
        services.called,
        who=request.POST.get("called", ""),
        occurred_at=request.POST.get("occurred_at", ""),
    )


@require_POST
@at_station(*AT_WORK)
def account(request, incident_id):
    """What happened, added to what stands there."""
    row = incident_for(request, incident_id)
    try:
        services.account(
            incident_id=row.pk,
            text=request.POST.get("text", ""),
            injured=request.POST.get("injured", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _incident(request, row, problem=messages.explain(error))
    return redirect("station:incident", incident_id=row.pk)


@require_POST
@at_station(*AT_WORK)
def tie(request, incident_id):
    """The number of the contact that it was about, or none."""
    row = incident_for(request, incident_id)
    try:
        services.tie(
            incident_id=row.pk,
            contact_id=_contact(request.POST.get("contact", "")),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _incident(request, row, problem=messages.explain(error))
    return redirect("station:incident", incident_id=row.pk)


def _act(request, incident_id, service, *, is_quiet=False, **values):
    """An act that the screens are told of. A quiet one leaves the page by htmx alone."""
    row = incident_for(request, incident_id)
    problem = ""
    try:
        service(
            incident_id=row.pk,
            place=place_of(request, row.station_id),
            by=request.user,
            at=timezone.now(),
            **values,
        )
    except RuleBroken as error:
        problem = messages.explain(error)
    if is_quiet and request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204)
    if problem:
        row.refresh_from_db()
        return _incident(request, row, problem=problem)
    return redirect("station:incident", incident_id=row.pk)


def _page(request, problem=""):
    is_leader = may(request, *LEADERS)

    def fetch(*, first, most):
        return queries.incidents(
            request.station,
            only_of=None if is_leader else request.user,
            first=first,
            most=most,
        )

    return show(
        request,
        "station/safety/safety.html",
        problem=problem,
        typed=request.POST,
        is_leader=is_leader,
        injured=words.INJURED.items(),
        at_now=alone.now_at(request.station, now=timezone.now()),
        page=page_of(request, fetch),
    )


def _incident(request, row, problem=""):
    audit.log(
        kind=AuditEntry.Kind.READ,
        what="safety_read",
        by=request.user,
        district_id=row.district_id,
        table="records_safetyincident",
        row_id=row.pk,
        purpose="",
    )
    typed = request.POST if problem else {}
    return show(
        request,
        "station/safety/incident.html",
        problem=problem,
        typed=typed,
        injured=words.INJURED.items(),
        callable=words.CALLED.items(),
        **queries.incident(row),
    )


def _station_of_page(request):
    """The station that the page was about, also when another tab has chosen another."""
    asked = request.POST.get("station", "")
    if not asked:
        return request.station
    for place in request.stations:
        if str(place.id) == asked:
            return place
    raise Http404


def _contact(text):
    """The id of a contact within the districts at hand, or None for an empty text."""
    digits = text.strip()
    if not digits:
        return None
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 16
    if not is_number or not Contact.objects.filter(pk=digits).exists():
        raise not_valid("tied_contact", Why.NOT_FOUND)
    return int(digits)
