"""The doctors of a workplace and its rota now, and what the years ahead make of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from varde.apps.records import holidays, settings
from varde.apps.records.models import Absence, Duty, Position, Qualification, User
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.work import DOCTOR_POSTS, ZONE
from varde.domain.load.rotation import RotaShape
from varde.domain.rota.values import Span
from varde.domain.workdays import SATURDAY, is_workday
from varde.engines.years_ahead.doctors import (
    MONTHS,
    Assumptions,
    ByAge,
    Doctor,
    by_age,
)
from varde.engines.years_ahead.simulation import YearEnd, by_year, in_rota


LOOK_BACK = timedelta(weeks=13)  # of published duties, for the shape of the rota
ON_DUTY_BEFORE = timedelta(weeks=26)
RUNS = 2000
SEED = 1
LOW, HIGH = 0.1, 0.9  # eight of ten runs lie between
# Doctors whose posts are there to stay: not LIS1, who comes and goes, and not vikarer.
LASTING = (
    Position.Category.FASTLEGE,
    Position.Category.LIS3,
    Position.Category.LEGEVAKTLEGE,
    Position.Category.SYKEHJEMSLEGE,
    Position.Category.KOMMUNEOVERLEGE,
)
OUT_OF_ROTA = (
    Absence.Ground.LEAVE,
    Absence.Ground.EXEMPT_AGE,
    Absence.Ground.EXEMPT_PREGNANT,
    Absence.Ground.EXEMPT_BREASTFEEDING,
    Absence.Ground.EXEMPT_HEALTH,
    Absence.Ground.EXEMPT_SOCIAL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorHere:
    """A doctor with a lasting post, as the planners see them."""

    user_id: int
    name: str
    born_year: int | None
    back_in: int | None

    def to_engine(self) -> Doctor:
        """Without the name."""
        return Doctor(born_year=self.born_year, back_in=self.back_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorsHere:
    """The doctors by name, and whether they are known by position or by duties alone."""

    doctors: tuple[DoctorHere, ...]
    is_by_position: bool
    lis1: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The years ahead: the simulated ends of the years, and what age alone says of each."""

    years: tuple[YearEnd, ...]
    ages: tuple[ByAge, ...]
    now: int  # in the rota
    unknown: int  # doctors whose age is not known


def doctors_at(workplace: Workplace, *, on: date) -> DoctorsHere:
    """The doctors with a lasting post on a day; where no position is written, those with
    doctors' duties in the last half year, without LIS1."""
    positions = Position.objects.filter(
        _holds(on), category__in=(*LASTING, Position.Category.LIS1), **workplace.where
    )
    lis1 = positions.filter(category=Position.Category.LIS1).values("person").distinct()
    lasting = positions.filter(category__in=LASTING).values("person")
    people = User.objects.filter(pk__in=lasting)
    is_by_position = people.exists()
    if not is_by_position:
        people = _by_duties(workplace, on=on)
    rows = list(people)
    back = _back_in([user.pk for user in rows], on=on)
    found = [
        DoctorHere(
            user_id=user.pk,
            name=user.name,
            born_year=user.born_year,
            back_in=back.get(user.pk, 0),
        )
        for user in rows
    ]
    return DoctorsHere(
        doctors=tuple(sorted(found, key=lambda one: (one.name, one.user_id))),
        is_by_position=is_by_position,
        lis1=lis1.count(),
    )


def _holds(on: date) -> Q:
    return Q(valid_to=None, valid_from__lte=on) | Q(valid_to__gt=on, valid_from__lte=on)


def _by_duties(workplace: Workplace, *, on: date) -> Any:
    period = Period(on - ON_DUTY_BEFORE, on + timedelta(days=1))
    had = Duty.objects.filter(
        post__in=DOCTOR_POSTS,
        starts_at__gte=period.begins_at,
        starts_at__lt=period.ends_at,
        **workplace.where,
    )
    new = Qualification.objects.filter(_holds(on), kind=Qualification.Kind.LIS1)
    return User.objects.filter(pk__in=had.values("person")).exclude(
        pk__in=new.values("user")
    )


