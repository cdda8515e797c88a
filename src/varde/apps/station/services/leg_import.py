"""Legs of call-outs are taken in: all of them or nothing, and again without any change.

What is stored is never overwritten: a line that is stored and says the same changes
nothing; one that says something else stops the import. The rows are not about a patient.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import ImportedLegs, Station, User
from varde.domain.errors import BadInput
from varde.engines.missions.leg_file import LENGTHS, UnitLegs, read_legs


BATCH = 2000  # rows a statement
CONTENT = ("day", "alarmed_at", *LENGTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was in the file, and what of it was new."""

    rows: int
    new: int
    unchanged: int
    incidents: int
    sha256: str


@transaction.atomic
def import_legs(
    *,
    station: Station,
    lines: Iterable[bytes],
    file: str,
    at: datetime,
    by: User | None = None,
) -> Imported:
    """Take in a file of legs (`engines.missions.leg_file`) for a station.

    Moments without an offset are the clock in Norway. The import is one act in the log,
    with its counts and the file's SHA-256. Two imports to one station come one after the
    other.

    Raises `BadInput`, and then nothing is changed: for whatever the reader refuses, and for
    a line that is stored otherwise.
    """
    Station.objects.select_for_update().get(pk=station.pk)
    digest = sha256()
    known = {
        (row.incident, row.unit, row.row): row
        for row in ImportedLegs.objects.filter(station=station).iterator(BATCH)
    }
    new: list[ImportedLegs] = []
    incidents: set[str] = set()
    rows = 0
    zone = timezone.get_default_timezone()
    for one in read_legs(_digested(lines, digest.update), file=file, zone=zone):
        rows += 1
        incidents.add(one.incident)
        stored = known.get((one.incident, one.unit, one.row))
        if stored is None:
            new.append(_row(one, station))
        else:
            _refuse_other(one, stored, file=file)
    ImportedLegs.objects.bulk_create(new, batch_size=BATCH)
    done = Imported(
        rows=rows,
        new=len(new),
        unchanged=rows - len(new),
        incidents=len(incidents),
        sha256=digest.hexdigest(),
    )
    audit.log(
        what="legs_imported",
        by=by,
        at=at,
        district_id=station.district_id,
        place=station.code,
        purpose="",
        data={"rows": rows, "new": len(new), "sha256": done.sha256},
    )
    return done


def _digested(
    lines: Iterable[bytes], update: Callable[[bytes], None]
) -> Iterator[bytes]:
    for line in lines:
        update(line)
        yield line


def _row(one: UnitLegs, station: Station) -> ImportedLegs:
    return ImportedLegs(
        station=station,
        incident=one.incident,
        unit=one.unit,
        row=one.row,
        **{name: getattr(one, name) for name in CONTENT},
    )


def _refuse_other(one: UnitLegs, stored: ImportedLegs, *, file: str) -> None:
    for name in CONTENT:
        here, there = getattr(one, name), getattr(stored, name)
        if here != there:
            raise BadInput(
                file=file,
                line=one.line_no,
                column=LENGTHS.get(name, name),
                values=[_readable(here), _readable(there)],
                problem=f"unit {one.unit!r} of incident {one.incident!r} is stored with "
                "another value (first what this line says, then what is stored)",
                cure="What is stored is not overwritten: correct the line, or take it "
                "out, and import the file again",
            )


def _readable(value: object) -> str:
    return "" if value is None else str(value)
