"""The page for when the server is gone: what is on it, where it lies, and who signed it."""

import errno
import os
import re
import signal
import stat
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records import signed_page, snapshot_folder
from varde.apps.records.models import AmkHandover, AuditEntry, CallBack, Outcome
from varde.apps.sentral import downtime, jobs
from varde.apps.sentral.queries import downtime as queries
from varde.config import env, health_round
from varde.config.health_round import State


pytestmark = pytest.mark.django_db
NOW = make.NOW
MOST_QUERIES = 50  # 30 of the sentral, and some seven for each of its two stations


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.VARDE_HOME, settings.SNAPSHOT_DIR = tmp_path, None
    return tmp_path


@pytest.fixture
def house():
    return make.house()


def minutes(count):
    return timedelta(minutes=count)


def page(sentral, *, at=NOW):
    return downtime.signed(sentral, at=at).decode()


def outcome(contact, *, kind="attendance", **fields):
    return Outcome.objects.create(
        contact=contact,
        district=contact.district,
        kind=kind,
        created_at=NOW,
        created_by=make.operator("maker"),
        **fields,
    )


def callback(sentral, *, contact=None, **fields):
    return CallBack.objects.create(
        sentral=sentral,
        district=sentral.host_district,
        contact=contact,
        created_at=NOW,
        due_at=fields.pop("due_at", NOW + minutes(5)),
        **{"kind": "promised"} | fields,
    )


def section(text, heading):
    """The words of one section, from its heading to the next."""
    start = re.search(rf'<h2 id="[a-z0-9-]+">{heading}', text).start()
    end = text.find("</section>", start)
    return " ".join(re.sub(r"<[^>]+>", " ", text[start:end]).split())


# ------------------------------------------------------------------- what is on it


def test_an_open_contact_is_there_with_all_that_is_needed_to_go_on(house):
    make.index_in_use(of=house.inner)
    patient = make.patient(
        of=house.inner,
        given_name="Ingrid",
        family_name="Vik",
        estimated_age=40,
        address="Elvegata 3",
        municipality=house.vefsn,
    )
    made = house.contact(
        patient=patient,
        hastegrad_phone="haster",
        complaint="brystsmerter",
        callback_number="90000001",
    )
    shown = section(page(house.sentral), "Åpne kontakter")
    for words in (
        str(made.pk),
        "Haster",
        "Ingrid Vik, ca. 40 år",
        "90000001",
        "Elvegata 3, Vefsn",
        "Kari Li",
        "Brystsmerter",
        "20.11.2026 19:00",  # as the clock on the wall shows
    ):
        assert words in shown


def test_the_stations_are_there_with_who_is_there_and_who_is_expected(house):
    ada = make.patient(of=house.inner, given_name="Ada", family_name="Vik")
    hidden = make.patient(of=house.inner, family_name="Lund", protection="confidential")
    for patient, ticket, narrative in (
        (ada, "A01", "Kutt i hånda"),
        (hidden, "A02", "Bor i Skjulgata 9"),
    ):
        make.attendance(
            make.contact(
                patient=patient,
                channel="door",
                state="in_care",
                narrative=narrative,
                hastegrad_arrival="gul",
            ),
            at=house.elv,
            ticket=ticket,
            room="Rom 2",
            last_seen_at=NOW,
            last_seen_by=house.kari,
            doctor=house.doctor if patient is ada else None,
        )
    coming = house.contact(patient=make.patient(of=house.inner, family_name="Berg"))
    outcome(coming, promised_at=NOW + minutes(30), station=house.elv)
    make.bed("KAD 1", at=house.elv)
    shown = section(page(house.sentral), "Legevakt elv")
    for words in (
        "A01 Gul Ada Vik",
        "Kutt i hånda",
        "19:00 Kari Li",
        "Rom 2",
        "A02 Gul Test Lund",
        "20.11.2026 19:30",
        "Berg",
        "KAD 1 ledig",
    ):
        assert words in shown
    assert "Skjulgata" not in page(house.sentral)
    elsewhere = make.sentral("ANN", of=make.district("annet", "Annet"))
    assert "Ada Vik" not in page(elsewhere)


