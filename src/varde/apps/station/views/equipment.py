"""Equipment: `/stasjon/utstyr/`, the checklists, the checks and what lacks."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.station.access import LEADERS
from varde.apps.station.messages.equipment import LIST_KIND
from varde.apps.station.queries import equipment as queries
from varde.apps.station.services import checklists
from varde.apps.station.services import equipment as services
from varde.apps.station.services.equipment import Answer
from varde.apps.station.views.page import may, show
from varde.apps.station.views.working_at import at_station
from varde.apps.station.work_access import AT_WORK, checklist_for, lack_for
from varde.domain.errors import RuleBroken


@require_GET
@at_station(*AT_WORK)
def equipment(request):
    """What is due, what lacks and what expires."""
    return _overview(request)


@require_POST
@at_station(*LEADERS)
def place(request):
    """Put a list at the station: one that ships with Varde, or one's own."""
    starter = next(
        (s for s in queries.starters() if s.id == request.POST.get("starter")), None
    )
    name = request.POST.get("name", "")
    common = {"place": request.station, "by": request.user, "at": timezone.now()}
    try:
        if starter is not None:
            made = checklists.place_starter(starter=starter, name=name, **common)
        else:
            made = checklists.place_own(
                name=name,
                kind=request.POST.get("kind", ""),
                source=request.POST.get("source", ""),
                every_days=request.POST.get("every_days", ""),
                **common,
            )
    except RuleBroken as error:
        return _overview(request, problem=messages.explain(error))
    return redirect("station:checklist", checklist_id=made.pk)


@require_GET
@at_station(*AT_WORK)
def checklist(request, checklist_id):
    """What is on the list, who has checked it, and what may be changed."""
    return _checklist(request, checklist_for(request, checklist_id))


@require_http_methods(["GET", "POST"])
@at_station(*AT_WORK)
def check(request, checklist_id):
    """Go through the list, item by item or all at once."""
    row = checklist_for(request, checklist_id)
    if request.method == "GET":
        return _check(request, row)
    try:
        services.check(
            checklist_id=row.pk,
            shown=[int(pk) for pk in request.POST.getlist("item") if pk.isdecimal()],
            answers=_answers(request.POST),
            is_all_fine=request.POST.get("all") == "fine",
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _check(request, row, problem=messages.explain(error))
    notes.success(request, _("%(name)s er kontrollert.") % {"name": row.name})
    return redirect("station:equipment")


@require_POST
@at_station(*LEADERS)
def change(request, checklist_id):
    """Change the list, its interval, approve it, or take it away."""
    row = checklist_for(request, checklist_id, *LEADERS)
    posted = request.POST
    item_id = _own_item(row, posted.get("item", ""))
    has_expiry = posted.get("has_expiry") == "yes"
    act = posted.get("act", "")
    common = {"by": request.user, "at": timezone.now()}
    if act == "approve" and not may(request, Role.LEGEVAKTOVERLEGE):
        raise Http404
    acts = {
        "add": lambda: checklists.add_item(
            checklist_id=row.pk,
            name=posted.get("name", ""),
            quantity=posted.get("quantity", ""),
            has_expiry=has_expiry,
            **common,
        ),
        "change": lambda: checklists.change_item(
            item_id=item_id,
            quantity=posted.get("quantity", ""),
            has_expiry=has_expiry,
            **common,
        ),
        "remove_item": lambda: checklists.remove_item(item_id=item_id, **common),
        "interval": lambda: checklists.set_interval(
            checklist_id=row.pk,
            every_days=posted.get("every_days", ""),
            valid_from=posted.get("valid_from", ""),
            **common,
        ),
        "approve": lambda: checklists.approve(checklist_id=row.pk, **common),
        "remove": lambda: checklists.remove(checklist_id=row.pk, **common),
    }
    needs_item = act in {"change", "remove_item"}
    if act not in acts or (needs_item and item_id is None):
        raise Http404
    try:
        acts[act]()
    except RuleBroken as error:
        return _checklist(request, row, problem=messages.explain(error))
    if act == "remove":
        return redirect("station:equipment")
    return redirect("station:checklist", checklist_id=row.pk)


@require_POST
@at_station(*AT_WORK)
def lack(request, lack_id):
    """Ordered, or there."""
    row = lack_for(request, lack_id)
    common = {"lack_id": row.pk, "by": request.user, "at": timezone.now()}
    try:
        if request.POST.get("act") == "arrived":
            services.arrived(**common)
        else:
            services.order(ordered_from=request.POST.get("ordered_from", ""), **common)
    except RuleBroken as error:
        return _overview(request, problem=messages.explain(error), typed_for=row.pk)
    return redirect("station:equipment")


def _overview(request, problem="", typed_for=None):
    now = timezone.now()
    things = queries.expiries(request.station, now=now)
    return show(
        request,
        "station/equipment/equipment.html",
        problem=problem,
        typed=request.POST,
        typed_for=typed_for,
        lists=queries.checklists(request.station, now=now),
        lacks=queries.lacks(request.station),
        expiries=[one for one in things if one.left is not None],
        undated=[one for one in things if one.left is None],
        overdue=queries.overdue(request.station, now=now),
        starters=queries.starters(),
        kinds=LIST_KIND.items(),
        may_change=may(request, *LEADERS),
    )


def _checklist(request, row, problem=""):
    now = timezone.now()
    return show(
        request,
        "station/equipment/checklist.html",
        problem=problem,
        typed=request.POST,
        row=row,
        listed=queries.one_list(row, now=now),
        items=queries.items_of(row),
        intervals=queries.intervals_of(row),
        checks=queries.checks_of(row),
        may_change=may(request, *LEADERS),
        may_approve=may(request, Role.LEGEVAKTOVERLEGE),
    )


def _check(request, row, problem=""):
    """The form; after a refusal with what was typed."""
    posted = request.POST
    lines = [
        {
            "item": item,
            "typed": posted.get(f"i-{item.pk}", ""),
            "number": posted.get(f"n-{item.pk}", ""),
            "expires": posted.get(
                f"e-{item.pk}", item.expires_on.isoformat() if item.expires_on else ""
            ),
        }
        for item in queries.items_of(row)
    ]
    return show(
        request,
        "station/equipment/check.html",
        problem=problem,
        row=row,
        listed=queries.one_list(row, now=timezone.now()),
        lines=lines,
    )


def _answers(posted):
    found = {}
    for pk in posted.getlist("item"):
        if pk.isdecimal():
            said = posted.get(f"i-{pk}", "")
            found[int(pk)] = Answer(
                is_fine={"fine": True, "lack": False}.get(said),
                number=posted.get(f"n-{pk}", ""),
                expires=posted.get(f"e-{pk}"),
            )
    return found


def _own_item(row, text):
    """The id of an item of this list; None for anything else."""
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    if not is_number:
        return None
    return row.items.filter(pk=text).values_list("pk", flat=True).first()
