"""A series of hours, and what is refused in the file that it is read from."""

from datetime import UTC, datetime

import numpy as np
import pytest

from varde.domain.errors import BadInput
from varde.engines.forecast.series import HourlySeries, from_counts, read_series


def read(*lines):
    return read_series([line.encode() for line in lines], file="s.csv")


def test_lines_in_any_order_with_other_columns_make_a_series():
    found = read(
        "temp,Arrivals,ts",
        "5,2.0,2026-01-01 02:00:00",
        "",
        "6,0,2026-01-01T00:00",
        "7,,2026-01-01 01:00",
    )
    assert found.begins == datetime(2026, 1, 1)
    assert np.array_equal(found.counts, [0, np.nan, 2], equal_nan=True)
    assert found.ends == datetime(2026, 1, 1, 3)
    assert found.first(1).counts.tolist() == [0]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "heading lacks"),
        (["ts,count"], "heading lacks Arrivals"),
        (["ts,Arrivals"], "holds no hour"),
        (["ts,Arrivals", "2026-01-01 00:00,"], "holds no hour"),
        (["ts,Arrivals", "2026-01-01 00:00,1,2"], "3 fields"),
        (["ts,Arrivals", "first of May,1"], "not a moment"),
        (["ts,Arrivals", "2026-01-01 00:30,1"], "not a whole hour"),
        (["ts,Arrivals", "2026-01-01 00:00+01:00,1"], "not a whole hour"),
        (["ts,Arrivals", "2026-01-01 00:00,x"], "not a number"),
        (["ts,Arrivals", "2026-01-01 00:00,-1"], "not a whole number"),
        (["ts,Arrivals", "2026-01-01 00:00,0.5"], "not a whole number"),
        (["ts,Arrivals", "2026-01-01 00:00,nan"], "not a whole number"),
        (["ts,Arrivals", "2026-01-01,1", "2026-01-01 00:00,1"], "line 2 already"),
        (["ts,Arrivals", "1026-01-01,1", "2026-01-01,1"], "goes from"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_with_a_sentence(lines, said):
    with pytest.raises(BadInput, match=said):
        read(*lines)


@pytest.mark.parametrize(
    "begins", [datetime(2026, 1, 1, 0, 30), datetime(2026, 1, 1, tzinfo=UTC)]
)
def test_a_series_begins_at_a_whole_local_hour(begins):
    with pytest.raises(ValueError, match="whole hour"):
        HourlySeries(begins=begins, counts=np.ones(3))


def test_no_hours_make_no_series():
    with pytest.raises(ValueError, match="at least one hour"):
        from_counts({})
