"""The lock of a signed door: size, signature, how often, and the log of refusals.

The telephone exchange and the response centre each have a door, with a secret of its own.
"""

import time
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyHeader

from varde.apps.api.problems import Refused
from varde.apps.records import audit, ratelimit
from varde.apps.records import settings as dated
from varde.apps.records.models import AuditEntry
from varde.engines.telephony import signature
from varde.engines.telephony.signature import Verdict


LARGEST_BODY = 256 * 1024  # bytes; a hundred events take a tenth of it
MOST_EVENTS = 100  # in one message
SKEW_HEADER = "X-Varde-Clock-Skew"  # seconds that the sender's clock is ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """One signed door: the name of its dated settings and log lines, and its words."""

    name: str  # of the settings `<name>.replay_window_s` and so on
    secret: str  # of the secret in the settings
    sender: str  # whose clock it is
    things: str  # what is sent
    older: str  # what to do with what is too old

    def limit(self, key: str) -> int:
        """A dated setting of this door, as it is today."""
        return int(dated.value(f"{self.name}.{key}", on=timezone.localdate()))


class SignedMessage(APIKeyHeader):
    """`t=<unix seconds>,v1=<hex of HMAC-SHA256 over "<t>.<body>">`, with the shared secret.

    What has no body (GET) is signed by its method and address: "<t>.GET /api/…".
    """

    param_name = signature.HEADER
    door: Door

    def authenticate(self, request: HttpRequest, key: str | None) -> bool:
        """True, or raises `Refused`. Leaves `request.skew_s` for the answer."""
        checked = signature.check(
            key,
            _signed_bytes(request),
            secret=self.secret_for(request),
            now=int(time.time()),
            window_s=self.door.limit("replay_window_s"),
        )
        if checked.verdict is not Verdict.GOOD:
            raise _not_signed(self.door, checked)
        # Only now: a stranger must not use up what the sender may send.
        _check_rate(self.door, self.sender_of(request))
        request.skew_s = checked.ahead_s
        return True

    def secret_for(self, request: HttpRequest) -> str:
        """The secret that is shared with the sender."""
        return str(getattr(settings, self.door.secret))

    def sender_of(self, request: HttpRequest) -> str:
        """Who of several shares the secret that has just fitted; empty where there is one.

        Each has a count of its own: one that sends without end shuts nobody else out.
        """
        del request
        return ""


def refused(door: Door, request: HttpRequest, refusal: Refused) -> Refused:
    """Write a refused message in the log, without anything that was in it.

    Beyond the set number in a minute from one address nothing more is written: else a
    stranger could fill the log.
    """
    address = _address(request)
    limit = door.limit("refused_per_min")
    if not ratelimit.allow(f"{door.name}_refused:{address}", limit, 60):
        return _too_many(door, "refused messages from this address", limit)
    audit.log(
        what=f"{door.name}_refused",
        kind=AuditEntry.Kind.REFUSED,
        by=None,
        place=address,
        purpose="",
        data={"status": refusal.problem.status, "code": refusal.problem.code},
    )
    return refusal


def _check_rate(door: Door, sender: str) -> None:
    limit = door.limit("messages_per_min")
    key = f"{door.name}_messages:{sender}" if sender else f"{door.name}_messages"
    if not ratelimit.allow(key, limit, 60):
        raise _too_many(door, "messages", limit)


def _too_many(door: Door, what: str, limit: int) -> Refused:
    return Refused(
        429,
        "too_many",
        f"More than {limit} {what} in a minute.",
        f"Put up to {MOST_EVENTS} {door.things} in one message, and send this one again "
        "after some seconds. Nothing was taken in.",
        headers={"Retry-After": "5"},
    )


def _signed_bytes(request: HttpRequest) -> bytes:
    """The body; the method and the address of what has none."""
    if request.method == "GET":
        return f"GET {request.get_full_path()}".encode()
    return _body(request)


def _body(request: HttpRequest) -> bytes:
    """The body, unless it is too large: then it is not read."""
    said = request.headers.get("Content-Length", "0")
    too_large = Refused(
        413,
        "too_large",
        f"The body is larger than {LARGEST_BODY} bytes.",
        f"Send up to {MOST_EVENTS} in one message. Nothing was taken in.",
    )
    if said.isdigit() and int(said) > LARGEST_BODY:
        raise too_large
    try:
        body = request.body
    except RequestDataTooBig:
        raise too_large from None
    if len(body) > LARGEST_BODY:
        raise too_large
    return body


def _not_signed(door: Door, checked: signature.Checked) -> Refused:
    window = door.limit("replay_window_s")
    form = f"{signature.HEADER}: t=<unix seconds>,v1=<64 hex digits>"
    skew = abs(checked.ahead_s or 0)
    title, cure = _words(
        checked.verdict, form=form, skew=skew, window=window, sender=door.sender
    )
    headers = {} if checked.ahead_s is None else {SKEW_HEADER: str(checked.ahead_s)}
    return Refused(
        401,
        f"signature_{checked.verdict.value}",
        title,
        f"{cure} Nothing was taken in.",
        headers=headers,
    )


def _words(
    verdict: Verdict, *, form: str, skew: int, window: int, sender: str
) -> tuple[str, str]:
    """What is wrong with the signature, and what to do about it."""
    match verdict:
        case Verdict.MISSING:
            title = f"The header {signature.HEADER} is missing."
            cure = f"Sign each message: {form}."
        case Verdict.UNREADABLE:
            title = f"The header {signature.HEADER} cannot be read."
            cure = f"Write it as {form}."
        case Verdict.TOO_OLD:
            title = f"The message was signed {skew} s ago by our clock."
            cure = (
                f"At most {window} s are let in. If it is not an old message sent again, "
                f"{sender}'s clock is {skew} s behind ours: set it. Then sign and "
                "send again."
            )
        case Verdict.TOO_NEW:
            title = f"The message is signed {skew} s ahead of our clock."
            cure = (
                f"At most {window} s are let in. Set {sender}'s clock, then sign and "
                "send again."
            )
        case _:
            title = "The signature does not fit the body."
            cure = (
                "Check the shared secret, and that the bytes signed are the bytes sent: "
                'HMAC-SHA256 over "<t>.<body>".'
            )
    return title, cure


def _address(request: HttpRequest) -> str:
    try:
        return str(get_adapter(request).get_client_ip(request))[:60]
    except PermissionDenied:
        return ""
