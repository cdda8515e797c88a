"""Years of calls and contacts that look like the published figures.

Month by month, so that memory stays flat however long the history is. Each month is drawn
from its own stream of random numbers; the same arguments give the same history.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from varde.engines.demo.attendance import Attended, attend
from varde.engines.demo.callers import (
    Recent,
    draw_people,
    earlier_contacts,
    expected_callers,
    repeat_numbers,
    weights_of,
)
from varde.engines.demo.chances import Chances, chances_of
from varde.engines.demo.codes import (
    CHANNELS,
    NONE,
    OUTCOMES,
    PERIODS,
    Bools,
    Channel,
    Floats,
    Ints,
    Outcome,
    Times,
    lognormal,
    place_in,
)
from varde.engines.demo.columns import Calls, Contacts, Month, moment
from varde.engines.demo.contacts import DOOR, Judged, judge, merged
from varde.engines.demo.hours import OSLO, YearOfHours, period_of, year_of_hours
from varde.engines.demo.people import People, check_extent
from varde.engines.demo.places import Complaint, Demo, StaffMember
from varde.engines.demo.staff import staff_of
from varde.engines.demo.switchboard import Switchboard
from varde.engines.demo.telephone import Rung, let_ring, put_on_duty, ringing


_STREAM: Final = 3
_A_MONTH: Final = 1_000_000  # numbers: year and month, then the row of the month
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
        If years, until or scale is out of range, or the sentral is not known.

    Notes
    -----
    The telephone is simulated (`switchboard`), the rest drawn. A contact does not know
    how full the waiting room is, so waiting times at the station vary less than real ones.
    """
    check_extent(years=years, until=until, scale=scale)
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
        members=_members(demo, people, sentral=sentral),
    )
    return run.months()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """The contacts of a month, before they have numbers."""

    came: Floats
    person: Ints
    judged: Judged
    rung: Rung
    opened: Floats
    operator: Ints
    attended: Attended
    repeat_no: Ints
    amk_called: Floats
    amk_acknowledged: Floats

    @property
    def decided(self) -> Floats:
        """When the talk was over."""
        judged = self.judged
        return self.opened + judged.patient_s + judged.triage_s + judged.outcome_s

    @property
    def closed(self) -> Floats:
        return self.decided + self.judged.close_s


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
        return _numbered(drawn, first=first, until=self.until)

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
                periods=np.bincount(period, weights=hours.share, minlength=len(PERIODS)),
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
    ) -> _Drawn:
        demo, guess = self.demo, self.demo.assumptions
        inhabitants = self.scale * sum(
            m.inhabitants(first.year)
            for m in demo.municipalities_of(self.sentral, on=first)
        )
        ours = self.hours_of(hours, first=first, last=last)
        level = _levels_of_days(hours, noise=guess.day_noise, rng=rng)
        contacts = inhabitants * demo.published.contacts_per_1000.at(first.year) / 1000
        came = _arrivals(hours, ours, level * contacts, rng=rng)
        person, judged = self.judge(
            hours, chances, weights, came=came, first=first, rng=rng
        )
        calls = inhabitants * demo.published.calls_per_inhabitant.at(first.year)
        by_phone = 1 - chances.channel[place_in(CHANNELS, Channel.DOOR)]
        asking = max(0.0, calls * (1 - guess.redials) - contacts * by_phone)
        enquiries = _arrivals(hours, ours, level * asking, rng=rng)
        at_work = put_on_duty(
            self.board, demo, self.staff, sentral=self.sentral, seed=self.seed,
            first=first - timedelta(days=not self.recent.at.size), last=last,
            scale=self.scale,
        )  # fmt: skip
        ringers = ringing(
            demo,
            judged,
            came=came,
            person=person,
            enquiries=enquiries,
            askers=rng.choice(self.members, len(enquiries)),
            rng=rng,
        )
        rung = let_ring(
            self.board, demo, ringers, contacts=len(came), first_at_work=at_work, rng=rng
        )
        at_door = judged.channel == DOOR
        opened = np.where(at_door, came, rung.opened)
        operator = np.where(at_door, at_work.at(came), rung.operator)
        talk = judged.patient_s + judged.triage_s + judged.outcome_s
        known = np.where(judged.is_unknown, NONE, person)
        repeat_no = repeat_numbers(came, known, recent=self.recent)
        is_advice = judged.outcome == place_in(OUTCOMES, Outcome.ADVICE)
        this_month = Recent(at=came, person=known, got_advice=is_advice)
        self.recent = self.recent.then(this_month).last_days()
        is_amk = judged.outcome == place_in(OUTCOMES, Outcome.AMK)
        amk_called = np.where(is_amk, opened + judged.patient_s + judged.triage_s, np.nan)
        return _Drawn(
            came=came,
            person=known,
            judged=judged,
            rung=rung,
            opened=opened,
            operator=operator,
            attended=attend(
                demo,
                self.staff,
                judged,
                opened=opened,
                decided=opened + talk,
                first=first,
                local_offset_s=_HOUR_S * (1 + (4 <= first.month <= 10)),
                rng=rng,
            ),
            repeat_no=repeat_no,
            amk_called=amk_called,
            amk_acknowledged=amk_called
            + lognormal(guess.amk_ack_s, size=len(came), rng=rng),
        )

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
        person = draw_people(
            len(came), members=self.members, weights=weights, rng=rng
        )
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
        is_advice = firsts.outcome == place_in(OUTCOMES, Outcome.ADVICE)
        earlier = self.recent.then(
            Recent(at=came[~is_again], person=person[~is_again], got_advice=is_advice)
        )
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
        begin, until = (_utc(moment) for moment in (self.begin, self.until))
        return in_month & (hours.starts >= begin) & (hours.starts < until)


