"""What is typed in the forms of the beds: a moment, a number. Empty is None."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from varde.apps.sentral.services.contacts.values import Why, not_valid


def moment(request, name) -> datetime | None:
    """A day and an hour by the clock on the wall. Raises FIELD_NOT_VALID."""
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise not_valid(name, Why.NOT_A_DATE)
    return found if timezone.is_aware(found) else by_the_wall(found, now=timezone.now())


def by_the_wall(typed: datetime, *, now: datetime) -> datetime:
    """The moment of a clock on the wall.

    In the hour that comes twice when the clocks go back, it is the one nearest to now.
    """
    both = [timezone.make_aware(typed.replace(fold=fold)) for fold in (0, 1)]
    return min(both, key=lambda at: abs(at.astimezone(UTC) - now))


def number(request, name) -> int | None:
    """The id of a row. None where nothing, or no number, was sent."""
    text = request.POST.get(name, "")
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    return int(text) if is_number else None
