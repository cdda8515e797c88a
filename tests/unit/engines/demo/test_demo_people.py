"""People who do not exist, in numbers that do."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.engines.demo.demo_district import (
    UNTIL,
    YEARS,
    demo,
    few_people,
    people,
)
from varde.domain.national_id import IdKind, make_synthetic, parse
from varde.engines.demo.codes import NONE, PROTECTIONS
from varde.engines.demo.numbers import national_ids, phone_numbers
from varde.engines.demo.people import ages, make_people
from varde.engines.demo.staff import fastleger


birth_dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2039, 12, 31))


def days(dates):
    """Dates as numpy has them."""
    return np.array(dates, dtype="datetime64[D]")


def slow_age(born, on):
    """The age as one says it: birthdays passed."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@given(born=birth_dates, on=birth_dates)
def test_the_age_is_the_number_of_birthdays(born, on):
    assert ages(days([born]), days([on])) == [slow_age(born, on)]


@given(people_born=st.lists(st.tuples(birth_dates, st.booleans()), max_size=40))
def test_the_numbers_are_those_that_the_domain_makes(people_born):
    born = days([day for day, _ in people_born])
    female = np.array([is_female for _, is_female in people_born], dtype=bool)
    serials = {}
    expected = []
    for day, is_female in people_born:
        serial = serials.get((day, is_female), 0)
        serials[day, is_female] = serial + 1
        made = make_synthetic(birth_date=day, serial=serial, female=is_female)
        expected.append(made.digits)
    assert national_ids(born, female=female).tolist() == expected


def test_a_hundred_of_one_day_have_the_numbers_that_the_domain_makes():
    for year in (1938, 1975, 2004):
        day = date(year, 7, 9)
        made = national_ids(days([day] * 100), female=np.ones(100, dtype=bool))
        serial = 99
        last = make_synthetic(birth_date=day, serial=serial, female=True)
        assert made[serial] == last.digits
        assert len(set(made.tolist())) == 100


def test_more_people_of_one_day_than_there_are_numbers_are_refused():
    with pytest.raises(ValueError, match="300 persons of one sex on one day"):
        national_ids(days([date(1980, 1, 1)] * 300), female=np.zeros(300, dtype=bool))


def test_every_national_number_is_valid_and_synthetic():
    given_numbers = [n for n in few_people().national_id.tolist() if n]
    assert len(given_numbers) > 1500
    assert len(set(given_numbers)) == len(given_numbers)
    read = [parse(number) for number in given_numbers]
    assert all(n.is_synthetic and n.kind is IdKind.FODSELSNUMMER for n in read)
    assert not any(n.is_2032_rule for n in read)


def test_the_number_tells_the_birth_date_and_nobody_from_here_lacks_one():
    some = few_people()
    has_number = some.national_id != ""
    assert has_number[~some.is_visitor].all()
    assert 0.2 < (~has_number[some.is_visitor]).mean() < 0.6
    for number, born in zip(
        some.national_id[has_number][:200], some.birth_date[has_number], strict=False
    ):
        assert parse(str(number)).birth_date == born.item()


def test_telephone_numbers_are_none_that_anybody_has():
    numbers = phone_numbers(12).tolist()
    assert len(set(numbers)) == 12
    assert all(number.startswith("+470") and len(number) == 11 for number in numbers)
    assert phone_numbers(0).size == 0


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_each_new_year_has_its_inhabitants(year):
    day = np.datetime64(f"{year}-01-01")
    # Who is born on the last day is here a day later.
    here = people().lives_here(day, day) & ~people().is_visitor
    for index, municipality in enumerate(demo().municipalities):
        ours = here[people().municipality == index].sum()
        real = municipality.inhabitants(year)
        assert abs(ours - real) < 0.03 * real + 12
    assert here.sum() == pytest.approx(
        sum(m.inhabitants(year) for m in demo().municipalities), rel=0.01
    )


def test_each_age_and_sex_has_its_share():
    day = np.datetime64("2024-01-01")
    here = people().lives_here(day, day) & ~people().is_visitor
    age = ages(people().birth_date, day)
    total = sum(sum(counts) for counts in demo().ages.values())
    for column, band in enumerate(demo().age_bands):
        for sex in ("female", "male"):
            real = (
                sum(c[column] for (_, s), c in demo().ages.items() if s == sex) / total
            )
            in_band = (age >= band.first) & (age <= band.last)
            ours = (here & in_band & (people().female == (sex == "female"))).sum()
            assert ours / here.sum() == pytest.approx(real, rel=0.05)


