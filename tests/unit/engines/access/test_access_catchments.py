"""Who has agreed to use which station, by date, by part, by day and night."""

from datetime import date

import numpy as np
import pytest

from varde.engines.access.catchments import Agreement, Hours, agreed_stations


STATIONS = ["A", "B", "C"]
DAY = date(2026, 1, 1)


def used(*agreements, on=DAY, hours=Hours.ALWAYS, places=(("4601", ""),)):
    """The codes of the stations that each place may use."""
    found = agreed_stations(
        agreements,
        on=on,
        hours=hours,
        municipality=np.array([municipality for municipality, _ in places]),
        part=np.array([part for _, part in places]),
        stations=STATIONS,
    )
    return ["".join(np.array(STATIONS)[row].tolist()) for row in found]


def agreed(station, **values):
    return Agreement(municipality="4601", station=station, **values)


@pytest.mark.parametrize(
    ("on", "station"),
    [
        (date(2023, 12, 31), "A"),
        (date(2024, 1, 1), "B"),  # the first day of one, and no longer the other's
        (date(2024, 12, 31), "B"),
        (date(2025, 1, 1), ""),
    ],
)
def test_an_agreement_holds_from_a_day_to_before_another(on, station):
    rows = (
        agreed("A", ends_on=date(2024, 1, 1)),
        agreed("B", begins_on=date(2024, 1, 1), ends_on=date(2025, 1, 1)),
    )
    assert used(*rows, on=on) == [station]


def test_a_part_goes_before_the_whole():
    rows = (agreed("A"), agreed("B", part="Måløy"))
    places = (("4601", "Måløy"), ("4601", "Florø"), ("4601", ""), ("9999", "Måløy"))
    assert used(*rows, places=places) == ["B", "A", "A", ""]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(
    ("hours", "stations"), [(Hours.DAY, "A"), (Hours.NIGHT, "B"), (Hours.ALWAYS, "A")]
)
def test_the_night_goes_before_what_always_holds(hours, stations, turned):
    rows = [agreed("A"), agreed("B", hours=Hours.NIGHT)]
    assert used(*(rows[::-1] if turned else rows), hours=hours) == [stations]


def test_two_that_hold_alike_both_count():
    both = (agreed("A"), agreed("C"))
    nights = (agreed("B", hours=Hours.NIGHT), agreed("C", hours=Hours.NIGHT))
    assert used(*both) == ["AC"]
    assert used(*both, *nights, hours=Hours.NIGHT) == ["BC"]


def test_a_station_that_is_not_there_is_refused_only_while_it_holds():
    gone = agreed("X", ends_on=date(2020, 1, 1))
    assert used(gone, agreed("A")) == ["A"]
    with pytest.raises(ValueError, match="'X', unknown here"):
        used(agreed("X"))


def test_without_agreements_nobody_has_a_station():
    assert used() == [""]
