"""How full the beds were, day by day, and the KAD/ØHD figures of a year.

Stays, days and years are half open: a patient who goes home at midnight was not there the
next day. A day is as long as it was: 23 or 25 hours when the clocks change.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from statistics import mean, median

from varde.domain.beds import BedStay, hours_between, refuse_naive


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOccupancy:
    """How full the beds were on one day.

    `day_hours` is the length of the day, 23 to 25; `seen_hours` as much of it as is over.
    `beds` is None where nobody knows how many there were. `share` is bed hours over beds
    times `seen_hours`, unrounded; above 1 when more lie there than there are beds. None
    where the beds are unknown or 0, or the day has not begun.
    """

    on: date
    day_hours: float
    seen_hours: float
    bed_hours: float
    beds: int | None
    share: float | None


def occupancy_by_day(
    stays: Iterable[BedStay],
    *,
    first_on: date,
    until_on: date,
    zone: tzinfo,
    now: datetime,
    beds: Mapping[date, int],
) -> tuple[DayOccupancy, ...]:
    """Bed hours and occupancy of each day of a period.

    Parameters
    ----------
    stays : iterable of BedStay
        Of the beds that are asked about. One without an end counts to `now`; what of a
        stay is after `now` does not count.
    first_on, until_on : date
        Half open: the day `until_on` is not in it.
    zone : tzinfo
        Where a day begins and ends, such as ZoneInfo("Europe/Oslo").
    now : aware datetime
    beds : date -> int
        Beds in use that day, >= 0. A day without a line is unknown, not 0.

    Returns
    -------
    tuple of DayOccupancy
        One for each day, in order; empty for an empty period. The sum of `bed_hours` is
        the hours of all stays within the period.

    Raises
    ------
    ValueError
        If the period ends before it begins, or a number of beds is negative.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> oslo = ZoneInfo("Europe/Oslo")
    >>> stay = BedStay(
    ...     bed="1",
    ...     admitted_at=datetime(2026, 3, 28, 12, tzinfo=oslo),
    ...     ended_at=datetime(2026, 3, 30, tzinfo=oslo),
    ... )
    >>> days = occupancy_by_day(
    ...     [stay], first_on=date(2026, 3, 28), until_on=date(2026, 3, 30), zone=oslo,
    ...     now=datetime(2026, 4, 1, tzinfo=oslo), beds={date(2026, 3, 29): 2},
    ... )
    >>> [(day.day_hours, day.bed_hours, day.share) for day in days]
    [(24.0, 12.0, None), (23.0, 23.0, 0.5)]
    """
    refuse_naive("now", now)
    if until_on < first_on:
        raise ValueError(f"the period ends ({until_on}) before it begins ({first_on})")
    days = [first_on + timedelta(days=n) for n in range((until_on - first_on).days)]
    hours: dict[date, float] = dict.fromkeys(days, 0.0)
    for stay in stays:
        for on, part in _hours_by_day(stay, days=hours, zone=zone, now=now):
            hours[on] += part
    return tuple(
        _day(on, bed_hours=hours[on], beds=beds.get(on), zone=zone, now=now)
        for on in days
    )


def _hours_by_day(
    stay: BedStay, *, days: Mapping[date, float], zone: tzinfo, now: datetime
) -> Iterable[tuple[date, float]]:
    begins, ends = stay.admitted_at, _end(stay, now)
    if not days:
        return
    on = max(begins.astimezone(zone).date(), min(days))
    last_on = min(ends.astimezone(zone).date(), max(days))
    while on <= last_on:
        midnight, next_midnight = _day_ends(on, zone)
        yield on, _overlap(begins, ends, midnight, next_midnight)
        on += timedelta(days=1)


def _day(
    on: date, *, bed_hours: float, beds: int | None, zone: tzinfo, now: datetime
) -> DayOccupancy:
    if beds is not None and beds < 0:
        raise ValueError(f"beds on {on} are negative: {beds}")
    midnight, next_midnight = _day_ends(on, zone)
    seen = _overlap(midnight, now, midnight, next_midnight)
    room = (beds or 0) * seen
    return DayOccupancy(
        on=on,
        day_hours=hours_between(midnight, next_midnight),
        seen_hours=seen,
        bed_hours=bed_hours,
        beds=beds,
        share=bed_hours / room if room else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A count and what it is counted of. The share is None where there is nothing."""

    count: int
    of: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1, unrounded."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OhdYear:
    """The KAD/ØHD figures of a year, as counts.

    `admitted` began in the year and `ended` ended in it: two sets. `bed_hours` is what of
    all stays lies in the year. Mean, median and `over_limit` are of the whole length of
    those that ended; `outcomes` too, of those whose outcome is written, and
    `outcome_unknown` are the rest. None where there is nothing to take a mean of, and
    `over_limit` is None where no limit is set.
    """

    year: int
    admitted: int
    ended: int
    there_at_the_end: int
    bed_hours: float
    mean_hours: float | None
    median_hours: float | None
    over_limit: Part | None
    outcomes: Mapping[str, Part]
    outcome_unknown: int


