from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.attendance import Interval, LateReason, propose_time
from varde.domain.errors import Rule, RuleBroken
from varde.domain.hastegrad import ARRIVAL, PHONE


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def at(minute):
    return NOON + timedelta(minutes=minute)


def interval(start, end, places):
    return Interval(starts_at=at(start), ends_at=at(end), places=places)


def propose(intervals, promised=(), *, travel=0, window=60, set_at=0, now=0, **options):
    return propose_time(
        now=at(now),
        hastegrad=options.get("hastegrad", PHONE.level("haster")),
        hastegrad_at=at(set_at),
        window_minutes=window,
        travel_minutes=travel,
        intervals=intervals,
        promised=[at(minute) for minute in promised],
    )


@pytest.mark.parametrize("red", [PHONE.level("akutt"), ARRIVAL.level("rod")])
def test_a_red_patient_never_gets_a_time(red):
    with pytest.raises(RuleBroken) as refused:
        propose([interval(0, 60, 4)], hastegrad=red)
    assert refused.value.rule is Rule.RED_IS_NEVER_QUEUED
    assert refused.value.values == {"hastegrad": red.code}


@pytest.mark.parametrize(
    ("promised", "travel", "minute"),
    [
        ([], 0, 0),
        ([0], 0, 15),
        ([14], 0, 15),
        ([15], 0, 0),
        ([0, 15, 45], 0, 30),
        ([], 20, 20),
        ([20], 20, 30),
        ([-1, 60, 61], 0, 0),
        ([0, 15, 30, 45], 0, 60),
        ([1, 2, 3, 4], 0, 60),
        ([15], 15, 30),
        ([], 59, 59),
        ([], 60, 60),
    ],
)
def test_the_first_free_place_that_can_be_reached_is_proposed(promised, travel, minute):
    # Two hours of four places; the later is handed in first.
    hours = [interval(60, 120, 4), interval(0, 60, 4)]
    assert propose(hours, promised, travel=travel).at == at(minute)


@pytest.mark.parametrize(
    ("places_from", "travel", "window", "late", "why"),
    [
        (60, 0, 60, False, None),
        (61, 0, 60, True, LateReason.CAPACITY),
        (0, 60, 60, False, None),
        (0, 61, 60, True, LateReason.TRAVEL),
        (90, 61, 60, True, LateReason.TRAVEL),
        (0, 500, None, False, None),
        (1, 0, 0, True, LateReason.CAPACITY),
    ],
)
def test_a_time_after_the_window_is_said_to_be_late_and_why(
    places_from, travel, window, late, why
):
    found = propose([interval(places_from, 600, 200)], travel=travel, window=window)
    assert (found.is_late, found.late_reason) == (late, why)
    assert found.earliest_arrival_at == at(travel)
    assert found.window_ends_at == (None if window is None else at(window))


def test_the_window_runs_from_when_the_hastegrad_was_set():
    found = propose([interval(0, 60, 60)], now=31, window=30, set_at=0)
    assert found.is_late
    assert found.window_ends_at == at(30)


@pytest.mark.parametrize(
    ("intervals", "until"),
    [
        ([], ""),
        ([interval(0, 60, 0)], at(60).isoformat()),
        ([interval(90, 120, 1), interval(0, 60, 1)], at(120).isoformat()),
    ],
    ids=["none", "no places", "all taken"],
)
def test_no_free_place_at_all_is_said_and_not_made_up(intervals, until):
    with pytest.raises(RuleBroken) as refused:
        propose(intervals, promised=[0, 90])
    assert refused.value.rule is Rule.NO_ATTENDANCE_TIME
    assert refused.value.values == {"looked_until": until}


def test_a_promise_at_the_end_of_an_interval_belongs_to_the_next():
    assert propose([interval(0, 60, 1)], promised=[60]).at == at(0)


@pytest.mark.parametrize(("travel", "window"), [(-1, 60), (0, -1)])
def test_negative_minutes_are_refused(travel, window):
    with pytest.raises(ValueError, match="must be 0 or more"):
        propose([interval(0, 60, 4)], travel=travel, window=window)


@pytest.mark.parametrize(("end", "places"), [(0, 1), (60, -1)])
def test_an_interval_that_cannot_be_is_refused(end, places):
    with pytest.raises(ValueError, match="must end after it starts"):
        interval(0, end, places)


@given(
    promised=st.lists(st.integers(0, 119), max_size=9),
    travel=st.integers(0, 119),
    places=st.tuples(st.sampled_from([0, 1, 2, 4]), st.sampled_from([0, 3, 6])),
)
@settings(max_examples=80)
def test_it_agrees_with_trying_every_minute(promised, travel, places):
    hours = [interval(0, 60, places[0]), interval(60, 120, places[1])]
    expected = next(
        (m for m in range(travel, 120) if is_free(m, promised, places)), None
    )
    if expected is None:
        with pytest.raises(RuleBroken):
            propose(hours, promised, travel=travel)
    else:
        assert propose(hours, promised, travel=travel).at == at(expected)


def is_free(minute, promised, places):
    """May one more come at this minute? Counted by hand, hour by hour."""
    hour = minute // 60
    if places[hour] == 0:
        return False
    length = 60 // places[hour]
    in_hour = [p for p in promised if p // 60 == hour]
    taken = {p % 60 // length for p in in_hour}
    return len(in_hour) < places[hour] and minute % 60 // length not in taken
