"""What people do, counted by hand: hand-over, cars, new looks, those who join."""

import numpy as np
import pytest

from varde.engines.simulation import engines, kernel, memory, sums, tables
from varde.engines.simulation.measures import measures
from varde.engines.simulation.memory import Drawn
from varde.engines.simulation.scenario_file import read


HEAD = """format = 1
name = "hand"
title = "By hand"
days = 1
hand_over_min = 5
classes = ["red", "green"]
outcomes = ["home"]
[[places]]
name = "town"
[[places]]
name = "far"
station = "town"
[[roads]]
between = ["town", "far"]
minutes = 20
[weather]
factor = 3
[[streams]]
name = "phone"
first = "work"
shares = { green = 1.0 }
per_hour = 1
"""
RED, GREEN, TOWN, FAR = 0, 1, 0, 1


def happened(text, *contacts, is_bad=0):
    """The log of contacts given as (minute, place, class), the same in both engines."""
    scenario = read(HEAD + text, filename="hand.toml")
    columns = [(0, place, TOWN, class_of) for _, place, class_of in contacts]
    drawn = Drawn(
        arrived=np.array([*(float(at) for at, _, _ in contacts), np.inf]),
        contacts=np.array(columns, dtype=np.int64).reshape(-1, 4),
        is_bad=np.full(2, is_bad, dtype=np.int64),
        numbers=np.zeros((3, len(contacts) + 8)),
    )
    run = kernel.run(scenario, drawn)
    same = engines.run_calendar(tables.make(scenario), drawn, is_compiled=False)
    for name in memory.Run._fields:
        assert np.array_equal(getattr(run, name), getattr(same, name)), name
    return run


WORK = """[[steps]]
name = "work"
minutes = 30
needs = ["nurse"]
next = [{ to = "home" }]
"""


def nurses(*, hands_over, base="town"):
    return f"""[[people]]
name = "early"
roles = ["nurse"]
hands_over = {hands_over}
duty = [{{ from = 0, to = 0.5 }}, {{ from = 0.5, to = 1 }}]
[[people]]
name = "late"
roles = ["nurse", "doctor"]
base = "{base}"
duty = [{{ from = 1, to = 4 }}]
"""


def test_unfinished_work_is_handed_over_and_takes_a_little_longer():
    run = happened(nurses(hands_over="true") + WORK, (45, TOWN, GREEN))
    assert run.times.tolist() == [[45.0, 45.0, 45.0, 80.0]]
    assert run.rows[0, 4] == 0b11
    assert run.busy.tolist() == [15.0, 20.0]


def test_who_does_not_hand_over_finishes_and_goes_home():
    two = ((45, TOWN, GREEN), (50, TOWN, GREEN))
    run = happened(nurses(hands_over="false") + WORK, *two)
    assert run.times[:, 3].tolist() == [75.0, 90.0]  # the second waits for the late one
    assert run.busy.tolist() == [30.0, 30.0]


def test_where_nobody_can_take_over_the_work_is_finished():
    run = happened(nurses(hands_over="true", base="far") + WORK, (45, TOWN, GREEN))
    assert run.times[0, 3] == 75.0
    assert run.busy.tolist() == [30.0, 0.0]


DOCTOR = """[[people]]
name = "doctor"
roles = ["doctor"]
has_car = true
hands_over = true
duty = [{ from = 0, to = 1.25 }, { from = 2, to = 0 }]
[[people]]
name = "other"
roles = ["doctor"]
duty = [{ from = 1.25, to = 2 }]
[[steps]]
name = "work"
minutes = 10
at = "patient"
needs = ["doctor"]
next = [{ to = "home" }]
"""