def test_a_contact_without_owner_patient_or_hastegrad_says_so(house):
    make.contact(at=house.sentral)
    shown = section(page(house.sentral), "Åpne kontakter")
    assert "Ikke satt Ukjent – – – ingen" in shown


def test_a_protected_address_is_on_no_line_of_the_page(house):
    shown = {}
    for protection in ("open", "confidential", "strictly"):
        patient = make.patient(
            of=house.inner,
            family_name=f"Lund{protection}",
            address="Skjulgata 9",
            municipality=house.vefsn,
            protection=protection,
        )
        made = house.contact(
            patient=patient, whereabouts="Hytta ved vannet", municipality=house.vefsn
        )
        house.contact(patient=patient)
        outcome(made, promised_at=NOW, station=house.elv)
        outcome(made, kind="home_visit", note="Skjulgata 9")
        callback(house.sentral, contact=made, about="Skjulgata 9", number="90000001")
        AmkHandover.objects.create(
            contact=made, district=made.district, sentral=house.sentral, started_at=NOW
        )
        before, _, after = page(house.sentral).partition('<h2 id="d-numbers">')
        # The list of numbers names each municipality, for its kommuneoverlege.
        text = before + after.partition("</section>")[2]
        shown[protection] = [
            "Skjulgata 9" in text,
            "Hytta ved vannet" in text,
            "Vefsn" in text,
            "Sperret adresse" in text,
            f"Lund{protection}" in text,
        ]
        for row in house.sentral.contacts.all():
            row.callbacks.all().delete()
            row.delete()
    assert shown["open"] == [True, True, True, False, True]
    assert (
        shown["confidential"] == shown["strictly"] == [False, False, False, True, True]
    )


@pytest.mark.parametrize(
    ("protection", "where"),
    [
        ("open", ("Elvegata 3, Vefsn", "Hytta, Vefsn")),
        ("client", ("Elvegata 3, Vefsn", "Hytta, Vefsn")),
        ("confidential", ("", "")),
        ("strictly", ("", "")),
    ],
)
def test_a_protected_address_is_not_even_handed_to_the_page(house, protection, where):
    patient = make.patient(
        of=house.inner,
        address="Elvegata 3",
        municipality=house.vefsn,
        protection=protection,
    )
    house.contact(patient=patient)
    house.contact(patient=patient, whereabouts="Hytta", municipality=house.vefsn)
    with house.at_work(house.kari):
        found = queries.picture(house.sentral, now=NOW).contacts
    assert tuple(row.who.where for row in found) == where
    assert {row.who.is_protected for row in found} == {where == ("", "")}


def test_a_patient_who_is_elsewhere_is_not_told_to_be_at_home(house):
    patient = make.patient(
        of=house.inner, address="Elvegata 3", municipality=house.vefsn
    )
    house.contact(patient=patient, is_elsewhere=True, municipality=house.alstahaug)
    house.contact(patient=patient, is_elsewhere=True, whereabouts="Kaia")
    with house.at_work(house.kari):
        found = queries.picture(house.sentral, now=NOW).contacts
    assert [row.who.where for row in found] == ["Alstahaug", "Kaia"]


def test_another_sentrals_patients_are_not_there(house):
    other = make.sentral("ANN", of=make.district("fjern", "Fjernt distrikt"))
    far = make.patient(of=other.host_district, family_name="Fjernvik")
    theirs = make.contact(at=other, patient=far, callback_number="90000099")
    outcome(theirs, promised_at=NOW)
    callback(other, contact=theirs, number="90000098")
    make.call(at=other, caller_number="90000097")
    hidden = ("Fjernvik", "90000099", "90000098", "90000097")
    assert [words in page(house.sentral) for words in hidden] == [False] * 4
    assert [words in page(other) for words in hidden] == [True] * 4


