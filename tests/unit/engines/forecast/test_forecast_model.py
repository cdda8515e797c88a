"""The regression on made-up histories whose truth is known."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from varde import content
from varde.engines.forecast.calendar import DemandCalendar, day_of, load
from varde.engines.forecast.counts import quantile
from varde.engines.forecast.model import TooLittleHistory, expect, fit
from varde.engines.forecast.rolling import (
    Foretold,
    hour_of_week_mean,
    judge,
    rolling_origins,
    together,
)
from varde.engines.forecast.series import HOUR, HourlySeries
from varde.engines.forecast.surprise import shares, surprise


NOTHING = DemandCalendar(blocks=(0,), days=(), school_weeks=())
NORWAY = load(content.demand_calendar_text(), filename="demand_calendar.yaml")
MONDAY = datetime(2024, 1, 1)  # a leap year's first
DAY, WEEK = 24, 168


def clock(begins, hours):
    return [begins + n * HOUR for n in range(hours)]


def rate(at, *, weekday=2.0, weekend=5.0):
    """A day has an evening; Saturday and Sunday have more, and a shape of their own."""
    evening = 1.5 if 16 <= at.hour < 23 else 0.5
    if at.weekday() >= 5:
        return weekend * (1.2 if 9 <= at.hour < 20 else 0.6)
    return weekday * evening


def history(rates, *, begins=MONDAY, seed=1, day_factor=0.0):
    draws = np.random.default_rng(seed)
    rates = np.asarray(rates, dtype=float)
    if day_factor:
        days = draws.gamma(1 / day_factor, day_factor, size=len(rates) // DAY + 1)
        rates = rates * np.repeat(days, DAY)[: len(rates)]
    return HourlySeries(begins=begins, counts=draws.poisson(rates).astype(float))


def test_a_plain_week_is_found_again():
    hours = 70 * DAY
    series = history([rate(at) for at in clock(MONDAY, hours)])
    found = fit(series, calendar=NOTHING, country="")
    told = expect(found, begins=series.ends, hours=WEEK)
    truth = np.array([rate(at) for at in clock(told.begins, WEEK)])
    assert told.mean.sum() == pytest.approx(truth.sum(), rel=0.03)
    plain = hour_of_week_mean(series, hours=WEEK).mean
    assert np.abs(told.mean - truth).mean() < 0.8 * np.abs(plain - truth).mean()


def test_a_day_when_the_surgeries_are_closed_has_the_shape_of_a_sunday():
    """The history has no such day at all: it must come from the calendar alone."""
    begins, hours = datetime(2026, 1, 5), 80 * DAY  # to 25 March, before Easter
    series = history([rate(at) for at in clock(begins, hours)], begins=begins)
    found = fit(series, calendar=NORWAY)

    def told(text):
        return expect(found, begins=datetime.fromisoformat(text), hours=DAY).mean

    sunday, friday = told("2026-04-19"), told("2026-04-17")
    assert told("2026-04-03") == pytest.approx(sunday)  # Good Friday
    assert sunday.sum() > 1.5 * friday.sum()
    before = told("2026-04-01")  # closes at noon
    assert before[:12] == pytest.approx(told("2026-04-15")[:12])
    assert before[12:] == pytest.approx(sunday[12:])


def test_what_such_days_really_were_is_learnt_block_by_block():
    """Good Fridays and the like with three times a Sunday's evenings."""
    begins, hours = MONDAY, 500 * DAY
    marked = {
        day: day_of(day, calendar=NORWAY).closed_from is not None
        for day in {at.date() for at in clock(begins, hours)}
    }

    def of(at):
        if marked[at.date()] and at.hour >= 16:
            return 3 * rate(datetime(2024, 1, 7, at.hour))
        return rate(datetime(2024, 1, 7, at.hour) if marked[at.date()] else at)

    found = fit(history([of(at) for at in clock(begins, hours)]), calendar=NORWAY)
    told = expect(found, begins=datetime(2025, 12, 25), hours=DAY).mean
    sunday = expect(found, begins=datetime(2025, 11, 16), hours=DAY).mean
    assert told[16:].sum() > 2 * sunday[16:].sum()
    assert told[8:16].sum() == pytest.approx(sunday[8:16].sum(), rel=0.25)


def test_the_season_is_found_with_a_year_and_not_told_with_less():
    def of(at):
        return 4 * np.exp(0.5 * np.cos(2 * np.pi * at.timetuple().tm_yday / 366))

    def ratio(days):
        series = history([of(at) for at in clock(MONDAY, days * DAY)])
        found = fit(series, calendar=NOTHING, country="")
        winter, summer = (
            expect(found, begins=datetime(2025, month, 1), hours=4 * WEEK).mean.sum()
            for month in (1, 7)
        )
        return winter / summer

    assert ratio(366) == pytest.approx(np.e, rel=0.15)
    assert ratio(300) == pytest.approx(1)


