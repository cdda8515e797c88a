import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.errors import Rule, RuleBroken
from varde.domain.news2 import (
    Band,
    Consciousness,
    Sign,
    SpO2Scale,
    VitalSigns,
    news2,
)


WELL = {
    "respiration_rate": 16,
    "spo2": 97,
    "on_oxygen": False,
    "systolic_bp": 120,
    "pulse": 70,
    "consciousness": Consciousness.ALERT,
    "temperature_c": 37.0,
}


def of(**changed):
    return news2(VitalSigns(**{**WELL, **changed}), age_years=40, is_pregnant=False)


def test_a_well_person_scores_nothing_with_each_part_shown():
    result = of()
    assert (result.total, result.band, result.missing) == (0, Band.LOW, ())
    assert [part.sign for part in result.parts] == list(Sign)
    assert {part.score for part in result.parts} == {0}
    assert result.red_signs == ()
    assert result.scale is SpO2Scale.ONE


@pytest.mark.parametrize(
    ("changed", "total", "band"),
    [
        ({"respiration_rate": 22, "pulse": 120}, 4, Band.LOW),
        ({"respiration_rate": 25}, 3, Band.LOW_MEDIUM),
        ({"respiration_rate": 25, "pulse": 91}, 4, Band.LOW_MEDIUM),
        ({"respiration_rate": 22, "pulse": 120, "spo2": 95}, 5, Band.MEDIUM),
        ({"respiration_rate": 25, "pulse": 120}, 5, Band.MEDIUM),
        ({"respiration_rate": 25, "pulse": 131}, 6, Band.MEDIUM),
        ({"respiration_rate": 25, "pulse": 131, "spo2": 95}, 7, Band.HIGH),
    ],
)
def test_the_band_follows_the_total_and_a_single_three(changed, total, band):
    result = of(**changed)
    assert (result.total, result.band) == (total, band)


def test_the_worst_is_twenty():
    worst = of(
        respiration_rate=30,
        spo2=80,
        on_oxygen=True,
        systolic_bp=80,
        pulse=140,
        consciousness=Consciousness.UNRESPONSIVE,
        temperature_c=34.0,
    )
    assert worst.total == 20
    assert len(worst.red_signs) == 6


@given(missing=st.sets(st.sampled_from(list(Sign)), min_size=1))
def test_without_all_signs_there_is_no_total_and_it_is_said_what_is_missing(missing):
    result = of(**dict.fromkeys(missing))
    assert result.total is None
    assert result.band is None
    assert set(result.missing) == missing
    assert {part.sign for part in result.parts if part.score is None} == missing


def test_what_is_known_gives_what_the_total_is_at_least_and_its_red_signs():
    result = of(pulse=None, respiration_rate=25, temperature_c=39.5)
    assert (result.total, result.at_least) == (None, 5)
    assert result.red_signs == (Sign.RESPIRATION_RATE,)


@pytest.mark.parametrize("age", [0, 15])
def test_it_is_not_for_those_under_sixteen(age):
    with pytest.raises(RuleBroken) as refused:
        news2(VitalSigns(**WELL), age_years=age, is_pregnant=False)
    assert refused.value.rule is Rule.NEWS2_UNDER_AGE
    assert refused.value.values == {"age_years": str(age), "min_age_years": "16"}
    assert news2(VitalSigns(**WELL), age_years=16, is_pregnant=False).total == 0


def test_it_is_not_for_the_pregnant_nor_for_an_unknown_age():
    with pytest.raises(RuleBroken) as pregnant:
        news2(VitalSigns(**WELL), age_years=30, is_pregnant=True)
    assert pregnant.value.rule is Rule.NEWS2_PREGNANT
    with pytest.raises(RuleBroken) as unknown:
        news2(VitalSigns(**WELL), age_years=None, is_pregnant=False)
    assert unknown.value.rule is Rule.NEWS2_AGE_UNKNOWN


def test_scale_2_is_used_only_by_decision():
    with pytest.raises(RuleBroken) as refused:
        news2(
            VitalSigns(**WELL),
            age_years=70,
            is_pregnant=False,
            scale=SpO2Scale.TWO,
            scale_2_decided_by=" ",
        )
    assert refused.value.rule is Rule.NEWS2_SCALE_2_NEEDS_DECISION
    decided = news2(
        VitalSigns(**{**WELL, "spo2": 88}),
        age_years=70,
        is_pregnant=False,
        scale=SpO2Scale.TWO,
        scale_2_decided_by="dr. Moe",
    )
    assert (decided.total, decided.scale) == (0, SpO2Scale.TWO)


@pytest.mark.parametrize(("on_oxygen", "total"), [(False, 0), (True, 5)])
def test_on_scale_2_a_high_saturation_is_bad_only_with_oxygen(on_oxygen, total):
    result = news2(
        VitalSigns(**{**WELL, "spo2": 97, "on_oxygen": on_oxygen}),
        age_years=70,
        is_pregnant=False,
        scale=SpO2Scale.TWO,
        scale_2_decided_by="dr. Moe",
    )
    assert result.total == total


@pytest.mark.parametrize(
    ("sign", "low", "high", "step"),
    [
        ("respiration_rate", 0, 100, 1),
        ("spo2", 0, 100, 1),
        ("systolic_bp", 0, 350, 1),
        ("pulse", 0, 350, 1),
        ("temperature_c", 20.0, 45.0, 0.1),
    ],
)
def test_what_nobody_can_have_is_refused_without_repeating_it(sign, low, high, step):
    VitalSigns(**{sign: low})
    VitalSigns(**{sign: high})
    for outside in (low - step, high + step):
        with pytest.raises(RuleBroken) as refused:
            VitalSigns(**{sign: outside})
        assert refused.value.rule is Rule.VITAL_SIGN_OUT_OF_RANGE
        assert refused.value.values == {
            "sign": sign,
            "low": f"{low:g}",
            "high": f"{high:g}",
        }


def test_a_temperature_has_one_decimal():
    assert of(temperature_c=35.1 + 0.9).total == 1  # 36.0 with a rounding error
    with pytest.raises(ValueError, match="one decimal"):
        of(temperature_c=36.05)
