"""A file of legs that is refused: the line, the column, and what is wrong with it."""

from datetime import UTC

import pytest

from varde.domain.errors import BadInput
from varde.engines.missions.leg_file import COLUMNS, read_legs


HEADING = ",".join(COLUMNS)
GOOD = {
    "incident": "7",
    "date": "2010-01-01",
    "unit": "W12",
    "dispatch_ts": "2010-01-01 06:51:33",
    "enroute_s": "60",
}


def read(*rows, heading=HEADING):
    lines = [heading, *(",".join(r.get(c, "") for c in COLUMNS) for r in rows)]
    return list(read_legs([t.encode() for t in lines], file="legs.csv", zone=UTC))


def refusal(*rows, **more):
    with pytest.raises(BadInput) as caught:
        read(*rows, **more)
    return str(caught.value).splitlines()[0]


def test_a_moment_may_be_unknown_and_then_is_none():
    (found,) = read(GOOD | {"dispatch_ts": "", "enroute_s": ""})
    assert (found.alarmed_at, found.left_s) == (None, None)


def test_the_same_unit_at_the_same_incident_is_counted():
    assert [one.row for one in read(GOOD, GOOD, GOOD | {"unit": "W13"})] == [1, 2, 1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"incident": ""}, "column 'incident': must have 1 to 40 signs."),
        ({"unit": "x" * 21}, "column 'unit': must have 1 to 20 signs."),
        ({"date": "1.1.2010"}, "column 'date': is not a date as 2010-01-31."),
        (
            {"dispatch_ts": "soon"},
            "column 'dispatch_ts': is not a moment as 2010-01-31 18:00:00.",
        ),
        ({"enroute_s": "-1"}, "column 'enroute_s': is not a whole number of seconds."),
        ({"enroute_s": "1.5"}, "column 'enroute_s': is not a whole number of seconds."),
        ({"enroute_s": "86400"}, "column 'enroute_s': is a day or more."),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_place(change, says):
    assert refusal(GOOD | change) == f"legs.csv, line 2, {says}"


def test_a_heading_that_lacks_a_column_or_names_one_twice_is_refused():
    assert "line 1" in refusal(heading=HEADING.replace("unit", "car"))
    assert "line 1" in refusal(heading=HEADING + ",unit")


def test_a_file_without_units_is_refused():
    assert refusal() == "legs.csv: holds a heading and no units."
