"""Reader of the text format of Curtois' 24 shift scheduling instances.

Sections begin with a line `SECTION_…`; lines that begin with # are comments. Days and
all other indices count from 0; every instance starts on a Monday. The rules that the
fields stand for are those of curtois_check.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

from varde.domain.errors import BadInput
from varde.engines.rostering.text_rows import Row, text_of


MOST_DAYS = 3660
MOST_MINUTES = 10_000_000
STAFF_FIELDS = (
    "ID",
    "MaxShifts",
    "MaxTotalMinutes",
    "MinTotalMinutes",
    "MaxConsecutiveShifts",
    "MinConsecutiveShifts",
    "MinConsecutiveDaysOff",
    "MaxWeekends",
)
SECTIONS = (
    "SECTION_HORIZON",
    "SECTION_SHIFTS",
    "SECTION_STAFF",
    "SECTION_DAYS_OFF",
    "SECTION_SHIFT_ON_REQUESTS",
    "SECTION_SHIFT_OFF_REQUESTS",
    "SECTION_COVER",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A shift type. `not_before`: the shifts that may not come the day after it."""

    id: str
    minutes: int
    not_before: frozenset[int]


@dataclass(frozen=True, slots=True)
class Person:
    """A person's limits. `most_of` has one limit for each shift type."""

    id: str
    most_of: tuple[int, ...]
    most_minutes: int
    least_minutes: int
    most_in_row: int
    least_in_row: int
    least_off_in_row: int
    most_weekends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A person wishes a shift on a day, or wishes not to have it."""

    person: int
    day: int
    shift: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """How many are needed, and what each one too few and too many costs."""

    day: int
    shift: int
    need: int
    under: int
    over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurtoisInstance:
    """One instance. `days_off` are pairs (person, day)."""

    days: int
    shifts: tuple[Shift, ...]
    people: tuple[Person, ...]
    days_off: frozenset[tuple[int, int]]
    wishes_on: tuple[Wish, ...]
    wishes_off: tuple[Wish, ...]
    cover: tuple[Cover, ...]

    @property
    def weekends(self) -> tuple[tuple[int, ...], ...]:
        """The days of each Saturday and Sunday in the horizon."""
        saturdays = range(5, self.days, 7)
        return tuple(tuple(d for d in (s, s + 1) if d < self.days) for s in saturdays)


def read_curtois(data: bytes, *, file: str) -> CurtoisInstance:
    """The instance in a file's bytes. Raises `BadInput` with line and value."""
    return _Reader(file).read(text_of(data, file=file))


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file
        self._days = 0
        self._shifts: dict[str, int] = {}
        self._shift_rows: list[tuple[Row, int]] = []
        self._people: dict[str, int] = {}
        self._limits: list[Person] = []
        self._days_off: set[tuple[int, int]] = set()
        self._on: list[Wish] = []
        self._off: list[Wish] = []
        self._cover: dict[tuple[int, int], Cover] = {}
        self._seen: list[str] = []

    def read(self, text: str) -> CurtoisInstance:
        reads = dict(
            zip(
                SECTIONS,
                (
                    self._horizon,
                    self._shift,
                    self._person,
                    self._day_off,
                    self._wish_on,
                    self._wish_off,
                    self._need,
                ),
                strict=True,
            )
        )
        section: Callable[[Row], None] | None = None
        for number, line in enumerate(text.splitlines(), start=1):
            stripped = line.strip()
            if not stripped or stripped.startswith("#"):
                continue
            fields = tuple(part.strip() for part in stripped.split(","))
            row = Row(self._file, number, fields)
            if stripped.startswith("SECTION_"):
                section = reads[self._begun(row, stripped)]
            elif section is None:
                row.refuse("stands before the first section", "Begin with a section")
            else:
                section(row)
        return self._instance()

    def _begun(self, row: Row, name: str) -> str:
        """The next section's name. They come in their order, so that ids are known."""
        due = SECTIONS[len(self._seen)] if len(self._seen) < len(SECTIONS) else None
        if name != due:
            row.refuse(
                "is not the section that comes here",
                f"The sections come in this order: {', '.join(SECTIONS)}",
                name,
            )
        self._seen.append(name)
        return name

    def _instance(self) -> CurtoisInstance:
        missing = SECTIONS[len(self._seen) :]
        lacking = [
            word
            for word, found in (
                ("no horizon", self._days),
                ("no shifts", self._shift_rows),
                ("no staff", self._limits),
            )
            if not found
        ]
        if missing or lacking:
            raise BadInput(
                file=self._file,
                problem="ends too early: "
                + ", ".join([*(f"no {name}" for name in missing), *lacking]),
                cure="Name a whole file of Curtois' format",
            )
        return CurtoisInstance(
            days=self._days,
            shifts=tuple(self._whole_shift(*pair) for pair in self._shift_rows),
            people=tuple(self._limits),
            days_off=frozenset(self._days_off),
            wishes_on=tuple(self._on),
            wishes_off=tuple(self._off),
            cover=tuple(self._cover.values()),
        )

    def _whole_shift(self, row: Row, minutes: int) -> Shift:
        others = [other.strip() for other in row.fields[2].split("|") if other.strip()]
        return Shift(
            id=row.fields[0],
            minutes=minutes,
            not_before=frozenset(
                row.among(other, "a shift that cannot follow", self._shifts)
                for other in others
            ),
        )

    def _horizon(self, row: Row) -> None:
        row.need(["the number of days"])
        if self._days:
            row.refuse("gives the horizon again", "Keep one number of days")
        self._days = row.whole(0, "the horizon", low=1, high=MOST_DAYS)

    def _shift(self, row: Row) -> None:
        row.need(["ShiftID", "Length in mins", "Shifts which cannot follow"])
        self._shifts[row.new(row.fields[0], "a shift's ID", self._shifts)] = len(
            self._shifts
        )
        minutes = row.whole(1, "a shift's length", low=1, high=MOST_MINUTES)
        self._shift_rows.append((row, minutes))

    def _person(self, row: Row) -> None:
        row.need(STAFF_FIELDS)
        name = row.new(row.fields[0], "a person's ID", self._people)
        most_of = dict.fromkeys(self._shifts, self._days)
        for part in row.fields[1].split("|"):
            shift, equals, most = (word.strip() for word in part.partition("="))
            if not equals:
                row.refuse("MaxShifts is not written as D=14", "Write D=14|N=3", part)
            row.among(shift, "a shift of MaxShifts", self._shifts)
            most_of[shift] = row.number(most, "MaxShifts")
        numbers = [row.whole(i, STAFF_FIELDS[i]) for i in range(2, 8)]
        self._people[name] = len(self._people)
        self._limits.append(Person(name, tuple(most_of.values()), *numbers))

    def _day_off(self, row: Row) -> None:
        person = row.known(0, "a person", self._people)
        for position in range(1, len(row.fields)):
            self._days_off.add((person, self._day(row, position)))

    def _day(self, row: Row, position: int) -> int:
        return row.whole(position, "a day", high=self._days - 1)

    def _wish(self, row: Row) -> Wish:
        row.need(["EmployeeID", "Day", "ShiftID", "Weight"])
        return Wish(
            person=row.known(0, "a person", self._people),
            day=self._day(row, 1),
            shift=row.known(2, "a shift", self._shifts),
            weight=row.whole(3, "a weight"),
        )

    def _wish_on(self, row: Row) -> None:
        self._on.append(self._wish(row))

    def _wish_off(self, row: Row) -> None:
        self._off.append(self._wish(row))

    def _need(self, row: Row) -> None:
        row.need(["Day", "ShiftID", "Requirement", "Weight under", "Weight over"])
        day, shift = self._day(row, 0), row.known(1, "a shift", self._shifts)
        if (day, shift) in self._cover:
            row.refuse(
                "gives a day's need of a shift again",
                "Keep one of the two lines",
                *row.fields[:2],
            )
        self._cover[day, shift] = Cover(
            day=day,
            shift=shift,
            need=row.whole(2, "a requirement"),
            under=row.whole(3, "the weight for under"),
            over=row.whole(4, "the weight for over"),
        )
