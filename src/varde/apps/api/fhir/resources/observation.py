"""Observation: each judgement of hastegrad, and each vital sign with NEWS2.

One row of vital signs holds several signs: each is a resource of its own, with its own
beginning of the id. A sign that was not measured is not sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from varde.apps.api.fhir import kinds, systems
from varde.apps.api.fhir.filters import NONE, Filter, always, at, chosen, ids
from varde.apps.api.fhir.kinds import Kind, Parameter, Source, Type
from varde.apps.api.fhir.parts import (
    Json,
    coding,
    concept,
    contact,
    moment,
    patient,
    person,
)
from varde.apps.api.fhir.resources import hastegrad, of_contact
from varde.apps.api.fhir.values import Token
from varde.apps.records.models import Assessment, VitalSigns
from varde.domain.news2 import Consciousness, Sign


OWN = systems.own("observation")
CONSCIOUSNESS = systems.own("acvpu")
AXIS = {
    Assessment.Axis.PHONE: "Hastegrad på telefonen",
    Assessment.Axis.ARRIVAL: "Hastegrad ved oppmøte",
}
ACVPU: dict[str, str] = {
    Consciousness.ALERT: "Våken",
    Consciousness.CONFUSION: "Nyoppstått forvirring",
    Consciousness.VOICE: "Reagerer på tiltale",
    Consciousness.PAIN: "Reagerer på smerte",
    Consciousness.UNRESPONSIVE: "Reagerer ikke",
}
VITAL = {"coding": [coding(systems.OBSERVATION_CATEGORY, "vital-signs")]}
SURVEY = {"coding": [coding(systems.OBSERVATION_CATEGORY, "survey")]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How one vital sign is told: its codes, and how its value is written."""

    prefix: str
    codes: tuple[tuple[str, str, str], ...]  # system, code, words
    value: Callable[[VitalSigns], Json]
    there: Q


def _quantity(sign: Sign, *, unit: str, code: str) -> Callable[[VitalSigns], Json]:
    def value(row: VitalSigns) -> Json:
        return _amount(row.values[sign], unit=unit, code=code)

    return value


# What an older version stored, and no rule of today lets in.
UNREADABLE = {"dataAbsentReason": concept(systems.ABSENT, "error")}


def _amount(value: object, *, unit: str, code: str) -> Json:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return UNREADABLE
    amount = {"value": value, "unit": unit, "system": systems.UCUM, "code": code}
    return {"valueQuantity": amount}


def _pressure(row: VitalSigns) -> Json:
    """The panel that FHIR asks for; the lower pressure is not registered in Varde."""
    return {
        "component": [
            {
                "code": concept(systems.LOINC, "8480-6", "Systolic blood pressure"),
            }
            | _amount(row.values[Sign.SYSTOLIC_BP], unit="mmHg", code="mm[Hg]"),
            {
                "code": concept(systems.LOINC, "8462-4", "Diastolic blood pressure"),
                "dataAbsentReason": concept(systems.ABSENT, "unsupported"),
            },
        ]
    }


def _consciousness(row: VitalSigns) -> Json:
    code = row.values[Sign.CONSCIOUSNESS]
    if code not in ACVPU:
        return UNREADABLE
    return {"valueCodeableConcept": concept(CONSCIOUSNESS, code, ACVPU[code])}


def _oxygen(row: VitalSigns) -> Json:
    given = row.values[Sign.ON_OXYGEN]
    return {"valueBoolean": given} if isinstance(given, bool) else UNREADABLE


def _news2(row: VitalSigns) -> Json:
    """The total, with the scale for SpO2 that it was counted by."""
    return {
        "valueInteger": row.news2,
        "component": [
            {
                "code": concept(OWN, "spo2-scale", "NEWS2-skala for SpO2"),
                "valueInteger": row.scale,
            }
        ],
    }


def _measured(sign: Sign) -> Q:
    return Q(values__has_key=str(sign))


MEASURES = (
    Measure(
        prefix="news2",
        codes=((OWN, "news2", "NEWS2, samlet skår"),),
        value=_news2,
        there=Q(news2__isnull=False),
    ),
    Measure(
        prefix="rr",
        codes=((systems.LOINC, "9279-1", "Respiratory rate"),),
        value=_quantity(Sign.RESPIRATION_RATE, unit="/min", code="/min"),
        there=_measured(Sign.RESPIRATION_RATE),
    ),
    Measure(
        prefix="spo2",
        codes=(
            (
                systems.LOINC,
                "2708-6",
                "Oxygen saturation in Arterial blood",
            ),
            (
                systems.LOINC,
                "59408-5",
                "Oxygen saturation in Arterial blood by Pulse oximetry",
            ),
        ),
        value=_quantity(Sign.SPO2, unit="%", code="%"),
        there=_measured(Sign.SPO2),
    ),
    Measure(
        prefix="o2",
        codes=((OWN, "on-oxygen", "Får oksygen"),),
        value=_oxygen,
        there=_measured(Sign.ON_OXYGEN),
    ),
    Measure(
        prefix="bp",
        codes=(
            (
                systems.LOINC,
                "85354-9",
                "Blood pressure panel with all children optional",
            ),
        ),
        value=_pressure,
        there=_measured(Sign.SYSTOLIC_BP),
    ),
    Measure(
        prefix="hr",
        codes=((systems.LOINC, "8867-4", "Heart rate"),),
        value=_quantity(Sign.PULSE, unit="/min", code="/min"),
        there=_measured(Sign.PULSE),
    ),
    Measure(
        prefix="acvpu",
        codes=((systems.LOINC, "67775-7", "Level of responsiveness"),),
        value=_consciousness,
        there=_measured(Sign.CONSCIOUSNESS),
    ),
    Measure(
        prefix="temp",
        codes=((systems.LOINC, "8310-5", "Body temperature"),),
        value=_quantity(Sign.TEMPERATURE_C, unit="°C", code="Cel"),
        there=_measured(Sign.TEMPERATURE_C),
    ),
)


