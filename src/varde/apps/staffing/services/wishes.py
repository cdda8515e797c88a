"""What a person wishes of the rota, said by the person."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import User, Wish
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.services.acting import tell
from varde.domain.errors import Rule, RuleBroken


WEIGHTS = (1, 2, 3)
AHEAD = timedelta(days=2 * 366)  # ours: no rota is made longer ahead
MOST_WISHES = 200  # of one person, of days that come; ours


@transaction.atomic
def give_wish(
    *,
    wants: str,
    first: date | None,
    last: date | None,
    weight: int,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> Wish:
    """Wish to be free, or to have duty, on whole days. The last day counts too.

    Raises `RuleBroken`: WISH_DATES_WRONG, WISH_IN_THE_PAST, WISH_TOO_FAR (last_on),
    WISH_OVERLAPS, WISHES_ARE_MANY (most).
    """
    if first is None or last is None or last < first or weight not in WEIGHTS:
        raise RuleBroken(Rule.WISH_DATES_WRONG)
    if wants not in Wish.Wants.values:
        raise RuleBroken(Rule.WISH_DATES_WRONG)
    if first <= timezone.localdate(at):
        raise RuleBroken(Rule.WISH_IN_THE_PAST)
    furthest = timezone.localdate(at) + AHEAD
    if last > furthest:
        raise RuleBroken(Rule.WISH_TOO_FAR, last_on=furthest.isoformat())
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # one wish at a time
    span = whole_days(first, last)
    if Wish.objects.filter(
        person=by, starts_at__lt=span.ends_at, ends_at__gt=span.starts_at
    ).exists():
        raise RuleBroken(Rule.WISH_OVERLAPS)
    if Wish.objects.filter(person=by, ends_at__gt=at).count() >= MOST_WISHES:
        raise RuleBroken(Rule.WISHES_ARE_MANY, most=str(MOST_WISHES))
    made = Wish.objects.create(
        person=by,
        wants=wants,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        weight=weight,
        said_at=at,
    )
    tell("rota_wish_given", made, workplace=workplace, by=by, at=at)
    return made


@transaction.atomic
def take_back_wish(
    *, wish_id: int, workplace: Workplace, by: User, at: datetime
) -> None:
    """Take back a wish of one's own. One for a period that has begun stays.

    Raises `RuleBroken`: WISH_IN_THE_PAST.
    """
    row = Wish.objects.select_for_update(of=("self",)).get(pk=wish_id, person=by)
    if row.starts_at <= at:
        raise RuleBroken(Rule.WISH_IN_THE_PAST)
    tell("rota_wish_taken_back", row, workplace=workplace, by=by, at=at)
    row.delete()
