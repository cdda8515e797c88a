"""What makes a rota impossible is seen before anybody tries, and never where it is not."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.make_rota import ALWAYS, limits, slot, span, worker
from varde.domain.rota.impossible import Impossible, Obstacle, impossible
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Law


def seen(slots, workers, **other):
    return impossible(slots=slots, workers=workers, limits=limits(**other))


def test_what_can_be_made_is_not_said_to_be_impossible():
    assert seen([slot("v0", 0), slot("v1", 1)], [worker()]) == ()


def test_a_duty_that_nobody_may_take():
    slots = [
        slot("v0", 0),
        slot("o1", 0, post="operator"),
        slot("o2", 1, post="operator"),
    ]
    assert seen(slots, [worker()]) == (
        Impossible(code=Obstacle.NOBODY_MAY, slots=("o1", "o2")),
    )


def test_a_person_who_may_have_none():
    away = worker("ola", away=(span(0, 0, 48),))
    assert seen([slot("v0", 0)], [worker(), away]) == (
        Impossible(code=Obstacle.MAY_HAVE_NONE, worker="ola"),
    )
    filler = worker("ola", away=(span(0, 0, 48),), share=0)
    assert seen([slot("v0", 0)], [worker(), filler]) == ()


@pytest.mark.parametrize(
    ("periods", "is_wrong"),
    [
        ([(10, 24), (11, 24)], False),
        ([(11, 24), (10, 25)], True),
        ([(10, 24)], False),
        ([(10, 24 * 9), (12, 24)], True),
    ],
)
def test_two_absences_at_once(periods, is_wrong):
    away = tuple(span(day, 0, hours) for day, hours in periods)
    found = seen([slot("v0", 0)], [worker(away=away)])
    expected = Impossible(code=Obstacle.OVERLAPPING_AWAY, worker="kari")
    assert found == ((expected,) if is_wrong else ())


def test_more_places_at_once_than_people():
    slots = [slot("v0", 0), slot("v1", 0, 18), slot("v2", 1)]
    assert seen(slots, [worker()]) == (
        Impossible(code=Obstacle.TOO_FEW_PEOPLE, slots=("v0", "v1"), needed=2, there=1),
    )
    assert seen(slots, [worker(), worker("ola")]) == ()


def test_people_are_counted_by_what_each_may_have():
    """Two people, but both places can only be filled when each has the right one."""
    slots = [slot("v0", 0), slot("b0", 0, post="bakvakt")]
    both = worker("ola")
    first = worker(posts=frozenset({"forvakt"}))
    assert seen(slots, [both, first]) == ()
    also_first = worker("ola", posts=frozenset({"forvakt"}))
    third = worker("per", away=(span(0, 0, 24),))
    found = seen([*slots, slot("b1", 1, post="bakvakt")], [also_first, first, third])
    assert [item.code for item in found] == [Obstacle.NOBODY_MAY]
    assert found[0].slots == ("b0",)


def test_nobody_who_may_work_alone():
    young = worker(alone=())
    assert seen([slot("v0", 0)], [young]) == (
        Impossible(code=Obstacle.NOBODY_COMPETENT, slots=("v0",)),
    )
    slots = [slot("v0", 0), slot("b0", 0, post="bakvakt")]
    assert seen(slots, [young, worker("ola")]) == ()
    assert (
        seen([slot("o0", 0, post="operator")], [worker(posts={"operator"}, alone=())])
        == ()
    )


def test_more_hours_than_the_law_lets_those_there_work():
    slots = [slot(f"v{day}", day, 8, 12) for day in range(14)]
    (found,) = seen(slots, [worker()])
    assert (found.code, found.needed, found.there) == (
        Obstacle.TOO_FEW_HOURS,
        14 * 12,
        3 * 54,
    )
    assert seen(slots, [worker(law=Law.SFS2305)]) == ()
    assert seen(slots, [worker(), worker("ola")]) == ()


def test_over_many_weeks_it_is_the_average_that_counts():
    slots = [slot(f"v{day}", day, 8, 12) for day in range(7 * 15) if day % 7 < 4]
    assert seen(slots, [worker()], average_weeks=4) == ()
    (found,) = seen(slots, [worker()], average_weeks=4, week_hours=40)
    assert found.there == 4 * 4 * 40


POOL = [
    slot("v0", 0),
    slot("v1", 0, 18, 8),
    slot("v2", 1, 9, 9),
    slot("b0", 0, post="bakvakt"),
    slot("b1", 1, 15, 17, post="bakvakt"),
]
PEOPLE = {
    name: [
        worker(name),
        worker(name, posts=frozenset({"forvakt"})),
        worker(name, alone=()),
        worker(name, away=(span(0, 0, 24),)),
        worker(name, no_nights=(ALWAYS,), law=Law.SFS2305),
    ]
    for name in "ab"
}
FATAL = {
    Obstacle.NOBODY_MAY,
    Obstacle.TOO_FEW_PEOPLE,
    Obstacle.NOBODY_COMPETENT,
    Obstacle.TOO_FEW_HOURS,
}


@settings(deadline=None, max_examples=30)
@given(
    slots=st.lists(
        st.sampled_from(POOL), unique_by=lambda s: s.id, min_size=1, max_size=4
    ),
    a=st.sampled_from(PEOPLE["a"]),
    b=st.sampled_from(PEOPLE["b"]),
    most=st.sampled_from([2, 13]),
)
def test_what_is_said_to_be_impossible_is_so_by_trying_everything(slots, a, b, most):
    """Every way to fill all places is tried: none is allowed where an obstacle is seen."""
    limit = limits(week_hours=most, one_week_hours=most, average_weeks=1)
    found = impossible(slots=slots, workers=[a, b], limits=limit)
    if FATAL & {item.code for item in found}:
        for who in product("ab", repeat=len(slots)):
            held = {s.id: name for s, name in zip(slots, who, strict=True)}
            tried = judge(slots=slots, workers=[a, b], assignment=held, limits=limit)
            assert not tried.is_allowed
