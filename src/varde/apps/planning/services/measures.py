"""Measures for places from which people have longer than an hour to a legevakt."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.planning.measure_kinds import measure_kinds
from varde.apps.records.models import CompensatingMeasure, District, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services.acting import log, needed_day
from varde.apps.station.services import typed
from varde.domain.errors import Rule, RuleBroken


LONGEST_RESPONSIBLE = 120
LONGEST_NOTE = 1000
OPEN = (CompensatingMeasure.State.PLANNED, CompensatingMeasure.State.STARTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePlace:
    """A place beyond the limit, as it is now. `minutes` is None where no road leads."""

    municipality: str
    name: str
    people: int
    minutes: int | None


@transaction.atomic
def plan_measure(
    *,
    workplace: Workplace,
    at_place: MeasurePlace | None,
    kind: str,
    responsible: str,
    due_on: str,
    state: str,
    note: str,
    by: User,
    at: datetime,
) -> CompensatingMeasure:
    """Plan a measure for a place. `at_place` None: what was chosen is not beyond the limit.

    Raises FIELD_NOT_VALID (place, kind, responsible, due_on, measure_state, note), and
    MEASURE_IS_PLANNED where the place has one of this kind that is not dropped.
    """
    if at_place is None:
        raise not_valid("place", Why.NOT_A_CHOICE)
    chosen = typed.choice("kind", kind, list(measure_kinds()))
    values = _values(
        kind=chosen,
        responsible=responsible,
        due_on=due_on,
        state=state,
        note=note,
        was_due_on=None,
        today=timezone.localdate(at),
    )
    # Two at a time would both see that there is none.
    District.objects.select_for_update().get(pk=workplace.district_id)
    _refuse_second(
        district_id=workplace.district_id,
        municipality=at_place.municipality,
        place=at_place.name,
        kind=chosen,
    )
    row = CompensatingMeasure.objects.create(
        district_id=workplace.district_id,
        municipality_id=at_place.municipality,
        place=at_place.name,
        kind=chosen,
        people=at_place.people,
        minutes=at_place.minutes,
        made_by=by,
        made_at=at,
        changed_by=by,
        changed_at=at,
        **values,
    )
    log(
        "measure_planned",
        row,
        by=by,
        at=at,
        place=workplace,
        municipality=at_place.municipality,
        kind=chosen,
        state=row.state,
        due_on=row.due_on.isoformat(),
    )
    return row


@transaction.atomic
def change_measure(
    *,
    workplace: Workplace,
    measure_id: int,
    seen: str,
    responsible: str,
    due_on: str,
    state: str,
    note: str,
    by: User,
    at: datetime,
) -> CompensatingMeasure:
    """Change what is planned. `seen` is the version that was on the screen.

    Saving what stands there already changes nothing and leaves no trace. Raises
    FIELD_NOT_VALID as for `plan_measure`, CHANGED_BY_ANOTHER (by, at), and
    MEASURE_IS_PLANNED where a dropped one would become the second of its kind.
    """
    District.objects.select_for_update().get(pk=workplace.district_id)
    row = CompensatingMeasure.objects.select_for_update().get(
        pk=measure_id, district_id=workplace.district_id
    )
    if seen != str(row.row_version):
        raise RuleBroken(
            Rule.CHANGED_BY_ANOTHER,
            by=row.changed_by.name,
            at=row.changed_at.isoformat(),
        )
    values = _values(
        kind=row.kind,
        responsible=responsible,
        due_on=due_on,
        state=state,
        note=note,
        was_due_on=row.due_on,
        today=timezone.localdate(at),
    )
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return row
    if row.state == CompensatingMeasure.State.DROPPED:
        _refuse_second(
            district_id=row.district_id,
            municipality=row.municipality_id,
            place=row.place,
            kind=row.kind,
        )
    before = row.state
    for name, value in values.items():
        setattr(row, name, value)
    row.row_version += 1
    row.changed_by, row.changed_at = by, at
    row.save()
    log(
        "measure_changed",
        row,
        by=by,
        at=at,
        place=workplace,
        fields=["measure_state" if name == "state" else name for name in changed],
        was=before,
        state=row.state,
        due_on=row.due_on.isoformat(),
    )
    return row


def _values(
    *,
    kind: str,
    responsible: str,
    due_on: str,
    state: str,
    note: str,
    was_due_on: date | None,
    today: date,
) -> dict[str, object]:
    due = needed_day("due_on", due_on)
    chosen = typed.choice("measure_state", state, CompensatingMeasure.State.values)
    # One that is late keeps its date until a new one is given.
    if chosen in OPEN and due < today and due != was_due_on:
        raise not_valid("due_on", Why.IN_THE_PAST)
    told = plain("note", note, longest=LONGEST_NOTE)
    if kind == "other" and not told:
        raise not_valid("note", Why.EMPTY)
    return {
        "responsible": typed.needed(
            "responsible", responsible, longest=LONGEST_RESPONSIBLE
        ),
        "due_on": due,
        "state": chosen,
        "note": told,
    }


def _refuse_second(
    *, district_id: int, municipality: str, place: str, kind: str
) -> None:
    if kind == "other":
        return
    there = CompensatingMeasure.objects.filter(
        district_id=district_id, municipality_id=municipality, place=place, kind=kind
    ).exclude(state=CompensatingMeasure.State.DROPPED)
    if there.exists():
        raise RuleBroken(Rule.MEASURE_IS_PLANNED)
