"""`varde import calls` and `varde indicator answer-time`: real input, and what is told."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from tests.command_line import run, written
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Call, CallBack, TelephonyEvent
from varde.apps.sentral.queries import answer_time
from varde.apps.sentral.services import calls
from varde.apps.sentral.services.call_import import import_calls
from varde.domain import answer_time as domain
from varde.domain.call import CallEvent, EventKind, fold
from varde.domain.errors import BadInput
from varde.engines.telephony.call_log import COLUMNS


pytestmark = pytest.mark.django_db
HEADING = ",".join(COLUMNS)
REAL = (
    Path(__file__).resolve().parents[3]
    / "shared/data/calls/callcentre_1999-02_weeks1-3.csv"
)
A = "a,116117,0,2026-01-02T12:00:00,2026-01-02T12:00:07,2026-01-02T12:05:00,answered,op1"
B = "b,amk,2,2026-01-02T12:30:00,,2026-01-02T12:31:00,abandoned,"
C = "c,116117,0,2026-01-02T13:00:00,,2026-01-02T13:00:01,fault,"


@pytest.fixture(autouse=True)
def sentral():
    make.settings()
    return make.sentral()


@pytest.fixture
def log(tmp_path):
    return lambda *rows, heading=HEADING, name="logg.csv": written(
        tmp_path / name, heading, *rows
    )


def stored():
    return list(Call.objects.order_by("external_id").values())


# ---------------------------------------------------------------- import


def test_a_log_is_taken_in_and_told_of_as_one_object(capsys, log):
    status, out, err = run(
        capsys, "import", "calls", log(A, B, C), "--sentral", "HEL", "--json"
    )
    told = json.loads(out)
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == 1
    assert len(told.pop("sha256")) == 64
    assert told == {
        "sentral": "HEL",
        "rows": 3,
        "new": 3,
        "unchanged": 0,
        "calls": 2,
        "answered": 1,
        "abandoned": 1,
        "faults": 1,
        "first_ringing_at": "2026-01-02T11:00:00+00:00",
        "last_ringing_at": "2026-01-02T12:00:00+00:00",
    }


def test_each_row_becomes_the_call_that_its_events_would_have_folded_to(capsys, log):
    run(capsys, "import", "calls", log(A, B, C), "--sentral", "HEL")
    for call in Call.objects.all():
        last = EventKind.FAULT if call.state == "fault" else EventKind.ENDED
        moments = {
            EventKind.RINGING: call.ringing_at,
            EventKind.ANSWERED: call.answered_at,
            last: call.ended_at,
        }
        state = fold(
            CallEvent(event_id=kind, kind=kind, occurred_at=at)
            for kind, at in moments.items()
            if at is not None
        )
        assert (call.state, call.answered_at) == (state.state.value, state.answered_at)
        assert call.abandoned_at == state.abandoned_at
        # A fault is over too: its end is kept, though it is no call.
        assert call.ended_at == (state.ended_at or moments[last])
        assert call.source == "import"


def test_again_it_changes_nothing(capsys, log):
    file = log(A, B, C)
    run(capsys, "import", "calls", file, "--sentral", "HEL")
    before = stored()
    status, out, _ = run(capsys, "import", "calls", file, "--sentral", "HEL", "--json")
    told = json.loads(out)
    assert (status, told["new"], told["unchanged"]) == (0, 0, 3)
    assert stored() == before


def test_a_longer_log_adds_what_is_new(capsys, log):
    run(capsys, "import", "calls", log(A), "--sentral", "HEL")
    status, out, _ = run(capsys, "import", "calls", log(A, B), "--sentral", "HEL")
    assert status == 0
    assert out.splitlines() == [
        "2 rows from 2026-01-02 12:00 to 2026-01-02 12:30: 1 new, 1 known already.",
        "2 calls (1 answered, 1 abandoned) and 0 faults.",
    ]


def test_the_same_line_twice_is_one_call(capsys, log):
    status, out, _ = run(
        capsys, "import", "calls", log(A, A, A), "--sentral", "HEL", "--json"
    )
    told = json.loads(out)
    assert (status, told["rows"], told["new"], told["answered"]) == (0, 3, 1, 1)


def test_a_call_that_stands_twice_with_another_story_stops_the_import(capsys, log):
    other = A.replace("12:05:00", "12:06:00")
    status, out, err = run(
        capsys, "import", "calls", log(A, B, other), "--sentral", "HEL", "--json"
    )
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        (
            "logg.csv, line 4, column 'ended_at': the call 'a' stands in line 2 with another "
            "value (first what this line says, then the other)."
        ),
        "Found: '2026-01-02T12:06:00+01:00', '2026-01-02T12:05:00+01:00'.",
        "Nothing was changed. Keep the line that is right, and import the file again.",
    ]
    assert stored() == []


def test_a_call_that_is_stored_otherwise_stops_the_import(capsys, log):
    run(capsys, "import", "calls", log(A, B), "--sentral", "HEL")
    before = stored()
    later = B.replace("amk,2", "amk,1")
    status, out, err = run(
        capsys, "import", "calls", log(C, later, A), "--sentral", "HEL"
    )
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        (
            "logg.csv, line 3, column 'priority': the call 'b' is stored with another value "
            "(first what this line says, then the other)."
        ),
        "Found: '1', '2'.",
        (
            "Nothing was changed. What is stored is not overwritten: correct the line, or "
            "take it out, and import the file again."
        ),
    ]
    assert stored() == before


def test_a_call_that_came_from_the_exchange_is_known_when_its_log_comes(capsys, log):
    story = [(EventKind.RINGING, 0), (EventKind.ANSWERED, 7), (EventKind.ENDED, 300)]
    rang = datetime(2026, 1, 2, 11, 0, tzinfo=UTC)
    for kind, second in story:
        calls.ingest(
            sentral=make.sentral(),
            event=calls.TelephonyMessage(
                event_id=kind,
                call_id="a",
                kind=kind,
                occurred_at=rang + timedelta(seconds=second),
                line="116117",
                operator="op1" if kind is EventKind.ANSWERED else "",
            ),
            at=rang,
        )
    status, out, _ = run(
        capsys, "import", "calls", log(A), "--sentral", "HEL", "--json"
    )
    assert (status, json.loads(out)["unchanged"]) == (0, 1)


def test_a_wrong_line_at_the_end_takes_back_all_before_it(capsys, log):
    rows = [A.replace("a,", f"a{number},", 1) for number in range(500)]
    status, _, err = run(
        capsys,
        "import",
        "calls",
        log(*rows, A.replace("answered", "lost")),
        "--sentral",
        "HEL",
    )
    assert status == 2
    assert err.splitlines()[0] == (
        "logg.csv, line 502, column 'outcome': is not an outcome that we know."
    )
    assert stored() == []
    assert not AuditEntry.objects.filter(what="calls_imported").exists()


def test_a_file_that_is_not_there_is_refused(capsys, tmp_path):
    status, out, err = run(
        capsys, "import", "calls", tmp_path / "nei.csv", "--sentral", "HEL"
    )
    assert (status, out) == (2, "")
    assert err.splitlines() == [
        f"{tmp_path / 'nei.csv'}: cannot be read (No such file or directory).",
        "Nothing was changed. Name a file that you may read.",
    ]


def test_an_unknown_sentral_is_told_which_there_are(capsys, log):
    make.sentral("NAB", of=make.district("nord", "Nord"))
    for command in (
        ["import", "calls", log(A), "--sentral", "XXX"],
        [
            "indicator",
            "answer-time",
            "--sentral",
            "XXX",
            "--from",
            "2026-01-01",
            "--to",
            "2026-02-01",
        ],
    ):
        status, out, err = run(capsys, *command)
        assert (status, out) == (2, "")
        assert err.splitlines() == [
            "No sentral has the code 'XXX'. Known: HEL, NAB.",
            "Nothing was changed. Name one of them with --sentral.",
        ]


def test_the_import_is_one_act_in_the_log(capsys, log):
    AuditEntry.objects.all().delete()
    run(capsys, "import", "calls", log(A, B, C), "--sentral", "HEL")
    entry = AuditEntry.objects.get(what="calls_imported")
    sha256 = entry.data.pop("sha256")
    assert (entry.kind, entry.district, entry.place) == (
        "act",
        make.sentral().host_district,
        "HEL",
    )
    assert entry.data == {"rows": 3, "new": 3, "unchanged": 0, "calls": 2, "faults": 1}
    assert len(sha256) == 64
    assert AuditEntry.objects.count() == 1


def test_if_the_act_cannot_be_logged_nothing_is_imported(log, monkeypatch):
    def no_disk(**_):
        raise OSError("no disk")

    monkeypatch.setattr(audit, "log", no_disk)
    with log(A).open("rb") as lines, pytest.raises(OSError, match="no disk"):
        import_calls(sentral=make.sentral(), lines=lines, file="x", at=make.NOW)
    assert stored() == []


def test_history_is_not_put_on_the_list_to_ring_back(capsys, log):
    run(capsys, "import", "calls", log(A, B), "--sentral", "HEL")
    assert not CallBack.objects.exists()
    assert not TelephonyEvent.objects.exists()


def test_two_sentraler_may_have_calls_of_the_same_name(capsys, log):
    make.sentral("NAB", of=make.district("nord", "Nord"))
    for code in ("HEL", "NAB"):
        assert run(capsys, "import", "calls", log(A), "--sentral", code)[0] == 0
    assert {call.district.code for call in Call.objects.all()} == {"ind", "nord"}


@pytest.mark.django_db(transaction=True)
def test_on_the_command_line_only_the_answer_is_on_standard_output(log):
    """As a person runs it: a process of its own."""
    own = connection.settings_dict
    address = f"postgresql://{own['USER']}@/{own['NAME']}?host={own['HOST']}"
    varde = Path(sys.executable).with_name("varde")
    printed = []
    for command in (
        ["import", "calls", log(A, B), "--sentral", "HEL", "--json"],
        ["indicator", "answer-time", "--sentral", "HEL", "--from", "2026-01-02"],
        ["import", "calls", log(A, "x", name="feil.csv"), "--sentral", "HEL"],
    ):
        more = ["--to", "2026-01-03", "--json"] if command[0] == "indicator" else []
        done = subprocess.run(
            [varde, *command, *more],
            env=os.environ | {"DATABASE_URL": address},
            capture_output=True,
            text=True,
            check=False,
        )
        printed.append((done.returncode, done.stdout, done.stderr))
    (imported, figures, refused) = printed
    assert (imported[0], json.loads(imported[1])["new"]) == (0, 2)
    assert "calls" in imported[2]
    assert (figures[0], json.loads(figures[1])["calls"], figures[2]) == (0, 2, "")
    assert refused[:2] == (2, "")
    assert "feil.csv, line 3: has 1 fields, and the heading has 8." in refused[2]


# ---------------------------------------------------------------- indicator


def indicator(capsys, first, until, *more):
    return run(
        capsys,
        *("indicator", "answer-time", "--sentral", "HEL"),
        *("--from", first, "--to", until, *more),
    )


def test_the_figures_are_one_object_and_nothing_else(capsys, log):
    run(capsys, "import", "calls", log(A, B, C), "--sentral", "HEL")
    status, out, err = indicator(capsys, "2026-01-02", "2026-01-03", "--json")
    assert (status, err) == (0, "")
    assert json.loads(out) == {
        "calls": 2,
        "answered": 1,
        "unanswered": 1,
        "share_2min": 0.5,
        "share_10min": 0.5,
        "median_s": 7,
    }


def test_without_calls_the_shares_are_unknown_and_not_zero(capsys):
    _, out, _ = indicator(capsys, "2026-01-02", "2026-01-03", "--json")
    assert json.loads(out) == {
        "calls": 0,
        "answered": 0,
        "unanswered": 0,
        "share_2min": None,
        "share_10min": None,
        "median_s": None,
    }


def test_for_a_person_the_figures_are_a_line_each(capsys, log):
    run(capsys, "import", "calls", log(A, B, C), "--sentral", "HEL")
    _, out, _ = indicator(capsys, "2026-01-02", "2026-01-03")
    assert out.splitlines()[:2] == ["calls       2", "answered    1"]


@pytest.mark.parametrize(
    ("first", "until", "line"),
    [
        ("2026-01-02", "2026-01-02", "--to 2026-01-02 is not after --from 2026-01-02"),
        ("2026-02-30", "2026-03-01", "--from is '2026-02-30', which is not a date."),
        ("2026-02-01", "i dag", "--to is 'i dag', which is not a date."),
    ],
)
def test_a_period_that_is_none_is_refused(capsys, first, until, line):
    status, out, err = indicator(capsys, first, until, "--json")
    assert (status, out) == (2, "")
    assert err.startswith(line)


@pytest.mark.parametrize(
    ("first", "until", "calls_found"),
    [
        ("2026-01-02", "2026-01-03", 2),
        ("2026-01-01", "2026-01-02", 1),
        ("2026-01-03", "2026-01-04", 0),
    ],
)
def test_days_are_by_the_clock_in_norway(capsys, log, first, until, calls_found):
    """Half past twelve at night in Oslo is the day before in UTC."""
    rows = [
        "a,,0,2026-01-02T00:00:00,,,abandoned,",
        "b,,0,2026-01-02T23:59:59.999999,,,abandoned,",
        "c,,0,2026-01-01T22:59:59Z,,,abandoned,",
    ]
    run(capsys, "import", "calls", log(*rows), "--sentral", "HEL")
    _, out, _ = indicator(capsys, first, until, "--json")
    assert json.loads(out)["calls"] == calls_found


@pytest.mark.skipif(
    not REAL.exists(),
    reason="needs ../shared/data/calls/callcentre_1999-02_weeks1-3.csv beside the checkout",
)
def test_a_real_telephone_centres_log_gives_the_figures_that_are_known(capsys):
    status, out, _ = run(capsys, "import", "calls", REAL, "--sentral", "HEL", "--json")
    told = json.loads(out)
    assert (status, told["rows"], told["calls"]) == (0, 25889, 25669)
    _, out, _ = indicator(capsys, "1999-02-01", "1999-02-22", "--json")
    assert json.loads(out) == {
        "calls": 25669,
        "answered": 20899,
        "unanswered": 4770,
        "share_2min": 0.7271,
        "share_10min": 0.8140,
        "median_s": 6,
    }
    _, out, _ = run(capsys, "import", "calls", REAL, "--sentral", "HEL", "--json")
    assert json.loads(out)["new"] == 0


# ---------------------------------------------------------------- the queries


moments = st.none() | st.integers(0, 4000)


@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["ended", "abandoned", "fault", "ringing", "unknown"]),
            st.none() | st.integers(-60, 4000),
            moments,
        ),
        max_size=12,
    )
)
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_database_counts_as_the_plain_loop_over_the_calls(rows):
    start = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    end = start + timedelta(seconds=3600)
    with transaction.atomic():
        for number, (state, rang, answered) in enumerate(rows):
            make.call(
                external_id=f"x{number}",
                state=state,
                ringing_at=None if rang is None else start + timedelta(seconds=rang),
                answered_at=None
                if answered is None
                else start + timedelta(seconds=answered),
            )
        found = answer_time.answer_time(make.sentral().pk, start=start, end=end)
        hours = answer_time.by_hour(make.sentral().pk, day=date(2026, 3, 29))
        transaction.set_rollback(True)

    known, unknown = [], 0
    for state, rang, answered in rows:
        belongs_to = answered if rang is None else rang
        if state in {"fault", "unknown"} or belongs_to is None:
            continue
        if not 0 <= belongs_to < 3600:
            continue
        if answered is None:
            known.append(None)
        elif rang is None or answered < rang:
            unknown += 1
        else:
            known.append(answered - rang)
    assert found == domain.answer_time(
        known, limit_s=120, long_limit_s=600, answered_unknown=unknown
    )
    # The night when the clock goes forward has 23 hours; the calls rang in the second.
    assert len(hours) == 23
    assert [hour.starts_at.hour for hour in hours[:4]] == [0, 1, 3, 4]
    assert hours[1].figures == found


@pytest.mark.parametrize(
    ("answer_s", "share_2min", "share_10min"),
    [
        (0, 1, 1),
        (120, 1, 1),
        (120.000001, 0, 1),
        (600, 0, 1),
        (600.000001, 0, 0),
        (-1, 0, 0),  # answered before it rang: nobody knows how fast
        (None, 0, 0),
    ],
)
def test_an_answer_exactly_at_a_limit_is_within_it(answer_s, share_2min, share_10min):
    answered_at = None
    if answer_s is not None:
        answered_at = make.NOW + timedelta(seconds=answer_s)
    make.call(state="ended", answered_at=answered_at)
    found = answer_time.answer_time(
        make.sentral().pk, start=make.NOW, end=make.NOW + timedelta(seconds=1)
    )
    assert (found.calls, found.share_2min, found.share_10min) == (
        1,
        share_2min,
        share_10min,
    )


def test_a_call_exactly_at_the_end_of_a_period_is_in_the_next():
    make.call()
    here, hour = make.sentral().pk, timedelta(hours=1)
    before = answer_time.answer_time(here, start=make.NOW - hour, end=make.NOW)
    after = answer_time.answer_time(here, start=make.NOW, end=make.NOW + hour)
    assert (before.calls, after.calls) == (0, 1)


def test_the_figures_of_today_end_now():
    make.call(external_id="past", ringing_at=make.NOW)
    make.call(external_id="soon", ringing_at=make.NOW + timedelta(seconds=1))
    make.call(external_id="before", ringing_at=make.NOW - timedelta(days=1))
    assert answer_time.today(make.sentral().pk, now=make.NOW).calls == 1


def test_the_hours_of_the_night_when_the_clock_goes_back_are_25():
    hours = answer_time.by_hour(make.sentral().pk, day=date(2026, 10, 25))
    assert [hour.starts_at.hour for hour in hours[:5]] == [0, 1, 2, 2, 3]
    assert len(hours) == 25


def test_a_day_among_many_is_found_by_the_index():
    """The plan, not the clock: a day must not cost a walk through all the years."""
    random = Random(7)
    start = datetime(2020, 1, 1, tzinfo=UTC)
    sentral = make.sentral()
    Call.objects.bulk_create(
        Call(
            sentral=sentral,
            district_id=sentral.host_district_id,
            external_id=f"n{number}",
            state="ended",
            ringing_at=start + timedelta(minutes=random.randrange(2_000_000)),
            recorded_at=start,
        )
        for number in range(20_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE records_call")
        cursor.execute(
            f"EXPLAIN {answer_time.ALL_TOGETHER}",
            {
                "sentral": sentral.pk,
                "start": start,
                "end": start + timedelta(days=1),
                "limit": 120,
                "long_limit": 600,
            },
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert plan.count("records_cal_sentral") == 2


def test_a_refusal_is_a_refusal_also_for_a_caller_in_python(log):
    with log("x").open("rb") as lines, pytest.raises(BadInput, match="has 1 fields"):
        import_calls(sentral=make.sentral(), lines=lines, file="x", at=make.NOW)
