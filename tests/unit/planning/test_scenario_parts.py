"""What is reckoned of a scenario, and the parts that a form knows it by."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.queries import study_tables
from varde.apps.planning.queries.studies import Spread
from varde.apps.planning.scenarios import demand, figures, ground, trees
from varde.apps.planning.scenarios.neighbours import Leg, Settlement, Site, three_ways
from varde.apps.planning.scenarios.numbers import numbers, put, source_of, value_at
from varde.engines.simulation.scenario import Hours


TODAY = trees.ready_tree("idag")
SCENARIO = trees.scenario_of(trees.text_of(TODAY))


def without(scenario, **changes):
    return replace(scenario, **changes)


def test_every_number_has_a_name_of_its_own_and_is_found_where_it_stands():
    for name, _title in trees.ready_scenarios():
        tree = trees.ready_tree(name)
        found = numbers(tree)
        assert len({one.field for one in found}) == len(found)
        for one in found:
            assert value_at(tree, one.path) * one.scale == pytest.approx(one.value)
            assert one.low <= one.value <= one.high, one.path
            put(tree, one.path, 7.25)
            assert value_at(tree, one.path) == 7.25, one.path


def test_the_most_particular_source_is_told_and_none_where_there_is_none():
    def source(*path):
        found = source_of(TODAY, path)
        return found and found["about"]

    assert source("steps", "samtale", "target_min") == "steps.samtale.target_min"
    assert source("steps", "samtale", "minutes", "mean") == "steps.samtale"
    assert source("streams", "amk", "half_km") == "streams.half_km"
    assert source("streams", "telefon", "shares", "akutt") == "streams.shares"
    assert source("streams", "telefon", "per_1000_a_year") == "streams"
    assert source("people", "Lege Sor") == "people"
    assert source("days") is None
    assert value_at(TODAY, ("steps", "nobody", "raised")) is None


def test_hours_on_duty_are_of_the_week_also_past_midnight():
    doctor = SCENARIO.people[4]
    nights = replace(doctor, duty=(Hours(since=23, until=8, days=(6,)),))
    assert ground.hours_a_week(doctor) == 168
    assert ground.hours_a_week(nights) == 9
    monday = 60.0
    assert ground.is_on_duty(nights, monday)
    assert not ground.is_on_duty(nights, 8 * 60.0)
    assert ground.is_on_duty(nights, 6 * 1440 + 23 * 60.0)
    assert not ground.is_on_duty(nights, 6 * 1440 + 22 * 60.0)


def test_the_share_with_more_than_an_hour():
    """Utkant (1500 of 34 601) has 50 minutes to Nord and 95 to Sor."""
    assert ground.share_beyond_station(SCENARIO, ground.NOON) == 0
    merged = trees.scenario_of(trees.text_of(trees.ready_tree("slatt-sammen")))
    far = 1500 / 34_601
    assert ground.share_beyond_station(merged, ground.NIGHT) == pytest.approx(far)
    night = trees.scenario_of(trees.text_of(trees.ready_tree("satellitt-natt")))
    assert ground.share_beyond_doctor(night, ground.NOON) == 0
    assert ground.share_beyond_doctor(night, ground.NIGHT) == pytest.approx(far)
    nobody = without(SCENARIO, people=())
    assert ground.share_beyond_doctor(nobody, ground.NOON) == 1
    empty = [replace(place, inhabitants=0.0) for place in SCENARIO.places]
    assert (
        ground.share_beyond_station(without(SCENARIO, places=tuple(empty)), 0) is None
    )


def test_a_figure_that_a_scenario_does_not_have_is_a_dash():
    values = {"contacts": np.array([6.0, 8.0]), "visits.utrykning": np.zeros(2), "missed.utrykning": np.full(2, np.nan)}  # fmt: skip
    values |= {f"busy.{one.name}": np.array([0.5, np.nan]) for one in SCENARIO.people}
    found = {one.code: one for one in figures.figures([SCENARIO], [values], None)}
    assert found["answered"].values == (None,)
    assert list(found["conflicts"].values[0]) == [0, 0]  # no call-out, no conflict
    assert found["doctor_work"].values[0][0] == 168
    assert "cost" not in found
    assert "reached" not in found  # a study of before it was measured
    values |= {"reached.utrykning": np.array([7.0])}
    told = {one.code: one for one in figures.figures([SCENARIO], [values], None)}
    assert told["reached"].values == (values["reached.utrykning"],)


@pytest.mark.parametrize(
    ("good", "mean", "half", "words_"),
    [
        ("low", -3.0, 1.0, "−3,0 ± 1,0 (bedre)"),
        ("low", 3.0, 1.0, "+3,0 ± 1,0 (verre)"),
        ("high", 3.0, 1.0, "+3,0 ± 1,0 (bedre)"),
        ("high", -3.0, 1.0, "−3,0 ± 1,0 (verre)"),
        ("low", -1.0, 1.0, "−1,0 ± 1,0"),
        ("low", 0.0, 0.0, "0,0 ± 0,0"),
        ("low", -1.0, 0.04, "−1,0 ± under 0,1 (bedre)"),
        ("low", -0.04, 0.01, "0,0 ± under 0,1"),
        ("low", 0.04, 0.06, "0,0 ± 0,1"),
        ("", 3.0, 1.0, "+3,0 ± 1,0"),
    ],
)
def test_a_difference_is_only_called_better_outside_its_interval(good, mean, half, words_):  # fmt: skip
    one = figures.Figure(code="x", unit="minutes", good=good, values=(None, None))
    told = study_tables._more(one, 1, Spread(mean=mean, half=half), is_fewer=False)
    assert told == words_
    told = study_tables._more(one, 1, Spread(mean=mean, half=half), is_fewer=True)
    assert told == words_.replace("bedre", "færre kommer")


@pytest.mark.parametrize(
    ("mean", "half", "unit", "words_"),
    [
        (0.9982, 0.0003, "share", "99,8 ± under 0,1 %"),
        (0.9982, 0.0006, "share", "99,8 ± 0,1 %"),
        (0.0, 0.0, "share", "0,0 ± 0,0 %"),
        (12.0, 0.4, "kroner", "12 ± under 1"),
        (12.0, None, "minutes", "12,0"),
        (None, None, "minutes", "–"),
    ],
)
def test_a_spread_below_what_is_printed_is_not_said_to_be_none(mean, half, unit, words_):  # fmt: skip
    assert study_tables.told(mean, half, unit) == words_


def test_names_are_told_in_words_and_unknown_ones_as_they_are():
    assert words.measure_title("wait.samtale") == "Samtalen: ventetid, minutter"
    assert words.measure_title("busy.Lege Nord") == "Lege Nord: i arbeid"
    assert words.about_words("steps.samtale.minutes.mean") == "Trinn: samtalen, minutter, i snitt"  # fmt: skip
    assert words.figure_title("doctor.egen") == "minutter til lege, egen"


def week(rate):
    at = datetime(2026, 1, 5)
    return demand.Week(per_hour=(rate,) * 168, first=at, until=at)


def test_two_stations_come_together_as_their_sum():
    assert demand.together([week(0.5), week(0.25)]).mean == 0.75


# ---------------------------------------------------------------- two districts


def settlement(name, people, own, *legs, municipality="Rana"):
    codes = ("A", "B")
    return Settlement(
        municipality=municipality, name=name, people=people, own=own,
        legs={c: Leg(minutes=m, km=None if m is None else m) for c, m in zip(codes, legs, strict=True)},
    )  # fmt: skip


SITES = (Site(code="A", place="Fjord"), Site(code="B", place="Fjell"))


def test_places_are_put_together_so_that_the_share_beyond_an_hour_is_exact():
    places = [
        settlement("Fjord", 100, "A", 0.0, 70.0),
        settlement("Fjell", 900, "B", 70.0, 0.0),
        settlement("Nes", 30, "A", 50.0, 90.0),
        settlement("Vik", 10, "A", 58.0, 90.0),
        settlement("Ytre", 20, "A", 70.0, 130.0),
        settlement("Holmen", 7, "A", None, None),
    ]
    ways = dict(three_ways(SITES, places))
    made = {code: trees.scenario_of(trees.text_of(tree)) for code, tree in ways.items()}
    people = {one.name: (one.inhabitants, one.station) for one in made["idag"].places}
    assert people == {
        "Fjell": (900, None), "Fjord": (100, None),
        "Rana": (40, "Fjord"), "Rana 2": (20, "Fjord"),
    }  # fmt: skip
    assert ("Rana", "Fjord") in [one.between for one in made["idag"].roads]
    minutes = {one.between: one.minutes for one in made["idag"].roads}
    assert minutes["Rana", "Fjord"] == 52
    # The one with the most people is kept, and gets the video at night.
    assert {one.station for one in made["slatt-sammen"].places} == {None, "Fjell"}
    assert "7 innbyggere som ingen vei når" in str(made["idag"].assumptions)
    night = made["satellitt-natt"]
    step = next(one for one in night.steps if one.name == "mottak")
    assert [r.stations for routes in step.routes.values() for r in routes] == [(), ("Fjord",)]  # fmt: skip
    doctor = next(one for one in night.people if one.name == "Lege Fjord")
    assert ground.hours_a_week(doctor) == 105
    # Video begins before the doctor goes home, so that few are left waiting until morning.
    late = ground.TUESDAY + 22.5 * 60
    assert night.period_names()[night.period_at(late)] == "natt"
    assert ground.is_on_duty(doctor, late)
    # Merged, both doctors are there round the clock: the title has to say so.
    merged = made["slatt-sammen"]
    assert [one.base for one in merged.people if one.roles[0] == "lege"] == [
        "Fjell"
    ] * 2
    assert (
        ground.duty_hours(merged, "lege")
        == ground.duty_hours(made["idag"], "lege")
        == 336
    )
    assert "begge legene" in merged.title
    far = ground.share_beyond_station(made["idag"], ground.NOON)
    assert far == pytest.approx(20 / 1060)
    far = ground.share_beyond_station(made["slatt-sammen"], ground.NOON)
    assert far == pytest.approx(160 / 1060)


def test_without_a_road_between_them_there_are_no_three_ways():
    places = [settlement("Fjord", 1, "A", 0.0, None), settlement("Fjell", 1, "B", None, 0.0)]  # fmt: skip
    with pytest.raises(LookupError, match="no road between"):  # fmt: skip
        three_ways(SITES, places)
