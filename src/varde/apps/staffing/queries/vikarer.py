"""Vikarer: who is approved where, the pools, and when, why and at what cost they were used."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from varde.apps.records.models import (
    Duty,
    Municipality,
    PoolConsent,
    Position,
    User,
    VikarApproval,
    VikarPool,
    VikarTerms,
)
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages.people import APPROVAL, WHY_VIKAR
from varde.domain.rota.values import Span


ONE_DAY = timedelta(days=1)
CENT = Decimal("0.01")
FAR_AHEAD = date(2199, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One duty of a vikar. `cost_nok` is None where no rate is set for the day."""

    duty: Duty
    person: User
    post: str
    hours: Decimal
    why: str
    why_words: str
    rate_nok: Decimal | None
    cost_nok: Decimal | None
    is_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """How vikarer were used in some days."""

    uses: tuple[Use, ...]
    duties: int  # all doctors' and others' duties there in the same days
    hours: Decimal
    cost_nok: Decimal
    without_cost: int
    without_why: int
    not_approved: int

    @property
    def percent(self) -> str:
        """The vikarer's part of all duties there; "" where there was none."""
        return f"{100 * len(self.uses) / self.duties:.0f}" if self.duties else ""


def approved(
    people: Collection[int], municipalities: Collection[str], *, on: date
) -> set[int]:
    """Those of these people whom one of these municipalities may use on a day.

    Approved by the municipality itself, or by one that shares a pool with it where both
    have consented.
    """
    mine = set(municipalities)
    yes = VikarApproval.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on),
        person__in=people,
        state=VikarApproval.State.APPROVED,
        valid_from__lte=on,
        municipality__in=mine | _shared(mine),
    )
    return set(yes.values_list("person_id", flat=True))


def approval_spans(
    people: Collection[int], municipalities: Collection[str]
) -> dict[int, tuple[Span, ...]]:
    """When each of these people is approved for these municipalities, as `approved` says."""
    mine = set(municipalities)
    rows = VikarApproval.objects.filter(
        person__in=people,
        state=VikarApproval.State.APPROVED,
        municipality__in=mine | _shared(mine),
    ).order_by("valid_from", "pk")
    found: dict[int, list[Span]] = {pk: [] for pk in people}
    for row in rows:
        found[row.person_id].append(
            Span(
                starts_at=_midnight(row.valid_from),
                ends_at=_midnight((row.valid_to or FAR_AHEAD) + ONE_DAY),
            )
        )
    return {pk: tuple(spans) for pk, spans in found.items()}


def nearest_way(person: int, municipalities: Collection[str]) -> str:
    """What lacks of an approval: `asked`, `refused`, `ended` or, nobody having asked,
    `never`. The last question to these municipalities decides."""
    rows = VikarApproval.objects.filter(
        person=person, municipality__in=municipalities
    ).order_by("-asked_at", "-pk")
    states = list(rows.values_list("state", flat=True))
    if VikarApproval.State.ASKED in states:
        return "asked"
    if not states:
        return "never"
    return "refused" if states[0] == VikarApproval.State.REFUSED else "ended"


def use_in_period(
    at: Workplace,
    municipalities: Collection[str],
    *,
    first: date,
    last: date,
) -> Period:
    """The duties of vikarer that began at a workplace between two days, both included.

    Hours are true hours. A cost is hours by the agreed rate of the day; where no rate is
    set it is unknown, and counted as such.
    """
    starts, ends = _midnight(first), _midnight(last + ONE_DAY)
    duties = list(
        Duty.objects.filter(starts_at__gte=starts, starts_at__lt=ends, **at.where)
        .select_related("person", "vikar_use")
        .order_by("starts_at", "pk")
    )
    people = {duty.person_id for duty in duties}
    positions = list(Position.objects.filter(person__in=people))
    asked = list(VikarApproval.objects.filter(person__in=people))
    known = set(municipalities)
    known_to = known | _shared(known)
    terms = list(
        VikarTerms.objects.filter(person__in=people, municipality__in=known).order_by(
            "-valid_from"
        )
    )
    uses = tuple(
        _use(duty, terms, asked, known_to)
        for duty in duties
        if is_vikar(duty, positions, asked, at=at)
    )
    return Period(
        uses=uses,
        duties=len(duties),
        hours=sum((use.hours for use in uses), Decimal(0)),
        cost_nok=sum((use.cost_nok or Decimal(0) for use in uses), Decimal(0)),
        without_cost=sum(use.cost_nok is None for use in uses),
        without_why=sum(not use.why for use in uses),
        not_approved=sum(not use.is_approved for use in uses),
    )


def vikarer(
    municipalities: Collection[str], *, on: date
) -> tuple[dict[str, object], ...]:
    """Each question about a vikar to these municipalities, those that wait first."""
    rows = VikarApproval.objects.filter(municipality__in=municipalities).select_related(
        "person", "municipality", "asked_by", "decided_by"
    )
    terms = _newest_terms(municipalities, on=on)
    order = [state.value for state in VikarApproval.State]
    return tuple(
        {
            "row": row,
            "words": APPROVAL[row.state],
            "is_over": row.valid_to is not None and row.valid_to < on,
            "terms": terms.get((row.person_id, row.municipality_id)),
        }
        for row in sorted(
            rows,
            key=lambda row: (order.index(row.state), -row.asked_at.timestamp()),
        )
    )


