"""The limits of a rota come from the dated settings, and a place's own only tighten them."""

from datetime import date, time

import pytest

from tests import make
from tests.make_rota import LIMITS
from varde.apps.records import settings
from varde.apps.records.models import DatedSetting
from varde.apps.staffing.access import Workplace, WorkplaceKind
from varde.apps.staffing.queries.rota.limits import limits_for, setting


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


def workplace(station, pk=None):
    return Workplace(
        kind=WorkplaceKind.STATION,
        id=station.pk if pk is None else pk,
        code=station.code,
        name=station.name,
        district_id=station.district_id,
        sentraler=(),
    )


def at(station):
    return limits_for(workplace(station), first=TODAY, last=date(2027, 2, 1))


def elsewhere(station):
    """At another station, which has nothing of its own."""
    return limits_for(workplace(station, pk=0), first=TODAY, last=TODAY)


def test_what_varde_ships_is_read(station):
    found = at(station)
    assert found.calendar.holidays >= {date(2026, 5, 17), date(2027, 5, 17)}
    assert date(2026, 12, 24) in found.calendar.eves
    for name in LIMITS.__slots__:
        if name != "calendar":
            assert getattr(found, name) == getattr(LIMITS, name), name
    assert found.night == (time(21), time(6))
    assert setting("history_years", workplace(station), on=TODAY) == 3


def test_a_stricter_number_of_the_place_holds_there(station):
    own(station, "daily_rest_h", 12)
    assert at(station).daily_rest_h == 12
    assert elsewhere(station).daily_rest_h == 11


def test_a_slacker_number_of_the_place_has_no_effect(station):
    own(station, "daily_rest_h", 8)
    assert at(station).daily_rest_h == 11


def test_a_station_may_let_the_colleague_of_a_lis1_be_at_home(station):
    """The law asks that a LIS1 is never alone, and leaves to the municipality how."""
    assert at(station).lis1_presence is True
    own(station, "lis1_presence", value=False)
    assert at(station).lis1_presence is False
    assert elsewhere(station).lis1_presence is True


def test_a_number_that_is_not_there_is_named(station):
    DatedSetting.objects.filter(key="rota.day_hours").delete()
    settings.forget()
    with pytest.raises(settings.SettingMissing, match=r"rota\.day_hours"):
        at(station)


def test_a_station_with_two_tiers_has_the_second_beside_the_first(station):
    """And not the first beside the second: beredskapsvakt may be on alone."""
    own(station, "two_tiers", value=True)
    assert at(station).second_tier == {"konsultasjonsvakt": "beredskapsvakt"}
    assert elsewhere(station).second_tier == {}


def test_the_places_own_rules(station):
    own(station, "own_rules", {"nights_in_a_row": 3, "days_between": None})
    assert (at(station).nights_in_a_row, at(station).days_between) == (3, None)


def test_reading_them_again_asks_the_database_nothing(
    station, django_assert_num_queries
):
    at(station)
    with django_assert_num_queries(0):
        at(station)
