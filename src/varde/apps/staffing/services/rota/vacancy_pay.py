"""How a vacant duty is paid: begun with the usual form, chosen, and settled when filled.

Whoever calls has locked the rota, and writes the line of the log.
"""

from datetime import datetime

from django.utils import timezone

from varde.apps.records.models import User, Vacancy, VacancyPay
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries import vacancy_pay as queries
from varde.apps.staffing.queries.vacancy_pay import Choice
from varde.domain.errors import Rule, RuleBroken


def begin(
    vacancy: Vacancy, *, workplace: Workplace, by: User, at: datetime
) -> VacancyPay:
    """Write the usual form of the post, with the addition, as the first choice."""
    ground = queries.vacant_ground(vacancy.place, workplace=workplace, at=at)
    chosen = queries.choice_of(ground, ground.forms[0], has_extra=True)
    return _write(vacancy, chosen, has_extra=True, by=by, at=at)


def choose(
    vacancy: Vacancy,
    *,
    form: str,
    has_extra: bool,
    workplace: Workplace,
    by: User,
    at: datetime,
) -> VacancyPay:
    """Write another choice. Raises `RuleBroken`: VACANCY_PAY_UNKNOWN for a form that the
    post has not."""
    ground = queries.vacant_ground(
        vacancy.place,
        workplace=workplace,
        at=at,
        known=queries.newest(vacancy.pk),
    )
    if form not in ground.forms:
        raise RuleBroken(Rule.VACANCY_PAY_UNKNOWN)
    chosen = queries.choice_of(ground, VacancyPay.Form(form), has_extra=has_extra)
    return _write(vacancy, chosen, has_extra=has_extra, by=by, at=at)


def refuse_unless_seen(vacancy: Vacancy, *, seen: int | None) -> None:
    """Refuse a yes to other pay than what holds. Raises `RuleBroken`: OFFER_PAY_CHANGED."""
    row = queries.newest(vacancy.pk)
    if seen is not None and row is not None and row.pk != seen:
        raise RuleBroken(Rule.OFFER_PAY_CHANGED)


def settle(
    vacancy: Vacancy,
    person: User,
    *,
    workplace: Workplace,
    by: User | None,
    at: datetime,
) -> VacancyPay | None:
    """Write what the one who took the duty gets for it; None where nothing was chosen."""
    row = queries.newest(vacancy.pk)
    if row is None:
        return None
    day = timezone.localdate(vacancy.place.starts_at)
    ground = queries.vacant_ground(
        vacancy.place,
        workplace=workplace,
        at=at,
        known=row,
        is_specialist=queries.is_specialist(person, on=day),
    )
    final = queries.choice_for(ground, row, person, workplace=workplace)
    return _write(vacancy, final, has_extra=row.has_extra, by=by, at=at, person=person)


def _write(
    vacancy: Vacancy,
    choice: Choice,
    *,
    has_extra: bool,
    by: User | None,
    at: datetime,
    person: User | None = None,
) -> VacancyPay:
    return VacancyPay.objects.create(
        vacancy=vacancy,
        person=person,
        form=choice.form,
        has_extra=has_extra,
        duty_class=choice.duty_class,
        pay_nok=choice.promise.pay.known,
        pay_unknown=choice.promise.pay.unknown,
        extra_nok=choice.promise.extra.known,
        extra_unknown=choice.promise.extra.unknown,
        fees=choice.promise.fees,
        rates_from=choice.rates_from,
        is_verified=choice.is_verified,
        chosen_by=by,
        chosen_at=at,
    )
