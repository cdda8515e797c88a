"""The rows of a CSV file: what is read, and what is refused with its line."""

import pytest

from varde.domain.errors import BadInput
from varde.engines.csv_rows import (
    all_rows,
    decoded_lines,
    numbered_rows,
    refuse_other_width,
)


def rows(*lines, separator=","):
    return list(numbered_rows(lines, file="f.csv", separator=separator))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), []),
        (("",), []),
        (("a,b",), [(1, ["a", "b"])]),
        (("a,b\n", "\n", "1,2\n"), [(1, ["a", "b"]), (3, ["1", "2"])]),
        (('"a\n', 'b",c\n', "d,e"), [(2, ["a\nb", "c"]), (3, ["d", "e"])]),
    ],
)
def test_a_row_has_the_number_of_its_last_line(lines, expected):
    assert rows(*lines) == expected


def test_blank_lines_are_rows_too_for_one_who_counts_them():
    found = list(all_rows(["\n", "a\n", "\n", "b"], file="f.csv"))
    assert found == [(1, []), (2, ["a"]), (3, []), (4, ["b"])]


def test_another_separator():
    assert rows("a;b,c", separator=";") == [(1, ["a", "b,c"])]


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    mark = b"\xef\xbb\xbf"
    assert list(decoded_lines([mark + b"a", b"b"], file="f.csv")) == ["a", "b"]


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (
            lambda: list(decoded_lines([b"a", b"bl\xe5"], file="f.csv")),
            "f.csv, line 2: is not UTF-8: byte 3 of the line is 0xe5.\n"
            "Nothing was changed. Save the file as UTF-8 and run the command again.",
        ),
        (
            lambda: rows("a,b", 'c,"d'),
            "f.csv, line 2: is not CSV (unexpected end of data).\n"
            "Nothing was changed. Close the quote that was opened, and run the command "
            "again.",
        ),
        (
            lambda: refuse_other_width(
                ["1", "2"], ["a"], file="f.csv", line_no=7, thing="call"
            ),
            "f.csv, line 7: has 2 fields, and the heading has 1.\n"
            "Nothing was changed. Give each call one field for each name in the "
            "heading, empty where nothing is known, and run the command again.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(read, says):
    with pytest.raises(BadInput) as caught:
        read()
    assert str(caught.value) == says
