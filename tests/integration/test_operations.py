"""Running it: start and stop, what dies and comes back, health, backup and restore."""

import json
import os
import signal
import stat
import threading
import time
import zipfile
from datetime import UTC, datetime, timedelta
from io import StringIO

import psutil
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from tests import make
from tests.stack import Stack, lives, migrated, varde, wait_for
from varde.apps.records import audit, log_check
from varde.apps.records.models import (
    AuditEntry,
    Contact,
    DatedSetting,
    IndexVersion,
    Patient,
    Sentral,
)
from varde.config import backup, clock, demo_index, door, health_round, starting
from varde.config.health_round import State


# ------------------------------------------------------------------- real processes


@pytest.fixture(scope="module")
def home(tmp_path_factory, shared_folder):
    """A migrated installation with nothing in it."""
    return migrated(tmp_path_factory.mktemp("home"), run=shared_folder)


@pytest.fixture(scope="module")
def stack(home):
    running = Stack(home).start()
    yield running
    running.end()


def test_it_answers_and_tells_how_it_is(stack):
    status, _, text = stack.get("/helse/")
    assert (status, json.loads(text)) == (200, {"status": "ok"})

    def numbers():
        return stack.get("/helse/metrikk")[2]

    wait_for(lambda: "varde_web_processes 2" in numbers(), limit_s=60, what=numbers)
    wait_for(lambda: "varde_live_listening 2" in numbers(), limit_s=60, what=numbers)
    assert "varde_database_bytes" in numbers()


def test_static_files_are_asked_for_again_and_seldom_sent_again(stack):
    status, headers, text = stack.get("/static/web/live.js")
    assert status == 200
    assert "EventSource" in text
    assert headers["content-type"].startswith("text/javascript")
    assert headers["x-content-type-options"] == "nosniff"
    assert "max-age=0" in headers["cache-control"]
    again = stack.get("/static/web/live.js", headers={"If-None-Match": headers["etag"]})
    assert again[0] == 304
    assert stack.get("/static/../secrets.json")[0] == 404


def test_the_web_processes_connect_as_a_role_that_row_security_binds(stack, home):
    server = psycopg.connect(
        host=str(home / "pg"), user="postgres", dbname="varde", autocommit=True
    )
    with server:
        users = {
            row[0]
            for row in server.execute(
                "SELECT usename FROM pg_stat_activity WHERE datname = 'varde'"
                " AND pid <> pg_backend_pid()"
            )
        }
    assert users == {"varde_web"}


def test_a_killed_web_worker_comes_back(stack):
    victim = stack.workers()[0]
    victim.kill()
    wait_for(
        lambda: len([w for w in stack.workers() if w.pid != victim.pid]) == 2,
        limit_s=60,
    )
    stack.wait_until_it_answers(limit_s=60)


@pytest.mark.parametrize("which", ["web", "jobs"])
def test_a_killed_process_is_started_again(which, stack):
    victim = getattr(stack, which)()
    workers = victim.children()
    victim.kill()
    wait_for(
        lambda: (now := getattr(stack, which)()) is not None and now.pid != victim.pid,
        limit_s=60,
    )
    stack.wait_until_it_answers(limit_s=60)
    wait_for(lambda: not any(lives(w.pid) for w in workers), limit_s=60)


def test_a_killed_database_is_started_again(stack):
    victim = stack.postmaster()
    victim.kill()
    wait_for(
        lambda: (now := stack.postmaster()) is not None and now.pid != victim.pid,
        limit_s=60,
        what=stack.tail,
    )
    stack.wait_until_it_answers(limit_s=30)
    wait_for(
        lambda: "varde_live_listening 2" in stack.get("/helse/metrikk")[2],
        limit_s=60,
        what=stack.tail,
    )


def test_one_port_is_not_used_twice(stack, home):
    second = varde(home, "serve", "--port", str(stack.port))
    assert second.returncode == 2
    assert f"Port {stack.port} on 127.0.0.1 cannot be used" in second.stderr
    assert "Nothing was started" in second.stderr


