from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from varde.domain.claim import (
    Claim,
    ClaimedHow,
    ClaimRules,
    beat,
    is_stale,
    may_claim,
    may_take_over,
    release,
)
from varde.domain.errors import Rule, RuleBroken


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
RULES = ClaimRules(grace_s=20, beat_s=10, missed_beats=3)
KARIS = Claim(owner="kari", claimed_at=NOON, beat_at=NOON)


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def kept_alive(until):
    return beat(KARIS, by="kari", now=after(until))


def test_the_first_to_claim_owns_it():
    assert may_claim(None, by="kari", now=NOON, rules=RULES) == KARIS


@pytest.mark.parametrize("seconds", [0, 1, 20, 21, 30])
def test_the_loser_of_a_race_is_refused_and_told_who_was_first(seconds):
    with pytest.raises(RuleBroken) as refused:
        may_claim(KARIS, by="ola", now=after(seconds), rules=RULES)
    assert refused.value.rule is Rule.OWNED_BY_ANOTHER
    assert refused.value.values == {"owner": "kari", "since": NOON.isoformat()}


def test_of_a_thousand_racing_claims_exactly_one_wins():
    claim, won, told = None, [], set()
    for number in range(1000):
        try:
            claim = may_claim(claim, by=f"operator {number}", now=NOON, rules=RULES)
            won.append(number)
        except RuleBroken as refused:
            told.add(refused.values["owner"])
    assert won == [0]
    assert told == {"operator 0"}


def test_to_claim_ones_own_again_only_renews_the_heartbeat():
    again = may_claim(KARIS, by="kari", now=after(5), rules=RULES)
    assert (again.claimed_at, again.beat_at) == (NOON, after(5))
    assert may_take_over(KARIS, by="kari", now=after(5), rules=RULES) == again


@pytest.mark.parametrize(
    ("seconds", "stale"), [(0, False), (30, False), (30.001, True)]
)
def test_a_claim_is_stale_after_the_missed_heartbeats(seconds, stale):
    assert is_stale(KARIS, now=after(seconds), rules=RULES) is stale


@pytest.mark.parametrize("take", [may_claim, may_take_over])
def test_anyone_may_claim_what_is_stale_and_it_is_known_from_whom(take):
    taken = take(KARIS, by="ola", now=after(31), rules=RULES)
    assert (taken.owner, taken.taken_from, taken.how) == (
        "ola",
        "kari",
        ClaimedHow.STALE,
    )
    assert taken.claimed_at == taken.beat_at == after(31)


@pytest.mark.parametrize("seconds", [-1, 0, 20])
def test_within_the_grace_a_colleague_takes_over_without_a_reason(seconds):
    taken = may_take_over(KARIS, by="ola", now=after(seconds), rules=RULES)
    assert (taken.owner, taken.taken_from, taken.how) == (
        "ola",
        "kari",
        ClaimedHow.GRACE,
    )


def test_after_the_grace_a_take_over_needs_a_reason():
    living = kept_alive(20)
    with pytest.raises(RuleBroken) as refused:
        may_take_over(living, by="ola", now=after(20.001), rules=RULES, reason=" ")
    assert refused.value.rule is Rule.TAKE_OVER_NEEDS_REASON
    assert refused.value.values == {"owner": "kari", "since": NOON.isoformat()}
    taken = may_take_over(
        living, by="ola", now=after(21), rules=RULES, reason=" Kari måtte gå "
    )
    assert (taken.how, taken.reason) == (ClaimedHow.REASON, "Kari måtte gå")


def test_to_take_over_what_is_free_is_to_claim_it():
    assert may_take_over(None, by="kari", now=NOON, rules=RULES) == KARIS


def test_a_heartbeat_never_moves_backwards():
    assert kept_alive(20).beat_at == after(20)
    assert beat(kept_alive(20), by="kari", now=after(5)).beat_at == after(20)


def test_a_late_heartbeat_revives_a_claim_that_nobody_took():
    assert not is_stale(kept_alive(60), now=after(61), rules=RULES)


