"""The telephone of a running demo: who rings, when, and what they have to tell.

The calls go to the same webhook as those of a real exchange. What comes after a ring is
not known here, since people answer; only that the caller hangs up after a while if nobody
does. Each call has a story, so that somebody can play the caller.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Final

import numpy as np

from varde.domain.call import EventKind
from varde.engines.demo.actions import DOOR
from varde.engines.demo.callers import (
    draw_people,
    expected_callers,
    members_of,
    weights_of,
)
from varde.engines.demo.chances import Chances, chances_of
from varde.engines.demo.codes import (
    CHANNELS,
    NONE,
    OUTCOMES,
    PERIODS,
    PHONE_LEVELS,
    RELATIONS,
    Channel,
    Floats,
    Ints,
    Outcome,
    Relation,
    lognormal,
)
from varde.engines.demo.contacts import Judged, judge
from varde.engines.demo.hours import OSLO, YearOfHours, period_of, year_of_hours
from varde.engines.demo.people import People
from varde.engines.demo.places import Complaint, Demo, Line
from varde.engines.demo.telephone import line_code
from varde.engines.demo.volumes import Volumes, volumes_of


_STREAM: Final = 4
_BATCH: Final = 40
_HOUR_S: Final = 3600.0
_FIRST_RING_S: Final = (1.5, 6.0)  # after the start, so that nobody waits for a call
_FIRST_PATIENCE_S: Final = (
    1800.0  # whoever tries the demo for the first time gets there
)
_OPENING_CALLS: Final = 3  # these come soon after each other, so that a queue is seen
_OPENING_GAP_S: Final = (8.0, 25.0)
_LONGEST_GAP: Final = 3.0  # times the mean gap
_EASY_OUTCOMES: Final = (Outcome.ADVICE,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What the caller knows, for somebody who acts it out.

    `person` is a row of the people: who it is about, or NONE where it is nobody the
    service knows. `complaint` is None for an enquiry: a call that no contact comes of.
    `hastegrad` and `outcome` are how the history would have judged it, and the seconds how
    long each step would have taken; None and 0 for an enquiry.
    """

    person: int
    channel: Channel
    relation: Relation
    complaint: str | None
    hastegrad: str | None
    outcome: Outcome | None
    municipality: str
    place: str
    is_elsewhere: bool
    language: str
    needs_interpreter: bool
    patient_s: int
    triage_s: int
    outcome_s: int
    close_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEvent:
    """Something to send to the webhook, and when: seconds after the start.

    `event` is the body. `unless_answered` is true for the hanging up: it is to be sent
    only if nobody has answered the call. The story comes with the first ring.
    """

    offset_s: float
    event: Mapping[str, str | int]
    unless_answered: bool
    story: Story | None


