"""People from a spreadsheet: `/folk/import/`, a file or pasted."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from varde.apps.staffing import access, sheets
from varde.apps.staffing.competence_rules import rulebook
from varde.apps.staffing.messages.people import CATEGORY
from varde.apps.staffing.messages.people_import import all_faults
from varde.apps.staffing.people_access import people_at
from varde.apps.staffing.services.people_import import import_people
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import BadInput
from varde.engines.people_rows import NEEDED, OPTIONAL, RowsRefused


@require_http_methods(["GET", "POST"])
@at_workplace(*access.PLANNERS)
def people_import(request):
    """All of the sheet or nothing. POST with a file, or with what was pasted."""
    if request.method == "GET":
        return _page(request)
    now = timezone.now()
    try:
        rows = _rows(request)
        done = import_people(
            rows,
            at_place=request.workplace,
            by=request.user,
            at=now,
            allowed=people_at(request.workplace, on=timezone.localdate(now)),
        )
    except BadInput:
        said = _(
            "Fila kan ikke leses. Lagre den som XLSX eller CSV (UTF-8), opptil 2 MB."
        )
        return _page(request, faults=[said])
    except RowsRefused as error:
        return _page(request, faults=all_faults(error))
    text = _(
        "%(rows)s rader lest: %(people)s nye personer, %(positions)s nye stillinger, "
        "%(documents)s nye dokumenter."
    )
    notes.success(
        request,
        text
        % {
            "rows": done.rows,
            "people": done.people,
            "positions": done.positions,
            "documents": done.documents,
        },
    )
    return redirect("staffing:people")


def _rows(request):
    sent = request.FILES.get("file")
    if sent is not None:
        content = sent.read(sheets.LARGEST_SHEET + 1)
        return sheets.rows_of_file(content, file="arket")
    return sheets.rows_of_text(request.POST.get("pasted", ""))


def _page(request, faults=()):
    return show(
        request,
        "staffing/people/import.html",
        faults=faults,
        pasted=request.POST.get("pasted", ""),
        needed=NEEDED,
        optional=OPTIONAL,
        categories=CATEGORY.values(),
        kinds=rulebook().documents.values(),
    )
