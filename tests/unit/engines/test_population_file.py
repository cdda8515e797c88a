"""Inhabitants of municipalities as a file: what is read, and what is refused by its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.errors import BadInput
from varde.engines.population_file import COLUMNS, MOST, read_population


HEADING = ",".join(COLUMNS)


def read(*rows, heading=HEADING):
    lines = [f"{row}\n".encode() for row in (heading, *rows) if row is not None]
    return list(read_population(lines, file="p.csv"))


def test_an_empty_number_of_old_people_is_unknown_and_not_none():
    known, unknown, nobody = read("1824,2026,9,3", "", "1824,2025,9,", "1824,2024,9,0")
    assert (known.line_no, known.municipality, known.year) == (2, "1824", 2026)
    assert (known.inhabitants, known.inhabitants_65_plus) == (9, 3)
    assert (unknown.line_no, unknown.inhabitants_65_plus) == (4, None)
    assert nobody.inhabitants_65_plus == 0


def test_columns_stand_in_any_order_beside_others():
    (found,) = read("x, 3 ,9,2026,0301", heading=f"navn,{','.join(reversed(COLUMNS))}")
    assert (found.municipality, found.inhabitants_65_plus) == ("0301", 3)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("182,2026,9,3", "line 2, column 'municipality'"),
        ("18245,2026,9,3", "is not a number of four digits"),
        ("182x,2026,9,3", "is not a number of four digits"),
        ("1824,,9,3", "is not from 1900 to 2200"),
        ("1824,1899,9,3", "is not from 1900 to 2200"),
        ("1824,2201,9,3", "is not from 1900 to 2200"),
        ("1824,2026,,3", "is empty"),
        ("1824,2026,-9,3", "is not a whole number"),
        ("1824,2026,9.5,3", "is not a whole number"),
        ("1824,2026,1٣,3", "is not a whole number"),
        (f"1824,2026,{MOST}0,3", "is not a whole number"),
        (f"1824,2026,{MOST + 1},3", f"is more than {MOST}"),
        ("1824,2026,9,10", "is more than all 9 inhabitants"),
        ("1824,2026,9", "has 3 fields"),
        (None, "holds a heading and no municipalities"),
    ],
)
def test_a_bad_line_is_refused_with_its_place(row, words):
    with pytest.raises(BadInput, match="Nothing was"):
        read(row)
    with pytest.raises(BadInput) as refused:
        read(row)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("municipality,year,inhabitants", "the heading lacks inhabitants_65_plus"),
        (f"{HEADING},year", "the heading names year twice"),
        ("", "the heading lacks municipality"),
    ],
)
def test_a_heading_names_each_column_once(heading, words):
    with pytest.raises(BadInput) as refused:
        read("1824,2026,9,3", heading=heading)
    assert words in str(refused.value)


def test_a_municipality_is_given_once_for_a_year():
    assert len(read("1824,2026,9,3", "1824,2025,9,3", "1825,2026,9,3")) == 3
    with pytest.raises(BadInput, match="line 2 already"):
        read("1824,2026,9,3", "1824,2026,9,3")


@given(st.integers(0, MOST), st.data())
def test_what_is_written_is_read(inhabitants, data):
    old = data.draw(st.none() | st.integers(0, inhabitants))
    told = "" if old is None else old
    (found,) = read(f"1824,2026,{inhabitants},{told}")
    assert (found.inhabitants, found.inhabitants_65_plus) == (inhabitants, old)
