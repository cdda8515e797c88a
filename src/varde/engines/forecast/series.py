"""Counts hour by hour on the local clock, and the file that they may be read from.

    ts,Arrivals
    2026-01-01 00:00:00,3

An hour that is not there is unknown, never 0: it is left out of every sum. On the local
clock the hour that spring skips is unknown by itself; the one that autumn has twice cannot
be told apart, and who makes a series from moments leaves it out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from varde.domain.errors import BadInput
from varde.engines.csv_rows import (
    Line,
    check_heading,
    decoded_lines,
    numbered_rows,
    refuse_other_width,
)


type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

COLUMNS = ("ts", "Arrivals")
HOUR = timedelta(hours=1)
DAY_HOURS, WEEK_HOURS = 24, 168
MOST_HOURS = 100 * 8766  # a hundred years
MOST_AN_HOUR = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HourlySeries:
    """Counts of consecutive hours. `counts` is float64[n_hours], >= 0; nan is unknown."""

    begins: datetime
    counts: Floats

    def __post_init__(self) -> None:
        if self.begins.tzinfo is not None or self.begins != _whole_hour(self.begins):
            raise ValueError(
                f"begins must be a whole hour on the local clock: {self.begins!r}"
            )

    @property
    def ends(self) -> datetime:
        """The hour after the last."""
        return self.begins + len(self.counts) * HOUR

    def first(self, hours: int) -> "HourlySeries":
        """The first so many hours."""
        return HourlySeries(begins=self.begins, counts=self.counts[:hours])


def from_counts(counts: Mapping[datetime, int]) -> HourlySeries:
    """The series of what is known of single hours. Raises ValueError where it is empty.

    >>> two = from_counts({datetime(2026, 1, 1, 0): 3, datetime(2026, 1, 1, 2): 1})
    >>> two.counts.tolist()
    [3.0, nan, 1.0]
    """
    if not counts:
        raise ValueError("there must be at least one hour")
    begins, last = min(counts), max(counts)
    values = np.full((last - begins) // HOUR + 1, np.nan)
    for at, count in counts.items():
        values[(at - begins) // HOUR] = count
    return HourlySeries(begins=begins, counts=values)


def read_series(lines: Iterable[bytes], *, file: str) -> HourlySeries:
    """The series of a file with the columns `ts` and `Arrivals`; others are not read.

    The lines may come in any order; an empty count is unknown.

    Raises
    ------
    BadInput
        At the first fault: no heading or no lines, a heading without the two columns, a
        moment that is not a whole hour without an offset, a count that is not a whole
        number, an hour twice, and hours further apart than MOST_HOURS.

    Examples
    --------
    >>> lines = [b"ts,Arrivals", b"2026-01-01 00:00:00,3"]
    >>> read_series(lines, file="s.csv").counts.tolist()
    [3.0]
    """
    numbered = numbered_rows(decoded_lines(lines, file=file), file=file)
    _, heading = next(numbered, (0, []))
    names = [name.strip() for name in heading]
    check_heading(names, COLUMNS, file=file)
    counts: dict[datetime, int] = {}
    seen: dict[datetime, int] = {}
    for line_no, fields in numbered:
        refuse_other_width(fields, heading, file=file, line_no=line_no, thing="hour")
        named = dict(zip(names, (field.strip() for field in fields), strict=True))
        line = _Line(file=file, line_no=line_no, fields=named)
        at = line.hour()
        first = seen.setdefault(at, line_no)
        if first != line_no:
            raise line.bad("ts", f"is in line {first} already")
        count = line.count()
        if count is not None:
            counts[at] = count
    if not counts:
        raise BadInput(
            file=file,
            problem="holds no hour with a count",
            cure="Take the file that has them, and run the command again",
        )
    if (max(counts) - min(counts)) // HOUR >= MOST_HOURS:
        raise BadInput(
            file=file,
            problem=f"goes from {min(counts)} to {max(counts)}",
            cure="Correct the moments, and run the command again",
        )
    return from_counts(counts)


class _Line(Line):
    def hour(self) -> datetime:
        try:
            at = datetime.fromisoformat(self.fields["ts"])
        except ValueError:
            raise self.bad("ts", "is not a moment as 2026-01-31 23:00") from None
        if at.tzinfo is not None or at != _whole_hour(at):
            raise self.bad("ts", "is not a whole hour on the local clock")
        return at

    def count(self) -> int | None:
        text = self.fields["Arrivals"]
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            raise self.bad("Arrivals", "is not a number") from None
        if not 0 <= value <= MOST_AN_HOUR or value != int(value):
            raise self.bad("Arrivals", f"is not a whole number to {MOST_AN_HOUR}")
        return int(value)


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
