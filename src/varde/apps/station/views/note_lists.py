"""What waits among the notes, and the phrases: `/stasjon/notater/`."""

from django.contrib import messages as told
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.sentral import messages
from varde.apps.sentral.services import fastlege
from varde.apps.station import access
from varde.apps.station.access import LEADERS
from varde.apps.station.queries import notes as queries
from varde.apps.station.services import phrases as services
from varde.apps.station.views.notes import AUTHORS
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@require_GET
@at_station(*AUTHORS)
def note_list(request):
    """Mine without a note, my drafts, what waits for my signature, what failed."""
    return _list(request)


@require_POST
@at_station(*AUTHORS)
def epikrise_again(request, epikrise_id):
    """The fault is mended: send it again, under the same message id."""
    row = queries.epikrise_for(epikrise_id, place=request.station)
    try:
        fastlege.send_again(note_id=row.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    told.success(request, _("Epikrisen er lagt i kø igjen."))
    return redirect("station:note_list")


@require_POST
@at_station(*AUTHORS)
def epikrise_handed_over(request, epikrise_id):
    """The fastlege has got it in another way."""
    row = queries.epikrise_for(epikrise_id, place=request.station)
    how = request.POST.get("how", "")
    try:
        fastlege.handed_over(
            note_id=row.pk, how=how, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _list(
            request, problem=messages.explain(error), refused=row.pk, typed_how=how
        )
    told.success(request, _("Ført: fastlegen har fått epikrisen."))
    return redirect("station:note_list")


@require_http_methods(["GET", "POST"])
@at_station(*AUTHORS, *LEADERS)
def phrases(request):
    """One's own phrases and the station's. POST adds one, or gives a key a new text."""
    problem = ""
    is_leader = may(request, *LEADERS)
    if request.method == "POST":
        is_shared = is_leader and request.POST.get("whose") == "station"
        try:
            services.add(
                key=request.POST.get("key", ""),
                text=request.POST.get("text", ""),
                station_id=request.station.id if is_shared else None,
                district_id=request.station.district_id,
                by=request.user,
                at=timezone.now(),
            )
        except RuleBroken as error:
            problem = messages.explain(error)
        else:
            told.success(request, _("Frasen er lagret."))
            return redirect("station:phrases")
    return show(
        request,
        "station/note/phrases.html",
        phrases=queries.phrases(request.user, request.station),
        is_leader=is_leader,
        problem=problem,
        typed=request.POST,
    )


@require_POST
@at_station(*AUTHORS, *LEADERS)
def remove_phrase(request, phrase_id):
    """Take away one's own phrase, or as a leader one of the station's."""
    phrase = queries.phrase_for(phrase_id, user=request.user, place=request.station)
    if phrase.station_id is not None and not may(request, *LEADERS):
        raise Http404
    services.remove(
        phrase=phrase,
        district_id=request.station.district_id,
        by=request.user,
        at=timezone.now(),
    )
    told.success(request, _("Frasen er fjernet."))
    return redirect("station:phrases")


def _list(request, **extra):
    found = queries.lists(
        request.station,
        user=request.user,
        roles=access.roles_at(request, request.station),
        now=timezone.now(),
    )
    return show(request, "station/note/list.html", **found | extra)
