"""The doors of the sentral: each refusal with its twin who is let in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from tests import make
from varde.apps.records.models import (
    AuditEntry,
    CallBack,
    RecordOpening,
    Role,
    SentralDistrict,
)
from varde.apps.sentral import access
from varde.apps.sentral.access import ReasonNeeded, Subject
from varde.apps.sentral.services import openings
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
A_WEEK_AGO = NOW - timedelta(days=7)


@pytest.fixture
def house(db):
    return make.house()


@pytest.fixture
def far(house):
    """Somebody of another sentral, in another district."""
    district = make.district("fjern", "Fjernt distrikt")
    sentral = make.sentral("FJE", of=district)
    return make.operator("fremmed", at=sentral)


def may(house, user, contact, now=NOW):
    """open, reason or 404, as the door answers."""
    try:
        access.contact_for(house.scope(user), contact.pk, now=now)
    except Http404:
        return "404"
    except ReasonNeeded as needed:
        assert (needed.subject, needed.row_id) == (Subject.CONTACT, contact.pk)
        return "reason"
    return "open"


def closed(house, *, at=A_WEEK_AGO, **fields):
    return make.contact(
        at=house.sentral, state="closed", opened_at=at, closed_at=at, **fields
    )


@pytest.mark.parametrize(
    ("role", "when_open", "when_old"),
    [
        (Role.OPERATOR, "open", "reason"),
        (Role.DOCTOR, "open", "reason"),
        (Role.SHIFT_LEADER, "open", "reason"),
        (Role.LEGEVAKTOVERLEGE, "reason", "reason"),
        (Role.KOMMUNEOVERLEGE, "404", "404"),
        (Role.ADMINISTRATOR, "404", "404"),
        (Role.AUDITOR, "404", "404"),
    ],
)
@pytest.mark.parametrize("place", ["sentral", "district"])
def test_who_may_open_a_contact(house, role, place, when_open, when_old):
    where = house.sentral if place == "sentral" else house.inner
    user = make.user(f"en_{role}", roles=[role], at=where)
    assert may(house, user, make.contact(at=house.sentral)) == when_open
    assert may(house, user, closed(house)) == when_old


def test_a_role_at_a_station_reaches_the_contacts_of_its_district(house):
    doctor = make.user("stasjonslege", roles=["doctor"], at=house.elv)
    here = make.contact(at=house.sentral)
    there = make.contact(at=house.sentral, district=house.outer)
    assert may(house, doctor, here) == "open"
    assert may(house, doctor, there) == "404"


def test_what_is_not_there_and_what_is_not_ones_own_give_the_same_answer(house, far):
    contact = make.contact(at=house.sentral)
    assert may(house, house.kari, contact) == "open"
    with pytest.raises(Http404) as not_yours:
        access.contact_for(house.scope(far), contact.pk)
    with pytest.raises(Http404) as not_there:
        access.contact_for(house.scope(far), 10**9)
    assert str(not_yours.value) == str(not_there.value)


def test_a_user_without_a_role_sees_nothing(house):
    assert may(house, make.user("ingen"), make.contact(at=house.sentral)) == "404"


@pytest.mark.parametrize(
    ("hours", "answer"), [(0, "open"), (12, "open"), (12.01, "reason")]
)
def test_a_contact_is_part_of_the_work_for_some_hours_after_its_end(
    house, hours, answer
):
    contact = closed(house, at=NOW - timedelta(hours=hours))
    assert may(house, house.kari, contact) == answer


def test_earlier_contacts_of_a_patient_in_hand_are_part_of_the_work(house):
    number = make.national_id()
    here = make.patient(of=house.inner, national_id=number)
    there = make.patient(of=house.outer, national_id=number)
    own, others = closed(house, patient=here), closed(house, patient=make.patient())
    in_the_other = closed(house, patient=there, district=house.outer)
    house.contact(by=house.kari, patient=here)
    assert may(house, house.kari, own) == "open"
    assert may(house, house.kari, in_the_other) == "open"
    assert may(house, house.kari, others) == "reason"
    # In Kari's hand, not in Ola's.
    assert may(house, house.ola, own) == "reason"


def test_a_patient_without_a_number_is_not_taken_for_another(house):
    in_hand = make.patient(of=house.inner)
    house.contact(by=house.kari, patient=in_hand)
    stranger = closed(house, patient=make.patient(of=house.inner))
    assert may(house, house.kari, stranger) == "reason"
    assert may(house, house.kari, closed(house, patient=in_hand)) == "open"


def test_a_record_that_was_merged_is_the_same_person(house):
    kept = make.patient(of=house.inner)
    old = make.patient(of=house.inner, merged_into=kept)
    house.contact(by=house.kari, patient=kept)
    assert may(house, house.kari, closed(house, patient=old)) == "open"


# With a reason


def give_reason(house, user, contact, reason="Klage fra pårørende"):
    return openings.open_record(
        scope=house.scope(user),
        subject=Subject.CONTACT,
        row_id=contact.pk,
        reason=reason,
        by=user,
        at=NOW,
    )


def test_a_reason_opens_one_record_for_one_person_for_a_while(house):
    contact, other = closed(house), closed(house)
    with house.at_work(house.kari):
        opening = give_reason(house, house.kari, contact)
    assert opening.until == NOW + timedelta(minutes=60)
    assert may(house, house.kari, contact) == "open"
    assert may(house, house.kari, contact, opening.until) == "reason"
    assert may(house, house.kari, other) == "reason"
    assert may(house, house.ola, contact) == "reason"


def test_an_opening_is_logged_with_its_purpose_and_reason(house):
    patient = make.patient(of=house.inner)
    contact = closed(house, patient=patient)
    with house.at_work(house.kari):
        give_reason(house, house.kari, contact)
    entry = AuditEntry.objects.get(what="record_opened")
    assert (entry.purpose, entry.reason) == ("BTG", "Klage fra pårørende")
    assert (entry.patient_id, entry.contact_id) == (patient.pk, contact.pk)
    assert entry.user == house.kari


@pytest.mark.parametrize("reason", ["", "   "])
def test_an_opening_without_a_reason_is_refused(house, reason):
    with pytest.raises(RuleBroken) as refusal:
        give_reason(house, house.kari, closed(house), reason)
    assert refusal.value.rule is Rule.REASON_NEEDED_TO_OPEN
    assert not RecordOpening.objects.exists()


def test_a_reason_does_not_open_what_is_not_ones_own(house, far):
    contact = closed(house)
    auditor = make.user("revisor", roles=["auditor"], at=house.sentral)
    for user in (far, auditor):
        with pytest.raises(Http404):
            give_reason(house, user, contact)
    leader = make.user("overlege", roles=["legevaktoverlege"], at=house.sentral)
    give_reason(house, leader, contact)
    assert may(house, leader, contact) == "open"


def test_an_opened_patient_opens_the_patients_contacts(house):
    patient = make.patient(of=house.inner)
    contact = closed(house, patient=patient)
    with pytest.raises(ReasonNeeded) as needed:
        access.patient_for(house.scope(house.kari), patient.pk, now=NOW)
    assert (needed.value.subject, needed.value.row_id) == (Subject.PATIENT, patient.pk)
    with house.at_work(house.kari):
        openings.open_record(
            scope=house.scope(house.kari),
            subject=Subject.PATIENT,
            row_id=patient.pk,
            reason="Innsynskrav",
            by=house.kari,
            at=NOW,
        )
    assert access.patient_for(house.scope(house.kari), patient.pk, now=NOW) == patient
    assert may(house, house.kari, contact) == "open"


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_patient_with_a_contact_at_work_is_part_of_the_work(house, state):
    patient = make.patient(of=house.inner)
    make.contact(at=house.sentral, patient=patient, state=state, closed_at=NOW)
    assert access.patient_for(house.scope(house.kari), patient.pk, now=NOW) == patient
    leader = make.user("overlege", roles=["legevaktoverlege"], at=house.sentral)
    with pytest.raises(ReasonNeeded):
        access.patient_for(house.scope(leader), patient.pk, now=NOW)


def test_a_patient_of_another_district_is_not_there(house, far):
    patient = make.patient(of=house.inner)
    make.contact(at=house.sentral, patient=patient)
    assert access.patient_for(house.scope(house.kari), patient.pk, now=NOW)
    auditor = make.user("revisor", roles=["auditor"], at=house.sentral)
    for user in (far, auditor):
        with pytest.raises(Http404):
            access.patient_for(house.scope(user), patient.pk, now=NOW)


def open_patient(house, user, patient):
    """open, reason or 404, as the patient's door and the reason dialog answer."""
    scope = house.scope(user)
    try:
        access.patient_for(scope, patient.pk, now=NOW)
    except Http404:
        door = "404"
    except ReasonNeeded:
        door = "reason"
    else:
        return "open"
    try:
        with house.at_work(user):
            openings.open_record(
                scope=scope,
                subject=Subject.PATIENT,
                row_id=patient.pk,
                reason="Klage",
                by=user,
                at=NOW,
            )
    except Http404:
        return door if door == "404" else "reason without a way in"
    return door if door == "reason" else "a way in past the door"


