"""The door for other sentraler: each message is the sender's whole state, numbered.

What is doubled or late changes nothing. What it holds of callers is sealed.
"""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Body, Router, Schema, Status
from pydantic import ConfigDict, Field

from varde.apps.api.help_door import SENDER_HEADER, HelpSignature
from varde.apps.api.problems import Refused, described
from varde.apps.api.signed_door import SKEW_HEADER
from varde.apps.api.taking_in import see_only
from varde.apps.api.telephony_schema import CODE
from varde.apps.records.models import Partner
from varde.apps.sentral.services.help import exchange
from varde.engines.help.sealing import SealBroken


router = Router(tags=["help"])

Name = Annotated[str, Field(max_length=36, pattern=r"^[0-9a-f-]{36}$")]
Key = Annotated[str, Field(max_length=100, pattern=CODE)]
Keys = Annotated[list[Key], Field(max_length=2000)]
Moment = Annotated[str | None, Field(max_length=40)]


class _Strict(Schema):
    model_config = ConfigDict(extra="forbid")


class AgreementIn(_Strict):
    """The text that is spoken of, and what the sender says to it."""

    terms: dict[str, Any]
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    accepted_at: Moment
    accepted_by: Annotated[str, Field(max_length=150)]
    ended: bool


class HelpedIn(_Strict):
    """What the one who is helped says of a take-over."""

    name: Name
    stage: Annotated[str, Field(pattern=r"^(asking|active|returning|ended)$")]
    let_go: Keys
    taken_in: Keys
    doubled: Keys
    wants_back: bool


class HelpingIn(_Strict):
    """What the helper says of a take-over."""

    name: Name
    stage: Annotated[str, Field(pattern=r"^(asking|active|returning|ended)$")]
    is_drill: bool
    is_automatic: bool
    began_at: Annotated[str, Field(max_length=40)]
    active_at: Moment
    lost_at: Moment
    keys: Keys
    records: str


class MessageIn(_Strict):
    """One message between two sentraler."""

    sender: Annotated[str, Field(max_length=12, pattern=CODE)]
    receiver: Annotated[str, Field(max_length=12, pattern=CODE)]
    seq: Annotated[int, Field(ge=1, lt=2**62)]
    agreement: AgreementIn | None = None
    asks_at: Moment = None
    routes: Annotated[str, Field(max_length=8000)] = ""
    queue: str = ""
    helped: HelpedIn | None = None
    helping: HelpingIn | None = None


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
def help_messages(request, payload: Body[MessageIn], response: HttpResponse):
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
        is_news = exchange.receive(partner.pk, payload.model_dump(), at=timezone.now())
    except (SealBroken, ValueError, KeyError):
        raise Refused(
            422,
            "cannot_be_opened",
            "What is in the message cannot be opened or read.",
            "Check that both have the same shared secret. Nothing was taken in.",
        ) from None
    response[SKEW_HEADER] = str(request.skew_s)
    return Status(202, HelpReceipt(is_news=is_news))
