"""Who is on duty: the duties that run, and how each is reached. One truth for every room.

A published rota writes its duties here, and each change of it follows; duties that no rota
has made stand beside them. A place in a published rota that nobody has is vacant, which
every list must say.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from varde.apps.records.models import Duty, DutyLine, Rota, RotaDuty


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How one on duty is reached; "" for what is not known.

    `phone` is the number to ring first: what was said for this duty, else the phone that
    follows the post, else the person's own. `other_phone` is the person's own where that
    is another.
    """

    phone: str
    other_phone: str
    talkgroup: str
    radio: str


def with_line(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """The duties, each with the phone and nødnett of its post, in the same statement."""
    line = DutyLine.objects.filter(
        Q(station=OuterRef("station_id")) | Q(sentral=OuterRef("sentral_id")),
        post=OuterRef("post"),
    ).values(
        one=JSONObject(phone="phone", talkgroup="talkgroup", radio="radio"),
    )
    return duties.annotate(line=Subquery(line[:1]))


def running(*, now: datetime) -> QuerySet[Duty]:
    """The duties that run at a moment, each with the line of its post."""
    return with_line(Duty.objects.filter(starts_at__lte=now, ends_at__gt=now))


def vacant(*, now: datetime) -> QuerySet[RotaDuty]:
    """The places of published rotas that nobody has at a moment."""
    return RotaDuty.objects.filter(
        person=None,
        rota__state=Rota.State.PUBLISHED,
        starts_at__lte=now,
        ends_at__gt=now,
    )


def reach_of(duty: Any) -> Reach:
    """How one on duty is reached. The duty comes from `running` or `with_line`."""
    line = duty.line or {}
    own = duty.person.phone
    phone = duty.phone or line.get("phone", "") or own
    return Reach(
        phone=phone,
        other_phone=own if own != phone else "",
        talkgroup=line.get("talkgroup", ""),
        radio=line.get("radio", ""),
    )


def phone_of(duty: Any) -> str:
    """The number to ring first; "" where none is known."""
    return reach_of(duty).phone
