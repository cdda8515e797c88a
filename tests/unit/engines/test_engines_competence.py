"""The file of rules and the file of a person: read whole, or refused with where."""

import json
from datetime import date
from fractions import Fraction

import pytest
import yaml

from varde.content import competence_text
from varde.domain.competence.person import Counted, Days, Document, Role, Service
from varde.domain.competence.rules import Question
from varde.domain.errors import BadInput
from varde.engines.competence_person import read_person
from varde.engines.competence_rules import load


BOOK = load(competence_text(), filename="competence.yaml")
DEMAND = {"demand": "x", "words": "X", "source": "§ 1", "document": ["a"]}
RULE = {
    "code": "r",
    "words": "R",
    "role": "doctor",
    "question": "alone",
    "source": "§ 1",
    "all": [DEMAND],
}
BAR = {"bar": "b", "words": "B", "source": "§", "lifted_by": ["a"], "effort_days": 3}


def book(*rules, **fields):
    kind = [{"code": "a", "words": "A", "for": ["doctor"]}]
    tree = {
        "version": "1",
        "documents": kind,
        "services": kind,
        "counts": kind,
        "rules": list(rules) or [RULE],
    }
    return yaml.safe_dump(tree | fields)


def test_the_shipped_rules_name_their_sources_and_are_not_approved():
    assert BOOK.is_approved is False
    for rule in BOOK.rules:
        assert rule.source
        assert all(demand.source for demand in rule.every_demand())
    for role in (Role.DOCTOR, Role.HEALTH_STAFF, Role.OPERATOR):
        assert BOOK.rule(role, Question.ALONE, on=date(2026, 1, 1))
    assert BOOK.rule(Role.SUPPORT, Question.ALONE, on=date(2026, 1, 1)) is None


def test_a_small_file_is_read_whole():
    row = RULE | {
        "valid_from": date(2020, 1, 1),
        "valid_to": date(2020, 12, 31),
        "verified": False,
        "bars": [BAR],
        "all": [
            DEMAND | {"taken_to": date(2019, 1, 1), "choice": "local"},
            {"any": [{**DEMAND, "demand": "y", "lasts_months": 12}]},
        ],
    }
    found = load(book(row), filename="f.yaml").rules[0]
    assert found.valid == Days(first=date(2020, 1, 1), last=date(2020, 12, 31))
    assert found.is_verified is False
    assert found.bars[0].effort_days == 3
    assert found.demands.parts[0].choice == "local"
    assert [one.code for one in found.every_demand()] == ["x", "y"]


def without(row, name):
    return {key: value for key, value in row.items() if key != name}


def with_demand(**fields):
    return RULE | {"all": [DEMAND | fields]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "is not well-formed YAML"),
        ("[]", "column 'rules' is missing or empty"),
        ("rules: []", "is missing or empty"),
        (book(3), "no list of names and values"),
        (book(without(RULE, "source")), "(no text for 'source')"),
        (book(RULE | {"code": " "}), "no text for 'code'"),
        (book(RULE | {"role": "cook"}), "'cook' is not a valid Role"),
        (book(RULE | {"any": [DEMAND]}), "either all or any"),
        (book(RULE | {"all": []}), "either all or any"),
        (book(RULE | {"all": [3]}), "a part is not a list"),
        (book(with_demand(source="")), "no text for 'source'"),
        (book(with_demand(count=3)), "one of document, months and count"),
        (book(with_demand(document=[])), "no list of codes for 'document'"),
        (book(with_demand(document=["z"])), "names z, which is not listed"),
        (book(with_demand(lasts_months="12")), "'lasts_months' is not a whole number"),
        (book(with_demand(effort_days=True)), "'effort_days' is not a whole number"),
        (book(with_demand(taken_to="soon")), "'taken_to' is not a date"),
        (book(RULE | {"bars": [BAR | {"lifted_by": ["z"]}]}), "bar 'b'\" names z"),
        (book(RULE, RULE | {"code": "s"}), "rule 's'\" holds on the same days as 'r'"),
        (book(documents=3), "no list 'documents'"),
        (book(version=1), "no text for 'version'"),
    ],
)
def test_a_faulty_file_of_rules_is_refused_with_where(text, said):
    with pytest.raises(BadInput) as caught:
        load(text, filename="f.yaml")
    assert said in str(caught.value).replace("\\'", "'").replace(":", "")
    assert "f.yaml" in str(caught.value)


def test_two_rules_that_follow_each_other_are_fine():
    first = RULE | {"valid_to": date(2020, 12, 31)}
    second = RULE | {"code": "s", "valid_from": date(2021, 1, 1)}
    found = load(book(first, second), filename="f.yaml")
    assert found.rule(Role.DOCTOR, Question.ALONE, on=date(2021, 1, 1)).code == "s"
    assert found.rule(Role.DOCTOR, Question.ALONE, on=date(2020, 12, 31)).code == "r"


