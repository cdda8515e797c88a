"""The leader looks at load, asks what ten years bring, and tries out a fixed pay."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from tests.integration.test_ahead import position
from tests.integration.test_load import practice, vefsn_rota
from varde.apps.records.models import Duty, Station


def vefsn():
    """A quarter of Vefsn's rota, with patients in some duties."""
    place = Station.objects.get()
    today = timezone.localdate()
    doctors = [
        make.user(
            f"lege{n:02}", roles=["doctor"], at=place, first_name=f"Lege {n:02}",
            last_name="Fjell", born_year=today.year - 34 - 2 * n,
        )
        for n in range(12)
    ]  # fmt: skip
    for n, doctor in enumerate(doctors):
        position(doctor, place)
        if n != 3:
            practice(doctor, hours=8 + n / 4)
    monday = today - timedelta(days=today.weekday(), weeks=13)
    vefsn_rota(place, doctors, weeks=14, first=monday)
    for duty in Duty.objects.filter(station=place, ends_at__lt=timezone.now()):
        if duty.pk % 3:
            make.attendance(
                at=place, doctor=duty.person, arrived_at=duty.starts_at,
                taken_at=duty.starts_at, end="treated",
                ended_at=duty.starts_at + timedelta(hours=2 + duty.pk % 3),
            )  # fmt: skip
    return doctors


def test_a_leader_sees_load_asks_of_ten_years_and_tries_a_fixed_pay(open_page, world):
    vefsn()
    leader = make.user("leder", roles=["legevaktoverlege"])
    page = open_page(leader, "/vaktplan/belastning/?sted=stasjon-varden")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Belastning – Legevakt varden"
    )
    expect(page.locator("[data-chart] svg, [data-chart] canvas").first).to_be_visible()
    faults(page)
    page.get_by_role("link", name="Framover").press("Enter")
    expect(page.get_by_text("kan 6 av 12 leger")).to_be_visible()
    faults(page)
    years = page.get_by_label("År framover", exact=True)
    years.fill("0")
    years.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("skriv et tall fra 1 til 20")
    expect(years).to_have_value("0")
    years.fill("5")
    years.press("Enter")
    expect(page.get_by_text("Om 5 år kan")).to_be_visible()
    page.get_by_role("link", name="Lønn", exact=True).press("Enter")
    fixed = page.get_by_label("Prøv fast timelønn, kr")
    expect(page.get_by_text("ikke avtalt noen timelønn")).to_be_visible()
    fixed.fill("650")
    fixed.press("Enter")
    expect(page.get_by_text("ikke avtalt noen timelønn")).to_be_hidden()
    faults(page)
