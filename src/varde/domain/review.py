"""Review of contacts afterwards: which are drawn, which count as upgraded, and how well
two reviewers agree.

A draw can be made again by anyone who has its seed, and gives the same contacts. A number
is never made from nothing: no pairs of answers have neither a share nor a kappa.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from math import ceil, isfinite

from varde.domain.hastegrad import Hastegrad, national_level


_DIGITS = 9  # of share times size, before rounding up: 0.07 of 100 is 7, not 8


def drawn_at_random(ids: Iterable[int], *, share: float, seed: int) -> frozenset[int]:
    """A random share of some contacts, the same for the same seed.

    Each contact gets a number from its id and the seed alone, and those with the lowest
    are drawn. Neither the order of the ids nor the machine matters, and the number cannot
    be steered by the one who draws, once the seed is written down.

    Parameters
    ----------
    ids : iterable of int
        The contacts to draw from. One that is named twice counts once.
    share : float
        Of those contacts, 0 to 1. Rounded up to a whole contact, so that a share above 0
        of any contacts draws at least one.
    seed : int
        Any whole number.

    Returns
    -------
    frozenset[int]
        Empty for no contacts, and for a share of 0.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1.

    Examples
    --------
    >>> len(drawn_at_random(range(100), share=0.02, seed=7))
    2
    >>> drawn_at_random(range(100), share=0.0, seed=7)
    frozenset()
    """
    if not (isfinite(share) and 0 <= share <= 1):
        raise ValueError(f"the share of contacts to draw is {share}, not from 0 to 1")
    pool = sorted(set(ids), key=lambda one: _number(one, seed=seed))
    return frozenset(pool[: ceil(round(share * len(pool), _DIGITS))])


def was_upgraded(*, phone: Sequence[Hastegrad], arrival: Sequence[Hastegrad]) -> bool:
    """Whether a contact turned out to be more urgent than it was first judged.

    That is so if a later judgement is more urgent than an earlier one on the same axis, or
    if a patient who came counts nationally as more urgent than the last judgement on the
    phone. The two axes themselves are never compared.

    Parameters
    ----------
    phone, arrival : sequence of Hastegrad
        The judgements of one contact on each axis, the first first. Either may be empty:
        what was not judged was not raised.

    Examples
    --------
    >>> from varde.domain.hastegrad import ARRIVAL, PHONE
    >>> was_upgraded(phone=[PHONE.level("rad")], arrival=[ARRIVAL.level("gul")])
    True
    >>> was_upgraded(phone=[PHONE.level("vanlig")], arrival=[ARRIVAL.level("gronn")])
    False
    """
    if _was_raised(phone) or _was_raised(arrival):
        return True
    if not phone or not arrival:
        return False
    told = national_level(phone[-1])
    return any(national_level(seen).is_more_urgent_than(told) for seen in arrival)


def share_equal(pairs: Iterable[tuple[str, str]]) -> float | None:
    """The share of pairs of answers that are equal.

    Parameters
    ----------
    pairs : iterable of (str, str)
        What the first and the second reviewer answered to one question about one contact.

    Returns
    -------
    float or None
        0 to 1. None without pairs: nobody has agreed or disagreed.

    Examples
    --------
    >>> share_equal([("yes", "yes"), ("yes", "no")])
    0.5
    >>> share_equal([]) is None
    True
    """
    all_pairs = list(pairs)
    if not all_pairs:
        return None
    return sum(first == second for first, second in all_pairs) / len(all_pairs)


def cohens_kappa(pairs: Iterable[tuple[str, str]]) -> float | None:
    """Agreement between two reviewers beyond what chance would give (Cohen's kappa).

    kappa = (observed - expected) / (1 - expected). Observed is the share of equal pairs;
    expected is the share that would be equal if each answered as often as before, but
    independently of the other. All answers are equally far from each other.

    Parameters
    ----------
    pairs : iterable of (str, str)
        What the first and the second reviewer answered to one question about one contact.

    Returns
    -------
    float or None
        -1 to 1. 1 is full agreement, 0 what chance gives, below 0 less than that. None
        without pairs, and where both always gave the same one answer: then chance alone
        gives full agreement, and the figure has no meaning.

    Notes
    -----
    Made for two fixed reviewers. Where pairs of changing people are put together, as in a
    sentral, it says how well the questions are understood, not how well two persons agree.
    With few pairs it is very uncertain, and where nearly all answers are the same it is low
    even when nearly all pairs are equal: read it beside `share_equal`.

    References
    ----------
    Cohen J (1960). A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement 20:37-46. doi:10.1177/001316446002000104

    Examples
    --------
    Fifty contacts: both said yes to 20 and no to 15; they differed on 5 and 10.

    >>> pairs = [("y", "y")] * 20 + [("y", "n")] * 5
    >>> pairs += [("n", "y")] * 10 + [("n", "n")] * 15
    >>> round(cohens_kappa(pairs), 10)
    0.4
    >>> cohens_kappa([]) is None
    True
    """
    all_pairs = list(pairs)
    first = Counter(one for one, _ in all_pairs)
    second = Counter(other for _, other in all_pairs)
    # Whole numbers as long as possible: a perfect 1 stays 1.
    by_chance = sum(first[answer] * second[answer] for answer in first)
    whole = len(all_pairs) ** 2
    if by_chance == whole:
        return None
    equal = sum(one == other for one, other in all_pairs) * len(all_pairs)
    return (equal - by_chance) / (whole - by_chance)


def _number(one: int, *, seed: int) -> bytes:
    return sha256(f"{seed}:{one}".encode()).digest()


def _was_raised(levels: Sequence[Hastegrad]) -> bool:
    return any(
        later.is_more_urgent_than(earlier)
        for place, earlier in enumerate(levels)
        for later in levels[place + 1 :]
    )
