"""Everything that the desk shows of one contact: middle and right zone."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from varde.apps.records import settings as dated
from varde.apps.records.models import (
    Contact,
    Fastlege,
    Municipality,
    Outcome,
    Patient,
    Place,
    Sentral,
    User,
)
from varde.apps.sentral import choices, messages
from varde.apps.sentral.queries import (
    attendance,
    callbacks,
    codes,
    doctor,
    patients,
    slots,
    triage_index,
)
from varde.apps.sentral.queries import contact as contact_queries
from varde.apps.sentral.queries.age import age_text
from varde.apps.sentral.queries.place_map import place_map
from varde.domain.national_id import IdFault


# The kinds that need a word more before they are tasks.
ASKS_MORE = frozenset(
    {
        Outcome.Kind.ATTENDANCE,
        Outcome.Kind.FASTLEGE,
        Outcome.Kind.CALL_BACK,
        Outcome.Kind.HOME_VISIT,
        Outcome.Kind.CALL_OUT,
        Outcome.Kind.OTHER_SERVICE,
        Outcome.Kind.POLICE_FIRE,
    }
)
# The order on the desk; the first nine have a key.
OUTCOME_ORDER = (
    Outcome.Kind.ADVICE,
    Outcome.Kind.ATTENDANCE,
    Outcome.Kind.HOME_VISIT,
    Outcome.Kind.FASTLEGE,
    Outcome.Kind.CALL_BACK,
    Outcome.Kind.CALL_OUT,
    Outcome.Kind.AMK,
    Outcome.Kind.AMBULANCE,
    Outcome.Kind.KAD,
    Outcome.Kind.ADMISSION,
    Outcome.Kind.NURSING_HOME_DOCTOR,
    Outcome.Kind.OTHER_SERVICE,
    Outcome.Kind.POLICE_FIRE,
)
KEYS = "abcdefghijklmopqrstuvwxyz"  # n and j answer yes and no elsewhere in the pane
EVENTS_SHOWN = 30
CALLERS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class PatientShown:
    """What the desk shows of a patient. A protected address is not in it at all."""

    id: int
    name: str
    given_name: str
    family_name: str
    phone: str
    age_text: str
    national_id: str
    national_id_shown: str
    other_id: str
    address: str
    municipality: str
    is_protected: bool
    critical_note: str


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """A criterion with the key that ticks it."""

    id: str
    text: str
    hastegrad: str
    key: str


@dataclass(frozen=True, slots=True)
class OwnContact:
    """One of the operator's own open contacts."""

    id: int
    label: str
    opened_at: datetime


def open_contacts_of(user: User, sentral: Sentral) -> tuple[OwnContact, ...]:
    """The contacts in somebody's hand, the oldest first."""
    rows = (
        Contact.objects.filter(owner=user, sentral=sentral, state=Contact.State.OPEN)
        .select_related("patient")
        .order_by("opened_at")
    )
    return tuple(
        OwnContact(
            id=row.pk,
            label=(row.patient.name if row.patient else "")
            or row.callback_number
            or _("Uten navn"),
            opened_at=row.opened_at,
        )
        for row in rows
    )


