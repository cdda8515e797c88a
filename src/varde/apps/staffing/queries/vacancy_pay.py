"""What a vacant duty gives the one who takes it, by the rates of its day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from varde.apps.records import settings
from varde.apps.records.models import (
    CompetenceDocument,
    Duty,
    Position,
    RotaDuty,
    User,
    VacancyPay,
    VikarTerms,
)
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.people_access import municipalities_of
from varde.apps.staffing.queries.load import rules_of
from varde.apps.staffing.queries.pay import classes_of, recorded
from varde.apps.staffing.queries.rates import RATES, Terms, sources, terms_of
from varde.apps.staffing.queries.work import DOCTOR_POSTS, people_of, work_of
from varde.domain.pay.forms import Form, PaidDuty
from varde.domain.pay.vacant import Fees, Promise, by_the_hour, promised
from varde.domain.rota.values import Span


WEEKS = 8  # so far back a class is measured where none is agreed; ours
DAY = timedelta(days=1)
EXTRA = "rota.extra"
SPECIALIST = "specialist_allmennmedisin"
OF_FORM = {
    VacancyPay.Form.ACTIVITY: "pay.standby",
    VacancyPay.Form.NIGHT_FIXED: "pay.night",
    VacancyPay.Form.FIXED: "pay.local",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One form of pay for a vacant duty, with what it gives."""

    form: VacancyPay.Form
    duty_class: int | None
    promise: Promise
    rates_from: date | None
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VacantGround:
    """What a vacant duty is paid by: its hours that are left, its class, the rates."""

    span: Span
    post: str
    duty_class: int | None
    terms: Terms
    extra: Decimal | None
    rates: Mapping[
        str, tuple[date, bool]
    ]  # key: since when, and whether it is verified

    @property
    def forms(self) -> tuple[VacancyPay.Form, ...]:
        """The forms of the tariff that this post can be paid by, the usual one first."""
        return tuple(OF_FORM) if self.post in DOCTOR_POSTS else (VacancyPay.Form.OWN,)

    @property
    def duty(self) -> PaidDuty:
        """The duty as pay sees it."""
        return PaidDuty(
            span=self.span,
            is_bakvakt=self.post == Duty.Post.BAKVAKT,
            duty_class=self.duty_class,
        )


def vacant_ground(
    place: RotaDuty,
    *,
    workplace: Workplace,
    at: datetime,
    known: VacancyPay | None = None,
    is_specialist: bool = False,
) -> VacantGround:
    """What a vacant duty is paid by. One that has begun is paid for what is left of it.

    The class is the one that is written already; for the first time the agreed one, else
    that of the minutes measured in the last weeks.
    """
    starts = max(place.starts_at, at)
    day = timezone.localdate(place.starts_at)
    terms = terms_of(workplace, Period(day, day + DAY), is_specialist=is_specialist)[0]
    extra = _extra(workplace, on=day)
    keys = RATES if extra is None else (*RATES, EXTRA)
    found = sources(workplace, on=day, keys=keys)
    return VacantGround(
        span=Span(starts_at=starts, ends_at=place.ends_at),
        post=place.post,
        duty_class=known.duty_class
        if known is not None
        else _class(place, terms, workplace=workplace, at=at),
        terms=terms,
        extra=extra,
        rates={one.key: (one.holds_from, one.is_verified) for one in found},
    )


def choice_of(
    ground: VacantGround, form: VacancyPay.Form, *, has_extra: bool
) -> Choice:
    """What the duty gives under one of its forms."""
    if form is VacancyPay.Form.OWN:
        whole = by_the_hour(ground.duty, None)
        extra = promised(
            ground.duty,
            Form.FIXED,
            tariff=ground.terms.tariff,
            calendar=ground.terms.calendar,
            extra=ground.extra,
            has_extra=has_extra,
        ).extra
        promise = Promise(pay=whole.pay, extra=extra, fees=Fees.NONE)
        keys = [EXTRA] if has_extra else []
    else:
        promise = promised(
            ground.duty,
            Form(form.value),
            tariff=ground.terms.tariff,
            calendar=ground.terms.calendar,
            extra=ground.extra,
            has_extra=has_extra,
        )
        rate = "pay.bakvakt" if ground.duty.is_bakvakt else OF_FORM[form]
        keys = [rate, EXTRA] if has_extra else [rate]
    return Choice(
        form=form,
        duty_class=ground.duty_class,
        promise=promise,
        **_from(ground, keys),
    )