def test_nobody_is_born_after_the_end_or_dies_before_birth():
    some = people()
    assert some.birth_date.max() <= np.datetime64(UNTIL.date())
    dead = ~np.isnat(some.died_on)
    assert dead.sum() > 500
    assert (ages(some.birth_date[dead], some.died_on[dead]) >= 70).all()
    came = ~np.isnat(some.resident_from)
    assert (some.resident_from[came] >= some.birth_date[came]).all()
    left = came & ~np.isnat(some.resident_to)
    assert (some.resident_to[left] >= some.resident_from[left]).all()


def test_who_has_died_or_moved_or_is_not_born_does_not_live_here():
    some = people()
    far_back = np.datetime64("2022-01-01")
    here = some.lives_here(far_back, far_back)
    assert not here[some.birth_date > far_back].any()
    assert not here[some.died_on <= far_back].any()
    was_here = np.isnat(some.resident_from) & ~(some.resident_to <= far_back)
    assert here[was_here & (some.birth_date <= far_back)].all()


def test_everybody_lives_in_a_place_of_the_own_municipality():
    numbers = [m.number for m in demo().municipalities]
    of_place = np.array([numbers.index(p.municipality) for p in demo().places])
    assert (of_place[people().place] == people().municipality).all()


def test_inhabitants_have_a_fastlege_of_their_own_municipality_but_a_few():
    doctors = fastleger(demo())
    numbers = np.array([m.number for m in demo().municipalities])
    home = np.array([d.municipality for d in doctors])
    some = people()
    has = some.fastlege != NONE
    assert 0.95 < has[~some.is_visitor].mean() < 0.99
    assert not has[some.is_visitor].any()
    assert (home[some.fastlege[has]] == numbers[some.municipality[has]]).all()


def test_every_surgery_has_doctors_with_names_of_their_own():
    doctors = fastleger(demo())
    assert len(doctors) == sum(office.doctors for office in demo().offices)
    assert len({d.name for d in doctors}) > 0.95 * len(doctors)
    assert {d.office for d in doctors} == set(range(len(demo().offices)))


def test_names_go_with_age_and_sex():
    some = people()
    old = some.birth_date < np.datetime64("1960-01-01")
    older, younger = demo().names.older, demo().names.younger
    born_here = some.language == "nb"
    assert set(some.given_name[old & some.female & born_here]) <= set(older.female)
    assert set(some.given_name[~some.female & born_here]) <= {
        *older.male,
        *younger.male,
    }
    assert (some.language == "nb").mean() == pytest.approx(younger.share, abs=0.03)


def test_some_need_an_interpreter_and_a_few_have_a_protected_address():
    some = people()
    assert not some.needs_interpreter[some.language == "nb"].any()
    assert 0.01 < some.needs_interpreter.mean() < 0.06
    protected = np.bincount(some.protection, minlength=len(PROTECTIONS)) / len(some)
    assert protected[0] > 0.99
    assert (protected[1:] > 0).all()


def test_visitors_have_a_home_elsewhere_or_abroad_and_no_address_here():
    some = people()
    assert set(some.home_number[~some.is_visitor]) == {""}
    homes = {home.number for home in demo().visitor_homes}
    assert set(some.home_number[some.is_visitor]) == homes | {""}
    assert set(some.address[some.is_visitor]) == {""}
    assert "" not in set(some.address[~some.is_visitor])


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    def made(seed):
        return make_people(demo(), seed=seed, years=1, until=UNTIL, scale=0.01)

    first, again, other = made(1), made(1), made(2)
    for name in type(first).__slots__:
        np.testing.assert_array_equal(getattr(first, name), getattr(again, name))
    assert first.national_id.tolist() != other.national_id.tolist()


def test_a_larger_scale_has_more_people():
    small, large = (
        len(make_people(demo(), seed=1, years=1, until=UNTIL, scale=s))
        for s in (0.02, 0.04)
    )
    assert large == pytest.approx(2 * small, rel=0.05)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"years": 0}, "at least 1, got 0"),
        ({"scale": 0.0}, "above 0, got 0.0"),
        ({"until": datetime(2024, 1, 1)}, "no time zone"),
    ],
)
def test_a_history_without_length_size_or_end_is_refused(wrong, says):
    right = {"years": YEARS, "scale": 1.0, "until": UNTIL}
    with pytest.raises(ValueError, match=says):
        make_people(demo(), seed=1, **right | wrong)


def test_the_last_day_may_be_in_the_middle_of_a_year():
    until = datetime(2023, 6, 10, tzinfo=UTC)
    some = make_people(demo(), seed=1, years=1, until=until, scale=0.05)
    youngest = some.birth_date.max().item()
    assert until.date() - timedelta(days=90) < youngest <= until.date()


def test_few_of_the_very_old_are_over_a_hundred():
    day = np.datetime64("2024-01-01")
    here = people().lives_here(day, day) & ~people().is_visitor
    age = ages(people().birth_date, day)[here]
    assert age.max() <= 105
    assert 0 < (age >= 100).sum() < 0.1 * (age >= 90).sum()
