"""YAML and TOML as plain values with lines, and what is refused at the door."""

import doctest
import time
import tomllib

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.triage.index_file import as_yaml, sound
from varde.engines.triage import file_tree, toml_tree, yaml_tree
from varde.engines.triage.file_tree import MAX_CHARACTERS, MAX_DEPTH, FileTree, place
from varde.engines.triage.problems import BadIndex, IndexRule
from varde.engines.triage.reading import read_tree
from varde.engines.triage.yaml_tree import MAX_ALIASES


def read(text, ending="yaml"):
    return read_tree(text, filename=f"fil.{ending}")


def refusal(text, ending="yaml"):
    with pytest.raises(BadIndex) as caught:
        read(text, ending)
    (problem,) = caught.value.problems
    assert problem.cure
    return problem


def test_the_examples_of_the_docstrings_are_true():
    result = doctest.testmod(file_tree)
    assert result.attempted > 0
    assert result.failed == 0


# The file itself ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.yaml", "a.yml", "A.YML", "b.c.yaml"])
def test_yaml_is_known_by_its_name(name):
    assert read_tree("a: 1", filename=name).value == {"a": 1}


@pytest.mark.parametrize("name", ["a.toml", "A.TOML"])
def test_toml_is_known_by_its_name(name):
    assert read_tree("a = 1", filename=name).value == {"a": 1}


@pytest.mark.parametrize("name", ["a.json", "a", "yaml", "a.yaml.exe"])
def test_a_file_of_another_kind_is_refused(name):
    with pytest.raises(BadIndex) as caught:
        read_tree("a: 1", filename=name)
    assert caught.value.problems[0].rule is IndexRule.FILE_KIND


def test_a_file_at_the_size_limit_is_read_and_one_above_is_not():
    text = "a: " + "x" * (MAX_CHARACTERS - 3)
    assert len(read(text).value["a"]) == MAX_CHARACTERS - 3
    problem = refusal(text + "x")
    assert problem.rule is IndexRule.TOO_LARGE
    assert problem.values["characters"] == str(MAX_CHARACTERS + 1)


# YAML ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a", "a"),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-3", -3),
        ("1.10", "1.10"),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("~", None),
        ("null", None),
        ("", None),
        ("'12'", "12"),
        ('"true"', "true"),
        ("''", ""),
        ("! 12", "12"),
        ("!!str 12", "12"),
        ("|\n  to\n  linjer", "to\nlinjer"),
        ("'" + "9" * 30 + "'", "9" * 30),
        ("9" * 30, "9" * 30),
    ],
)
def test_a_word_is_read_as_what_it_looks_like_and_never_as_something_clever(
    written, read_as
):
    value = read(f"a: {written}").value["a"]
    assert value == read_as
    assert type(value) is type(read_as)


PLAIN = st.none() | st.booleans() | st.integers(-(10**9), 10**9)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)
TREES = st.recursive(
    PLAIN | TEXT,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4)
    ),
    max_leaves=15,
)


@settings(max_examples=60)
@given(value=TREES)
def test_what_the_yaml_library_writes_is_read_back_the_same(value):
    text = yaml.safe_dump(value, allow_unicode=True)
    assert read(text).value == value


@settings(max_examples=60)
@given(value=st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), TREES))
def test_every_line_told_is_where_the_key_stands(value):
    text = yaml.safe_dump(value, allow_unicode=True, width=10_000)
    tree = read(text)
    lines = text.split("\n")
    for key in value:  # the library puts quotes round such as no
        line = lines[tree.line_of((key,)) - 1]
        assert line.startswith((f"{key}:", f"'{key}':"))


def test_a_value_over_several_lines_is_found_at_its_key():
    tree = read("a:\n  - 1\n  -\n    b: 2\n    c:\n      - 3\nd: 4\n")
    assert tree.value == {"a": [1, {"b": 2, "c": [3]}], "d": 4}
    expected = {
        ("a",): 1,
        ("a", 0): 2,
        ("a", 1): 4,
        ("a", 1, "b"): 4,
        ("a", 1, "c"): 5,
        ("a", 1, "c", 0): 6,
        ("d",): 7,
    }
    assert {path: tree.line_of(path) for path in expected} == expected


def test_what_is_not_there_is_found_at_what_is_round_it():
    tree = read("a:\n  b: 1\nc: 2\n")
    assert tree.line_of(("a", "x")) == 1
    assert tree.line_of(("c", 3, "y")) == 3
    assert tree.line_of(("z",)) == 1
    assert FileTree(filename="x", value=None, lines={}).line_of(("a",)) == 1


def test_a_single_word_is_a_file_too():
    assert read("bare dette").value == "bare dette"


