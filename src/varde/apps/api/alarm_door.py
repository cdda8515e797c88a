"""The door of the response centre and its alarms."""

from varde.apps.api.signed_door import Door, SignedMessage


DOOR = Door(
    name="alarm",
    secret="ALARM_SECRET",  # noqa: S106 - the setting's name
    sender="the sender",
    things="signals",
    older="Ring the sentral about what is older.",
)


class AlarmSignature(SignedMessage):
    """Signed with the secret that is shared with the response centre."""

    door = DOOR
