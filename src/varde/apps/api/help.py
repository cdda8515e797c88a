"""The door for other sentraler: each message is the sender's whole state, numbered.

What is doubled or late changes nothing. What it holds of callers is sealed.
"""

from django.http import HttpResponse
from django.utils import timezone
from ninja import Body, Router, Schema, Status

from varde.apps.api.help_door import SENDER_HEADER, HelpSignature
from varde.apps.api.problems import Refused, described
from varde.apps.api.signed_door import SKEW_HEADER
from varde.apps.api.taking_in import see_only
from varde.apps.records.models import Partner
from varde.apps.sentral.services.help import exchange
from varde.apps.sentral.services.help.told import (
    MOST_OPEN,
    Message,
    NotAsDescribed,
    TooMuch,
)
from varde.engines.help.sealing import SealBroken


router = Router(tags=["help"])


class HelpReceipt(Schema):
    """Whether the message was new."""

    is_news: bool


@router.post(
    "/messages",
    auth=HelpSignature(),
    response={202: HelpReceipt},
    openapi_extra={"responses": described(400, 401, 404, 413, 422, 429)},
    operation_id="help_messages",
    summary="Messages from another sentral with an agreement of help",
)
def help_messages(request, payload: Body[Message], response: HttpResponse):
    """Take in the other sentral's state. It is a sign of life as well."""
    partner = (
        Partner.objects.select_related("sentral")
        .filter(code=payload.sender, sentral__code=payload.receiver)
        .first()
    )
    if partner is None or request.headers.get(SENDER_HEADER) != payload.sender:
        raise Refused(
            404,
            "no_such_partner",
            "The sentral does not know the sender as a partner.",
            "Its shift leader names you under Hjelp mellom sentraler. Nothing was taken in.",
        )
    see_only([partner.sentral])
    try:
        is_news = exchange.receive(partner.pk, payload, at=timezone.now())
    except SealBroken:
        raise Refused(
            422,
            "cannot_be_opened",
            "What is sealed in the message cannot be opened.",
            "Check that both have the same shared secret. Nothing was taken in.",
        ) from None
    except NotAsDescribed:
        raise Refused(
            422,
            "not_as_described",
            "What is sealed in the message is not as agreed.",
            "Run the same version of Varde at both. Nothing was taken in.",
        ) from None
    except TooMuch:
        raise Refused(
            422,
            "too_many_waiting",
            f"More than {MOST_OPEN} wait at the receiver's for the sender's sake.",
            "Send it again when some of them have been rung. Nothing was taken in.",
        ) from None
    response[SKEW_HEADER] = str(request.skew_s)
    return Status(202, HelpReceipt(is_news=is_news))
