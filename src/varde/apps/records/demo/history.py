"""A month of made-up calls and contacts, as rows of every table that tells of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

import numpy as np
from django.db.models import Model

from varde.apps.records.demo import stations, wording
from varde.apps.records.demo.copying import (
    NULL,
    Column,
    bools,
    copy,
    first_free_id,
    ints,
    looked_up,
    times,
)
from varde.apps.records.demo.ground import Ground
from varde.apps.records.demo.persons import LANGUAGES, Register, phones
from varde.apps.records.demo.stations import AtStations
from varde.apps.records.events import Happened
from varde.apps.records.models import (
    AmkHandover,
    Approval,
    Assessment,
    Attendance,
    Call,
    CallBack,
    CallBackAttempt,
    Contact,
    ContactEvent,
    DoctorQuestion,
    FastlegeNote,
    Look,
    Outcome,
    Recording,
    Role,
)
from varde.engines.demo.codes import (
    ACTIONS,
    ARRIVAL_LEVELS,
    CHANNELS,
    GENERAL_CODES,
    NO_TIME,
    NONE,
    OUTCOMES,
    PHONE_LEVELS,
    Action,
    Bools,
    Channel,
    Ints,
    Times,
    place_in,
)
from varde.engines.demo.codes import Outcome as Came
from varde.engines.demo.columns import Calls, Contacts, Month
from varde.engines.demo.places import Demo


SOURCE = "demo"  # Call.source and Contact.source of every made-up row
A_MONTH = 1_000_000  # the generator's numbers: the month, then the row
SECOND = np.timedelta64(1000, "ms")
DOOR = place_in(CHANNELS, Channel.DOOR)
ADVICE = place_in(OUTCOMES, Came.ADVICE)
ATTENDANCE = place_in(OUTCOMES, Came.ATTENDANCE)
STRUCK_AFTER = np.timedelta64(4, "h")  # after the promised time
AMK = place_in(OUTCOMES, Came.AMK)
AKUTT = PHONE_LEVELS.index("akutt")
ASKED_DOCTOR = place_in(ACTIONS, Action.DOCTOR_PHONE)
BY_DOCTOR = {Came.HOME_VISIT, Came.CALL_OUT, Came.ATTENDANCE, Came.KAD, Came.ADMISSION}
APPROVED_AFTER = np.timedelta64(4 * 3600, "s")
QUESTION = "Kan du høre på denne? Er du enig i hastegraden?"
ANSWER = "Enig. Gi råd, og be dem ringe igjen om det blir verre."


@dataclass(slots=True, kw_only=True)
class Loader:
    """Loads the months of one sentral, in order."""

    demo: Demo
    ground: Ground
    register: Register
    sentral_id: int
    host_district: int
    staff: Ints  # users by place in the staff
    codes: tuple[str, ...]  # what the exchange calls them
    leaders: Ints  # users who take a second look
    doctors: Mapping[int, Ints]  # district -> users
    index_of: Mapping[int, int]  # district -> index version in use
    words: wording.Wording
    due_min: float  # of a missed call
    nurses: Mapping[int, Ints]  # station -> users
    first_look_min: float  # until the hastegrad shall be set at the door
    keep_sound_from: datetime
    until: datetime
    next_ids: dict[type[Model], int] = field(default_factory=dict)
    loaded: Counter[str] = field(default_factory=Counter)

    def load(self, month: Month) -> None:
        """Load everything of a month."""
        contacts, calls = month.contacts, month.calls
        call_id = self._take(Call, len(calls))
        contact_id = self._take(Contact, len(contacts))
        self._contacts(contacts, contact_id)
        self._calls(calls, call_id, contact_id)
        self._callbacks(calls, call_id, contact_id)
        self.loaded["calls"] += len(calls)
        self.loaded["contacts"] += len(contacts)

    def _take(self, model: type[Model], count: int) -> Ints:
        first = self.next_ids.get(model) or first_free_id(model)
        self.next_ids[model] = first + count
        return np.arange(first, first + count)

    def _put(
        self, model: type[Model], columns: Mapping[str, Column], *, count: int
    ) -> None:
        copy(model, columns, count=count)
        self.loaded[model._meta.model_name or ""] += count

    # ---------------------------------------------------------------- the telephone

    def _calls(self, calls: Calls, ids: Ints, contact_id: Ints) -> None:
        is_answered = ~np.isnat(calls.answered_at)
        district = str(self.host_district)
        owner = np.where(is_answered, calls.operator, NONE)
        self._put(
            Call,
            {
                "id": ints(ids),
                "district_id": district,
                "sentral_id": str(self.sentral_id),
                "external_id": [f"demo-{n}" for n in calls.number.tolist()],
                "line": looked_up([line.code for line in self.demo.lines], calls.line),
                "priority": ints(calls.priority),
                "caller_number": self._phones(calls.caller),
                "state": _either(is_answered, "ended", "abandoned"),
                "ringing_at": times(calls.ringing_at),
                "answered_at": times(calls.answered_at),
                "abandoned_at": times(_where(~is_answered, calls.ended_at)),
                "ended_at": times(calls.ended_at),
                "operator_code": looked_up(self.codes, owner, missing=""),
                "owner_id": looked_up(ints(self.staff), owner),
                "claimed_at": times(calls.answered_at),
                "contact_id": ints(_rows(calls.contact, contact_id)),
                "source": SOURCE,
                "recorded_at": times(calls.ringing_at),
            },
            count=len(ids),
        )
        kept = np.flatnonzero(
            is_answered & (calls.ringing_at >= _utc(self.keep_sound_from))
        )
        self._put(
            Recording,
            {
                "district_id": district,
                "call_id": ints(ids[kept]),
                "reference": [f"demo/{n}" for n in calls.number[kept].tolist()],
                "recorded_on": [t[:10] for t in times(calls.ringing_at[kept])],
            },
            count=len(kept),
        )

    def _phones(self, person: Ints) -> list[str]:
        return phones(self.register.people, person)

    def _callbacks(self, calls: Calls, call_id: Ints, contact_id: Ints) -> None:
        """The list of missed calls, and who was rung back."""
        missed = np.flatnonzero(np.isnat(calls.answered_at))
        lost = calls.rows(missed)
        ids = self._take(CallBack, len(missed))
        due = lost.ended_at + np.timedelta64(round(self.due_min * 60), "s")
        is_open = np.isnat(lost.settled_at)
        by_person = lost.settled_by != NONE
        self._put(
            CallBack,
            {
                "id": ints(ids),
                "district_id": str(self.host_district),
                "sentral_id": str(self.sentral_id),
                "kind": CallBack.Kind.MISSED.value,
                "call_id": ints(call_id[missed]),
                "contact_id": ints(_rows(lost.contact, contact_id)),
                "number": self._phones(lost.caller),
                "created_at": times(lost.ended_at),
                "due_at": times(due),
                "state": _either(is_open, "open", "reached"),
                "settled_at": times(lost.settled_at),
                "settled_by_id": looked_up(ints(self.staff), lost.settled_by),
                "settled_note": _either(
                    is_open | by_person, "", "Ringte igjen og ble besvart"
                ),
            },
            count=len(ids),
        )
        tried = np.flatnonzero(by_person & ~is_open)
        self._put(
            CallBackAttempt,
            {
                "district_id": str(self.host_district),
                "callback_id": ints(ids[tried]),
                "at": times(lost.settled_at[tried]),
                "recorded_at": times(lost.settled_at[tried]),
                "by_id": looked_up(ints(self.staff), lost.settled_by[tried]),
                "was_reached": "t",
            },
            count=len(tried),
        )

    # ----------------------------------------------------------------- the contacts

    def _contacts(self, contacts: Contacts, ids: Ints) -> None:
        place = _Placed.of(self, contacts)
        at = AtStations.of(contacts)
        self._put(
            Contact,
            {
                "id": ints(ids),
                "district_id": ints(place.district),
                "sentral_id": str(self.sentral_id),
                "station_id": ints(place.station),
                "channel": looked_up([c.value for c in CHANNELS], contacts.channel),
                "state": _either(at.is_here, "in_care", "closed"),
                "opened_at": times(contacts.opened_at),
                "recorded_at": times(contacts.opened_at),
                "closed_at": times(contacts.closed_at),
                "closed_by_id": place.operator,
                "opened_by_id": place.operator,
                "caller_relation": looked_up(wording.relations(), contacts.relation),
                "callback_number": self._phones(contacts.person),
                "language": self._languages(contacts.person),
                "interpreter_needed": bools(contacts.needs_interpreter),
                "patient_id": ints(place.patient),
                "patient_unknown": bools(contacts.person == NONE),
                "municipality_id": looked_up(
                    self.ground.municipalities, contacts.municipality
                ),
                "is_elsewhere": bools(contacts.is_elsewhere),
                "place_id": looked_up(ints(self.ground.places), contacts.place),
                "fastlege_id": place.fastlege,
                "consent_fastlege": [
                    NULL if doctor == NULL else consents
                    for doctor, consents in zip(
                        place.fastlege, bools(contacts.consents_to_note), strict=True
                    )
                ],
                "narrative": self.words.narratives(
                    contacts.complaint, contacts.outcome
                ),
                "index_version_id": ints(place.index),
                "complaint": looked_up(self.words.complaints, contacts.complaint),
                **_levels(contacts),
                "advice_given": self._advice(contacts),
                "advice_understood": _either(contacts.outcome == ADVICE, "t", NULL),
                "reason_code": contacts.reason.tolist(),
                "reason_is_deliberate": bools(np.isin(contacts.reason, GENERAL_CODES)),
                "repeat_no": ints(contacts.repeat_no),
                **self._second_looks(contacts),
                "ended_in_advice": bools(_ended_in_advice(contacts)),
                "source": SOURCE,
            },
            count=len(ids),
        )
        self._events(contacts, ids, place)
        self._assessments(contacts, ids, place)
        self._outcomes(contacts, ids, place)
        self._amk(contacts, ids, place)
        self._doctor(contacts, ids, place)
        self._notes(contacts, ids, place)
        self._attendances(contacts, at, ids, place)

    def _attendances(
        self, contacts: Contacts, at: AtStations, ids: Ints, place: "_Placed"
    ) -> None:
        made = self._take(Attendance, int(at.came.sum()))
        shared = {
            "ids": made,
            "district": place.district,
            "station": place.seen_at,
            "nurses": self.nurses,
        }
        columns = stations.attendances(
            contacts,
            at,
            contact_ids=ids,
            sentral_id=self.sentral_id,
            staff=self.staff,
            **shared,
        )
        self._put(Attendance, columns, count=len(made))
        seen, count = stations.looks(
            contacts, at, limit_min=self.first_look_min, **shared
        )
        self._put(Look, seen, count=count)

    def _languages(self, person: Ints) -> list[str]:
        spoken = self.register.people.language[np.maximum(person, 0)]
        codes = np.where(person == NONE, "", spoken).tolist()
        return [LANGUAGES.get(code, code) for code in codes]

    def _advice(self, contacts: Contacts) -> list[str]:
        level = np.where(contacts.outcome == ADVICE, contacts.hastegrad_phone, NONE)
        return self.words.advised(contacts.complaint, level)

    def _second_looks(self, contacts: Contacts) -> dict[str, Column]:
        """From the second contact within the window, a shift leader has looked at it."""
        looked = contacts.repeat_no > 1
        turn = self.leaders[np.arange(len(contacts)) % len(self.leaders)]
        return {
            "second_look_by_id": ints(np.where(looked, turn, NONE)),
            "second_look_at": times(_where(looked, _decided(contacts))),
        }

    def _events(self, contacts: Contacts, ids: Ints, place: "_Placed") -> None:
        opened = contacts.opened_at
        known = opened + contacts.patient_s * SECOND
        judged = known + contacts.triage_s * SECOND
        coded = _decided(contacts) + contacts.close_s * SECOND // 2
        seconds = ((contacts.closed_at - opened) // SECOND).tolist()
        advice = ["true" if a else "false" for a in _ended_in_advice(contacts).tolist()]
        levels = looked_up(PHONE_LEVELS, contacts.hastegrad_phone, missing="")
        arrival = looked_up(ARRIVAL_LEVELS, contacts.hastegrad_arrival, missing="")
        codes = contacts.reason.tolist()
        outcomes = looked_up([o.value for o in OUTCOMES], contacts.outcome)
        came = (contacts.outcome == ATTENDANCE) & ~np.isnat(contacts.arrived_at)
        event = _Events(self, ids, place)
        event.put(
            Happened.OPENED,
            opened,
            [
                f'{{"channel":"{c}"}}'
                for c in looked_up([c.value for c in CHANNELS], contacts.channel)
            ],
        )
        event.put(
            Happened.PATIENT_CHOSEN,
            known,
            [f'{{"patient":{p}}}' for p in place.patient.tolist()],
        )
        event.put(
            Happened.ASSESSED,
            judged,
            [f'{{"axis":"phone","hastegrad":"{level}"}}' for level in levels],
            only=contacts.hastegrad_phone != NONE,
        )
        event.put(
            Happened.ASSESSED,
            np.where(np.isnat(contacts.arrived_at), judged, contacts.arrived_at),
            [f'{{"axis":"arrival","hastegrad":"{level}"}}' for level in arrival],
            only=contacts.hastegrad_arrival != NONE,
        )
        event.put(
            Happened.OUTCOME_ADDED,
            _decided(contacts),
            [f'{{"outcome":"{outcome}"}}' for outcome in outcomes],
        )
        event.put(Happened.ARRIVED, contacts.arrived_at, "{}", only=came)
        event.put(
            Happened.REASON_SET,
            coded,
            [f'{{"code":"{code}"}}' for code in codes],
        )
        event.put(
            Happened.CLOSED,
            contacts.closed_at,
            [
                f'{{"ended_in_advice":{a},"seconds":{s}}}'
                for a, s in zip(advice, seconds, strict=True)
            ],
        )

    def _assessments(self, contacts: Contacts, ids: Ints, place: "_Placed") -> None:
        at = contacts.opened_at + (contacts.patient_s + contacts.triage_s) * SECOND
        rows = np.flatnonzero(contacts.hastegrad_phone != NONE)
        some, level = contacts.rows(rows), contacts.hastegrad_phone[rows]
        codes = looked_up(PHONE_LEVELS, level, missing="")
        self._put(
            Assessment,
            {
                "district_id": ints(place.district[rows]),
                "contact_id": ints(ids[rows]),
                "axis": Assessment.Axis.PHONE.value,
                "hastegrad": codes,
                "by_criteria": codes,
                "complaint": looked_up(self.words.complaints, some.complaint),
                "criteria": self.words.met(some.complaint, level),
                "red_flags_ruled_out": bools(level != AKUTT),
                "index_version_id": ints(place.index[rows]),
                "by_id": [place.operator[row] for row in rows.tolist()],
                "occurred_at": times(at[rows]),
                "recorded_at": times(at[rows]),
            },
            count=len(rows),
        )
        rows = np.flatnonzero(contacts.hastegrad_arrival != NONE)
        some = contacts.rows(rows)
        seen = np.where(np.isnat(some.arrived_at), at[rows], some.arrived_at)
        self._put(
            Assessment,
            {
                "district_id": ints(place.district[rows]),
                "contact_id": ints(ids[rows]),
                "axis": Assessment.Axis.ARRIVAL.value,
                "hastegrad": looked_up(
                    ARRIVAL_LEVELS, some.hastegrad_arrival, missing=""
                ),
                "by_id": [place.operator[row] for row in rows.tolist()],
                "occurred_at": times(seen),
                "recorded_at": times(seen),
            },
            count=len(rows),
        )

    def _outcomes(self, contacts: Contacts, ids: Ints, place: "_Placed") -> None:
        decided = _decided(contacts)
        is_attendance = contacts.outcome == ATTENDANCE
        promised = _where(is_attendance, contacts.promised_at)
        arrived = _where(is_attendance, contacts.arrived_at)
        done_at = np.where(np.isnat(contacts.arrived_at), decided, contacts.arrived_at)
        done_at = np.where(
            contacts.outcome == AMK, contacts.amk_acknowledged_at, done_at
        )
        has_not_come = is_attendance & np.isnat(contacts.arrived_at)
        # Who has not come some hours after the time is struck off by somebody at work.
        struck_at = promised + STRUCK_AFTER
        is_struck = has_not_come & (struck_at < _utc(self.until))
        is_open = has_not_come & ~is_struck
        done_at = np.where(is_struck, struck_at, done_at)
        at_station = ints(np.where(contacts.station == NONE, NONE, place.seen_at))
        self._put(
            Outcome,
            {
                "district_id": ints(place.district),
                "contact_id": ints(ids),
                "kind": looked_up([o.value for o in OUTCOMES], contacts.outcome),
                "state": np.select(
                    [is_open, is_struck], ["open", "cancelled"], "done"
                ).tolist(),
                "note": _either(is_struck, "Møtte ikke", ""),
                "station_id": at_station,
                "owner_role": looked_up(_owner_roles(), contacts.outcome),
                "created_at": times(decided),
                "created_by_id": place.operator,
                "due_at": times(promised),
                "promised_at": times(promised),
                "travel_min": ints(np.where(is_attendance, contacts.travel_min, NONE)),
                "arrived_at": times(arrived),
                "settled_at": times(_where(~is_open, done_at)),
                "settled_by_id": [
                    NULL if still else by
                    for still, by in zip(is_open.tolist(), place.operator, strict=True)
                ],
            },
            count=len(ids),
        )
        self._outcomes_of_the_doctor(contacts, ids, place, at_station)

    def _outcomes_of_the_doctor(
        self, contacts: Contacts, ids: Ints, place: "_Placed", at_station: list[str]
    ) -> None:
        """What the doctor decided after having seen the patient."""
        rows = np.flatnonzero(
            (contacts.then_outcome != NONE) & ~np.isnat(contacts.left_at)
        )
        some = contacts.rows(rows)
        by = looked_up(ints(self.staff), np.maximum(some.doctor, 0))
        self._put(
            Outcome,
            {
                "district_id": ints(place.district[rows]),
                "contact_id": ints(ids[rows]),
                "kind": looked_up([o.value for o in OUTCOMES], some.then_outcome),
                "state": Outcome.State.DONE.value,
                "station_id": [at_station[row] for row in rows.tolist()],
                "owner_role": Role.DOCTOR.value,
                "created_at": times(some.left_at),
                "created_by_id": by,
                "settled_at": times(some.left_at),
                "settled_by_id": by,
            },
            count=len(rows),
        )

    def _amk(self, contacts: Contacts, ids: Ints, place: "_Placed") -> None:
        rows = np.flatnonzero(~np.isnat(contacts.amk_called_at))
        some = contacts.rows(rows)
        self._put(
            AmkHandover,
            {
                "district_id": ints(place.district[rows]),
                "contact_id": ints(ids[rows]),
                "sentral_id": str(self.sentral_id),
                "started_at": times(
                    some.opened_at + (some.patient_s + some.triage_s) * SECOND
                ),
                "mode": AmkHandover.Mode.CONFERENCE.value,
                "called_at": times(some.amk_called_at),
                "called_by_id": [place.operator[row] for row in rows.tolist()],
                "mission_number": [f"D{n}" for n in some.number.tolist()],
                "acknowledged_at": times(some.amk_acknowledged_at),
            },
            count=len(rows),
        )

    def _doctor(self, contacts: Contacts, ids: Ints, place: "_Placed") -> None:
        """Questions to the doctor behind, and the approval of what ended in advice."""
        rows = np.flatnonzero(
            (contacts.action == ASKED_DOCTOR) & (contacts.doctor != NONE)
        )
        some = contacts.rows(rows)
        asked = some.opened_at + (some.patient_s + some.triage_s) * SECOND
        doctor = looked_up(ints(self.staff), some.doctor)
        self._put(
            DoctorQuestion,
            {
                "district_id": ints(place.district[rows]),
                "contact_id": ints(ids[rows]),
                "asked_by_id": [place.operator[row] for row in rows.tolist()],
                "asked_to_id": doctor,
                "question": QUESTION,
                "asked_at": times(asked),
                "answer": ANSWER,
                "answered_by_id": doctor,
                "answered_at": times(asked + some.outcome_s * SECOND // 2),
            },
            count=len(rows),
        )
        rows = np.flatnonzero(_ended_in_advice(contacts))
        some = contacts.rows(rows)
        decided = some.closed_at + APPROVED_AFTER
        waits = decided > _utc(self.until)
        self._put(
            Approval,
            {
                "district_id": ints(place.district[rows]),
                "contact_id": ints(ids[rows]),
                "state": _either(waits, "waiting", "approved"),
                "created_at": times(some.closed_at),
                "doctor_id": ints(
                    np.where(waits, NONE, self._approvers(place.district[rows]))
                ),
                "decided_at": times(_where(~waits, decided)),
            },
            count=len(rows),
        )

    def _approvers(self, district: Ints) -> Ints:
        """A doctor of the district for each row, in turn."""
        found = np.full(len(district), NONE)
        for code, doctors in self.doctors.items():
            rows = np.flatnonzero(district == code)
            found[rows] = doctors[np.arange(len(rows)) % len(doctors)]
        return found

    def _notes(self, contacts: Contacts, ids: Ints, place: "_Placed") -> None:
        """The note that each fastlege received, where the patient consented."""
        has = np.array([doctor != NULL for doctor in place.fastlege], dtype=bool)
        rows = np.flatnonzero(has & contacts.consents_to_note)
        some = contacts.rows(rows)
        told = self.words.narratives(some.complaint, some.outcome)
        sent, received = some.closed_at + 5 * SECOND, some.closed_at + 65 * SECOND
        is_received = received <= _utc(self.until)
        self._put(
            FastlegeNote,
            {
                "district_id": ints(place.district[rows]),
                "contact_id": ints(ids[rows]),
                "fastlege_id": [place.fastlege[row] for row in rows.tolist()],
                "text": [
                    f"{line} ICPC-2 {code}."
                    for line, code in zip(told, some.reason.tolist(), strict=True)
                ],
                "message_id": [
                    str(uuid5(NAMESPACE_OID, f"demo-note-{pk}")) for pk in ids[rows]
                ],
                "state": _either(is_received, "received", "sent"),
                "queued_at": times(some.closed_at),
                "sent_at": times(sent),
                "received_at": times(_where(is_received, received)),
                "attempts": "1",
            },
            count=len(rows),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """Where each contact belongs, and whose it is: ids by row of the month."""

    district: Ints
    station: Ints
    seen_at: Ints  # the station that saw the patient, or its own
    patient: Ints
    index: Ints
    operator: list[str]
    fastlege: list[str]

    @classmethod
    def of(cls, loader: Loader, contacts: Contacts) -> "_Placed":
        ground = loader.ground
        station = _own_station(loader.demo, contacts)
        district = ground.station_district[station]
        people = loader.register.people
        doctor = np.where(
            contacts.person == NONE,
            NONE,
            people.fastlege[np.maximum(contacts.person, 0)],
        )
        return cls(
            district=district,
            station=ground.stations[station],
            seen_at=ground.stations[np.maximum(contacts.station, 0)],
            patient=_patients(loader.register, contacts, district),
            index=np.array([loader.index_of[d] for d in district.tolist()]),
            operator=looked_up(ints(loader.staff), contacts.operator),
            fastlege=looked_up(ints(ground.fastleger), doctor),
        )


@dataclass(frozen=True, slots=True)
class _Events:
    """Writes events of one kind for many contacts."""

    loader: Loader
    ids: Ints
    place: _Placed

    def put(
        self, kind: Happened, at: Times, data: Column, *, only: Bools | None = None
    ) -> None:
        """One event for each contact, or for `only` some."""
        rows = np.arange(len(self.ids)) if only is None else np.flatnonzero(only)
        when = times(at[rows])
        picked = rows.tolist()
        self.loader._put(
            ContactEvent,
            {
                "district_id": ints(self.place.district[rows]),
                "contact_id": ints(self.ids[rows]),
                "kind": kind.value,
                "occurred_at": when,
                "recorded_at": when,
                "by_id": [self.place.operator[row] for row in picked],
                "data": data
                if isinstance(data, str)
                else [data[row] for row in picked],
            },
            count=len(rows),
        )


def _own_station(demo: Demo, contacts: Contacts) -> Ints:
    """The station that served each contact's municipality then, by place in the demo."""
    place = {station.code: i for i, station in enumerate(demo.stations)}
    found = np.zeros(len(contacts), dtype=np.int64)
    day = contacts.opened_at.astype("datetime64[D]")
    for number in np.unique(contacts.municipality).tolist():
        code = demo.municipalities[number].number
        for catchment in demo.catchments:
            if catchment.municipality != code:
                continue
            holds = (contacts.municipality == number) & (
                day >= np.datetime64(catchment.valid_from)
            )
            if catchment.valid_to is not None:
                holds &= day < np.datetime64(catchment.valid_to)
            found[holds] = place[catchment.station]
    return found


