"""The vehicles of the station, for its leader. `/stasjon/bil/biler/`."""

from django.contrib import messages as told
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import Vehicle
from varde.apps.sentral import messages
from varde.apps.station.access import LEADERS
from varde.apps.station.messages.missions import VEHICLE_KIND
from varde.apps.station.services import missions as services
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@require_http_methods(["GET", "POST"])
@at_station(*LEADERS)
def vehicles(request):
    """The list, and a new one."""
    if request.method == "GET":
        return _list(request)
    try:
        services.add_vehicle(
            place=request.station,
            call_sign=request.POST.get("call_sign", ""),
            kind=request.POST.get("kind", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    told.success(request, _("Bilen er lagt til."))
    return redirect("station:vehicles")


@require_POST
@at_station(*LEADERS)
def in_use(request, vehicle_id):
    """Take one out of use, or back."""
    if not Vehicle.objects.filter(pk=vehicle_id, station=request.station.id).exists():
        raise Http404
    try:
        services.set_in_use(
            place=request.station,
            vehicle_id=vehicle_id,
            is_in_use=request.POST.get("in_use") == "yes",
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    return redirect("station:vehicles")


def _list(request, problem=""):
    rows = Vehicle.objects.filter(station=request.station.id)
    return show(
        request,
        "station/missions/vehicles.html",
        problem=problem,
        vehicles=[(row, VEHICLE_KIND[Vehicle.Kind(row.kind)]) for row in rows],
        kinds=VEHICLE_KIND.items(),
        typed=request.POST,
    )
