"""Repeat contacts: a patient who comes back soon may have been judged too mild.

It is the strongest known sign of that: in 40 261 calls to an English telephone service the
odds ratio for an under-triaged patient was 1.77 at two contacts and 4.02 at three or more
(BMJ Quality & Safety 2024;33:375). So the second contact asks for a second look by a
colleague, and the third for a doctor. The numbers are the sentral's settings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto


class RepeatNeed(StrEnum):
    """What a contact needs because of those before it."""

    NOTHING = auto()
    SECOND_LOOK = auto()
    DOCTOR = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRules:
    """The window in hours, > 0, and from which contact in it each need holds."""

    window_hours: float
    second_look_from: int
    doctor_from: int

    def __post_init__(self) -> None:
        if not (
            self.window_hours > 0 and 2 <= self.second_look_from <= self.doctor_from
        ):
            raise ValueError(
                f"window_hours {self.window_hours} must be > 0, and second_look_from "
                f"{self.second_look_from} from 2 up to doctor_from {self.doctor_from}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """`number` is 1 for the first contact in the window, 2 for the second, and so on."""

    number: int
    need: RepeatNeed


def repeat(earlier: Iterable[datetime], *, at: datetime, rules: RepeatRules) -> Repeat:
    """The number of a contact within the window, and what it needs.

    Parameters
    ----------
    earlier : iterable of aware datetime
        When the patient's other contacts began, in any order. Those after `at` are left
        out, so that a contact written in later does not change the judgement of then.
    at : aware datetime
        When this contact began.
    rules : RepeatRules

    Returns
    -------
    Repeat
        A contact exactly `window_hours` ago, or at the same moment, is inside. An unknown
        patient has no earlier contacts that we can know of: number 1, need NOTHING,
        which is not the same as no danger.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 4, 12, tzinfo=UTC)
    >>> rules = RepeatRules(window_hours=72, second_look_from=2, doctor_from=3)
    >>> repeat([noon - timedelta(hours=72)], at=noon, rules=rules).need.value
    'second_look'
    """
    opens_at = at - timedelta(hours=rules.window_hours)
    number = 1 + sum(opens_at <= began <= at for began in earlier)
    return Repeat(number=number, need=_need(number, rules=rules))


def _need(number: int, *, rules: RepeatRules) -> RepeatNeed:
    if number >= rules.doctor_from:
        return RepeatNeed.DOCTOR
    if number >= rules.second_look_from:
        return RepeatNeed.SECOND_LOOK
    return RepeatNeed.NOTHING