@pytest.mark.parametrize("role", ["operator", "doctor", "legevaktoverlege"])
@pytest.mark.parametrize("away", ["sentral", "station", "district"])
def test_a_role_elsewhere_opens_no_patient_where_one_is_only_auditor(house, role, away):
    """Auditor in the inner district, with a role with patients in another."""
    other = make.district("fjern", "Fjernt distrikt")
    place = {
        "sentral": make.sentral("FJE", of=other),
        "station": make.station("fjern", of=other),
        "district": other,
    }[away]
    user = make.user("begge", roles=["auditor"], at=house.inner)
    make.user("begge", roles=[role], at=place)
    patient = make.patient(of=house.inner)
    make.contact(at=house.sentral, patient=patient)
    assert open_patient(house, user, patient) == "404"
    near = make.patient(of=other)
    assert open_patient(house, user, near) == "reason"


@pytest.mark.parametrize("role", ["operator", "doctor", "shift_leader"])
@pytest.mark.parametrize("place", ["sentral", "station", "district"])
def test_a_role_at_a_place_that_serves_the_district_opens_its_patients(
    house, role, place
):
    where = {"sentral": house.sentral, "station": house.strand, "district": house.outer}
    user = make.user("her", roles=[role], at=where[place])
    at_work, quiet = make.patient(of=house.outer), make.patient(of=house.outer)
    make.contact(at=house.sentral, district=house.outer, patient=at_work)
    assert open_patient(house, user, at_work) == "open"
    assert open_patient(house, user, quiet) == "reason"
    host = make.patient(of=house.inner)
    expected = "reason" if place == "sentral" else "404"
    assert open_patient(house, user, host) == expected


