"""A place of a rota, or a duty outside it, as the rules see it."""

from varde.apps.records.models import RotaDuty
from varde.domain.rota.limits import Limits
from varde.domain.rota.patterns import accounts_of
from varde.domain.rota.values import Account, Slot, Span


MOST_KNOWN = 20_000  # duties whose accounts a process remembers
_known_accounts: dict[tuple[object, ...], frozenset[Account]] = {}


def slot_of(row: RotaDuty, *, limits: Limits) -> Slot:
    """A place of the rota as the rules see it."""
    span = Span(starts_at=row.starts_at, ends_at=row.ends_at)
    return Slot(
        id=str(row.pk),
        post=row.post,
        span=span,
        accounts=accounts(span, post=row.post, limits=limits),
        active_share=float(row.active_share),
        group=row.group,
        is_phone_only=row.is_phone_only,
    )


def accounts(span: Span, *, post: str, limits: Limits) -> frozenset[Account]:
    """The accounts of a duty, remembered: the same duty is asked for at every look."""
    place = (
        span,
        post,
        limits.account_hours,
        limits.evening,
        limits.night,
        limits.eve_from,
        limits.backup_posts,
        limits.calendar.holidays,
        limits.calendar.eves,
    )
    found = _known_accounts.get(place)
    if found is None:
        if len(_known_accounts) >= MOST_KNOWN:
            _known_accounts.clear()
        found = _known_accounts[place] = accounts_of(span, post=post, limits=limits)
    return found
