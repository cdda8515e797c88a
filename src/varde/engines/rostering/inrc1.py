"""Reader of the text format of the first international competition's instances (INRC-I).

Sections are a name with a count, between lines of slashes; each row ends with a
semicolon. What the fields stand for is in inrc1_check.py.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from varde.domain.errors import BadInput
from varde.engines.rostering.text_rows import Row, text_of


WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MOST_DAYS = 366
SECTIONS = (
    "SCHEDULING_PERIOD",
    "SKILLS",
    "SHIFT_TYPES",
    "CONTRACTS",
    "PATTERNS",
    "EMPLOYEES",
    "DAY_OF_WEEK_COVER",
    "DATE_SPECIFIC_COVER",
    "DAY_OFF_REQUESTS",
    "DAY_ON_REQUESTS",
    "SHIFT_OFF_REQUESTS",
    "SHIFT_ON_REQUESTS",
)
# The rules of a contract in the order of its fields, and how many numbers each has.
RULES = (
    ("one_shift_a_day", 2),
    ("most_shifts", 3),
    ("least_shifts", 3),
    ("most_in_row", 3),
    ("least_in_row", 3),
    ("most_off_in_row", 3),
    ("least_off_in_row", 3),
    ("most_weekends_in_row", 3),
    ("least_weekends_in_row", 3),
    ("most_weekends_in_four_weeks", 3),
    ("weekend", 0),
    ("whole_weekends", 2),
    ("same_shift_in_weekend", 2),
    ("no_night_before_free_weekend", 2),
    ("two_free_days_after_night", 2),
    ("own_skill_only", 2),
)
CONTRACT_FIELDS = 2 + len(RULES) + 2
ANY, NONE = "Any", "None"


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule of a contract: what each step beyond costs (0: off), and the limit."""

    weight: int
    limit: int = 0


@dataclass(frozen=True, slots=True)
class ShiftType:
    """A shift type, whether it is a night shift, and the skills it takes."""

    id: str
    is_night: bool
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """One day of an unwanted pattern: any shift, this shift or none; on which weekday."""

    shift: str
    weekday: int | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """An unwanted row of days, and what each time costs."""

    weight: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract's rules by name, its weekend (weekdays in order) and its patterns."""

    id: str
    rules: dict[str, Limit]
    weekend: tuple[int, ...]
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Nurse:
    """A nurse: the contract, and the skills."""

    id: str
    contract: Contract
    skills: frozenset[str]


@dataclass(frozen=True, slots=True)
class Request:
    """A nurse's request for a day. `shift` is None for the whole day."""

    nurse: int
    day: int
    shift: int | None
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inrc1Instance:
    """One instance. `need[day][shift]` is how many there must be, no more and no fewer."""

    first_on: date
    days: int
    shifts: tuple[ShiftType, ...]
    nurses: tuple[Nurse, ...]
    need: tuple[tuple[int, ...], ...]
    off: tuple[Request, ...]
    on: tuple[Request, ...]

    def weekday(self, day: int) -> int:
        """0 for Monday."""
        return (self.first_on.weekday() + day) % len(WEEKDAYS)

    def weekends(self, contract: Contract) -> tuple[tuple[int, ...], ...]:
        """The days of each weekend of the contract that lie in the period."""
        first, length = contract.weekend[0], len(contract.weekend)
        begins = [d for d in range(-length, self.days) if self.weekday(d) == first]
        spans = (range(max(0, d), min(d + length, self.days)) for d in begins)
        return tuple(tuple(span) for span in spans if span)


def read_inrc1(data: bytes, *, file: str) -> Inrc1Instance:
    """The instance in a file's bytes. Raises `BadInput` with line and value."""
    return _Reader(file, text_of(data, file=file)).read()


