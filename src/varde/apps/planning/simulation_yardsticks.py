"""The yardsticks of `varde bench-simulation`: the same work in other engines.

All take numbers that are drawn already. SimPy and Ciw are used when they are installed.
"""

from importlib.util import find_spec

import numpy as np
from numba import njit

from varde.engines.simulation.memory import Drawn
from varde.engines.simulation.scenario import Scenario
from varde.engines.simulation.scenario_file import read
from varde.engines.simulation.tables import activities


SERVERS = 3
THREE_SERVERS = """
format = 1
name = "mm3"
title = "Three servers, 200 000 customers"
days = {days}
classes = ["all"]
outcomes = ["done"]
[[places]]
name = "here"
[[streams]]
name = "customers"
first = "serve"
shares = {{ all = 1.0 }}
per_hour = 144
[[people]]
name = "server"
roles = ["server"]
count = 3
[[steps]]
name = "serve"
minutes = {{ kind = "exponential", mean = 1 }}
needs = ["server"]
next = [{{ to = "done" }}]
"""
CHAIN = """
format = 1
name = "chain"
title = "A small legevakt, a year"
days = 365
classes = ["all"]
outcomes = ["advice", "home", "hospital", "hung_up"]
[[places]]
name = "here"
[[streams]]
name = "calls"
first = "call"
shares = { all = 1.0 }
per_hour = 0.92
[[people]]
name = "operator"
roles = ["operator"]
[[people]]
name = "doctor"
roles = ["doctor"]
[[people]]
name = "bed"
roles = ["bed"]
count = 2
[[steps]]
name = "call"
minutes = { kind = "lognormal", mean = 8, sd = 6 }
needs = ["operator"]
patience = { kind = "exponential", mean = 5 }
next = [{ to = "advice", share = 0.45 }, { to = "consult", share = 0.55 }]
gives_up = [{ to = "hung_up" }]
[[steps]]
name = "consult"
minutes = { kind = "lognormal", mean = 20, sd = 12 }
needs = ["doctor"]
next = [{ to = "home", share = 0.9 }, { to = "bed", share = 0.1 }]
[[steps]]
name = "bed"
minutes = { kind = "lognormal", mean = 900, sd = 400 }
needs = ["bed"]
waits = false
next = [{ to = "home" }]
full = [{ to = "hospital" }]
"""


def three_servers(customers: int) -> Scenario:
    """M/M/3 at a load of 0.8 for about so many customers."""
    text = THREE_SERVERS.format(days=customers / 144.0 / 24.0)
    return read(text, filename="mm3.toml")


def chain() -> Scenario:
    """A year of a small legevakt: calls with patience, a doctor, two beds."""
    return read(CHAIN, filename="chain.toml")


def ten_districts() -> list[Scenario]:
    """The same legevakt with other numbers of operators, doctors and beds, another demand
    and other patience: ten scenarios of some 8 000 contacts a year."""
    count = "count = "
    changes = {
        "as_it_is": {},
        "two_operators": {'roles = ["operator"]': f'roles = ["operator"]\n{count}2'},
        "three_operators": {'roles = ["operator"]': f'roles = ["operator"]\n{count}3'},
        "two_doctors": {'roles = ["doctor"]': f'roles = ["doctor"]\n{count}2'},
        "one_bed": {f"{count}2": f"{count}1"},
        "three_beds": {f"{count}2": f"{count}3"},
        "more_advice": {"0.45": "0.6", "0.55": "0.4"},
        "quick_visits": {"mean = 20, sd = 12": "mean = 15, sd = 9"},
        "patient_callers": {"mean = 5 }": "mean = 10 }"},
        "long_stays": {"mean = 900, sd = 400": "mean = 1800, sd = 900"},
    }
    found = []
    for name, edits in changes.items():
        text = CHAIN.replace('name = "chain"', f'name = "{name}"')
        for old, new in edits.items():
            text = text.replace(old, new)
        found.append(read(text, filename=f"{name}.toml"))
    return found


def row(scenario: Scenario, name: str) -> int:
    """Which row of the drawn numbers belongs to an activity."""
    return [activity for activity, _ in activities(scenario)].index(name)


