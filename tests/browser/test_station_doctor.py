"""On a phone: a conflict is solved; the doctor takes, the nurse answers, the doctor ends."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from tests.browser.test_doctor_and_board import ready
from varde.apps.records import kept
from varde.apps.records.models import Contact, Order, Station, User
from varde.apps.station.services import conflicts


PHONE = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def lise(world):
    # The server remembers places for seconds: those of the test before are gone by then.
    time.sleep(kept.KEPT_S)
    return User.objects.get(username="lege")


def here(code, *, minutes, **fields):
    row = make.attendance(
        at=Station.objects.get(code="varden"),
        arrived_at=timezone.now() - timedelta(minutes=minutes),
    )
    Contact.objects.filter(pk=row.contact_id).update(
        hastegrad_arrival=code, narrative="Vondt i brystet siden i går", **fields
    )
    return row


def seen(found):
    """A doctor's patients are drawn among mine and among others'; one of them is shown."""
    return found.filter(visible=True)


def no_scroll_sideways(page):
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def test_a_conflict_is_solved_and_a_patient_taken_tested_and_finished_on_a_phone_by_keyboard(
    open_page, world, lise
):
    here("gul", minutes=30)
    red = here("rod", minutes=1)
    nora = make.nurse("nora", at=Station.objects.get(code="varden"))
    nurse = open_page(nora, "/stasjon/prover/", **PHONE)
    ready(nurse)
    # The only doctor on duty has said nothing yet.
    assert conflicts.detect(contact_id=red.contact_id, at=timezone.now()) == 1
    alarm = nurse.get_by_role("alert")
    expect(alarm.get_by_text("Samtidighetskonflikt: rød pasient")).to_be_visible()
    nurse.get_by_role("link", name="Hvem kan hjelpe?").press("Enter")
    expect(nurse.get_by_text("Spør i denne rekkefølgen")).to_be_visible()
    ready(nurse)
    faults(nurse)
    no_scroll_sideways(nurse)
    nurse.get_by_label("Hvordan ble det løst?").select_option("ambulance")
    nurse.get_by_role("button", name="Før som løst").press("Enter")
    expect(nurse.get_by_text("Ingen konflikt nå.")).to_be_visible()

    page = open_page(lise, "/stasjon/lege/", **PHONE)
    ready(page)
    expect(page.get_by_text("ingen lege har tatt").first).to_be_visible()
    faults(page)
    no_scroll_sideways(page)
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Ferdig")).to_be_visible()
    red.refresh_from_db()
    assert red.doctor == lise

    page.get_by_label("Troponin").check()
    page.get_by_label("Beskjed til den som tar prøven").fill("Ta ny om en time")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Bestilt. Prøvene står på prøvelista.")).to_be_visible()
    faults(page)
    no_scroll_sideways(page)

    nurse.goto("/stasjon/prover/")
    ready(nurse)
    page.goto("/stasjon/lege/")
    ready(page)
    expect(seen(page.get_by_text("venter på 1 prøve"))).to_be_visible()
    faults(nurse)
    no_scroll_sideways(nurse)
    nurse.locator("input[name='part.troponin']").fill("12,5")
    nurse.keyboard.press("Enter")
    expect(nurse.get_by_text("Svaret er lagret.")).to_be_visible()

    expect(seen(page.get_by_text("svar er kommet"))).to_be_visible()  # by itself
    seen(page.get_by_role("link", name=red.contact.patient.family_name)).click()
    expect(page.get_by_text("12,5 ng/L")).to_be_visible()
    page.get_by_label("Hvordan endte det?").select_option("treated")
    page.get_by_role("button", name="Ferdig").press("Enter")
    expect(page.get_by_role("alert").get_by_text("Pasienten er rød")).to_be_visible()
    page.get_by_label("Hvordan endte det?").select_option("sent_on")
    page.get_by_role("button", name="Ferdig").press("Enter")
    expect(page.get_by_text("Pasienten er ferdig hos deg.")).to_be_visible()
    red.refresh_from_db()
    assert (red.end, red.ended_by) == ("sent_on", lise)
    assert Order.objects.get().seen_by == lise
