"""What each was above or below the fair share in the rotas of the last years."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from varde.apps.records.models import Rota, RotaDuty
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.crew import (
    OSLO,
    Staff,
    Written,
    whole_days,
    workers_of,
)
from varde.apps.staffing.queries.rota.limits import limits_for, setting
from varde.apps.staffing.queries.rota.slots import slot_of
from varde.domain.rota.fairness import Standing, credit_of, standings
from varde.domain.rota.values import Account, Span


YEAR = timedelta(days=365)


def earlier_places(rota: Rota, *, workplace: Workplace) -> list[RotaDuty]:
    """The places that somebody had in the published rotas of the last years, before this
    one, each with its rota."""
    years = setting("history_years", workplace, on=rota.starts_on)
    since = datetime.combine(rota.starts_on - years * YEAR, time(), tzinfo=OSLO)
    return list(
        RotaDuty.objects.filter(
            rota__state=Rota.State.PUBLISHED,
            rota__ends_on__lt=rota.starts_on,
            starts_at__gte=since,
            person__isnull=False,
            **{f"rota__{name}": value for name, value in workplace.where.items()},
        ).select_related("rota")
    )


def credits_of(
    places: Sequence[RotaDuty],
    *,
    staff: Staff,
    written: Written,
    workplace: Workplace,
) -> Mapping[str, Mapping[Account, float]]:
    """The credit of everybody who was in an earlier rota. Nobody else has any.

    Each rota is counted among those who were there then: with the positions, the leave
    and the competence of its days. Who has left takes the credit along.
    """
    by_rota: dict[Rota, list[RotaDuty]] = defaultdict(list)
    for place in places:
        by_rota[place.rota].append(place)
    periods = [
        (rota.ends_on, _standings(rota, mine, staff, written, workplace))
        for rota, mine in by_rota.items()
    ]
    return credit_of(periods, since=date.min)  # what is older was not read


def _standings(
    rota: Rota,
    places: Sequence[RotaDuty],
    staff: Staff,
    written: Written,
    workplace: Workplace,
) -> tuple[Standing, ...]:
    """How a rota was shared. Duties of those who fill in only were nobody's to share."""
    limits = limits_for(workplace, first=rota.starts_on, last=rota.ends_on)
    posts = {place.post for place in places}
    workers = tuple(
        worker
        for worker in workers_of(
            staff.people(first=rota.starts_on, last=rota.ends_on),
            written=written,
            period=whole_days(rota.starts_on, rota.ends_on),
            duties=[
                Span(starts_at=row.starts_at, ends_at=row.ends_at) for row in places
            ],
        )
        if worker.posts & posts
    )
    sharing = {worker.id for worker in workers if worker.share > 0}
    shared = [place for place in places if str(place.person_id) in sharing]
    return standings(
        slots=tuple(slot_of(place, limits=limits) for place in shared),
        workers=workers,
        assignment={str(place.pk): str(place.person_id) for place in shared},
    )
