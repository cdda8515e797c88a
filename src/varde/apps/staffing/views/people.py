"""People: `/folk/`, the list of a workplace and the page of one person."""

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from varde.apps.records import audit
from varde.apps.records.models import (
    AuditEntry,
    Municipality,
)
from varde.apps.sentral import messages
from varde.apps.sentral.messages import ABSENCE
from varde.apps.staffing import access, people_access
from varde.apps.staffing.competence_rules import rulebook
from varde.apps.staffing.messages import people as words
from varde.apps.staffing.queries import people as queries
from varde.apps.staffing.queries.own_periods import own_lines
from varde.apps.staffing.queries.person import person_page
from varde.apps.staffing.services import documents
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.person_acts import COMPETENCE_ACTS, OWN_ACTS, acts_on
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import Rule, RuleBroken


EXTENSIONS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@require_GET
@at_workplace(*people_access.SEE_THE_LIST)
def people_list(request):
    """Everybody here: positions, competence, what ends and who is away."""
    found = queries.people_list(
        request.workplace,
        on=timezone.localdate(),
        with_ground=may(request, *access.PLANNERS),
    )
    asked = request.GET.get("vis", "")
    within = {str(days): days for days in queries.HORIZONS}
    lines = found.lines
    if asked == "mangler":
        lines = [line for line in lines if line.gaps]
    elif asked == "smaa":
        lines = [line for line in lines if line.is_small]
    elif asked in within:
        lines = [
            line
            for line in lines
            if any(one.days <= within[asked] for one in line.ending)
        ]
    return show(
        request,
        "staffing/people/people.html",
        found=found,
        lines=lines,
        shown=asked,
        horizons=[(days, found.ending_within(days)) for days in queries.HORIZONS],
        lacking=sum(bool(line.gaps) for line in found.lines),
    )


@require_http_methods(["GET", "POST"])
@at_workplace(*access.EVERYBODY)
def me(request):
    """One's own page."""
    return _one(request, request.user.pk)


@require_http_methods(["GET", "POST"])
@at_workplace(*access.EVERYBODY)
def person(request, user_id):
    """One person. POST writes one thing; oneself gives one's own practice times."""
    return _one(request, user_id)


def _one(request, user_id):
    opened = people_access.person_for(request, user_id)
    if request.method == "GET":
        return _person(request, opened)
    act = request.POST.get("act", "")
    acts = acts_on(request, opened)
    if act not in acts or not (opened.may_write or act in OWN_ACTS):
        raise Http404
    try:
        if opened.is_oneself and act in COMPETENCE_ACTS:
            raise RuleBroken(Rule.COMPETENCE_OF_OWN)
        acts[act]()
    except RuleBroken as error:
        return _person(request, opened, problem=messages.explain(error))
    notes.success(request, _("Lagret."))
    return redirect("staffing:person", user_id=user_id)


@require_GET
@at_workplace(*access.EVERYBODY)
def certificate(request, document_id):
    """The file of a document, to save; never shown in the page's own frame."""
    row = people_access.certificate_for(request, document_id)
    audit.log(
        kind=AuditEntry.Kind.READ,
        what="certificate",
        by=request.user,
        table="records_certificate",
        row_id=row.pk,
        purpose="",
        data={"person": row.document.person_id},
    )
    answer = HttpResponse(bytes(row.content), content_type=row.content_type)
    name = f"kursbevis-{document_id}.{EXTENSIONS[row.content_type]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
@at_workplace(*access.EVERYBODY)
def rules(request):
    """The rules in use, each demand with its source."""
    return show(
        request,
        "staffing/people/rules.html",
        book=rulebook(),
        rules=[
            {
                "rule": rule,
                "role": words.ON_DUTY_AS[rule.role.value],
                "demands": list(rule.every_demand()),
            }
            for rule in rulebook().rules
        ],
    )


def _person(request, opened, problem=""):
    today = timezone.localdate()
    book = rulebook()
    page = person_page(
        opened.user,
        at=request.workplace,
        on=today,
        is_oneself=opened.is_oneself,
    )
    return show(
        request,
        "staffing/people/person.html",
        problem=problem,
        person=opened.user,
        page=page,
        own_periods=own_lines(opened.user, at=request.workplace, on=today),
        own_weekdays=[
            (number, word, str(number) in request.POST.getlist("weekdays"))
            for number, word in enumerate(words.WEEKDAY)
        ],
        is_oneself=opened.is_oneself,
        may_write=opened.may_write,
        may_list=may(request, *people_access.SEE_THE_LIST),
        typed=request.POST,
        today=today,
        categories=words.CATEGORY.items(),
        laws=words.LAW.items(),
        works=words.WORK.items(),
        weekdays=list(enumerate(words.WEEKDAY)),
        grounds=ABSENCE.items(),
        municipalities=Municipality.objects.order_by("name")
        if opened.may_write
        else (),
        kinds=book.documents.values(),
        experience_kinds=[*book.services.values(), *book.counts.values()],
        demands=documents.dispensable().items(),
        modes=words.MODE.items(),
        book=book,
    )
