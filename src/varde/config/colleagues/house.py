"""Who is on duty in the demo, who of them is a person at a screen, and how long things take."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from varde.apps.records.models import Duty, Sentral, User, WorkSession
from varde.apps.station import access
from varde.apps.station.access import StationPlace
from varde.domain.errors import VardeError


AT_A_SCREEN = timedelta(minutes=20)  # since a log-in was last used
DOCTORS = Duty.DOCTOR_POSTS


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One look at the house: the moment, the sentral, its stations and those who act.

    `pace` is how much faster than real people the colleagues are.
    """

    now: datetime
    sentral: Sentral
    places: tuple[StationPlace, ...]
    pace: float
    seed: int
    real: frozenset[int]  # people at a screen

    def on_duty(
        self, *posts: Duty.Post, place: StationPlace | None = None
    ) -> list[User]:
        """The colleagues on duty in these posts, at the sentral or at a station."""
        rows = Duty.objects.filter(
            starts_at__lte=self.now, ends_at__gt=self.now, post__in=posts
        )
        rows = (
            rows.filter(sentral=self.sentral)
            if place is None
            else rows.filter(station=place.id)
        )
        people = [row.person for row in rows.select_related("person").order_by("pk")]
        unique = {one.pk: one for one in people if one.pk not in self.real}
        return list(unique.values())

    def draw(self, *what: object) -> Random:
        """Chance that is the same each time it is asked about the same thing."""
        return Random(f"{self.seed}:{what}")  # noqa: S311  (a play, not a secret)

    def is_past(self, since: datetime | None, *, seconds: float) -> bool:
        """Whether a thing that takes a real person so long is done."""
        if since is None:
            return False
        return self.now - since >= timedelta(seconds=seconds / self.pace)


def look(*, sentral_code: str, pace: float, seed: int, now: datetime) -> House:
    """The house as it is now."""
    sentral = Sentral.objects.get(code=sentral_code)
    places = tuple(p for p in access.all_stations() if sentral.pk in p.sentraler)
    used = WorkSession.objects.filter(used_at__gte=now - AT_A_SCREEN)
    return House(
        now=now,
        sentral=sentral,
        places=places,
        pace=pace,
        seed=seed,
        real=frozenset(used.values_list("user_id", flat=True)),
    )


def tried[R](act: Callable[..., R], **about: Any) -> R | None:
    """Do one act; None where it is refused (somebody was first). The others go on."""
    try:
        with transaction.atomic():
            return act(**about)
    except VardeError:
        return None
