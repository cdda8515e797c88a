"""The doctor behind: questions to answer, and advice to approve. Works on a phone."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Approval, DoctorQuestion, Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries import doctor as queries
from varde.apps.sentral.services import doctor
from varde.apps.sentral.views.side_page import show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken


@require_GET
@at_sentral(Role.DOCTOR)
def doctor_page(request):
    """What waits for a doctor at this sentral."""
    return _page(request)


@require_POST
@at_sentral(Role.DOCTOR)
def answer_question(request, question_id):
    """Answer a question; the operator sees it at once."""
    _own(request, DoctorQuestion, question_id)
    return _act(
        request,
        lambda: doctor.answer(
            question_id=question_id,
            text=request.POST.get("answer", ""),
            by=request.user,
            at=timezone.now(),
        ),
    )


@require_POST
@at_sentral(Role.DOCTOR)
def decide_approval(request, approval_id):
    """Approve a contact that ended in advice, or send it back with a comment."""
    _own(request, Approval, approval_id)
    told = {"approval_id": approval_id, "by": request.user, "at": timezone.now()}
    if request.POST.get("act") == "approve":
        return _act(request, lambda: doctor.approve(**told))
    comment = request.POST.get("comment", "").strip()
    return _act(request, lambda: doctor.send_back(comment=comment, **told))


def _act(request, act):
    try:
        act()
    except RuleBroken as error:
        return _page(request, problem=messages.explain(error))
    return redirect("sentral:doctor")


def _page(request, **extra):
    questions = queries.open_questions(request.sentral.pk)
    mine = [q for q in questions if q.asked_to_id in {None, request.user.pk}]
    return show(
        request,
        "sentral/doctor/doctor.html",
        questions=mine,
        others=len(questions) - len(mine),
        approvals=queries.waiting_approvals(request.sentral.pk),
        **extra,
    )


def _own(request, model, row_id):
    """The row is of this sentral, or it is not there."""
    if not model.objects.filter(pk=row_id, contact__sentral=request.sentral).exists():
        raise Http404
