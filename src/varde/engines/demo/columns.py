"""What the history is handed over as: columns of one month at a time."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Self

import numpy as np

from varde.engines.demo.codes import Bools, Ints, Texts, Times


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Columns of the same length, one row each."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def rows(self, chosen: Ints | Bools) -> Self:
        """The chosen rows, in the order asked for."""
        return replace(
            self, **{f.name: getattr(self, f.name)[chosen] for f in fields(self)}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls(_Columns):
    """Calls, in order of ringing. All moments are UTC, NaT where it did not happen.

    `number` is unique in the whole history of a sentral. `line` is a place in
    `demo.lines`. `ended_at` is the end of the talk, or when the caller gave up; a call
    without `answered_at` was abandoned. `operator` and `settled_by` are places in the
    staff. `caller` is a place in the people, whose telephone it is. `contact` is the
    number of the contact that came of it. An abandoned call was settled when the caller
    rang again (then `settled_by` is NONE) or was rung back; NaT: it still waits for that.
    """

    number: Ints
    line: Ints
    priority: Ints
    ringing_at: Times
    answered_at: Times
    ended_at: Times
    operator: Ints
    caller: Ints
    contact: Ints
    settled_at: Times
    settled_by: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts(_Columns):
    """Contacts, in order of opening. All moments are UTC, NaT where it did not happen.

    NONE (-1) says that there is none: no `person` for the unknown (who have an
    `estimated_age` instead), no `call` for those at the door, no `hastegrad_phone` for
    them either, no `hastegrad_arrival` for those nobody saw arrive, no `doctor` where none
    was asked.

    `channel`, `relation`, `action`, `outcome` and `then_outcome` are places in the tuples
    of `codes`; `hastegrad_phone` in PHONE_LEVELS and `hastegrad_arrival` in
    ARRIVAL_LEVELS; `complaint` in the complaints handed in; `municipality`, `place` and
    `station` in those of the demo; `operator` and `doctor` in the staff. `reason` is an
    ICPC-2 code. `repeat_no` counts the person's contacts within 72 hours from 1, and is 1
    for the unknown.

    `promised_at`, `arrived_at`, `seen_at` and `left_at` are of the attendance; for home
    visits and call-outs `arrived_at` is the doctor's arrival at the patient, and
    `station` where the doctor came from. `patient_s`, `triage_s`, `outcome_s` and
    `close_s` are the seconds of the steps; the first three are the talk, and the last
    comes after it. Attendances may be open at the end of the history, nothing else is.
    """

    number: Ints
    call: Ints
    person: Ints
    estimated_age: Ints
    opened_at: Times
    closed_at: Times
    channel: Ints
    relation: Ints
    municipality: Ints
    place: Ints
    is_elsewhere: Bools
    needs_interpreter: Bools
    consents_to_note: Bools
    complaint: Ints
    hastegrad_phone: Ints
    hastegrad_arrival: Ints
    action: Ints
    outcome: Ints
    then_outcome: Ints
    reason: Texts
    operator: Ints
    doctor: Ints
    station: Ints
    travel_min: Ints
    promised_at: Times
    arrived_at: Times
    seen_at: Times
    left_at: Times
    amk_called_at: Times
    amk_acknowledged_at: Times
    patient_s: Ints
    triage_s: Ints
    outcome_s: Ints
    close_s: Ints
    repeat_no: Ints
    was_rung_back: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The calls and contacts that began in a calendar month, Norwegian time."""

    first_day: date
    calls: Calls
    contacts: Contacts


def moment(seconds: np.typing.NDArray[np.float64]) -> Times:
    """Seconds since 1970 as moments to the millisecond; NaN as NaT.

    >>> moment(np.array([1.5, np.nan])).astype(str).tolist()
    ['1970-01-01T00:00:01.500', 'NaT']
    """
    known = ~np.isnan(seconds)
    times = np.full(len(seconds), "NaT", dtype="datetime64[ms]")
    times[known] = np.round(seconds[known] * 1000).astype(np.int64).astype(times.dtype)
    return times
