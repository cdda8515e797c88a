"""Every screen, for somebody who may see it: no faults for those who cannot see well."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.sentral.services import calls


LEADER = "legevaktoverlege"
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 800}
# By who may see them. One log-in for all of a role: it takes less time.
SENTRAL = {
    "operator": ["/sentral/", "/hjelp/"],
    "shift_leader": ["/sentral/tavle/", "/sentral/notater/"],
    "doctor": ["/sentral/lege/"],
    LEADER: [
        "/sentral/tall/",
        "/sentral/indeks/",
        "/sentral/gjennomgang/",
        "/sentral/lyd/",
        "/sentral/refusjon/",
        "/sentral/innstillinger/",
    ],
    "administrator": ["/sentral/folk/", "/sentral/systemer/"],
    "auditor": ["/sentral/logg/"],
}
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


@pytest.mark.parametrize("role", SENTRAL)
def test_the_screens_of_the_sentral_have_no_faults(open_page, busy, role):
    user = make.user(f"en-{role}", roles=[role])
    look_at(open_page(user, SENTRAL[role][0]), SENTRAL[role])


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
    look_at(open_page(user, STATION[role][0]), STATION[role])


def look_at(page, paths):
    """Each page by axe, in light and dark, by Tab, and on a phone."""
    for path in paths:
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        page.keyboard.press("Tab")
        is_lost = page.evaluate("document.activeElement === document.body")
        assert not is_lost, f"{path}: Tab leads nowhere"
        faults(page)
        page.emulate_media(color_scheme="dark")
        faults(page, only="color-contrast")  # the rest is as it was in the light
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(PHONE)
        fits(page, path)
        page.set_viewport_size(WIDE)


def fits(page, path):
    """Nothing is wider than the phone, when what is drawn by script has been drawn anew."""
    until = time.monotonic() + 10
    while (wide := page.evaluate("document.documentElement.scrollWidth")) > 391:
        text = f"{path} is {wide} pixels wide on a phone of {PHONE['width']}"
        assert time.monotonic() < until, text
        page.wait_for_timeout(100)
