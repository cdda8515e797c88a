"""The lists and questions that ship with Varde load; faulty files say what is wrong."""

import pytest
import yaml

from varde.apps.station.services.checklists import LONGEST_ITEM, LONGEST_NAME
from varde.content import equipment_text, universal_design_text
from varde.domain.errors import BadInput
from varde.engines.station_forms import (
    KINDS,
    DesignQuestion,
    load_design_questions,
    load_starter_lists,
)


LIST = {"id": "a", "kind": "bag", "name": "Bag", "every_days": 7, "source": "x", "items": [{"name": "Lykt"}]}  # fmt: skip
FORM = {"version": "1", "source": "x", "questions": [{"id": "a", "text": "A?"}]}


def lists(*rows):
    return load_starter_lists(yaml.safe_dump({"lists": list(rows)}), filename="f.yaml")


def form(**changes):
    return load_design_questions(yaml.safe_dump(FORM | changes), filename="f.yaml")


def test_the_shipped_lists_load_with_source_and_fit_what_is_stored():
    found = load_starter_lists(equipment_text(), filename="equipment.yaml")
    assert {one.kind for one in found} == set(KINDS)
    for one in found:
        assert "Ikke godkjent" in one.source
        assert len(one.source) <= 300
        assert len(one.name) <= LONGEST_NAME
        assert all(len(item.name) <= LONGEST_ITEM for item in one.items)


def test_the_shipped_questions_are_seven_with_their_source():
    found = load_design_questions(universal_design_text(), filename="f")
    assert found.ids == tuple("abcdefg")
    assert "indikator 12" in found.source


def test_what_is_not_said_of_an_item_is_one_that_does_not_expire():
    (found,) = lists(LIST)
    (item,) = found.items
    assert (item.quantity, item.has_expiry) == (1, False)
    many = LIST | {"items": [{"name": "Lykt", "quantity": 4, "expires": True}]}
    ((item,),) = [one.items for one in lists(many)]
    assert (item.quantity, item.has_expiry) == (4, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, "has no text for 'id'"),
        ({"kind": "boat"}, "unknown kind 'boat'"),
        ({"name": 3}, "has no text for 'name'"),
        ({"source": " "}, "has no text for 'source'"),
        ({"every_days": 0}, "above 0 for 'every_days'"),
        ({"every_days": True}, "above 0 for 'every_days'"),
        ({"every_days": "7"}, "above 0 for 'every_days'"),
        ({"items": []}, "has no items"),
        ({"items": ["Lykt"]}, "has no text for 'name'"),
        ({"items": [{"name": "x", "quantity": -1}]}, "above 0 for 'quantity'"),
    ],
)
def test_a_faulty_list_does_not_load(change, said):
    with pytest.raises(BadInput) as fault:
        lists(LIST | change)
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "well-formed"),
        ("- 1", "has no lists"),
        (yaml.safe_dump({"lists": [LIST, LIST]}), "has a more than once"),
    ],
)
def test_a_faulty_file_of_lists_does_not_load(text, said):
    with pytest.raises(BadInput) as fault:
        load_starter_lists(text, filename="f.yaml")
    assert said in str(fault.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": 1}, "has no text for 'version'"),
        ({"source": ""}, "has no text for 'source'"),
        ({"questions": None}, "has no questions"),
        ({"questions": [{"id": "a"}]}, "has no text for 'text'"),
        ({"questions": FORM["questions"] * 2}, "has a more than once"),
    ],
)
def test_a_faulty_form_does_not_load(change, said):
    with pytest.raises(BadInput) as fault:
        form(**change)
    assert said in str(fault.value)


def test_a_right_form_loads():
    assert form().questions == (DesignQuestion(id="a", text="A?"),)
