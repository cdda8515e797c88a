"""How urgent it is: the index, the judgement, vital signs, and 113."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from varde.apps.sentral import access, choices, messages
from varde.apps.sentral.queries import pane, triage_index
from varde.apps.sentral.queries.pane import Section
from varde.apps.sentral.services import amk, contacts, triage
from varde.apps.sentral.views.incoming import typed
from varde.apps.sentral.views.pane import contact_act
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


@require_POST
@at_sentral(*AT_THE_DESK)
def complaint_search(request, contact_id):
    """Complaints of the index in use, by plain words."""
    contact = access.contact_for(request, contact_id)
    q = typed(request)
    context = {"contact": contact, "q": q, "hits": triage_index.search(contact, q)}
    return render(request, "sentral/desk/complaint_hits.html", context)


@require_GET
@at_sentral(*AT_THE_DESK)
def complaint(request, contact_id, complaint_id):
    """One complaint: red flags first, questions, criteria."""
    contact = access.contact_for(request, contact_id)
    shown = pane.complaint_context(contact, complaint_id)
    if shown is None:
        raise Http404
    context = {"contact": contact, "focus_criteria": True, **shown}
    return render(request, "sentral/desk/complaint.html", context)


@contact_act(Section.WHAT, Section.OUTCOMES, Section.AMK, Section.HOME)
def assess(request, contact, now):
    """Set the hastegrad, by the criteria or by one's own judgement."""
    criteria = request.POST.getlist("criteria")
    complaint_id = request.POST.get("complaint", "")
    chosen = request.POST.get("hastegrad", "")
    hastegrad = chosen or triage_index.judged(contact, complaint_id, criteria)
    if not hastegrad:
        return {
            "problem_here": choices.CHOOSE_CRITERION,
            **(pane.complaint_context(contact, complaint_id) or {}),
            "chosen": criteria,
            "ruled_out": request.POST.get("red_flags_ruled_out") == "yes",
            "focus_criteria": True,
        }
    try:
        triage.assess(
            contact_id=contact.pk,
            axis="phone",
            complaint=complaint_id,
            criteria=criteria,
            hastegrad=hastegrad,
            red_flags_ruled_out=request.POST.get("red_flags_ruled_out") == "yes",
            reason_lowered=request.POST.get("reason_lowered", "").strip(),
            by=request.user,
            at=now,
        )
    except RuleBroken as error:
        return {
            "problem_here": messages.explain(error),
            **(pane.complaint_context(contact, complaint_id) or {}),
            "chosen": criteria,
            "ruled_out": request.POST.get("red_flags_ruled_out") == "yes",
        }
    return {"focus": "amk" if hastegrad == "akutt" else "outcome"}


VITAL_SIGNS = (
    "respiration_rate",
    "spo2",
    "on_oxygen",
    "systolic_bp",
    "pulse",
    "consciousness",
    "temperature_c",
)


@contact_act(Section.WHAT, Section.HOME)
def vitals(request, contact, now):
    """Vital signs, as measured or told; NEWS2 where it may be computed."""
    values = {name: request.POST.get(name, "").strip() for name in VITAL_SIGNS}
    pregnant = request.POST.get("is_pregnant", "")
    try:
        if pregnant:
            contacts.save_fields(
                contact_id=contact.pk,
                fields={"is_pregnant": pregnant},
                by=request.user,
                at=now,
            )
        is_scale_2 = request.POST.get("scale") == "2"
        triage.record_vital_signs(
            contact_id=contact.pk,
            values={name: value for name, value in values.items() if value},
            scale=2 if is_scale_2 else 1,
            # Who chooses scale 2 has decided it, and is named in the record.
            scale_2_by=request.user if is_scale_2 else None,
            by=request.user,
            at=now,
        )
    except RuleBroken as error:
        return {
            "vitals_problem": messages.explain(error),
            "vitals": values,
            "focus": "vitals",
        }
    return {"focus": "vitals"}


@contact_act(Section.AMK, Section.OUTCOMES)
def amk_called(request, contact, now):
    """113 is on the line."""
    amk.called(
        contact_id=contact.pk,
        mode=request.POST.get("mode", ""),
        by=request.user,
        at=now,
    )
    return {"focus": "amk"}


@contact_act(Section.AMK, Section.OUTCOMES)
def amk_acknowledge(request, contact, now):
    """AMK has taken over; their mission number."""
    amk.acknowledge(
        contact_id=contact.pk,
        mission_number=request.POST.get("mission_number", "").strip(),
        said=request.POST.get("said", "").strip(),
        by=request.user,
        at=now,
    )
    return {"focus": "reason"}


@contact_act(Section.AMK, Section.OUTCOMES)
def amk_not_needed(request, contact, now):
    """The clock was started, and 113 was not needed after all."""
    amk.not_needed(
        contact_id=contact.pk,
        reason=request.POST.get("reason", "").strip(),
        by=request.user,
        at=now,
    )
    return {"focus": "outcome"}