def _back_in(ids: Sequence[int], *, on: date) -> dict[int, int | None]:
    """Months until each of those who are out is back; None for good."""
    found: dict[int, int | None] = {}
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on),
        person__in=ids,
        ground__in=OUT_OF_ROTA,
        only_nights=False,
        starts_on__lte=on,
    )
    for row in rows:
        months = None if row.ends_on is None else _months(on, row.ends_on)
        known = found.get(row.person_id, 0)
        both = (known, months)
        found[row.person_id] = None if None in both else max(known or 0, months or 0)
    return found


def _months(first: date, last: date) -> int:
    """Whole months from one day until after another, at least one."""
    return (last.year - first.year) * MONTHS + last.month - first.month + 1


def shape_now(workplace: Workplace, *, on: date) -> RotaShape | None:
    """The doctors' rota of the last quarter as an ordinary week; None without duties on
    both weekdays and weekends. Public holidays from Monday to Friday are left out."""
    monday = on - timedelta(days=on.weekday())
    period = Period(monday - LOOK_BACK, monday)
    closed = holidays.around(period.start) | holidays.around(period.to)
    weekday_h, weekend_h = [], []
    rows = Duty.objects.filter(
        post__in=Duty.FIRST_TIER,  # a bakvakt comes on top of it
        starts_at__gte=period.begins_at,
        starts_at__lt=period.ends_at,
        **workplace.where,
    )
    for starts_at, ends_at in rows.values_list("starts_at", "ends_at"):
        day = starts_at.astimezone(ZONE).date()
        hours = Span(starts_at=starts_at, ends_at=ends_at).hours
        if is_workday(day, holidays=closed):
            weekday_h.append(hours)
        elif day.weekday() >= SATURDAY:
            weekend_h.append(hours)
    weeks = LOOK_BACK.days // 7
    workdays = sum(
        is_workday(period.start + timedelta(days=n), holidays=closed)
        for n in range(period.days)
    )
    if not weekday_h or not weekend_h:
        return None
    return RotaShape(
        weekday_posts=round(len(weekday_h) / workdays, 2),
        weekday_h=round(sum(weekday_h) / len(weekday_h), 2),
        weekend_duties=round(len(weekend_h) / weeks, 2),
        weekend_h=round(sum(weekend_h) / len(weekend_h), 2),
    )


def usual_assumptions(workplace: Workplace, *, on: date) -> Assumptions:
    """What the place assumes unless somebody types otherwise."""

    def of(key: str) -> Any:
        return settings.value(
            f"ahead.{key}",
            on=on,
            district_id=workplace.district_id,
            station_id=workplace.station_id,
        )

    ages, shares = of("exempt_ages"), of("exempt_shares")
    return Assumptions(
        exempt_ages=(ages["agreement"], ages["regulation"]),
        exempt_shares=(shares["agreement"], shares["regulation"]),
        retire_age=of("retire_age"),
        exit_share=of("exit_share"),
        recruit_months=of("recruit_months"),
        new_age=of("new_age"),
    )


def ahead(
    doctors: Sequence[DoctorHere], assumptions: Assumptions, *, on: date, years: int
) -> Ahead:
    """The years ahead of these doctors. There must be at least one."""
    rows = [doctor.to_engine() for doctor in doctors]
    counts = in_rota(
        rows,
        assumptions,
        year=on.year,
        month=on.month,
        years=years,
        runs=RUNS,
        seed=SEED,
    )
    return Ahead(
        years=by_year(counts, low=LOW, high=HIGH),
        ages=tuple(
            by_age(rows, assumptions, now=on.year, years=n) for n in range(years + 1)
        ),
        now=sum(doctor.back_in == 0 for doctor in rows),
        unknown=sum(doctor.born_year is None for doctor in rows),
    )
