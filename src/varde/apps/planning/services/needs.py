"""The operators that a sentral needs, handed to the rota and ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from varde.apps.records.models import OperatorNeed, Sentral, User
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.needs import HALVES_A_DAY
from varde.apps.staffing.services.acting import last_day, needed_day, tell
from varde.domain.errors import Rule, RuleBroken


HALVES_A_WEEK = 7 * HALVES_A_DAY
ONE_DAY = timedelta(days=1)


@transaction.atomic
def hand_over(
    *,
    workplace: Workplace,
    first_on: str,
    last_on: str,
    operators: Sequence[int],
    assumed: Mapping[str, Any],
    met: Mapping[str, Any],
    by: User,
    at: datetime,
    today: date,
) -> OperatorNeed:
    """Hand the operators of each half hour of a week to the rota of a sentral.

    Raises `RuleBroken`: FIELD_NOT_VALID (first_on, last_on), NEED_NOT_COUNTED.
    """
    if len(operators) != HALVES_A_WEEK:
        raise RuleBroken(Rule.NEED_NOT_COUNTED)
    # The sentral's row is the gate: the order of two needs is never in doubt.
    Sentral.objects.select_for_update().get(pk=workplace.sentral_id)
    first = needed_day("first_on", first_on)
    if first < today:
        raise not_valid("first_on", Why.IN_THE_PAST)
    last = last_day("last_on", last_on, first=first)
    row = OperatorNeed.objects.create(
        sentral_id=workplace.sentral_id,
        valid_from=first,
        valid_to=None if last is None else last + ONE_DAY,
        operators=list(operators),
        assumed=dict(assumed),
        met=dict(met),
        handed_by=by,
        handed_at=at,
    )
    tell(
        "operator_need_handed",
        row,
        workplace=workplace,
        by=by,
        at=at,
        valid_from=first.isoformat(),
        valid_to=None if row.valid_to is None else row.valid_to.isoformat(),
    )
    return row


@transaction.atomic
def end_need(
    *, need_id: int, workplace: Workplace, by: User, at: datetime, today: date
) -> bool:
    """End a need: today is its last day. One that has not begun is taken away.

    Returns whether it had begun. Raises `RuleBroken`: NEED_IS_ENDED.
    """
    rows = OperatorNeed.objects.select_for_update(of=("self",))
    row = rows.filter(pk=need_id, sentral=workplace.sentral_id).first()
    if row is None:  # taken away a moment ago
        raise RuleBroken(Rule.NEED_IS_ENDED)
    if row.ended_at is not None or (row.valid_to is not None and row.valid_to <= today):
        raise RuleBroken(Rule.NEED_IS_ENDED)
    tell("operator_need_ended", row, workplace=workplace, by=by, at=at)
    if row.valid_from > today:
        row.delete()
        return False
    row.valid_to = today + ONE_DAY
    row.ended_by, row.ended_at = by, at
    row.save(update_fields=["valid_to", "ended_by", "ended_at"])
    return True
