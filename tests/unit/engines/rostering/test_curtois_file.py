"""The reader of Curtois' format: what is read, and how each fault is said."""

import pytest

from tests.unit.engines.rostering.tiny import CURTOIS, curtois
from varde.domain.errors import BadInput
from varde.engines.rostering.curtois import Cover, Person, Shift, Wish, read_curtois


def test_everything_is_read():
    instance = curtois()
    assert instance.days == 7
    assert instance.shifts == (
        Shift(id="E", minutes=480, not_before=frozenset()),
        Shift(id="N", minutes=600, not_before=frozenset({0})),
    )
    assert instance.people[1] == Person("B", (5, 1), 3000, 960, 3, 1, 1, 1)
    assert instance.days_off == {(0, 0), (1, 1), (1, 2)}
    assert instance.wishes_on == (Wish(person=0, day=3, shift=0, weight=3),)
    assert instance.wishes_off == (Wish(person=1, day=4, shift=1, weight=2),)
    assert instance.cover[3] == Cover(day=5, shift=0, need=0, under=10, over=4)
    assert instance.weekends == ((5, 6),)


def test_a_type_without_a_limit_may_be_had_every_day():
    assert curtois(CURTOIS.replace("E=5|N=1", "N=1")).people[1].most_of == (7, 1)


def test_windows_lines_and_a_byte_order_mark_are_read():
    data = b"\xef\xbb\xbf" + CURTOIS.replace("\n", "\r\n").encode()
    assert read_curtois(data, file="x") == curtois()


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("SECTION_HORIZON\n7\n", "7\n", 2, "stands before the first section"),
        ("SECTION_SHIFTS", "SECTION_STAFF", 5, "not the section that comes here"),
        ("6,E,3,10,1\n", "6,E,3,10,1\nSECTION_COVER\n", 29, "not the section"),
        ("\n7\n", "\n7\n8\n", 4, "gives the horizon again"),
        ("\n7\n", "\n7,1\n", 3, "has 2 fields, and 1 are needed"),
        ("\n7\n", "\n0\n", 3, "the horizon is not a whole number from 1"),
        ("\n7\n", "\n1.5\n", 3, "the horizon is not a whole number"),
        ("\n7\n", "\n" + "9" * 5000 + "\n", 3, "the horizon is not a whole number"),
        ("N,600,E", "N,600,X", 7, "a shift that cannot follow"),
        ("N,600,E", "E,600,E", 7, "a shift's ID stands twice"),
        ("N,600,E", ",600,E", 7, "a shift's ID is missing"),
        ("E=5|N=1", "E=5|N", 11, "MaxShifts is not written as"),
        ("E=5|N=1", "E=5|X=1", 11, "a shift of MaxShifts is not one"),
        ("B,E=5", "A,E=5", 11, "a person's ID stands twice"),
        ("3000,960,3,1,1,1", "3000,960,3,1,1", 11, "has 7 fields, and 8"),
        ("3000,960,3,1,1,1", "3000,960,-3,1,1,1", 11, "MaxConsecutiveShifts is not"),
        ("A,0", "C,0", 14, "a person is not one that the file has named"),
        ("A,0", "A,7", 14, "a day is not a whole number from 0 to 6"),
        ("B,4,N,2", "B,4,N", 21, "has 3 fields, and 4"),
        ("4,N,1,10,1", "3,E,1,10,1", 26, "gives a day's need of a shift again"),
        ("4,N,1,10,1", "4,N,x,10,1", 26, "a requirement is not"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(before, after, line, said):
    assert before in CURTOIS
    with pytest.raises(BadInput) as fault:
        curtois(CURTOIS.replace(before, after, 1))
    assert fault.value.line == line
    assert said in str(fault.value)


def test_a_fault_names_what_was_found_and_what_is_known():
    with pytest.raises(BadInput) as fault:
        curtois(CURTOIS.replace("A,0", "C,0"))
    assert str(fault.value) == (
        "tiny.txt, line 14: a person is not one that the file has named before.\n"
        "Found: 'C'.\n"
        "Nothing was changed. The file names A, B."
    )


def test_a_long_list_of_ids_is_cut():
    many = "".join(f"X{i},480,\n" for i in range(20))
    with pytest.raises(BadInput, match="X10 and 10 more"):
        curtois(
            CURTOIS.replace("E,480,\n", "E,480,\n" + many).replace("A,E=7", "A,Q=7")
        )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"SECTION_HORIZON\n\xff", "is not UTF-8: byte 0xff"),
        (b"x" * 20_000_001, "has 20000001 bytes"),
        (b"SECTION_HORIZON\n7\n", "ends too early: no SECTION_SHIFTS"),
        (
            "\n".join(
                line for line in CURTOIS.splitlines() if line.startswith("SECTION")
            ).encode(),
            "ends too early: no horizon, no shifts, no staff",
        ),
    ],
    ids=["empty", "blank", "bytes", "large", "half", "headings only"],
)
def test_a_file_that_is_none_is_refused(data, said):
    with pytest.raises(BadInput) as fault:
        read_curtois(data, file="x.txt")
    assert said in str(fault.value)
