"""The demo's patients at the stations: who came, who looked, which doctor, when they left."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from varde.apps.records.demo.copying import Column, ints, looked_up, times
from varde.apps.records.models import Look, RoleGrant
from varde.domain.ticket import LAST, LETTERS
from varde.engines.demo.codes import (
    CHANNELS,
    NONE,
    OUTCOMES,
    Bools,
    Channel,
    Ints,
    place_in,
)
from varde.engines.demo.codes import Outcome as Came
from varde.engines.demo.columns import Contacts, Times


DOOR = place_in(CHANNELS, Channel.DOOR)
ATTENDANCE = place_in(OUTCOMES, Came.ATTENDANCE)
# The first look, in minutes after the door: in turn, so that it is the same every time.
LOOK_MIN = np.array([3, 5, 4, 8, 6, 2, 18, 7, 5, 9])


@dataclass(frozen=True, slots=True, kw_only=True)
class AtStations:
    """The contacts of a month whose patients came to a station, by row."""

    came: Bools
    is_here: Bools  # at the end of the history

    @classmethod
    def of(cls, contacts: Contacts) -> "AtStations":
        by_door = (contacts.outcome == ATTENDANCE) | (contacts.channel == DOOR)
        came = np.asarray(by_door & ~np.isnat(contacts.arrived_at))
        return cls(came=came, is_here=np.asarray(came & np.isnat(contacts.left_at)))


def attendances(
    contacts: Contacts,
    at: AtStations,
    *,
    ids: Ints,
    contact_ids: Ints,
    district: Ints,
    station: Ints,
    sentral_id: int,
    staff: Ints,
    nurses: Mapping[int, Ints],
) -> dict[str, Column]:
    """The columns of the attendances of those who came, in order of the contacts."""
    rows = np.flatnonzero(at.came)
    some = contacts.rows(rows)
    nurse = _nurse(station[rows], ids, nurses=nurses)
    looked = _looked_at(some, ids)
    is_over = ~at.is_here[rows]
    return {
        "id": ints(ids),
        "district_id": ints(district[rows]),
        "contact_id": ints(contact_ids[rows]),
        "sentral_id": str(sentral_id),
        "station_id": ints(station[rows]),
        "way": np.where(some.channel == DOOR, "walk_in", "expected").tolist(),
        "ticket": [_ticket(number) for number in ids.tolist()],
        "arrived_at": times(some.arrived_at),
        "recorded_at": times(some.arrived_at),
        "registered_by_id": ints(nurse),
        "last_seen_at": times(looked),
        "last_seen_by_id": ints(np.where(np.isnat(looked), NONE, nurse)),
        "doctor_id": looked_up(
            ints(staff), np.where(np.isnat(some.seen_at), NONE, some.doctor)
        ),
        "taken_at": times(some.seen_at),
        "first_doctor_at": times(some.seen_at),
        "ended_at": times(some.left_at),
        "ended_by_id": looked_up(ints(staff), np.where(is_over, some.doctor, NONE)),
        "end": np.where(is_over, "treated", "").tolist(),
    }


def looks(
    contacts: Contacts,
    at: AtStations,
    *,
    ids: Ints,
    district: Ints,
    station: Ints,
    nurses: Mapping[int, Ints],
    limit_min: float,
) -> tuple[dict[str, Column], int]:
    """The first look at each, which set the hastegrad; and how many there are."""
    rows = np.flatnonzero(at.came)
    some = contacts.rows(rows)
    looked = _looked_at(some, ids)
    done = np.flatnonzero(~np.isnat(looked))
    waited = (looked - some.arrived_at)[done] / np.timedelta64(1, "m")
    nurse = _nurse(station[rows], ids, nurses=nurses)
    columns = {
        "district_id": ints(district[rows][done]),
        "attendance_id": ints(ids[done]),
        "result": Look.Result.TRIAGED.value,
        "was_in_time": ["t" if w <= limit_min else "f" for w in waited.tolist()],
        "by_id": ints(nurse[done]),
        "occurred_at": times(looked[done]),
        "recorded_at": times(looked[done]),
    }
    return columns, len(done)


def nurses_of_stations() -> dict[int, Ints]:
    """The users who are nurses, by station."""
    found: dict[int, list[int]] = {}
    grants = RoleGrant.objects.filter(role="nurse", station__isnull=False)
    for station, user in grants.order_by("pk").values_list("station_id", "user_id"):
        found.setdefault(station, []).append(user)
    return {station: np.array(users) for station, users in found.items()}


def _looked_at(some: Contacts, ids: Ints) -> Times:
    """When the nurse looked: before the doctor, and not for those just come."""
    after = LOOK_MIN[ids % len(LOOK_MIN)].astype("timedelta64[m]")
    looked = some.arrived_at + after
    before_doctor = np.isnat(some.seen_at) | (looked < some.seen_at)
    looked = np.where(before_doctor, looked, some.arrived_at)
    judged = some.hastegrad_arrival != NONE
    return np.asarray(np.where(judged, looked, np.datetime64("NaT", "ms")))


def _nurse(station: Ints, ids: Ints, *, nurses: Mapping[int, Ints]) -> Ints:
    """A nurse of the station for each, in turn."""
    found = np.empty(len(ids), dtype=np.int64)
    for place in np.unique(station).tolist():
        here = station == place
        people = nurses[place]
        found[here] = people[ids[here] % len(people)]
    return found


def _ticket(number: int) -> str:
    place = number % (len(LETTERS) * LAST)
    return f"{LETTERS[place // LAST]}{place % LAST + 1:02}"
