"""Samtidighetskonflikter: who can help now, and how each was solved."""

from datetime import timedelta

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.station import access
from varde.apps.station.access import CLINICIANS
from varde.apps.station.messages.doctors import SOLVED
from varde.apps.station.queries import conflicts as queries
from varde.apps.station.services import conflicts as services
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


COUNTED = timedelta(days=30)


@require_GET
@at_station(*CLINICIANS, Role.LEGEVAKTOVERLEGE)
def conflicts(request):
    """Those that stand, with who can help, and the last that were solved."""
    return _page(request)


@require_POST
@at_station(*CLINICIANS)
def solve(request, conflict_id):
    """Write how it was solved. A refusal keeps what was typed."""
    row = access.conflict_for(request, conflict_id)
    how, note = request.POST.get("how", ""), request.POST.get("how_note", "")
    try:
        services.solve(
            conflict_id=row.pk, how=how, note=note, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _page(
            request,
            problem=messages.explain(error),
            problem_of=row.pk,
            typed_how=how,
            typed_note=note,
        )
    notes.success(request, _("Konflikten er ført som løst."))
    return redirect("station:conflicts")


def _page(request, **extra):
    now = timezone.now()
    counted = queries.count([request.station.id], start=now - COUNTED, end=now)
    return show(
        request,
        "station/conflicts/conflicts.html",
        counted=counted,
        counted_days=COUNTED.days,
        ways_counted=[
            (label, counted.by_how[code])
            for code, label in SOLVED.items()
            if code in counted.by_how
        ],
        may_solve=may(request, *CLINICIANS),
        **queries.page(request.station, now=now),
        **extra,
    )
