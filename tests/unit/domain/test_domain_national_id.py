"""All numbers here are synthetic (month + 80) or are made in the test from such."""

from contextlib import suppress
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.national_id import (
    IdFault,
    IdKind,
    InvalidNationalId,
    NationalId,
    make_synthetic,
    parse,
)


birth_dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2039, 12, 31))


def with_check_digits(nine, remainder=0):
    """The slow way: try all hundred endings, by the sums as Skatteetaten writes them."""
    for k1, k2 in product(range(10), repeat=2):
        digits = [int(d) for d in nine] + [k1, k2]
        first = sum(
            d * w
            for d, w in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0), strict=True)
        )
        second = sum(
            d * w
            for d, w in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)
        )
        if first % 11 == remainder and second % 11 == 0:
            return f"{nine}{k1}{k2}"
    return None


def first_with(start, remainder=0, individuals=range(1000)):
    """A number that starts so and can be completed, with its individual number."""
    for individual in individuals:
        number = with_check_digits(f"{start}{individual:03}", remainder)
        if number is not None:
            return number
    raise AssertionError(start)


def fault_of(text, **options):
    with pytest.raises(InvalidNationalId) as wrong:
        parse(text, **options)
    return wrong.value.reason


@given(born=birth_dates, serial=st.integers(0, 20), female=st.booleans())
@settings(max_examples=50)
def test_a_synthetic_number_reads_back_as_what_it_was_made_of(born, serial, female):
    made = make_synthetic(birth_date=born, serial=serial, female=female)
    assert parse(made.digits) == made
    assert made.birth_date == born
    assert made.is_synthetic
    assert made.kind is IdKind.FODSELSNUMMER
    assert made.digits == with_check_digits(made.digits[:9])
    assert int(made.digits[2:4]) == born.month + 80
    assert int(made.digits[8]) % 2 == (0 if female else 1)


def test_different_serials_and_sexes_give_different_numbers():
    born = date(1990, 4, 1)
    numbers = {
        make_synthetic(birth_date=born, serial=serial, female=female).digits
        for serial in range(30)
        for female in (True, False)
    }
    assert len(numbers) == 60


@pytest.mark.parametrize(
    ("year", "serial"),
    [(1853, 0), (2040, 0), (1990, 500)],
)
def test_there_is_an_end_to_the_numbers(year, serial):
    with pytest.raises(ValueError, match="some 200 numbers a day"):
        make_synthetic(birth_date=date(year, 1, 1), serial=serial, female=True)


def test_every_number_of_a_day_is_whole_up_to_the_last():
    born, numbers = date(2005, 3, 3), []
    with suppress(ValueError):
        for serial in range(250):
            made = make_synthetic(birth_date=born, serial=serial, female=True)
            numbers.append(made.digits)
    assert {len(number) for number in numbers} == {11}
    assert numbers[-1][6:9] > "990"
    assert len(set(numbers)) == len(numbers) > 200


def test_a_serial_counts_from_zero():
    with pytest.raises(ValueError, match="from 0, got -1"):
        make_synthetic(birth_date=date(1990, 1, 1), serial=-1, female=True)


@pytest.mark.parametrize(
    ("individuals", "yy", "year"),
    [
        (range(500), "05", 1905),
        (range(480, 500), "99", 1999),
        (range(500, 750), "54", 1854),
        (range(740, 750), "99", 1899),
        (range(500, 750), "39", 2039),
        (range(500, 1000), "00", 2000),
        (range(750, 900), "39", 2039),
        (range(900, 1000), "39", 2039),
        (range(900, 1000), "40", 1940),
        (range(500, 750), "53", None),
        (range(500, 900), "40", None),
        (range(750, 900), "54", None),
    ],
)
def test_the_century_is_read_from_the_individual_number(individuals, yy, year):
    number = first_with(f"0181{yy}", individuals=individuals)
    expected = None if year is None else date(year, 1, 1)
    assert parse(number).birth_date == expected


@pytest.mark.parametrize("remainder", [0, 1, 2, 3])
def test_the_2032_rule_accepts_four_remainders(remainder):
    read = parse(first_with("018190", remainder))
    assert read.is_2032_rule is (remainder > 0)
    assert (read.birth_date is None) is (remainder > 0)