def test_aliases_are_read_as_what_they_stand_for():
    tree = read("a: &n [1, 2]\nb: *n\nc: &t tekst\nd: *t\n")
    assert tree.value == {"a": [1, 2], "b": [1, 2], "c": "tekst", "d": "tekst"}
    assert tree.line_of(("b", 1)) == 2


def test_as_many_aliases_as_allowed_are_read_and_one_more_is_not():
    few = "a: &n x\nb: [" + ", ".join(["*n"] * MAX_ALIASES) + "]"
    assert len(read(few).value["b"]) == MAX_ALIASES
    more = "a: &n x\nb: [" + ", ".join(["*n"] * (MAX_ALIASES + 1)) + "]"
    problem = refusal(more)
    assert problem.rule is IndexRule.TOO_MANY_ALIASES
    assert problem.line == 2


def test_a_bomb_of_aliases_is_refused_at_once():
    rows = ["a0: &a0 [" + ", ".join(["lol"] * 9) + "]"]
    rows += [
        f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]" for n in range(1, 9)
    ]
    began = time.process_time()
    problem = refusal("\n".join(rows))
    assert problem.rule is IndexRule.TOO_LARGE
    assert time.process_time() - began < 1  # without the limit: 400 million values


@pytest.mark.parametrize(
    ("text", "rule", "line", "what"),
    [
        ("", IndexRule.NOT_READABLE, 1, "the file is empty."),
        ("# bare en kommentar", IndexRule.NOT_READABLE, 1, "the file is empty."),
        ("a: 1\n---\nb: 2", IndexRule.ONE_DOCUMENT, 2, "a second document starts here"),
        ("a: 1\nb: 2\na: 3", IndexRule.DUPLICATE_KEY, 3, "'a' stands twice, first on"),
        ("a: !!python/object:os.system x", IndexRule.TAG_REFUSED, 1, "python/object"),
        ("a: !!set {x, y}", IndexRule.TAG_REFUSED, 1, "yaml.org,2002:set"),
        ("a: !!int '3'", IndexRule.TAG_REFUSED, 1, "yaml.org,2002:int"),
        ("a: *n", IndexRule.UNKNOWN_ALIAS, 1, "*n refers to nothing before it"),
        ("a: &n [*n]", IndexRule.UNKNOWN_ALIAS, 1, "*n refers to nothing before it"),
        ("a: &n x\n*n : 1", IndexRule.UNKNOWN_ALIAS, 2, "*n refers to nothing before"),
        ("? [a]\n: 1", IndexRule.NOT_READABLE, 1, "a key is a list or a mapping"),
        ("a: b: c", IndexRule.NOT_READABLE, 1, "mapping values are not allowed"),
        ("a:\n\tb: 1", IndexRule.NOT_READABLE, 2, "this is not YAML"),
        ("a: [1, 2", IndexRule.NOT_READABLE, 1, "this is not YAML"),
        ("a: '", IndexRule.NOT_READABLE, 1, "this is not YAML"),
        ("a: \x00", IndexRule.NOT_READABLE, 1, "this is not YAML"),
    ],
)
def test_yaml_that_is_refused_is_told_by_line(text, rule, line, what):
    problem = refusal(text)
    assert problem.rule is rule
    assert problem.line == line
    assert what in problem.what


def test_a_fault_inside_something_tells_what_it_is_inside():
    problem = refusal("complaints:\n  - id: feber\n    ages: {a: 1, a: 2}\n")
    assert problem.where == "complaints[1] (feber) > ages"


