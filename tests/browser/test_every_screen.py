"""Every screen, for somebody who may see it: no faults for those who cannot see well."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.sentral.services import calls


LEADER = "legevaktoverlege"
SCREENS = [
    ("/sentral/", "operator"),
    ("/sentral/tavle/", "shift_leader"),
    ("/sentral/lege/", "doctor"),
    ("/sentral/tall/", LEADER),
    ("/sentral/indeks/", LEADER),
    ("/sentral/gjennomgang/", LEADER),
    ("/sentral/lyd/", LEADER),
    ("/sentral/notater/", "shift_leader"),
    ("/sentral/refusjon/", LEADER),
    ("/sentral/innstillinger/", LEADER),
    ("/sentral/folk/", "administrator"),
    ("/sentral/systemer/", "administrator"),
    ("/sentral/logg/", "auditor"),
    ("/hjelp/", "operator"),
]


@pytest.fixture
def busy(world):
    """A sentral in the middle of its work."""
    operator = make.operator("kari", first_name="Kari", last_name="Nordvik")
    now = timezone.now()
    make.call(ringing_at=now, caller_number="90000001", priority=1, line="HP")
    call = make.call(ringing_at=now, caller_number="90000002")
    calls.answer(call_id=call.pk, by=operator, at=now)
    return operator


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "role"), SCREENS, ids=[p for p, _ in SCREENS])
def test_a_screen_has_no_accessibility_faults(
    open_page, busy, path, role, color_scheme
):
    user = make.user(f"en-{role}", roles=[role])
    page = open_page(user, path, color_scheme=color_scheme)
    expect(page.locator("h1")).to_have_count(1)
    faults(page)


@pytest.mark.parametrize(("path", "role"), SCREENS, ids=[p for p, _ in SCREENS])
def test_a_screen_fits_a_phone(open_page, busy, path, role):
    user = make.user(f"en-{role}", roles=[role])
    page = open_page(user, path, viewport={"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 391, f"{path} is {wide} pixels wide on a phone of 390"
