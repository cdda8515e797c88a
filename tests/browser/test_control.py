"""The screens of those who control and administer: no accessibility faults, and the
journeys by keyboard."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from varde.apps.records import audit
from varde.apps.records.models import RecordOpening, User


@pytest.fixture
def kari(world):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def opening(kari):
    now = timezone.now()
    patient = make.patient(given_name="Ingrid", family_name="Testesen")
    audit.log_read(
        what="contact", by=kari, district_id=patient.district_id, patient_id=patient.pk
    )
    return RecordOpening.objects.create(
        district=patient.district,
        user=kari,
        patient=patient,
        reason="Klage eller avvik: sak 12",
        at=now,
        until=now + timedelta(hours=1),
    )


@pytest.fixture
def auditor(world):
    return make.user("rune", roles=["auditor"], first_name="Rune")


@pytest.fixture
def boss(world):
    return make.user("berit", roles=["administrator"], first_name="Berit")


def faultless(page):
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_the_log_has_no_accessibility_faults(open_page, auditor, opening):
    for path in (
        "logg/",
        "logg/?fra=i-gaar",
        "logg/apninger/",
        "logg/apninger/?liste=kontrollert",
        f"pasient/{opening.patient_id}/logg/",
    ):
        faultless(open_page(auditor, f"/sentral/{path}"))


def test_people_and_roles_have_no_accessibility_faults(open_page, boss, kari):
    for path in ("folk/", "folk/ny/", f"folk/{kari.pk}/"):
        faultless(open_page(boss, f"/sentral/{path}"))


def test_the_question_of_why_has_no_accessibility_faults(open_page, kari):
    old = make.contact(state="closed", closed_at=timezone.now() - timedelta(days=300))
    page = open_page(kari, f"/sentral/kontakt/{old.pk}/")
    expect(page.get_by_role("heading", name="Oppgi hvorfor")).to_be_visible()
    faultless(page)
    page.get_by_label("Annet").check()
    page.get_by_role("button", name="Åpne journalen").click()
    expect(page.get_by_role("alert")).to_have_text("Skriv grunnen med minst 10 tegn.")
    faultless(page)
    page.get_by_label("Klage eller avvik").check()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sentral/kontakt/{old.pk}/")
    expect(page.locator("[data-part=queue]")).to_be_visible()


def test_an_opening_is_controlled_by_keyboard(open_page, auditor, opening):
    page = open_page(auditor, "/sentral/logg/apninger/")
    page.get_by_role("button", name="Kontrollert").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ingen åpninger venter på kontroll.")).to_be_visible()
    opening.refresh_from_db()
    assert opening.controlled_by == auditor


def test_a_patients_log_is_printed_without_what_is_only_for_the_screen(
    open_page, auditor, opening
):
    page = open_page(auditor, f"/sentral/pasient/{opening.patient_id}/logg/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Hovedmeny")).to_be_hidden()
    expect(page.get_by_role("link", name="Last ned (CSV)")).to_be_hidden()
    expect(page.get_by_role("cell", name="Øyeblikkelig hjelp").first).to_be_visible()


def test_a_person_is_made_and_gets_a_role_by_keyboard(open_page, boss):
    page = open_page(boss, "/sentral/folk/")
    page.get_by_role("link", name="Ny person").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Brukernavn").fill("nina")
    page.get_by_label("Fornavn").fill("Nina")
    page.get_by_label("Etternavn").fill("Ny")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nina Ny")).to_be_visible()
    page.get_by_label("Rolle", exact=True).select_option("doctor")
    page.get_by_label("Sted", exact=True).select_option(label="Sentral HEL")
    page.get_by_role("button", name="Gi rollen").click()
    expect(page.get_by_role("rowheader", name="lege")).to_be_visible()
    page.get_by_role("button", name="Lag engangslenke").click()
    expect(page.get_by_text("/konto/ny/")).to_be_visible()
    faultless(page)
    assert User.objects.get(username="nina").grants.get().role == "doctor"
