"""Numbers for people who do not exist: synthetic fødselsnummer and unused telephones.

`domain.national_id.make_synthetic` makes one number at a time. A demo of a million
contacts needs half a million of them, so the same numbers are made here in one go; a test
holds the two against each other.
"""

import numpy as np

from varde.engines.demo.codes import Bools, Days, Ints, Texts


_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_SYNTHETIC_MONTH = 80
_PER_DAY = 250  # individual numbers of one sex and century, before the check digits


def national_ids(birth_dates: Days, *, female: Bools) -> Texts:
    """A synthetic fødselsnummer (month + 80) for each person, all different.

    Parameters
    ----------
    birth_dates : datetime64[D][n]
        Years 1900 to 2039.
    female : bool[n]

    Returns
    -------
    str[n]
        11 digits. The k-th person with a birth date and sex gets the number that
        `make_synthetic` gives for serial k. Without persons: an empty array.

    Raises
    ------
    ValueError
        If more than some 200 persons of one sex are born on one day.

    Examples
    --------
    >>> born = np.array(["1984-05-17", "1984-05-17"], dtype="datetime64[D]")
    >>> a, b = national_ids(born, female=np.array([True, True]))
    >>> str(a)[:6], str(a) == str(b)
    ('178584', False)
    """
    if not len(birth_dates):
        return np.zeros(0, dtype="U11")
    keys = birth_dates.astype(np.int64) * 2 + female
    kinds, kind_of, counts = np.unique(keys, return_inverse=True, return_counts=True)
    most = min(_PER_DAY, int(counts.max() * 1.5) + 20)
    numbers, are_valid = _candidates(
        np.asarray(kinds // 2, dtype="datetime64[D]"), female=kinds % 2 == 1, most=most
    )
    if (are_valid.sum(axis=1) < counts).any():
        raise ValueError(
            f"{counts.max()} persons of one sex on one day of birth: there are some 200 "
            "synthetic numbers for each. Make a smaller district."
        )
    serials = _serials(kind_of, counts)
    nth = np.cumsum(are_valid, axis=1) - 1
    column = (nth[kind_of] >= serials[:, None]).argmax(axis=1)
    return np.char.zfill(numbers[kind_of, column].astype("U11"), 11)


def phone_numbers(count: int) -> Texts:
    """Telephone numbers that nobody can have: eight digits that start with 0.

    For fewer than ten million people.

    >>> phone_numbers(2)
    array(['+4700000001', '+4700000002'], dtype='<U11')
    """
    if not count:
        return np.zeros(0, dtype="U11")
    digits = np.char.zfill(np.arange(1, count + 1).astype("U8"), 8)
    return np.asarray(np.char.add("+47", digits))


def _serials(kind_of: Ints, counts: Ints) -> Ints:
    """For each person, how many of the same kind came before."""
    order = np.argsort(kind_of, kind="stable")
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    serials = np.empty(len(kind_of), dtype=np.int64)
    serials[order] = np.arange(len(kind_of)) - starts
    return serials


def _candidates(days: Days, *, female: Bools, most: int) -> tuple[Ints, Bools]:
    """The first numbers of each day and sex, and which have check digits below 10."""
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]").astype(np.int64) + 1970
    day = (days - months).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1 + _SYNTHETIC_MONTH
    # Folkeregisteret's table: individual numbers 000-499 are of the 1900s, 500-999 of
    # 2000 to 2039. The ninth digit is even for women.
    first = np.where(years >= 2000, 500, 0) + np.where(female, 0, 1)
    individual = first[:, None] + 2 * np.arange(most)
    dated = (day * 10_000 + month * 100 + years % 100)[:, None] * 1000 + individual
    k1 = -_weighted(dated, _K1_WEIGHTS) % 11
    k2 = -(_weighted(dated, _K2_WEIGHTS[:-1]) + _K2_WEIGHTS[-1] * k1) % 11
    return dated * 100 + k1 * 10 + k2, (k1 < 10) & (k2 < 10)


def _weighted(nine_digits: Ints, weights: tuple[int, ...]) -> Ints:
    total = np.zeros_like(nine_digits)
    for place, weight in enumerate(reversed(weights)):
        total += weight * (nine_digits // 10**place % 10)
    return total
