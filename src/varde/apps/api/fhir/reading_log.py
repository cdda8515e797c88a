"""What the log says of a FHIR request: who asked, what for, and which patients it told of."""

from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from varde.apps.api.fhir.faults import Fault, Issue
from varde.apps.api.fhir.identity import Asker
from varde.apps.api.fhir.kinds import About
from varde.apps.records import audit, ratelimit
from varde.apps.records import settings as dated
from varde.apps.records.audit import Whom
from varde.apps.records.models import AuditEntry, Patient


def log_read(
    request: HttpRequest,
    asker: Asker,
    *,
    what: str,
    kind: str,
    told: Iterable[About],
    asked: Iterable[int] = (),
) -> None:
    """A line for each patient and contact that the answer tells of, or is about.

    That a patient has none of what was asked for is told too. An answer about nobody is a
    line in each of the client's districts.
    """
    told = list(told)
    whom: dict[Whom, None] = {
        (one.district_id, one.patient_id, one.contact_id): None
        for one in told
        if one.district_id is not None
    }
    silent = set(asked) - {one.patient_id for one in told}
    if silent:
        rows = Patient.objects.filter(pk__in=silent, district__in=asker.districts)
        for pk, district in rows.values_list("pk", "district"):
            whom[(district, pk, None)] = None
    if not whom:
        whom = {(district, None, None): None for district in sorted(asker.districts)}
    audit.log_client_reads(
        what=what,
        client=asker.client,
        whom=whom,
        place=_address(request),
        data={"type": kind, "resources": len(told)},
    )


def log_refused(request: HttpRequest, fault: Fault, asker: Asker | None) -> None:
    """A refused request, without anything that was in it.

    Beyond the set number in a minute from one address nothing more is written: else a
    stranger could fill the log.
    """
    address = _address(request)
    if not ratelimit.allow(f"fhir_refused:{address}", _limit("refused_per_min"), 60):
        return
    districts = sorted(asker.districts) if asker is not None else [None]
    for district in districts:
        audit.log(
            what="fhir_refused",
            kind=AuditEntry.Kind.REFUSED,
            by=None,
            district_id=district,
            place=address,
            purpose="",
            data={"status": fault.status, "code": fault.code}
            | ({audit.CLIENT: asker.client.pk} if asker is not None else {}),
        )


def check_rate(asker: Asker) -> None:
    """Refuse a client that asks more often than it may."""
    limit = _limit("requests_per_min")
    if ratelimit.allow(f"fhir_client:{asker.client.pk}", limit, 60):
        return
    raise Fault(
        429,
        (Issue("throttled", f"More than {limit} requests in a minute."),),
        {"Retry-After": "5"},
    )


def _limit(key: str) -> int:
    return int(dated.value(f"fhir.{key}", on=timezone.localdate()))


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter(request).get_client_ip(request))[:60]
    except PermissionDenied:
        return ""
