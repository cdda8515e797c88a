"""The rotas of the demo: positions, patterns, this quarter's rota, wishes and a LIS1.

The rota of this quarter is made of the duties that are there already, so that both say the
same. Next quarter's duties are preliminary: they give way when a leader publishes a rota.
"""

from datetime import date, datetime, time, timedelta
from itertools import count

from django.db.models import Count, Q
from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    CompetenceDocument,
    Duty,
    Position,
    Role,
    RoleGrant,
    Rota,
    RotaChange,
    RotaDuty,
    Sentral,
    ShiftPattern,
    Station,
    User,
    Wish,
)
from varde.apps.staffing.queries.rota.crew import whole_days
from varde.apps.staffing.queries.rota.lists import next_quarter, quarter_of
from varde.apps.staffing.services.rota.known import AT_HOME
from varde.config import demo_mend, demo_shifts
from varde.domain.rota.patterns import FREE_DAYS, WORKING_DAYS


BEGAN_ON = date(2015, 1, 1)
TRAINED_ON = date(2022, 1, 10)
DOCUMENTS = (
    "authorisation",
    "specialist_allmennmedisin",
    "course_acute_medicine",
    "course_violence_abuse",
)
EMPLOYER = "Kommunen (oppdiktet)"
SHIFTS = (
    ("Dag", WORKING_DAYS, time(8), time(15, 30)),
    ("Kveld og natt", WORKING_DAYS, time(15, 30), time(8)),
    ("Døgn", FREE_DAYS, time(8), time(8)),
)
CATEGORY = {
    Role.OPERATOR: (Position.Category.OPERATOR, Position.Law.AML),
    Role.SHIFT_LEADER: (Position.Category.OPERATOR, Position.Law.AML),
    Role.NURSE: (Position.Category.NURSE, Position.Law.AML),
    Role.DOCTOR: (Position.Category.FASTLEGE, Position.Law.SFS2305),
}
LIS1 = "lis1"
NEW = "nylege"  # has the courses, and not the months of service: needs a bakvakt
NEWCOMERS = (
    (LIS1, "Liv", "Turnus", Position.Category.LIS1, 1999, ()),
    (
        NEW,
        "Nils",
        "Nyvei",
        Position.Category.FASTLEGE,
        1995,
        (
            "authorisation",
            "lis1_completed",
            "course_acute_medicine",
            "course_violence_abuse",
        ),
    ),
)
WISHES = (  # days into the quarter, how many, what, weight
    (5, 2, "free", 3),
    (19, 9, "free", 2),
    (47, 1, "free", 1),
    (61, 1, "duty", 2),
)


def lay(*, at: datetime) -> None:
    """Put in what is missing. Done at every start; what is there stays."""
    on = timezone.localdate(at)
    _positions()
    example = _largest()
    for station in Station.objects.order_by("code"):
        doctors = _doctors(station)
        posts = _posts(station, at=at)
        if not doctors or not posts:
            continue
        _documents(doctors, at=at)
        _patterns(station, posts)
        made = _rota(station, on=on, at=at)
        is_example = station == example
        if made is not None and is_example:
            _nurses(made, on=on, at=at)
        if made is not None:
            demo_mend.mend(made, at=at, keeps_example=is_example)
        _wishes(doctors, on=on, at=at)
    _operators(on=on, at=at)
    _newcomers(on=on, at=at)


def _positions() -> None:
    """A position for everybody with a role where people have duties."""
    known = set(Position.objects.values_list("person_id", flat=True))
    grants = RoleGrant.objects.filter(role__in=list(CATEGORY), district=None).exclude(
        user__in=known
    )
    rows: dict[int, Position] = {}
    for grant in grants.select_related("station").order_by("pk"):
        category, law = CATEGORY[Role(grant.role)]
        rows.setdefault(
            grant.user_id,
            Position(
                person_id=grant.user_id,
                category=category,
                law=law,
                share=1,
                employer=EMPLOYER,
                municipality_id=grant.station.municipality_id
                if grant.station
                else None,
                station_id=grant.station_id,
                sentral_id=grant.sentral_id,
                valid_from=BEGAN_ON,
            ),
        )
    Position.objects.bulk_create(rows.values())


