"""The front door, the handbook, and what a load balancer asks."""

import mimetypes

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET


@require_GET
@login_required
def home(request):
    """Everybody's first page: the desk."""
    return redirect("sentral:desk")


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
