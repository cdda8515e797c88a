"""Vefsn's rota, from the municipality's plan: 13 fastleger, 12 of them in the rota, and a
LIS1; 15:30-08 on weekdays, 09-09 in weekends, not split; every 12th weekday and every 6th
weekend. Three of the 13 may ask for exemption now, six within some years.
"""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.make_rota import ALWAYS, CALENDAR, limits
from varde.domain.load import frequency
from varde.domain.rota.fairness import fair_shares, fairness
from varde.domain.rota.known_patterns import VEFSN, VEFSN_WITH_BACKUP
from varde.domain.rota.limits import Calendar
from varde.domain.rota.patterns import slots_of
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Account, Law, Worker


# in rota: how many of the fastleger; the frequencies for each of them
TABLE = """
in_rota exempt | weekday weekend
12      1      | 12      6
10      3      | 10      5
9       3+1    | 9       4.5
7       6      | 7       3.5
6       6+1    | 6       3
"""
ROWS = [line.split("|") for line in TABLE.strip().splitlines()[1:]]
POSTS = frozenset({"forvakt", "bakvakt"})
LIMITS = limits(calendar=Calendar(), lis1_presence=False)  # weeks without holidays
FIRST = date(2026, 1, 5)  # a Monday
BESIDE = {"f00", "f11"}  # the LIS1 in the rotation


def fastlege(number, *, exempt=False):
    return Worker(
        id=f"f{number:02}",
        law=Law.SFS2305,
        posts=POSTS,
        alone=(ALWAYS,),
        away=(ALWAYS,) if exempt else (),
    )


LIS1 = Worker(
    id="lis1", law=Law.SFS2305, posts=frozenset({"forvakt"}), share=0, lis1=(ALWAYS,)
)


def weeks(count, pattern=VEFSN):
    last = FIRST + timedelta(weeks=count, days=-1)
    return slots_of(pattern, first=FIRST, last=last, limits=LIMITS)


def is_weekend(slot):
    return slot.span.starts_at.weekday() >= 5


def plain_rotation(slots, names):
    """The first weekday to the first, the first weekend to the first two, and round."""
    turn, held = Counter(), {}
    for slot in slots:
        held[slot.id] = names[turn[is_weekend(slot)] % len(names)]
        turn[is_weekend(slot)] += 1
    return held


def how_often(slots, held, worker, *, weeks):
    """Every how many weekdays and weekends a person has duty."""
    calendar = frequency.Calendar(
        first=FIRST,
        to=FIRST + timedelta(weeks=weeks),
        holidays=frozenset(),
        zone=CALENDAR.zone,
    )
    mine = [slot.span for slot in slots if held[slot.id] == worker]
    return (
        frequency.every_nth_weekday(mine, calendar=calendar),
        frequency.every_nth_weekend(mine, calendar=calendar),
    )


@pytest.mark.parametrize(("people", "expected"), ROWS)
def test_the_fair_share_gives_the_plans_frequencies(people, expected):
    in_rota, exempt = people.split()
    weekday, weekend = map(float, expected.split())
    gone = sum(map(int, exempt.split("+")))
    workers = [
        *(fastlege(number) for number in range(int(in_rota))),
        *(fastlege(20 + number, exempt=True) for number in range(gone)),
        LIS1,
    ]
    for days, of_weekends, every in ((60, False, weekday), (12, True, weekend)):
        slots = [slot for slot in weeks(12) if is_weekend(slot) is of_weekends]
        mine = fair_shares(slots, workers)["f00"][Account.ALL]
        assert days / mine == pytest.approx(every)


def test_a_plain_rotation_of_twelve_has_them_and_is_fair_and_allowed():
    slots, workers = weeks(12), [fastlege(number) for number in range(12)]
    held = plain_rotation(slots, [worker.id for worker in workers])
    for worker in workers:
        assert how_often(slots, held, worker.id, weeks=12) == (12, 6)
    fair = fairness(slots=slots, workers=workers, assignment=held)
    assert (fair.vacant, set(fair.deviations)) == (0, {0})
    judged = judge(slots=slots, workers=workers, assignment=held, limits=LIMITS)
    assert judged.is_allowed
    assert judged.warnings  # 16.5 and 24 hours are longer than the law's 13


def test_with_a_lis1_who_has_duties_too_the_twelve_still_have_them():
    """The LIS1 has every 13th duty, and one of the twelve is bakvakt then: 1/13 as forvakt
    and 1/13 of 1/12 as bakvakt are 1/12."""
    workers = [*(fastlege(number) for number in range(12)), LIS1]
    both = weeks(13 * 12, VEFSN_WITH_BACKUP)
    first = [slot for slot in both if slot.post == "forvakt"]
    held = plain_rotation(first, [worker.id for worker in workers])
    behind = {slot.span: slot for slot in both if slot.post == "bakvakt"}
    kept, turn = list(first), {True: Counter(), False: Counter()}
    for slot in first:
        if held[slot.id] == "lis1":
            kept.append(behind[slot.span])
            had = turn[is_weekend(slot)]
            partners = {
                held[other.id]
                for other in first
                if is_weekend(slot)
                and is_weekend(other)
                and abs(other.span.starts_at - slot.span.starts_at) < timedelta(days=2)
            }
            free = [w.id for w in workers[:-1] if w.id not in partners]
            # Those next to the LIS1 in the rotation are free every other time only.
            chosen = min(free, key=lambda n, had=had: (had[n], n not in BESIDE, n))
            had[chosen] += 1
            held[behind[slot.span].id] = chosen
    for worker in workers[:-1]:
        assert how_often(kept, held, worker.id, weeks=13 * 12) == (12, 6)
    judged = judge(slots=kept, workers=workers, assignment=held, limits=LIMITS)
    assert judged.is_allowed
    without = {s: who for s, who in held.items() if not s.count("bak")}
    alone = judge(slots=kept, workers=workers, assignment=without, limits=LIMITS)
    assert {breach.worker for breach in alone.hard} == {"lis1"}
    assert len(alone.hard) == sum(Account.BACKUP in slot.accounts for slot in kept)
