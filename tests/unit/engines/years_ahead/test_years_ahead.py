"""The years ahead: Vefsn's own numbers, and the simulation against the exact answer."""

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.domain.load.rotation import RotaShape
from varde.engines.years_ahead import doctors as values
from varde.engines.years_ahead import simulation
from varde.engines.years_ahead.doctors import MONTHS, Assumptions, Doctor, by_age
from varde.engines.years_ahead.simulation import by_year, in_rota


RUNS = 4000


def assume(**changed):
    return Assumptions(
        **{
            "exempt_ages": (55, 60),
            "exempt_shares": (1.0, 1.0),
            "retire_age": 67,
            "exit_share": 0.0,
            "recruit_months": None,
            "new_age": 33,
        }
        | changed
    )


def run(doctors, assumptions, *, year=2020, month=1, years=10, runs=RUNS, seed=7):
    return in_rota(
        doctors, assumptions, year=year, month=month, years=years, runs=runs, seed=seed
    )


@pytest.mark.parametrize("module", [values, simulation])
def test_the_examples_are_true(module):
    assert doctest.testmod(module).failed == 0


# ---- Vefsn, 2020: 13 fastleger of 42 years on average, 12 of them in the rota, and a LIS1
# who has an own doctor behind and so relieves nobody. In five years nobody retires and three
# may ask for exemption; in ten years one has retired and six may ask. The years of birth
# are ours, made to fit that; the one who retires is the one who is not in the rota now.

BORN = [1966, 1968, 1970, 1972, 1974, 1975, 1983, 1985, 1987, 1988, 1990, 1993]
VEFSN = [
    Doctor(born_year=1963, back_in=None),
    *(Doctor(born_year=year) for year in BORN),
]
SHAPE = RotaShape(weekday_posts=1, weekday_h=16.5, weekend_duties=2, weekend_h=24)
SPEC = """
years | may ask | retired | left | every n-th weekday | every n-th weekend
0     | 0       | 0       | 12   | 12                 | 6
5     | 3       | 0       | 9    | 9                  | 4.5
10    | 6       | 1       | 6    | 6                  | 3
"""


def spec_rows():
    return [
        tuple(float(cell) for cell in line.split("|"))
        for line in SPEC.strip().splitlines()[1:]
    ]


@pytest.mark.parametrize("row", spec_rows(), ids=lambda row: f"in {row[0]:g} years")
def test_the_exemptions_of_vefsn_by_age(row):
    years, may_ask, retired, left, weekday, weekend = row
    found = by_age(VEFSN, assume(), now=2020, years=int(years))
    assert (found.may_ask, found.retired, found.left) == (may_ask, retired, left)
    turn = SHAPE.turn(found.left)
    assert (turn.nth_weekday, turn.nth_weekend) == (weekday, weekend)


def test_with_certain_assumptions_every_run_is_vefsn():
    counts = run(VEFSN, assume(), runs=5)
    assert counts[:, [0, 5, 10]].tolist() == [[12, 9, 6]] * 5


def test_the_doctors_of_the_example_are_as_old_as_those_of_vefsn():
    assert sum(one.age_in(2020) for one in VEFSN) / len(VEFSN) == 42


# ---- the exact answer: each post is a chain of its own, month by month


def exact_chances(doctor, assumed, *, year, month, years):
    """The chance that the post's holder is in the rota at the end of each year."""
    held = 1.0  # by the first doctor
    vacant = 0.0
    newcomers = {}  # by the year of birth
    leave, fill = assumed.exit_share_a_month, assumed.fill_share_a_month

    def shares(now, passed):
        age = doctor.age_in(now)
        stays = 1 - (0 if age is None else assumed.exempt_share_at(age))
        is_back = doctor.back_in is not None and doctor.back_in <= passed
        first = held * stays if is_back else 0.0
        others = sum(
            chance * (1 - assumed.exempt_share_at(now - born))
            for born, chance in newcomers.items()
        )
        return first + others

    found = [float(doctor.back_in == 0)]
    for passed in range(1, years * MONTHS + 1):
        now = year + (month - 1 + passed) // MONTHS
        filled = vacant * fill
        age = doctor.age_in(now)
        gone = 1.0 if age is not None and age >= assumed.retire_age else leave
        vacant += held * gone - filled
        held *= 1 - gone
        for born, chance in newcomers.items():
            out = 1.0 if now - born >= assumed.retire_age else leave
            vacant += chance * out
            newcomers[born] = chance * (1 - out)
        born = now - assumed.new_age
        newcomers[born] = newcomers.get(born, 0.0) + filled
        if passed % MONTHS == 0:
            found.append(shares(now, passed))
    return found


def exact_distribution(doctors, assumed, *, year, month, years):
    """The chance of each number in the rota, year by year: posts are independent."""
    chances = np.array(
        [
            exact_chances(one, assumed, year=year, month=month, years=years)
            for one in doctors
        ]
    )
    rows = []
    for column in chances.T:
        whole = np.array([1.0])
        for chance in column:
            whole = np.convolve(whole, [1 - chance, chance])
        rows.append(whole)
    return np.array(rows)


