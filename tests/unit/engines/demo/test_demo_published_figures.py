"""The made-up history beside the published figures, each with its tolerance.

Two years are drawn, 2022 and 2023, with some 55 000 contacts. The tolerances are about
three standard errors of one year, and more where a figure is only rough. Sources:
content/demo/published.yaml.
"""

from datetime import date, datetime

import numpy as np
import pytest

from tests.unit.engines.demo.demo_district import (
    age_at_contact,
    calls,
    contacts,
    demo,
    months,
    national_level,
    people,
    wait_s,
)
from varde.engines.demo.actions import is_seen
from varde.engines.demo.chances import is_phone_only
from varde.engines.demo.codes import ACTIONS, CHANNELS, GENERAL_CODES, NONE, OUTCOMES
from varde.engines.demo.hours import OSLO, is_off, period_of
from varde.engines.demo.people import ages


def inhabitants(year):
    """Inhabitants of the sentral's municipalities."""
    ours = demo().municipalities_of("HEL", on=date(year, 7, 1))
    return sum(m.inhabitants(year) for m in ours)


def shares(values, names, year=2023):
    """The share of each name in a column of codes."""
    counts = np.bincount(contacts(values, year), minlength=len(names))
    return dict(zip(names, counts / counts.sum(), strict=True))


def local(moments):
    """Moments as the clock on the wall shows them."""
    seconds = moments.astype("datetime64[s]").astype(np.int64)
    hours, rest = np.divmod(seconds, 3600)
    known = {h: clock(h) for h in np.unique(hours).tolist()}
    return [known[h] for h in hours.tolist()], rest


def clock(hour):
    """The local moment at the start of an hour since 1970."""
    return datetime.fromtimestamp(hour * 3600, tz=OSLO)


@pytest.mark.parametrize(("year", "published"), [(2022, 380.7), (2023, 330.4)])
def test_contacts_per_1000_inhabitants(year, published):
    rate = 1000 * len(contacts("number", year)) / inhabitants(year)
    assert rate == pytest.approx(published, rel=0.03)


@pytest.mark.parametrize(("year", "published"), [(2022, 0.64), (2023, 0.58)])
def test_calls_per_inhabitant(year, published):
    rate = len(calls("number", year)) / inhabitants(year)
    assert rate == pytest.approx(published, rel=0.04)


def test_hastegrad_one_in_ten_is_red_and_53_7_per_cent_green():
    akutt, haster, vanlig = np.bincount(national_level(2023)) / len(
        national_level(2023)
    )
    assert akutt == pytest.approx(0.10, abs=0.008)
    assert vanlig == pytest.approx(0.537, abs=0.012)
    assert haster == pytest.approx(0.363, abs=0.012)


def test_four_of_ten_come_on_saturdays_sundays_and_holidays():
    at, _ = local(contacts("opened_at", 2023))
    off = {day: is_off(day) for day in {moment.date() for moment in at}}
    assert np.mean([off[m.date()] for m in at]) == pytest.approx(0.40, abs=0.015)


@pytest.mark.parametrize(
    ("year", "phone", "door"), [(2022, 0.784, 0.041), (2023, 0.758, 0.058)]
)
def test_most_ring_themselves_and_few_come_to_the_door(year, phone, door):
    channel = shares("channel", CHANNELS, year)
    assert channel["phone"] == pytest.approx(phone, abs=0.01)
    assert channel["door"] == pytest.approx(door, abs=0.006)


@pytest.mark.parametrize(
    ("action", "published", "within"),
    [
        ("nurse_phone", 0.325, 0.012),
        ("consultation", 0.479, 0.012),
        ("home_visit", 0.014, 0.004),
    ],
)
def test_the_first_action(action, published, within):
    assert shares("action", ACTIONS)[action] == pytest.approx(published, abs=within)


def standardised_mean_age():
    """The mean age, were the inhabitants of the ages of the nation."""
    age = age_at_contact(2023)
    person = contacts("person", 2023)
    lives_here = (person == NONE) | ~people().is_visitor[np.maximum(person, 0)]
    cuts = [band.first for band in demo().age_bands]
    group = np.searchsorted(cuts, age[lives_here], side="right") - 1
    nation, here = (
        counts / counts.sum()
        for counts in (
            np.sum(list(demo().ages_of_norway.values()), axis=0),
            np.sum([c for (m, _), c in demo().ages.items() if m < "1837"], axis=0),
        )
    )
    return np.average(age[lives_here], weights=(nation / here)[group])


def test_the_mean_age_is_38_9_with_the_ages_of_the_nation():
    assert standardised_mean_age() == pytest.approx(38.9, abs=1.0)


def test_the_mean_age_is_higher_here_where_people_are_older():
    assert age_at_contact(2023).mean() == pytest.approx(41.9, abs=1.0)


