"""The door of the telephone exchange."""

from varde.apps.api.signed_door import Door, SignedMessage


DOOR = Door(
    name="telephony",
    secret="TELEPHONY_SECRET",  # noqa: S106 - the setting's name
    sender="the exchange",
    things="events",
    older="What is older is history: varde import calls.",
)


class VardeSignature(SignedMessage):
    """Signed with the secret that is shared with the telephone exchange."""

    door = DOOR
