"""An epikrise as a FHIR R4 document: a Bundle whose first entry is the Composition.

The identifiers are those of the Norwegian base profiles (no-basis): fødselsnummer and
D-number for the patient, HPR for people of the trade, HER-id for a surgery. The names of
the resources within are made from the message id, so that the same message is the same
document each time.
"""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID, uuid5

from varde.apps.station.epikrise_values import Coded, Epikrise, Section, Who


type Resource = dict[str, Any]

URI = "urn:ietf:rfc:3986"
LOINC = "http://loinc.org"
ICPC2 = "http://hl7.org/fhir/sid/icpc-2"
CLASS = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
HPR = "urn:oid:2.16.578.1.12.4.1.4.4"
HER = "urn:oid:2.16.578.1.12.4.1.2"
# A number of another kind (a local help number, DUF) goes without a system: only who gave
# it knows whose it is.
PERSON_ID = {
    "fodselsnummer": "urn:oid:2.16.578.1.12.4.1.4.1",
    "d_number": "urn:oid:2.16.578.1.12.4.1.4.2",
    "fh_number": "urn:oid:2.16.578.1.12.4.1.4.3",
}
GENDER = {"1": "male", "2": "female", "9": "other"}


def bundle(made: Epikrise, *, text: str) -> Resource:
    """The document: Composition first, then all that it refers to."""
    resources = {
        "composition": _composition(made, text=text),
        "patient": _patient(made),
        "encounter": _encounter(made),
        "author": _practitioner(made.author),
        "station": _station(made),
        "fastlege": _practitioner(made.fastlege),
        "office": _office(made),
    }
    if made.countersigner is not None:
        resources["countersigner"] = _practitioner(made.countersigner)
    for number, coded in enumerate(made.diagnoses):
        resources[f"diagnosis-{number}"] = _condition(made, coded)
    return {
        "resourceType": "Bundle",
        "id": str(made.message_id),
        "identifier": {"system": URI, "value": made.message_id.urn},
        "type": "document",
        "timestamp": _instant(made.written_at),
        "entry": [
            {
                "fullUrl": _id(made, name).urn,
                "resource": {
                    "resourceType": resource["resourceType"],
                    "id": str(_id(made, name)),
                }
                | resource,
            }
            for name, resource in resources.items()
        ],
    }


def _id(made: Epikrise, name: str) -> UUID:
    return uuid5(made.message_id, name)


def _to(made: Epikrise, name: str, display: str = "") -> Resource:
    """A reference to another resource of the document."""
    found: Resource = {"reference": _id(made, name).urn}
    return found | {"display": display} if display else found


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _code(system: str, code: str, text: str) -> Resource:
    return {
        "coding": [{"system": system, "code": code, "display": text}],
        "text": text,
    }


def _narrative(paragraphs: Iterable[str]) -> Resource:
    """Text as the XHTML that FHIR allows; line breaks stay."""
    inside = "".join(
        "<p>" + escape(one, quote=False).replace("\n", "<br/>") + "</p>"
        for one in paragraphs
    )
    return {
        "status": "additional",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>',
    }


def _composition(made: Epikrise, *, text: str) -> Resource:
    is_first = made.replaces is None
    found: Resource = {
        "resourceType": "Composition",
        "language": "no-NO",
        "text": _narrative(text.strip().split("\n\n")),
        "identifier": {"system": URI, "value": made.message_id.urn},
        "status": "final" if is_first else "amended",
        "type": _code(LOINC, "34133-9", "Summary of episode note"),
        "subject": _to(made, "patient"),
        "encounter": _to(made, "encounter"),
        "date": _instant(made.signed_at),
        "author": [_to(made, "author", made.author.name)],
        "title": "Epikrise fra legevakt",
        "attester": _attesters(made),
        "custodian": _to(made, "station", made.station),
        "section": [*map(_section, made.sections), *_diagnosis_section(made)],
    }
    if made.replaces is not None:
        found["relatesTo"] = [
            {
                "code": "replaces",
                "targetIdentifier": {"system": URI, "value": made.replaces.urn},
            }
        ]
    return found


