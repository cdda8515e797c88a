"""The rota as a spreadsheet: `/vaktplan/<rota>/ark/`. Out as a file, and in again."""

from django.contrib import messages as notes
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from varde.apps.records.models import Duty, Rota
from varde.apps.sentral import messages
from varde.apps.sentral.messages import POST
from varde.apps.staffing import sheets
from varde.apps.staffing.access import EVERYBODY, PLANNERS
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.messages.people_import import all_faults
from varde.apps.staffing.queries.rota import lists
from varde.apps.staffing.rota_access import rota_for
from varde.apps.staffing.services import duties_import
from varde.apps.staffing.services.rota.making import valid_patterns
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.people_import import pasted_rows
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import BadInput, RuleBroken
from varde.engines.duty_rows import NEEDED, OPTIONAL, Act
from varde.engines.sheet_rows import RowsRefused


MOST_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ACT = {
    Act.FILL: words.ACT_FILL,
    Act.CHANGE: words.ACT_CHANGE,
    Act.EMPTY: words.ACT_EMPTY,
    Act.ADD: words.ACT_ADD,
}


@require_http_methods(["GET", "POST"])
@at_workplace(*PLANNERS)
def sheet(request, rota_id):
    """Take a sheet into a draft: POST shows what it does, and then takes it."""
    row = rota_for(request, rota_id)
    if request.method == "GET":
        return _page(request, row)
    try:
        rows = pasted_rows(request)
        if request.POST.get("act") != "take":
            return _preview(request, row, rows)
        done = duties_import.import_duties(
            rows,
            rota_id=row.pk,
            seen=_number(request.POST.get("seen", "")),
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except BadInput:
        said = _(
            "Fila kan ikke leses. Lagre den som XLSX eller CSV (UTF-8), opptil 2 MB."
        )
        return _page(request, row, faults=[said])
    except RowsRefused as error:
        return _page(request, row, faults=all_faults(error))
    except RuleBroken as error:
        row.refresh_from_db()
        return _page(request, row, faults=[messages.explain(error)])
    text = _("Lest inn. %(n)s vakter er endret.")
    notes.success(request, text % {"n": done.new})
    return redirect("staffing:rota", rota_id=row.pk)


@require_GET
@at_workplace(*EVERYBODY)
def xlsx(request, rota_id):
    """The rota as a workbook."""
    row = rota_for(request, rota_id)
    rows = duties_import.sheet_of(row, workplace=request.workplace)
    return _file(row, "xlsx", sheets.as_xlsx(rows, title=_("Vaktplan")), kind=XLSX)


@require_GET
@at_workplace(*EVERYBODY)
def csv(request, rota_id):
    """The rota as CSV."""
    row = rota_for(request, rota_id)
    rows = duties_import.sheet_of(row, workplace=request.workplace)
    kind = "text/csv; charset=utf-8"
    return _file(row, "csv", sheets.as_csv(rows), kind=kind)


def _file(row, ending, content, *, kind):
    response = HttpResponse(content, content_type=kind)
    name = f"vaktplan-{row.starts_on}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _preview(request, row, rows):
    tried = duties_import.try_duties(
        row.pk, rows, workplace=request.workplace, at=timezone.now()
    )
    row.refresh_from_db()
    changed = [step for step in tried.steps if step.act is not Act.NOTHING]
    hard = [_breach(one, tried) for one in tried.came if one.is_hard]
    warnings = [_breach(one, tried) for one in tried.came if not one.is_hard]
    return _page(
        request,
        row,
        tried=tried,
        kept_rows=sheets.as_pasted(rows),
        steps=[_step(step, tried) for step in changed[:MOST_SHOWN]],
        more=max(0, len(changed) - MOST_SHOWN),
        hard=list(dict.fromkeys(hard)),
        warnings=list(dict.fromkeys(warnings)),
    )


def _step(step, tried):
    span = step.row.span
    names = tried.names
    before = step.place.person if step.place is not None else ""
    return {
        "when": words.when(span.starts_at, span.ends_at),
        "post": POST[Duty.Post(step.row.post)],
        "act": ACT[step.act],
        "before": names.get(before, words.VACANT) if step.place is not None else "–",
        "after": names.get(step.row.person, words.VACANT),
    }


def _breach(breach, tried):
    """A breach with the first of its duties that is in the rota."""
    place = next(
        (tried.places[slot] for slot in breach.slots if slot in tried.places), None
    )
    said = words.breach_words(breach, names=tried.names)
    return f"{capfirst(lists.duty_of(place))}: {said}" if place is not None else said


def _page(request, row, faults=(), **context):
    is_draft = row.state == Rota.State.DRAFT
    shifts = (
        valid_patterns(request.workplace, first=row.starts_on, last=row.ends_on)
        if is_draft
        else ()
    )
    return show(
        request,
        "staffing/rota/sheet.html",
        rota=row,
        title=lists.title(row),
        is_draft=is_draft,
        faults=faults,
        pasted=request.POST.get("pasted", ""),
        needed=NEEDED,
        optional=OPTIONAL,
        posts=list(dict.fromkeys(POST[Duty.Post(one.post)] for one in shifts))
        or list(POST.values()),
        shifts=list(dict.fromkeys(one.name for one in shifts)),
        **context,
    )


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    return int(text) if is_number else 0
