"""The door for the telephone exchange: signed events in, a receipt out."""

from django.http import HttpResponse
from ninja import Body, Router, Status

from varde.apps.api.helped_calls import helped_events
from varde.apps.api.problems import described
from varde.apps.api.signed_door import SKEW_HEADER
from varde.apps.api.taking_in import take_in
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
    receipt = take_in(DOOR, payload, ingest=_ingest, apart=helped_events)
    response[SKEW_HEADER] = str(request.skew_s)
    return Status(202, receipt)


def _ingest(sentral, told, *, at):
    events = [message_from(event) for event in told]
    return calls.ingest_all(sentral=sentral, events=events, at=at)
