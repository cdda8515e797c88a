"""A mission is over: what was done, what was avoided, and the sentral's task with it."""

from datetime import datetime

from django.db import transaction

from varde.apps.records import care, events
from varde.apps.records.events import Happened
from varde.apps.records.live import Topic, announce
from varde.apps.records.models import Mission, Outcome, User
from varde.apps.sentral.services import outcomes
from varde.apps.sentral.services.contacts.values import (
    LONGEST_TEXT,
    Why,
    not_valid,
    plain,
)
from varde.apps.station.services.missions import door, told, watching
from varde.apps.station.services.missions.locking import locked_mission


@transaction.atomic
def end(
    *,
    mission_id: int,
    result: str,
    done: str,
    avoided: str,
    by: User,
    at: datetime,
) -> Mission:
    """End a mission. The task is settled, the code deleted, the contact out of its care.

    Called off: nobody came to the patient. The task stays open for others, and a reason is
    written in `done`. Presses that a telephone still has, are taken in also afterwards.

    Raises `RuleBroken`: MISSION_IS_OVER, FIELD_NOT_VALID (result, done, avoided).
    """
    contact, mission = locked_mission(mission_id)
    if result not in Mission.Result.values:
        raise not_valid("result", Why.NOT_A_CHOICE)
    is_called_off = result == Mission.Result.CALLED_OFF
    if is_called_off:
        avoided = ""
    elif avoided not in Mission.Avoided.values:
        raise not_valid("avoided", Why.NOT_A_CHOICE)
    text = plain("done", done, longest=LONGEST_TEXT)
    if not text:
        raise not_valid("done", Why.EMPTY)
    mission.ended_at, mission.ended_by = at, by
    mission.result, mission.done, mission.avoided = result, text, avoided
    mission.save(update_fields=["ended_at", "ended_by", "result", "done", "avoided"])
    mission.crew.filter(until=None).update(until=at)
    if mission.sign_due_at is not None:
        watching.stop(contact, mission, by=by, at=at)
    door.forget(contact, mission, by=by, at=at)
    events.happened(
        contact=contact,
        kind=Happened.MISSION_ENDED,
        by=by,
        at=at,
        mission=mission.pk,
        result=result,
        avoided=avoided,
    )
    outcome = Outcome.objects.get(pk=mission.outcome_id)
    if not is_called_off and outcome.state == Outcome.State.OPEN:
        outcomes.settle(outcome_id=outcome.pk, by=by, at=at)
    contact.refresh_from_db(fields=["state"])
    care.end(contact, by=by, at=at)
    told.over(mission, at=at, by=by)
    announce(Topic.CONTACTS, sentral_id=contact.sentral_id, contact_id=contact.pk)
    return mission
