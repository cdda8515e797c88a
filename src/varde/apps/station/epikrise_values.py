"""What an epikrise says, as plain values: text and FHIR document are made from these."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """An ICPC-2 code with its text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Somebody of the trade: a name, and the number in the national register ("": none)."""

    name: str
    hpr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The patient. Kept out of `repr`, and so of the logs."""

    name: str = field(repr=False)
    given: str = field(repr=False)
    family: str = field(repr=False)
    national_id: str = field(repr=False)
    id_kind: str
    birth_date: date | None = field(repr=False)
    sex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the note: its code in LOINC, its title and what it says."""

    loinc: str
    title: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Epikrise:
    """Everything that the epikrise says."""

    message_id: UUID
    version: int
    replaces: UUID | None  # the message of an earlier version that was sent
    replaces_version: int | None
    correction: str = field(repr=False)
    written_at: datetime
    signed_at: datetime
    station: str
    station_phone: str
    author: Who
    countersigner: Who | None
    countersigned_at: datetime | None
    fastlege: Who
    office: str
    office_her_id: str
    patient: Subject | None
    contact_id: int
    came_at: datetime
    left_at: datetime | None
    hastegrad: str
    reason: Coded | None
    diagnoses: tuple[Coded, ...]
    sections: tuple[Section, ...]