def ohd_year(
    stays: Iterable[BedStay],
    *,
    year: int,
    zone: tzinfo,
    now: datetime,
    outcomes: Sequence[str],
    limit_hours: float | None,
) -> OhdYear:
    """The yearly KAD/ØHD figures from the stays.

    Parameters
    ----------
    stays : iterable of BedStay
        Of the ØHD beds alone; those of other years do no harm.
    year, zone
        The year from midnight to midnight in the zone.
    now : aware datetime
        Nothing after it counts: within the year the figures are so far.
    outcomes : sequence of str
        The station's codes. Each gets a line, also with 0.
    limit_hours : float or None
        Hours, > 0; a stay of exactly the limit is not over it. None: not set.

    Returns
    -------
    OhdYear

    Raises
    ------
    ValueError
        If a stay that ended in the year has an outcome that is not in the list, the limit
        is not above 0, or `now` has no zone.

    Notes
    -----
    The mean is of stays that ended. A few very long ones that have not are missing from
    it, which makes it too low: `there_at_the_end` says how many there are.

    Examples
    --------
    >>> from datetime import UTC
    >>> stay = BedStay(
    ...     bed="1", admitted_at=datetime(2026, 1, 2, tzinfo=UTC),
    ...     ended_at=datetime(2026, 1, 4, tzinfo=UTC), outcome="home",
    ... )
    >>> figures = ohd_year(
    ...     [stay], year=2026, zone=UTC, now=datetime(2027, 1, 1, tzinfo=UTC),
    ...     outcomes=("home", "hospital"), limit_hours=72,
    ... )
    >>> figures.mean_hours, figures.outcomes["hospital"].share, figures.over_limit.count
    (48.0, 0.0, 0)
    """
    refuse_naive("now", now)
    if limit_hours is not None and not 0 < limit_hours < float("inf"):
        raise ValueError(f"limit_hours must be above 0, got {limit_hours}")
    begins, _ = _day_ends(date(year, 1, 1), zone)
    _, year_ends = _day_ends(date(year, 12, 31), zone)
    until = min(year_ends, now.astimezone(UTC))

    known = [stay for stay in stays if stay.admitted_at.astimezone(UTC) < until]
    ended = [s for s in known if s.ended_at and begins <= _utc(s.ended_at) < until]
    lengths = [hours_between(s.admitted_at, s.ended_at) for s in ended if s.ended_at]
    counted = _outcome_counts(ended, outcomes)
    return OhdYear(
        year=year,
        admitted=sum(_utc(stay.admitted_at) >= begins for stay in known),
        ended=len(ended),
        there_at_the_end=sum(
            s.ended_at is None or _utc(s.ended_at) >= until for s in known
        ),
        bed_hours=sum(
            _overlap(stay.admitted_at, _end(stay, now), begins, until) for stay in known
        ),
        mean_hours=mean(lengths) if lengths else None,
        median_hours=median(lengths) if lengths else None,
        over_limit=_over(lengths, limit_hours),
        outcomes={
            code: Part(count=counted[code], of=counted.total()) for code in outcomes
        },
        outcome_unknown=len(ended) - counted.total(),
    )


def _outcome_counts(ended: list[BedStay], outcomes: Sequence[str]) -> Counter[str]:
    counted = Counter(stay.outcome for stay in ended if stay.outcome is not None)
    unknown = {code: n for code, n in counted.items() if code not in outcomes}
    if unknown:
        raise ValueError(
            f"outcomes that are not in the list: {unknown}. "
            f"The list has {', '.join(outcomes) or 'none'}"
        )
    return counted


def _over(lengths: list[float], limit_hours: float | None) -> Part | None:
    if limit_hours is None:
        return None
    return Part(count=sum(h > limit_hours for h in lengths), of=len(lengths))


def _end(stay: BedStay, now: datetime) -> datetime:
    """When a stay ended as far as is known: never later than now."""
    return now if stay.ended_at is None else min(_utc(stay.ended_at), _utc(now))


def _day_ends(on: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The midnight that a day begins with and the next one, in UTC."""
    midnight = datetime(on.year, on.month, on.day, tzinfo=zone)
    tomorrow = on + timedelta(days=1)
    following = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
    return _utc(midnight), _utc(following)


def _overlap(
    begins: datetime, ends: datetime, other_begins: datetime, other_ends: datetime
) -> float:
    """Hours that two stretches share; 0 where they do not meet."""
    starts = max(_utc(begins), _utc(other_begins))
    return max(0.0, hours_between(starts, min(_utc(ends), _utc(other_ends))))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
