"""What travel times are counted with: dated, with a source, and refused when wrong."""

from datetime import date

import pytest
import yaml

from varde import content
from varde.domain.errors import BadInput
from varde.engines.access.assumptions import read_assumptions


ON = date(2026, 1, 1)
TEXT = content.travel_text()


def read(text=TEXT, *, on=ON):
    return read_assumptions(text, filename="travel.yaml", on=on)


def changed(key, value):
    """The shipped file with another value."""
    rows = yaml.safe_load(TEXT)
    for row in rows:
        if row["key"] == key:
            row["value"] = value
    return yaml.safe_dump(rows, allow_unicode=True)


def test_the_shipped_file_gives_every_value_with_a_source():
    found = read()
    assert found.ferry_km_h == 12.3
    assert found.road_km_h["E"] == 76
    assert found.norm == {40.0: 0.90, 60.0: 0.95}
    assert found.half_km == {"consultation": 43, "contact": 77, "acute": 140}
    assert found.bands_min == (20, 30, 40, 45, 60, 90)
    assert all(one.source and one.unit for one in found.values)
    unsure = {one.key for one in found.values if not one.verified}
    assert {"road.km_h", "spread", "norm"} <= unsure
    assert "ferry.km_h" not in unsure


def test_the_value_of_the_day_is_the_last_that_has_begun():
    later = "\n- {key: ferry.km_h, value: 15, unit: km/t, source: X, valid_from: 2027-01-01}"
    text = TEXT + later
    assert read(text).ferry_km_h == 12.3
    assert read(text, on=date(2027, 1, 1)).ferry_km_h == 15


def test_before_anything_was_in_force_there_is_nothing_to_count_with():
    with pytest.raises(BadInput, match=r"travel\.yaml"):
        read(on=date(1999, 1, 1))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("ferry.km_h", 0, "too small"),
        ("ferry.km_h", True, "not a number"),
        ("ferry.km_h", "fast", "not a number"),
        ("road.km_h", {"E": 80}, "has no motorveg"),
        ("road.km_h", [80], "is not a table of numbers"),
        ("norm", {}, "is not a table of numbers"),
        ("bands_min", [], "is not a list of numbers"),
        ("bands_min", 20, "is not a list of numbers"),
        ("bands_min", [40, 20], "does not rise"),
        ("age_groups", [-1, 20], "too small"),
    ],
)
def test_a_value_that_cannot_be_counted_with_is_refused(key, value, said):
    with pytest.raises(BadInput, match=said):
        read(changed(key, value))


def test_a_value_without_a_date_or_a_file_without_values_is_refused():
    undated = "- {key: a, value: 1, unit: m, source: X, valid_from: soon}"
    with pytest.raises(BadInput, match="has no date"):
        read(undated)
    with pytest.raises(BadInput, match="has no values"):
        read("{}")
