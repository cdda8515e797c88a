"""The clinician's note: drafts, signatures, versions, phrases, and what waits."""

import threading
from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from tests import make
from varde.apps.records import audit, events
from varde.apps.records.models import (
    AuditEntry,
    ClinicalNote,
    Contact,
    ContactEvent,
    FastlegeNote,
    Phrase,
    Qualification,
)
from varde.apps.sentral.services import fastlege, people
from varde.apps.station.access import StationPlace
from varde.apps.station.queries import notes as queries
from varde.apps.station.services import notes, phrases
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
LATER = NOW + timedelta(minutes=20)
TEXT = {
    "why": "Vondt i halsen i tre dager",
    "found": "Tonsiller røde, belegg",
    "judged": "Tonsillitt",
    "done": "Strep-test positiv",
    "plan": "Penicillin i sju dager",
}


class World:
    """A patient with a fastlege at a station, a doctor, a LIS1 and a nurse."""

    def __init__(self, *, at=NOW, consent=True):
        make.settings()
        self.at = at
        self.station = make.station()
        self.lise = make.user(
            "lise",
            roles=["doctor"],
            at=self.station,
            first_name="Lise",
            last_name="Vik",
            hpr_number="7654321",
        )
        self.ung = make.user(
            "ung", roles=["doctor"], at=self.station, first_name="Ung", last_name="Lege"
        )
        Qualification.objects.create(
            user=self.ung, kind="lis1", valid_from=make.LONG_AGO
        )
        self.nora = make.nurse(first_name="Nora", last_name="Ås")
        self.gp = make.fastlege()
        self.gp.office.her_id = "8094866"
        self.gp.office.save()
        self.siv = make.patient(
            national_id=make.national_id(),
            id_kind="fodselsnummer",
            given_name="Siv",
            family_name="Ås",
            sex="2",
        )
        self.contact = make.contact(
            channel="door",
            state="in_care",
            opened_at=at,
            patient=self.siv,
            fastlege=self.gp,
            consent_fastlege=consent,
            reason_code="R74",
            hastegrad_arrival="gronn",
        )
        self.attendance = make.attendance(
            self.contact, at=self.station, arrived_at=at, by=self.nora, doctor=self.lise
        )

    def mine(self, by, at=None):
        return {
            "contact_id": self.contact.pk,
            "station_id": self.station.pk,
            "by": by,
            "at": at or self.at,
        }

    def write(self, by=None, *, codes=("R76",), at=None, **fields):
        by = by or self.lise
        draft = notes.save_draft(fields=TEXT | fields, **self.mine(by, at))
        for code in codes:
            notes.add_diagnosis(code=code, **self.mine(by, at))
        return draft

    def sign(self, by=None, *, seen=0, at=None):
        return notes.sign(
            contact_id=self.contact.pk, seen=seen, by=by or self.lise, at=at or self.at
        )

    def signed(self, by=None, **fields):
        self.write(by, **fields)
        return self.sign(by)


@pytest.fixture
def world(db):
    return World()


@pytest.fixture
def now_world(db):
    return World(at=timezone.now())


def refused(rule, function, *args, **kwargs):
    with pytest.raises(RuleBroken) as refusal:
        function(*args, **kwargs)
    assert refusal.value.rule is rule
    return refusal.value.values


def epikriser(world):
    return list(FastlegeNote.objects.filter(contact=world.contact).order_by("version"))


# Writing and signing


