"""Duties of a draft from the rows of a spreadsheet: who, which post, from when to when.

A row says its time by a start and an end, or by a date and the name of a shift. What the
rows do to the places of a draft is worked out here too; nothing is written.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto

from varde.domain.rota.limits import Calendar
from varde.domain.rota.patterns import Shift, day_type
from varde.domain.rota.values import Span
from varde.engines.sheet_rows import (
    CellFault,
    Fault,
    RowsRefused,
    Sheet,
    cell_name,
    clock_of,
    day_of,
    heading_line,
    heading_of,
    moment_of,
    rows_with_text,
)


NEEDED = ("hvem", "vakt")
OPTIONAL = ("dato", "fra", "til", "skift")
LONGEST_H = 96  # ours: a long weekend and a day; more is a slip of the finger
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownShift:
    """A line of the pattern that a sheet may name, and when it is valid."""

    name: str
    shift: Shift
    valid_from: date
    valid_to: date | None  # the first day on which it is not


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRow:
    """One row. `person` is "" for a duty that nobody has; `shift` a code, or ""."""

    line: int
    person: str
    post: str
    span: Span
    shift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place of the draft as it is: who has it, "" for nobody."""

    id: str
    post: str
    span: Span
    person: str


class Act(StrEnum):
    """What a row does to its place."""

    NOTHING = auto()
    FILL = auto()
    CHANGE = auto()
    EMPTY = auto()
    ADD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one row does. `place` is None where the row is a new place."""

    row: DutyRow
    place: Place | None
    act: Act


def read_duties(
    rows: Sequence[Sequence[str]],
    *,
    people: Mapping[str, Sequence[str]],
    holds: Mapping[str, Collection[str]],
    posts: Mapping[str, str],
    shifts: Sequence[KnownShift],
    first: date,
    last: date,
    calendar: Calendar,
) -> tuple[DutyRow, ...]:
    """The duties in a sheet whose first row is the heading.

    Parameters
    ----------
    rows : sequence of sequences of str
        Cells as text. Rows without any text are passed over.
    people : mapping
        What `hvem` may say (in small letters): a name or a username, and whose it is.
    holds : mapping
        The posts that each of these people may have duty in.
    posts : mapping
        What `vakt` may say (in small letters) and the code it means.
    shifts : sequence of KnownShift
        What `skift` may name. Several may have one name, in other posts or on other days.
    first, last : date
        The days on which a duty may begin.
    calendar : Calendar
        The clock of the place, and its holidays.

    Raises
    ------
    RowsRefused
        With every fault: a column that is missing or not known, and each cell. An hour
        that the clocks skip is one; of an hour that comes twice, the first is meant.
    """
    reader = _Sheet(
        heading_line=heading_line(rows),
        heading=heading_of(rows),
        people=people,
        holds=holds,
        posts=posts,
        shifts=shifts,
        period=(first, last),
        calendar=calendar,
    )
    reader.check_heading(needed=NEEDED, optional=OPTIONAL)
    lines = rows_with_text(rows)
    reader.check_count(len(lines))
    found = [row for line in lines if (row := reader.duty(*line)) is not None]
    reader.refuse_overlaps(found)
    if reader.faults:
        raise RowsRefused(reader.faults)
    return tuple(found)


def planned(
    rows: Sequence[DutyRow], places: Sequence[Place], *, heading: Sequence[str]
) -> tuple[Step, ...]:
    """What the rows do to the places of a draft; places without a row stay as they are.

    Rows and places belong together by post and time. Of several at the same time, those
    that agree come first, then the vacant places. Where the sheet has as many rows as
    there are places, the rest replace who has them; more rows are new places. With fewer
    rows than places it cannot be known whom a row replaces.

    Raises
    ------
    RowsRefused
        Where it cannot be known, or somebody would have two duties at once together with
        the places that the sheet does not name. `heading` names the cells.
    """
    held: defaultdict[object, list[Place]] = defaultdict(list)
    for place in places:
        held[_when(place.post, place.span)].append(place)
    asked: defaultdict[object, list[DutyRow]] = defaultdict(list)
    for row in rows:
        asked[_when(row.post, row.span)].append(row)
    steps: list[Step] = []
    unclear: list[DutyRow] = []
    for when, mine in asked.items():
        made, left = _matched(mine, held[when])
        steps += made
        unclear += left
    faults = [_fault(row, heading, CellFault.WHICH_PLACE) for row in unclear]
    steps.sort(key=lambda step: step.row.line)
    faults += [
        _fault(row, heading, CellFault.OVERLAPS) for row in _collide(steps, places)
    ]
    if faults:
        raise RowsRefused(faults)
    return tuple(steps)


def _matched(
    rows: Sequence[DutyRow], places: Sequence[Place]
) -> tuple[list[Step], list[DutyRow]]:
    """The steps of the rows of one time, and the rows whose place cannot be known."""
    steps: list[Step] = []
    left, free = [], list(places)
    for row in rows:
        same = next((place for place in free if place.person == row.person), None)
        if same is None:
            left.append(row)
            continue
        free.remove(same)
        steps.append(Step(row=row, place=same, act=Act.NOTHING))
    vacant = [place for place in free if not place.person]
    for row, place in zip(list(left), vacant, strict=False):
        left.remove(row)
        free.remove(place)
        steps.append(Step(row=row, place=place, act=Act.FILL))
    if len(rows) < len(places):
        return steps, left
    for row in left:
        old = free.pop(0) if free else None
        act = Act.ADD if old is None else Act.CHANGE if row.person else Act.EMPTY
        steps.append(Step(row=row, place=old, act=act))
    return steps, []


def _collide(steps: Sequence[Step], places: Sequence[Place]) -> list[DutyRow]:
    """The rows whose person has another duty meanwhile, in a place that the sheet leaves."""
    touched = {step.place.id for step in steps if step.place is not None}
    staying: defaultdict[str, list[Span]] = defaultdict(list)
    for place in places:
        if place.person and place.id not in touched:
            staying[place.person].append(place.span)
    return [
        step.row
        for step in steps
        if step.act is not Act.NOTHING
        and any(span.overlaps(step.row.span) for span in staying[step.row.person])
    ]


def _when(post: str, span: Span) -> tuple[object, ...]:
    """By the clock of the place: which of two equal hours is meant, no sheet can say."""
    return (post, *(m.replace(tzinfo=None) for m in (span.starts_at, span.ends_at)))


def _fault(row: DutyRow, heading: Sequence[str], why: CellFault) -> Fault:
    cell = cell_name(row.line, list(heading).index("hvem"))
    return Fault(cell=cell, column="hvem", why=why)


@dataclass(slots=True, kw_only=True)
class _Sheet(Sheet):
    """Reads one sheet of duties."""

    people: Mapping[str, Sequence[str]]
    holds: Mapping[str, Collection[str]]
    posts: Mapping[str, str]
    shifts: Sequence[KnownShift]
    period: tuple[date, date]
    calendar: Calendar

    def duty(self, line: int, cells: Sequence[str]) -> DutyRow | None:
        text = dict.fromkeys(OPTIONAL, "") | self.texts(cells)
        person = self._person(line, text["hvem"])
        post = self.choice(line, text, "vakt", self.posts, why=CellFault.POST_UNKNOWN)
        shift = self._shift(line, text, post) if text["skift"] else None
        if text["fra"] or text["til"] or not text["skift"]:
            span = self._typed(line, text)
        else:
            day = day_of(text["dato"])
            span = shift.on(day, calendar=self.calendar) if shift and day else None
        if span is None or person is None or not post:
            return None
        if person and post not in self.holds[person]:
            self.at(line, "hvem", CellFault.POST_NOT_HELD)
        if shift is not None and _when(post, span) != _when(
            post, shift.on(span.starts_at.date(), calendar=self.calendar)
        ):
            self.at(line, "skift", CellFault.SHIFT_DIFFERS)
        first, last = self.period
        if not first <= span.starts_at.date() <= last:
            self.at(line, self._start(text), CellFault.OUTSIDE_PERIOD)
        return DutyRow(
            line=line,
            person=person,
            post=post,
            span=span,
            shift="" if shift is None else shift.code,
        )

    def refuse_overlaps(self, found: Sequence[DutyRow]) -> None:
        """The same duty twice, or two duties of one person at once."""
        held: defaultdict[str, list[DutyRow]] = defaultdict(list)
        for row in sorted(found, key=lambda one: (one.span.starts_at, one.line)):
            if row.person:
                held[row.person].append(row)
        for rows in held.values():
            before = rows[0]
            for row in rows[1:]:
                if before.span == row.span and before.post == row.post:
                    self.at(row.line, "hvem", CellFault.TWICE)
                elif before.span.overlaps(row.span):
                    self.at(row.line, "hvem", CellFault.OVERLAPS)
                before = max(before, row, key=lambda one: one.span.ends_at)

    def _person(self, line: int, said: str) -> str | None:
        """Whose name it is; "" for a duty that nobody has; None with a fault."""
        if not said:
            return ""
        found = self.people.get(said.casefold(), ())
        if len(found) == 1:
            return found[0]
        why = CellFault.PERSON_UNCLEAR if found else CellFault.PERSON_UNKNOWN
        self.at(line, "hvem", why)
        return None

    def _shift(self, line: int, text: Mapping[str, str], post: str) -> Shift | None:
        """The shift of that name and post on the day of the row."""
        day = day_of(text["dato"]) or _day_in(text["fra"])
        if day is None:
            if not text["fra"]:
                self._refuse_day(line, text)
            return None
        kind = day_type(day, calendar=self.calendar)
        found = [
            known.shift
            for known in self.shifts
            if known.name.casefold() == text["skift"].casefold()
            and known.shift.post == post
            and kind in known.shift.days
            and known.valid_from <= day
            and (known.valid_to is None or day < known.valid_to)
        ]
        if len({(shift.starts, shift.ends) for shift in found}) == 1:
            return found[0]
        if post:
            why = CellFault.SHIFT_UNCLEAR if found else CellFault.SHIFT_UNKNOWN
            self.at(line, "skift", why)
        return None

    def _typed(self, line: int, text: Mapping[str, str]) -> Span | None:
        """From start to end as they are typed; None with a fault."""
        starts = self._moment(line, text, "fra", day=day_of(text["dato"]))
        if starts is None:
            return None
        ends = self._moment(line, text, "til", day=starts.date(), after=starts)
        if ends is None:
            return None
        hours = (ends.timestamp() - starts.timestamp()) / 3600
        if hours <= 0:
            self.at(line, "til", CellFault.BEFORE_THE_FIRST)
            return None
        if hours > LONGEST_H:
            self.at(line, "til", CellFault.DUTY_TOO_LONG)
            return None
        return Span(starts_at=starts, ends_at=ends)

    def _moment(
        self,
        line: int,
        text: Mapping[str, str],
        name: str,
        *,
        day: date | None,
        after: datetime | None = None,
    ) -> datetime | None:
        """The moment that a cell says: day and clock, or a clock of the day given.

        A clock that is not later than `after` is on the day after.
        """
        if name not in self.heading:
            self._lacks(line)
            return None
        said, clock = text[name], clock_of(text[name])
        found = moment_of(said)
        if clock is not None:
            if day is None:
                self._refuse_day(line, text)
                return None
            found = datetime.combine(day, clock)
            if after is not None and found <= after.replace(tzinfo=None):
                found += DAY
        if found is None:
            self.at(line, name, CellFault.NOT_A_CLOCK if said else CellFault.EMPTY)
            return None
        at = found.replace(tzinfo=self.calendar.zone)
        back = at.astimezone(UTC).astimezone(self.calendar.zone)
        if back.replace(tzinfo=None) != found:
            self.at(line, name, CellFault.NO_SUCH_HOUR)
            return None
        return at

    def _lacks(self, line: int) -> None:
        """A row without any time, in a sheet without the columns of it."""
        name = next(one for one in ("skift", "fra", "hvem") if one in self.heading)
        self.at(line, name, CellFault.EMPTY)

    def _refuse_day(self, line: int, text: Mapping[str, str]) -> None:
        if "dato" not in self.heading:
            self.at(line, "fra" if "fra" in self.heading else "hvem", CellFault.EMPTY)
        elif text["dato"]:
            self.at(line, "dato", CellFault.NOT_A_DATE)
        else:
            self.at(line, "dato", CellFault.EMPTY)

    def _start(self, text: Mapping[str, str]) -> str:
        return "dato" if text["dato"] else "fra"


def _day_in(text: str) -> date | None:
    found = moment_of(text)
    return None if found is None else found.date()