def test_a_sentral_that_no_longer_answers_for_the_district_opens_nothing_there(house):
    patient = make.patient(of=house.outer)
    scope = house.scope(house.kari)
    served = SentralDistrict.objects.filter(district=house.outer)
    served.update(valid_to=NOW.date() + timedelta(days=1))
    assert access.holds_in(
        scope, Role.OPERATOR, district_id=patient.district_id, on=NOW.date()
    )
    served.update(valid_to=NOW.date())
    assert not access.holds_in(
        scope, Role.OPERATOR, district_id=patient.district_id, on=NOW.date()
    )


@pytest.mark.parametrize("contacts", [1, 12])
def test_the_patients_door_asks_as_little_however_many_the_contacts(house, contacts):
    doctor = make.user("stasjonslege", roles=["doctor"], at=house.strand)
    patient = make.patient(of=house.inner)
    make.user("stasjonslege", roles=["doctor"], at=house.inner)
    for _ in range(contacts):
        make.contact(at=house.sentral, patient=patient)
    scope = house.scope(doctor)
    access.patient_for(scope, patient.pk, now=NOW)
    with CaptureQueriesContext(connection) as seen:
        access.patient_for(scope, patient.pk, now=NOW)
    assert len(seen) <= 3, [one["sql"] for one in seen]


