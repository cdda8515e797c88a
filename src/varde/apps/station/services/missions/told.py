"""Telling that something changed on a mission. The one place through which it is told.

Whoever needs to know when a leg changes (the state of a doctor, the board) hangs on here.
"""

from datetime import datetime

from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Mission, User
from varde.domain.mission import Leg


def leg_changed(mission: Mission, leg: Leg, *, at: datetime | None, by: User) -> None:
    """A leg of a mission was pressed, corrected or (`at` None) taken back.

    Called in the transaction of the press, once for each leg whose time changed, with the
    mission as it is after it. `at` is when it really happened, which may be long ago.
    """
    changed(mission)


def changed(mission: Mission) -> None:
    """Anything of the mission changed: the screens of the station and the sentral."""
    announce(
        Topic.MISSIONS,
        Topic.BOARD,
        sentral_id=mission.sentral_id,
        contact_id=mission.contact_id,
    )
