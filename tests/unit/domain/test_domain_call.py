from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.call import CallEvent, CallState, CallStatus, EventKind, fold


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def event(kind, second, *, event_id=None, **who):
    return CallEvent(
        event_id=event_id or f"{kind}{second}",
        kind=EventKind(kind),
        occurred_at=NOON + timedelta(seconds=second),
        **who,
    )


def at(second):
    return NOON + timedelta(seconds=second)


events = st.builds(
    event,
    st.sampled_from([kind.value for kind in EventKind]),
    st.integers(0, 4),
    event_id=st.sampled_from("abcdef"),
    operator=st.sampled_from([None, "kari", "ola"]),
    target=st.sampled_from([None, "113", "lege"]),
)


@given(known=st.lists(events, max_size=6), data=st.data())
@settings(max_examples=25)
def test_any_order_and_any_repetition_give_the_same_call(known, data):
    again = data.draw(st.lists(st.sampled_from(known), max_size=6)) if known else []
    shuffled = data.draw(st.permutations(known + again))
    assert fold(shuffled) == fold(known)


@given(known=st.lists(events, max_size=5), late=st.lists(events, max_size=3))
@settings(max_examples=50)
def test_to_fold_after_each_arrival_ends_where_folding_once_ends(known, late):
    stored = set()
    state = fold(stored)
    for arrived in [*late, *known]:
        stored.add(arrived)
        state = fold(stored)
    assert state == fold(known + late)


@given(known=st.lists(events, max_size=6))
@settings(max_examples=60)
def test_a_call_is_never_both_answered_and_abandoned(known):
    state = fold(known)
    assert not (state.is_answered and state.abandoned_at)
    assert not (state.is_missed and state.is_answered)
    assert not (state.is_waiting and (state.is_over or state.is_answered))
    assert state.answer_s is None or state.answer_s >= 0


@given(known=st.lists(events, max_size=6))
@settings(max_examples=60)
def test_someone_who_hung_up_unanswered_is_always_on_the_list_to_call_back(known):
    """The slow way, from the rules as they are written, without the one-per-id rule."""
    by_id = {e.event_id: e for e in known}
    unique = list(by_id.values())
    times = {
        kind: [e.occurred_at for e in unique if e.kind == kind] for kind in EventKind
    }
    gone = times["abandoned"] + times["ended"]
    is_answered = any(not gone or a <= min(gone) for a in times["answered"])
    is_fault = times["fault"] and not is_answered and not times["abandoned"]
    expected = bool(gone) and not is_answered and not is_fault
    assert fold(unique).is_missed is expected


def test_no_events_are_a_call_that_nothing_is_known_of():
    assert fold([]) == CallState()
    assert fold([]).state is CallStatus.UNKNOWN
    assert not fold([]).counts_as_call


def test_the_same_kind_and_time_twice_under_two_ids_changes_nothing():
    rang = event("ringing", 0, event_id="1")
    again = event("ringing", 0, event_id="2")
    took = event("answered", 9)
    assert fold([rang, took]) == fold([rang, again, took])


def test_one_id_with_two_contents_keeps_the_earlier_whatever_came_first():
    early = event("answered", 5, event_id="x", operator="kari")
    late = event("answered", 6, event_id="x", operator="ola")
    assert fold([late, early]).answered_by == "kari"
    assert fold([early, late]).answered_by == "kari"


def test_two_at_the_same_moment_are_told_apart_by_their_content():
    kari = event("answered", 5, event_id="1", operator="kari", extension="7")
    ola = event("answered", 5, event_id="0", operator="ola", extension="8")
    assert fold([ola, kari]).answered_by == "kari"
    assert fold([kari, ola]).answered_extension == "7"


def test_two_of_one_operator_are_told_apart_by_the_telephone():
    first = event("answered", 5, event_id="2", extension="7")
    second = event("answered", 5, event_id="1", extension="8")
    assert fold([second, first]).answered_extension == "7"


def test_who_hung_up_is_gone_at_the_first_sign_and_the_call_ends_at_the_last():
    state = fold([event("ringing", 0), event("abandoned", 9), event("ended", 11)])
    assert (state.abandoned_at, state.ended_at) == (at(9), at(11))


def test_the_first_ring_and_the_first_to_answer_count():
    state = fold(
        [
            event("ringing", 0),
            event("ringing", 20),
            event("answered", 30, operator="kari", extension="12"),
            event("transferred", 60, target="lege", operator="kari"),
            event("ringing", 61),
            event("answered", 70, operator="ola"),
            event("ended", 300),
        ]
    )
    assert state == CallState(
        state=CallStatus.ENDED,
        ringing_at=at(0),
        answered_at=at(30),
        answered_by="kari",
        answered_extension="12",
        transferred_at=at(60),
        transferred_to="lege",
        ended_at=at(300),
        answer_s=30.0,
    )


@pytest.mark.parametrize(
    ("answers", "transfers", "state"),
    [
        ([3], [], CallStatus.ANSWERED),
        ([3], [5], CallStatus.TRANSFERRED),
        ([3], [3], CallStatus.TRANSFERRED),
        ([3, 9], [5], CallStatus.ANSWERED),
        ([3, 9], [5, 12], CallStatus.TRANSFERRED),
        ([], [5], CallStatus.TRANSFERRED),
    ],
)
def test_on_the_line_the_last_answer_or_transfer_decides(answers, transfers, state):
    known = [event("ringing", 0)]
    known += [event("answered", second) for second in answers]
    known += [event("transferred", second) for second in transfers]
    assert fold(known).state is state


def test_an_answer_without_a_ring_is_an_answer_of_unknown_time():
    state = fold([event("answered", 5)])
    assert state.is_answered
    assert state.answer_s is None
    assert state.is_answer_time_unknown
    assert state.counts_as_call
    assert not fold([event("ringing", 5)]).is_answer_time_unknown


def test_a_ring_after_the_answer_gives_an_unknown_time_and_never_a_negative_one():
    state = fold([event("ringing", 6), event("answered", 5)])
    assert state.answer_s is None
    assert fold([event("ringing", 5), event("answered", 5)]).answer_s == 0.0


@pytest.mark.parametrize(
    ("ringing", "answered", "abandoned", "ended", "now", "waited"),
    [
        (0, None, None, None, 12, 12.0),
        (0, 7, None, None, 12, 7.0),
        (0, None, 8, None, 12, 8.0),
        (0, None, None, 9, 12, 9.0),
        (5, None, None, None, 3, 0.0),
        (None, 7, None, None, 12, None),
    ],
)
def test_the_wait_runs_from_the_first_ring(
    ringing, answered, abandoned, ended, now, waited
):
    seconds = {
        "ringing": ringing,
        "answered": answered,
        "abandoned": abandoned,
        "ended": ended,
    }
    known = [event(kind, s) for kind, s in seconds.items() if s is not None]
    assert fold(known).waited_s(now=at(now)) == waited


def test_a_fault_waits_until_its_end():
    state = fold([event("ringing", 0), event("fault", 3), event("ended", 4)])
    assert state.abandoned_at is None
    assert state.waited_s(now=at(60)) == 4.0


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="occurred_at has no time zone"):
        CallEvent(
            event_id="1", kind=EventKind.RINGING, occurred_at=datetime(2026, 1, 2)
        )
