"""The log: sealed at commit, and `varde verify-log` finds what was done to it."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from tests import make
from varde.apps.records import audit, log_check
from varde.apps.records.log_check import Wrong
from varde.apps.records.models import AuditChain, AuditEntry


pytestmark = pytest.mark.django_db(transaction=True)

MANY = 100_000


def write(number=1, **values):
    """Entries, each in a transaction of its own."""
    for at in range(number):
        audit.log(what=f"act {at}", by=None, **values)


def run(*arguments):
    """The command's exit code, its answer and what it says on the error stream."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("verify-log", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


def found():
    """What is wrong, as pairs of kind and entry."""
    return {(f.wrong, f.entry_id) for f in log_check.check().faults}


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def chain():
    """Ids of the entries of the longest chain, from its first place to its last."""
    write(60)
    longest = AuditChain.objects.order_by("-seq").first()
    ids = list(
        AuditEntry.objects.filter(chain=longest.chain)
        .order_by("seq")
        .values_list("pk", flat=True)
    )
    assert len(ids) == longest.seq >= 7
    return ids


def test_a_log_that_nobody_touched_is_whole(chain):
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.startswith("60 entries in ")
    assert out.rstrip().endswith("The log is as it was written.")


def test_an_empty_log_is_whole():
    assert run("--json")[0] == 0


def test_the_figures_come_as_one_object(chain):
    code, out, _ = run("--json")
    answer = json.loads(out)
    assert (code, answer["ok"], answer["entries"], answer["faults"]) == (
        0,
        True,
        60,
        [],
    )
    assert sum(head["seq"] for head in answer["heads"]) == 60
    assert all(len(head["hash"]) == 64 for head in answer["heads"])


@pytest.mark.parametrize(
    "change",
    [
        "what = 'another'",
        "reason = reason || ' '",
        "user_id = 7",
        "patient_id = 7",
        "district_id = 1",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "occurred_at = occurred_at - interval '1 day'",
        """data = '{"a": 1}'""",
    ],
)
def test_a_changed_row_is_found(chain, change):
    sql(f"UPDATE records_auditentry SET {change} WHERE id = %s", chain[3])
    assert found() == {(Wrong.CHANGED, chain[3])}
    code, _, err = run()
    assert code == 1
    assert f"entry {chain[3]} (chain " in err


def test_a_changed_row_with_a_hash_that_fits_breaks_the_next_link(chain):
    sql("UPDATE records_auditentry SET what = 'another' WHERE id = %s", chain[3])
    sql(
        "UPDATE records_auditentry e SET hash ="
        " sha256(prev_hash || convert_to(varde_audit_payload(e), 'UTF8')) WHERE id = %s",
        chain[3],
    )
    assert found() == {(Wrong.LINK, chain[4])}


def test_a_deleted_row_is_found(chain):
    sql("DELETE FROM records_auditentry WHERE id = %s", chain[3])
    assert found() == {(Wrong.HOLE, chain[4])}


def test_a_deleted_first_row_is_found(chain):
    sql("DELETE FROM records_auditentry WHERE id = %s", chain[0])
    assert found() == {(Wrong.HOLE, chain[1])}


def test_a_deleted_tail_is_found(chain):
    sql("DELETE FROM records_auditentry WHERE id = ANY(%s)", chain[-2:])
    (fault,) = log_check.check().faults
    assert (fault.wrong, fault.entry_id, fault.missing) == (Wrong.HEAD, chain[-3], 2)
    assert "2 entries are missing at the end" in run()[2]


def test_a_deleted_chain_is_found(chain):
    sql("DELETE FROM records_auditentry WHERE id = ANY(%s)", chain)
    (fault,) = log_check.check().faults
    assert (fault.wrong, fault.entry_id) == (Wrong.HEAD, None)
    assert fault.missing == len(chain)


def test_a_deleted_head_is_found(chain):
    number = AuditEntry.objects.get(pk=chain[0]).chain
    sql("DELETE FROM records_auditchain WHERE chain = %s", number)
    assert found() == {(Wrong.HEAD, chain[-1])}


