"""The doctor behind: questions to answer, and advice to approve. Works on a phone.

The lists show what is needed to choose. The record behind one is opened by a click, which
is logged; it is open because the question or the approval waits, also when the contact was
closed days ago.
"""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records import audit
from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries import approvals as queries
from varde.apps.sentral.queries import board, review_case
from varde.apps.sentral.services import doctor, duty
from varde.apps.sentral.views.side_page import show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import Rule, RuleBroken


@require_GET
@at_sentral(Role.DOCTOR)
def doctor_page(request):
    """What waits for a doctor at this sentral."""
    return _page(request)


@require_GET
@at_sentral(Role.DOCTOR)
def question(request, question_id):
    """One question with the record behind it. To open it is logged."""
    return _question(request, queries.question_for(request.sentral, question_id))


@require_POST
@at_sentral(Role.DOCTOR)
def answer_question(request, question_id):
    """Answer a question; the operator sees it at once. A refusal keeps what was typed."""
    queries.require_question(request.sentral, question_id)
    text = request.POST.get("answer", "")
    try:
        doctor.answer(
            question_id=question_id, text=text, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _page(
            request,
            problem=messages.explain(error),
            typed_for=question_id,
            typed=text,
            is_gone=error.rule is Rule.QUESTION_IS_ANSWERED,
        )
    notes.success(request, _("Svaret er sendt til operatøren."))
    return redirect("sentral:doctor")


@require_GET
@at_sentral(Role.DOCTOR)
def approval(request, approval_id):
    """One contact that ended in advice, with its record. To open it is logged."""
    waiting = queries.approval_for(request.sentral, approval_id)
    if waiting is None:
        return _decided(request)
    return _approval(request, waiting)


@require_POST
@at_sentral(Role.DOCTOR)
def decide_approval(request, approval_id):
    """Approve, or send back with a comment; then the next one at once."""
    waiting = queries.approval_for(request.sentral, approval_id)
    if waiting is None:
        return _decided(request)
    is_approved = request.POST.get("act") == "approve"
    told = {"approval_id": approval_id, "by": request.user, "at": timezone.now()}
    try:
        if is_approved:
            doctor.approve(**told)
        else:
            doctor.send_back(comment=request.POST.get("comment", ""), **told)
    except RuleBroken as error:
        if error.rule is Rule.APPROVAL_IS_DECIDED:
            return _decided(request)
        return _approval(request, waiting, problem=messages.explain(error))
    notes.success(request, _("Godkjent.") if is_approved else _("Sendt tilbake."))
    following = queries.next_after(request.sentral, waiting)
    if following is None:
        return redirect("sentral:doctor")
    return redirect("sentral:approval", approval_id=following)


@require_POST
@at_sentral(Role.DOCTOR)
def say_reachable(request, duty_id):
    """A doctor on duty says whether she can be reached."""
    own = [row for row in _own_duties(request) if row.id == duty_id]
    if not own:
        raise Http404
    duty.set_reachable(
        duty_id=duty_id,
        sentral=request.sentral,
        is_reachable=request.POST.get("reachable") == "yes",
        by=request.user,
        at=timezone.now(),
    )
    return redirect("sentral:doctor")


def _page(request, **extra):
    return show(
        request,
        "sentral/doctor/doctor.html",
        questions=queries.questions(request.sentral),
        approvals=queries.approvals(request.sentral),
        waiting=queries.waiting_count(request.sentral),
        duties=_own_duties(request),
        **extra,
    )


def _question(request, waiting):
    _log_opened(request, waiting.contact, what="doctor_question")
    return show(
        request,
        "sentral/doctor/question.html",
        item=queries.asked(waiting),
        **_record(waiting.contact),
    )


def _approval(request, waiting, **extra):
    _log_opened(request, waiting.contact, what="approval")
    return show(
        request,
        "sentral/doctor/approval.html",
        approval=waiting,
        following=queries.next_after(request.sentral, waiting),
        waiting=queries.waiting_count(request.sentral),
        **_record(waiting.contact),
        **extra,
    )


def _decided(request):
    return _page(
        request, problem=messages.explain(RuleBroken(Rule.APPROVAL_IS_DECIDED))
    )


def _record(contact):
    return {
        "contact": contact,
        "patient": contact.patient,
        "case": review_case.case(contact, now=timezone.now()),
    }


def _log_opened(request, contact, *, what):
    audit.log_read(
        what=what,
        by=request.user,
        district_id=contact.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
    )


def _own_duties(request):
    on_duty = board.on_duty(request.sentral, now=timezone.now())
    return [row for row in on_duty if row.user_id == request.user.pk]
