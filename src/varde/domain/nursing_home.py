"""When the doctor of a nursing home answers the telephone, and whose number it is.

Hours are on the clock in Norway, by weekday, from a day to a day. On a public holiday no
doctor is expected to answer: to be sent to a telephone that nobody takes is worse than to
ask. Hours that meet or overlap are one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from varde.domain.errors import Rule, RuleBroken


DAYS_AHEAD = 14  # how far one looks for the next hours: Easter and a weekend, and more


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneHours:
    """From when to when on one weekday (0 is Monday). `valid_to` is the first day after.

    Raises `RuleBroken` (PHONE_HOURS_END_FIRST) where the end is not after the beginning.
    """

    weekday: int
    opens: time
    closes: time
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.closes <= self.opens:
            raise RuleBroken(Rule.PHONE_HOURS_END_FIRST)

    def holds_on(self, day: date) -> bool:
        """Are these hours of that day?"""
        begun = self.valid_from <= day
        over = self.valid_to is not None and self.valid_to <= day
        return begun and not over and day.weekday() == self.weekday


def open_until(
    hours: Iterable[PhoneHours], *, at: datetime, holidays: Collection[date]
) -> time | None:
    """Until when the doctor answers, if she does now; None when she does not.

    `at` is the clock in Norway. The first moment counts, the last does not.

    >>> monday = PhoneHours(weekday=0, opens=time(9), closes=time(15), valid_from=date.min)
    >>> open_until([monday], at=datetime(2026, 11, 23, 9, 0), holidays=())
    datetime.time(15, 0)
    >>> open_until([monday], at=datetime(2026, 11, 23, 15, 0), holidays=()) is None
    True
    """
    until: time | None = None
    for one in _of(hours, at.date(), holidays=holidays):
        is_now = one.opens <= at.time() < one.closes
        goes_on = until is not None and one.opens <= until
        if is_now or goes_on:
            until = one.closes if until is None else max(until, one.closes)
    return until


def opens_next(
    hours: Iterable[PhoneHours], *, at: datetime, holidays: Collection[date]
) -> datetime | None:
    """When the doctor answers next, after now; None when not within two weeks.

    >>> monday = PhoneHours(weekday=0, opens=time(9), closes=time(15), valid_from=date.min)
    >>> opens_next([monday], at=datetime(2026, 11, 23, 9, 0), holidays=())
    datetime.datetime(2026, 11, 30, 9, 0)
    """
    known = tuple(hours)
    for ahead in range(DAYS_AHEAD + 1):
        day = at.date() + timedelta(days=ahead)
        for one in _of(known, day, holidays=holidays):
            begins = datetime.combine(day, one.opens, tzinfo=at.tzinfo)
            if begins > at:
                return begins
    return None


def _of(
    hours: Iterable[PhoneHours], day: date, *, holidays: Collection[date]
) -> list[PhoneHours]:
    """The hours of a day, in their order."""
    if day in holidays:
        return []
    found = [one for one in hours if one.holds_on(day)]
    return sorted(found, key=lambda one: (one.opens, one.closes))


def plain_number(text: str) -> str:
    """A telephone number as it is compared: digits only, without Norway's country code.

    >>> plain_number("+47 75 11 22 33") == plain_number("0047-75112233") == "75112233"
    True
    >>> plain_number("+46 8 123 456"), plain_number("skjult")
    ('468123456', '')
    """
    signs = "".join(sign for sign in text if sign in "+0123456789")
    if signs.startswith("00"):
        signs = "+" + signs[2:]
    return signs.removeprefix("+47").removeprefix("+")
