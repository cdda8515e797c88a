"""The vacant duties of a year: how each was filled, what it cost, and how long it took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Q
from django.utils import timezone

from varde.apps.records.models import (
    Duty,
    DutyOffer,
    Rota,
    RotaChange,
    RotaDuty,
    Vacancy,
    VacancyPay,
)
from varde.apps.sentral.messages import POST
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.pay import recorded
from varde.apps.staffing.queries.pay_tables import VACANT_FORM
from varde.apps.staffing.queries.rota.lists import of_rota
from varde.domain.pay.amount import Amount, total


HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VacantDuty:
    """One vacant duty. `took_h` is None until somebody has it; `cost` None until then."""

    place_id: int
    vacancy_id: int | None
    starts_at: datetime
    when: str
    post: str
    why: str
    how: str
    is_open: bool
    is_filled: bool
    person: str
    asked: int
    took_h: float | None
    form: str
    cost: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VacantYear:
    """The vacant duties of a year, and their sums."""

    year: int
    duties: tuple[VacantDuty, ...]

    @property
    def filled(self) -> int:
        """How many somebody took."""
        return sum(one.is_filled for one in self.duties)

    @property
    def still_open(self) -> int:
        """How many are ahead and have nobody yet."""
        return sum(one.is_open for one in self.duties)

    @property
    def nobody(self) -> int:
        """How many passed without anybody."""
        return len(self.duties) - self.filled - self.still_open

    @property
    def median_h(self) -> float | None:
        """Half of those that were filled took no longer; None where none was."""
        took = [one.took_h for one in self.duties if one.took_h is not None]
        return median(took) if took else None

    @property
    def cost(self) -> Amount:
        """What was agreed for those that were filled; unknown parts are counted."""
        return total(one.cost for one in self.duties if one.cost is not None)


def vacant_year(workplace: Workplace, year: int, *, now: datetime) -> VacantYear:
    """Every published duty of a year that lacked a person, in order of time.

    A duty counts once for each time it became vacant. One that was published vacant and
    that nobody has begun to fill counts too. Its time runs from when it was vacant (or
    the rota was published) until somebody had it.
    """
    period = Period(date(year, 1, 1), date(year + 1, 1, 1))
    inside = {"starts_at__gte": period.begins_at, "starts_at__lt": period.ends_at}
    rows = list(
        Vacancy.objects.filter(
            **{f"place__{name}": value for name, value in inside.items()},
            **{f"place__{name}": v for name, v in of_rota(workplace).items()},
        )
        .select_related("place", "filled_by")
        .annotate(asked=Count("offers", filter=~Q(offers__asked_at=None)))
        .order_by("place__starts_at", "pk")
    )
    pays = _pays(rows)
    by_link = _by_link(rows)
    by_planner = _by_planner(rows)
    found = [
        _duty(
            row,
            pay=pays.get(row.pk),
            is_by_link=row.pk in by_link,
            is_by_planner=(row.place_id, row.filled_at) in by_planner,
            now=now,
        )
        for row in rows
    ]
    untouched = RotaDuty.objects.filter(
        person=None,
        rota__state=Rota.State.PUBLISHED,
        **inside,
        **of_rota(workplace),
    ).exclude(pk__in=[row.place_id for row in rows if row.state == Vacancy.State.OPEN])
    found += [_untouched(place, now=now) for place in untouched]
    found.sort(key=lambda one: (one.starts_at, one.place_id))
    return VacantYear(year=year, duties=tuple(found))


def _pays(rows: Iterable[Vacancy]) -> dict[int, VacancyPay]:
    found = VacancyPay.objects.filter(vacancy__in=rows).order_by("pk")
    return {row.vacancy_id: row for row in found}


def _by_link(rows: Iterable[Vacancy]) -> set[int]:
    """The vacancies to which somebody who was asked said yes."""
    said = DutyOffer.objects.filter(vacancy__in=rows, state=DutyOffer.State.YES)
    return set(said.values_list("vacancy_id", flat=True))


def _by_planner(rows: Iterable[Vacancy]) -> set[tuple[int, datetime]]:
    """Where a planner set somebody in the rota itself, and when."""
    found = RotaChange.objects.filter(
        place__in=[row.place_id for row in rows], kind=RotaChange.Kind.SET
    )
    return set(found.values_list("place_id", "at"))


def _duty(
    row: Vacancy,
    *,
    pay: VacancyPay | None,
    is_by_link: bool,
    is_by_planner: bool,
    now: datetime,
) -> VacantDuty:
    place = row.place
    is_filled = row.state == Vacancy.State.FILLED
    is_open = not is_filled and place.ends_at > now
    if is_filled:
        how = (
            words.HOW_LINK
            if is_by_link
            else words.HOW_PLANNER
            if is_by_planner
            else words.HOW_PHONE
        )
    else:
        how = words.HOW_OPEN if is_open else words.HOW_NOBODY
    took = (row.filled_at - row.opened_at) / HOUR if row.filled_at else None
    return VacantDuty(
        place_id=place.pk,
        vacancy_id=row.pk,
        starts_at=place.starts_at,
        when=words.when(place.starts_at, place.ends_at),
        post=str(POST[Duty.Post(place.post)]),
        why=str(words.VACANT_WHY[Vacancy.Why(row.why)]),
        how=str(how),
        is_open=is_open,
        is_filled=is_filled,
        person=row.filled_by.name if row.filled_by else "",
        asked=row.asked,
        took_h=took,
        form=str(VACANT_FORM[pay.form]) if pay else "",
        cost=recorded(pay).total if pay and is_filled else None,
    )


def _untouched(place: RotaDuty, *, now: datetime) -> VacantDuty:
    is_open = place.ends_at > now
    return VacantDuty(
        place_id=place.pk,
        vacancy_id=None,
        starts_at=place.starts_at,
        when=words.when(place.starts_at, place.ends_at),
        post=str(POST[Duty.Post(place.post)]),
        why=str(words.VACANT_WHY[Vacancy.Why.VACANT]),
        how=str(words.HOW_OPEN if is_open else words.HOW_NOBODY),
        is_open=is_open,
        is_filled=False,
        person="",
        asked=0,
        took_h=None,
        form="",
        cost=None,
    )


def years_with_vacancies(workplace: Workplace) -> tuple[int, ...]:
    """The years that have any, the newest first."""
    rows = Vacancy.objects.filter(
        **{f"place__{name}": v for name, v in of_rota(workplace).items()}
    )
    days = rows.values_list("place__starts_at", flat=True)
    return tuple(sorted({timezone.localdate(at).year for at in days}, reverse=True))
