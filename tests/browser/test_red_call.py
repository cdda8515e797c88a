"""A red call by the keyboard alone: to 113 on the line, their mission number, closed."""

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.keys import Keys
from varde.apps.records.models import AmkHandover, Contact, Outcome
from varde.domain.national_id import make_synthetic


MOST_PRESSES = 60  # with the patient's eleven digits and the mission number's six
MISSION = "204117"


@pytest.fixture
def nurse(world):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def patient(world):
    number = make_synthetic(birth_date=date(1951, 3, 2), serial=1, female=False).digits
    return make.patient(
        national_id=number,
        given_name="Odd",
        family_name="Testesen",
        birth_date=date(1951, 3, 2),
        municipality=make.municipality(),
        phone="90000001",
        fastlege=make.fastlege(),
    )


def go_red(page, keys):
    """Answer, find the patient by number, and tick the first red flag of chest pain."""
    keys.press("F2")
    expect(page.locator("#patient-search")).to_be_focused()
    keys.type("90000001")
    keys.press("Enter")
    expect(page.get_by_label("Problem, med vanlige ord")).to_be_focused()
    keys.type("brystsm")
    keys.press("Enter")
    expect(page.get_by_text("Røde flagg – spør om disse først")).to_be_visible()
    red = page.locator(".check:has(.hastegrad-akutt) input").first
    keys.press(red.get_attribute("data-key"))
    expect(red).to_be_checked()
    keys.press("Enter")
    expect(page.locator(".contact-head .hastegrad")).to_have_text("Akutt")
    expect(page.get_by_role("button", name="Konferanse med 113")).to_be_focused()
    mine = page.locator("[data-part=queue] .wait[data-is-mine]")
    expect(mine).to_contain_text("Akutt")  # the row in the queue follows at once


def close(page, keys):
    """From wherever one is: the reason, the fastlege, the end."""
    keys.press("Alt+4")
    expect(page.locator("#reason-search")).to_be_focused()
    keys.type("k01")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Ja j")).to_be_focused()
    keys.press("j")
    expect(page.get_by_role("button", name="Avslutt kontakten")).to_be_focused()
    keys.press("Enter")
    expect(page.locator(".contact-head")).to_contain_text("Avsluttet")


def test_a_red_call_goes_to_113_and_is_closed_by_keyboard_alone(
    open_page, nurse, patient, record_property
):
    make.call(ringing_at=timezone.now(), caller_number="90000001")
    page = open_page(nurse)
    expect(page.get_by_role("button", name="Svar")).to_be_visible()
    keys = Keys(page)
    go_red(page, keys)
    keys.press("k")
    mission = page.get_by_label("AMKs oppdragsnummer")
    expect(mission).to_be_focused()
    keys.type(MISSION)
    keys.press("Enter")
    expect(page.locator("#pane")).to_contain_text(f"oppdrag {MISSION}")
    expect(page.locator(".outcome")).to_have_text(re.compile(r"113\s*Utført"))
    close(page, keys)

    contact = Contact.objects.get()
    assert (contact.state, contact.hastegrad_phone) == ("closed", "akutt")
    assert contact.patient == patient
    handover = AmkHandover.objects.get()
    assert handover.mode == "conference"
    assert handover.mission_number == MISSION
    assert handover.acknowledged_at is not None
    outcome = Outcome.objects.get()  # one 113, and no task left behind
    assert (outcome.kind, outcome.state) == ("amk", "done")
    assert page.problems == []
    print(
        f"\nA red call took {len(keys.pressed)} key presses: {' '.join(keys.pressed)}"
    )
    record_property("key_presses", len(keys.pressed))
    assert len(keys.pressed) <= MOST_PRESSES
