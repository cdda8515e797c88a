"""Three presses to an alarm that a colleague sees, and a check with a thumb."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import EquipmentLack, SafetyIncident, Station
from varde.apps.station.queries import equipment
from varde.apps.station.services import checklists


@pytest.fixture
def station(world):
    return Station.objects.get(code="varden")


@pytest.fixture
def nora(station):
    return make.nurse("nora", at=station, first_name="Nora", last_name="Ness")


def ready(page):
    expect(page.locator("[data-live-state]")).to_have_text("Direkte")


def test_three_presses_alarm_a_colleague_in_silence_who_says_that_it_is_seen(
    open_page, nora, station, world
):
    olav = make.nurse("olav", at=station, first_name="Olav", last_name="Berg")
    kari = make.operator("kari", at=world, first_name="Kari", last_name="Li")
    typing = open_page(nora, "/stasjon/utforming/")
    colleague = open_page(olav, "/stasjon/")
    desk = open_page(kari, "/sentral/tavle/")
    for page in (typing, colleague, desk):
        ready(page)
    note = typing.get_by_label("Merknad")
    note.fill("Døra er treg")
    note.focus()
    typing.keyboard.press("F4")
    expect(typing.locator("[data-safety] input[type=radio]").first).to_be_focused()
    faults(typing)
    typing.keyboard.press("v")
    typing.keyboard.press("2")
    expect(typing.get_by_text("Kollegene er varslet")).to_be_visible()
    expect(note).to_have_value("Døra er treg")
    for page in (colleague, desk):
        banner = page.locator("[data-part=safety]")
        expect(banner.get_by_text("Vold: Venterommet")).to_be_visible()
        expect(banner.get_by_text("Nora Ness")).to_be_visible()
        assert page.locator("audio, video").count() == 0
    faults(colleague)
    faults(desk)
    colleague.get_by_role("button", name="Jeg har sett den").click()
    for page in (typing, desk):
        expect(page.locator("[data-part=safety]")).to_contain_text("Olav Berg")
    expect(colleague.get_by_role("button", name="Jeg har sett den")).to_be_hidden()
    # The one who told is shown no button, and no red.
    expect(typing.get_by_role("button", name="Jeg har sett den")).to_be_hidden()
    typing.keyboard.press("Escape")
    typing.locator("[data-part=safety]").get_by_role("link").click()
    typing.get_by_role("button", name="Politi").click()
    expect(typing.get_by_role("listitem").filter(has_text="Politi")).to_be_visible()
    faults(typing)
    typing.get_by_role("button", name="Faren er over").click()
    for page in (colleague, desk):
        expect(page.locator("[data-part=safety]")).to_be_empty()
    assert SafetyIncident.objects.get().end == "safe"


def test_a_check_with_a_thumb_and_what_lacked_until_it_is_there(
    open_page, nora, station
):
    place = make.place_of(station)
    starter = next(one for one in equipment.starters() if one.id == "legevaktbil")
    leader = make.user("leder", roles=["shift_leader"])
    checklists.place_starter(
        place=place,
        starter=starter,
        name="",
        by=leader,
        at=timezone.now() - timedelta(days=2),
    )
    page = open_page(nora, "/stasjon/utstyr/", viewport={"width": 390, "height": 844})
    faults(page)
    page.get_by_role("link", name="Kontroller Legevaktbil").click()
    uniform = page.get_by_role("group", name="Uniform og verneutstyr")
    expect(uniform.get_by_label("Antall som er der")).to_be_hidden()
    uniform.get_by_label("Mangler").check()
    uniform.get_by_label("Antall som er der").fill("1")
    faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 391
    page.get_by_role("button", name="Alt annet er på plass").click()
    expect(page.get_by_text("Legevaktbil er kontrollert.")).to_be_visible()
    page.get_by_label("Bestilt hos").fill("Uniformsbutikken")
    page.get_by_role("button", name="Bestilt Uniform").click()
    expect(page.get_by_text("Uniformsbutikken")).to_be_visible()
    faults(page)
    page.get_by_role("button", name="På plass Uniform").click()
    expect(page.get_by_text("Ingenting mangler")).to_be_visible()
    row = EquipmentLack.objects.get()
    assert (row.missing, row.arrived_by) == (1, nora)
