"""What a place's comparison begins from: activity, prices, people and rota of today."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256

from django.db.models import Q

from varde.apps.records import holidays
from varde.apps.records.models import (
    Attendance,
    DatedSetting,
    Mission,
    MissionCrew,
    PracticeTime,
)
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.ahead import doctors_at
from varde.apps.staffing.queries.load import rules_of
from varde.apps.staffing.queries.pay import NOT_SEEN
from varde.apps.staffing.queries.rates import terms_of
from varde.apps.staffing.queries.rota.limits import limits_for
from varde.apps.staffing.queries.work import ZONE
from varde.content import STAFFING_MODELS_FILE, staffing_models_text
from varde.domain.load.spans import days
from varde.domain.pay.expected import HOURS_A_DAY, Busyness
from varde.domain.pay.forms import Form
from varde.domain.pay.tariff import ContactKind, DayKind, Days
from varde.domain.rota.limits import eves_of
from varde.engines.rostering.duties.staffing_file import StaffingModel, load
from varde.engines.staffing_models.values import Assumed, LoadRules, Prices


WEEK = timedelta(weeks=1)
MOST_WEEKS = 52
SEED = 1
LONGEST_MIN = 240  # of one contact: what is longer was not ended when it was over
NO_CLOCK = (time(), time())
PRICES = {
    "position": "models.position_nok",
    "day_income": "models.day_income_nok",
    "social": "models.social_share",
    "substitute_day": "models.substitute_day_nok",
    "travel": "models.travel_nok",
    "hourly": "models.hourly_nok",
    "site": "models.site_nok",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The contacts of the past weeks by hour, and what each took, in minutes."""

    period: Period | None  # None: nothing was measured
    busy: Busyness
    a_year: dict[ContactKind, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A price of the place: its value, since when, and where it is from."""

    name: str
    value: Decimal | None
    holds_from: date | None
    source: str
    is_verified: bool


def models() -> dict[str, StaffingModel]:
    """The models that ship with Varde, by code, in their order."""
    return {model.code: model for model in _shipped()}


@cache
def _shipped() -> tuple[StaffingModel, ...]:
    return load(staffing_models_text(), filename=STAFFING_MODELS_FILE)


def template_mark() -> str:
    """What tells one version of the templates from another."""
    return sha256(staffing_models_text().encode()).hexdigest()[:12]


def people_now(workplace: Workplace, *, on: date) -> dict[str, int]:
    """How many doctors with a lasting post and how many LIS1 the place has."""
    here = doctors_at(workplace, on=on)
    return {"doctors": len(here.doctors), "lis1": here.lis1}


def practice_hours(workplace: Workplace, *, on: date) -> float | None:
    """The mean week by day of those doctors whose hours are written; None of none."""
    doctors = [one.user_id for one in doctors_at(workplace, on=on).doctors]
    rows = PracticeTime.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), person__in=doctors, valid_from__lte=on
    )
    hours: defaultdict[int, float] = defaultdict(float)
    for row in rows:
        begun = timedelta(hours=row.starts.hour, minutes=row.starts.minute)
        ended = timedelta(hours=row.ends.hour, minutes=row.ends.minute)
        hours[row.person_id] += (ended - begun).total_seconds() / 3600
    return round(sum(hours.values()) / len(hours), 2) if hours else None


def prices(workplace: Workplace, *, on: date) -> list[Price]:
    """The prices that hold at the place on a day, with their sources."""
    rows = DatedSetting.objects.filter(
        key__in=PRICES.values(), valid_from__lte=on
    ).order_by("valid_from", "pk")
    known: dict[str, DatedSetting] = {}
    for row in sorted(
        (r for r in rows if _is_of(r, workplace) and _holds(r, on)), key=_nearness
    ):
        known[row.key] = row
    found = []
    for name, key in PRICES.items():
        row = known.get(key)
        (value,) = (None,) if row is None else row.value.values()
        found.append(
            Price(
                name=name,
                value=None if value is None else Decimal(str(value)),
                holds_from=None if row is None else row.valid_from,
                source="" if row is None else row.source,
                is_verified=row is not None and row.is_verified,
            )
        )
    return found


def _is_of(row: DatedSetting, workplace: Workplace) -> bool:
    return row.district_id in (None, workplace.district_id) and row.station_id in (
        None,
        workplace.station_id,
    )


def _holds(row: DatedSetting, on: date) -> bool:
    return row.valid_to is None or row.valid_to > on


def _nearness(row: DatedSetting) -> tuple[bool, bool, date]:
    """The nearest place's, and the newest of those, last."""
    return row.station_id is not None, row.district_id is not None, row.valid_from


# ---------------------------------------------------------------- what was measured


def measured(workplace: Workplace, *, on: date) -> Measured:
    """The contacts of the last year by kind of day and hour: at most 52 whole weeks.

    The period begins with the first contact that there is, so that a new station is not
    counted as quiet before it opened.
    """
    to = on - timedelta(days=on.weekday())
    whole = Period(to - MOST_WEEKS * WEEK, to)
    seen = _seen(workplace, whole)
    if not seen:
        return Measured(period=None, busy=Busyness(per_hour={}, minutes={}), a_year={})
    oldest = min(at for _kind, at, _until in seen).astimezone(ZONE).date()
    first = max(whole.start, oldest - timedelta(days=oldest.weekday()))
    period = Period(first, to)
    free = holidays.around(first) | holidays.around(to)
    calendar = Days(holidays=free, zone=ZONE, night=NO_CLOCK, evening=NO_CLOCK)
    counts: defaultdict[tuple[ContactKind, DayKind], list[int]] = defaultdict(
        lambda: [0] * HOURS_A_DAY
    )
    lengths: defaultdict[ContactKind, list[float]] = defaultdict(list)
    for kind, at, until in seen:
        local = at.astimezone(ZONE)
        counts[kind, calendar.kind_of(local.date())][local.hour] += 1
        if until is not None:
            minutes = (until - at).total_seconds() / 60
            if 0 < minutes <= LONGEST_MIN:
                lengths[kind].append(minutes)
    many = defaultdict(int)
    for day in days(period.start, period.to):
        many[calendar.kind_of(day)] += 1
    kinds = sorted({kind for kind, _day in counts})
    return Measured(
        period=period,
        busy=Busyness(
            per_hour={
                kind: {
                    day: [count / many[day] for count in counts[kind, day]]
                    for day in DayKind
                    if many[day]
                }
                for kind in kinds
            },
            minutes={
                kind: round(sum(lengths[kind]) / len(lengths[kind]), 1)
                if lengths[kind]
                else None
                for kind in kinds
            },
        ),
        a_year={
            kind: sum(sum(counts[kind, day]) for day in DayKind)
            * MOST_WEEKS
            * 7
            / period.days
            for kind in kinds
        },
    )


def _seen(
    workplace: Workplace, period: Period
) -> list[tuple[ContactKind, datetime, datetime | None]]:
    attended = Attendance.objects.filter(
        doctor__isnull=False,
        taken_at__gte=period.begins_at,
        taken_at__lt=period.ends_at,
        **workplace.where,
    ).values_list("taken_at", "ended_at")
    place = {f"mission__{field}": pk for field, pk in workplace.where.items()}
    visits = (
        MissionCrew.objects.filter(
            since__gte=period.begins_at,
            since__lt=period.ends_at,
            mission__kind=Mission.Kind.HOME_VISIT,
            **place,
        )
        .exclude(mission__result__in=NOT_SEEN)
        .values_list("mission", "since", "until")
    )
    first_of: dict[int, tuple[datetime, datetime | None]] = {}
    for mission, since, until in visits.order_by("since"):
        first_of.setdefault(mission, (since, until))
    return [
        *((ContactKind.CONSULTATION, at, until) for at, until in attended),
        *((ContactKind.HOME_VISIT, at, until) for at, until in first_of.values()),
    ]


# ---------------------------------------------------------------- all together


def assumed(
    workplace: Workplace,
    *,
    on: date,
    first: date,
    form: Form,
    practice_h: float | None,
    busy: Busyness,
    prices: Prices,
    home_visit_fee: Decimal | None,
    local: Decimal | None,
    is_specialist: bool,
) -> Assumed:
    """Everything a comparison at a place is counted from, from one Monday for 52 weeks.

    Rates and limits are those that hold on `on`. `home_visit_fee` and `local` (fixed pay
    an hour) stand in for the place's own where they are given.
    """
    terms = terms_of(
        workplace,
        Period(on, on + timedelta(days=1)),
        is_specialist=is_specialist,
        local=local,
    )[-1]
    free = holidays.around(on) | holidays.around(first)
    limits = limits_for(workplace, first=on, last=on)
    rules = rules_of(workplace, on=on)
    tariff = terms.tariff
    if home_visit_fee is not None:
        visit = {
            (ContactKind.HOME_VISIT, is_evening): home_visit_fee
            for is_evening in (False, True)
        }
        tariff = replace(tariff, fee={**tariff.fee, **visit})
    return Assumed(
        first=first,
        weeks=MOST_WEEKS,
        seed=SEED,
        form=form,
        practice_h=practice_h,
        busy=busy,
        tariff=tariff,
        calendar=replace(terms.calendar, holidays=free),
        agreed=terms.agreed,
        class_minutes=rules.class_minutes,
        prices=prices,
        load=LoadRules(
            limits_h=rules.limits_h,
            night=rules.night,
            night_h=rules.night_h,
            rest_h=rules.rest_h,
        ),
        limits=replace(
            limits,
            lvs_minimum=0,
            calendar=replace(limits.calendar, holidays=free, eves=eves_of(free)),
        ),
    )
