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
from varde.engines.people_rows import NEEDED, OPTIONAL
from varde.engines.sheet_rows import RowsRefused


@require_http_methods(["GET", "POST"])
@at_workplace(*access.PLANNERS)
def people_import(request):
    """All of the sheet or nothing. POST with a file, or with what was pasted."""
    if request.method == "GET":
        return _page(request)
    now = timezone.now()
    try:
        rows = pasted_rows(request)
        done = import_people(
            rows,
            at_place=request.workplace,
            by=request.user,
            at=now,
            allowed=people_at(request.workplace, on=timezone.localdate(now)),
        )
    except BadInput as error:
        return _page(request, faults=[_unreadable(request, error)])
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


def pasted_rows(request):
    """The rows that were sent: a file, or what was pasted. Raises `BadInput`."""
    sent = request.FILES.get("file")
    if sent is not None:
        content = sent.read(sheets.LARGEST_SHEET + 1)
        return sheets.rows_of_file(content, file="arket")
    return sheets.rows_of_text(request.POST.get("pasted", ""))


def _unreadable(request, error):
    if "file" not in request.FILES:
        text = _("Linje %(n)s: et anførselstegn er åpnet og ikke lukket. Fjern det.")
        return text % {"n": error.line}
    return _("Fila kan ikke leses. Lagre den som XLSX eller CSV (UTF-8), opptil 2 MB.")


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
