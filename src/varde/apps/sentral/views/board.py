"""The shift leader's board, and the list read aloud at the change of shift."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral.queries import board as queries
from varde.apps.sentral.services import duty
from varde.apps.sentral.views.side_page import may, show
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral


@require_GET
@at_sentral(*AT_THE_DESK)
def board(request):
    """The whole house on one page, kept fresh."""
    if request.GET.get("vaktskifte") == "1":
        return redirect("sentral:handover")
    return show(
        request,
        "sentral/board/board.html",
        **queries.board(request.sentral, now=timezone.now()),
        may_decide=may(request, Role.SHIFT_LEADER),
    )


@require_GET
@at_sentral(*AT_THE_DESK)
def handover(request):
    """What this shift tells the next. Prints well."""
    now = timezone.now()
    found = queries.handover(request.sentral, now=now)
    return show(request, "sentral/board/handover.html", at=now, **found)


@require_POST
@at_sentral(Role.SHIFT_LEADER)
def reachable(request, duty_id):
    """Somebody on duty can, or cannot, be reached."""
    now = timezone.now()
    on_duty = queries.on_duty(request.sentral, now=now)
    if duty_id not in {row.id for row in on_duty}:
        raise Http404
    duty.set_reachable(
        duty_id=duty_id,
        sentral=request.sentral,
        is_reachable=request.POST.get("reachable") == "yes",
        by=request.user,
        at=now,
    )
    return redirect("sentral:board")
