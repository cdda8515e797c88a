"""The doors of the rota: a rota, a place in it, a run, a vacancy. Else 404."""

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404

from varde.apps.records.models import (
    CalendarFeed,
    DutySwap,
    Rota,
    RotaDuty,
    RotaRun,
    ShiftPattern,
    StaffingComparison,
    Station,
    Vacancy,
)
from varde.apps.records.scope import sentraler_serving
from varde.apps.staffing import access
from varde.apps.staffing.access import Workplace


def rota_for(request, rota_id: int) -> Rota:
    """A rota of the workplace in hand. A draft is for those who plan."""
    found = Rota.objects.filter(pk=rota_id, **request.workplace.where).first()
    if found is None or not _may_see(request, found):
        raise Http404
    return found


def place_for(request, place_id: int) -> RotaDuty:
    """A place in a rota of the workplace in hand."""
    found = (
        RotaDuty.objects.select_related("rota", "person")
        .filter(pk=place_id, **_of_rota(request.workplace))
        .first()
    )
    if found is None or not _may_see(request, found.rota):
        raise Http404
    return found


def run_for(request, run_id: int) -> RotaRun:
    """A run of the optimiser, for those who plan."""
    found = (
        RotaRun.objects.select_related("rota")
        .filter(pk=run_id, **_of_rota(request.workplace))
        .first()
    )
    if found is None or not _may_see(request, found.rota):
        raise Http404
    return found


def vacancy_for(request, vacancy_id: int) -> Vacancy:
    """A vacant duty of the workplace in hand."""
    wanted = {
        f"place__{name}": value for name, value in _of_rota(request.workplace).items()
    }
    rows = Vacancy.objects.select_related("place__rota", "was", "filled_by")
    return get_object_or_404(rows, pk=vacancy_id, **wanted)


def swap_for(request, swap_id: int) -> DutySwap:
    """A swap that one is part of."""
    found = (
        DutySwap.objects.filter(pk=swap_id)
        .select_related("mine__rota", "theirs")
        .first()
    )
    is_part = found is not None and request.user.pk in {
        found.asked_by_id,
        found.asked_to_id,
    }
    if not is_part or found.mine.rota.station_id != request.workplace.station_id:
        raise Http404
    return found


def pattern_for(request, pattern_id: int) -> ShiftPattern:
    """A pattern of the workplace in hand."""
    return get_object_or_404(ShiftPattern, pk=pattern_id, **request.workplace.where)


def workplace_of(row: Rota) -> Workplace:
    """The workplace of a rota, as the services know it: for jobs and links, which have no
    user."""
    return workplace_of_row(row, on=row.starts_on)


def workplace_of_row(row: Rota | CalendarFeed, *, on: date) -> Workplace:
    """The workplace that a row is of, with the sentraler that answer for it on a day."""
    if row.station_id is not None:
        return at_station(Station.objects.get(pk=row.station_id), on=on)
    sentral = row.sentral
    return Workplace.of_sentral(sentral)


def at_station(station: Station, *, on: date) -> Workplace:
    """A station as a workplace, with the sentraler that serve it on a day."""
    serving = sentraler_serving(station.district_id, on=on)
    return Workplace.of_station(station, sentraler=serving)


def comparison_for(request, comparison_id: int) -> StaffingComparison:
    """A comparison of staffing models of the station in hand."""
    rows = StaffingComparison.objects.select_related("asked_by", "shared_by")
    return get_object_or_404(
        rows, pk=comparison_id, station=request.workplace.station_id
    )


def _of_rota(workplace: Workplace) -> dict[str, int]:
    return {f"rota__{name}": value for name, value in workplace.where.items()}


def _may_see(request, rota: Rota) -> bool:
    if rota.state == Rota.State.PUBLISHED:
        return True
    if rota.state == Rota.State.DROPPED:
        return False
    held = access.roles_at(request, request.workplace)
    return not held.isdisjoint(access.PLANNERS)
