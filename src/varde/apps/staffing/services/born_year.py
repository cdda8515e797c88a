"""Writing the birth years that the years ahead are counted from."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import User
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.ahead import doctors_at
from varde.domain.errors import Rule, RuleBroken


YOUNGEST, OLDEST = 20, 85  # years of a person with duty


@transaction.atomic
def set_born_years(
    *, workplace: Workplace, typed: Mapping[int, str], by: User, at: datetime
) -> int:
    """Write the birth years of doctors at a workplace; "" is unknown. Returns how many new.

    All or none: raises `RuleBroken` for one that is no such year, and 404 for a person who
    is not among the doctors there. The log has who and whose, not the year.
    """
    today = timezone.localdate(at)
    there = {doctor.user_id for doctor in doctors_at(workplace, on=today).doctors}
    if not there.issuperset(typed):
        raise Http404
    rows = User.objects.select_for_update().in_bulk(sorted(typed))
    changed = 0
    for pk, text in typed.items():
        user, year = rows[pk], _year(text, who=rows[pk].name, now=today.year)
        if user.born_year == year:
            continue
        user.born_year = year
        user.save(update_fields=["born_year"])
        changed += 1
        audit.log(
            what="born_year_set",
            by=by,
            at=at,
            district_id=workplace.district_id,
            table="records_user",
            row_id=pk,
        )
    return changed


def _year(text: str, *, who: str, now: int) -> int | None:
    stripped = text.strip()
    if not stripped:
        return None
    first, last = now - OLDEST, now - YOUNGEST
    if not (stripped.isascii() and stripped.isdigit() and len(stripped) == 4):
        raise RuleBroken(
            Rule.BORN_YEAR_WRONG, who=who, first=str(first), last=str(last)
        )
    year = int(stripped)
    if not first <= year <= last:
        raise RuleBroken(
            Rule.BORN_YEAR_WRONG, who=who, first=str(first), last=str(last)
        )
    return year
