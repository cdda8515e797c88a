"""The patients of a board as JSON: what is let in, and each refusal's words."""

import doctest
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.board_order import WaitingPatient
from varde.domain.errors import BadInput
from varde.domain.hastegrad import ARRIVAL
from varde.engines.triage import board_list
from varde.engines.triage.board_list import read_board_list


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
AT = "2026-01-02T12:00:00Z"
MINUTES = {"rod": 0, "oransje": 10, "gul": 60, "gronn": 120, "bla": 240, "ukjent": 10}
PATIENT = {"id": "a", "level": "gul", "arrived_at": AT, "last_seen_at": None}


def board(patients=(PATIENT,), **changed):
    return {"now": AT, "minutes": MINUTES, "patients": list(patients)} | changed


def read(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_board_list(data, file="liste.json")


def refusal(value):
    with pytest.raises(BadInput) as caught:
        read(value)
    return str(caught.value).splitlines()


def patient(**changed):
    return board([PATIENT | changed])


def test_the_examples_of_the_docstrings_are_true():
    result = doctest.testmod(board_list)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_list_is_read_with_all_it_says():
    looked = "2026-01-02T12:30:00+01:00"
    found = read(patient(id=7, level=None, last_seen_at=looked, arrived_at=looked))
    before = NOON - timedelta(minutes=30)
    assert found.now == NOON
    assert found.minutes == MINUTES
    assert found.ids == {"7": 7}
    assert found.patients == (
        WaitingPatient(
            patient_id="7", level=None, arrived_at=before, last_seen_at=before
        ),
    )


@pytest.mark.parametrize(("number", "code"), list(enumerate(ARRIVAL.codes, start=1)))
def test_a_level_is_a_code_or_its_number(number, code):
    for said in (number, str(number), code):
        (found,) = read(patient(level=said)).patients
        assert found.level == ARRIVAL.level(code)
        assert read(board(minutes={str(said): 5}, patients=[])).minutes == {code: 5}


def test_the_last_look_may_be_left_out_and_rod_needs_no_minutes():
    one = {"id": "a", "level": 1, "arrived_at": AT}
    (found,) = read(board([one], minutes={})).patients
    assert found.last_seen_at is None


def test_a_byte_order_mark_is_let_be():
    assert read(b"\xef\xbb\xbf" + json.dumps(board([])).encode()).patients == ()


DEEP = b"[" * 200_000
LONG = b'{"now": ' + b"9" * 5000 + b"}"
OBJECT = "Nothing was changed. Write the list as an object with now, minutes, patients."
ONE = "Nothing was changed. Write a patient as an object with id, level, arrived_at, last_seen_at."
TABLE = (
    "Nothing was changed. Write minutes for rod, oransje, gul, gronn, bla, or a number "
    "from 1 to 5, and for 'ukjent': not triaged."
)
WHOLE = "Nothing was changed. Write a whole number from 0 to 10080."
LEVEL = (
    "Nothing was changed. Use rod, oransje, gul, gronn, bla, or a number from 1 to 5; "
    "null for a patient who is not triaged."
)
ID = "Nothing was changed. Write a text of 1 to 80 characters, or a whole number."
MOMENT = (
    "Nothing was changed. Write it as 2026-01-31T23:59:00+01:00, or with Z for UTC."
)
JSON = "Nothing was changed. Write one JSON object with now, minutes, patients."
FAULTS = [
    (b"\xff", "liste.json: is not UTF-8: byte 1 cannot be read.", None, "Nothing was changed. Write the list as UTF-8."),
    (b"", "liste.json, line 1: is not JSON (Expecting value, character 1).", None, JSON),
    (b'{"now":\n ,}', "liste.json, line 2: is not JSON (Expecting value, character 2).", None, JSON),
    (DEEP, "liste.json: holds a number with thousands of digits, or lists thousands deep.", None, JSON),
    (LONG, "liste.json: holds a number with thousands of digits, or lists thousands deep.", None, JSON),
    (b'{"now": NaN}', "liste.json: holds a value that JSON does not have.", "Found: 'NaN'.", "Nothing was changed. Write a number, or null where nothing is known."),
    (b'{"now": 1, "now": 2}', "liste.json, column 'now': stands twice in one object.", None, "Nothing was changed. Write it once."),
    ([], "liste.json: is not an object.", None, OBJECT),
    (board(rows=[]), "liste.json: has a key that we do not know.", "Found: 'rows'.", OBJECT),
    ({"now": AT}, "liste.json: lacks minutes, patients.", None, OBJECT),
    (board(now=3), "liste.json, column 'now': is not a moment with an offset from UTC.", "Found: '3'.", MOMENT),
    (board(now="2026-01-02T12:00:00"), "liste.json, column 'now': is not a moment with an offset from UTC.", "Found: '2026-01-02T12:00:00'.", MOMENT),
    (board(now="0001-01-01T00:00:00+14:00"), "liste.json, column 'now': is not a moment with an offset from UTC.", "Found: '0001-01-01T00:00:00+14:00'.", MOMENT),
    (board(minutes=[]), "liste.json, column 'minutes': is not an object.", None, TABLE),
    (board(minutes={"rosa": 1}), "liste.json, column 'minutes': has a level that we do not know.", "Found: 'rosa'.", TABLE),
    (board(minutes={"6": 1}), "liste.json, column 'minutes': has a level that we do not know.", "Found: '6'.", TABLE),
    (board(minutes={"gul": 1, "3": 1}), "liste.json, column 'minutes.gul': stands twice, as a name and as a number.", None, TABLE),
    (board(minutes={"gul": -1}), "liste.json, column 'minutes.gul': is not a number of minutes.", "Found: '-1'.", WHOLE),
    (board(minutes={"gul": 10081}), "liste.json, column 'minutes.gul': is not a number of minutes.", "Found: '10081'.", WHOLE),
    (board(minutes={"gul": True}), "liste.json, column 'minutes.gul': is not a number of minutes.", "Found: 'true'.", WHOLE),
    (board(minutes={"gul": None}), "liste.json, column 'minutes.gul': is not a number of minutes.", "Found: 'null'.", WHOLE),
    (board(minutes={"gul": {}}), "liste.json, column 'minutes.gul': is not a number of minutes.", "Found: '{…}'.", WHOLE),
    (board() | {"patients": {}}, "liste.json, column 'patients': is not a list.", None, "Nothing was changed. Write it as [{…}, {…}]."),
    (board([3]), "liste.json, column 'patients[0]': is not an object.", None, ONE),
    (patient(last_seen=AT), "liste.json, column 'patients[0]': has a key that we do not know.", "Found: 'last_seen'.", ONE),
    (board([{"id": "a"}]), "liste.json, column 'patients[0]': lacks level, arrived_at.", None, ONE),
    (patient(level="rosa"), "liste.json, column 'patients[0].level': is not a level of the arrival scale.", "Found: 'rosa'.", LEVEL),
    (patient(level=0), "liste.json, column 'patients[0].level': is not a level of the arrival scale.", "Found: '0'.", LEVEL),
    (patient(level=3.0), "liste.json, column 'patients[0].level': is not a level of the arrival scale.", "Found: '3.0'.", LEVEL),
    (patient(level=True), "liste.json, column 'patients[0].level': is not a level of the arrival scale.", "Found: 'true'.", LEVEL),
    (patient(level=[1]), "liste.json, column 'patients[0].level': is not a level of the arrival scale.", "Found: '[…]'.", LEVEL),
    (board(minutes={"rod": 0}), "liste.json, column 'patients[0].level': there are no minutes for 'gul'.", None, 'Nothing was changed. Add "gul" with its minutes to "minutes".'),
    (board([PATIENT | {"level": None}], minutes={"rod": 0}), "liste.json, column 'patients[0].level': there are no minutes for 'ukjent'.", None, 'Nothing was changed. Add "ukjent" with its minutes to "minutes".'),
    (patient(id=None), "liste.json, column 'patients[0].id': is not an id.", None, ID),
    (patient(id=True), "liste.json, column 'patients[0].id': is not an id.", None, ID),
    (patient(id=" "), "liste.json, column 'patients[0].id': is empty, too long or cannot be printed.", None, ID),
    (patient(id="a" * 81), "liste.json, column 'patients[0].id': is empty, too long or cannot be printed.", None, ID),
    (patient(id="a\nb"), "liste.json, column 'patients[0].id': is empty, too long or cannot be printed.", None, ID),
    (board([PATIENT | {"id": "1"}, PATIENT | {"id": 1}]), "liste.json, column 'patients[1].id': has come before.", None, "Nothing was changed. Give each patient an id of its own."),
    (patient(arrived_at=None), "liste.json, column 'patients[0].arrived_at': is not a moment with an offset from UTC.", "Found: 'null'.", MOMENT),
    (patient(arrived_at="2026-01-02T12:00:01Z"), "liste.json, column 'patients[0].arrived_at': is after \"now\".", "Found: '2026-01-02T12:00:01Z'.", 'Nothing was changed. Correct the moment or "now": the board holds what has happened.'),
    (patient(last_seen_at="yesterday"), "liste.json, column 'patients[0].last_seen_at': is not a moment with an offset from UTC.", "Found: 'yesterday'.", MOMENT),
]  # fmt: skip


@pytest.mark.parametrize(("value", "where", "found", "cure"), FAULTS)
def test_a_fault_says_where_what_and_what_to_do(value, where, found, cure):
    assert refusal(value) == [line for line in (where, found, cure) if line]


moments = st.integers(0, 600).map(lambda minutes: NOON - timedelta(minutes=minutes))
zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
waiting = st.tuples(st.none() | st.sampled_from(ARRIVAL.levels), moments, st.none() | moments, zones)  # fmt: skip


@settings(max_examples=20)
@given(listed=st.lists(waiting, max_size=3))
def test_what_is_written_is_read_back(listed):
    rows = [
        {
            "id": f"p{number}",
            "level": level and level.code,
            "arrived_at": arrived.astimezone(zone).isoformat(),
            "last_seen_at": seen and seen.astimezone(zone).isoformat(),
        }
        for number, (level, arrived, seen, zone) in enumerate(listed)
    ]
    assert read(board(rows)).patients == tuple(
        WaitingPatient(
            patient_id=f"p{number}", level=level, arrived_at=arrived, last_seen_at=seen
        )
        for number, (level, arrived, seen, _) in enumerate(listed)
    )
