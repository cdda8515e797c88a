"""Somebody's duties that are vacant, and a proposal for who takes which."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from varde.apps.records.models import (
    Duty,
    DutyOffer,
    Rota,
    RotaChange,
    RotaDuty,
    User,
    Vacancy,
)
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.apps.staffing.queries.rota.judging import Verdict, in_words
from varde.apps.staffing.queries.rota.lists import of_rota
from varde.domain.rota.candidates import Moves
from varde.domain.rota.mending import Gain, Handed, Part, mending
from varde.domain.rota.values import Span


SECONDS = 2.0  # for the search: the page is to come within three
AHEAD = timedelta(days=120)
BEHIND = timedelta(days=14)  # what was filled so long ago is still told


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """One duty of the proposal. `vacancy_id` where it is vacant and is being filled."""

    duty: str
    before: str
    after: str
    phone: str
    is_vacant: bool
    vacancy_id: int | None
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGain:
    """What it does to one who gains a duty."""

    name: str
    account: str
    before: str
    after: str
    week_hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPart:
    """A part of the proposal. `value` is what the form sends back."""

    value: str
    changes: Sequence[ShownChange]
    gains: Sequence[ShownGain]
    verdict: Verdict
    may: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A vacant duty that the proposal has nobody for."""

    vacancy_id: int
    duty: str
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is proposed for the vacant duties of one person."""

    parts: Sequence[ShownPart]
    left: Sequence[Left]
    vacant: int
    filled: int
    moved: int
    worst_before: str
    worst_after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One who has got, given away or lost a duty, and the text to send."""

    name: str
    phone: str
    text: str
    sms: str


def duties_ahead(
    person: User, workplace: Workplace, *, now: datetime
) -> list[tuple[int, str]]:
    """The published duties of a person here, from now on."""
    rows = RotaDuty.objects.filter(
        person=person,
        ends_at__gt=now,
        starts_at__lt=now + AHEAD,
        rota__state=Rota.State.PUBLISHED,
        **of_rota(workplace),
    ).order_by("starts_at", "pk")
    return [(row.pk, _duty(row)) for row in rows]


def proposal(
    rota: Rota, person: User, *, workplace: Workplace, now: datetime
) -> Proposal | None:
    """Who could take the vacant duties of one person; None where none is vacant."""
    open_ones = list(
        Vacancy.objects.filter(
            place__rota=rota,
            was=person,
            state=Vacancy.State.OPEN,
            place__ends_at__gt=now,
        )
        .select_related("place")
        .annotate(asked=Count("offers", filter=Q(offers__state=DutyOffer.State.ASKED)))
        .order_by("place__starts_at", "place_id")
    )
    if not open_ones:
        return None
    ground = ground_of(rota, workplace=workplace)
    changes = _found(ground, str(person.pk), open_ones, now=now)
    moves = Moves(
        slots=ground.all_slots,
        workers=ground.workers,
        assignment=ground.whole,
        limits=ground.limits,
        wishes=ground.wishes,
        needs=ground.needs,
    )
    mended = mending(moves, changes, away=str(person.pk))
    shown = _Shown(rota, ground, open_ones, changes)
    return Proposal(
        parts=[shown.part(part) for part in mended.parts],
        left=[
            Left(vacancy_id=row.pk, duty=_duty(row.place), asked=row.asked)
            for row in open_ones
            if str(row.place_id) not in changes
        ],
        vacant=len(open_ones),
        filled=sum(str(row.place_id) in changes for row in open_ones),
        moved=sum(c.before is not None for part in mended.parts for c in part.changes),
        worst_before=words.signed(mended.worst_before),
        worst_after=words.signed(mended.worst_after),
    )


