"""The nurse at the door, by keyboard: from F2 to the colour, the look and the wall."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import make
from varde.apps.records.models import Attendance, Station


@pytest.fixture
def nora(world):
    place = Station.objects.get()
    return make.nurse("nora", at=place, first_name="Nora", last_name="Ness")


def faults(page):
    return Axe().run(page).response["violations"]


def test_a_walk_in_is_on_every_screen_by_the_keyboard_alone(open_page, nora):
    board = open_page(nora, "/stasjon/")
    desk = open_page(nora, "/stasjon/")
    expect(board.get_by_text("Ingen venter.")).to_be_visible()
    expect(board.get_by_text("Direkte")).to_be_visible()
    desk.keyboard.press("F2")
    expect(desk.get_by_label("Hvorfor")).to_be_focused()
    desk.keyboard.type("Kutt i handa")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="Ukjent pasient")).to_be_visible()
    desk.get_by_label("Puls").fill("88")
    desk.keyboard.press("Alt+3")
    expect(desk.get_by_text("Hastegrad satt")).to_be_visible()
    row = board.get_by_role("row", name=re.compile("Ukjent pasient"))
    expect(row).to_contain_text("Gul")
    expect(row).to_contain_text("av 60 min igjen")
    desk.keyboard.press("F8")
    expect(desk.get_by_text("Uendret Nora Ness")).to_be_visible()
    assert Attendance.objects.get().looks.count() == 2
    for page in (board, desk):
        assert faults(page) == []


@pytest.mark.parametrize("path", ["/stasjon/ny/", "/stasjon/vegg/", "/stasjon/"])
def test_the_pages_have_no_accessibility_faults_on_a_phone(open_page, nora, path):
    make.attendance(at=Station.objects.get(), by=nora)
    page = open_page(nora, path, viewport={"width": 390, "height": 844})
    assert faults(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_the_waiting_rooms_screen_is_read_anew_and_shows_nothing_old(open_page, nora):
    page = open_page(nora, "/konto/")
    page.clock.install()
    page.goto("/stasjon/venterom/varden/")
    expect(page.get_by_text("0 venter på lege.")).to_be_visible()
    make.attendance(at=Station.objects.get(), by=nora, ticket="B07")
    page.wait_for_timeout(5500)  # what is remembered for seconds
    page.clock.run_for(61_000)
    expect(page.get_by_text("B07")).to_be_visible()
    page.route("**/venterom/**", lambda route: route.abort())
    page.clock.run_for(185_000)
    expect(page.get_by_text("Skjermen har ikke kontakt.")).to_be_visible()
    expect(page.get_by_text("B07")).to_be_hidden()
    page.problems[:] = [text for text in page.problems if "ERR_FAILED" not in text]
