"""Tickets: they go round, and two patients who are here never have the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from varde.domain.ticket import LAST, LETTERS, ticket_after


ALL = [f"{letter}{n:02}" for letter in LETTERS for n in range(1, LAST + 1)]


@pytest.mark.parametrize(
    ("last", "following"),
    [(None, "A01"), ("A01", "A02"), ("A98", "A99"), ("A99", "B01"), ("X99", "A01")],
)
def test_the_next(last, following):
    assert ticket_after(last) == following


@given(st.sampled_from([None, *ALL]), st.sets(st.sampled_from(ALL)))
def test_it_is_never_one_in_use_and_the_nearest_free(last, in_use):
    found = ticket_after(last, in_use=frozenset(in_use))
    first = 0 if last is None else ALL.index(last) + 1
    in_turn = ALL[first:] + ALL[:first]
    assert found == next(ticket for ticket in in_turn if ticket not in in_use)


@pytest.mark.parametrize("text", ["", "A", "A1", "A00", "I01", "AA1", "A001", "a01"])
def test_what_is_no_ticket_is_refused(text):
    with pytest.raises(ValueError, match="is not a ticket"):
        ticket_after(text)


def test_when_all_are_in_use_it_says_so():
    with pytest.raises(ValueError, match="in use"):
        ticket_after("A01", in_use=frozenset(ALL))
