"""The parts of a content file: what is right is given, and what is wrong is told."""

import pytest

from varde.domain.errors import BadInput
from varde.engines.content_file import Part, read


def part(value):
    return Part(filename="f.yaml", where="list 'a'", value=value)


def test_a_file_that_is_well_formed_is_given_as_it_stands():
    file = read("a: [1, x]\n", filename="f.yaml")
    assert file == Part(filename="f.yaml", where="file", value={"a": [1, "x"]})
    assert read("", filename="f.yaml").value is None


def test_one_that_is_not_is_refused_and_the_cause_is_kept():
    with pytest.raises(BadInput) as caught:
        read("a: [", filename="f.yaml")
    assert str(caught.value) == (
        "f.yaml: is not well-formed YAML.\n"
        "Nothing was changed. Mend the file and load it again."
    )
    assert caught.value.__cause__ is not None


def test_a_part_may_be_named_otherwise():
    assert part(1).at("test 'b'") == Part(filename="f.yaml", where="test 'b'", value=1)


@pytest.mark.parametrize(
    ("value", "found"),
    [({"name": "x"}, "x"), ({"name": 0}, 0), ({}, None), ("name", None), (None, None)],
)
def test_what_stands_under_a_name_is_given_unchecked(value, found):
    assert part(value).under("name") == found
    assert part(value).under("name", otherwise=7) == (7 if found is None else found)


@pytest.mark.parametrize(
    ("take", "found", "given"),
    [
        (Part.text, " x ", "x"),
        (Part.number, 1, 1),
        (Part.number, 2, 2),
        (Part.rows, ["x", 1], (part("x"), part(1))),
        (Part.lists, {"x": [1], 2: ["y"]}, {"x": (part(1),), "2": (part("y"),)}),
    ],
)
def test_what_is_right_is_given(take, found, given):
    assert take(part({"name": found}), "name") == given


def test_a_number_that_is_not_said_is_one():
    assert part({}).number("name") == 1


@pytest.mark.parametrize(
    ("take", "problem", "wrong"),
    [
        (Part.text, "has no text for 'name'", [None, "", " ", 1, True, ["x"]]),
        (
            Part.number,
            "has no whole number above 0 for 'name'",
            [None, 0, -1, 1.0, True, "1"],
        ),
        (Part.rows, "has no name", [None, [], {}, {"a": 1}, "x"]),
        (Part.lists, "has no name", [None, {}, [], ["a"], "x"]),
        (Part.lists, "has no kad", [{"kad": []}, {"o": [1], "kad": {"a": 1}}]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(take, problem, wrong):
    for one in wrong:
        with pytest.raises(BadInput) as caught:
            take(part({"name": one}), "name")
        assert str(caught.value) == (
            f"f.yaml, column \"list 'a'\": {problem}.\n"
            "Nothing was changed. Mend the file and load it again."
        )


@pytest.mark.parametrize("take", [Part.text, Part.rows, Part.lists])
def test_a_part_that_has_no_names_is_told(take):
    for value in ("just words", ["name"], None):
        with pytest.raises(BadInput, match="has no"):
            take(part(value), "name")


@pytest.mark.parametrize("take", [Part.text, Part.rows, Part.lists])
def test_a_name_that_is_not_there_is_told(take):
    with pytest.raises(BadInput, match="has no"):
        take(part({}), "name")


def test_a_name_may_stand_once():
    part(None).each_once([])
    part(None).each_once(iter(["a", "b"]))
    with pytest.raises(BadInput, match="has a, b more than once"):
        part(None).each_once(iter(["b", "a", "c", "b", "a", "b"]))