def test_two_rows_that_changed_places_are_found(chain):
    one, other = chain[2], chain[5]
    sql("ALTER TABLE records_auditentry DROP CONSTRAINT one_link_a_place")
    try:
        sql(
            "UPDATE records_auditentry e SET seq = o.seq, prev_hash = o.prev_hash,"
            " hash = o.hash FROM records_auditentry o"
            " WHERE (e.id, o.id) IN ((%s, %s), (%s, %s))",
            one, other, other, one,
        )  # fmt: skip
    finally:
        sql(
            "ALTER TABLE records_auditentry ADD CONSTRAINT one_link_a_place"
            " UNIQUE (chain, seq)"
        )
    assert found() == {(Wrong.CHANGED, one), (Wrong.CHANGED, other)}


def test_a_row_that_was_slipped_in_without_a_seal_is_found(chain):
    sql("ALTER TABLE records_auditentry DISABLE TRIGGER varde_seal")
    try:
        write(1)
    finally:
        sql("ALTER TABLE records_auditentry ENABLE TRIGGER varde_seal")
    slipped = AuditEntry.objects.order_by("-pk").first()
    assert found() == {(Wrong.UNSEALED, slipped.pk)}


def test_a_function_of_the_database_that_lies_does_not_help_the_liar(chain):
    """The check computes by itself; it does not ask the database's own function."""
    sql("UPDATE records_auditentry SET what = 'another' WHERE id = %s", chain[3])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_functiondef('varde_audit_payload(records_auditentry)'::regprocedure)"
        )
        (honest,) = cursor.fetchone()
    sql(
        "CREATE OR REPLACE FUNCTION varde_audit_payload(entry records_auditentry)"
        " RETURNS text LANGUAGE sql AS $$ SELECT ''::text $$"
    )
    try:
        assert found() == {(Wrong.CHANGED, chain[3])}
    finally:
        sql(honest)


def test_the_check_computes_what_the_seal_computes(chain):
    write(1, data={"æøå": [1.5, None, "—"]}, reason="Grunn «æ»", purpose="BTG")
    with connection.cursor() as cursor:
        cursor.execute("SET timezone TO 'Asia/Tokyo'")
        cursor.execute(
            "SELECT bool_and(hash ="
            " sha256(prev_hash || convert_to(varde_audit_payload(e), 'UTF8')))"
            " FROM records_auditentry e"
        )
        assert cursor.fetchone() == (True,)
        assert log_check.check().is_whole
        cursor.execute("RESET timezone")


def test_faults_beyond_the_first_hundred_are_counted(chain):
    write(100)
    sql("UPDATE records_auditentry SET what = 'another'")
    verdict = log_check.check()
    assert (verdict.fault_count, len(verdict.faults)) == (160, 100)
    assert "and 60 more" in run()[2]


# ------------------------------------------------------------------------- anchor


def test_a_log_that_grew_agrees_with_its_anchor(chain, tmp_path):
    file = tmp_path / "anchor.json"
    assert run("--anchor", str(file))[0] == 0
    write(20)
    assert run("--against", str(file))[0] == 0


def test_a_chain_written_anew_is_found_by_the_anchor_only(chain, tmp_path):
    file = tmp_path / "anchor.json"
    run("--anchor", str(file))
    number = AuditEntry.objects.get(pk=chain[0]).chain
    sql("UPDATE records_auditentry SET what = 'another' WHERE id = %s", chain[3])
    rewrite(number)
    assert run()[0] == 0  # looks right by itself
    code, _, err = run("--against", str(file))
    assert code == 1
    assert f"chain {number} is not the one that was anchored" in err


def test_a_log_cut_off_behind_its_anchor_is_found(chain, tmp_path):
    file = tmp_path / "anchor.json"
    run("--anchor", str(file))
    number = AuditEntry.objects.get(pk=chain[0]).chain
    sql("DELETE FROM records_auditentry WHERE id = ANY(%s)", chain[-2:])
    rewrite(number)
    assert run()[0] == 0
    assert run("--against", str(file))[0] == 1


