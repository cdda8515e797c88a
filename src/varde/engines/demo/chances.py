"""The chances of each kind of contact in a year, fitted to the published shares.

Published are the shares of all contacts (how many are red) and tables by one thing at a
time (how many of the old are red). A contact has all of those things at once. So the
tables are used as tilts that add up, and two levels are set such that the whole comes to
the published shares of the year. Which action follows is fitted in the same spirit, by
iterative proportional fitting: the pattern of 2007 with the totals of the year.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from varde.engines.demo.codes import (
    ACTIONS,
    CHANNELS,
    GENERAL_CODES,
    OUTCOMES,
    PERIODS,
    Action,
    Bools,
    Channel,
    Floats,
    Ints,
    Outcome,
    place_in,
)
from varde.engines.demo.figures import Assumptions, Published
from varde.engines.demo.places import Complaint, Demo


# Every age at which one of the tables below begins a new group.
_AGE_CUTS: Final = (0, 1, 10, 12, 16, 20, 40, 50, 60, 65, 67, 75)
AGE_GROUPS: Final = len(_AGE_CUTS)
_URGENCY_AGES: Final = (
    (0, "0-9"),
    (10, "10-19"),
    (20, "20-39"),
    (40, "40-59"),
    (60, "60-120"),
)
_ACTION_AGES: Final = (0, 50, 75)
_COMPLAINT_AGES: Final = (0, 16, 67)
# The 2007 table has these channels; the others are health staff of some kind.
_TABLE_CHANNELS: Final = (Channel.PHONE, Channel.DOOR, Channel.HEALTH, Channel.AMK)
_YELLOW, _RED = 1, 2  # columns of the 2007 table: green, yellow, red
_ROUNDS_OF_LEVELS: Final = 60
_ROUNDS_OF_FITTING: Final = 200
_PHONE_ONLY: Final = (Action.NURSE_PHONE, Action.DOCTOR_PHONE, Action.REFERRAL)
# How much of a complaint's urgency goes to yellow and to red.
_URGENCY_TO_YELLOW, _URGENCY_TO_RED = 0.6, 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """The chances of one year. Rows and columns are places in the tuples of `codes`.

    `channel`: by CHANNELS, before a part of the health staff become nursing homes and of
    the police safety alarms. `complaint`: [age group, sex, complaint]. `akutt` and
    `haster`: log-odds against green [age group, sex, complaint, period, channel].
    `action`: [national level, action age, action] for those who ring.
    """

    year: int
    channel: Floats
    complaint: Floats
    akutt: Floats
    haster: Floats
    action: Floats
    general_when_phone: float
    general_when_seen: float


def chances_of(
    demo: Demo,
    complaints: tuple[Complaint, ...],
    *,
    year: int,
    callers: Floats,
    periods: Floats,
) -> Chances:
    """The chances of a year, fitted to who rings and when.

    Parameters
    ----------
    demo : Demo
    complaints : tuple of Complaint
        At least one.
    year : int
        Calendar year; it picks the published figures.
    callers : float64[AGE_GROUPS, 2]
        Expected share of contacts by age group (`age_group`) and sex (man, woman); sums
        to 1.
    periods : float64[3]
        Expected share by PERIODS; sums to 1.

    Returns
    -------
    Chances
        Such that the expected shares of hastegrad, of channel and of first action are the
        published ones of the year. A draw differs from them by chance alone, and by a
        little where distance moves people from the station to the telephone.
    """
    channel = _channel_shares(demo.published, year=year)
    by_complaint = _complaint_chances(complaints)
    urgency = demo.published.urgency.at(year)
    tilts = _tilts(demo.published, complaints, by_complaint)
    weights = (
        callers[:, :, None, None, None]
        * by_complaint[..., None, None]
        * periods[:, None]
        * _table_channel_shares(channel)
    )
    yellow = 1 - urgency["akutt"] - urgency["vanlig"]
    levels = _levels(tilts, weights, wanted=(yellow, urgency["akutt"]))
    haster, akutt = (tilts[i] + levels[i] for i in (0, 1))
    shares = _national_shares(haster, akutt)
    return Chances(
        year=year,
        channel=channel,
        complaint=by_complaint,
        akutt=akutt,
        haster=haster,
        action=_action_chances(demo, year=year, shares=shares, weights=weights),
        **_general_code_chances(demo, year=year),
    )


def age_group(age_years: Ints) -> Ints:
    """The age group of an age in whole years, from 0.

    >>> age_group(np.array([0, 1, 9, 10, 66, 67, 104]))
    array([ 0,  1,  1,  2,  9, 10, 11])
    """
    return np.searchsorted(_AGE_CUTS, age_years, side="right") - 1


def action_age(age_years: Ints) -> Ints:
    """Under 50 (0), 50 to 74 (1), from 75 years (2)."""
    return np.searchsorted(_ACTION_AGES, age_years, side="right") - 1


def table_channel(channel: Ints) -> Ints:
    """The row of the 2007 table for each channel: others count as health staff."""
    health = _TABLE_CHANNELS.index(Channel.HEALTH)
    rows = [
        _TABLE_CHANNELS.index(c) if c in _TABLE_CHANNELS else health for c in CHANNELS
    ]
    return np.array(rows)[channel]


def ends(demo: Demo, action: Action) -> Floats:
    """What an action ends in: a weight for each of OUTCOMES."""
    guess = demo.assumptions
    known: Mapping[Action, Mapping[str, float]] = {
        Action.NURSE_PHONE: guess.nurse_phone_ends,
        Action.DOCTOR_PHONE: guess.doctor_phone_ends,
        Action.REFERRAL: guess.referral_ends,
        Action.CONSULTATION: {Outcome.ATTENDANCE: 1.0},
        Action.HOME_VISIT: {Outcome.HOME_VISIT: 1.0},
        Action.CALL_OUT: {Outcome.CALL_OUT: 1.0},
        Action.AMBULANCE: {Outcome.AMK: 1.0},
    }
    return np.array([known[action].get(outcome, 0.0) for outcome in OUTCOMES])


def is_phone_only(action: Ints) -> Bools:
    """Whether nobody saw the patient."""
    return np.isin(action, [place_in(ACTIONS, a) for a in _PHONE_ONLY])


def general_codes(guess: Assumptions) -> Floats:
    """Which general code is used, by GENERAL_CODES."""
    return np.array([guess.general_codes[code] for code in GENERAL_CODES])


def _channel_shares(published: Published, *, year: int) -> Floats:
    known = published.channel.at(year)
    others = published.other_channels
    rest = (1 - sum(known.values())) / sum(others.values())
    share = {**known, **{name: weight * rest for name, weight in others.items()}}
    return np.array([share.get(channel, 0.0) for channel in CHANNELS])


def _table_channel_shares(channel: Floats) -> Floats:
    rows = table_channel(np.arange(len(CHANNELS)))
    return np.asarray(
        np.bincount(rows, weights=channel, minlength=len(_TABLE_CHANNELS)), np.float64
    )


def _complaint_chances(complaints: tuple[Complaint, ...]) -> Floats:
    """[age group, sex (man, woman), complaint]: chances that sum to 1 over complaints."""
    if not complaints:
        raise ValueError("there are no complaints: people ring about something")
    ages = np.array([(c.child, c.adult, c.old) for c in complaints]).T
    group = np.searchsorted(_COMPLAINT_AGES, _AGE_CUTS, side="right") - 1
    cuts = np.array(_AGE_CUTS)[:, None]
    first = np.array([c.from_age for c in complaints])
    below = np.array(
        [np.inf if c.below_age is None else c.below_age for c in complaints]
    )
    suits = (cuts >= first) & (cuts < below)
    by_sex = np.array([(c.man, c.woman) for c in complaints]).T
    by_age = np.array([c.weight for c in complaints]) * ages[group] * suits
    weights = by_age[:, None] * by_sex
    total = weights.sum(axis=2, keepdims=True)
    if (total <= 0).any():
        raise ValueError("some age and sex has no complaint of weight above 0")
    return np.asarray(weights / total)


def _tilts(
    published: Published, complaints: tuple[Complaint, ...], by_complaint: Floats
) -> Floats:
    """[yellow or red, age group, sex, complaint, period, channel]: log-odds tilts."""
    table = published.urgency_by_group
    ages = [row for _, row in _URGENCY_AGES]
    group = np.searchsorted([a for a, _ in _URGENCY_AGES], _AGE_CUTS, side="right") - 1

    def tilt(rows: Mapping[str, tuple[float, ...]], names: list[str]) -> Floats:
        shares = np.array([rows[name] for name in names])
        total = np.array(table.total)
        odds = shares[:, (_YELLOW, _RED)] / shares[:, :1]
        return np.asarray(np.log(odds / (total[[_YELLOW, _RED]] / total[0])).T)

    urgency = np.array([c.urgency for c in complaints])
    # The age rows already hold that the old have graver complaints, so a complaint
    # counts as against what is usual for the age.
    usual = by_complaint @ urgency
    complaint = urgency[None, None] - usual[..., None]
    parts = np.array((_URGENCY_TO_YELLOW, _URGENCY_TO_RED))
    return np.asarray(
        tilt(table.ages, ages)[:, group][:, :, None, None, None, None]
        + tilt(table.sexes, ["male", "female"])[:, None, :, None, None, None]
        + parts[:, None, None, None, None, None] * complaint[..., None, None]
        + tilt(table.periods, list(PERIODS))[:, None, None, None, :, None]
        + tilt(table.channels, list(_TABLE_CHANNELS))[:, None, None, None, None, :]
    )


def _levels(tilts: Floats, weights: Floats, *, wanted: tuple[float, float]) -> Floats:
    """The two levels that give the wanted shares of yellow and red."""
    levels = np.log(np.array(wanted) / (1 - sum(wanted)))
    aim = np.array((1 - sum(wanted), *wanted))
    for _ in range(_ROUNDS_OF_LEVELS):
        shares = _national_shares(tilts[0] + levels[0], tilts[1] + levels[1])
        got = (shares * weights[..., None]).reshape(-1, 3).sum(axis=0)[::-1]
        step = np.log(aim / got)
        levels = levels + step[1:] - step[0]
    return levels


def _national_shares(haster: Floats, akutt: Floats) -> Floats:
    """Chances of akutt, haster and vanlig, from log-odds against vanlig."""
    parts = np.stack((np.exp(akutt), np.exp(haster), np.ones_like(akutt)), axis=-1)
    return np.asarray(parts / parts.sum(axis=-1, keepdims=True))


def _action_chances(
    demo: Demo, *, year: int, shares: Floats, weights: Floats
) -> Floats:
    """[national level, action age, action] for those who do not come to the door."""
    by_phone = [c != Channel.DOOR for c in _TABLE_CHANNELS]
    joint = (shares * weights[..., None])[..., by_phone, :].sum(axis=(1, 2, 3, 4))
    group = np.searchsorted(_ACTION_AGES, _AGE_CUTS, side="right") - 1
    rows = np.stack([joint[group == g].sum(axis=0) for g in range(len(_ACTION_AGES))])
    rows = rows.T / rows.sum()  # [level, action age]

    door = demo.published.channel.at(year)["door"]
    columns = action_shares(demo, year=year)
    columns[place_in(ACTIONS, Action.CONSULTATION)] -= door
    columns /= 1 - door
    pattern = _action_pattern(demo)
    for _ in range(_ROUNDS_OF_FITTING):
        pattern = pattern * (columns / pattern.sum(axis=(0, 1)))
        pattern = pattern * (rows / pattern.sum(axis=2))[..., None]
    return np.asarray(pattern / pattern.sum(axis=2, keepdims=True))


def action_shares(demo: Demo, *, year: int) -> Floats:
    """The share of all contacts with each first action, by ACTIONS; sums to 1.

    Three are published. The rest is divided as we assume.
    """
    known = demo.published.first_action.at(year)
    rest = 1 - sum(known.values())
    guess = demo.assumptions
    shares = {
        **known,
        "doctor_phone": guess.doctor_phone * rest,
        "call_out": guess.call_out * rest,
        "ambulance": guess.ambulance * rest,
        "referral": guess.referral * rest,
    }
    return np.array([shares[action] for action in ACTIONS])


def _action_pattern(demo: Demo) -> Floats:
    """Where the fitting begins: how much likelier an action is for a level and an age."""
    guess = demo.assumptions
    table = demo.published.urgency_by_group
    urgency = {
        **table.actions,
        "ambulance": guess.ambulance_urgency,
        "referral": guess.referral_urgency,
    }
    ages = {
        "home_visit": guess.home_visit_by_age,
        "call_out": guess.call_out_by_age,
        "ambulance": guess.ambulance_by_age,
        "referral": guess.referral_by_age,
    }
    pattern = np.ones((3, len(_ACTION_AGES), len(ACTIONS)))
    for column, action in enumerate(ACTIONS):
        lift = np.array(urgency[action][::-1]) / np.array(table.total[::-1])
        pattern[..., column] = lift[:, None] * np.array(ages.get(action, (1.0,) * 3))
    return pattern


def _general_code_chances(demo: Demo, *, year: int) -> dict[str, float]:
    """How often a general code is used for those not seen, and for those seen."""
    published = demo.published
    shares = action_shares(demo, year=year)
    phone = sum(shares[place_in(ACTIONS, action)] for action in _PHONE_ONLY)
    seen = (published.general_codes_all - published.general_codes_phone * phone) / (
        1 - phone
    )
    return {
        "general_when_phone": published.general_codes_phone,
        "general_when_seen": float(np.clip(seen, 0.0, 1.0)),
    }
