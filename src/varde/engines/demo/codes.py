"""What the whole numbers in the columns stand for.

A column holds the place of its value in the tuple. NONE stands for "there is none", which
is another thing than the first value.
"""

from enum import StrEnum, auto
from typing import Final

import numpy as np
from numpy.typing import NDArray

from varde.domain.hastegrad import ARRIVAL, PHONE


NONE: Final = -1
NO_TIME: Final = np.datetime64("NaT", "ms")

type Times = NDArray[np.datetime64]
type Days = NDArray[np.datetime64]
type Ints = NDArray[np.int64]
type Floats = NDArray[np.float64]
type Bools = NDArray[np.bool_]
type Texts = NDArray[np.str_]


class Channel(StrEnum):
    """How the contact came."""

    PHONE = auto()
    DOOR = auto()
    HEALTH = auto()
    AMK = auto()
    POLICE = auto()
    NURSING_HOME = auto()
    ALARM = auto()


class Action(StrEnum):
    """The first thing done, as Vakttårn counts it."""

    NURSE_PHONE = auto()
    DOCTOR_PHONE = auto()
    CONSULTATION = auto()
    HOME_VISIT = auto()
    CALL_OUT = auto()
    AMBULANCE = auto()
    REFERRAL = auto()


class Outcome(StrEnum):
    """What was decided: råd, oppmøte, hjemmebesøk, utrykning, 113 and so on."""

    ADVICE = auto()
    ATTENDANCE = auto()
    HOME_VISIT = auto()
    CALL_OUT = auto()
    AMK = auto()
    FASTLEGE = auto()
    KAD = auto()
    ADMISSION = auto()
    OTHER_SERVICE = auto()


class Relation(StrEnum):
    """Who rings, seen from the patient."""

    SELF = auto()
    PARENT = auto()
    NEXT_OF_KIN = auto()
    PROFESSIONAL = auto()


class Protection(StrEnum):
    """Whether the address may be shown."""

    OPEN = auto()
    CLIENT = auto()
    CONFIDENTIAL = auto()
    STRICTLY = auto()


CHANNELS: Final = tuple(Channel)
ACTIONS: Final = tuple(Action)
OUTCOMES: Final = tuple(Outcome)
RELATIONS: Final = tuple(Relation)
PROTECTIONS: Final = tuple(Protection)
PHONE_LEVELS: Final = PHONE.codes
ARRIVAL_LEVELS: Final = ARRIVAL.codes
NATIONAL_LEVELS: Final = ("akutt", "haster", "vanlig")
PERIODS: Final = ("day", "afternoon", "night")
GENERAL_CODES: Final = ("A99", "A97", "A29")


def place_in[T](values: tuple[T, ...], value: T) -> int:
    """The number that stands for a value."""
    return values.index(value)


def choose(chances: Floats, *, draws: Floats) -> Ints:
    """One column for each row of chances, by a draw between 0 and 1 for each row.

    Parameters
    ----------
    chances : float64[n, k]
        Relative weights, >= 0. A row need not sum to 1 and must not be all 0.
    draws : float64[n]
        From 0 up to, but not 1.

    Returns
    -------
    int64[n]
        From 0 to k - 1. A choice of weight 0 is never made.

    Examples
    --------
    >>> choose(np.array([[1.0, 3.0], [0.0, 2.0]]), draws=np.array([0.2, 0.0]))
    array([0, 1])
    """
    edges = np.cumsum(chances, axis=1)
    aim = draws[:, None] * edges[:, -1:]
    return np.asarray(np.minimum((edges <= aim).sum(axis=1), chances.shape[1] - 1))


def lognormal(
    spread: tuple[float, float], *, size: int, rng: np.random.Generator
) -> Floats:
    """Draws with the given median and standard deviation of the logarithm."""
    median, deviation = spread
    return median * np.exp(deviation * rng.standard_normal(size))
