"""A planner composes a study with the keyboard, runs it, compares, and takes the paper."""

from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.planning import jobs
from varde.apps.records.models import ScenarioStudy


def test_a_planner_compares_one_doctor_more_in_the_evening(open_page, world):
    leader = make.user("leder", roles=["legevaktoverlege"])
    page = open_page(leader, "/plan/dimensjonering/scenarioer/?sted=stasjon-varden")
    expect(page.get_by_text("Ingen studie er laget ennå.")).to_be_visible()
    faults(page)
    page.get_by_role("link", name="Ny studie").press("Enter")
    page.get_by_label("Navn").fill("Kveldslege")
    page.get_by_label("Kjøringer av hvert scenario").fill("mange")
    page.get_by_role("checkbox", name="Satellitt").press("Space")
    page.get_by_role("button", name="Lag utkast").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("skriv et helt tall fra 2")
    expect(page.get_by_label("Navn")).to_have_value("Kveldslege")
    page.get_by_label("Kjøringer av hvert scenario").fill("3")
    page.get_by_role("button", name="Lag utkast").press("Enter")
    faults(page)

    for title in ("To stasjoner som i dag", "To leger på den største"):
        page.get_by_role("link", name=f"Se og endre {title}").press("Enter")
        page.locator("summary", has_text="Kjøringen").press("Enter")
        page.get_by_label("Døgn i hver kjøring").fill("5")
        page.get_by_label("Døgn før det telles").fill("1")
        if title.startswith("To leger"):
            evening = page.get_by_role("slider", name="Til Lege Sor 2")
            evening.press("ArrowRight")  # a quarter of an hour on the strip
            evening.press("ArrowRight")
            field = page.get_by_role("textbox", name="Til Lege Sor 2")
            expect(field).to_have_value("23:30")
            faults(page)
        page.get_by_role("button", name="Lagre").press("Enter")
        expect(page.get_by_text("Scenarioet er lagret.")).to_be_visible()
        page.get_by_role("link", name="Kveldslege").press("Enter")
    expect(page.get_by_text("Folk: Lege Sor 2: Endret i studien: endret.")).to_be_visible()  # fmt: skip

    page.get_by_role("button", name="Kjør").press("Enter")
    expect(page.get_by_text("0 av 3 kjøringer")).to_be_visible()
    faults(page)
    row = ScenarioStudy.objects.get()
    jobs.run_study(row.pk)
    page.get_by_role("link", name="Se resultatet").press("Enter")  # told unasked
    figures = page.get_by_role("region", name="Tallene ved siden av hverandre")
    hours = figures.get_by_role("row", name="Timer på vakt for leger")
    expect(hours).to_contain_text("392,0")  # 336, and eight hours each evening
    expect(page.locator("[data-chart] svg, [data-chart] canvas").first).to_be_visible()
    faults(page)
    paper = page.request.get(
        page.get_by_role("link", name="Til kommunestyret").get_attribute("href")
    )
    assert paper.body().startswith(b"%PDF")
