from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.conflict import (
    ConflictRule,
    DoctorOnDuty,
    Helper,
    NeedKind,
    OtherHelp,
    Tier,
    conflict_picture,
)
from varde.domain.doctor_state import DoctorActivity, DoctorState


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
RED, OUT = NeedKind.RED_PATIENT, NeedKind.CALL_OUT


def doctor(name, tier, activity, reach_min=None):
    return DoctorOnDuty(
        doctor=name,
        tier=Tier(tier),
        state=DoctorState(activity=DoctorActivity(activity)),
        reach_min=reach_min,
    )


def first(activity, reach_min=None, name="kari"):
    return doctor(name, "konsultasjonsvakt", activity, reach_min)


def second(activity, reach_min=None, name="ola"):
    return doctor(name, "beredskapsvakt", activity, reach_min)


def behind(activity, reach_min=None, name="siri"):
    return doctor(name, "bakvakt", activity, reach_min)


def rule(*, go_within_min=10, may_be_left=(), wake_min=None):
    return ConflictRule(
        go_within_min=go_within_min,
        may_be_left=frozenset(map(DoctorActivity, may_be_left)),
        wake_min=wake_min,
    )


def picture(*doctors, need=RED, untaken=0, others=(), **rules):
    return conflict_picture(
        doctors,
        need=need,
        at=NOON,
        rule=rule(**rules),
        untaken=untaken,
        others=others,
    )


def who(helps):
    return [help_.name or help_.helper.value for help_ in helps]


PHONE_LEFT = {"may_be_left": ["on_phone"]}
TABLE = [
    # doctors, rules, is there a conflict, why not
    ([], {}, True, []),
    ([first("free")], {}, False, []),
    ([first("with_patient")], {}, True, ["bound"]),
    ([first("out")], {}, True, ["bound"]),
    ([first("unknown")], {}, True, ["state_unknown"]),
    ([first("on_phone")], {}, True, ["bound"]),
    ([first("on_phone")], PHONE_LEFT, False, []),
    ([first("with_patient")], PHONE_LEFT, True, ["bound"]),
    ([first("resting")], {}, True, ["rest_is_kept"]),
    ([first("resting")], {"wake_min": 10}, False, []),
    ([first("resting")], {"wake_min": 10.5}, True, ["too_late"]),
    ([first("resting", 3)], {"wake_min": 8}, True, ["too_late"]),
    ([first("driving")], {}, True, ["no_time_stated"]),
    ([first("driving", 10)], {}, False, []),
    ([first("driving", 11)], {}, True, ["too_late"]),
    ([second("free", 10)], {}, False, []),
    ([second("free", 11)], {}, True, ["too_late"]),
    ([first("on_phone", 11)], PHONE_LEFT, True, ["too_late"]),
    # The second tier is there for it; the bakvakt does not undo the conflict.
    ([first("with_patient"), second("free")], {}, False, ["bound"]),
    ([first("with_patient"), behind("free")], {}, True, ["bound"]),
]


@pytest.mark.parametrize(("doctors", "rules", "is_conflict", "why_not"), TABLE)
@pytest.mark.parametrize("need", NeedKind)
def test_when_there_is_a_conflict(doctors, rules, is_conflict, why_not, need):
    found = picture(*doctors, need=need, **rules)
    assert found.is_conflict is is_conflict
    assert [reason.value for _, reason in found.why_not] == why_not
    assert (found.at, found.need) == (NOON, need)


@pytest.mark.parametrize(
    ("untaken", "is_conflict", "can_go", "why_not"),
    [
        (0, False, ["kari", "ola"], []),
        (1, False, ["ola"], [("kari", "spoken_for")]),
        (2, True, [], [("kari", "spoken_for"), ("ola", "spoken_for")]),
        (3, True, [], [("kari", "spoken_for"), ("ola", "spoken_for")]),
    ],
)
def test_each_need_that_nobody_has_taken_takes_a_doctor(
    untaken, is_conflict, can_go, why_not
):
    found = picture(first("free"), second("free"), untaken=untaken)
    assert found.is_conflict is is_conflict
    assert who(found.can_go) == can_go
    assert list(found.why_not) == why_not
    assert who(found.proposals) == (["amk"] if is_conflict else [])


@pytest.mark.parametrize(
    ("doctors", "is_last"),
    [
        ([first("free")], True),
        ([first("free"), second("out")], True),
        ([first("free"), second("free")], False),
        ([first("out")], False),
    ],
)
def test_one_sees_that_the_next_need_will_be_a_conflict(doctors, is_last):
    assert picture(*doctors).is_last_who_can_go is is_last


@pytest.mark.parametrize(
    ("need", "order"), [(RED, ["kari", "ola"]), (OUT, ["ola", "kari"])]
)
def test_of_two_as_fast_the_tier_decides_who_is_asked(need, order):
    assert who(picture(first("free"), second("free"), need=need).can_go) == order
    assert who(picture(second("free"), first("free"), need=need).can_go) == order


def test_the_fastest_is_asked_first_whatever_the_tier():
    found = picture(first("driving", 9), second("free", 2), need=RED)
    assert who(found.can_go) == ["ola", "kari"]


def test_of_two_alike_the_name_decides():
    found = picture(first("free", name="b"), first("free", name="a"))
    assert who(found.can_go) == ["a", "b"]


