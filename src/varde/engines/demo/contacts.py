"""What each contact is about, how urgent it is, and what is done."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from varde.engines.demo.callers import travel_km
from varde.engines.demo.chances import (
    Chances,
    action_age,
    age_group,
    ends,
    general_codes,
    is_phone_only,
    table_channel,
)
from varde.engines.demo.codes import (
    ACTIONS,
    CHANNELS,
    GENERAL_CODES,
    NATIONAL_LEVELS,
    NONE,
    OUTCOMES,
    PHONE_LEVELS,
    RELATIONS,
    Action,
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


DOOR: Final = place_in(CHANNELS, Channel.DOOR)
_AKUTT, _, _VANLIG = range(3)
_CONSULTATION: Final = place_in(ACTIONS, Action.CONSULTATION)
# Who comes to the patient or has the patient come: a doctor sees the patient.
_SEEN: Final = (Action.CONSULTATION, Action.HOME_VISIT, Action.CALL_OUT)
_CONSENTS: Final = 0.94
_AGE_OF_CONSENT: Final = 16  # younger patients have a parent ringing
_NEXT_OF_KIN_FROM: Final = 80
_FAMILY_RINGS: Final = {"child": 0.97, "adult": 0.22, "old": 0.55}
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
    count = len(person)
    guess = demo.assumptions
    age = np.maximum(ages(people.birth_date[person], days), 0)
    group, sex = age_group(age), people.female[person].astype(np.int64)
    channel = choose(np.tile(chances.channel, (count, 1)), draws=rng.random(count))
    complaint = choose(chances.complaint[group, sex], draws=rng.random(count))
    cell = (group, sex, complaint, period, table_channel(channel))
    odds = np.stack(
        (
            np.exp(chances.akutt[cell]),
            np.exp(chances.haster[cell]),
            np.ones(count),
        ),
        axis=1,
    )
    national = choose(odds, draws=rng.random(count))
    place, is_elsewhere = _whereabouts(demo, people, person=person, rng=rng)
    action = _action(
        demo, chances, national=national, age=age, channel=channel, place=place,
        on=on, rng=rng,
    )  # fmt: skip
    outcome = _outcome(demo, action=action, national=national, rng=rng)
    phone, arrival = _hastegrad(
        demo, national=national, channel=channel, action=action, outcome=outcome, rng=rng
    )
    numbers = [m.number for m in demo.municipalities]
    municipality_of = np.array([numbers.index(p.municipality) for p in demo.places])
    needs_interpreter = people.needs_interpreter[person]
    return Judged(
        age=age,
        channel=_finer_channel(demo, channel=channel, age=age, rng=rng),
        relation=_relation(channel=channel, age=age, rng=rng),
        municipality=municipality_of[place],
        place=place,
        is_elsewhere=is_elsewhere,
        is_unknown=rng.random(count) < guess.unknown_patient,
        needs_interpreter=needs_interpreter,
        consents_to_note=rng.random(count) < _CONSENTS,
        complaint=complaint,
        national=national,
        hastegrad_phone=phone,
        hastegrad_arrival=arrival,
        action=action,
        outcome=outcome,
        then_outcome=_then(demo, action=action, age=age, rng=rng),
        reason=_reason(chances, complaints, demo, complaint=complaint, action=action, rng=rng),
        **_steps(
            demo, national=national, outcome=outcome, slow=needs_interpreter, rng=rng
        ),
    )


def merged(first: Judged, second: Judged, *, is_second: Bools) -> Judged:
    """Two lots of contacts as one, each in its rows."""
    columns = {}
    for name in Judged.__slots__:
        column = np.empty(len(is_second), dtype=getattr(first, name).dtype)
        column[~is_second] = getattr(first, name)
        column[is_second] = getattr(second, name)
        columns[name] = column
    return Judged(**columns)


def is_seen(action: Ints) -> Bools:
    """Whether a doctor sees the patient."""
    return np.isin(action, [place_in(ACTIONS, a) for a in _SEEN])


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


def _action(
    demo: Demo,
    chances: Chances,
    *,
    national: Ints,
    age: Ints,
    channel: Ints,
    place: Ints,
    on: date,
    rng: np.random.Generator,
) -> Ints:
    """The first action. Those at the door are seen; far away fewer come in.

    Contacts fall with distance to a half at one length, and consultations at a shorter.
    The difference is people who get help by telephone instead.
    """
    half_at = demo.published.half_at_km
    fall = 1 / half_at["consultations"] - 1 / half_at["contacts"]
    near = 2.0 ** (-travel_km(demo, on=on) * fall)[place]
    weights = chances.action[national, action_age(age)].copy()
    usual = near.mean() if len(near) else 1.0
    weights[:, _CONSULTATION] *= near / usual
    action = choose(weights, draws=rng.random(len(national)))
    return np.where(channel == DOOR, _CONSULTATION, action)


def _outcome(
    demo: Demo, *, action: Ints, national: Ints, rng: np.random.Generator
) -> Ints:
    """What was decided. One who is akutt and gets no doctor gets an ambulance."""
    table = np.stack([ends(demo, a) for a in ACTIONS])
    outcome = choose(table[action], draws=rng.random(len(action)))
    is_amk = (national == _AKUTT) & is_phone_only(action)
    return np.where(is_amk, place_in(OUTCOMES, Outcome.AMK), outcome)


def _hastegrad(
    demo: Demo,
    *,
    national: Ints,
    channel: Ints,
    action: Ints,
    outcome: Ints,
    rng: np.random.Generator,
) -> tuple[Ints, Ints]:
    """The hastegrad by phone and at arrival, of which each may be missing.

    Råd is a part of the green contacts that ended in advice. Those at the door are judged
    at arrival alone.
    """
    guess = demo.assumptions
    count = len(national)
    of_national = np.array([PHONE_LEVELS.index(level) for level in NATIONAL_LEVELS])
    is_advice = outcome == place_in(OUTCOMES, Outcome.ADVICE)
    is_nurse = action == place_in(ACTIONS, Action.NURSE_PHONE)
    may_be_rad = (national == _VANLIG) & is_advice & is_nurse
    is_rad = may_be_rad & (rng.random(count) < guess.rad_of_nurse_phone)
    phone = np.where(is_rad, PHONE_LEVELS.index("rad"), of_national[national])

    by_phone, by_door = (
        np.array([table[level] for level in NATIONAL_LEVELS])[national]
        for table in (guess.arrival_by_phone, guess.arrival_by_door)
    )
    at_door = channel == DOOR
    colours = np.where(at_door[:, None], by_door, by_phone)
    arrival = choose(colours, draws=rng.random(count))
    arrives = action == _CONSULTATION
    return np.where(at_door, NONE, phone), np.where(arrives, arrival, NONE)


def _then(
    demo: Demo, *, action: Ints, age: Ints, rng: np.random.Generator
) -> Ints:
    """What came of it when a doctor had seen the patient: hospital, KAD, or home."""
    guess = demo.assumptions
    hospital = np.where(
        age > 64, demo.published.hospital_over_64, guess.hospital_under_65
    )
    kad = np.where(age > 66, guess.kad_over_66, 0.0)
    draws = rng.random(len(action))
    then = np.full(len(action), NONE)
    then[draws < hospital + kad] = place_in(OUTCOMES, Outcome.KAD)
    then[draws < hospital] = place_in(OUTCOMES, Outcome.ADMISSION)
    return np.where(is_seen(action), then, NONE)


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
            np.tile(general_codes(demo.assumptions), (count, 1)), draws=rng.random(count)
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
