"""Finding rows and making resources of them: a constant number of queries a page."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Max

from varde.apps.api.fhir.asking import Cursor, Search
from varde.apps.api.fhir.filters import row_number
from varde.apps.api.fhir.kinds import About, Kind, Source
from varde.apps.api.fhir.parts import Json, moment, whole
from varde.apps.records.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Found:
    """A row, and the table of its type that it was found in."""

    source: Source
    row: Any

    @property
    def about(self) -> About:
        """Whom it is about."""
        return self.source.about(self.row)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A resource, whom it is about, its version and when it last changed."""

    resource: Json
    about: About
    version: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a search. `after` is where the next one begins, if there is one."""

    drawn: Sequence[Drawn]
    after: Cursor | None


def page_of(search: Search, *, districts: frozenset[int]) -> Page:
    """The newest rows of the first table, then those of the next, from where one was.

    The order is that of the row numbers, so that a page holds neither a row of an earlier
    page nor skips one, whatever is written in between.
    """
    found: list[tuple[Cursor, Found]] = []
    start = search.after or Cursor(0, 0)
    for number, source in enumerate(search.kind.sources):
        condition = search.condition(source)
        if number < start.source or condition is None:
            continue
        rows = source.rows(districts).filter(condition).order_by("-pk")
        if search.after is not None and number == start.source:
            rows = rows.filter(pk__lt=start.row)
        found += (
            (Cursor(number, row.pk), Found(source, row))
            for row in rows[: search.count + 1 - len(found)]
        )
        if len(found) > search.count:
            break
    shown = found[: search.count]
    return Page(
        drawn=draw(search.kind, [one for _, one in shown]),
        after=shown[-1][0] if len(found) > search.count else None,
    )


def one_of(kind: Kind, resource_id: str, *, districts: frozenset[int]) -> Drawn | None:
    """The resource with this id, if it is within these districts."""
    for source in kind.sources:
        number = row_number(resource_id, source.prefix)
        if number is None:
            continue
        row = source.rows(districts).filter(pk=number).first()
        return draw(kind, [Found(source, row)])[0] if row is not None else None
    return None


def draw(kind: Kind, found: Sequence[Found]) -> list[Drawn]:
    """The resources of some rows, each with its version."""
    changes = _last_changes([one.about for one in found])
    return [_drawn(kind, one, changes) for one in found]


def _drawn(kind: Kind, found: Found, changes: dict[About, datetime]) -> Drawn:
    about = found.about
    content = whole(
        {"resourceType": kind.name, "id": found.source.id_of(found.row)}
        | found.source.draw(found.row)
    )
    # The version is that of the content, so that it changes when, and only when, that does.
    told = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
    version = sha256(told).hexdigest()[:20]
    known = [changes.get(about), found.source.moment(found.row)]
    changed_at = max((at for at in known if at is not None), default=None)
    meta = {"versionId": version, "lastUpdated": moment(changed_at)} | content.get(
        "meta", {}
    )
    head = {name: content.pop(name) for name in ("resourceType", "id")}
    content.pop("meta", None)
    return Drawn(head | {"meta": whole(meta)} | content, about, version, changed_at)


def _last_changes(abouts: Iterable[About]) -> dict[About, datetime]:
    """When something about the same contact, or the same patient, last changed.

    By the log, which no write goes round. It may be later than the change of the resource
    itself, never earlier.
    """
    wanted = set(abouts)
    by_contact = _latest("contact_id", {one.contact_id for one in wanted} - {None})
    alone = {one.patient_id for one in wanted if one.contact_id is None} - {None}
    by_patient = _latest("patient_id", alone)
    found = {}
    for one in wanted:
        at = (
            by_patient.get(one.patient_id)
            if one.contact_id is None
            else by_contact.get(one.contact_id)
        )
        if at is not None:
            found[one] = at
    return found


def _latest(column: str, ids: set[int | None]) -> dict[int | None, datetime]:
    if not ids:
        return {}
    return dict(
        AuditEntry.objects.filter(kind=AuditEntry.Kind.CHANGE, **{f"{column}__in": ids})
        .values_list(column)
        .annotate(at=Max("recorded_at"))
    )
