"""How long somebody has lain in a bed, in words that promise no time that is not there."""

import pytest
from django.utils import timezone

from varde.apps.station.messages.beds import length_words, limit_words, look_words
from varde.domain.beds import BedTime, LookPicture, LookState


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "0 min"),
        (0.99, "59 min"),
        (1, "1 t"),
        (1.99, "1 t"),
        (47.99, "47 t"),
        (48, "2 døgn"),
        (49.5, "2 døgn 1 t"),
        (120, "5 døgn"),
    ],
)
def test_a_length_is_rounded_down(hours, words):
    assert length_words(hours) == words


@pytest.mark.parametrize(
    ("hours", "left", "is_over", "words"),
    [
        (100, 20, False, "20 t igjen av 5 døgn"),
        (120, 0, False, "0 min igjen av 5 døgn"),
        (130, -10, True, "10 t over grensa på 5 døgn"),
        (130, None, None, "Ingen grense er satt."),
    ],
)
def test_the_limit_is_told_as_what_is_left_or_passed(hours, left, is_over, words):
    time = BedTime(hours=hours, limit_at=None, left_hours=left, is_over=is_over)
    assert limit_words(time) == words


@pytest.mark.parametrize(
    ("state", "begins"),
    [
        (LookState.NONE_PLANNED, "Ingen har satt tid"),
        (LookState.PLANNED, "Neste tilsyn "),
        (LookState.OVERDUE, "Tilsyn skulle vært gjort "),
        (LookState.ENDED, "Oppholdet er avsluttet"),
    ],
)
def test_each_state_of_the_looks_has_its_words(state, begins):
    has_next = state in {LookState.PLANNED, LookState.OVERDUE}
    look = LookPicture(
        state=state,
        next_at=timezone.now() if has_next else None,
        last_seen_at=None,
        overdue_min=5,
    )
    assert look_words(look).startswith(begins)
