"""Who is at work: every hour has its people, and nobody is in two places."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from tests.unit.engines.demo.demo_district import demo
from varde.engines.demo.rosters import doctor_on, duties, size_of
from varde.engines.demo.staff import staff_of


FIRST, LAST = date(2026, 3, 20), date(2026, 4, 12)  # over the summer clock and Easter


@cache
def roster(sentral="HEL", **more):
    """The duties of some weeks."""
    scale = more.get("scale", 1.0)
    staff = staff_of(demo(), sentral, scale=scale)
    period = {"first": FIRST, "last": LAST, "seed": 1} | more
    return staff, duties(demo(), staff, sentral=sentral, **period)


@pytest.mark.parametrize("sentral", ["HEL", "NAB"])
def test_at_every_hour_there_is_an_operator_and_a_doctor_and_one_behind(sentral):
    _, made = roster(sentral)
    stations = {d.place for d in made if d.post == "forvakt"}
    begin = datetime(2026, 3, 21, tzinfo=UTC)
    for hour in range(0, 22 * 24, 5):  # every hour of the day comes up
        at = begin + timedelta(hours=hour)
        here = {(d.post, d.place) for d in made if d.starts_at <= at < d.ends_at}
        assert ("operator", sentral) in here
        assert {(p, s) for p in ("forvakt", "bakvakt") for s in stations} <= here


def test_the_sentral_has_a_shift_leader_round_the_clock_and_the_small_one_by_day():
    _, made = roster()
    leaders = [d for d in made if d.post == "shift_leader"]
    for before, after in pairwise(leaders):
        assert before.ends_at == after.starts_at
        assert before.person != after.person
    _, small = roster("NAB")
    assert {d.starts_at.hour for d in small if d.post == "shift_leader"} == {7}


@pytest.mark.parametrize(
    ("sentral", "scale"), [("HEL", 1.0), ("HEL", 3.0), ("NAB", 1.0)]
)
def test_nobody_is_on_two_duties_at_once(sentral, scale):
    _, made = roster(sentral, scale=scale)
    by_person = defaultdict(list)
    for duty in made:
        by_person[duty.person].append(duty)
    for mine in by_person.values():
        for before, after in pairwise(mine):
            assert before.ends_at <= after.starts_at


@pytest.mark.parametrize("sentral", ["HEL", "NAB"])
def test_operators_rest_at_least_eleven_hours(sentral):
    _, made = roster(sentral)
    by_person = defaultdict(list)
    for duty in (d for d in made if d.post == "operator"):
        by_person[duty.person].append(duty)
    assert len(by_person) >= 6
    for mine in by_person.values():
        for before, after in pairwise(mine):
            assert after.starts_at - before.ends_at >= timedelta(hours=11)


def test_duties_are_held_by_people_of_that_role_and_place():
    staff, made = roster()
    doctors = ("forvakt", "bakvakt", "konsultasjonsvakt", "beredskapsvakt")
    role_of = dict.fromkeys(doctors, "doctor")
    for duty in made:
        member = staff[duty.person]
        assert member.role == role_of.get(duty.post, duty.post)
        assert member.place == duty.place
        assert duty.ends_at > duty.starts_at


def test_the_one_behind_is_another_than_the_one_in_front():
    _, made = roster()
    posts = {(d.place, d.starts_at, d.post): d.person for d in made}
    for (place, at, post), person in posts.items():
        if post in ("forvakt", "konsultasjonsvakt"):
            assert posts[place, at, "bakvakt"] != person


def test_a_large_station_has_two_tiers_and_a_small_one_does_not():
    _, made = roster()
    tiers = defaultdict(set)
    for duty in made:
        if duty.post in ("forvakt", "konsultasjonsvakt", "beredskapsvakt"):
            tiers[duty.place].add(duty.post)
    assert tiers["MO1"] == {"konsultasjonsvakt", "beredskapsvakt"}
    assert tiers["NES"] == {"forvakt"}
    by_time = {(d.starts_at, d.post): d.person for d in made if d.place == "MO1"}
    for (at, post), person in by_time.items():
        if post == "konsultasjonsvakt":
            assert by_time[at, "beredskapsvakt"] != person
            assert by_time[at, "bakvakt"] != person


def test_every_station_has_a_nurse_at_every_hour():
    _, made = roster()
    shifts = defaultdict(list)
    for duty in (d for d in made if d.post == "nurse"):
        shifts[duty.place].append(duty)
    assert set(shifts) == {"MO1", "MJN", "NES", "SSJ", "BNN"}
    for mine in shifts.values():
        ordered = sorted(mine, key=lambda duty: duty.starts_at)
        until = ordered[0].ends_at
        for duty in ordered:
            assert duty.starts_at <= until
            until = max(until, duty.ends_at)


@pytest.mark.parametrize("sentral", ["HEL", "NAB"])
def test_nurses_rest_at_least_eleven_hours(sentral):
    _, made = roster(sentral)
    by_person = defaultdict(list)
    for duty in (d for d in made if d.post == "nurse"):
        by_person[duty.person].append(duty)
    for mine in by_person.values():
        for before, after in pairwise(sorted(mine, key=lambda d: d.starts_at)):
            assert after.starts_at - before.ends_at >= timedelta(hours=11)


def test_a_day_has_the_same_duties_in_every_period():
    _, whole = roster()
    _, part = roster(first=date(2026, 4, 1), last=date(2026, 4, 3))
    begin = part[0].starts_at
    assert part == tuple(
        d
        for d in whole
        if begin <= d.starts_at and d.starts_at.date() <= date(2026, 4, 3)
    )


def test_a_period_that_ends_before_it_starts_has_no_duties():
    _, made = roster(first=LAST, last=FIRST)
    assert made == ()


def test_now_and_then_an_operator_is_ill_and_never_the_first_one():
    _, made = roster(first=date(2026, 1, 1), last=date(2026, 6, 30))
    evenings = defaultdict(int)
    for duty in made:
        if duty.post == "operator" and duty.starts_at.hour == 15:
            evenings[duty.starts_at.date()] += 1
    alone = [day for day, count in evenings.items() if count == 1]
    assert set(evenings.values()) == {1, 2}
    assert 1 <= len(alone) < 0.12 * len(evenings)
    assert len(evenings) == 181


def test_a_larger_district_has_more_operators_at_work():
    usual, large = (
        len([d for d in roster(scale=s)[1] if d.post == "operator"]) for s in (1.0, 4.0)
    )
    assert large > 3 * usual
    assert size_of(demo(), sentral="HEL", year=2026) == pytest.approx(1.0, abs=0.01)


def test_doctors_take_turns():
    staff = staff_of(demo(), "HEL")
    week = {doctor_on(staff, station="NES", day=date(2026, 5, d)) for d in range(1, 5)}
    assert len(week) == 4


def test_a_place_without_the_role_is_refused():
    with pytest.raises(ValueError, match="nobody is doctor at XXX"):
        doctor_on(staff_of(demo(), "HEL"), station="XXX", day=FIRST)


def test_those_who_work_at_a_sentral_are_those_of_its_places():
    assert {m.place for m in staff_of(demo(), "NAB")} == {"NAB", "NORD", "OPP"}
    assert len(staff_of(demo(), "HEL", scale=0.1)) == len(staff_of(demo(), "HEL"))
    extra = staff_of(demo(), "HEL", scale=2.0)[-1]
    assert (extra.username, extra.operator_code) == ("operator0036", "HEL-36")