def test_who_can_help_in_which_order_and_why():
    others = [
        OtherHelp(helper=Helper.AMBULANCE, name="A1", is_available=None),
        OtherHelp(helper=Helper.NEIGHBOUR_STATION, name="Far", is_available=True),
        OtherHelp(
            helper=Helper.NEIGHBOUR_STATION, name="Near", is_available=True, minutes=40
        ),
        OtherHelp(helper=Helper.AMBULANCE, name="A2", is_available=False, minutes=1),
    ]
    found = picture(
        first("with_patient"),
        first("resting", name="berit"),
        behind("unknown"),
        behind("free", 30, name="tor"),
        behind("resting", name="sover"),
        second("driving", 25),
        second("driving", name="per"),
        others=others,
    )
    assert [(h.helper, h.name, h.reason, h.minutes) for h in found.proposals] == [
        ("beredskapsvakt", "ola", "can_be_called_back", 25),
        ("beredskapsvakt", "per", "can_be_called_back", None),
        ("konsultasjonsvakt", "kari", "bound_ask", None),
        ("bakvakt", "tor", "free", 30),
        ("bakvakt", "siri", "unknown_ask", None),
        ("neighbour_station", "Near", "says_available", 40),
        ("neighbour_station", "Far", "says_available", None),
        ("ambulance", "A1", "unknown_ask", None),
        ("amk", "", "always_answers", None),
    ]


def test_a_rest_that_may_be_broken_is_proposed_with_the_time_it_takes():
    found = picture(behind("resting", 15), wake_min=5)
    (bakvakt, _) = found.proposals
    assert (bakvakt.reason, bakvakt.minutes) == ("can_be_woken", 20)


def test_where_there_is_no_conflict_nobody_else_is_troubled():
    assert picture(first("free"), behind("free")).proposals == ()


def test_amk_answers_also_where_nobody_is_on_duty():
    assert who(picture().proposals) == ["amk"]


activities = st.sampled_from([activity.value for activity in DoctorActivity])
minutes = st.sampled_from([None, 0, 5, 20])
houses = st.lists(
    st.tuples(st.sampled_from(list(Tier)), activities, minutes), max_size=5
)
rules = st.builds(
    rule,
    go_within_min=st.sampled_from([0, 5, 10]),
    may_be_left=st.sets(st.sampled_from(["on_phone", "with_patient"])),
    wake_min=minutes,
)


def in_house(house):
    return [doctor(f"d{n}", *one) for n, one in enumerate(house)]


def conflict(doctors, **how):
    return conflict_picture(doctors, at=NOON, **how).is_conflict


@given(
    house=houses,
    need=st.sampled_from(list(NeedKind)),
    rule=rules,
    untaken=st.integers(0, 3),
    freed=st.integers(0, 4),
)
@settings(max_examples=30)
def test_more_free_doctors_never_create_a_conflict(house, need, rule, untaken, freed):
    how = {"need": need, "rule": rule, "untaken": untaken}
    doctors = in_house(house)
    before = conflict(doctors, **how)
    one_more = [*doctors, doctor("more", "beredskapsvakt", "free")]
    assert conflict(one_more, **how) <= before
    if freed < len(house):
        doctors[freed] = doctor("freed", house[freed][0], "free")
        assert conflict(doctors, **how) <= before


@given(house=houses, rule=rules, untaken=st.integers(0, 3))
@settings(max_examples=25)
def test_each_doctor_of_the_two_tiers_can_go_or_has_a_reason(house, rule, untaken):
    doctors = in_house(house)
    found = conflict_picture(doctors, need=RED, at=NOON, rule=rule, untaken=untaken)
    named = who(found.can_go) + [name for name, _ in found.why_not]
    assert sorted(named) == sorted(
        d.doctor for d in doctors if d.tier is not Tier.BAKVAKT
    )
    assert found.is_conflict is (not found.can_go) is bool(found.proposals)


@given(house=houses, rule=rules, untaken=st.integers(0, 3), data=st.data())
@settings(max_examples=25)
def test_the_order_in_which_doctors_are_listed_does_not_matter(
    house, rule, untaken, data
):
    doctors = in_house(house)
    how = {"need": OUT, "at": NOON, "rule": rule, "untaken": untaken}
    shuffled = data.draw(st.permutations(doctors))
    assert conflict_picture(doctors, **how) == conflict_picture(shuffled, **how)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (lambda: picture(untaken=-1), "untaken is negative: -1"),
        (lambda: picture(first("free"), second("out", name="kari")), "on duty twice"),
        (lambda: first("driving", -1), "reach_min must be 0 or more minutes, got -1"),
        (lambda: first("driving", float("nan")), "reach_min .* got nan"),
        (lambda: rule(go_within_min=float("inf")), "go_within_min .* got inf"),
        (lambda: rule(wake_min=-2), "wake_min .* got -2"),
        (lambda: rule(may_be_left=["resting"]), "may_be_left holds resting"),
        (
            lambda: OtherHelp(helper=Helper.AMK, name="AMK", is_available=True),
            "amk is no other help",
        ),
        (
            lambda: OtherHelp(
                helper=Helper.AMBULANCE, name="A", is_available=True, minutes=-1
            ),
            "minutes must be 0 or more minutes, got -1",
        ),
        (
            lambda: conflict_picture(
                [], need=RED, at=NOON.replace(tzinfo=None), rule=rule()
            ),
            "at has no time zone",
        ),
    ],
)
def test_what_cannot_be_is_refused(fault, message):
    with pytest.raises(ValueError, match=message):
        fault()