def assessments(districts: frozenset[int]) -> QuerySet[Assessment]:
    """The judgements of hastegrad in these districts, on both axes."""
    return Assessment.objects.filter(district__in=districts).select_related(
        "contact", "by", "index_version"
    )


def signs(districts: frozenset[int], *, there: Q) -> QuerySet[VitalSigns]:
    """The rows of vital signs in these districts that hold one sign."""
    return VitalSigns.objects.filter(there, district__in=districts).select_related(
        "contact", "by"
    )


def draw_assessment(row: Assessment) -> Json:
    """One judgement of hastegrad, and what the criteria said."""
    index = row.index_version
    return _of_contact(row) | {
        "category": [SURVEY],
        "code": concept(OWN, f"hastegrad-{row.axis}", AXIS[Assessment.Axis(row.axis)]),
        "valueCodeableConcept": hastegrad.level(row.axis, row.hastegrad),
        "note": [{"text": row.reason_lowered}] if row.reason_lowered else [],
        "method": {"text": f"{index.title} {index.version}" if index else ""},
        "component": [
            {
                "code": concept(OWN, "by-criteria", "Hastegrad etter kriteriene"),
                "valueCodeableConcept": hastegrad.level(row.axis, row.by_criteria),
            }
        ]
        if row.by_criteria
        else [],
    }


def draw_sign(row: VitalSigns, *, measure: Measure) -> Json:
    """One vital sign of a row of them."""
    return (
        _of_contact(row)
        | {
            "category": [VITAL],
            "code": {"coding": [coding(*one) for one in measure.codes]},
        }
        | measure.value(row)
    )


def _of_contact(row: Any) -> Json:
    return {
        "status": "final",
        "subject": patient(row.contact.patient_id),
        "encounter": contact(row.contact_id),
        "effectiveDateTime": moment(row.occurred_at),
        "issued": moment(row.recorded_at),
        "performer": [person(row.by)],
    }


def _filters(prefix: str, *, category: str, code: Filter) -> dict[str, Filter]:
    return of_contact.filters() | {
        "_id": ids(prefix),
        "date": at("occurred_at"),
        "status": always(["final"]),
        "category": always([category], system=systems.OBSERVATION_CATEGORY),
        "code": code,
    }


def _code(measure: Measure) -> Filter:
    def compare(token: Token) -> Q:
        fits = any(
            token.code in {"", code} and token.system in {None, system}
            for system, code, _ in measure.codes
        )
        return ~NONE if fits else NONE

    return compare


def _source(measure: Measure) -> Source:
    return Source(
        prefix=measure.prefix,
        rows=partial(signs, there=measure.there),
        filters=_filters(measure.prefix, category="vital-signs", code=_code(measure)),
        draw=partial(draw_sign, measure=measure),
        about=of_contact.about,
        moment=lambda row: row.recorded_at,
    )


KIND = Kind(
    name="Observation",
    about="Hastegrad on each axis, vital signs with LOINC codes, and NEWS2.",
    parameters=(
        kinds.ID,
        kinds.PATIENT,
        kinds.SUBJECT,
        kinds.PATIENT_NUMBER,
        kinds.ENCOUNTER,
        kinds.date("When it was judged or measured."),
        kinds.status("final: nothing is sent before it is written."),
        Parameter(
            name="code",
            type=Type.TOKEN,
            about=f"LOINC, or in {OWN} hastegrad-phone, hastegrad-arrival, news2,"
            " on-oxygen.",
        ),
        Parameter(name="category", type=Type.TOKEN, about="survey or vital-signs."),
    ),
    sources=(
        Source(
            prefix="h",
            rows=assessments,
            filters=_filters(
                "h",
                category="survey",
                code=chosen(
                    {f"hastegrad-{axis}": Q(axis=axis) for axis in Assessment.Axis},
                    system=OWN,
                ),
            ),
            draw=draw_assessment,
            about=of_contact.about,
            moment=lambda row: row.recorded_at,
        ),
        *map(_source, MEASURES),
    ),
)
