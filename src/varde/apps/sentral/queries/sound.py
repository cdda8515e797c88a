"""The sound log: recordings by day, operator or contact, and who has listened."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from varde.apps.records.models import Recording, Sentral, User


MOST_LISTENINGS = 20


class SoundState(StrEnum):
    """What has become of a recording."""

    KEPT = "kept"
    HELD = "held"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for. None: no matter."""

    first: date | None = None
    last: date | None = None
    operator_id: int | None = None
    contact_id: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == Search()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRow:
    """One recording in the list. The reference is not in it: to get it is to listen."""

    id: int
    recorded_on: date
    rang_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    operator: str  # a name, or what the telephone system called the person
    contact_id: int | None
    state: SoundState
    listened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Who listened, when and why."""

    by: str
    at: datetime
    reason: str


def recordings(
    sentral: Sentral, search: Search, *, only_of: User | None, first: int, most: int
) -> tuple[RecordingRow, ...]:
    """The recordings that fit, the newest first. One query.

    `only_of`: those of one's own calls and no others.
    """
    rows = (
        _of(sentral, only_of=only_of)
        .filter(_wanted(search))
        .select_related("call__owner")
        .annotate(listened=Count("listenings"))
        .order_by("-recorded_on", "-call__ringing_at", "-pk")
    )
    return tuple(_row(row) for row in rows[first : first + most])


def recording_for(
    sentral: Sentral, recording_id: int, *, only_of: User | None
) -> Recording:
    """The recording, if it is of this sentral and open to this person. Raises 404."""
    found = (
        _of(sentral, only_of=only_of)
        .filter(pk=recording_id)
        .select_related("call__owner")
        .annotate(listened=Count("listenings"))
        .first()
    )
    if found is None:
        raise Http404
    return found


def shown(row: Recording) -> RecordingRow:
    """One recording as the list shows it."""
    return _row(row)


def listenings(row: Recording) -> tuple[Heard, ...]:
    """Who has listened to it, the last first."""
    rows = row.listenings.select_related("by").order_by("-at", "-pk")
    return tuple(
        Heard(by=one.by.name, at=one.at, reason=one.reason)
        for one in rows[:MOST_LISTENINGS]
    )


def operators(sentral: Sentral) -> list[tuple[int, str]]:
    """The people who may have taken calls at a sentral, by name."""
    people = User.objects.filter(
        grants__sentral=sentral, grants__role__in=["operator", "shift_leader"]
    ).distinct()
    return sorted(
        ((person.pk, person.name) for person in people), key=lambda one: one[1]
    )


def _of(sentral: Sentral, *, only_of: User | None) -> QuerySet[Recording]:
    rows = Recording.objects.filter(call__sentral=sentral)
    return rows if only_of is None else rows.filter(_call_of(only_of))


def _call_of(user: User) -> Q:
    """The calls of a person: in her hand here, or by her code in the telephone system."""
    hers = Q(call__owner=user)
    if user.operator_code:
        hers |= Q(call__owner=None, call__operator_code=user.operator_code)
    return hers


def _wanted(search: Search) -> Q:
    wanted = Q()
    if search.first is not None:
        wanted &= Q(recorded_on__gte=search.first)
    if search.last is not None:
        wanted &= Q(recorded_on__lte=search.last)
    if search.contact_id is not None:
        wanted &= Q(call__contact_id=search.contact_id)
    if search.operator_id is not None:
        person = User.objects.filter(pk=search.operator_id).first()
        wanted &= _call_of(person) if person is not None else Q(pk=None)
    return wanted


def _row(row: Any) -> RecordingRow:
    call = row.call
    return RecordingRow(
        id=row.pk,
        recorded_on=row.recorded_on,
        rang_at=call.ringing_at,
        answered_at=call.answered_at,
        ended_at=call.ended_at,
        operator=call.owner.name if call.owner else call.operator_code,
        contact_id=call.contact_id,
        state=_state(row),
        listened=row.listened,
    )


def _state(row: Recording) -> SoundState:
    if row.deleted_at is not None:
        return SoundState.DELETED
    return SoundState.HELD if row.legal_hold else SoundState.KEPT
