"""Reading a call log: what is let in, how moments are read, and each refusal's words."""

import doctest
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.errors import BadInput
from varde.engines.telephony import call_log
from varde.engines.telephony.call_log import COLUMNS, Outcome, read_call_log


OSLO = ZoneInfo("Europe/Oslo")
HEADING = ",".join(COLUMNS)
GOOD = "a1,116117,0,2026-01-02T12:00:00,2026-01-02T12:00:07,2026-01-02T12:05:00,answered,op1"


def read(*rows, heading=HEADING, zone=OSLO):
    lines = [f"{line}\n".encode() for line in (heading, *rows)]
    return list(read_call_log(lines, file="logg.csv", zone=zone))


def refusal(*rows, heading=HEADING):
    with pytest.raises(BadInput) as caught:
        read(*rows, heading=heading)
    return str(caught.value).splitlines()


def row(**fields):
    values = dict(zip(COLUMNS, GOOD.split(","), strict=True)) | fields
    return ",".join(values[name] for name in COLUMNS)


def test_the_examples_of_the_docstrings_are_true():
    result = doctest.testmod(call_log)
    assert result.attempted > 0
    assert result.failed == 0


def test_a_call_is_read_with_all_it_says():
    (call,) = read(GOOD)
    assert call == call_log.LoggedCall(
        line_no=2,
        call_id="a1",
        line="116117",
        priority=0,
        ringing_at=datetime(2026, 1, 2, 11, 0, tzinfo=UTC),
        answered_at=datetime(2026, 1, 2, 11, 0, 7, tzinfo=UTC),
        ended_at=datetime(2026, 1, 2, 11, 5, tzinfo=UTC),
        outcome=Outcome.ANSWERED,
        operator="op1",
    )


def test_columns_may_stand_in_any_order_and_blank_lines_are_skipped():
    shuffled = "outcome,operator,call_id,line,priority,ringing_at,answered_at,ended_at"
    (call,) = read("", "fault,,b2,,9,2026-01-02T12:00:00,,", "", heading=shuffled)
    assert (call.call_id, call.outcome, call.line_no) == ("b2", Outcome.FAULT, 3)
    assert (call.answered_at, call.ended_at) == (None, None)


def test_a_byte_order_mark_is_not_part_of_the_first_name():
    lines = [b"\xef\xbb\xbf" + HEADING.encode(), GOOD.encode()]
    assert len(list(read_call_log(lines, file="logg.csv", zone=OSLO))) == 1


moments = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(rang=moments, waits_s=st.integers(0, 5000), offset_h=st.integers(-12, 14))
@settings(max_examples=40)
def test_a_moment_with_an_offset_is_that_moment_whatever_the_zone(
    rang, waits_s, offset_h
):
    place = timezone(timedelta(hours=offset_h))
    rang_at = rang.replace(tzinfo=place)
    answered_at = rang_at + timedelta(seconds=waits_s)
    (call,) = read(
        row(
            ringing_at=rang_at.isoformat(),
            answered_at=answered_at.isoformat(),
            ended_at="",
        )
    )
    assert call.ringing_at == rang_at
    assert call.answered_at - call.ringing_at == timedelta(seconds=waits_s)


@given(rang=moments, waits_s=st.integers(0, 5000), lasts_s=st.integers(0, 5000))
@settings(max_examples=60)
def test_a_call_written_by_the_clock_on_the_wall_never_goes_backwards(
    rang, waits_s, lasts_s
):
    """Whatever really happened, as a log without offsets would have written it."""
    rang_at = rang.replace(tzinfo=UTC)
    answered_at = rang_at + timedelta(seconds=waits_s)
    ended_at = answered_at + timedelta(seconds=lasts_s)
    wall = [
        moment.astimezone(OSLO).replace(tzinfo=None).isoformat()
        for moment in (rang_at, answered_at, ended_at)
    ]
    (call,) = read(row(ringing_at=wall[0], answered_at=wall[1], ended_at=wall[2]))
    assert call.ringing_at <= call.answered_at <= call.ended_at
    again = [
        moment.astimezone(OSLO).replace(tzinfo=None).isoformat()
        for moment in (call.ringing_at, call.answered_at, call.ended_at)
    ]
    assert again == wall


@pytest.mark.parametrize(
    ("rang", "answered", "waited_s"),
    [
        ("2026-10-25T02:30:00", "2026-10-25T02:30:09", 9),  # both in the first hour
        (
            "2026-10-25T02:59:55",
            "2026-10-25T02:00:04",
            9,
        ),  # the clock went back between
        ("2026-10-25T01:59:55", "2026-10-25T02:00:04", 9),
        ("2026-10-25T02:59:55", "2026-10-25T03:00:04", 3609),  # read as the first hour
        ("2026-03-29T01:59:55", "2026-03-29T03:00:04", 9),  # the clock went forward
        ("2026-03-29T02:30:00", "2026-03-29T03:30:09", 9),  # an hour that was not
    ],
)
def test_the_nights_when_the_clock_is_changed_are_read_the_same_way_each_time(
    rang, answered, waited_s
):
    (call,) = read(row(ringing_at=rang, answered_at=answered, ended_at=""))
    assert (call.answered_at - call.ringing_at).total_seconds() == waited_s


def test_an_unknown_outcome_is_refused_in_these_words():
    assert refusal(GOOD, row(call_id="a2", outcome="lost")) == [
        "logg.csv, line 3, column 'outcome': is not an outcome that we know.",
        "Found: 'lost'.",
        "Nothing was changed. Use answered, abandoned, fault, and import the file again.",
    ]


