"""Sundays and public holidays, each with the period that the law keeps free from work.

The judge and the optimiser read the same days here, so that both count the same ones.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache

from varde.domain.rota.limits import NEW_YEARS_EVE, SUNDAY, Calendar, Limits
from varde.domain.rota.rules.held import DAY, Piece


@dataclass(frozen=True)
class RedDays:
    """Red days in order, none left out between the first and the last, and their periods.

    Periods do not overlap. Where two red days follow each other, the one's ends at the
    midnight at which the other's begins.
    """

    days: tuple[date, ...]
    pieces: tuple[Piece, ...]

    @cached_property
    def _ends(self) -> tuple[float, ...]:
        return tuple(ends for _, ends in self.pieces)

    def worked(self, duty: Piece) -> tuple[int, ...]:
        """The places, in the order of days, of those that a duty counts on.

        It counts on a day when it has a moment in its period. Of days that follow each
        other it counts on one: that which has most of it, the first of equals. A night
        between Christmas Day and the day after is one day's work and not two.

        >>> christmas = RedDays((date(2026, 12, 25), date(2026, 12, 26)), ((3, 24), (24, 46)))
        >>> [christmas.worked(duty) for duty in ((0, 3), (15, 23), (22, 31), (46, 50))]
        [(), (0,), (1,), ()]
        """
        runs: list[list[int]] = []
        at = bisect_right(self._ends, duty[0])
        while at < len(self.pieces) and self.pieces[at][0] < duty[1]:
            if runs and self.pieces[at - 1][1] == self.pieces[at][0]:
                runs[-1].append(at)
            else:
                runs.append([at])
            at += 1
        return tuple(max(run, key=lambda n: self._shared(duty, n)) for run in runs)

    def _shared(self, duty: Piece, place: int) -> float:
        starts, ends = self.pieces[place]
        return min(ends, duty[1]) - max(starts, duty[0])


def red_days(limits: Limits, horizon: Piece) -> RedDays:
    """The red days that a duty within a horizon can have a moment in.

    A red day's period begins in the evening before, on Christmas, Easter and Whitsun eve
    in the afternoon, and ends in the evening of the day; between two red days there is
    nothing but midnight.

    Parameters
    ----------
    limits : Limits
        The calendar, and the clocks at which the period begins and ends.
    horizon : (float, float)
        POSIX seconds.

    References
    ----------
    Arbeidsmiljøloven § 10-10 første ledd. New Year's Eve is not among its eves, whatever
    the place counts as an eve in the accounts.
    """
    zone = limits.calendar.zone
    first, last = (datetime.fromtimestamp(moment, tz=zone).date() for moment in horizon)
    clocks = limits.sunday_from, limits.sunday_to, limits.eve_from
    return _red_days(limits.calendar, clocks, first, last + DAY)


@lru_cache(maxsize=64)
def _red_days(
    calendar: Calendar, clocks: tuple[time, time, time], first: date, last: date
) -> RedDays:
    count = (last - first).days + 1
    days = [first + number * DAY for number in range(count)]
    red = tuple(day for day in days if _is_red(day, calendar))
    return RedDays(red, tuple(_period(day, calendar, clocks) for day in red))


def _is_red(day: date, calendar: Calendar) -> bool:
    return day.weekday() == SUNDAY or day in calendar.holidays


def _period(day: date, calendar: Calendar, clocks: tuple[time, time, time]) -> Piece:
    usual, ends, on_an_eve = clocks
    before = day - DAY
    is_eve = before in calendar.eves and (before.month, before.day) != NEW_YEARS_EVE
    starts_at = calendar.at(before, on_an_eve if is_eve else usual)
    if _is_red(before, calendar):
        starts_at = calendar.at(day, time())
    ends_at = calendar.at(day, ends)
    if _is_red(day + DAY, calendar):
        ends_at = calendar.at(day + DAY, time())
    return starts_at.timestamp(), ends_at.timestamp()
