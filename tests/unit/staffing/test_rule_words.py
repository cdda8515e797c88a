"""Every code of the rules of a rota has its words, with the values that come along."""

import string

import pytest

from varde.apps.staffing.messages import rules as words
from varde.domain.rota.explain import Why
from varde.domain.rota.impossible import Obstacle
from varde.domain.rota.patterns import DayType
from varde.domain.rota.rules.breach import Breach, RotaRule
from varde.domain.rota.values import Account


def names(text):
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}


@pytest.mark.parametrize(
    ("table", "codes", "values"),
    [
        (words.RULE, RotaRule, set()),
        (words.BREACH, RotaRule, {"measured", "limit"}),
        (words.ACCOUNT, Account, set()),
        (words.DAY_TYPE, DayType, set()),
        (words.OBSTACLE, Obstacle, {"slot", "worker", "count", "needed", "there"}),
        (words.WHY, Why, {"held", "fair", "credit", "rule", "count", "worker"}),
    ],
)
def test_each_code_has_words_and_no_value_that_nobody_gives(table, codes, values):
    assert set(table) == set(codes)
    for text in table.values():
        assert str(text).strip()
        assert names(text) <= values


def test_a_breach_in_words():
    breach = Breach(
        rule=RotaRule.ENOUGH_REST_EVERY_DAY,
        worker="kari",
        slots=("a", "b"),
        measured=9.25,
        limit=11,
    )
    assert words.breach_in_words(breach) == "9,2 timer hvile mellom vakter, minst 11."
