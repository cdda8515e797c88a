"""A sheet of people: read whole, or every faulty cell named."""

from datetime import date
from decimal import Decimal

import pytest

from varde.engines.people_rows import read_rows
from varde.engines.sheet_rows import MOST_FAULTS, CellFault, RowsRefused, cell_name


HEADING = [
    "brukernavn",
    "fornavn",
    "etternavn",
    "hpr",
    "stilling",
    "prosent",
    "arbeidsgiver",
    "kommune",
    "arbeidstid",
    "fra",
    "til",
    "nodnett",
]
KARI = [
    "kari",
    "Kari",
    "Ny",
    "1234567",
    "Fastlege",
    "60",
    "Vefsn",
    "1824",
    "",
    "01.01.2026",
    "",
    "2026-05-02 00:00:00",
]


def read(*rows, heading=HEADING):
    return read_rows(
        [heading, *rows],
        categories={"fastlege": "fastlege", "sykepleier": "nurse"},
        laws={"aml": "aml"},
        doctors=["fastlege"],
        kinds=["nodnett"],
        today=date(2026, 11, 20),
    )


def faults(*rows, heading=HEADING):
    with pytest.raises(RowsRefused) as caught:
        read(*rows, heading=heading)
    return [(one.cell, one.why) for one in caught.value.faults]


def changed(name, value):
    row = list(KARI)
    row[HEADING.index(name)] = value
    return row


def test_a_row_is_read():
    (found,) = read(KARI, ["", " "])
    assert (found.line, found.username, found.category) == (2, "kari", "fastlege")
    assert (found.share, found.law) == (Decimal("0.600"), "sfs2305")
    assert (found.first_on, found.last_on) == (date(2026, 1, 1), None)
    assert found.documents == {"nodnett": date(2026, 5, 2)}


def test_what_is_not_given_is_empty_and_what_is_given_counts():
    short = ["per", "Per", "Å", "", "sykepleier", "37,5 %", "", "", "AML", "2026-01-01"]
    (found,) = read(short)
    assert (found.law, found.share) == ("aml", Decimal("0.375"))
    assert (found.employer, found.documents) == ("", {})
    (ended,) = read(changed("til", "2026-01-01"))
    assert ended.last_on == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("name", "value", "cell", "why"),
    [
        ("brukernavn", "", "A2", CellFault.EMPTY),
        ("brukernavn", "k" * 151, "A2", CellFault.TOO_LONG),
        ("brukernavn", "k ari", "A2", CellFault.NOT_A_USERNAME),
        ("hpr", "12", "D2", CellFault.NOT_A_NUMBER),
        ("stilling", "", "E2", CellFault.EMPTY),
        ("stilling", "kokk", "E2", CellFault.NOT_A_CHOICE),
        ("prosent", "0", "F2", CellFault.NOT_A_PERCENTAGE),
        ("prosent", "101", "F2", CellFault.NOT_A_PERCENTAGE),
        ("prosent", "NaN", "F2", CellFault.NOT_A_PERCENTAGE),
        ("prosent", "halv", "F2", CellFault.NOT_A_PERCENTAGE),
        ("arbeidstid", "selv", "I2", CellFault.NOT_A_CHOICE),
        ("fra", "", "J2", CellFault.EMPTY),
        ("fra", "1/1/26", "J2", CellFault.NOT_A_DATE),
        ("fra", "1949-12-31", "J2", CellFault.NOT_A_DATE),
        ("til", "31.12.2025", "K2", CellFault.BEFORE_THE_FIRST),
        ("til", "snart", "K2", CellFault.NOT_A_DATE),
        ("nodnett", "2026-11-21", "L2", CellFault.IN_THE_FUTURE),
        ("nodnett", "ja", "L2", CellFault.NOT_A_DATE),
    ],
)
def test_a_faulty_cell_is_named(name, value, cell, why):
    assert faults(changed(name, value)) == [(cell, why)]


def test_every_fault_is_found_in_one_reading_and_the_rest_are_counted():
    bad = changed("prosent", "0")
    other = changed("brukernavn", "per")
    other[HEADING.index("hpr")] = "1"
    assert len(faults(bad, other)) == 2
    many = [changed("brukernavn", f"k{n} x") for n in range(MOST_FAULTS + 3)]
    with pytest.raises(RowsRefused) as caught:
        read(*many)
    assert (len(caught.value.faults), caught.value.more) == (MOST_FAULTS, 3)


def test_the_same_position_or_another_name_is_a_fault():
    assert faults(KARI, KARI) == [("A3", CellFault.TWICE)]
    other = changed("etternavn", "Gammel")
    other[HEADING.index("arbeidsgiver")] = "Alstahaug"
    assert faults(KARI, other) == [("C3", CellFault.NAME_DIFFERS)]


def test_columns_must_be_known_and_stand_once():
    assert faults(KARI, heading=[*HEADING[:-1], "tlf"]) == [
        ("L1", CellFault.COLUMN_UNKNOWN)
    ]
    assert faults(KARI, heading=[*HEADING, "fra"]) == [("M1", CellFault.TWICE)]
    assert faults(KARI, heading=["navn", *HEADING[1:]]) == [
        ("", CellFault.COLUMN_MISSING),
        ("A1", CellFault.COLUMN_UNKNOWN),
    ]
    assert read(KARI, heading=[*HEADING, ""])


def test_a_cell_that_no_text_can_be_is_named():
    assert faults(changed("fornavn", "Ka\x00ri")) == [("B2", CellFault.NOT_TEXT)]


def test_an_empty_or_an_endless_sheet_is_refused():
    assert faults() == [("", CellFault.NO_ROWS)]
    with pytest.raises(RowsRefused) as caught:
        read_rows(
            [], categories={}, laws={}, doctors=[], kinds=[], today=date(2026, 1, 1)
        )
    assert caught.value.faults[0].why is CellFault.NO_ROWS
    rows = [changed("brukernavn", f"k{n}") for n in range(5001)]
    assert ("", CellFault.TOO_MANY_ROWS) in faults(*rows)


@pytest.mark.parametrize(
    ("line", "place", "name"), [(1, 0, "A1"), (9, 25, "Z9"), (2, 26, "AA2")]
)
def test_a_cell_has_the_name_of_the_spreadsheet(line, place, name):
    assert cell_name(line, place) == name


def test_blank_rows_before_the_heading_count_in_the_name_of_a_cell():
    with pytest.raises(RowsRefused) as caught:
        read([*HEADING, "rart"], [], heading=[])
    assert [fault.cell for fault in caught.value.faults] == ["M2"]
    with pytest.raises(RowsRefused) as caught:
        read([" "], heading=[])
    assert [fault.cell for fault in caught.value.faults] == [""]
