"""What a legevaktoverlege is shown of a new version."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engines.triage.index_file import as_yaml, sound
from varde.engines.triage.comparing import (
    Direction,
    FieldChange,
    HastegradChange,
    Kind,
    compare,
)
from varde.engines.triage.loading import load


def index(spoil=lambda value: None):
    value = sound()
    spoil(value)
    return load(as_yaml(value), filename="prove.yaml")


def first(value):
    return value["complaints"][0]


def changes(spoil):
    return compare(index(), index(spoil))


def fields(spoil):
    """What changed in the first complaint, as (field, kind, old, new)."""
    (change,) = changes(spoil).changed
    assert change.complaint_id == "hode"
    return [(f.field, f.kind, f.old, f.new) for f in change.fields]


def test_the_same_index_has_no_changes():
    same = compare(index(), index())
    assert same.is_empty
    assert (same.hastegrad, same.red_flags_removed) == ((), ())


def test_complaints_added_and_removed_are_told():
    def swap(value):
        value["complaints"][1] |= {"id": "mage", "title": "Magesmerter"}

    found = changes(swap)
    assert [complaint.id for complaint in found.added] == ["mage"]
    assert [complaint.id for complaint in found.removed] == ["tann"]
    assert found.changed == ()
    assert [(key, flag.id) for key, flag in found.red_flags_removed] == [
        ("tann", "svelge")
    ]
    assert not found.is_empty


@pytest.mark.parametrize(
    ("hastegrad", "direction"),
    [("akutt", Direction.RAISED), ("rad", Direction.LOWERED)],
)
def test_a_criterion_with_another_hastegrad_is_told_apart_from_the_rest(
    hastegrad, direction
):
    def change(value):
        first(value)["criteria"][0]["hastegrad"] = hastegrad
        first(value)["criteria"].append(
            {"id": "ny", "text": "Noe nytt", "hastegrad": "haster"}
        )

    found = changes(change)
    assert found.hastegrad == (
        HastegradChange(
            complaint_id="hode",
            criterion_id="oppkast",
            text="Kaster opp",
            old="haster",
            new=hastegrad,
            direction=direction,
        ),
    )
    assert [f.field for f in found.changed[0].fields] == [
        "criteria.oppkast.hastegrad",
        "criteria.ny",
    ]


def test_a_red_flag_made_a_criterion_is_a_lowered_hastegrad_and_not_a_lost_flag():
    def demote(value):
        flag = first(value)["red_flags"].pop()
        first(value)["criteria"].append(
            {"id": flag["id"], "text": flag["text"], "hastegrad": "haster"}
        )

    found = changes(demote)
    assert [(c.criterion_id, c.direction) for c in found.hastegrad] == [
        ("lam", Direction.LOWERED)
    ]
    assert found.red_flags_removed == ()


def test_a_red_flag_that_is_gone_is_told_of_on_its_own():
    found = changes(lambda v: first(v)["red_flags"].pop())
    assert [(key, flag.text) for key, flag in found.red_flags_removed] == [
        ("hode", "Lammelse")
    ]


def test_codes_of_two_scales_are_not_compared():
    def rescale(value):
        names = {"akutt": "rod", "haster": "gul", "rad": "gronn"}
        for level in value["scale"]:
            level["code"] = names[level["code"]]
        for complaint in value["complaints"]:
            complaint["hastegrader"] = [names[c] for c in complaint["hastegrader"]]
            complaint["advice"] = {
                names[code]: advice for code, advice in complaint["advice"].items()
            }
            for flag in complaint["red_flags"]:
                flag.pop("hastegrad", None)
            for criterion in complaint["criteria"]:
                criterion["hastegrad"] = names[criterion["hastegrad"]]

    found = changes(rescale)
    assert {change.direction for change in found.hastegrad} == {Direction.RESCALED}
    assert len(found.hastegrad) == 6


def test_a_code_that_only_the_old_scale_has_is_compared_by_the_old_scale():
    def drop_haster(value):
        del value["scale"][1]
        first(value)["hastegrader"].remove("haster")
        first(value)["criteria"][0]["hastegrad"] = "rad"
        del first(value)["advice"]["haster"]

    (change,) = changes(drop_haster).hastegrad
    assert (change.old, change.new) == ("haster", "rad")
    assert change.direction is Direction.LOWERED


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (
            lambda v: first(v).update(title="Vondt i hodet"),
            ("title", Kind.CHANGED, "Hodepine", "Vondt i hodet"),
        ),
        (
            lambda v: first(v).update(title_nn="Vondt i hovudet"),
            ("title_nn", Kind.CHANGED, "Hovudverk", "Vondt i hovudet"),
        ),
        (
            lambda v: first(v).update(source="Annet"),
            ("source", Kind.CHANGED, "Skrevet for prøven", "Annet"),
        ),
        (
            lambda v: first(v).update(ages={"from_years": 12, "below_years": 80}),
            ("ages", Kind.CHANGED, "from 12", "from 12, below 80"),
        ),
        (
            lambda v: first(v)["words"].append("hodeverk"),
            ("words", Kind.ADDED, None, "hodeverk"),
        ),
        (
            lambda v: first(v)["words_nn"].clear(),
            ("words_nn", Kind.REMOVED, "vondt i hovudet", None),
        ),
        (
            lambda v: first(v)["icpc2"].append("N89"),
            ("icpc2", Kind.ADDED, None, "N89"),
        ),
        (
            lambda v: first(v)["ask_at_end"].append("Er du trygg?"),
            ("ask_at_end", Kind.ADDED, None, "Er du trygg?"),
        ),
        (
            lambda v: first(v)["red_flags"][0].update(text="Stiv nakke"),
            ("red_flags.nakke.text", Kind.CHANGED, "Stiv nakke og feber", "Stiv nakke"),
        ),
        (
            lambda v: first(v)["red_flags"].reverse(),
            ("red_flags", Kind.REORDERED, "nakke, lam", "lam, nakke"),
        ),
        (
            lambda v: first(v)["criteria"].append(
                {"id": "ny", "text": "Ny", "hastegrad": "rad"}
            ),
            ("criteria.ny", Kind.ADDED, None, "Ny [rad]"),
        ),
        (
            lambda v: first(v)["red_flags"].pop(),
            ("red_flags.lam", Kind.REMOVED, "Lammelse [akutt]", None),
        ),
        (
            lambda v: first(v)["criteria"][1].update(question="feber"),
            ("criteria.kjent.question", Kind.CHANGED, "for", "feber"),
        ),
        (
            lambda v: first(v)["criteria"][1].pop("question"),
            ("criteria.kjent.question", Kind.CHANGED, "for", None),
        ),
        (
            lambda v: first(v)["questions"][0].update(text="Feber?"),
            ("questions.feber.text", Kind.CHANGED, "Har du feber?", "Feber?"),
        ),
        (
            lambda v: first(v)["questions"].append({"id": "ny", "text": "Nytt?"}),
            ("questions.ny", Kind.ADDED, None, "Nytt?"),
        ),
        (
            lambda v: first(v)["questions"][1].pop("ages"),
            ("questions.for.ages", Kind.CHANGED, "from 0, below 70", "from 0"),
        ),
        (
            lambda v: first(v)["advice"]["rad"]["do"].append("Drikk."),
            ("advice.rad.do", Kind.ADDED, None, "Drikk."),
        ),
        (
            lambda v: first(v)["advice"]["rad"].update(call_again_if=["Feber."]),
            ("advice.rad.call_again_if", Kind.REMOVED, "Det blir verre.", None),
        ),
        (
            lambda v: first(v)["advice"].update(akutt={"do": ["Ring 113."]}),
            ("advice.akutt.do", Kind.ADDED, None, "Ring 113."),
        ),
    ],
)
def test_each_field_of_a_complaint_that_differs_is_told(spoil, expected):
    assert expected in fields(spoil)


def test_one_change_is_told_as_one():
    assert fields(lambda v: first(v)["red_flags"][1].update(text="Lam")) == [
        ("red_flags.lam.text", Kind.CHANGED, "Lammelse", "Lam")
    ]


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda v: v.update(version="2"), ("version", Kind.CHANGED, "1", "2")),
        (lambda v: v.update(id="ny"), ("id", Kind.CHANGED, "prove", "ny")),
        (
            lambda v: v["approval"].update(by="Overlegen"),
            ("approval.by", Kind.CHANGED, None, "Overlegen"),
        ),
        (
            lambda v: v["approval"].update(status="approved"),
            ("approval.status", Kind.CHANGED, "not_approved", "approved"),
        ),
        (
            lambda v: v["scale"][1].update(title="Haster mye"),
            ("scale.haster.title", Kind.CHANGED, "Haster", "Haster mye"),
        ),
        (
            lambda v: v["scale"].append({"code": "senere", "title": "Senere"}),
            ("scale.senere", Kind.ADDED, None, "Senere"),
        ),
        (
            lambda v: v["scale"][2].update(needs_call_again=False),
            ("scale.rad.needs_call_again", Kind.CHANGED, "True", "False"),
        ),
        (
            lambda v: v["ask_at_end"].append("Noe mer?"),
            ("ask_at_end", Kind.ADDED, None, "Noe mer?"),
        ),
        (
            lambda v: v["synonyms"].append(["mage", "buk"]),
            ("synonyms", Kind.ADDED, None, "mage = buk"),
        ),
        (
            lambda v: v["complaints"].reverse(),
            ("complaints", Kind.REORDERED, "hode, tann", "tann, hode"),
        ),
    ],
)
def test_each_field_of_the_index_itself_that_differs_is_told(spoil, expected):
    found = changes(spoil)
    field, kind, old, new = expected
    assert FieldChange(field=field, kind=kind, old=old, new=new) in found.fields
    assert not found.is_empty


# Any two versions ---------------------------------------------------------------------

CODES = ["akutt", "haster", "rad"]


@st.composite
def versions(draw):
    """An index with some criteria moved, dropped, reworded, and complaints dropped."""
    value = sound()
    complaint = first(value)
    for criterion in complaint["criteria"]:
        criterion["hastegrad"] = draw(st.sampled_from(CODES))
        criterion["text"] += draw(st.sampled_from(["", " nå"]))
    complaint["criteria"] += [
        {"id": f"fast_{code}", "text": f"Fast {code}", "hastegrad": code}
        for code in CODES
    ]
    if draw(st.booleans()):
        complaint["red_flags"].pop(draw(st.integers(0, 1)))
    complaint["words"] = draw(
        st.lists(st.sampled_from(["a1", "b2", "c3"]), unique=True)
    )
    if draw(st.booleans()):
        value["complaints"].pop()
    if draw(st.booleans()):
        value["complaints"].reverse()
    return load(as_yaml(value), filename="prove.yaml")


@settings(max_examples=30, deadline=None)
@given(old=versions(), new=versions())
def test_the_way_back_is_the_way_there_turned_round(old, new):
    there, back = compare(old, new), compare(new, old)
    assert there.added == back.removed
    assert there.removed == back.added
    assert there.is_empty == (old == new)
    turned = {Direction.RAISED: Direction.LOWERED, Direction.LOWERED: Direction.RAISED}
    assert {(c.criterion_id, c.old, c.new, c.direction) for c in there.hastegrad} == {
        (c.criterion_id, c.new, c.old, turned[c.direction]) for c in back.hastegrad
    }
    told = {(f.field, f.old, f.new) for c in there.changed for f in c.fields}
    assert told == {(f.field, f.new, f.old) for c in back.changed for f in c.fields}


@settings(max_examples=30, deadline=None)
@given(old=versions(), new=versions())
def test_hastegrader_that_differ_are_those_a_plain_look_finds(old, new):
    def plain(version):
        return {
            (complaint.id, criterion.id): criterion.hastegrad
            for complaint in version.complaints
            for criterion in complaint.all_criteria
        }

    before, after = plain(old), plain(new)
    differ = {k for k in before if k in after and before[k] != after[k]}
    found = {(c.complaint_id, c.criterion_id) for c in compare(old, new).hastegrad}
    assert found == differ
