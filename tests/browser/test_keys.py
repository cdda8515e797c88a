"""The desk's keys, one by one: what each does, and what it must not do."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_missions import wait_until
from varde.apps.records.models import CallBack, CallBackAttempt, Contact
from varde.apps.sentral.services import callbacks


@pytest.fixture
def kari(world):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def ola(world):
    return make.operator("ola", first_name="Ola", last_name="Sørli")


def promised(by, *, number="90000002"):
    now = timezone.now()
    contact = make.contact(opened_at=now, heartbeat_at=now, channel="phone")
    return callbacks.promise(contact_id=contact.pk, by=by, at=now, number=number)


def rung(page):
    """The call-back is in hand, and its first button has the focus."""
    page.keyboard.press("F7")
    expect(page.get_by_role("button", name="Fikk svar")).to_be_focused()


def test_f8_opens_a_contact_that_no_call_began(open_page, kari):
    page = open_page(kari)
    page.keyboard.press("F8")
    expect(page.locator("#patient-search")).to_be_focused()
    expect(page.get_by_role("heading", name="Ny kontakt")).to_be_visible()
    contact = Contact.objects.get()
    assert (contact.channel, contact.owner, contact.state) == ("door", kari, "open")
    assert re.search(rf"/sentral/kontakt/{contact.pk}/$", page.url)
    page.keyboard.press("F8")  # also from a field: another one
    expect(page).to_have_url(re.compile(rf"/kontakt/(?!{contact.pk}/)\d+/$"))
    assert Contact.objects.filter(owner=kari).count() == 2


def test_a_key_pressed_before_the_scripts_are_here_waits_for_them(open_page, kari):
    page = open_page(kari)
    held = []
    page.route("**/sentral/desk*.js", lambda route: held.append(route))
    page.reload(wait_until="commit")
    expect(page.get_by_role("button", name="Ny kontakt")).to_be_visible()
    wait_until(page, lambda: held)
    page.keyboard.press("F8")
    page.wait_for_timeout(200)
    assert not Contact.objects.exists()
    held[0].continue_()
    wait_until(page, Contact.objects.exists)


def test_f7_rings_the_next_and_v_says_reached(open_page, kari):
    callback = promised(kari)
    page = open_page(kari)
    rung(page)
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Fikk svar")).to_have_count(0)
    callback.refresh_from_db()
    assert callback.state == "reached"


def test_i_says_not_reached_and_the_callback_stays(open_page, kari):
    callback = promised(kari)
    page = open_page(kari)
    rung(page)
    page.keyboard.press("i")
    expect(page.get_by_text("1 forsøk så langt.")).to_be_visible()
    callback.refresh_from_db()
    assert callback.state == "open"


def test_a_note_and_a_key_strike_a_callback_off(open_page, kari):
    callback = promised(kari)
    page = open_page(kari)
    rung(page)
    page.keyboard.press("m")
    note = page.get_by_label("Merknad")
    expect(note).to_be_focused()
    page.keyboard.type("Mor har ringt, alt i orden")
    page.keyboard.press("Enter")  # says nothing of whether anybody was reached
    page.wait_for_timeout(300)
    assert not CallBackAttempt.objects.exists()
    expect(note).to_have_value("Mor har ringt, alt i orden")
    page.keyboard.press("Alt+t")
    expect(page.get_by_role("button", name="Fikk svar")).to_have_count(0)
    callback.refresh_from_db()
    assert callback.state == "cancelled"
    assert callback.settled_note == "Mor har ringt, alt i orden"


def test_a_note_and_a_key_give_up_on_somebody_who_is_not_reached(open_page, kari):
    callback = promised(kari)
    for minutes in (300, 200, 100):
        callbacks.attempt(
            callback_id=callback.pk,
            was_reached=False,
            by=kari,
            at=timezone.now() - timedelta(minutes=minutes),
        )
    page = open_page(kari)
    rung(page)
    page.keyboard.press("m")
    page.keyboard.type("Politiet er varslet")
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("button", name="Fikk svar")).to_have_count(0)
    callback.refresh_from_db()
    assert (callback.state, callback.settled_note) == (
        "unreachable",
        "Politiet er varslet",
    )


def test_ones_own_rows_are_marked_on_ones_own_screen_only(open_page, kari, ola):
    callback = promised(kari)
    make.call(ringing_at=timezone.now(), caller_number="90000003")
    hers, his = open_page(kari), open_page(ola)
    expect(hers.get_by_role("button", name="Svar")).to_be_visible()
    hers.keyboard.press("F2")
    for page in (hers, his):
        expect(page.locator("[data-part=queue]")).to_contain_text("Kari Nordvik")
    mine = hers.locator("[data-part=queue]").get_by_text("din", exact=True)
    expect(mine).to_be_visible()
    expect(
        his.locator("[data-part=queue]").get_by_text("din", exact=True)
    ).to_be_hidden()

    expect(his.get_by_role("button", name="Ring opp")).to_be_visible()
    hers.keyboard.press("F7")
    at_hers, at_his = (p.locator("[data-part=callbacks]") for p in (hers, his))
    expect(at_his.get_by_text("Kari Nordvik har den")).to_be_visible()
    expect(at_his.get_by_text("Du har den")).to_be_hidden()
    expect(at_his.get_by_role("button", name="Ring opp")).to_have_count(0)
    expect(at_hers.get_by_text("Du har den")).to_be_visible()
    expect(at_hers.get_by_text("Kari Nordvik har den")).to_be_hidden()
    hers.keyboard.press("Alt+9")  # put back: it may be rung by anybody at once
    expect(his.get_by_role("button", name="Ring opp")).to_be_visible()
    assert CallBack.objects.get().pk == callback.pk
