"""The one who is out alone: the timer, the alarm, the list of steps, and the answer."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import F, Q
from django.utils import timezone

from varde.apps.records import events, settings
from varde.apps.records.events import Happened
from varde.apps.records.models import Contact, LoneAlarm, LoneStep, Mission, User
from varde.apps.sentral.queries import reference
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.services.missions import told
from varde.apps.station.services.missions.locking import locked_mission
from varde.domain.errors import Rule, RuleBroken
from varde.domain.lone_worker import Step, is_silent, sign_due_at, steps_reached


log = logging.getLogger("varde.station")


@transaction.atomic
def watch(*, mission_id: int, by: User, at: datetime) -> Mission:
    """Somebody asks for the timer. One that runs goes on as it is.

    Raises `RuleBroken`: MISSION_IS_OVER.
    """
    contact, mission = locked_mission(mission_id)
    if mission.free_at is not None:
        raise RuleBroken(Rule.MISSION_IS_OVER)
    if mission.sign_due_at is None:
        start(contact, mission, by=by, at=at)
        told.changed(mission)
    return mission


@transaction.atomic
def unwatch(*, mission_id: int, by: User, at: datetime) -> Mission:
    """The timer is taken off. Never for one who is alone.

    Raises `RuleBroken`: MISSION_IS_OVER, LONE_WATCH_IS_NEEDED.
    """
    contact, mission = locked_mission(mission_id)
    if mission.sign_due_at is None:
        return mission
    if mission.alone_reason:
        raise RuleBroken(Rule.LONE_WATCH_IS_NEEDED)
    stop(contact, mission, by=by, at=at)
    told.changed(mission)
    return mission


def start(contact: Contact, mission: Mission, *, by: User, at: datetime) -> None:
    """Start the timer of a locked mission, with the minutes of the day it began."""
    minutes = settings.value(
        "mission.sign_min",
        on=timezone.localdate(at),
        station_id=mission.station_id,
        district_id=mission.district_id,
    )
    mission.sign_min, mission.last_sign_at = minutes, at
    mission.sign_due_at = sign_due_at(last_sign_at=at, minutes=minutes)
    mission.save(update_fields=["sign_min", "last_sign_at", "sign_due_at"])
    _happened(contact, Happened.LONE_WATCH, mission, by=by, at=at, minutes=minutes)


def stop(contact: Contact, mission: Mission, *, by: User, at: datetime) -> None:
    """Stop the timer of a locked mission. An alarm that stands, still stands."""
    mission.sign_due_at = None
    mission.save(update_fields=["sign_due_at"])
    _happened(contact, Happened.LONE_WATCH, mission, by=by, at=at, minutes=None)


def sign_of_life(mission: Mission, *, at: datetime) -> None:
    """A press of a locked mission, at the moment it was made, is a sign of life.

    An older sign than the last changes nothing. An alarm that stands is told of it.
    """
    if mission.sign_due_at is None or mission.sign_min is None:
        return
    if mission.last_sign_at is not None and at <= mission.last_sign_at:
        return
    mission.last_sign_at = at
    mission.sign_due_at = sign_due_at(last_sign_at=at, minutes=mission.sign_min)
    mission.save(update_fields=["last_sign_at", "sign_due_at"])
    standing = LoneAlarm.objects.filter(mission=mission, answered_at=None)
    standing.filter(Q(sign_at=None) | Q(sign_at__lt=at), raised_at__lte=at).update(
        sign_at=at
    )


@transaction.atomic
def answer_alarm(
    *, alarm_id: int, found: str, note: str = "", by: User, at: datetime
) -> LoneAlarm:
    """A named person has found out how it is. The timer begins anew while they are out.

    Raises `RuleBroken`: LONE_ALARM_IS_ANSWERED (owner, at), FIELD_NOT_VALID (found, note).
    """
    mission_id = LoneAlarm.objects.values_list("mission_id", flat=True).get(pk=alarm_id)
    contact, mission = locked_mission(mission_id, may_be_over=True)
    alarm = _standing(alarm_id)
    if found not in LoneAlarm.Found.values:
        raise not_valid("found", Why.NOT_A_CHOICE)
    alarm.found, alarm.note = found, plain("note", note, longest=300)
    alarm.answered_at, alarm.answered_by = at, by
    alarm.save(update_fields=["found", "note", "answered_at", "answered_by"])
    if mission.sign_due_at is not None and mission.sign_min is not None:
        mission.last_sign_at = at
        mission.sign_due_at = sign_due_at(last_sign_at=at, minutes=mission.sign_min)
        mission.save(update_fields=["last_sign_at", "sign_due_at"])
    seconds = int((at - alarm.raised_at).total_seconds())
    _happened(
        contact,
        Happened.LONE_ANSWERED,
        mission,
        by=by,
        at=at,
        alarm=alarm.pk,
        found=found,
        seconds=seconds,
    )
    told.changed(mission)
    return alarm


@transaction.atomic
def do_step(*, step_id: int, by: User, at: datetime) -> LoneStep:
    """A step of the list is done, by a named person. Done before: nothing changes.

    Raises `RuleBroken`: LONE_ALARM_IS_ANSWERED (owner, at).
    """
    alarm_id, mission_id = LoneStep.objects.values_list(
        "alarm_id", "alarm__mission_id"
    ).get(pk=step_id)
    contact, mission = locked_mission(mission_id, may_be_over=True)
    _standing(alarm_id)
    step = LoneStep.objects.select_for_update().get(pk=step_id)
    if step.done_at is not None:
        return step
    step.done_at, step.done_by = at, by
    step.save(update_fields=["done_at", "done_by"])
    _happened(contact, Happened.LONE_STEP_DONE, mission, by=by, at=at, step=step.step)
    told.changed(mission)
    return step


def alarm_due(*, at: datetime) -> int:
    """Raise the alarm of each who gave no sign in time, and take the steps that are due.

    Run every second by the clock. Each mission is a transaction of its own: one that fails
    is logged by its id and the rest are alarmed. Returns how many alarms and steps.
    """
    silent = Mission.objects.filter(
        sign_due_at__lte=at, ended_at=None, free_at=None
    ).exclude(lone_alarms__answered_at=None, lone_alarms__isnull=False)
    standing = LoneAlarm.objects.filter(answered_at=None).filter(
        Q(sign_at=None) | Q(sign_at__lt=F("raised_at"))
    )
    due = {
        *silent.values_list("pk", flat=True),
        *standing.values_list("mission_id", flat=True),
    }
    return sum(_alarm_or_log(mission_id, at=at) for mission_id in sorted(due))


def _alarm_or_log(mission_id: int, *, at: datetime) -> int:
    try:
        return _alarm(mission_id, at=at)
    except OperationalError:
        raise  # the database is gone: the rest would fail alike
    except Exception as fault:
        # Its text may hold what it was about; its kind and the id are enough to find it.
        log.error("lone worker of mission %s: %s", mission_id, type(fault).__name__)
        return 0


def _alarm(mission_id: int, *, at: datetime) -> int:
    """Most ticks find nothing new to do, and then lock nothing."""
    if not _has_news(mission_id, at=at):
        return 0
    with transaction.atomic():
        contact, mission = locked_mission(mission_id, may_be_over=True)
        alarm = LoneAlarm.objects.filter(mission=mission, answered_at=None).first()
        made = 0
        if alarm is None:
            if not _is_silent(mission, at=at):
                return 0  # a sign came in between
            alarm = _raise(contact, mission, at=at)
            made = 1
        made += _take_steps(contact, mission, alarm, at=at)
        if made:
            told.changed(mission)
        return made


def _has_news(mission_id: int, *, at: datetime) -> bool:
    mission = Mission.objects.get(pk=mission_id)
    alarm = LoneAlarm.objects.filter(mission=mission, answered_at=None).first()
    if alarm is None:
        return _is_silent(mission, at=at)
    taken = alarm.steps.count()
    return len(_reached(mission, alarm, at=at)) > taken


def _is_silent(mission: Mission, *, at: datetime) -> bool:
    is_out = mission.ended_at is None and mission.free_at is None
    due_at = mission.sign_due_at
    return is_out and due_at is not None and is_silent(due_at=due_at, now=at)


def _raise(contact: Contact, mission: Mission, *, at: datetime) -> LoneAlarm:
    alarm = LoneAlarm.objects.create(
        mission=mission,
        district_id=mission.district_id,
        sentral_id=mission.sentral_id,
        last_sign_at=mission.last_sign_at,
        due_at=mission.sign_due_at,
        raised_at=at,
    )
    _happened(contact, Happened.LONE_ALARM, mission, by=None, at=at, alarm=alarm.pk)
    return alarm


def _reached(
    mission: Mission, alarm: LoneAlarm, *, at: datetime
) -> tuple[tuple[Step, datetime], ...]:
    after_min = settings.value(
        "mission.lone_steps",
        on=timezone.localdate(alarm.raised_at),
        station_id=mission.station_id,
        district_id=mission.district_id,
    )
    return steps_reached(
        raised_at=alarm.raised_at, now=at, after_min=after_min, sign_at=alarm.sign_at
    )


def _take_steps(
    contact: Contact, mission: Mission, alarm: LoneAlarm, *, at: datetime
) -> int:
    taken = set(alarm.steps.values_list("step", flat=True))
    new = [one for one in _reached(mission, alarm, at=at) if one[0] not in taken]
    for step, reached_at in new:
        LoneStep.objects.create(
            alarm=alarm,
            district_id=mission.district_id,
            step=step,
            reached_at=reached_at,
            recorded_at=timezone.now(),
        )
        _happened(
            contact, Happened.LONE_STEP, mission, by=None, at=reached_at, step=step
        )
    return len(new)


def _standing(alarm_id: int) -> LoneAlarm:
    """The alarm, locked, while it stands. Raises LONE_ALARM_IS_ANSWERED (owner, at)."""
    alarm = LoneAlarm.objects.select_for_update().get(pk=alarm_id)
    if alarm.answered_at is not None and alarm.answered_by_id is not None:
        raise RuleBroken(
            Rule.LONE_ALARM_IS_ANSWERED,
            owner=reference.person_name(alarm.answered_by_id),
            at=alarm.answered_at.isoformat(),
        )
    return alarm


def _happened(
    contact: Contact,
    kind: Happened,
    mission: Mission,
    *,
    by: User | None,
    at: datetime,
    **data: str | int | None,
) -> None:
    events.happened(
        contact=contact, kind=kind, by=by, at=at, mission=mission.pk, **data
    )