CASES = [
    assume(),
    assume(exit_share=0.1, recruit_months=6.0),
    assume(exempt_shares=(0.3, 0.8), exit_share=0.05, recruit_months=18.0),
    assume(exit_share=0.3, recruit_months=1.0, new_age=54),
    assume(exit_share=0.5),
    assume(exempt_shares=(0.9, 0.2), retire_age=58, new_age=57, recruit_months=3.0),
]
MIXED = [
    *VEFSN,
    Doctor(born_year=None),
    Doctor(born_year=1990, back_in=30),
    Doctor(born_year=1953),
]


@pytest.mark.parametrize("assumed", CASES)
@pytest.mark.parametrize("month", [1, 8])
def test_the_simulation_is_the_exact_answer_within_chance(assumed, month):
    counts = run(MIXED, assumed, month=month)
    exact = exact_distribution(MIXED, assumed, year=2020, month=month, years=10)
    people = np.arange(exact.shape[1])
    mean = exact @ people
    spread = np.sqrt(np.maximum(exact @ people**2 - mean**2, 0))
    # Five standard errors, over 12 x 11 means: a fault by chance in one of 10 000 runs.
    assert np.all(abs(counts.mean(axis=0) - mean) <= 5 * spread / np.sqrt(RUNS) + 1e-9)
    seen = (counts[:, :, None] == people).mean(axis=0)
    assert np.abs(seen - exact).max() < 5 * 0.5 / np.sqrt(RUNS)


def test_the_same_seed_gives_the_same_runs_and_another_others():
    assumed = assume(exit_share=0.1, recruit_months=6)
    one, same = (run(VEFSN, assumed, runs=50) for _ in range(2))
    assert (one == same).all()
    assert not (one == run(VEFSN, assumed, runs=50, seed=8)).all()


@settings(max_examples=20)
@given(st.floats(0, 0.4), st.integers(1, 30))
def test_where_nobody_is_exempt_more_exits_never_leave_more_people(exit_share, months):
    # With exemptions it need not hold: who comes instead is younger, and takes part.
    low, high = (
        run(
            VEFSN,
            assume(exit_share=e, exempt_shares=(0.0, 0.0), recruit_months=months),
            runs=200,
            years=4,
        )
        for e in (exit_share, min(1.0, exit_share + 0.5))
    )
    assert high.mean() <= low.mean() + 0.5
    assert low.min() >= 0
    assert low.max() <= len(VEFSN)


def test_the_next_holder_of_a_post_does_not_ask_as_the_last_one_did():
    # Each January the holder retires, and a new one of 56 comes: exempt in half of them.
    assumed = assume(
        exempt_shares=(0.5, 0.5), retire_age=57, new_age=56, recruit_months=1
    )
    counts = run([Doctor(born_year=1964)], assumed, month=7, years=4)
    again = (counts[:, 2:] == counts[:, 1:-1]).mean()
    assert 0.45 < again < 0.55


def test_the_ends_of_an_interval_were_really_seen():
    counts = np.array([[4, 0], [4, 0], [4, 1], [4, 3]])
    now, later = by_year(counts, low=0.1, high=0.9)
    assert (now.low, now.middle, now.high, now.nobody) == (4, 4, 4, 0)
    assert (later.low, later.middle, later.high) == (0, 0, 3)
    assert (later.mean, later.nobody) == (1.0, 0.5)


def test_unknown_age_is_counted_as_unknown_and_nobody_retires_by_it():
    found = by_age([Doctor(born_year=None)], assume(), now=2020, years=30)
    assert (found.unknown, found.may_ask, found.retired, found.left) == (1, 0, 0, 1)
    assert run([Doctor(born_year=None)], assume(), years=20, runs=3).min() == 1


def test_who_is_away_comes_back_when_the_time_is_out():
    rows = [Doctor(born_year=1990, back_in=13)]
    assert run(rows, assume(), runs=1, years=2).tolist() == [[0, 0, 1]]
    assert [by_age(rows, assume(), now=2020, years=n).left for n in (0, 1, 2)] == [
        0,
        0,
        1,
    ]


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"exempt_shares": (1.1, 0)}, "share"),
        ({"exit_share": -0.1}, "share"),
        ({"exit_share": float("nan")}, "share"),
        ({"recruit_months": 0.5}, "month"),
        ({"new_age": 67}, "younger"),
    ],
)
def test_assumptions_outside_their_range_are_refused(wrong, text):
    with pytest.raises(ValueError, match=text):
        assume(**wrong)


def test_numbers_outside_their_range_are_refused():
    with pytest.raises(ValueError, match="nobody"):
        run([], assume())
    with pytest.raises(ValueError, match="out of range"):
        run(VEFSN, assume(), years=41)
    with pytest.raises(ValueError, match="out of range"):
        run(VEFSN, assume(), month=13)
    with pytest.raises(ValueError, match="back_in"):
        Doctor(born_year=1980, back_in=-1)


def test_a_year_of_months_makes_the_share_of_the_year():
    monthly = assume(exit_share=0.2).exit_share_a_month
    assert (1 - monthly) ** 12 == pytest.approx(0.8)
    assert assume(exit_share=1.0).exit_share_a_month == 1.0