def test_no_anchor_is_written_of_a_log_that_is_not_whole(chain, tmp_path):
    file = tmp_path / "anchor.json"
    sql("DELETE FROM records_auditentry WHERE id = %s", chain[3])
    code, _, err = run("--anchor", str(file))
    assert (code, file.exists()) == (1, False)
    assert "was not written" in err


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"varde_log_anchor": 2, "heads": []}',
        '{"varde_log_anchor": 1, "heads": [{"chain": 1, "seq": 1, "hash": "xyz"}]}',
    ],
)
def test_another_file_is_no_anchor(tmp_path, text):
    file = tmp_path / "other.json"
    file.write_text(text)
    code, out, err = run("--against", str(file))
    assert (code, out) == (2, "")
    assert "is not an anchor of the log" in err


def test_a_missing_anchor_is_said(tmp_path):
    code, _, err = run("--against", str(tmp_path / "none.json"))
    assert code == 2
    assert "none.json" in err


def rewrite(number):
    """Do what the owner of the database could: compute the whole chain again."""
    sql(
        """
        DO $$
        DECLARE before bytea := '\\x'; spot bigint := 0; one records_auditentry;
        BEGIN
          FOR one IN SELECT * FROM records_auditentry WHERE chain = """
        + str(int(number))
        + """ ORDER BY seq LOOP
            spot := spot + 1;
            UPDATE records_auditentry SET seq = spot, prev_hash = before,
              hash = sha256(before || convert_to(varde_audit_payload(one), 'UTF8'))
              WHERE id = one.id RETURNING hash INTO before;
          END LOOP;
          UPDATE records_auditchain SET seq = spot, hash = before WHERE chain = """
        + str(int(number))
        + """;
        END $$"""
    )


# --------------------------------------------------------------- while others write


def test_what_is_rolled_back_leaves_no_hole(chain):
    with transaction.atomic():
        write(5)
        transaction.set_rollback(True)
    write(5)
    assert log_check.check().is_whole
    assert AuditEntry.objects.count() == 65


def test_many_threads_write_at_once_and_all_is_sealed():
    """Each transaction seals one chain only, so none waits for another in a circle."""

    def work(number):
        try:
            for _ in range(15):
                with transaction.atomic():
                    write(3)
            return number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(work, range(8))) == list(range(8))
    verdict = log_check.check()
    assert (verdict.entries, verdict.is_whole) == (8 * 15 * 3, True)
    assert sum(head.seq for head in verdict.heads) == verdict.entries


def test_the_check_sees_one_moment_while_others_write():
    stop = threading.Event()

    def work():
        try:
            while not stop.is_set():
                write(2)
        finally:
            connection.close()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for _ in range(25):
            verdict = log_check.check()
            assert verdict.is_whole
            assert verdict.entries == sum(head.seq for head in verdict.heads)
    finally:
        stop.set()
        writer.join()


def test_a_hundred_thousand_entries_are_checked_in_seconds(capsys):
    make.district()
    sql(
        'INSERT INTO records_auditentry (district_id, kind, what, "table", patient_id,'
        " contact_id, data, role, place, purpose, reason, occurred_at, recorded_at)"
        " SELECT 1, 'change', 'update', 'records_contact', n %% 900, n,"
        " jsonb_build_object('narrative', jsonb_build_array('', repeat('x', n %% 200))),"
        " '', '', '', '', now(), now() FROM generate_series(1, %s) n",
        MANY,
    )
    began = time.perf_counter()
    verdict = log_check.check()
    took_s = time.perf_counter() - began
    with capsys.disabled():
        print(f"\nverify-log: {MANY} entries in {took_s:.2f} s")
    assert (verdict.entries, verdict.is_whole) == (MANY, True)
    assert took_s < 60
