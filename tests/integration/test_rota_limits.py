"""The limits of a rota come from the dated settings, and a place's own only tighten them."""

from datetime import date, time

import pytest

from tests import make
from tests.make_rota import LIMITS
from varde.apps.records import settings
from varde.apps.records.models import DatedSetting
from varde.apps.staffing.queries.limits import history_years, limits_of


pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def station():
    make.settings()
    return make.station()


def own(station, key, value):
    DatedSetting.objects.create(
        key=f"rota.{key}",
        value=value,
        unit="t",
        source="Vedtak",
        is_verified=True,
        valid_from=TODAY,
        station=station,
        district=station.district,
    )
    settings.forget()


def at(station):
    return limits_of(on=TODAY, district_id=station.district_id, station_id=station.pk)


def test_what_varde_ships_is_read(station):
    found = limits_of(on=TODAY)
    assert found.calendar.holidays >= {date(2026, 5, 17), date(2027, 5, 17)}
    assert date(2026, 12, 24) in found.calendar.eves
    for name in LIMITS.__slots__:
        if name != "calendar":
            assert getattr(found, name) == getattr(LIMITS, name), name
    assert found.night == (time(21), time(6))
    assert history_years(on=TODAY) == 3


def test_a_stricter_number_of_the_place_holds_there(station):
    own(station, "daily_rest_h", 12)
    assert at(station).daily_rest_h == 12
    assert limits_of(on=TODAY).daily_rest_h == 11


def test_a_slacker_number_of_the_place_has_no_effect(station):
    own(station, "daily_rest_h", 8)
    assert at(station).daily_rest_h == 11


def test_a_station_with_two_tiers_has_the_second_beside_the_first(station):
    own(station, "two_tiers", value=True)
    assert at(station).second_tier == {"konsultasjonsvakt": "beredskapsvakt"}
    assert limits_of(on=TODAY).second_tier == {}


def test_the_places_own_rules(station):
    own(station, "own_rules", {"nights_in_a_row": 3, "days_between": None})
    assert (at(station).nights_in_a_row, at(station).days_between) == (3, None)


def test_reading_them_again_asks_the_database_nothing(
    station, django_assert_num_queries
):
    at(station)
    with django_assert_num_queries(0):
        at(station)