def test_row_security_itself_keeps_other_districts_out(house):
    """A contact of the sentral whose district it does not answer for any more."""
    lost = make.district("tapt", "Tapt distrikt")
    patient = make.patient(of=lost, family_name="Tapvik")
    made = make.contact(at=house.sentral, district=lost, patient=patient)
    assert "Tapvik" not in page(house.sentral)
    made.sentral.serves.create(district=lost, valid_from=make.LONG_AGO)
    assert "Tapvik" in page(house.sentral)


def test_made_by_the_owner_of_the_database_row_security_holds_as_well(house, settings):
    settings.SET_WEB_ROLE = False
    make.patient(of=house.inner)
    downtime.signed(house.sentral, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
        cursor.execute("RESET ROLE")
    assert role == "varde_web"


def test_a_closed_contact_is_not_there_but_what_was_promised_is(house):
    fields = {"at": house.sentral, "state": "closed", "closed_at": NOW}
    gone = make.patient(of=house.inner, family_name="Ferdigvik")
    coming = make.patient(of=house.inner, family_name="Kommervik")
    make.contact(patient=gone, **fields)
    made = make.contact(patient=coming, **fields)
    outcome(made, promised_at=NOW + minutes(30), station=house.elv)
    text = page(house.sentral)
    assert "Ferdigvik" not in text
    assert "Kommervik" not in section(text, "Åpne kontakter")
    assert "20.11.2026 19:30 Legevakt elv" in section(text, "Lovet time")
    assert "Kommervik" in section(text, "Lovet time")


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"promised_at": NOW + minutes(1)}, 1),
        ({"promised_at": NOW - minutes(1)}, 1),
        ({"promised_at": None}, 0),
        ({"promised_at": NOW, "arrived_at": NOW}, 0),
        ({"promised_at": NOW, "state": "done"}, 0),
        ({"promised_at": NOW, "state": "cancelled"}, 0),
    ],
)
def test_promised_are_those_who_have_a_time_and_have_not_come(house, fields, count):
    outcome(house.contact(), station=house.elv, **fields)
    text = page(house.sentral)
    assert f"Lovet time på stasjonen ({count})" in text
    is_late = fields["promised_at"] == NOW - minutes(1)
    assert ("ikke møtt" in section(text, "Lovet time")) is is_late


def test_who_is_to_be_rung_back_and_by_when(house):
    callback(house.sentral, number="90000005", about="Svar på prøve")
    callback(house.sentral, number="", kind="missed", due_at=NOW - minutes(1))
    callback(house.sentral, number="90000006", state="reached")
    shown = section(page(house.sentral), "Skal ringes tilbake")
    assert "90000005 20.11.2026 19:05 Ikke satt – Svar på prøve" in shown
    assert "Skjult nummer 20.11.2026 18:59 over fristen" in shown
    assert "90000006" not in shown


def test_a_hand_over_to_113_is_there_from_its_first_second(house):
    kinds = [
        {},
        {"called_at": NOW, "mission_number": "M7"},
        {"acknowledged_at": NOW},
        {"not_needed_at": NOW},
    ]
    rows = [
        AmkHandover.objects.create(
            contact=(made := house.contact()),
            district=made.district,
            sentral=house.sentral,
            started_at=NOW,
            **fields,
        )
        for fields in kinds
    ]
    shown = section(page(house.sentral), "113 uten kvittering")
    assert [str(row.contact_id) in shown.split() for row in rows] == [
        *(True, True),
        *(False, False),
    ]
    assert "ikke ringt" in shown
    assert "oppdrag M7" in shown


