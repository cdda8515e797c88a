"""Taking a mission for oneself until the transaction ends: the contact first, then it."""

from varde.apps.records.models import Contact, Mission
from varde.apps.sentral.services.contacts import locked
from varde.domain.errors import Rule, RuleBroken


def locked_mission(
    mission_id: int, *, may_be_over: bool = False
) -> tuple[Contact, Mission]:
    """The contact and the mission, both locked, in the order that every writer keeps.

    Raises `RuleBroken` (MISSION_IS_OVER) for one that is ended, unless `may_be_over`.
    """
    contact_id = Mission.objects.values_list("contact_id", flat=True).get(pk=mission_id)
    contact = locked(contact_id, may_be_closed=True)
    mission = (
        Mission.objects.select_for_update(of=("self",))
        .select_related("station", "vehicle")
        .get(pk=mission_id)
    )
    if mission.ended_at is not None and not may_be_over:
        raise RuleBroken(Rule.MISSION_IS_OVER)
    return contact, mission
