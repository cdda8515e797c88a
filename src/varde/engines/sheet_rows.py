"""The rows of a spreadsheet: its heading, its cells, and what is wrong with each.

What every reader of a pasted or imported sheet has in common. Every fault is found in one
reading, and named by its cell as a spreadsheet does: B3.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum, auto

from varde.domain.errors import VardeError


MOST_ROWS = 5000  # ours: more than any district has
MOST_FAULTS = 50  # told at once
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2199, 12, 31)
NOTHING = "\x00"  # no database keeps a text with it
_LETTERS = 26
_MOMENTS = ("%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M")
_RUN_AS_FORMULA = frozenset("=+-@\t\r")


class CellFault(StrEnum):
    """What is wrong with a cell. It never holds the value."""

    # Any sheet
    EMPTY = auto()
    TOO_LONG = auto()
    NOT_A_CHOICE = auto()
    NOT_A_DATE = auto()
    BEFORE_THE_FIRST = auto()
    TWICE = auto()
    COLUMN_MISSING = auto()
    COLUMN_UNKNOWN = auto()
    NO_ROWS = auto()
    TOO_MANY_ROWS = auto()
    NOT_TEXT = auto()
    # People
    NOT_A_PERCENTAGE = auto()
    NOT_A_NUMBER = auto()
    HPR_TAKEN = auto()
    NAME_DIFFERS = auto()
    POSITION_DIFFERS = auto()
    WORKS_ELSEWHERE = auto()
    MUNICIPALITY_UNKNOWN = auto()
    NOT_A_USERNAME = auto()
    IN_THE_FUTURE = auto()
    # Duties
    PERSON_UNKNOWN = auto()
    PERSON_UNCLEAR = auto()
    POST_UNKNOWN = auto()
    POST_NOT_HELD = auto()
    SHIFT_UNKNOWN = auto()
    SHIFT_UNCLEAR = auto()
    SHIFT_DIFFERS = auto()
    NOT_A_CLOCK = auto()
    NO_SUCH_HOUR = auto()
    DUTY_TOO_LONG = auto()
    OUTSIDE_PERIOD = auto()
    OVERLAPS = auto()
    WHICH_PLACE = auto()


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


@dataclass(slots=True, kw_only=True)
class Sheet:
    """Reads one sheet and gathers its faults. A reader knows its own columns."""

    heading: list[str]
    heading_line: int = 1
    faults: list[Fault] = field(default_factory=list)

    def check_heading(
        self, *, needed: Collection[str], optional: Collection[str]
    ) -> None:
        """Refuse a heading that lacks a column, or has one unknown or twice."""
        for name in needed:
            if name not in self.heading:
                self.faults.append(
                    Fault(cell="", column=name, why=CellFault.COLUMN_MISSING)
                )
        known = {*needed, *optional, ""}
        for place, name in enumerate(self.heading):
            if name not in known:
                self._fault(
                    self.heading_line, place, name[:40], CellFault.COLUMN_UNKNOWN
                )
            elif name and name in self.heading[:place]:
                self._fault(self.heading_line, place, name, CellFault.TWICE)
        if self.faults:
            raise RowsRefused(self.faults)

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by their column, without space around; what is not there
        is empty."""
        return {
            name: (as_typed(cells[place].strip()) if place < len(cells) else "")
            for place, name in enumerate(self.heading)
        }

    def choice(
        self,
        line: int,
        text: Mapping[str, str],
        name: str,
        allowed: Mapping[str, str],
        *,
        why: CellFault = CellFault.NOT_A_CHOICE,
    ) -> str:
        """The code of what a cell says; a fault and "" where it says nothing known."""
        found = allowed.get(text[name].casefold())
        if found is None:
            self.at(line, name, why if text[name] else CellFault.EMPTY)
        return found or ""

    def day(self, line: int, text: Mapping[str, str], name: str) -> date | None:
        """The day that a cell says; a fault and None where it says none."""
        found = day_of(text[name])
        if found is None:
            empty = not text[name]
            self.at(line, name, CellFault.EMPTY if empty else CellFault.NOT_A_DATE)
        return found

    def at(self, line: int, name: str, why: CellFault) -> None:
        """Note a fault of the cell of a column."""
        self._fault(line, self.heading.index(name), name, why)

    def check_count(self, rows: int) -> None:
        """Note it where there are no rows."""
        if not rows:
            self.faults.append(_whole(CellFault.NO_ROWS))

    def _fault(self, line: int, place: int, name: str, why: CellFault) -> None:
        self.faults.append(Fault(cell=cell_name(line, place), column=name, why=why))