@pytest.mark.parametrize("band", list(demo().published.use_by_age))
def test_use_by_age_is_as_statistics_norway_has_it(band):
    first, last = (int(age) for age in band.split("-"))
    day = np.datetime64("2023-07-01")
    lives_here = people().lives_here(day, day) & ~people().is_visitor
    lives_here &= np.isin(people().municipality, helgeland())
    age = ages(people().birth_date, day)
    person = contacts("person", 2023)
    known = person[person != NONE]
    known = known[~people().is_visitor[known]]
    at_contact = age_at_contact(2023)[person != NONE]
    at_contact = at_contact[~people().is_visitor[person[person != NONE]]]

    use = ((at_contact >= first) & (at_contact <= last)).sum() / (
        lives_here & (age >= first) & (age <= last)
    ).sum()
    whole = len(known) / lives_here.sum()
    published = demo().published.use_by_age
    expected = published[band] / mean_use(lives_here, age)
    assert use / whole == pytest.approx(expected, rel=0.17)


def helgeland():
    """Places in the tuple of municipalities."""
    return [i for i, m in enumerate(demo().municipalities) if m.number < "1837"]


def mean_use(lives_here, age):
    """The published use, were everybody here of the nation's habits."""
    total = 0.0
    for band, use in demo().published.use_by_age.items():
        first, last = (int(part) for part in band.split("-"))
        total += use * (lives_here & (age >= first) & (age <= last)).sum()
    return total / lives_here.sum()


def test_women_ring_a_little_more_than_men():
    person = contacts("person", 2023)
    known = person[(person != NONE) & ~people().is_visitor[np.maximum(person, 0)]]
    women = people().female[known].mean()
    day = np.datetime64("2023-07-01")
    lives_here = people().lives_here(day, day) & ~people().is_visitor
    share = people().female[lives_here].mean()
    ratio = women / (1 - women) / (share / (1 - share))
    assert ratio == pytest.approx(0.24 / 0.22, rel=0.06)


def odds_of_red(chosen):
    """Red against green among the chosen."""
    akutt, _, vanlig = np.bincount(national_level()[chosen], minlength=3)
    return akutt / vanlig


def odds_published(row):
    """Red against green of a row of the 2007 table."""
    green, _, red = row
    return red / green


@pytest.mark.parametrize(
    ("first", "last"), [("0-9", "60-120"), ("0-9", "40-59"), ("20-39", "60-120")]
)
def test_the_older_are_more_urgent_as_in_2007(first, last):
    table = demo().published.urgency_by_group.ages

    def odds(band):
        low, high = (int(age) for age in band.split("-"))
        return odds_of_red((age_at_contact() >= low) & (age_at_contact() <= high))

    published = odds_published(table[last]) / odds_published(table[first])
    assert published / 1.6 < odds(last) / odds(first) < published * 1.6


def test_nights_are_more_urgent_than_days_as_in_2007():
    at, rest = local(contacts("opened_at"))
    minute = np.array([m.hour * 60 for m in at]) + rest // 60
    period = period_of(minute)
    table = demo().published.urgency_by_group.periods
    published = odds_published(table["night"]) / odds_published(table["day"])
    measured = odds_of_red(period == 2) / odds_of_red(period == 0)
    assert measured == pytest.approx(published, rel=0.3)
    # 2007's own shares of the periods, which follow from its table: 39, 48 and 13.
    assert np.bincount(period) / len(period) == pytest.approx(
        [0.39, 0.48, 0.13], abs=0.015
    )


def test_those_who_come_by_amk_are_the_most_urgent_as_in_2007():
    table = demo().published.urgency_by_group.channels
    channel = contacts("channel")
    amk, phone = (odds_of_red(channel == CHANNELS.index(c)) for c in ("amk", "phone"))
    published = odds_published(table["amk"]) / odds_published(table["phone"])
    assert published / 2 < amk / phone < published * 2


def test_two_of_three_telephone_contacts_have_a_general_code():
    reason, action = contacts("reason", 2023), contacts("action", 2023)
    general = np.isin(reason, GENERAL_CODES)
    assert general[is_phone_only(action)].mean() == pytest.approx(0.65, abs=0.02)
    assert general.mean() == pytest.approx(0.35, abs=0.015)


def test_one_in_four_over_64_goes_to_hospital_after_seeing_the_doctor():
    seen = is_seen(contacts("action")) & (age_at_contact() > 64)
    to_hospital = contacts("then_outcome")[seen] == OUTCOMES.index("admission")
    assert to_hospital.mean() == pytest.approx(0.255, abs=0.025)


