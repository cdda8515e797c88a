"""From what was drawn to columns with numbers, cut at the end of the history."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

import numpy as np

from varde.engines.demo.attendance import Attended
from varde.engines.demo.codes import (
    NONE,
    OUTCOMES,
    Floats,
    Ints,
    Outcome,
    Times,
    place_in,
)
from varde.engines.demo.columns import Calls, Contacts, Month, moment
from varde.engines.demo.contacts import Judged
from varde.engines.demo.telephone import Rung


_A_MONTH: Final = 1_000_000  # numbers: year and month, then the row of the month


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The contacts of a month, before they have numbers."""

    came: Floats
    person: Ints
    judged: Judged
    rung: Rung
    opened: Floats
    operator: Ints
    attended: Attended
    repeat_no: Ints
    amk_answers_s: Floats

    @property
    def closed(self) -> Floats:
        """When the operator had written the last word."""
        return np.asarray(self.opened + self.judged.talk_s + self.judged.close_s)


def numbered(drawn: Drawn, *, first: date, until: datetime) -> Month:
    """Cut what had not ended, put in order, give numbers, and join the two."""
    end = until.timestamp()
    base = (first.year * 100 + first.month) * _A_MONTH
    contacts_in = np.flatnonzero(drawn.closed <= end)
    contacts_in = contacts_in[np.argsort(drawn.opened[contacts_in], kind="stable")]
    contact_number = np.full(len(drawn.came), NONE)
    contact_number[contacts_in] = base + np.arange(len(contacts_in))

    rung = drawn.rung.calls
    calls_in = calls_that_ended(rung, contact_number, until=until)
    call_number = np.full(len(rung), NONE)
    call_number[calls_in] = base + np.arange(len(calls_in))
    calls = rung.rows(calls_in)
    settled_at = _before(calls.settled_at, until)
    calls = replace(
        calls,
        number=call_number[calls_in],
        contact=_looked_up(contact_number, calls.contact),
        settled_at=settled_at,
        settled_by=np.where(np.isnat(settled_at), NONE, calls.settled_by),
    )
    return Month(
        first_day=first,
        calls=calls,
        contacts=_contacts(drawn, contacts_in, contact_number, call_number, end=end),
    )


def calls_that_ended(calls: Calls, contact_number: Ints, *, until: datetime) -> Ints:
    """The rows of the calls that were over at the end of the history.

    A call that was answered also needs its contact closed. `contact_number` has NONE for
    contacts that are not in the history.
    """
    has_contact = calls.contact != NONE
    is_closed = _looked_up(contact_number, calls.contact) != NONE
    is_answered = ~np.isnat(calls.answered_at)
    is_over = calls.ended_at <= utc(until)
    return np.flatnonzero(is_over & (is_closed | ~has_contact | ~is_answered))


def _contacts(
    drawn: Drawn, rows: Ints, contact_number: Ints, call_number: Ints, *, end: float
) -> Contacts:
    judged, attended = drawn.judged, drawn.attended
    is_unknown = drawn.person == NONE
    is_amk = judged.outcome == place_in(OUTCOMES, Outcome.AMK)
    amk_called = drawn.opened + judged.patient_s + judged.triage_s
    amk_called = np.where(is_amk, amk_called, np.nan)
    call = _looked_up(call_number, drawn.rung.call)
    answered = drawn.rung.calls.answered_at[np.maximum(drawn.rung.call, 0)]
    whole = Contacts(
        number=contact_number,
        call=call,
        person=drawn.person,
        estimated_age=np.where(is_unknown, judged.age, NONE),
        opened_at=moment(drawn.opened),
        closed_at=moment(drawn.closed),
        channel=judged.channel,
        relation=judged.relation,
        municipality=judged.municipality,
        place=judged.place,
        is_elsewhere=judged.is_elsewhere,
        needs_interpreter=judged.needs_interpreter,
        consents_to_note=judged.consents_to_note,
        complaint=judged.complaint,
        hastegrad_phone=judged.hastegrad_phone,
        hastegrad_arrival=_when_known(judged.hastegrad_arrival, attended.arrived, end),
        action=judged.action,
        outcome=judged.outcome,
        then_outcome=_when_known(judged.then_outcome, attended.left, end),
        reason=judged.reason,
        operator=drawn.operator,
        doctor=attended.doctor,
        station=attended.station,
        travel_min=attended.travel_min,
        promised_at=moment(attended.promised),
        arrived_at=moment(_ended(attended.arrived, end)),
        seen_at=moment(_ended(attended.seen, end)),
        left_at=moment(_ended(attended.left, end)),
        amk_called_at=moment(amk_called),
        amk_acknowledged_at=moment(amk_called + drawn.amk_answers_s),
        patient_s=judged.patient_s,
        triage_s=judged.triage_s,
        outcome_s=judged.outcome_s,
        close_s=judged.close_s,
        repeat_no=drawn.repeat_no,
        was_rung_back=(drawn.rung.call != NONE) & np.isnat(answered),
    )
    return whole.rows(rows)


def _looked_up(numbers: Ints, rows: Ints) -> Ints:
    """The numbers of some rows; NONE stays NONE."""
    if not len(numbers):
        return np.full(len(rows), NONE)
    return np.where(rows == NONE, NONE, numbers[np.maximum(rows, 0)])


def _when_known(values: Ints, at: Floats, end: float) -> Ints:
    """Values that come with a moment: NONE where it did not come before the end."""
    return np.where(at <= end, values, NONE)


def _ended(at: Floats, end: float) -> Floats:
    return np.where(at <= end, at, np.nan)


def _before(at: Times, until: datetime) -> Times:
    return np.where(at <= utc(until), at, np.datetime64("NaT", "ms"))


def utc(at: datetime) -> np.datetime64:
    """A moment as the columns hold it."""
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "ms")
