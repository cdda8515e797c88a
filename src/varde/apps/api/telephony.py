"""The door for the telephone exchange: signed events in, a receipt out.

A message is all taken in or not at all, and the receipt comes after it is stored. What has
been taken in before changes nothing, so that a sender who got no receipt sends again.
"""

from django.http import HttpResponse
from django.utils import timezone
from ninja import Body, Router, Status

from varde.apps.api.helped_calls import helped_events
from varde.apps.api.problems import described
from varde.apps.api.signed_door import SKEW_HEADER
from varde.apps.api.taking_in import check_moments, see_only, told_by_sentral
from varde.apps.api.telephony_door import DOOR, VardeSignature
from varde.apps.api.telephony_schema import Payload, Receipt, message_from
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
    check_moments(DOOR, told, now=now)
    own, foreign = helped_events(told, now=now)
    by_sentral = told_by_sentral(own)
    see_only([*by_sentral, *(one.sentral for one in foreign)])
    accepted = duplicates = 0
    # Those of others first: who takes in their word locks in this order too.
    for one in foreign:
        done = one.take_in([message_from(event) for event in one.events], at=now)
        accepted += done.accepted
        duplicates += done.duplicates
    for sentral, events in by_sentral.items():
        done = calls.ingest_all(
            sentral=sentral, events=[message_from(event) for event in events], at=now
        )
        accepted += done.accepted
        duplicates += done.duplicates
    response[SKEW_HEADER] = str(request.skew_s)
    return Status(202, Receipt(accepted=accepted, duplicates=duplicates))
