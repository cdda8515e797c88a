"""Door code and key information: sealed with a key of its own, for the crew, for a while.

AES-256-GCM (`cryptography`) with the installation's door key; what is sealed is bound to
its mission, so that it opens nowhere else. The row goes when the mission is over.
"""

from datetime import datetime
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.models import (
    AuditEntry,
    Contact,
    Mission,
    MissionSecret,
    User,
)
from varde.apps.sentral.services.contacts.values import plain
from varde.apps.station.services.missions import told
from varde.apps.station.services.missions.locking import locked_mission
from varde.domain.errors import Rule, RuleBroken


LONGEST = 500  # characters; ours
NONCE_BYTES = 12  # as NIST SP 800-38D recommends for GCM


@transaction.atomic
def write_door(*, mission_id: int, text: str, by: User, at: datetime) -> None:
    """Write the code, or (an empty text) take it away. Anybody who may send the crew may.

    Raises `RuleBroken`: MISSION_IS_OVER, FIELD_NOT_VALID (door_code).
    """
    contact, mission = locked_mission(mission_id)
    if mission.free_at is not None:
        raise RuleBroken(Rule.MISSION_IS_OVER)
    told_us = plain("door_code", text, longest=LONGEST)
    if not told_us:
        forget(contact, mission, by=by, at=at)
        return
    MissionSecret.objects.update_or_create(
        mission=mission,
        defaults={
            "district_id": mission.district_id,
            "sealed": _seal(told_us, mission.pk),
            "written_at": at,
            "written_by": by,
        },
    )
    _log("door_code_written", contact, mission, by=by, at=at)
    told.changed(mission)


@transaction.atomic
def look_at_door(*, mission_id: int, by: User, at: datetime) -> str:
    """The code, to one of the crew while they are out. Each look is in the log.

    Raises `RuleBroken`: DOOR_CODE_CREW_ONLY, DOOR_CODE_UNREADABLE. "" where none is kept.
    """
    contact, mission = locked_mission(mission_id, may_be_over=True)
    if not may_look(mission, by):
        raise RuleBroken(Rule.DOOR_CODE_CREW_ONLY)
    row = MissionSecret.objects.filter(mission=mission).first()
    if row is None:
        return ""
    text = _open(bytes(row.sealed), mission.pk)
    _log("door_code_seen", contact, mission, by=by, at=at, kind=AuditEntry.Kind.READ)
    return text


def may_look(mission: Mission, person: User) -> bool:
    """Is this one of the crew that is out now?"""
    if mission.ended_at is not None or mission.free_at is not None:
        return False
    return mission.crew.filter(person=person, until=None).exists()


def forget(contact: Contact, mission: Mission, *, by: User, at: datetime) -> None:
    """Take the code away for good."""
    gone, _ = MissionSecret.objects.filter(mission=mission).delete()
    if gone:
        _log("door_code_deleted", contact, mission, by=by, at=at)


def _seal(text: str, mission_id: int) -> bytes:
    nonce = token_bytes(NONCE_BYTES)
    sealed = AESGCM(settings.DOOR_KEY).encrypt(nonce, text.encode(), _bound(mission_id))
    return nonce + sealed


def _open(sealed: bytes, mission_id: int) -> str:
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        opened = AESGCM(settings.DOOR_KEY).decrypt(nonce, rest, _bound(mission_id))
    except InvalidTag:
        raise RuleBroken(Rule.DOOR_CODE_UNREADABLE) from None
    return opened.decode()


def _bound(mission_id: int) -> bytes:
    return f"varde mission {mission_id}".encode()


def _log(
    what: str,
    contact: Contact,
    mission: Mission,
    *,
    by: User,
    at: datetime,
    kind: AuditEntry.Kind = AuditEntry.Kind.ACT,
) -> None:
    audit.log(
        kind=kind,
        what=what,
        by=by,
        at=at,
        district_id=mission.district_id,
        patient_id=contact.patient_id,
        contact_id=contact.pk,
        table="records_mission",
        row_id=mission.pk,
    )
