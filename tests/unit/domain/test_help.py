"""Help between sentraler: limits, and exactly once over a network that loses and doubles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain import help as rules
from varde.domain.help import AtHelper, Held, OwnRow, Result, Stage, TakeIn


NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ago_s", "gone"), [(19.9, False), (20, True), (20.1, True), (-5, False)]
)
def test_one_is_gone_at_the_limit_and_not_before(ago_s, gone):
    heard = NOW - timedelta(seconds=ago_s)
    assert rules.is_gone(heard, now=NOW, missed_s=20) is gone


def test_one_that_was_never_heard_is_not_lost():
    assert not rules.is_gone(None, now=NOW, missed_s=20)


@pytest.mark.parametrize(
    ("heard_ago_s", "is_drill", "stage"),
    [
        (1, False, Stage.ASKING),
        (20, False, Stage.ACTIVE),
        (None, False, Stage.ACTIVE),
        (1, True, Stage.ACTIVE),
    ],
)
def test_one_that_lives_is_asked_first(heard_ago_s, is_drill, stage):
    heard = None if heard_ago_s is None else NOW - timedelta(seconds=heard_ago_s)
    told = rules.first_stage(heard, now=NOW, missed_s=20, is_drill=is_drill)
    assert told is stage


@pytest.mark.parametrize(
    ("failures", "pause"), [(0, 2), (1, 4), (2, 8), (3, 10), (5000, 10)]
)
def test_the_pause_is_doubled_up_to_a_limit(failures, pause):
    assert rules.pause_s(failures, beat_s=2, most_s=10) == pause


def test_the_pause_is_never_shorter_than_a_beat():
    assert rules.pause_s(0, beat_s=20, most_s=10) == 20


def test_only_what_was_told_and_let_go_of_is_taken_up_once():
    known = {"c": False}
    assert rules.to_take_up("abcb", let_go=None, known=known) == ["a", "b"]
    assert rules.to_take_up("abc", let_go="bbcd", known=known) == ["b"]
    assert rules.to_take_up("abc", let_go=[], known={}) == []


def test_what_came_back_undone_goes_again_under_a_new_name():
    known = {"a": True, "b": False, "c": True, "2~c": True, "d": True, "2~d": False}
    told = rules.to_take_up("abcde", let_go=None, known=known)
    assert told == ["2~a", "3~c", "e"]
    assert rules.to_take_up("ab", let_go=["2~a", "2~x"], known=known) == ["2~a"]
    assert [rules.plain_key(name) for name in told] == ["a", "c", "e"]


@pytest.mark.parametrize("name", ["call:a~b", "x~call:a", "~a", "call:2~a", "2"])
def test_a_name_that_only_looks_like_a_new_one_is_left_as_it_is(name):
    assert rules.plain_key(name) == name


@pytest.mark.parametrize(
    ("heard_ago_s", "refused_ago_s", "lost"),
    [(20, None, True), (19, None, False), (900, 5, False), (900, 20, True)],
)
def test_one_that_answers_with_no_is_not_lost(heard_ago_s, refused_ago_s, lost):
    """A wrong secret or clock at one of us takes nobody's patients over."""
    refused = refused_ago_s and NOW - timedelta(seconds=refused_ago_s)
    heard = NOW - timedelta(seconds=heard_ago_s)
    told = rules.is_lost(heard, refused_at=refused, now=NOW, missed_s=20)
    assert told is lost


def test_one_that_is_gone_itself_holds_nobody_back():
    told = rules.may_take(
        is_held=True, is_holder_gone=True, started_at=NOW, heard_at=None, now=NOW,
        settle_s=20,
    )  # fmt: skip
    assert told


@pytest.mark.parametrize(
    ("item", "result"),
    [
        (AtHelper(is_on_the_line=True), None),
        (AtHelper(is_contact_open=True, is_callback_open=False), None),
        (AtHelper(is_spoken_with=True), Result.ANSWERED),
        (AtHelper(), Result.OPEN),  # a call that went wrong: nobody spoke with anybody
        (AtHelper(is_callback_open=True), Result.OPEN),
        (
            AtHelper(is_callback_open=False, callback_result=Result.CANCELLED),
            Result.CANCELLED,
        ),
    ],
)
def test_what_somebody_works_with_is_not_handed_back(item, result):
    assert rules.ready(item) is result


