"""The doctor writes a note by keyboard alone, and nothing typed is lost."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.kept import KEPT_S
from varde.apps.records.models import (
    ClinicalNote,
    FastlegeNote,
    Qualification,
    VitalSigns,
)
from varde.apps.station.services import notes, phrases


@pytest.fixture
def siv(world):
    """A patient at the station, with her fastlege."""
    now = timezone.now()
    contact = make.contact(
        channel="door",
        state="in_care",
        opened_at=now,
        patient=make.patient(
            given_name="Siv",
            family_name="Strand",
            estimated_age=34,
            national_id=make.national_id(),
            id_kind="fodselsnummer",
        ),
        fastlege=make.fastlege(),
        consent_fastlege=None,
        reason_code="R21",
        hastegrad_phone="vanlig",
        hastegrad_arrival="gul",
        narrative="Vondt i halsen siden tirsdag, svelger vann. Ingen pustevansker.",
    )
    VitalSigns.objects.create(
        contact=contact,
        district=contact.district,
        values={"pulse": 92, "temperature_c": 38.6, "spo2": 98, "systolic_bp": 124},
        by=make.user("lege"),
        occurred_at=now,
        recorded_at=now,
    )
    return contact


@pytest.fixture
def lise(world):
    station = make.station("varden")
    person = make.user(
        "lise", roles=["doctor"], at=station, first_name="Lise", last_name="Vik"
    )
    phrases.add(
        key="hals",
        text="Svelg: rødt, belegg på tonsillene. Ingen trismus.",
        station_id=None,
        district_id=station.district_id,
        by=person,
        at=timezone.now(),
    )
    return person


def ready(page):
    expect(page.locator("[data-live-state]")).to_have_text("Direkte")


def at_station(open_page, user, path, **context):
    """Open a page of the station. The server may remember the stations of the test before
    for some seconds; then there is no such page yet."""
    page = open_page(user, path, **context)
    until = time.monotonic() + 2 * KEPT_S
    while page.get_by_role("heading", name="Finnes ikke").count():
        assert time.monotonic() < until
        time.sleep(0.5)
        page.reload()
    page.problems.clear()
    ready(page)
    return page


def test_a_note_is_written_and_signed_by_keyboard_alone(open_page, siv, lise):
    attendance = make.attendance(
        siv, at=make.station("varden"), arrived_at=timezone.now(), doctor=lise
    )
    page = at_station(open_page, lise, "/stasjon/notater/")
    page.get_by_role("link", name="Siv Strand").press("Enter")
    ready(page)
    expect(page.locator("#n-why")).to_be_focused()
    page.keyboard.type("Vondt i halsen i tre dager")
    page.keyboard.press("Alt+2")
    page.keyboard.type("Våken. .hals Ellers fin.")
    expect(page.locator("#n-found")).to_have_value(
        "Våken. Svelg: rødt, belegg på tonsillene. Ingen trismus. Ellers fin."
    )
    page.keyboard.press("Alt+3")
    page.keyboard.type("Streptokokktonsillitt")
    page.keyboard.press("Alt+5")
    page.keyboard.type("Penicillin")
    expect(page.locator("[data-note-state]")).to_have_text("Alt er lagret")
    page.keyboard.press("Alt+6")
    page.keyboard.type("halsbetennelse")
    expect(page.locator("#dx-hits button").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".note-codes li")).to_have_count(1)
    faults(page)
    ready(page)
    page.get_by_role("button", name="Ja", exact=True).press("Enter")
    expect(page.get_by_role("button", name="Ja", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    ready(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Versjon 1")).to_be_visible()
    ready(page)
    faults(page)
    note = ClinicalNote.objects.get()
    assert (note.state, note.author, note.contact) == ("signed", lise, siv)
    assert FastlegeNote.objects.get().state == "queued"
    assert attendance.contact_id == note.contact_id


def test_what_is_typed_is_there_after_the_net_was_gone(open_page, siv, lise):
    page = at_station(open_page, lise, f"/stasjon/kontakt/{siv.pk}/notat/")
    page.route("**/lagre/", lambda route: route.abort())
    page.locator("#n-plan").fill("Kontroll hos fastlegen mandag")
    expect(page.locator("[data-note-state]")).to_contain_text("Ikke lagret ennå")
    page.problems.clear()  # the browser itself tells of the request that failed
    assert not ClinicalNote.objects.filter(plan__gt="").exists()
    page.unroute("**/lagre/")
    page.reload()
    expect(page.locator("#n-plan")).to_have_value("Kontroll hos fastlegen mandag")
    expect(page.locator("[data-note-state]")).to_have_text("Alt er lagret")
    page.problems.clear()
    assert ClinicalNote.objects.get().plan == "Kontroll hos fastlegen mandag"


def test_a_doctor_signs_for_the_lis1_on_a_phone(open_page, siv, lise):
    station = make.station("varden")
    young = make.user(
        "ung", roles=["doctor"], at=station, first_name="Ung", last_name="Lege"
    )
    Qualification.objects.create(user=young, kind="lis1", valid_from=make.LONG_AGO)
    mine = {
        "contact_id": siv.pk,
        "station_id": station.pk,
        "by": young,
        "at": timezone.now(),
    }
    text = {"why": "Hals", "judged": "Tonsillitt", "plan": "Se an"}
    notes.save_draft(fields=text, **mine)
    notes.add_diagnosis(code="R76", **mine)
    notes.sign(contact_id=siv.pk, seen=0, by=young, at=mine["at"])
    page = at_station(
        open_page, lise, "/stasjon/notater/", viewport={"width": 390, "height": 844}
    )
    faults(page)
    page.get_by_role("link", name="Siv Strand").click()
    ready(page)
    faults(page)
    page.get_by_role("button", name="Signer også").click()
    expect(page.get_by_text("Ung Lege (LIS1)")).to_have_count(0)
    assert ClinicalNote.objects.get().decided_by == lise
    page.get_by_role("link", name="Fraser").click()
    expect(page.get_by_role("heading", name="Fraser", exact=True)).to_be_visible()
    ready(page)
    faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 391, f"the phrases are {wide} pixels wide on a phone of 390"
