"""Attendances are taken in: all of a set or nothing, and again without any change.

The sets that there are have no clock times. No time is made up for them, so they are not
attendances of the station: they are kept apart, and no number of the station counts them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.models import (
    ImportedAttendance,
    ImportedAttendanceSet,
    Patient,
    Station,
    User,
)
from varde.domain.errors import BadInput
from varde.domain.hastegrad import ARRIVAL
from varde.engines.triage.attendance_set import (
    MORE,
    Attendance,
    read_attendances,
)


BATCH = 500  # rows a statement
CONSCIOUSNESS = {1: "A", 2: "V", 3: "P", 4: "U"}  # the set has no new confusion
COLUMN_OF = {
    "age_years": "Age",
    "sex": "Sex",
    "vital_signs": "Mental, SBP, HR, RR, BT, Saturation",
    "hastegrad_arrival": "KTAS_expert",
    "hastegrad_nurse": "KTAS_RN",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was in the set, and what of it was new.

    By hastegrad: how many the experts gave it, and how many the nurse. `known_as` is the
    file's name when the set was stored before; "" for a new one.
    """

    rows: int
    new: int
    unchanged: int
    known_as: str
    by_expert: Mapping[str, int]
    by_nurse: Mapping[str, int]
    nurse_unknown: int
    sha256: str


@transaction.atomic
def import_attendances(
    *,
    station: Station,
    lines: Iterable[bytes],
    file: str,
    at: datetime,
    by: User | None = None,
) -> Imported:
    """Take in a set of attendances (`engines.triage.attendance_set`) for a station.

    A set is known by its content, also under another name. The import is one act in the
    log, with its counts and the SHA-256 of what was read. Two imports to one station come
    one after the other.

    Raises `BadInput`, and then nothing is changed: for whatever the reader refuses, and for
    a file whose name is stored with other content.
    """
    Station.objects.select_for_update().get(pk=station.pk)
    rows = [_row(one) for one in read_attendances(lines, file=file, also=MORE)]
    content = sha256(repr([_content(row) for row in rows]).encode()).hexdigest()
    sets = ImportedAttendanceSet.objects.filter(station=station)
    known = sets.filter(content_sha256=content).first()
    if known is None:
        _refuse_other(rows, sets.filter(file=file).first(), file=file)
        _store(rows, station=station, file=file, content=content, at=at)
    done = Imported(
        rows=len(rows),
        new=0 if known else len(rows),
        unchanged=len(rows) if known else 0,
        known_as=known.file if known else "",
        by_expert=_counts(row.hastegrad_arrival for row in rows),
        by_nurse=_counts(row.hastegrad_nurse for row in rows),
        nurse_unknown=sum(not row.hastegrad_nurse for row in rows),
        sha256=content,
    )
    audit.log(
        what="attendances_imported",
        by=by,
        at=at,
        district_id=station.district_id,
        place=station.code,
        purpose="",
        data={"rows": done.rows, "new": done.new, "sha256": content},
    )
    return done


def _store(
    rows: list[ImportedAttendance],
    *,
    station: Station,
    file: str,
    content: str,
    at: datetime,
) -> None:
    of_set = ImportedAttendanceSet.objects.create(
        station=station,
        file=file,
        content_sha256=content,
        imported_at=at,
    )
    for row in rows:
        row.of_set = of_set
    ImportedAttendance.objects.bulk_create(rows, batch_size=BATCH)


def _row(one: Attendance) -> ImportedAttendance:
    signs: dict[str, int | float | str | None] = {
        "respiration_rate": one.respiration_rate,
        "spo2": one.spo2,
        "systolic_bp": one.systolic_bp,
        "pulse": one.pulse,
        "consciousness": CONSCIOUSNESS[one.mental] if one.mental else None,
        "temperature_c": one.temperature_c,
    }
    sex = {True: Patient.Sex.WOMAN, False: Patient.Sex.MAN, None: ""}[one.is_woman]
    return ImportedAttendance(
        line_no=one.line_no,
        age_years=one.age_years,
        sex=str(sex),
        vital_signs={name: v for name, v in signs.items() if v is not None},
        hastegrad_arrival=_hastegrad(one.expert_level),
        hastegrad_nurse=_hastegrad(one.nurse_level) if one.nurse_level else "",
    )


def _hastegrad(level: int) -> str:
    """Level 1, the most urgent, is rød; 5 is blå."""
    return ARRIVAL.codes[level - 1]


def _content(row: ImportedAttendance) -> tuple[object, ...]:
    signs = tuple(sorted(row.vital_signs.items()))
    others = (getattr(row, name) for name in COLUMN_OF if name != "vital_signs")
    return (row.line_no, signs, *others)


def _counts(codes: Iterable[str]) -> dict[str, int]:
    found = list(codes)
    return {code: found.count(code) for code in ARRIVAL.codes}


def _refuse_other(
    rows: list[ImportedAttendance], known: ImportedAttendanceSet | None, *, file: str
) -> None:
    """A file of this name is stored, and it was not like this one."""
    if known is None:
        return
    cure = (
        "What is stored is not overwritten: give the file another name if it is another "
        "set, or take the file as it was"
    )
    stored = {row.line_no: row for row in known.attendances.all()}
    for row in rows:
        before = stored.pop(row.line_no, None)
        for name, column in COLUMN_OF.items() if before is not None else ():
            here, there = getattr(row, name), getattr(before, name)
            if here != there:
                raise BadInput(
                    file=file,
                    line=row.line_no,
                    column=column,
                    values=[str(here), str(there)],
                    problem="is stored with another value (first what this line says, "
                    "then what is stored)",
                    cure=cure,
                )
    raise BadInput(
        file=file,
        problem=f"holds {len(rows)} attendances, and a set of this name is stored with "
        f"{known.attendances.count()}",
        cure=cure,
    )
