"""What gets the focus is in sight: the sticky head of the contact does not cover it."""

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make


SIZES = [(1440, 900), (1280, 720), (400, 800)]


@pytest.fixture
def kari(world):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def contact(kari):
    now = timezone.now()
    patient = make.patient(
        given_name="Ingrid Margrethe",
        family_name="Testesen-Nordvikmoen",
        birth_date=date(1984, 5, 17),
        municipality=make.municipality(),
    )
    return make.contact(
        owner=kari,
        opened_at=now,
        claimed_at=now,
        heartbeat_at=now,
        channel="phone",
        callback_number="+4790000001",
        patient=patient,
        municipality=make.municipality(),
        hastegrad_phone="haster",
        complaint="feber",
    )


def covered(page):
    """How many pixels of the focused control, or its label, lie beneath the head or out of
    the window."""
    return page.evaluate(
        """() => {
          const field = document.activeElement;
          const label = field.labels?.[0] ?? field;
          const top = Math.min(label.getBoundingClientRect().top, field.getBoundingClientRect().top);
          const head = document.querySelector(".contact-head").getBoundingClientRect();
          const bottom = field.getBoundingClientRect().bottom;
          return Math.max(0, head.bottom - top, bottom - innerHeight);
        }"""
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_attendance_form_is_in_sight_when_it_asks(
    open_page, kari, contact, width, height
):
    page = open_page(
        kari,
        f"/sentral/kontakt/{contact.pk}/",
        viewport={"width": width, "height": height},
    )
    page.keyboard.press("2")
    travel = page.get_by_label("Reisetid, minutter")
    expect(travel).to_be_focused()
    assert covered(page) == 0
    page.keyboard.type("20")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tid", exact=True)).to_be_focused()
    assert covered(page) == 0


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_whatever_the_tab_key_comes_to_is_in_sight(
    open_page, kari, contact, width, height
):
    page = open_page(
        kari,
        f"/sentral/kontakt/{contact.pk}/",
        viewport={"width": width, "height": height},
    )
    page.locator(".step button, .step input, .step select").last.focus()
    seen = 0
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if not page.evaluate("!!document.activeElement.closest('.step')"):
            break
        seen += 1
        assert covered(page) == 0, page.evaluate("document.activeElement.outerHTML")
    assert seen >= 20
