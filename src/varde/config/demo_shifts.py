"""The shift rotas of the demo: the operators of the sentral, the nurses of one station.

From tomorrow to the end of the quarter, made by the same method that proposes a rota on the
screen, so that no hard rule is broken. The duties that were put up before give way.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from varde.apps.records.models import (
    Duty,
    Position,
    Rota,
    RotaChange,
    RotaDuty,
    Sentral,
    ShiftPattern,
    Station,
    User,
)
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.queries.rota.limits import limits_for
from varde.apps.staffing.rota_access import workplace_of
from varde.apps.staffing.services.rota.making import as_pattern
from varde.domain.rota.known_patterns import OPERATORS
from varde.domain.rota.patterns import FREE_DAYS, WORKING_DAYS, slots_of


SEED = 1
LEAST_DAYS = 14  # a shorter rest of a quarter is left as it is
OPERATOR_NAMES = {
    "dag": "Dag",
    "mellom": "Mellomvakt",
    "kveld": "Kveld",
    "natt": "Natt",
    "lang": "Langvakt helg",
    "helgekveld": "Kveld helg",
}
NURSE_SHIFTS = (
    ("Dag", WORKING_DAYS, time(7, 30), time(15, 30)),
    ("Kveld", WORKING_DAYS, time(15), time(22, 30)),
    ("Natt", WORKING_DAYS, time(22), time(8)),
    ("Langvakt helg", FREE_DAYS, time(7, 30), time(19, 30)),
    ("Langvakt natt", FREE_DAYS, time(19, 30), time(7, 45)),
)


def operator_patterns(sentral: Sentral, *, valid_from: date) -> None:
    """Three shifts with mid and long shifts, as the sentraler of the country have them."""
    where = {"sentral": sentral, "post": Duty.Post.OPERATOR}
    if ShiftPattern.objects.filter(**where).exists():
        return
    ShiftPattern.objects.bulk_create(
        ShiftPattern(
            name=OPERATOR_NAMES[shift.code],
            days=",".join(sorted(shift.days)),
            starts=shift.starts,
            ends=shift.ends,
            needed=shift.needed,
            valid_from=valid_from,
            **where,
        )
        for shift in OPERATORS.shifts
    )


def nurse_patterns(station: Station, *, valid_from: date) -> None:
    """One nurse at a time, round the clock; twelve hours at weekends."""
    where = {"station": station, "post": Duty.Post.NURSE}
    if ShiftPattern.objects.filter(**where).exists():
        return
    ShiftPattern.objects.bulk_create(
        ShiftPattern(
            name=name,
            days=",".join(sorted(days)),
            starts=starts,
            ends=ends,
            valid_from=valid_from,
            **where,
        )
        for name, days, starts, ends in NURSE_SHIFTS
    )


def open_sentral(
    sentral: Sentral, *, on: date, last: date, planner: User | None, at: datetime
) -> Rota | None:
    """A published rota of the sentral from tomorrow on, without duties; None where there
    is one, or where little is left of the quarter."""
    first = on + timedelta(days=1)
    known = Rota.objects.filter(
        sentral=sentral, starts_on__lte=last, ends_on__gte=first
    ).exclude(state=Rota.State.DROPPED)
    if (last - first).days < LEAST_DAYS or known.exists():
        return None
    made = Rota.objects.create(
        sentral=sentral,
        starts_on=first,
        ends_on=last,
        state=Rota.State.PUBLISHED,
        version=1,
        made_by=planner,
        made_at=at,
        published_by=planner,
        published_at=at,
    )
    RotaChange.objects.create(
        rota=made, kind=RotaChange.Kind.PUBLISHED, version=1, by=planner, at=at
    )
    return made


def put_in_shifts(rota: Rota, *, post: Duty.Post, first: date) -> int:
    """Add the duties of a post to a published rota from a day on, and fill them.

    Returns how many are left vacant.
    """
    if (rota.ends_on - first).days < LEAST_DAYS:
        return 0
    workplace = workplace_of(rota)
    limits = limits_for(workplace, first=first, last=rota.ends_on)
    rows = ShiftPattern.objects.filter(post=post, valid_to=None, **workplace.where)
    places = RotaDuty.objects.bulk_create(
        [
            RotaDuty(
                rota=rota,
                post=post,
                starts_at=slot.span.starts_at,
                ends_at=slot.span.ends_at,
                pattern=row,
            )
            for row in rows
            for slot in slots_of(
                as_pattern(row), first=first, last=rota.ends_on, limits=limits
            )
        ],
        batch_size=1000,
    )
    found = _filled(rota, post=post, first=first)
    for place in places:
        person = found.get(str(place.pk))
        place.person_id = int(person) if person else None
    _publish(rota, places, post=post, first=first)
    return sum(place.person_id is None for place in places)


def _filled(rota: Rota, *, post: Duty.Post, first: date) -> dict[str, str]:
    """Who has which of the duties of a post: a first rota that breaks no hard rule."""
    # The solver takes a second to load, and most processes never need it.
    from varde.engines.rostering.duties.construct import first_rota

    workplace = workplace_of(rota)
    ground = ground_of(rota, workplace=workplace)
    whole = ground.problem()
    workers = tuple(one for one in whole.workers if post.value in one.posts)
    ids = {one.id for one in workers}
    return first_rota(
        replace(
            whole,
            slots=tuple(slot for slot in whole.slots if slot.post == post),
            workers=workers,
            wishes=tuple(wish for wish in whole.wishes if wish.worker in ids),
            fixed={},
            earlier={who: rows for who, rows in whole.earlier.items() if who in ids},
        ),
        seed=SEED,
        should_stop=lambda: False,
    )


def _publish(
    rota: Rota, places: list[RotaDuty], *, post: Duty.Post, first: date
) -> None:
    where = {"station": rota.station, "sentral": rota.sentral}
    period = whole_days(first, rota.ends_on)
    Duty.objects.filter(
        post=post,
        starts_at__gte=period.starts_at,
        starts_at__lt=period.ends_at,
        rota_duty=None,
        **where,
    ).delete()
    taken = [place for place in places if place.person_id]
    made = Duty.objects.bulk_create(
        [
            Duty(
                person_id=place.person_id,
                post=post,
                starts_at=place.starts_at,
                ends_at=place.ends_at,
                **where,
            )
            for place in taken
        ],
        batch_size=1000,
    )
    for place, duty in zip(taken, made, strict=True):
        place.duty = duty
    RotaDuty.objects.bulk_update(places, ["person", "duty"], batch_size=1000)


def people_with(post: Duty.Post, **where: Station | Sentral) -> list[User]:
    """Those whose position at a place gives them duty in a post."""
    category = (
        Position.Category.NURSE
        if post is Duty.Post.NURSE
        else Position.Category.OPERATOR
    )
    found = User.objects.filter(
        **{f"positions__{name}": place for name, place in where.items()},
        positions__category=category,
    )
    return list(found.distinct().order_by("pk"))
