"""How far people have to a legevakt: `/plan/dimensjonering/reisetid/`."""

from django.conf import settings
from django.http import Http404, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from varde.apps.planning.queries.travel import travel as travel_of
from varde.apps.planning.queries.travel_tables import people, tables, word
from varde.apps.planning.travel_figures import QUESTIONS
from varde.apps.planning.travel_ground import ground, measured_on
from varde.apps.planning.views.travel_map import outline_figures, share_map
from varde.apps.planning.views.travel_page import draw, page_of, wait, waits
from varde.apps.sentral.queries.number_tables import percent
from varde.apps.sentral.views.period import csv_answer
from varde.apps.staffing.access import OVERSEERS
from varde.apps.staffing.messages.numbers import number
from varde.apps.staffing.views.working_at import at_workplace


@require_GET
@at_workplace(*OVERSEERS)
def travel(request):
    """Both questions side by side. Each table also as CSV."""
    if waits(request):
        return wait(request)
    page = page_of(request)
    found = travel_of(page.here, page.found, page.asked, own=page.own)
    made = tables(found, page.asked, page.found)
    if "csv" in request.GET:
        return csv_answer(made, request.GET["csv"])
    usual = None
    if page.asked.is_changed:
        usual = travel_of(
            page.here,
            measured_on(page.here, page.asked.usual, on=page.today),
            page.asked,
            own=page.own,
        )
    return draw(
        request,
        page,
        "planning/travel/travel.html",
        figures=_figures(found, usual, page.asked),
        first_tables=made[:2],
        tables=made[2:],
        drawn=share_map(page.here, found, page.asked.limit_min),
        changes=page.asked.changes(),
        people=people(found.whole["agreed"].people),
    )


def _figures(found, usual, asked):
    """The main figures, for the nearest and for the agreed station."""
    limit = float(asked.limit_min)
    told = []
    for question in QUESTIONS:
        one = found.whole[question]
        count, share = found.beyond(question, limit)
        told.append(
            {
                "title": _("Til %(which)s stasjon") % {"which": word(question)},
                "share": percent(share),
                "people": people(count),
                "usual": percent(usual.beyond(question, limit)[1]) if usual else "",
                "mean": number(one.mean_min),
                "usual_mean": number(usual.whole[question].mean_min) if usual else "",
                "no_road": people((one.no_road or 0.0) * one.people),
                "unknown": people((one.unknown or 0.0) * one.people),
            }
        )
    return told


@require_GET
@at_workplace(*OVERSEERS)
def outlines(request, mark):
    """The lines to draw the map with, which stay the same until the next import."""
    here, _fault = ground(home=settings.VARDE_HOME, today=timezone.localdate())
    if mark != here.mark or here.outlines is None:
        raise Http404
    answer = JsonResponse(outline_figures(here))
    answer["Cache-Control"] = "private, max-age=86400"
    return answer
