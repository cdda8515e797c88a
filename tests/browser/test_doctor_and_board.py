"""The doctor approves by keyboard, and what others do comes to the open pages by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import Approval, Outcome, User
from varde.apps.sentral.services import calls, doctor


@pytest.fixture
def kari(world):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def lise(world):
    return User.objects.get(username="lege")


def advice(by, *, days=2):
    """A contact that ended in advice some days ago."""
    then = timezone.now() - timedelta(days=days)
    contact = make.contact(
        opened_at=then,
        state="closed",
        closed_at=then,
        closed_by=by,
        ended_in_advice=True,
        hastegrad_phone="rad",
        narrative=f"Feber i {days} dager",
    )
    return Approval.objects.create(
        contact=contact, district=contact.district, created_at=then
    )


def ready(page):
    """The scripts are there: the keys work, and the page hears what others do."""
    expect(page.locator("[data-live-state]")).to_have_text("Direkte")


def test_advice_is_approved_one_after_the_other_by_keyboard_alone(
    open_page, kari, lise
):
    oldest, newest = advice(kari, days=3), advice(kari, days=2)
    page = open_page(lise, "/sentral/lege/")
    ready(page)
    page.keyboard.press("n")
    expect(page.get_by_text("Feber i 3 dager")).to_be_visible()
    ready(page)
    faults(page)
    page.keyboard.press("t")
    page.keyboard.type("g n er bare tekst her")
    expect(page.locator("#r-comment")).to_have_value("g n er bare tekst her")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.get_by_text("Feber i 2 dager")).to_be_visible()
    ready(page)
    page.keyboard.press("g")
    expect(page.get_by_text("Ingen råd venter på godkjenning.")).to_be_visible()
    for row in (oldest, newest):
        row.refresh_from_db()
        assert (row.state, row.doctor) == ("approved", lise)


def test_a_new_question_comes_by_itself_and_takes_nothing_from_the_one_who_types(
    open_page, kari, lise
):
    first, second = make.contact(owner=kari), make.contact(owner=kari)
    now = timezone.now()
    row = doctor.ask(
        contact_id=first.pk, question="Skal hun inn?", asked_to=lise.pk, by=kari, at=now
    )
    page = open_page(lise, "/sentral/lege/")
    ready(page)
    expect(page.get_by_text("til deg")).to_be_visible()
    field = page.locator(f"#a-{row.pk}")
    field.fill("Ja, send henne")
    doctor.ask(
        contact_id=second.pk, question="Kan han vente?", by=kari, at=timezone.now()
    )
    page.get_by_role("heading", level=1).click()  # the hands leave the field
    page.keyboard.press("Tab")
    expect(page.get_by_text("Kan han vente?")).to_be_visible()
    expect(field).to_have_value("Ja, send henne")
    faults(page)
    page.locator(f"#question-{row.pk}").get_by_role("button").click()
    expect(page.get_by_text("Skal hun inn?")).to_have_count(0)
    row.refresh_from_db()
    assert row.answer == "Ja, send henne"


def test_the_board_follows_the_work_and_its_button_works_after_a_push(
    open_page, kari, world
):
    now = timezone.now()
    leader = make.user(
        "leder", roles=["shift_leader"], first_name="Siv", last_name="Ås"
    )
    row = make.duty(kari, "operator", at=world, starts_at=now - timedelta(hours=1))
    waiting = make.contact(hastegrad_phone="haster")
    Outcome.objects.create(
        contact=waiting,
        district=waiting.district,
        kind="attendance",
        created_at=now,
        created_by=kari,
        promised_at=now - timedelta(minutes=5),
    )
    page = open_page(leader, "/sentral/tavle/")
    ready(page)
    expect(page.get_by_text("Ingen har en kontakt nå.")).to_be_visible()
    call = make.call(ringing_at=now, caller_number="90000003")
    calls.answer(call_id=call.pk, by=kari, at=timezone.now())
    hands = page.locator("[data-part=board_work]")
    expect(hands.get_by_text("Kari Nordvik")).to_be_visible()
    faults(page)
    duty = page.locator("[data-part=board_duty]")
    duty.get_by_role("button", name="Kan ikke nås Kari Nordvik").click()
    expect(duty.get_by_text("kan ikke nås", exact=True)).to_be_visible()
    row.refresh_from_db()
    assert row.is_reachable is False