def test_a_draft_is_kept_part_by_part_and_is_the_authors_own(world):
    notes.save_draft(fields={"why": "Fall"}, **world.mine(world.lise))
    draft = notes.save_draft(fields={"plan": "Gips"}, **world.mine(world.lise))
    assert (draft.why, draft.plan, draft.state) == ("Fall", "Gips", "draft")
    other = notes.save_draft(fields={"why": "Annet"}, **world.mine(world.nora))
    assert other.pk != draft.pk
    assert ClinicalNote.objects.count() == 2
    assert not ContactEvent.objects.filter(contact=world.contact).exists()


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"why": "x" * 20_001}, Rule.FIELD_NOT_VALID),
        ({"correction": "x" * 301}, Rule.FIELD_NOT_VALID),
        ({"why": "a\x00b"}, Rule.FIELD_NOT_VALID),
        ({"state": "signed"}, Rule.FIELD_UNKNOWN),
    ],
)
def test_what_cannot_be_stored_is_refused_and_no_draft_is_begun(world, fields, rule):
    refused(rule, notes.save_draft, fields=fields, **world.mine(world.lise))
    assert not ClinicalNote.objects.exists()


def test_a_signed_note_is_version_one_and_the_epikrise_waits_to_be_sent(world):
    note = world.signed()
    assert (note.state, note.version, note.signed_at) == ("signed", 1, NOW)
    (sent,) = epikriser(world)
    assert (sent.kind, sent.state, sent.version) == ("epikrise", "queued", 1)
    assert sent.clinical_note == note
    kinds = set(world.contact.events.values_list("kind", flat=True))
    assert kinds == {"clinical_note_signed", "note_queued"}


@pytest.mark.parametrize("part", ["why", "judged", "plan"])
def test_a_note_is_not_signed_without_its_needed_parts(world, part):
    world.write(**{part: "  "})
    assert refused(Rule.NOTE_LACKS, world.sign) == {"parts": part}
    world.write()
    assert world.sign().version == 1


def test_a_note_needs_a_diagnosis_where_the_station_demands_it(world):
    world.write(codes=())
    refused(Rule.NOTE_NEEDS_DIAGNOSIS, world.sign)
    make.decide("note.demands_diagnosis", False)
    assert world.sign().state == "signed"


def test_diagnoses_are_real_codes_each_once_and_apart_from_the_reason(world):
    mine = world.mine(world.lise)
    assert refused(
        Rule.REASON_CODE_UNKNOWN, notes.add_diagnosis, code="Q99", **mine
    ) == {"code": "Q99"}
    for code in ["R76", " r76 ", "A03"]:
        draft = notes.add_diagnosis(code=code, **mine)
    assert draft.diagnoses == ["R76", "A03"]
    draft = notes.remove_diagnosis(code="R76", **mine)
    assert draft.diagnoses == ["A03"]
    world.contact.refresh_from_db()
    assert world.contact.reason_code == "R74"
    for number in range(80, 89):
        notes.add_diagnosis(code=f"R{number}", **mine)
    refused(Rule.NOTE_TOO_MANY_DIAGNOSES, notes.add_diagnosis, code="R05", **mine)


def test_nothing_written_is_nothing_to_sign(world):
    refused(Rule.NOTE_NOT_BEGUN, world.sign)


def test_a_press_too_many_signs_once(world):
    first = world.signed()
    again = notes.save_draft(fields=TEXT, seen=0, **world.mine(world.lise))
    assert again.pk == first.pk
    assert world.sign().pk == first.pk
    assert ClinicalNote.objects.count() == len(epikriser(world)) == 1


# Versions


def test_a_correction_is_a_new_version_that_says_what_is_new(world):
    world.signed()
    draft = notes.save_draft(
        fields={"plan": "Penicillin i ti dager"}, seen=1, **world.mine(world.lise)
    )
    assert (draft.why, draft.diagnoses) == (TEXT["why"], ["R76"])
    refused(Rule.NOTE_CORRECTION_NEEDS_REASON, world.sign, seen=1)
    notes.save_draft(fields={"correction": "Lengden"}, **world.mine(world.lise))
    second = world.sign(seen=1, at=LATER)
    assert (second.version, second.correction) == (2, "Lengden")
    first = ClinicalNote.objects.get(version=1)
    assert first.plan == TEXT["plan"]
    one, two = epikriser(world)
    assert (one.version, two.version) == (1, 2)
    assert "Versjon:  2. Erstatter versjon 1." in two.text
    assert "Rettet:   Lengden" in two.text


