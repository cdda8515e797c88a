"""The door for the telephone exchange: signed events in, a receipt out.

A message is all taken in or not at all, and the receipt comes after it is stored. What has
been taken in before changes nothing, so that a sender who got no receipt sends again.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.utils import timezone
from ninja import Body, Router, Status

from varde.apps.api.problems import MOST_SHOWN, Fault, Refused, described
from varde.apps.api.telephony_door import SKEW_HEADER, VardeSignature, limit_of
from varde.apps.api.telephony_schema import EventIn, Payload, Receipt, message_from
from varde.apps.records.models import Sentral
from varde.apps.records.scope import districts_served, tell_database
from varde.apps.sentral.services import calls


router = Router(tags=["telephony"])


@router.post(
    "/events",
    auth=VardeSignature(),
    response={202: Receipt},
    openapi_extra={"responses": described(400, 401, 404, 413, 422, 429)},
    operation_id="telephony_events",
    summary="Events from the telephone exchange",
)
def telephony_events(request, payload: Body[Payload], response: HttpResponse):
    """Take in one event, or a list of up to a hundred, in any order, again and again."""
    now = timezone.now()
    told = payload if isinstance(payload, list) else [payload]
    _check_moments(told, now=now)
    by_sentral = _by_sentral(told)
    _see_only(list(by_sentral))
    accepted = duplicates = 0
    for sentral, events in by_sentral.items():
        done = calls.ingest_all(
            sentral=sentral, events=[message_from(event) for event in events], at=now
        )
        accepted += done.accepted
        duplicates += done.duplicates
    response[SKEW_HEADER] = str(request.skew_s)
    return Status(202, Receipt(accepted=accepted, duplicates=duplicates))


def _check_moments(told: list[EventIn], *, now: datetime) -> None:
    ahead = timedelta(seconds=limit_of("telephony.ahead_s"))
    oldest = timedelta(seconds=limit_of("telephony.max_age_s"))
    faults = []
    for number, event in enumerate(told):
        where = f"{number}.occurred_at"
        if event.occurred_at - now > ahead:
            faults.append(
                Fault(where=where, problem=f"is more than {ahead} ahead of our clock")
            )
        elif now - event.occurred_at > oldest:
            faults.append(Fault(where=where, problem=f"is more than {oldest} ago"))
    if faults:
        raise Refused(
            422,
            "moment_out_of_range",
            f"{len(faults)} event(s) did not happen now, by our clock.",
            "Check the exchange's clock and offset. What is older is history: "
            "varde import calls. Nothing was taken in.",
            faults=faults[:MOST_SHOWN],
        )


def _by_sentral(told: list[EventIn]) -> dict[Sentral, list[EventIn]]:
    """The events of each sentral, in one order for all, so that no two wait in a ring."""
    by_code: dict[str, list[EventIn]] = defaultdict(list)
    for event in told:
        by_code[event.sentral].append(event)
    found = Sentral.objects.filter(code__in=by_code).order_by("pk")
    by_sentral = {sentral: by_code[sentral.code] for sentral in found}
    if len(by_sentral) < len(by_code):
        known = {sentral.code for sentral in by_sentral}
        raise Refused(
            404,
            "no_such_sentral",
            "There is no sentral with that code.",
            "Use the code that the sentral has in Varde. Nothing was taken in.",
            faults=[
                Fault(where=f"{number}.sentral", problem="is not a sentral's code")
                for number, event in enumerate(told)
                if event.sentral not in known
            ][:MOST_SHOWN],
        )
    return by_sentral


def _see_only(sentraler: list[Sentral]) -> None:
    """The districts that these sentraler answer for, and no other patient's rows."""
    hosts = {sentral.host_district_id for sentral in sentraler}
    served = districts_served(
        [sentral.pk for sentral in sentraler], on=timezone.localdate()
    )
    tell_database(districts=hosts.union(served))
