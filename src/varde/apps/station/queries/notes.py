"""The clinician's note as its screen shows it, and what waits for somebody."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.formats import localize

from varde.apps.records import qualifications, settings
from varde.apps.records.models import (
    Attendance,
    ClinicalNote,
    Contact,
    FastlegeNote,
    Phrase,
    Role,
    User,
    VitalSigns,
)
from varde.apps.sentral.messages import FIELD
from varde.apps.sentral.queries import codes, triage_index
from varde.apps.sentral.queries.age import age_text
from varde.apps.sentral.queries.codes import Code
from varde.apps.sentral.services.acting import is_doctor
from varde.apps.station.access import StationPlace
from varde.apps.station.note_parts import NEEDED, PARTS
from varde.domain.news2 import Sign


State = ClinicalNote.State
MOST_LISTED = 100
NOT_NUMBERS = frozenset({Sign.ON_OXYGEN, Sign.CONSCIOUSNESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One field of the note. `is_needed`: it is not signed without."""

    name: str
    title: str
    text: str = field(repr=False)
    is_needed: bool
    key: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One signed version, with how far its epikrise has come ("": none)."""

    id: int
    number: int
    state: str
    author: str
    is_by_lis1: bool
    signed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_note: str = field(repr=False)
    correction: str = field(repr=False)
    parts: tuple[Part, ...]
    diagnoses: tuple[Code, ...]
    epikrise: FastlegeNote | None


def screen(
    of: Contact, *, user: User, place: StationPlace, now: datetime
) -> dict[str, Any]:
    """Everything on the screen of one contact's note."""
    rows = list(
        ClinicalNote.objects.filter(contact=of)
        .select_related("author", "decided_by", "epikrise")
        .order_by("-version")
    )
    versions = [_version(row) for row in rows if row.version is not None]
    draft = next((r for r in rows if _is_draft_of(r, user)), None)
    last = next((row for row in rows if row.version is not None), None)
    shown = draft or last
    patient = of.patient
    on = timezone.localdate(now)
    is_waiting = last is not None and last.state == State.WAITING
    return {
        "contact": of,
        "patient": patient,
        "age": age_text(
            patient.birth_date if patient else None,
            patient.estimated_age if patient else None,
            on=on,
        ),
        "attendance": _attendance(of),
        "complaint": triage_index.titles(of).get(of.complaint, ""),
        "reason": codes.find(of.reason_code) if of.reason_code else None,
        "vitals": _vitals(of),
        "fastlege": of.fastlege,
        "draft": draft,
        "parts": _parts(shown),
        "diagnoses": _codes(shown.diagnoses if shown else []),
        "versions": versions,
        "newest": versions[0] if versions else None,
        "others": [
            row.author.name
            for row in rows
            if row.state == State.DRAFT and row.author_id != user.pk
        ],
        "may_countersign": is_waiting
        and last is not None
        and may_countersign(last, of, by=user, at=now),
        "phrases": phrases(user, place),
    }


def with_text(part: Part, text: str) -> Part:
    """The same field with another text in it."""
    return replace(part, text=text)


def may_countersign(
    note: ClinicalNote, contact: Contact, *, by: User, at: datetime
) -> bool:
    """Whether this person may sign a LIS1's note: a doctor there, another, and no LIS1."""
    return (
        by.pk != note.author_id
        and is_doctor(by, contact, at=at)
        and not qualifications.is_lis1(by.pk, on=timezone.localdate(at))
    )


def phrases(user: User, place: StationPlace) -> list[Phrase]:
    """A person's own phrases and the station's, by key. One's own goes before the
    station's of the same key."""
    rows = Phrase.objects.filter(user=user) | Phrase.objects.filter(station=place.id)
    found = {}
    for row in rows.order_by("key", "user"):
        found.setdefault(row.key, row)
    return list(found.values())


def phrase_for(phrase_id: int, *, user: User, place: StationPlace) -> Phrase:
    """One's own phrase or one of the station's. Raises 404."""
    rows = Phrase.objects.filter(user=user) | Phrase.objects.filter(station=place.id)
    found = rows.filter(pk=phrase_id).first()
    if found is None:
        raise Http404
    return found


def clinical_note_for(note_id: int, *, place: StationPlace) -> ClinicalNote:
    """A signed note of the station's district. The contact's door comes besides. 404."""
    found = (
        ClinicalNote.objects.filter(
            pk=note_id, district=place.district_id, version__isnull=False
        )
        .select_related("contact")
        .first()
    )
    if found is None:
        raise Http404
    return found


def epikrise_for(epikrise_id: int, *, place: StationPlace) -> FastlegeNote:
    """An epikrise of the station. Raises 404."""
    found = FastlegeNote.objects.filter(
        pk=epikrise_id, clinical_note__station=place.id
    ).first()
    if found is None:
        raise Http404
    return found