def test_a_doctor_on_the_way_home_turns_or_drives_on():
    run = happened(DOCTOR, (0, FAR, GREEN), (35, FAR, GREEN))
    assert run.times[:, 2].tolist() == [20.0, 40.0]  # five minutes back
    assert run.times[:, 3].tolist() == [30.0, 50.0]
    run = happened(DOCTOR, (0, FAR, GREEN), (35, TOWN, GREEN))
    assert run.times[:, 2].tolist() == [20.0, 50.0]  # fifteen left to the town
    run = happened(DOCTOR, (0, FAR, GREEN), (58, FAR, GREEN))
    assert run.times[:, 2].tolist() == [20.0, 78.0]  # home again at 50


def test_a_visit_is_not_handed_over_and_the_next_duty_begins_after_it():
    run = happened(DOCTOR, (70, FAR, GREEN))
    assert run.times[0, 3] == 100.0
    assert run.rows[0, 4] == 0b01
    run = happened(DOCTOR.replace("minutes = 10", "minutes = 60"), (70, FAR, GREEN), (80, FAR, GREEN))  # fmt: skip
    assert run.times[:, 1].tolist() == [70.0, 150.0]  # on duty anew at 120, free at 150


def test_bad_weather_makes_the_road_longer():
    assert happened(DOCTOR, (0, FAR, GREEN), is_bad=1).times[0, 2] == 60.0


LOOK = """[[people]]
name = "doctor"
roles = ["doctor"]
[[people]]
name = "nurse"
roles = ["nurse"]
[[steps]]
name = "work"
minutes = 60
needs = ["doctor"]
limit_min = { red = LIMIT, green = 10 }
look = "look"
raised = 1.0
next = [{ to = "home" }]
[[steps]]
name = "look"
minutes = 4
needs = ["nurse"]
next = [{ to = "home" }]
"""
THREE = ((0, TOWN, GREEN), (1, TOWN, GREEN), (2, TOWN, GREEN))


def test_one_who_waits_beyond_the_limit_is_looked_at_and_may_be_raised():
    run = happened(LOOK.replace("LIMIT", "1000"), *THREE)
    looks = run.rows[:, 0] >= 3
    assert run.times[looks][:, 1].tolist() == [11.0, 15.0]  # one nurse, one at a time
    assert run.class_now.tolist() == [GREEN, RED, RED]
    began = run.times[~looks & (run.rows[:, 1] == kernel.SERVED)][:, 1]
    assert began.tolist() == [0.0, 60.0, 120.0]


def test_without_a_limit_for_the_new_class_nobody_looks_again():
    often = happened(LOOK.replace("LIMIT", "15"), *THREE)
    assert (often.rows[:, 0] >= 3).sum() > 2
    scenario = LOOK.replace("LIMIT", "1e9")
    assert (happened(scenario, *THREE).rows[:, 0] >= 3).sum() == 2
    never = happened(LOOK.replace("LIMIT", "inf"), *THREE)
    assert (never.rows[:, 0] >= 3).sum() == 2


def test_one_look_at_a_time_also_when_the_patient_has_gone_on_to_the_next_queue():
    text = LOOK.replace("LIMIT", "1000").replace("minutes = 60", "minutes = 5")
    text = text.replace("green = 10", "green = 2").replace(
        "minutes = 4", "minutes = 100"
    )
    second = """[[steps]]
name = "bed"
minutes = 1
needs = ["nurse"]
limit_min = 10
look = "look"
next = [{ to = "home" }]
"""
    text = text.replace('next = [{ to = "home" }]', 'next = [{ to = "bed" }]', 1)
    run = happened(text + second, (0, TOWN, GREEN), (1, TOWN, GREEN))
    looks = run.times[(run.rows[:, 0] == 3) & (run.rows[:, 1] == kernel.SERVED)]
    assert looks[0].tolist() == [3.0, 3.0, 3.0, 103.0]
    assert all(began >= 103.0 for began in looks[1:, 1])
    assert (run.outcome == 0).all()


