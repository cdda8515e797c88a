"""The times of imported legs: how long after the alarm each began."""

from varde.apps.records.models import ImportedLegs, Station
from varde.engines.missions.leg_file import LENGTHS, LegTimes, leg_times


def imported_leg_times(station: Station) -> tuple[LegTimes, ...]:
    """Each leg of all imported units of a station, in the order of the chain.

    A leg without a time is left out of its own figures, and counts in no other way.
    """
    rows = ImportedLegs.objects.filter(station=station)
    found = []
    for name in LENGTHS:
        lengths = rows.exclude(**{name: None}).values_list(name, flat=True)
        found.append(leg_times(name.removesuffix("_s"), list(lengths)))
    return tuple(found)
