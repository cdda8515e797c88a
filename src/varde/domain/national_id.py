"""The numbers a person in Norway is known by, and their check digits.

| kind | form | who gives it |
| --- | --- | --- |
| fødselsnummer | DDMMYY III K1 K2 | Folkeregisteret |
| D-number | first digit + 4 | Folkeregisteret, to those who stay for a short time |
| H-number | month + 40 | the institution itself |
| FH-number | first digit 8 or 9, no date in it | Norsk helsenett |
| DUF-number | 12 digits, the year first | the immigration authorities |

Numbers given out from 1 January 2032 follow another rule for the first check digit, and
sex and century can no longer be read from them. Old numbers live on, so both rules are
accepted at once. Sex is never read here, and a birth date only where the number is of the
old rule; Folkeregisteret is the source of both.

Synthetic numbers (for tests) have month + 80. Two other conventions exist and must be
asked for: + 65, and NAV's + 40, which has the same form as an H-number. Nobody can tell
those two apart by the number alone; + 40 is read as an H-number unless the caller says
that this is a place for NAV's test persons.

No error text and no `repr` shows a number.

Sources: Skatteetaten, "Nytt fødselsnummer fra 2032"; navikt/fnrvalidator (MIT) for the
synthetic forms; for the DUF check digits SSB's published KOSTRA control. The immigration
authorities keep that rule to themselves, so a DUF-number that passes is only likely.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, auto
from itertools import islice

from varde.domain.errors import VardeError


_K1_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_K2_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_DUF_WEIGHTS = (4, 6, 3, 2, 4, 6, 3, 2, 7, 5)
_REMAINDERS_FROM_2032 = (1, 2, 3)  # and 0, which both rules share
_H_MONTH = 40
_TENOR_MONTH = 80
_NEW_RULE_ON = date(2032, 1, 1)  # Skatteetaten: the format's change, not a setting


class IdKind(StrEnum):
    """Which of the five numbers it is."""

    FODSELSNUMMER = auto()
    D_NUMBER = auto()
    H_NUMBER = auto()
    FH_NUMBER = auto()
    DUF = auto()


class IdFault(StrEnum):
    """Why a text is not a number that can have been given out."""

    LETTERS = auto()
    WRONG_LENGTH = auto()
    IMPOSSIBLE_DATE = auto()
    FIRST_CHECK_DIGIT = auto()
    SECOND_CHECK_DIGIT = auto()


class InvalidNationalId(VardeError):
    """The text is not a valid number. The text itself is not part of the error."""

    def __init__(self, reason: IdFault) -> None:
        super().__init__(f"not a valid national number: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalId:
    """A valid number. Its digits and date are kept out of `repr` and of the logs.

    `birth_date` is None where it cannot be known from the number: FH and DUF numbers,
    those of the 2032 rule, and old-rule numbers outside the table of centuries. An
    H-number's date is what the institution believed when it made the number.
    """

    kind: IdKind
    digits: str = field(repr=False)
    birth_date: date | None = field(default=None, repr=False)
    is_synthetic: bool = False
    is_2032_rule: bool = False

    def __str__(self) -> str:
        return f"{self.kind} (hidden)"


def parse(
    text: str,
    *,
    on: date | None = None,
    synthetic_months: Collection[int] = (_TENOR_MONTH,),
) -> NationalId:
    """Read a national number, or say what is wrong with it.

    Parameters
    ----------
    text : str
        11 digits (DUF: 12). Spaces are ignored wherever they stand.
    on : date, optional
        The day of reading. From 1 January 2032 a number with a first check digit of the
        old rule may be a new one, so its birth date is then None. Without a day,
        such a number is read as an old one. A birth date after this day is impossible.
    synthetic_months : collection of int
        What may have been added to the month of a synthetic number: 80, and by choice
        65 and 40. With 40, an H-number cannot be told from NAV's test persons and
        becomes a synthetic fødselsnummer.

    Returns
    -------
    NationalId
        A D-number with month + 40 is always synthetic: Folkeregisteret makes no such.

    Raises
    ------
    InvalidNationalId
        With the first fault found, in the order of `IdFault`.

    Examples
    --------
    >>> made_up = make_synthetic(birth_date=date(1984, 5, 17), serial=0, female=True)
    >>> made_up.digits[:6], parse(made_up.digits).birth_date
    ('178584', datetime.date(1984, 5, 17))
    """
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdigit()) and digits:
        raise InvalidNationalId(IdFault.LETTERS)
    if len(digits) == 12:
        return _duf(digits)
    if len(digits) != 11:
        raise InvalidNationalId(IdFault.WRONG_LENGTH)
    if digits[0] in "89":
        _check(digits, may_be_2032=False)
        return NationalId(kind=IdKind.FH_NUMBER, digits=digits)
    return _dated_number(digits, on=on, synthetic_months=synthetic_months)


def make_synthetic(*, birth_date: date, serial: int, female: bool) -> NationalId:
    """A synthetic fødselsnummer (month + 80) with valid check digits of today's rule.

    The same arguments always give the same number, and different serials different
    numbers. Sex is placed as today's numbers have it: the ninth digit is even for women.

    Parameters
    ----------
    birth_date : date
        From 1854 to 2039, the years of the table of centuries.
    serial : int
        The how-manieth person of that day and sex, from 0.
    female : bool

    Raises
    ------
    ValueError
        If the year is outside the table, or there are no more numbers for that day and
        sex (some 200 in most years).

    Examples
    --------
    >>> str(make_synthetic(birth_date=date(2001, 2, 3), serial=4, female=False))
    'fodselsnummer (hidden)'
    """
    if serial < 0:
        raise ValueError(f"serial counts from 0, got {serial}")
    candidates = _synthetic_numbers(birth_date, parity=0 if female else 1)
    digits = next(islice(candidates, serial, None), None)
    if digits is None:
        raise ValueError(
            f"no number {serial} for a person born in {birth_date.year}: the years "
            "1854 to 2039 have some 200 numbers a day and sex"
        )
    return NationalId(
        kind=IdKind.FODSELSNUMMER,
        digits=digits,
        birth_date=birth_date,
        is_synthetic=True,
    )


def _synthetic_numbers(birth_date: date, *, parity: int) -> Iterator[str]:
    start = f"{birth_date.day:02}{birth_date.month + _TENOR_MONTH}{birth_date:%y}"
    for individual in range(parity, 1000, 2):
        if _year(birth_date.year % 100, individual) != birth_date.year:
            continue
        nine = f"{start}{individual:03}"
        k1 = -_weighted(nine, _K1_WEIGHTS) % 11
        k2 = -_weighted(f"{nine}{k1}", _K2_WEIGHTS) % 11
        if k1 < 10 and k2 < 10:
            yield f"{nine}{k1}{k2}"


def _dated_number(
    digits: str, *, on: date | None, synthetic_months: Collection[int]
) -> NationalId:
    """A number that starts with a date: fødselsnummer, D-number or H-number."""
    day, month = int(digits[:2]), int(digits[2:4])
    is_d = day > 40
    day -= 40 * is_d
    offset = _month_offset(month, synthetic_months)
    month -= offset
    is_h = offset == _H_MONTH and _H_MONTH not in synthetic_months and not is_d

    years = _possible_years(int(digits[4:6]))
    if not any(_is_date(year, month, day) for year in years):
        raise InvalidNationalId(IdFault.IMPOSSIBLE_DATE)
    is_2032 = _check(digits, may_be_2032=not is_h)
    born = None
    if not is_2032 and (on is None or on < _NEW_RULE_ON):
        born = _birth_date(digits, month=month, day=day, on=on)
    kind = IdKind.D_NUMBER if is_d else IdKind.FODSELSNUMMER
    return NationalId(
        kind=IdKind.H_NUMBER if is_h else kind,
        digits=digits,
        birth_date=born,
        is_synthetic=offset > 0 and not is_h,
        is_2032_rule=is_2032,
    )


def _month_offset(month: int, synthetic_months: Collection[int]) -> int:
    """What was added to the month: 0, the H-number's 40, or that of a synthetic one."""
    for offset in (0, _H_MONTH, *synthetic_months):
        if 1 <= month - offset <= 12:
            return offset
    raise InvalidNationalId(IdFault.IMPOSSIBLE_DATE)


