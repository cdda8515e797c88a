"""The patient, the fastlege and the choices, as the pane shows them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from varde.apps.records.models import Contact, NursingHomeRequest, Outcome, Patient
from varde.apps.sentral import messages
from varde.apps.sentral.queries import doctor, reference
from varde.apps.sentral.queries.age import age_text
from varde.apps.sentral.queries.nursing_homes import HomeInHand
from varde.apps.sentral.queries.reference import FastlegeChoice


# The order on the desk. A letter alone would make a task by a slip of the hand.
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


CARE_CHOICES = [("", _lazy("Ikke spurt")), *messages.CARE.items()]
OUTCOME_KEYS = (*"123456789", "Alt+i", "Alt+s", "Alt+a", "Alt+p")


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


def patient_shown(patient: Patient | None, *, on: date) -> PatientShown | None:
    """The patient; None while nobody is chosen."""
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
        municipality=reference.municipality_name(patient.municipality_id)
        if patient.municipality_id and patient.shows_address
        else "",
        is_protected=not patient.shows_address,
        critical_note=patient.critical_note,
    )


def fastleger_near(patient: Patient | None) -> list[FastlegeChoice]:
    """The doctors with lists in the patient's municipality, and the patient's own."""
    if patient is None:
        return []
    near = (
        reference.fastleger_of(patient.municipality_id)
        if patient.municipality_id
        else ()
    )
    own = reference.fastlege(patient.fastlege_id) if patient.fastlege_id else None
    if own is None or any(one.id == own.id for one in near):
        return list(near)
    return sorted([*near, own], key=lambda one: one.name)


def doctors_near(contact: Contact, *, now: datetime) -> list[doctor.DoctorOnDuty]:
    """The doctors of the contact's own station and the sentral's; all when none is."""
    on_duty = doctor.reachable(contact.sentral_id, now=now)
    own = reference.station_name(contact.station_id) if contact.station_id else ""
    near = [one for one in on_duty if one.station in {own, ""}]
    return near if own and near else list(on_duty)


def vacant_near(contact: Contact, *, now: datetime) -> list[doctor.VacantPost]:
    """What is vacant now at the contact's own station; all of it while none is known."""
    vacant = doctor.vacant(contact.sentral_id, now=now)
    own = reference.station_name(contact.station_id) if contact.station_id else ""
    return [one for one in vacant if own in {"", one.place}]


def places(contact: Contact) -> list[tuple[str, str]]:
    """The places to choose from: those of the municipality."""
    if not contact.municipality_id:
        return [("", _("Velg kommune først"))]
    return [("", "–"), *reference.places_of(contact.municipality_id)]


def outcome_choices(*, first: Outcome.Kind | None = None) -> list[dict[str, Any]]:
    """The outcomes in their order, with their keys. The one proposed, if any, stands first.

    Each keeps its own key wherever it stands: the hand knows it.
    """
    found = [
        {
            "kind": kind,
            "words": messages.OUTCOME[kind],
            "key": key,
            "key_shown": key.title(),
            "is_proposed": kind == first,
        }
        for key, kind in zip(OUTCOME_KEYS, OUTCOME_ORDER, strict=True)
    ]
    return sorted(found, key=lambda choice: not choice["is_proposed"])


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeWords:
    """The codes of what a nursing home told, in words; "" for what was not asked."""

    next_at: str
    care: str


def home_words(home: HomeInHand | None, *, today: date) -> HomeWords | None:
    """What the pane says of a nursing home that is known."""
    if home is None or home.doctor is None or home.request is None:
        return None
    next_at = home.doctor.next_at
    words = ""
    if next_at is not None:
        form = "H:i" if next_at.date() == today else "l j. F H:i"
        words = date_format(next_at, form)
    return HomeWords(
        next_at=words,
        care=str(messages.CARE[NursingHomeRequest.Care(home.request.care)])
        if home.request.care
        else "",
    )


def advice_for(complaint: Any, hastegrad: str) -> Any:
    """The advice of a complaint at that hastegrad; None without either."""
    if complaint is None or not hastegrad:
        return None
    return next((a for a in complaint.advice if a.hastegrad == hastegrad), None)