WHOLE = {
    "role": "doctor",
    "documents": [{"kind": "authorisation", "from": "2018-06-20", "to": None}],
    "experience": [
        {"kind": "clinical_service", "from": "2018-09-01", "to": "2020-02-28"},
        {"kind": "general_practice", "from": "2020-03-01", "share": 0.6},
        {"kind": "legevakt_duties", "on": "2026-01-01", "count": 41},
    ],
    "lis1": [{"from": "2018-09-01", "to": "2020-02-28"}],
    "dispensations": [{"demand": "nodnett", "from": "2026-01-01", "to": "2026-03-01"}],
    "lis1_exception": [{"from": "2021-05-01", "to": "2023-12-31"}],
    "local": {"training_duties": 5},
}


def read(tree):
    text = tree if isinstance(tree, str) else json.dumps(tree)
    return read_person(text, filename="p.json", book=BOOK)


def test_a_whole_person_is_read():
    found = read(WHOLE)
    assert found.role is Role.DOCTOR
    assert found.documents == (
        Document(kind="authorisation", days=Days(first=date(2018, 6, 20))),
    )
    assert found.services[1] == Service(
        kind="general_practice", starts_on=date(2020, 3, 1), share=Fraction(3, 5)
    )
    assert found.counted == (
        Counted(kind="legevakt_duties", on=date(2026, 1, 1), count=41),
    )
    assert found.lis1[0].last == date(2020, 2, 28)
    assert found.dispensations[0].demand == "nodnett"
    assert found.choices["lis1_exception"][0].first == date(2021, 5, 1)
    assert found.local[0].number == 5
    assert read({"role": "operator"}).documents == ()


def changed(name, value):
    return WHOLE | {name: value}


def experience(**fields):
    return changed("experience", [WHOLE["experience"][1] | fields])


def duties(**fields):
    return changed("experience", [WHOLE["experience"][2] | fields])


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "column 'the file' must be an object with names, and is []"),
        ({}, "column 'role' must be one of doctor, health_staff, operator, support"),
        (changed("role", ["doctor"]), "column 'role'"),
        (WHOLE | {"name": "Kari"}, "has a name that is not known: name"),
        (changed("documents", {}), "column 'documents' must be a list"),
        (changed("documents", ["x"]), "column 'documents[0]' must be an object"),
        (
            changed("documents", [{"kind": "diploma", "from": "2020-01-01"}]),
            "column 'documents[0].kind' must be one of: authorisation",
        ),
        (
            changed("documents", [{"kind": "operator_course", "from": "2020-01-01"}]),
            "column 'documents[0].kind'",
        ),
        (
            changed("documents", [{"kind": "nodnett", "from": "2020-02-30"}]),
            "column 'documents[0].from' must be a date from 1900-01-01",
        ),
        (
            changed("documents", [{"kind": "nodnett", "from": "1899-12-31"}]),
            'and is "1899-12-31"',
        ),
        (
            changed("documents", [{"kind": "nodnett"}]),
            "column 'documents[0].from' must be a date",
        ),
        (
            changed(
                "documents",
                [{"kind": "nodnett", "from": "2020-01-02", "to": "2020-01-01"}],
            ),
            "column 'documents[0].to' is before from",
        ),
        (
            changed("documents", [WHOLE["documents"][0] | {"until": 1}]),
            "column 'documents[0]' has a name that is not known: until",
        ),
        (experience(share="half"), "column 'experience[0].share' must be a number"),
        (experience(share=True), "must be a number"),
        (experience(share=0), "must be above 0 and at most 1"),
        (experience(share=1.01), "must be above 0 and at most 1"),
        (experience(kind="sailing"), "column 'experience[0].kind' must be one of"),
        (experience(count=1), "has a name that is not known: count"),
        (duties(count=-1), "column 'experience[0].count' must be a whole number"),
        (duties(count=1.5), "must be a whole number"),
        (duties(count=True), "must be a whole number"),
        (duties(on=None), "column 'experience[0].on' must be a date"),
        (
            changed("dispensations", [WHOLE["dispensations"][0] | {"to": None}]),
            "column 'dispensations[0].to' must be given",
        ),
        (
            changed(
                "dispensations",
                [WHOLE["dispensations"][0] | {"demand": "authorisation"}],
            ),
            "column 'dispensations[0].demand' must be one of",
        ),
        (changed("lis1", [{"from": "x"}]), "column 'lis1[0].from'"),
        (changed("lis1_exception", True), "column 'lis1_exception' must be a list"),
        (changed("local", {"training_duties": "5"}), "column 'local.training_duties'"),
        (changed("local", {"speed": 5}), "has a name that is not known: speed"),
        (WHOLE | {"x" * 90: 1}, "x" * 59 + "…"),
    ],
)
def test_a_faulty_person_is_refused_with_where(tree, said):
    with pytest.raises(BadInput) as caught:
        read(tree)
    assert said.replace(": ", " ") in str(caught.value).replace(": ", " ")
    assert "p.json" in str(caught.value)
    assert "Nothing was changed" in str(caught.value)
