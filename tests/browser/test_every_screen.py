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
# The station's, by who may see them. One log-in for all of a role: it takes less time.
STATION = {
    "nurse": [
        "/stasjon/",
        "/stasjon/vegg/",
        "/stasjon/ny/",
        "/stasjon/prover/",
        "/stasjon/senger/",
        "/stasjon/bil/",
        "/stasjon/etterforing/",
    ],
    "doctor": [
        "/stasjon/lege/",
        "/stasjon/notater/",
        "/stasjon/notater/fraser/",
        "/stasjon/konflikter/",
    ],
    LEADER: [
        "/stasjon/sikkerhet/",
        "/stasjon/sikkerhet/alene/",
        "/stasjon/utstyr/",
        "/stasjon/utforming/",
        "/stasjon/bil/biler/",
        "/stasjon/tall/",
    ],
}


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


@pytest.fixture
def full_house(world):
    """A station with patients: one who waits, one with a doctor, one who is expected."""
    now = timezone.now()
    station = make.station()
    doctor = make.user("lise", roles=["doctor"], at=station, first_name="Lise")
    make.duty(doctor, at=station)
    make.attendance(at=station, arrived_at=now)
    make.attendance(at=station, arrived_at=now, doctor=doctor, taken_at=now)
    make.bed()
    return station


@pytest.mark.parametrize("role", STATION)
def test_the_screens_of_the_station_have_no_faults(open_page, full_house, role):
    place = make.sentral() if role == LEADER else full_house
    user = make.user(f"en-{role}", roles=[role], at=place)
    page = open_page(user, STATION[role][0])
    for path in STATION[role]:
        page.goto(page.url.partition("/stasjon/")[0] + path)
        expect(page.locator("h1")).to_have_count(1)
        page.keyboard.press("Tab")
        is_lost = page.evaluate("document.activeElement === document.body")
        assert not is_lost, f"{path}: Tab leads nowhere"
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            faults(page)
        page.set_viewport_size({"width": 390, "height": 844})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 391, f"{path} is {wide} pixels wide on a phone of 390"
        page.set_viewport_size({"width": 1280, "height": 800})
