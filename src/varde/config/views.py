"""The front door, the handbook, and what a load balancer asks."""

import mimetypes

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET


# Everybody's first page: where one's work is. The first role that fits decides.
FIRST_PAGES = (
    (("operator", "shift_leader"), "sentral:desk"),
    (("doctor",), "sentral:doctor"),
    (("nurse",), "station:board"),
    (("legevaktoverlege", "kommuneoverlege"), "sentral:numbers"),
    (("auditor",), "sentral:log"),
    (("administrator",), "sentral:people"),
)


@require_GET
@login_required
def home(request):
    """On to one's own first page. Without a role there is none, and it is said."""
    held = request.scope_of_user.roles()
    for roles, page in FIRST_PAGES:
        if not held.isdisjoint(roles):
            return redirect(page)
    return render(request, "varde/no_role.html")


@require_GET
def health(request):
    """Whether this process reaches its database. Holds nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@require_GET
def handbook(request, page="index.html"):
    """A page of the handbook. It holds no patient data and needs no log-in."""
    folder = settings.HANDBOOK.resolve()
    file = (folder / page).resolve()
    if file.is_dir():
        file = file / "index.html"
    if folder not in file.parents or not file.is_file():
        raise Http404
    kind, _ = mimetypes.guess_type(file.name)
    return FileResponse(
        file.open("rb"), content_type=kind or "application/octet-stream"
    )
