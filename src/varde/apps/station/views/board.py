"""The station's board."""

from django.utils import timezone
from django.views.decorators.http import require_GET

from varde.apps.records.models import Role
from varde.apps.station.access import CLINICIANS
from varde.apps.station.queries import board as queries
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station


@require_GET
@at_station(*CLINICIANS, Role.LEGEVAKTOVERLEGE)
def board(request):
    """Everybody who is here, kept fresh."""
    found = queries.board(request.station, now=timezone.now())
    return show(request, "station/board/board.html", **found)
