"""Who is planned at a sentral's telephones, half hour by half hour."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from varde.apps.planning.queries.demand import OSLO
from varde.apps.records.models import Duty, Sentral


HALF_HOUR = timedelta(minutes=30)
POSTS = (Duty.Post.OPERATOR, Duty.Post.SHIFT_LEADER)


def planned(sentral: Sentral, begins: Sequence[datetime]) -> list[int] | None:
    """How many have a published duty through each of these half hours, on the local clock.

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
    return [
        len(
            {
                who
                for who, starts, ends in rows
                if starts <= at and at + HALF_HOUR <= ends
            }
        )
        for at in moments
    ]
