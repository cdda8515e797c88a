"""`/vaktplan/hvem/stedfortredere/`: who answers for each function, and where nobody does."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from varde.apps.records.models import User
from varde.apps.sentral import messages
from varde.apps.staffing.access import EVERYBODY, OVERSEERS
from varde.apps.staffing.messages.on_duty import HOURS, rank_words
from varde.apps.staffing.queries import on_duty
from varde.apps.staffing.queries import standins as queries
from varde.apps.staffing.services import standins as services
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.apps.station.services import typed
from varde.domain.errors import RuleBroken


FIELDS = ("act", "of", "person", "rank", "hours", "first_on", "last_on", "phone", "row")


@require_http_methods(["GET", "POST"])
@at_workplace(*EVERYBODY)
def standins(request):
    """The functions with holder and deputies, the gaps ahead, and the share covered."""
    if request.method == "GET":
        return _page(request)
    if not may(request, *OVERSEERS):
        raise Http404
    sent = {name: request.POST.get(name, "") for name in FIELDS}
    try:
        if sent["act"] == "name":
            _name(request, sent)
        else:
            _end(request, sent)
    except RuleBroken as error:
        return _page(request, problem=messages.explain(error), sent=sent)
    notes.success(request, _("Lagret."))
    return redirect("staffing:standins")


def _name(request, sent):
    now = timezone.now()
    of = _function(request, sent["of"], now=now)
    known = queries.candidates(request.workplace, on=timezone.localdate(now))
    person = _person(sent["person"], known)
    services.name_standin(
        of=of,
        person=person,
        rank=sent["rank"],
        hours=sent["hours"],
        first_on=sent["first_on"],
        last_on=sent["last_on"],
        phone=sent["phone"],
        at_place=request.workplace,
        by=request.user,
        at=now,
    )


def _end(request, sent):
    now = timezone.now()
    row = queries.row_of(request.workplace, _number(sent["row"]), now=now)
    if row is None:
        raise Http404
    services.end_standin(
        row_id=row.pk,
        last_on=sent["last_on"],
        at_place=request.workplace,
        by=request.user,
        at=now,
        today=timezone.localdate(now),
    )


def _function(request, key, *, now):
    functions = on_duty.functions_of(request.workplace, now=now)
    found = next((one for one in functions if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _person(text, known):
    pk = _number(text)
    if pk not in known:
        raise Http404
    return User.objects.get(pk=pk)


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 16
    return int(text) if is_number else 0


def _page(request, *, problem="", sent=None):
    now = timezone.now()
    today = timezone.localdate(now)
    last, fault = queries.usual_last(today), ""
    try:
        asked = typed.day("last_on", request.GET.get("til", ""))
    except RuleBroken as error:
        asked, fault = None, messages.explain(error)
    if asked is not None and today < asked <= queries.farthest(today):
        last = asked
    elif asked is not None:
        fault = _("Velg en dag fra i morgen og opptil to år fram.")
    may_decide = may(request, *OVERSEERS)
    known = queries.candidates(request.workplace, on=today) if may_decide else {}
    functions = queries.functions(request.workplace, now=now, last=last)
    with_gaps = [one for one in functions if one.gaps]
    only_gaps = request.GET.get("vis") == "hull"
    return show(
        request,
        "staffing/on_duty/standins.html",
        functions=with_gaps if only_gaps else functions,
        count=len(functions),
        gap_count=len(with_gaps),
        only_gaps=only_gaps,
        first=today,
        last=last,
        may_decide=may_decide,
        people=sorted(known.items(), key=lambda one: one[1]),
        hours=[(code.value, word) for code, word in HOURS.items()],
        ranks=[(n, rank_words(n)) for n in range(services.LAST_RANK + 1)],
        problem=problem or fault,
        sent=sent or {},
    )