def test_growth_is_followed_to_the_end_of_the_history_and_no_further():
    days = 3 * 365
    rates = 3 * np.exp(0.3 * np.arange(days * DAY) / 8766)
    found = fit(history(rates), calendar=NOTHING, country="")
    after = MONDAY + timedelta(days=days)
    soon, late = (
        expect(found, begins=after + ahead, hours=WEEK).mean.sum()
        for ahead in (timedelta(0), timedelta(days=365.25))
    )
    assert soon / WEEK == pytest.approx(rates[-1], rel=0.06)
    assert late == pytest.approx(soon, rel=0.03)


def test_a_level_that_has_moved_is_followed_in_part():
    moves = np.repeat([1.0, 1.3, 0.8, 1.2, 0.9, 1.4], 28 * DAY)
    found = fit(history(4 * moves), calendar=NOTHING, country="")
    assert 1.1 < found.level < 1.4 / np.mean([1.0, 1.3, 0.8, 1.2, 0.9, 1.4]) + 0.02
    assert found.week_dispersion > 0.02
    still = fit(history(np.full(6 * 28 * DAY, 4.0)), calendar=NOTHING, country="")
    assert still.level == pytest.approx(1, abs=0.02)
    assert still.week_dispersion < 0.002


def test_clusters_within_a_day_are_measured_and_widen_the_intervals():
    rates = np.full(200 * DAY, 3.0)
    plain = fit(history(rates), calendar=NOTHING, country="")
    clustered = fit(history(rates, day_factor=0.2), calendar=NOTHING, country="")
    assert plain.day_dispersion < 0.02
    assert clustered.day_dispersion == pytest.approx(0.2, rel=0.3)
    assert clustered.hour_dispersion >= clustered.day_dispersion
    told = expect(clustered, begins=MONDAY, hours=2 * WEEK)
    day, week = told.sums(DAY), told.sums(WEEK)
    assert len(day[0]) == 14
    assert week[0] == pytest.approx(day[0].reshape(2, 7).sum(axis=1))
    # A day's factor is its own: a week of seven is surer than a day, hour for hour.
    beyond = clustered.week_dispersion
    assert day[1] == pytest.approx(clustered.day_dispersion + beyond)
    assert (week[1] - beyond) == pytest.approx(clustered.day_dispersion / 7, rel=0.01)


def test_nine_of_ten_days_are_inside_their_interval():
    rates = np.array([rate(at) for at in clock(MONDAY, 400 * DAY)])
    series = history(rates, seed=3, day_factor=0.05)
    found = fit(series.first(200 * DAY), calendar=NOTHING, country="")
    told = expect(found, begins=MONDAY + 200 * DAY * HOUR, hours=200 * DAY)
    mean, spread = told.sums(DAY)
    came = series.counts[200 * DAY :].reshape(-1, DAY).sum(axis=1)
    low = quantile(0.05, mean=mean, dispersion=spread)
    high = quantile(0.95, mean=mean, dispersion=spread)
    assert 0.84 <= ((came >= low) & (came <= high)).mean() <= 0.97


def test_unknown_hours_are_left_out_and_not_nought():
    rates = np.array([rate(at) for at in clock(MONDAY, 100 * DAY)])
    whole = history(rates)
    holes = whole.counts.copy()
    holes[np.random.default_rng(2).random(len(holes)) < 0.3] = np.nan
    found = fit(HourlySeries(begins=MONDAY, counts=holes), calendar=NOTHING, country="")
    told = expect(found, begins=MONDAY, hours=4 * WEEK).mean.sum()
    assert told == pytest.approx(rates[: 4 * WEEK].sum(), rel=0.05)


def test_a_station_that_is_closed_at_night_expects_nobody_then():
    rates = [0 if at.hour < 8 else 3 for at in clock(MONDAY, 60 * DAY)]
    found = fit(history(rates), calendar=NOTHING, country="")
    told = expect(found, begins=MONDAY, hours=DAY)
    assert told.mean[:8].max() < 0.02
    assert told.mean[8:].min() > 2
    assert quantile(0.95, mean=told.mean, dispersion=told.dispersion)[:8].max() == 0


