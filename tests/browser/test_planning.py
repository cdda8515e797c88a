"""The leader asks what will come, counts the operators of a week, hands them to the rota."""

from django.utils import timezone
from playwright.sync_api import expect

from tests import make, planning
from tests.browser.test_desk import faults
from varde.apps.planning.services import forecasting
from varde.apps.records.models import DemandForecast, OperatorNeed
from varde.apps.staffing.access import Workplace


def test_a_leader_sees_what_will_come_and_hands_a_week_to_the_rota(open_page, world):
    sentral = make.sentral()
    leader = make.user("leder", roles=["legevaktoverlege"], at=sentral)
    page = open_page(leader, f"/plan/dimensjonering/behov/?sted=sentral-{sentral.code}")
    expect(page.get_by_text("Ingen prognose er laget")).to_be_visible()
    page.get_by_role("button", name="Regn ut").press("Enter")
    expect(page.get_by_text("Prognosen er bestilt")).to_be_visible()
    faults(page)
    now, place = timezone.now(), Workplace.of_sentral(sentral)
    row = DemandForecast.objects.get(sentral=sentral)
    forecasting.begin(row.pk, workplace=place, steps=8, at=now)
    expect(page.get_by_text("0 av 8 steg")).to_be_visible()  # told without being asked
    found = planning.found_of_calls(now=now)
    forecasting.keep(row.pk, workplace=place, found=found, at=now)
    page.get_by_role("link", name="Vis den").press("Enter")
    expect(page.get_by_text("Det er uvanlig mange.")).to_be_visible()
    expect(page.locator("[data-chart] svg")).to_be_visible()
    expect(
        page.get_by_role("region", name="En vanlig uke, time for time")
    ).to_contain_text("12,0")
    faults(page)

    page.get_by_role("link", name="Telefonbemanning").press("Enter")
    page.get_by_text("Tallene uka regnes av").click()
    length = page.get_by_label("Samtale og etterarbeid, minutter")
    length.fill("mye")
    length.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("skriv et tall fra 0,5 til 60")
    expect(length).to_have_value("mye")
    faults(page)
    length.fill("9")
    length.press("Enter")
    week = page.get_by_role("region", name="Operatører, halvtime for halvtime")
    expect(week.get_by_role("row", name="12:00")).to_contain_text("·")
    page.get_by_label("Halvtimen fra").select_option("12:00")
    page.get_by_role("button", name="Vis", exact=True).press("Enter")
    expect(page.get_by_text("(én færre)")).to_be_visible()
    faults(page)
    page.get_by_role("button", name="Gi til vaktplanen").press("Enter")
    expect(page.get_by_text("Behovet er gitt til vaktplanen.")).to_be_visible()
    assert OperatorNeed.objects.get().handed_by == leader
    page.get_by_role("button", name="Avslutt").press("Enter")
    expect(page.get_by_text("Behovet er tatt bort.")).to_be_visible()
    faults(page)