def test_the_old_are_seen_for_what_the_old_are_seen_for():
    # 2008-2016: A 17.7, L 17.2, R 16.8, K 10.4, D 9.9 per cent.
    seen = is_seen(contacts("action")) & (age_at_contact() > 64)
    letters, counts = np.unique(
        contacts("reason")[seen].astype("U1"), return_counts=True
    )
    share = dict(zip(letters.tolist(), counts / counts.sum(), strict=True))
    for chapter, published in {
        "A": 0.177,
        "L": 0.172,
        "R": 0.168,
        "K": 0.104,
        "D": 0.099,
    }.items():
        assert share[chapter] == pytest.approx(published, abs=0.06)
    assert set(sorted(share, key=share.get)[-5:]) == set("ALRKD")


def rings_again():
    """For each contact of a known person: does the same person ring within 72 hours?"""
    person, at = contacts("person"), contacts("opened_at")
    order = np.lexsort((at, person))
    same = np.diff(person[order]) == 0
    soon = np.diff(at[order]) <= np.timedelta64(72, "h")
    again = np.zeros(len(person), dtype=bool)
    again[order[:-1]] = same & soon
    return again & (person != NONE)


def test_eleven_of_a_hundred_ring_again_after_advice():
    advised = contacts("outcome") == OUTCOMES.index("advice")
    again = rings_again()
    assert again[advised].mean() == pytest.approx(0.11, abs=0.015)
    assert again[~advised].mean() < again[advised].mean()


def test_some_patients_come_far_more_often_than_others():
    # Published of consultations: 2 per cent of patients with 5 or more in a year have
    # about 10 per cent of them. Contacts are more than consultations, so it is rough.
    person = contacts("person", 2023)
    _, counts = np.unique(person[person != NONE], return_counts=True)
    often = counts >= 5
    assert often.mean() == pytest.approx(0.02, abs=0.015)
    assert counts[often].sum() / counts.sum() == pytest.approx(0.10, abs=0.03)


def test_no_more_go_to_emergency_beds_than_all_who_do():
    kad = OUTCOMES.index("kad")
    there = (contacts("outcome", 2023) == kad) | (contacts("then_outcome", 2023) == kad)
    rate = 1000 * there.sum() / inhabitants(2023)
    assert 1.0 < rate < demo().published.kad_per_1000


@pytest.mark.parametrize("year", [2022, 2023])
def test_between_the_nation_and_the_goal_are_answered_within_two_minutes(year):
    answered_in_time = np.nan_to_num(wait_s(year), nan=np.inf) <= 120
    nation, goal = (
        demo().published.answered_within_2_min[k] for k in ("nation", "goal")
    )
    assert nation <= answered_in_time.mean() <= goal
    abandoned = np.isnan(wait_s(year)).mean()
    assert 0.05 < abandoned < 0.16


def test_busy_days_answer_later_than_quiet_ones():
    in_time = np.nan_to_num(wait_s(), nan=np.inf) <= 120
    day = calls("ringing_at").astype("datetime64[D]").astype(np.int64)
    day -= day.min()
    count = np.bincount(day)
    share = np.bincount(day, weights=in_time) / np.maximum(count, 1)
    order = np.argsort(count)
    tenth = len(order) // 10
    assert share[order[-tenth:]].mean() < share[order[tenth : 2 * tenth]].mean() - 0.05


def test_the_busiest_hours_of_a_weekend_answer_later_than_the_quiet_ones():
    at, _ = local(calls("ringing_at"))
    off = {day: is_off(day) for day in {moment.date() for moment in at}}
    hour = np.array([m.hour if off[m.date()] else NONE for m in at])
    in_time = np.nan_to_num(wait_s(), nan=np.inf) <= 120
    # The same two operators are at work from eight to three.
    counts = [(hour == h).sum() for h in range(8, 15)]
    share = [in_time[hour == h].mean() for h in range(8, 15)]
    assert np.corrcoef(counts, share)[0, 1] < -0.8


def test_priority_lines_are_answered_sooner():
    in_time = np.nan_to_num(wait_s(), nan=np.inf) <= 120
    by_priority = [in_time[calls("priority") == p].mean() for p in (0, 1, 2)]
    assert by_priority[1] > by_priority[0]
    assert by_priority[2] > by_priority[0]


def test_far_from_the_station_fewer_ring_and_fewer_of_them_are_seen():
    rate, seen = {}, {}
    for index in helgeland():
        municipality = demo().municipalities[index]
        ours = contacts("municipality") == index
        rate[municipality.name] = ours.sum() / municipality.inhabitants(2023)
        seen[municipality.name] = is_seen(contacts("action")[ours]).mean()
    near, far = ("Rana", "Vefsn", "Alstahaug", "Brønnøy"), ("Træna", "Lurøy", "Vega")
    assert min(rate[n] for n in near) > max(rate[n] for n in far)
    assert np.mean([seen[n] for n in near]) > np.mean([seen[n] for n in far])


def test_there_is_a_month_for_each_month():
    assert [m.first_day for m in months()] == [
        *(date(y, m, 1) for y in (2022, 2023) for m in range(1, 13)),
        date(2024, 1, 1),
    ]
