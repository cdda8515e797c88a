"""Review of contacts: `/sentral/gjennomgang/`."""

from datetime import timedelta

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Role
from varde.apps.sentral import choices, messages
from varde.apps.sentral.queries import review as queries
from varde.apps.sentral.queries import review_case
from varde.apps.sentral.queries.review import Shelf
from varde.apps.sentral.services import review as services
from varde.apps.sentral.views.side_page import may, page_of, show
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


REVIEWERS = (Role.LEGEVAKTOVERLEGE, Role.DOCTOR, Role.SHIFT_LEADER)
DRAWERS = (Role.LEGEVAKTOVERLEGE,)
FIELD = "q-"  # before a question's id in the form


@require_GET
@at_sentral(*REVIEWERS)
def overview(request):
    """The lists, and how well the reviewers agree."""
    return _overview(request)


@require_POST
@at_sentral(*DRAWERS)
def draw(request):
    """Draw the contacts of a period. Drawn again, it adds only what is new."""
    first, last = (_day(request, name) for name in ("fra", "til"))
    if first is None or last is None:
        return _overview(request, problem=_("Velg første og siste dag."))
    try:
        drawn = services.draw(
            sentral=request.sentral,
            first=first,
            until=last + timedelta(days=1),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _overview(request, problem=messages.explain(error))
    notes.success(request, _told(drawn))
    return redirect("sentral:reviews")


@require_GET
@at_sentral(*REVIEWERS)
def review(request, review_id):
    """One contact to judge. To open it is logged."""
    return _review(request, queries.review_for(request.sentral, review_id))


@require_POST
@at_sentral(*REVIEWERS)
def score(request, review_id):
    """Give one's answers."""
    wanted = queries.review_for(request.sentral, review_id)
    answers = {
        name.removeprefix(FIELD): value
        for name, value in request.POST.items()
        if name.startswith(FIELD)
    }
    comment = request.POST.get("comment", "")
    try:
        services.score(
            review_id=wanted.pk,
            answers=answers,
            comment=comment,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _review(
            request,
            wanted,
            problem=messages.explain(error),
            given=answers,
            comment=comment,
        )
    return redirect("sentral:review", review_id=wanted.pk)


@require_POST
@at_sentral(*REVIEWERS)
def feedback(request, review_id):
    """Tell the operator."""
    wanted = queries.review_for(request.sentral, review_id)
    text = request.POST.get("text", "")
    try:
        services.give_feedback(
            review_id=wanted.pk, text=text, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _review(
            request, wanted, problem=messages.explain(error), feedback_text=text
        )
    notes.success(request, _("Tilbakemeldingen er gitt til operatøren."))
    return redirect("sentral:reviews")


@require_GET
@at_sentral(*AT_THE_DESK)
def mine(request):
    """What one is told about one's own contacts."""

    def fetch(*, first, most):
        return queries.feedback_to(
            request.user, request.sentral, first=first, most=most
        )

    return show(
        request,
        "sentral/review/mine.html",
        page=page_of(request, fetch),
    )


@require_POST
@at_sentral(*AT_THE_DESK)
def read(request, review_id):
    """The feedback is read."""
    told = queries.feedback_for(request.user, request.sentral, review_id)
    services.mark_read(review_id=told.pk, by=request.user, at=timezone.now())
    return redirect("sentral:my_reviews")


def _overview(request, **extra):
    asked = request.GET.get("liste", Shelf.TO_SCORE)
    which = Shelf(asked) if asked in list(Shelf) else Shelf.TO_SCORE
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())

    def fetch(*, first, most):
        return queries.shelf(
            request.sentral, which, user=request.user, first=first, most=most
        )

    return show(
        request,
        "sentral/review/overview.html",
        **{
            "which": which,
            "counts": queries.counts(request.sentral, user=request.user),
            "page": page_of(request, fetch),
            "agreement": queries.agreement(request.sentral, now=timezone.now()),
            "may_draw": may(request, *DRAWERS),
            "first": monday - timedelta(days=7),
            "last": monday - timedelta(days=1),
            "most_days": services.MOST_DAYS,
        }
        | extra,
    )


def _review(request, wanted, **extra):
    if queries.is_own_work(wanted, request.user):
        return show(request, "sentral/review/own.html", review=wanted)
    contact = wanted.contact
    audit.log_read(
        what="review",
        by=request.user,
        district_id=contact.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
        purpose=AuditEntry.Purpose.COC,
    )
    found = queries.outcome_for(wanted, request.user)
    scores = wanted.scores.count()
    is_whole = scores >= queries.REVIEWERS_NEEDED
    given = extra.pop("given", {})
    asked = [(q, given.get(q.id, "")) for q in queries.questions().questions]
    return show(
        request,
        "sentral/review/review.html",
        **{
            "review": wanted,
            "why": choices.REVIEW_WHY[wanted.why],
            "case": review_case.case(contact, now=timezone.now()),
            "found": found,
            "is_whole": is_whole,
            "asked": asked if found is None and not is_whole else None,
            "field": FIELD,
        }
        | extra,
    )


def _told(drawn):
    words = ngettext(
        "%(new)s kontakt er lagt på lista, av %(all)s i perioden.",
        "%(new)s kontakter er lagt på lista, av %(all)s i perioden.",
        drawn.new,
    )
    return words % {"new": drawn.new, "all": drawn.contacts}


def _day(request, name):
    try:
        return parse_date(request.POST.get(name, ""))
    except ValueError:
        return None
