"""A form of the telephone and one of the door, entered by the keyboard."""

import os
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_station import faults
from varde.apps.records.models import Attendance, Contact, Station
from varde.apps.sentral.services import paper_forms


@pytest.fixture
def printed(world):
    """One form of the sentral and one of its station, from two days ago."""
    at, by = timezone.now() - timedelta(days=2), make.operator("kari")
    return [
        paper_forms.issue(
            sentral=world, station=station, count=1, by=by, at=at
        ).forms.get()
        for station in (None, Station.objects.get())
    ]


def write(page, name, clock, *, day=None):
    if day is not None:
        page.get_by_label(f"{name}: dag").fill(day)
    page.get_by_label(f"{name}: klokka").fill(clock)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_form_of_each_kind_goes_in_with_its_own_times(open_page, printed, width):
    phone, door = printed
    view = {"viewport": {"width": width, "height": 900}}
    day = f"{timezone.localdate() - timedelta(days=1):%Y-%m-%d}"
    page = open_page(make.operator("kari"), "/sentral/etterforing/", **view)
    assert faults(page) == []
    page.get_by_label("Nummeret øverst på skjemaet").fill(phone.number.lower())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(phone.number)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width + 1
    write(page, "Ringte", "0415", day=day)
    write(page, "Vurdert", "04:10")
    page.get_by_label("Vanlig").check()
    page.get_by_label("Hvorfor", exact=True).fill("Vondt i øret")
    page.keyboard.press("Control+Enter")
    expect(
        page.get_by_role("alert").filter(has_text="Vurdert kan ikke")
    ).to_be_visible()
    expect(page.get_by_label("Hvorfor", exact=True)).to_have_value("Vondt i øret")
    write(page, "Vurdert", "0418")
    write(page, "Bestemt", "0420")
    write(page, "Avsluttet", "0422")
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/entry{width}.png", full_page=True)
    page.get_by_label("Tiltak").select_option("advice")
    page.get_by_label("Årsak (ICPC-2)").fill("h01")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"Skjema {phone.number} er ført inn.")).to_be_visible()
    expect(page.get_by_text("Alle skjema er gjort rede for.")).to_be_visible()
    contact = Contact.objects.get()
    assert f"{timezone.localtime(contact.closed_at):%H:%M}" == "04:22"

    nurse = make.nurse("nora", at=Station.objects.get())
    page = open_page(nurse, "/stasjon/etterforing/", **view)
    assert faults(page) == []
    if shots := os.environ.get("SHOTS"):
        page.screenshot(path=f"{shots}/list{width}.png", full_page=True)
    page.get_by_role("link", name=door.number, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(door.number)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width + 1
    write(page, "Kom", "2350", day=day)
    write(page, "Sett til første gang", "2355")
    page.get_by_label("Gul").check()
    page.get_by_label("Hvorfor", exact=True).fill("Kutt i hånda")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(re.compile("Ført inn fra papir"))).to_be_visible()
    assert f"{timezone.localtime(Attendance.objects.get().arrived_at):%H:%M}" == "23:50"
