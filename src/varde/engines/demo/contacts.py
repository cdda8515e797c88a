"""What each contact is about, how urgent it is, and what is done."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from varde.engines.demo.actions import (
    DOOR,
    first_action,
    hastegrad_of,
    outcome_of,
    what_then,
)
from varde.engines.demo.chances import (
    Chances,
    age_group,
    general_codes,
    is_phone_only,
    table_channel,
)
from varde.engines.demo.codes import (
    CHANNELS,
    GENERAL_CODES,
    NATIONAL_LEVELS,
    OUTCOMES,
    RELATIONS,
    Bools,
    Channel,
    Days,
    Floats,
    Ints,
    Outcome,
    Relation,
    Texts,
    choose,
    lognormal,
    place_in,
)
from varde.engines.demo.people import People, ages
from varde.engines.demo.places import Complaint, Demo


_AKUTT: Final = place_in(NATIONAL_LEVELS, "akutt")
_CONSENTS: Final = 0.94
_AGE_OF_CONSENT: Final = 16  # younger patients have a parent ringing
_NEXT_OF_KIN_FROM: Final = 80
_FAMILY_RINGS: Final = {"child": 1.0, "adult": 0.22, "old": 0.55}
_NURSING_HOME_FROM, _ALARM_FROM = 75, 70
_SLOWER_WITH_INTERPRETER: Final = 1.7
_QUICKER_WHEN_AKUTT: Final = 0.6
_ADVICE_TAKES: Final = 1.4  # times the ordinary outcome step


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Contacts as judged, one row each. Columns as in `columns.Contacts`.

    `national` is the level of NATIONAL_LEVELS that both axes come from. `age` is known
    here also for those who are unknown to the service.
    """

    age: Ints
    channel: Ints
    relation: Ints
    municipality: Ints
    place: Ints
    is_elsewhere: Bools
    is_unknown: Bools
    needs_interpreter: Bools
    consents_to_note: Bools
    complaint: Ints
    national: Ints
    hastegrad_phone: Ints
    hastegrad_arrival: Ints
    action: Ints
    outcome: Ints
    then_outcome: Ints
    reason: Texts
    patient_s: Ints
    triage_s: Ints
    outcome_s: Ints
    close_s: Ints

    @property
    def talk_s(self) -> Ints:
        """Seconds of the talk: all steps but the closing."""
        return np.asarray(self.patient_s + self.triage_s + self.outcome_s)


def judge(
    demo: Demo,
    people: People,
    chances: Chances,
    complaints: tuple[Complaint, ...],
    *,
    person: Ints,
    period: Ints,
    days: Days,
    on: date,
    rng: np.random.Generator,
) -> Judged:
    """Everything that is decided about the contacts of a month, but the moments.

    Parameters
    ----------
    demo, people, chances, complaints
        `chances` fitted to the same complaints, in the same order.
    person : int64[n]
        Who it is about.
    period : int64[n]
        Day, afternoon or night, by PERIODS.
    days : datetime64[D][n]
        The day of each, for ages.
    on : date
        A day of the month: for which station serves whom.
    rng : numpy Generator
    """
    age = np.maximum(ages(people.birth_date[person], days), 0)
    sex = people.female[person].astype(np.int64)
    channel, complaint, national = _about(
        chances, group=age_group(age), sex=sex, period=period, rng=rng
    )
    place, is_elsewhere = _whereabouts(demo, people, person=person, rng=rng)
    action = first_action(
        demo,
        chances,
        complaints,
        national=national,
        age=age,
        channel=channel,
        complaint=complaint,
        place=place,
        on=on,
        rng=rng,
    )
    done = _done(
        demo, action=action, national=national, channel=channel, age=age, rng=rng
    )
    slow = people.needs_interpreter[person]
    return Judged(
        age=age,
        channel=_finer_channel(demo, channel=channel, age=age, rng=rng),
        relation=_relation(channel=channel, age=age, rng=rng),
        municipality=_municipality(demo, place),
        place=place,
        is_elsewhere=is_elsewhere,
        is_unknown=rng.random(len(person)) < demo.assumptions.unknown_patient,
        needs_interpreter=slow,
        consents_to_note=rng.random(len(person)) < _CONSENTS,
        complaint=complaint,
        national=national,
        action=action,
        **done,
        reason=_reason(
            chances, complaints, demo, complaint=complaint, action=action, rng=rng
        ),
        **_steps(demo, national=national, outcome=done["outcome"], slow=slow, rng=rng),
    )


def _about(
    chances: Chances,
    *,
    group: Ints,
    sex: Ints,
    period: Ints,
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Ints]:
    """How each contact came, what it is about, and its national level."""
    count = len(group)
    channel = choose(np.tile(chances.channel, (count, 1)), draws=rng.random(count))
    complaint = choose(chances.complaint[group, sex], draws=rng.random(count))
    cell = (group, sex, complaint, period, table_channel(channel))
    odds = np.exp(
        np.stack((chances.akutt[cell], chances.haster[cell], np.zeros(count)), axis=1)
    )
    return channel, complaint, choose(odds, draws=rng.random(count))


def _done(
    demo: Demo,
    *,
    action: Ints,
    national: Ints,
    channel: Ints,
    age: Ints,
    rng: np.random.Generator,
) -> dict[str, Ints]:
    """What the action led to, and the hastegrad it goes with."""
    outcome = outcome_of(demo, action=action, national=national, rng=rng)
    phone, arrival = hastegrad_of(
        demo,
        national=national,
        channel=channel,
        action=action,
        outcome=outcome,
        rng=rng,
    )
    return {
        "outcome": outcome,
        "hastegrad_phone": phone,
        "hastegrad_arrival": arrival,
        "then_outcome": what_then(demo, action=action, age=age, rng=rng),
    }


