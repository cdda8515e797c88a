"""One patient as the doctor sees it: who, why here, what was judged, measured and found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from varde.apps.records.models import Attendance, Contact, Look, VitalSigns
from varde.apps.sentral import messages
from varde.apps.sentral.queries import reference, review_case
from varde.apps.sentral.services.triage import age_years
from varde.apps.station.access import StationPlace
from varde.apps.station.messages import doctors as words
from varde.apps.station.queries import doctor_states, orders
from varde.apps.station.queries.board import CHILD_UNDER_YEARS
from varde.apps.station.queries.point_of_care import tests
from varde.domain.news2 import Band, Sign


MOST_MEASURED = 12  # the last ones; a patient who is measured each quarter for 3 hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The vital signs of one moment, in the order of `domain.news2.Sign`; "" where not
    measured. `news2` is None where it was not computed."""

    at: datetime
    by: str
    values: tuple[str, ...]
    news2: int | None
    band: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One look at the waiting patient."""

    at: datetime
    by: str
    result: str
    note: str
    was_in_time: bool | None


def page(
    attendance: Attendance, place: StationPlace, *, me: int, now: datetime
) -> dict[str, Any]:
    """All that the doctor's page shows. The number of queries does not grow with it."""
    contact: Contact = attendance.contact
    age = age_years(contact.patient, on=timezone.localdate(now))
    found = orders.of_attendance(attendance)
    measured = _measured(contact)
    doctors = doctor_states.on_duty(place, now=now)
    standing = {order.test.code for order in found if order.is_open}
    return {
        "attendance": attendance,
        "contact": contact,
        "patient": contact.patient,
        "case": review_case.case(contact, now=now),
        "is_child": age is not None and age < CHILD_UNDER_YEARS,
        "orders": found,
        "tests": [test for test in tests().values() if test.code not in standing],
        "measured": measured,
        "sign_rows": [
            (str(messages.FIELD[sign]), [one.values[place] for one in measured])
            for place, sign in enumerate(Sign)
        ],
        "looks": _looks(attendance),
        "colleagues": [doctor for doctor in doctors if doctor.user_id != me],
        "ends": [(str(code), label) for code, label in words.END.items()],
        "is_mine": attendance.doctor_id == me,
        "doctor": _name(attendance.doctor_id),
        "end_text": words.END.get(Attendance.End(attendance.end))
        if attendance.end
        else "",
    }


def _measured(contact: Contact) -> tuple[Measured, ...]:
    """The last vital signs, the newest first."""
    rows = VitalSigns.objects.filter(contact=contact).order_by("-occurred_at", "-pk")
    return tuple(
        Measured(
            at=row.occurred_at,
            by=_name(row.by_id),
            values=tuple(_shown(sign, row.values.get(sign)) for sign in Sign),
            news2=row.news2,
            band=_band(row),
        )
        for row in rows[:MOST_MEASURED]
    )


def _band(row: VitalSigns) -> str:
    band = row.values.get("news2", {}).get("band")
    return str(messages.BAND[Band(band)]) if band else ""


def _shown(sign: Sign, value: object) -> str:
    if value is None:
        return ""
    if sign is Sign.ON_OXYGEN:
        return str(words.ON_OXYGEN if value else words.ON_AIR)
    return str(value).replace(".", ",")


def _looks(attendance: Attendance) -> tuple[Looked, ...]:
    rows = Look.objects.filter(attendance=attendance).order_by("-occurred_at", "-pk")
    return tuple(
        Looked(
            at=row.occurred_at,
            by=_name(row.by_id),
            result=str(words.LOOK[Look.Result(row.result)]),
            note=row.note,
            was_in_time=row.was_in_time,
        )
        for row in rows
    )


def _name(user_id: int | None) -> str:
    return reference.person_name(user_id) if user_id is not None else ""
