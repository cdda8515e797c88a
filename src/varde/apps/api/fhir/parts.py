"""The small parts that resources are made of. What is empty is left out everywhere."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from varde.apps.api.fhir import systems
from varde.apps.records.models import Patient, User


type Json = dict[str, Any]

NOT_IDENTIFIED = "Ikke identifisert"


def whole(resource: Mapping[str, Any]) -> Json:
    """A resource without its empty parts: FHIR knows no null, no "" and no empty list.

    >>> whole({"a": None, "b": [{}, {"c": ""}], "d": False, "e": 0})
    {'d': False, 'e': 0}
    """
    kept = {key: _kept(value) for key, value in resource.items()}
    return {key: value for key, value in kept.items() if not _is_empty(value)}


def _kept(value: Any) -> Any:
    if isinstance(value, dict):
        return whole(value)
    if isinstance(value, list | tuple):
        return [one for one in map(_kept, value) if not _is_empty(one)]
    if isinstance(value, str):
        return _text(value)
    return value


def _text(value: str) -> str:
    """Text as FHIR allows it: no signs that cannot be shown, no space around it."""
    return "".join(
        sign if sign.isprintable() or sign in "\n\t" else " " for sign in value
    ).strip()


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def moment(at: datetime | None) -> str | None:
    """A moment in UTC, to the millisecond at most."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def day(on: date | None) -> str | None:
    """A date."""
    return on.isoformat() if on is not None else None


def period(start: datetime | None, end: datetime | None) -> Json:
    """A period; without an end it goes on."""
    return {"start": moment(start), "end": moment(end)}


def coding(system: str, code: str, display: str = "") -> Json:
    """One code of one system."""
    return {"system": system, "code": code, "display": display}


def concept(system: str, code: str, display: str = "") -> Json:
    """A concept with one code; empty without a code."""
    return {"coding": [coding(system, code, display)]} if code else {}


def reference(kind: str, row_id: object, display: str = "") -> Json:
    """A reference to a resource of this server; empty without an id."""
    if row_id is None:
        return {}
    return {"reference": f"{kind}/{row_id}", "display": display}


def patient(patient_id: int | None) -> Json:
    """Whom it is about, without the name: that is in the patient's own resource."""
    if patient_id is None:
        return {"display": NOT_IDENTIFIED}
    return reference("Patient", patient_id)


def contact(contact_id: int | None) -> Json:
    """The contact, as an encounter."""
    if contact_id is None:
        return {}
    return reference("Encounter", f"c-{contact_id}")


def person(user: User | None) -> Json:
    """Somebody who works here."""
    if user is None:
        return {}
    return reference("Practitioner", f"u-{user.pk}", user.name)


def absent(why: str) -> Json:
    """Says of a part why it is not there."""
    return {"extension": [{"url": systems.ABSENT_EXTENSION, "valueCode": why}]}


def narrative(text: str) -> Json:
    """Plain text as the human-readable part of a resource."""
    lines = [line for one in text.splitlines() if (line := _text(one))]
    return {
        "status": "additional",
        "div": '<div xmlns="http://www.w3.org/1999/xhtml">'
        + "".join(f"<p>{escape(line)}</p>" for line in lines)
        + "</div>",
    }


def confidentiality(row: Patient) -> list[Json]:
    """How careful to be with a protected person."""
    known: dict[str, str] = {
        Patient.Protection.CONFIDENTIAL: "R",
        Patient.Protection.STRICTLY: "V",
    }
    code = known.get(row.protection)
    return [coding(systems.CONFIDENTIALITY, code)] if code else []