@pytest.mark.parametrize("remainder", range(4, 11))
def test_other_remainders_are_a_wrong_first_check_digit(remainder):
    assert fault_of(first_with("018190", remainder)) is IdFault.FIRST_CHECK_DIGIT


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (None, date(1990, 1, 1)),
        (date(2031, 12, 31), date(1990, 1, 1)),
        (date(2032, 1, 1), None),
    ],
)
def test_from_2032_no_birth_date_is_read_since_a_new_number_may_look_old(on, expected):
    assert parse(first_with("018190"), on=on).birth_date == expected


def test_a_birth_date_after_the_day_of_reading_is_impossible():
    number = make_synthetic(birth_date=date(2026, 6, 2), serial=0, female=True).digits
    assert parse(number, on=date(2026, 6, 2)).birth_date == date(2026, 6, 2)
    assert fault_of(number, on=date(2026, 6, 1)) is IdFault.IMPOSSIBLE_DATE


@pytest.mark.parametrize(
    ("start", "kind", "is_synthetic"),
    [
        ("018190", IdKind.FODSELSNUMMER, True),
        ("418190", IdKind.D_NUMBER, True),
        ("718190", IdKind.D_NUMBER, True),
        ("014190", IdKind.H_NUMBER, False),
        ("015290", IdKind.H_NUMBER, False),
        ("414190", IdKind.D_NUMBER, True),
    ],
)
def test_the_kind_is_read_from_day_and_month(start, kind, is_synthetic):
    read = parse(first_with(start))
    assert (read.kind, read.is_synthetic) == (kind, is_synthetic)
    assert read.birth_date is not None


def test_a_number_without_additions_is_not_synthetic():
    # The digits of a synthetic number with 80 taken from the month; never shown.
    read = parse(first_with("010190"))
    assert (read.kind, read.is_synthetic) == (IdKind.FODSELSNUMMER, False)


def test_an_fh_number_starts_with_8_or_9_and_has_no_birth_date():
    for first in "89":
        read = parse(first_with(f"{first}18190"))
        assert read.kind is IdKind.FH_NUMBER
        assert read.birth_date is None
        assert not read.is_synthetic


@pytest.mark.parametrize("start", ["014190", "818190"])
def test_numbers_of_an_institution_keep_the_strict_check_digit(start):
    assert fault_of(first_with(start, remainder=1)) is IdFault.FIRST_CHECK_DIGIT


def test_month_plus_40_is_an_h_number_unless_the_place_says_navs_test_persons():
    number = first_with("014190")
    navs = parse(number, synthetic_months=(80, 40))
    assert parse(number).kind is IdKind.H_NUMBER
    assert (navs.kind, navs.is_synthetic) == (IdKind.FODSELSNUMMER, True)


def test_month_plus_65_is_read_only_where_asked_for():
    number = first_with("016690")
    assert fault_of(number) is IdFault.IMPOSSIBLE_DATE
    assert parse(number, synthetic_months=(80, 65)).birth_date == date(1990, 1, 1)
    assert (
        fault_of(first_with("018190"), synthetic_months=()) is IdFault.IMPOSSIBLE_DATE
    )


@pytest.mark.parametrize(
    "start",
    [
        "008190",
        "328190",
        "408190",
        "318490",
        "308290",
        "298299",
        "018090",
        "019390",
        "016090",
    ],
)
def test_a_date_that_is_not_in_the_calendar_is_refused(start):
    assert fault_of(first_with(start)) is IdFault.IMPOSSIBLE_DATE


def test_the_29th_of_february_is_a_day_in_the_leap_years_of_the_right_century():
    leap_2000 = first_with("298200", individuals=range(500, 1000))
    no_leap_1900 = first_with("298200", individuals=range(500))
    assert parse(leap_2000).birth_date == date(2000, 2, 29)
    assert fault_of(no_leap_1900) is IdFault.IMPOSSIBLE_DATE


