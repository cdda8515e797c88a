"""The numbered paper form: its number with a check digit, and the times written on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from varde.domain.errors import Rule, RuleBroken


class FormKind(StrEnum):
    """What a form is for. The letter stands in its number."""

    PHONE = "T"  # telefon
    DOOR = "D"  # dør


# Damm H M (2004), the quasigroup of order 10: it finds every single wrong digit and every
# pair of neighbours that changed places.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
_NUMBER = re.compile(r"([A-Z0-9](?:[A-Z0-9_-]*[A-Z0-9_])?)-([TD])([0-9]{5,9})-([0-9])")
LONGEST_TYPED = 40


def form_number(place: str, kind: FormKind, serial: int) -> str:
    """The number of a form: place, letter, serial and check digit.

    >>> form_number("HEL", FormKind.PHONE, 12)
    'HEL-T00012-0'

    Raises `ValueError` if the serial is not from 1 to 999 999 999.
    """
    if not 1 <= serial <= 999_999_999:
        raise ValueError(f"serial {serial} must be from 1 to 999 999 999")
    body = f"{place.upper()}-{kind}{serial:05d}"
    return f"{body}-{check_digit(body)}"


def check_digit(body: str) -> int:
    """The check digit of the number before its last dash, 0 to 9.

    The place and the letter count too, so that the number of another place is found out;
    a letter counts as two digits (A is 10).
    """
    interim = 0
    for sign in body:
        for digit in str(int(sign, 36)) if sign.isalnum() else "":
            interim = _DAMM[interim][int(digit)]
    return interim


def read_number(text: str) -> str:
    """The number as it is stored, from what was typed: small letters and spaces are free.

    Raises `RuleBroken`: PAPER_FORM_NUMBER_WRONG, also when the check digit does not fit.
    """
    typed = "".join(text.split()).upper()
    found = _NUMBER.fullmatch(typed) if len(typed) <= LONGEST_TYPED else None
    if found is None or not typed.isascii():
        raise RuleBroken(Rule.PAPER_FORM_NUMBER_WRONG)
    body, _, check = typed.rpartition("-")
    if check_digit(body) != int(check):
        raise RuleBroken(Rule.PAPER_FORM_NUMBER_WRONG)
    return typed


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueTime:
    """When something happened, as it stands on the form. None where nothing is written."""

    field: str
    at: datetime | None
    is_needed: bool = False


def in_order(times: Sequence[TrueTime], *, now: datetime) -> None:
    """Refuse times that cannot be true: each is at or after those before it, none ahead.

    What is not written is passed over, unless it is needed. Two things in the same minute
    are in order. Raises `RuleBroken`: TRUE_TIME_MISSING (field), TRUE_TIME_IN_FUTURE
    (field), TRUE_TIME_OUT_OF_ORDER (field, former, not_before).
    """
    before: TrueTime | None = None
    for one in times:
        if one.at is None:
            if one.is_needed:
                raise RuleBroken(Rule.TRUE_TIME_MISSING, field=one.field)
            continue
        if one.at > now:
            raise RuleBroken(Rule.TRUE_TIME_IN_FUTURE, field=one.field)
        if before is not None and before.at is not None and one.at < before.at:
            raise RuleBroken(
                Rule.TRUE_TIME_OUT_OF_ORDER,
                field=one.field,
                former=before.field,
                not_before=before.at.isoformat(),
            )
        before = one
