"""How many operators a sentral needs while a rota lasts, as the dimensioning has handed it.

The need is of half hours. Those in a row that ask for the same, with the same places to
cover them, are one: whoever is on duty through one of them is so through all of them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q

from varde.apps.records.models import OperatorNeed, Rota
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.rota.crew import DAY, OSLO
from varde.domain.rota.limits import Limits
from varde.domain.rota.rules.breach import Need
from varde.domain.rota.values import Slot, Span


HALF_HOUR = timedelta(minutes=30)
HALVES_A_DAY = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """A half hour and the operators it needs. The moments are true ones."""

    span: Span
    operators: int


def in_force(sentral_id: int, *, first: date, last: date) -> list[OperatorNeed]:
    """The needs that hold on some of these days, the one handed over last first."""
    return list(
        OperatorNeed.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=first),
            sentral=sentral_id,
            valid_from__lte=last,
        ).order_by("-handed_at", "-pk")
    )


def on(rows: Iterable[OperatorNeed], day: date) -> OperatorNeed | None:
    """The one that counts on a day, of rows with the last first."""
    return next(
        (
            row
            for row in rows
            if row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
        ),
        None,
    )


def halves(rows: Sequence[OperatorNeed], *, first: date, last: date) -> Iterator[Half]:
    """Each half hour of the days by the clock on the wall, where a need holds.

    The hour that spring skips is not there. The hour that autumn has twice is there once,
    as long as it lasts.
    """
    for number in range((last - first).days + 1):
        day = first + number * DAY
        row = on(rows, day)
        if row is None:
            continue
        midnight = datetime.combine(day, datetime.min.time())
        of_day = row.operators[day.weekday() * HALVES_A_DAY :][:HALVES_A_DAY]
        for place, operators in enumerate(of_day):
            begins = _moment(midnight + place * HALF_HOUR)
            ends = (midnight + (place + 1) * HALF_HOUR).replace(tzinfo=OSLO)
            if begins is not None:
                yield Half(
                    span=Span(starts_at=begins, ends_at=ends.astimezone(UTC)),
                    operators=operators,
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """A time in which the rota has fewer operators than are needed."""

    span: Span
    there: int
    needed: int


def too_few(
    needs: Iterable[Need], slots: Collection[Slot], assignment: Mapping[str, str]
) -> list[TooFew]:
    """Where fewer are on duty through the whole of a need's time than it asks for."""
    held = [slot for slot in slots if slot.id in assignment]
    held.sort(key=lambda slot: slot.span.starts_at)
    found: list[TooFew] = []
    there: list[Slot] = []
    nearest = 0
    for need in sorted(needs, key=lambda one: one.span.starts_at):
        begins = need.span.starts_at
        while nearest < len(held) and held[nearest].span.starts_at <= begins:
            there.append(held[nearest])
            nearest += 1
        there = [slot for slot in there if slot.span.ends_at > begins]
        people = {
            assignment[slot.id]
            for slot in there
            if slot.post in need.posts and slot.span.ends_at >= need.span.ends_at
        }
        if len(people) < need.least:
            _add(found, TooFew(span=need.span, there=len(people), needed=need.least))
    return found


def _add(found: list[TooFew], one: TooFew) -> None:
    """One more, joined to the one before it where the two say the same."""
    before = found[-1] if found else None
    if (
        before is not None
        and before.span.ends_at == one.span.starts_at
        and (before.there, before.needed) == (one.there, one.needed)
    ):
        whole = Span(starts_at=before.span.starts_at, ends_at=one.span.ends_at)
        found[-1] = replace(before, span=whole)
    else:
        found.append(one)


def needs_of(
    rota: Rota, slots: Collection[Slot], *, workplace: Workplace, limits: Limits
) -> tuple[Need, ...]:
    """What the operators' places of a rota must cover. Never hard: it is a goal.

    Nothing for a station, and where nothing is handed over.
    """
    if workplace.sentral_id is None:
        return ()
    first, last = rota.starts_on, rota.ends_on
    rows = in_force(workplace.sentral_id, first=first, last=last)
    if not rows:
        return ()
    return grouped(
        halves(rows, first=first, last=last), slots, posts=limits.operator_posts
    )


def grouped(
    needed: Iterable[Half], slots: Collection[Slot], *, posts: frozenset[str]
) -> tuple[Need, ...]:
    """Half hours as needs: those in a row that are alike, and covered by the same places,
    as one. What a rota lacks is the same, and far fewer are judged."""
    places = sorted(
        (slot.span.starts_at, slot.span.ends_at, slot.id)
        for slot in slots
        if slot.post in posts
    )
    found: list[tuple[Half, frozenset[str]]] = []
    there: list[tuple[datetime, datetime, str]] = []
    nearest = 0
    for half in needed:
        begins, ends = half.span.starts_at, half.span.ends_at
        while nearest < len(places) and places[nearest][0] <= begins:
            there.append(places[nearest])
            nearest += 1
        there = [place for place in there if place[1] > begins]
        covers = frozenset(name for _, until, name in there if ends <= until)
        before = found[-1] if found else None
        if (
            before is not None
            and before[1] == covers
            and before[0].operators == half.operators
            and before[0].span.ends_at == begins
        ):
            whole = Span(starts_at=before[0].span.starts_at, ends_at=ends)
            found[-1] = (Half(span=whole, operators=half.operators), covers)
        else:
            found.append((half, covers))
    return tuple(
        Need(posts=posts, span=half.span, least=half.operators, is_hard=False)
        for half, _ in found
        if half.operators
    )


def _moment(wall: datetime) -> datetime | None:
    """The moment when the clock on the wall shows so; None in the hour spring skips."""
    found = wall.replace(tzinfo=OSLO).astimezone(UTC)
    return found if found.astimezone(OSLO).replace(tzinfo=None) == wall else None
