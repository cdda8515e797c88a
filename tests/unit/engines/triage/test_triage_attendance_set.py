"""Reading a set of emergency attendances, and counting NEWS2 beside the experts' level."""

import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.errors import BadInput
from varde.domain.news2 import Band
from varde.engines.triage import attendance_set, news2_agreement
from varde.engines.triage.attendance_set import COLUMNS, Attendance, read_attendances


HEADING = ",".join(COLUMNS)  # Age,Mental,SBP,HR,RR,BT,Saturation,KTAS_expert
GOOD = "71,1,160,84,18,36.6,100,4"
CURE = "and run the command again."


def read(*rows, heading=HEADING):
    lines = [f"{line}\n".encode() for line in (heading, *rows)]
    return list(read_attendances(lines, file="sett.csv"))


def refusal(*rows, heading=HEADING):
    with pytest.raises(BadInput) as caught:
        read(*rows, heading=heading)
    return str(caught.value).splitlines()


def row(**fields):
    values = dict(zip(COLUMNS, GOOD.split(","), strict=True)) | fields
    return ",".join(values[name] for name in COLUMNS)


def agreement(*rows):
    return news2_agreement.news2_agreement(read(*rows))


@pytest.mark.parametrize("module", [attendance_set, news2_agreement])
def test_the_examples_of_the_docstrings_are_true(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_an_attendance_is_read_with_all_it_says():
    (one,) = read(GOOD)
    assert one == Attendance(
        line_no=2,
        age_years=71,
        mental=1,
        systolic_bp=160,
        pulse=84,
        respiration_rate=18,
        temperature_c=36.6,
        spo2=100,
        expert_level=4,
    )


def test_columns_may_stand_in_any_order_among_others_and_blank_lines_are_skipped():
    heading = "Chief_complain,KTAS_expert,Saturation,BT,RR,HR,SBP,Mental,Age,Group"
    (one,) = read("", '"pain, left",2,97,38,20,90,120,3,16,1', "", heading=heading)
    assert (one.line_no, one.expert_level, one.mental, one.age_years) == (3, 2, 3, 16)


def test_with_semicolons_a_number_may_have_a_decimal_comma():
    heading = HEADING.replace(",", ";")
    comma, point = read(
        "71;1;160;84;18;36,6;;4", "71;1;160;84;18;36.6;??;4", heading=heading
    )
    assert comma.temperature_c == point.temperature_c == 36.6
    assert comma.spo2 is None
    assert point.spo2 is None


def test_a_byte_order_mark_and_a_windows_line_ending_are_let_be():
    lines = [b"\xef\xbb\xbf" + HEADING.encode() + b"\r\n", GOOD.encode() + b"\r\n"]
    assert len(list(read_attendances(lines, file="sett.csv"))) == 1


@pytest.mark.parametrize("code", ["", "??", "  "])
@pytest.mark.parametrize("column", COLUMNS[1:-1])
def test_what_was_not_measured_is_none_and_the_attendance_is_not_complete(column, code):
    (one,) = read(row(**{column: code}))
    assert not one.is_complete
    (whole,) = read(GOOD)
    assert whole.is_complete


@pytest.mark.parametrize(
    ("age", "is_for"), [("15", False), ("16", True), ("??", False), ("", False)]
)
def test_news2_is_for_those_who_are_known_to_be_sixteen(age, is_for):
    (one,) = read(row(Age=age))
    assert one.is_for_news2 == is_for
    assert one.is_complete


WHOLE = "is not a whole number from"
EMPTY = "leave the field empty where nothing was measured"
NO_LEVEL = "leave out the attendances that have none"


@pytest.mark.parametrize(
    ("column", "value", "problem", "way_out"),
    [
        ("Age", "-1", f"{WHOLE} 0 to 125", EMPTY),
        ("Age", "126", f"{WHOLE} 0 to 125", EMPTY),
        ("Age", "71.5", f"{WHOLE} 0 to 125", EMPTY),
        ("Mental", "0", f"{WHOLE} 1 to 4", EMPTY),
        ("Mental", "5", f"{WHOLE} 1 to 4", EMPTY),
        ("SBP", "351", f"{WHOLE} 0 to 350", EMPTY),
        ("SBP", "?", f"{WHOLE} 0 to 350", EMPTY),
        ("SBP", "1000", f"{WHOLE} 0 to 350", EMPTY),
        ("HR", "8O", f"{WHOLE} 0 to 350", EMPTY),
        ("HR", "²", f"{WHOLE} 0 to 350", EMPTY),
        ("RR", "1e1", f"{WHOLE} 0 to 100", EMPTY),
        ("RR", "nan", f"{WHOLE} 0 to 100", EMPTY),
        ("Saturation", "101", f"{WHOLE} 0 to 100", EMPTY),
        ("BT", "19.9", "is not a number with one decimal at most from 20 to 45", EMPTY),
        ("BT", "45.1", "is not a number with one decimal at most from 20 to 45", EMPTY),
        ("BT", "36.65", "is not a number with one decimal at most from 20 to 45", EMPTY),
        ("BT", "36.", "is not a number with one decimal at most from 20 to 45", EMPTY),
        ("BT", ".5", "is not a number with one decimal at most from 20 to 45", EMPTY),
        ("KTAS_expert", "0", f"{WHOLE} 1 to 5", NO_LEVEL),
        ("KTAS_expert", "6", f"{WHOLE} 1 to 5", NO_LEVEL),
        ("KTAS_expert", "", f"{WHOLE} 1 to 5", NO_LEVEL),
        ("KTAS_expert", "??", f"{WHOLE} 1 to 5", NO_LEVEL),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_place(column, value, problem, way_out):
    assert refusal(GOOD, row(**{column: value})) == [
        f"sett.csv, line 3, column '{column}': {problem}.",
        f"Found: {value!r}.",
        f"Nothing was changed. Correct the value, or {way_out}, {CURE}",
    ]


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        ("Age", "0", "125"),
        ("Mental", "1", "4"),
        ("SBP", "0", "350"),
        ("HR", "0", "350"),
        ("RR", "0", "100"),
        ("BT", "20.0", "45.0"),
        ("Saturation", "0", "100"),
        ("KTAS_expert", "1", "5"),
    ],
)
def test_the_ends_of_each_range_are_let_in(column, low, high):
    assert len(read(row(**{column: low}), row(**{column: high}))) == 2


@pytest.mark.parametrize(
    ("heading", "rows", "text"),
    [
        (
            HEADING,
            ["71,1,160"],
            [
                "sett.csv, line 2: has 3 fields, and the heading has 8.",
                f"Nothing was changed. Give each attendance one field for each name in the heading, empty where nothing is known, {CURE}",
            ],
        ),
        (
            HEADING,
            [],
            [
                "sett.csv: holds a heading and no attendances.",
                f"Nothing was changed. Take the file that has them, {CURE}",
            ],
        ),
        (
            "Age,Mental,SBP,HR,RR,BT,KTAS_RN",
            [],
            [
                "sett.csv, line 1: the heading lacks Saturation, KTAS_expert.",
                "Found: 'Age', 'Mental', 'SBP', 'HR', 'RR' and 2 more.",
                f"Nothing was changed. Name each of {', '.join(COLUMNS)} once, {CURE}",
            ],
        ),
        (
            f"{HEADING},BT",
            [],
            [
                "sett.csv, line 1: the heading names BT twice.",
                "Found: 'Age', 'Mental', 'SBP', 'HR', 'RR' and 4 more.",
                f"Nothing was changed. Name each of {', '.join(COLUMNS)} once, {CURE}",
            ],
        ),
        (
            HEADING,
            ['"71,1'],
            [
                "sett.csv, line 2: is not CSV (unexpected end of data).",
                f"Nothing was changed. Close the quote that was opened, {CURE}",
            ],
        ),
    ],
)
def test_a_wrong_file_is_told_with_its_place(heading, rows, text):
    assert refusal(*rows, heading=heading) == text


def test_an_empty_file_is_told():
    with pytest.raises(BadInput) as caught:
        list(read_attendances([], file="sett.csv"))
    assert str(caught.value) == (
        "sett.csv: is empty.\nNothing was changed. The first line must name the columns "
        "Age, Mental, SBP, HR, RR, BT, Saturation, KTAS_expert."
    )


def test_a_file_that_is_not_utf_8_is_told_with_the_byte():
    with pytest.raises(BadInput) as caught:
        list(read_attendances([HEADING.encode(), b"71,1,\xde"], file="sett.csv"))
    assert str(caught.value).startswith(
        "sett.csv, line 2: is not UTF-8: byte 6 of the line is 0xde.\nNothing"
    )


def test_the_lines_are_read_one_at_a_time():
    def lines():
        yield HEADING.encode() + b"\n"
        yield GOOD.encode() + b"\n"
        raise AssertionError("read on before the first attendance was asked for")

    assert next(read_attendances(lines(), file="sett.csv")).expert_level == 4


def measured(low, high):
    return st.none() | st.integers(low, high)


attendances = st.builds(
    dict,
    age_years=measured(0, 125),
    mental=measured(1, 4),
    systolic_bp=measured(0, 350),
    pulse=measured(0, 350),
    respiration_rate=measured(0, 100),
    temperature_c=st.none() | st.integers(200, 450).map(lambda tenths: tenths / 10),
    spo2=measured(0, 100),
    expert_level=st.integers(1, 5),
)


@settings(max_examples=25)
@given(
    sets=st.lists(attendances, min_size=1, max_size=3), missing=st.sampled_from(["", "??"]),
    separator=st.sampled_from(",;"),
)  # fmt: skip
def test_what_is_written_is_read_back(sets, missing, separator):
    def field(value):
        text = missing if value is None else str(value)
        return text.replace(".", ",") if separator == ";" else text

    rows = [separator.join(map(field, one.values())) for one in sets]
    found = read(*rows, heading=HEADING.replace(",", separator))
    assert found == [
        Attendance(line_no=number, **one) for number, one in enumerate(sets, start=2)
    ]


# --- NEWS2 beside the experts' level


@pytest.mark.parametrize(
    ("row", "total", "band", "is_red"),
    [
        ("71,1,160,84,18,36.6,100,4", 0, Band.LOW, 0),
        ("71,1,105,95,22,36.6,100,4", 4, Band.LOW, 0),  # 1 + 1 + 2
        ("71,2,160,84,18,36.6,100,4", 3, Band.LOW, 1),  # not alert: 3
        ("71,4,160,84,18,36.6,100,4", 3, Band.LOW, 1),
        ("71,1,105,95,22,36.0,100,4", 5, Band.MEDIUM, 0),  # 1 + 1 + 2 + 1
        ("71,2,105,95,18,36.0,100,4", 6, Band.MEDIUM, 0),  # 3 + 1 + 1 + 1: band of the total
        ("71,2,105,95,22,36.6,100,4", 7, Band.HIGH, 0),  # 3 + 1 + 1 + 2
    ],
)  # fmt: skip
def test_each_attendance_is_counted_in_the_band_of_its_total(row, total, band, is_red):
    found = agreement(row)
    assert found.by_total == {total: 1}
    assert found.by_level[4][band] == 1
    assert sum(sum(bands.values()) for bands in found.by_level.values()) == 1
    assert found.low_with_red_sign == {1: 0, 2: 0, 3: 0, 4: is_red, 5: 0}


def test_those_without_all_six_measurements_are_rows_alone():
    found = agreement(GOOD, "71,1,160,84,18,36.6,,1")
    assert (found.rows, found.complete, found.not_for_news2) == (2, 1, 0)
    assert found.by_total == {0: 1}


@pytest.mark.parametrize("age", ["15", ""])
def test_those_news2_is_not_for_are_complete_and_get_no_score(age):
    found = agreement(GOOD, row(Age=age))
    assert (found.rows, found.complete, found.not_for_news2) == (2, 2, 1)
    assert found.by_total == {0: 1}
    assert sum(found.by_level[4].values()) == 1


def test_of_nothing_there_are_zeros():
    found = news2_agreement.news2_agreement([])
    assert (found.rows, found.complete, found.by_total) == (0, 0, {})
    assert found.by_level == {
        level: {Band.LOW: 0, Band.MEDIUM: 0, Band.HIGH: 0} for level in range(1, 6)
    }
