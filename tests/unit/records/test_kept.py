"""What is remembered for seconds, and how it is forgotten."""

import pytest

from varde.apps.records import kept as module
from varde.apps.records.kept import forget, kept


class Clock:
    def __init__(self):
        self.now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def counted():
    asked = []

    @kept
    def read(place, *, on=None):
        """The answer."""
        asked.append((place, on))
        return f"{place} {on} {len(asked)}"

    return read, asked


def test_the_same_question_is_asked_once_in_its_time(clock):
    read, asked = counted()
    assert read(1) == read(1) == "1 None 1"
    clock.now += module.KEPT_S - 0.01
    assert read(1) == "1 None 1"
    clock.now += 0.01
    assert read(1) == "1 None 2"
    assert asked == [(1, None), (1, None)]


def test_other_arguments_are_another_question(clock):
    read, asked = counted()
    read(1)
    read(2)
    read(1, on=3)
    read(1, on=4)
    assert asked == [(1, None), (2, None), (1, 3), (1, 4)]


def test_nothing_is_an_answer_too(clock):
    asked = []

    @kept
    def read():
        asked.append(1)

    assert read() is None
    assert read() is None
    assert len(asked) == 1


def test_a_fault_is_not_remembered(clock):
    answers = [ValueError("not yet"), "there"]

    @kept
    def read():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="not yet"):
        read()
    assert read() == "there"


def test_all_is_forgotten_when_asked_to(clock):
    one, of_one = counted()
    two, of_two = counted()
    one(1)
    two(1)
    forget()
    one(1)
    two(1)
    assert (len(of_one), len(of_two)) == (2, 2)


def test_it_does_not_grow_without_end(clock, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    read, asked = counted()
    for place in range(10):
        read(place)
    read(9)
    assert len(asked) == 10


def test_the_function_keeps_its_name_and_words():
    read, _ = counted()
    assert (read.__name__, read.__doc__) == ("read", "The answer.")
