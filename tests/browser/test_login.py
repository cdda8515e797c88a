"""Log-in and the second factor in a real browser, with and without JavaScript."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import make
from varde.apps.records import lock, login


PASSWORD = "En varde på hver topp"


@pytest.fixture
def kari(world):
    return make.operator("kari", password=PASSWORD, first_name="Kari")


@pytest.fixture
def window(chromium, server, transactional_db):
    """A browser in which nobody is logged in, by the name that passkeys demand."""
    context = chromium.new_context(base_url=server.replace("127.0.0.1", "localhost"))
    yield context
    context.close()


@pytest.fixture
def page(window):
    problems = []
    page = window.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.problems = problems
    yield page
    assert problems == []


@pytest.fixture
def device(page, window):
    """An authenticator as a phone or a laptop has it: it knows its owner."""
    session = window.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session


def fill_in(page, user, password=PASSWORD):
    page.goto("/konto/login/")
    page.get_by_label("Brukernavn").fill(user.username)
    page.get_by_label("Passord").fill(password)
    page.keyboard.press("Enter")


def log_out(page):
    """Leave; the answer has come before anything else is asked for."""
    page.goto("/konto/")
    page.get_by_role("main").get_by_role("button", name="Logg ut").click()
    expect(page.get_by_label("Brukernavn")).to_be_visible()


def code_of(secret):
    counter = list(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(secret, counter))


def test_a_passkey_is_made_and_then_logs_in_and_opens_the_locked_screen(
    page, device, kari
):
    fill_in(page, kari)
    page.wait_for_url(re.compile("/sentral/"))
    page.goto("/konto/2fa/nokler/ny/")
    page.get_by_role("button", name="Lag passnøkkel").click()
    expect(page.get_by_role("heading", name="Reservekoder")).to_be_visible()
    assert Authenticator.objects.filter(user=kari, type="webauthn").count() == 1
    log_out(page)

    page.goto("/konto/login/")
    page.get_by_role("button", name="Logg inn med passnøkkel").click()
    page.wait_for_url(re.compile("/sentral/"))

    page.goto("/konto/")
    page.keyboard.press("F9")
    cover = page.get_by_role("dialog", name="Skjermen er låst")
    expect(cover).to_be_visible()
    cover.get_by_role("button", name="Bruk passnøkkel").click()
    expect(cover).to_be_hidden()

    with page.expect_response("**/laas/"):
        page.keyboard.press("F9")
    page.reload()
    page.get_by_role("button", name="Bruk passnøkkel").click()
    expect(page.get_by_role("heading", name="Min konto")).to_be_visible()
    page.problems[:] = [text for text in page.problems if "423" not in text]


def test_a_passkey_is_the_second_factor_after_the_password(page, device, kari):
    fill_in(page, kari)
    page.wait_for_url(re.compile("/sentral/"))
    page.goto("/konto/2fa/nokler/ny/")
    page.get_by_role("button", name="Lag passnøkkel").click()
    expect(page.get_by_role("heading", name="Reservekoder")).to_be_visible()
    log_out(page)
    fill_in(page, kari)
    page.get_by_role("button", name="Bruk passnøkkel").click()
    page.wait_for_url(re.compile("/sentral/"))


def test_a_passkey_that_the_device_does_not_have_is_said(page, device, kari):
    page.goto("/konto/login/")
    page.get_by_role("button", name="Logg inn med passnøkkel").click()
    expect(page.get_by_text("Passnøkkelen ble ikke brukt")).to_be_visible()


def test_password_and_app_work_without_script(chromium, server, kari):
    secret = generate_totp_secret()
    TOTP.activate(kari, secret)
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    fill_in(page, kari)
    expect(page.get_by_role("button", name="Bruk passnøkkel")).to_be_hidden()
    page.get_by_label("Kode").fill(code_of(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sentral/"))
    context.close()


def test_an_app_is_set_up_by_what_the_page_shows(page, kari):
    fill_in(page, kari)
    page.wait_for_url(re.compile("/sentral/"))
    page.goto("/konto/2fa/")
    page.get_by_role("link", name="Sett opp app").click()
    expect(page.get_by_role("img", name="QR-kode")).to_be_visible()
    page.get_by_text("Kan du ikke ta bilde?").click()
    page.get_by_label("Kode fra appen").fill(code_of(page.locator("code").inner_text()))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Appen er satt opp.")).to_be_visible()
    expect(page.get_by_role("heading", name="Reservekoder")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/konto/",
        "/konto/pin/",
        "/konto/passord/",
        "/konto/logout/",
        "/konto/tilknyttet/",
        "/konto/2fa/",
        "/konto/2fa/app/",
        "/konto/2fa/koder/",
        "/konto/2fa/koder/nye/",
        "/konto/2fa/nokler/",
        "/konto/2fa/nokler/ny/",
        "/finnes/ikke/",
    ],
)
def test_ones_own_pages_have_no_accessibility_faults(open_page, kari, path):
    Authenticator.objects.create(user=kari, type="recovery_codes", data=seed())
    if not path.endswith("nokler/ny/"):  # which reads the keys that there are
        key = {"name": "Min nøkkel"}
        Authenticator.objects.create(user=kari, type="webauthn", data=key)
    page = open_page(kari, path)
    faultless(page)
    page.problems[:] = [text for text in page.problems if "404" not in text]


def seed():
    from varde.apps.records.second_factor import MfaAdapter

    return {"seed": MfaAdapter().encrypt("aa" * 40), "used_mask": 0}


def test_the_way_in_has_no_accessibility_faults(page, kari):
    TOTP.activate(kari, generate_totp_secret())
    page.goto("/konto/login/")
    faultless(page)
    fill_in(page, kari, "feil")
    expect(page.get_by_text("Brukernavnet eller passordet er feil.")).to_be_visible()
    faultless(page)
    fill_in(page, kari)
    expect(page.get_by_label("Kode")).to_be_focused()
    faultless(page)
    page.goto(login.invitation_path(kari))
    faultless(page)


def test_the_pages_of_one_who_confirms_have_no_accessibility_faults(open_page, kari):
    TOTP.activate(kari, generate_totp_secret())
    for path in ("/konto/bekreft/", "/konto/2fa/bekreft/"):
        faultless(open_page(kari, path))


def faultless(page):
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_the_key_that_locks_is_the_one_the_help_shows(open_page, kari):
    page = open_page(kari, "/sentral/")
    page.keyboard.press("?")
    row = page.locator("#keys div", has_text="Lås skjermen").last
    expect(row.locator("kbd")).to_have_text(lock.LOCK_KEY)
