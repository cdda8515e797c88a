"""`varde replay`: a day of a log as live traffic through the webhook, and none lost."""

import json
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from varde.apps.records import ratelimit
from varde.apps.records.models import Call, CallBack, TelephonyEvent
from varde.config import replaying, ringing
from varde.config.ringing import Exchange
from varde.domain.call import EventKind
from varde.engines.telephony.call_log import COLUMNS, read_call_log


OSLO = ZoneInfo("Europe/Oslo")
ROWS = [
    "a,amk,2,2026-01-02T12:00:00,2026-01-02T12:00:07,2026-01-02T12:05:00,answered,op1",
    "b,116117,0,2026-01-02T12:00:05,,2026-01-02T12:01:00,abandoned,",
    "c,116117,0,2026-01-02T12:02:00,,2026-01-02T12:02:01,fault,",
    "d,116117,0,2026-01-03T00:00:00,,2026-01-03T00:00:09,abandoned,",
]


def lines(*rows):
    return [f"{row}\n".encode() for row in (",".join(COLUMNS), *rows)]


def planned(*rows, on=date(2026, 1, 2), speed=60.0):
    known = read_call_log(lines(*rows), file="logg.csv", zone=OSLO)
    return replaying.plan(
        replaying.calls_of(known, on=on, zone=OSLO), name="r-", speed=speed
    )


@pytest.fixture
def log(tmp_path):
    file = tmp_path / "logg.csv"
    file.write_bytes(b"".join(lines(*ROWS)))
    return file


@pytest.fixture
def installation(live_server, monkeypatch):
    make.settings()
    ratelimit.clear("telephony_messages")
    monkeypatch.setattr(replaying, "PATIENCE_S", 1.0)
    monkeypatch.setattr(ringing, "RETRY_S", 0.05)
    return live_server.url


def replay(log, address, *more):
    call_command(
        *("replay", str(log), "--sentral", "HEL", "--day", "2026-01-02", "--json"),
        *("--speed", "3000", "--address", address, *more),
        verbosity=0,
    )


def test_a_day_is_played_faster_in_the_order_in_which_it_happened():
    told = [(e.after_s, e.call_id, e.kind.value, e.operator) for e in planned(*ROWS)]
    assert told == [
        (0, "r-2", "ringing", ""),
        (5 / 60, "r-3", "ringing", ""),
        (7 / 60, "r-2", "answered", "op1"),
        (1, "r-3", "abandoned", ""),
        (5, "r-2", "ended", ""),
    ]


def test_a_day_without_calls_is_an_empty_plan():
    assert planned(*ROWS, on=date(2026, 1, 4)) == []


@given(
    waits=st.lists(
        st.tuples(st.integers(0, 59), st.integers(0, 59)), min_size=1, max_size=8
    ),
    speed=st.floats(0.5, 1000),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_event_comes_before_the_one_before_it(waits, speed):
    rows = [
        f"c{n},,0,2026-01-02T12:00:{a:02},2026-01-02T12:01:{b:02},,answered,"
        for n, (a, b) in enumerate(waits)
    ]
    events = planned(*rows, speed=speed)
    assert [e.after_s for e in events] == sorted(e.after_s for e in events)
    kinds = {}
    for event in events:
        kinds.setdefault(event.call_id, []).append(event.kind)
    assert all(k == [EventKind.RINGING, EventKind.ANSWERED] for k in kinds.values())


@pytest.mark.django_db(transaction=True)
def test_every_event_of_the_day_is_stored(log, installation, capsys):
    make.sentral()
    replay(log, installation)
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("calls", "sent", "accepted", "lost")} == {
        "calls": 2,
        "sent": 5,
        "accepted": 5,
        "lost": 0,
    }
    assert sorted(Call.objects.values_list("state", "priority")) == [
        ("abandoned", 0),
        ("ended", 2),
    ]
    assert TelephonyEvent.objects.count() == 5
    assert CallBack.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_sent_is_sent_again(log, installation, capsys, monkeypatch):
    make.sentral()
    post, seen = Exchange._post, []

    def falls_out(exchange, events):
        """Nothing gets there the first time; the second time the answer is lost."""
        known = frozenset((event["call_id"], event["kind"]) for event in events)
        seen.append(known)
        tries = seen.count(known)
        return tries > 1 and post(exchange, events) and tries > 2

    monkeypatch.setattr(Exchange, "_post", falls_out)
    replay(log, installation)
    told = json.loads(capsys.readouterr().out)
    assert (told["stored"], told["lost"]) == (5, 0)
    assert told["duplicates"] > 0
    assert TelephonyEvent.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_what_never_arrives_is_told_as_lost(log, installation, capsys, monkeypatch):
    make.sentral()
    monkeypatch.setattr(Exchange, "_post", lambda *_: False)
    with pytest.raises(SystemExit) as ended:
        replay(log, installation)
    assert ended.value.code == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["sent"], told["stored"], told["lost"]) == (5, 0, 5)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "line"),
    [
        (["--day", "2026-01-09"], "logg.csv has no call on 2026-01-09. It goes from "),
        (["--day", "i dag"], "--day is 'i dag', which is not a date."),
        (["--speed", "0"], "--speed is 0.0. It must be more than 0."),
        (["--sentral", "XXX"], "No sentral has the code 'XXX'. Known: HEL."),
    ],
)
def test_what_cannot_be_played_is_refused(log, capsys, more, line):
    make.sentral()
    with pytest.raises(SystemExit) as ended:
        replay(log, "http://127.0.0.1:9", *more)
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (2, "")
    assert printed.err.startswith(line)