def test_ctrl_c_stops_all_of_it_soon_with_streams_open(stack):
    """Last of those that share the stack: it ends it."""
    # Supervisor, web with two workers, jobs, database.
    wait_for(lambda: len(stack.all_pids()) >= 6, limit_s=60)
    pids = stack.all_pids()
    took = stack.stop(how=signal.SIGINT, limit_s=60)
    assert stack.process.returncode == 0
    assert took < 30  # some seconds where nothing else is at work
    wait_for(lambda: not [p for p in pids if lives(p)], limit_s=30)


def test_without_its_supervisor_nothing_is_left_behind_and_it_starts_again(home):
    first = Stack(home).start()
    try:
        children = [
            c.pid for c in psutil.Process(first.process.pid).children(recursive=True)
        ]
        first.process.kill()
        first.process.wait(30)
        wait_for(lambda: not [p for p in children if lives(p)], limit_s=60)
        second = Stack(home).start()
        pids = second.all_pids()
        second.stop(limit_s=60)
        # The database went with the last one, though the first could not say goodbye.
        wait_for(lambda: not [p for p in pids if lives(p)], limit_s=60)
    finally:
        first.end()


# ------------------------------------------------------------------ before it starts


@pytest.mark.django_db
def test_a_database_that_lacks_migrations_is_not_served(monkeypatch):
    monkeypatch.setattr(starting, "unapplied_migrations", lambda: ["records.0099_x"])
    with pytest.raises(starting.CannotStart) as refusal:
        starting.refuse_unfit(host="127.0.0.1", port=0)
    assert "lacks 1 migration(s), first records.0099_x" in str(refusal.value)
    assert "varde backup" in str(refusal.value)


@pytest.mark.django_db
def test_a_fit_installation_is_not_refused():
    starting.refuse_unfit(host="127.0.0.1", port=0)


def test_an_owner_whom_row_security_does_not_bind_is_not_handed_to_the_web(
    monkeypatch,
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner@db/varde")
    monkeypatch.delenv("VARDE_WEB_DATABASE_URL", raising=False)
    with (
        override_settings(SET_WEB_ROLE=False),
        pytest.raises(starting.CannotStart, match="VARDE_WEB_DATABASE_URL is not set"),
    ):
        starting.web_address()
    with override_settings(SET_WEB_ROLE=True):
        assert starting.web_address() == "postgresql://owner@db/varde"
    monkeypatch.setenv("VARDE_WEB_DATABASE_URL", "postgresql://varde_web@db/varde")
    with override_settings(SET_WEB_ROLE=False):
        found = starting.child_environment(port=9)
    assert found["DATABASE_URL"] == "postgresql://varde_web@db/varde"


def test_static_files_are_collected_only_when_they_changed(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [source]
    assert starting.collect_static()
    assert not starting.collect_static()
    (source / "a.css").write_text("a{color:red}")
    assert starting.collect_static()
    assert (tmp_path / "static" / "a.css").read_text() == "a{color:red}"


# -------------------------------------------------------------------------- metrics


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 403),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer riktig"}, 200),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer galt"}, 403),
        ({"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer "}, 403),
    ],
)
def test_the_numbers_are_for_this_machine_or_for_one_who_knows_the_token(
    headers, status, settings, tmp_path
):
    settings.VARDE_HOME = tmp_path
    settings.METRICS_TOKEN = "riktig"
    assert Client().get("/helse/metrikk", **headers).status_code == status


@pytest.mark.django_db
def test_without_a_token_set_an_empty_one_opens_nothing(settings, tmp_path):
    settings.VARDE_HOME = tmp_path
    settings.METRICS_TOKEN = ""
    headers = {"REMOTE_ADDR": "10.0.0.7", "HTTP_AUTHORIZATION": "Bearer "}
    assert Client().get("/helse/metrikk", **headers).status_code == 403


