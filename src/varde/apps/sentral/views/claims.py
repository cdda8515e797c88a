"""The refund claim: `/sentral/refusjon/`."""

from collections import Counter
from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral.queries import claims as queries
from varde.apps.sentral.queries.answer_time import midnight
from varde.apps.sentral.queries.claims import LeftOut
from varde.apps.sentral.services import claims as services
from varde.apps.sentral.views.side_page import may, page_of, show
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral


# The file holds national numbers and diagnoses: not for those without patients.
RESPONSIBLE = (Role.LEGEVAKTOVERLEGE,)
LONGEST = 366  # days in one claim
FIRST_YEAR = 2000
LEFT_OUT_SHOWN = 200
LACKS = {
    LeftOut.NOT_CLOSED: gettext_lazy("Kontakten er ikke lukket."),
    LeftOut.NO_DIAGNOSIS: gettext_lazy("Årsaken er ikke kodet."),
    LeftOut.NO_NATIONAL_ID: gettext_lazy("Pasienten har ikke fødselsnummer."),
    LeftOut.NO_HPR_NUMBER: gettext_lazy("Den som behandlet, har ikke HPR-nummer."),
}


@require_GET
@at_sentral(*RESPONSIBLE)
def claims(request):
    """What can be claimed for in a period, and what is lacking in the rest."""
    return _page(request, request.GET)


@require_POST
@at_sentral(*RESPONSIBLE)
def claim_file(request):
    """The claim as a file. That it was taken out, by whom and for which days, is logged."""
    first, last, problem = _period(request.POST)
    if problem:
        return _page(request, request.POST)
    found = services.export(
        sentral=request.sentral,
        start=midnight(first),
        end=midnight(last + timedelta(days=1)),
        by=request.user,
        at=timezone.now(),
    )
    name = f"refusjon_{request.sentral.code}_{first}_{last}.csv"
    return HttpResponse(
        "".join(queries.as_csv(found)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page(request, typed):
    first, last, problem = _period(typed)
    found = queries.claim_rows(
        request.sentral, start=midnight(first), end=midnight(last + timedelta(days=1))
    )

    def fetch(*, first, most):
        return found.rows[first : first + most]

    reasons = Counter(reason for _contact, reason in found.left_out)
    return show(
        request,
        "sentral/claims/claims.html",
        first=first,
        last=last,
        problem=problem,
        lines=len(found.rows),
        contacts=len({row.contact_id for row in found.rows}),
        page=page_of(request, fetch),
        reasons=[(LACKS[reason], count) for reason, count in reasons.most_common()],
        left_out=[
            (contact_id, LACKS[reason])
            for contact_id, reason in found.left_out[:LEFT_OUT_SHOWN]
        ],
        left_out_count=len(found.left_out),
        more=max(0, len(found.left_out) - LEFT_OUT_SHOWN),
        may_open=may(request, *AT_THE_DESK),
    )


def _period(typed):
    """First and last day asked for, and a problem; last month where none can be used."""
    this_month = timezone.localdate().replace(day=1)
    last = this_month - timedelta(days=1)
    usual = (last.replace(day=1), last)
    if "fra" not in typed and "til" not in typed:
        return *usual, ""
    asked = [_day(typed.get(name, "")) for name in ("fra", "til")]
    if None in asked:
        return *usual, _("Datoen er ikke en dato. Her er forrige måned.")
    if asked[1] < asked[0]:
        return *usual, _("Perioden slutter før den begynner. Her er forrige måned.")
    if (asked[1] - asked[0]).days >= LONGEST:
        return *usual, _("Perioden er lengre enn et år. Her er forrige måned.")
    return *asked, ""


def _day(text):
    try:
        found = parse_date(text)
    except ValueError:
        return None
    in_range = found is not None and date(FIRST_YEAR, 1, 1) <= found < date(2100, 1, 1)
    return found if in_range else None