# The log of reading


def test_an_opening_of_a_page_is_logged_once_with_its_grounds(house):
    patient = make.patient(of=house.inner)
    at_work = house.contact(by=house.kari, patient=patient)
    old = closed(house, patient=make.patient(of=house.inner))

    def read(contact):
        access.log_opened(house.scope(house.kari), contact, by=house.kari, now=NOW)
        return AuditEntry.objects.filter(kind="read").latest("pk")

    with house.at_work(house.kari):
        entry = read(at_work)
        assert AuditEntry.objects.filter(kind="read").count() == 1
        assert (entry.purpose, entry.reason) == ("ETREAT", "")
        assert (entry.contact_id, entry.patient_id) == (at_work.pk, patient.pk)
        with pytest.raises(ReasonNeeded):
            read(old)
        give_reason(house, house.kari, old)
        entry = read(old)
    assert (entry.purpose, entry.reason) == ("BTG", "Klage fra pårørende")


# Call-backs, sentraler, roles


def make_callback(house, *, state="open", contact=None):
    return CallBack.objects.create(
        district=house.inner,
        sentral=house.sentral,
        kind="missed",
        state=state,
        contact=contact,
        created_at=NOW,
        due_at=NOW,
    )


def test_a_callback_of_ones_sentral_is_open(house, far):
    callback = make_callback(house)
    assert access.callback_for(house.scope(house.kari), callback.pk) == callback
    auditor = make.user("revisor", roles=["auditor"], at=house.sentral)
    for user in (far, auditor):
        with pytest.raises(Http404):
            access.callback_for(house.scope(user), callback.pk)


def test_a_settled_callback_follows_its_contact(house):
    settled = make_callback(house, state="reached", contact=closed(house))
    with pytest.raises(ReasonNeeded):
        access.callback_for(house.scope(house.kari), settled.pk, now=NOW)
    fresh = make_callback(house, state="reached", contact=closed(house, at=NOW))
    assert access.callback_for(house.scope(house.kari), fresh.pk, now=NOW) == fresh


def test_one_works_at_the_sentral_chosen_or_else_ones_first(house, far):
    second = make.sentral("AAA", of=house.inner)
    scope = house.scope(house.kari)
    assert access.sentral_in_hand(scope, house.kari) == house.sentral
    make.operator("kari", at=second)
    scope = house.scope(house.kari)
    assert access.sentral_in_hand(scope, house.kari) == second
    assert access.sentral_in_hand(scope, house.kari, house.sentral.pk) == house.sentral
    with pytest.raises(Http404):
        access.sentral_in_hand(house.scope(far), far, house.sentral.pk)
    with pytest.raises(Http404):  # somebody else's scope
        access.sentral_in_hand(scope, far)
    with pytest.raises(Http404):
        access.sentral_in_hand(house.scope(make.user("ingen")))


def test_a_station_doctor_works_with_the_sentral_that_answers_for_the_district(house):
    doctor = make.user("stasjonslege", roles=["doctor"], at=house.strand)
    scope = house.scope(doctor)
    assert access.sentraler_of(scope, Role.DOCTOR) == {house.sentral.pk}
    assert access.sentraler_of(scope, Role.OPERATOR) == frozenset()


def test_a_role_is_required_here_or_anywhere(house):
    other = make.sentral("AAA", of=house.inner)
    scope = house.scope(house.kari)
    access.require(scope, Role.OPERATOR)
    access.require(scope, Role.SHIFT_LEADER, Role.OPERATOR, sentral_id=house.sentral.pk)
    with pytest.raises(Http404):
        access.require(scope, Role.SHIFT_LEADER)
    with pytest.raises(Http404):
        access.require(scope, Role.OPERATOR, sentral_id=other.pk)