def _found(
    ground: Ground, person: str, open_ones: Sequence[Vacancy], *, now: datetime
) -> Mapping[str, str | None]:
    """What the optimiser proposes: slot id to worker id, only what changes."""
    # The solver takes a second to load, and most processes never need it.
    from varde.engines.rostering.duties.refill import refill

    if ground.worker(person) is None:
        return {}
    spans = tuple(
        Span(starts_at=row.place.starts_at, ends_at=row.place.ends_at)
        for row in open_ones
    )
    found = refill(
        ground.problem(),
        current={
            **ground.assignment,
            **{str(row.place_id): person for row in open_ones},
        },
        away={person: spans},
        from_at=now,
        clock=time.monotonic,
        seconds=SECONDS,
    )
    return {
        one.slot: one.after
        for one in found.changes
        if one.after != ground.assignment.get(one.slot)
    }


class _Shown:
    """The words of a proposal."""

    def __init__(
        self,
        rota: Rota,
        ground: Ground,
        open_ones: Sequence[Vacancy],
        changes: Mapping[str, str | None],
    ) -> None:
        self._ground = ground
        self._open = {str(row.place_id): row for row in open_ones}
        self._places = {
            str(row.pk): row
            for row in rota.duties.filter(pk__in=[int(slot) for slot in changes])
        }
        people = User.objects.filter(
            pk__in={int(who) for who in changes.values() if who}
        )
        self._phone = {str(row.pk): row.phone for row in people}

    def part(self, part: Part) -> ShownPart:
        """One part."""
        return ShownPart(
            value=",".join(
                f"{one.slot}:{one.after or ''}:{self._places[one.slot].row_version}"
                for one in part.changes
            ),
            changes=[self._change(one) for one in part.changes],
            gains=[self._gain(one) for one in part.gains],
            verdict=in_words(part.judged, names=self._ground.names),
            may=part.may,
        )

    def _change(self, one: Handed) -> ShownChange:
        vacancy = self._open.get(one.slot)
        return ShownChange(
            duty=_duty(self._places[one.slot]),
            before=self._name(one.before),
            after=self._name(one.after),
            phone=self._phone.get(one.after or "", ""),
            is_vacant=one.before is None,
            vacancy_id=None if vacancy is None else vacancy.pk,
            asked=0 if vacancy is None else vacancy.asked,
        )

    def _gain(self, one: Gain) -> ShownGain:
        return ShownGain(
            name=self._ground.names[one.worker],
            account=str(words.ACCOUNT[one.account]),
            before=words.signed(one.deviation_before),
            after=words.signed(one.deviation_after),
            week_hours=words.number(one.week_hours),
        )

    def _name(self, worker: str | None) -> str:
        return self._ground.names.get(worker or "", str(words.VACANT))


def messages_after(rota: Rota, person: User, *, now: datetime) -> list[Message]:
    """Who is to be told: those whose duties changed when this one's were filled."""
    filled = Vacancy.objects.filter(
        place__rota=rota,
        was=person,
        state=Vacancy.State.FILLED,
        filled_at__gt=now - BEHIND,
        place__ends_at__gt=now,
    )
    moments = set(filled.values_list("filled_at", flat=True))
    rows = RotaChange.objects.filter(
        rota=rota,
        at__in=moments,
        kind__in=[RotaChange.Kind.FILLED, RotaChange.Kind.TAKEN],
        place__ends_at__gt=now,
    ).select_related("place", "before", "after")
    lines: dict[User, list[str]] = {}
    for row in rows.order_by("place__starts_at", "pk"):
        if row.after is not None and row.place.person_id == row.after_id:
            text = _("Du har fått {duty}.").format(duty=_duty(row.place))
            lines.setdefault(row.after, []).append(text)
        if row.before is not None:
            text = _("Du har ikke lenger {duty}.").format(duty=_duty(row.place))
            lines.setdefault(row.before, []).append(text)
    return [
        Message(
            name=who.name,
            phone=who.phone,
            text=" ".join(texts),
            sms=f"sms:{who.phone}?body={quote(' '.join(texts))}" if who.phone else "",
        )
        for who, texts in lines.items()
    ]


def _duty(row: RotaDuty) -> str:
    post = POST[Duty.Post(row.post)]
    return f"{post} {words.when(row.starts_at, row.ends_at)}"
