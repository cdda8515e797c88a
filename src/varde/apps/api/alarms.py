"""The door for safety alarms and sensors: signed signals in, and how far we have come out."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Body, Path, Query, Router, Status

from varde.apps.api.alarm_door import DOOR, AlarmSignature
from varde.apps.api.alarm_schema import ALARM_ID, AlarmState, Payload, message_from
from varde.apps.api.problems import Refused, described
from varde.apps.api.signed_door import SKEW_HEADER
from varde.apps.api.taking_in import see_only, take_in
from varde.apps.api.telephony_schema import CODE, Receipt
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Sentral
from varde.apps.sentral.queries.alarms import answer_to
from varde.apps.sentral.services import alarms


router = Router(tags=["alarms"])


@router.post(
    "",
    auth=AlarmSignature(),
    response={202: Receipt},
    openapi_extra={"responses": described(400, 401, 404, 413, 422, 429)},
    operation_id="alarm_signals",
    summary="Signals from safety alarms and sensors",
)
def alarm_signals(request, payload: Body[Payload], response: HttpResponse):
    """Take in one signal, or a list of up to a hundred, in any order, again and again."""
    receipt = take_in(DOOR, payload, ingest=_ingest)
    response[SKEW_HEADER] = str(request.skew_s)
    return Status(202, receipt)


def _ingest(sentral, told, *, at):
    signals = [message_from(one) for one in told]
    return alarms.ingest_all(sentral=sentral, signals=signals, at=at)


@router.get(
    "/{alarm_id}",
    auth=AlarmSignature(),
    response={200: AlarmState},
    openapi_extra={"responses": described(401, 404, 422, 429)},
    operation_id="alarm_state",
    summary="How far the sentral has come with an alarm",
)
def alarm_state(
    request,
    alarm_id: Annotated[str, Path(max_length=80, pattern=ALARM_ID)],
    sentral: Annotated[str, Query(max_length=12, pattern=CODE)],
):
    """Received, taken, or closed with codes for what was done. The question is logged."""
    place = Sentral.objects.filter(code=sentral).first()
    if place is not None:
        see_only([place])
    found = answer_to(place, alarm_id) if place is not None else None
    if found is None:
        raise Refused(
            404,
            "no_such_alarm",
            "The sentral knows no alarm by that name.",
            "Use the alarm_id and the sentral that the alarm was sent with.",
        )
    audit.log(
        what="alarm_state",
        kind=AuditEntry.Kind.READ,
        by=None,
        district_id=found.district_id,
        patient_id=found.patient_id,
        contact_id=found.contact_id,
        purpose="",
    )
    return AlarmState(
        alarm_id=alarm_id,
        state=found.progress,
        received_at=found.received_at,
        taken_at=found.taken_at,
        closed_at=found.closed_at,
        done=list(found.done),
    )
