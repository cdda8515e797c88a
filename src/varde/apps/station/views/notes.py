"""The clinician's note of one contact: `/stasjon/kontakt/<id>/notat/`.

Every button sends the whole form, so that what is typed is saved before the act, with or
without JavaScript.
"""

from django.contrib import messages as told
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import access as contacts_door
from varde.apps.sentral import messages
from varde.apps.sentral.queries import codes
from varde.apps.station.note_parts import PARTS
from varde.apps.station.queries import notes as queries
from varde.apps.station.services import notes as services
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


AUTHORS = (Role.DOCTOR, Role.NURSE)
LONGEST_WORDS = 80  # characters of a search


@require_GET
@at_station(*AUTHORS)
def note(request, contact_id):
    """The note: one's draft, or what was signed."""
    contact = _contact(request, contact_id)
    contacts_door.log_opened(request, contact, by=request.user, what="clinical_note")
    return _show(request, contact)


@require_POST
@at_station(*AUTHORS)
def save_note(request, contact_id):
    """Save what is typed: by itself while one writes (204), or with a button."""
    contact = _contact(request, contact_id)
    try:
        _save(request, contact)
    except RuleBroken as error:
        if request.htmx:
            problem = messages.explain(error)
            return HttpResponse(problem, status=422, content_type="text/plain")
        return _show(request, contact, problem=messages.explain(error))
    if request.htmx:
        return HttpResponse(status=204)
    return redirect("station:note", contact_id=contact.pk)


@require_POST
@at_station(*AUTHORS)
def note_phrase(request, contact_id):
    """Put a phrase into a part of the note."""
    phrase = queries.phrase_for(
        _number(request.POST.get("phrase")), user=request.user, place=request.station
    )

    def act(contact):
        services.insert_phrase(
            phrase=phrase, into=request.POST.get("into", ""), **_mine(request, contact)
        )

    return _act(request, contact_id, act)


@require_POST
@at_station(*AUTHORS)
def diagnosis_search(request, contact_id):
    """ICPC-2 by plain words or by code: under the field, or on the page without script."""
    contact = _contact(request, contact_id)
    words = request.POST.get("q", "").strip()[:LONGEST_WORDS]
    found = {"q": words, "hits": codes.search(words)}
    if request.htmx:
        return show(
            request,
            "station/note/diagnosis_hits.html",
            contact=contact,
            alarms=None,
            **found,
        )
    try:
        _save(request, contact)
    except RuleBroken as error:
        return _show(request, contact, problem=messages.explain(error))
    return _show(request, contact, **found)


@require_POST
@at_station(*AUTHORS)
def diagnosis(request, contact_id):
    """Add a diagnosis to the note, or take one out."""

    def act(contact):
        mine = _mine(request, contact)
        if "remove" in request.POST:
            services.remove_diagnosis(code=request.POST["remove"], **mine)
        else:
            services.add_diagnosis(code=request.POST.get("add", ""), **mine)

    return _act(request, contact_id, act, focus="dx")


@require_POST
@at_station(*AUTHORS)
def note_consent(request, contact_id):
    """Whether the fastlege may have the epikrise."""

    def act(contact):
        services.set_consent(
            contact_id=contact.pk,
            consent=request.POST.get("consent", ""),
            by=request.user,
            at=timezone.now(),
        )

    return _act(request, contact_id, act, focus="sign")


@require_POST
@at_station(*AUTHORS)
def sign_note(request, contact_id):
    """Sign: the draft becomes a version."""
    signed = []

    def act(contact):
        signed.append(
            services.sign(
                contact_id=contact.pk,
                seen=_number(request.POST.get("seen"), missing=0),
                by=request.user,
                at=timezone.now(),
            )
        )

    answer = _act(request, contact_id, act)
    if signed and signed[0].state == signed[0].State.WAITING:
        told.success(request, _("Signert. Notatet venter på en annen lege."))
    elif signed:
        told.success(request, _("Signert."))
    return answer


@require_POST
@at_station(*AUTHORS)
def drop_draft(request, contact_id):
    """Throw the draft away."""
    contact = _contact(request, contact_id)
    services.drop_draft(contact_id=contact.pk, by=request.user)
    return redirect("station:note", contact_id=contact.pk)


@require_POST
@at_station(Role.DOCTOR)
def decide_note(request, clinical_note_id):
    """Another doctor signs a LIS1's note, or sends it back."""
    row = queries.clinical_note_for(clinical_note_id, place=request.station)
    contact = _contact(request, row.contact_id)
    act = {"note_id": row.pk, "by": request.user, "at": timezone.now()}
    try:
        if request.POST.get("decision") == "return":
            services.send_back(comment=request.POST.get("comment", ""), **act)
            told.success(request, _("Sendt tilbake."))
        else:
            services.countersign(**act)
            told.success(request, _("Signert."))
    except RuleBroken as error:
        return _show(
            request,
            contact,
            problem=messages.explain(error),
            comment=request.POST.get("comment", ""),
        )
    return redirect("station:note_list")


def _act(request, contact_id, act, *, focus=""):
    """Save what is typed, then do the act. A refusal is said; what was typed stays."""
    contact = _contact(request, contact_id)
    try:
        _save(request, contact)
        act(contact)
    except RuleBroken as error:
        contact.refresh_from_db()
        return _show(
            request, contact, problem=messages.explain(error), q=request.POST.get("q")
        )
    answer = redirect("station:note", contact_id=contact.pk)
    if focus:
        answer["Location"] += f"?fokus={focus}"
    return answer


def _save(request, contact):
    """Save the parts that came along, in one's draft."""
    names = (*PARTS, "correction")
    fields = {name: request.POST[name] for name in names if name in request.POST}
    if fields:
        seen = request.POST.get("seen")
        services.save_draft(
            fields=fields,
            seen=None if seen is None else _number(seen, missing=0),
            **_mine(request, contact),
        )


def _mine(request, contact):
    return {
        "contact_id": contact.pk,
        "station_id": request.station.id,
        "by": request.user,
        "at": timezone.now(),
    }


def _contact(request, contact_id):
    """The contact through its door, and a station of its district to work at. Else 404."""
    contact = contacts_door.contact_for(request, contact_id)
    if contact.district_id != request.station.district_id:
        near = [p for p in request.stations if p.district_id == contact.district_id]
        if not near:
            raise Http404
        request.station = near[0]
    return contact


def _show(request, contact, **extra):
    found = queries.screen(
        contact, user=request.user, place=request.station, now=timezone.now()
    )
    if extra.get("problem"):
        found["parts"] = [
            _as_typed(part, request.POST.get(part.name)) for part in found["parts"]
        ]
        found["typed_correction"] = request.POST.get("correction", "")
    is_writing = found["draft"] is not None or found["newest"] is None
    focus = request.GET.get("fokus", "")
    return show(
        request,
        "station/note/note.html",
        is_writing=is_writing or "rett" in request.GET or "why" in request.POST,
        focus=focus if focus in {"dx", "sign"} else "",
        **found | extra,
    )


def _as_typed(part, text):
    """What was typed is shown again, also where it could not be saved."""
    return part if text is None else queries.with_text(part, text)


def _number(text, *, missing=None):
    """An id or a number from a form. Raises 404 for what is neither."""
    if not text and missing is not None:
        return missing
    if not (text and text.isascii() and text.isdecimal() and len(text) < 16):
        raise Http404
    return int(text)
