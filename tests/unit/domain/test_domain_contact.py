from dataclasses import replace
from datetime import UTC, datetime

import pytest

from varde.domain.contact import (
    ContactFacts,
    OpenItem,
    OpenKind,
    UnsettledTask,
    may_close,
    may_code,
    open_items,
)
from varde.domain.errors import Rule, RuleBroken
from varde.domain.repeat import RepeatNeed


NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
GENERAL = frozenset({"A99", "A29", "A97"})
DONE = ContactFacts(
    is_hastegrad_set=True,
    outcomes=("advice",),
    reason_codes=("R74",),
    confirmed_codes=frozenset(),
    tasks=(),
    unanswered_questions=0,
    has_unacknowledged_amk=False,
    repeat_need=RepeatNeed.NOTHING,
    has_second_look=False,
    has_doctor_look=False,
    has_fastlege=True,
    consent_to_share=True,
)


def open_in(**changed):
    found = open_items(replace(DONE, **changed), general_codes=GENERAL)
    return [(item.kind, item.detail) for item in found]


def task(label, *, owner="kari", due_at=NOON):
    return UnsettledTask(label=label, owner=owner, due_at=due_at)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"is_hastegrad_set": False}, [(OpenKind.HASTEGRAD_NOT_SET, "")]),
        ({"outcomes": ()}, [(OpenKind.OUTCOME_NOT_GIVEN, "")]),
        ({"reason_codes": ()}, [(OpenKind.REASON_NOT_CODED, "")]),
        ({"unanswered_questions": 2}, [(OpenKind.QUESTION_NOT_ANSWERED, "2")]),
        ({"has_unacknowledged_amk": True}, [(OpenKind.AMK_NOT_ACKNOWLEDGED, "")]),
        ({"consent_to_share": None}, [(OpenKind.CONSENT_NOT_ASKED, "")]),
        ({"consent_to_share": False}, []),
        ({"consent_to_share": None, "has_fastlege": False}, []),
        (
            {"tasks": (task("visit", owner=None), task("call", due_at=None))},
            [
                (OpenKind.TASK_WITHOUT_OWNER, "visit"),
                (OpenKind.TASK_WITHOUT_DUE_TIME, "call"),
            ],
        ),
        ({"tasks": (task("visit"),)}, [(OpenKind.TASK_LIVES_ON, "visit")]),
    ],
    ids=str,
)
def test_what_is_open_is_named(changed, expected):
    assert open_in(**changed) == expected


@pytest.mark.parametrize(
    ("need", "second_look", "doctor", "expected"),
    [
        ("nothing", False, False, []),
        ("second_look", False, False, [(OpenKind.SECOND_LOOK_NOT_TAKEN, "")]),
        ("second_look", True, False, []),
        ("second_look", False, True, []),
        ("doctor", False, False, [(OpenKind.DOCTOR_NOT_ASKED, "")]),
        ("doctor", True, False, [(OpenKind.DOCTOR_NOT_ASKED, "")]),
        ("doctor", False, True, []),
    ],
)
def test_a_repeat_contact_is_looked_at_by_the_right_person(
    need, second_look, doctor, expected
):
    assert (
        open_in(
            repeat_need=RepeatNeed(need),
            has_second_look=second_look,
            has_doctor_look=doctor,
        )
        == expected
    )


def test_a_general_code_is_open_until_it_is_confirmed():
    codes = ("A99", "R74", "A97")
    assert open_in(reason_codes=codes, confirmed_codes=frozenset({"A97"})) == [
        (OpenKind.GENERAL_CODE_NOT_CONFIRMED, "A99")
    ]
    assert open_in(reason_codes=codes, confirmed_codes=GENERAL) == []


def test_the_most_dangerous_is_shown_first():
    found = open_in(
        is_hastegrad_set=False,
        outcomes=(),
        reason_codes=(),
        tasks=(task("visit"), task("bed", owner=None)),
        has_unacknowledged_amk=True,
        repeat_need=RepeatNeed.DOCTOR,
        consent_to_share=None,
    )
    assert [kind for kind, _ in found] == [
        OpenKind.AMK_NOT_ACKNOWLEDGED,
        OpenKind.DOCTOR_NOT_ASKED,
        OpenKind.HASTEGRAD_NOT_SET,
        OpenKind.OUTCOME_NOT_GIVEN,
        OpenKind.TASK_WITHOUT_OWNER,
        OpenKind.REASON_NOT_CODED,
        OpenKind.CONSENT_NOT_ASKED,
        OpenKind.TASK_LIVES_ON,
    ]


def test_only_a_task_with_owner_and_time_may_live_on():
    free = {kind for kind in OpenKind if not OpenItem(kind=kind).must_be_settled}
    assert free == {OpenKind.TASK_LIVES_ON}


def test_a_contact_with_a_living_task_may_be_closed():
    may_close(replace(DONE, tasks=(task("visit"),)), general_codes=GENERAL)


def test_a_contact_with_something_open_may_not_be_closed_and_each_kind_is_said_once():
    facts = replace(
        DONE, outcomes=(), reason_codes=("A99", "A97"), tasks=(task("visit"),)
    )
    with pytest.raises(RuleBroken) as refused:
        may_close(facts, general_codes=GENERAL)
    assert refused.value.rule is Rule.CONTACT_HAS_OPEN_ITEMS
    assert refused.value.values == {
        "items": "outcome_not_given, general_code_not_confirmed"
    }


def test_a_general_code_needs_a_deliberate_second_key():
    with pytest.raises(RuleBroken) as refused:
        may_code("A99", general_codes=GENERAL)
    assert refused.value.rule is Rule.GENERAL_CODE_NEEDS_CONFIRMATION
    assert refused.value.values == {"code": "A99"}
    may_code("A99", general_codes=GENERAL, is_confirmed=True)
    may_code("R74", general_codes=GENERAL)