@pytest.mark.parametrize("counts", [np.ones(55 * DAY), np.zeros(60 * DAY)])
def test_too_little_history_is_said_and_nothing_is_told(counts):
    with pytest.raises(TooLittleHistory, match="at least 50 in 56 days"):
        fit(HourlySeries(begins=MONDAY, counts=counts), calendar=NOTHING, country="")


@pytest.mark.parametrize("hours", [0, 11 * 52 * WEEK])
def test_hours_that_cannot_be_told_are_refused(hours):
    found = fit(history(np.full(60 * DAY, 3.0)), calendar=NOTHING, country="")
    with pytest.raises(ValueError, match="cannot be told"):
        expect(found, begins=found.plan.origin, hours=hours)


def test_the_plain_mean_is_that_of_the_same_hour_of_the_last_year():
    counts = np.concatenate([np.full(WEEK, 900.0), np.tile(np.arange(WEEK), 52)])
    counts[-3] = np.nan
    told = hour_of_week_mean(HourlySeries(begins=MONDAY, counts=counts), hours=WEEK + 2)
    assert told.mean.tolist() == [*range(WEEK), 0, 1]
    short = HourlySeries(begins=MONDAY, counts=np.array([2.0, np.nan, 4.0]))
    assert hour_of_week_mean(short, hours=WEEK).mean.tolist() == [
        *[3.0] * (WEEK - 3),
        2.0,
        3.0,
        4.0,
    ]


def test_a_forecast_is_judged_by_the_hours_that_are_known():
    told = Foretold(mean=np.array([0.0, 0.0, 0.0]), dispersion=0.0)
    found = judge(told, np.array([0.0, np.nan, 2.0]))
    assert (found.hours, found.crps, found.mae, found.coverage) == (2, 1.0, 1.0, 0.5)
    assert judge(told, np.full(3, np.nan)).hours == 0
    both = together([found, judge(told, np.zeros(3))])
    assert (both.hours, both.crps, both.coverage) == (5, 0.4, 0.8)
    with pytest.raises(ValueError, match="no hour"):
        together([])


def test_rolling_origins_see_only_what_was_before():
    rates = np.full(90 * DAY, 3.0)
    series = history(rates)
    first, second = rolling_origins(
        series, origins=2, horizon_days=10, calendar=NOTHING, country=""
    )
    assert (first.begins, second.begins) == (
        MONDAY + timedelta(days=70),
        MONDAY + timedelta(days=80),
    )
    other = series.counts.copy()
    other[80 * DAY :] += 50
    again, worse = rolling_origins(
        HourlySeries(begins=MONDAY, counts=other),
        origins=2,
        horizon_days=10,
        calendar=NOTHING,
        country="",
    )
    assert again == first
    assert worse.ours.crps > 10 * second.ours.crps
    assert (first.weeks, worse.weeks, worse.weeks_within) == (1, 1, 0)


def test_the_first_day_after_an_origin_is_not_known_to_it():
    counts = history(np.full(80 * DAY, 3.0)).counts
    counts[70 * DAY : 71 * DAY] = 500
    (found,) = rolling_origins(
        HourlySeries(begins=MONDAY, counts=counts),
        origins=1,
        horizon_days=10,
        calendar=NOTHING,
        country="",
    )
    # 24 hours that are 497 off, and 216 as ever (about 1).
    for one in (found.ours, found.baseline):
        assert one.crps == pytest.approx((24 * 497 + 216) / 240, abs=1)


@pytest.mark.parametrize(("origins", "days"), [(0, 10), (2, 0), (3, 20)])
def test_origins_that_have_no_history_are_refused(origins, days):
    with pytest.raises(ValueError, match="need more"):
        rolling_origins(
            history(np.full(60 * DAY, 3.0)),
            origins=origins,
            horizon_days=days,
            calendar=NOTHING,
        )


def test_a_surprise_says_how_rare_it_was():
    few = surprise(0, mean=3.0, dispersion=0.0)
    assert (few.so_many, few.is_outside) == (1.0, True)
    assert few.so_few == pytest.approx(np.exp(-3))
    assert not surprise(3, mean=3.0, dispersion=0.0).is_outside
    with pytest.raises(ValueError, match="0 or more"):
        surprise(-1, mean=3.0, dispersion=0.0)


def test_shares_add_up_and_nothing_has_none():
    found = shares({"": 5, "rod": 10, "gul": 10}, expected=50.0)
    assert [one.code for one in found] == ["gul", "rod", ""]
    assert sum(one.expected for one in found) == 50
    assert all(one.low < one.share < one.high for one in found)
    assert shares({}, expected=5.0) == ()
    assert shares({"gul": 0}, expected=5.0) == ()
