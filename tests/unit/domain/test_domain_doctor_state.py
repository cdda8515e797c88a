from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.doctor_state import (
    BINDING,
    DoctorActivity,
    DoctorEvent,
    DoctorEventKind,
    DoctorState,
    Doing,
    doctor_state,
)


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def at(minute):
    return NOON + timedelta(minutes=minute)


def event(kind, minute, activity=None, ref="", *, event_id=None):
    return DoctorEvent(
        event_id=event_id or f"{kind}{minute}{activity}{ref}",
        kind=DoctorEventKind(kind),
        occurred_at=at(minute),
        activity=DoctorActivity(activity) if activity else None,
        ref=ref,
    )


def began(minute, activity, ref="a", **more):
    return event("began", minute, activity, ref, **more)


def ended(minute, activity, ref="a", **more):
    return event("ended", minute, activity, ref, **more)


def freed(minute, **more):
    return event("freed", minute, **more)


def state(*events, minute=60, **more):
    return doctor_state(events, at=at(minute), **more)


ACTIVITIES = [activity.value for activity in BINDING]
some_events = st.one_of(
    st.builds(
        event,
        st.sampled_from(["began", "ended"]),
        st.integers(0, 5),
        st.sampled_from(ACTIVITIES),
        st.sampled_from(["a", "b"]),
        event_id=st.sampled_from("123456"),
    ),
    st.builds(freed, st.integers(0, 5), event_id=st.sampled_from("123456")),
)


@given(known=st.lists(some_events, max_size=7), data=st.data())
@settings(max_examples=25)
def test_any_order_and_any_repetition_give_the_same_state(known, data):
    again = data.draw(st.lists(st.sampled_from(known), max_size=5)) if known else []
    shuffled = data.draw(st.permutations(known + again))
    assert state(*shuffled) == state(*known)


def obvious_state(events, moment):
    """The slow way: for each ref the last beginning, and what came after it."""
    kept = {}
    for one in sorted(events, key=lambda e: e.sort_key):
        kept.setdefault(one.event_id, one)
    known = [e for e in kept.values() if e.occurred_at <= moment]
    if not known:
        return "unknown"
    still = []
    for ref in {e.ref for e in known}:
        begins = [e for e in known if e.ref == ref and e.kind == "began"]
        if not begins:
            continue
        last_at = max(e.occurred_at for e in begins)
        activity = min(
            (e.activity for e in begins if e.occurred_at == last_at),
            key=BINDING.index,
        )
        is_ended = any(
            e.kind == "ended"
            and (e.ref, e.activity) == (ref, activity)
            and e.occurred_at >= last_at
            for e in known
        )
        is_freed = any(e.kind == "freed" and e.occurred_at > last_at for e in known)
        if not is_ended and not is_freed:
            still.append(activity)
    return min(still, key=BINDING.index).value if still else "free"


@given(known=st.lists(some_events, max_size=8), minute=st.integers(0, 5))
@settings(max_examples=25)
def test_the_fold_is_what_the_rules_say(known, minute):
    assert state(*known, minute=minute).activity == obvious_state(known, at(minute))


@given(known=st.lists(some_events, max_size=6))
@settings(max_examples=25)
def test_who_says_free_after_all_else_is_free(known):
    found = state(*known, freed(6, event_id="last"))
    assert found.is_free
    assert found.since == at(6)


