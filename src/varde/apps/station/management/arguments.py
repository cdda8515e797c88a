"""What the station's commands ask for."""

from django.core.management.base import BaseCommand

from varde.apps.records.models import Station
from varde.apps.sentral.management.arguments import refuse


def station_named(command: BaseCommand, code: str) -> Station:
    """The station with this code, or the codes that there are."""
    found = Station.objects.filter(code=code).first()
    if found is not None:
        return found
    known = ", ".join(Station.objects.order_by("code").values_list("code", flat=True))
    refuse(
        command,
        f"No station has the code {code!r}. Known: {known or 'none'}.\n"
        "Nothing was changed. Name one of them with --station.",
    )
    return None
