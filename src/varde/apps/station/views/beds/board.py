"""The board of the beds."""

from django.utils import timezone
from django.views.decorators.http import require_GET

from varde.apps.records.models import Role
from varde.apps.station.access import CLINICIANS, LEADERS
from varde.apps.station.queries.beds import board as queries
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station


@require_GET
@at_station(*CLINICIANS, Role.LEGEVAKTOVERLEGE)
def beds(request):
    """Every bed: occupied or free, by whom, since when, and the doctor's next look."""
    return show(
        request,
        "station/beds/beds.html",
        **queries.board(request.station, now=timezone.now()),
        may_manage=may(request, *LEADERS),
        may_admit=may(request, *CLINICIANS),
    )
