"""Sundays and public holidays: when each begins and ends, and which one a duty counts on."""

from collections import Counter
from datetime import UTC, date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.make_rota import CALENDAR, HOLIDAYS, LIMITS, limits, worker
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.rules.red_days import red_days
from varde.domain.rota.values import Slot, Span


DAY = timedelta(days=1)


def at(day, hour=0, minute=0):
    return CALENDAR.at(day, time(hour, minute))


WHOLE = at(date(2026, 1, 1)).timestamp(), at(date(2027, 2, 1)).timestamp()
RED = red_days(LIMITS, WHOLE)


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (date(2026, 1, 18), at(date(2026, 1, 17), 18), at(date(2026, 1, 18), 22)),
        # 1 May is a Friday, and Saturday a working day.
        (date(2026, 5, 1), at(date(2026, 4, 30), 18), at(date(2026, 5, 1), 22)),
        # Easter: two and two, with the eve between.
        (date(2026, 4, 2), at(date(2026, 4, 1), 18), at(date(2026, 4, 3))),
        (date(2026, 4, 3), at(date(2026, 4, 3)), at(date(2026, 4, 3), 22)),
        (date(2026, 4, 5), at(date(2026, 4, 4), 15), at(date(2026, 4, 6))),
        (date(2026, 4, 6), at(date(2026, 4, 6)), at(date(2026, 4, 6), 22)),
        # Christmas with a Sunday after it.
        (date(2026, 12, 25), at(date(2026, 12, 24), 15), at(date(2026, 12, 26))),
        (date(2026, 12, 26), at(date(2026, 12, 26)), at(date(2026, 12, 27))),
        (date(2026, 12, 27), at(date(2026, 12, 27)), at(date(2026, 12, 27), 22)),
        # New Year's Eve is an eve of the accounts, not of the law.
        (date(2027, 1, 1), at(date(2026, 12, 31), 18), at(date(2027, 1, 1), 22)),
    ],
)
def test_a_red_day_begins_the_evening_before_and_ends_in_its_own(day, begins, ends):
    piece = RED.pieces[RED.days.index(day)]
    assert piece == (begins.timestamp(), ends.timestamp())


def test_every_sunday_and_holiday_is_there_once_and_no_other_day():
    days = [date(2026, 1, 1) + number * DAY for number in range(398)]
    expected = [day for day in days if day.weekday() == 6 or day in HOLIDAYS]
    assert list(RED.days) == expected


def day_at(moment):
    """The red day whose period a moment lies in, said slowly by the clock; or None."""
    local = moment.astimezone(CALENDAR.zone)
    day, after = local.date(), local.date() + DAY
    if day in RED.days:
        return None if local.hour >= 22 and after not in RED.days else day
    is_eve = day in CALENDAR.eves and day != date(2026, 12, 31)
    return after if after in RED.days and local.hour >= (15 if is_eve else 18) else None


# Before Easter, the Ascension, Whitsun, Christmas, and a week with no holiday in it.
NEAR = [date(2026, 4, 1), date(2026, 5, 13), date(2026, 5, 22), date(2026, 12, 23)]
NEAR.append(date(2026, 1, 9))


@given(st.sampled_from(NEAR), st.integers(0, 2 * 24 * 6), st.integers(1, 2 * 72))
def test_a_duty_counts_where_most_of_its_half_hours_are(day, start, length):
    begins = at(day).astimezone(UTC) + start * timedelta(minutes=30)
    counts = Counter(
        day_at(begins + number * timedelta(minutes=30)) for number in range(length)
    )
    expected = []
    for day in sorted(counts.keys() - {None}):
        before = expected[-1][-1] if expected else None
        if before == day - DAY:
            expected[-1].append(day)
        else:
            expected.append([day])
    piece = begins.timestamp(), begins.timestamp() + length * 1800
    found = [RED.days[place] for place in RED.worked(piece)]
    assert found == [max(run, key=counts.__getitem__) for run in expected]


@pytest.mark.parametrize(
    ("duties", "on_end"),
    [
        ([(date(2026, 12, 25), 8, 8), (date(2026, 12, 26), 8, 8)], 2),
        ([(date(2026, 12, 25), 22, 9)], 0),  # one night is one day's work: the 26th's
        ([(date(2026, 12, 25), 22, 9), (date(2026, 12, 27), 8, 8)], 2),
        ([(date(2026, 12, 25), 8, 8), (date(2026, 12, 27), 8, 8)], 0),
        # Sunday the 20th, and Christmas Eve before and after three o'clock.
        ([(date(2026, 12, 20), 8, 8), (date(2026, 12, 24), 7, 8)], 0),
        ([(date(2026, 12, 20), 8, 8), (date(2026, 12, 24), 8, 8)], 2),
        # A Sunday, and the Thursday of the Ascension in the week after.
        ([(date(2026, 5, 10), 8, 8), (date(2026, 5, 14), 8, 8)], 2),
        ([(date(2026, 5, 10), 8, 8), (date(2026, 5, 17), 8, 8)], 0),
    ],
)
def test_who_works_on_a_red_day_is_free_on_the_next(duties, on_end):
    slots = [
        Slot(
            id=f"v{place}",
            post="forvakt",
            span=Span(
                starts_at=at(day, hour), ends_at=at(day, hour) + timedelta(hours=hours)
            ),
            accounts=frozenset(),
        )
        for place, (day, hour, hours) in enumerate(duties)
    ]
    found = judge(
        slots=slots,
        workers=[worker()],
        assignment={slot.id: "kari" for slot in slots},
        limits=limits(sunday_every=2),
    )
    said = [b for b in found.hard if b.rule is RotaRule.SUNDAYS_ARE_FREE]
    assert [b.measured for b in said] == ([on_end] if on_end else [])
    assert [b.slots for b in said] == ([tuple(s.id for s in slots)] if on_end else [])
