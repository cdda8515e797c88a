"""Reading what the pages of the car send."""

import json
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.station.services.missions import Sent


MOST_PRESSES = 200  # of one sending; a telephone that has more, sends again


def crew_of(request):
    """Who goes and with what, as the form has it."""
    return {
        "people": [_id(text) for text in request.POST.getlist("crew")],
        "companion": request.POST.get("companion", ""),
        "alone_reason": request.POST.get("alone_reason", ""),
    }


def vehicle_of(request):
    """The vehicle of the form, and whether somebody asks for the timer."""
    text = request.POST.get("vehicle", "")
    return {
        "vehicle_id": _id(text, field="vehicle") if text else None,
        "is_watched": request.POST.get("is_watched") == "yes",
    }


def key_of(text):
    """The key of a press; None for none. Raises FIELD_NOT_VALID (leg)."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise not_valid("leg", Why.NOT_FOUND) from None


def clock_time(text):
    """A moment as a person corrects it: date and time in Norway, or None for empty."""
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise not_valid("leg_at", Why.NOT_A_DATE)
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def sending(body):
    """Whose presses (None: not said), the telephone's clock at the sending, the presses.

    Each press is read by itself: one that makes no sense is named and takes no other with
    it. Raises `ValueError` for what is not a sending at all.
    """
    came = json.loads(body)
    if not isinstance(came, dict) or not isinstance(came.get("presses"), list):
        raise ValueError("not a sending")
    sent_at = _moment(came.get("sent_at"))
    good, bad = [], []
    for one in came["presses"][:MOST_PRESSES]:
        try:
            good.append(
                Sent(
                    key=UUID(str(one["key"])),
                    what=str(one["what"]),
                    pressed_at=_moment(one["at"]),
                )
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            bad.append(str(one.get("key", ""))[:40] if isinstance(one, dict) else "")
    return came.get("user"), sent_at, good, bad


def _moment(text) -> datetime:
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None or not 2000 <= found.year <= 2100:
        raise ValueError("a moment needs a zone and a year of ours")
    return found


def _id(text, *, field="crew"):
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise not_valid(field, Why.NOT_FOUND)
    return int(text)