def pane_of(contact: Contact, *, by: User, now: datetime) -> dict[str, Any]:
    """The whole pane of a contact, as the templates name things."""
    patient = contact.patient
    doctor_of = contact.fastlege or (patient.fastlege if patient else None)
    found = triage_index.index_for(contact)
    shown = complaint_context(contact, contact.complaint) or {}
    advice = _advice(shown.get("complaint_index"), contact.hastegrad_phone)
    return {
        "contact": contact,
        "owner_name": contact.owner.name if contact.owner else "",
        "patient": _patient(patient, on=timezone.localdate(now)),
        "fastlege": _fastlege(doctor_of),
        "callers": _callers(contact),
        "fastleger": _fastleger(patient),
        "open_callbacks": callbacks.callbacks_of(contact.pk, now=now),
        "channels": list(messages.CHANNEL.items()),
        "relations": choices.RELATIONS,
        "yes_no": choices.YES_NO,
        "no_yes": choices.YES_NO[1:],
        "languages": choices.LANGUAGES,
        "municipalities": [("", "–"), *_municipalities()],
        "places": _places(contact),
        "index": found,
        **shown,
        "levels": choices.PHONE_LEVELS,
        "acvpu": choices.ACVPU,
        **_vitals(contact),
        "advice": advice,
        "ask_at_end": shown.get("ask_at_end", ()) if advice else (),
        "outcome_choices": _outcome_choices(),
        "outcomes": contact_queries.outcomes_of(contact, now=now),
        "reason_text": codes.text_of(contact.reason_code),
        "suggested_codes": _suggested(shown.get("complaint_index"), contact),
        "claim_lines": list(contact.claim_lines.order_by("id")),
        "tariffs": codes.tariffs(on=timezone.localdate(now)),
        "open_items": (
            contact_queries.open_items_of(contact)
            if contact.state == Contact.State.OPEN
            else ()
        ),
        **news_of(contact, now=now),
        "interpreters": contact_queries.interpreters_of(contact),
        "earlier": contact_queries.earlier_contacts(contact, now=now),
        "events": contact_queries.events_of(contact, limit=EVENTS_SHOWN),
        **place_map(contact),
    }


def news_of(contact: Contact, *, now: datetime) -> dict[str, Any]:
    """What others may have done with the contact: 113, and the doctor's answers."""
    return {
        "contact": contact,
        "amk": contact_queries.amk_of(contact),
        "doctors": _doctors_near(contact, now=now),
        "questions": contact_queries.questions_of(contact),
    }


def search_context(found: patients.Found) -> dict[str, Any]:
    """What a patient search found, as the list of hits names things."""
    fault = messages.ID_FAULT[IdFault(found.fault)] if found.fault else ""
    return {
        "hits": found.hits,
        "id_problem": fault and _("Nummeret stemmer ikke: %(why)s") % {"why": fault},
        "new_id": found.new_id,
        "new_birth": found.new_birth_date,
    }


def complaint_context(contact: Contact, complaint_id: str) -> dict[str, Any] | None:
    """A complaint of the contact's index, with a key for each criterion.

    None when there is no index or no such complaint in it.
    """
    index = triage_index.index_for(contact)
    complaint = index.find(complaint_id) if index and complaint_id else None
    if complaint is None:
        return None
    keys = iter(KEYS)
    last = contact.assessments.filter(axis="phone").order_by("-id").first()
    is_same = last is not None and last.complaint == complaint_id

    def shown(items: Any) -> list[CriterionShown]:
        return [
            CriterionShown(
                id=item.id, text=item.text, hastegrad=item.hastegrad, key=next(keys, "")
            )
            for item in items
        ]

    return {
        "complaint": {
            "id": complaint.id,
            "title": complaint.title,
            "source": complaint.source,
            "questions": complaint.questions,
            "red_flags": shown(complaint.red_flags),
            "criteria": shown(complaint.criteria),
        },
        "complaint_index": complaint,
        "ask_at_end": complaint.ask_at_end or index.ask_at_end,
        "index": index,
        "chosen": last.criteria if is_same else [],
        "ruled_out": bool(last.red_flags_ruled_out) if is_same else False,
        "levels": choices.PHONE_LEVELS,
    }


def outcome_form(
    contact: Contact,
    kind: str,
    *,
    now: datetime,
    station_id: int | None = None,
    travel_min: int | None = None,
) -> dict[str, Any]:
    """What is asked before this kind of outcome is made.

    For an attendance also a time, when station and travel time are known. Raises
    `RuleBroken` where no time may be given.
    """
    form: dict[str, Any] = {"kind": kind, "words": messages.OUTCOME[kind]}
    if kind == Outcome.Kind.ATTENDANCE:
        stations = attendance.stations_for(contact)
        station = (
            station_id or contact.station_id or (stations[0].id if stations else None)
        )
        known = attendance.known_travel_min(contact, station) if station else None
        minutes = travel_min if travel_min is not None else known
        form |= {"stations": stations, "station_id": station, "travel_min": minutes}
        if station and minutes is not None:
            proposal = attendance.propose(
                contact, station_id=station, travel_min=minutes, now=now
            )
            form |= {
                "promised_at": timezone.localtime(proposal.at),
                "why": messages.why_this_time(proposal),
            }
    if kind == Outcome.Kind.FASTLEGE:
        form["slots"] = slots.free_slots(contact, now=now)
    return form


