"""The beds that the station has."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import Bed
from varde.apps.sentral import messages
from varde.apps.station.access import LEADERS
from varde.apps.station.bed_access import bed_at
from varde.apps.station.messages.beds import KIND
from varde.apps.station.services import beds as services
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@require_http_methods(["GET", "POST"])
@at_station(*LEADERS)
def bed_list(request):
    """Every bed, in use and not. POST takes one into use."""
    if request.method != "POST":
        return _list(request)
    try:
        made = services.add_bed(
            place=request.station,
            code=request.POST.get("code", ""),
            kind=request.POST.get("kind", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    notes.success(request, _("%(bed)s er tatt i bruk.") % {"bed": made.code})
    return redirect("station:bed_list")


@require_POST
@at_station(*LEADERS)
def take_out_bed(request, bed_id):
    """Take a bed out of use."""
    wanted = bed_at(request.station, bed_id)
    try:
        services.take_out(
            place=request.station, bed_id=wanted.pk, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    notes.success(request, _("%(bed)s er tatt ut av bruk.") % {"bed": wanted.code})
    return redirect("station:bed_list")


def _list(request, **extra):
    rows = list(Bed.objects.filter(station=request.station.id))
    in_use = [row for row in rows if row.last_on is None]
    again = {row.code.lower() for row in in_use}
    return show(
        request,
        "station/beds/list.html",
        in_use=[(row, KIND[row.kind]) for row in in_use],
        out_of_use=[
            (row, KIND[row.kind], row.code.lower() not in again)
            for row in rows
            if row.last_on is not None
        ],
        kinds=KIND.items(),
        code=request.POST.get("code", ""),
        chosen=request.POST.get("kind", ""),
        **extra,
    )
