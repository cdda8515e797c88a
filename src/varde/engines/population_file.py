"""Inhabitants of municipalities as a file: one line for each municipality and year.

    municipality,year,inhabitants,inhabitants_65_plus
    1824,2026,13481,3134

UTF-8, commas, a heading that names at least these columns. The figures are of 1 January.
The last one may be empty: then nobody knows, which is not the same as none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from varde.domain.errors import BadInput
from varde.engines.csv_rows import (
    Line,
    check_heading,
    decoded_lines,
    numbered_rows,
    refuse_other_width,
)


COLUMNS = ("municipality", "year", "inhabitants", "inhabitants_65_plus")
FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST = 10_000_000  # more than the nation has


@dataclass(frozen=True, slots=True, kw_only=True)
class Inhabitants:
    """One line. `inhabitants_65_plus` are those of 65 years and more; None is unknown."""

    line_no: int
    municipality: str
    year: int
    inhabitants: int
    inhabitants_65_plus: int | None


def read_population(lines: Iterable[bytes], *, file: str) -> Iterator[Inhabitants]:
    """The lines of a file, one at a time, in the order of the file.

    Parameters
    ----------
    lines : iterable of bytes
        The file's lines. Blank lines are skipped.
    file : str
        The file's name, for the error text.

    Raises
    ------
    BadInput
        At the first fault: an empty file, one that is not UTF-8 or not CSV, a heading that
        lacks a column or names one twice, a surplus or missing field, a municipality that
        is not four digits, a year or a number that cannot be read, more of 65 years than
        there are in all, and a municipality twice in a year.

    Examples
    --------
    >>> heading = ",".join(COLUMNS).encode()
    >>> (found,) = read_population([heading, b"1824,2026,13481,"], file="p.csv")
    >>> found.inhabitants, found.inhabitants_65_plus
    (13481, None)
    """
    numbered = numbered_rows(decoded_lines(lines, file=file), file=file)
    _, heading = next(numbered, (0, []))
    names = [name.strip() for name in heading]
    check_heading(names, COLUMNS, file=file)
    seen: dict[tuple[str, int], int] = {}
    for line_no, fields in numbered:
        refuse_other_width(
            fields, heading, file=file, line_no=line_no, thing="municipality"
        )
        named = dict(zip(names, (field.strip() for field in fields), strict=True))
        one = _Line(file=file, line_no=line_no, fields=named).read()
        first = seen.setdefault((one.municipality, one.year), line_no)
        if first != line_no:
            raise BadInput(
                file=file,
                line=line_no,
                column="municipality",
                values=[one.municipality],
                problem=f"is given for {one.year} in line {first} already",
                cure="Take one of the two lines out, and import the file again",
            )
        yield one
    if not seen:
        raise BadInput(
            file=file,
            problem="holds a heading and no municipalities",
            cure="Take the file that has them, and run the command again",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line(Line):
    def read(self) -> Inhabitants:
        number = self.fields["municipality"]
        if not (number.isascii() and number.isdecimal() and len(number) == len("1824")):
            raise self.bad("municipality", "is not a number of four digits")
        year = self._count("year")
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            raise self.bad("year", f"is not from {FIRST_YEAR} to {LAST_YEAR}")
        inhabitants = self._count("inhabitants")
        if inhabitants is None:
            raise self.bad("inhabitants", "is empty")
        old = self._count("inhabitants_65_plus")
        if old is not None and old > inhabitants:
            raise self.bad(
                "inhabitants_65_plus", f"is more than all {inhabitants} inhabitants"
            )
        return Inhabitants(
            line_no=self.line_no,
            municipality=number,
            year=year,
            inhabitants=inhabitants,
            inhabitants_65_plus=old,
        )

    def _count(self, column: str) -> int | None:
        text = self.fields[column]
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MOST)):
            raise self.bad(column, "is not a whole number")
        if int(text) > MOST:
            raise self.bad(column, f"is more than {MOST}")
        return int(text)
