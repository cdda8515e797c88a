"""What is one's own in the rotas: duties, offers, swaps, wishes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

from varde.apps.records.models import (
    Duty,
    DutyOffer,
    DutySwap,
    Rota,
    RotaDuty,
    User,
    Vacancy,
    Wish,
)
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota.lists import duty_of, of_rota
from varde.apps.staffing.services.rota import offer_links


AHEAD = timedelta(days=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDuty:
    """A duty of one's own."""

    place_id: int
    seen: int
    when: str
    post: str
    may_be_sick: bool


def own_duties(user: User, workplace: Workplace, *, now: datetime) -> list[OwnDuty]:
    """One's published duties here, from now on."""
    rows = RotaDuty.objects.filter(
        person=user,
        ends_at__gt=now,
        starts_at__lt=now + AHEAD,
        rota__state=Rota.State.PUBLISHED,
        **of_rota(workplace),
    ).order_by("starts_at")
    return [
        OwnDuty(
            place_id=row.pk,
            seen=row.row_version,
            when=words.when(row.starts_at, row.ends_at),
            post=str(POST[Duty.Post(row.post)]),
            may_be_sick=True,
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnOffer:
    """A duty that one is asked to take."""

    code: str
    when: str
    post: str
    until: datetime


def own_offers(user: User, workplace: Workplace, *, now: datetime) -> list[OwnOffer]:
    """What one is asked to take here, that still waits for an answer."""
    rows = DutyOffer.objects.filter(
        person=user,
        state=DutyOffer.State.ASKED,
        expires_at__gt=now,
        vacancy__state=Vacancy.State.OPEN,
        **{f"vacancy__place__{name}": v for name, v in of_rota(workplace).items()},
    ).select_related("vacancy__place")
    return [
        OwnOffer(
            code=offer_links.link_code(row),
            when=words.when(row.vacancy.place.starts_at, row.vacancy.place.ends_at),
            post=str(POST[Duty.Post(row.vacancy.place.post)]),
            until=row.expires_at,
        )
        for row in rows
        if row.expires_at is not None
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSwap:
    """A swap that one is part of and that waits for an answer."""

    id: int
    is_own: bool
    other: str
    gives: str
    gets: str


def own_swaps(user: User, workplace: Workplace, *, now: datetime) -> list[OwnSwap]:
    """Swaps that wait: those asked of one, and those one has asked."""
    rows = (
        DutySwap.objects.filter(
            Q(asked_by=user) | Q(asked_to=user),
            state=DutySwap.State.ASKED,
            mine__starts_at__gt=now,
            theirs__starts_at__gt=now,
            **{f"mine__{name}": v for name, v in of_rota(workplace).items()},
        )
        .select_related("mine", "theirs", "asked_by", "asked_to")
        .order_by("asked_at")
    )
    found = []
    for row in rows:
        is_own = row.asked_by_id == user.pk
        mine, theirs = duty_of(row.mine), duty_of(row.theirs)
        found.append(
            OwnSwap(
                id=row.pk,
                is_own=is_own,
                other=row.asked_to.name if is_own else row.asked_by.name,
                gives=mine if is_own else theirs,
                gets=theirs if is_own else mine,
            )
        )
    return found


def swappable(place: RotaDuty, *, now: datetime) -> list[tuple[int, str]]:
    """The duties of others in the same rota and post that this one could be swapped for."""
    rows = (
        RotaDuty.objects.filter(
            rota=place.rota_id, post=place.post, starts_at__gt=now, person__isnull=False
        )
        .exclude(person=place.person_id)
        .select_related("person")
        .order_by("starts_at")[:120]
    )
    return [
        (row.pk, f"{words.when(row.starts_at, row.ends_at)} – {row.person.name}")
        for row in rows
        if row.person is not None
    ]


def own_wishes(user: User, *, now: datetime) -> list[Wish]:
    """One's wishes from now on, the nearest first."""
    return list(Wish.objects.filter(person=user, ends_at__gt=now).order_by("starts_at"))


def wish_days(row: Wish) -> str:
    """The days of a wish: the last day counts."""
    first = timezone.localdate(row.starts_at)
    last = timezone.localdate(row.ends_at - timedelta(minutes=1))
    if first == last:
        return date_format(first, "D j. F")
    return f"{date_format(first, 'D j. b')}–{date_format(last, 'D j. b')}"
