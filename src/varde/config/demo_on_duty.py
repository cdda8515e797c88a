"""Who is on duty in the demo: phones, nødnett in office hours, holders and deputies.

All made up. Something is left wanting, as it is in life: a number that nobody wrote, a
municipality without a deputy, a holder who goes on holiday.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import (
    Absence,
    Duty,
    DutyLine,
    FastlegeOffice,
    NodnettDay,
    NodnettMember,
    Position,
    Role,
    RoleGrant,
    Sentral,
    StandIn,
    Station,
    User,
)
from varde.apps.sentral.queries import standins
from varde.apps.staffing.access import Workplace, WorkplaceKind, workplaces
from varde.apps.staffing.services import nodnett
from varde.domain.standins import Hours


PHONES, DUTY_PHONES = 40_020_000, 40_010_000  # no number of these is anybody's
BEGAN_ON = date(2015, 1, 1)
LINE_POSTS = (Duty.Post.FORVAKT, Duty.Post.KONSULTASJONSVAKT, Duty.Post.BEREDSKAPSVAKT)
IN_TURN = 5  # doctors who take turns with nødnett
WEEKS = 10  # shared out ahead
LEFT_WEEKS = 4  # when so few are left, more are shared out
HOLIDAY_IN, HOLIDAY = timedelta(days=16), timedelta(days=6)


def lay(*, at: datetime) -> None:
    """Put in what is missing. Done at every start; what is there stays."""
    _phones()
    _lines(at=at)
    for place in workplaces():
        if place.kind is WorkplaceKind.STATION:
            _nodnett(place, at=at)
    for sentral in Sentral.objects.order_by("code"):
        _standins(sentral, at=at)


def _phones() -> None:
    """A number for everybody but the one who came last."""
    people = list(User.objects.filter(phone="").order_by("pk"))
    if User.objects.exclude(phone="").exists():
        return
    for person in people[:-1]:
        person.phone = str(PHONES + person.pk)
    User.objects.bulk_update(people[:-1], ["phone"], batch_size=500)


def _lines(*, at: datetime) -> None:
    if DutyLine.objects.exists():
        return
    used = set(
        Duty.objects.filter(station__isnull=False, post__in=LINE_POSTS)
        .order_by()
        .values_list("station", "station__code", "post")
        .distinct()
    )
    DutyLine.objects.bulk_create(
        DutyLine(
            station_id=station,
            post=post,
            phone=str(DUTY_PHONES + number),
            talkgroup=f"LEGEVAKT-{code.upper()}",
            radio=f"{7_400_000 + number}",
            set_at=at,
        )
        for number, (station, code, post) in enumerate(sorted(used), start=1)
    )


def _nodnett(place: Workplace, *, at: datetime) -> None:
    """Doctors and a surgery in turn, and the weeks ahead shared out."""
    today = timezone.localdate(at)
    station = Station.objects.get(pk=place.id)
    planner = _somebody(place, Role.LEGEVAKTOVERLEGE)
    doctors = list(
        Position.objects.filter(
            station=station, law=Position.Law.SFS2305, valid_from__lte=today
        )
        .order_by("person__username")
        .values_list("person", flat=True)[:IN_TURN]
    )
    if not doctors or planner is None:
        return
    if not NodnettMember.objects.filter(station=station).exists():
        office = FastlegeOffice.objects.filter(
            municipality=station.municipality_id
        ).first()
        rows = [
            NodnettMember(
                station=station,
                person_id=pk,
                radio=f"{7_500_000 + 100 * station.pk + number}",
                percent=50 if number == IN_TURN else 100,
                valid_from=BEGAN_ON,
            )
            for number, pk in enumerate(doctors, start=1)
        ]
        if office is not None:
            rows.append(
                NodnettMember(station=station, office=office, valid_from=BEGAN_ON)
            )
        NodnettMember.objects.bulk_create(rows)
    newest = NodnettDay.objects.filter(station=station).order_by("-on").first()
    if newest is not None and newest.on > today + timedelta(weeks=LEFT_WEEKS):
        return
    first = today if newest is None else max(today, newest.on + timedelta(days=1))
    nodnett.make_days(
        first_on=first.isoformat(),
        last_on=(today + timedelta(weeks=WEEKS)).isoformat(),
        turns_of=nodnett.TurnsOf.DAY,
        workplace=place,
        by=planner,
        at=at,
        today=today,
    )


def _standins(sentral: Sentral, *, at: datetime) -> None:
    """Holders and deputies; the last municipality has no smittevernlege."""
    today = timezone.localdate(at)
    functions = standins.functions_of_sentral(sentral, on=today)
    if any(StandIn.objects.filter(**one.where).exists() for one in functions):
        return
    people = _responsible(sentral)
    if not people:
        return
    of_municipality = [one for one in functions if one.municipality_id]
    left_out = of_municipality[-1:]
    rows = []
    for number, one in enumerate(functions):
        if one in left_out:
            continue
        holder, deputy = (
            people[number % len(people)],
            people[(number + 1) % len(people)],
        )
        rows.append(_row(one, holder, 0, Hours.ALL, at=at))
        if number % 3 != 2 and deputy != holder:
            rows.append(_row(one, deputy, 1, Hours.ALL, at=at))
    StandIn.objects.bulk_create(rows)
    away = rows[0].person
    if not Absence.objects.filter(person=away).exists():
        Absence.objects.create(
            person=away,
            ground=Absence.Ground.HOLIDAY,
            starts_on=today + HOLIDAY_IN,
            ends_on=today + HOLIDAY_IN + HOLIDAY,
            decided_by=away,
            decided_at=at,
        )


def _row(
    one: standins.FunctionOf, person: User, rank: int, hours: Hours, *, at: datetime
) -> StandIn:
    return StandIn(
        **one.where,
        person=person,
        rank=rank,
        hours=hours.value,
        valid_from=BEGAN_ON,
        made_at=at,
    )


def _responsible(sentral: Sentral) -> Sequence[User]:
    """Kommuneoverleger and legevaktoverleger of the sentral and its districts."""
    served = sentral.serves.values("district")
    grants = RoleGrant.objects.filter(
        Q(sentral=sentral) | Q(district__in=served) | Q(station__district__in=served),
        role__in=[Role.KOMMUNEOVERLEGE, Role.LEGEVAKTOVERLEGE],
    ).select_related("user")
    return list({row.user_id: row.user for row in grants.order_by("pk")}.values())


def _somebody(place: Workplace, role: Role) -> User | None:
    held = RoleGrant.objects.filter(
        Q(station=place.id)
        | Q(district=place.district_id)
        | Q(sentral__in=place.sentraler),
        role=role,
    )
    grant = held.select_related("user").order_by("pk").first()
    return grant.user if grant is not None else None
