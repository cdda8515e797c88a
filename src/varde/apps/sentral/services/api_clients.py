"""What an administrator does with other systems that read from Varde by FHIR."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records.models import ApiClient, AuditEntry, User
from varde.apps.sentral.services.people import districts_of
from varde.domain.errors import Rule, RuleBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDetails:
    """What is known of a system. At least one of the two that it is known by is set."""

    name: str
    client_id: str
    certificate: str
    districts: frozenset[int]
    scopes: tuple[str, ...]
    purpose: str
    valid_from: date
    valid_to: date | None  # the first day on which it may not read


@transaction.atomic
def make_client(*, details: ClientDetails, by: User, at: datetime) -> ApiClient:
    """Let another system read in some of the administrator's districts.

    Raises 404 for districts that are not hers, and `RuleBroken` (API_CLIENT_IS_KNOWN)
    where a client with the same name in tokens, or the same certificate, is valid in some
    of those days, and ROLE_DATES_WRONG for days in the wrong order.
    """
    _hers(details.districts, by=by, at=at)
    _check(details, except_id=None, at=at)
    client = ApiClient.objects.create(made_at=at, **_fields(details))
    client.districts.set(details.districts)
    _log("api_client_made", client, details.districts, by=by, at=at)
    return client


@transaction.atomic
def save_client(
    *, client_id: int, details: ClientDetails, by: User, at: datetime
) -> ApiClient:
    """Change what a system may read. Refusals as in `make_client`."""
    client = client_for(client_id, by=by, at=at)
    _hers(details.districts, by=by, at=at)
    _check(details, except_id=client.pk, at=at)
    ApiClient.objects.filter(pk=client.pk).update(**_fields(details))
    before = frozenset(client.districts.values_list("pk", flat=True))
    client.districts.set(details.districts)
    _log("api_client_saved", client, before | details.districts, by=by, at=at)
    client.refresh_from_db()
    return client


@transaction.atomic
def end_client(*, client_id: int, by: User, at: datetime) -> ApiClient:
    """End a system's access: from this moment it is not let in."""
    client = client_for(client_id, by=by, at=at)
    today = timezone.localdate(at)
    if client.valid_to is not None and client.valid_to <= today:
        return client
    client.valid_to = today
    client.save(update_fields=["valid_to"])
    districts = client.districts.values_list("pk", flat=True)
    _log("api_client_ended", client, districts, by=by, at=at)
    return client


def client_for(client_id: int, *, by: User, at: datetime) -> ApiClient:
    """The client, if all its districts are the administrator's. Else 404."""
    mine = districts_of(by, at=at)
    client = ApiClient.objects.select_for_update().filter(pk=client_id).first()
    if client is None:
        raise Http404
    if not mine.issuperset(client.districts.values_list("pk", flat=True)):
        raise Http404
    return client


def _hers(districts: Iterable[int], *, by: User, at: datetime) -> None:
    if not districts or not districts_of(by, at=at).issuperset(districts):
        raise Http404


def _check(details: ClientDetails, *, except_id: int | None, at: datetime) -> None:
    end = details.valid_to
    if end is not None and end <= max(details.valid_from, timezone.localdate(at)):
        raise RuleBroken(Rule.ROLE_DATES_WRONG)
    # Two at the same time: the second waits here, and then sees the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('varde.api_client'))")
    same = Q(pk=None)
    if details.client_id:
        same |= Q(client_id=details.client_id)
    if details.certificate:
        same |= Q(certificate=details.certificate)
    at_the_same_time = Q(valid_to=None) | Q(valid_to__gt=details.valid_from)
    if end is not None:
        at_the_same_time &= Q(valid_from__lt=end)
    others = ApiClient.objects.exclude(pk=except_id).filter(same, at_the_same_time)
    if others.exists():
        raise RuleBroken(Rule.API_CLIENT_IS_KNOWN)


def _fields(details: ClientDetails) -> dict[str, object]:
    return {
        "name": details.name,
        "client_id": details.client_id,
        "certificate": details.certificate,
        "scopes": list(details.scopes),
        "purpose": details.purpose,
        "valid_from": details.valid_from,
        "valid_to": details.valid_to,
    }


def _log(
    what: str, client: ApiClient, districts: Iterable[int], *, by: User, at: datetime
) -> None:
    """A line in each district that the system reads in."""
    for district in sorted(districts):
        audit.log(
            kind=AuditEntry.Kind.ACT,
            what=what,
            by=by,
            at=at,
            district_id=district,
            table="records_apiclient",
            row_id=client.pk,
            purpose="",
        )
