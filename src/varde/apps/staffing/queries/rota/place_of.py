"""The workplace of a screen that is kept fresh."""

from varde.apps.records.models import Sentral, Station
from varde.apps.staffing.access import Workplace


def workplace_with(station_id: int | None, sentral_id: int) -> Workplace:
    """The station, or without one the sentral. The door has let the watcher in."""
    if station_id is not None:
        station = Station.objects.get(pk=station_id)
        return Workplace.of_station(station, sentraler=[sentral_id])
    return Workplace.of_sentral(Sentral.objects.get(pk=sentral_id))
