"""The board of the beds: who lies where, since when, and when a doctor looks next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    Attendance,
    Bed,
    BedKind,
    BedLook,
    BedPlacement,
    BedStay,
    Outcome,
    Patient,
)
from varde.apps.sentral.queries import reference, review
from varde.apps.sentral.queries.age import age_text
from varde.apps.station.access import StationPlace, sentral_of
from varde.apps.station.messages import beds as words
from varde.domain import beds as domain
from varde.domain.beds import BedTime, LookPicture, LookState, PlannedLook


@dataclass(frozen=True, slots=True, kw_only=True)
class InBed:
    """A patient in a bed, as the board shows it."""

    stay_id: int
    contact_id: int
    name: str  # "" where nobody knows who it is
    age: str
    complaint: str
    admitted_at: datetime
    lain: str  # how long, in words
    limit: str
    is_over: bool
    doctor: str
    look: str
    is_late: bool
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BedRow:
    """A bed, and who lies in it: None where it is free."""

    id: int
    code: str
    kind: str
    lies: InBed | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BedGroup:
    """The beds of one kind."""

    kind: str
    title: str
    rows: tuple[BedRow, ...]

    @property
    def free(self) -> int:
        """How many nobody lies in."""
        return sum(row.lies is None for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be laid in a bed."""

    contact_id: int
    name: str
    age: str
    complaint: str = ""
    due_at: datetime | None = None
    is_late: bool = False
    ticket: str = ""


def hours_by_kind(
    key: str, place: StationPlace, *, at: datetime
) -> Mapping[str, float | None]:
    """A setting of hours by kind of bed, as it holds at the station on that day."""
    found: dict[str, float | None] = settings.value(
        key,
        on=timezone.localdate(at),
        station_id=place.id,
        district_id=place.district_id,
    )
    return found


def board(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """Every bed in use, by kind, and those for whom the sentral decided on KAD."""
    beds = list(Bed.objects.filter(station=place.id, last_on=None))
    lying = {
        row.bed_id: row
        for row in BedPlacement.objects.filter(
            bed__in=[bed.pk for bed in beds], ends_at=None
        ).select_related("stay__contact__patient")
    }
    looks = looks_of(row.stay_id for row in lying.values())
    limits = hours_by_kind("beds.limit_h", place, at=now)
    titles = review.titles_in_use(sentral_of(place))
    rows = [
        BedRow(
            id=bed.pk,
            code=bed.code,
            kind=bed.kind,
            lies=_in_bed(
                lying[bed.pk].stay,
                looks.get(lying[bed.pk].stay_id, []),
                limits=limits,
                titles=titles,
                now=now,
            )
            if bed.pk in lying
            else None,
        )
        for bed in beds
    ]
    groups = [
        BedGroup(
            kind=kind,
            title=str(words.KIND[BedKind(kind)]),
            rows=tuple(row for row in rows if row.kind == kind),
        )
        for kind in BedKind.values
    ]
    return {
        "groups": [group for group in groups if group.rows],
        "to_admit": waiting_for_kad(place, now=now, titles=titles),
        "late_looks": sum(row.lies is not None and row.lies.is_late for row in rows),
    }


def looks_of(stays: Iterable[int]) -> dict[int, list[BedLook]]:
    """Every look of these stays, the first planned or done first."""
    found: dict[int, list[BedLook]] = {}
    for row in BedLook.objects.filter(stay__in=list(stays)).order_by("pk"):
        found.setdefault(row.stay_id, []).append(row)
    return found


def look_picture(
    looks: Iterable[BedLook], *, now: datetime, has_ended: bool
) -> LookPicture:
    """Where the doctor's looks stand, and when anybody last looked."""
    known = list(looks)
    picture = domain.planned_look(
        [
            PlannedLook(planned_at=row.planned_at, done_at=row.done_at)
            for row in known
            if row.planned_at is not None
        ],
        now=now,
        has_ended=has_ended,
    )
    seen = max((row.done_at for row in known if row.done_at is not None), default=None)
    return LookPicture(
        state=picture.state,
        next_at=picture.next_at,
        last_seen_at=seen,
        overdue_min=picture.overdue_min,
    )


def bed_time(
    stay: BedStay, limits: Mapping[str, float | None], *, now: datetime
) -> BedTime:
    """The hours of a stay against the limit of its kind."""
    return domain.hours_in_bed(
        domain.BedStay(bed="", admitted_at=stay.admitted_at, ended_at=stay.left_at),
        now=now,
        limit_hours=limits.get(stay.kind),
    )


def waiting_for_kad(
    place: StationPlace, *, now: datetime, titles: Mapping[str, str] | None = None
) -> list[Candidate]:
    """Those for whom the sentral decided on KAD and who are not in a bed yet."""
    rows = (
        Outcome.objects.filter(
            Q(station=None) | Q(station=place.id),
            kind=Outcome.Kind.KAD,
            state=Outcome.State.OPEN,
            contact__district=place.district_id,
        )
        .select_related("contact__patient")
        .order_by("due_at", "pk")
    )
    on = timezone.localdate(now)
    named = titles or {}
    return [
        Candidate(
            contact_id=row.contact_id,
            name=_name(row.contact.patient),
            age=_age(row.contact.patient, on=on),
            complaint=named.get(row.contact.complaint, row.contact.complaint),
            due_at=row.due_at,
            is_late=row.due_at is not None and row.due_at < now,
        )
        for row in rows
    ]


def here_now(place: StationPlace, *, now: datetime) -> list[Candidate]:
    """Those who are at the station."""
    rows = (
        Attendance.objects.filter(station=place.id, ended_at=None)
        .select_related("contact__patient")
        .order_by("arrived_at", "pk")
    )
    on = timezone.localdate(now)
    return [
        Candidate(
            contact_id=row.contact_id,
            name=_name(row.contact.patient),
            age=_age(row.contact.patient, on=on),
            ticket=row.ticket,
        )
        for row in rows
    ]


def suggested_look(kind: str, place: StationPlace, *, now: datetime) -> datetime:
    """When a doctor's next look is proposed: by the setting, on a whole quarter."""
    hours = hours_by_kind("beds.look_h", place, at=now).get(kind) or 1
    at = now + timedelta(hours=hours)
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)


def _in_bed(
    stay: BedStay,
    looks: list[BedLook],
    *,
    limits: Mapping[str, float | None],
    titles: Mapping[str, str],
    now: datetime,
) -> InBed:
    patient = stay.contact.patient
    time = bed_time(stay, limits, now=now)
    look = look_picture(looks, now=now, has_ended=False)
    return InBed(
        stay_id=stay.pk,
        contact_id=stay.contact_id,
        name=_name(patient),
        age=_age(patient, on=timezone.localdate(now)),
        complaint=titles.get(stay.contact.complaint, stay.contact.complaint),
        admitted_at=stay.admitted_at,
        lain=words.length_words(time.hours),
        limit=words.limit_words(time),
        is_over=time.is_over is True,
        doctor=reference.person_name(stay.doctor_id),
        look=words.look_words(look),
        is_late=look.state in {LookState.OVERDUE, LookState.NONE_PLANNED},
        last_seen_at=look.last_seen_at,
    )


def _name(patient: Patient | None) -> str:
    return patient.name if patient is not None else ""


def _age(patient: Patient | None, *, on: date) -> str:
    if patient is None:
        return ""
    return age_text(patient.birth_date, patient.estimated_age, on=on)
