"""Saying why: the page that opens a record outside one's task, and the way to it."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseForbidden
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from varde.apps.sentral import log_messages, messages
from varde.apps.sentral.access import ReasonNeeded, Subject
from varde.apps.sentral.services import openings
from varde.domain.errors import RuleBroken


SHORTEST = 10  # characters, where no ready-made reason fits


class ReasonMiddleware:
    """A view that needs a reason leads to the page where it is given, and back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer; the reason is asked for in `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Ask for the reason: by a new page, also when a part of a page asked."""
        if not isinstance(exception, ReasonNeeded):
            return None
        place = reverse(
            "sentral:reason",
            kwargs={"subject": exception.subject, "row_id": exception.row_id},
        )
        place = f"{place}?{urlencode({'next': _came_from(request)})}"
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": place})
        if "text/html" not in request.headers.get("Accept", "text/html"):
            return HttpResponseForbidden("reason needed", content_type="text/plain")
        return redirect(place)


@require_http_methods(["GET", "POST"])
@login_required
def reason(request, subject, row_id):
    """Ask for the reason; with one, open the record for a while and go on to it."""
    if subject not in list(Subject):
        raise Http404
    place = _safe(request.POST.get("next") or request.GET.get("next", ""))
    page = {
        "subject": subject,
        "next": place,
        "reasons": log_messages.OPENING_REASONS.items(),
        "chosen": request.POST.get("reason", ""),
        "text": request.POST.get("text", "").strip(),
        "shortest": SHORTEST,
    }
    if request.method == "POST":
        problem = _problem(page)
        if not problem:
            try:
                openings.open_record(
                    scope=request.scope_of_user,
                    subject=Subject(subject),
                    row_id=row_id,
                    reason=_words(page),
                    by=request.user,
                    at=timezone.now(),
                )
                return redirect(place)
            except RuleBroken as error:
                problem = messages.explain(error)
        page["problem"] = problem
    return render(request, "sentral/reason.html", page)


def _problem(page):
    if page["chosen"] not in log_messages.OPENING_REASONS:
        return _("Velg en grunn.")
    if page["chosen"] == "annet" and len(page["text"]) < SHORTEST:
        return _("Skriv grunnen med minst {n} tegn.").format(n=SHORTEST)
    return ""


def _words(page):
    chosen = str(log_messages.OPENING_REASONS[page["chosen"]])
    return f"{chosen}: {page['text']}"[:300] if page["text"] else chosen


def _came_from(request):
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    return request.get_full_path() if request.method == "GET" else "/"


def _safe(place):
    return place if url_has_allowed_host_and_scheme(place, allowed_hosts=None) else "/"
