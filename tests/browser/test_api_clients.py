"""Another system is let in and shut out again, by keyboard and label."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import make
from varde.apps.records.models import ApiClient


@pytest.fixture
def boss(world):
    return make.user("berit", roles=["administrator"], first_name="Berit")


def faultless(page):
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def test_a_system_is_let_in_and_shut_out(open_page, boss):
    page = open_page(boss, "/sentral/systemer/")
    page.get_by_label("Navn").fill("Fastlegeportalen")
    page.get_by_label("Formål").select_option("Helsehjelp")
    page.get_by_role("button", name="Slipp inn").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Skriv klient-id-en")).to_be_visible()
    expect(page.get_by_label("Navn")).to_have_value("Fastlegeportalen")
    faultless(page)
    page.get_by_label("Klient-id (OAuth)").fill("fastlegeportal")
    page.get_by_label("Indre distrikt").focus()
    page.keyboard.press("Space")
    page.get_by_label("Pasienter").check()
    page.get_by_label("Kontakter og oppmøter").check()
    page.get_by_role("button", name="Slipp inn").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Fastlegeportalen").click()
    expect(page.get_by_label("Pasienter")).to_be_checked()
    expect(page.get_by_label("Loggen")).not_to_be_checked()
    faultless(page)
    page.get_by_role("button", name="Avslutt tilgangen nå").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tilgangen er over")).to_be_visible()
    faultless(page)
    made = ApiClient.objects.get()
    assert made.scopes == ["system/Patient.read", "system/Encounter.read"]
    assert made.valid_to is not None
