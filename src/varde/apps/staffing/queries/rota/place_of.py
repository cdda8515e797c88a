"""The workplace of a screen that is kept fresh."""

from varde.apps.records.models import Sentral, Station
from varde.apps.staffing.access import Workplace, WorkplaceKind


def workplace_with(station_id: int | None, sentral_id: int) -> Workplace:
    """The station, or without one the sentral. The door has let the watcher in."""
    if station_id is not None:
        station = Station.objects.get(pk=station_id)
        return Workplace(
            kind=WorkplaceKind.STATION,
            id=station.pk,
            code=station.code,
            name=station.name,
            district_id=station.district_id,
            sentraler=(sentral_id,),
        )
    sentral = Sentral.objects.get(pk=sentral_id)
    return Workplace(
        kind=WorkplaceKind.SENTRAL,
        id=sentral.pk,
        code=sentral.code,
        name=sentral.name,
        district_id=sentral.host_district_id,
        sentraler=(sentral.pk,),
    )
