"""Who it is about: the patient, and the fields that save themselves."""

from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from varde.apps.sentral import access, messages
from varde.apps.sentral.queries import pane, patients
from varde.apps.sentral.queries.pane import Section
from varde.apps.sentral.services import contacts
from varde.apps.sentral.views.incoming import number, typed
from varde.apps.sentral.views.pane import contact_act
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


# A field that is saved by itself, and what else on the screen follows from it.
ALSO_SHOWS = {
    "callback_number": (Section.HEAD,),
    "channel": (Section.HOME, Section.OUTCOMES),
    "interpreter_needed": (Section.WHO,),
    "is_elsewhere": (Section.PLACE,),
    "municipality": (Section.WHO, Section.DOCTOR, Section.PLACE),
    "place": (Section.DOCTOR, Section.PLACE),
}


@require_POST
@at_sentral(*AT_THE_DESK)
def save_field(request, contact_id):
    """Save fields by themselves, as they are typed. 204, with a problem in a header."""
    contact = access.contact_for(request, contact_id)
    fields = {k: v for k, v in request.POST.items() if k != "csrfmiddlewaretoken"}
    try:
        contacts.save_fields(
            contact_id=contact.pk, fields=fields, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return HttpResponse(
            status=204, headers={"X-Problem": quote(messages.explain(error))}
        )
    shows = [s for name in fields for s in ALSO_SHOWS.get(name, ())]
    if not shows:
        return HttpResponse(status=204)
    return HttpResponse(status=204, headers={"X-Draw": ",".join(dict.fromkeys(shows))})


@require_POST
@at_sentral(*AT_THE_DESK)
def patient_search(request, contact_id):
    """People who may be meant by what was typed."""
    contact = access.contact_for(request, contact_id)
    q = typed(request)
    found = patients.search(q, contact=contact)
    context = {
        "contact": contact,
        "q": q,
        "is_more": found.is_more,
        "most": patients.MOST_HITS,
        **pane.search_context(found),
    }
    return render(request, "sentral/desk/patient_hits.html", context)


@contact_act()
def choose_patient(request, contact, now):
    """This is the patient."""
    contacts.choose_patient(
        contact_id=contact.pk,
        patient_id=number(request, "patient"),
        by=request.user,
        at=now,
    )
    return {"focus": "complaint"}


@contact_act()
def new_patient(request, contact, now):
    """A patient whom we do not have: with number, without, or unknown."""
    fields = {
        k: v
        for k, v in request.POST.items()
        if k not in {"csrfmiddlewaretoken", "kind"} and v
    }
    make = (
        contacts.unknown_patient
        if request.POST.get("kind") == "unknown"
        else contacts.new_patient
    )
    make(contact_id=contact.pk, fields=fields, by=request.user, at=now)
    return {"focus": "complaint"}


@contact_act()
def identify(request, contact, now):
    """The unknown patient has got a number."""
    if contact.patient_id is None:
        raise Http404
    contacts.identify(
        patient_id=contact.patient_id,
        national_id=request.POST.get("national_id", ""),
        reason=request.POST.get("reason", "identified"),
        by=request.user,
        at=now,
    )
    return {"focus": "complaint"}


PATIENT_FIELDS = ("given_name", "family_name", "phone", "fastlege", "critical_note")


@contact_act()
def save_patient(request, contact, now):
    """Correct what we know of the patient."""
    if contact.patient_id is None:
        raise Http404
    contacts.save_patient(
        contact_id=contact.pk,
        fields={k: request.POST[k] for k in PATIENT_FIELDS if k in request.POST},
        by=request.user,
        at=now,
    )
