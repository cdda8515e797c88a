"""The simulation gives what theory says, and what another simulator gives."""

from math import exp, factorial, log
from pathlib import Path

import numpy as np
import pytest

from varde.engines.simulation import draws, engines, study, tables
from varde.engines.simulation.scenario_file import read


QUEUE = """
format = 1
name = "queue"
title = "One queue"
days = {days}
warm_up_days = {warm_up}
classes = ["all"]
outcomes = ["done", "lost"]
[[places]]
name = "here"
[[streams]]
name = "customers"
first = "serve"
shares = {{ all = 1.0 }}
per_hour = {per_hour}
{by_hour}
[[people]]
name = "server"
roles = ["server"]
count = {servers}
[[steps]]
name = "serve"
minutes = {minutes}
target_min = 2
next = [{{ to = "done" }}]
{step}
"""
NEEDS = 'needs = ["server"]'


def queue(*, servers, per_hour, minutes, step, days=10, warm_up=0, by_hour=""):
    text = QUEUE.format(
        days=days,
        warm_up=warm_up,
        per_hour=per_hour,
        by_hour=by_hour,
        servers=servers,
        minutes=minutes,
        step=step,
    )
    return read(text, filename="queue.toml")


def exponential(mean):
    return f'{{ kind = "exponential", mean = {mean} }}'


def mean_of(scenario, measure, *, replications=20, seed=7):
    """The mean of a measure and three quarters of its interval's whole width."""
    done = study.run([scenario], replications=replications, seed=seed)
    found = study.interval(done.values[0][measure])
    return found.mean, 1.5 * found.half


def erlang_c(load, servers):
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top)


def test_three_servers_wait_as_the_formula_says():
    """M/M/3 at 2.4: facts/simulation.md 1.4 has 1.0787, from 0.647191 / 0.6."""
    expected = erlang_c(2.4, 3) / 0.6
    assert expected == pytest.approx(1.078652, abs=1e-6)
    three = queue(servers=3, per_hour=144, minutes=exponential(1), step=NEEDS, days=5, warm_up=0.2)  # fmt: skip
    mean, slack = mean_of(three, "wait.serve", replications=50)
    assert slack < 0.06
    assert mean == pytest.approx(expected, abs=slack)


@pytest.mark.parametrize(
    ("operators", "answered", "hang_up"),
    [(3, 0.5322, 0.2987), (5, 0.8649, 0.0812), (7, 0.9770, 0.0143)],
)
def test_callers_hang_up_as_erlang_a_says(operators, answered, hang_up):
    """30 calls an hour of 7 minutes, patience 5: facts/simulation.md 2.2."""
    calls = queue(
        servers=operators,
        per_hour=30,
        minutes=exponential(7),
        step=f'{NEEDS}\npatience = {exponential(5)}\ngives_up = [{{ to = "lost" }}]',
        days=40,
        warm_up=0.2,
    )
    mean, slack = mean_of(calls, "within.serve")
    assert mean == pytest.approx(answered, abs=slack)
    mean, slack = mean_of(calls, "gave_up.serve")
    assert mean == pytest.approx(hang_up, abs=slack)


def test_beds_refuse_as_erlang_b_says_whatever_the_stay():
    """M/G/c/c: three beds with a load of 2; the form of the stay does not matter."""
    beds = queue(
        servers=3,
        per_hour=2,
        minutes='{ kind = "lognormal", mean = 60, sd = 90 }',
        step=f'{NEEDS}\nwaits = false\nfull = [{{ to = "lost" }}]',
        days=60,
        warm_up=1,
    )
    terms = [2.0**k / factorial(k) for k in range(4)]
    mean, slack = mean_of(beds, "refused.serve")
    assert mean == pytest.approx(terms[3] / sum(terms), abs=slack)


def test_the_number_out_follows_the_rate_of_the_day():
    """M(t)/G/inf: Poisson, with the mean of the rate over the last service time."""
    rate = [1.0] * 12 + [5.0] * 12
    fixed = queue(
        servers=1,
        per_hour=6,
        minutes=30,
        step="",
        days=400,
        by_hour=f"by_hour = {rate}",
    )
    made = tables.make(fixed)
    drawn = draws.make(fixed, made, draws.Numbers(seed=3, replication=0))
    times = engines.run_calendar(made, drawn).times
    for hour, expected in ((12.0, 1.0), (12.25, 3.0), (13.0, 5.0), (24.25, 3.0)):
        moments = (np.arange(1, 399) * 24 + hour) * 60.0
        begun = np.searchsorted(np.sort(times[:, 1]), moments)
        ended = np.searchsorted(np.sort(times[:, 3]), moments)
        inside = begun - ended
        assert inside.mean() == pytest.approx(expected, abs=4 * np.sqrt(expected / 398))
        assert inside.var() == pytest.approx(expected, rel=0.35)


def test_the_factor_of_the_day_spreads_the_days_and_keeps_the_mean():
    days = queue(servers=1, per_hour=10, minutes=1, step="", days=1500)
    object.__setattr__(days, "factors", (tables_factor(),))
    made = tables.make(days)
    drawn = draws.make(days, made, draws.Numbers(seed=5, replication=0))
    count = np.bincount((drawn.arrived[:-1] / 1440).astype(int), minlength=1500)
    assert count.mean() == pytest.approx(240, rel=0.03)
    assert count.var() == pytest.approx(240 + 0.1 * 240**2, rel=0.15)


