"""Both formats behind one door."""

from itertools import count

import pytest

from tests.unit.engines.rostering.tiny import CURTOIS, INRC1
from varde.engines.rostering.public import FORMATS, read_public
from varde.engines.rostering.search import Limits


@pytest.mark.parametrize(
    ("format", "text", "people"),
    [("curtois", CURTOIS, ("A", "B")), ("inrc1", INRC1, ("0", "1"))],
)
def test_an_instance_is_read_solved_and_judged(format, text, people):
    steps = count()
    instance = read_public(text.encode(), file="tiny.txt", format=format)
    heard = []
    solved = instance.solve(
        limits=Limits(seconds=60),
        clock=lambda: next(steps) * 0.001,
        on_better=heard.append,
    )
    assert instance.people == people
    assert [len(days) for days in solved.roster] == [instance.days] * 2
    assert instance.is_allowed(solved.roster)
    assert instance.objective(solved.roster) == solved.objective == solved.bound
    assert heard[-1].roster == solved.roster


def test_an_instance_that_cannot_be_has_no_roster():
    text = INRC1.replace("Thursday, E, 1", "Thursday, E, 3")
    instance = read_public(text.encode(), file="tiny.txt", format="inrc1")
    steps = count()
    solved = instance.solve(
        limits=Limits(seconds=60), clock=lambda: next(steps) * 0.001
    )
    assert solved.roster is None
    assert not instance.is_allowed(())


def test_the_formats_have_names():
    assert FORMATS == ("curtois", "inrc1")
