"""Reading the log: who may, what is seen, and that reading is itself written."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records import audit, kept
from varde.apps.records.models import AuditEntry, Contact, Patient, RecordOpening
from varde.apps.sentral import access
from varde.apps.sentral.access import ReasonNeeded, Subject
from varde.apps.sentral.services import control
from varde.domain.errors import Rule, RuleBroken


LOG = "/sentral/logg/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    make.settings()
    person = make.user(
        "rune", roles=["auditor"], first_name="Rune", last_name="Revisor"
    )
    client.force_login(person)
    return person


@pytest.fixture
def patient():
    return make.patient(given_name="Ingrid", family_name="Testesen")


@pytest.fixture
def kari():
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


def read(by, *, patient=None, contact=None, **more):
    audit.log_read(
        what="contact",
        by=by,
        district_id=(patient or contact).district_id,
        patient_id=patient.pk if patient else None,
        contact_id=contact.pk if contact else None,
        **more,
    )


def opening(by, patient, **more):
    now = timezone.now()
    fields = {
        "at": now,
        "until": now + timedelta(hours=1),
        "reason": "Klage eller avvik",
    }
    return RecordOpening.objects.create(
        district=patient.district, user=by, patient=patient, **fields | more
    )


# ---------------------------------------------------------------------------- log


def test_the_log_says_who_did_what_and_why(client, auditor, kari, patient):
    contact = make.contact(patient=patient)
    read(kari, patient=patient, contact=contact, purpose="BTG", reason="Klage")
    text = client.get(LOG).text
    assert "Kari Nordvik" in text
    assert "operatør" in text
    assert "Åpnet kontakten" in text
    assert "Åpnet utenfor egen oppgave: Klage" in text
    assert f"kontakt {contact.pk}" in text


def test_a_change_is_told_by_the_names_of_its_fields_and_not_by_what_was_written(
    client, auditor, patient
):
    contact = make.contact(patient=patient)
    Contact.objects.filter(pk=contact.pk).update(narrative="Vondt i magen")
    text = client.get(LOG).text
    assert "Endret kontakten (Journal)" in text
    assert "Vondt i magen" not in text
    assert "Testesen" not in text


def test_to_read_the_log_is_written_in_the_log(client, auditor):
    client.get(LOG)
    client.get(LOG + "fil/")
    told = AuditEntry.objects.filter(user=auditor, kind="read")
    assert [(e.what, e.purpose) for e in told.order_by("pk")] == [
        ("log", "COC"),
        ("log_csv", "COC"),
    ]


def test_the_log_of_another_district_is_not_seen(client, auditor, kari):
    other = make.district("ytre", "Ytre distrikt")
    stranger = make.operator("ola", at=make.sentral("BOD", of=other), first_name="Ola")
    read(stranger, patient=make.patient(of=other))
    read(kari, patient=make.patient())
    text = client.get(LOG).text
    assert "Kari" in text
    assert "Ola" not in text


def test_an_auditor_who_is_operator_elsewhere_controls_only_where_she_is_auditor(
    client, auditor, patient
):
    other = make.district("ytre", "Ytre distrikt")
    make.user("rune", roles=["operator"], at=make.sentral("BOD", of=other))
    theirs = make.patient(of=other)
    read(make.operator("ola", at=make.sentral("BOD")), patient=theirs)
    assert client.get("/sentral/").status_code == 200  # she does work there
    assert f"pasient {theirs.pk}" not in client.get(LOG).text
    assert client.get(f"/sentral/pasient/{theirs.pk}/logg/").status_code == 404


def test_log_ins_of_those_who_work_here_are_seen_and_of_others_not(
    client, auditor, kari
):
    other = make.district("ytre", "Ytre distrikt")
    stranger = make.operator("ola", at=make.sentral("BOD", of=other), first_name="Ola")
    for person in (kari, stranger):
        audit.log(kind="session", what="locked", by=person, purpose="")
        audit.log(
            kind="session", what="login_failed", by=None, data={"user": person.pk}
        )
    text = client.get(LOG, {"art": "session"}).text
    assert text.count("Kari Nordvik") == 2
    assert "Ola" not in text


@pytest.mark.parametrize(
    ("asked", "seen"),
    [
        ({}, {"A", "B", "C"}),
        ({"hvem": "kari"}, {"A", "B"}),
        ({"hvem": "nordvik kari"}, {"A", "B"}),
        ({"hvem": "kari revisor"}, set()),
        ({"art": "read"}, {"A", "C"}),
        ({"art": "act"}, {"B"}),
        ({"art": "nonsense"}, {"A", "B", "C"}),
    ],
)
def test_the_log_is_narrowed_by_person_and_kind(client, auditor, kari, asked, seen):
    leader = make.user("leder", roles=["shift_leader"], first_name="Liv")
    patients = {name: make.patient() for name in "ABC"}
    read(kari, patient=patients["A"])
    audit.log(
        what="record_opened", by=kari, district_id=patients["B"].district_id,
        patient_id=patients["B"].pk,
    )  # fmt: skip
    read(leader, patient=patients["C"])
    AuditEntry.objects.filter(kind="change").delete()
    text = client.get(LOG, asked).text
    assert {n for n, p in patients.items() if f"pasient {p.pk}<" in text} == seen


def test_the_log_is_narrowed_by_patient_with_all_that_hangs_on_the_contacts(
    client, auditor, kari, patient
):
    contact = make.contact(patient=patient)
    other = make.patient()
    read(kari, patient=other)
    read(kari, contact=contact)  # the contact alone is named
    text = client.get(LOG, {"pasient": str(patient.pk)}).text
    assert f"kontakt {contact.pk}" in text
    assert f"pasient {other.pk}<" not in text
    assert f"/sentral/pasient/{patient.pk}/logg/" in text


def test_the_log_is_narrowed_by_date_and_begins_with_a_week(client, auditor, kari):
    patient = make.patient()
    read(kari, patient=patient)
    now = timezone.now()
    AuditEntry.objects.filter(what="contact").update(
        recorded_at=now - timedelta(days=9)
    )
    reads = {"art": "read"}  # the settings of the test fill more than a page
    assert "Åpnet kontakten" not in client.get(LOG, reads).text
    first = timezone.localdate() - timedelta(days=10)
    since = reads | {"fra": first.isoformat()}
    assert "Åpnet kontakten" in client.get(LOG, since).text
    until = since | {"til": first.isoformat()}
    assert "Åpnet kontakten" not in client.get(LOG, until).text


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"fra": "i går"}, "«i går» er ikke en dato."),
        ({"fra": "2026-02-31"}, "«2026-02-31» er ikke en dato."),
        ({"fra": "2026-03-02", "til": "2026-03-01"}, "Første dag er etter siste dag."),
        ({"pasient": "æ", "eldre": "-1"}, ""),
    ],
)
def test_what_cannot_be_asked_is_said(client, auditor, asked, problem):
    answer = client.get(LOG, asked)
    assert answer.status_code == 200
    assert ('role="alert">' + problem in answer.text) if problem else True


def test_older_lines_are_on_the_next_page_each_line_once(client, auditor, kari):
    patients = [make.patient() for _ in range(70)]
    AuditEntry.objects.all().delete()
    for one in patients:
        read(kari, patient=one)
    AuditEntry.objects.update(recorded_at=timezone.now())  # all at the same moment
    first = client.get(LOG, {"hvem": "kari"})
    older = client.get(LOG, {"hvem": "kari", "eldre": first.context["older"]})
    ids = [row.patient_id for a in (first, older) for row in a.context["rows"]]
    assert sorted(ids) == sorted(p.pk for p in patients)
    assert older.context["older"] is None


def test_a_page_of_the_log_costs_the_same_however_many_people_are_on_it(
    client, auditor
):
    def queries(people):
        for number in range(people):
            person = make.operator(f"op-{people}-{number}")
            read(person, patient=make.patient())
        kept.forget()
        with CaptureQueriesContext(connection) as captured:
            client.get(LOG)
        return len(captured)

    assert queries(2) == queries(30)


def test_the_file_holds_the_same_lines_and_no_formula(client, auditor, kari, patient):
    read(kari, patient=patient, purpose="BTG", reason="=1+1")
    AuditEntry.objects.filter(what="contact").update(purpose="")
    answer = client.get(LOG + "fil/", {"hvem": "kari"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[0][:3] == ["Tid", "Ført", "Hvem"]
    assert rows[1][2:7] == [
        "Kari Nordvik", "operatør", "Åpnet kontakten", "'=1+1", str(patient.pk),
    ]  # fmt: skip


# -------------------------------------------------------------- a patient's own log


def test_a_patients_log_is_in_plain_words_and_together_by_the_minute(
    client, auditor, kari, patient
):
    contact = make.contact(patient=patient)
    AuditEntry.objects.all().delete()
    read(kari, patient=patient, contact=contact)
    AuditEntry.objects.create(
        kind="change", what="update", table="records_contact", contact_id=contact.pk,
        data={"narrative": ["", "x"]}, user=kari, district_id=patient.district_id,
        patient_id=patient.pk, purpose="ETREAT",
        occurred_at=timezone.now(), recorded_at=timezone.now(),
    )  # fmt: skip
    AuditEntry.objects.update(recorded_at=make.NOW)
    answer = client.get(f"/sentral/pasient/{patient.pk}/logg/")
    (line,) = answer.context["rows"]
    assert line.did == ("Åpnet kontakten", "Endret kontakten (Journal)")
    assert (line.who, line.roles, line.why) == (
        "Kari Nordvik",
        "operatør",
        "Øyeblikkelig hjelp",
    )
    assert "Hvem har sett i journalen?" in answer.text
    assert "Ingrid Testesen" in answer.text


def test_what_was_done_with_a_record_merged_into_this_one_is_part_of_it(
    client, auditor, kari, patient
):
    unknown = make.patient()
    read(kari, patient=unknown)
    Patient.objects.filter(pk=unknown.pk).update(merged_into=patient)
    rows = client.get(f"/sentral/pasient/{patient.pk}/logg/").context["rows"]
    assert any("Åpnet kontakten" in row.did for row in rows)


def test_to_print_a_patients_log_is_written_in_it(client, auditor, patient):
    client.get(f"/sentral/pasient/{patient.pk}/logg/")
    client.get(f"/sentral/pasient/{patient.pk}/logg/fil/")
    told = AuditEntry.objects.filter(user=auditor, patient_id=patient.pk, kind="read")
    assert {e.what for e in told} == {"patient_log", "patient_log_csv"}
    again = client.get(f"/sentral/pasient/{patient.pk}/logg/").text
    assert "Leste pasientens logg" in again


def test_a_long_log_says_that_it_is_cut(client, auditor, kari, patient, monkeypatch):
    from varde.apps.sentral.queries import log

    monkeypatch.setattr(log.patient_lines, "__kwdefaults__", {"most": 2})
    for _ in range(3):
        read(kari, patient=patient)
    assert (
        "De eldste linjene er ikke med"
        in client.get(f"/sentral/pasient/{patient.pk}/logg/").text
    )


# ------------------------------------------------------------------------ openings


def test_an_opening_waits_until_somebody_else_has_controlled_it(
    client, auditor, kari, patient
):
    one = opening(kari, patient)
    page = client.get(LOG + "apninger/")
    assert "Klage eller avvik" in page.text
    assert "1 åpning med grunn venter" in client.get(LOG).text
    client.post(f"/sentral/logg/apninger/{one.pk}/kontrollert/")
    one.refresh_from_db()
    assert one.controlled_by == auditor
    assert "Ingen åpninger venter" in client.get(LOG + "apninger/").text
    done = client.get(LOG + "apninger/", {"liste": "kontrollert"}).text
    assert "Rune Revisor" in done
    assert (
        AuditEntry.objects.filter(what="opening_controlled", user=auditor).count() == 1
    )


def test_nobody_controls_her_own_opening(client, auditor, patient):
    one = opening(auditor, patient)
    assert "Kontrollert<span" not in client.get(LOG + "apninger/").text
    answer = client.post(f"/sentral/logg/apninger/{one.pk}/kontrollert/")
    assert "En annen må kontrollere" in answer.text
    one.refresh_from_db()
    assert one.controlled_at is None


def test_the_second_to_control_is_told_who_was_first(client, auditor, kari, patient):
    first = make.user("lege", roles=["legevaktoverlege"], first_name="Lise")
    one = opening(kari, patient, controlled_at=make.NOW, controlled_by=first)
    answer = client.post(f"/sentral/logg/apninger/{one.pk}/kontrollert/")
    assert "Lise" in answer.text
    one.refresh_from_db()
    assert one.controlled_by == first


def test_an_opening_elsewhere_is_not_there(client, auditor, kari):
    other = make.district("ytre", "Ytre distrikt")
    one = opening(kari, make.patient(of=other))
    path = f"/sentral/logg/apninger/{one.pk}/kontrollert/"
    assert client.post(path).status_code == 404
    assert client.post("/sentral/logg/apninger/0/kontrollert/").status_code == 404


def test_a_control_that_cannot_be_logged_is_undone(auditor, kari, patient, monkeypatch):
    one = opening(kari, patient)

    def fail(**_):
        raise RuntimeError("no log")

    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(RuntimeError, match="no log"):
        control.control_opening(
            opening_id=one.pk,
            districts=frozenset([one.district_id]),
            by=auditor,
            at=make.NOW,
        )
    one.refresh_from_db()
    assert one.controlled_at is None


def test_the_rules_have_their_names():
    with pytest.raises(RuleBroken) as refused:
        raise RuleBroken(Rule.OPENING_IS_YOUR_OWN)
    assert refused.value.rule == "opening_is_your_own"


# -------------------------------------------------------------------------- reason


@pytest.fixture
def old_contact(client, patient):
    """A contact that was closed long ago, outside everybody's task."""
    make.settings()
    kari = make.operator("kari", first_name="Kari")
    client.force_login(kari)
    client.kari = kari
    return make.contact(
        patient=patient, state="closed", closed_at=make.NOW - timedelta(days=400)
    )


