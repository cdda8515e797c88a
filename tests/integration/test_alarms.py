"""Safety alarms: contacts of their own kind, taken by one, and told of when by none."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests import make
from tests.contact_acts import kinds
from varde.apps.records import kept
from varde.apps.records.models import (
    Alarm,
    AlarmSignal,
    AuditEntry,
    Contact,
    Patient,
)
from varde.apps.records.scope import scoped
from varde.apps.sentral.queries import parts
from varde.apps.sentral.queries.alarms import alarm_of, answer_to
from varde.apps.sentral.services import alarms, calls
from varde.apps.sentral.services.alarms import AlarmMessage, backup, ingesting
from varde.apps.sentral.setting_list import SETTINGS
from varde.config import clock
from varde.domain.alarm import Progress, SignalKind
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
NUMBER = "90000001"


@pytest.fixture(autouse=True)
def sentral(db):
    make.settings()
    return make.sentral()


def signal(kind="raised", *, minute=0, event_id=None, alarm_id="a1", **told):
    return AlarmMessage(
        event_id=event_id or f"{kind}{minute}",
        alarm_id=alarm_id,
        kind=SignalKind(kind),
        occurred_at=NOW + timedelta(minutes=minute),
        **told,
    )


def tell(*signals, minute=None, at=None):
    now = at or NOW + timedelta(minutes=minute or 0)
    return alarms.ingest_all(sentral=make.sentral(), signals=signals, at=now)


def line(now=NOW):
    return parts.queue(make.sentral(), now=now)["line"]


# ------------------------------------------------------------------ what is taken in


def test_a_raised_alarm_becomes_a_contact_that_nobody_has(sentral):
    tell(
        signal(
            device="pendant",
            place="Elvegata 1, 2. etasje",
            callback_number=NUMBER,
            told="Svarer ikke",
        )
    )
    contact = Contact.objects.get()
    assert (contact.channel, contact.owner, contact.opened_at) == ("alarm", None, NOW)
    assert (contact.callback_number, contact.whereabouts, contact.narrative) == (
        NUMBER,
        "Elvegata 1, 2. etasje",
        "Svarer ikke",
    )
    assert contact.patient is None
    shown = alarm_of(contact)
    assert (shown.device_text, shown.calls, shown.told) == (
        "Alarmknapp",
        1,
        ("Svarer ikke",),
    )


def test_the_same_signal_again_changes_nothing():
    first = tell(signal(), signal("repeated", minute=1))
    again = tell(signal(), signal("repeated", minute=1))
    assert (first.accepted, first.duplicates) == (2, 0)
    assert (again.accepted, again.duplicates) == (0, 2)
    assert (Contact.objects.count(), AlarmSignal.objects.count()) == (1, 2)
    assert kinds(Contact.objects.get()) == ["opened"]


def test_a_known_signal_with_other_content_is_kept_as_it_was_and_logged():
    tell(signal(place="Stua"))
    assert tell(signal(place="Kjelleren")).duplicates == 1
    assert tell(signal("cancelled", event_id="x"), signal("raised", event_id="x")) == (
        alarms.Ingested(accepted=1, duplicates=1)
    )
    assert Alarm.objects.get().place == "Stua"
    logged = AuditEntry.objects.filter(what="alarm_signal_conflict")
    assert [entry.data["event_id"] for entry in logged.order_by("pk")] == [
        "raised0",
        "x",
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_in_which_signals_come_does_not_matter(turned):
    told = [
        signal("raised", minute=0, place="Stua"),
        signal("cancelled", minute=1),
        signal("repeated", minute=2, place="Badet"),
        signal("restored", minute=3),
    ]
    for one in reversed(told) if turned else told:
        tell(one, minute=4)
    row = Alarm.objects.get()
    assert (row.state, row.calls, row.place) == ("restored", 2, "Badet")
    assert (row.first_at, row.called_at) == (NOW, NOW + timedelta(minutes=2))
    assert Contact.objects.count() == 1


def test_a_device_that_only_works_again_asks_for_nobody():
    tell(signal("restored", device="smoke"))
    assert (Alarm.objects.get().contact, Contact.objects.count()) == (None, 0)
    assert answer_to(make.sentral(), "a1").progress is Progress.RECEIVED
    tell(signal("raised", minute=1), minute=1)
    assert Contact.objects.get().opened_at == NOW + timedelta(minutes=1)


def test_a_cancelled_alarm_still_waits_for_a_person():
    tell(signal(), signal("cancelled", minute=1))
    (waiting,) = line()
    assert waiting.state == "cancelled"


def test_what_is_told_later_fills_what_is_empty_and_overwrites_nothing():
    tell(signal(place="Stua"))
    Contact.objects.update(whereabouts="Hos naboen")
    tell(signal("repeated", minute=1, place="Badet", callback_number=NUMBER), minute=1)
    contact = Contact.objects.get()
    assert (contact.whereabouts, contact.callback_number) == ("Hos naboen", NUMBER)
    assert kinds(contact) == ["opened", "alarm_signal"]
    assert alarm_of(contact).place == "Badet"


def test_the_events_and_the_log_hold_no_text_of_the_alarm():
    tell(signal(place="Elvegata 1", callback_number=NUMBER, told="Ligger på badet"))
    tell(signal("repeated", minute=1, told="Fortsatt på badet"))
    told = str([*Contact.objects.get().events.values_list("data", flat=True)])
    acts = AuditEntry.objects.exclude(kind="change").values_list("data", flat=True)
    for words in ("badet", "Elvegata", NUMBER):
        assert words not in told + str([*acts])


def test_help_asked_for_after_closing_is_a_new_contact_about_the_same_patient():
    patient = make.patient(national_id=make.national_id(1))
    tell(signal(place="Stua", national_id=patient.national_id))
    before = Contact.objects.get()
    Contact.objects.update(state="closed", closed_at=NOW + timedelta(minutes=5))
    tell(signal("repeated", minute=4), minute=6)
    assert Contact.objects.count() == 1
    tell(signal("repeated", minute=6), minute=6)
    after = Contact.objects.exclude(pk=before.pk).get()
    assert (after.owner, after.patient, after.whereabouts) == (None, patient, "Stua")
    assert after.opened_at == NOW + timedelta(minutes=6)
    assert Alarm.objects.get().contact == after
    assert after.repeat_no == 2


# ------------------------------------------------------------------ the patient


def test_a_known_national_number_chooses_the_patient_by_the_same_door_as_the_desk():
    patient = make.patient(national_id=make.national_id(1), language="so")
    tell(signal(national_id=patient.national_id))
    contact = Contact.objects.get()
    assert (contact.patient, contact.language) == (patient, "so")
    assert kinds(contact) == ["opened", "fields_saved", "patient_chosen"]


def test_a_number_that_nobody_has_here_makes_the_record_that_the_desk_would_make():
    tell(signal(national_id=make.national_id(1)))
    contact = Contact.objects.get()
    assert contact.patient.national_id == make.national_id(1)


def test_a_number_that_is_no_number_does_not_stop_the_alarm():
    tell(signal(national_id="12345678901"))
    contact = Contact.objects.get()
    assert (contact.patient, Patient.objects.count()) == (None, 0)
    assert alarm_of(contact).has_wrong_number
    tell(signal("repeated", minute=1, national_id=make.national_id(1)), minute=1)
    assert not alarm_of(contact).has_wrong_number
    assert Contact.objects.get().patient is not None


def test_a_patient_whom_the_operator_has_chosen_is_not_changed_by_the_alarm():
    tell(signal())
    chosen = make.patient()
    Contact.objects.update(patient=chosen)
    tell(signal("repeated", minute=1, national_id=make.national_id(1)), minute=1)
    assert Contact.objects.get().patient == chosen


def test_a_record_made_at_the_desk_at_the_same_moment_is_the_one_that_is_chosen(
    monkeypatch,
):
    def slow(*, fields, **_):
        make.patient(national_id=fields["national_id"])
        raise IntegrityError("one_patient")

    monkeypatch.setattr(ingesting.contacts, "new_patient", slow)
    tell(signal(national_id=make.national_id(1)))
    assert Contact.objects.get().patient == Patient.objects.get()


def test_the_alarm_follows_its_contact_to_the_district_of_the_patient():
    outer = make.district("ytre", "Ytre distrikt")
    tell(signal())
    contact = Contact.objects.get()
    Contact.objects.filter(pk=contact.pk).update(district=outer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT varde_follow_contact(%s)", [contact.pk])
    assert Alarm.objects.get().district == outer
    assert AlarmSignal.objects.get().district == outer


# ------------------------------------------------------------------ the queue and the claim


def test_the_alarm_goes_before_the_public_by_its_priority_setting():
    make.call(ringing_at=NOW - timedelta(minutes=9))
    tell(signal())
    assert [hasattr(one, "device_text") for one in line()] == [True, False]
    make.decide("alarm.priority", 0)
    assert [hasattr(one, "device_text") for one in line()] == [False, True]


def test_an_alarm_that_nobody_has_stands_once_in_the_queue():
    tell(signal())
    shown = parts.queue(make.sentral(), now=NOW)
    assert (len(shown["line"]), shown["ownerless"]) == (1, [])
    kari = make.operator("kari")
    contact = alarms.take(contact_id=Contact.objects.get().pk, by=kari, at=NOW)
    shown = parts.queue(make.sentral(), now=NOW)
    assert (shown["line"], shown["ownerless"]) == ([], [])
    late = NOW + timedelta(minutes=5)
    (stale,) = parts.queue(make.sentral(), now=late)["ownerless"]
    assert (stale.contact_id, stale.is_stale) == (contact.pk, True)


def test_who_comes_second_sees_who_has_it():
    tell(signal())
    kari, ola = make.operator("kari", first_name="Kari"), make.operator("ola")
    contact = Contact.objects.get()
    now = timezone.now()
    alarms.take(contact_id=contact.pk, by=kari, at=now)
    alarms.take(contact_id=contact.pk, by=kari, at=now)
    with pytest.raises(RuleBroken) as refused:
        alarms.take(contact_id=contact.pk, by=ola, at=now)
    assert refused.value.rule is Rule.OWNED_BY_ANOTHER
    assert "Kari" in refused.value.values["owner"]
    client = Client()
    client.force_login(ola)
    answer = client.post(
        f"/sentral/alarm/{contact.pk}/ta/", headers={"HX-Request": "true"}
    )
    assert "Kari" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_reach_for_an_alarm_one_gets_it(sentral, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    tell(signal())
    contact = Contact.objects.get()
    operators = [make.operator(f"op{number}") for number in range(8)]
    gate = threading.Barrier(len(operators))

    def reach(operator):
        gate.wait()
        try:
            with scoped(districts=[sentral.host_district_id], user_id=operator.pk):
                alarms.take(contact_id=contact.pk, by=operator, at=NOW)
        except RuleBroken as refused:
            return refused.values["owner"]
        finally:
            connection.close()
        return operator

    with ThreadPoolExecutor(len(operators)) as pool:
        results = list(pool.map(reach, operators))
    winners = [one for one in results if not isinstance(one, str)]
    assert len(winners) == 1
    assert {one for one in results if isinstance(one, str)} == {winners[0].username}
    contact.refresh_from_db()
    assert contact.owner == winners[0]
    assert kinds(contact).count("claimed") == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_signal_told_side_by_side_is_one_alarm(sentral):
    gate = threading.Barrier(6)

    def send(number):
        gate.wait()
        try:
            with scoped(districts=[sentral.host_district_id]):
                return tell(signal(), signal("repeated", minute=1)).accepted
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        accepted = list(pool.map(send, range(6)))
    assert sorted(accepted) == [0, 0, 0, 0, 0, 2]
    assert (Alarm.objects.count(), Contact.objects.count()) == (1, 1)


# ------------------------------------------------------------------ back-up


def due(minute):
    return alarms.alarm_due(at=NOW + timedelta(minutes=minute))


def shown(minute):
    now = NOW + timedelta(minutes=minute)
    return parts.alarms(make.sentral(), now=now)["unanswered"]


def test_an_alarm_that_nobody_takes_alarms_the_leader_once_with_the_backup_number():
    tell(signal())
    assert (due(1), shown(1)) == (0, ())
    assert (due(2), due(3)) == (1, 0)
    contact = Contact.objects.get()
    assert kinds(contact) == ["opened", "alarm_backup"]
    assert [one.backup_number for one in shown(2)] == [""]
    make.decide("alarm.backup_number", "40000009")
    assert [(one.contact_id, one.backup_number) for one in shown(2)] == [
        (contact.pk, "40000009")
    ]
    alarms.take(contact_id=contact.pk, by=make.operator("kari"), at=NOW)
    assert (due(5), shown(5)) == (0, ())


def test_one_that_is_put_back_alarms_again_after_the_same_time():
    tell(signal())
    due(2)
    kari = make.operator("kari")
    contact = Contact.objects.get()
    alarms.take(contact_id=contact.pk, by=kari, at=NOW + timedelta(minutes=3))
    calls.release(contact_id=contact.pk, by=kari, at=NOW + timedelta(minutes=4))
    assert (due(5), due(6), due(7)) == (0, 1, 0)


def test_a_back_up_that_stops_half_way_goes_on_where_it_was(monkeypatch):
    for number in range(3):
        tell(signal(alarm_id=f"a{number}"))
    happened = backup.events.happened
    left = [0]

    def stops(**event):
        left[0] += 1
        if left[0] == 2:
            raise KeyboardInterrupt  # as when the process is ended
        return happened(**event)

    monkeypatch.setattr(backup.events, "happened", stops)
    with pytest.raises(KeyboardInterrupt):
        due(2)
    assert Alarm.objects.exclude(backup_at=None).count() == 1
    assert due(2) == 2
    for contact in Contact.objects.all():
        assert kinds(contact).count("alarm_backup") == 1


def test_one_that_cannot_be_alarmed_does_not_stop_the_others(monkeypatch, caplog):
    tell(signal(alarm_id="a1"))
    tell(signal(alarm_id="a2"))
    first = Contact.objects.order_by("pk").first()
    happened = backup.events.happened

    def fails(*, contact, **event):
        if contact.pk == first.pk:
            raise IntegrityError("Elvegata 1")
        return happened(contact=contact, **event)

    monkeypatch.setattr(backup.events, "happened", fails)
    assert due(2) == 1
    assert f"alarm of contact {first.pk}: IntegrityError" in caplog.text
    assert "Elvegata" not in caplog.text


def test_the_clock_does_it():
    now = timezone.now()
    alarms.ingest_all(
        sentral=make.sentral(),
        signals=[
            AlarmMessage(
                event_id="1",
                alarm_id="a1",
                kind=SignalKind.RAISED,
                occurred_at=now - timedelta(minutes=5),
            )
        ],
        at=now,
    )
    with transaction.atomic():
        clock.tick(at=now)
    assert Alarm.objects.get().backup_at == now


# ------------------------------------------------------------------ back to the sender


def test_the_sender_is_told_received_taken_and_closed_with_codes():
    tell(signal())
    answer = answer_to(make.sentral(), "a1")
    assert (answer.progress, answer.taken_at, answer.done) == (
        Progress.RECEIVED,
        None,
        (),
    )
    kari = make.operator("kari")
    contact = alarms.take(contact_id=answer.contact_id, by=kari, at=NOW)
    answer = answer_to(make.sentral(), "a1")
    assert (answer.progress, answer.taken_at, answer.done) == (Progress.TAKEN, NOW, ())
    for kind, state in (
        ("home_visit", "open"),
        ("ambulance", "cancelled"),
        ("advice", "done"),
    ):
        contact.outcomes.create(
            district=contact.district,
            kind=kind,
            state=state,
            created_at=NOW,
            created_by=kari,
        )
    Contact.objects.update(state="closed", closed_at=NOW, owner=None)
    answer = answer_to(make.sentral(), "a1")
    assert (answer.progress, answer.closed_at, answer.done) == (
        Progress.CLOSED,
        NOW,
        ("advice", "home_visit"),
    )
    contact.outcomes.all().delete()
    assert answer_to(make.sentral(), "a1").done == ("none",)
    assert answer_to(make.sentral(), "a2") is None


# ------------------------------------------------------------------ the settings


@pytest.mark.parametrize(
    ("typed", "stored", "words"),
    [
        ("", "", "–"),
        (" 400 00 009 ", "40000009", "40000009"),
        ("+47113", "+47113", "+47113"),
    ],
)
def test_the_backup_number_is_a_telephone_number_or_none(typed, stored, words):
    kind = SETTINGS["alarm.backup_number"].kind
    assert kind.read({"v": typed}) == stored
    assert kind.words(stored) == words
    assert [field.value for field in kind.inputs(stored)] == [stored]


@pytest.mark.parametrize("typed", ["12", "ring Kari", "+", "1" * 16])
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(RuleBroken) as refused:
        SETTINGS["alarm.backup_number"].kind.read({"v": typed})
    assert refused.value.rule is Rule.SETTING_NOT_WELL_FORMED
