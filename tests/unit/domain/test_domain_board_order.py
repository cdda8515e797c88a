"""The order of the station's board: cases, properties, and a slow obvious oracle."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.board_order import (
    NOT_TRIAGED,
    BoardReason,
    WaitingPatient,
    board_order,
)
from varde.domain.errors import DifferentScales
from varde.domain.hastegrad import ARRIVAL, PHONE


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")
MINUTES = {"rod": 0, "oransje": 10, "gul": 60, "gronn": 120, "bla": 240, "ukjent": 10}
RANK = {None: 0, "rod": 0, "oransje": 1, "gul": 2, "gronn": 3, "bla": 4}
LEVELS = [None, *ARRIVAL.codes]


def waiting(patient_id, level, arrived, seen=None):
    """A patient who arrived, and was last seen, so many minutes before noon."""
    return WaitingPatient(
        patient_id=patient_id,
        level=level and ARRIVAL.level(level),
        arrived_at=NOON - timedelta(minutes=arrived),
        last_seen_at=None if seen is None else NOON - timedelta(minutes=seen),
    )


def ordered(*patients, minutes=MINUTES, now=NOON):
    return board_order(patients, now=now, minutes=minutes)


def ids(rows):
    return [row.patient.patient_id for row in rows]


def left_min(row):
    return row.time_left / timedelta(minutes=1)


# Each line is a board from the top: id level, minutes since arrival, minutes since the look.
CASES = {
    "the least time left stands first": "a gul 50, b gronn 100, c gul 20",
    "a time that has run out rises on": "a gronn 150, b gul 80, c gul 59",
    "a low level far over its time stands above a high level just over":
        "a bla 300, b oransje 15",
    "a higher level as long over its time stands above": "a oransje 40, b gul 90, c gronn 150",
    "rød is on top however long the others have waited": "a rod 0, b oransje 500",
    "of two rød the one longest unseen": "a rod 9, b rod 90 2, c gul 500",
    "a look starts the time anew": "a gul 30, b gul 170 10",
    "nobody without a hastegrad stands below oransje with as much left":
        "a - 4, b oransje 4, c gul 54",
    "nobody without a hastegrad stands above rød": "a rod 0, b - 500",
    "arrived first, when level and time left are the same": "b gul 90 10, a gul 80 10",
    "the id decides when all else is the same": "a gul 10, b gul 10",
    "a look at the moment of arrival counts as one": "a gul 20, b gul 10 10",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_board_stands_as_in_the_table(case):
    listed = []
    for words in CASES[case].split(","):
        patient_id, level, *numbers = words.split()
        listed.append(
            waiting(patient_id, None if level == "-" else level, *map(int, numbers))
        )
    assert ids(ordered(*reversed(listed))) == [p.patient_id for p in listed]


@pytest.mark.parametrize(
    ("level", "arrived", "seen", "place", "reason", "left"),
    [
        ("gul", 59, None, 1, BoardReason.TIME_LEFT, 1),
        ("gul", 60, None, 1, BoardReason.TIME_IS_OUT, 0),
        ("gul", 61, None, 1, BoardReason.TIME_IS_OUT, -1),
        ("gul", 200, 59, 1, BoardReason.TIME_LEFT, 1),
        ("gul", 200, 60, 1, BoardReason.TIME_IS_OUT, 0),
        (None, 9, None, 1, BoardReason.NOT_TRIAGED_TIME_LEFT, 1),
        (None, 10, None, 1, BoardReason.NOT_TRIAGED_TIME_IS_OUT, 0),
        (None, 30, 4, 1, BoardReason.NOT_TRIAGED_TIME_LEFT, 6),
        ("rod", 5, None, None, BoardReason.HELP_NOW, None),
        ("rod", 5, 1, None, BoardReason.HELP_NOW, None),
    ],
)
def test_a_row_says_why_it_stands_there(level, arrived, seen, place, reason, left):
    (row,) = ordered(waiting("a", level, arrived, seen))
    assert (row.place, row.reason) == (place, reason)
    assert row.is_seen == (seen is not None)
    assert row.unseen_for == timedelta(minutes=arrived if seen is None else seen)
    assert row.waited == timedelta(minutes=arrived)
    if left is None:
        assert row.time_left is None
        assert row.allowed is None
        assert row.must_look_again
    else:
        assert left_min(row) == left
        assert row.allowed == timedelta(minutes=MINUTES[level or NOT_TRIAGED])
        assert row.must_look_again == (left <= 0)


def test_places_are_counted_below_the_red_ones():
    rows = ordered(
        waiting("a", "rod", 1),
        waiting("b", "rod", 2),
        waiting("c", "gul", 3),
        waiting("d", "bla", 3),
    )
    assert [row.place for row in rows] == [None, None, 1, 2]


def test_an_empty_board_has_no_rows():
    assert ordered(minutes={}) == ()


def test_rod_needs_no_minutes():
    assert ids(ordered(waiting("a", "rod", 1), minutes={})) == ["a"]


@pytest.mark.parametrize("seen", [21, 500, -1, -10_000])
def test_a_look_before_the_arrival_or_after_now_does_not_count(seen):
    (row,) = ordered(waiting("a", "gul", 20, seen))
    assert not row.is_seen
    assert left_min(row) == 40


def test_an_arrival_after_now_counts_as_now():
    (row,) = ordered(waiting("a", "gul", -3))
    assert row.waited == timedelta(0)
    assert left_min(row) == 60


def test_the_hour_that_comes_twice_in_autumn_is_counted_twice():
    arrived = datetime(2026, 10, 25, 2, 30, tzinfo=OSLO)
    now = datetime(2026, 10, 25, 2, 40, tzinfo=OSLO, fold=1)
    patient = WaitingPatient(
        patient_id="a", level=ARRIVAL.level("gul"), arrived_at=arrived
    )
    (row,) = ordered(patient, now=now)
    assert left_min(row) == -10


@pytest.mark.parametrize("what", ["arrived_at", "last_seen_at"])
def test_in_the_hour_that_comes_twice_what_was_first_goes_first(what):
    moments = [(50, 0), (10, 1)]  # minute, fold: the second is 20 minutes later
    there = {
        "level": ARRIVAL.level("gul"),
        "arrived_at": datetime(2026, 10, 25, 0, tzinfo=OSLO),
    }
    rows = ordered(
        *(
            WaitingPatient(
                patient_id=f"at {minute}",
                **there
                | {what: datetime(2026, 10, 25, 2, minute, tzinfo=OSLO, fold=fold)},
            )
            for minute, fold in moments
        ),
        now=datetime(2026, 10, 25, 2, 20, tzinfo=OSLO, fold=1),
    )
    assert ids(rows) == ["at 50", "at 10"]
    assert [row.unseen_for / timedelta(minutes=1) for row in rows] == [30, 10]


def test_a_look_within_the_hour_that_comes_twice_is_not_before_the_arrival():
    patient = WaitingPatient(
        patient_id="a",
        level=ARRIVAL.level("gul"),
        arrived_at=datetime(2026, 10, 25, 2, 50, tzinfo=OSLO),
        last_seen_at=datetime(2026, 10, 25, 2, 10, tzinfo=OSLO, fold=1),
    )
    (row,) = ordered(patient, now=datetime(2026, 10, 25, 2, 20, tzinfo=OSLO, fold=1))
    assert row.unseen_for == timedelta(minutes=10)


@pytest.mark.parametrize("level", ["gul", None])
def test_missing_minutes_are_not_no_limit(level):
    with pytest.raises(ValueError, match="no minutes are set for"):
        ordered(waiting("a", level, 1), minutes={"rod": 0})


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (lambda: ordered(minutes={"gul": -1}), "negative"),
        (lambda: ordered(now=NOON.replace(tzinfo=None)), "now has no time zone"),
        (
            lambda: ordered(waiting("a", "gul", 1), waiting("a", "rod", 2)),
            "stands twice",
        ),
        (
            lambda: WaitingPatient(
                patient_id="a", level=None, arrived_at=NOON.replace(tzinfo=None)
            ),
            "a moment has no time zone",
        ),
        (
            lambda: WaitingPatient(
                patient_id="a",
                level=None,
                arrived_at=NOON,
                last_seen_at=NOON.replace(tzinfo=None),
            ),
            "a moment has no time zone",
        ),
    ],
)
def test_what_has_no_meaning_is_refused(wrong, text):
    with pytest.raises(ValueError, match=text):
        wrong()


def test_a_hastegrad_from_the_phone_is_refused():
    with pytest.raises(DifferentScales, match="phone:haster"):
        WaitingPatient(patient_id="a", level=PHONE.level("haster"), arrived_at=NOON)


# --- properties

near = st.integers(-5, 20) | st.integers(
    -5, 400
)  # close together, so that many are equal
moments = st.tuples(st.sampled_from(LEVELS), near, st.none() | near)
boards = st.lists(moments, max_size=7).map(
    lambda found: [waiting(f"p{number:02}", *one) for number, one in enumerate(found)]
)
tables = st.fixed_dictionaries(dict.fromkeys(MINUTES, st.integers(0, 60)))


def stands_before(one, other, minutes):
    """The rule as one would say it to a colleague, in whole minutes."""
    said = []
    for patient in (one, other):
        code = None if patient.level is None else patient.level.code
        arrived = max(round((NOON - patient.arrived_at).total_seconds() / 60), 0)
        unseen = arrived
        if patient.last_seen_at is not None:
            seen = round((NOON - patient.last_seen_at).total_seconds() / 60)
            if 0 <= seen <= arrived:
                unseen = seen
        left = minutes["ukjent" if code is None else code] - unseen
        said.append((code, left, unseen, arrived, patient.patient_id))
    (code, left, unseen, arrived, name), (code_2, left_2, unseen_2, arrived_2, name_2) = (
        said
    )  # fmt: skip
    if (code == "rod") != (code_2 == "rod"):
        return code == "rod"
    if code == "rod" and unseen != unseen_2:
        return unseen > unseen_2
    if code != "rod" and left != left_2:
        return left < left_2
    if RANK[code] != RANK[code_2]:
        return RANK[code] < RANK[code_2]
    if arrived != arrived_2:
        return arrived > arrived_2
    return name < name_2


def slowly_ordered(patients, minutes):
    """Again and again the one who stands before all that are left."""
    remaining, order = list(patients), []
    while remaining:
        (first,) = [
            one
            for one in remaining
            if all(
                stands_before(one, other, minutes)
                for other in remaining
                if other is not one
            )
        ]
        order.append(first.patient_id)
        remaining.remove(first)
    return order


@settings(max_examples=30)
@given(patients=boards, minutes=tables)
def test_the_order_is_that_of_the_slow_and_obvious_way(patients, minutes):
    assert ids(ordered(*patients, minutes=minutes)) == slowly_ordered(patients, minutes)


@settings(max_examples=30)
@given(patients=boards, minutes=tables)
def test_everybody_stands_there_once_and_places_have_no_gaps(patients, minutes):
    rows = ordered(*patients, minutes=minutes)
    assert sorted(ids(rows)) == sorted(p.patient_id for p in patients)
    places = [row.place for row in rows if row.place is not None]
    assert places == list(range(1, len(places) + 1))


@settings(max_examples=30)
@given(patients=boards, minutes=tables, data=st.data())
def test_the_order_they_come_in_does_not_matter(patients, minutes, data):
    shuffled = data.draw(st.permutations(patients))
    assert ordered(*shuffled, minutes=minutes) == ordered(*patients, minutes=minutes)


@settings(max_examples=30)
@given(patients=boards, minutes=tables)
def test_a_longer_overdue_higher_level_never_stands_below_a_lower_one(
    patients, minutes
):
    queue = [row for row in ordered(*patients, minutes=minutes) if row.place]
    for place, above in enumerate(queue):
        for below in queue[place + 1 :]:
            codes = [row.patient.level and row.patient.level.code for row in (above, below)]  # fmt: skip
            is_higher_below = RANK[codes[1]] < RANK[codes[0]]
            if is_higher_below and below.time_left <= timedelta(0):
                assert below.time_left > above.time_left


@settings(max_examples=30)
@given(patients=boards, minutes=tables)
def test_rod_stands_above_all_and_is_never_a_place(patients, minutes):
    rows = ordered(*patients, minutes=minutes)
    is_red = [row.reason is BoardReason.HELP_NOW for row in rows]
    assert is_red == sorted(is_red, reverse=True)
    assert [row.place is None for row in rows] == is_red
    assert is_red == [
        row.patient.level is not None and row.patient.level.code == "rod"
        for row in rows
    ]


@settings(max_examples=30)
@given(patients=boards, minutes=tables, one=moments)
def test_one_more_patient_does_not_move_the_others_past_each_other(
    patients, minutes, one
):
    before = ids(ordered(*patients, minutes=minutes))
    after = ids(ordered(*patients, waiting("new", *one), minutes=minutes))
    after.remove("new")
    assert after == before


@settings(max_examples=30)
@given(patients=boards, minutes=tables, later=st.integers(0, 500))
def test_time_alone_lets_nobody_pass(patients, minutes, later):
    there = [
        p
        for p in patients
        if p.arrived_at <= NOON and (p.last_seen_at is None or p.last_seen_at <= NOON)
    ]
    after = ordered(*there, minutes=minutes, now=NOON + timedelta(minutes=later))
    assert ids(after) == ids(ordered(*there, minutes=minutes))


@settings(max_examples=30)
@given(patients=boards, minutes=tables)
def test_look_again_is_asked_for_exactly_when_no_time_is_left(patients, minutes):
    for row in ordered(*patients, minutes=minutes):
        is_out = row.time_left is None or row.time_left.total_seconds() <= 0
        assert row.must_look_again == is_out
        if row.time_left is not None:
            assert row.time_left == row.allowed - row.unseen_for
            assert (row.reason in {BoardReason.TIME_IS_OUT, BoardReason.NOT_TRIAGED_TIME_IS_OUT}) == is_out  # fmt: skip
