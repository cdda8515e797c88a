"""Who goes. Never alone is the rule: one alone needs a reason, and gets the timer."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from varde.apps.records import events
from varde.apps.records.events import Happened
from varde.apps.records.models import Mission, MissionCrew, User
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.queries.crew import may_be_crew
from varde.apps.station.services.missions import told, watching
from varde.apps.station.services.missions.locking import locked_mission
from varde.domain.errors import Rule, RuleBroken


@transaction.atomic
def change_crew(
    *,
    mission_id: int,
    people: Iterable[int],
    companion: str = "",
    alone_reason: str = "",
    by: User,
    at: datetime,
) -> Mission:
    """Others go, or fewer. Who was along before stays in the record with the moment.

    One alone starts the timer. With more people it goes on until somebody takes it off.
    Raises `RuleBroken`: MISSION_IS_OVER, CREW_NEEDED, ALONE_NEEDS_REASON, PERSON_IS_OUT
    (person), FIELD_NOT_VALID.
    """
    contact, mission = locked_mission(mission_id)
    if mission.free_at is not None:
        raise RuleBroken(Rule.MISSION_IS_OVER)
    wanted = checked(mission.station_id, people)
    mission.companion = plain("companion", companion, longest=120)
    mission.alone_reason = reason_for(wanted, mission.companion, alone_reason)
    mission.save(update_fields=["companion", "alone_reason"])
    now = mission.crew.filter(until=None)
    now.exclude(person__in=wanted).update(until=at)
    known = set(now.values_list("person_id", flat=True))
    put_on(mission, [one for one in wanted if one not in known], at=at)
    if is_alone(wanted, mission.companion) and mission.sign_due_at is None:
        watching.start(contact, mission, by=by, at=at)
    events.happened(
        contact=contact,
        kind=Happened.MISSION_CREW,
        by=by,
        at=at,
        mission=mission.pk,
        crew=wanted,
    )
    told.changed(mission)
    return mission


def checked(station_id: int, people: Iterable[int]) -> list[int]:
    """The people of a crew, each once and each one who works with patients there."""
    wanted = sorted(set(people))
    if not wanted:
        raise RuleBroken(Rule.CREW_NEEDED)
    allowed = {one.id for one in may_be_crew(station_id)}
    if not allowed.issuperset(wanted):
        raise not_valid("crew", Why.NOT_FOUND)
    return wanted


def is_alone(people: Sequence[int], companion: str) -> bool:
    """One person, and nobody else along."""
    return len(people) == 1 and not companion


def reason_for(people: Sequence[int], companion: str, reason: str) -> str:
    """The reason to go alone; "" where nobody does. Raises ALONE_NEEDS_REASON."""
    if not is_alone(people, companion):
        return ""
    why = plain("alone_reason", reason, longest=300)
    if not why:
        raise RuleBroken(Rule.ALONE_NEEDS_REASON)
    return why


def put_on(mission: Mission, people: Iterable[int], *, at: datetime) -> None:
    """Put people on a mission. Nobody is on two: the database holds it."""
    for person in people:
        try:
            with transaction.atomic():
                MissionCrew.objects.create(
                    mission=mission,
                    district_id=mission.district_id,
                    person_id=person,
                    since=at,
                )
        except IntegrityError:
            name = User.objects.get(pk=person).name
            raise RuleBroken(Rule.PERSON_IS_OUT, person=name) from None
