"""From file to index: what is let in, and how every fault is told."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.unit.engines.triage.index_file import as_yaml, sound
from varde import content
from varde.domain.errors import VardeError
from varde.engines.triage.index import (
    Advice,
    Ages,
    Approval,
    ApprovalStatus,
    Criterion,
    Level,
    Question,
)
from varde.engines.triage.loading import load
from varde.engines.triage.problems import BadIndex, IndexRule


HANDBOOK = Path(__file__).parents[4] / "docs" / "handbok" / "indeks-format.md"


def loaded(value):
    return load(as_yaml(value), filename="prove.yaml")


def problems(value):
    with pytest.raises(BadIndex) as caught:
        loaded(value)
    return caught.value.problems


def rules(value):
    return [problem.rule for problem in problems(value)]


def first(value):
    """The first complaint, to spoil."""
    return value["complaints"][0]


# What is let in -----------------------------------------------------------------------


def test_an_index_is_read_with_all_it_says():
    index = loaded(sound())
    assert (index.id, index.title, index.version) == ("prove", "Prøveindeks", "1")
    assert (index.language, index.publisher) == ("nb", "Prøve legevakt")
    assert index.licence == "Fri"
    assert index.approval == Approval(
        status=ApprovalStatus.NOT_APPROVED, note="Ikke klinisk godkjent"
    )
    assert index.scale == (
        Level(
            code="akutt",
            title="Akutt",
            title_nn="Akutt",
            rank=0,
            needs_call_again=False,
        ),
        Level(
            code="haster",
            title="Haster",
            title_nn="Hastar",
            rank=1,
            needs_call_again=False,
        ),
        Level(
            code="rad",
            title="Råd",
            title_nn="Råd",
            rank=2,
            needs_call_again=True,
        ),
    )
    assert index.ask_at_end == ("Kan du følge dette rådet?",)
    assert index.synonyms == (("vondt", "smerte"),)
    assert [complaint.id for complaint in index.complaints] == ["hode", "tann"]


def test_a_complaint_is_read_with_all_it_says():
    complaint = loaded(sound()).complaint("hode")
    assert (complaint.title, complaint.title_nn) == ("Hodepine", "Hovudverk")
    assert complaint.words == ("vondt i hodet",)
    assert complaint.words_nn == ("vondt i hovudet",)
    assert complaint.ages == Ages(from_years=12)
    assert complaint.icpc2 == ("N01",)
    assert complaint.hastegrader == ("akutt", "haster", "rad")
    assert complaint.questions == (
        Question(id="feber", text="Har du feber?", ages=Ages()),
        Question(id="for", text="Hatt det før?", ages=Ages(below_years=70)),
    )
    assert complaint.source == "Skrevet for prøven"


def test_a_red_flag_gives_the_most_urgent_and_a_criterion_what_it_says():
    complaint = loaded(sound()).complaint("hode")
    assert complaint.red_flags[0] == Criterion(
        id="nakke",
        text="Stiv nakke og feber",
        hastegrad="akutt",
        rank=0,
        is_red_flag=True,
        question="feber",
    )
    assert complaint.criteria[1] == Criterion(
        id="kjent",
        text="Som før",
        hastegrad="rad",
        rank=2,
        is_red_flag=False,
        question="for",
    )
    assert complaint.all_criteria == complaint.red_flags + complaint.criteria


def test_advice_stands_in_the_order_of_the_scale_whatever_the_files_order():
    complaint = loaded(sound()).complaint("hode")
    assert [advice.hastegrad for advice in complaint.advice] == ["haster", "rad"]
    assert complaint.advice_for("rad") == Advice(
        hastegrad="rad", do=("Hvil.",), call_again_if=("Det blir verre.",)
    )
    assert complaint.advice_for("haster").call_again_if == ()
    assert complaint.advice_for("akutt") is None


def test_what_the_complaint_asks_at_the_end_comes_before_what_all_ask():
    index = loaded(sound())
    assert index.complaint("hode").ask_at_end == (
        "Er noen hos deg?",
        "Kan du følge dette rådet?",
    )
    assert index.complaint("tann").ask_at_end == ("Kan du følge dette rådet?",)


def test_what_is_left_out_is_empty_and_suits_all_ages():
    tann = loaded(sound()).complaint("tann")
    assert (tann.words, tann.words_nn, tann.icpc2, tann.questions) == ((), (), (), ())
    assert tann.ages == Ages()


def test_criteria_are_found_by_hastegrad_and_by_question():
    complaint = loaded(sound()).complaint("hode")
    assert [c.id for c in complaint.criteria_of("akutt")] == ["nakke", "lam"]
    assert [c.id for c in complaint.criteria_of("rad")] == ["kjent"]
    assert [c.id for c in complaint.answers_to("feber")] == ["nakke"]
    assert complaint.answers_to("ukjent") == ()


def test_a_complaint_or_level_that_is_not_there_is_told_of_by_name():
    index = loaded(sound())
    assert index.level("haster").rank == 1
    with pytest.raises(KeyError, match="has no complaint 'mage'; it has 2 others"):
        index.complaint("mage")
    with pytest.raises(KeyError, match="no hastegrad 'rod'; it has akutt, haster, rad"):
        index.level("rod")


def test_an_approved_index_says_by_whom_and_when():
    value = sound()
    value["approval"] = {
        "status": "approved",
        "note": "Gjelder fra nyttår",
        "by": "Legevaktoverlegen",
        "on": "2026-01-01",
    }
    approval = loaded(value).approval
    assert approval.status is ApprovalStatus.APPROVED
    assert (approval.by, approval.on) == ("Legevaktoverlegen", "2026-01-01")


def test_a_hastegrad_claimed_twice_is_claimed_once():
    value = sound()
    first(value)["hastegrader"] = ["rad", "akutt", "haster", "akutt"]
    assert loaded(value).complaint("hode").hastegrader == ("akutt", "haster", "rad")


# Every rule of the schema -------------------------------------------------------------

SCHEMA_FAULTS = {
    "a missing key": (
        lambda v: first(v).pop("source"),
        IndexRule.MISSING_KEY,
        "the key 'source' is missing.",
        "Add 'source' here.",
    ),
    "a misspelt key": (
        lambda v: first(v).update(criterias=[]),
        IndexRule.UNKNOWN_KEY,
        "the key 'criterias' is not known here.",
        (
            "Did you mean 'criteria'? Else remove it. Known here: id, title, title_nn, "
            "words, words_nn, ages, icpc2, hastegrader, red_flags, questions, criteria, "
            "advice, ask_at_end, source."
        ),
    ),
    "a key like no other": (
        lambda v: v.update(x=1),
        IndexRule.UNKNOWN_KEY,
        "the key 'x' is not known here.",
        (
            "Remove it. Known here: format, id, title, version, language, publisher, "
            "licence, approval, scale, ask_at_end, synonyms, complaints."
        ),
    ),
    "a number for a text": (
        lambda v: v.update(version=2),
        IndexRule.WRONG_KIND,
        "2 is not a text.",
        'Put quotes round it: "…".',
    ),
    "a text for a list": (
        lambda v: first(v).update(words="vondt"),
        IndexRule.WRONG_KIND,
        "'vondt' is not a list.",
        "Write a list: each item on its own line with a dash before it.",
    ),
    "a text for a number": (
        lambda v: first(v).update(ages={"from_years": "tolv"}),
        IndexRule.WRONG_KIND,
        "'tolv' is not a whole number.",
        "Write a whole number here.",
    ),
    "a key without a value": (
        lambda v: first(v).update(title=None),
        IndexRule.EMPTY_TEXT,
        "there is nothing here.",
        "Write a text here, or remove the key.",
    ),
    "an empty criterion": (
        lambda v: first(v)["criteria"][0].update(text="  "),
        IndexRule.EMPTY_TEXT,
        "there is nothing here.",
        "Write the text, or remove the whole item.",
    ),
    "an empty source": (
        lambda v: first(v).update(source=""),
        IndexRule.EMPTY_TEXT,
        "there is nothing here.",
        "Write the text, or remove the whole item.",
    ),
    "an id with a capital": (
        lambda v: first(v)["criteria"][0].update(id="Oppkast"),
        IndexRule.NOT_ALLOWED,
        "'Oppkast' has the wrong form.",
        "Wanted: small letters a–z, digits and _, a letter first.",
    ),
    "a code that is no ICPC-2": (
        lambda v: first(v).update(icpc2=["N1"]),
        IndexRule.NOT_ALLOWED,
        "'N1' has the wrong form.",
        "Wanted: an ICPC-2 code such as R74.",
    ),
    "a synonym of two words": (
        lambda v: v.update(synonyms=[["vondt i", "smerte"]]),
        IndexRule.NOT_ALLOWED,
        "'vondt i' has the wrong form.",
        "Wanted: one word of 2 to 40 letters.",
    ),
    "a text too long to read": (
        lambda v: first(v)["criteria"][0].update(text="a" * 201),
        IndexRule.TOO_LONG,
        "the text has 201 characters; the limit is 200.",
        "Shorten it, or make two of it: it is read while a caller waits.",
    ),
    "no red flags": (
        lambda v: first(v).update(red_flags=[]),
        IndexRule.TOO_FEW,
        "there are 0 here; at least 1 must be.",
        "Add what is missing, or remove the key if it is not required.",
    ),
    "ages without an age": (
        lambda v: first(v).update(ages={}),
        IndexRule.TOO_FEW,
        "there are 0 here; at least 1 must be.",
        "Add what is missing, or remove the key if it is not required.",
    ),
    "too many codes": (
        lambda v: first(v).update(icpc2=["N01"] * 21),
        IndexRule.TOO_MANY,
        "there are 21 here; at most 20 may be.",
        "Put some together, or split the complaint in two.",
    ),
    "a language we do not know": (
        lambda v: v.update(language="no"),
        IndexRule.NOT_ALLOWED,
        "'no' is not allowed here.",
        "Allowed: nb, nn, se, en.",
    ),
    "a format from the future": (
        lambda v: v.update(format=2),
        IndexRule.NOT_ALLOWED,
        "2 is not allowed here.",
        "Allowed: 1.",
    ),
    "an age beyond all": (
        lambda v: first(v).update(ages={"from_years": 131}),
        IndexRule.NOT_ALLOWED,
        "131 breaks maximum.",
        "Wanted: maximum 130.",
    ),
    "a long wrong value is shortened": (
        lambda v: v.update(language="x" * 100),
        IndexRule.NOT_ALLOWED,
        "'" + "x" * 58 + "… is not allowed here.",
        "Allowed: nb, nn, se, en.",
    ),
}


@pytest.mark.parametrize("fault", SCHEMA_FAULTS)
def test_a_fault_that_the_schema_finds_is_told_with_its_cure(fault):
    spoil, rule, what, cure = SCHEMA_FAULTS[fault]
    value = sound()
    spoil(value)
    (problem,) = [each for each in problems(value) if each.rule is rule]
    assert (problem.what, problem.cure) == (what, cure)


def test_a_file_that_is_a_list_is_refused():
    (problem,) = problems([1, 2])
    assert problem.what == "[1, 2] is not a table of keys."
    assert problem.where == "the file"


def test_every_missing_key_is_told_of_once():
    value = sound()
    for key in ("title", "source", "advice"):
        del first(value)[key]
    told = [p.values["key"] for p in problems(value) if p.rule is IndexRule.MISSING_KEY]
    assert sorted(told) == ["advice", "source", "title"]


# Every rule that no schema can say ----------------------------------------------------

LINK_FAULTS = {
    "a complaint's id twice": (
        lambda v: v["complaints"][1].update(id="hode"),
        IndexRule.DUPLICATE_ID,
        "the id 'hode' stands twice, first on line #.",
    ),
    "a complaint's title twice": (
        lambda v: v["complaints"][1].update(title="hodepine "),
        IndexRule.DUPLICATE_TEXT,
        "the title 'hodepine ' stands twice, first on line #.",
    ),
    "a hastegrad's code twice": (
        lambda v: v["scale"].append({"code": "rad", "title": "Råd igjen"}),
        IndexRule.DUPLICATE_ID,
        "the code 'rad' stands twice, first on line #.",
    ),
    "a criterion's id twice": (
        lambda v: first(v)["criteria"][0].update(id="lam"),
        IndexRule.DUPLICATE_ID,
        "the id 'lam' stands twice, first on line #.",
    ),
    "a criterion with a question's id": (
        lambda v: first(v)["criteria"][0].update(id="feber"),
        IndexRule.DUPLICATE_ID,
        "the id 'feber' stands twice, first on line #.",
    ),
    "two criteria that read the same": (
        lambda v: first(v)["criteria"][0].update(text="stiv nakke  og FEBER"),
        IndexRule.DUPLICATE_TEXT,
        "the text 'stiv nakke  og FEBER' stands twice, first on line #.",
    ),
    "two questions that read the same": (
        lambda v: first(v)["questions"][1].update(text="Har du feber?"),
        IndexRule.DUPLICATE_TEXT,
        "the text 'Har du feber?' stands twice, first on line #.",
    ),
    "a criterion with a hastegrad not in the scale": (
        lambda v: first(v)["criteria"][0].update(hastegrad="vanlig"),
        IndexRule.UNKNOWN_HASTEGRAD,
        "'vanlig' is not in the scale.",
    ),
    "a claim not in the scale": (
        lambda v: first(v)["hastegrader"].append("vanlig"),
        IndexRule.UNKNOWN_HASTEGRAD,
        "'vanlig' is not in the scale.",
    ),
    "advice for a hastegrad not in the scale": (
        lambda v: first(v)["advice"].update(vanlig={"do": ["Vent."]}),
        IndexRule.UNKNOWN_HASTEGRAD,
        "'vanlig' is not in the scale.",
    ),
    "a criterion that gives what is not claimed": (
        lambda v: v["complaints"][1]["criteria"][0].update(hastegrad="haster"),
        IndexRule.UNCLAIMED_HASTEGRAD,
        "it gives 'haster', which the complaint does not claim (akutt, rad).",
    ),
    "advice for what is not claimed": (
        lambda v: v["complaints"][1]["advice"].update(haster={"do": ["Vent."]}),
        IndexRule.UNCLAIMED_HASTEGRAD,
        "it gives 'haster', which the complaint does not claim (akutt, rad).",
    ),
    "red flags without a claim to the most urgent": (
        lambda v: v["complaints"][1].update(hastegrader=["rad"]),
        IndexRule.UNCLAIMED_HASTEGRAD,
        "it has red flags, but does not claim 'akutt'.",
    ),
    "a claim that nothing reaches": (
        lambda v: first(v)["criteria"].pop(0),
        IndexRule.UNREACHED_HASTEGRAD,
        "the complaint claims 'haster', but no criterion gives it.",
    ),
    "a red flag that is not the most urgent": (
        lambda v: first(v)["red_flags"][1].update(hastegrad="haster"),
        IndexRule.RED_FLAG_NOT_MOST_URGENT,
        "a red flag gives 'haster', not 'akutt'.",
    ),
    "a criterion linked to no question": (
        lambda v: first(v)["criteria"][1].update(question="borte"),
        IndexRule.UNKNOWN_QUESTION,
        "it belongs to the question 'borte', which is not there: nobody would be asked.",
    ),
    "a red flag linked to no question": (
        lambda v: first(v)["red_flags"][0].update(question="borte"),
        IndexRule.UNKNOWN_QUESTION,
        "it belongs to the question 'borte', which is not there: nobody would be asked.",
    ),
    "a question for other ages than the complaint's": (
        lambda v: first(v)["questions"][1].update(ages={"below_years": 12}),
        IndexRule.QUESTION_NEVER_ASKED,
        (
            "its ages and those of the complaint have none in common: it would never "
            "be asked."
        ),
    ),
    "a complaint for no age": (
        lambda v: first(v).update(ages={"from_years": 12, "below_years": 12}),
        IndexRule.EMPTY_AGES,
        "no age is from 12 and below 12.",
    ),
    "a question for no age": (
        lambda v: first(v)["questions"][1].update(
            ages={"from_years": 20, "below_years": 15}
        ),
        IndexRule.EMPTY_AGES,
        "no age is from 20 and below 15.",
    ),
    "no advice": (
        lambda v: first(v)["advice"].pop("haster"),
        IndexRule.NO_ADVICE,
        "it can end in 'haster', but has no advice for that.",
    ),
    "advice that does not say when to call again": (
        lambda v: first(v)["advice"]["rad"].pop("call_again_if"),
        IndexRule.NO_CALL_AGAIN,
        "the advice for 'rad' does not say when to call again.",
    ),
}


@pytest.mark.parametrize("fault", LINK_FAULTS)
def test_a_fault_in_how_the_parts_hang_together_is_told_once(fault):
    spoil, rule, what = LINK_FAULTS[fault]
    value = sound()
    spoil(value)
    told = [(p.rule, re.sub(r"line \d+", "line #", p.what)) for p in problems(value)]
    assert told.count((rule, what)) == 1
    assert all(problem.cure for problem in problems(value))


def test_what_stands_twice_is_told_with_both_lines():
    value = sound()
    value["complaints"][1]["id"] = "hode"
    lines = as_yaml(value).splitlines()
    (problem,) = problems(value)
    both = [number for number, line in enumerate(lines, 1) if line == "- id: hode"]
    assert [int(problem.values["first_line"]), problem.line] == both


def test_a_fault_is_told_alone_where_it_is_alone():
    for spoil, rule, _ in LINK_FAULTS.values():
        value = sound()
        spoil(value)
        others = set(rules(value)) - {rule}
        # A hastegrad taken away or renamed leaves its claim or its advice behind.
        assert others <= {
            IndexRule.UNREACHED_HASTEGRAD,
            IndexRule.UNCLAIMED_HASTEGRAD,
            IndexRule.NO_ADVICE,
        }


@pytest.mark.parametrize(
    "spoil",
    [
        lambda v: first(v).update(questions="feber", criteria={"a": 1}, advice=[]),
        lambda v: first(v).update(ages=[1], hastegrader={"akutt": 1}),
        lambda v: first(v).update(hastegrader=[1, None, "akutt"]),
        lambda v: first(v).update(ages={"from_years": "x", "below_years": None}),
        lambda v: first(v)["criteria"].append("bare tekst"),
        lambda v: first(v)["criteria"][0].pop("hastegrad"),
        lambda v: first(v)["advice"].update(rad="Hvil."),
        lambda v: v.update(scale=["akutt"]),
        lambda v: v.update(scale=3),
        lambda v: v.update(complaints={"hode": 1}),
        lambda v: v.pop("complaints"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_and_never_breaks_the_checks(spoil):
    value = sound()
    spoil(value)
    assert problems(value)


def test_without_a_scale_the_codes_are_not_called_unknown():
    value = sound()
    del value["scale"]
    assert rules(value) == [IndexRule.MISSING_KEY]


def test_without_a_claim_the_criteria_are_not_called_unclaimed():
    value = sound()
    del first(value)["hastegrader"]
    assert rules(value) == [IndexRule.MISSING_KEY]


def test_advice_with_an_empty_list_of_when_to_call_again_is_refused():
    value = sound()
    first(value)["advice"]["rad"]["call_again_if"] = []
    assert rules(value) == [IndexRule.TOO_FEW]


# How faults are told ------------------------------------------------------------------


def test_every_fault_is_told_at_once_in_the_order_of_the_file():
    value = sound()
    value["language"] = "no"
    first(value)["criteria"][0]["text"] = ""
    first(value)["criteria"][1]["question"] = "borte"
    first(value)["advice"]["rad"].pop("call_again_if")
    del value["complaints"][1]["source"]
    text = as_yaml(value)
    with pytest.raises(BadIndex) as caught:
        load(text, filename="prove.yaml")
    assert [problem.rule for problem in caught.value.problems] == [
        IndexRule.NOT_ALLOWED,
        IndexRule.EMPTY_TEXT,
        IndexRule.UNKNOWN_QUESTION,
        IndexRule.NO_CALL_AGAIN,
        IndexRule.MISSING_KEY,
    ]
    lines = text.splitlines()
    at = [lines[problem.line - 1].strip() for problem in caught.value.problems]
    assert at == [
        "language: 'no'",
        "text: ''",
        "question: borte",
        "rad:",
        "- id: tann",
    ]


def test_the_whole_message_names_file_line_place_value_and_cure():
    value = sound()
    first(value)["criteria"][0]["hastegrad"] = "hastr"
    first(value)["criteria"].append(
        {"id": "verre", "text": "Verre", "hastegrad": "haster"}
    )
    with pytest.raises(BadIndex) as caught:
        loaded(value)
    assert str(caught.value).splitlines() == [
        "prove.yaml: 1 fault.",
        (
            "  prove.yaml:58: complaints[1] (hode) > criteria[1] (oppkast): 'hastr' is "
            "not in the scale."
        ),
        "    Write one of: akutt, haster, rad. Or add it to the scale.",
        "Nothing was loaded. Correct the file and load prove.yaml again.",
    ]
    assert caught.value.filename == "prove.yaml"
    assert caught.value.problems[0].values == {
        "hastegrad": "hastr",
        "known": "akutt, haster, rad",
    }
    assert isinstance(caught.value, VardeError)


def test_the_message_counts_its_faults():
    value = sound()
    value["format"], value["language"] = 3, "de"
    with pytest.raises(BadIndex, match=r"^prove\.yaml: 2 faults\.\n"):
        loaded(value)


def test_a_list_far_too_long_is_refused_without_comparing_each_with_each():
    value = sound()
    many = [{"id": f"k{n}", "text": f"Tekst {n}", "hastegrad": "x"} for n in range(510)]
    first(value)["criteria"] = many
    told = rules(value)
    assert told.count(IndexRule.UNKNOWN_HASTEGRAD) == 500
    assert IndexRule.TOO_MANY in told


# Whatever comes -----------------------------------------------------------------------

KEYS = st.sampled_from(
    [*sound(), *sound()["complaints"][0], "text", "do", "hastegrad", "x"]
)
SCALARS = st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(max_examples=40)
@given(value=ANYTHING)
def test_values_of_any_shape_are_refused_as_a_bad_index(value):
    with pytest.raises(BadIndex):
        loaded(value)


@given(text=st.text(max_size=60), ending=st.sampled_from(["yaml", "toml"]))
def test_any_text_is_refused_as_a_bad_index(text, ending):
    with pytest.raises(BadIndex):
        load(text, filename=f"tull.{ending}")


@settings(max_examples=60, deadline=None)
@given(
    where=st.sampled_from([("complaints", 0), ("complaints", 1), ("scale", 1), ()]),
    key=KEYS,
    put=ANYTHING,
)
def test_one_spoilt_part_is_refused_or_loads_and_never_breaks(where, key, put):
    value = sound()
    part = value
    for step in where:
        part = part[step]
    part[key] = put
    try:
        told = bool(loaded(value).complaints)
    except BadIndex as error:
        told = all(p.line >= 1 and p.what and p.cure for p in error.problems)
    assert told


# What is published --------------------------------------------------------------------


def test_the_published_schema_is_a_schema_and_says_which():
    schema = content.index_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_table_in_the_schema_refuses_keys_it_does_not_know():
    def tables(part):
        if isinstance(part, dict):
            if part.get("type") == "object":
                yield part
            for inner in part.values():
                yield from tables(inner)

    found = list(tables(content.index_schema()))
    assert len(found) > 5
    assert all("additionalProperties" in table for table in found)


def test_the_schema_alone_accepts_what_the_loader_accepts():
    assert Draft202012Validator(content.index_schema()).is_valid(
        json.loads(json.dumps(sound()))
    )


def handbook_example(kind):
    (text,) = re.findall(
        rf"```{kind}\n(.*?)```", HANDBOOK.read_text("utf-8"), re.DOTALL
    )
    return text


@pytest.mark.parametrize("kind", ["yaml", "toml"])
def test_the_handbooks_example_loads_as_it_stands(kind):
    index = load(handbook_example(kind), filename=f"eksempel.{kind}")
    assert [complaint.id for complaint in index.complaints] == ["neseblod"]


def test_the_handbooks_error_is_what_one_sees():
    before, after = handbook_example("yaml").split("id: stanset")
    text = before + "id: stanset" + after.replace("question: mengde", "question: mengd")
    with pytest.raises(BadIndex) as caught:
        load(text, filename="neseblod.yaml")
    assert str(caught.value) == handbook_example("text").rstrip()


def test_the_handbook_names_every_key_of_the_schema():
    page = HANDBOOK.read_text("utf-8")
    schema = content.index_schema()
    keys = {*schema["properties"], *schema["$defs"]["complaint"]["properties"]}
    assert not [key for key in keys if f"`{key}`" not in page]
