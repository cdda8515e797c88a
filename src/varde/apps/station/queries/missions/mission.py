"""One mission: where, who, its times, and what is doubtful about them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import Mission, MissionPress, User
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.messages.missions import DOUBT, LEG, PRESS
from varde.apps.station.queries.missions.lone import alarm_lines
from varde.apps.station.queries.missions.waiting import where_to
from varde.domain.mission import CHAIN, Doubt, Leg, Press, legs, next_leg, out_of_order


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRow:
    """One leg: its button, its time, and what is doubtful. `press_id`: which to correct."""

    leg: str
    words: str
    button: str
    at: datetime | None
    press_id: int | None
    is_next: bool
    is_out_of_order: bool
    is_corrected: bool
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PressRow:
    """One press in the history, or the correction of one."""

    id: int
    words: str
    at: datetime | None
    recorded_at: datetime
    device_at: datetime | None
    by: str
    doubt: str
    is_correction: bool
    reason: str


def mission_page(mission: Mission, *, person: User, now: datetime) -> dict[str, Any]:
    """Everything on the page of a mission, for one of the crew or another clinician."""
    contact = mission.contact
    patient = contact.patient
    born = patient.birth_date if patient is not None else None
    guess = patient.estimated_age if patient is not None else None
    crew = list(mission.crew.select_related("person").order_by("since", "pk"))
    is_out = mission.ended_at is None and mission.free_at is None
    alarms = alarm_lines([mission.pk]).get(mission.pk, [])
    ask_min = settings.value(
        "mission.ask_min",
        on=timezone.localdate(now),
        station_id=mission.station_id,
        district_id=mission.district_id,
    )
    return {
        "mission": mission,
        "contact": contact,
        "patient": patient,
        "age": age_text(born, guess, on=timezone.localdate(now)),
        "where": where_to(contact),
        "crew": crew,
        "crew_now": [row for row in crew if row.until is None],
        "is_out": is_out,
        "is_mine": is_out
        and any(row.person_id == person.pk and row.until is None for row in crew),
        "has_code": is_out and hasattr(mission, "secret"),
        "ask_s": ask_min * 60,
        "lone_alarms": alarms,
        "standing": next((one for one in alarms if one.answered_at is None), None),
        **time_rows(mission),
    }


def time_rows(mission: Mission) -> dict[str, Any]:
    """The legs with their buttons, and every press behind them."""
    rows = list(
        mission.presses.select_related("by", "corrects").order_by("recorded_at", "pk")
    )
    presses = [
        Press(
            key=str(row.key),
            leg=Leg(row.what),
            at=row.occurred_at,
            recorded_at=row.recorded_at,
            corrects=str(row.corrects.key) if row.corrects else "",
        )
        for row in rows
        if row.what != MissionPress.What.SIGN
    ]
    found = legs(presses)
    wrong = out_of_order(found)
    coming = next_leg(found) if mission.ended_at is None else None
    return {
        "mission": mission,
        "legs": [
            _leg(leg, rows, at=found.get(leg), is_wrong=leg in wrong, coming=coming)
            for leg in CHAIN
        ],
        "presses": [_press(row) for row in reversed(rows)],
        "to_check": bool(wrong) or any(row.doubt for row in rows),
    }


def _leg(
    leg: Leg,
    rows: list[MissionPress],
    *,
    at: datetime | None,
    is_wrong: bool,
    coming: Leg | None,
) -> LegRow:
    mine = [row for row in rows if row.what == leg]
    corrected = {row.corrects_id: row for row in mine if row.corrects_id}
    roots = [row for row in mine if row.corrects_id is None]
    counts = next(
        (row for row in roots if corrected.get(row.pk, row).occurred_at == at), None
    )
    doubts = [
        str(DOUBT[Doubt(row.doubt)])
        for row in roots
        if row.doubt and row.pk not in corrected
    ]
    is_corrected = counts is not None and counts.pk in corrected
    return LegRow(
        leg=leg,
        words=str(LEG[leg]),
        button=str(PRESS[leg]),
        at=at,
        press_id=counts.pk if counts is not None and at is not None else None,
        is_next=leg is coming,
        is_out_of_order=is_wrong,
        is_corrected=is_corrected,
        doubts=tuple(dict.fromkeys(doubts)),
    )


def _press(row: MissionPress) -> PressRow:
    return PressRow(
        id=row.pk,
        words=str(PRESS[row.what]),
        at=row.occurred_at,
        recorded_at=row.recorded_at,
        device_at=row.device_at,
        by=reference.person_name(row.by_id),
        doubt=str(DOUBT[Doubt(row.doubt)]) if row.doubt else "",
        is_correction=row.corrects_id is not None,
        reason=row.reason,
    )