def test_calls_that_wait_and_calls_in_hand(house):
    make.call(at=house.sentral, caller_number="90000011")
    make.call(
        at=house.sentral, state="answered", owner=house.ola, answered_at=NOW, line="HP"
    )
    text = page(house.sentral)
    assert "90000011" in section(text, "Ringer nå")
    assert "Ola Moe" in section(text, "I samtale")


def test_who_is_on_duty_and_the_numbers_to_ring(house):
    make.duty(house.doctor, at=house.elv, phone="40000001", is_reachable=False)
    house.sentral.phone = "75000116"
    house.elv.phone = "75000001"
    house.elv.save()
    text = page(house.sentral)
    assert "lege kan ikke nås forvakt Legevakt elv 40000001" in section(text, "På vakt")
    numbers = section(text, "Viktige numre")
    for words in ("113", "75000116", "Legevakt elv 75000001", "Legevakt strand –"):
        assert words in numbers


def test_a_task_is_there_without_its_free_text(house):
    outcome(house.contact(), kind="home_visit", due_at=NOW, note="Nøkkel i postkassa")
    text = page(house.sentral)
    assert "Sykebesøk" in section(text, "Andre åpne oppgaver")
    assert "postkassa" not in text


def test_lines_for_writing_by_hand_are_numbered(house):
    shown = section(page(house.sentral), "Skriv for hånd")
    assert shown.endswith(" ".join(map(str, range(1, downtime.LINES_BY_HAND + 1))))


def test_what_people_wrote_cannot_become_part_of_the_page(house):
    evil = "</style><script>alert(1)</script>\"'&"
    house.sentral.name, house.sentral.code = evil, '"}</style>'
    make.patient(of=house.inner)
    house.contact(patient=make.patient(of=house.inner, family_name=evil))
    text = page(house.sentral)
    assert "alert(1)" in text
    assert text.count("<script>") == text.count("<style>") == 1
    assert text.count("</style>") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Åpne kontakter"), ("nn", "Opne kontaktar"), ("en", "Open contacts")],
)
def test_it_is_in_the_language_of_the_installation(house, settings, language, words):
    settings.LANGUAGE_CODE = language
    text = page(house.sentral)
    assert f'<html lang="{language}">' in text
    assert words in text


def test_it_takes_a_fixed_number_of_queries_and_less_than_a_second(house):
    def fill(count):
        for number in range(count):
            patient = make.patient(of=house.inner, municipality=house.vefsn)
            owner = make.operator(f"op{len(owners)}", at=house.sentral)
            owners.append(owner)
            made = make.contact(at=house.sentral, patient=patient, owner=owner)
            outcome(made, promised_at=NOW, station=house.elv)
            outcome(made, kind="home_visit", owner=owner)
            callback(house.sentral, contact=made, number="90000001")
            AmkHandover.objects.create(
                contact=made,
                district=made.district,
                sentral=house.sentral,
                started_at=NOW,
            )
            make.call(
                at=house.sentral,
                state="answered",
                owner=owner if number % 2 else None,
                contact=made,
            )

    def cost():
        with CaptureQueriesContext(connection) as asked:
            downtime.signed(house.sentral, at=NOW)
        return len(asked)

    owners = []
    fill(2)
    cost()  # what is kept for seconds is there
    few = cost()
    fill(198)
    began = time.process_time()
    cost()  # after these seconds what was kept is read anew
    took = time.process_time() - began
    many = cost()
    assert few == many <= MOST_QUERIES
    assert "Åpne kontakter (200)" in page(house.sentral)
    assert took < 1, f"{took:.2f} s"


# ----------------------------------------------------------------- where it lies


def test_each_minute_every_sentral_gets_its_page(house, home):
    make.sentral("ANN", of=house.outer)
    jobs.take_snapshots(0)
    for code in ("HEL", "ANN"):
        folder = home / "downtime" / code
        files = sorted(folder.iterdir())
        assert len(files) == 2
        assert files[-1].name == "latest.html"
        modes = {stat.S_IMODE(file.stat().st_mode) for file in files}
        assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)
        assert f"Sentral {code}" in files[-1].read_text()