def tables_factor():
    from varde.engines.simulation.scenario import Factor

    return Factor(hours=24.0, variance=0.1)


def test_demand_falls_to_half_at_its_distance():
    text = """
format = 1
name = "far"
title = "Near and far"
days = 1
classes = ["all"]
outcomes = ["done"]
[[places]]
name = "town"
inhabitants = 1000
[[places]]
name = "far"
inhabitants = 1000
station = "town"
[[roads]]
between = ["town", "far"]
minutes = 40
km = 43
[[streams]]
name = "visits"
first = "serve"
shares = { all = 1.0 }
per_1000_a_year = 8766
half_km = 43
[[steps]]
name = "serve"
minutes = 1
next = [{ to = "done" }]
"""
    all_alike = read(text.replace("half_km = 43\n", ""), filename="far.toml")
    assert draws.hourly_rates(all_alike)[0, 1] == pytest.approx(np.ones(24))
    rates = draws.hourly_rates(read(text, filename="far.toml"))
    assert rates[0, 0] == pytest.approx(np.ones(24))
    assert rates[0, 1] == pytest.approx(np.full(24, 0.5))


def test_a_lognormal_has_the_mean_and_spread_that_were_asked_for():
    from varde.engines.simulation.scenario import Kind, Spread

    spread = Spread(kind=Kind.LOGNORMAL, mean=20, sd=12)
    normal = np.random.default_rng(1).standard_normal(200_000)
    minutes = draws.as_minutes(spread, normal)
    assert minutes.mean() == pytest.approx(20, rel=0.01)
    assert minutes.std() == pytest.approx(12, rel=0.02)
    assert log(minutes.min()) < log(20) < log(minutes.max())


# Means of treat-sim 3.0.0 over 50 replications: facts/simulation.md 4.1.
TREAT_SIM = {
    "contacts": (227.72, 227.72, 227.72, 227.72, 227.72, 227.72),
    "wait.triage": (35.24, 1.33, 35.24, 35.24, 1.33, 1.33),
    "wait.register": (105.57, 135.92, 105.57, 105.57, 135.92, 135.92),
    "wait.examine": (25.55, 26.69, 0.15, 25.55, 148.87, 66.00),
    "wait.treat": (136.66, 138.58, 151.81, 2.28, 33.57, 111.34),
    "stay.minor": (234.34, 232.13, 223.06, 192.19, 280.73, 244.80),
    "wait.stabilise": (151.68, 175.14, 151.68, 151.68, 175.14, 175.14),
    "stay.trauma": (292.28, 282.78, 292.28, 292.28, 282.78, 282.78),
    "outcome.home": (162.16, 162.92, 165.88, 195.30, 138.54, 156.60),
}
HALF = {
    "contacts": 4.6,
    "wait.triage": 5.9,
    "wait.register": 6.2,
    "wait.examine": 2.5,
    "wait.treat": 6.9,
    "stay.minor": 6.6,
    "wait.stabilise": 20.1,
    "stay.trauma": 19.1,
    "outcome.home": 2.2,
}
CHANGES = {
    "base": {},
    "triage+1": {"triage": 2},
    "exam+1": {"exam": 4},
    "treat+1": {"cubicle": 2},
    "swap": {"triage": 2, "exam": 2},
    "short exam": {"triage": 2, "exam": 2},
}


def treat_sim(name, counts):
    """A scenario of the table, as a change of the base."""
    people = "".join(
        f'[[people]]\nname = "{who}"\ncount = {count}\n'
        for who, count in counts.items()
    )
    short = '[[steps]]\nname = "examine"\nminutes = { mean = 12 }\n'
    steps = short if name == "short exam" else ""
    base = Path(__file__).with_name("treat_sim.toml").read_text("utf-8")
    text = f'base = "treat_sim"\nname = "{name}"\n{people}{steps}'
    return read(text, filename="change.toml", bases=lambda _: base)


def test_the_table_of_treat_sim_is_found_again():
    done = study.run(
        [treat_sim(name, counts) for name, counts in CHANGES.items()],
        replications=100,
        seed=11,
    )
    for measure, table in TREAT_SIM.items():
        for number, theirs in enumerate(table):
            ours = study.interval(done.values[number][measure])
            half = HALF[measure] * max(1.0, theirs / table[0])
            assert abs(ours.mean - theirs) <= half + ours.half, (measure, number, ours)
    arrived = [values["contacts"] for values in done.values]
    assert all(np.array_equal(arrived[0], other) for other in arrived)


def test_the_share_that_finds_somebody_out_is_that_of_the_load():
    """Poisson call-outs of an hour, two a day: 1 - exp(-load) meet one that is out."""
    out = queue(servers=1, per_hour=1 / 12, minutes=60, step="", days=2000)
    mean, slack = mean_of(out, "met_busy.serve", replications=8)
    assert mean == pytest.approx(1 - exp(-1 / 12), abs=slack)