def lists(
    place: StationPlace, *, user: User, roles: frozenset[str], now: datetime
) -> dict[str, Any]:
    """What waits: my patients without a note, my drafts, what others want corrected, what
    waits for a doctor's signature, and the epikriser that did not arrive."""
    is_doctor = Role.DOCTOR in roles
    waiting = _newest(place).filter(state=State.WAITING).order_by("signed_at", "pk")
    mine = ClinicalNote.objects.filter(author=user, station=place.id)
    return {
        "without": _without_note(place, user=user, now=now),
        "drafts": _listed(mine.filter(state=State.DRAFT).order_by("saved_at")),
        "returned": _listed(
            _newest(place).filter(author=user, state=State.RETURNED).order_by("pk")
        ),
        "to_sign": _listed(waiting.exclude(author=user)) if is_doctor else [],
        "own_waiting": _listed(waiting.filter(author=user)),
        "failed": _failed(place),
        "queued": _epikriser(place)
        .filter(state__in=[FastlegeNote.State.QUEUED, FastlegeNote.State.SENT])
        .count(),
    }


def _version(row: ClinicalNote) -> Version:
    if row.version is None or row.signed_at is None:
        raise ValueError(f"note {row.pk} is a draft")
    return Version(
        id=row.pk,
        number=row.version,
        state=row.state,
        author=row.author.name,
        is_by_lis1=row.author_is_lis1,
        signed_at=row.signed_at,
        decided_by=row.decided_by.name if row.decided_by is not None else "",
        decided_at=row.decided_at,
        decision_note=row.decision_note,
        correction=row.correction,
        parts=tuple(part for part in _parts(row) if part.text),
        diagnoses=_codes(row.diagnoses),
        epikrise=getattr(row, "epikrise", None),
    )


def _parts(row: ClinicalNote | None) -> tuple[Part, ...]:
    return tuple(
        Part(
            name=name,
            title=str(FIELD[name]),
            text=getattr(row, name) if row is not None else "",
            is_needed=name in NEEDED,
            key=number,
        )
        for number, name in enumerate(PARTS, start=1)
    )


def _codes(found: list[str]) -> tuple[Code, ...]:
    return tuple(Code(code=code, text=codes.text_of(code)) for code in found)


def _is_draft_of(row: ClinicalNote, user: User) -> bool:
    return row.state == State.DRAFT and row.author_id == user.pk


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The last vital signs: each that was measured with its name, and NEWS2 if computed."""

    occurred_at: datetime
    news2: int | None
    signs: tuple[tuple[str, str], ...]


def _vitals(of: Contact) -> Measured | None:
    rows = VitalSigns.objects.filter(contact=of).order_by("-occurred_at", "-pk")
    row = rows.first()
    if row is None:
        return None
    return Measured(
        occurred_at=row.occurred_at,
        news2=row.news2,
        signs=tuple(
            (str(FIELD[sign]), str(localize(row.values[sign])))
            for sign in Sign
            if sign not in NOT_NUMBERS and row.values.get(sign) is not None
        ),
    )


def _attendance(of: Contact) -> Attendance | None:
    rows = Attendance.objects.filter(contact=of).select_related("doctor")
    return rows.order_by("-arrived_at", "-pk").first()


def _newest(place: StationPlace) -> QuerySet[ClinicalNote]:
    """The station's notes, each contact's newest version only."""
    later = ClinicalNote.objects.filter(
        contact=OuterRef("contact"), version__gt=OuterRef("version")
    )
    return ClinicalNote.objects.filter(station=place.id).exclude(Exists(later))


def _listed(rows: QuerySet[ClinicalNote]) -> list[ClinicalNote]:
    return list(
        rows.select_related("contact__patient", "author", "decided_by")[:MOST_LISTED]
    )


def _without_note(
    place: StationPlace, *, user: User, now: datetime
) -> list[Attendance]:
    """Patients that this person has or had, whose note nobody has signed."""
    hours = settings.value(
        "note.look_back_h",
        on=timezone.localdate(now),
        district_id=place.district_id,
        station_id=place.id,
    )
    signed = ClinicalNote.objects.filter(
        contact=OuterRef("contact"), version__isnull=False
    )
    begun = ClinicalNote.objects.filter(
        contact=OuterRef("contact"), author=user, state=State.DRAFT
    )
    return list(
        Attendance.objects.filter(
            station=place.id,
            doctor=user,
            arrived_at__gte=now - timedelta(hours=hours),
        )
        .exclude(Exists(signed))
        .exclude(Exists(begun))
        .select_related("contact__patient")
        .order_by("arrived_at", "pk")[:MOST_LISTED]
    )


def _epikriser(place: StationPlace) -> QuerySet[FastlegeNote]:
    return FastlegeNote.objects.filter(
        kind=FastlegeNote.Kind.EPIKRISE, clinical_note__station=place.id
    )


def _failed(place: StationPlace) -> list[FastlegeNote]:
    rows = _epikriser(place).filter(state=FastlegeNote.State.FAILED)
    found = rows.select_related("contact__patient", "fastlege__office")
    return list(found.order_by("failed_at", "pk")[:MOST_LISTED])
