"""People and their positions from the rows of a spreadsheet. Each cell is checked.

Every fault is found in one reading, and named by its cell as a spreadsheet does: B3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from varde.engines.sheet_rows import (
    FIRST_DAY,
    CellFault,
    RowsRefused,
    Sheet,
    heading_line,
    heading_of,
    rows_with_text,
)


NEEDED = ("brukernavn", "fornavn", "etternavn", "stilling", "prosent", "fra")
OPTIONAL = ("hpr", "arbeidsgiver", "kommune", "arbeidstid", "til")
_LONGEST = {"brukernavn": 150, "fornavn": 150, "etternavn": 150, "arbeidsgiver": 120}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One row: a person, one position, and documents by kind with their day.

    `line` is the row's number in the sheet, from 1. `municipality` is a number or "".
    """

    line: int
    username: str
    first_name: str
    last_name: str
    hpr_number: str
    category: str
    share: Decimal
    employer: str
    municipality: str
    law: str
    first_on: date
    last_on: date | None
    documents: Mapping[str, date] = field(default_factory=dict)


def read_rows(
    rows: Sequence[Sequence[str]],
    *,
    categories: Mapping[str, str],
    laws: Mapping[str, str],
    doctors: Iterable[str],
    kinds: Iterable[str],
    today: date,
) -> tuple[PersonRow, ...]:
    """The people in a sheet. Its first row with text is the heading.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells as text. Rows without any text are passed over.
    categories, laws : mapping
        What a cell may say (in small letters) and the code it means.
    doctors : iterable of str
        The categories to whom SFS 2305 applies where the sheet does not say.
    kinds : iterable of str
        Documents that may be columns, their cells the day of the document.
    today : date
        A document from a later day is not there yet.

    Raises
    ------
    RowsRefused
        With every fault: a column that is missing or not known, and each cell.
    """
    reader = _Sheet(
        heading_line=heading_line(rows),
        heading=heading_of(rows),
        categories=categories,
        laws=laws,
        doctors=frozenset(doctors),
        kinds=frozenset(kinds),
        today=today,
    )
    reader.check_heading(needed=NEEDED, optional=(*OPTIONAL, *reader.kinds))
    found = [reader.person(line, cells) for line, cells in rows_with_text(rows)]
    reader.check_count(len(found))
    reader.refuse_twice(found)
    if reader.faults:
        raise RowsRefused(reader.faults)
    return tuple(found)


@dataclass(slots=True, kw_only=True)
class _Sheet(Sheet):
    """Reads one sheet of people."""

    categories: Mapping[str, str]
    laws: Mapping[str, str]
    doctors: frozenset[str]
    kinds: frozenset[str]
    today: date

    def person(self, line: int, cells: Sequence[str]) -> PersonRow:
        text = self.texts(cells)
        category = self.choice(line, text, "stilling", self.categories)
        usual = "sfs2305" if category in self.doctors else "aml"
        law = (
            self.choice(line, text, "arbeidstid", self.laws)
            if text.get("arbeidstid")
            else usual
        )
        first = self.day(line, text, "fra") or FIRST_DAY
        last = self.day(line, text, "til") if text.get("til") else None
        if last is not None and last < first:
            self.at(line, "til", CellFault.BEFORE_THE_FIRST)
        return PersonRow(
            line=line,
            username=self._username(line, text),
            first_name=self._text(line, text, "fornavn"),
            last_name=self._text(line, text, "etternavn"),
            hpr_number=self._hpr(line, text),
            category=category,
            share=self._share(line, text),
            employer=self._text(line, text, "arbeidsgiver", may_be_empty=True),
            municipality=text.get("kommune", ""),
            law=law,
            first_on=first,
            last_on=last,
            documents=self._documents(line, text),
        )

    def refuse_twice(self, found: Sequence[PersonRow]) -> None:
        """The same position of one person on two rows, or two names for one person."""
        seen: set[tuple[object, ...]] = set()
        names: dict[str, tuple[str, str]] = {}
        for row in found:
            key = (row.username, row.category, row.employer, row.first_on)
            if row.username and key in seen:
                self.at(row.line, "brukernavn", CellFault.TWICE)
            seen.add(key)
            name = (row.first_name, row.last_name)
            if names.setdefault(row.username, name) != name:
                self.at(row.line, "etternavn", CellFault.NAME_DIFFERS)

    def _text(
        self,
        line: int,
        text: Mapping[str, str],
        name: str,
        *,
        may_be_empty: bool = False,
    ) -> str:
        found = text.get(name, "")
        if not found and not may_be_empty:
            self.at(line, name, CellFault.EMPTY)
        if len(found) > _LONGEST[name]:
            self.at(line, name, CellFault.TOO_LONG)
        return found

    def _username(self, line: int, text: Mapping[str, str]) -> str:
        found = self._text(line, text, "brukernavn")
        if found and not all(one.isalnum() or one in "@.+-_" for one in found):
            self.at(line, "brukernavn", CellFault.NOT_A_USERNAME)
        return found

    def _share(self, line: int, text: Mapping[str, str]) -> Decimal:
        cleaned = text["prosent"].rstrip("%").strip().replace(",", ".")
        try:
            percent = Decimal(cleaned)
        except InvalidOperation:
            percent = Decimal(0)
        if not percent.is_finite() or not 0 < percent <= 100:
            self.at(line, "prosent", CellFault.NOT_A_PERCENTAGE)
            return Decimal(0)
        return (percent / 100).quantize(Decimal("0.001"))

    def _hpr(self, line: int, text: Mapping[str, str]) -> str:
        found = text.get("hpr", "")
        is_number = found.isascii() and found.isdecimal() and 7 <= len(found) <= 9
        if found and not is_number:
            self.at(line, "hpr", CellFault.NOT_A_NUMBER)
        return found

    def _documents(self, line: int, text: Mapping[str, str]) -> dict[str, date]:
        found = {}
        for kind in self.kinds:
            if text.get(kind):
                day = self.day(line, text, kind)
                if day is not None and day > self.today:
                    self.at(line, kind, CellFault.IN_THE_FUTURE)
                elif day is not None:
                    found[kind] = day
        return found