def test_an_answer_before_the_ring_is_refused_in_these_words():
    assert refusal(row(answered_at="2026-01-02T11:59:59")) == [
        "logg.csv, line 2, column 'answered_at': the call was answered before it rang.",
        "Found: '2026-01-02T11:59:59'.",
        "Nothing was changed. Correct the moment, or write it with its offset from UTC "
        "where the clock was set back, and import the file again.",
    ]


def test_a_missing_column_is_refused_in_these_words():
    heading = HEADING.replace(",outcome", "").replace("call_id", "id")
    assert refusal(GOOD, heading=heading) == [
        "logg.csv, line 1: the heading lacks call_id, outcome and has 1 that we do not "
        "know.",
        "Found: 'id'.",
        f"Nothing was changed. Write it as {HEADING}, and import the file again.",
    ]


def test_a_file_with_semicolons_is_told_to_use_commas():
    assert refusal(heading=HEADING.replace(",", ";"))[-1] == (
        f"Nothing was changed. Write it as {HEADING} and separate the fields by commas, "
        "and import the file again."
    )


def test_an_empty_file_is_refused_in_these_words():
    with pytest.raises(BadInput) as caught:
        list(read_call_log([], file="logg.csv", zone=OSLO))
    assert str(caught.value).splitlines() == [
        "logg.csv: is empty.",
        f"Nothing was changed. The first line must be: {HEADING}.",
    ]


def test_a_file_with_a_heading_alone_is_refused():
    assert refusal()[0] == "logg.csv: holds a heading and no calls."


def test_a_file_that_is_not_utf_8_is_refused_with_the_byte():
    lines = [HEADING.encode(), GOOD.replace("op1", "bjørn").encode("latin-1")]
    with pytest.raises(BadInput) as caught:
        list(read_call_log(lines, file="logg.csv", zone=OSLO))
    assert str(caught.value).splitlines() == [
        "logg.csv, line 2: is not UTF-8: byte 84 of the line is 0xf8.",
        "Nothing was changed. Save the file as UTF-8 and run the command again.",
    ]


@pytest.mark.parametrize(
    ("fields", "first_line"),
    [
        ({"call_id": ""}, "column 'call_id': is empty."),
        (
            {"call_id": "x" * 81},
            "column 'call_id': has 81 characters, and there is room for 80.",
        ),
        (
            {"operator": "a\x00b"},
            "column 'operator': holds a character that cannot be printed.",
        ),
        ({"priority": ""}, "column 'priority': is not a whole number from 0 to 9."),
        ({"priority": "10"}, "column 'priority': is not a whole number from 0 to 9."),
        ({"priority": "-1"}, "column 'priority': is not a whole number from 0 to 9."),
        ({"priority": "²"}, "column 'priority': is not a whole number from 0 to 9."),
        (
            {"ringing_at": ""},
            "column 'ringing_at': is empty, and a call is counted at the moment it rang.",
        ),
        (
            {"ringing_at": "2026-01-02"},
            "column 'ringing_at': is not a moment that we can read.",
        ),
        (
            {"ringing_at": "i går"},
            "column 'ringing_at': is not a moment that we can read.",
        ),
        (
            {"ringing_at": "0001-01-01T00:00:00+12:00"},
            "column 'ringing_at': is not a moment that we can read.",
        ),
        (
            {"answered_at": ""},
            "column 'answered_at': is empty, and the outcome says that the call was answered.",
        ),
        (
            {"outcome": "abandoned"},
            "column 'answered_at': the call was answered, and its outcome says abandoned.",
        ),
        (
            {"outcome": "fault"},
            "column 'answered_at': the call was answered, and its outcome says fault.",
        ),
        ({"outcome": "Answered"}, "column 'outcome': is not an outcome that we know."),
        (
            {"ended_at": "2026-01-02T12:00:06"},
            "column 'ended_at': the call ended before it was answered.",
        ),
        (
            {
                "outcome": "abandoned",
                "answered_at": "",
                "ended_at": "2026-01-02T11:59:59",
            },
            "column 'ended_at': the call ended before it rang.",
        ),
    ],
)
def test_each_fault_names_its_line_and_column(fields, first_line):
    assert refusal(GOOD, row(**fields))[0] == f"logg.csv, line 3, {first_line}"


@pytest.mark.parametrize(("text", "count"), [(GOOD + ",more", 9), ("a1,116117", 2)])
def test_a_line_with_other_fields_than_the_heading_is_refused(text, count):
    assert refusal(text)[0] == (
        f"logg.csv, line 2: has {count} fields, and the heading has 8."
    )


def test_a_heading_with_a_name_twice_is_refused():
    assert refusal(GOOD, heading=f"{HEADING},line")[0] == (
        "logg.csv, line 1: the heading names line twice."
    )


def test_a_quote_that_is_never_closed_is_refused():
    assert refusal('"a1,116117', GOOD)[0].startswith("logg.csv, line 3: is not CSV (")


@given(text=st.binary(max_size=300))
@settings(max_examples=60)
def test_any_bytes_give_calls_or_a_refusal_and_never_another_fault(text):
    lines = [HEADING.encode() + b"\n", *text.splitlines(keepends=True)]
    try:
        list(read_call_log(lines, file="logg.csv", zone=OSLO))
    except BadInput as fault:
        assert "Nothing was changed" in str(fault)