def test_a_record_outside_the_task_asks_why_and_then_opens(client, old_contact):
    path = f"/sentral/kontakt/{old_contact.pk}/"
    answer = client.get(path)
    ask = f"/sentral/grunn/contact/{old_contact.pk}/"
    assert answer.url == f"{ask}?next=%2Fsentral%2Fkontakt%2F{old_contact.pk}%2F"
    page = client.get(answer.url)
    assert "Oppgi hvorfor du åpner journalen" in page.text
    answer = client.post(ask, {"reason": "klage", "text": "sak 12", "next": path})
    assert answer.url == path
    assert client.get(path).status_code == 200
    (one,) = RecordOpening.objects.all()
    assert one.reason == "Klage eller avvik: sak 12"
    read = AuditEntry.objects.get(kind="read", contact_id=old_contact.pk)
    assert (read.purpose, read.reason) == ("BTG", "Klage eller avvik: sak 12")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "Velg en grunn."),
        ({"reason": "nonsense"}, "Velg en grunn."),
        ({"reason": "annet"}, "Skriv grunnen med minst 10 tegn."),
        ({"reason": "annet", "text": "         x"}, "Skriv grunnen med minst 10 tegn."),
    ],
)
def test_without_a_reason_nothing_opens(client, old_contact, given, problem):
    answer = client.post(f"/sentral/grunn/contact/{old_contact.pk}/", given)
    assert (answer.status_code, problem in answer.text) == (200, True)
    assert not RecordOpening.objects.exists()


