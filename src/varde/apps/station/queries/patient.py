"""One patient at the station: who, why, how urgent, and each look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from varde.apps.records.models import Assessment, Attendance, Look, Patient
from varde.apps.sentral.queries import contact as contact_queries
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import StationPlace
from varde.apps.station.messages import LOOK
from varde.apps.station.queries.board import is_child
from varde.apps.station.queries.what_for import titles_at, what_for


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """One look. `was_in_time` is None for rød, and where no hastegrad was set."""

    at: datetime
    by: str
    words: str
    note: str
    was_in_time: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedView:
    """One judgement of the urgency on one axis."""

    at: datetime
    by: str
    axis: str
    hastegrad: str
    reason_lowered: str


def patient_page(
    row: Attendance, place: StationPlace, *, now: datetime
) -> dict[str, Any]:
    """What the page of one patient shows. `row` comes with contact and patient."""
    contact = row.contact
    patient: Patient | None = contact.patient
    on = timezone.localdate(now)
    born = patient.birth_date if patient is not None else None
    guess = patient.estimated_age if patient is not None else None
    return {
        "attendance": row,
        "contact": contact,
        "patient": patient,
        "age": age_text(born, guess, on=on),
        "is_child": is_child(born, guess, on=on),
        "what_for": what_for(contact, titles_at(place)),
        "vitals_view": contact_queries.vitals_of(contact),
        "looks": looks(row),
        "judged": judged(row),
    }


def looks(row: Attendance) -> list[LookView]:
    """Every look, the last one first."""
    rows = Look.objects.filter(attendance=row).select_related("by")
    return [
        LookView(
            at=one.occurred_at,
            by=one.by.name,
            words=str(LOOK[Look.Result(one.result)]),
            note=one.note,
            was_in_time=one.was_in_time,
        )
        for one in rows.order_by("-occurred_at", "-pk")
    ]


def judged(row: Attendance) -> list[JudgedView]:
    """Every judgement of this contact, the last one first."""
    rows = Assessment.objects.filter(contact=row.contact_id).select_related("by")
    return [
        JudgedView(
            at=one.occurred_at,
            by=one.by.name,
            axis=one.axis,
            hastegrad=one.hastegrad,
            reason_lowered=one.reason_lowered,
        )
        for one in rows.order_by("-occurred_at", "-pk")
    ]
