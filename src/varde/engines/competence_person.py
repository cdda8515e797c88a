"""One person's documents and experience from a JSON file, read and checked."""

import json
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from varde.domain.competence.holding import FIRST_DAY, LAST_DAY
from varde.domain.competence.person import (
    Counted,
    Days,
    Dispensation,
    Document,
    LocalNumber,
    Person,
    Role,
    Service,
)
from varde.domain.competence.rules import Kind, Rulebook
from varde.domain.errors import BadInput


type Row = dict[str, object]

LIS1_EXCEPTION = "lis1_exception"
NAMES = (
    "role",
    "documents",
    "experience",
    "lis1",
    "dispensations",
    LIS1_EXCEPTION,
    "local",
)
PERIOD = ("from", "to")
MOST_ROWS = 10_000  # of one list; ours
MOST_DUTIES = 100_000  # of one line; ours


def read_person(text: str, *, filename: str, book: Rulebook) -> Person:
    """The person that a file tells of, checked against what the rules know.

    Raises `BadInput`, naming where in the file: for text that is not JSON, a name that is
    not known, a kind that the rulebook does not list for the role, a day that is no date or
    outside 1900 to 2199, a period that ends before it begins, a share that is not above 0
    and at most 1, a count that is no whole number, a dispensation without an end or from a
    demand that may not be set aside.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise _fault(
            filename, None, f"is not JSON ({_short(fault)})", "Mend the file"
        ) from None
    reader = _Reader(filename=filename, book=book)
    return reader.person(tree)


class _Reader:
    """Reads one file. `where` is the way to a value, as `documents[2].from`."""

    def __init__(self, *, filename: str, book: Rulebook) -> None:
        self.filename = filename
        self.book = book

    def person(self, tree: object) -> Person:
        row = self._row(tree, "the file", NAMES)
        role = self._role(row)
        experience = self._rows(row, "experience")
        counts = set(self.book.counts)
        return Person(
            role=role,
            documents=tuple(
                self._document(one, where, role)
                for where, one in self._rows(row, "documents")
            ),
            services=tuple(
                self._service(one, where, role)
                for where, one in experience
                if one.get("kind") not in counts
            ),
            counted=tuple(
                self._counted(one, where, role)
                for where, one in experience
                if one.get("kind") in counts
            ),
            lis1=tuple(
                self._period(self._row(one, where, PERIOD), where)
                for where, one in self._rows(row, "lis1")
            ),
            dispensations=tuple(
                self._dispensation(one, where, role)
                for where, one in self._rows(row, "dispensations")
            ),
            choices={
                LIS1_EXCEPTION: tuple(
                    self._period(self._row(one, where, PERIOD), where)
                    for where, one in self._rows(row, LIS1_EXCEPTION)
                )
            },
            local=self._local(row),
        )

    def _role(self, row: Row) -> Role:
        known = [role.value for role in Role]
        found = row.get("role")
        if found not in known:
            raise self._wrong("role", f"must be one of {', '.join(known)}", found)
        return Role(str(found))

    def _document(self, row: Row, where: str, role: Role) -> Document:
        self._row(row, where, ("kind", *PERIOD))
        kind = self._kind(row, where, self.book.documents.values(), role)
        return Document(kind=kind, days=self._period(row, where))

    def _service(self, row: Row, where: str, role: Role) -> Service:
        kinds = [*self.book.services.values(), *self.book.counts.values()]
        kind = self._kind(row, where, kinds, role)
        self._row(row, where, ("kind", *PERIOD, "share"))
        days = self._period(row, where)
        share = row.get("share", 1)
        if isinstance(share, bool) or not isinstance(share, int | float):
            raise self._wrong(f"{where}.share", "must be a number", share)
        if not 0 < share <= 1:
            raise self._wrong(f"{where}.share", "must be above 0 and at most 1", share)
        return Service(
            kind=kind,
            starts_on=days.first,
            last_on=days.last,
            share=Fraction(str(share)),
        )

    def _counted(self, row: Row, where: str, role: Role) -> Counted:
        kind = self._kind(row, where, self.book.counts.values(), role)
        self._row(row, where, ("kind", "on", "count"))
        count = self._whole(row, "count", where, least=0, most=MOST_DUTIES)
        return Counted(kind=kind, on=self._day(row, "on", where), count=count)

    def _dispensation(self, row: Row, where: str, role: Role) -> Dispensation:
        self._row(row, where, ("demand", *PERIOD))
        known = sorted(
            {
                demand.code
                for rule in self.book.rules
                if rule.role is role
                for demand in rule.every_demand()
                if demand.may_be_dispensed
            }
        )
        found = row.get("demand")
        if found not in known:
            raise self._wrong(
                f"{where}.demand", f"must be one of {', '.join(known)}", found
            )
        days = self._period(row, where)
        if days.last is None:
            raise self._wrong(f"{where}.to", "must be given: a dispensation ends", None)
        return Dispensation(demand=str(found), days=days)

    def _local(self, row: Row) -> tuple[LocalNumber, ...]:
        found = row.get("local", {})
        names = sorted(
            {
                demand.test.local
                for rule in self.book.rules
                for demand in rule.every_demand()
                if hasattr(demand.test, "local") and demand.test.local
            }
        )
        local = self._row(found, "local", names)
        return tuple(
            LocalNumber(
                name=name,
                first=FIRST_DAY,
                number=self._whole(local, name, "local", least=0, most=MOST_DUTIES),
            )
            for name in local
        )

    def _kind(self, row: Row, where: str, kinds: Iterable[Kind], role: Role) -> str:
        known = sorted(kind.code for kind in kinds if role in kind.roles)
        found = row.get("kind")
        if found not in known:
            allowed = ", ".join(known) or "none for this role"
            raise self._wrong(f"{where}.kind", f"must be one of: {allowed}", found)
        return str(found)

    def _period(self, row: Row, where: str) -> Days:
        first = self._day(row, "from", where)
        last = None if row.get("to") is None else self._day(row, "to", where)
        if last is not None and last < first:
            raise self._wrong(f"{where}.to", "is before from", last.isoformat())
        return Days(first=first, last=last)

    def _day(self, row: Row, name: str, where: str) -> date:
        found = row.get(name)
        try:
            day = date.fromisoformat(found) if isinstance(found, str) else None
        except ValueError:
            day = None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            raise self._wrong(
                f"{where}.{name}",
                f"must be a date from {FIRST_DAY} to {LAST_DAY}, as 2026-01-31",
                found,
            )
        return day

    def _whole(self, row: Row, name: str, where: str, *, least: int, most: int) -> int:
        found = row.get(name)
        is_whole = isinstance(found, int) and not isinstance(found, bool)
        if not is_whole or not least <= int(str(found)) <= most:
            raise self._wrong(
                f"{where}.{name}", f"must be a whole number, {least} to {most}", found
            )
        return int(str(found))

    def _rows(self, row: Row, name: str) -> list[tuple[str, Row]]:
        found = row.get(name, [])
        if not isinstance(found, list) or len(found) > MOST_ROWS:
            raise self._wrong(
                name, f"must be a list of at most {MOST_ROWS} lines", found
            )
        rows = []
        for place, one in enumerate(found):
            if not isinstance(one, dict):
                raise self._wrong(
                    f"{name}[{place}]", "must be an object with names", one
                )
            rows.append((f"{name}[{place}]", one))
        return rows

    def _row(self, found: object, where: str, names: Iterable[str]) -> Row:
        allowed = list(names)
        if not isinstance(found, dict):
            raise self._wrong(where, "must be an object with names", found)
        unknown = sorted(str(name) for name in found if name not in allowed)
        if unknown:
            raise _fault(
                self.filename,
                where,
                f"has a name that is not known: {_short(', '.join(unknown))}",
                f"Use {', '.join(allowed) or 'none'}",
            )
        return found

    def _wrong(self, where: str, problem: str, found: object) -> BadInput:
        said = "nothing" if found is None else _short(json.dumps(found))
        return _fault(self.filename, where, f"{problem}, and is {said}", "Mend it")


def _fault(filename: str, where: str | None, problem: str, cure: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure=f"{cure}, and run the command again. The format is in the handbook, "
        "«Kompetanse»",
    )


def _short(found: object) -> str:
    text = str(found)
    return text if len(text) <= 60 else f"{text[:59]}…"
