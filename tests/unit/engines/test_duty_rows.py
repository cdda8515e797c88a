"""A sheet of duties: read whole, or every faulty cell named; and what it does to a draft."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make_rota import CALENDAR
from varde.domain.rota.patterns import EVERY_DAY, WORKING_DAYS, Shift
from varde.domain.rota.values import Span
from varde.engines.duty_rows import (
    Act,
    DutyRow,
    KnownShift,
    Place,
    planned,
    read_duties,
)
from varde.engines.sheet_rows import CellFault, RowsRefused


FIRST, LAST = date(2026, 3, 23), date(2026, 11, 1)
HEADING = ["dato", "fra", "til", "skift", "vakt", "hvem"]
NIGHT = Shift(
    code="natt", post="forvakt", days=WORKING_DAYS, starts=time(15, 30), ends=time(8)
)
SHIFTS = [
    KnownShift(name="Natt", shift=NIGHT, valid_from=FIRST, valid_to=date(2026, 6, 1)),
    *(
        KnownShift(
            name="Todelt",
            shift=Shift(
                code=f"t{hour}",
                post="forvakt",
                days=EVERY_DAY,
                starts=time(hour),
                ends=time(hour + 8),
            ),
            valid_from=FIRST,
            valid_to=None,
        )
        for hour in (8, 15)
    ),
]


def read(*rows, heading=HEADING):
    return read_duties(
        [heading, *rows],
        people={"kari": ["1"], "ola": ["2"], "per": ["3", "4"], "nina": ["5"]},
        holds={"1": {"forvakt"}, "2": {"forvakt"}, "5": {"nurse"}},
        posts={"forvakt": "forvakt", "sykepleier": "nurse"},
        shifts=SHIFTS,
        first=FIRST,
        last=LAST,
        calendar=CALENDAR,
    )


def faults(*rows, heading=HEADING):
    with pytest.raises(RowsRefused) as caught:
        read(*rows, heading=heading)
    return [(one.cell, one.why) for one in caught.value.faults]


def at(day, clock):
    return CALENDAR.at(date.fromisoformat(day), time.fromisoformat(clock))


def test_the_ways_to_say_a_time_are_the_same_duty():
    said = [
        ["24.03.2026", "15:30", "08:00", "", "forvakt", "Kari"],
        ["2026-03-24", "15.30", "08:00:00", "", "Forvakt", " KARI "],
        ["", "24.03.2026 15:30", "2026-03-25 08:00", "", "forvakt", "kari"],
        ["", "2026-03-24T15:30", "08:00", "", "forvakt", "kari"],
        ["24.03.2026", "", "", "natt", "forvakt", "kari"],
        ["24.03.2026", "15:30", "08:00", "Natt", "forvakt", "kari"],
        ["", "24.03.2026 15:30", "08:00", "Natt", "forvakt", "kari"],
    ]
    wanted = Span(
        starts_at=at("2026-03-24", "15:30"), ends_at=at("2026-03-25", "08:00")
    )
    for row in said:
        (found,) = read(row)
        assert (found.span, found.person, found.line) == (wanted, "1", 2)
        assert found.shift == ("natt" if row[3] else "")


def test_a_duty_without_anybody_and_one_of_a_whole_day():
    rows = read(
        ["24.03.2026", "08:00", "08:00", "", "forvakt", ""],
        ["", "", "", "", "", " "],
        ["25.03.2026", "08:00", "16:00", "", "forvakt", ""],
    )
    assert [(row.line, row.person, row.span.hours) for row in rows] == [
        (2, "", 24.0),
        (4, "", 8.0),
    ]


def test_the_night_when_the_clocks_change_has_its_true_length():
    spring, autumn = read(
        ["28.03.2026", "22:00", "08:00", "", "forvakt", "kari"],
        ["24.10.2026", "22:00", "08:00", "", "forvakt", "kari"],
    )
    assert (spring.span.hours, autumn.span.hours) == (9.0, 11.0)
    (twice,) = read(["25.10.2026", "02:30", "08:00", "", "forvakt", "kari"])
    assert twice.span.starts_at.astimezone(UTC).hour == 0  # the first of the two


GOOD = ["24.03.2026", "15:30", "22:00", "", "forvakt", "kari"]


@pytest.mark.parametrize(
    ("column", "text", "cell", "why"),
    [
        ("hvem", "Siri", "F2", CellFault.PERSON_UNKNOWN),
        ("hvem", "per", "F2", CellFault.PERSON_UNCLEAR),
        ("hvem", "nina", "F2", CellFault.POST_NOT_HELD),
        ("vakt", "kokk", "E2", CellFault.POST_UNKNOWN),
        ("vakt", "", "E2", CellFault.EMPTY),
        ("dato", "", "A2", CellFault.EMPTY),
        ("dato", "31.02.2026", "A2", CellFault.NOT_A_DATE),
        ("dato", "22.03.2026", "A2", CellFault.OUTSIDE_PERIOD),
        ("dato", "02.11.2026", "A2", CellFault.OUTSIDE_PERIOD),
        ("fra", "halv fire", "B2", CellFault.NOT_A_CLOCK),
        ("fra", "", "B2", CellFault.EMPTY),
        ("fra", "01.01.1900 08:00", "B2", CellFault.NOT_A_CLOCK),
        ("fra", "01.01.2027 08:00", "C2", CellFault.BEFORE_THE_FIRST),
        ("til", "", "C2", CellFault.EMPTY),
        ("til", "23.03.2026 08:00", "C2", CellFault.BEFORE_THE_FIRST),
        ("til", "28.03.2026 15:31", "C2", CellFault.DUTY_TOO_LONG),
        ("til", "29.03.2026 02:30", "C2", CellFault.NO_SUCH_HOUR),
        ("skift", "Dag", "D2", CellFault.SHIFT_UNKNOWN),
        ("skift", "Natt", "D2", CellFault.SHIFT_DIFFERS),
        ("skift", "Todelt", "D2", CellFault.SHIFT_UNCLEAR),
    ],
)
def test_a_fault_is_named_by_its_cell(column, text, cell, why):
    row = list(GOOD)
    row[HEADING.index(column)] = text
    if (column, why) == ("fra", CellFault.BEFORE_THE_FIRST):
        row[2] = "24.03.2026 08:00"
    assert (cell, why) in faults(row)


@pytest.mark.parametrize(
    ("row", "cell", "why"),
    [
        (["29.03.2026", "02:30", "08:00", "", "forvakt", "kari"], "B2", "no_such_hour"),
        (["28.03.2026", "", "", "Natt", "forvakt", "kari"], "D2", "shift_unknown"),
        (["01.06.2026", "", "", "Natt", "forvakt", "kari"], "D2", "shift_unknown"),
        (["", "", "", "Natt", "forvakt", "kari"], "A2", "empty"),
        (["i går", "", "", "Natt", "forvakt", "kari"], "A2", "not_a_date"),
        (["", "15:30", "08:00", "Natt", "forvakt", "kari"], "A2", "empty"),
        (["", "22.03.2026 15:30", "22:00", "", "forvakt", ""], "B2", "outside_period"),
    ],
)
def test_a_time_that_cannot_be_is_named(row, cell, why):
    assert faults(row) == [(cell, CellFault(why))]


def test_a_post_that_is_not_known_says_nothing_of_its_shift():
    row = ["24.03.2026", "", "", "Natt", "kokk", "kari"]
    assert faults(row) == [("E2", CellFault.POST_UNKNOWN)]


@pytest.mark.parametrize(
    ("heading", "row", "cell"),
    [
        (["vakt", "hvem"], ["forvakt", "kari"], "B2"),
        (["vakt", "hvem", "skift"], ["forvakt", "kari", ""], "C2"),
        (["vakt", "hvem", "skift"], ["forvakt", "kari", "Natt"], "B2"),
        (["vakt", "hvem", "fra", "til"], ["forvakt", "kari", "15:30", "22:00"], "C2"),
        (["vakt", "hvem", "fra"], ["forvakt", "kari", "24.03.2026 15:30"], "C2"),
    ],
)
def test_a_sheet_without_the_columns_of_a_time_says_what_is_empty(heading, row, cell):
    assert faults(row, heading=heading) == [(cell, CellFault.EMPTY)]


def test_nobody_has_two_duties_at_once_in_a_sheet():
    long = ["24.03.2026", "08:00", "08:00", "", "forvakt", "kari"]
    short = ["24.03.2026", "09:00", "10:00", "", "forvakt", "kari"]
    later = ["24.03.2026", "12:00", "13:00", "", "forvakt", "kari"]
    other = ["24.03.2026", "12:00", "13:00", "", "forvakt", "ola"]
    next_one = ["25.03.2026", "08:00", "10:00", "", "forvakt", "kari"]
    assert faults(long, short, later, other, next_one, long) == [
        ("F7", CellFault.TWICE),
        ("F3", CellFault.OVERLAPS),
        ("F4", CellFault.OVERLAPS),
    ]
    assert faults() == [("", CellFault.NO_ROWS)]


# ------------------------------------------------------------- what it does

MONDAY = Span(starts_at=at("2026-03-23", "15:30"), ends_at=at("2026-03-24", "08:00"))
TUESDAY = Span(starts_at=at("2026-03-24", "15:30"), ends_at=at("2026-03-25", "08:00"))
OVER = Span(starts_at=at("2026-03-23", "18:00"), ends_at=at("2026-03-23", "20:00"))


def row(person, span=MONDAY, line=2):
    return DutyRow(line=line, person=person, post="forvakt", span=span, shift="")


def place(name, person, span=MONDAY):
    return Place(id=name, post="forvakt", span=span, person=person)


def acts(rows, places):
    steps = planned(
        [row(who, line=n) for n, who in enumerate(rows, start=2)],
        [place(f"v{n}", who) for n, who in enumerate(places)],
        heading=["hvem"],
    )
    return [(s.act.value, s.place.id if s.place else "") for s in steps]


@pytest.mark.parametrize(
    ("rows", "places", "wanted"),
    [
        (["kari"], ["kari"], [("nothing", "v0")]),
        ([""], [""], [("nothing", "v0")]),
        (["kari"], [""], [("fill", "v0")]),
        (["kari"], ["ola"], [("change", "v0")]),
        ([""], ["ola"], [("empty", "v0")]),
        (["kari"], [], [("add", "")]),
        (["kari", "ola"], ["kari"], [("nothing", "v0"), ("add", "")]),
        (["kari", "ola"], ["per", "kari"], [("nothing", "v1"), ("change", "v0")]),
        (["kari"], ["ola", ""], [("fill", "v1")]),
        (["kari"], ["", "kari"], [("nothing", "v1")]),
        (["kari", "per"], ["", "ola"], [("fill", "v0"), ("change", "v1")]),
    ],
)
def test_what_rows_do_to_the_places_of_their_time(rows, places, wanted):
    assert acts(rows, places) == wanted


def test_with_fewer_rows_than_places_it_is_asked_whom_a_row_replaces():
    for who in ("kari", ""):
        with pytest.raises(RowsRefused) as caught:
            acts([who], ["ola", "per"])
        (fault,) = caught.value.faults
        assert (fault.cell, fault.why) == ("A2", CellFault.WHICH_PLACE)


def test_nobody_gets_a_duty_beside_one_that_the_sheet_leaves():
    staying = [place("v0", ""), place("v1", "kari", OVER)]
    with pytest.raises(RowsRefused) as caught:
        planned([row("kari")], staying, heading=["vakt", "hvem"])
    (fault,) = caught.value.faults
    assert (fault.cell, fault.why) == ("B2", CellFault.OVERLAPS)
    moved = planned([row("kari"), row("ola", OVER, line=3)], staying, heading=["hvem"])
    assert [step.act for step in moved] == [Act.FILL, Act.CHANGE]
    # What was so before is no new fault.
    same = [place("v0", "kari"), place("v1", "kari", OVER)]
    assert planned([row("kari")], same, heading=["hvem"])[0].act is Act.NOTHING


people = st.sampled_from(["", "kari", "ola", "per", "siri"])


@given(
    held=st.lists(people, max_size=4),
    said=st.lists(people, max_size=5),
)
def test_a_sheet_taken_in_twice_is_nothing_new(held, said):
    """The second time every row finds its own: for any places and any rows."""
    spans = [MONDAY, TUESDAY]
    places = [place(f"v{n}", who, spans[n % 2]) for n, who in enumerate(held)]
    rows = [row(who, spans[n % 2], line=n + 2) for n, who in enumerate(said)]
    try:
        steps = planned(rows, places, heading=["hvem"])
    except RowsRefused:
        return
    after = {one.id: one for one in places}
    for number, step in enumerate(steps):
        key = step.place.id if step.place else f"n{number}"
        after[key] = place(key, step.row.person, step.row.span)
    again = planned(rows, list(after.values()), heading=["hvem"])
    assert {step.act for step in again} <= {Act.NOTHING}
    # As many rows say so, so many have it.
    for span in spans:
        for who in {one.person for one in rows if one.person}:
            wanted = sum((one.person, one.span) == (who, span) for one in rows)
            there = sum((p.person, p.span) == (who, span) for p in after.values())
            assert there >= wanted


def test_the_moments_of_a_place_are_met_by_the_clock():
    """The hour that comes twice: the sheet cannot say which, and finds its place."""
    zone = CALENDAR.zone
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=zone)
    span = Span(starts_at=second, ends_at=second + timedelta(hours=6))
    (found,) = read(["25.10.2026", "02:30", "08:30", "", "forvakt", "kari"])
    (step,) = planned(
        [found],
        [Place(id="v", post="forvakt", span=span, person="")],
        heading=HEADING,
    )
    assert step.act is Act.FILL
