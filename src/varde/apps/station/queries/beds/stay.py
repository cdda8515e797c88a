"""One stay in a bed: what is known of it, and what was asked and done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from varde.apps.records.models import Bed, BedKind, BedLook, BedPlacement, BedStay
from varde.apps.sentral.queries import reference
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import StationPlace
from varde.apps.station.messages import beds as words
from varde.apps.station.queries.beds import board
from varde.apps.station.queries.beds.criteria import criteria
from varde.domain.beds import LookState
from varde.engines.bed_criteria import YES


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """A look that was made."""

    done_at: datetime
    by: str
    planned_at: datetime | None
    was_late: str  # how late, in words; "" where it was in time or not planned
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A criterion with its answer."""

    text: str
    is_met: bool


def stay_shown(stay: BedStay, place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """Everything that the page of a stay shows."""
    patient = stay.contact.patient
    on = timezone.localdate(now)
    looks = board.looks_of([stay.pk]).get(stay.pk, [])
    done = [_look(row) for row in looks if row.done_at is not None]
    has_ended = stay.left_at is not None
    picture = board.look_picture(looks, now=now, has_ended=has_ended)
    limits = board.hours_by_kind("beds.limit_h", place, at=now)
    time = board.bed_time(stay, limits, now=now)
    placements = list(stay.placements.select_related("bed"))
    return {
        "stay": stay,
        "bed": placements[-1].bed,
        "kind": words.KIND[BedKind(stay.kind)],
        "name": patient.name if patient is not None else "",
        "age": age_text(patient.birth_date, patient.estimated_age, on=on)
        if patient is not None
        else "",
        "critical": patient.critical_note if patient is not None else "",
        "lain": words.length_words(time.hours),
        "limit": words.limit_words(time),
        "time": time,
        "look": picture,
        "look_words": words.look_words(picture),
        "is_late": picture.state in {LookState.OVERDUE, LookState.NONE_PLANNED},
        "looks": sorted(done, key=lambda row: row.done_at, reverse=True),
        "placements": placements if len(placements) > 1 else [],
        "doctor": reference.person_name(stay.doctor_id),
        "admitted_by": reference.person_name(stay.admitted_by_id),
        "left_by": reference.person_name(stay.left_by_id) if stay.left_by_id else "",
        "left_to": words.TO[BedStay.To(stay.left_to)] if stay.left_to else "",
        "answered": answered(stay),
    }


def answered(stay: BedStay) -> list[Answered]:
    """The criteria of the stay with their answers, in the words of today's list.

    An answer to a criterion that is not in the list any more is shown by its id.
    """
    asked = criteria()
    texts = {c.id: c.text for c in asked.lists.get(stay.kind, ())}
    answers: dict[str, str] = stay.criteria.get("answers", {})
    return [
        Answered(text=texts.get(code, code), is_met=answer == YES)
        for code, answer in answers.items()
    ]


def free_beds(place: StationPlace, *, kind: str | None = None) -> list[dict[str, Any]]:
    """The beds in use in which nobody lies, of one kind or all."""
    beds = Bed.objects.filter(station=place.id, last_on=None)
    if kind is not None:
        beds = beds.filter(kind=kind)
    taken = BedPlacement.objects.filter(
        bed__station=place.id, ends_at=None
    ).values_list("bed_id", flat=True)
    return [
        {
            "id": bed.pk,
            "code": bed.code,
            "kind_code": bed.kind,
            "kind": words.KIND[BedKind(bed.kind)],
        }
        for bed in beds.exclude(pk__in=list(taken))
    ]


def stay_in(bed_id: int) -> int | None:
    """The stay that is in the bed now, as far as one may see it."""
    return (
        BedPlacement.objects.filter(bed=bed_id, ends_at=None)
        .values_list("stay_id", flat=True)
        .first()
    )


def _look(row: BedLook) -> LookRow:
    late = ""
    if row.planned_at is not None and row.done_at > row.planned_at:
        hours = (row.done_at - row.planned_at).total_seconds() / 3600
        late = _("%(late)s for sent") % {"late": words.length_words(hours)}
    return LookRow(
        done_at=row.done_at,
        by=reference.person_name(row.done_by_id),
        planned_at=row.planned_at,
        was_late=late,
        note=row.note,
    )