@njit(cache=True)
def bare_loop(arrived, minutes, horizon):
    """The barest compiled calendar of M/M/3: a heap of ends and a line of customers."""
    heap = np.empty(SERVERS)
    size = served = first = events = 0
    waited = 0.0
    line = np.empty(len(arrived), dtype=np.int64)
    last = arrival = 0
    while True:
        now = min(arrived[arrival], heap[0] if size > 0 else np.inf)
        if now > horizon:
            return waited, served, events
        events += 1
        if size > 0 and heap[0] == now:
            size -= 1
            value, hole = heap[size], 0
            while 2 * hole + 1 < size:
                down = 2 * hole + 1
                if down + 1 < size and heap[down + 1] < heap[down]:
                    down += 1
                if heap[down] >= value:
                    break
                heap[hole] = heap[down]
                hole = down
            heap[hole] = value
        else:
            line[last] = arrival
            last += 1
            arrival += 1
        while size < SERVERS and first < last:
            one = line[first]
            first += 1
            served += 1
            waited += now - arrived[one]
            value, hole = now + minutes[one], size
            size += 1
            while hole > 0 and heap[(hole - 1) >> 1] > value:
                heap[hole] = heap[(hole - 1) >> 1]
                hole = (hole - 1) >> 1
            heap[hole] = value


def has(library: str) -> bool:
    """Is this library installed beside us?"""
    return find_spec(library) is not None


def simpy_three_servers(scenario: Scenario, drawn: Drawn) -> tuple[float, int]:
    """Mean wait and the number served, by SimPy."""
    import simpy

    env = simpy.Environment()
    servers = simpy.Resource(env, capacity=SERVERS)
    minutes, waits = drawn.numbers[row(scenario, "minutes/serve")], []

    def customer(number):
        joined = env.now
        with servers.request() as request:
            yield request
            waits.append(env.now - joined)
            yield env.timeout(minutes[number])

    def source():
        for number, moment in enumerate(drawn.arrived[:-1]):
            yield env.timeout(moment - env.now)
            env.process(customer(number))

    env.process(source())
    env.run(until=scenario.horizon_min)
    return float(np.mean(waits)), len(waits)


def simpy_chain(scenario: Scenario, drawn: Drawn) -> dict[str, int]:
    """How many came to each outcome of the chain, by SimPy."""
    import simpy

    env = simpy.Environment()
    operator, doctor = simpy.Resource(env), simpy.Resource(env)
    beds = simpy.Resource(env, capacity=2)
    ended = dict.fromkeys(scenario.outcomes, 0)
    call, patience, consult, bed = (
        drawn.numbers[row(scenario, name)]
        for name in ("minutes/call", "patience/call", "minutes/consult", "minutes/bed")
    )
    after_call = drawn.numbers[row(scenario, "route/call")]
    after_consult = drawn.numbers[row(scenario, "route/consult")]

    def contact(number):
        with operator.request() as request:
            answered = yield request | env.timeout(patience[number])
            if request not in answered:
                ended["hung_up"] += 1
                return
            yield env.timeout(call[number])
        if after_call[number] < 0.45:
            ended["advice"] += 1
            return
        with doctor.request() as request:
            yield request
            yield env.timeout(consult[number])
        if after_consult[number] < 0.9:
            ended["home"] += 1
            return
        if beds.count == 2:
            ended["hospital"] += 1
            return
        with beds.request() as request:
            yield request
            yield env.timeout(bed[number])
        ended["home"] += 1

    def source():
        for number, moment in enumerate(drawn.arrived[:-1]):
            yield env.timeout(moment - env.now)
            env.process(contact(number))

    env.process(source())
    env.run(until=scenario.horizon_min)
    return ended


def ciw_three_servers(scenario: Scenario, drawn: Drawn) -> tuple[float, int]:
    """Mean wait and the number served, by Ciw."""
    import ciw

    count = len(drawn.contacts)
    gaps = np.diff(drawn.arrived[:-1], prepend=0.0).tolist()
    minutes = drawn.numbers[row(scenario, "minutes/serve"), :count].tolist()
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps, 1e12])],
        service_distributions=[ciw.dists.Sequential(minutes)],
        number_of_servers=[SERVERS],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(scenario.horizon_min)
    waits = [record.waiting_time for record in simulation.get_all_records()]
    return float(np.mean(waits)), len(waits)


def outcomes(scenario: Scenario, ended: np.ndarray) -> dict[str, int]:
    """The outcomes of a run by name."""
    counts = np.bincount(ended + 1, minlength=len(scenario.outcomes) + 1)[1:]
    return dict(zip(scenario.outcomes, map(int, counts), strict=True))