def _birth_date(digits: str, *, month: int, day: int, on: date | None) -> date | None:
    year = _year(int(digits[4:6]), int(digits[6:9]))
    if year is None:
        return None
    if not _is_date(year, month, day):
        raise InvalidNationalId(IdFault.IMPOSSIBLE_DATE)
    born = date(year, month, day)
    if on is not None and born > on:
        raise InvalidNationalId(IdFault.IMPOSSIBLE_DATE)
    return born


def _year(two_digits: int, individual: int) -> int | None:
    """The year of birth by Folkeregisteret's table, for numbers of the old rule."""
    if individual < 500:
        return 1900 + two_digits
    if individual < 750 and two_digits >= 54:
        return 1800 + two_digits
    if two_digits < 40:
        return 2000 + two_digits
    if individual >= 900:
        return 1900 + two_digits
    return None


def _possible_years(two_digits: int) -> tuple[int, ...]:
    """Every year the two digits may stand for. It decides about 29 February only."""
    return tuple(century + two_digits for century in (1800, 1900, 2000))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _check(digits: str, *, may_be_2032: bool) -> bool:
    """Refuse wrong check digits. True if the first one is of the 2032 rule alone.

    The new rule is for numbers of Folkeregisteret. An institution's H- and FH-numbers
    keep the strict rule, which finds ten wrong keys of eleven against seven.
    """
    first = (_weighted(digits, _K1_WEIGHTS) + int(digits[9])) % 11
    is_2032 = may_be_2032 and first in _REMAINDERS_FROM_2032
    if first != 0 and not is_2032:
        raise InvalidNationalId(IdFault.FIRST_CHECK_DIGIT)
    if (_weighted(digits, _K2_WEIGHTS) + int(digits[10])) % 11 != 0:
        raise InvalidNationalId(IdFault.SECOND_CHECK_DIGIT)
    return is_2032


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(
        int(digit) * weight for digit, weight in zip(digits, weights, strict=False)
    )


def _duf(digits: str) -> NationalId:
    """Ten digits, of which four are the year, and the remainder of 11 in two digits."""
    check = _weighted(digits, _DUF_WEIGHTS) % 11
    if digits[10] != str(check // 10):
        raise InvalidNationalId(IdFault.FIRST_CHECK_DIGIT)
    if digits[11] != str(check % 10):
        raise InvalidNationalId(IdFault.SECOND_CHECK_DIGIT)
    return NationalId(kind=IdKind.DUF, digits=digits)