def choice_for(
    ground: VacantGround, chosen: VacancyPay, person: User, *, workplace: Workplace
) -> Choice:
    """What one person gets for the duty: a vikar the agreed rate, others what was chosen."""
    agreed = _agreed_rate(
        person, workplace, on=timezone.localdate(ground.span.starts_at)
    )
    if agreed is None:
        return choice_of(
            ground, VacancyPay.Form(chosen.form), has_extra=chosen.has_extra
        )
    return Choice(
        form=VacancyPay.Form.OWN,
        duty_class=ground.duty_class,
        promise=by_the_hour(ground.duty, agreed.rate_nok),
        rates_from=agreed.valid_from,
        is_verified=True,
    )


def is_specialist(person: User, *, on: date) -> bool:
    """Whether a document says that a person is a specialist on a day."""
    return CompetenceDocument.objects.filter(
        person=person, kind=SPECIALIST, first_on__lte=on, struck_at=None
    ).exists()


def newest(vacancy_id: int) -> VacancyPay | None:
    """What holds for a vacant duty: the newest choice, or what the holder gets."""
    return VacancyPay.objects.filter(vacancy=vacancy_id).order_by("-pk").first()


def written(row: VacancyPay) -> Choice:
    """A choice as it was written."""
    return Choice(
        form=VacancyPay.Form(row.form),
        duty_class=row.duty_class,
        promise=recorded(row),
        rates_from=row.rates_from,
        is_verified=row.is_verified,
    )


def _from(ground: VacantGround, keys: Iterable[str]) -> dict[str, date | bool | None]:
    known = [ground.rates[key] for key in keys if key in ground.rates]
    return {
        "rates_from": min((since for since, _ in known), default=None),
        "is_verified": all(is_verified for _, is_verified in known),
    }


def _class(
    place: RotaDuty, terms: Terms, *, workplace: Workplace, at: datetime
) -> int | None:
    if place.post not in DOCTOR_POSTS or place.post == Duty.Post.BAKVAKT:
        return None
    agreed = terms.agreed.get(place.post)
    if agreed:
        return agreed
    today = timezone.localdate(at)
    period = Period(today - WEEKS * 7 * DAY, today)
    work = work_of(people_of(workplace, period), period, workplace=workplace)
    upper = rules_of(workplace, on=today).class_minutes
    return classes_of(work, period, upper).get(place.post)


def _extra(workplace: Workplace, *, on: date) -> Decimal | None:
    try:
        value = settings.value(
            EXTRA,
            on=on,
            district_id=workplace.district_id,
            station_id=workplace.station_id,
        )["nok_per_hour"]
    except settings.SettingMissing:
        return None
    return None if value is None else Decimal(str(value))


def _agreed_rate(person: User, workplace: Workplace, *, on: date) -> VikarTerms | None:
    """The terms of a vikar here on a day; None for one who is no vikar, or without any."""
    own = Position.objects.filter(person=person, **workplace.where).exclude(
        category=Position.Category.VIKAR
    )
    own = own.filter(valid_from__lte=on).exclude(valid_to__lte=on)
    if own.exists():
        return None
    return (
        VikarTerms.objects.filter(
            person=person,
            municipality__in=municipalities_of(workplace),
            valid_from__lte=on,
            rate_nok__isnull=False,
        )
        .order_by("-valid_from")
        .first()
    )
