"""Years of calls and contacts that look like the published figures.

Month by month, so that memory stays flat however long the history is. Each month is drawn
from its own stream of random numbers; the same arguments give the same history.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from varde.engines.demo.actions import DOOR
from varde.engines.demo.attendance import attend
from varde.engines.demo.callers import (
    Recent,
    draw_people,
    earlier_contacts,
    expected_callers,
    members_of,
    repeat_numbers,
    weights_of,
)
from varde.engines.demo.chances import Chances, chances_of
from varde.engines.demo.codes import (
    NONE,
    OUTCOMES,
    PERIODS,
    Bools,
    Floats,
    Ints,
    Outcome,
    lognormal,
    place_in,
)
from varde.engines.demo.columns import Month
from varde.engines.demo.contacts import Judged, judge, merged
from varde.engines.demo.hours import OSLO, YearOfHours, period_of, year_of_hours
from varde.engines.demo.numbering import Drawn, numbered, utc
from varde.engines.demo.people import People, check_extent
from varde.engines.demo.places import Complaint, Demo, StaffMember
from varde.engines.demo.staff import staff_of
from varde.engines.demo.switchboard import Switchboard
from varde.engines.demo.telephone import FirstAtWork, let_ring, put_on_duty, ringing
from varde.engines.demo.volumes import volumes_of


_STREAM: Final = 3
_HOUR_S: Final = 3600.0


def generate(
    demo: Demo,
    people: People,
    *,
    years: int,
    seed: int,
    until: datetime,
    sentral: str = "HEL",
    complaints: Sequence[Complaint] | None = None,
    scale: float = 1.0,
) -> Iterator[Month]:
    """The history of a sentral, one calendar month at a time, the oldest first.

    Parameters
    ----------
    demo : Demo
    people : People
        Made with the same years, until and scale, and best with the same seed.
    years : int
        How many years before `until` the history begins, >= 1.
    seed : int
        >= 0.
    until : datetime
        Where the history ends, with time zone. What had not ended then is not in it,
        except attendances, which may lie ahead, and abandoned calls not yet rung back.
    sentral : str
        Its code.
    complaints : sequence of Complaint, optional
        What people ring about, with the ids of the index in use; those of the starter
        index if not given.
    scale : float
        How many times the real district, > 0.

    Yields
    ------
    Month
        Also for months without any contact. A call that began in one month and ended in
        the next belongs to the first.

    Raises
    ------
    ValueError
        If years, until or scale is out of range, the sentral is not known, or the scale
        is so small that nobody lives there.

    Notes
    -----
    The telephone is simulated (`switchboard`), the rest drawn. A contact does not know
    how full the waiting room is, so waiting times at the station vary less than real ones.
    """
    check_extent(years=years, until=until, scale=scale)
    members = members_of(demo, people, sentral=sentral)
    if not len(members):
        raise ValueError(f"nobody lives in the district of {sentral}: make it larger")
    what_for = tuple(demo.complaints if complaints is None else complaints)
    run = _Run(
        demo=demo,
        people=people,
        sentral=sentral,
        staff=staff_of(demo, sentral, scale=scale),
        complaints=what_for,
        seed=seed,
        scale=scale,
        begin=_years_before(until, years),
        until=until,
        members=members,
    )
    return run.months()


@dataclass(slots=True, kw_only=True)
class _Run:
    """A history in the making."""

    demo: Demo
    people: People
    sentral: str
    staff: tuple[StaffMember, ...]
    complaints: tuple[Complaint, ...]
    seed: int
    scale: float
    begin: datetime
    until: datetime
    members: Ints
    board: Switchboard = field(default_factory=Switchboard)
    on_duty_until: date | None = None
    recent: Recent = field(default_factory=Recent.nobody)
    years: dict[int, tuple[YearOfHours, Chances]] = field(default_factory=dict)

    def months(self) -> Iterator[Month]:
        first = self.begin.astimezone(OSLO).date()
        last = self.until.astimezone(OSLO).date()
        while first <= last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield self.month(first, min(following - timedelta(days=1), last))
            first = following

    def month(self, first: date, last: date) -> Month:
        sentral = [s.code for s in self.demo.sentraler].index(self.sentral)
        rng = np.random.default_rng(
            [self.seed, _STREAM, sentral, first.year, first.month]
        )
        weights = weights_of(
            self.demo, self.people, members=self.members, first=first, last=last
        )
        hours, chances = self.year(first, weights)
        drawn = self.draw(hours, chances, weights, first=first, last=last, rng=rng)
        return numbered(drawn, first=first, until=self.until)

    def year(self, first: date, weights: Floats) -> tuple[YearOfHours, Chances]:
        """The hours and chances of a year, made when its first month is."""
        if first.year not in self.years:
            hours = year_of_hours(self.demo, first.year)
            period = period_of(hours.local_minute + 30)
            callers = expected_callers(
                self.people, members=self.members, weights=weights, first=first
            )
            chances = chances_of(
                self.demo,
                self.complaints,
                year=first.year,
                callers=callers,
                periods=np.bincount(
                    period, weights=hours.share, minlength=len(PERIODS)
                ),
            )
            self.years = {first.year: (hours, chances)}
        return self.years[first.year]

    def draw(
        self,
        hours: YearOfHours,
        chances: Chances,
        weights: Floats,
        *,
        first: date,
        last: date,
        rng: np.random.Generator,
    ) -> Drawn:
        guess = self.demo.assumptions
        volumes = volumes_of(
            self.demo, sentral=self.sentral, year=first.year, scale=self.scale
        )
        ours = self.hours_of(hours, first=first, last=last)
        level = _levels_of_days(hours, noise=guess.day_noise, rng=rng)
        came = _arrivals(hours, ours, level * volumes.contacts, rng=rng)
        asked = _arrivals(hours, ours, level * volumes.enquiries, rng=rng)
        person, judged = self.judge(
            hours, chances, weights, came=came, first=first, rng=rng
        )
        ringers = ringing(
            self.demo,
            judged,
            came=came,
            person=person,
            enquiries=asked,
            askers=draw_people(
                len(asked), members=self.members, weights=weights, rng=rng
            ),
            rng=rng,
        )
        at_work = self.at_work(first, last)
        rung = let_ring(
            self.board,
            self.demo,
            ringers,
            contacts=len(came),
            first_at_work=at_work,
            rng=rng,
        )
        known = np.where(judged.is_unknown, NONE, person)
        repeat_no = repeat_numbers(came, known, recent=self.recent)
        this_month = Recent(at=came, person=known, got_advice=_is_advice(judged))
        self.recent = self.recent.then(this_month).last_days()
        at_door = judged.channel == DOOR
        opened = np.where(at_door, came, rung.opened)
        return Drawn(
            came=came,
            person=known,
            judged=judged,
            rung=rung,
            opened=opened,
            operator=np.where(at_door, at_work.at(came), rung.operator),
            attended=attend(
                self.demo, self.staff, judged, opened=opened, first=first, rng=rng
            ),
            repeat_no=repeat_no,
            amk_answers_s=lognormal(guess.amk_ack_s, size=len(came), rng=rng),
        )

    def at_work(self, first: date, last: date) -> FirstAtWork:
        """The operators of the month, given to the telephone."""
        at_work = put_on_duty(
            self.board,
            self.demo,
            self.staff,
            sentral=self.sentral,
            seed=self.seed,
            first=first,
            last=last,
            done_until=self.on_duty_until,
            scale=self.scale,
        )
        self.on_duty_until = last
        return at_work

    def judge(
        self,
        hours: YearOfHours,
        chances: Chances,
        weights: Floats,
        *,
        came: Floats,
        first: date,
        rng: np.random.Generator,
    ) -> tuple[Ints, Judged]:
        """Who each contact is about, and what is decided.

        Some are the second contact of somebody who rang in the days before, most likely
        of one who got advice. So those who ring for the first time are judged first.
        """
        guess = self.demo.assumptions
        person = draw_people(len(came), members=self.members, weights=weights, rng=rng)
        local_s = _local_seconds(hours, came)
        period = period_of((local_s // 60).astype(np.int64))
        days = np.floor(local_s / 86_400).astype(np.int64).astype("datetime64[D]")

        def judged(rows: Bools) -> Judged:
            return judge(
                self.demo,
                self.people,
                chances,
                self.complaints,
                person=person[rows],
                period=period[rows],
                days=days[rows],
                on=first,
                rng=rng,
            )

        is_again = rng.random(len(came)) < guess.again_within_72h
        firsts = judged(~is_again)
        this_month = Recent(
            at=came[~is_again],
            person=person[~is_again],
            got_advice=_is_advice(firsts),
        )
        earlier = self.recent.then(this_month)
        row = earlier_contacts(
            came[is_again],
            earlier=earlier,
            mean_lag_s=guess.again_mean_h * _HOUR_S,
            if_not_advice=guess.again_if_not_advice,
            rng=rng,
        )
        same = earlier.person[np.maximum(row, 0)] if len(earlier.person) else row
        can_ring = np.isin(same, self.members[weights > 0]) & (row != NONE)
        person[is_again] = np.where(can_ring, same, person[is_again])
        return person, merged(firsts, judged(is_again), is_second=is_again)

    def hours_of(self, hours: YearOfHours, *, first: date, last: date) -> Bools:
        """Which hours of the year are in the month, and in the history."""
        in_month = (hours.local_day >= first.timetuple().tm_yday - 1) & (
            hours.local_day <= last.timetuple().tm_yday - 1
        )
        begin, until = (utc(moment) for moment in (self.begin, self.until))
        return in_month & (hours.starts >= begin) & (hours.starts < until)


def _is_advice(judged: Judged) -> Bools:
    return np.asarray(judged.outcome == place_in(OUTCOMES, Outcome.ADVICE))


def _levels_of_days(
    hours: YearOfHours, *, noise: float, rng: np.random.Generator
) -> Floats:
    """The expected share of each hour, with some days busier than others by chance."""
    shape = 1 / noise**2
    day = rng.gamma(shape, 1 / shape, int(hours.local_day.max()) + 1)
    return hours.share * day[hours.local_day]


def _arrivals(
    hours: YearOfHours, ours: Bools, expected: Floats, *, rng: np.random.Generator
) -> Floats:
    """Moments of a Poisson process with the expected number in each hour."""
    counts = rng.poisson(expected[ours])
    starts = hours.starts[ours].astype(np.int64) / 1000
    at = np.repeat(starts, counts) + rng.random(int(counts.sum())) * _HOUR_S
    return np.sort(at)


def _local_seconds(hours: YearOfHours, at: Floats) -> Floats:
    """Seconds since 1970 as the clock on the wall counts them."""
    first = hours.starts[0].astype(np.int64) / 1000
    hour = ((at - first) // _HOUR_S).astype(np.int64)
    midnight = np.datetime64(f"{hours.year}-01-01", "s").astype(np.int64)
    wall = midnight + hours.local_day[hour] * 86_400.0 + hours.local_minute[hour] * 60.0
    return np.asarray(wall + (at - first) % _HOUR_S)


def _years_before(until: datetime, years: int) -> datetime:
    """The same day and clock some years before; 28 February for the 29th."""
    try:
        return until.replace(year=until.year - years)
    except ValueError:
        return until.replace(year=until.year - years, day=28)
