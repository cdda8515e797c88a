"""The doctors of a station."""

from datetime import date

from django.db.models import Q

from varde.apps.records.models import Role, RoleGrant, User
from varde.apps.station.access import StationPlace


def doctors_at(place: StationPlace, *, on: date) -> dict[int, str]:
    """Everybody who is a doctor at a station on a day: name by id, in the order of names."""
    held = RoleGrant.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(station=place.id)
        | Q(district=place.district_id)
        | Q(sentral__in=place.sentraler),
        role=Role.DOCTOR,
        valid_from__lte=on,
    )
    found = User.objects.filter(pk__in=held.values("user"), is_active=True)
    people = found.only("first_name", "last_name", "username")
    return {person.pk: person.name for person in sorted(people, key=lambda p: p.name)}