class _Reader:
    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._sections = self._split(text)

    def _split(self, text: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        rows: list[Row] | None = None
        for number, line in enumerate(text.splitlines(), start=1):
            stripped = line.strip()
            if not stripped or stripped.startswith("//"):
                continue
            content = stripped.removesuffix(";").strip()
            row = Row(self._file, number, tuple(p.strip() for p in content.split(",")))
            header = re.fullmatch(r"([A-Z_]{5,})(?:\s*=?\s*(\d+))?", content)
            if header:
                name = header[1]
                if name not in SECTIONS or name in found:
                    row.refuse(
                        "is not a section that comes here",
                        f"The sections, once each: {', '.join(SECTIONS)}",
                        name,
                    )
                rows = found[name] = []
            elif rows is None:
                row.refuse("stands before the first section", "Begin with a section")
            else:
                rows.append(row)
        missing = [name for name in SECTIONS if name not in found]
        empty = [name for name in SECTIONS[:4] if not found.get(name)]
        if missing or empty or not found["EMPLOYEES"]:
            lacking = missing or empty or ["EMPLOYEES"]
            raise BadInput(
                file=self._file,
                problem=f"has nothing under {', '.join(lacking)}",
                cure="Name a whole file of the INRC-I text format",
            )
        return found

    def read(self) -> Inrc1Instance:
        rows = self._sections
        self._period(rows["SCHEDULING_PERIOD"][0])
        self._skills = {row.fields[0]: i for i, row in enumerate(rows["SKILLS"])}
        shifts = [self._shift(row) for row in rows["SHIFT_TYPES"]]
        self._shifts = self._by_id(rows["SHIFT_TYPES"], "a shift's ID")
        self._patterns = [self._pattern(row) for row in rows["PATTERNS"]]
        self._pattern_ids = self._by_id(rows["PATTERNS"], "a pattern's ID")
        self._contracts = self._by_id(rows["CONTRACTS"], "a contract's ID")
        self._contract_list = [self._contract(row) for row in rows["CONTRACTS"]]
        self._nurses = self._by_id(rows["EMPLOYEES"], "a nurse's ID")
        return Inrc1Instance(
            first_on=self._first_on,
            days=self._days,
            shifts=tuple(shifts),
            nurses=tuple(self._nurse(row) for row in rows["EMPLOYEES"]),
            need=self._need(),
            off=self._requests("DAY_OFF_REQUESTS", "SHIFT_OFF_REQUESTS"),
            on=self._requests("DAY_ON_REQUESTS", "SHIFT_ON_REQUESTS"),
        )

    def _by_id(self, rows: Sequence[Row], name: str) -> dict[str, int]:
        ids: dict[str, int] = {}
        for row in rows:
            ids[row.new(row.fields[0], name, ids)] = len(ids)
        return ids

    def _period(self, row: Row) -> None:
        row.need(["name", "first day", "last day"])
        self._first_on = self._date(row, row.fields[1])
        self._days = (self._date(row, row.fields[2]) - self._first_on).days + 1
        if not 1 <= self._days <= MOST_DAYS:
            row.refuse(
                f"has a period of {self._days} days",
                f"Write a period of 1 to {MOST_DAYS} days",
            )

    def _date(self, row: Row, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            row.refuse("has no date where one is due", "Write it as 2010-01-31", text)

    def _day(self, row: Row, text: str) -> int:
        day = (self._date(row, text) - self._first_on).days
        if not 0 <= day < self._days:
            last = self._first_on + timedelta(days=self._days - 1)
            row.refuse(
                "is about a day outside the period",
                f"Write a day from {self._first_on} to {last}",
                text,
            )
        return day

    def _shift(self, row: Row) -> ShiftType:
        row.need(["ID", "name", "start", "end", "count", "skills"])
        start, end = row.fields[2:4]
        if not all(re.fullmatch(r"\d\d:\d\d:\d\d", time) for time in (start, end)):
            row.refuse(
                "has no time of day where one is due", "Write 06:30:00", start, end
            )
        return ShiftType(row.fields[0], end < start, self._skill_set(row))

    def _skill_set(self, row: Row) -> frozenset[str]:
        """The skills in the last field, as many as the field before it says."""
        named = row.fields[-1].split()
        for skill in named:
            row.among(skill, "a skill", self._skills)
        if row.whole(len(row.fields) - 2, "the number of skills") != len(named):
            row.refuse(
                "has another number of skills than it says", "Count them", *named
            )
        return frozenset(named)

    def _pattern(self, row: Row) -> Pattern:
        row.need(["ID", "weight", "length and days"])
        steps = re.findall(r"\(([^|()]+)\|([^|()]+)\)", row.fields[2])
        if row.fields[2].split(" ")[0] != str(len(steps)) or not steps:
            row.refuse(
                "is not a length and as many days",
                "Write 2 (L|Any) (D|Any)",
                row.fields[2],
            )
        known = {ANY: 0, NONE: 0, **self._shifts}
        weekdays = {name: i for i, name in enumerate(WEEKDAYS)}
        for shift, weekday in steps:
            row.among(shift, "a pattern's shift", known)
            row.among(weekday, "a pattern's weekday", {ANY: 0, **weekdays})
        return Pattern(
            row.whole(1, "a pattern's weight"),
            tuple(Step(shift, weekdays.get(weekday)) for shift, weekday in steps),
        )

    def _contract(self, row: Row) -> Contract:
        if len(row.fields) != CONTRACT_FIELDS:
            row.refuse(
                f"has {len(row.fields)} fields, and {CONTRACT_FIELDS} are needed",
                f"Write ID, name, {', '.join(name for name, _ in RULES)}, the number of"
                " patterns, the patterns",
            )
        rules = {
            name: self._limit(row, row.fields[2 + place], name, numbers)
            for place, (name, numbers) in enumerate(RULES)
            if numbers
        }
        named = row.fields[-1].split()
        if row.whole(-2 % len(row.fields), "the number of patterns") != len(named):
            row.refuse(
                "has another number of patterns than it says", "Count them", *named
            )
        patterns = [row.among(id, "a pattern", self._pattern_ids) for id in named]
        return Contract(
            row.fields[0],
            rules,
            self._weekend(row, row.fields[2 + [n for n, _ in RULES].index("weekend")]),
            tuple(self._patterns[i] for i in patterns),
        )

    def _limit(self, row: Row, text: str, name: str, numbers: int) -> Limit:
        parts = text.removeprefix("(").removesuffix(")").split("|")
        if len(parts) != numbers or not text.startswith("("):
            form = "(1|1|16)" if numbers == 3 else "(1|1)"
            row.refuse(f"{name} is not written as {form}", f"Write {form}", text)
        is_on, weight, *limit = (row.number(part.strip(), name) for part in parts)
        return Limit(weight if is_on else 0, *limit)

    def _weekend(self, row: Row, text: str) -> tuple[int, ...]:
        named = tuple(i for i, name in enumerate(WEEKDAYS) if name in text)
        # A weekend that ends on Monday begins before it.
        in_order = (*(i for i in named if i >= 4), *(i for i in named if i < 4))
        if len(named) < 2 or text != "".join(WEEKDAYS[i] for i in in_order):
            row.refuse("the weekend is not one", "Write SaturdaySunday", text)
        return in_order

    def _nurse(self, row: Row) -> Nurse:
        row.need(["ID", "name", "contract", "count", "skills"])
        contract = row.known(2, "a contract", self._contracts)
        return Nurse(row.fields[0], self._contract_list[contract], self._skill_set(row))

    def _need(self) -> tuple[tuple[int, ...], ...]:
        weekdays = {name: i for i, name in enumerate(WEEKDAYS)}
        weekly: dict[tuple[int, int], int] = {}
        for row in self._sections["DAY_OF_WEEK_COVER"]:
            row.need(["weekday", "shift", "number"])
            key = row.known(0, "a weekday", weekdays), self._shift_of(row, 1)
            weekly[key] = row.whole(2, "a number")
        dated: dict[tuple[int, int], int] = {}
        for row in self._sections["DATE_SPECIFIC_COVER"]:
            row.need(["date", "shift", "number"])
            dated[self._day(row, row.fields[0]), self._shift_of(row, 1)] = row.whole(
                2, "a number"
            )
        first = self._first_on.weekday()
        return tuple(
            tuple(
                dated.get((d, s), weekly.get(((first + d) % 7, s), 0))
                for s in range(len(self._shifts))
            )
            for d in range(self._days)
        )

    def _shift_of(self, row: Row, position: int) -> int:
        return row.known(position, "a shift", self._shifts)

    def _requests(self, whole_day: str, one_shift: str) -> tuple[Request, ...]:
        found = []
        for row in self._sections[whole_day]:
            row.need(["nurse", "date", "weight"])
            found.append(self._request(row, None))
        for row in self._sections[one_shift]:
            row.need(["nurse", "date", "shift", "weight"])
            found.append(self._request(row, self._shift_of(row, 2)))
        return tuple(found)

    def _request(self, row: Row, shift: int | None) -> Request:
        nurse = row.known(0, "a nurse", self._nurses)
        day = self._day(row, row.fields[1])
        return Request(nurse, day, shift, row.whole(len(row.fields) - 1, "a weight"))
