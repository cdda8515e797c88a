"""A planner composes a study with the keyboard, runs it, compares, and takes the paper."""

import re

from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.planning import jobs
from varde.apps.planning.queries import studies as query
from varde.apps.records.models import ScenarioStudy
from varde.engines.simulation.event_log import board_at, event_log
from varde.engines.simulation.replications import Engine, Replicator
from varde.engines.simulation.scenario import MINUTES_A_DAY


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
    drawn = page.get_by_role("region", name="Kartet")
    drawn.get_by_label("Scenario").select_option(index=1)
    said = drawn.locator("[data-map-said]")
    expect(said).to_have_text("Pek på et sted.")
    drawn.locator("circle.place").nth(2).click()
    expect(said).to_contain_text("Utkant: 50 min til Nord, 50 min til nærmeste lege")
    drawn.get_by_label("lege på vakt").press("Space")
    expect(drawn.get_by_role("img")).to_be_visible()
    assert drawn.locator("circle.place").count() == 3
    table = page.get_by_role("region", name="Stedene").get_by_role("table")
    expect(table.get_by_role("row", name="Utkant")).to_contain_text("Nord 50 min")
    plays_a_day(page, row)
    paper = page.request.get(
        page.get_by_role("link", name="Til kommunestyret").get_attribute("href")
    )
    assert paper.body().startswith(b"%PDF")


def plays_a_day(page, study):
    """The board of the page holds what the log of the run says, minute by minute."""
    page.get_by_role("link", name="Spill av et døgn").press("Enter")
    expect(page.get_by_role("heading", name="Et døgn i scenarioet")).to_be_visible()
    page.get_by_label("Kjøring").fill("3")
    page.get_by_role("button", name="Hent").press("Enter")
    expect(page).to_have_url(re.compile("kjoring=3"))
    faults(page)
    asked = int(page.get_by_label("Døgn (").input_value())
    scenario = query.found(study).scenarios[0]
    work = Replicator([scenario], seed=study.seed, engine=Engine.KERNEL)
    ((drawn, run),) = work.runs(2)
    log = list(event_log(scenario, drawn, run))
    first = scenario.warm_up_min + (asked - 1) * MINUTES_A_DAY
    clock = page.get_by_label("Klokka")
    seen = 0
    for hours in (0, 9, 13, 17, 20):
        clock.fill(str(60 * hours))
        expect(clock).to_have_attribute("aria-valuetext", f"{hours:02}:00")
        board = board_at(log, first + 60 * hours)
        there = sum(
            int(page.locator(f"[data-count={code}]").text_content())
            for code in ("on-the-way", "under-way", "bed")
        )
        waits = page.locator("[data-column=waits] li")
        expect(waits).to_have_count(len(board.waiting))
        assert there == len(board.on_the_way) + len(board.under_way)
        seen += there + len(board.waiting)
    assert seen > 0
    page.get_by_role("button", name="Neste hendelse").press("Enter")
    expect(page.get_by_role("status").filter(has_text="Kl. 2")).to_be_visible()
    play = page.get_by_role("button", name="Spill av")
    play.press("Enter")
    expect(page.get_by_role("button", name="Stans")).to_be_focused()
    expect(clock).not_to_have_value(str(60 * 20))
    page.get_by_role("button", name="Stans").press("Enter")
    expect(play).to_be_visible()
    faults(page)
    page.go_back()
    page.go_back()
