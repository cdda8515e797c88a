"""A planner sees who has far, merges two stations on the screen, and plans a measure."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults


def test_a_planner_sees_who_has_far_merges_and_plans_a_measure(open_page, world):
    make.station("varden", serves=[make.municipality("1826", "Hattfjelldal")])
    leader = make.user("leder", roles=["legevaktoverlege"])
    page = open_page(leader, "/plan/dimensjonering/reisetid/?sted=stasjon-varden")
    shape = page.locator("[data-map-box] path.area")
    expect(shape.first).to_be_visible()
    box = page.get_by_role("application", name="Andel over 60 minutter")
    expect(box.get_by_text("100 %").first).to_be_visible()
    box.get_by_role("button", name="Elvesvingen legevaktstasjon").focus()
    expect(page.locator("[data-map-said]")).to_have_text("Elvesvingen legevaktstasjon")
    page.get_by_role("radio", name="Nærmeste").press("Space")
    expect(shape).to_have_count(page.evaluate(COUNT))
    faults(page)

    page.get_by_role("link", name="Endre stasjoner").press("Enter")
    form = page.get_by_role("form", name="Slå sammen")
    form.get_by_label("Stasjonen som stenges").select_option(
        "Elvesvingen legevaktstasjon"
    )
    form.get_by_label("Stasjonen som tar over").select_option(
        "Fjellfoten legevaktstasjon"
    )
    form.get_by_role("button", name="Slå sammen").press("Enter")
    lost = page.get_by_role("region", name="Hva endringene gjør")
    expect(lost.get_by_role("row", name="Kommer over 60 minutter")).to_contain_text(
        "13\xa0598"
    )
    expect(page.get_by_text("én studie").first).to_be_visible()
    expect(shape.first).to_be_visible()
    faults(page)

    page.get_by_role("link", name="Beste steder").press("Enter")
    page.get_by_label("Antall").fill("5")
    page.get_by_label("Antall").press("Enter")
    expect(page.get_by_text("Bevist: ingen andre valg er bedre")).to_be_visible()
    faults(page)

    page.get_by_role("link", name="Kompenserende tiltak").press("Enter")
    expect(page.get_by_text("mangler tiltak").first).to_be_visible()
    page.get_by_role("link", name="Planlegg tiltak for Krutå").press("Enter")
    expect(page.get_by_label("Sted", exact=True)).to_have_value("1826-3")
    page.get_by_label("Tiltak", exact=True).select_option("Lokalt akutteam")
    page.get_by_label("Ansvarlig").fill("Kommuneoverlegen")
    due = timezone.localdate() - timedelta(days=1)
    page.get_by_label("Frist").fill(due.isoformat())
    page.get_by_role("button", name="Planlegg tiltaket").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Frist")
    expect(page.get_by_label("Ansvarlig")).to_have_value("Kommuneoverlegen")
    faults(page)
    page.get_by_label("Frist").fill((due + timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Planlegg tiltaket").press("Enter")
    page.get_by_role("link", name="Lokalt akutteam").press("Enter")
    page.get_by_label("Hvor langt").select_option("Satt i gang")
    page.get_by_role("button", name="Lagre").press("Enter")
    expect(page.get_by_text("Satt i gang").first).to_be_visible()
    faults(page)


COUNT = "fetch(JSON.parse(document.getElementById('map-figures').textContent).outlines).then(r => r.json()).then(r => Object.keys(r.areas).length)"
