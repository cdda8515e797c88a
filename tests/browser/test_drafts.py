"""What is typed is never lost, and the desk says of which contact something is unsaved."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_live_page import stop_the_clock
from tests.browser.test_missions import wait_until
from varde.apps.records import lock
from varde.apps.records.models import Contact, DatedSetting, WorkSession


PIN = "2580"
TYPED = "Falt på isen, vondt i hofta"


@pytest.fixture
def kari(world):
    made = make.operator("kari", first_name="Kari", last_name="Nordvik")
    lock.set_pin(by=made, code=PIN, at=timezone.now())
    return made


@pytest.fixture
def contact(kari):
    return in_hand(kari)


def in_hand(of):
    now = timezone.now()
    return make.contact(
        owner=of, opened_at=now, claimed_at=now, heartbeat_at=now, channel="phone"
    )


def address(contact):
    return f"/sentral/kontakt/{contact.pk}/"


def journal(page):
    return page.get_by_label("Journal: det som blir fortalt")


def saved(page, contact, text):
    """The server gets exactly this text."""
    wait_until(page, lambda: Contact.objects.get(pk=contact.pk).narrative == text)


def in_its_own_time(page):
    """The page as anew. It waits for the server as long as that takes on this machine, where
    a person is kept waiting for a second."""
    page.clock.install()
    page.reload()
    expect(page.locator("[data-live-state]")).to_contain_text("Direkte")
    stop_the_clock(page)


def elsewhere(page):
    return page.locator("[data-elsewhere]")


# --------------------------------------------------------------------- the lock


def test_a_locked_desk_asks_nothing_and_an_opened_one_has_the_text(
    open_page, kari, contact
):
    """No exception for what a locked server refuses: it is asked nothing at all."""
    DatedSetting.objects.filter(key="claim.heartbeat_s").update(value=1)
    page = open_page(kari, address(contact))
    in_its_own_time(page)
    asked = []
    journal(page).click()
    page.keyboard.type(TYPED)
    with page.expect_response("**/laas/"):
        page.keyboard.press("F9")
    page.clock.resume()
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(
        3500
    )  # heartbeats, the wait of a draft, the end of the stream
    assert WorkSession.objects.get(user=kari).locked_at is not None
    assert asked == []
    page.get_by_label("PIN-kode eller passord").fill(PIN)
    page.keyboard.press("Enter")
    expect(journal(page)).to_be_focused()
    expect(journal(page)).to_have_value(TYPED)
    expect(page.locator("[data-live-state]")).to_contain_text("Direkte")
    assert page.problems == []


def test_what_is_unsaved_goes_to_the_server_before_the_lock(open_page, kari, contact):
    page = open_page(kari, address(contact))
    in_its_own_time(page)
    journal(page).click()
    page.keyboard.type(TYPED)
    with page.expect_response("**/laas/"):
        page.keyboard.press("F9")
    assert Contact.objects.get(pk=contact.pk).narrative == TYPED
    assert page.problems == []


def test_another_tab_is_covered_and_asks_nothing_either(open_page, kari, contact):
    page = open_page(kari, address(contact))
    other = page.context.new_page()
    faults = []
    other.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    other.goto(address(contact))
    expect(other.locator("[data-live-state]")).to_contain_text("Direkte")
    with page.expect_response("**/laas/"):
        page.keyboard.press("F9")
    expect(other.get_by_role("dialog", name="Skjermen er låst")).to_be_visible()
    other.wait_for_timeout(1000)
    assert faults == []
    assert page.problems == []


# ----------------------------------------------------------- the contact in hand


def test_the_last_words_before_the_end_are_in_the_record(open_page, kari, contact):
    """Typed and closed at once: the text is there before the contact takes no more."""
    contact.hastegrad_phone = "vanlig"
    contact.reason_code = "A97"
    contact.reason_is_deliberate = True
    contact.save()
    page = open_page(kari, address(contact))
    page.get_by_role("button", name="Råd på telefon").click()
    expect(page.locator(".outcome")).to_contain_text("Råd på telefon")
    in_its_own_time(page)
    journal(page).fill(TYPED)
    with page.expect_response("**/avslutt/"):
        page.keyboard.press("Control+Enter")
    page.clock.resume()
    expect(page.locator("#pane")).to_contain_text(re.compile("Avsluttet|Gjenstår"))
    assert Contact.objects.get(pk=contact.pk).narrative == TYPED


def test_text_of_another_contact_has_a_line_of_its_own(open_page, kari, contact):
    second = in_hand(kari)
    page = open_page(kari, address(contact))
    page.route(f"**{address(contact)}felt/", lambda route: route.abort())
    journal(page).fill(TYPED)
    page.goto(address(second))
    expect(page.locator("[data-save-state]")).to_have_text("Alt er lagret")
    expect(elsewhere(page)).to_contain_text(f"Ikke lagret ennå: Kontakt {contact.pk}")
    journal(page).fill("Om den andre")
    expect(page.locator("[data-save-state]")).to_have_text("Alt er lagret")
    saved(page, second, "Om den andre")
    elsewhere(page).get_by_role("link").click()
    expect(journal(page)).to_have_value(TYPED)
    page.unroute(f"**{address(contact)}felt/")
    expect(elsewhere(page)).to_be_hidden()
    saved(page, contact, TYPED)
    page.problems[:] = [text for text in page.problems if "ERR_FAILED" not in text]


def test_text_of_another_contact_is_sent_by_itself_when_the_server_is_back(
    open_page, kari, contact
):
    second = in_hand(kari)
    page = open_page(kari, address(contact))
    page.route("**/felt/", lambda route: route.abort())
    journal(page).fill(TYPED)
    page.goto(address(second))
    expect(elsewhere(page)).to_be_visible()
    page.unroute("**/felt/")
    expect(elsewhere(page)).to_be_hidden()
    saved(page, contact, TYPED)
    assert Contact.objects.get(pk=second.pk).narrative == ""
    page.problems[:] = [text for text in page.problems if "ERR_FAILED" not in text]


def test_text_that_is_refused_waits_for_its_owner_and_is_not_sent_again_and_again(
    open_page, kari, contact
):
    second = in_hand(kari)
    page = open_page(kari, address(contact))
    page.route("**/felt/", lambda route: route.abort())
    journal(page).fill(TYPED)
    page.wait_for_timeout(700)
    Contact.objects.filter(pk=contact.pk).update(
        state="closed", closed_at=timezone.now()
    )
    page.goto(address(second))
    page.unroute("**/felt/")
    sent = []
    page.on("request", lambda r: sent.append(r.url) if "/felt/" in r.url else None)
    expect(elsewhere(page)).to_contain_text(f"Kontakt {contact.pk}")
    page.wait_for_timeout(7500)
    assert len(sent) == 1
    expect(elsewhere(page)).to_be_visible()
    expect(page.locator("[data-problem-for=narrative]")).to_have_text("")
    page.problems[:] = [text for text in page.problems if "ERR_FAILED" not in text]
