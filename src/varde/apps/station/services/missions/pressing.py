"""The presses of a crew: now, or sent later with their true times. Each counts once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from varde.apps.records import events, settings
from varde.apps.records.events import Happened
from varde.apps.records.models import (
    Contact,
    Mission,
    MissionCrew,
    MissionPress,
    User,
)
from varde.apps.sentral.queries import reference
from varde.apps.sentral.services.contacts.values import Why, not_valid, plain
from varde.apps.station.services.missions import told, watching
from varde.apps.station.services.missions.locking import locked_mission
from varde.domain.errors import Rule, RuleBroken
from varde.domain.mission import CHAIN, Leg, Press, Timed, legs, timed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One press as the telephone has it: its key, what was pressed, and when by its clock."""

    key: UUID
    what: str
    pressed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of a press. `is_new` is False for one that was received before."""

    key: UUID
    is_new: bool
    doubt: str = ""


@transaction.atomic
def receive(
    *,
    mission_id: int,
    presses: Iterable[Sent],
    sent_at: datetime,
    by: User,
    at: datetime,
) -> list[Received]:
    """Take in presses that a telephone kept, each once, at their true times.

    All or none: the telephone keeps what it has got no answer for, and sends it again.
    Also for a mission that is over: what happened, happened.

    Parameters
    ----------
    presses : iterable of Sent
        In any order. Of a known key the first that came stands.
    sent_at : aware datetime
        The telephone's own clock at the sending: by it a wrong clock is seen.

    Raises
    ------
    RuleBroken
        FIELD_NOT_VALID (leg): no such leg, or a key that is another mission's;
        VEHICLE_IS_OUT, PERSON_IS_OUT.
    """
    contact, mission = locked_mission(mission_id, may_be_over=True)
    slack_s = settings.value(
        "mission.clock_slack_s",
        on=timezone.localdate(at),
        district_id=mission.district_id,
    )
    before = known_legs(mission)
    done = []
    for sent in sorted(presses, key=lambda one: (one.pressed_at, str(one.key))):
        when = timed(
            pressed_at=sent.pressed_at,
            sent_at=sent_at,
            received_at=at,
            opened_at=mission.opened_at,
            slack_s=slack_s,
        )
        done.append(_keep(contact, mission, sent, when, by=by))
    _fold(contact, mission, before, by=by, at=at)
    return done


def press_now(
    *, mission_id: int, what: str, key: UUID | None = None, by: User, at: datetime
) -> Received:
    """A press on a page without JavaScript: it happens when it comes."""
    sent = Sent(key=key or uuid4(), what=what, pressed_at=at)
    return receive(mission_id=mission_id, presses=[sent], sent_at=at, by=by, at=at)[0]


@transaction.atomic
def correct(
    *,
    press_id: int,
    leg_at: datetime | None,
    reason: str,
    by: User,
    at: datetime,
) -> MissionPress:
    """Another time for a press, or (None) it was pressed by mistake. Both are kept.

    Raises `RuleBroken`: FIELD_NOT_VALID (reason, empty; leg_at, in the future; leg, a sign
    of life is not corrected), VEHICLE_IS_OUT and PERSON_IS_OUT where "free" is taken back
    and they are on another mission.
    """
    mission_id = MissionPress.objects.values_list("mission_id", flat=True).get(
        pk=press_id
    )
    contact, mission = locked_mission(mission_id, may_be_over=True)
    first = MissionPress.objects.get(pk=press_id)
    first = first.corrects or first
    why = plain("reason", reason, longest=300)
    if not why:
        raise not_valid("reason", Why.EMPTY)
    if first.what == MissionPress.What.SIGN:
        raise not_valid("leg", Why.NOT_A_CHOICE)
    if leg_at is not None and leg_at > at:
        raise not_valid("leg_at", Why.IN_THE_FUTURE)
    before = known_legs(mission)
    row = MissionPress.objects.create(
        mission=mission,
        district_id=mission.district_id,
        key=uuid4(),
        what=first.what,
        occurred_at=leg_at,
        recorded_at=timezone.now(),
        corrects=first,
        reason=why,
        by=by,
    )
    events.happened(
        contact=contact,
        kind=Happened.MISSION_LEG_CORRECTED,
        by=by,
        at=at,
        mission=mission.pk,
        leg=first.what,
        leg_at=leg_at.isoformat() if leg_at else None,
        row=row.pk,
    )
    _fold(contact, mission, before, by=by, at=at)
    return row


def known_legs(mission: Mission) -> dict[Leg, datetime]:
    """The legs as the presses of a mission add up to them."""
    rows = mission.presses.exclude(what=MissionPress.What.SIGN)
    return legs(as_domain(row) for row in rows.select_related("corrects"))


def as_domain(row: MissionPress) -> Press:
    """The stored press as the rules see it."""
    return Press(
        key=str(row.key),
        leg=Leg(row.what),
        at=row.occurred_at,
        recorded_at=row.recorded_at,
        corrects=str(row.corrects.key) if row.corrects else "",
    )


def _keep(
    contact: Contact, mission: Mission, sent: Sent, when: Timed, *, by: User
) -> Received:
    if sent.what not in MissionPress.What.values:
        raise not_valid("leg", Why.NOT_A_CHOICE)
    known = MissionPress.objects.filter(key=sent.key).first()
    if known is not None and known.mission_id != mission.pk:
        raise not_valid("leg", Why.NOT_FOUND)
    if known is not None:
        return Received(key=sent.key, is_new=False, doubt=known.doubt)
    doubt = str(when.doubt or "")
    MissionPress.objects.create(
        mission=mission,
        district_id=mission.district_id,
        key=sent.key,
        what=sent.what,
        occurred_at=when.at,
        recorded_at=timezone.now(),
        device_at=sent.pressed_at,
        doubt=doubt,
        by=by,
    )
    watching.sign_of_life(mission, at=when.at)
    if sent.what != MissionPress.What.SIGN:
        events.happened(
            contact=contact,
            kind=Happened.MISSION_LEG,
            by=by,
            at=when.at,
            mission=mission.pk,
            leg=sent.what,
            doubt=doubt,
        )
    return Received(key=sent.key, is_new=True, doubt=doubt)


def _fold(
    contact: Contact,
    mission: Mission,
    before: dict[Leg, datetime],
    *,
    by: User,
    at: datetime,
) -> None:
    """Write the legs as they are now, and tell of each that changed."""
    now = known_legs(mission)
    changed = [leg for leg in CHAIN if before.get(leg) != now.get(leg)]
    for leg in changed:
        setattr(mission, f"{leg}_at", now.get(leg))
    if changed:
        _save(mission, [f"{leg}_at" for leg in changed])
    if Leg.FREE in changed:
        _free(contact, mission, by=by, at=at)
    for leg in changed:
        told.leg_changed(mission, leg, at=now.get(leg), by=by)
    if not changed:
        told.changed(mission)


def _save(mission: Mission, fields: list[str]) -> None:
    try:
        with transaction.atomic():
            mission.save(update_fields=fields)
    except IntegrityError:
        sign = mission.vehicle.call_sign if mission.vehicle else ""
        raise RuleBroken(Rule.VEHICLE_IS_OUT, vehicle=sign) from None


def _free(contact: Contact, mission: Mission, *, by: User, at: datetime) -> None:
    """The crew is free, or (taken back) out again. The timer and the crew follow."""
    if mission.ended_at is not None:
        return
    if mission.free_at is not None:
        mission.crew.filter(until=None).update(until=mission.free_at)
        if mission.sign_due_at is not None:
            watching.stop(contact, mission, by=by, at=at)
        return
    last = mission.crew.order_by("-until").values_list("until", flat=True).first()
    for row in mission.crew.filter(until=last):
        try:
            with transaction.atomic():
                MissionCrew.objects.filter(pk=row.pk).update(until=None)
        except IntegrityError:
            name = reference.person_name(row.person_id)
            raise RuleBroken(Rule.PERSON_IS_OUT, person=name) from None
    if mission.alone_reason:
        watching.start(contact, mission, by=by, at=at)
