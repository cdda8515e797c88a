"""The leader shows the municipality what Lyngen's model would cost them."""

from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import StaffingComparison
from varde.apps.staffing import jobs


def test_a_leader_compares_lyngen_with_a_fixed_substitute(open_page, world):
    leader = make.user("leder", roles=["legevaktoverlege"])
    page = open_page(leader, "/vaktplan/modeller/?sted=stasjon-varden")
    expect(page.get_by_text("Ingen sammenligning er laget ennå.")).to_be_visible()
    faults(page)
    page.get_by_role("link", name="Ny sammenligning").press("Enter")
    page.get_by_role("checkbox", name="Vanlig rotasjon").press("Space")
    page.get_by_role("checkbox", name="Fast vikar ti dager").press("Space")
    page.get_by_label("Navn").fill("Til kommunestyret")
    social = page.get_by_label("Arbeidsgiveravgift og pensjon")
    social.fill("mye")
    social.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("skriv et tall fra 0 til 100")
    expect(social).to_have_value("mye")
    faults(page)
    social.fill("30")
    page.get_by_label("Lønn for en hel stilling").fill("1200000")
    page.get_by_role("button", name="Regn ut").press("Enter")
    expect(page.get_by_text("0 av 104 uker")).to_be_visible()
    faults(page)
    jobs.compare_models(StaffingComparison.objects.get().pk)
    expect(page.get_by_text("ferdig")).to_be_visible()  # told without being asked
    page.get_by_role("link", name="Til kommunestyret").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Til kommunestyret")
    expect(page.locator("[data-chart] svg, [data-chart] canvas").first).to_be_visible()
    lyngen = page.get_by_role("region", name="Tallene ved siden av hverandre")
    expect(lyngen.get_by_role("row", name="Timer i uka")).to_contain_text("55,6")
    expect(page.get_by_text("dagarbeidet i stillingene gir")).to_be_visible()
    faults(page)
    page.get_by_role("button", name="Del og lås").press("Enter")
    expect(page.get_by_text("og kan ikke endres").first).to_be_visible()
    expect(page.get_by_role("button", name="Slett")).to_be_hidden()
    faults(page)
