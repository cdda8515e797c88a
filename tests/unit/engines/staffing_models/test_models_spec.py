"""The figures that the sources publish, counted again from what they publish.

Lyngen: two weeks on and four off are 56 hours a week over the year. Lærdal: the substitute
has ten duties a month, LIS1 ten, the two others five. Vefsn: twelve in the rota have every
12th weekday and every 6th weekend. Stor-Elvdal's 8.35 and 6.7 million kroner cannot be
counted: the source has neither pay, substitutes, income nor activity (handbook).
"""

from collections import Counter
from statistics import harmonic_mean

import pytest

from tests import staffing_models as build
from varde.domain.load.frequency import Calendar, every_nth_weekday, every_nth_weekend
from varde.engines.staffing_models.compare import outcome


@pytest.fixture(scope="module")
def lyngen():
    rota = build.made("lyngen")
    return rota, outcome(rota, build.assumed())


def test_lyngen_is_56_hours_a_week_on_average_over_the_year(lyngen):
    _rota, found = lyngen
    (doctors,) = found.carried
    assert (doctors.people, found.vacant) == (3, 0)
    # All hours of two weeks of six: 336 / 6 = 56.0. The duties of the template leave the
    # hour from 08 to 09 on Saturdays and holidays to nobody: two in each turn, and some.
    assert 336 / 6 - 3 / 6 < doctors.whole_h < 56
    assert round(doctors.whole_h) == 56
    assert doctors.hardest_week_h == 168
    assert doctors.nth_weekend == pytest.approx(3, abs=0.15)


def test_lyngen_is_two_weeks_on_and_four_off(lyngen):
    rota, _found = lyngen
    turns = [rota.held[slot.id] for slot in rota.slots]
    for number, who in enumerate(turns):
        assert who == f"vaktlege{number // 14 % 3 + 1}", number


def test_laerdal_has_ten_ten_and_five_duties_a_month():
    rota = build.made("laerdal")
    held = Counter(rota.held[slot.id] for slot in rota.slots if slot.post == "forvakt")
    a_month = {who: count / 12 for who, count in held.items()}
    assert held["vikar1"] == 120
    assert a_month["lis11"] == pytest.approx(10, abs=0.5)
    assert a_month["fast1"] == pytest.approx(5, abs=0.5)
    assert a_month["fast2"] == pytest.approx(5, abs=0.5)
    (line,) = (
        one for one in outcome(rota, build.assumed()).lines if one.item == "substitute"
    )
    assert line.quantity == 120


def test_vefsn_has_every_twelfth_weekday_and_every_sixth_weekend():
    """Twelve weeks: one whole turn. A LIS1 relieves nobody: an own doctor is bakvakt."""
    rota = build.made("rotation", weeks=12, counts={"fastlege": 12, "lis1": 0})
    spans = {who: [] for who in rota.groups[0].people}
    for slot in rota.slots:
        if slot.post == "forvakt":
            spans[rota.held[slot.id]].append(slot.span)
    calendar = Calendar(
        first=build.FIRST,
        to=build.FIRST.replace(month=3, day=29),
        holidays=build.FREE,
        zone=build.OSLO,
    )
    weekdays = [every_nth_weekday(one, calendar=calendar) for one in spans.values()]
    weekends = [every_nth_weekend(one, calendar=calendar) for one in spans.values()]
    assert harmonic_mean(weekdays) == pytest.approx(12, abs=0.3)
    assert harmonic_mean(weekends) == pytest.approx(6, abs=0.6)


def test_stor_elvdal_is_seven_who_share_where_there_were_four():
    """What can be counted of it: 3 + LIS1 became 6 + LIS1."""
    before = build.made("stor-elvdal", weeks=14, counts={"lege": 3, "lis1": 1})
    after = build.made("stor-elvdal", weeks=14)
    carried = [
        {one.code: one for one in outcome(rota, build.assumed(weeks=14)).carried}
        for rota in (before, after)
    ]
    # Every hour is carried once; nine of the last Sunday's lie after the period, twice.
    for rota, found in zip((before, after), carried, strict=True):
        whole = sum(one.duty_h * one.people for one in found.values())
        assert whole == pytest.approx(
            (sum(slot.span.hours for slot in rota.slots) - 2 * 9) / 14
        )
    assert carried[1]["lege"].duty_h < 0.6 * carried[0]["lege"].duty_h
    assert carried[1]["lege"].nth_weekday == pytest.approx(7, abs=1.1)
