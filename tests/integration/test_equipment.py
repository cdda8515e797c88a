"""Checklists: placed, checked item by item, what lacked, ordered, until it is there."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_undone import CannotWrite, everything, fail
from varde.apps.records import audit, kept
from varde.apps.records.models import (
    Checklist,
    ChecklistItem,
    EquipmentCheck,
    EquipmentLack,
)
from varde.apps.records.scope import scoped
from varde.apps.station.queries import design as design_queries
from varde.apps.station.queries import equipment as queries
from varde.apps.station.services import checklists, design, equipment
from varde.apps.station.services.equipment import Answer
from varde.domain.equipment import DueState
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW  # Friday 20 November 2026, 19:00 in Oslo
DAY = timedelta(days=1)


@pytest.fixture
def here():
    make.settings()
    make.sentral()
    return make.place_of(make.station())


@pytest.fixture
def nora(here):
    return make.nurse("nora", first_name="Nora", last_name="Ness")


@pytest.fixture
def leader(here):
    return make.user("leder", roles=["shift_leader"])


@pytest.fixture
def bag(here, leader):
    """A bag with three things: one of each kind that matters."""
    row = checklists.place_own(
        place=here,
        kind="bag",
        name="Bag A",
        source="Legevaktoverlegen",
        every_days="7",
        by=leader,
        at=NOW - 20 * DAY,
    )
    for name, quantity, has_expiry in (
        ("Stetoskop", "1", False),
        ("Sutursett", "3", True),
        ("Hansker", "10", False),
    ):
        checklists.add_item(
            checklist_id=row.pk,
            name=name,
            quantity=quantity,
            has_expiry=has_expiry,
            by=leader,
            at=NOW - 20 * DAY,
        )
    return row


def items(row):
    return {item.name: item.pk for item in row.items.filter(removed_at=None)}


def check(row, by, *, at=NOW, fine=True, shown=None, **answers):
    """A check by the names of the things."""
    known = items(row)
    return equipment.check(
        checklist_id=row.pk,
        shown=list(known.values()) if shown is None else shown,
        answers={known[name]: answer for name, answer in answers.items()},
        is_all_fine=fine,
        by=by,
        at=at,
    )


def lacking(number, *, expires=None):
    return Answer(is_fine=False, number=str(number), expires=expires)


def refusal(act):
    with pytest.raises(RuleBroken) as refused:
        act()
    return refused.value.rule, refused.value.values


# ---- lists -------------------------------------------------------------------------


def test_every_starter_names_its_source_and_is_placed_as_not_approved(here, leader):
    for starter in queries.starters():
        row = checklists.place_starter(
            place=here, starter=starter, name="", by=leader, at=NOW
        )
        assert row.approved_at is None
        assert "Ikke godkjent" in row.source
        assert len(queries.items_of(row)) == len(starter.items)
    shown = queries.checklists(here, now=NOW)
    assert {one.due.state for one in shown} == {DueState.NEVER_CHECKED}
    assert [one.is_approved for one in shown] == [False] * len(queries.starters())


def test_a_name_is_taken_once_at_a_station_and_free_when_the_list_is_gone(
    here, leader, bag
):
    def again():
        return checklists.place_own(
            place=here, kind="bag", name="Bag A", source="x", every_days="1",
            by=leader, at=NOW,
        )  # fmt: skip

    assert refusal(again) == (Rule.CHECKLIST_NAME_TAKEN, {"name": "Bag A"})
    checklists.remove(checklist_id=bag.pk, by=leader, at=NOW)
    assert again().pk != bag.pk


def test_a_change_takes_the_approval_away(bag, leader):
    checklists.approve(checklist_id=bag.pk, by=leader, at=NOW)
    bag.refresh_from_db()
    assert bag.approved_by == leader
    checklists.change_item(
        item_id=items(bag)["Hansker"],
        quantity="12",
        has_expiry=False,
        by=leader,
        at=NOW,
    )
    bag.refresh_from_db()
    assert bag.approved_by is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "boat"}, "list_kind"),
        ({"name": ""}, "name"),
        ({"source": " "}, "source"),
        ({"every_days": "0"}, "every_days"),
        ({"every_days": "ofte"}, "every_days"),
    ],
)
def test_a_list_without_what_it_needs_is_refused(here, leader, values, field):
    right = {"kind": "bag", "name": "B", "source": "x", "every_days": "7"}
    rule, said = refusal(
        lambda: checklists.place_own(place=here, by=leader, at=NOW, **right | values)
    )
    assert (rule, said["field"]) == (Rule.FIELD_NOT_VALID, field)
    assert not Checklist.objects.exists()


def test_the_interval_is_dated_and_what_was_stays(here, nora, bag, leader):
    check(bag, nora, at=NOW - 3 * DAY)

    def stands(on):
        (one,) = queries.checklists(here, now=on)
        return one.due.due_on

    assert stands(NOW) == date(2026, 11, 24)
    checklists.set_interval(
        checklist_id=bag.pk, every_days="1", valid_from="2026-11-22", by=leader, at=NOW
    )
    assert stands(NOW) == date(2026, 11, 22)
    _rule, said = refusal(
        lambda: checklists.set_interval(
            checklist_id=bag.pk,
            every_days="1",
            valid_from="2026-11-19",
            by=leader,
            at=NOW,
        )
    )
    assert said == {"field": "valid_from", "why": "in_the_past"}
    assert [one.every_days for one in queries.intervals_of(bag)] == [1, 7]


# ---- checks ------------------------------------------------------------------------


def test_all_fine_with_one_press_and_who_and_when(here, nora, bag):
    made = check(bag, nora)
    assert (made.items, made.lacking, made.by) == (3, 0, nora)
    (one,) = queries.checklists(here, now=NOW)
    assert (one.checked_by, one.checked_at) == ("Nora Ness", NOW)
    assert one.due.due_on == date(2026, 11, 27)
    assert queries.lacks(here) == ()


def test_what_lacked_stays_until_it_is_ordered_and_until_it_is_there(
    here, nora, bag, leader
):
    check(bag, nora, Sutursett=lacking(1), Hansker=lacking(0))
    first, second = queries.lacks(here)
    assert [(one.item, one.missing) for one in (first, second)] == [
        ("Sutursett", 2),
        ("Hansker", 10),
    ]
    equipment.order(lack_id=first.id, ordered_from="Apoteket", by=leader, at=NOW + DAY)
    rule, said = refusal(
        lambda: equipment.order(lack_id=first.id, ordered_from="X", by=nora, at=NOW)
    )
    assert (rule, said["by"]) == (Rule.LACK_IS_ORDERED, "leder")
    not_ordered, ordered = queries.lacks(here)
    assert not_ordered.item == "Hansker"
    assert (ordered.ordered_from, ordered.ordered_by) == ("Apoteket", "leder")
    equipment.arrived(lack_id=first.id, by=nora, at=NOW + 2 * DAY)
    assert [one.item for one in queries.lacks(here)] == ["Hansker"]
    rule, _said = refusal(
        lambda: equipment.arrived(lack_id=first.id, by=nora, at=NOW + 3 * DAY)
    )
    assert rule is Rule.LACK_IS_THERE
    (history,) = queries.checks_of(bag)
    assert history.lacking == ("Sutursett: 1 av 3", "Hansker: 0 av 10")


def test_the_next_check_changes_what_lacks_and_what_is_found_is_there(here, nora, bag):
    check(bag, nora, Sutursett=lacking(1), Hansker=lacking(4))
    check(bag, nora, at=NOW + DAY, Sutursett=lacking(2))
    (left,) = queries.lacks(here)
    assert (left.item, left.missing, left.noted_at) == ("Sutursett", 1, NOW)
    gloves = EquipmentLack.objects.get(item__name="Hansker")
    assert (gloves.arrived_by, gloves.arrived_at) == (nora, NOW + DAY)


def test_a_check_that_is_not_whole_is_refused_and_keeps_nothing(nora, bag):
    rule, said = refusal(
        lambda: check(bag, nora, fine=False, Stetoskop=Answer(is_fine=True))
    )
    assert (rule, said) == (Rule.CHECK_NOT_WHOLE, {"count": "2"})
    rule, said = refusal(lambda: check(bag, nora, Hansker=lacking("mange")))
    assert said == {"field": "number_found", "why": "not_a_number"}
    assert not EquipmentCheck.objects.exists()
    assert not EquipmentLack.objects.exists()


def test_a_list_that_was_changed_meanwhile_is_looked_at_again(nora, bag, leader):
    seen = list(items(bag).values())
    checklists.add_item(
        checklist_id=bag.pk, name="Lykt", quantity="1", has_expiry=False, by=leader, at=NOW
    )  # fmt: skip
    rule, _said = refusal(lambda: check(bag, nora, shown=seen))
    assert rule is Rule.CHECKLIST_HAS_CHANGED
    for pk in items(bag).values():
        checklists.remove_item(item_id=pk, by=leader, at=NOW)
    rule, _said = refusal(lambda: check(bag, nora, shown=[]))
    assert rule is Rule.CHECKLIST_IS_EMPTY


def test_an_item_that_is_taken_off_is_no_longer_waited_for(here, nora, bag, leader):
    check(bag, nora, Hansker=lacking(0))
    checklists.remove_item(item_id=items(bag)["Hansker"], by=leader, at=NOW)
    assert queries.lacks(here) == ()
    assert "Hansker" not in items(bag)


@pytest.mark.django_db(transaction=True)
def test_of_checks_side_by_side_each_is_kept_and_a_thing_lacks_once(here, nora, bag):
    def one(_):
        with scoped(districts=[here.district_id], user_id=nora.pk):
            return check(bag, nora, Hansker=lacking(3)).pk

    assert len(set(side_by_side(one, list(range(10))))) == 10
    assert EquipmentLack.objects.count() == 1


# ---- dates -------------------------------------------------------------------------


def test_what_expires_stands_nearest_first_and_what_has_no_date_last(
    here, nora, bag, leader
):
    for name in ("Adrenalin", "Nalokson"):
        checklists.add_item(
            checklist_id=bag.pk, name=name, quantity="2", has_expiry=True, by=leader, at=NOW
        )  # fmt: skip
    fine = {"is_fine": True}
    check(
        bag,
        nora,
        Adrenalin=Answer(**fine, expires="2026-11-18"),
        Sutursett=Answer(**fine, expires="2026-12-01"),
    )
    assert [(one.item, one.words) for one in queries.expiries(here, now=NOW)] == [
        ("Adrenalin", "Gikk ut for 2 dager siden"),
        ("Sutursett", "11 dager igjen"),
        ("Nalokson", "Dato er ikke skrevet"),
    ]
    assert queries.overdue(here, now=NOW) == "1 ting har gått ut på dato."
    _rule, said = refusal(
        lambda: check(bag, nora, Adrenalin=Answer(**fine, expires="2026-02-30"))
    )
    assert said == {"field": "expires_on", "why": "not_a_date"}
    check(bag, nora)
    adrenalin = ChecklistItem.objects.get(name="Adrenalin")
    assert adrenalin.expires_on == date(2026, 11, 18)  # not asked, not emptied


def test_the_line_for_the_board_names_what_is_late_and_nothing_else(
    here, nora, bag, leader
):
    assert (
        queries.overdue(here, now=NOW)
        == "Utstyr som ikke er kontrollert: Bag A (aldri kontrollert)."
    )
    check(bag, nora, at=NOW - 7 * DAY)
    assert queries.overdue(here, now=NOW) == ""  # due today is not late
    assert "Bag A (2 dager over fristen)" in queries.overdue(here, now=NOW + 2 * DAY)
    for name in "BCDE":
        checklists.place_own(
            place=here, kind="bag", name=name, source="x", every_days="1",
            by=leader, at=NOW,
        )  # fmt: skip
    assert queries.overdue(here, now=NOW + 2 * DAY).endswith(" og 2 til.")


# ---- undone, pages -----------------------------------------------------------------


def _lack(row, by):
    check(row, by, Hansker=lacking(1))
    return EquipmentLack.objects.get()


WRITES = {
    "place_starter": lambda w: checklists.place_starter(
        place=w["here"], starter=queries.starters()[0], name="", **w["by"]
    ),
    "remove": lambda w: checklists.remove(checklist_id=w["bag"].pk, **w["by"]),
    "approve": lambda w: checklists.approve(checklist_id=w["bag"].pk, **w["by"]),
    "add_item": lambda w: checklists.add_item(
        checklist_id=w["bag"].pk, name="x", quantity="1", has_expiry=False, **w["by"]
    ),
    "change_item": lambda w: checklists.change_item(
        item_id=w["item"], quantity="9", has_expiry=True, **w["by"]
    ),
    "remove_item": lambda w: checklists.remove_item(item_id=w["item"], **w["by"]),
    "set_interval": lambda w: checklists.set_interval(
        checklist_id=w["bag"].pk, every_days="2", valid_from="", **w["by"]
    ),
    "check": lambda w: check(w["bag"], w["by"]["by"], Stetoskop=lacking(0)),
    "order": lambda w: equipment.order(
        lack_id=w["lack"].pk, ordered_from="x", **w["by"]
    ),
    "arrived": lambda w: equipment.arrived(lack_id=w["lack"].pk, **w["by"]),
    "design": lambda w: fill(w["here"], w["by"]["by"], a="yes"),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_is_undone_when_the_log_cannot_be_written(
    here, nora, bag, write, monkeypatch
):
    world = {
        "here": here,
        "bag": bag,
        "lack": _lack(bag, nora),
        "item": items(bag)["Hansker"],
        "by": {"by": nora, "at": NOW},
    }
    before = everything()
    with monkeypatch.context() as patched:
        patched.setattr(audit, "log", fail)
        with pytest.raises(CannotWrite):
            write(world)
        assert everything() == before
    write(world)
    assert everything() != before


def test_a_check_by_the_page_keeps_what_is_typed_when_it_is_refused(
    here, nora, bag, client
):
    client.force_login(nora)
    known = items(bag)
    path = f"/stasjon/utstyr/{bag.pk}/kontroll/"
    typed = {
        "item": list(known.values()),
        f"i-{known['Hansker']}": "lack",
        f"n-{known['Hansker']}": "4",
    }
    text = client.post(path, typed).content.decode()
    assert "Du mangler svar på 2." in text
    assert 'value="lack" checked' in text
    assert client.post(path, typed | {"all": "fine"}).status_code == 302
    assert queries.lacks(here)[0].missing == 6


def test_only_a_legevaktoverlege_approves_and_only_leaders_change(
    here, nora, bag, client, leader
):
    path = f"/stasjon/utstyr/{bag.pk}/endre/"
    overlege = make.user("overlege", roles=["legevaktoverlege"])
    answers = []
    for person in (nora, leader, overlege):
        client.force_login(person)
        answers.append(client.post(path, {"act": "approve"}).status_code)
    assert answers == [404, 404, 302]
    client.force_login(leader)
    other = checklists.place_own(
        place=here, kind="bag", name="B", source="x", every_days="1", by=leader, at=NOW
    )
    # A thing of another list is not changed by the address of this one.
    for act in ("change", "remove_item"):
        foreign = {"act": act, "item": items(bag)["Hansker"], "quantity": "1"}
        path = f"/stasjon/utstyr/{other.pk}/endre/"
        assert client.post(path, foreign).status_code == 404
    assert "Hansker" in items(bag)


def test_the_queries_of_the_overview_do_not_grow_with_the_lists(
    here, nora, bag, leader, client, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    kept.forget()
    client.force_login(leader)

    def count():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/stasjon/utstyr/").status_code == 200
        return len(found)

    check(bag, nora, Hansker=lacking(1))
    count()
    few = count()
    for starter in queries.starters():
        row = checklists.place_starter(
            place=here, starter=starter, name="", by=leader, at=NOW
        )
        name = next(iter(items(row)))
        check(row, nora, **{name: lacking(0)})
    assert count() == few
    assert few <= 31


# ---- universal design --------------------------------------------------------------


def fill(place, by, *, at=NOW, filled_on="", comment="", **answers):
    return design.fill_in(
        place=place,
        questions=design_queries.questions(),
        answers=answers,
        comment=comment,
        filled_on=filled_on,
        by=by,
        at=at,
    )


def test_there_are_seven_questions_and_a_score_from_none_to_seven(here, nora):
    assert design_queries.questions().ids == tuple("abcdefg")
    fill(here, nora, **dict.fromkeys("abcdefg", "yes"))
    (form,) = design_queries.forms(here)
    assert (form.score.yes, form.score.answered, form.score.is_whole) == (7, 7, True)


def test_unanswered_is_not_no_and_earlier_fillings_stay(here, nora, client):
    fill(here, nora, filled_on="2026-05-01", a="no", b="no")
    fill(here, nora, a="yes", c="no", comment="Døra er treg")
    newest, oldest = design_queries.forms(here)
    assert (newest.score.yes, newest.score.answered) == (1, 2)
    assert (oldest.score.yes, oldest.score.answered) == (0, 2)
    assert (newest.filled_on, oldest.filled_on) == (
        timezone.localdate(NOW),
        date(2026, 5, 1),
    )
    assert [one.answer for one in newest.answers] == [True, None, False] + [None] * 4
    client.force_login(nora)
    text = client.get("/stasjon/utforming/").content.decode()
    assert "av 2 besvarte (0–7)" in text
    assert "Ubesvart er ikke nei." in text


def test_an_empty_form_a_date_ahead_and_an_odd_answer_are_refused(here, nora, client):
    for values, field, why in (
        ({}, "answer", "empty"),
        ({"a": "kanskje"}, "answer", "not_yes_no_unknown"),
        ({"a": "yes", "filled_on": "2026-11-21"}, "filled_on", "in_the_future"),
    ):
        _rule, said = refusal(lambda values=values: fill(here, nora, **values))
        assert said == {"field": field, "why": why}
    assert design_queries.forms(here) == ()
    client.force_login(nora)
    text = client.post("/stasjon/utforming/", {"comment": "Ser bra ut"})
    assert 'role="alert"' in text.content.decode()
    assert "Ser bra ut" in text.content.decode()
