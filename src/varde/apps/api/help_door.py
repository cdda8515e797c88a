"""The door of the other sentraler: each with a secret of its own."""

import secrets

from django.conf import settings
from django.http import HttpRequest

from varde.apps.api.signed_door import Door, SignedMessage


SENDER_HEADER = "X-Varde-Sentral"
DOOR = Door(
    name="help",
    secret="HELP_SECRETS",  # noqa: S106 - the setting's name
    sender="the other sentral",
    things="items",
    older="The next message says the same and more.",
)


class HelpSignature(SignedMessage):
    """Signed with the secret that is shared with the sentral that the header names."""

    door = DOOR

    def secret_for(self, request: HttpRequest) -> str:
        """What is shared with the sender; of one that we do not know, one that fits none."""
        known = settings.HELP_SECRETS.get(request.headers.get(SENDER_HEADER, ""), "")
        return known or secrets.token_hex()

    def sender_of(self, request: HttpRequest) -> str:
        """The sentral that the header names: its secret has fitted."""
        return request.headers.get(SENDER_HEADER, "")