@pytest.mark.django_db
def test_the_numbers_count_what_waits_and_name_nobody(settings, tmp_path):
    settings.VARDE_HOME = tmp_path
    sentral = make.sentral()
    make.call(at=sentral)
    make.call(at=sentral, owner=make.operator(), state="ringing")
    make.patient(family_name="Hemmelig")
    make.contact(at=sentral)
    text = Client().get("/helse/metrikk").content.decode()
    assert 'varde_calls_ringing{sentral="HEL"} 1' in text
    assert 'varde_contacts_open{sentral="HEL"} 1' in text
    assert 'varde_callbacks_late{sentral="HEL"} 0' in text
    assert "Hemmelig" not in text


def test_the_numbers_of_dead_processes_are_not_counted(settings, tmp_path, db):
    settings.VARDE_HOME = tmp_path
    run = tmp_path / "run"
    run.mkdir()
    (run / f"web-{os.getpid()}.json").write_text('{"web_processes": 1}')
    dead = max(psutil.pids()) + 10_000
    (run / f"web-{dead}.json").write_text('{"web_processes": 1}')
    assert "varde_web_processes 1" in Client().get("/helse/metrikk").content.decode()
    assert not (run / f"web-{dead}.json").exists()


# ---------------------------------------------------------------------- doctor's round


@pytest.mark.django_db
def test_the_round_finds_a_sound_installation_sound(settings, tmp_path):
    settings.VARDE_HOME = tmp_path
    make.settings()
    found = {f.what: f for f in health_round.examine()}
    wrong = [f for f in found.values() if f.state is State.WRONG]
    assert wrong == []
    assert found["radsikring"].state is State.WELL
    assert found["klokke"].state is State.WELL


@pytest.mark.django_db
def test_the_round_finds_what_is_wrong(settings, tmp_path, monkeypatch):
    settings.VARDE_HOME = tmp_path
    settings.DEBUG = True
    make.settings()
    make.sentral()
    secrets = tmp_path / "secrets.json"
    secrets.write_text("{}")
    secrets.chmod(0o644)
    DatedSetting.objects.filter(key="amk.alarm_s").delete()
    monkeypatch.setattr(starting, "unapplied_migrations", lambda: ["records.0099_x"])
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_patient DISABLE ROW LEVEL SECURITY")
    monkeypatch.setattr(
        health_round.timezone,
        "now",
        lambda: datetime.now(UTC) - timedelta(seconds=9),
    )
    wrong = {f.what: f.words for f in health_round.examine() if f.state is State.WRONG}
    assert set(wrong) == {
        "hemmeligheter",
        "feilsøking",
        "migreringer",
        "radsikring",
        "klokke",
        "innstillinger",
        "indeks ind",
    }
    assert "chmod 600" in wrong["hemmeligheter"]
    assert "records_patient" in wrong["radsikring"]
    assert "amk.alarm_s" in wrong["innstillinger"]


@pytest.mark.django_db
def test_an_index_that_is_not_clinically_approved_is_pointed_at(settings, tmp_path):
    settings.VARDE_HOME = tmp_path
    make.user("sjef", roles=["legevaktoverlege"], at=make.district())
    demo_index.take_into_use(make.NOW)
    assert IndexVersion.objects.get().state == "in_use"
    found = {f.what: f for f in health_round.examine()}
    assert found["indeks ind"].state is State.LOOK
    assert "ikke klinisk godkjent" in found["indeks ind"].words


@pytest.mark.django_db
def test_the_command_ends_with_1_when_something_is_wrong(settings, tmp_path):
    settings.VARDE_HOME = tmp_path
    make.sentral()  # no settings, no index
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check", "--json", stdout=out)
    assert end.value.code == 1
    states = {f["what"]: f["state"] for f in json.loads(out.getvalue())["findings"]}
    assert states["innstillinger"] == "wrong"
    assert states["program"] == "well"