def live_calls(
    demo: Demo,
    people: People,
    *,
    seed: int,
    start: datetime,
    sentral: str = "HEL",
    complaints: Sequence[Complaint] | None = None,
    speed: float = 1.0,
    floor_per_hour: float = 40.0,
    shortest_patience_s: float = 90.0,
) -> Iterator[LiveEvent]:
    """The telephone events of a running demo, in order of time, without end.

    Parameters
    ----------
    demo, people : Demo, People
        Best those of the history, so that callers have one.
    seed : int
        >= 0. The same seed and start give the same calls.
    start : datetime
        Now, with time zone. It decides the hour of the week that calls come as in.
    sentral : str
        Its code.
    complaints : sequence of Complaint, optional
        As for `history.generate`.
    speed : float
        How many times faster than life, > 0: calls come as often in a minute as they
        otherwise do in `speed` minutes, and callers are as much less patient.
    floor_per_hour : float
        Calls in a real hour at least, >= 0, so that there is always something to do. 0
        follows the hour of the week alone; a night may then be silent for an hour.
    shortest_patience_s : float
        Nobody hangs up sooner than this, however fast it goes; real seconds, >= 0.

    Yields
    ------
    LiveEvent
        The first rings within 6 seconds, is easy (it would end in advice) and waits for
        half an hour; two more follow within 50 seconds. No gap between two calls is
        longer than three times the mean one.

    Raises
    ------
    ValueError
        If speed is not above 0, a floor or patience is below 0, or `start` has no zone.
    """
    _check(start, speed=speed, floor=floor_per_hour, patience=shortest_patience_s)
    run = _Live(
        demo=demo,
        people=people,
        sentral=sentral,
        complaints=tuple(demo.complaints if complaints is None else complaints),
        start=start,
        rng=np.random.default_rng([seed, _STREAM, int(start.timestamp())]),
    )
    return run.events(
        speed=speed,
        floor_per_hour=floor_per_hour,
        shortest_patience_s=shortest_patience_s,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    hours: YearOfHours
    chances: Chances
    volumes: Volumes

    @property
    def calls(self) -> float:
        return self.volumes.contacts * (1 - self.share_at_door) + self.volumes.enquiries

    @property
    def share_at_door(self) -> float:
        return float(self.chances.channel[DOOR])

    def calls_per_hour(self, at: datetime) -> float:
        first = self.hours.starts[0].astype(np.int64) / 1000
        hour = int((at.timestamp() - first) // _HOUR_S)
        return float(self.hours.share[hour]) * self.calls


@dataclass(slots=True, kw_only=True)
class _Live:
    """A running demo's telephone."""

    demo: Demo
    people: People
    sentral: str
    complaints: tuple[Complaint, ...]
    start: datetime
    rng: np.random.Generator
    year: _Year | None = None
    stories: list[Story] = field(default_factory=list)

    def events(
        self, *, speed: float, floor_per_hour: float, shortest_patience_s: float
    ) -> Iterator[LiveEvent]:
        hangs_up: list[tuple[float, int]] = []
        offset = float(self.rng.uniform(*_FIRST_RING_S))
        number = 0
        while True:
            while hangs_up and hangs_up[0][0] <= offset:
                when, which = heappop(hangs_up)
                yield self.hang_up(which, offset_s=when)
            at = self.start + timedelta(seconds=offset * speed)
            number += 1
            yield self.ring(number, at=at, offset_s=offset)

            patience = lognormal(self.demo.assumptions.patience_s, size=1, rng=self.rng)
            waits = max(float(patience[0]) / speed, shortest_patience_s)
            waits = max(waits, _FIRST_PATIENCE_S) if number == 1 else waits
            heappush(hangs_up, (offset + waits, number))
            rate = max(floor_per_hour, speed * self.at(at).calls_per_hour(at))
            mean_gap = _HOUR_S / rate
            gap = float(self.rng.exponential(mean_gap))
            gap = min(gap, _LONGEST_GAP * mean_gap)
            if number < _OPENING_CALLS:
                gap = min(gap, float(self.rng.uniform(*_OPENING_GAP_S)))
            offset += gap

    def at(self, moment: datetime) -> _Year:
        local = moment.astimezone(OSLO)
        if self.year is None or self.year.hours.year != local.year:
            self.year = self.make_year(local.date())
        return self.year

    def make_year(self, day: date) -> _Year:
        members, weights = self.members(day)
        hours = year_of_hours(self.demo, day.year)
        period = period_of(hours.local_minute + 30)
        chances = chances_of(
            self.demo,
            self.complaints,
            year=day.year,
            callers=expected_callers(
                self.people, members=members, weights=weights, first=day
            ),
            periods=np.bincount(period, weights=hours.share, minlength=len(PERIODS)),
        )
        volumes = volumes_of(self.demo, sentral=self.sentral, year=day.year)
        return _Year(hours=hours, chances=chances, volumes=volumes)

    def ring(self, number: int, *, at: datetime, offset_s: float) -> LiveEvent:
        story = self.easy_story(at) if number == 1 else self.next_story(at)
        line = self.line_of(story.channel)
        phone = "" if story.person == NONE else str(self.people.phone[story.person])
        event = self.event(number, EventKind.RINGING, offset_s=offset_s)
        return LiveEvent(
            offset_s=offset_s,
            event=event
            | {"line": line.code, "priority": line.priority, "caller_number": phone},
            unless_answered=False,
            story=story,
        )

    def hang_up(self, number: int, *, offset_s: float) -> LiveEvent:
        return LiveEvent(
            offset_s=offset_s,
            event=self.event(number, EventKind.ABANDONED, offset_s=offset_s),
            unless_answered=True,
            story=None,
        )

    def event(
        self, number: int, kind: EventKind, *, offset_s: float
    ) -> dict[str, str | int]:
        call_id = f"{self.sentral}-{self.start:%Y%m%dT%H%M%S}-{number:06}"
        occurred_at = self.start + timedelta(seconds=offset_s)
        return {
            "event_id": f"{call_id}-{kind}",
            "call_id": call_id,
            "kind": kind.value,
            "occurred_at": occurred_at.isoformat(timespec="milliseconds"),
        }

    def line_of(self, channel: Channel) -> Line:
        own_number = self.rng.random() < self.demo.assumptions.local_number
        code = line_code(channel, is_own_number=own_number)
        return next(line for line in self.demo.lines if line.code == code)

    def next_story(self, at: datetime) -> Story:
        while not self.stories:
            self.stories = self.tell(at)
        return self.stories.pop()

    def easy_story(self, at: datetime) -> Story:
        """One to begin with: a known person, no interpreter, and advice in the end."""
        while True:
            story = self.next_story(at)
            is_known = story.person != NONE and not story.is_elsewhere
            if is_known and story.outcome in _EASY_OUTCOMES and story.language == "nb":
                return story

    def tell(self, at: datetime) -> list[Story]:
        """Some stories as they are at this time of day."""
        year = self.at(at)
        local = at.astimezone(OSLO)
        members, weights = self.members(local.date())
        person = draw_people(_BATCH, members=members, weights=weights, rng=self.rng)
        minute = np.full(_BATCH, local.hour * 60 + local.minute)
        judged = judge(
            self.demo,
            self.people,
            year.chances,
            self.complaints,
            person=person,
            period=period_of(minute),
            days=np.full(_BATCH, np.datetime64(local.date(), "D")),
            on=local.date(),
            rng=self.rng,
        )
        is_enquiry = self.rng.random(_BATCH) < year.volumes.enquiries / year.calls
        return [
            self.story(
                judged,
                int(row),
                person=int(person[row]),
                is_enquiry=bool(is_enquiry[row]),
            )
            for row in np.flatnonzero(judged.channel != DOOR)
        ]

    def story(
        self, judged: Judged, row: int, *, person: int, is_enquiry: bool
    ) -> Story:
        place = self.demo.places[judged.place[row]]
        steps = {
            name: 0 if is_enquiry else int(getattr(judged, name)[row])
            for name in ("patient_s", "triage_s", "outcome_s", "close_s")
        }
        return Story(
            person=NONE if judged.is_unknown[row] else person,
            channel=Channel.PHONE if is_enquiry else CHANNELS[judged.channel[row]],
            relation=Relation.SELF if is_enquiry else RELATIONS[judged.relation[row]],
            complaint=None if is_enquiry else self.complaints[judged.complaint[row]].id,
            hastegrad=None if is_enquiry else PHONE_LEVELS[judged.hastegrad_phone[row]],
            outcome=None if is_enquiry else OUTCOMES[judged.outcome[row]],
            municipality=place.municipality,
            place=place.name,
            is_elsewhere=bool(judged.is_elsewhere[row]),
            language=str(self.people.language[person]),
            needs_interpreter=bool(judged.needs_interpreter[row]),
            **steps,
        )

    def members(self, day: date) -> tuple[Ints, Floats]:
        members = members_of(self.demo, self.people, sentral=self.sentral)
        return members, weights_of(
            self.demo, self.people, members=members, first=day, last=day
        )


def _check(start: datetime, *, speed: float, floor: float, patience: float) -> None:
    if start.tzinfo is None:
        raise ValueError(f"start has no time zone: {start!r}")
    if speed <= 0:
        raise ValueError(f"speed must be above 0, got {speed}")
    if floor < 0 or patience < 0:
        raise ValueError(
            f"floor_per_hour and shortest_patience_s must not be below 0, "
            f"got {floor} and {patience}"
        )
