"""A planner finds a gap, writes the document with its file, and the answer turns to yes."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import CompetenceDocument, Position, Station


PDF = {"name": "bevis.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}


@pytest.fixture
def station(world):
    return Station.objects.get(code="varden")


@pytest.fixture
def doctor(station):
    person = make.user(
        "lise", roles=["doctor"], at=station, first_name="Lise", last_name="Li"
    )
    Position.objects.create(
        person=person,
        category="fastlege",
        law="sfs2305",
        share="0.4",
        employer="Vefsn kommune",
        station=station,
        valid_from=date(2024, 1, 1),
    )
    for kind in ("authorisation", "specialist_allmennmedisin", "course_violence_abuse"):
        CompetenceDocument.objects.create(
            person=person,
            kind=kind,
            first_on=date(2024, 1, 1),
            recorded_by=person,
            recorded_at=make.NOW,
        )
    return person


def test_a_gap_is_seen_and_filled_with_a_certificate(open_page, doctor, world):
    boss = make.user(
        "ole", roles=["legevaktoverlege"], at=world, first_name="Ole", last_name="Bo"
    )
    page = open_page(boss, "/folk/?sted=stasjon-varden")
    row = page.get_by_role("row").filter(has_text="Lise Li")
    expect(row).to_contain_text("under 50 %")
    expect(row).to_contain_text("Må ha bakvakt")
    faults(page)
    link = page.get_by_role("link", name="Lise Li")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lise Li", level=1)).to_be_visible()
    faults(page)
    page.get_by_text("Før et dokument").focus()
    page.keyboard.press("Enter")
    form = page.locator("form").filter(has_text="Lagre dokumentet")
    form.get_by_label("Dokument", exact=True).select_option(
        label="Kurs i akuttmedisin, hele"
    )
    form.get_by_label("Fra og med").fill("2030-01-01")
    form.get_by_label("Kursbevis").set_input_files(PDF)
    form.get_by_role("button", name="Lagre dokumentet").click()
    expect(page.get_by_role("alert")).to_contain_text("framtida")
    expect(form.get_by_label("Fra og med")).to_have_value("2030-01-01")
    faults(page)
    form.get_by_label("Fra og med").fill("2026-01-10")
    form.get_by_label("Kursbevis").set_input_files(PDF)
    form.get_by_role("button", name="Lagre dokumentet").click()
    expect(page.get_by_text("Kan ha vakt alene")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Last ned Kurs i akuttmedisin, hele").click()
    assert download.value.suggested_filename.startswith("kursbevis-")


def test_the_other_pages_have_no_faults_on_a_telephone(open_page, doctor, world):
    boss = make.user(
        "ole", roles=["legevaktoverlege"], at=world, first_name="Ole", last_name="Bo"
    )
    page = open_page(boss, "/folk/kurs/?sted=stasjon-varden")
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/folk/kurs/", "/folk/vikarer/", "/folk/import/", "/folk/regler/"):
        page.goto(page.url.split("/folk/")[0] + address)
        faults(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390, address
    page.goto(page.url.split("/folk/")[0] + "/folk/import/")
    page.get_by_label("Lim inn").fill("brukernavn\tfornavn\nx\tY")
    page.get_by_role("button", name="Les inn", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("kolonnen mangler")
