"""A scenario as text is read back as it was, to the last digit and letter."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from varde.content import scenario_names, scenario_text
from varde.engines.simulation.scenario_file import read
from varde.engines.simulation.scenario_text import as_toml
from varde.engines.simulation.scenario_tree import read_tree


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain = (
    words
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
    ),
    max_leaves=6,
)


@given(tree=st.dictionaries(words, values, max_size=5))
def test_what_is_written_is_read_back(tree):
    assert tomllib.loads(as_toml(tree)) == tree


def test_every_ready_scenario_is_the_same_when_it_stands_alone():
    def bases(name):
        return scenario_text(name) if name in scenario_names() else None

    for name in scenario_names():
        text = scenario_text(name)
        whole = as_toml(read_tree(text, filename=name, bases=bases))
        assert "base = " not in whole.split("[[")[0]
        alone = read(whole, filename=name)
        assert alone == read(text, filename=name, bases=bases), name