def test_the_jobs_make_one_each_minute_and_never_two_in_a_row_of_waiting():
    (periodic,) = [
        one
        for one in jobs.app.periodic_registry.periodic_tasks.values()
        if one.task.name == "sentral.take_snapshots"
    ]
    assert periodic.cron == "* * * * *"
    assert periodic.task.queueing_lock == periodic.task.lock == "snapshots"


def test_one_that_fails_is_logged_by_id_and_does_not_stop_the_next(
    house, home, monkeypatch, caplog
):
    patient = make.patient(of=house.inner, family_name="Hemmelig")
    house.contact(patient=patient)
    other = make.sentral("ANN", of=house.outer)
    drawn = queries.picture

    def picture(sentral, *, now):
        if sentral == house.sentral:
            raise ValueError("Hemmelig")
        return drawn(sentral, now=now)

    monkeypatch.setattr(downtime.queries, "picture", picture)
    assert downtime.take_all(at=NOW) == 1
    assert (home / "downtime" / "ANN" / "latest.html").exists()
    assert not (home / "downtime" / "HEL").exists()
    assert f"sentral {house.sentral.pk} was not made: ValueError" in caplog.text
    assert "Hemmelig" not in caplog.text
    monkeypatch.undo()
    assert downtime.take_all(at=NOW + minutes(1)) == 2
    assert other.pk != house.sentral.pk


def test_a_fault_in_the_database_is_over_by_the_next_minute(house, monkeypatch):
    def broken(sentral, *, now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")

    monkeypatch.setattr(downtime.queries, "picture", broken)
    assert downtime.take_all(at=NOW) == 0
    monkeypatch.undo()
    assert downtime.take_all(at=NOW) == 1


def test_on_a_full_disk_the_last_whole_page_stays(house, home, monkeypatch, caplog):
    downtime.take_all(at=NOW)
    newest = home / "downtime" / "HEL" / "latest.html"
    before = newest.read_bytes()

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshot_folder.os, "fsync", full)
    assert downtime.take_all(at=NOW + minutes(1)) == 0
    assert newest.read_bytes() == before
    assert not [name for name in os.listdir(newest.parent) if name.startswith(".")]
    assert f"OSError {errno.ENOSPC}" in caplog.text


KILLED_HALF_WAY = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from varde.apps.records import snapshot_folder as module

def write_half_and_die(handle):
    os.ftruncate(handle, 4)
    os.kill(os.getpid(), signal.SIGKILL)