def test_a_colleague_who_signed_in_between_is_seen_first(world):
    world.write(world.nora, why="Min kladd")
    world.signed()
    values = refused(Rule.CHANGED_BY_ANOTHER, world.sign, world.nora, seen=0)
    assert values["by"] == "Lise Vik"
    notes.save_draft(fields={"correction": "Tillegg"}, **world.mine(world.nora))
    assert world.sign(world.nora, seen=1).version == 2


def test_a_part_that_comes_late_does_not_begin_another_draft(world):
    world.signed()
    refused(
        Rule.CHANGED_BY_ANOTHER,
        notes.save_draft,
        fields={"why": "Vondt i h"},
        seen=0,
        **world.mine(world.lise),
    )
    assert not ClinicalNote.objects.filter(state="draft").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE records_clinicalnote SET plan = 'annet'",
        "UPDATE records_clinicalnote SET diagnoses = '[]'",
        "UPDATE records_clinicalnote SET signed_at = now()",
        "UPDATE records_clinicalnote SET author_id = %s",
        "UPDATE records_clinicalnote SET state = 'draft', version = NULL,"
        " signed_at = NULL",
        "DELETE FROM records_clinicalnote",
    ],
)
def test_the_database_refuses_to_change_what_was_signed(world, sql):
    note = world.signed()
    FastlegeNote.objects.all().delete()
    with (
        pytest.raises((ProgrammingError, InternalError), match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [world.nora.pk] if "%s" in sql else [])
    note.refresh_from_db()
    assert (note.plan, note.state) == (TEXT["plan"], "signed")


def test_a_draft_may_be_thrown_away_and_a_version_may_not(world):
    world.signed()
    notes.save_draft(fields={"plan": "x"}, seen=1, **world.mine(world.lise))
    assert notes.drop_draft(contact_id=world.contact.pk, by=world.lise)
    assert not notes.drop_draft(contact_id=world.contact.pk, by=world.lise)
    assert ClinicalNote.objects.get().version == 1


def test_the_note_follows_its_contact_to_another_district(world):
    world.signed()
    outer = make.district("ytre", "Ytre distrikt")
    Contact.objects.filter(pk=world.contact.pk).update(district=outer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT varde_follow_contact(%s)", [world.contact.pk])
    assert ClinicalNote.objects.get().district == outer


# LIS1


def test_a_lis1s_note_waits_for_another_doctor_and_no_epikrise_goes(world):
    note = world.signed(world.ung)
    assert (note.state, note.author_is_lis1) == ("waiting", True)
    assert epikriser(world) == []
    decided = notes.countersign(note_id=note.pk, by=world.lise, at=LATER)
    assert (decided.state, decided.decided_by) == ("signed", world.lise)
    (sent,) = epikriser(world)
    assert "Kontrasignert:" in sent.text
    assert "Lise Vik, HPR 7654321" in sent.text
    refused(
        Rule.NOTE_IS_DECIDED,
        notes.countersign,
        note_id=note.pk,
        by=world.lise,
        at=LATER,
    )


def test_neither_the_author_nor_a_nurse_nor_another_lis1_may_sign_for_the_doctor(world):
    note = world.signed(world.ung)
    other = make.user("ung2", roles=["doctor"], at=world.station)
    row = Qualification.objects.create(
        user=other, kind="lis1", valid_from=make.LONG_AGO
    )
    for person in (world.ung, world.nora, other):
        refused(
            Rule.NOTE_NEEDS_ANOTHER_DOCTOR,
            notes.countersign,
            note_id=note.pk,
            by=person,
            at=NOW,
        )
    row.valid_to = NOW.date()  # from this day she is no LIS1 any more
    row.save()
    assert notes.countersign(note_id=note.pk, by=other, at=NOW).state == "signed"


def test_a_note_that_is_sent_back_is_corrected_in_a_new_version(world):
    note = world.signed(world.ung)
    sent_back = {"note_id": note.pk, "by": world.lise, "at": LATER}
    refused(Rule.FIELD_NOT_VALID, notes.send_back, comment=" ", **sent_back)
    back = notes.send_back(comment="Skriv dosen", **sent_back)
    assert (back.state, back.decision_note) == ("returned", "Skriv dosen")
    place = place_of(world)
    waits = queries.lists(place, user=world.ung, roles=frozenset({"doctor"}), now=LATER)
    assert [row.pk for row in waits["returned"]] == [note.pk]
    fields = {"plan": "660 mg x 4", "correction": "Dosen"}
    notes.save_draft(fields=fields, seen=1, **world.mine(world.ung))
    second = world.sign(world.ung, seen=1)
    assert second.state == "waiting"
    notes.countersign(note_id=second.pk, by=world.lise, at=LATER)
    (sent,) = epikriser(world)
    assert (sent.version, "Erstatter" in sent.text) == (2, False)


def test_an_older_version_that_waits_is_not_signed_when_a_newer_has_come(world):
    first = world.signed(world.ung)
    notes.save_draft(fields={"correction": "x"}, seen=1, **world.mine(world.ung))
    second = world.sign(world.ung, seen=1)
    refused(
        Rule.NOTE_IS_DECIDED, notes.countersign, note_id=first.pk, by=world.lise, at=NOW
    )
    waits = queries.lists(
        place_of(world), user=world.lise, roles=frozenset({"doctor"}), now=NOW
    )
    assert [row.pk for row in waits["to_sign"]] == [second.pk]


def test_where_the_station_does_not_ask_for_it_a_lis1s_note_is_signed_at_once(world):
    make.decide("note.countersign_lis1", False)
    assert world.signed(world.ung).state == "signed"
    assert len(epikriser(world)) == 1


def test_the_administrator_writes_who_is_lis1(client, world):
    admin = make.user("admin", roles=["administrator"])
    client.force_login(admin)
    page = f"/sentral/folk/{world.lise.pk}/"
    day = {"kind": "lis1", "valid_from": "2026-08-01", "last_day": "2026-07-01"}
    text = client.post(f"{page}kvalifikasjon/", day).content.decode()
    assert "Siste dag må være" in text
    day["last_day"] = ""
    assert client.post(f"{page}kvalifikasjon/", day).status_code == 302
    assert (
        "har dette allerede"
        in client.post(f"{page}kvalifikasjon/", day).content.decode()
    )
    row = Qualification.objects.get(user=world.lise)
    assert "LIS1" in client.get(page).content.decode()
    client.post(f"{page}kvalifikasjon/{row.pk}/avslutt/")
    row.refresh_from_db()
    assert row.valid_to == timezone.localdate()
    logged = AuditEntry.objects.filter(what__startswith="qualification")
    assert set(logged.values_list("what", flat=True)) == {
        "qualification_given",
        "qualification_ended",
    }


# Consent


@pytest.mark.parametrize("consent", [None, False])
def test_without_consent_no_epikrise_and_with_it_later_one(world, consent):
    Contact.objects.filter(pk=world.contact.pk).update(consent_fastlege=consent)
    world.signed()
    assert epikriser(world) == []
    yes = {"contact_id": world.contact.pk, "by": world.lise, "at": LATER}
    notes.set_consent(consent="yes", **yes)
    notes.set_consent(consent="yes", **yes)
    assert [row.state for row in epikriser(world)] == ["queued"]


def test_without_a_fastlege_the_note_is_signed_and_nothing_is_sent(world):
    Contact.objects.filter(pk=world.contact.pk).update(fastlege=None)
    assert world.signed().state == "signed"
    assert epikriser(world) == []


def test_consent_that_is_taken_back_stops_what_has_not_left(world):
    world.signed()
    act = {"contact_id": world.contact.pk, "by": world.lise, "at": LATER}
    notes.set_consent(consent="no", **act)
    (row,) = epikriser(world)
    assert row.state == "stopped"
    notes.set_consent(consent="yes", **act)
    (row,) = epikriser(world)
    assert row.state == "queued"


def test_consent_taken_back_at_the_desk_is_followed_at_the_sending(world):
    world.signed()
    Contact.objects.filter(pk=world.contact.pk).update(consent_fastlege=False)

    class Never:
        def send(self, _):
            raise AssertionError("sent without consent")

    (note_id,) = fastlege.queued_ids()
    assert not fastlege.deliver_one(note_id, at=LATER, delivery=Never())
    (row,) = epikriser(world)
    assert (row.state, row.attempts) == ("stopped", 0)


def test_what_has_failed_is_not_sent_again_when_the_patient_has_said_no(world):
    world.signed()
    FastlegeNote.objects.update(state="failed")
    Contact.objects.filter(pk=world.contact.pk).update(consent_fastlege=False)
    row = epikriser(world)[0]
    refused(
        Rule.CONSENT_NEEDED,
        fastlege.send_again,
        note_id=row.pk,
        by=world.lise,
        at=LATER,
    )


# Undone, and at the same time


class CannotWrite(Exception):
    pass


WRITES = {
    "sign": lambda w: w.sign(),
    "countersign": lambda w: notes.countersign(note_id=w.waiting, by=w.lise, at=LATER),
    "send_back": lambda w: notes.send_back(
        note_id=w.waiting, comment="x", by=w.lise, at=LATER
    ),
    "consent yes": lambda w: notes.set_consent(
        contact_id=w.other.pk, consent="yes", by=w.lise, at=LATER
    ),
    "consent no": lambda w: notes.set_consent(
        contact_id=w.contact.pk, consent="no", by=w.lise, at=LATER
    ),
    "add a phrase": lambda w: phrases.add(
        key="ø", text="x", station_id=None, district_id=1, by=w.lise, at=LATER
    ),
    "remove a phrase": lambda w: phrases.remove(
        phrase=w.phrase, district_id=1, by=w.lise, at=LATER
    ),
    "give LIS1": lambda w: people.give_qualification(
        user_id=w.lise.pk,
        kind="lis1",
        valid_from=NOW.date(),
        valid_to=None,
        by=w.admin,
        at=NOW,
    ),
    "end LIS1": lambda w: people.end_qualification(
        qualification_id=w.ung.qualifications.get().pk, by=w.admin, at=NOW
    ),
}


def rows():
    models = (ClinicalNote, FastlegeNote, Contact, Phrase, Qualification)
    found = [list(model.objects.order_by("pk").values()) for model in models]
    return [*found, AuditEntry.objects.count()]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_is_undone_when_what_tells_of_it_cannot_be_written(
    world, monkeypatch, write
):
    world.admin = make.user("admin", roles=["administrator"])
    world.other = make.contact(
        patient=world.siv, fastlege=world.gp, consent_fastlege=None
    )
    world.waiting = ClinicalNote.objects.create(
        contact=make.contact(patient=world.siv),
        district=world.contact.district,
        station=world.station,
        author=world.ung,
        state="waiting",
        version=1,
        started_at=NOW,
        saved_at=NOW,
        signed_at=NOW,
    ).pk
    world.phrase = phrases.add(
        key="a", text="x", station_id=None, district_id=1, by=world.lise, at=NOW
    )
    world.write()
    before = rows()

    def fail(*_, **__):
        raise CannotWrite

    with monkeypatch.context() as broken:
        broken.setattr(events, "happened", fail)
        broken.setattr(audit, "log", fail)
        with pytest.raises(CannotWrite), transaction.atomic():
            write(world)
    assert rows() == before
    write(world)
    assert rows() != before


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_give_one_version_each_in_turn():
    """The contact's row decides: one is version 1, the other must look first."""
    world = World()
    world.write()
    world.write(world.nora)
    gate = threading.Barrier(2)
    answers = []

    def press(person):
        try:
            gate.wait(10)
            answers.append(world.sign(person).version)
        except RuleBroken as refusal:
            answers.append(refusal.rule)
        finally:
            connection.close()

    both = [threading.Thread(target=press, args=(p,)) for p in (world.lise, world.nora)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(20)
    assert sorted(map(str, answers)) == ["1", "changed_by_another"]
    assert FastlegeNote.objects.count() == 1


# The screen


def place_of(world):
    return StationPlace(
        id=world.station.pk,
        code=world.station.code,
        name=world.station.name,
        district_id=world.station.district_id,
        sentraler=(world.contact.sentral_id,),
    )


def at_note(world, act=""):
    return f"/stasjon/kontakt/{world.contact.pk}/notat/{act}"


def test_the_doctor_writes_and_signs_from_the_screen(client, now_world):
    world = now_world
    client.force_login(world.lise)
    text = client.get(at_note(world)).content.decode()
    assert "Siv Ås" in text
    assert 'name="plan"' in text
    found = client.post(at_note(world, "kode/sok/"), {"q": "halsbetennelse"} | TEXT)
    assert 'name="add" value="R7' in found.content.decode()
    client.post(at_note(world, "kode/"), {"add": "R76"} | TEXT)
    assert ClinicalNote.objects.get().plan == TEXT["plan"]  # saved with any button
    answer = client.post(at_note(world, "signer/"), TEXT | {"seen": "0"}, follow=True)
    text = answer.content.decode()
    assert "Versjon 1" in text
    assert "i kø" in text
    assert 'name="plan"' not in text
    assert ClinicalNote.objects.get().state == "signed"
    opened = AuditEntry.objects.filter(what="clinical_note", kind="read")
    assert opened.filter(user_id=world.lise.pk).count() == 2


def test_a_refusal_is_said_and_what_was_typed_stays(client, now_world):
    world = now_world
    client.force_login(world.lise)
    typed = TEXT | {"plan": "", "found": "Skrevet nå"}
    text = client.post(at_note(world, "signer/"), typed).content.decode()
    assert 'role="alert"' in text
    assert "skriv: plan" in text
    assert "Skrevet nå" in text
    long = TEXT | {"why": "lang" * 6000}
    text = client.post(at_note(world, "lagre/"), long).content.decode()
    assert "langlang" in text
    assert 'role="alert"' in text


def test_typing_is_saved_by_itself(client, now_world):
    world = now_world
    client.force_login(world.lise)
    headers = {"HX-Request": "true"}
    url = at_note(world, "lagre/")
    assert client.post(url, {"why": "Fall"}, headers=headers).status_code == 204
    assert ClinicalNote.objects.get().why == "Fall"
    too_long = {"why": "x" * 20_001}
    assert client.post(url, too_long, headers=headers).status_code == 422
    assert ClinicalNote.objects.get().why == "Fall"


def test_a_phrase_is_put_in_without_script(client, now_world):
    world = now_world
    client.force_login(world.lise)
    new = {"key": ".Hals", "text": "Svelg: rødt.\nIngen belegg."}
    assert client.post("/stasjon/notater/fraser/", new).status_code == 302
    row = Phrase.objects.get()
    assert (row.key, row.user, row.station) == ("hals", world.lise, None)
    assert 'data-phrase="hals"' in client.get(at_note(world)).content.decode()
    into = {"phrase": row.pk, "into": "found"} | TEXT
    client.post(at_note(world, "frase/"), into)
    draft = ClinicalNote.objects.get()
    assert draft.found == f"{TEXT['found']}\n{row.text}"
    client.post("/stasjon/notater/fraser/", {"key": "hals", "text": "Ny"})
    assert Phrase.objects.get().text == "Ny"
    text = client.post(
        "/stasjon/notater/fraser/", {"key": "to ord", "text": "Står her"}
    ).content.decode()
    assert "Kortordet har" in text
    assert "Står her" in text


def test_a_stations_phrase_is_everybodys_and_only_leaders_change_it(client, now_world):
    world = now_world
    leader = make.user("overlege", roles=["legevaktoverlege"], at=world.station)
    shared = {"key": "obs", "text": "Ring 113 ved forverring", "whose": "station"}
    client.force_login(world.lise)
    client.post("/stasjon/notater/fraser/", shared)
    assert Phrase.objects.get().user == world.lise  # hers alone: she is no leader
    client.force_login(leader)
    client.post("/stasjon/notater/fraser/", shared)
    row = Phrase.objects.get(station=world.station)
    client.force_login(world.nora)
    assert "Ring 113 ved forverring" in client.get(at_note(world)).content.decode()
    gone = f"/stasjon/notater/fraser/{row.pk}/fjern/"
    assert client.post(gone).status_code == 404
    own = Phrase.objects.get(user=world.lise)
    others = f"/stasjon/notater/fraser/{own.pk}/fjern/"
    assert client.post(others).status_code == 404
    client.force_login(leader)
    assert client.post(gone).status_code == 302
    assert list(Phrase.objects.all()) == [own]


def test_the_lists_show_what_waits_and_for_whom(client, now_world):
    world = now_world
    client.force_login(world.lise)
    text = client.get("/stasjon/notater/").content.decode()
    assert "Mine pasienter uten notat" in text
    assert "Siv Ås" in text
    world.signed(world.ung)
    text = client.get("/stasjon/notater/").content.decode()
    assert "Ung Lege (LIS1)" in text
    note = ClinicalNote.objects.get()
    decide = f"/stasjon/notater/{note.pk}/avgjor/"
    text = client.post(decide, {"decision": "return"}).content.decode()
    assert 'role="alert"' in text
    answer = client.post(decide, {"decision": "sign"}, follow=True).content.decode()
    assert "Ung Lege (LIS1)" not in answer
    row = FastlegeNote.objects.get()
    row.state, row.failed_at, row.fault = "failed", timezone.now(), "HTTP 503"
    row.save()
    text = client.get("/stasjon/notater/").content.decode()
    assert "HTTP 503" in text
    again = f"/stasjon/notater/epikrise/{row.pk}/"
    answer = client.post(f"{again}overlevert/", {"how": " "}).content.decode()
    assert 'role="alert"' in answer
    client.post(f"{again}pa-nytt/")
    row.refresh_from_db()
    assert row.state == "queued"
    assert 'role="alert"' in client.post(f"{again}pa-nytt/").content.decode()


def test_the_list_of_a_nurse_has_no_signatures_to_give(client, now_world):
    now_world.signed(now_world.ung)
    client.force_login(now_world.nora)
    assert "Ung Lege (LIS1)" not in client.get("/stasjon/notater/").content.decode()


def test_a_note_of_another_district_is_not_there(client, now_world):
    world = now_world
    far = make.district("ytre", "Ytre distrikt")
    theirs = make.user("annen", roles=["doctor"], at=make.station("strand", of=far))
    make.sentral("BOD", of=far)
    world.signed(world.ung)
    client.force_login(theirs)
    assert client.get(at_note(world)).status_code == 404
    note = ClinicalNote.objects.get()
    assert client.post(f"/stasjon/notater/{note.pk}/avgjor/").status_code == 404
    client.force_login(world.lise)
    assert client.get(at_note(world)).status_code == 200


def test_what_the_screen_asks_of_the_database(
    client, now_world, django_assert_max_num_queries
):
    world = now_world
    world.signed()
    for number in range(12):
        phrases.add(
            key=f"f{number}",
            text="x",
            station_id=None,
            district_id=world.station.district_id,
            by=world.lise,
            at=world.at,
        )
    fields = {"correction": "Mer"}
    notes.save_draft(fields=fields, seen=1, **world.mine(world.lise))
    client.force_login(world.lise)
    client.get(at_note(world))
    with django_assert_max_num_queries(34):
        client.get(at_note(world))
