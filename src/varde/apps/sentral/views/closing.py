"""The reason, the note, the refund claim, and the end of the contact."""

from django.shortcuts import render
from django.views.decorators.http import require_POST

from varde.apps.sentral import access
from varde.apps.sentral.queries import codes, pane
from varde.apps.sentral.queries.pane import Section
from varde.apps.sentral.services import claims, closing, contacts
from varde.apps.sentral.views.incoming import typed
from varde.apps.sentral.views.pane import contact_act
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral


@require_POST
@at_sentral(*AT_THE_DESK)
def reason_search(request, contact_id):
    """ICPC-2 by plain words or by code."""
    contact = access.contact_for(request, contact_id)
    q = typed(request)
    context = {"contact": contact, "q": q, "hits": codes.search(q)}
    return render(request, "sentral/desk/reason_hits.html", context)


@contact_act(Section.CLOSE)
def set_reason(request, contact, now):
    """The reason for the contact. A general code asks a second time."""
    code = request.POST.get("code", "")
    deliberate = request.POST.get("deliberate") == "yes"
    if not deliberate and pane.is_general(contact, code):
        return {"general_code": codes.find(code)}
    closing.set_reason(
        contact_id=contact.pk,
        code=code,
        deliberate=deliberate,
        by=request.user,
        at=now,
    )
    return {"focus": "consent" if contact.consent_fastlege is None else "close"}


@contact_act(Section.CLOSE)
def consent(request, contact, now):
    """Whether the fastlege may have a note."""
    contacts.save_fields(
        contact_id=contact.pk,
        fields={"consent_fastlege": request.POST.get("consent", "")},
        by=request.user,
        at=now,
    )
    return {"focus": "close"}


@contact_act(Section.CLOSE)
def claim_line(request, contact, now):
    """A tariff for the refund claim."""
    claims.add_line(
        contact_id=contact.pk,
        tariff=request.POST.get("tariff", ""),
        quantity=1,
        by=request.user,
        at=now,
    )


@contact_act()
def close(request, contact, now):
    """Close the contact; what is still open is listed instead."""
    closing.close(contact_id=contact.pk, by=request.user, at=now)


@contact_act()
def reopen(request, contact, now):
    """Open a closed contact again, with a reason."""
    closing.reopen(
        contact_id=contact.pk,
        reason=request.POST.get("reason", "").strip(),
        by=request.user,
        at=now,
    )
