"""The doors of the beds. What is not there and what is not yours give 404."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils import timezone

from varde.apps.records.models import Bed, BedStay, Contact
from varde.apps.sentral.access import contact_for, grounds_for_contact, scope_from
from varde.apps.station.access import StationPlace


def bed_at(place: StationPlace, bed_id: int) -> Bed:
    """A bed of the station, in use or not. Raises 404."""
    found = Bed.objects.filter(station=place.id, pk=bed_id).first()
    if found is None:
        raise Http404
    return found


def stay_for(
    request: HttpRequest, stay_id: int, *, now: datetime | None = None
) -> BedStay:
    """A stay at the station in hand, with its contact and patient.

    Raises 404 (not there, or not yours) or `sentral.access.ReasonNeeded`.
    """
    scope = scope_from(request)
    place: StationPlace = request.station
    found = (
        BedStay.objects.filter(
            pk=stay_id, station=place.id, district__in=scope.districts
        )
        .select_related("contact__patient", "doctor")
        .first()
    )
    if found is None:
        raise Http404
    grounds_for_contact(scope, found.contact, now=now or timezone.now())
    return found


def contact_for_bed(request: HttpRequest, contact_id: int) -> Contact:
    """A contact whose patient can be laid in a bed of the station in hand.

    Raises 404 (not there, not yours, or of another district) or `ReasonNeeded`.
    """
    found = contact_for(request, contact_id)
    if found.district_id != request.station.district_id:
        raise Http404
    return found