@pytest.mark.parametrize(
    ("yy", "is_leap"),
    [("90", False), ("91", False), ("92", True), ("93", False), ("00", True)],
)
def test_where_the_century_is_unknown_the_29th_needs_a_leap_year_in_some(yy, is_leap):
    number = first_with(f"2982{yy}", remainder=1)
    if is_leap:
        assert parse(number).birth_date is None
    else:
        assert fault_of(number) is IdFault.IMPOSSIBLE_DATE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", IdFault.WRONG_LENGTH),
        ("   ", IdFault.WRONG_LENGTH),
        ("0181901234", IdFault.WRONG_LENGTH),
        ("0181901234567", IdFault.WRONG_LENGTH),
        ("018190-12345", IdFault.LETTERS),
        ("018190 1234O", IdFault.LETTERS),
        ("٠١٨١٩٠١٢٣٤٥", IdFault.LETTERS),
        ("²²²²²²²²²²²", IdFault.LETTERS),
    ],
)
def test_what_is_not_eleven_digits_is_refused_with_the_reason(text, reason):
    assert fault_of(text) is reason


def test_spaces_are_ignored_wherever_they_stand():
    digits = make_synthetic(birth_date=date(1990, 1, 1), serial=0, female=True).digits
    spaced = f" {digits[:6]} {digits[6:9]}\u00a0{digits[9:]}\t"
    assert parse(spaced) == parse(digits)


@given(born=birth_dates, place=st.integers(0, 10), add=st.integers(1, 9))
@settings(max_examples=60)
def test_one_wrong_key_never_gives_another_number_of_todays_rule(born, place, add):
    digits = make_synthetic(birth_date=born, serial=0, female=True).digits
    wrong = f"{digits[:place]}{(int(digits[place]) + add) % 10}{digits[place + 1 :]}"
    try:
        read = parse(wrong)
    except InvalidNationalId:
        return
    assert read.is_2032_rule


def test_a_wrong_last_digit_is_a_wrong_second_check_digit():
    digits = make_synthetic(birth_date=date(1990, 1, 1), serial=0, female=True).digits
    wrong = digits[:10] + str((int(digits[10]) + 1) % 10)
    assert fault_of(wrong) is IdFault.SECOND_CHECK_DIGIT


def duf_of(ten):
    weighted = zip(map(int, ten), (4, 6, 3, 2, 4, 6, 3, 2, 7, 5), strict=True)
    return f"{ten}{sum(digit * weight for digit, weight in weighted) % 11:02}"


@pytest.mark.parametrize(
    "ten", ["2099000001", "2099000002", "2099000004", "2199123456"]
)
def test_a_duf_number_has_twelve_digits_and_the_remainder_at_the_end(ten):
    number = duf_of(ten)
    read = parse(f"{number[:4]} {number[4:]}")
    assert (read.kind, read.birth_date, read.digits) == (IdKind.DUF, None, number)
    last = (int(number[11]) + 1) % 10
    tens = (int(number[10]) + 1) % 10
    assert fault_of(f"{number[:11]}{last}") is IdFault.SECOND_CHECK_DIGIT
    assert fault_of(f"{ten}{tens}{number[11]}") is IdFault.FIRST_CHECK_DIGIT


def test_a_duf_number_may_end_in_ten():
    tens = (duf_of(f"2199{serial:06}") for serial in range(1000))
    number = next(duf for duf in tens if duf.endswith("10"))
    assert parse(number).kind is IdKind.DUF


def test_no_error_and_no_repr_shows_the_number_or_the_date():
    read = make_synthetic(birth_date=date(1987, 6, 5), serial=3, female=False)
    for text in (repr(read), str(read), f"{read}"):
        assert read.digits not in text
        assert "1987" not in text
    wrong = read.digits[:10] + str((int(read.digits[10]) + 1) % 10)
    with pytest.raises(InvalidNationalId) as error:
        parse(wrong)
    assert not any(char.isdigit() for char in str(error.value) + repr(error.value))


def test_two_numbers_are_equal_by_their_digits():
    one = make_synthetic(birth_date=date(1987, 6, 5), serial=0, female=True)
    assert one == NationalId(
        kind=IdKind.FODSELSNUMMER,
        digits=one.digits,
        birth_date=date(1987, 6, 5),
        is_synthetic=True,
    )
    assert one != make_synthetic(birth_date=date(1987, 6, 5), serial=1, female=True)
