"""The rows of a pasted text or a file: every row keeps its number, and no cell is lost."""

import pytest

from varde.apps.staffing.sheets import rows_of_file, rows_of_text
from varde.domain.errors import BadInput


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a\tb\nx\t1", [["a", "b"], ["x", "1"]]),
        ("a;b,c\n1;2,5", [["a", "b,c"], ["1", "2,5"]]),
        ("\n\na,b\n\nx,1\n", [[], [], ["a", "b"], [], ["x", "1"]]),
        ('a\tb\nx\t"Kari\nAnne"\ny\tz', [["a", "b"], ["x", "Kari Anne"], ["y", "z"]]),
        ('a\tb\r\nx\t"Kari\r\nAnne"\r\n', [["a", "b"], ["x", "Kari Anne"]]),
    ],
)
def test_rows_are_as_they_stand_in_the_spreadsheet(text, rows):
    assert rows_of_text(text) == rows
    assert rows_of_file(text.encode(), file="f.csv") == rows


@pytest.mark.parametrize(
    "read", [rows_of_text, lambda t: rows_of_file(t.encode(), file="f")]
)
def test_a_quote_that_is_not_closed_is_refused_with_its_line(read):
    with pytest.raises(BadInput, match="is not CSV") as caught:
        read('a\tb\nx\t"Kari\ny\tz')
    assert caught.value.line == 3
