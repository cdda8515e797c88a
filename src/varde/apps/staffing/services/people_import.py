"""People from a spreadsheet: all of them or nothing, and again without any change.

What is written is never overwritten: a row that says something else about a person or a
position that is there stops the import, with its cell.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

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
from varde.engines.people_rows import (
    CellFault,
    Fault,
    PersonRow,
    RowsRefused,
    cell_name,
    read_rows,
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
    heading = [cell.strip().casefold() for cell in rows[0]]
    taking = _Taking(heading=heading, at_place=at_place, by=by, at=at, allowed=allowed)
    for row in found:
        taking.take(row)
    if taking.faults:
        raise RowsRefused(taking.faults)
    done = Imported(
        rows=len(found),
        people=taking.people,
        positions=taking.positions,
        documents=taking.documents,
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
    """One import under way: what was new, and what is wrong."""

    def __init__(self, *, heading, at_place, by, at, allowed):
        self.heading = heading
        self.at_place = at_place
        self.by = by
        self.at = at
        self.allowed = allowed
        self.made: set[int] = set()
        self.people = self.positions = self.documents = 0
        self.faults: list[Fault] = []
        self.municipalities = dict(Municipality.objects.values_list("number", "name"))
        self.by_name = {name.casefold(): no for no, name in self.municipalities.items()}

    def take(self, row: PersonRow) -> None:
        """One row: the person, the position and the documents that are not there yet."""
        user = self._user(row)
        if user is None:
            return
        self._position(row, user)
        for kind, day in row.documents.items():
            same = CompetenceDocument.objects.filter(
                person=user, kind=kind, first_on=day, struck_at=None
            )
            if not same.exists():
                CompetenceDocument.objects.create(
                    person=user,
                    kind=kind,
                    first_on=day,
                    recorded_by=self.by or user,
                    recorded_at=self.at,
                )
                self.documents += 1

    def _user(self, row: PersonRow) -> User | None:
        user = User.objects.filter(username=row.username).first()
        if user is None:
            user = User(
                username=row.username,
                first_name=row.first_name,
                last_name=row.last_name,
                hpr_number=row.hpr_number,
            )
            user.set_unusable_password()
            user.save()
            self.made.add(user.pk)
            self.people += 1
            return user
        is_known = self.allowed is None or user.pk in self.allowed
        if not is_known and user.pk not in self.made:
            self._fault(row, "brukernavn", CellFault.WORKS_ELSEWHERE)
            return None
        if (user.first_name, user.last_name) != (row.first_name, row.last_name):
            self._fault(row, "etternavn", CellFault.NAME_DIFFERS)
            return None
        return user

    def _position(self, row: PersonRow, user: User) -> None:
        municipality = self._municipality(row)
        valid_to = None if row.last_on is None else row.last_on + ONE_DAY
        same = Position.objects.filter(
            person=user,
            category=row.category,
            employer=row.employer or USUAL_EMPLOYER,
            **self.at_place.where,
        )
        stored = same.filter(valid_from=row.first_on).first()
        if stored is not None:
            if (stored.share, stored.valid_to) != (row.share, valid_to):
                self._fault(row, "prosent", CellFault.POSITION_DIFFERS)
            return
        overlapping = same.exclude(valid_to__lte=row.first_on)
        if valid_to is not None:
            overlapping = overlapping.filter(valid_from__lt=valid_to)
        if overlapping.exists():
            self._fault(row, "fra", CellFault.POSITION_DIFFERS)
            return
        Position.objects.create(
            person=user,
            category=row.category,
            law=row.law,
            share=row.share,
            employer=row.employer or USUAL_EMPLOYER,
            municipality_id=municipality,
            valid_from=row.first_on,
            valid_to=valid_to,
            **self.at_place.where,
        )
        self.positions += 1

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