def heading_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """The names of the columns, in small letters, of the first row with text.

    Raises `RowsRefused` where there is none, where more rows follow than are taken at once,
    and for a cell that no text can be (the first).
    """
    top = heading_line(rows)
    if not top:
        raise RowsRefused([_whole(CellFault.NO_ROWS)])
    if len(rows) - top > MOST_ROWS:
        raise RowsRefused([_whole(CellFault.TOO_MANY_ROWS)])
    for line, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            if NOTHING in cell:
                name = cell_name(line, place)
                raise RowsRefused([Fault(cell=name, column="", why=CellFault.NOT_TEXT)])
    return [cell.strip().casefold() for cell in rows[top - 1]]


def heading_line(rows: Sequence[Sequence[str]]) -> int:
    """The number in the sheet of the first row with text; 0 where there is none.

    >>> heading_line([[], [" "], ["navn"]])
    3
    """
    lines = enumerate(rows, start=1)
    return next((line for line, cells in lines if any(map(str.strip, cells))), 0)


def rows_with_text(rows: Sequence[Sequence[str]]) -> list[tuple[int, Sequence[str]]]:
    """The rows below the heading that say anything, with their number in the sheet.

    >>> rows_with_text([["a"], ["1"], [" "], ["2"]])
    [(2, ['1']), (4, ['2'])]
    """
    top = heading_line(rows)
    return [
        (line, cells)
        for line, cells in enumerate(rows[top:], start=top + 1)
        if any(cell.strip() for cell in cells)
    ]


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


def day_of(text: str) -> date | None:
    """A day as it is typed or as a spreadsheet gives it; None where it is none.

    >>> day_of("31.01.2026"), day_of("2026-02-30")
    (datetime.date(2026, 1, 31), None)
    """
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  a day only
        except ValueError:
            continue
        return found if FIRST_DAY <= found <= LAST_DAY else None
    return None


def clock_of(text: str) -> time | None:
    """A clock as it is typed or as a spreadsheet gives it; None where it is none.

    >>> clock_of("15.30"), clock_of("25:00")
    (datetime.time(15, 30), None)
    """
    for form in ("%H:%M", "%H:%M:%S", "%H.%M"):
        try:
            return datetime.strptime(text, form).time()  # noqa: DTZ007  a clock only
        except ValueError:
            continue
    return None


def moment_of(text: str) -> datetime | None:
    """A day with its clock, by the clock of the place; None where it is none.

    >>> moment_of("31.01.2026 15:30"), moment_of("31.01.2026")
    (datetime.datetime(2026, 1, 31, 15, 30), None)
    """
    for form in _MOMENTS:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007  by the place's clock
        except ValueError:
            continue
        return found if FIRST_DAY <= found.date() <= LAST_DAY else None
    return None


def harmless(value: object) -> object:
    """A cell to give away: a text that a spreadsheet would run as a formula is marked as
    text. Numbers stay numbers, also those that are written with a sign.

    >>> harmless("=1+1"), harmless("-0,5"), harmless(-0.5), harmless("Kari")
    ("'=1+1", '-0,5', -0.5, 'Kari')
    """
    if not isinstance(value, str) or value[:1] not in _RUN_AS_FORMULA:
        return value
    digits = value[1:].replace(",", "", 1).replace(".", "", 1)
    is_number = value[0] in "+-" and digits.isdecimal()
    return value if is_number else f"'{value}"


def as_typed(text: str) -> str:
    """A cell as it was before it was made `harmless`.

    >>> as_typed("'=1+1"), as_typed("'s")
    ('=1+1', "'s")
    """
    is_marked = text[:1] == "'" and text[1:2] in _RUN_AS_FORMULA
    return text[1:] if is_marked else text


def _whole(why: CellFault) -> Fault:
    return Fault(cell="", column="", why=why)
