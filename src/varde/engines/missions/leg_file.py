"""The legs of call-outs as a file: one line for each unit that was sent.

    incident,date,level,call_type,unit,dispatch_ts,enroute_s,arrive_s,at_patient_s,
    to_hospital_s,at_hospital_s,clear_s,in_service

UTF-8, commas, a heading that names at least the columns that are read. Lengths are seconds
from the alarm; an empty field is unknown, and never zero. `dispatch_ts` is a clock on the
wall without an offset; it may be empty, the date may not. A length of a day or more is
refused. Lengths in another order than the chain's are kept: they are what was pressed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from varde.domain.errors import BadInput
from varde.engines.csv_rows import (
    Line,
    check_heading,
    decoded_lines,
    numbered_rows,
    refuse_other_width,
)


LENGTHS = {
    "left_s": "enroute_s",
    "at_scene_s": "arrive_s",
    "with_patient_s": "at_patient_s",
    "left_scene_s": "to_hospital_s",
    "at_hospital_s": "at_hospital_s",
    "free_s": "clear_s",
}
COLUMNS = ("incident", "date", "unit", "dispatch_ts", *LENGTHS.values())
LONGEST = {"incident": 40, "unit": 20}  # characters
DAY_S = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLegs:
    """One line: a unit at an incident, and seconds from the alarm to each leg.

    `row` counts the lines of the file with the same incident and unit, from 1.
    """

    line_no: int
    incident: str
    unit: str
    row: int
    day: date
    alarmed_at: datetime | None
    left_s: int | None
    at_scene_s: int | None
    with_patient_s: int | None
    left_scene_s: int | None
    at_hospital_s: int | None
    free_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegTimes:
    """How long after the alarm a leg began: how many, the median and the 90th percentile.

    Minutes; None where nobody pressed it.
    """

    leg: str
    count: int
    median_min: float | None
    p90_min: float | None


def read_legs(lines: Iterable[bytes], *, file: str, zone: tzinfo) -> Iterator[UnitLegs]:
    """The lines of a file, one at a time, in the order of the file.

    Parameters
    ----------
    lines : iterable of bytes
        The file's lines. Blank lines are skipped.
    file : str
        The file's name, for the error text.
    zone : tzinfo
        What a moment without an offset means.

    Raises
    ------
    BadInput
        At the first fault: an empty file, one that is not UTF-8 or not CSV, a heading that
        lacks a column or names one twice, a surplus or missing field, no incident or unit,
        a date or moment that cannot be read, a length that is not a number from 0 to a
        day.

    Examples
    --------
    >>> from datetime import UTC
    >>> heading = ",".join(COLUMNS).encode()
    >>> row = b"7,2010-01-01,WAVE12,2010-01-01 06:51:33,710.0,890.0,,1974,3420,5208"
    >>> (found,) = read_legs([heading, row], file="legs.csv", zone=UTC)
    >>> found.left_s, found.with_patient_s, found.free_s
    (710, None, 5208)
    """
    numbered = numbered_rows(decoded_lines(lines, file=file), file=file)
    _, heading = next(numbered, (0, []))
    names = [name.strip() for name in heading]
    check_heading(names, COLUMNS, file=file)
    seen: dict[tuple[str, str], int] = {}
    for line_no, fields in numbered:
        refuse_other_width(fields, heading, file=file, line_no=line_no, thing="unit")
        named = dict(zip(names, (field.strip() for field in fields), strict=True))
        line = _Line(file=file, line_no=line_no, fields=named)
        incident, unit = line.name("incident"), line.name("unit")
        row = seen[incident, unit] = seen.get((incident, unit), 0) + 1
        yield UnitLegs(
            line_no=line_no,
            incident=incident,
            unit=unit,
            row=row,
            day=line.day(),
            alarmed_at=line.moment(zone),
            **{name: line.length(column) for name, column in LENGTHS.items()},
        )
    if not seen:
        raise BadInput(
            file=file,
            problem="holds a heading and no units",
            cure="Take the file that has them, and run the command again",
        )


def leg_times(leg: str, lengths_s: Sequence[int]) -> LegTimes:
    """The median and 90th percentile of lengths in seconds, by linear interpolation.

    >>> leg_times("left", [60, 120, 180])
    LegTimes(leg='left', count=3, median_min=2.0, p90_min=2.8)
    >>> leg_times("left", []).median_min is None
    True
    """
    in_order = sorted(lengths_s)
    return LegTimes(
        leg=leg,
        count=len(in_order),
        median_min=_percentile_min(in_order, 0.5),
        p90_min=_percentile_min(in_order, 0.9),
    )


def _percentile_min(in_order: Sequence[int], share: float) -> float | None:
    if not in_order:
        return None
    place = (len(in_order) - 1) * share
    below = int(place)
    above = min(below + 1, len(in_order) - 1)
    between = (in_order[above] - in_order[below]) * (place - below)
    return round((in_order[below] + between) / 60, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line(Line):
    def name(self, column: str) -> str:
        text = self.fields[column]
        if not text or len(text) > LONGEST[column]:
            raise self.bad(column, f"must have 1 to {LONGEST[column]} signs")
        return text

    def day(self) -> date:
        try:
            return date.fromisoformat(self.fields["date"])
        except ValueError:
            raise self.bad("date", "is not a date as 2010-01-31") from None

    def moment(self, zone: tzinfo) -> datetime | None:
        text = self.fields["dispatch_ts"]
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise self.bad(
                "dispatch_ts", "is not a moment as 2010-01-31 18:00:00"
            ) from None
        return found if found.tzinfo is not None else found.replace(tzinfo=zone)

    def length(self, column: str) -> int | None:
        text = self.fields[column].removesuffix(".0")
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) < len("100000")):
            raise self.bad(column, "is not a whole number of seconds")
        if int(text) >= DAY_S:
            raise self.bad(column, "is a day or more")
        return int(text)
