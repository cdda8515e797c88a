"""What is done about it: outcomes, the doctor behind, the interpreter."""

from django.http import Http404
from django.utils import timezone

from varde.apps.records.models import Outcome
from varde.apps.sentral import messages
from varde.apps.sentral.forms import AttendanceForm, problem_of
from varde.apps.sentral.queries import attendance, pane
from varde.apps.sentral.queries.pane import Section
from varde.apps.sentral.services import (
    callbacks,
    contacts,
    doctor,
    fastlege_hours,
    interpreter,
    nursing_homes,
    outcomes,
)
from varde.apps.sentral.services.nursing_homes.telling import FIELDS as HOME_FIELDS
from varde.apps.sentral.views.incoming import number
from varde.apps.sentral.views.pane import contact_act
from varde.domain.errors import Rule, RuleBroken


# An outcome may start 113 or promise a call.
OF_OUTCOMES = (Section.OUTCOMES, Section.AMK, Section.CALLBACK)


@contact_act(*OF_OUTCOMES)
def add_outcome(request, contact, now):
    """Decide what is to be done. Some kinds ask for more first."""
    kind = request.POST.get("kind", "")
    if kind not in Outcome.Kind.values:
        raise Http404
    is_confirmed = request.POST.get("confirmed") == "yes"
    if kind in pane.ASKS_MORE and not is_confirmed:
        return {"outcome_form": pane.outcome_form(contact, kind, now=now)}
    if kind == Outcome.Kind.ATTENDANCE:
        return _attendance(request, contact, now)
    if kind == Outcome.Kind.FASTLEGE and request.POST.get("slot"):
        fastlege_hours.book(
            contact_id=contact.pk,
            slot_id=number(request, "slot"),
            by=request.user,
            at=now,
        )
        return {"focus": _after_outcome(contact)}
    outcomes.add(
        contact_id=contact.pk,
        kind=kind,
        note=(request.POST.get("note") or request.POST.get("about") or "").strip(),
        number=request.POST.get("number", "").strip(),
        by=request.user,
        at=now,
    )
    return {"focus": _after_outcome(contact)}


def _attendance(request, contact, now):
    form = AttendanceForm(request.POST)
    if not form.is_valid():
        shown = pane.outcome_form(contact, Outcome.Kind.ATTENDANCE, now=now)
        return {"outcome_form": shown | {"problem": problem_of(form)}}
    station_id = form.cleaned_data["station"]
    travel_min = form.cleaned_data["travel_min"]
    promised_at = form.cleaned_data["promised_at"]
    if promised_at is None:
        shown = pane.outcome_form(
            contact,
            Outcome.Kind.ATTENDANCE,
            now=now,
            station_id=station_id,
            travel_min=travel_min,
        )
        return {"outcome_form": shown}
    known = attendance.may_send_to(contact, now=now)
    if station_id is None or not known.filter(pk=station_id).exists():
        raise Http404
    try:
        made = outcomes.add(
            contact_id=contact.pk,
            kind=Outcome.Kind.ATTENDANCE,
            station_id=station_id,
            promised_at=promised_at,
            travel_min=travel_min,
            overbook=request.POST.get("overbook") == "yes",
            by=request.user,
            at=now,
        )
    except RuleBroken as error:
        shown = pane.outcome_form(
            contact,
            Outcome.Kind.ATTENDANCE,
            now=now,
            station_id=station_id,
            travel_min=travel_min,
        )
        return {
            "outcome_form": shown
            | {
                "promised_at": timezone.localtime(promised_at),
                "problem": messages.explain(error),
                "may_overbook": error.rule is Rule.ATTENDANCE_TIME_TAKEN,
            }
        }
    has_moved = made.district_id != contact.district_id
    return {"focus": _after_outcome(contact), "has_moved": has_moved}


def _after_outcome(contact):
    return "consent" if contact.reason_code else "reason"


@contact_act(*OF_OUTCOMES)
def settle_outcome(request, contact, now, outcome_id):
    """It is done."""
    _own(contact, outcome_id)
    outcomes.settle(outcome_id=outcome_id, by=request.user, at=now)


@contact_act(*OF_OUTCOMES)
def cancel_outcome(request, contact, now, outcome_id):
    """It is not to be done after all."""
    _own(contact, outcome_id)
    outcomes.cancel(
        outcome_id=outcome_id,
        note=request.POST.get("note", "").strip(),
        by=request.user,
        at=now,
    )


def _own(contact, outcome_id):
    if not contact.outcomes.filter(pk=outcome_id).exists():
        raise Http404


@contact_act(Section.DOCTOR)
def ask_doctor(request, contact, now):
    """A question to the doctor behind."""
    asked_to = number(request, "asked_to") if request.POST.get("asked_to") else None
    doctor.ask(
        contact_id=contact.pk,
        question=request.POST.get("question", "").strip(),
        asked_to=asked_to,
        by=request.user,
        at=now,
    )


@contact_act(Section.WHO)
def ask_interpreter(request, contact, now):
    """An interpreter, now."""
    interpreter.request(
        contact_id=contact.pk, language=contact.language, by=request.user, at=now
    )


@contact_act(Section.WHO)
def interpreter_result(request, contact, now, request_id):
    """What came of it."""
    if not contact.interpreters.filter(pk=request_id).exists():
        raise Http404
    interpreter.result(
        request_id=request_id,
        result=request.POST.get("result", ""),
        by=request.user,
        at=now,
    )


@contact_act(*Section)
def choose_home(request, contact, now):
    """This nursing home rings. Where it is, follows: the contact may go to its district."""
    nursing_homes.choose_home(
        contact_id=contact.pk, home_id=number(request, "home"), by=request.user, at=now
    )
    return {"focus": "home"}


@contact_act(Section.HOME)
def tell_home(request, contact, now):
    """What the nursing home has done before it rang."""
    told = {name: request.POST[name] for name in HOME_FIELDS if name in request.POST}
    nursing_homes.tell(contact_id=contact.pk, fields=told, by=request.user, at=now)


@contact_act(Section.REPEAT)
def second_look(request, contact, now):
    """A colleague has looked at the repeat contact."""
    contacts.second_look(contact_id=contact.pk, by=request.user, at=now)


@contact_act(*OF_OUTCOMES)
def callback_attempt(request, contact, now, callback_id):
    """Somebody was rung: reached, not reached, or not to be rung after all."""
    if not contact.callbacks.filter(pk=callback_id).exists():
        raise Http404
    note = request.POST.get("note", "").strip()
    told = {"callback_id": callback_id, "note": note, "by": request.user, "at": now}
    what = request.POST.get("reached", "")
    if what == "cancel":
        callbacks.cancel(**told)
    elif what == "give_up":
        callbacks.give_up(**told)
    elif what in {"yes", "no"}:
        callbacks.attempt(was_reached=what == "yes", **told)
    else:
        raise Http404
    return {"focus": "patient" if what == "yes" else "callback"}
