"""What every write about people has in common: the lock, the line in the log, the checks."""

from datetime import date, datetime
from typing import Any

from varde.apps.records import audit
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import User
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.staffing.access import Workplace
from varde.apps.station.services import typed


def locked(person: User) -> User:
    """The person, locked until the end of the transaction: one write at a time."""
    return User.objects.select_for_update().get(pk=person.pk)


def log(
    what: str,
    row: Any,
    *,
    by: User | None,
    at: datetime,
    place: Workplace | None = None,
    **data: Any,
) -> None:
    """One line of the log: codes and ids, never a text about anybody."""
    audit.log(
        what=what,
        by=by,
        at=at,
        table=row._meta.db_table,
        row_id=row.pk,
        district_id=None if place is None else place.district_id,
        place="" if place is None else place.code,
        purpose="",
        data=data,
    )


def tell(
    what: str,
    row: Any,
    *,
    workplace: Workplace,
    by: User | None,
    at: datetime,
    **data: Any,
) -> None:
    """One line of the log about the rota of a workplace, and news for its screens."""
    log(what, row, by=by, at=at, place=workplace, **data)
    for sentral_id in workplace.sentraler:
        announce(Topic.ROTA, sentral_id=sentral_id)


def needed_day(field: str, text: str) -> date:
    """A date that must be there. Raises FIELD_NOT_VALID."""
    found = typed.day(field, text)
    if found is None:
        raise not_valid(field, Why.EMPTY)
    return found


def last_day(field: str, text: str, *, first: date) -> date | None:
    """The last day of a period, or None. Raises FIELD_NOT_VALID for one before the first."""
    found = typed.day(field, text)
    if found is not None and found < first:
        raise not_valid(field, Why.BEFORE_THE_FIRST)
    return found


def share(field: str, text: str) -> str:
    """A share of a whole from per cent, as 0.6 from 60: above 0, at most 100.

    Raises FIELD_NOT_VALID.
    """
    cleaned = text.strip().rstrip("%").strip().replace(",", ".")
    try:
        percent = float(cleaned)
    except ValueError:
        raise not_valid(field, Why.NOT_A_NUMBER) from None
    if not 0 < percent <= 100:
        raise not_valid(field, Why.NOT_A_PERCENTAGE)
    return f"{percent / 100:.3f}"
