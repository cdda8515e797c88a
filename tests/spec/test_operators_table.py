"""Operators for the telephone: tables computed before the program was written, in two ways.

The anchor is printed by the CRAN package ErlangC too. Erlang-A was checked there by a
simulation of 4 × 60 000 calls a row. Norm: 80 % of all calls within 2 minutes.
"""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from varde.engines.telephony.erlang import erlang_a, erlang_c
from varde.engines.telephony.offered_load import offered_load
from varde.engines.telephony.operators import Callers, Norm, needed_by_erlang_c


NORM = Norm(limit_min=2, share=0.8)
# calls an hour: operators (share answered in time, per cent) with 5, 7 and 10 minutes
NEEDED = """
      2 |  1 88.1 |  1 81.3 |  2 96.6
      5 |  2 96.2 |  2 91.2 |  2 80.6
     10 |  2 84.6 |  3 92.2 |  4 93.6
     20 |  3 82.4 |  4 83.5 |  6 91.3
     30 |  4 82.4 |  6 91.3 |  8 90.8
     60 |  7 85.4 | 10 90.6 | 13 84.3
    120 | 13 91.4 | 17 85.2 | 24 86.6
    240 | 23 87.5 | 32 88.4 | 44 80.6
"""
# 30 calls an hour of 7 minutes, patience 5 minutes
# operators | Erlang-C | Erlang-A: in time, hung up, mean wait (s) | simulated: both
ROWS = """
    3 | 0.0000 | 0.5322 0.2987 89.6 | 0.5345 0.298
    4 | 0.3604 | 0.7300 0.1644 49.3 | 0.7285 0.165
    5 | 0.7539 | 0.8649 0.0812 24.4 | 0.8650 0.081
    6 | 0.9131 | 0.9408 0.0359 10.8 | 0.9394 0.037
    7 | 0.9720 | 0.9770 0.0143  4.3 | 0.9774 0.014
"""


def table(text):
    """The numbers of each line, part by part."""
    lines = text.strip().splitlines()
    return [
        [[float(x) for x in part.split()] for part in line.split("|")] for line in lines
    ]


def test_the_anchor_of_erlang_c():
    found = erlang_c(20 / 60, calls_per_hour=200, mean_call_min=3, operators=14)
    assert found.must_wait == pytest.approx(0.1741319, abs=5e-8)
    assert found.answered_within == pytest.approx(0.88835, abs=5e-6)
    assert found.mean_wait_min * 60 == pytest.approx(7.83594, abs=5e-6)
    assert found.occupancy == pytest.approx(0.7143, abs=5e-5)


@pytest.mark.parametrize(("calls", "five", "seven", "ten"), table(NEEDED))
def test_operators_needed_by_erlang_c(calls, five, seven, ten):
    for length, (count, share) in zip((5, 7, 10), (five, seven, ten), strict=True):
        callers = Callers(mean_call_min=length, mean_patience_min=5)
        assert needed_by_erlang_c(calls[0], callers=callers, norm=NORM) == count
        found = erlang_c(
            2, calls_per_hour=calls[0], mean_call_min=length, operators=count
        )
        assert 100 * found.answered_within == pytest.approx(share, abs=0.0501)


@pytest.mark.parametrize(("operators", "c", "a", "simulated"), table(ROWS))
def test_erlang_a_beside_erlang_c(operators, c, a, simulated):
    call = {"calls_per_hour": 30.0, "mean_call_min": 7.0, "operators": operators[0]}
    found_c = erlang_c(2, **call)
    found_a = erlang_a(2, mean_patience_min=5, **call)
    assert found_c.answered_within == pytest.approx(c[0], abs=5.1e-5)
    assert found_a.answered_within == pytest.approx(a[0], abs=5.1e-5)
    assert found_a.abandoned == pytest.approx(a[1], abs=5.1e-5)
    assert found_a.mean_wait_min * 60 == pytest.approx(a[2], abs=0.0501)
    assert found_a.answered_within == pytest.approx(simulated[0], abs=0.003)
    assert found_a.abandoned == pytest.approx(simulated[1], abs=0.003)


def test_endless_patience_is_erlang_c_to_six_digits():
    call = {"calls_per_hour": 30.0, "mean_call_min": 7.0, "operators": 5.0}
    assert erlang_a(2, mean_patience_min=1e6, **call).answered_within == pytest.approx(
        erlang_c(2, **call).answered_within, abs=3e-6
    )


def answered_in_time(rates, operators, *, mean_call_min, limit_min):
    """Share answered in time in each hour by the exact equations of M(t)/M/s(t).

    The number in the system over three days of the same profile; in the third day the
    chance of an answer in time of who comes now, as if the operators then stayed.
    """
    most = 160
    leaves = 1 / mean_call_min
    state = np.zeros(most)
    state[0] = 1.0
    shares = []
    number = np.arange(most)
    poisson = np.exp(-np.cumsum(np.log(np.maximum(number, 1))))
    for day in range(3):
        for rate, servers in zip(rates, operators, strict=True):
            come = rate / 60
            go = np.minimum(number, servers) * leaves

            def flow(_, p, come=come, go=go):
                out = -(come * (number < most - 1) + go) * p
                out[1:] += come * p[:-1]
                out[:-1] += go[1:] * p[1:]
                return out

            times = np.linspace(0, 60, 13)
            found = solve_ivp(flow, (0, 60), state, t_eval=times, rtol=1e-6).y
            state = found[:, -1]
            if day == 2:
                drained = servers * leaves * limit_min
                # Ahead of who finds n there: n - servers + 1 ends must come in time.
                steps = np.maximum(number - servers + 1, 0)
                chance = np.exp(-drained) * np.cumsum(drained**number * poisson)
                in_time = np.where(
                    steps == 0, 1.0, 1 - chance[np.maximum(steps - 1, 0)]
                )
                shares.append(float((in_time @ found).mean()))
    return np.array(shares)


def test_at_the_step_at_four_the_plain_rule_fails_and_the_offered_load_does_not():
    """Calls of 20 minutes, and four times as many from 16 when the surgeries close."""
    rates = np.array([6.0] * 8 + [10.0] * 8 + [40.0] * 4 + [25.0] * 2 + [12.0] * 2)
    callers = Callers(mean_call_min=20, mean_patience_min=5)
    load = offered_load(rates, interval_min=60, mean_call_min=20)

    def staffed(erlangs):
        return [
            needed_by_erlang_c(one * 60 / 20, callers=callers, norm=NORM)
            for one in erlangs
        ]

    plain, late = staffed(rates * 20 / 60), staffed(load.most)
    judged = [
        answered_in_time(rates, count, mean_call_min=20, limit_min=2)
        for count in (plain, late)
    ]
    assert (judged[0] < 0.8).sum() >= 1
    assert judged[0].min() < 0.7
    assert (judged[1] < 0.8).sum() == 0
    assert sum(late) < 1.15 * sum(plain)
