"""Every example of the missions engine is run."""

import doctest

from varde.engines.missions import leg_file


def test_the_examples_are_true():
    result = doctest.testmod(leg_file)
    assert result.attempted > 0
    assert result.failed == 0
