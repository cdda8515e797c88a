"""Which station serves a place at a moment."""

from datetime import datetime, time

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import holidays, settings
from varde.apps.records.models import Catchment, SentralDistrict, Station
from varde.domain.catchment import is_day


def station_for(municipality_id: str, *, at: datetime) -> Station | None:
    """The station that serves a municipality on that day and at that hour.

    None where nobody has said so: a municipality that no station here serves, or hours
    that the catchment leaves out.
    """
    on = timezone.localdate(at)
    hours = Catchment.Hours.DAY if _is_day(at) else Catchment.Hours.NIGHT
    found = (
        Catchment.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=on),
            municipality_id=municipality_id,
            hours__in=[Catchment.Hours.ALL, hours],
            valid_from__lte=on,
        )
        .select_related("station")
        .first()
    )
    return found.station if found is not None else None


def may_move_to(district_id: int, *, sentral_id: int, at: datetime) -> bool:
    """Whether the sentral answers for this district on the day."""
    on = timezone.localdate(at)
    return SentralDistrict.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        sentral_id=sentral_id,
        district_id=district_id,
        valid_from__lte=on,
    ).exists()


def _is_day(at: datetime) -> bool:
    local = timezone.localtime(at)
    hours = settings.value("catchment.day", on=local.date())
    return is_day(
        local,
        starts=time.fromisoformat(hours["from"]),
        ends=time.fromisoformat(hours["to"]),
        holidays=holidays.around(local.date()),
    )
