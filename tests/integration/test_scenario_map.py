"""Where the places of a scenario are, and how far they have: the map and its table."""

from types import SimpleNamespace

import numpy as np
import pytest
from django.test import Client

from tests.make_studies import House, done
from varde.apps.planning.queries import scenario_map
from varde.apps.planning.scenarios import trees


@pytest.fixture
def house(db):
    return House()


def scenario(name="satellitt-natt", **changes):
    tree = trees.ready_tree(name)
    for place in tree["places"]:
        place |= changes.get(place["name"], {})
    return trees.scenario_of(trees.text_of(tree))


def found(*scenarios):
    titles = [f"S{number}" for number in range(len(scenarios))]
    return SimpleNamespace(scenarios=scenarios, titles=titles)


PLACED = {
    "Sor": {"at": [66.0, 13.0]},
    "Nord": {"at": [66.4, 13.0]},
    "Utkant": {"at": [66.4, 14.0]},
}


def test_places_whose_points_are_known_stand_there_in_hundreds_of_metres():
    made = scenario(**PLACED)
    south, north, edge = np.array(scenario_map.points(made))
    assert scenario_map.is_placed(made)
    assert north[1] - south[1] == pytest.approx(446, abs=2)  # 0.4 degrees of latitude
    assert edge[0] - north[0] == pytest.approx(
        447, abs=3
    )  # a degree of longitude there
    assert edge[1] == pytest.approx(north[1], abs=20)


def test_with_one_unknown_all_are_drawn_by_the_minutes_between_them():
    made = scenario(Sor={"at": [66.0, 13.0]}, Nord={"at": [66.4, 13.0]})
    south, north, edge = np.array(scenario_map.points(made))
    assert not scenario_map.is_placed(made)
    assert np.hypot(*(south - north)) == pytest.approx(45, abs=0.2)
    assert np.hypot(*(north - edge)) == pytest.approx(50, abs=0.2)
    assert np.hypot(*(south - edge)) == pytest.approx(95, abs=0.2)


def test_the_stations_and_doctors_are_those_of_the_moment():
    (made,) = scenario_map.map_figures(found(scenario()))
    noon, night = made["moments"]["noon"], made["moments"]["night"]
    names = [place["name"] for place in made["places"]]
    assert noon["doctorsAt"] == [names.index("Sor"), names.index("Nord")]
    assert night["doctorsAt"] == [names.index("Sor")]
    edge = names.index("Utkant")
    assert noon["bands"]["doctor"][edge] == 2  # 50 minutes
    assert night["bands"]["doctor"][edge] == 4  # 95 minutes
    assert "95 min til nærmeste lege" in night["said"][edge]


def test_with_no_doctor_on_duty_it_is_nobody_and_not_near():
    tree = trees.ready_tree("idag")
    tree["people"] = [one for one in tree["people"] if one["roles"][0] != "lege"] + [
        {"name": "Dagvakt", "roles": ["lege"], "duty": [{"from": 8, "to": 15}]}
    ]
    (made,) = scenario_map.map_figures(found(trees.scenario_of(trees.text_of(tree))))
    night = made["moments"]["night"]
    assert set(night["bands"]["doctor"]) == {scenario_map.NO_ROAD}
    assert all("– til nærmeste lege" in said for said in night["said"])


def test_only_roads_that_somebody_takes_to_a_station_are_drawn():
    tree = trees.ready_tree("idag")
    tree["roads"].append({"between": ["Sor", "Utkant"], "minutes": 300})
    made = trees.scenario_of(trees.text_of(tree))
    assert scenario_map.used_roads(made) == [[0, 1], [1, 2]]
    merged = trees.scenario_of(trees.text_of(trees.ready_tree("slatt-sammen")))
    assert [1, 2] in scenario_map.used_roads(merged)  # on the way through


def test_the_table_has_each_place_of_each_scenario():
    tree = trees.ready_tree("idag")
    tree["places"].append({"name": "Øya", "inhabitants": 40, "station": "Sor"})
    tree["roads"].append({"between": ["Sor", "Øya"], "minutes": 70})
    other = trees.scenario_of(trees.text_of(tree))
    made = scenario_map.places_table(found(scenario(), other))
    rows = {row[0]: row[1:] for row in made["rows"]}
    assert rows["Utkant"][1] == "Nord 50 min"
    assert rows["Utkant"][2] == "50 min (kl. 3: 95 min)"
    assert rows["Øya"] == ("40", "–", "–", "Sor 70 min", "70 min")
    raw = {row[0]: row[1:] for row in made["csv_rows"]}
    assert raw["Øya"] == [40, *[""] * 6, *["Sor", 70.0, 70.0] * 2]
    assert raw["Utkant"][1:4] == ["Nord", 50.0, 50.0]
    assert len(made["csv_heads"]) == len(made["csv_rows"][0])
    assert len(made["heads"]) == len(made["rows"][0])


def test_the_page_has_the_outlines_only_where_the_places_are_known(house):
    row = done(house, "idag", replications=1)
    client = Client()
    client.force_login(house.overseer)
    address = f"/plan/dimensjonering/scenarioer/{row.pk}/"
    assert "data-outlines" not in client.get(address).content.decode()
    one = row.scenarios.get()
    tree = trees.tree_of(one.text)
    for place in tree["places"]:
        place |= PLACED[place["name"]]
    one.text = trees.text_of(tree)
    one.save()
    page = client.get(address).content.decode()
    assert "data-outlines" in page
    outlines = page.split('data-outlines="')[1].split('"')[0]
    assert client.get(outlines).json()["areas"]
