"""The doctors on duty at a station: tier, and what each of them does now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from varde.apps.records import on_duty as duties
from varde.apps.records.models import DoctorEvent, Duty
from varde.apps.station.access import StationPlace
from varde.apps.station.messages import doctors as words
from varde.domain.conflict import Tier
from varde.domain.doctor_state import (
    DoctorActivity,
    DoctorEventKind,
    DoctorState,
    doctor_state,
)
from varde.domain.doctor_state import DoctorEvent as Happened


# The front tier first: who has two duties at once stands at the first of them.
TIER = {
    Duty.Post.KONSULTASJONSVAKT: Tier.KONSULTASJONSVAKT,
    # A station with one tier: the forvakt receives the patients.
    Duty.Post.FORVAKT: Tier.KONSULTASJONSVAKT,
    Duty.Post.BEREDSKAPSVAKT: Tier.BEREDSKAPSVAKT,
    Duty.Post.BAKVAKT: Tier.BAKVAKT,
}
POSTS = [post.value for post in TIER]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorNow:
    """A doctor on duty and what the doctor does. `phone` is "" where none is known."""

    user_id: int
    name: str
    phone: str
    tier: Tier
    tier_text: str
    is_reachable: bool
    state: DoctorState
    state_text: str
    until: datetime

    @property
    def activity(self) -> str:
        """The code of what the doctor does, for the looks of it."""
        return self.state.activity.value if self.is_reachable else "unreachable"


def on_duty(
    place: StationPlace, *, now: datetime, running: Iterable[Duty] | None = None
) -> tuple[DoctorNow, ...]:
    """The doctors on duty at the station and at the sentraler behind it, by tier.

    () when nobody is on duty, which the screen must say. Two queries; one where the duties
    that are `running` are read already.
    """
    held = _of_doctors(running_at(place, now=now) if running is None else running)
    events = _events(held)
    return tuple(
        DoctorNow(
            user_id=duty.person_id,
            name=duty.person.name,
            phone=duties.phone_of(duty),
            tier=TIER[Duty.Post(duty.post)],
            tier_text=str(words.TIER[TIER[Duty.Post(duty.post)]]),
            is_reachable=duty.is_reachable,
            state=state,
            state_text=words.state_text(state, is_reachable=duty.is_reachable),
            until=duty.ends_at,
        )
        for duty in held
        for state in [
            doctor_state(events.get(duty.person_id, ()), at=now, since=duty.starts_at)
        ]
    )


def doctors(place: StationPlace, *, now: datetime) -> dict[str, Any]:
    """What the live part with the doctors shows."""
    return {"doctors": on_duty(place, now=now)}


def own(found: Iterable[DoctorNow], user_id: int) -> DoctorNow | None:
    """One's own line among the doctors on duty; None for who is not."""
    return next((one for one in found if one.user_id == user_id), None)


def running_at(place: StationPlace, *, now: datetime) -> list[Duty]:
    """The duties of doctors and nurses that run at the station, or at a sentral behind it."""
    return list(
        duties.running(now=now)
        .filter(
            Q(station=place.id) | Q(sentral__in=place.sentraler),
            post__in=[*POSTS, Duty.Post.NURSE],
        )
        .select_related("person")
        .only(
            *("post", "phone", "is_reachable", "starts_at", "ends_at", "station_id"),
            *("person__phone", "person__first_name", "person__last_name"),
            "person__username",
        )
    )


def _of_doctors(running: Iterable[Duty]) -> list[Duty]:
    """One duty a doctor, of the front tier where there are two, by tier and name."""
    rows = [duty for duty in running if duty.post in POSTS]
    first: dict[int, Duty] = {}
    for duty in sorted(rows, key=lambda duty: (POSTS.index(duty.post), duty.pk)):
        first.setdefault(duty.person_id, duty)
    tiers = list(Tier)
    return sorted(
        first.values(),
        key=lambda d: (tiers.index(TIER[Duty.Post(d.post)]), d.person.name, d.pk),
    )


def _events(duties: list[Duty]) -> Mapping[int, list[Happened]]:
    found: dict[int, list[Happened]] = defaultdict(list)
    if not duties:
        return found
    rows = DoctorEvent.objects.filter(
        doctor__in=[duty.person_id for duty in duties],
        occurred_at__gte=min(duty.starts_at for duty in duties),
    )
    for row in rows:
        found[row.doctor_id].append(
            Happened(
                event_id=row.event_id,
                kind=DoctorEventKind(row.kind),
                occurred_at=row.occurred_at,
                activity=DoctorActivity(row.activity) if row.activity else None,
                ref=row.ref,
            )
        )
    return found
