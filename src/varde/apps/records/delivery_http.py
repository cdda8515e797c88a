"""Messages to the fastlege over HTTP, to a message service that passes them on.

    POST   <address>/messages        the message; `Idempotency-Key` is its message id
    GET    <address>/receipts        {"receipts": [{"id", "message_id", "received", "fault"}]}
    DELETE <address>/receipts/<id>   we have written it down

Every request carries the bearer secret. The service keeps a message id once: the same
message handed over again, since an answer was lost on the way, is answered as the first
time. A receipt is given again until we have said that it is written down.
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import UUID

from varde.apps.records.delivery import (
    Answer,
    DeliveryFailed,
    OutgoingNote,
    Receipt,
)


TIMEOUT_S = 20.0  # ours: longer than a slow service takes, short for those who wait
LARGEST_ANSWER = 1_000_000  # bytes
# The service has read the message and will not have it. Others (401, 404, 429, 5xx) are
# about the service or the way to it, and may be mended without the message.
REFUSED = {400, 413, 415, 422}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The secret goes to the address that was set, and to no other."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: the redirect itself is the answer, and a fault."""
        return


_open = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({})).open


@dataclass(frozen=True, slots=True)
class HttpDelivery:
    """A message service at an address, with the secret that it knows us by."""

    address: str
    token: str = field(repr=False)
    timeout_s: float = TIMEOUT_S

    def send(self, note: OutgoingNote) -> Receipt:
        """Post the message: the FHIR document where there is one, else the plain text."""
        kind = "application/fhir+json" if note.document else "text/plain"
        self._ask(
            "POST",
            "/messages",
            body=(note.document or note.text).encode(),
            headers={
                "Content-Type": f"{kind}; charset=utf-8",
                "Idempotency-Key": note.message_id,
                "Receiver-Her-Id": note.her_id,
            },
        )
        return Receipt(reference=note.message_id)

    def answers(self) -> Iterator[Answer]:
        """The receipts that wait at the service. What is not a receipt is passed by."""
        said = self._ask("GET", "/receipts")
        try:
            rows = json.loads(said)["receipts"]
        except (ValueError, TypeError, KeyError) as fault:
            raise DeliveryFailed("receipts: not as agreed") from fault
        yield from filter(None, map(_answer, rows if isinstance(rows, list) else []))

    def done_with(self, answer: Answer, *, is_known: bool) -> None:
        """Tell the service. One that is of no message of ours is not asked for again."""
        del is_known
        self._ask("DELETE", f"/receipts/{quote(answer.place, safe='')}")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        request = urllib.request.Request(  # noqa: S310  the address was checked at start
            f"{self.address.rstrip('/')}{path}",
            data=body,
            method=method,
            headers={"Authorization": f"Bearer {self.token}"} | (headers or {}),
        )
        try:
            with _open(request, timeout=self.timeout_s) as answer:
                return bytes(answer.read(LARGEST_ANSWER))
        except urllib.error.HTTPError as fault:
            fault.close()
            raise DeliveryFailed(
                f"HTTP {fault.code}", is_refused=fault.code in REFUSED
            ) from fault
        except (OSError, http.client.HTTPException) as fault:
            cause = getattr(fault, "reason", fault)
            raise DeliveryFailed(type(cause).__name__) from fault


def _answer(row: Any) -> Answer | None:
    """One receipt; None for what is not one."""
    if not isinstance(row, dict) or not isinstance(row.get("received"), bool):
        return None
    try:
        message = str(UUID(str(row.get("message_id"))))
    except ValueError:
        return None
    return Answer(
        message_id=message,
        is_received=row["received"],
        fault=str(row.get("fault") or "")[:200],
        place=str(row.get("id", message))[:100],
    )