@pytest.mark.django_db
def test_djangos_own_check_can_still_be_asked_for():
    out = StringIO()
    call_command("check", "--list-tags", stdout=out)
    assert "security" in out.getvalue()


# --------------------------------------------------------------------------- the clock


@pytest.mark.django_db
def test_each_duty_is_done_for_each_sentral_in_its_own_scope(monkeypatch):
    sentraler = [make.sentral(), make.sentral("BOD", of=make.district("ytre", "Ytre"))]
    for sentral in sentraler:
        make.contact(at=sentral)
    seen = []
    monkeypatch.setattr(clock, "DUTIES", (f"{__name__}.look",))
    monkeypatch.setattr(f"{__name__}.SEEN", seen)
    clock.tick(at=make.NOW)
    assert seen == [{s.host_district_id} for s in sentraler]


@pytest.mark.django_db
def test_a_duty_that_fails_stops_no_other_and_tells_no_secrets(monkeypatch, caplog):
    make.contact(at=make.sentral())
    seen = []
    monkeypatch.setattr(clock, "DUTIES", (f"{__name__}.fail", f"{__name__}.look"))
    monkeypatch.setattr(f"{__name__}.SEEN", seen)
    clock.tick(at=make.NOW)
    assert len(seen) == 1
    assert "RuntimeError" in caplog.text
    assert "Nordmann" not in caplog.text


SEEN = []


def look(*, at):
    SEEN.append(set(Contact.objects.values_list("district_id", flat=True)))


def fail(*, at):
    raise RuntimeError("Ola Nordmann")


