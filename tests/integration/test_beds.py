"""Beds: who is let in, what is kept, and what is refused, on a real PostgreSQL."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests import make
from varde.apps.records import audit, care, events
from varde.apps.records.models import (
    AuditEntry,
    Bed,
    BedLook,
    BedPlacement,
    BedStay,
    ContactEvent,
    Outcome,
)
from varde.apps.records.scope import scoped
from varde.apps.sentral import messages
from varde.apps.station.queries.beds.criteria import criteria
from varde.apps.station.services import beds
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Ward:
    """A station with two KAD beds and an observation bed, a nurse and two doctors."""

    def __init__(self):
        make.settings()
        make.sentral()
        self.station = make.station()
        self.place = make.place_of(self.station)
        self.nurse = make.nurse(first_name="Nora", last_name="Vik")
        self.doctor = make.user("lege", roles=["doctor"], at=self.station)
        self.other = make.user("lege2", roles=["doctor"], at=self.station)
        self.kad1, self.kad2 = make.bed("KAD 1"), make.bed("KAD 2")
        self.obs = make.bed("Obs 1", kind="observation")

    def contact(self, **fields):
        """A contact of somebody who came an hour ago."""
        return make.contact(
            **{"patient": make.patient(), "opened_at": NOW - HOUR, "state": "closed"}
            | fields,
        )

    def admit(self, contact=None, bed=None, **given):
        bed = bed or self.kad1
        at = given.pop("at", NOW)
        return beds.admit(
            **{
                "place": self.place,
                "bed_id": bed.pk,
                "contact_id": (contact or self.contact()).pk,
                "doctor_id": self.doctor.pk,
                "answers": yes_to_all(bed.kind),
                "next_at": at + 2 * HOUR,
                "by": self.nurse,
                "at": at,
            }
            | given
        )

    def told(self, stay, at, **given):
        return {
            "place": self.place, "stay_id": stay.pk, "by": self.nurse, "at": at,
        } | given  # fmt: skip


def yes_to_all(kind):
    return {c.id: "yes" for c in criteria().lists[kind]}


@pytest.fixture
def ward():
    return Ward()


def refused(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as caught, transaction.atomic():
        act(*args, **kwargs)
    assert "{" not in messages.explain(caught.value)
    return caught.value


def kinds_of(contact):
    return list(
        ContactEvent.objects.filter(contact=contact)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_admission_takes_over_from_the_door_and_the_sentral(ward):
    here = make.attendance(
        ward.contact(state="in_care"), at=ward.station, arrived_at=NOW - HOUR
    )
    decided = Outcome.objects.create(
        contact=here.contact, district=here.district, kind="kad", created_at=NOW,
        created_by=ward.nurse, owner_role="doctor",
    )  # fmt: skip
    stay = ward.admit(here.contact, admitted_at=NOW - 20 * MINUTE)
    here.refresh_from_db()
    decided.refresh_from_db()
    assert (here.end, here.ended_at) == ("bed", NOW - 20 * MINUTE)
    assert (decided.state, decided.settled_by) == ("done", ward.nurse)
    assert stay.attendance == here
    assert stay.admitted_at == NOW - 20 * MINUTE < stay.recorded_at
    assert care.is_in_care(here.contact_id)
    assert kinds_of(here.contact)[-2:] == ["outcome_settled", "bed_admitted"]


def test_one_who_comes_from_another_station_was_sent_on_from_there(ward):
    there = make.attendance(
        ward.contact(state="in_care"), at=make.station("elv"), arrived_at=NOW - HOUR
    )
    ward.admit(there.contact)
    there.refresh_from_db()
    assert there.end == "sent_on"


def test_observation_does_not_settle_what_was_decided_about_kad(ward):
    contact = ward.contact()
    decided = Outcome.objects.create(
        contact=contact, district=contact.district, kind="kad", created_at=NOW,
        created_by=ward.nurse, owner_role="doctor",
    )  # fmt: skip
    ward.admit(contact, ward.obs)
    decided.refresh_from_db()
    assert decided.state == "open"


def test_a_closed_contact_is_in_care_while_in_bed_and_closed_after(ward):
    contact = ward.contact(closed_at=NOW - HOUR)
    stay = ward.admit(contact)
    contact.refresh_from_db()
    assert contact.state == "in_care"
    beds.discharge(**ward.told(stay, NOW + HOUR, to="home", note="Frisk nok"))
    contact.refresh_from_db()
    assert (contact.state, contact.closed_at) == ("closed", NOW - HOUR)
    stay.refresh_from_db()
    assert (stay.left_to, stay.left_note, stay.left_at) == (
        "home", "Frisk nok", NOW + HOUR,
    )  # fmt: skip
    assert not BedPlacement.objects.filter(ends_at=None).exists()


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"doctor_id": None}, Rule.FIELD_NOT_VALID),
        ({"doctor_id": 10**9}, Rule.FIELD_NOT_VALID),
        ({"bed_id": 10**9}, Rule.FIELD_NOT_VALID),
        ({"answers": {}}, Rule.BED_CRITERIA_UNANSWERED),
        ({"answers": yes_to_all("kad") | {"clarified": "no"}}, Rule.BED_CRITERIA_NEED_REASON),
        ({"next_at": None}, Rule.BED_LOOK_NEEDED),
        ({"next_at": NOW - HOUR}, Rule.BED_TIME_OUT_OF_ORDER),
        ({"next_at": NOW + timedelta(days=400)}, Rule.BED_TIME_OUT_OF_ORDER),
        ({"admitted_at": NOW + MINUTE}, Rule.BED_TIME_OUT_OF_ORDER),
        ({"admitted_at": NOW - 2 * HOUR}, Rule.BED_TIME_OUT_OF_ORDER),
        ({"reason": "x" * 301}, Rule.FIELD_NOT_VALID),
    ],
)  # fmt: skip
def test_an_admission_with_something_wrong_is_refused_and_leaves_nothing(
    ward, given, rule
):
    assert refused(ward.admit, **given).rule is rule
    assert not BedStay.objects.exists()


def test_a_nurse_is_not_the_responsible_doctor(ward):
    assert refused(ward.admit, doctor_id=ward.nurse.pk).values["field"] == "doctor"


def test_a_criterion_that_is_not_met_needs_a_reason_and_both_are_kept(ward):
    answers = yes_to_all("kad") | {"clarified": "no"}
    stay = ward.admit(answers=answers, reason="Venter på prøvesvar")
    assert stay.criteria == {"version": criteria().version, "answers": answers}
    assert stay.criteria_reason == "Venter på prøvesvar"
    event = ContactEvent.objects.get(kind="bed_admitted")
    assert event.data["not_met"] == ["clarified"]
    assert "prøvesvar" not in str(event.data)


def test_a_taken_bed_is_refused_with_who_laid_the_patient_there_and_since_when(ward):
    first = ward.admit()
    error = refused(ward.admit, at=NOW + HOUR)
    assert error.rule is Rule.BED_TAKEN
    assert error.values == {
        "bed": "KAD 1", "since": first.admitted_at.isoformat(), "colleague": "Nora Vik",
    }  # fmt: skip
    patient = first.contact.patient
    assert patient.family_name not in messages.explain(error)


def test_to_those_who_may_not_see_who_lies_there_it_says_no_more_than_taken(ward):
    far = make.district("fjern", "Fjernt distrikt")
    stay = ward.admit()
    BedStay.objects.update(district=far)
    BedPlacement.objects.update(district=far)
    mine = ward.station.district_id
    contact = ward.contact()
    with (
        pytest.raises(RuleBroken) as caught,
        scoped(districts=[mine], user_id=ward.nurse.pk),
    ):
        ward.admit(contact)
    assert caught.value.rule is Rule.BED_TAKEN_UNSEEN
    assert caught.value.values == {"bed": "KAD 1"}
    assert BedPlacement.objects.get().stay == stay


def test_the_database_itself_refuses_two_in_a_bed_at_the_same_time(ward):
    first = ward.admit()
    second = ward.admit(bed=ward.kad2)
    with pytest.raises(IntegrityError, match="one_patient_a_bed"), transaction.atomic():
        BedPlacement.objects.filter(stay=second).update(bed=ward.kad1)
    left_at = NOW + HOUR
    beds.discharge(**ward.told(first, left_at, to="home"))
    # Half open: who leaves at a moment and who comes at it do not meet.
    BedPlacement.objects.filter(stay=second).update(bed=ward.kad1, begins_at=left_at)


def test_a_bed_that_was_taken_until_later_than_typed_says_from_when_it_is_free(ward):
    first = ward.admit(at=NOW - 30 * MINUTE)
    beds.discharge(**ward.told(first, NOW - 5 * MINUTE, to="home"))
    error = refused(ward.admit, admitted_at=NOW - 10 * MINUTE)
    assert error.rule is Rule.BED_TIME_OUT_OF_ORDER
    assert error.values["not_before"] == (NOW - 5 * MINUTE).isoformat()


def test_a_patient_has_one_bed_also_through_two_contacts(ward):
    stay = ward.admit()
    again = ward.contact(patient=stay.contact.patient)
    for contact in (stay.contact, again):
        error = refused(ward.admit, contact, ward.kad2)
        assert (error.rule, error.values["bed"]) == (Rule.PATIENT_HAS_A_BED, "KAD 1")


def test_from_observation_to_kad_is_a_new_stay_with_its_own_criteria(ward):
    seen = ward.admit(bed=ward.obs)
    then = NOW + HOUR
    assert (
        refused(
            ward.admit, seen.contact, at=then, answers=yes_to_all("observation")
        ).rule
        is Rule.BED_CRITERIA_UNANSWERED
    )
    stay = ward.admit(seen.contact, at=then)
    seen.refresh_from_db()
    assert (seen.left_to, seen.left_at) == ("other_bed", then)
    assert (stay.kind, stay.admitted_at) == ("kad", then)


def test_a_contact_of_another_district_gets_no_bed_here(ward):
    far = make.contact(district=make.district("fjern", "Fjernt distrikt"))
    assert refused(ward.admit, far).rule is Rule.BED_OF_ANOTHER_DISTRICT


def test_a_doctors_look_is_the_planned_one_and_plans_the_next(ward):
    stay = ward.admit()
    seen = NOW + 3 * HOUR
    look = beds.looked(
        **ward.told(
            stay, seen, seen_by=ward.doctor.pk, note="Våken", next_at=seen + 4 * HOUR
        )
    )
    assert (look.planned_at, look.done_at) == (NOW + 2 * HOUR, seen)
    assert (look.done_by, look.recorded_by) == (ward.doctor, ward.nurse)
    waits = BedLook.objects.get(done_at=None)
    assert waits.planned_at == seen + 4 * HOUR


def test_a_nurses_look_is_kept_and_the_doctors_is_still_awaited(ward):
    stay = ward.admit()
    beds.looked(**ward.told(stay, NOW + HOUR, note="Sover"))
    assert BedLook.objects.get(done_at=None).planned_at == NOW + 2 * HOUR
    assert BedLook.objects.get(note="Sover").planned_at is None


def test_after_a_doctors_look_the_next_must_be_planned(ward):
    stay = ward.admit()
    told = ward.told(stay, NOW + HOUR, seen_by=ward.doctor.pk)
    assert refused(beds.looked, **told).rule is Rule.BED_LOOK_NEEDED
    assert not BedLook.objects.filter(done_at__isnull=False).exists()


def test_nobody_looks_for_another_nurse_nor_before_the_patient_came(ward):
    stay = ward.admit()
    friend = make.nurse("ida")
    told = ward.told(stay, NOW + HOUR, seen_by=friend.pk)
    assert refused(beds.looked, **told).values["field"] == "seen_by"
    told = ward.told(stay, NOW + HOUR, done_at=NOW - HOUR)
    assert refused(beds.looked, **told).rule is Rule.BED_TIME_OUT_OF_ORDER


def test_the_plan_and_the_doctor_can_be_changed(ward):
    stay = ward.admit()
    beds.plan(**ward.told(stay, NOW + HOUR, next_at=NOW + 5 * HOUR))
    assert BedLook.objects.get().planned_at == NOW + 5 * HOUR
    beds.set_doctor(**ward.told(stay, NOW + HOUR, doctor_id=ward.other.pk))
    stay.refresh_from_db()
    assert stay.doctor == ward.other
    event = ContactEvent.objects.get(kind="bed_doctor")
    assert (event.data["from_doctor"], event.data["doctor"]) == (
        ward.doctor.pk, ward.other.pk,
    )  # fmt: skip


def test_a_move_is_the_same_stay_in_another_bed(ward):
    stay = ward.admit()
    beds.move(**ward.told(stay, NOW + HOUR, bed_id=ward.kad2.pk))
    rows = BedPlacement.objects.filter(stay=stay)
    assert [(row.bed, row.begins_at, row.ends_at) for row in rows] == [
        (ward.kad1, NOW, NOW + HOUR),
        (ward.kad2, NOW + HOUR, None),
    ]
    assert ward.admit(at=NOW + HOUR).placements.get().bed == ward.kad1


def test_moves_that_cannot_be_are_refused_and_the_patient_stays(ward):
    stay = ward.admit()
    ward.admit(bed=ward.kad2)
    for bed, rule in [
        (ward.kad1, Rule.PATIENT_HAS_A_BED),
        (ward.kad2, Rule.BED_TAKEN),
        (ward.obs, Rule.BED_OTHER_KIND),
    ]:
        told = ward.told(stay, NOW + HOUR, bed_id=bed.pk)
        assert refused(beds.move, **told).rule is rule
    assert stay.placements.get().ends_at is None


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"to": "other_bed"}, Rule.FIELD_NOT_VALID),
        ({"to": ""}, Rule.FIELD_NOT_VALID),
        ({"to": "home", "left_at": NOW - MINUTE}, Rule.BED_TIME_OUT_OF_ORDER),
        ({"to": "home", "left_at": NOW + 3 * HOUR}, Rule.BED_TIME_OUT_OF_ORDER),
    ],
)
def test_a_discharge_with_something_wrong_is_refused(ward, given, rule):
    stay = ward.admit()
    assert refused(beds.discharge, **ward.told(stay, NOW + HOUR, **given)).rule is rule


def test_nothing_is_done_with_one_who_has_left(ward):
    stay = ward.admit()
    beds.discharge(**ward.told(stay, NOW + HOUR, to="dead"))
    late = ward.told(stay, NOW + 2 * HOUR)
    for act, given in [
        (beds.discharge, {"to": "home"}),
        (beds.looked, {}),
        (beds.plan, {"next_at": NOW + 5 * HOUR}),
        (beds.set_doctor, {"doctor_id": ward.other.pk}),
        (beds.move, {"bed_id": ward.kad2.pk}),
    ]:
        assert refused(act, **late, **given).rule is Rule.PATIENT_HAS_LEFT_BED


def test_a_wrong_time_is_put_right_and_what_stood_is_kept(ward):
    stay = ward.admit()
    beds.discharge(**ward.told(stay, NOW + 3 * HOUR, to="home"))
    stay.refresh_from_db()
    written = (stay.recorded_at, stay.left_recorded_at)
    beds.correct(
        **ward.told(stay, NOW + 4 * HOUR, reason="Glemte å føre"),
        admitted_at=NOW - 30 * MINUTE,
        left_at=NOW + 2 * HOUR,
    )
    stay.refresh_from_db()
    assert (stay.admitted_at, stay.left_at) == (NOW - 30 * MINUTE, NOW + 2 * HOUR)
    assert (stay.recorded_at, stay.left_recorded_at) == written
    placement = stay.placements.get()
    assert (placement.begins_at, placement.ends_at) == (stay.admitted_at, stay.left_at)
    event = ContactEvent.objects.get(kind="bed_corrected")
    assert event.data["admitted_before"] == NOW.isoformat()
    assert event.data["left_before"] == (NOW + 3 * HOUR).isoformat()
    assert AuditEntry.objects.get(what="bed_time_corrected").reason == "Glemte å føre"


def test_a_time_is_not_moved_across_a_look_another_patient_or_the_door(ward):
    first = ward.admit()
    beds.looked(**ward.told(first, NOW + HOUR))
    beds.discharge(**ward.told(first, NOW + 2 * HOUR, to="home"))
    second = ward.admit(at=NOW + 3 * HOUR)
    late = NOW + 4 * HOUR
    for stay, given in [
        (first, {"admitted_at": NOW + 90 * MINUTE}),
        (first, {"admitted_at": NOW - 2 * HOUR}),
        (first, {"left_at": NOW + 30 * MINUTE}),
        (second, {"admitted_at": NOW + 110 * MINUTE}),
        (second, {"admitted_at": NOW + 5 * HOUR}),
    ]:
        told = ward.told(stay, late, reason="x", **given)
        assert refused(beds.correct, **told).rule is Rule.BED_TIME_OUT_OF_ORDER, given
    told = ward.told(first, late, reason="x", left_at=NOW + 210 * MINUTE)
    assert refused(beds.correct, **told).rule is Rule.BED_TAKEN
    told = ward.told(first, late, reason=" ", left_at=NOW + 90 * MINUTE)
    assert refused(beds.correct, **told).values["field"] == "reason"


def test_beds_are_taken_into_use_and_out_and_in_again(ward):
    told = {"place": ward.place, "by": ward.nurse, "at": NOW}
    assert refused(beds.add_bed, **told, code="kad 1", kind="kad").rule is (
        Rule.BED_CODE_TAKEN
    )
    assert refused(beds.add_bed, **told, code=" ", kind="kad").values["field"] == "code"
    assert (
        refused(beds.add_bed, **told, code="X", kind="sofa").values["field"] == "kind"
    )
    stay = ward.admit()
    error = refused(beds.take_out, **told, bed_id=ward.kad1.pk)
    assert error.rule is Rule.BED_IS_OCCUPIED
    beds.discharge(**ward.told(stay, NOW + HOUR, to="home"))
    beds.take_out(**told, bed_id=ward.kad1.pk)
    assert refused(ward.admit).rule is Rule.BED_OUT_OF_USE
    again = beds.add_bed(**told, code="KAD 1", kind="kad")
    assert Bed.objects.filter(code="KAD 1").count() == 2
    assert ward.admit(bed=again, at=NOW + 2 * HOUR).pk
    logged = AuditEntry.objects.filter(table="records_bed", kind="act")
    assert list(logged.order_by("pk").values_list("what", flat=True)) == [
        "bed_taken_out", "bed_added",
    ]  # fmt: skip


class CannotWrite(Exception):
    """The event or the line of the log could not be written."""


def fail(*_, **__):
    raise CannotWrite


WRITES = {
    "admit": lambda w, s: w.admit(bed=w.kad2, at=NOW + HOUR),
    "looked": lambda w, s: beds.looked(**w.told(s, NOW + HOUR, note="x")),
    "plan": lambda w, s: beds.plan(**w.told(s, NOW + HOUR, next_at=NOW + 5 * HOUR)),
    "set_doctor": lambda w, s: beds.set_doctor(
        **w.told(s, NOW + HOUR, doctor_id=w.other.pk)
    ),
    "move": lambda w, s: beds.move(**w.told(s, NOW + HOUR, bed_id=w.kad2.pk)),
    "discharge": lambda w, s: beds.discharge(**w.told(s, NOW + HOUR, to="home")),
    "correct": lambda w, s: beds.correct(
        **w.told(s, NOW + HOUR, reason="x", admitted_at=NOW - 9 * MINUTE)
    ),
}
LOGGED = {
    "correct": WRITES["correct"],
    "add_bed": lambda w, s: beds.add_bed(
        place=w.place, code="KAD 9", kind="kad", by=w.nurse, at=NOW
    ),
    "take_out": lambda w, s: beds.take_out(
        place=w.place, bed_id=w.kad2.pk, by=w.nurse, at=NOW
    ),
}


def everything():
    models = (Bed, BedStay, BedPlacement, BedLook, ContactEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize(
    ("target", "name", "write"),
    [(events, "happened", w) for w in WRITES.values()]
    + [(audit, "log", w) for w in LOGGED.values()],
    ids=[*WRITES, *(f"{name} logged" for name in LOGGED)],
)
def test_a_write_is_undone_when_what_tells_of_it_cannot_be_written(
    ward, target, name, write, monkeypatch
):
    stay = ward.admit()
    before = everything()
    monkeypatch.setattr(target, name, fail)
    with pytest.raises(CannotWrite):
        write(ward, stay)
    assert everything() == before
    monkeypatch.undo()
    write(ward, stay)  # the twin: it does something when it can be told
    assert everything() != before
