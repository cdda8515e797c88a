"""The sections of the pane: what each shows, and by which template.

After an act only the sections that it can have changed are drawn anew; the rest of the
screen stays as it is, with what is being typed there. A test walks every act and compares:
a section that an act does not name must look the same before and after it.
"""

from collections.abc import Callable, Collection
from enum import StrEnum, auto
from typing import Any

from varde.apps.records.models import Contact, Outcome
from varde.apps.sentral import choices, messages
from varde.apps.sentral.queries import (
    callbacks,
    codes,
    nursing_homes,
    patients,
    reference,
)
from varde.apps.sentral.queries import contact as contact_queries
from varde.apps.sentral.queries.alarms import alarm_of
from varde.apps.sentral.queries.pane import shown
from varde.apps.sentral.queries.pane.in_hand import InHand
from varde.apps.sentral.queries.place_map import place_map


CALLERS_SHOWN = 6


class Section(StrEnum):
    """A part of the pane with an id of its own, in the order of the screen."""

    HEAD = auto()
    PROBLEM = auto()
    AMK = auto()
    HOME = auto()
    CALLBACK = auto()
    WHO = auto()
    WHAT = auto()
    OUTCOMES = auto()
    CLOSE = auto()
    # The right zone.
    DOCTOR = auto()
    REPEAT = auto()
    PATIENT = auto()
    EARLIER = auto()
    PLACE = auto()
    EVENTS = auto()

    @property
    def template(self) -> str:
        """The template that draws it."""
        return f"sentral/desk/{self.value}.html"


ALL = frozenset(Section)
# What others do with a contact while somebody has it in hand.
NEWS = frozenset({Section.AMK, Section.DOCTOR})


def pane_of(in_hand: InHand, *, sections: Collection[Section] = ALL) -> dict[str, Any]:
    """What these sections show, as the templates name things; no other is read."""
    found: dict[str, Any] = {"contact": in_hand.contact}
    for section in Section:
        if section in sections:
            found |= _CONTEXT[section](in_hand)
    return found


def _head(of: InHand) -> dict[str, Any]:
    owner = of.contact.owner_id
    name = reference.person_name(owner) if owner else ""
    return {
        "patient": of.patient,
        "owner_name": name,
        "alarm": alarm_of(of.contact),
    }


def _problem(of: InHand) -> dict[str, Any]:
    return {"open_items": of.open_items}


def _amk(of: InHand) -> dict[str, Any]:
    return {"amk": contact_queries.amk_of(of.hangs)}


def _home(of: InHand) -> dict[str, Any]:
    home = of.home
    is_chosen = home is not None and home.home_id is not None
    return {
        "home": home,
        "home_choices": nursing_homes.choices(of.contact.sentral_id)
        if home is not None and of.is_open
        else [],
        "home_words": shown.home_words(home, today=of.today) if is_chosen else None,
        "care_choices": shown.CARE_CHOICES,
        "yes_no_not_asked": choices.YES_NO_NOT_ASKED,
    }


def _callback(of: InHand) -> dict[str, Any]:
    return {"open_callbacks": callbacks.callbacks_of(of.hangs, now=of.now)}


def _who(of: InHand) -> dict[str, Any]:
    return {
        "patient": of.patient,
        "callers": _callers(of.contact),
        "channels": list(messages.CHANNEL.items()),
        "relations": choices.RELATIONS,
        "yes_no": choices.YES_NO,
        "no_yes": choices.YES_NO[1:],
        "languages": choices.LANGUAGES,
        "municipalities": [("", "–"), *reference.municipalities()],
        "places": shown.places(of.contact),
        "interpreters": contact_queries.interpreters_of(of.hangs),
    }


def _what(of: InHand) -> dict[str, Any]:
    return {
        "index": of.index,
        "acvpu": choices.ACVPU,
        "levels": choices.PHONE_LEVELS,
        "yes_no": choices.YES_NO,
        **of.complaint,
        **_vitals(of),
    }


def _outcomes(of: InHand) -> dict[str, Any]:
    return {
        "outcome_choices": shown.outcome_choices(
            first=Outcome.Kind.NURSING_HOME_DOCTOR
            if of.home is not None and of.home.is_doctor_first
            else None
        ),
        "outcomes": contact_queries.outcomes_of(of.hangs, now=of.now),
        "advice": of.advice,
        "ask_at_end": of.complaint.get("ask_at_end", ()) if of.advice else (),
        "yes_no": choices.YES_NO,
    }


def _close(of: InHand) -> dict[str, Any]:
    return {
        "reason_text": codes.text_of(of.contact.reason_code),
        "suggested_codes": of.suggested_codes,
        "fastlege": of.fastlege,
        "claim_lines": of.hangs.claim_lines,
        "tariffs": codes.tariffs(on=of.today),
        "open_items": of.open_items,
    }


def _doctor(of: InHand) -> dict[str, Any]:
    return {
        "doctors": shown.doctors_near(of.contact, now=of.now),
        "vacant_posts": shown.vacant_near(of.contact, now=of.now),
        "questions": contact_queries.questions_of(of.hangs),
    }


def _repeat(of: InHand) -> dict[str, Any]:
    return {}


def _patient(of: InHand) -> dict[str, Any]:
    return {
        "patient": of.patient,
        "fastlege": of.fastlege,
        "fastleger": shown.fastleger_near(of.contact.patient),
    }


def _earlier(of: InHand) -> dict[str, Any]:
    return {
        "patient": of.patient,
        "earlier": contact_queries.earlier_contacts(of.contact, now=of.now),
    }


def _place(of: InHand) -> dict[str, Any]:
    return {"patient": of.patient, **place_map(of.contact)}


def _events(of: InHand) -> dict[str, Any]:
    return {"events": of.events, "seen": of.seen}


_CONTEXT: dict[Section, Callable[[InHand], dict[str, Any]]] = {
    Section.HEAD: _head,
    Section.PROBLEM: _problem,
    Section.AMK: _amk,
    Section.HOME: _home,
    Section.CALLBACK: _callback,
    Section.WHO: _who,
    Section.WHAT: _what,
    Section.OUTCOMES: _outcomes,
    Section.CLOSE: _close,
    Section.DOCTOR: _doctor,
    Section.REPEAT: _repeat,
    Section.PATIENT: _patient,
    Section.EARLIER: _earlier,
    Section.PLACE: _place,
    Section.EVENTS: _events,
}


def _callers(contact: Contact) -> Any:
    """People known with the number that rings; none when the patient is chosen."""
    if contact.patient_id or not contact.callback_number:
        return ()
    return patients.known_by_number(contact)[:CALLERS_SHOWN]


def _vitals(of: InHand) -> dict[str, Any]:
    found = contact_queries.vitals_of(of.hangs)
    if found is None:
        return {"vitals": {}}
    return {
        "vitals": found.values,
        "news2": found if found.news2 is not None else None,
        "news2_missing": ", ".join(found.missing),
        "news2_refused": found.refused,
    }