@pytest.mark.parametrize(
    ("result", "own", "known", "action"),
    [
        (Result.REACHED, OwnRow.OPEN, False, TakeIn.SETTLE),
        (Result.REACHED, OwnRow.SETTLED, False, TakeIn.DOUBLED),
        (Result.REACHED, OwnRow.NONE, False, TakeIn.NOTE),
        (Result.OPEN, OwnRow.NONE, False, TakeIn.ADD),
        (Result.OPEN, OwnRow.OPEN, False, TakeIn.KEEP),
        (Result.OPEN, OwnRow.SETTLED, False, TakeIn.KEEP),
        (Result.REACHED, OwnRow.OPEN, True, None),
    ],
)
def test_what_the_owner_does_with_a_record(result, own, known, action):
    assert rules.take_in(result, own, is_known=known) is action


def test_a_return_is_over_when_all_is_acknowledged():
    done, back = Held.DONE, Held.BACK
    assert rules.next_stage(Stage.RETURNING, [done, done]) is Stage.ENDED
    assert rules.next_stage(Stage.RETURNING, [done, back]) is Stage.RETURNING
    assert rules.next_stage(Stage.ACTIVE, []) is Stage.ACTIVE


@pytest.mark.parametrize(
    ("is_held", "started_ago_s", "heard_ago_s", "may"),
    [
        (True, 900, 1, False),
        (False, 19, None, False),
        (False, 19, 30, False),  # heard before the start only
        (False, 19, 18, True),
        (False, 20, None, True),
    ],
)
def test_after_a_start_one_waits_for_the_helper_for_a_while(
    is_held, started_ago_s, heard_ago_s, may
):
    heard = None if heard_ago_s is None else NOW - timedelta(seconds=heard_ago_s)
    told = rules.may_take(
        is_held=is_held,
        started_at=NOW - timedelta(seconds=started_ago_s),
        heard_at=heard,
        now=NOW,
        settle_s=20,
    )
    assert told is may


class Helper:
    """A helper whose people have done some of the items."""

    def __init__(self, results):
        self.results = results
        self.held = dict.fromkeys(results, Held.BACK)
        self.stage = Stage.RETURNING
        self.seq = self.seen = 0

    def message(self):
        self.seq += 1
        back = {
            k: self.results[k] for k, held in self.held.items() if held is Held.BACK
        }
        return self.seq, back, self.stage

    def hear(self, message):
        seq, taken_in = message
        if not rules.is_news(seq, last=self.seen):
            return
        self.seen = seq
        for key in taken_in & self.held.keys():
            self.held[key] = Held.DONE
        self.stage = rules.next_stage(self.stage, self.held.values())


class Owner:
    """An owner with a list; what is struck off or put on is counted."""

    def __init__(self, own):
        self.own = dict(own)
        self.acts = []
        self.taken_in = set()
        self.seq = self.seen = 0

    def message(self):
        self.seq += 1
        return self.seq, set(self.taken_in)

    def hear(self, message):
        seq, records, _stage = message
        if not rules.is_news(seq, last=self.seen):
            return
        self.seen = seq
        for key, result in records.items():
            own = self.own.get(key, OwnRow.NONE)
            action = rules.take_in(result, own, is_known=key in self.taken_in)
            if action is not None:
                self.taken_in.add(key)
                self.acts.append((key, action))


items = st.dictionaries(
    st.integers(0, 20),
    st.tuples(st.sampled_from(Result), st.sampled_from([OwnRow.NONE, OwnRow.OPEN])),
    max_size=12,
)
# What the network does next: which side speaks, and which of all messages so far comes.
network = st.lists(st.tuples(st.booleans(), st.integers(0, 60)), max_size=60)


@given(items, network)
def test_each_item_comes_back_once_whatever_the_network_does(items, network):
    helper = Helper({key: result for key, (result, _) in items.items()})
    owner = Owner({k: own for k, (_, own) in items.items() if own is not OwnRow.NONE})
    to_owner, to_helper = [], []
    for is_helper, which in network:  # lost, doubled, late and in any order
        if is_helper:
            to_owner.append(helper.message())
            owner.hear(to_owner[which % len(to_owner)])
        else:
            to_helper.append(owner.message())
            helper.hear(to_helper[which % len(to_helper)])
        if helper.stage is Stage.ENDED:
            assert owner.taken_in >= set(items), "ended before all was back"
    for _ in range(2):  # the network is well again
        owner.hear(helper.message())
        helper.hear(owner.message())
    assert helper.stage is Stage.ENDED
    assert sorted(key for key, _ in owner.acts) == sorted(items)
    for key, action in owner.acts:
        result, own = items[key]
        on_list = action in {TakeIn.ADD, TakeIn.KEEP}
        assert on_list is (result is Result.OPEN), (own, action)
