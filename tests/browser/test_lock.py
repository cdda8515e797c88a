"""The lock of a shared desk in a real browser: it covers at once, and nothing is lost."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_live_page import stop_the_clock
from tests.browser.test_missions import wait_until
from tests.stack import wait_for
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
    now = timezone.now()
    return make.contact(
        owner=kari, opened_at=now, claimed_at=now, heartbeat_at=now, channel="phone"
    )


@pytest.fixture
def desk(open_page, kari, contact):
    """Kari's desk with a contact in hand. What a locked server refuses is no fault: a
    page (423) and the stream (404)."""
    page = open_page(kari, f"/sentral/kontakt/{contact.pk}/")
    yield page
    page.problems[:] = [
        text for text in page.problems if "423" not in text and "404" not in text
    ]


def journal(page):
    return page.get_by_label("Journal: det som blir fortalt")


def cover(page):
    return page.get_by_role("dialog", name="Skjermen er låst")


def open_with(page, secret=PIN):
    page.get_by_label("PIN-kode eller passord").fill(secret)
    page.keyboard.press("Enter")


def saved(page, contact, text):
    """The server gets exactly this text."""
    wait_until(page, lambda: Contact.objects.get(pk=contact.pk).narrative == text)


def is_locked(user):
    return WorkSession.objects.get(user=user).locked_at is not None


def test_one_key_covers_the_page_and_nothing_typed_is_lost(desk, kari, contact):
    journal(desk).click()
    desk.keyboard.type(TYPED)
    desk.keyboard.press("F9")
    expect(cover(desk)).to_be_visible()
    expect(journal(desk)).to_be_hidden()
    expect(desk.get_by_label("PIN-kode eller passord")).to_be_focused()
    assert TYPED not in desk.locator("body").inner_text()
    desk.wait_for_function("document.title === 'Skjermen er låst'")
    open_with(desk)
    expect(cover(desk)).to_be_hidden()
    expect(journal(desk)).to_have_value(TYPED)
    expect(journal(desk)).to_be_focused()
    desk.keyboard.type(" i dag")
    expect(journal(desk)).to_have_value(TYPED + " i dag")
    saved(desk, contact, TYPED + " i dag")


def test_opened_before_the_server_was_told_it_stays_open(desk, kari, contact):
    """What is unsaved goes first, and takes its time: the way in waits for the lock."""
    held = []
    desk.route("**/laas/", lambda route: held.append(route))
    journal(desk).fill(TYPED)
    desk.keyboard.press("F9")
    open_with(desk)
    desk.wait_for_timeout(1500)
    expect(cover(desk)).to_be_visible()
    wait_until(desk, lambda: held)
    [lock_request] = held
    lock_request.continue_()
    expect(cover(desk)).to_be_hidden()
    desk.wait_for_timeout(500)
    expect(cover(desk)).to_be_hidden()
    assert not is_locked(kari)
    saved(desk, contact, TYPED)


def test_the_server_is_told_at_once(desk, kari):
    with desk.expect_response("**/laas/") as told:
        desk.keyboard.press("F9")
    assert told.value.status == 204
    assert is_locked(kari)


def test_while_it_is_covered_no_key_reaches_the_page(desk, contact):
    journal(desk).fill(TYPED)
    desk.keyboard.press("F9")
    expect(cover(desk)).to_be_visible()
    for key in ("Escape", "Escape", "F2", "F8", "Alt+5", "Control+Enter", "?"):
        desk.keyboard.press(key)
    for _ in range(6):
        desk.keyboard.press("Tab")
        inside = (
            "document.querySelector('#lock-screen').contains(document.activeElement)"
        )
        outside = "document.activeElement === document.body"
        assert desk.evaluate(f"{inside} || {outside}")
    expect(cover(desk)).to_be_visible()
    assert Contact.objects.count() == 1
    open_with(desk)
    expect(journal(desk)).to_have_value(TYPED)


def test_a_dead_server_locks_nothing_and_shows_nothing_either(desk, kari):
    journal(desk).fill(TYPED)
    desk.route("**/laas/**", lambda route: route.abort())
    desk.keyboard.press("F9")
    expect(cover(desk)).to_be_visible()
    open_with(desk)
    expect(desk.get_by_text("Fikk ikke svar fra tjeneren. Prøv igjen.")).to_be_visible()
    expect(journal(desk)).to_be_hidden()
    desk.unroute("**/laas/**")
    open_with(desk)
    expect(cover(desk)).to_be_hidden()
    expect(journal(desk)).to_have_value(TYPED)
    desk.problems[:] = [text for text in desk.problems if "ERR_FAILED" not in text]


def test_a_wrong_pin_is_said_and_the_fifth_leads_to_a_full_log_in(desk, contact):
    desk.keyboard.press("F9")
    for _ in range(4):
        with desk.expect_response("**/laas/opp/"):
            open_with(desk, "1111")
        expect(desk.get_by_label("PIN-kode eller passord")).to_have_value("")
        expect(desk.get_by_text("Det stemte ikke. Prøv igjen.")).to_be_visible()
    open_with(desk, "1111")
    desk.wait_for_url(re.compile("/konto/login/"))
    assert f"kontakt%2F{contact.pk}" in desk.url
    expect(desk.get_by_label("Brukernavn")).to_be_visible()


def test_a_locked_tab_locks_the_others_and_one_opening_opens_them(desk):
    other = desk.context.new_page()
    other.goto("/konto/")
    desk.keyboard.press("F9")
    expect(cover(other)).to_be_visible()
    open_with(other)
    expect(cover(other)).to_be_hidden()
    expect(cover(desk)).to_be_hidden()


def test_opened_in_another_tab_before_the_server_was_told_both_stay_open(desk, kari):
    """The lock of the first tab is under way while the second is opened."""
    held = []
    desk.route("**/laas/", lambda route: held.append(route))
    other = desk.context.new_page()
    other.clock.install()
    other.goto("/konto/")
    stop_the_clock(other)  # it waits for the other's lock, however slow this machine is
    desk.keyboard.press("F9")
    expect(cover(other)).to_be_visible()
    wait_until(desk, lambda: held)
    open_with(other)
    other.wait_for_timeout(1000)
    expect(cover(other)).to_be_visible()
    [lock_request] = held
    lock_request.continue_()
    expect(cover(other)).to_be_hidden()
    expect(cover(desk)).to_be_hidden()
    desk.wait_for_timeout(500)
    expect(cover(desk)).to_be_hidden()
    assert not is_locked(kari)


def test_a_reload_of_a_locked_screen_shows_the_way_in_only(desk, kari, contact):
    with desk.expect_response("**/laas/"):
        desk.keyboard.press("F9")
    desk.reload()
    expect(desk.get_by_role("heading", name="Skjermen er låst")).to_be_visible()
    expect(desk.get_by_text("Låst av Kari Nordvik")).to_be_visible()
    open_with(desk)
    expect(journal(desk)).to_be_visible()
    assert not is_locked(kari)


def test_an_answer_of_a_locked_server_covers_the_page(desk, kari):
    session = WorkSession.objects.get(user=kari)
    WorkSession.objects.filter(pk=session.pk).update(locked_at=timezone.now())
    journal(desk).fill(TYPED)
    desk.get_by_label("Problem, med vanlige ord").fill("feber")
    expect(cover(desk)).to_be_visible()
    open_with(desk)
    expect(journal(desk)).to_have_value(TYPED)


def test_a_screen_locked_elsewhere_is_covered_by_its_stream(desk, kari):
    expect(desk.locator("[data-live-state]")).to_contain_text("Direkte")
    lock.lock(
        session=WorkSession.objects.get(user=kari), at=timezone.now(), why="elsewhere"
    )
    expect(cover(desk)).to_be_visible()


def test_after_minutes_without_use_the_screen_locks_itself(open_page, kari, contact):
    DatedSetting.objects.filter(key="session.lock_min").update(value=10)
    page = open_page(kari, "/konto/")
    page.clock.install()
    page.reload()
    page.clock.run_for(9 * 60_000)
    expect(cover(page)).to_be_hidden()
    page.keyboard.press("Shift")
    page.clock.run_for(9 * 60_000)
    expect(cover(page)).to_be_hidden()
    with page.expect_response("**/laas/"):
        page.clock.run_for(70_000)
    expect(cover(page)).to_be_visible()
    assert is_locked(kari)


def test_a_colleague_takes_the_workstation_and_finds_it_clean(desk, kari, contact):
    ola = make.operator("ola", password="En varde på hver topp", first_name="Ola")
    desk.route("**/felt/", lambda route: route.abort())  # nothing more is saved
    journal(desk).fill(TYPED)
    desk.keyboard.press("F9")
    expect(desk.get_by_text("Bytter du bruker, blir den borte")).to_be_visible()
    desk.get_by_role("button", name="Bytt bruker").click()
    desk.get_by_label("Brukernavn").fill(ola.username)
    desk.get_by_label("Passord").fill("En varde på hver topp")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Ola", exact=True)).to_be_visible(timeout=20_000)
    # The name is there before the page's script has run.
    wait_for(
        lambda: TYPED not in desk.evaluate("JSON.stringify(sessionStorage)"), limit_s=20
    )
    assert Contact.objects.get(pk=contact.pk).owner == kari
    desk.problems[:] = [text for text in desk.problems if "ERR_FAILED" not in text]


def test_the_mouse_locks_too(desk):
    desk.get_by_role("button", name="Lås F9").click()
    expect(cover(desk)).to_be_visible()


def test_without_script_the_button_leads_to_the_locked_page(open_page, kari):
    page = open_page(kari, "/konto/", java_script_enabled=False)
    page.get_by_role("button", name="Lås F9").click()
    expect(page.get_by_role("heading", name="Skjermen er låst")).to_be_visible()
    open_with(page)
    expect(page.get_by_role("heading", name="Min konto")).to_be_visible()
    page.problems.clear()  # the locked page itself is an answer 423


@pytest.mark.parametrize("how", ["covered", "reloaded"])
def test_the_locked_screen_has_no_accessibility_faults(desk, how):
    with desk.expect_response("**/laas/"):
        desk.keyboard.press("F9")
    if how == "reloaded":
        desk.reload()
    else:
        expect(cover(desk)).to_be_visible()
    result = Axe().run(desk)
    assert result.violations_count == 0, result.generate_report()