def test_nesting_at_the_limit_is_read_and_one_deeper_is_not():
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)
    problem = refusal("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    assert problem.rule is IndexRule.TOO_DEEP
    assert refusal("[" * 100_000).rule is IndexRule.TOO_DEEP


def test_more_values_than_allowed_are_refused(monkeypatch):
    monkeypatch.setattr(yaml_tree, "MAX_VALUES", 5)
    assert read("[1, 2, 3, 4]").value == [1, 2, 3, 4]
    assert refusal("[1, 2, 3, 4, 5]").rule is IndexRule.TOO_LARGE
    assert refusal("[[], [], [], [], []]").rule is IndexRule.TOO_LARGE


def test_the_slow_reader_reads_the_same_as_the_fast(monkeypatch):
    text = as_yaml(sound())
    fast = read(text)
    monkeypatch.setattr(yaml_tree, "_YAML_LOADER", yaml.SafeLoader)
    slow = read(text)
    assert (slow.value, slow.lines) == (fast.value, fast.lines)
    assert refusal("a: b: c").line == 1
    assert refusal("a: \x00").what.startswith("this is not YAML")


# TOML ---------------------------------------------------------------------------------

TOML = """\
format = 1
"id" = 'prove'
note = \"\"\"
[[complaints]]
title = 'not a table, but text'
\"\"\"
other = '''x''' # '''y
words = [
  "a = 1",
  "b",
]

[approval]  # the publisher's
status = "approved"

[[complaints]]
id = "feber"
advice.rad.do = ["Drikk."]

  [[complaints.criteria]]
  id = "hoy"

  [[complaints.criteria]]
  id = "lav"

  [complaints.advice.haster]
  do = ["Vent."]

[[complaints]]
id = "hoste"

[[complaints.criteria]]
id = "torr"
"""


def test_toml_is_read_as_the_standard_library_reads_it():
    assert read(TOML, "toml").value == tomllib.loads(TOML)


def test_lines_of_toml_are_where_the_table_or_key_stands():
    tree = read(TOML, "toml")
    lines = TOML.splitlines()
    expected = {
        ("format",): "format = 1",
        ("id",): "\"id\" = 'prove'",
        ("other",): "other = '''x''' # '''y",
        ("words",): "words = [",
        ("words", 1): "words = [",
        ("approval",): "[approval]  # the publisher's",
        ("approval", "status"): 'status = "approved"',
        ("complaints", 0): "[[complaints]]",
        ("complaints", 0, "id"): 'id = "feber"',
        ("complaints", 0, "advice", "rad", "do"): 'advice.rad.do = ["Drikk."]',
        ("complaints", 0, "criteria", 1, "id"): '  id = "lav"',
        ("complaints", 0, "criteria", 1, "text"): "  [[complaints.criteria]]",
        ("complaints", 0, "advice", "haster"): "  [complaints.advice.haster]",
        ("complaints", 1, "id"): 'id = "hoste"',
        ("complaints", 1, "criteria", 0, "id"): 'id = "torr"',
    }
    assert {path: lines[tree.line_of(path) - 1] for path in expected} == expected
    assert tree.line_of(("complaints", 0)) < tree.line_of(("complaints", 1))


def test_only_what_an_editor_shows_as_a_line_counts_as_one():
    tree = read("a = 'x\u2028y\u0085z'\r\n[b]\r\nc = 1\r\n", "toml")
    assert tree.line_of(("b",)) == 2
    assert tree.line_of(("b", "c")) == 3


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a = 1\nb = ", IndexRule.NOT_READABLE, 2),
        ("a = 1\na = 2", IndexRule.NOT_READABLE, 2),
        ("a = 1\nb = [1,\n", IndexRule.NOT_READABLE, 3),
        ("a: 1", IndexRule.NOT_READABLE, 1),
        ("a = " + "[" * 50 + "]" * 50, IndexRule.TOO_DEEP, 1),
        ("a = " + "[" * 2900 + "]" * 2900, IndexRule.TOO_DEEP, 1),
        ("b = 1\na = '" + "x" * 6000 + "'", IndexRule.TOO_LARGE, 2),
    ],
)
def test_toml_that_is_refused_is_told_by_line(text, rule, line):
    problem = refusal(text, "toml")
    assert problem.rule is rule
    assert problem.line == line


def test_a_key_of_very_many_parts_is_refused_at_once():
    began = time.process_time()
    assert refusal("a." * 200_000 + "a = 1", "toml").rule is IndexRule.TOO_LARGE
    assert time.process_time() - began < 1


def test_more_toml_values_than_allowed_are_refused(monkeypatch):
    monkeypatch.setattr(toml_tree, "MAX_VALUES", 5)
    assert read("a = [1, 2, 3]", "toml").value == {"a": [1, 2, 3]}
    assert refusal("a = [1, 2, 3, 4]", "toml").rule is IndexRule.TOO_LARGE


def test_an_empty_toml_file_is_an_empty_table():
    assert read("", "toml").value == {}


# Places -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ((), "the file"),
        (("title",), "title"),
        (("scale", 0), "scale[1] (akutt)"),
        (("complaints", 1), "complaints[2] (tann)"),
        (
            ("complaints", 0, "criteria", 1, "text"),
            "complaints[1] (hode) > criteria[2] (kjent) > text",
        ),
        (("complaints", 9, "title"), "complaints[10] > title"),
        (("ask_at_end", 0), "ask_at_end[1]"),
        (("title", "x"), "title > x"),
        ((0, 1, "a"), "[1][2] > a"),
    ],
)
def test_a_place_is_named_as_in_the_file(path, named):
    assert place(sound(), path) == named


def test_a_place_whose_name_is_no_text_goes_unnamed():
    assert place({"a": [{"id": 3}]}, ("a", 0)) == "a[1]"
