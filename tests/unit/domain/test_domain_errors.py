import pytest

from varde.domain.errors import BadInput, Rule, RuleBroken, VardeError


def test_a_broken_rule_carries_the_rule_and_its_values():
    error = RuleBroken(Rule.OWNED_BY_ANOTHER, owner="Kari", since="12:00")
    assert isinstance(error, VardeError)
    assert error.rule is Rule.OWNED_BY_ANOTHER
    assert error.values == {"owner": "Kari", "since": "12:00"}
    assert str(error) == "owned_by_another {'owner': 'Kari', 'since': '12:00'}"


def test_every_rule_is_a_key_for_the_message_table():
    assert all(rule.value == rule.name.lower() for rule in Rule)


def test_bad_input_says_where_what_which_values_what_state_and_the_cure():
    error = BadInput(
        file="calls.csv",
        line=4,
        column="priority",
        values=["high", "low"],
        problem="must be a whole number.",
        cure="Correct the line and import again.",
    )
    assert str(error).splitlines() == [
        "calls.csv, line 4, column 'priority': must be a whole number.",
        "Found: 'high', 'low'.",
        "Nothing was changed. Correct the line and import again.",
    ]
    assert (error.file, error.line, error.column) == ("calls.csv", 4, "priority")
    assert error.values == ("high", "low")


def test_bad_input_without_line_column_and_values_is_still_a_full_text():
    error = BadInput(file="a.csv", problem="is empty", cure="Choose another file")
    assert str(error) == "a.csv: is empty.\nNothing was changed. Choose another file."


@pytest.mark.parametrize(
    ("count", "ending"),
    [(5, "'v4'."), (6, "'v4' and 1 more."), (9, "'v4' and 4 more.")],
)
def test_only_the_first_five_values_are_shown(count, ending):
    values = [f"v{number}" for number in range(count)]
    error = BadInput(file="a.csv", problem="p", cure="c", values=values)
    assert str(error).splitlines()[1].endswith(ending)


@pytest.mark.parametrize(("length", "shown"), [(60, "'" + "x" * 60 + "'."), (61, "….")])
def test_a_long_value_is_cut(length, shown):
    error = BadInput(file="a.csv", problem="p", cure="c", values=["x" * length])
    assert str(error).splitlines()[1].endswith(shown)
    assert "x" * 61 not in str(error)