TABLE = [
    ([], "unknown", None),
    ([freed(0)], "free", 0),
    ([began(0, "with_patient")], "with_patient", 0),
    ([began(0, "with_patient"), ended(9, "with_patient")], "free", 9),
    # The telephone rings with a patient in the room, and stops.
    ([began(0, "with_patient"), began(5, "on_phone", "b")], "with_patient", 0),
    (
        [
            began(0, "with_patient"),
            began(5, "on_phone", "b"),
            ended(9, "with_patient"),
        ],
        "on_phone",
        5,
    ),
    # The legs of a mission.
    ([began(0, "driving", "m"), began(20, "out", "m")], "out", 20),
    (
        [began(0, "driving", "m"), began(20, "out", "m"), began(50, "driving", "m")],
        "driving",
        50,
    ),
    (
        [
            began(0, "driving", "m"),
            began(20, "out", "m"),
            began(50, "driving", "m"),
            ended(59, "driving", "m"),
        ],
        "free",
        59,
    ),
    # The drive ends when the doctor is out, before or after: still out.
    (
        [began(0, "driving", "m"), began(20, "out", "m"), ended(20, "driving", "m")],
        "out",
        20,
    ),
    (
        [began(0, "driving", "m"), began(20, "out", "m"), ended(25, "driving", "m")],
        "out",
        20,
    ),
    # One is away and something at the station was forgotten: away.
    ([began(0, "out", "m"), began(9, "with_patient", "b")], "out", 0),
    ([began(0, "resting", ""), began(9, "on_phone", "b")], "on_phone", 9),
    # Free ends what was forgotten, and not what begins in the same minute.
    ([began(0, "with_patient"), freed(30)], "free", 30),
    ([began(30, "with_patient"), freed(30)], "with_patient", 30),
    ([freed(30), began(31, "with_patient")], "with_patient", 31),
    # No time at all: it was over at once.
    ([began(9, "on_phone"), ended(9, "on_phone")], "free", 9),
    # The end of an earlier one does not end the one that began later.
    ([ended(8, "on_phone"), began(9, "on_phone")], "on_phone", 9),
    # Two legs at the same moment: the most binding, whichever is read first.
    ([began(9, "driving", "m"), began(9, "out", "m")], "out", 9),
    ([began(9, "resting", "m"), began(9, "on_phone", "m")], "on_phone", 9),
    # The beginning was never sent.
    ([ended(9, "with_patient")], "free", 9),
]


@pytest.mark.parametrize(("events", "activity", "minute"), TABLE)
def test_the_state_that_events_add_up_to(events, activity, minute):
    found = state(*events)
    assert found.activity == activity
    assert found.since == (None if minute is None else at(minute))


def test_all_that_is_open_is_there_the_most_binding_first():
    found = state(began(5, "on_phone", "b"), began(0, "with_patient", "a"))
    assert found.doing == (
        Doing(activity=DoctorActivity.WITH_PATIENT, ref="a", since=at(0)),
        Doing(activity=DoctorActivity.ON_PHONE, ref="b", since=at(5)),
    )


def test_of_two_of_a_kind_the_one_that_began_first_is_named():
    found = state(began(5, "with_patient", "a"), began(0, "with_patient", "b"))
    assert [doing.ref for doing in found.doing] == ["b", "a"]


@pytest.mark.parametrize(
    ("minute", "activity"), [(9, "unknown"), (10, "with_patient"), (20, "free")]
)
def test_a_later_event_does_not_count_yet(minute, activity):
    events = [began(10, "with_patient"), ended(20, "with_patient")]
    assert state(*events, minute=minute).activity == activity


@pytest.mark.parametrize(("minute", "activity"), [(10, "free"), (11, "unknown")])
def test_the_last_duty_does_not_promise_a_doctor_today(minute, activity):
    assert state(freed(10), since=at(minute)).activity == activity


def test_one_id_with_two_contents_keeps_the_one_that_sorts_first():
    early = began(5, "on_phone", event_id="x")
    late = began(6, "with_patient", event_id="x")
    assert state(late, early) == state(early, late) == state(early)


def test_nothing_known_is_not_free():
    assert DoctorState() == state()
    assert not state().is_free
    assert state(freed(0)).is_free


@pytest.mark.parametrize(
    ("activity", "is_away"),
    [("driving", True), ("out", True), ("with_patient", False), ("resting", False)],
)
def test_who_is_on_the_road_is_away(activity, is_away):
    assert state(began(0, activity)).is_away is is_away


@pytest.mark.parametrize(
    ("kind", "activity", "message"),
    [
        ("freed", "on_phone", "freed cannot have the activity on_phone"),
        ("began", None, "began cannot have the activity None"),
        ("began", "free", "free neither begins nor ends"),
        ("ended", "unknown", "unknown neither begins nor ends"),
    ],
)
def test_an_event_names_an_activity_that_can_begin_and_end(kind, activity, message):
    with pytest.raises(ValueError, match=message):
        event(kind, 0, activity)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="occurred_at has no time zone"):
        DoctorEvent(
            event_id="1",
            kind=DoctorEventKind.FREED,
            occurred_at=NOON.replace(tzinfo=None),
        )
