"""Who is planned at a sentral's telephones, half hour by half hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from varde.apps.planning.queries.demand import OSLO
from varde.apps.records.models import Duty, Sentral


HALF_HOUR = timedelta(minutes=30)
POSTS = (Duty.Post.OPERATOR, Duty.Post.SHIFT_LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """How many are there in each half hour of the local clock, and the hours of it all.

    An hour that is left out or comes twice when the clock is changed counts as often as it
    comes in `hours`; in `each` it stands once, as the half hours that were asked for.
    """

    each: list[int]
    hours: float


def planned(sentral: Sentral, begins: Sequence[datetime]) -> Planned | None:
    """Who has a published duty through each of these half hours, which follow each other.

    None where nobody has a duty in any of them: then nothing is planned yet.
    """
    moments = [one.replace(tzinfo=OSLO).astimezone(UTC) for one in begins]
    rows = list(
        Duty.objects.filter(
            sentral=sentral,
            post__in=POSTS,
            starts_at__lt=moments[-1] + HALF_HOUR,
            ends_at__gt=moments[0],
        ).values_list("person_id", "starts_at", "ends_at")
    )
    if not rows:
        return None
    there = {
        at: len(
            {
                who
                for who, starts, ends in rows
                if starts <= at and at + HALF_HOUR <= ends
            }
        )
        for at in _each(moments[0], moments[-1])
    }
    return Planned(each=[there[at] for at in moments], hours=sum(there.values()) / 2)


def _each(first: datetime, last: datetime) -> list[datetime]:
    """The half hours that there are from the first to the last, whatever the clock shows."""
    return [first + n * HALF_HOUR for n in range((last - first) // HALF_HOUR + 1)]