def is_general(contact: Contact, code: str) -> bool:
    """Whether a reason code says so little that it asks for a second key."""
    return code in dated.value(
        "reason.general_codes",
        on=timezone.localdate(),
        district_id=contact.district_id,
    )


def _patient(patient: Patient | None, *, on: date) -> PatientShown | None:
    if patient is None:
        return None
    number = patient.national_id
    return PatientShown(
        id=patient.pk,
        name=patient.name,
        given_name=patient.given_name,
        family_name=patient.family_name,
        phone=patient.phone,
        age_text=age_text(patient.birth_date, patient.estimated_age, on=on),
        national_id=number,
        national_id_shown=f"{number[:6]} {number[6:]}" if number else "",
        other_id=patient.other_id,
        address=patient.address if patient.shows_address else "",
        municipality=patient.municipality.name
        if patient.municipality and patient.shows_address
        else "",
        is_protected=not patient.shows_address,
        critical_note=patient.critical_note,
    )


def _fastlege(fastlege: Fastlege | None) -> dict[str, Any] | None:
    if fastlege is None:
        return None
    return {
        "id": fastlege.pk,
        "name": fastlege.name,
        "office": fastlege.office.name,
        "phone": fastlege.office.phone,
    }


def _doctors_near(contact: Contact, *, now: datetime) -> list[doctor.DoctorOnDuty]:
    """The doctors of the contact's own station and the sentral's; all when none is."""
    on_duty = doctor.reachable(contact.sentral_id, now=now)
    own = contact.station.name if contact.station else ""
    near = [one for one in on_duty if one.station in {own, ""}]
    return near if own and near else list(on_duty)


def _fastleger(patient: Patient | None) -> list[Fastlege]:
    """The doctors with lists in the patient's municipality, and the patient's own."""
    if patient is None:
        return []
    near = Q(office__municipality=patient.municipality_id) | Q(pk=patient.fastlege_id)
    return list(Fastlege.objects.filter(near).select_related("office").order_by("name"))


def _callers(contact: Contact) -> Any:
    """People known with the number that rings; none when the patient is chosen."""
    if contact.patient_id or not contact.callback_number:
        return ()
    return patients.known_by_number(contact)[:CALLERS_SHOWN]


@lru_cache(maxsize=1)
def _municipalities() -> tuple[tuple[str, str], ...]:
    return tuple(Municipality.objects.order_by("name").values_list("number", "name"))


def _places(contact: Contact) -> list[tuple[str, str]]:
    if not contact.municipality_id:
        return [("", _("Velg kommune først"))]
    rows = Place.objects.filter(municipality_id=contact.municipality_id)
    return [
        ("", "–"),
        *((str(pk), name) for pk, name in rows.values_list("pk", "name")),
    ]


def _vitals(contact: Contact) -> dict[str, Any]:
    found = contact_queries.vitals_of(contact)
    if found is None:
        return {"vitals": {}}
    return {
        "vitals": found.values,
        "news2": found if found.news2 is not None else None,
        "news2_missing": ", ".join(found.missing),
        "news2_refused": found.refused,
    }


def _advice(complaint: Any, hastegrad: str) -> Any:
    if complaint is None or not hastegrad:
        return None
    return next((a for a in complaint.advice if a.hastegrad == hastegrad), None)


def _outcome_choices() -> list[dict[str, str]]:
    return [
        {
            "kind": kind,
            "words": messages.OUTCOME[kind],
            "key": str(place) if place <= 9 else "",
        }
        for place, kind in enumerate(OUTCOME_ORDER, start=1)
    ]


def _suggested(complaint: Any, contact: Contact) -> list[Any]:
    if complaint is None or contact.reason_code or not contact.hastegrad_phone:
        return []
    found = (codes.find(code) for code in complaint.icpc2)
    return [code for code in found if code is not None][:4]
