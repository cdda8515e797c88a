"""NEWS2, every boundary of the chart. Source: Royal College of Physicians, 2017.

Each row is a sign with the values from lowest to highest and the score of each. The
values stand on both sides of every boundary.
"""

import json
from pathlib import Path

import pytest

from varde.domain.errors import RuleBroken
from varde.domain.news2 import Consciousness, Sign, SpO2Scale, VitalSigns, news2


TABLE = """
sign             scale oxygen | value:score ...
respiration_rate 1     no     | 0:3 8:3 9:1 11:1 12:0 20:0 21:2 24:2 25:3 100:3
spo2             1     no     | 0:3 91:3 92:2 93:2 94:1 95:1 96:0 100:0
spo2             1     yes    | 91:3 92:2 93:2 94:1 95:1 96:0 100:0
spo2             2     no     | 0:3 83:3 84:2 85:2 86:1 87:1 88:0 92:0 93:0 97:0 100:0
spo2             2     yes    | 83:3 84:2 85:2 86:1 87:1 88:0 92:0 93:1 94:1 95:2 96:2 97:3
spo2             2     -      | 83:3 84:2 87:1 88:0 93:0 97:0
systolic_bp      1     no     | 0:3 90:3 91:2 100:2 101:1 110:1 111:0 219:0 220:3 350:3
pulse            1     no     | 0:3 40:3 41:1 50:1 51:0 90:0 91:1 110:1 111:2 130:2 131:3
temperature_c    1     no     | 20.0:3 35.0:3 35.1:1 36.0:1 36.1:0 38.0:0 38.1:1 39.0:1 39.1:2
"""

ROWS = TABLE.strip().splitlines()[1:]
OXYGEN = {"no": False, "yes": True, "-": None}
CHART = Path(__file__).parents[3] / "shared" / "data" / "codes" / "news2.json"


def score(sign, value, *, scale, on_oxygen=False):
    measured = {"on_oxygen": on_oxygen, sign: value}
    result = news2(
        VitalSigns(**measured),
        age_years=16,
        is_pregnant=False,
        scale=SpO2Scale(scale),
        scale_2_decided_by="lege" if scale == 2 else "",
    )
    return next(part.score for part in result.parts if part.sign == sign)


@pytest.mark.parametrize("row", ROWS)
def test_each_sign_scores_as_in_the_chart(row):
    (sign, scale, oxygen), pairs = (half.split() for half in row.split("|"))
    number = float if sign == "temperature_c" else int
    expected = {value: int(points) for value, points in (p.split(":") for p in pairs)}
    found = {
        value: score(sign, number(value), scale=int(scale), on_oxygen=OXYGEN[oxygen])
        for value in expected
    }
    assert found == expected


@pytest.mark.parametrize(("given", "points"), [(True, 2), (False, 0), (None, None)])
def test_oxygen_scores_two(given, points):
    assert score(Sign.ON_OXYGEN, given, scale=1) == points


@pytest.mark.parametrize(
    ("level", "points"), [("A", 0), ("C", 3), ("V", 3), ("P", 3), ("U", 3)]
)
def test_all_but_alert_score_three(level, points):
    assert score("consciousness", Consciousness(level), scale=1) == points


@pytest.mark.parametrize(
    ("sign", "scale", "on_oxygen", "chart"),
    [
        ("respiration_rate", 1, False, ["respiration_rate"]),
        ("spo2", 1, False, ["spo2_scale1"]),
        ("spo2", 2, False, ["spo2_scale2.any", "spo2_scale2.on_air"]),
        ("spo2", 2, True, ["spo2_scale2.any", "spo2_scale2.on_oxygen"]),
        ("systolic_bp", 1, False, ["systolic_bp"]),
        ("pulse", 1, False, ["pulse"]),
        ("temperature_c", 1, False, ["temperature_c"]),
    ],
)
def test_it_agrees_with_the_chart_as_a_file_for_every_value(
    sign, scale, on_oxygen, chart
):
    if not CHART.exists():
        pytest.skip("no ../shared/data/codes/news2.json: the chart's file not compared")
    scores = json.loads(CHART.read_text(encoding="utf-8"))["scores"]
    bands = []
    for name in chart:
        found = scores
        for key in name.split("."):
            found = found[key]
        bands.extend(found)
    for low, high, points in bands:
        low = {"temperature_c": 20.0}.get(sign, 0) if low is None else low
        high = (
            {"temperature_c": 45.0}.get(sign, 100 if low < 100 else 350)
            if (high is None)
            else high
        )
        step = 0.1 if sign == "temperature_c" else 1
        for number in range(round((high - low) / step) + 1):
            value = round(low + number * step, 1) if step < 1 else low + number
            assert score(sign, value, scale=scale, on_oxygen=on_oxygen) == points


def test_scale_2_is_refused_without_a_decision():
    with pytest.raises(RuleBroken, match="news2_scale_2_needs_decision"):
        news2(VitalSigns(), age_years=40, is_pregnant=False, scale=SpO2Scale.TWO)
