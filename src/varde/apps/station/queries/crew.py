"""Who may go out from a station: those who work with patients there."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from varde.apps.records.models import Role, Station, User
from varde.apps.records.scope import sentraler_serving


# A shift leader or an operator may be along too: who sits at the desk is for them to say.
GOES_OUT = (Role.DOCTOR, Role.NURSE, Role.SHIFT_LEADER, Role.OPERATOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrewChoice:
    """Somebody who may be on a crew. Doctors come first."""

    id: int
    name: str
    is_doctor: bool


def may_be_crew(station_id: int) -> tuple[CrewChoice, ...]:
    """Everybody with a role with patients at the station today, the doctors first."""
    on = timezone.localdate()
    station = Station.objects.get(pk=station_id)
    sentraler = sentraler_serving(station.district_id, on=on)
    held = Q(grants__valid_to=None) | Q(grants__valid_to__gt=on)
    where = (
        Q(grants__station=station)
        | Q(grants__district=station.district_id)
        | Q(grants__sentral__in=sentraler)
    )
    rows = (
        User.objects.filter(
            held,
            where,
            is_active=True,
            grants__valid_from__lte=on,
            grants__role__in=GOES_OUT,
        )
        .values_list("pk", "first_name", "last_name", "username", "grants__role")
        .order_by("first_name", "last_name", "username")
    )
    people: dict[int, CrewChoice] = {}
    for pk, first, last, username, role in rows:
        known = people.get(pk)
        people[pk] = CrewChoice(
            id=pk,
            name=f"{first} {last}".strip() or username,
            is_doctor=role == Role.DOCTOR or (known is not None and known.is_doctor),
        )
    return tuple(sorted(people.values(), key=lambda one: not one.is_doctor))