def pools(municipalities: Collection[str]) -> tuple[dict[str, object], ...]:
    """The pools that one of these municipalities is in or asked into."""
    mine = set(municipalities)
    with_mine = PoolConsent.objects.filter(
        municipality__in=mine, withdrawn_at=None
    ).values("pool_id")
    by_pool: defaultdict[int, list[PoolConsent]] = defaultdict(list)
    rows = (
        PoolConsent.objects.filter(pool__in=with_mine, withdrawn_at=None)
        .select_related("municipality", "given_by")
        .order_by("asked_at", "pk")
    )
    for row in rows:
        by_pool[row.pool_id].append(row)
    approved_by = _approved_by(row.municipality_id for row in rows if row.given_at)
    return tuple(
        {
            "pool": pool,
            "consents": [
                {
                    "row": row,
                    "is_mine": row.municipality_id in mine,
                    "newer": _asked_after(row, by_pool[pool.pk]),
                }
                for row in by_pool[pool.pk]
            ],
            "people": _people_of(by_pool[pool.pk], approved_by),
        }
        for pool in VikarPool.objects.filter(pk__in=with_mine).order_by("name")
    )


def shared_vikarer(
    municipalities: Collection[str], *, on: date
) -> tuple[VikarApproval, ...]:
    """The vikarer that other municipalities have approved and share."""
    mine = set(municipalities)
    return tuple(
        VikarApproval.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=on),
            state=VikarApproval.State.APPROVED,
            municipality__in=_shared(mine),
            valid_from__lte=on,
        )
        .exclude(municipality__in=mine)
        .select_related("person", "municipality")
        .order_by("person__last_name", "pk")
    )


def all_municipalities() -> tuple[Municipality, ...]:
    """Those that can be asked into a pool."""
    return tuple(Municipality.objects.order_by("name"))


def _shared(mine: Collection[str]) -> set[str]:
    """The other municipalities of pools where both have consented to share with the other:
    a yes is to those who were asked before it was said."""
    given = PoolConsent.objects.filter(given_at__isnull=False, withdrawn_at=None)
    both = given.filter(municipality__in=mine).filter(
        pool=OuterRef("pool"),
        given_at__gte=OuterRef("asked_at"),
        asked_at__lte=OuterRef("given_at"),
    )
    return set(
        given.exclude(municipality__in=mine)
        .filter(Exists(both))
        .values_list("municipality_id", flat=True)
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _asked_after(row: PoolConsent, consents: Iterable[PoolConsent]) -> tuple[str, ...]:
    """The municipalities that were asked after this one said yes: it shares nothing with
    them before it has said yes to them too."""
    if row.given_at is None:
        return ()
    return tuple(
        other.municipality.name for other in consents if other.asked_at > row.given_at
    )


def _approved_by(municipalities: Iterable[str]) -> Mapping[str, set[int]]:
    """The vikarer that each of these municipalities has approved."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    rows = VikarApproval.objects.filter(
        state=VikarApproval.State.APPROVED, municipality__in=set(municipalities)
    )
    for municipality, person in rows.values_list("municipality_id", "person_id"):
        found[municipality].add(person)
    return found


def _people_of(
    consents: Iterable[PoolConsent], approved_by: Mapping[str, set[int]]
) -> int:
    """The vikarer of a pool; nobody until two municipalities are in it."""
    given = [row.municipality_id for row in consents if row.given_at is not None]
    if len(given) < 2:
        return 0
    return len(set().union(*(approved_by[number] for number in given)))


def _newest_terms(
    municipalities: Collection[str], *, on: date
) -> dict[tuple[int, str], VikarTerms]:
    rows = VikarTerms.objects.filter(
        municipality__in=municipalities, valid_from__lte=on
    ).order_by("valid_from")
    return {(row.person_id, row.municipality_id): row for row in rows}


def is_vikar(
    duty: Duty,
    positions: Iterable[Position],
    asked: Iterable[VikarApproval],
    *,
    at: Workplace,
) -> bool:
    """Whether one had a duty as a vikar: not in a position of one's own here that day.

    Without one: in a position as vikar, or asked about, whatever the answer was and for
    which days. To use somebody who is not approved then is what the list shall show.
    """
    day = timezone.localdate(duty.starts_at)
    held = [
        row
        for row in positions
        if row.person_id == duty.person_id
        and row.valid_from <= day
        and (row.valid_to is None or row.valid_to > day)
    ]
    here = (at.station_id, at.sentral_id)
    has_own = any(
        row.category != Position.Category.VIKAR
        and (row.station_id, row.sentral_id) == here
        for row in held
    )
    as_vikar = any(row.category == Position.Category.VIKAR for row in held)
    is_asked = any(row.person_id == duty.person_id for row in asked)
    return not has_own and (as_vikar or is_asked)


def _use(
    duty: Duty,
    terms: Iterable[VikarTerms],
    asked: Iterable[VikarApproval],
    known_to: Collection[str],
) -> Use:
    day = timezone.localdate(duty.starts_at)
    seconds = Decimal(duty.ends_at.timestamp() - duty.starts_at.timestamp())
    hours = (seconds / 3600).quantize(CENT)
    agreed = next(
        (
            row
            for row in terms
            if row.person_id == duty.person_id and row.valid_from <= day
        ),
        None,
    )
    rate = None if agreed is None else agreed.rate_nok
    why = getattr(getattr(duty, "vikar_use", None), "why", "")
    return Use(
        duty=duty,
        person=duty.person,
        post=str(POST.get(duty.post, duty.post)),
        hours=hours,
        why=why,
        why_words=str(WHY_VIKAR[why]) if why else "",
        rate_nok=rate,
        cost_nok=None if rate is None else (rate * hours).quantize(CENT),
        is_approved=any(
            row.person_id == duty.person_id
            and row.state == VikarApproval.State.APPROVED
            and row.municipality_id in known_to
            and row.valid_from <= day
            and (row.valid_to is None or row.valid_to >= day)
            for row in asked
        ),
    )