def _doctors(station: Station) -> list[User]:
    return list(
        User.objects.filter(
            positions__station=station, positions__law=Position.Law.SFS2305
        )
        .distinct()
        .order_by("pk")
    )


def _posts(station: Station, *, at: datetime) -> list[Duty.Post]:
    used = set(
        Duty.objects.filter(station=station, ends_at__gt=at).values_list(
            "post", flat=True
        )
    )
    return [post for post in Duty.DOCTOR_POSTS if post.value in used]


def _documents(doctors: list[User], *, at: datetime) -> None:
    """What lets a doctor work alone, for those of whom nothing is written."""
    known = set(
        CompetenceDocument.objects.filter(person__in=doctors).values_list(
            "person_id", flat=True
        )
    )
    CompetenceDocument.objects.bulk_create(
        CompetenceDocument(
            person=doctor,
            kind=kind,
            first_on=TRAINED_ON,
            recorded_by=doctor,
            recorded_at=at,
        )
        for doctor in doctors
        if doctor.pk not in known and doctor.username not in (LIS1, NEW)
        for kind in DOCUMENTS
    )


def _patterns(station: Station, posts: list[Duty.Post]) -> None:
    if ShiftPattern.objects.filter(station=station).exists():
        return
    ShiftPattern.objects.bulk_create(
        ShiftPattern(
            station=station,
            post=post,
            name=name,
            days=",".join(sorted(days)),
            starts=starts,
            ends=ends,
            active_share=_active_share(post),
            valid_from=BEGAN_ON,
        )
        for post in posts
        for name, days, starts, ends in SHIFTS
    )


def _active_share(post: str) -> float:
    """How much of a duty counts as work: all, but for a standby at home."""
    if post not in AT_HOME:
        return 1
    share: float = settings.value("rota.standby_share", on=timezone.localdate())
    return share


