"""People from a spreadsheet: all of them or nothing, and again without any change.

What is written is never overwritten: a row that says something else about a person or a
position that is there stops the import, with its cell.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import (
    CompetenceDocument,
    Municipality,
    Position,
    User,
)
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.competence_rules import ON_DUTY_AS, rulebook
from varde.apps.staffing.messages.people import CATEGORY, LAW
from varde.domain.competence.person import Role
from varde.engines.people_rows import PersonRow, read_rows
from varde.engines.sheet_rows import (
    CellFault,
    Fault,
    RowsRefused,
    cell_name,
    heading_of,
)


ONE_DAY = timedelta(days=1)
USUAL_EMPLOYER = "Kommunen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was in the sheet, and what of it was new."""

    rows: int
    people: int
    positions: int
    documents: int


@transaction.atomic
def import_people(
    rows: Sequence[Sequence[str]],
    *,
    at_place: Workplace,
    by: User | None,
    at: datetime,
    allowed: Collection[int] | None = None,
) -> Imported:
    """Take in a sheet for a workplace: people, one position a row, and documents.

    New people are made without a password and without a role: they see no patient. With
    `allowed`, of those who are known only these may be named: the rest work elsewhere.
    One line in the log, with the counts. Raises `RowsRefused`, and then nothing is changed.
    """
    found = read_rows(
        rows,
        categories={
            **{str(words).casefold(): code for code, words in CATEGORY.items()},
            **{code: code for code in CATEGORY},
        },
        laws={
            **{str(words).casefold(): code for code, words in LAW.items()},
            **{code: code for code in LAW},
        },
        doctors=[code for code, role in ON_DUTY_AS.items() if role is Role.DOCTOR],
        kinds=rulebook().documents,
        today=timezone.localdate(at),
    )
    heading = heading_of(rows)
    taking = _Taking(
        found, heading=heading, at_place=at_place, by=by, at=at, allowed=allowed
    )
    for row in found:
        taking.take(row)
    if taking.faults:
        raise RowsRefused(taking.faults)
    taking.write()
    done = Imported(
        rows=len(found),
        people=len(taking.people),
        positions=len(taking.positions),
        documents=len(taking.documents),
    )
    audit.log(
        what="people_imported",
        by=by,
        at=at,
        district_id=at_place.district_id,
        place=at_place.code,
        purpose="",
        data={
            "rows": done.rows,
            "people": done.people,
            "positions": done.positions,
            "documents": done.documents,
        },
    )
    return done


class _Taking:
    """One import under way: what is there, what is new, and what is wrong.

    What is there is read once, and what is new is written at the end: as many statements
    for a thousand rows as for one.
    """

    def __init__(self, rows, *, heading, at_place, by, at, allowed):
        self.heading = heading
        self.at_place = at_place
        self.by = by
        self.at = at
        self.allowed = allowed
        self.people: list[User] = []
        self.positions: list[Position] = []
        self.documents: list[CompetenceDocument] = []
        self.faults: list[Fault] = []
        self.municipalities = dict(Municipality.objects.values_list("number", "name"))
        self.by_name = {name.casefold(): no for no, name in self.municipalities.items()}
        known = User.objects.filter(username__in={row.username for row in rows})
        self.users = {user.username: user for user in known}
        # The log-in by HelseID goes by this number: it is never another's.
        numbers = {row.hpr_number for row in rows} - {""}
        self.numbers = set(
            User.objects.filter(hpr_number__in=numbers).values_list(
                "hpr_number", flat=True
            )
        )
        self.held: defaultdict[tuple[str, str, str], list[Position]] = defaultdict(list)
        held = Position.objects.filter(person__in=known, **at_place.where)
        for one in held.select_related("person"):
            self.held[one.person.username, one.category, one.employer].append(one)
        self.documented = set(
            CompetenceDocument.objects.filter(
                person__in=known, struck_at=None
            ).values_list("person__username", "kind", "first_on")
        )

    def take(self, row: PersonRow) -> None:
        """One row: the person, the position and the documents that are not there yet."""
        user = self._user(row)
        if user is None:
            return
        self._position(row, user)
        for kind, day in row.documents.items():
            if (user.username, kind, day) in self.documented:
                continue
            self.documented.add((user.username, kind, day))
            self.documents.append(
                CompetenceDocument(
                    person=user,
                    kind=kind,
                    first_on=day,
                    recorded_by=self.by or user,
                    recorded_at=self.at,
                )
            )

    def write(self) -> None:
        """Write what is new."""
        User.objects.bulk_create(self.people)
        Position.objects.bulk_create(self.positions)
        CompetenceDocument.objects.bulk_create(self.documents)

    def _user(self, row: PersonRow) -> User | None:
        user = self.users.get(row.username)
        if user is None and row.hpr_number in self.numbers:
            self._fault(row, "hpr", CellFault.HPR_TAKEN)
            return None
        if user is None:
            user = User(
                username=row.username,
                first_name=row.first_name,
                last_name=row.last_name,
                hpr_number=row.hpr_number,
            )
            user.set_unusable_password()
            self.users[row.username] = user
            self.numbers |= {row.hpr_number} - {""}
            self.people.append(user)
            return user
        is_known = self.allowed is None or user.pk in self.allowed or user.pk is None
        if not is_known:
            self._fault(row, "brukernavn", CellFault.WORKS_ELSEWHERE)
            return None
        if (user.first_name, user.last_name) != (row.first_name, row.last_name):
            self._fault(row, "etternavn", CellFault.NAME_DIFFERS)
            return None
        return user

    def _position(self, row: PersonRow, user: User) -> None:
        municipality = self._municipality(row)
        valid_to = None if row.last_on is None else row.last_on + ONE_DAY
        employer = row.employer or USUAL_EMPLOYER
        same = self.held[user.username, row.category, employer]
        stored = next((one for one in same if one.valid_from == row.first_on), None)
        if stored is not None:
            if (stored.share, stored.valid_to) != (row.share, valid_to):
                self._fault(row, "prosent", CellFault.POSITION_DIFFERS)
            return
        if any(_overlap(one, first=row.first_on, to=valid_to) for one in same):
            self._fault(row, "fra", CellFault.POSITION_DIFFERS)
            return
        position = Position(
            person=user,
            category=row.category,
            law=row.law,
            share=row.share,
            employer=employer,
            municipality_id=municipality,
            valid_from=row.first_on,
            valid_to=valid_to,
            **self.at_place.where,
        )
        same.append(position)
        self.positions.append(position)

    def _municipality(self, row: PersonRow) -> str | None:
        text = row.municipality
        if not text:
            return None
        found = (
            text if text in self.municipalities else self.by_name.get(text.casefold())
        )
        if found is None:
            self._fault(row, "kommune", CellFault.MUNICIPALITY_UNKNOWN)
        return found

    def _fault(self, row: PersonRow, column: str, why: CellFault) -> None:
        cell = cell_name(row.line, self.heading.index(column))
        self.faults.append(Fault(cell=cell, column=column, why=why))


def _overlap(position: Position, *, first: date, to: date | None) -> bool:
    """Whether a position holds on a day from a first one, up to and without another."""
    begins_before = to is None or position.valid_from < to
    return begins_before and (position.valid_to is None or position.valid_to > first)
