"""To the fastlege: the note with its states, its delivery, and an hour next day."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests import make
from varde.apps.records.delivery import (
    DeliveryFailed,
    FileDrop,
    OutgoingNote,
    Receipt,
)
from varde.apps.records.models import FastlegeNote, FastlegeSlot, Outcome
from varde.apps.sentral import jobs
from varde.apps.sentral.queries import notes, slots
from varde.apps.sentral.services import closing, fastlege, fastlege_hours, outcomes
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW  # a Friday, 19:00 in Norway
LATER = NOW + timedelta(minutes=6)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def house(db):
    house = make.house()
    house.doctor_of = make.fastlege("Lege Fjell", lets_us_book=True)
    house.siv = make.patient(
        of=house.inner,
        given_name="Siv",
        family_name="Ås",
        national_id=make.national_id(),
    )
    return house


def ready(house, **fields):
    """A contact that may be closed, with consent."""
    contact = house.contact(
        **{
            "hastegrad_phone": "vanlig",
            "reason_code": "R74",
            "fastlege": house.doctor_of,
            "consent_fastlege": True,
            "advice_given": "Drikk nok, ring igjen ved pustevansker",
            "patient": house.siv,
        }
        | fields
    )
    outcomes.add(contact_id=contact.pk, kind="advice", by=house.kari, at=NOW)
    return contact


def close(house, contact):
    with house.at_work(house.kari):
        return closing.close(contact_id=contact.pk, by=house.kari, at=LATER)


def queued(house, **fields):
    """A note in the queue."""
    contact = ready(house, **fields)
    close(house, contact)
    return contact.fastlege_notes.get()


def refused(rule, function, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        function(*args, **kwargs)
    assert refusal.value.rule is rule
    return refusal.value.values


class Post:
    """A delivery that remembers, and fails when told to."""

    def __init__(self, fails=0):
        self.sent = []
        self.fails = fails

    def send(self, note):
        if self.fails:
            self.fails -= 1
            raise DeliveryFailed("line is down")
        self.sent.append(note)
        return Receipt(reference=note.name)


def deliver(house, post, at=LATER):
    with house.at_work(house.kari):
        return sum(
            fastlege.deliver_one(note_id, at=at, delivery=post)
            for note_id in fastlege.queued_ids()
        )


# The note


def test_a_note_is_queued_with_the_closing_by_consent(house):
    note = queued(house)
    assert (note.state, note.version, note.queued_at) == ("queued", 1, LATER)
    assert note.fastlege == house.doctor_of
    assert note.contact.events.filter(kind="note_queued").count() == 1


@pytest.mark.parametrize(
    "fields",
    [{"consent_fastlege": False}, {"fastlege": None, "consent_fastlege": None}],
)
def test_without_consent_or_fastlege_there_is_no_note(house, fields):
    contact = ready(house, **fields)
    close(house, contact)
    assert not FastlegeNote.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_consent_that_was_never_asked_gives_no_note(house):
    contact = ready(house, consent_fastlege=None)
    assert fastlege.queue_note(contact_id=contact.pk, by=house.kari, at=LATER) is None


def test_the_note_says_reason_hastegrad_advice_and_outcome(house):
    note = queued(house)
    assert note.text == (
        "NOTAT FRA LEGEVAKTSENTRAL\n"
        "\n"
        "Til:      Lege Fjell, Fjell legesenter\n"
        "Fra:      Sentral HEL\n"
        "Skrevet:  20. november 2026 19:06\n"
        "\n"
        "Pasient:  Siv Ås\n"
        f"Nummer:   {make.national_id()}\n"
        "\n"
        "Kontakt:  20. november 2026 19:00\n"
        "Årsak:    R74 Akutt øvre luftveisinfeksjon\n"
        "Hastegrad på telefon: Vanlig\n"
        "\n"
        "Tiltak:\n"
        "- Råd på telefon\n"
        "\n"
        "Råd gitt:\n"
        "Drikk nok, ring igjen ved pustevansker\n"
    )


def test_the_note_is_not_escaped_as_a_page_is(house):
    note = queued(house, advice_given="Temp > 39 & frysninger")
    assert "Temp > 39 & frysninger" in note.text


def test_the_job_is_deferred_in_the_transaction_of_the_closing(house):
    queued(house)
    assert [job.task_name for job in ProcrastinateJob.objects.all()] == [
        "sentral.deliver_notes"
    ]


# Delivery


def test_a_queued_note_is_sent_once(house):
    note, post = queued(house), Post()
    assert [deliver(house, post), deliver(house, post)] == [1, 0]
    note.refresh_from_db()
    assert (note.state, note.sent_at, note.attempts) == ("sent", LATER, 1)
    (sent,) = post.sent
    assert (sent.note_id, sent.text) == (note.pk, note.text)
    assert note.contact.events.filter(kind="note_sent").count() == 1


def test_a_note_that_cannot_be_sent_is_tried_again_and_fails_in_the_end(house):
    note, post = queued(house), Post(fails=5)
    for attempt in range(1, 5):
        assert deliver(house, post) == 0
        note.refresh_from_db()
        assert (note.state, note.attempts) == ("queued", attempt)
        assert note.fault == "line is down"
    assert notes.failed(house.sentral.pk) == ()
    deliver(house, post, at=LATER + timedelta(hours=1))
    note.refresh_from_db()
    assert (note.state, note.attempts) == ("failed", 5)
    (shown,) = notes.failed(house.sentral.pk)
    assert (shown.id, shown.fastlege, shown.fault) == (
        note.pk,
        "Lege Fjell",
        "line is down",
    )
    assert shown.failed_at == LATER + timedelta(hours=1)
    assert deliver(house, post) == 0
    assert note.contact.events.filter(kind="note_failed").count() == 1


def test_a_note_that_goes_wrong_does_not_hold_the_others_back(house, caplog):
    first, second = queued(house), queued(house)

    class Broken(Post):
        def send(self, note):
            if note.note_id == first.pk:
                raise ValueError("Siv Ås")
            return super().send(note)

    post = Broken()
    assert deliver(house, post) == 1
    assert [note.note_id for note in post.sent] == [second.pk]
    first.refresh_from_db()
    assert (first.state, first.attempts) == ("queued", 0)
    assert caplog.messages == [f"note {first.pk} to the fastlege: ValueError"]


def test_notes_of_other_districts_are_not_sent(house):
    note = queued(house)
    far = make.district("fjern", "Fjernt")
    contact = make.contact(at=house.sentral, district=far)
    FastlegeNote.objects.create(
        contact=contact,
        district=far,
        fastlege=house.doctor_of,
        text="x",
        queued_at=NOW,
    )
    post = Post()
    assert deliver(house, post) == 1
    assert [sent.note_id for sent in post.sent] == [note.pk]


def test_how_many_notes_are_in_each_state(house):
    queued(house)
    assert notes.counts(house.sentral.pk) == {
        "queued": 1,
        "sent": 0,
        "received": 0,
        "failed": 0,
        "stopped": 0,
    }


# Receipts


def receipt(house, note, *, received, fault=""):
    with house.at_work(house.kari):
        made = fastlege.receipt(
            note_id=note.pk, received=received, fault=fault, at=LATER
        )
    note.refresh_from_db()
    return made


def test_a_receipt_closes_the_circle(house):
    note = queued(house)
    deliver(house, Post())
    receipt(house, note, received=True)
    assert (note.state, note.received_at) == ("received", LATER)
    assert note.contact.events.filter(kind="note_received").count() == 1


def test_a_refusal_makes_it_somebodys_task(house):
    note = queued(house)
    deliver(house, Post())
    receipt(house, note, received=False, fault="unknown receiver")
    assert (note.state, note.fault) == ("failed", "unknown receiver")
    assert [shown.id for shown in notes.failed(house.sentral.pk)] == [note.pk]


def test_the_first_receipt_counts_and_others_are_absorbed(house):
    note = queued(house)
    deliver(house, Post())
    receipt(house, note, received=True)
    receipt(house, note, received=True)
    receipt(house, note, received=False, fault="too late")
    assert (note.state, note.fault) == ("received", "")
    assert note.contact.events.filter(kind="note_received").count() == 1


def test_a_receipt_that_is_here_before_we_wrote_that_we_sent_it_counts(house):
    note = queued(house)
    receipt(house, note, received=True)
    assert (note.state, note.sent_at) == ("received", LATER)


def test_a_receipt_for_a_note_of_others_is_nobodys(house):
    note = queued(house)
    FastlegeNote.objects.filter(pk=note.pk).update(
        district=make.district("fjern", "Fjernt")
    )
    assert receipt(house, note, received=True) is None
    assert note.state == "queued"


# A human sees to what failed


def failed(house):
    note = queued(house)
    deliver(house, Post())
    receipt(house, note, received=False)
    return note


def test_a_failed_note_is_sent_again_with_fresh_attempts(house):
    note = failed(house)
    ProcrastinateJob.objects.all().delete()
    with house.at_work(house.kari):
        fastlege.send_again(note_id=note.pk, by=house.kari, at=LATER)
    note.refresh_from_db()
    assert (note.state, note.attempts, note.fault) == ("queued", 0, "")
    assert ProcrastinateJob.objects.count() == 1
    assert deliver(house, Post()) == 1
    refused(
        Rule.NOTE_IS_NOT_FAILED,
        fastlege.send_again,
        note_id=note.pk,
        by=house.kari,
        at=LATER,
    )


def test_a_failed_note_may_be_handed_over_in_another_way(house):
    note = failed(house)
    args = {"note_id": note.pk, "by": house.kari, "at": LATER}
    values = refused(Rule.FIELD_NOT_VALID, fastlege.handed_over, how=" ", **args)
    assert values == {"field": "note", "why": "empty"}
    with house.at_work(house.kari):
        fastlege.handed_over(how="Lest opp på telefon", **args)
    note.refresh_from_db()
    assert (note.state, note.received_at) == ("received", LATER)
    assert notes.failed(house.sentral.pk) == ()
    refused(Rule.NOTE_IS_NOT_FAILED, fastlege.handed_over, how="Igjen", **args)


# The folder


@pytest.fixture
def drop(tmp_path):
    return FileDrop(out=tmp_path / "ut", back=tmp_path / "inn")


def note_to_send(text="Notat\n", version=1):
    return OutgoingNote(
        note_id=7, version=version, her_id="1", receiver="Lege", text=text
    )


def test_a_note_is_a_file_under_its_own_name(drop):
    assert drop.send(note_to_send()).reference == "notat-7-v1"
    (file,) = drop.out.iterdir()
    assert (file.name, file.read_text("utf-8")) == ("notat-7-v1.txt", "Notat\n")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_note_that_is_delivered_again_is_the_same_file(drop):
    drop.send(note_to_send())
    (file,) = drop.out.iterdir()
    written = file.stat().st_mtime_ns
    drop.send(note_to_send())
    assert [each.name for each in drop.out.iterdir()] == ["notat-7-v1.txt"]
    assert file.stat().st_mtime_ns == written
    drop.send(note_to_send(version=2))
    assert len(list(drop.out.iterdir())) == 2


def test_a_reader_never_sees_half_a_note(drop, monkeypatch):
    """The text is on the disk before the file has its name."""
    seen = []

    def replace(draft, target):
        seen.append((draft.read_text("utf-8"), target.exists()))
        return draft.rename(target)

    monkeypatch.setattr("pathlib.Path.replace", replace)
    drop.send(note_to_send())
    assert seen == [("Notat\n", False)]


def test_a_folder_that_cannot_be_written_is_a_fault_without_its_path(tmp_path):
    (tmp_path / "ut").write_text("a file where the folder should be")
    drop = FileDrop(out=tmp_path / "ut", back=tmp_path / "inn")
    with pytest.raises(DeliveryFailed) as fault:
        drop.send(note_to_send())
    assert "FileExistsError" in fault.value.fault
    assert str(tmp_path) not in fault.value.fault


def test_no_representation_shows_a_note():
    assert "Notat" not in repr(note_to_send())
    assert "Lege" not in repr(note_to_send())


def put(drop, name, content):
    drop.back.mkdir(parents=True, exist_ok=True)
    (drop.back / name).write_text(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notat-7-v1.json", "{"),
        ("notat-7-v1.json", "[]"),
        ("notat-7-v1.json", '{"received": "yes"}'),
        ("notat-x-v1.json", '{"received": true}'),
        ("notat-7.json", '{"received": true}'),
        ("annet.json", '{"received": true}'),
        ("notat-99999999999999999999-v1.json", '{"received": true}'),
    ],
)
def test_what_is_not_a_receipt_is_put_aside(drop, name, content):
    put(drop, name, content)
    assert list(drop.answers()) == []
    assert [file.name for file in (drop.back / "ukjent").iterdir()] == [name]


def test_a_receipt_is_read(drop):
    assert list(drop.answers()) == []
    put(drop, "notat-7-v2.json", '{"received": false, "fault": "full"}')
    (answer,) = drop.answers()
    assert (answer.note_id, answer.version) == (7, 2)
    assert (answer.is_received, answer.fault) == (False, "full")


def test_the_job_sends_what_is_queued_and_reads_what_came_back(house, drop):
    note = queued(house)
    jobs.work_off(drop)
    note.refresh_from_db()
    assert note.state == "sent"
    (file,) = drop.out.iterdir()
    assert file.read_text("utf-8") == note.text

    put(drop, f"{file.stem}.json", json.dumps({"received": True}))
    put(drop, f"notat-{note.pk + 999}-v1.json", json.dumps({"received": True}))
    jobs.work_off(drop)
    note.refresh_from_db()
    assert note.state == "received"
    assert [f.name for f in (drop.back / "behandlet").iterdir()] == [
        f"{file.stem}.json"
    ]
    assert len(list((drop.back / "ukjent").iterdir())) == 1
    assert list(drop.back.glob("*.json")) == []


def test_a_receipt_of_another_version_than_the_note_is_nobodys(house, drop):
    note = queued(house)
    jobs.work_off(drop)
    put(drop, f"notat-{note.pk}-v2.json", json.dumps({"received": True}))
    jobs.work_off(drop)
    note.refresh_from_db()
    assert note.state == "sent"
    assert len(list((drop.back / "ukjent").iterdir())) == 1


# An hour on the next working day


def at(day, hour):
    """A moment of November 2026 in Norway."""
    return datetime(2026, 11, day, hour, tzinfo=OSLO)


def slot(house, starts_at, doctor=None):
    return FastlegeSlot.objects.create(
        fastlege=doctor or house.doctor_of, starts_at=starts_at
    )


def book(house, contact, slot, when=LATER):
    with house.at_work(house.kari):
        return fastlege_hours.book(
            contact_id=contact.pk, slot_id=slot.pk, by=house.kari, at=when
        )


def test_an_hour_is_booked_and_is_the_outcome(house):
    contact, monday = ready(house), slot(house, at(23, 9))
    made = book(house, contact, monday)
    assert (made.contact, made.booked_at) == (contact, LATER)
    outcome = contact.outcomes.get(kind="fastlege")
    assert (outcome.state, outcome.promised_at) == ("done", at(23, 9))
    close(house, contact)
    text = contact.fastlege_notes.get().text
    assert "Time hos dere: mandag 23. november 09:00" in text


def test_another_hour_gives_the_first_back(house):
    contact = ready(house)
    first, second = slot(house, at(23, 9)), slot(house, at(23, 10))
    book(house, contact, first)
    book(house, contact, second)
    first.refresh_from_db()
    assert (first.contact, first.booked_at) == (None, None)
    assert contact.outcomes.get(kind="fastlege").promised_at == at(23, 10)


def test_an_hour_that_is_not_wanted_after_all_is_free_again(house):
    contact, monday = ready(house), slot(house, at(23, 9))
    book(house, contact, monday)
    outcome = Outcome.objects.get(kind="fastlege")
    outcomes.cancel(outcome_id=outcome.pk, note="Avlyst", by=house.kari, at=LATER)
    monday.refresh_from_db()
    assert monday.contact is None


def test_an_hour_is_given_to_one(house):
    monday = slot(house, at(23, 9))
    book(house, ready(house), monday)
    other = ready(house)
    values = refused(Rule.SLOT_IS_TAKEN, book, house, other, monday)
    assert values == {"starts_at": at(23, 9).astimezone(NOW.tzinfo).isoformat()}


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"fastlege": None}, Rule.NO_FASTLEGE),
        ({"consent_fastlege": None}, Rule.CONSENT_NEEDED),
        ({"consent_fastlege": False}, Rule.CONSENT_NEEDED),
    ],
)
def test_to_book_takes_a_fastlege_and_consent(house, fields, rule):
    refused(rule, book, house, ready(house, **fields), slot(house, at(23, 9)))


def test_to_book_takes_an_agreement_with_the_patients_own_office(house):
    elsewhere = make.fastlege("Lege Hav", lets_us_book=True)
    monday = slot(house, at(23, 9), elsewhere)
    refused(Rule.NO_AGREEMENT_WITH_OFFICE, book, house, ready(house), monday)
    no_agreement = make.fastlege("Lege Dal")
    contact = ready(house, fastlege=no_agreement)
    values = refused(
        Rule.NO_AGREEMENT_WITH_OFFICE,
        book,
        house,
        contact,
        slot(house, at(23, 9), no_agreement),
    )
    assert values == {"office": "Fjell legesenter"}


def test_an_hour_on_a_day_off_or_in_the_past_is_refused(house):
    contact = ready(house)
    refused(Rule.NOT_A_WORKDAY, book, house, contact, slot(house, at(21, 9)))
    christmas = datetime(2026, 12, 25, 9, tzinfo=OSLO)  # a Friday
    refused(Rule.NOT_A_WORKDAY, book, house, contact, slot(house, christmas))
    values = refused(Rule.FIELD_NOT_VALID, book, house, contact, slot(house, at(20, 9)))
    assert values == {"field": "slot", "why": "in_the_past"}
    gone = slot(house, at(23, 11))
    gone.delete()
    gone.pk = 10**6
    values = refused(Rule.FIELD_NOT_VALID, book, house, contact, gone)
    assert values == {"field": "slot", "why": "not_found"}


def test_the_free_hours_are_those_up_to_the_end_of_the_next_working_day(house):
    contact = ready(house)
    colleague = make.fastlege("Lege Foss")
    colleague.office = house.doctor_of.office
    colleague.save()
    slot(house, at(20, 15))  # over
    slot(house, at(21, 9))  # a Saturday
    monday = slot(house, at(23, 9))
    taken = slot(house, at(23, 10))
    slot(house, at(24, 9))  # the day after next
    of_colleague = slot(house, at(23, 8), colleague)
    slot(house, at(23, 8), make.fastlege("Annet kontor", lets_us_book=True))
    book(house, ready(house), taken)
    found = slots.free_slots(contact, now=LATER)
    assert [row.id for row in found] == [monday.pk, of_colleague.pk]
    assert [row.is_own_doctor for row in found] == [True, False]


def test_at_night_this_mornings_hours_are_the_next(house):
    tuesday, wednesday = slot(house, at(24, 9)), slot(house, at(25, 9))
    found = slots.free_slots(ready(house), now=at(24, 2))
    assert [row.id for row in found] == [tuesday.pk, wednesday.pk]


@pytest.mark.parametrize("agreement", [True, False])
def test_without_an_agreement_no_hours_are_shown(house, agreement):
    office = house.doctor_of.office
    office.lets_us_book = agreement
    office.save()
    slot(house, at(23, 9))
    assert bool(slots.free_slots(ready(house), now=LATER)) is agreement
    nobody = ready(house, fastlege=None)
    assert slots.free_slots(nobody, now=LATER) == ()
