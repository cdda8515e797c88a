"""Other systems that read by FHIR, as the administrator sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from varde.apps.records.audit import CLIENT
from varde.apps.records.models import ApiClient, AuditEntry


LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """One system. `last_read_at` is within the last month, in the districts asked about."""

    id: int
    name: str
    districts: str
    types: int
    is_valid: bool
    valid_from: date
    last_day: date | None
    last_read_at: datetime | None
    is_mine: bool


def clients(districts: frozenset[int], *, now: datetime) -> Sequence[ClientRow]:
    """The systems that read in some of these districts, those who may read now first.

    Three queries.
    """
    today = timezone.localdate(now)
    found = list(reading_in(districts).prefetch_related("districts"))
    seen = dict(
        AuditEntry.objects.filter(
            kind=AuditEntry.Kind.READ,
            what__in=["fhir_read", "fhir_search"],
            district__in=districts,
            recorded_at__gte=now - LOOK_BACK,
        )
        .values_list(f"data__{CLIENT}")
        .annotate(at=Max("recorded_at"))
    )
    rows = [
        ClientRow(
            id=one.pk,
            name=one.name,
            districts=", ".join(place.name for place in one.districts.all()),
            types=len(one.scopes),
            is_valid=one.valid_from <= today
            and (one.valid_to is None or one.valid_to > today),
            valid_from=one.valid_from,
            last_day=one.valid_to - timedelta(days=1) if one.valid_to else None,
            last_read_at=seen.get(one.pk),
            is_mine=districts.issuperset(place.pk for place in one.districts.all()),
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (not row.is_valid, row.name, row.id))


def reading_in(districts: frozenset[int]) -> QuerySet[ApiClient]:
    """The systems with some of these districts."""
    return ApiClient.objects.filter(districts__in=districts).distinct()