module.os.fsync = write_half_and_die
folder = module.SnapshotFolder(path=Path(sys.argv[1]), keep=3, keep_for=timedelta(hours=1))
folder.store(b"ny side", at=datetime.now(UTC))
"""


def test_killed_half_way_it_leaves_the_last_whole_page_and_later_no_trace(house, home):
    downtime.take_all(at=timezone.now())
    newest = home / "downtime" / "HEL" / "latest.html"
    before = newest.read_bytes()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_HALF_WAY, str(newest.parent)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert newest.read_bytes() == before
    assert run("verify-snapshot", str(newest))[0] == 0
    (half,) = newest.parent.glob(".*")
    assert (half.read_bytes(), stat.S_IMODE(half.stat().st_mode)) == (b"ny s", 0o600)
    downtime.take_all(at=timezone.now() + minutes(3))
    assert not half.exists()


def test_a_named_folder_that_is_not_there_is_not_made(house, home, settings, caplog):
    settings.SNAPSHOT_DIR = home / "kryptert"
    assert downtime.take_all(at=NOW) == 0
    assert "FileNotFoundError" in caplog.text
    settings.SNAPSHOT_DIR.mkdir()
    assert downtime.take_all(at=NOW) == 1
    assert (home / "kryptert" / "HEL" / "latest.html").exists()
    assert not (home / "downtime").exists()


# ------------------------------------------------------------------- the commands


def run(*words, **more):
    """Exit code, what was said, and what was said on the error stream."""
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(*words, stdout=out, stderr=err, **more)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def test_one_made_by_hand_is_whole_and_its_making_is_logged(house, home):
    file = home / "tavla.html"
    code, said, _ = run("snapshot", "--sentral", "HEL", "--out", str(file))
    assert (code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    assert downtime.own_fingerprint() in said
    assert AuditEntry.objects.filter(what="snapshot", row_id=house.sentral.pk).exists()
    code, said, _ = run("verify-snapshot", str(file))
    assert code == 0
    assert "is whole" in said
    assert "It was taken 20" in said


def test_without_a_name_it_goes_where_the_jobs_put_theirs(house, home):
    code, said, _ = run("snapshot", "--sentral", "HEL")
    newest = home / "downtime" / "HEL" / "latest.html"
    assert code == 0
    assert said.startswith(f"{newest}\n")
    assert run("verify-snapshot", str(newest))[0] == 0


def test_a_file_that_exists_is_not_written_over(house, home):
    file = home / "mitt.html"
    file.write_text("mitt")
    code, _, told = run("snapshot", "--sentral", "HEL", "--out", str(file))
    assert (code, file.read_text()) == (2, "mitt")
    assert "Nothing was written" in told
    assert not AuditEntry.objects.filter(what="snapshot").exists()


def test_a_folder_that_is_not_there_and_a_sentral_that_is_not_there_end_with_2(
    house, home
):
    code, _, told = run("snapshot", "--sentral", "HEL", "--out", str(home / "x" / "y"))
    assert (code, "was not written" in told) == (2, True)
    code, _, told = run("snapshot", "--sentral", "XYZ")
    assert (code, "Known: HEL" in told) == (2, True)


def test_a_changed_page_ends_with_1(house, home):
    file = home / "tavla.html"
    file.write_bytes(downtime.signed(house.sentral, at=NOW).replace(b"113", b"114", 1))
    code, said, _ = run("verify-snapshot", str(file))
    assert code == 1
    assert "is changed" in said


def test_a_page_signed_by_another_ends_with_2_unless_that_key_is_named(
    house, home, settings
):
    file = home / "tavla.html"
    settings.SNAPSHOT_KEY = bytes(32)
    file.write_bytes(downtime.signed(house.sentral, at=NOW))
    theirs = downtime.own_fingerprint()
    settings.SNAPSHOT_KEY = bytes(range(32))
    code, said, _ = run("verify-snapshot", str(file))
    assert (code, theirs in said) == (2, True)
    typed = theirs.replace(" ", "").upper()
    assert run("verify-snapshot", str(file), "--fingerprint", typed)[0] == 0


def test_a_file_that_cannot_be_read_ends_with_3(home):
    code, _, told = run("verify-snapshot", str(home / "borte.html"))
    assert (code, "cannot be read" in told) == (3, True)


def test_the_page_says_who_signed_it_and_when_it_was_taken(house, settings):
    settings.PUBLIC_ADDRESS = "https://varde.example.no"
    text = page(house.sentral)
    mine = signed_page.fingerprint(signed_page.signing_key(settings.SNAPSHOT_KEY))
    assert f'<meta name="varde-key" content="{mine}">' in text
    assert '<meta name="varde-taken" content="2026-11-20T19:00:00+01:00">' in text
    assert "https://varde.example.no" in text


# ------------------------------------------------------------- the surroundings


def test_the_key_is_made_once_and_kept(tmp_path):
    home = {"VARDE_HOME": str(tmp_path / "ny")}
    first = env.read(home).snapshot_key
    assert len(first) == 32
    assert env.read(home).snapshot_key == first
    assert repr(first) not in repr(env.read(home))
    other = env.read({"VARDE_HOME": str(tmp_path / "annen")})
    assert other.snapshot_key != first


@pytest.mark.parametrize("text", ["", "kort", "æøå", "A" * 44])
def test_a_key_that_is_no_key_stops_the_start(tmp_path, text):
    env.read({"VARDE_HOME": str(tmp_path)})
    file = tmp_path / "secrets.json"
    made = env.json.loads(file.read_text()) | {"snapshot_key": text}
    file.write_text(env.json.dumps(made))
    with pytest.raises(
        ImproperlyConfigured, match=r"snapshot_key in .* is not 32 bytes"
    ):
        env.read({"VARDE_HOME": str(tmp_path)})


def test_where_how_many_and_how_long_are_the_surroundings_to_say(tmp_path):
    home = {"VARDE_HOME": str(tmp_path)}
    found = env.read(home)
    assert (found.snapshot_dir, found.snapshot_keep, found.snapshot_keep_h) == (
        *(None, 60),
        24,
    )
    named = env.read(
        home
        | {
            "VARDE_SNAPSHOT_DIR": str(tmp_path / "k"),
            "VARDE_SNAPSHOT_KEEP": "5",
            "VARDE_SNAPSHOT_KEEP_HOURS": "2",
        }
    )
    assert (named.snapshot_dir, named.snapshot_keep, named.snapshot_keep_h) == (
        *(tmp_path / "k", 5),
        2,
    )
    with pytest.raises(ImproperlyConfigured, match="a whole path"):
        env.read(home | {"VARDE_SNAPSHOT_DIR": "k"})
    with pytest.raises(ImproperlyConfigured, match="how many snapshots to keep"):
        env.read(home | {"VARDE_SNAPSHOT_KEEP": "mange"})


# ------------------------------------------------------------------ doctor's round


def at_work(*, is_so=True):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        if is_so:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())"
            )


def told(what="nedetid HEL"):
    found = {finding.what: finding for finding in health_round.examine()}
    return found[what]


@pytest.mark.parametrize(
    ("age_s", "state"), [(0, State.WELL), (170, State.WELL), (190, State.LOOK)]
)
def test_the_round_warns_when_the_newest_is_older_than_three_minutes(
    house, home, age_s, state
):
    at_work()
    downtime.take_all(at=timezone.now())
    newest = home / "downtime" / "HEL" / "latest.html"
    then = time.time() - age_s
    os.utime(newest, (then, then))
    assert told().state is state


def test_the_round_says_when_none_was_made(house):
    at_work()
    assert told().state is State.LOOK
    assert "ingen side er laget" in told().words


def test_while_no_jobs_run_an_old_page_is_no_fault(house):
    at_work(is_so=False)
    assert told().state is State.WELL
    assert "jobbene går ikke" in told().words


def test_the_round_finds_a_page_that_others_can_read(house, home):
    downtime.take_all(at=timezone.now())
    (home / "downtime" / "HEL" / "latest.html").chmod(0o640)
    assert told().state is State.WRONG
    assert "chmod" in told().words


def test_a_folder_that_the_round_may_not_read_does_not_stop_it(house, monkeypatch):
    def refused(_folder):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(snapshot_folder.SnapshotFolder, "newest_at", refused)
    assert told().state is State.WRONG
    assert "kan ikke leses" in told().words


def test_the_round_finds_a_full_disk_and_one_that_is_not_there(
    house, home, settings, monkeypatch
):
    settings.SNAPSHOT_DIR = home / "kryptert"
    assert told("disk nedetid").state is State.WRONG
    settings.SNAPSHOT_DIR.mkdir()
    usage = health_round.shutil.disk_usage(home)
    monkeypatch.setattr(
        health_round.shutil,
        "disk_usage",
        lambda path: usage._replace(
            free=0 if path == settings.SNAPSHOT_DIR else usage.total
        ),
    )
    assert told("disk nedetid").state is State.LOOK
    assert told("disk").state is State.WELL