def _members(demo: Demo, people: People, *, sentral: str) -> Ints:
    """The people that a sentral answers for."""
    districts = demo.sentral(sentral).districts
    station_of = {s.code: s.district for s in demo.stations}
    ours = {
        c.municipality for c in demo.catchments if station_of[c.station] in districts
    }
    index = [i for i, m in enumerate(demo.municipalities) if m.number in ours]
    return np.flatnonzero(np.isin(people.municipality, index))


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


def _numbered(drawn: _Drawn, *, first: date, until: datetime) -> Month:
    """Cut what had not ended, put in order, give numbers, and join the two."""
    end = until.timestamp()
    base = (first.year * 100 + first.month) * _A_MONTH
    contacts_in = np.flatnonzero(drawn.closed <= end)
    contacts_in = contacts_in[np.argsort(drawn.opened[contacts_in], kind="stable")]
    contact_number = np.full(len(drawn.came), NONE)
    contact_number[contacts_in] = base + np.arange(len(contacts_in))

    rung = drawn.rung.calls
    calls_in = _calls_that_ended(rung, contact_number, until=until)
    call_number = np.full(len(rung), NONE)
    call_number[calls_in] = base + np.arange(len(calls_in))
    calls = rung.rows(calls_in)
    calls = Calls(
        **{name: getattr(calls, name) for name in Calls.__slots__}
        | {
            "number": call_number[calls_in],
            "contact": _looked_up(contact_number, calls.contact),
            "settled_at": _before(calls.settled_at, until),
            "settled_by": np.where(
                np.isnat(_before(calls.settled_at, until)), NONE, calls.settled_by
            ),
        }
    )
    return Month(
        first_day=first,
        calls=calls,
        contacts=_contacts(drawn, contacts_in, contact_number, call_number, end=end),
    )


def _calls_that_ended(calls: Calls, contact_number: Ints, *, until: datetime) -> Ints:
    """Calls that were over; a call that was answered also needs its contact closed."""
    has_contact = calls.contact != NONE
    is_closed = _looked_up(contact_number, calls.contact) != NONE
    is_answered = ~np.isnat(calls.answered_at)
    is_over = calls.ended_at <= _utc(until)
    return np.flatnonzero(is_over & (is_closed | ~has_contact | ~is_answered))


def _contacts(
    drawn: _Drawn, rows: Ints, contact_number: Ints, call_number: Ints, *, end: float
) -> Contacts:
    judged, attended = drawn.judged, drawn.attended
    is_unknown = drawn.person == NONE
    call = _looked_up(call_number, drawn.rung.call)
    answered = drawn.rung.calls.answered_at[np.maximum(drawn.rung.call, 0)]
    whole = Contacts(
        number=contact_number,
        call=call,
        person=drawn.person,
        estimated_age=np.where(is_unknown, judged.age, NONE),
        opened_at=moment(drawn.opened),
        closed_at=moment(drawn.closed),
        channel=judged.channel,
        relation=judged.relation,
        municipality=judged.municipality,
        place=judged.place,
        is_elsewhere=judged.is_elsewhere,
        needs_interpreter=judged.needs_interpreter,
        consents_to_note=judged.consents_to_note,
        complaint=judged.complaint,
        hastegrad_phone=judged.hastegrad_phone,
        hastegrad_arrival=_when_known(judged.hastegrad_arrival, attended.arrived, end),
        action=judged.action,
        outcome=judged.outcome,
        then_outcome=_when_known(judged.then_outcome, attended.left, end),
        reason=judged.reason,
        operator=drawn.operator,
        doctor=attended.doctor,
        station=attended.station,
        travel_min=attended.travel_min,
        promised_at=moment(attended.promised),
        arrived_at=moment(_ended(attended.arrived, end)),
        seen_at=moment(_ended(attended.seen, end)),
        left_at=moment(_ended(attended.left, end)),
        amk_called_at=moment(drawn.amk_called),
        amk_acknowledged_at=moment(drawn.amk_acknowledged),
        patient_s=judged.patient_s,
        triage_s=judged.triage_s,
        outcome_s=judged.outcome_s,
        close_s=judged.close_s,
        repeat_no=drawn.repeat_no,
        was_rung_back=(drawn.rung.call != NONE) & np.isnat(answered),
    )
    return whole.rows(rows)


def _looked_up(numbers: Ints, rows: Ints) -> Ints:
    """The numbers of some rows; NONE stays NONE."""
    if not len(numbers):
        return np.full(len(rows), NONE)
    return np.where(rows == NONE, NONE, numbers[np.maximum(rows, 0)])


def _when_known(values: Ints, at: Floats, end: float) -> Ints:
    """Values that come with a moment: NONE where it did not come before the end."""
    return np.where(at <= end, values, NONE)


def _ended(at: Floats, end: float) -> Floats:
    return np.where(at <= end, at, np.nan)


def _before(at: Times, until: datetime) -> Times:
    return np.where(at <= _utc(until), at, np.datetime64("NaT", "ms"))


def _utc(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "ms")


def _years_before(until: datetime, years: int) -> datetime:
    """The same day and clock some years before; 28 February for the 29th."""
    try:
        return until.replace(year=until.year - years)
    except ValueError:
        return until.replace(year=until.year - years, day=28)