def _municipality(demo: Demo, place: Ints) -> Ints:
    numbers = [m.number for m in demo.municipalities]
    return np.array([numbers.index(p.municipality) for p in demo.places])[place]


def merged(first: Judged, second: Judged, *, is_second: Bools) -> Judged:
    """Two lots of contacts as one, each in its rows."""
    columns = {}
    for name in Judged.__slots__:
        column = np.empty(len(is_second), dtype=getattr(first, name).dtype)
        column[~is_second] = getattr(first, name)
        column[is_second] = getattr(second, name)
        columns[name] = column
    return Judged(**columns)


def _whereabouts(
    demo: Demo, people: People, *, person: Ints, rng: np.random.Generator
) -> tuple[Ints, Bools]:
    """Where the patient is: at home, or at another place of the same district.

    The other places are those of the same station's municipalities of the first day of
    its catchment, so that a contact never moves to another district.
    """
    home = people.place[person]
    first = {c.municipality: c.station for c in reversed(demo.catchments)}
    area = np.array(
        [sorted(set(first.values())).index(first[p.municipality]) for p in demo.places]
    )
    is_elsewhere = rng.random(len(person)) < demo.assumptions.elsewhere
    draws = rng.random(len(person))
    place = home.copy()
    for number in np.unique(area):
        near = np.flatnonzero(area == number)
        who = is_elsewhere & (area[home] == number)
        place[who] = near[(draws[who] * len(near)).astype(np.int64)]
    return place, (place != home) | (is_elsewhere & people.is_visitor[person])


def _reason(
    chances: Chances,
    complaints: tuple[Complaint, ...],
    demo: Demo,
    *,
    complaint: Ints,
    action: Ints,
    rng: np.random.Generator,
) -> Texts:
    """The ICPC-2 code: often a general one where nobody saw the patient."""
    count = len(complaint)
    widest = max(len(c.reasons) for c in complaints)
    codes = np.full((len(complaints), widest), "A99", dtype="U4")
    weights = np.zeros((len(complaints), widest))
    for row, known in enumerate(complaints):
        for column, (code, weight) in enumerate(known.reasons):
            codes[row, column], weights[row, column] = code, weight
    own = codes[complaint, choose(weights[complaint], draws=rng.random(count))]
    general = np.array(GENERAL_CODES)[
        choose(
            np.tile(general_codes(demo.assumptions), (count, 1)),
            draws=rng.random(count),
        )
    ]
    share = np.where(
        is_phone_only(action), chances.general_when_phone, chances.general_when_seen
    )
    return np.where(rng.random(count) < share, general, own)


def _steps(
    demo: Demo,
    *,
    national: Ints,
    outcome: Ints,
    slow: Bools,
    rng: np.random.Generator,
) -> dict[str, Ints]:
    """Seconds of each step."""
    guess = demo.assumptions
    count = len(national)
    pace = np.where(slow, _SLOWER_WITH_INTERPRETER, 1.0)
    akutt = np.where(national == _AKUTT, _QUICKER_WHEN_AKUTT, 1.0)
    is_advice = outcome == place_in(OUTCOMES, Outcome.ADVICE)
    seconds: dict[str, Floats] = {
        "patient_s": lognormal(guess.patient_s, size=count, rng=rng) * pace * akutt,
        "triage_s": lognormal(guess.triage_s, size=count, rng=rng) * pace * akutt,
        "outcome_s": lognormal(guess.outcome_s, size=count, rng=rng)
        * pace
        * np.where(is_advice, _ADVICE_TAKES, 1.0),
        "close_s": lognormal(guess.close_s, size=count, rng=rng),
    }
    return {name: np.ceil(s).astype(np.int64) for name, s in seconds.items()}


def _finer_channel(
    demo: Demo, *, channel: Ints, age: Ints, rng: np.random.Generator
) -> Ints:
    """Some of the health staff are at nursing homes, and some alarms are of the old."""
    guess = demo.assumptions
    draws = rng.random(len(channel))
    is_health = channel == place_in(CHANNELS, Channel.HEALTH)
    is_other = channel == place_in(CHANNELS, Channel.POLICE)
    at_home = is_health & (age >= _NURSING_HOME_FROM) & (draws < guess.nursing_home)
    alarm = is_other & (age >= _ALARM_FROM) & (draws < guess.alarm)
    finer = np.where(at_home, place_in(CHANNELS, Channel.NURSING_HOME), channel)
    return np.where(alarm, place_in(CHANNELS, Channel.ALARM), finer)


def _relation(*, channel: Ints, age: Ints, rng: np.random.Generator) -> Ints:
    """Who rings. Parents for children, often family for the very old."""
    is_child, is_old = age < _AGE_OF_CONSENT, age >= _NEXT_OF_KIN_FROM
    family = np.where(is_child, _FAMILY_RINGS["child"], _FAMILY_RINGS["adult"])
    family = np.where(is_old, _FAMILY_RINGS["old"], family)
    other = np.where(
        is_child,
        place_in(RELATIONS, Relation.PARENT),
        place_in(RELATIONS, Relation.NEXT_OF_KIN),
    )
    by_family = rng.random(len(age)) < family
    relation = np.where(by_family, other, place_in(RELATIONS, Relation.SELF))
    from_public = np.isin(channel, [place_in(CHANNELS, Channel.PHONE), DOOR])
    return np.where(from_public, relation, place_in(RELATIONS, Relation.PROFESSIONAL))