@pytest.mark.django_db
def test_the_real_duties_run_in_an_installation_with_nothing_to_do():
    make.settings()
    make.sentral()
    clock.tick(at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_several_clocks_one_ticks_and_another_takes_over(monkeypatch):
    ticks = []
    monkeypatch.setattr(clock, "TICK_S", 0.05)
    monkeypatch.setattr(
        clock, "tick", lambda at: ticks.append(threading.current_thread().ident)
    )
    first, second = clock.Clock(), clock.Clock()
    first.start()
    wait_for(lambda: ticks, limit_s=30)
    second.start()
    time.sleep(0.5)
    assert len(set(ticks)) == 1
    first.stop()
    wait_for(lambda: len(set(ticks)) == 2, limit_s=30)
    second.stop()
    count = len(ticks)
    time.sleep(0.2)
    assert len(ticks) == count


# ------------------------------------------------------------------ backup and restore


@pytest.fixture
def filled(transactional_db):
    """An installation with patients, contacts and a sealed log."""
    make.settings()
    sentral = make.sentral()
    for number in range(5):
        patient = make.patient(
            family_name=f"Ærlig\\{number}", address="linje\nto\tog tab"
        )
        contact = make.contact(
            at=sentral, patient=patient, narrative="«sitat» 'a' \"b\""
        )
        audit.log(
            what="made",
            by=None,
            district_id=sentral.host_district_id,
            contact_id=contact.pk,
            data={"n": number},
        )
    return sentral


def emptied():
    """The same database as a new installation would have it."""
    call_command("flush", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE records_auditchain")


def put_back(file, **options):
    manifest = backup.read(file, **options)
    backup.restore(file, manifest, at=timezone.now())


def whole(table):
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        return cursor.fetchall()


def test_what_was_backed_up_comes_back_as_it_was(filled, tmp_path):
    file = tmp_path / "b.varde"
    tables = [
        "records_patient",
        "records_contact",
        "records_auditentry",
        "records_user",
    ]
    before = {table: whole(table) for table in tables}
    manifest = backup.write(file, at=timezone.now())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert manifest.rows > 100
    emptied()
    assert Contact.objects.count() == 0
    put_back(file)
    after = {table: whole(table) for table in tables}
    # The log goes on with the line that tells of the restore.
    *log, _ = after["records_auditentry"]
    assert before | {"records_auditentry": log} == after | {"records_auditentry": log}
    assert before["records_auditentry"] == log
    assert AuditEntry.objects.latest("pk").what == "restored"
    assert log_check.check().is_whole
    # And work goes on, with numbers that were not used.
    assert make.patient().pk > max(row[0] for row in before["records_patient"])


def test_a_backup_shows_one_moment_while_work_goes_on(filled, tmp_path):
    file = tmp_path / "b.varde"
    server = connection.get_connection_params()
    other = psycopg.connect(
        **{k: server[k] for k in ("dbname", "user", "host") if server.get(k)},
        autocommit=True,
    )

    def work_on(_table, share):
        if share > 0.1:
            other.execute("UPDATE records_patient SET given_name = 'Endret'")
            other.execute("DELETE FROM records_contactevent")

    with other:
        backup.write(file, at=timezone.now(), say=work_on)
    assert set(Patient.objects.values_list("given_name", flat=True)) == {"Endret"}
    with zipfile.ZipFile(file) as archive:
        assert b"Endret" not in archive.read("records_patient.copy")


def test_who_is_logged_in_is_not_in_it(filled, tmp_path):
    file = tmp_path / "b.varde"
    Client().force_login(make.operator())
    backup.write(file, at=timezone.now())
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
    assert "records_user.copy" in names
    assert names.isdisjoint(
        {"django_session.copy", "records_worksession.copy", "secrets.json"}
    )


def test_a_file_that_exists_is_not_written_over(filled, tmp_path):
    file = tmp_path / "b.varde"
    file.write_text("mine")
    with pytest.raises(backup.BackupRefused, match="exists"):
        backup.write(file, at=timezone.now())
    assert file.read_text() == "mine"
    with pytest.raises(backup.BackupRefused, match="no folder"):
        backup.write(tmp_path / "x" / "b.varde", at=timezone.now())


def test_a_backup_that_is_broken_off_leaves_no_file(filled, tmp_path):
    def stop(_table, share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.write(tmp_path / "b.varde", at=timezone.now(), say=stop)
    assert list(tmp_path.iterdir()) == []


def rewritten(file, change):
    """The same backup with one member changed, as somebody would who tampers with it."""
    other = file.with_suffix(".changed")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return other


def _one_letter(name, data):
    if name == "records_patient.copy":
        return data.replace("Ærlig".encode(), "Årlig".encode(), 1)
    return data


def _row_gone(name, data):
    if name == "records_auditentry.copy":
        return b"\n".join(data.split(b"\n")[1:])
    return data


def _manifest_too(name, data):
    if name == "manifest.json":
        return data.replace(b'"rows": 5', b'"rows": 4')
    return data


def _no_signature(name, data):
    return None if name == "manifest.hmac" else data


def _no_table(name, data):
    return None if name == "records_contact.copy" else data


@pytest.mark.parametrize(
    "change", [_one_letter, _row_gone, _manifest_too, _no_signature, _no_table]
)
def test_a_changed_file_is_refused_before_anything_is_written(change, filled, tmp_path):
    file = tmp_path / "b.varde"
    backup.write(file, at=timezone.now())
    changed = rewritten(file, change)
    emptied()
    with pytest.raises(backup.BackupRefused, match="Nothing was put"):
        put_back(changed)
    assert Patient.objects.count() == 0


def test_a_changed_file_that_is_signed_anew_is_refused_too(filled, tmp_path, settings):
    """Somebody with another key: the hashes fit, the signature does not."""
    file = tmp_path / "b.varde"
    with override_settings(SECRET_KEY="another"):
        backup.write(file, at=timezone.now())
    emptied()
    with pytest.raises(backup.BackupRefused, match="not signed with the key"):
        put_back(file)
    put_back(file, is_foreign=True)
    assert Patient.objects.count() == 5


def test_another_version_is_refused_with_its_name(filled, tmp_path, monkeypatch):
    file = tmp_path / "b.varde"
    manifest = backup.write(file, at=timezone.now())
    emptied()
    newer = backup.Manifest(
        **{f: getattr(manifest, f) for f in manifest.__slots__}
        | {"migrations": [*manifest.migrations, "records.0099_later"], "varde": "9.9"}
    )
    with pytest.raises(backup.BackupRefused) as refusal:
        backup.restore(file, newer, at=timezone.now())
    assert "made by Varde 9.9, whose database has records.0099_later" in str(
        refusal.value
    )
    older = backup.Manifest(
        **{f: getattr(manifest, f) for f in manifest.__slots__}
        | {"migrations": manifest.migrations[:-1]}
    )
    with pytest.raises(backup.BackupRefused, match="whose database lacks"):
        backup.restore(file, older, at=timezone.now())
    monkeypatch.setattr(backup, "FORMAT", 2)
    with pytest.raises(backup.BackupRefused, match="has format 1"):
        backup.read(file)
    assert Patient.objects.count() == 0


def test_a_database_that_holds_something_is_left_alone(filled, tmp_path):
    file = tmp_path / "b.varde"
    backup.write(file, at=timezone.now())
    emptied()
    Sentral.objects.all().delete()
    make.patient(family_name="Annen")
    with pytest.raises(backup.BackupRefused, match="not empty"):
        put_back(file)
    assert [p.family_name for p in Patient.objects.all()] == ["Annen"]


def test_if_what_was_put_back_differs_everything_is_undone(
    filled, tmp_path, monkeypatch
):
    file = tmp_path / "b.varde"
    backup.write(file, at=timezone.now())
    emptied()
    right = backup._copy_in

    def losing(cursor, archive, table):
        right(cursor, archive, table)
        if table.name == "records_patient":
            cursor.execute("DELETE FROM records_patient WHERE family_name LIKE '%3'")

    monkeypatch.setattr(backup, "_copy_in", losing)
    with pytest.raises(backup.BackupRefused, match="Everything was undone"):
        put_back(file)
    assert Patient.objects.count() == 0
    assert Sentral.objects.count() == 0


def test_a_log_that_was_changed_before_the_backup_is_said_to_be(filled, tmp_path):
    file = tmp_path / "b.varde"
    AuditEntry.objects.filter(what="made").update(what="unmade")
    backup.write(file, at=timezone.now())
    emptied()
    with pytest.raises(backup.BackupRefused, match="their log has"):
        put_back(file)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", None])
def test_what_is_not_a_backup_is_refused_with_a_sentence(content, tmp_path):
    file = tmp_path / "b.varde"
    if content is None:
        with zipfile.ZipFile(file, "w") as other:
            other.writestr("letter.txt", "hello")
    else:
        file.write_bytes(content)
    with pytest.raises(backup.BackupRefused, match="cannot be read as a backup"):
        backup.read(file)
    with pytest.raises(backup.BackupRefused, match="cannot be read as a backup"):
        backup.read(tmp_path / "none")


def test_the_commands_say_what_they_did_and_end_with_2_when_they_refuse(
    filled, tmp_path
):
    file = tmp_path / "b.varde"
    out, err = StringIO(), StringIO()
    call_command("backup", str(file), "--json", stdout=out, verbosity=0)
    said = json.loads(out.getvalue())
    assert said["file"] == str(file)
    assert said["rows"] > 100
    with pytest.raises(SystemExit) as end:
        call_command("backup", str(file), stderr=err, verbosity=0)
    assert end.value.code == 2
    with pytest.raises(SystemExit) as end:
        call_command("restore", str(file), stderr=err, verbosity=0)
    assert end.value.code == 2
    assert "not empty" in err.getvalue()
    emptied()
    out = StringIO()
    call_command("restore", str(file), stdout=out, verbosity=0)
    assert "er på plass" in out.getvalue()
    assert door.database()["dbname"]
