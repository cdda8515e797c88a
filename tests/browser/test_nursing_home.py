"""A nursing home rings: it is chosen with one key, and what it has done is written."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import NursingHome, NursingHomeRequest


@pytest.fixture
def kari(world):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


def test_the_home_is_chosen_by_one_key_and_what_it_has_done_is_kept(open_page, kari):
    make.nursing_home("Helgetun", number="75112233")
    make.nursing_home("Åsly")
    now = timezone.now()
    make.call(ringing_at=now, caller_number="75112299", line="sykehjem", priority=1)
    make.call(ringing_at=now, caller_number="75112233")
    page = open_page(kari)
    expect(page.get_by_text("Helgetun")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    expect(page.get_by_role("heading", name="Hvilket sykehjem ringer?")).to_be_visible()
    faults(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+B")
    expect(page.get_by_label("Har ringt egen lege")).to_be_focused()
    expect(page.get_by_role("heading", name="Sykehjem: Åsly")).to_be_visible()
    page.get_by_label("Har ringt egen lege").select_option("no")
    page.get_by_label("Avtalt behandling").select_option("no_hospital")
    medicine = page.get_by_label("Medisin og dose")
    medicine.focus()
    page.keyboard.type("Paracet 1 g kl. 18")
    # What is typed and not sent outlives an act that draws the section.
    page.keyboard.press("Escape")
    page.locator("button[value=haster]").first.click()
    expect(page.locator(".contact-head .hastegrad")).to_have_text("Haster")
    expect(medicine).to_have_value("Paracet 1 g kl. 18")
    medicine.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Har gitt medisin")).to_have_value("yes")
    faults(page)
    row = NursingHomeRequest.objects.get()
    assert (row.home.name, row.is_by_number) == ("Åsly", False)
    assert (row.doctor_rung, row.care) == (False, "no_hospital")
    assert row.medicines == "Paracet 1 g kl. 18"


def test_the_register_is_filled_in_without_a_mouse(open_page, world):
    admin = make.user("adm", roles=["administrator"])
    page = open_page(admin, "/sentral/sykehjem/")
    page.get_by_label("Navn").focus()
    page.keyboard.type("Helgetun")
    page.get_by_label("Kommune").select_option(label="Vefsn")
    page.get_by_label("Numre det ringer fra").fill("75 11 22 33")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Helgetun")).to_be_visible()
    page.get_by_label("Mandag").focus()
    page.keyboard.press("Space")
    page.get_by_label("Fra kl.").fill("09:00")
    page.get_by_label("Til kl.").fill("15:00")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="09:00–15:00")).to_be_visible()
    faults(page)
    hours = NursingHome.objects.get().hours.get()
    assert (hours.weekday, hours.valid_to) == (0, None)
