"""Travel time to legevakt in all of Norway, on the open files, within stated bands.

The bands are issue 5's: around what a first reckoning on the same files gave, and what
published figures of 2011 let one expect. The trips are rough driving times that people who
live there would know; within a fifth.
"""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from varde import content
from varde.engines.access.assumptions import read_assumptions
from varde.engines.access.catchments import Hours
from varde.engines.access.geography import read_geography
from varde.engines.access.reach import by_group, reach_of, summary
from varde.engines.access.survey import surveyed


NORWAY = Path(__file__).parents[3] / "shared" / "data" / "norway"
ON = date(2026, 1, 1)
# From the post town of one station to that of another, minutes.
TRIPS = [
    ("MOSJØEN", "MO I RANA", 72),
    ("MOSJØEN", "SANDNESSJØEN", 62),
    ("ALTA", "HAMMERFEST", 120),
    ("BODØ", "FAUSKE", 48),
    ("LILLEHAMMER", "OTTA", 85),
    ("FØRDE", "SOGNDAL", 105),
    ("BERGEN", "VOSS", 90),
    ("KIRKENES", "VADSØ", 140),
    ("TRONDHEIM", "NAMSOS", 165),
    ("MOLDE", "ÅLESUND", 100),
    ("TROMSØ", "STORSLETT", 240),
]


@pytest.fixture(scope="module")
def norway():
    if not NORWAY.exists():
        pytest.skip("no ../shared/data/norway: the whole of Norway is not measured")
    files = {
        file.name: file.read_bytes()
        for file in NORWAY.iterdir()
        if file.suffix in (".parquet", ".csv")
    }
    assumptions = read_assumptions(content.travel_text(), filename="travel.yaml", on=ON)
    geography = read_geography(files, assumptions=assumptions)
    return files, geography, surveyed(geography)


def share_beyond(minutes, people, limit=60.0):
    found = summary(minutes, people, limits=[limit])
    return found.beyond[limit], found.beyond[limit] + found.no_road


def test_the_shares_beyond_an_hour_are_within_their_bands(norway):
    *_, survey = norway
    assert survey.report.people == pytest.approx(5_627_400)
    assert survey.report.stations == 167
    both = reach_of(survey.minutes, survey.agreed(on=ON, hours=Hours.ALWAYS))
    # With and without those whom no road takes there.
    for share in share_beyond(both.nearest.minutes, survey.people):
        assert 0.019 <= share <= 0.028
    for share in share_beyond(both.agreed.minutes, survey.people):
        assert 0.030 <= share <= 0.042
    remote = by_group(
        both.agreed.minutes,
        survey.people,
        survey.centrality[survey.area],
        limits=[60.0],
    )
    assert remote[6].beyond[60.0] > 0.25
    assert remote[1].beyond[60.0] < 0.005
    assert survey.report.without_agreement == ("Haram", "Bremanger")
    assert 0 < survey.report.no_road < 20_000


@pytest.mark.parametrize(("start", "goal", "known_min"), TRIPS)
def test_a_trip_takes_what_people_know_it_takes(norway, start, goal, known_min):
    files, geography, _ = norway
    rows = csv.DictReader(files["legevakter_2024.csv"].decode().splitlines())
    towns = [row["poststed"].upper() for row in rows]
    xy = geography.stations.xy
    (found,) = geography.roads.matrix(
        xy[[towns.index(start)]], xy[[towns.index(goal)]], 600.0
    )[0]
    assert found == pytest.approx(known_min, rel=0.2)


def test_every_municipality_keeps_its_people(norway):
    _, geography, survey = norway
    sums = np.bincount(survey.area, survey.people, len(survey.municipality))
    assert sums == pytest.approx(geography.municipalities.people)
