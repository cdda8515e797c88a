"""People and their positions from the rows of a spreadsheet. Each cell is checked.

Every fault is found in one reading, and named by its cell as a spreadsheet does: B3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum, auto

from varde.domain.errors import VardeError


NEEDED = ("brukernavn", "fornavn", "etternavn", "stilling", "prosent", "fra")
OPTIONAL = ("hpr", "arbeidsgiver", "kommune", "arbeidstid", "til")
MOST_ROWS = 5000  # ours: more than any district has
MOST_FAULTS = 50  # told at once
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)
_LETTERS = 26
_LONGEST = {"brukernavn": 150, "fornavn": 150, "etternavn": 150, "arbeidsgiver": 120}


class CellFault(StrEnum):
    """What is wrong with a cell. It never holds the value."""

    EMPTY = auto()
    TOO_LONG = auto()
    NOT_A_CHOICE = auto()
    NOT_A_PERCENTAGE = auto()
    NOT_A_DATE = auto()
    BEFORE_THE_FIRST = auto()
    NOT_A_NUMBER = auto()
    TWICE = auto()
    NAME_DIFFERS = auto()
    POSITION_DIFFERS = auto()
    WORKS_ELSEWHERE = auto()
    MUNICIPALITY_UNKNOWN = auto()
    COLUMN_MISSING = auto()
    COLUMN_UNKNOWN = auto()
    NO_ROWS = auto()
    TOO_MANY_ROWS = auto()
    NOT_A_USERNAME = auto()
    IN_THE_FUTURE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault and its cell; the cell is "" for the file as a whole."""

    cell: str
    column: str
    why: CellFault


class RowsRefused(VardeError):
    """Some cells cannot be used. Nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults[:MOST_FAULTS])
        self.more = max(0, len(faults) - MOST_FAULTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One row: a person, one position, and documents by kind with their day.

    `line` counts from 1 with the heading. `municipality` is a number or "".
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
    """The people in a sheet whose first row is the heading.

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
    if not rows:
        raise RowsRefused([_whole(CellFault.NO_ROWS)])
    reader = _Sheet(
        heading=[cell.strip().casefold() for cell in rows[0]],
        categories=categories,
        laws=laws,
        doctors=frozenset(doctors),
        kinds=frozenset(kinds),
        today=today,
    )
    reader.check_heading()
    found = [
        reader.person(line, cells)
        for line, cells in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not found:
        reader.faults.append(_whole(CellFault.NO_ROWS))
    if len(found) > MOST_ROWS:
        reader.faults.append(_whole(CellFault.TOO_MANY_ROWS))
    reader.refuse_twice(found)
    if reader.faults:
        raise RowsRefused(reader.faults)
    return tuple(found)


def cell_name(line: int, place: int) -> str:
    """What a spreadsheet calls a cell. The first column is 0.

    >>> cell_name(3, 1), cell_name(1, 27)
    ('B3', 'AB1')
    """
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{line}"


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """Reads one sheet and gathers its faults."""

    heading: list[str]
    categories: Mapping[str, str]
    laws: Mapping[str, str]
    doctors: frozenset[str]
    kinds: frozenset[str]
    today: date
    faults: list[Fault] = field(default_factory=list)

    def check_heading(self) -> None:
        for name in NEEDED:
            if name not in self.heading:
                self.faults.append(
                    Fault(cell="", column=name, why=CellFault.COLUMN_MISSING)
                )
        known = {*NEEDED, *OPTIONAL, *self.kinds, ""}
        for place, name in enumerate(self.heading):
            if name not in known:
                self._fault(1, place, name[:40], CellFault.COLUMN_UNKNOWN)
            elif name and name in self.heading[:place]:
                self._fault(1, place, name, CellFault.TWICE)
        if self.faults:
            raise RowsRefused(self.faults)

    def person(self, line: int, cells: Sequence[str]) -> PersonRow:
        text = {
            name: (cells[place].strip() if place < len(cells) else "")
            for place, name in enumerate(self.heading)
        }
        category = self._choice(line, text, "stilling", self.categories)
        usual = "sfs2305" if category in self.doctors else "aml"
        law = (
            self._choice(line, text, "arbeidstid", self.laws)
            if text.get("arbeidstid")
            else usual
        )
        first = self._day(line, text, "fra") or FIRST_DAY
        last = self._day(line, text, "til") if text.get("til") else None
        if last is not None and last < first:
            self._at(line, "til", CellFault.BEFORE_THE_FIRST)
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
                self._at(row.line, "brukernavn", CellFault.TWICE)
            seen.add(key)
            name = (row.first_name, row.last_name)
            if names.setdefault(row.username, name) != name:
                self._at(row.line, "etternavn", CellFault.NAME_DIFFERS)

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
            self._at(line, name, CellFault.EMPTY)
        if len(found) > _LONGEST[name]:
            self._at(line, name, CellFault.TOO_LONG)
        return found

    def _username(self, line: int, text: Mapping[str, str]) -> str:
        found = self._text(line, text, "brukernavn")
        if found and not all(one.isalnum() or one in "@.+-_" for one in found):
            self._at(line, "brukernavn", CellFault.NOT_A_USERNAME)
        return found

    def _choice(
        self,
        line: int,
        text: Mapping[str, str],
        name: str,
        allowed: Mapping[str, str],
    ) -> str:
        found = allowed.get(text[name].casefold())
        if found is None:
            empty = not text[name]
            self._at(line, name, CellFault.EMPTY if empty else CellFault.NOT_A_CHOICE)
        return found or ""

    def _share(self, line: int, text: Mapping[str, str]) -> Decimal:
        cleaned = text["prosent"].rstrip("%").strip().replace(",", ".")
        try:
            percent = Decimal(cleaned)
        except InvalidOperation:
            percent = Decimal(0)
        if not percent.is_finite() or not 0 < percent <= 100:
            self._at(line, "prosent", CellFault.NOT_A_PERCENTAGE)
            return Decimal(0)
        return (percent / 100).quantize(Decimal("0.001"))

    def _hpr(self, line: int, text: Mapping[str, str]) -> str:
        found = text.get("hpr", "")
        is_number = found.isascii() and found.isdecimal() and 7 <= len(found) <= 9
        if found and not is_number:
            self._at(line, "hpr", CellFault.NOT_A_NUMBER)
        return found

    def _day(self, line: int, text: Mapping[str, str], name: str) -> date | None:
        found = _date_of(text[name])
        if found is None:
            empty = not text[name]
            self._at(line, name, CellFault.EMPTY if empty else CellFault.NOT_A_DATE)
        return found

    def _documents(self, line: int, text: Mapping[str, str]) -> dict[str, date]:
        found = {}
        for kind in self.kinds:
            if text.get(kind):
                day = self._day(line, text, kind)
                if day is not None and day > self.today:
                    self._at(line, kind, CellFault.IN_THE_FUTURE)
                elif day is not None:
                    found[kind] = day
        return found

    def _at(self, line: int, name: str, why: CellFault) -> None:
        self._fault(line, self.heading.index(name), name, why)

    def _fault(self, line: int, place: int, name: str, why: CellFault) -> None:
        self.faults.append(Fault(cell=cell_name(line, place), column=name, why=why))


def _date_of(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  a day only
        except ValueError:
            continue
        return found if FIRST_DAY <= found <= LAST_DAY else None
    return None


def _whole(why: CellFault) -> Fault:
    return Fault(cell="", column="", why=why)
