from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.errors import DifferentScales, Rule, RuleBroken
from varde.domain.hastegrad import (
    ARRIVAL,
    NATIONAL,
    PHONE,
    SCALES,
    TO_NATIONAL,
    Scale,
    choose,
    hastegrad_of,
    look_again_at,
    most_urgent,
    national_level,
)


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
AKUTT, HASTER, VANLIG, RAD = PHONE.levels
phone_levels = st.sampled_from(PHONE.levels)


def test_the_phone_has_four_levels_and_arrival_five_the_most_urgent_first():
    assert [level.code for level in PHONE.levels] == [
        "akutt",
        "haster",
        "vanlig",
        "rad",
    ]
    assert [level.code for level in ARRIVAL.levels] == [
        "rod",
        "oransje",
        "gul",
        "gronn",
        "bla",
    ]
    assert [level.rank for level in ARRIVAL.levels] == [0, 1, 2, 3, 4]
    assert [level.is_most_urgent for level in PHONE.levels] == [
        True,
        False,
        False,
        False,
    ]


@given(one=phone_levels, other=phone_levels)
def test_on_one_scale_more_urgent_is_a_strict_order(one, other):
    expected = PHONE.codes.index(one.code) < PHONE.codes.index(other.code)
    assert one.is_more_urgent_than(other) is expected
    assert not (one.is_more_urgent_than(other) and other.is_more_urgent_than(one))


def test_the_two_axes_are_never_compared():
    with pytest.raises(
        DifferentScales, match=r"phone:akutt and arrival:gul .* map both"
    ):
        AKUTT.is_more_urgent_than(ARRIVAL.level("gul"))


def test_a_level_is_equal_only_to_itself():
    assert PHONE.level("akutt") == AKUTT
    assert NATIONAL.level("akutt") != AKUTT


def test_hastegrader_have_no_less_than():
    with pytest.raises(TypeError):
        sorted([AKUTT, HASTER])


@pytest.mark.parametrize("scale", list(SCALES))
def test_a_stored_hastegrad_is_found_again(scale):
    for level in SCALES[scale].levels:
        assert hastegrad_of(scale=scale, code=level.code) == level


def test_an_unknown_scale_or_level_names_those_that_exist():
    with pytest.raises(
        ValueError, match="no scale is called 'mts'; we have phone, arr"
    ):
        hastegrad_of(scale="mts", code="rod")
    with pytest.raises(ValueError, match="'phone' has no level 'gul'; it has akutt, h"):
        hastegrad_of(scale="phone", code="gul")


@pytest.mark.parametrize("codes", [(), ("a", "a")])
def test_a_scale_needs_levels_that_differ(codes):
    with pytest.raises(ValueError, match="no or repeated codes"):
        Scale("wrong", codes)


@pytest.mark.parametrize(
    ("scale", "code", "national"),
    [
        (PHONE, "akutt", "akutt"),
        (PHONE, "haster", "haster"),
        (PHONE, "vanlig", "vanlig"),
        (PHONE, "rad", "vanlig"),
        (ARRIVAL, "rod", "akutt"),
        (ARRIVAL, "oransje", "haster"),
        (ARRIVAL, "gul", "haster"),
        (ARRIVAL, "gronn", "vanlig"),
        (ARRIVAL, "bla", "vanlig"),
        (NATIONAL, "haster", "haster"),
    ],
)
def test_each_level_counts_as_one_of_three_nationally(scale, code, national):
    assert national_level(scale.level(code)) == NATIONAL.level(national)


def test_a_district_may_report_oransje_as_akutt():
    ours = {**TO_NATIONAL, ("arrival", "oransje"): "akutt"}
    assert national_level(ARRIVAL.level("oransje"), mapping=ours).code == "akutt"


def test_a_level_without_a_line_in_the_mapping_is_not_guessed():
    with pytest.raises(ValueError, match=r"no line for \('phone', 'rad'\)"):
        national_level(RAD, mapping={("phone", "akutt"): "akutt"})


def test_the_most_urgent_of_several_is_found_and_of_none_is_none():
    assert most_urgent([RAD, HASTER, VANLIG, HASTER]) == HASTER
    assert most_urgent([]) is None
    with pytest.raises(DifferentScales):
        most_urgent([RAD, ARRIVAL.level("bla")])


@pytest.mark.parametrize(
    ("minutes", "due"),
    [(0, NOON), (10, NOON + timedelta(minutes=10)), (None, None)],
)
def test_a_waiting_patient_is_looked_at_again_after_the_minutes_of_the_site(
    minutes, due
):
    gul = ARRIVAL.level("gul")
    assert look_again_at(gul, since=NOON, minutes={"gul": minutes}) == due


@pytest.mark.parametrize(
    ("since", "minutes", "says"),
    [
        (NOON, {"rod": 0}, "no minutes are set for arrival:gul; there are for rod"),
        (NOON, {}, "there are for none"),
        (NOON, {"gul": -1}, "negative: -1"),
        (NOON.replace(tzinfo=None), {"gul": 1}, "no time zone"),
    ],
)
def test_a_missing_or_wrong_limit_is_an_error_and_not_no_limit(since, minutes, says):
    with pytest.raises(ValueError, match=says):
        look_again_at(ARRIVAL.level("gul"), since=since, minutes=minutes)


@given(judged=phone_levels, chosen=phone_levels, current=phone_levels)
def test_to_raise_is_free_and_to_go_below_the_criteria_needs_a_reason(
    judged, chosen, current
):
    if judged.is_more_urgent_than(chosen):
        with pytest.raises(RuleBroken) as broken:
            choose(chosen, judged=judged, current=current, reason="  ")
        assert broken.value.rule is Rule.REASON_NEEDED_TO_LOWER
        assert broken.value.values == {"before": judged.code, "after": chosen.code}
    else:
        set_now = choose(chosen, judged=judged, current=current)
        assert set_now.chosen == chosen
        assert not set_now.is_below_criteria


def test_with_a_reason_it_is_set_below_the_criteria_and_known_to_be_so():
    lowered = choose(VANLIG, judged=HASTER, reason=" Lege har sett pasienten ")
    assert lowered.is_below_criteria
    assert lowered.reason == "Lege har sett pasienten"
    assert lowered.judged == HASTER


def test_without_criteria_the_hastegrad_of_now_is_the_floor():
    with pytest.raises(RuleBroken):
        choose(VANLIG, judged=None, current=HASTER)
    lowered = choose(VANLIG, judged=None, current=HASTER, reason="feil tast")
    assert not lowered.is_below_criteria
    assert choose(AKUTT, judged=None, current=HASTER).chosen == AKUTT
    assert choose(RAD, judged=None).chosen == RAD


def test_ones_own_raise_is_taken_back_down_to_the_criteria_without_a_reason():
    assert choose(HASTER, judged=HASTER, current=AKUTT).chosen == HASTER
