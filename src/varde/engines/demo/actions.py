"""What is done about a contact, and how urgent it is called on the two axes."""

from datetime import date
from typing import Final

import numpy as np

from varde.engines.demo.callers import travel_km
from varde.engines.demo.chances import Chances, action_age, ends, is_phone_only
from varde.engines.demo.codes import (
    ACTIONS,
    CHANNELS,
    NATIONAL_LEVELS,
    NONE,
    OUTCOMES,
    PHONE_LEVELS,
    Action,
    Bools,
    Channel,
    Floats,
    Ints,
    Outcome,
    choose,
    place_in,
)
from varde.engines.demo.places import Complaint, Demo


DOOR: Final = place_in(CHANNELS, Channel.DOOR)
_AKUTT, _, _VANLIG = range(3)
_CONSULTATION: Final = place_in(ACTIONS, Action.CONSULTATION)
_HOME_VISIT: Final = place_in(ACTIONS, Action.HOME_VISIT)
# Who comes to the patient or has the patient come: a doctor sees the patient.
_SEEN: Final = (Action.CONSULTATION, Action.HOME_VISIT, Action.CALL_OUT)
_ROUNDS: Final = 8
_LEAST: Final = 1e-12  # so that a column that nobody can have stays empty


def first_action(
    demo: Demo,
    chances: Chances,
    complaints: tuple[Complaint, ...],
    *,
    national: Ints,
    age: Ints,
    channel: Ints,
    complaint: Ints,
    place: Ints,
    on: date,
    rng: np.random.Generator,
) -> Ints:
    """The first action. Those at the door are seen; far away fewer come in.

    Contacts fall with distance to a half at one length, and consultations at a shorter.
    The difference is people who get help by telephone instead. What it is about counts
    too: a cut is seen, a question about a medicine is answered. Neither changes how often
    each action is chosen in all.
    """
    half_at = demo.published.half_at_km
    fall = 1 / half_at["consultations"] - 1 / half_at["contacts"]
    near = 2.0 ** (-travel_km(demo, on=on) * fall)
    usual = chances.action[national, action_age(age)]
    tilts = np.ones_like(usual)
    tilts[:, _CONSULTATION] = np.array([c.consult for c in complaints])[complaint]
    tilts[:, _CONSULTATION] *= near[place]
    tilts[:, _HOME_VISIT] = np.array([c.visit for c in complaints])[complaint]
    by_phone = channel != DOOR
    action = np.full(len(national), _CONSULTATION)
    weights = _tilted(usual[by_phone], tilts[by_phone])
    action[by_phone] = choose(weights, draws=rng.random(int(by_phone.sum())))
    return action


def _tilted(usual: Floats, tilts: Floats) -> Floats:
    """Chances moved between the rows by the tilts, with the same sum of each column."""
    if not len(usual):
        return usual
    chances = usual * tilts
    for _ in range(_ROUNDS):
        chances /= chances.sum(axis=1, keepdims=True)
        chances *= usual.sum(axis=0) / np.maximum(chances.sum(axis=0), _LEAST)
    return chances


def outcome_of(
    demo: Demo, *, action: Ints, national: Ints, rng: np.random.Generator
) -> Ints:
    """What was decided. One who is akutt and gets no doctor gets an ambulance."""
    table = np.stack([ends(demo, a) for a in ACTIONS])
    outcome = choose(table[action], draws=rng.random(len(action)))
    is_amk = (national == _AKUTT) & is_phone_only(action)
    return np.where(is_amk, place_in(OUTCOMES, Outcome.AMK), outcome)


def hastegrad_of(
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


def what_then(demo: Demo, *, action: Ints, age: Ints, rng: np.random.Generator) -> Ints:
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


def is_seen(action: Ints) -> Bools:
    """Whether a doctor sees the patient."""
    return np.isin(action, [place_in(ACTIONS, a) for a in _SEEN])
