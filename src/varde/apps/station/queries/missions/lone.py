"""The alarms of those who are out alone, with the list of steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from varde.apps.records.models import LoneAlarm, LoneStep
from varde.apps.sentral.messages import LONE_STEP
from varde.apps.sentral.queries import reference
from varde.apps.station.messages.missions import FOUND


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step that was reached; `done_by` is "" until somebody has done it."""

    id: int
    words: str
    reached_at: datetime
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneAlarmLine:
    """An alarm. `answered_by` is "" while it stands."""

    id: int
    last_sign_at: datetime
    due_at: datetime
    raised_at: datetime
    sign_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    found: str
    note: str
    steps: tuple[StepLine, ...]


def alarm_lines(mission_ids: Iterable[int]) -> dict[int, list[LoneAlarmLine]]:
    """The alarms of missions, the latest first, by mission. Two queries."""
    found: dict[int, list[LoneAlarmLine]] = {}
    rows = LoneAlarm.objects.filter(mission__in=list(mission_ids))
    for row in rows.prefetch_related("steps").order_by("-raised_at", "-pk"):
        found.setdefault(row.mission_id, []).append(_line(row))
    return found


def _line(row: LoneAlarm) -> LoneAlarmLine:
    steps = sorted(row.steps.all(), key=lambda one: (one.reached_at, one.pk))
    return LoneAlarmLine(
        id=row.pk,
        last_sign_at=row.last_sign_at,
        due_at=row.due_at,
        raised_at=row.raised_at,
        sign_at=row.sign_at,
        answered_at=row.answered_at,
        answered_by=_name(row.answered_by_id),
        found=str(FOUND[LoneAlarm.Found(row.found)]) if row.found else "",
        note=row.note,
        steps=tuple(
            StepLine(
                id=one.pk,
                words=str(LONE_STEP[LoneStep.Step(one.step)]),
                reached_at=one.reached_at,
                done_at=one.done_at,
                done_by=_name(one.done_by_id),
            )
            for one in steps
        ),
    )


def _name(user_id: int | None) -> str:
    return reference.person_name(user_id) if user_id is not None else ""
