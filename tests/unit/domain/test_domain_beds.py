from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from varde.domain.beds import (
    BedStay,
    LookState,
    PlannedLook,
    hours_between,
    hours_in_bed,
    planned_look,
)


OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def at(minute):
    return NOON + timedelta(minutes=minute)


def stay(hours=None, *, admitted_at=NOON):
    ended_at = None if hours is None else admitted_at + timedelta(hours=hours)
    return BedStay(bed="1", admitted_at=admitted_at, ended_at=ended_at)


@pytest.mark.parametrize(
    ("now_h", "ended_h", "limit_h", "hours", "left_h", "is_over"),
    [
        (0, None, 24, 0, 24, False),
        (23, None, 24, 23, 1, False),
        (24, None, 24, 24, 0, False),
        (25, None, 24, 25, -1, True),
        (99, 24, 24, 24, 0, False),  # one that has ended does not go on
        (99, 25, 24, 25, -1, True),
        (99, 0, 24, 0, 24, False),
        (-1, None, 24, 0, 24, False),  # a clock that is behind
        (99, None, None, 99, None, None),
    ],
)
def test_hours_in_bed_against_the_limit(
    now_h, ended_h, limit_h, hours, left_h, is_over
):
    found = hours_in_bed(
        stay(ended_h), now=NOON + timedelta(hours=now_h), limit_hours=limit_h
    )
    assert (found.hours, found.left_hours, found.is_over) == (hours, left_h, is_over)
    limit_at = None if limit_h is None else NOON + timedelta(hours=limit_h)
    assert found.limit_at == limit_at


@pytest.mark.parametrize(
    ("day", "hours"),
    [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25)],
)
def test_when_the_clocks_change_the_hours_are_real(day, hours):
    midnight = day.replace(tzinfo=OSLO)
    following = (day + timedelta(days=1)).replace(tzinfo=OSLO)
    assert hours_between(midnight, following) == hours
    assert hours_between(following, midnight) == -hours
    found = hours_in_bed(stay(admitted_at=midnight), now=following, limit_hours=24)
    assert found.hours == hours
    assert found.is_over is (hours > 24)


def test_the_limit_is_told_in_the_local_time_of_the_admission():
    night = datetime(2026, 3, 28, 12, tzinfo=OSLO)
    found = hours_in_bed(stay(admitted_at=night), now=night, limit_hours=24)
    assert found.limit_at.isoformat() == "2026-03-29T13:00:00+02:00"


@pytest.mark.parametrize("limit", [0, -1, float("nan"), float("inf")])
def test_a_limit_is_some_hours(limit):
    with pytest.raises(ValueError, match="limit_hours must be above 0"):
        hours_in_bed(stay(), now=NOON, limit_hours=limit)


def test_a_stay_does_not_end_before_it_begins_though_the_clock_was_set_back():
    # 02:10 the second time is later than 02:50 the first time.
    first = datetime(2026, 10, 25, 2, 50, tzinfo=OSLO)
    second = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=OSLO)
    kept = BedStay(bed="1", admitted_at=first, ended_at=second)
    found = hours_in_bed(kept, now=second, limit_hours=None)
    assert found.hours == pytest.approx(1 / 3)
    with pytest.raises(ValueError, match=r"bed 1: a stay ends .* before it begins"):
        BedStay(bed="1", admitted_at=second, ended_at=first)


@pytest.mark.parametrize(
    ("looks", "now", "has_ended", "state", "next_at", "seen_at", "overdue"),
    [
        ([], 0, False, "none_planned", None, None, 0),
        ([(0, None)], -1, False, "planned", 0, None, 0),
        ([(0, None)], 0, False, "planned", 0, None, 0),
        ([(0, None)], 7, False, "overdue", 0, None, 7),
        ([(0, 3)], 7, False, "none_planned", None, 3, 0),
        ([(0, 3), (9, None)], 7, False, "planned", 9, 3, 0),
        ([(9, None), (0, None), (5, 6)], 7, False, "overdue", 0, 6, 7),
        ([(0, 9), (5, 6)], 10, False, "none_planned", None, 9, 0),
        ([(0, None), (5, 6)], 7, True, "ended", None, 6, 0),
        ([], 7, True, "ended", None, None, 0),
    ],
)
def test_where_the_planned_looks_stand(
    looks, now, has_ended, state, next_at, seen_at, overdue
):
    planned = [
        PlannedLook(planned_at=at(plan), done_at=None if done is None else at(done))
        for plan, done in looks
    ]
    found = planned_look(planned, now=at(now), has_ended=has_ended)
    assert found.state is LookState(state)
    assert found.next_at == (None if next_at is None else at(next_at))
    assert found.last_seen_at == (None if seen_at is None else at(seen_at))
    assert found.overdue_min == pytest.approx(overdue)


NAIVE = NOON.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (lambda: stay(admitted_at=NAIVE), "admitted_at"),
        (lambda: BedStay(bed="1", admitted_at=NOON, ended_at=NAIVE), "ended_at"),
        (lambda: hours_in_bed(stay(), now=NAIVE, limit_hours=None), "now"),
        (lambda: planned_look([], now=NAIVE, has_ended=False), "now"),
        (lambda: PlannedLook(planned_at=NAIVE), "planned_at"),
        (lambda: PlannedLook(planned_at=NOON, done_at=NAIVE), "done_at"),
    ],
)
def test_a_moment_without_a_zone_is_refused(fault, name):
    with pytest.raises(ValueError, match=f"^{name} has no time zone"):
        fault()
