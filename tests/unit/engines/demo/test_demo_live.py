"""The telephone of a running demo: soon, in order, and with somebody at the other end."""

from datetime import UTC, datetime
from functools import cache
from itertools import islice

import numpy as np
import pytest

from tests.unit.engines.demo.demo_district import UNTIL, demo, few_people
from varde.domain.call import CallEvent, EventKind
from varde.engines.demo.codes import NONE, Channel, Outcome, Relation
from varde.engines.demo.live import live_calls
from varde.engines.demo.people import ages


NIGHT = datetime(2023, 12, 6, 2, 30, tzinfo=UTC)  # half past three on a Wednesday
NOON = datetime(2023, 12, 9, 10, 30, tzinfo=UTC)  # half past eleven on a Saturday


@cache
def events(count=60, start=NOON, **more):
    """The first events of a running demo."""
    settings = {"seed": 1, "start": start} | more
    return list(islice(live_calls(demo(), few_people(), **settings), count))


def rings(made):
    """Those that are first rings."""
    return [e for e in made if e.event["kind"] == "ringing"]


@pytest.mark.parametrize("start", [NIGHT, NOON])
@pytest.mark.parametrize("seed", range(2))
def test_something_rings_within_ten_seconds(start, seed):
    first, second, third = rings(events(6, start, seed=seed))[:3]
    assert 0 < first.offset_s < 10
    assert third.offset_s < 60
    assert second.offset_s > first.offset_s


def test_events_come_in_order_of_time():
    offsets = [e.offset_s for e in events(300)]
    assert offsets == sorted(offsets)


def test_every_call_is_hung_up_after_it_rang_and_only_if_nobody_answered():
    made = events(400)
    rang = {e.event["call_id"]: e.offset_s for e in rings(made)}
    hung_up = [e for e in made if e.unless_answered]
    assert {e.event["kind"] for e in hung_up} == {"abandoned"}
    assert len(hung_up) > 100
    assert len({e.event["call_id"] for e in hung_up}) == len(hung_up)
    for event in hung_up:
        assert event.offset_s - rang[event.event["call_id"]] >= 90
        assert event.story is None


def test_the_first_caller_waits_for_half_an_hour():
    made = events(400)
    first = rings(made)[0]
    gone = next(
        e
        for e in made
        if e.unless_answered and e.event["call_id"] == first.event["call_id"]
    )
    assert gone.offset_s - first.offset_s >= 1800


def test_the_first_caller_is_easy_to_help():
    for seed in range(3):
        story = rings(events(3, seed=seed))[0].story
        assert story.outcome is Outcome.ADVICE
        assert story.person != NONE
        assert not story.needs_interpreter
        assert story.complaint is not None


def test_the_body_is_an_event_that_the_domain_understands():
    made = events(80)
    for event in made:
        body = event.event
        read = CallEvent(
            event_id=body["event_id"],
            kind=EventKind(body["kind"]),
            occurred_at=datetime.fromisoformat(body["occurred_at"]),
        )
        seconds = (read.occurred_at - NOON).total_seconds()
        assert seconds == pytest.approx(event.offset_s, abs=0.001)
    assert len({e.event["event_id"] for e in made}) == len(made)


def test_a_ring_has_line_priority_and_the_callers_number():
    lines = {line.code: line.priority for line in demo().lines}
    made = rings(events(400))
    for event in made:
        assert event.event["priority"] == lines[event.event["line"]]
        person = event.story.person
        expected = "" if person == NONE else few_people().phone[person]
        assert event.event["caller_number"] == expected
    assert len({e.event["line"] for e in made}) >= 4
    assert {e.event["line"] for e in made} <= set(lines)


def test_a_story_is_about_somebody_alive_and_of_an_age_for_it():
    about = {c.id: c for c in demo().complaints}
    day = np.datetime64("2023-12-09")
    for event in rings(events(500)):
        story = event.story
        if story.person == NONE:
            continue
        born = few_people().birth_date[[story.person]]
        assert born <= day
        if story.complaint:
            complaint = about[story.complaint]
            assert ages(born, day) >= complaint.from_age
            assert complaint.below_age is None or ages(born, day) <= complaint.below_age
        place = next(p for p in demo().places if p.name == story.place)
        assert place.municipality == story.municipality


def test_enquiries_have_no_complaint_and_come_from_the_public():
    stories = [e.story for e in rings(events(600))]
    enquiries = [s for s in stories if s.complaint is None]
    assert 0.25 < len(enquiries) / len(stories) < 0.65
    for story in enquiries:
        assert story.channel is Channel.PHONE
        assert story.relation is Relation.SELF
        assert (story.hastegrad, story.outcome, story.triage_s) == (None, None, 0)
    contacts = [s for s in stories if s.complaint]
    assert all(s.hastegrad and s.outcome and s.triage_s > 0 for s in contacts)
    assert not [s for s in stories if s.channel is Channel.DOOR]


def per_hour(made):
    """Rings an hour."""
    offsets = [e.offset_s for e in rings(made)]
    return 3600 * (len(offsets) - 3) / (offsets[-1] - offsets[2])


def test_without_a_floor_the_calls_follow_the_hour_of_the_week():
    night = per_hour(events(60, NIGHT, floor_per_hour=0.0, speed=1.0)[:14])
    noon = per_hour(events(120, NOON, floor_per_hour=0.0))
    assert night < 3
    assert 6 < noon < 20


def test_the_floor_keeps_the_night_busy():
    night = per_hour(events(300, NIGHT, floor_per_hour=60.0))
    assert night == pytest.approx(60 / 0.95, rel=0.2)


def test_faster_than_life_more_ring_and_they_are_less_patient():
    slow = events(400, floor_per_hour=0.0)
    fast = events(400, floor_per_hour=0.0, speed=30.0, shortest_patience_s=5.0)
    assert per_hour(fast) > 10 * per_hour(slow)
    assert median_patience(fast) < median_patience(slow) / 10


def median_patience(made):
    """How long callers wait before they hang up, but the first."""
    rang = {e.event["call_id"]: e.offset_s for e in rings(made)[1:]}
    waits = [
        e.offset_s - rang[e.event["call_id"]]
        for e in made
        if e.unless_answered and e.event["call_id"] in rang
    ]
    return np.median(waits)


def test_no_gap_is_longer_than_three_times_the_mean():
    offsets = [e.offset_s for e in rings(events(600, NIGHT, floor_per_hour=40.0))]
    assert np.diff(offsets).max() <= 3 * 90 + 1e-6


def test_it_goes_on_into_the_next_year():
    start = datetime(2023, 12, 31, 22, 50, tzinfo=UTC)
    made = events(400, start, speed=60.0, floor_per_hour=0.0)
    assert rings(made)[-1].event["occurred_at"] > "2023-12-31T22:51"


def test_the_same_seed_and_start_give_the_same_calls():
    assert events(50) == events.__wrapped__(50)
    assert events(50) != events(50, seed=2)


def test_the_other_sentral_has_its_own_people():
    for event in rings(events(60, sentral="NAB")):
        assert event.story.municipality in {"1848", "1875"}
        assert event.event["call_id"].startswith("NAB-")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"speed": 0.0}, "speed must be above 0"),
        ({"floor_per_hour": -1.0}, "must not be below 0"),
        ({"shortest_patience_s": -1.0}, "must not be below 0"),
        ({"start": datetime(2024, 1, 1)}, "no time zone"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong, says):
    settings = {"seed": 1, "start": UNTIL} | wrong
    with pytest.raises(ValueError, match=says):
        live_calls(demo(), few_people(), **settings)
