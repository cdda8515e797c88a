"""The doors of what is the station's own: incidents at work and checklists.

What is not there and what is not yours give the same answer, 404.
"""

from django.http import Http404

from varde.apps.records.models import (
    Checklist,
    EquipmentLack,
    Role,
    SafetyIncident,
)
from varde.apps.station.access import (
    CLINICIANS,
    LEADERS,
    Asker,
    StationPlace,
    roles_at,
    scope_from,
    stations_of,
)


AT_WORK = (*CLINICIANS, Role.LEGEVAKTOVERLEGE)


def incident_for(asker: Asker, incident_id: int) -> SafetyIncident:
    """The incident, for those who take part in it.

    While the alarm stands: everybody who works with the station. Afterwards: the one who
    told, those who saw it, and the leaders.
    """
    scope = scope_from(asker)
    found = (
        SafetyIncident.objects.filter(
            pk=incident_id, station__in=_ids(scope), district__in=scope.districts
        )
        .select_related("station", "raised_by", "ended_by")
        .first()
    )
    if found is None or not _takes_part(scope, found):
        raise Http404
    return found


def checklist_for(asker: Asker, checklist_id: int, *roles: Role) -> Checklist:
    """A checklist that is in use at a station where one of these roles counts."""
    scope = scope_from(asker)
    found = (
        Checklist.objects.filter(
            pk=checklist_id, station__in=_ids(scope, *roles), removed_at=None
        )
        .select_related("station", "placed_by", "approved_by")
        .first()
    )
    if found is None:
        raise Http404
    return found


def lack_for(asker: Asker, lack_id: int, *roles: Role) -> EquipmentLack:
    """What lacked on such a checklist."""
    scope = scope_from(asker)
    found = EquipmentLack.objects.filter(
        pk=lack_id, item__checklist__station__in=_ids(scope, *roles)
    ).select_related("item__checklist")
    row = found.first()
    if row is None:
        raise Http404
    return row


def place_of(asker: Asker, station_id: int) -> StationPlace:
    """The station of a thing, which is one of those where one works."""
    for place in stations_of(asker):
        if place.id == station_id:
            return place
    raise Http404


def _takes_part(asker: Asker, incident: SafetyIncident) -> bool:
    scope = scope_from(asker)
    if incident.ended_at is None or incident.raised_by_id == scope.user_id:
        return True
    if roles_at(scope, place_of(scope, incident.station_id)) & set(LEADERS):
        return True
    return incident.seen.filter(by=scope.user_id).exists()


def _ids(asker: Asker, *roles: Role) -> list[int]:
    return [place.id for place in stations_of(asker, *(roles or AT_WORK))]