TEAM = """[[people]]
name = "ambulance"
roles = ["ambulance"]
has_car = true
base = "far"
[[people]]
name = "ambulance 2"
roles = ["ambulance"]
has_car = true
tier = 2
[[people]]
name = "doctor"
roles = ["doctor"]
has_car = true
[[steps]]
name = "work"
minutes = 30
at = "patient"
needs = ["ambulance"]
joins = ["doctor"]
is_doctor = true
next = [{ to = "home" }]
"""


def test_who_joins_comes_along_if_free_and_is_missed_if_not():
    run = happened(TEAM, (0, FAR, RED), (10, FAR, RED))
    assert run.rows[:, 4].tolist() == [0b101, 0b010]
    assert run.rows[:, 5].tolist() == [0, kernel_flags()]
    assert run.times[:, 2].tolist() == [0.0, 30.0]  # the first one there
    assert run.times[:, 3].tolist() == [50.0, 60.0]  # the doctor drives 20


def kernel_flags():
    from varde.engines.simulation.calendar import MET_BUSY, MISSED

    return MET_BUSY | MISSED


def test_too_little_room_for_the_log_is_found_and_mended(monkeypatch):
    monkeypatch.setattr(engines, "ROWS_A_CONTACT", 0)
    monkeypatch.setattr(engines, "ROWS_AT_LEAST", 1)
    run = happened(TEAM, (0, FAR, RED), (10, FAR, RED), (20, FAR, RED))
    assert len(run.rows) == 3
    assert run.events == pytest.approx(6)


@pytest.mark.parametrize("adder", [sums.add_up, sums.add_up_compiled])
def test_the_first_doctor_is_counted_from_the_arrival(monkeypatch, adder):
    monkeypatch.setattr(sums, "add_up_compiled", adder)
    scenario = read(HEAD + TEAM, filename="hand.toml")
    drawn = Drawn(
        arrived=np.array([0.0, 10.0, 1430.0, np.inf]),
        contacts=np.array(
            [[0, FAR, TOWN, RED], [0, FAR, TOWN, RED], [0, FAR, TOWN, GREEN]]
        ),
        is_bad=np.zeros(2, dtype=np.int64),
        numbers=np.zeros((1, 10)),
    )
    made = tables.make(scenario)
    run = kernel.run(scenario, drawn)
    found = measures(scenario, made, drawn, run)
    assert found["doctor.red"] == 10.0  # 0 and 20 minutes
    assert found["missed.work"] == pytest.approx(1 / 3)
    # From the arrival until the first of those who go out is there.
    reached = run.times[:, 2] - drawn.arrived[run.rows[:, 0]]
    assert found["reached.work"] == pytest.approx(reached.mean())
    assert reached.tolist() == [0.0, 20.0, 0.0]
    assert found["stay.red"] == 50.0
    assert (found["contacts"], found["in_system"], found["outcome.home"]) == (3, 1, 2)


@pytest.mark.parametrize("adder", [sums.add_up, sums.add_up_compiled])
def test_who_is_raised_by_waiting_is_counted_in_the_class_they_came_with(monkeypatch, adder):  # fmt: skip
    # Else a scenario with longer waits moves those who waited longest to another row.
    monkeypatch.setattr(sums, "add_up_compiled", adder)
    text = LOOK.replace("LIMIT", "1000").replace("minutes = 60", "is_doctor = true\nminutes = 60", 1)  # fmt: skip
    scenario = read(HEAD + text, filename="hand.toml")
    drawn = Drawn(
        arrived=np.array([0.0, 1.0, 2.0, np.inf]),
        contacts=np.array([[0, TOWN, TOWN, GREEN]] * 3),
        is_bad=np.zeros(2, dtype=np.int64),
        numbers=np.zeros((4, 10)),
    )
    made = tables.make(scenario)
    run = kernel.run(scenario, drawn)
    assert run.class_now.tolist() == [GREEN, RED, RED]
    found = measures(scenario, made, drawn, run)
    assert found["doctor.green"] == pytest.approx((0 + 59 + 118) / 3)
    assert np.isnan(found["doctor.red"])
