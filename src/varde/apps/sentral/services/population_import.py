"""Inhabitants of the municipalities are taken in: all of the file or nothing.

A figure that is stored and says the same changes nothing. One that says something else
stops the import, unless the stored one is to be replaced; an unknown number of those of 65
years is filled in. A number that the file does not know is never taken away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.models import Municipality, Population, User
from varde.domain.errors import BadInput
from varde.engines.population_file import Inhabitants, read_population


FIGURES = ("inhabitants", "inhabitants_65_plus")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was in the file. `left_out` are the lines of municipalities that are not here."""

    rows: int
    new: int
    changed: int
    unchanged: int
    left_out: int
    sha256: str


@transaction.atomic
def import_population(
    *,
    lines: Iterable[bytes],
    file: str,
    source: str,
    at: datetime,
    replace: bool = False,
    by: User | None = None,
) -> Imported:
    """Take in a file of inhabitants (`engines.population_file`), with its source.

    Lines of municipalities that nobody here has named are left out: a file may be of the
    whole nation. The import is one act in the log, with its counts and the file's SHA-256.

    Raises `BadInput`, and then nothing is changed: for whatever the reader refuses, for an
    empty source, and, without `replace`, for a figure that is stored otherwise.
    """
    if not source.strip() or len(source) > _longest_source():
        raise BadInput(
            file=file,
            problem=f"has no source of 1 to {_longest_source()} signs",
            cure="Say with --source where the figures come from, and import it again",
        )
    # Two imports come one after the other, whichever rows they touch.
    here = set(
        Municipality.objects.select_for_update()
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    known = {(row.municipality_id, row.year): row for row in Population.objects.all()}
    digest = sha256()
    counts = {"rows": 0, "new": 0, "changed": 0, "unchanged": 0, "left_out": 0}
    for one in read_population(_digested(lines, digest), file=file):
        counts["rows"] += 1
        if one.municipality not in here:
            counts["left_out"] += 1
            continue
        stored = known.get((one.municipality, one.year))
        counts[_stored(one, stored, file=file, source=source, replace=replace)] += 1
    done = Imported(**counts, sha256=digest.hexdigest())
    audit.log(
        what="population_imported",
        by=by,
        at=at,
        purpose="",
        data=counts | {"sha256": done.sha256},
    )
    return done


def _stored(
    one: Inhabitants,
    row: Population | None,
    *,
    file: str,
    source: str,
    replace: bool,
) -> str:
    """Store one line. Returns what became of it."""
    if row is None:
        Population.objects.create(
            municipality_id=one.municipality,
            year=one.year,
            inhabitants=one.inhabitants,
            inhabitants_65_plus=one.inhabitants_65_plus,
            source=source,
        )
        return "new"
    told = {name: getattr(one, name) for name in FIGURES}
    other = {
        name: value
        for name, value in told.items()
        if value is not None and value != getattr(row, name)
    }
    if not other:
        return "unchanged"
    for name, value in other.items():
        if getattr(row, name) is not None and not replace:
            raise BadInput(
                file=file,
                line=one.line_no,
                column=name,
                values=[str(value), str(getattr(row, name))],
                problem=f"municipality {one.municipality} is stored for {one.year} with "
                "another number (first what this line says, then what is stored)",
                cure="Correct the line, or import the file with --replace if the file "
                "is right",
            )
        setattr(row, name, value)
    row.source = source
    row.save(update_fields=[*other, "source"])
    return "changed"


def _longest_source() -> int:
    return int(Population._meta.get_field("source").max_length or 0)


def _digested(lines: Iterable[bytes], digest: Any) -> Iterator[bytes]:
    for line in lines:
        digest.update(line)
        yield line
