"""Universal design: `/stasjon/utforming/`, the form and its history."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from varde.apps.sentral import messages
from varde.apps.station.queries import design as queries
from varde.apps.station.services import design as services
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.apps.station.work_access import AT_WORK
from varde.domain.errors import RuleBroken


@require_http_methods(["GET", "POST"])
@at_station(*AT_WORK)
def design(request):
    """The seven questions, the latest score, and each earlier filling."""
    if request.method == "GET":
        return _page(request)
    questions = queries.questions()
    try:
        services.fill_in(
            place=request.station,
            questions=questions,
            answers={key: request.POST.get(f"q-{key}", "") for key in questions.ids},
            comment=request.POST.get("comment", ""),
            filled_on=request.POST.get("filled_on", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _page(request, problem=messages.explain(error))
    notes.success(request, _("Skjemaet er lagret."))
    return redirect("station:design")


def _page(request, problem=""):
    forms = queries.forms(request.station)
    questions = queries.questions()
    return show(
        request,
        "station/design/design.html",
        problem=problem,
        source=questions.source,
        lines=[
            {"question": one, "typed": request.POST.get(f"q-{one.id}", "")}
            for one in questions.questions
        ],
        typed=request.POST,
        latest=forms[0] if forms else None,
        forms=forms,
    )
