"""The legs of the real rural ambulance set, beside the same figures counted plainly.

The set: 44 373 unit rows of Lancaster County, Nebraska, 2010 to 2020 (MIT). `plainly`
shares no line with the program. The second test compares with the figures written down for
the ambulances (en route 5.6 and 10.8 minutes and so on): which units they were is not
written there, so units whose number is 10 to 19, with times over zero, are taken.
"""

import csv
import re
from datetime import UTC
from pathlib import Path
from statistics import quantiles

import pytest

from varde.engines.missions.leg_file import LENGTHS, leg_times, read_legs


SET = Path(__file__).parents[3] / "shared" / "data" / "ems" / "unit_times_2010_2020.csv"
# leg: (how many, median, 90th percentile), minutes from the alarm
FIGURES = {
    "left": (31_722, 2.22, 7.98),
    "at_scene": (25_414, 11.23, 20.62),
    "with_patient": (4_685, 15.53, 24.79),
    "left_scene": (9_252, 27.03, 40.28),
    "at_hospital": (8_205, 48.48, 66.72),
    "free": (42_234, 36.65, 91.88),
}
AMBULANCES = {
    "left": (5.6, 10.8),
    "at_scene": (10.8, 19.3),
    "left_scene": (26.8, 39.8),
    "at_hospital": (47.2, 64.7),
    "free": (45.7, 87.9),
}


@pytest.fixture(scope="module")
def units():
    if not SET.exists():
        pytest.skip(f"no ../shared/data/ems/{SET.name}: the real set not compared")
    with SET.open("rb") as opened:
        return list(read_legs(opened, file=SET.name, zone=UTC))


def by_varde(units, *, above=-1):
    found = {}
    for name in LENGTHS:
        lengths = [getattr(unit, name) for unit in units]
        kept = [s for s in lengths if s is not None and s > above]
        found[name.removesuffix("_s")] = leg_times(name, kept)
    return found


def plainly():
    with SET.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    found = {}
    for name, column in LENGTHS.items():
        minutes = [float(row[column]) / 60 for row in rows if row[column]]
        cuts = quantiles(minutes, n=10, method="inclusive")
        found[name.removesuffix("_s")] = (len(minutes), cuts[4], cuts[8])
    return len(rows), len({row["incident"] for row in rows}), found


def test_the_program_counts_as_the_plain_table_does(units):
    rows, incidents, expected = plainly()
    assert (len(units), len({unit.incident for unit in units})) == (rows, incidents)
    for leg, found in by_varde(units).items():
        count, median, p90 = expected[leg]
        assert found.count == count
        assert (found.median_min, found.p90_min) == pytest.approx(
            (median, p90), abs=1e-3
        )


def test_the_figures_are_those_of_the_handbook(units):
    found = {
        leg: (times.count, round(times.median_min, 2), round(times.p90_min, 2))
        for leg, times in by_varde(units).items()
    }
    assert (len(units), found) == (44_373, FIGURES)


def test_the_ambulances_times_are_near_those_written_down(units):
    ambulances = [unit for unit in units if re.fullmatch(r"[A-Z]{2,}1\d", unit.unit)]
    found = by_varde(ambulances, above=0)
    for leg, (median, p90) in AMBULANCES.items():
        assert found[leg].median_min == pytest.approx(median, abs=0.8), leg
        assert found[leg].p90_min == pytest.approx(p90, abs=1.1), leg
