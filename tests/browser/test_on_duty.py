"""The leader corrects a number, names who answers, shares out nødnett, subscribes."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import Station
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.services import on_duty as services


def test_a_number_a_deputy_a_day_and_a_calendar(open_page, world):
    station = Station.objects.get(code="varden")
    nurse = make.nurse(at=station, first_name="Nora", last_name="Nes", phone="40000008")
    make.duty(nurse, "nurse", at=station, starts_at=timezone.now() - timedelta(hours=1))
    olav = make.user(
        "olav", roles=["doctor"], at=station, first_name="Olav", phone="40000011"
    )
    other = make.duty(olav, "konsultasjonsvakt", at=station, starts_at=timezone.now())
    place = Workplace.of_station(station, sentraler=[world.pk])
    boss = make.user(
        "sjef", roles=["legevaktoverlege"], first_name="Siri", phone="40000009"
    )
    page = open_page(boss, "/vaktplan/hvem/?sted=stasjon-varden")
    row = page.get_by_role("listitem").filter(has_text="Nora Nes")
    expect(row.get_by_role("link", name="40000008")).to_be_visible()
    faults(page)
    row.get_by_text("Rett nummer").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Nytt nummer til Nora Nes")
    field.fill("nora")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Telefon")
    field.blur()
    services.correct_phone(
        duty_id=other.pk, number="40000077", for_good=False, workplace=place, by=boss,
        at=timezone.now(),
    )  # fmt: skip
    expect(page.get_by_role("link", name="40000077")).to_be_visible()
    expect(field).to_have_value("nora")
    field.fill("40 00 00 10")
    field.press("Enter")
    expect(row.get_by_role("link", name="40000010")).to_be_visible()
    page.get_by_role("link", name="Stedfortredere").press("Enter")
    expect(page.get_by_text("Ingen stedfortreder fra").first).to_be_visible()
    faults(page)
    leader = page.get_by_role("region", name="Leder for legevakten")
    leader.get_by_text("Sett opp en til").focus()
    page.keyboard.press("Enter")
    leader.get_by_label("Hvem").select_option("Siri")
    leader.get_by_role("button", name="Lagre").press("Enter")
    expect(leader).to_contain_text("dekket 100 % av timene")
    page.get_by_role("link", name="Nødnett på dagtid").press("Enter")
    page.get_by_label("Lege eller legekontor").select_option("Nora Nes")
    page.get_by_role("button", name="Ta med").press("Enter")
    page.get_by_role("button", name="Fordel", exact=True).press("Enter")
    expect(
        page.get_by_role("listitem").filter(has_text="Nora Nes").first
    ).to_be_visible()
    faults(page)
    page.get_by_role("link", name="Kalender", exact=True).press("Enter")
    page.get_by_role("button", name="Lag adresse Mine vakter").press("Enter")
    address = page.get_by_label("Abonner på denne adressen").input_value()
    faults(page)
    assert Client().get("/vaktplan" + address.split("/vaktplan")[1]).status_code == 200
    page.goto("/vaktplan/hvem/vegg/")
    expect(page.get_by_text("40000010")).to_be_visible()
    faults(page)