def test_a_part_of_a_page_leads_to_the_question_and_back_to_its_page(
    client, old_contact
):
    answer = client.get(
        f"/sentral/kontakt/{old_contact.pk}/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/sentral/"},
    )
    ask = f"/sentral/grunn/contact/{old_contact.pk}/?next=%2Fsentral%2F"
    assert answer.headers["HX-Redirect"] == ask


def test_the_way_on_is_within_varde(client, old_contact):
    ask = f"/sentral/grunn/contact/{old_contact.pk}/"
    given = {"reason": "klage", "next": "https://ond.example/"}
    assert client.post(ask, given).url == "/"


@pytest.mark.parametrize("path", ["contact/0/", "patient/0/", "nonsense/1/"])
def test_there_is_no_reason_for_what_is_not_there(client, old_contact, path):
    given = {"reason": "klage", "next": "/"}
    assert client.post("/sentral/grunn/" + path, given).status_code == 404


def test_a_reason_does_not_open_another_districts_record(client, old_contact):
    other = make.patient(of=make.district("ytre", "Ytre distrikt"))
    path = f"/sentral/grunn/patient/{other.pk}/"
    assert client.post(path, {"reason": "klage"}).status_code == 404
    assert not RecordOpening.objects.exists()


def test_a_door_that_asks_names_only_ids():
    assert str(ReasonNeeded(Subject.PATIENT, 7)) == (
        "a reason is needed to open patient 7"
    )
    assert access.Grounds(reason="x").purpose == "BTG"
