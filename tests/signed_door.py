"""The signed doors, for tests: what is sent to them, and what they have refused."""

import json
import time
from dataclasses import dataclass

from django.conf import settings

from varde.apps.api import alarm_door, telephony_door
from varde.apps.records import ratelimit
from varde.apps.records.models import AuditEntry
from varde.engines.telephony import signature


TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class SignedDoor:
    """A door by its name and address, and a sender who knows its secret."""

    name: str
    address: str
    secret_setting: str

    def forget_senders(self):
        """As if nothing had been sent, so that no limit is reached."""
        ratelimit.clear(f"{self.name}_messages")
        ratelimit.clear(f"{self.name}_refused:127.0.0.1")

    def sign(self, body, *, secret=None, t=None):
        return signature.sign(
            body,
            secret=secret or getattr(settings, self.secret_setting),
            t=int(time.time()) if t is None else t,
        )

    def send(self, client, told, *, secret=None, t=None, header=None, **extra):
        """Send bytes as they are, and anything else as JSON."""
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        if header is None:
            header = self.sign(body, secret=secret, t=t)
        return client.post(
            self.address,
            body,
            content_type=TYPE,
            headers={signature.HEADER: header},
            **extra,
        )

    def refusals(self):
        """(status, code) of each refusal in the log, in order."""
        return [
            (entry.data["status"], entry.data["code"])
            for entry in AuditEntry.objects.filter(
                what=f"{self.name}_refused"
            ).order_by("pk")
        ]


ALARMS = SignedDoor("alarm", "/api/alarms", alarm_door.DOOR.secret)
TELEPHONY = SignedDoor("telephony", "/api/telephony/events", telephony_door.DOOR.secret)