def _patients(register: Register, contacts: Contacts, district: Ints) -> Ints:
    found = register.patients(contacts.person, district, contacts.opened_at)
    unknown = np.flatnonzero(contacts.person == NONE)
    found[unknown] = register.unknown(
        district[unknown], contacts.estimated_age[unknown], contacts.opened_at[unknown]
    )
    return found


def _decided(contacts: Contacts) -> Times:
    """When the outcome was decided: the end of the talk."""
    steps = contacts.patient_s + contacts.triage_s + contacts.outcome_s
    return np.asarray(contacts.opened_at + steps * SECOND)


def _ended_in_advice(contacts: Contacts) -> Bools:
    """Advice by telephone and nothing else."""
    only_advice = (contacts.outcome == ADVICE) & (contacts.then_outcome == NONE)
    return np.asarray(only_advice & (contacts.channel != DOOR))


def _levels(contacts: Contacts) -> dict[str, Column]:
    phone = looked_up(PHONE_LEVELS, contacts.hastegrad_phone, missing="")
    arrival = looked_up(ARRIVAL_LEVELS, contacts.hastegrad_arrival, missing="")
    return {
        "hastegrad_phone_first": phone,
        "hastegrad_phone": phone,
        "hastegrad_arrival_first": arrival,
        "hastegrad_arrival": arrival,
    }


def _owner_roles() -> list[str]:
    return [
        Role.DOCTOR.value if outcome in BY_DOCTOR else Role.OPERATOR.value
        for outcome in OUTCOMES
    ]


def _rows(numbers: Ints, ids: Ints) -> Ints:
    """The ids of rows of the same month, by the generator's numbers."""
    if not len(ids):
        return np.full(len(numbers), NONE)
    return np.where(numbers == NONE, NONE, ids[np.maximum(numbers, 0) % A_MONTH])


def _either(which: Bools, yes: str, no: str) -> list[str]:
    return [yes if is_so else no for is_so in which.tolist()]


def _where(which: Bools, moments: Times) -> Times:
    return np.where(which, moments, NO_TIME)


def _utc(at: datetime) -> np.datetime64:
    return np.datetime64(at.astimezone(UTC).replace(tzinfo=None), "ms")
