"""What is typed on the station's own pages, checked once, where it enters."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from varde.apps.sentral.services.contacts.values import Why, not_valid, plain


def choice(field: str, value: str, allowed: list[str]) -> str:
    """One of the allowed codes. Raises FIELD_NOT_VALID."""
    if value not in allowed:
        raise not_valid(field, Why.NOT_A_CHOICE)
    return value


def needed(field: str, text: str, *, longest: int) -> str:
    """A text that may not be empty. Raises FIELD_NOT_VALID."""
    found = plain(field, text, longest=longest)
    if not found:
        raise not_valid(field, Why.EMPTY)
    return found


def whole(field: str, text: str, *, low: int, high: int) -> int:
    """A whole number within a range. Raises FIELD_NOT_VALID."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise not_valid(field, Why.NOT_A_NUMBER)
    if not low <= int(digits) <= high:
        raise not_valid(field, Why.NOT_A_NUMBER)
    return int(digits)


def day(field: str, text: str) -> date | None:
    """A date, or None for an empty text. Raises FIELD_NOT_VALID."""
    if not text.strip():
        return None
    try:
        found = parse_date(text.strip())
    except ValueError:
        found = None
    if found is None or not date(2000, 1, 1) <= found <= date(2200, 1, 1):
        raise not_valid(field, Why.NOT_A_DATE)
    return found


def moment(field: str, text: str, *, at: datetime) -> datetime:
    """A moment as the browser's field gives it, by the clock here; `at` where empty.

    Raises FIELD_NOT_VALID, also for one in the future: a minute is let pass, since the
    field has no seconds and clocks differ.
    """
    if not text.strip():
        return at
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise not_valid(field, Why.NOT_A_DATE)
    if timezone.is_naive(found):
        found = timezone.make_aware(found)
    if found > at + timedelta(minutes=1):
        raise not_valid(field, Why.IN_THE_FUTURE)
    return min(found, at)
