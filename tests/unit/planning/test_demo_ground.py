"""The shipped figures of the demo district agree with each other."""

from datetime import date

import numpy as np
import pytest

from varde.apps.planning import demo_ground
from varde.apps.planning.geography_folder import assumptions_on
from varde.engines.access.catchments import Hours


ON = date(2026, 11, 22)
AGE_FROM = assumptions_on(ON).age_from
SURVEY = demo_ground.demo_survey(AGE_FROM)


def test_everybody_of_each_municipality_is_at_its_places():
    sums = np.bincount(SURVEY.area, SURVEY.people)
    np.testing.assert_allclose(sums, SURVEY.ages.sum(axis=1))
    vefsn = SURVEY.municipality.tolist().index("1824")
    assert sums[vefsn] == pytest.approx(13481)
    assert SURVEY.age_shares().sum(axis=1) == pytest.approx(1.0)
    assert (SURVEY.centrality >= 4).all()


def test_the_way_to_a_station_is_the_way_to_the_place_it_is_in():
    minutes, km = demo_ground.demo_between()
    at = {"MO1": "Mo i Rana", "MJN": "Mosjøen", "SSJ": "Sandnessjøen", "OPP": "Oppeid"}
    for code, place in at.items():
        station = SURVEY.station.tolist().index(code)
        here = SURVEY.place.tolist().index(place)
        others = np.arange(len(SURVEY.place)) != here
        # In the station's own town the streets count, which both files know alike.
        np.testing.assert_allclose(
            minutes[others, here], SURVEY.minutes[others, station], atol=1
        )
        np.testing.assert_allclose(
            km[others, here], demo_ground.demo_km()[others, station], atol=2
        )


def test_it_is_as_far_there_as_back_and_no_road_is_none_either_way():
    for found in demo_ground.demo_between():
        np.testing.assert_allclose(found, found.T, atol=1)
    husvik = SURVEY.place.tolist().index("Husvik")
    assert np.isinf(SURVEY.minutes[husvik]).all()


def test_each_year_has_its_people_with_the_same_mix_of_ages():
    years = demo_ground.demo_years(AGE_FROM)
    assert min(years) == 2021
    assert years[2026].sum() == pytest.approx(83387)
    assert years[2024].sum() != years[2026].sum()
    mix = [one / one.sum(axis=1, keepdims=True) for one in (years[2021], years[2026])]
    np.testing.assert_allclose(*mix)


def test_nesna_changed_station_with_the_year():
    nesna = SURVEY.place.tolist().index("Nesna")
    for day, code in ((date(2023, 12, 31), "MO1"), (date(2024, 1, 1), "NES")):
        agreed = SURVEY.agreed(on=day, hours=Hours.ALWAYS)[nesna]
        assert SURVEY.station[agreed].tolist() == [code]


def test_every_file_says_where_its_figures_are_from():
    assert all(len(source) > 20 for _name, source in demo_ground.demo_sources())


def test_other_age_groups_are_filled_from_the_bands_that_are_there():
    ages = demo_ground.demo_years((0, 16, 80, 90))[2026]
    usual = demo_ground.demo_years(AGE_FROM)[2026]
    np.testing.assert_allclose(ages[:, 2] + ages[:, 3], usual[:, 3])
