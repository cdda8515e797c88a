"""What the duties of a period come to under each form of pay, person by person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import F

from varde.apps.records.models import (
    Attendance,
    Duty,
    Mission,
    MissionCrew,
    VacancyPay,
)
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.load import rules_of
from varde.apps.staffing.queries.rates import Source, Terms, sources, terms_of, terms_on
from varde.apps.staffing.queries.work import (
    DOCTOR_POSTS,
    ZONE,
    PersonWork,
    people_of,
    work_of,
)
from varde.domain.load.activity import DutyDone, active_min_per_hour, duty_class
from varde.domain.pay.amount import Amount
from varde.domain.pay.forms import NOTHING, Form, Paid, PaidDuty, Seen, paid
from varde.domain.pay.tariff import ContactKind
from varde.domain.pay.vacant import Fees, Promise
from varde.domain.rota.values import Span


type Held = tuple[int, str, datetime]  # person, post, start

NOT_SEEN = (Mission.Result.CALLED_OFF, Mission.Result.NOBODY_THERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPay:
    """One doctor's duties of the period and what they come to, by form of pay."""

    user_id: int
    name: str
    duties: int
    hours: float
    consultations: int
    home_visits: int
    paid: Mapping[Form, Paid]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A duty that was taken as vacant, and what was agreed for it."""

    name: str
    post: str
    starts_at: datetime
    ends_at: datetime
    row: VacancyPay


@dataclass(frozen=True, slots=True, kw_only=True)
class PostClass:
    """The class that a post was paid by; `is_agreed` or else measured. None: unknown."""

    post: str
    duty_class: int | None
    is_agreed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """The pay at a workplace in a period. The classes are those of its first day."""

    period: Period
    people: tuple[PersonPay, ...]
    whole: Mapping[Form, Paid]
    classes: tuple[PostClass, ...]
    sources: tuple[Source, ...]
    taken: tuple[Taken, ...]

    @property
    def hours(self) -> float:
        """The hours of duty of all."""
        return sum(one.hours for one in self.people)


def pay(
    workplace: Workplace,
    period: Period,
    *,
    is_specialist: bool,
    local: Decimal | None = None,
    only: int | None = None,
) -> Pay:
    """The doctors' duties that begin in the period, under each form of pay.

    A post's class is the agreed one, else that of the minutes measured over all its duties
    of the period. `only` shows one person; the class is still of everybody's duties.
    """
    terms = terms_of(workplace, period, is_specialist=is_specialist, local=local)
    work = work_of(people_of(workplace, period), period, workplace=workplace)
    upper = rules_of(workplace, on=period.start).class_minutes
    measured = classes_of(work, period, upper)
    seen = _seen(workplace, [one.user_id for one in work], period)
    agreed = _agreed(workplace, period)
    people = [
        _person(
            one,
            period,
            terms=terms,
            measured=measured,
            seen=seen[one.user_id],
            agreed=agreed,
        )
        for one in work
        if only in (None, one.user_id)
    ]
    shown = tuple(one for one in people if one.duties)
    return Pay(
        period=period,
        people=shown,
        whole={form: sum((one.paid[form] for one in shown), NOTHING) for form in Form},
        classes=tuple(
            PostClass(
                post=post,
                duty_class=terms[0].agreed.get(post) or measured[post],
                is_agreed=bool(terms[0].agreed.get(post)),
            )
            for post in sorted(measured)
        ),
        sources=sources(workplace, on=period.start),
        taken=tuple(
            taken
            for (pk, _post, _starts), taken in sorted(
                agreed.items(), key=lambda item: item[1].starts_at
            )
            if only in (None, pk)
        ),
    )


def _begun(one: PersonWork, period: Period) -> list[DutyDone]:
    return [
        done
        for done in one.here
        if done.post in DOCTOR_POSTS and done.span.starts_at >= period.begins_at
    ]


def classes_of(
    work: Sequence[PersonWork], period: Period, upper: Sequence[float]
) -> dict[str, int | None]:
    """The class of each post by the minutes measured over all its duties of a period."""
    by_post: defaultdict[str, list[DutyDone]] = defaultdict(list)
    for one in work:
        for done in _begun(one, period):
            if done.post != Duty.Post.BAKVAKT:
                by_post[done.post].append(done)
    return {
        post: duty_class(active_min_per_hour(duties), upper=upper)
        for post, duties in by_post.items()
    }


def _person(
    one: PersonWork,
    period: Period,
    *,
    terms: Sequence[Terms],
    measured: Mapping[str, int | None],
    seen: Sequence[Seen],
    agreed: Mapping[Held, Taken],
) -> PersonPay:
    duties = _begun(one, period)
    found = dict.fromkeys(Form, NOTHING)
    left, counted = list(seen), []  # a contact is paid once, in the first of two duties
    for done in duties:
        mine = terms_on(terms, done.span.starts_at.astimezone(ZONE).date())
        in_duty = tuple(s for s in left if _is_in(s.at, done.span))
        left = [s for s in left if not _is_in(s.at, done.span)]
        counted += in_duty
        duty = PaidDuty(
            span=done.span,
            is_bakvakt=done.post == Duty.Post.BAKVAKT,
            duty_class=mine.agreed.get(done.post) or measured.get(done.post),
            seen=in_duty,
        )
        taken = agreed.get((one.user_id, done.post, done.span.starts_at))
        for form in Form:
            found[form] += _paid(duty, form, taken, mine)
    kinds = [contact.kind for contact in counted]
    return PersonPay(
        user_id=one.user_id,
        name=one.name,
        duties=len(duties),
        hours=sum(done.span.hours for done in duties),
        consultations=kinds.count(ContactKind.CONSULTATION),
        home_visits=kinds.count(ContactKind.HOME_VISIT),
        paid=found,
    )


def _paid(duty: PaidDuty, form: Form, taken: Taken | None, terms: Terms) -> Paid:
    """A duty under a form; one taken as vacant is paid as agreed, whatever the form.

    One who is paid by an own agreement has no fees: they go to the municipality.
    """
    if taken is None:
        return paid(duty, form, tariff=terms.tariff, calendar=terms.calendar)
    promise = recorded(taken.row)
    is_own = taken.row.form == VacancyPay.Form.OWN
    as_agreed = Form.FIXED if is_own else Form(taken.row.form)
    whole = paid(duty, as_agreed, tariff=terms.tariff, calendar=terms.calendar)
    return Paid(
        pay=promise.total,
        fees_to_doctor=whole.fees_to_doctor,
        fees_to_municipality=whole.fees_to_municipality,
    )


def recorded(row: VacancyPay) -> Promise:
    """What was written of a duty that was vacant."""
    return Promise(
        pay=Amount(known=row.pay_nok, unknown=row.pay_unknown),
        extra=Amount(known=row.extra_nok, unknown=row.extra_unknown),
        fees=Fees(row.fees),
    )


def _agreed(workplace: Workplace, period: Period) -> dict[Held, Taken]:
    """What was agreed for the duties of a period that somebody took as vacant and has."""
    place = {
        f"vacancy__place__rota__{name}": pk for name, pk in workplace.where.items()
    }
    rows = VacancyPay.objects.filter(
        vacancy__place__duty__starts_at__gte=period.begins_at,
        vacancy__place__duty__starts_at__lt=period.ends_at,
        vacancy__place__person=F("person"),
        **place,
    ).select_related("person", "vacancy__place__duty")
    found: dict[Held, Taken] = {}
    for row in rows.order_by("pk"):
        duty = row.vacancy.place.duty
        found[row.person_id, duty.post, duty.starts_at] = Taken(
            name=row.person.name,
            post=duty.post,
            starts_at=duty.starts_at,
            ends_at=duty.ends_at,
            row=row,
        )
    return found


def _is_in(at: datetime, span: Span) -> bool:
    return span.starts_at <= at < span.ends_at


def _seen(
    workplace: Workplace, ids: Sequence[int], period: Period
) -> defaultdict[int, list[Seen]]:
    """The contacts of each that give a fee: patients taken here and home visits made."""
    found: defaultdict[int, list[Seen]] = defaultdict(list)
    attendances = Attendance.objects.filter(
        doctor__in=ids, taken_at__gte=period.begins_at, **workplace.where
    ).values_list("doctor", "taken_at")
    place = {f"mission__{field}": pk for field, pk in workplace.where.items()}
    visits = (
        MissionCrew.objects.filter(
            person__in=ids,
            since__gte=period.begins_at,
            mission__kind=Mission.Kind.HOME_VISIT,
            **place,
        )
        .exclude(mission__result__in=NOT_SEEN)
        .values_list("person", "since")
    )
    for kind, rows in (
        (ContactKind.CONSULTATION, attendances),
        (ContactKind.HOME_VISIT, visits),
    ):
        for person, at in rows:
            found[person].append(Seen(kind=kind, at=at))
    return found