def _attesters(made: Epikrise) -> list[Resource]:
    """Who has signed: the author, and the doctor who signed a LIS1's note as well."""
    found = [
        {
            "mode": "professional",
            "time": _instant(made.signed_at),
            "party": _to(made, "author", made.author.name),
        }
    ]
    if made.countersigner is not None and made.countersigned_at is not None:
        found.append(
            {
                "mode": "legal",
                "time": _instant(made.countersigned_at),
                "party": _to(made, "countersigner", made.countersigner.name),
            }
        )
    return found


def _section(part: Section) -> Resource:
    return {
        "title": part.title,
        "code": {"coding": [{"system": LOINC, "code": part.loinc}], "text": part.title},
        "text": _narrative([part.text]),
    }


def _diagnosis_section(made: Epikrise) -> list[Resource]:
    """The diagnoses, or nothing where there are none: an empty section says nothing."""
    if not made.diagnoses:
        return []
    return [
        {
            "title": "Diagnoser",
            "code": {
                "coding": [{"system": LOINC, "code": "29308-4"}],
                "text": "Diagnoser",
            },
            "text": _narrative(f"{one.code} {one.text}" for one in made.diagnoses),
            "entry": [
                _to(made, f"diagnosis-{number}")
                for number in range(len(made.diagnoses))
            ],
        }
    ]


def _patient(made: Epikrise) -> Resource:
    """What is known; an unknown patient is a Patient with nothing but its fastlege."""
    found: Resource = {"resourceType": "Patient"}
    who = made.patient
    if who is not None:
        if who.national_id:
            system = PERSON_ID.get(who.id_kind)
            number = {"value": who.national_id}
            found["identifier"] = [{"system": system} | number if system else number]
        if who.name:
            name: Resource = {"use": "official", "text": who.name}
            if who.family:
                name["family"] = who.family
            if who.given:
                name["given"] = who.given.split()
            found["name"] = [name]
        if who.sex in GENDER:
            found["gender"] = GENDER[who.sex]
        if who.birth_date is not None:
            found["birthDate"] = who.birth_date.isoformat()
    found["generalPractitioner"] = [_to(made, "fastlege", made.fastlege.name)]
    return found


def _encounter(made: Epikrise) -> Resource:
    found: Resource = {
        "resourceType": "Encounter",
        "status": "finished" if made.left_at is not None else "in-progress",
        "class": {"system": CLASS, "code": "AMB", "display": "ambulatory"},
        "subject": _to(made, "patient"),
        "participant": [{"individual": _to(made, "author", made.author.name)}],
        "period": {"start": _instant(made.came_at)},
    }
    if made.left_at is not None:
        found["period"]["end"] = _instant(made.left_at)
    if made.reason is not None:
        found["reasonCode"] = [_code(ICPC2, made.reason.code, made.reason.text)]
    if made.diagnoses:
        found["diagnosis"] = [
            {"condition": _to(made, f"diagnosis-{number}"), "rank": number + 1}
            for number in range(len(made.diagnoses))
        ]
    found["serviceProvider"] = _to(made, "station", made.station)
    return found


def _practitioner(who: Who) -> Resource:
    found: Resource = {"resourceType": "Practitioner"}
    if who.hpr:
        found["identifier"] = [{"system": HPR, "value": who.hpr}]
    found["name"] = [{"text": who.name}]
    return found


def _station(made: Epikrise) -> Resource:
    found: Resource = {"resourceType": "Organization", "name": made.station}
    if made.station_phone:
        found["telecom"] = [{"system": "phone", "value": made.station_phone}]
    return found


def _office(made: Epikrise) -> Resource:
    found: Resource = {"resourceType": "Organization"}
    if made.office_her_id:
        found["identifier"] = [{"system": HER, "value": made.office_her_id}]
    found["name"] = made.office
    return found


def _condition(made: Epikrise, coded: Coded) -> Resource:
    return {
        "resourceType": "Condition",
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
        "category": [{"coding": [{"system": CATEGORY, "code": "encounter-diagnosis"}]}],
        "code": _code(ICPC2, coded.code, coded.text),
        "subject": _to(made, "patient"),
        "encounter": _to(made, "encounter"),
        "recordedDate": _instant(made.signed_at),
        "recorder": _to(made, "author", made.author.name),
    }
