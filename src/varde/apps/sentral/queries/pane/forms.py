"""What is asked for in the pane before something is done."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from varde.apps.records import settings as dated
from varde.apps.records.models import Contact, Outcome
from varde.apps.sentral import messages
from varde.apps.sentral.queries import attendance, patients, slots
from varde.domain.national_id import IdFault


# The kinds that need a word more before they are tasks.
ASKS_MORE = frozenset(
    {
        Outcome.Kind.ATTENDANCE,
        Outcome.Kind.FASTLEGE,
        Outcome.Kind.CALL_BACK,
        Outcome.Kind.HOME_VISIT,
        Outcome.Kind.CALL_OUT,
        Outcome.Kind.OTHER_SERVICE,
        Outcome.Kind.POLICE_FIRE,
    }
)


def search_context(found: patients.Found) -> dict[str, Any]:
    """What a patient search found, as the list of hits names things."""
    fault = messages.ID_FAULT[IdFault(found.fault)] if found.fault else ""
    return {
        "hits": found.hits,
        "id_problem": fault and _("Nummeret stemmer ikke: %(why)s") % {"why": fault},
        "new_id": found.new_id,
        "new_birth": found.new_birth_date,
    }


def outcome_form(
    contact: Contact,
    kind: str,
    *,
    now: datetime,
    station_id: int | None = None,
    travel_min: int | None = None,
) -> dict[str, Any]:
    """What is asked before this kind of outcome is made.

    For an attendance also a time, when station and travel time are known. Raises
    `RuleBroken` at once where no time may be given.
    """
    form: dict[str, Any] = {"kind": kind, "words": messages.OUTCOME[kind]}
    if kind == Outcome.Kind.ATTENDANCE:
        attendance.refuse_red(contact)
        stations = attendance.stations_for(contact, now=now)
        station = (
            station_id or contact.station_id or (stations[0].id if stations else None)
        )
        known = attendance.known_travel_min(contact, station) if station else None
        minutes = travel_min if travel_min is not None else known
        form |= {"stations": stations, "station_id": station, "travel_min": minutes}
        if station and minutes is not None:
            proposal = attendance.propose(
                contact, station_id=station, travel_min=minutes, now=now
            )
            form |= {
                "promised_at": timezone.localtime(proposal.at),
                "why": messages.why_this_time(proposal),
            }
    if kind == Outcome.Kind.FASTLEGE:
        form["slots"] = slots.free_slots(contact, now=now)
    return form


def is_general(contact: Contact, code: str) -> bool:
    """Whether a reason code says so little that it asks for a second key."""
    return code in dated.value(
        "reason.general_codes",
        on=timezone.localdate(),
        district_id=contact.district_id,
    )