@pytest.mark.parametrize(("claim", "owner"), [(KARIS, "kari"), (None, "")])
def test_only_the_owner_may_send_heartbeats_and_release(claim, owner):
    for refusal in (
        lambda: beat(claim, by="ola", now=NOON),
        lambda: release(claim, by="ola"),
    ):
        with pytest.raises(RuleBroken) as refused:
            refusal()
        assert refused.value.rule is Rule.NOT_YOURS
        assert refused.value.values == {"owner": owner}
    assert release(KARIS, by="kari") is None


@pytest.mark.parametrize(
    "wrong", [{"grace_s": -1}, {"beat_s": 0}, {"missed_beats": 0}], ids=str
)
def test_rules_that_cannot_work_are_refused(wrong):
    with pytest.raises(ValueError, match="must be >= 0"):
        ClaimRules(**{"grace_s": 20, "beat_s": 10, "missed_beats": 3, **wrong})


def test_the_smallest_rules_work():
    rules = ClaimRules(grace_s=0, beat_s=0.5, missed_beats=1)
    assert not is_stale(KARIS, now=after(0.5), rules=rules)
    assert is_stale(KARIS, now=after(0.51), rules=rules)
    assert may_take_over(KARIS, by="ola", now=NOON, rules=rules).owner == "ola"


people = st.sampled_from(["kari", "ola", "siv"])


class OneOwner(RuleBasedStateMachine):
    """Three operators at one call. The model keeps only who owns it and when it beat."""

    def __init__(self):
        super().__init__()
        self.now = NOON
        self.claim = None
        self.owner = None
        self.claimed_at = None
        self.beat_at = None

    def silent_s(self):
        return (self.now - self.beat_at).total_seconds()

    def now_owned_by(self, who):
        self.owner, self.claimed_at, self.beat_at = who, self.now, self.now

    @rule(seconds=st.sampled_from([1, 9, 20, 31]))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)

    def is_free_for(self, who):
        return self.owner in (None, who) or self.silent_s() > 30

    def is_mine_now(self, who, claim):
        self.claim = claim
        if who == self.owner:
            self.beat_at = self.now
        else:
            self.now_owned_by(who)

    @rule(who=people)
    def claims(self, who):
        if self.is_free_for(who):
            self.is_mine_now(
                who, may_claim(self.claim, by=who, now=self.now, rules=RULES)
            )
            return
        with pytest.raises(RuleBroken) as refused:
            may_claim(self.claim, by=who, now=self.now, rules=RULES)
        assert refused.value.values["owner"] == self.owner

    @rule(who=people, reason=st.sampled_from(["", "sykdom"]))
    def takes_over(self, who, reason):
        asked = {"by": who, "now": self.now, "rules": RULES, "reason": reason}
        if (
            self.is_free_for(who)
            or (self.now - self.claimed_at).total_seconds() <= 20
            or reason
        ):
            self.is_mine_now(who, may_take_over(self.claim, **asked))
            return
        with pytest.raises(RuleBroken) as refused:
            may_take_over(self.claim, **asked)
        assert refused.value.rule is Rule.TAKE_OVER_NEEDS_REASON

    @rule(who=people)
    def heartbeat(self, who):
        if who == self.owner:
            self.claim = beat(self.claim, by=who, now=self.now)
            self.beat_at = self.now
        else:
            with pytest.raises(RuleBroken):
                beat(self.claim, by=who, now=self.now)

    @precondition(lambda self: self.owner is not None)
    @rule(who=people)
    def releases(self, who):
        if who == self.owner:
            self.claim = release(self.claim, by=who)
            self.owner = None
        else:
            with pytest.raises(RuleBroken):
                release(self.claim, by=who)

    @invariant()
    def it_has_the_owner_of_the_model_and_no_other(self):
        assert (self.claim.owner if self.claim else None) == self.owner
        if self.claim:
            assert self.claim.claimed_at == self.claimed_at
            assert self.claim.beat_at == self.beat_at
            assert self.claim.taken_from != self.owner


OneOwner.TestCase.settings = settings(max_examples=25, stateful_step_count=20)
TestOneOwner = OneOwner.TestCase
