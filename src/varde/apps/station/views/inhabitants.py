"""The inhabitants whom the numbers are divided by. `/stasjon/tall/innbyggere/`."""

from django.contrib import messages as told
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.station.queries.house_numbers import counts_of_served
from varde.apps.station.services.inhabitants import write_inhabitants
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


RESPONSIBLE = (Role.LEGEVAKTOVERLEGE, Role.KOMMUNEOVERLEGE)
FIELDS = ("municipality", "year", "inhabitants", "inhabitants_65_plus", "source")


@require_http_methods(["GET", "POST"])
@at_station(*RESPONSIBLE)
def inhabitants(request):
    """What is known of each municipality, and a count to write or write anew."""
    problem = ""
    if request.method == "POST":
        try:
            write_inhabitants(
                place=request.station,
                by=request.user,
                at=timezone.now(),
                **{name: request.POST.get(name, "") for name in FIELDS},
            )
        except RuleBroken as error:
            problem = messages.explain(error)
        else:
            told.success(request, _("Innbyggertallet er lagret."))
            return redirect("station:inhabitants")
    on = timezone.localdate()
    return show(
        request,
        "station/numbers/inhabitants.html",
        problem=problem,
        served=counts_of_served(request.station.id, on=on),
        this_year=on.year,
        typed=request.POST,
    )
