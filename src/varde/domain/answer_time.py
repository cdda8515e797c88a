"""Answer time of a sentral, as Helsedirektoratet counts it.

It starts when the call rings at an operator and ends at the answer; recorded messages and
menu choices come before. Every call counts, also the one that nobody answered: it is in
the denominator and meets no limit. To leave out short calls, or those who hung up, would
give a better figure than the national one for the same month, and a wrong one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from statistics import median


DECIMALS_OF_SHARES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTime:
    """The figures of a period. Shares are 0 to 1, unrounded, and None without calls.

    The names `share_2min` and `share_10min` are those of the national statistic.
    `median_s` is in seconds, of answered calls with a known time, None without any.
    """

    calls: int
    answered: int
    unanswered: int
    share_2min: float | None
    share_10min: float | None
    median_s: float | None

    def figures(self) -> dict[str, int | float | None]:
        """The figures as they are printed: shares with four decimals, whole medians whole.

        The command line and the page both use this, so that they print the same.
        """
        return {
            "calls": self.calls,
            "answered": self.answered,
            "unanswered": self.unanswered,
            "share_2min": _rounded(self.share_2min),
            "share_10min": _rounded(self.share_10min),
            "median_s": _whole(self.median_s),
        }


def answer_time(
    answer_s: Iterable[float | None],
    *,
    limit_s: float,
    long_limit_s: float,
    answered_unknown: int = 0,
) -> AnswerTime:
    """Calls, answered, unanswered, two shares and the median of a set of calls.

    Parameters
    ----------
    answer_s : iterable of float or None
        One value for each call, faults left out. Seconds from the first ring at an
        operator to the answer, >= 0; None if nobody answered.
    limit_s, long_limit_s : float
        Seconds, >= 0. An answer exactly at the limit is within it. The national ones are
        120 and 600, and come from the dated settings.
    answered_unknown : int
        Further calls that were answered, but nobody knows how fast since their ring was
        not seen. They count as calls and as answered, meet no limit, and are not in the
        median: missing data never makes us look good.

    Returns
    -------
    AnswerTime
        No calls: counts 0, shares and median None. No answered call with a known time:
        shares 0, median None.

    Raises
    ------
    ValueError
        If a time or limit is negative or not a finite number, or the long limit is
        below the short one, or `answered_unknown` is negative.

    Notes
    -----
    With an even number of answered calls the median is the mean of the two in the
    middle; Helsedirektoratet does not say what it does. With many calls and whole seconds
    the difference is at most half a second.

    References
    ----------
    Helsedirektoratet, "Anrop og svartid - legevakt"; the norm of 80 % within two minutes
    is akuttmedisinforskriften (FOR-2015-03-20-231) § 13 d.

    Examples
    --------
    >>> result = answer_time([10, 120, 121, None], limit_s=120, long_limit_s=600)
    >>> result.calls, result.unanswered, result.share_2min, result.median_s
    (4, 1, 0.5, 120)
    """
    if not 0 <= limit_s <= long_limit_s < float("inf"):
        raise ValueError(f"limits must be 0 <= {limit_s} <= {long_limit_s}, in seconds")
    if answered_unknown < 0:
        raise ValueError(f"answered_unknown is negative: {answered_unknown}")

    known, unanswered = _split(answer_s)
    return answer_time_of_counts(
        answered=len(known) + answered_unknown,
        unanswered=unanswered,
        within=sum(seconds <= limit_s for seconds in known),
        within_long=sum(seconds <= long_limit_s for seconds in known),
        median_s=median(known) if known else None,
    )


def answer_time_of_counts(
    *,
    answered: int,
    unanswered: int,
    within: int,
    within_long: int,
    median_s: float | None,
) -> AnswerTime:
    """The same figures, of calls that were counted where they are stored.

    A database counts a million calls faster than it hands them over; the division is
    made here, for all.

    Parameters
    ----------
    answered, unanswered : int
        Calls, >= 0. `answered` holds also those whose answer time nobody knows.
    within, within_long : int
        Answered calls with a known time within the short and the long limit, >= 0.
    median_s : float or None
        Seconds, of the answered calls with a known time; None without any.

    Returns
    -------
    AnswerTime
        No calls: counts 0, both shares None.

    Raises
    ------
    ValueError
        If not 0 <= within <= within_long <= answered, or `unanswered` is negative.

    Examples
    --------
    >>> answer_time_of_counts(
    ...     answered=3, unanswered=1, within=2, within_long=3, median_s=120
    ... ).share_2min
    0.5
    """
    if not (0 <= within <= within_long <= answered and unanswered >= 0):
        raise ValueError(
            f"counts must be 0 <= {within} within the limit <= {within_long} within the "
            f"long limit <= {answered} answered, and {unanswered} unanswered >= 0"
        )
    calls = answered + unanswered
    return AnswerTime(
        calls=calls,
        answered=answered,
        unanswered=unanswered,
        share_2min=within / calls if calls else None,
        share_10min=within_long / calls if calls else None,
        median_s=median_s,
    )


def _split(answer_s: Iterable[float | None]) -> tuple[list[float], int]:
    known: list[float] = []
    unanswered = 0
    for seconds in answer_s:
        if seconds is None:
            unanswered += 1
        elif seconds >= 0 and isfinite(seconds):
            known.append(seconds)
        else:
            raise ValueError(f"an answer time must be 0 or more seconds, got {seconds}")
    return known, unanswered


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, DECIMALS_OF_SHARES)


def _whole(seconds: float | None) -> float | int | None:
    if seconds is None or seconds != int(seconds):
        return seconds
    return int(seconds)