def _rota(station: Station, *, on: date, at: datetime) -> Rota | None:
    """This quarter's rota, published, of the duties that are there; None if it is made."""
    first, last = quarter_of(on.year, (on.month - 1) // 3 + 1)
    if (
        Rota.objects.filter(station=station, starts_on__lte=last, ends_on__gte=first)
        .exclude(state=Rota.State.DROPPED)
        .exists()
    ):
        return None
    period = whole_days(first, last)
    duties = Duty.objects.filter(
        station=station,
        post__in=Duty.DOCTOR_POSTS,
        starts_at__gte=period.starts_at,
        starts_at__lt=period.ends_at,
        rota_duty=None,
    ).order_by("starts_at", "pk")
    planner = planner_of(station.district_id, station)
    rota = Rota.objects.create(
        station=station,
        starts_on=first,
        ends_on=last,
        state=Rota.State.PUBLISHED,
        version=1,
        made_by=planner,
        made_at=at,
        published_by=planner,
        published_at=at,
    )
    RotaDuty.objects.bulk_create(
        [
            RotaDuty(
                rota=rota,
                post=duty.post,
                starts_at=duty.starts_at,
                ends_at=duty.ends_at,
                active_share=_active_share(duty.post),
                person_id=duty.person_id,
                duty=duty,
            )
            for duty in duties
        ],
        batch_size=1000,
    )
    RotaChange.objects.create(
        rota=rota, kind=RotaChange.Kind.PUBLISHED, version=1, by=planner, at=at
    )
    return rota


def _nurses(rota: Rota, *, on: date, at: datetime) -> None:
    """The nurses of the station in the same rota, from tomorrow, and their wishes."""
    demo_shifts.nurse_patterns(rota.station, valid_from=BEGAN_ON)
    demo_shifts.put_in_shifts(rota, post=Duty.Post.NURSE, first=on + timedelta(days=1))
    nurses = demo_shifts.people_with(Duty.Post.NURSE, station=rota.station)
    _wishes(nurses, on=on, at=at)


def _operators(*, on: date, at: datetime) -> None:
    """The largest sentral's rota from tomorrow, and the operators' wishes."""
    sentral = (
        Sentral.objects.annotate(
            people=Count("position", filter=Q(position__category="operator"))
        )
        .order_by("-people", "code")
        .first()
    )
    if sentral is None:
        return
    demo_shifts.operator_patterns(sentral, valid_from=BEGAN_ON)
    _first, last = quarter_of(on.year, (on.month - 1) // 3 + 1)
    planner = planner_of(sentral.host_district_id)
    rota = demo_shifts.open_sentral(sentral, on=on, last=last, planner=planner, at=at)
    if rota is not None:
        demo_shifts.put_in_shifts(rota, post=Duty.Post.OPERATOR, first=rota.starts_on)
        demo_mend.mend(rota, at=at, keeps_example=False)
    operators = demo_shifts.people_with(Duty.Post.OPERATOR, sentral=sentral)
    _wishes(operators, on=on, at=at)


def _largest() -> Station | None:
    """The station with the most doctors."""
    found = [(len(_doctors(one)), one.code, one) for one in Station.objects.all()]
    return max(found, key=lambda line: line[:2])[2] if found else None


def leader_of(station: Station) -> User | None:
    """The legevaktoverlege of a station, who plans its rota."""
    return planner_of(station.district_id, station)


def planner_of(district_id: int, station: Station | None = None) -> User | None:
    """The legevaktoverlege of a district, or of a station in it."""
    held = RoleGrant.objects.filter(
        Q(district=district_id)
        | Q(station=station, station__isnull=False)
        | Q(sentral__serves__district=district_id),
        role=Role.LEGEVAKTOVERLEGE,
    )
    grant = held.select_related("user").order_by("pk").first()
    return grant.user if grant is not None else None


def _wishes(doctors: list[User], *, on: date, at: datetime) -> None:
    """Wishes for next quarter, another few days for each."""
    first, last = next_quarter(on)
    period = whole_days(first, last)
    if Wish.objects.filter(
        person__in=doctors, starts_at__lt=period.ends_at, ends_at__gt=period.starts_at
    ).exists():
        return
    rows = []
    for number, doctor in zip(count(), doctors, strict=False):
        for place, (day, days, wants, weight) in enumerate(WISHES):
            if (number + place) % 2:
                continue
            starts = first + timedelta(days=day + 3 * number % 21)
            span = whole_days(starts, min(last, starts + timedelta(days=days - 1)))
            rows.append(
                Wish(
                    person=doctor,
                    wants=wants,
                    starts_at=span.starts_at,
                    ends_at=span.ends_at,
                    weight=weight,
                    said_at=at,
                )
            )
    Wish.objects.bulk_create(rows)


def _newcomers(*, on: date, at: datetime) -> None:
    """Two who begin at the largest station next quarter: a LIS1, and one on the way."""
    station = _largest()
    if station is None or User.objects.filter(username=LIS1).exists():
        return
    first, _last = next_quarter(on)
    known = User.objects.exclude(password="").order_by("pk").first()
    for username, first_name, last_name, category, born_year, documents in NEWCOMERS:
        person = User.objects.create(
            username=username,
            first_name=first_name,
            last_name=last_name,
            born_year=born_year,
            password=known.password if known is not None else "",
        )
        RoleGrant.objects.create(
            user=person, role=Role.DOCTOR, station=station, valid_from=BEGAN_ON
        )
        Position.objects.create(
            person=person,
            category=category,
            law=Position.Law.SFS2305,
            share=1,
            employer=EMPLOYER,
            municipality_id=station.municipality_id,
            station=station,
            valid_from=first,
        )
        CompetenceDocument.objects.bulk_create(
            CompetenceDocument(
                person=person,
                kind=kind,
                first_on=on,
                recorded_by=planner_of(station.district_id, station) or person,
                recorded_at=at,
            )
            for kind in documents
        )
