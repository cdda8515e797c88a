"""A vikar is barred from what begins outside the municipality's approval."""

import pytest

from tests.make_rota import slot, span, worker
from varde.domain.rota.able import Able
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.rules.held import timed


@pytest.mark.parametrize(
    ("approved", "rule"),
    [
        (None, None),
        ((), RotaRule.A_VIKAR_IS_APPROVED),
        ((span(0, 0, 15),), RotaRule.A_VIKAR_IS_APPROVED),  # ends as the duty begins
        ((span(0, 15, 1),), None),  # holds as it begins, and not to its end
        ((span(0, 16, 24),), RotaRule.A_VIKAR_IS_APPROVED),
        ((span(2, 0, 24), span(0, 0, 24)), None),
    ],
)
def test_the_approval_counts_as_a_duty_begins(approved, rule):
    (each,) = timed([slot("a", 0, 15, 7)])
    assert Able(worker(approved=approved)).barred(each) is rule
