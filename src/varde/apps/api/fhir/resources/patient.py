"""Patient: a person who has been in contact with a district."""

from django.db.models import Q, QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import NONE, chosen, ids, on
from varde.apps.api.fhir.kinds import About, Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import (
    Json,
    absent,
    coding,
    confidentiality,
    day,
    reference,
)
from varde.apps.records.models import Patient
from varde.domain.national_id import IdKind


GENDER = {Patient.Sex.MAN: "male", Patient.Sex.WOMAN: "female"}


def rows(districts: frozenset[int]) -> QuerySet[Patient]:
    """The patients of these districts."""
    return Patient.objects.filter(district__in=districts).select_related(
        "municipality", "fastlege"
    )


def draw(row: Patient) -> Json:
    """One patient. Where and how to reach a protected person is left out, as on screen."""
    return {
        "meta": {"security": confidentiality(row)},
        "extension": _more(row),
        "identifier": _identifiers(row),
        "active": row.merged_into_id is None,
        "name": [_name(row)],
        "telecom": _telecom(row),
        "gender": GENDER.get(row.sex, "unknown" if row.sex else ""),
        "birthDate": day(row.birth_date),
        "_birthDate": absent("unknown") if row.birth_date is None else {},
        "address": _addresses(row),
        "communication": [{"language": {"text": row.language}}] if row.language else [],
        "generalPractitioner": [
            reference("Practitioner", f"f-{row.fastlege.pk}", row.fastlege.name)
        ]
        if row.fastlege is not None
        else [],
        "link": [
            {
                "other": reference("Patient", row.merged_into_id),
                "type": "replaced-by",
            }
        ]
        if row.merged_into_id is not None
        else [],
    }


def _identifiers(row: Patient) -> list[Json]:
    found: list[Json] = []
    if row.national_id:
        system = systems.NATIONAL_ID.get(row.id_kind)  # type: ignore[call-overload]
        found.append(
            {
                "use": "official" if system else "secondary",
                "type": {}
                if system
                else {"text": _ID_WORDS.get(row.id_kind, "Nummer")},
                "system": system,
                "value": row.national_id,
            }
        )
    if row.other_id:
        found.append({"type": {"text": "Annet nummer"}, "value": row.other_id})
    return found


_ID_WORDS: dict[str, str] = {IdKind.H_NUMBER: "H-nummer"}


def _name(row: Patient) -> Json:
    if not row.given_name and not row.family_name:
        return absent("unknown")
    given = row.given_name.split()
    return {"use": "official", "family": row.family_name, "given": given}


def _telecom(row: Patient) -> list[Json]:
    if not row.phone or not row.shows_address:
        return []
    return [{"system": "phone", "value": row.phone}]


def _addresses(row: Patient) -> list[Json]:
    if not row.shows_address or not (row.address or row.municipality):
        return []
    place = row.municipality
    named = place is not None
    return [
        {
            "use": "home",
            "line": [row.address],
            "district": place.name if place is not None else "",
            "_district": {
                "extension": [
                    {
                        "url": systems.MUNICIPALITY_CODE,
                        "valueCoding": coding(
                            systems.MUNICIPALITY, place.number, place.name
                        ),
                    }
                ]
            }
            if place is not None
            else {},
            "country": "NO" if named else row.country,
        }
    ]


def _more(row: Patient) -> list[Json]:
    found: list[Json] = []
    if row.country:
        country = {"coding": [coding(systems.ISO_COUNTRY, row.country)]}
        found.append(
            {
                "url": systems.CITIZENSHIP,
                "extension": [{"url": "code", "valueCodeableConcept": country}],
            }
        )
    if row.birth_date is None and row.estimated_age is not None:
        age = {
            "value": row.estimated_age,
            "unit": "år",
            "system": systems.UCUM,
            "code": "a",
        }
        found.append({"url": systems.ESTIMATED_AGE, "valueAge": age})
    return found


KIND = Kind(
    name="Patient",
    about="A person known in the district. Two districts have a row each.",
    parameters=(
        kinds.ID,
        Parameter(
            name="identifier",
            type=Type.TOKEN,
            about="A national number, whole. By POST only.",
            is_secret=True,
        ),
        Parameter(
            name="birthdate",
            type=Type.DATE,
            about="The date of birth. By POST only.",
            is_secret=True,
        ),
        Parameter(
            name="active",
            type=Type.TOKEN,
            about="false: the row was merged into another.",
        ),
    ),
    sources=(
        Source(
            prefix="",
            rows=rows,
            filters={
                "_id": ids(""),
                "identifier": lambda _: (
                    NONE
                ),  # made a search by _id before it comes here
                "birthdate": on("birth_date"),
                "active": chosen(
                    {
                        "true": Q(merged_into=None),
                        "false": Q(merged_into__isnull=False),
                    }
                ),
            },
            draw=draw,
            about=lambda row: About(district_id=row.district_id, patient_id=row.pk),
            moment=lambda row: row.created_at,
        ),
    ),
)
