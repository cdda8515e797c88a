"""Known shift patterns as a beginning: their lines become the workplace's own."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from varde.apps.records.models import Duty, ShiftPattern, User
from varde.apps.staffing.access import Workplace, WorkplaceKind
from varde.apps.staffing.queries.rota.limits import setting
from varde.apps.staffing.services.rota.making import PatternDetails, add_pattern
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.known_patterns import PATTERNS
from varde.domain.rota.patterns import DayType, Pattern, Shift


SENTRAL_POSTS = (Duty.Post.OPERATOR, Duty.Post.SHIFT_LEADER)
AT_HOME = (Duty.Post.BAKVAKT,)


def known_for(workplace: Workplace) -> Mapping[str, Pattern]:
    """The known patterns of what a sentral, or a station, has duties in."""
    is_sentral = workplace.kind is WorkplaceKind.SENTRAL
    return {
        code: pattern
        for code, pattern in PATTERNS.items()
        if all((shift.post in SENTRAL_POSTS) is is_sentral for shift in pattern.shifts)
    }


@transaction.atomic
def add_known_pattern(
    *,
    workplace: Workplace,
    code: str,
    valid_from: date | None,
    by: User,
    at: datetime,
) -> int:
    """Add those lines of a known pattern that the workplace does not have. How many.

    Of a bakvakt, who is at home, the share of the setting counts as work. Raises
    `RuleBroken`: PATTERN_VALUES_WRONG.
    """
    pattern = known_for(workplace).get(code)
    if pattern is None or valid_from is None:
        raise RuleBroken(Rule.PATTERN_VALUES_WRONG)
    standby = setting("standby_share", workplace, on=timezone.localdate(at))
    there = set(
        ShiftPattern.objects.filter(valid_to=None, **workplace.where).values_list(
            "post", "days", "starts", "ends"
        )
    )
    missing = [shift for shift in pattern.shifts if _line(shift) not in there]
    for shift in missing:
        add_pattern(
            workplace=workplace,
            details=PatternDetails(
                post=shift.post,
                name=shift.code.partition("-")[0].capitalize(),
                days=tuple(shift.days),
                starts=shift.starts,
                ends=shift.ends,
                needed=shift.needed,
                active_per_cent=standby * 100 if shift.post in AT_HOME else 100,
                group=shift.group,
                valid_from=valid_from,
            ),
            by=by,
            at=at,
        )
    return len(missing)


def _line(shift: Shift) -> tuple[object, ...]:
    days = ",".join(day.value for day in DayType if day in shift.days)
    return shift.post, days, shift.starts, shift.ends
