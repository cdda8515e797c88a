"""A planner changes a rota by keyboard and by drag; one who is asked answers on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import rota as build
from tests.browser.test_desk import faults
from varde.apps.records.models import Absence, RotaDuty, Vacancy
from varde.apps.staffing.services.rota import changing, making, offer_links


@pytest.fixture
def house(transactional_db):
    """A draft that begins in some weeks."""
    made = build.house(with_rota=False)
    first = timezone.localdate() + timedelta(days=30)
    made.rota = making.make_rota(
        workplace=made.workplace,
        starts_on=first,
        ends_on=first + timedelta(days=13),
        by=made.planner,
        at=timezone.now(),
    )
    return made


def ready(page):
    expect(page.locator("[data-live-state]")).to_have_text("Direkte")


def test_a_planner_works_by_keyboard_and_sees_what_a_colleague_does(open_page, house):
    first, second = house.places[:2]
    bo = house.doctors[1]
    Absence.objects.create(
        person=bo,
        ground="holiday",
        starts_on=timezone.localdate(first.starts_at),
        ends_on=timezone.localdate(first.starts_at),
        decided_by=house.planner,
        decided_at=timezone.now(),
    )
    page = open_page(house.planner, f"/vaktplan/{house.rota.pk}/")
    ready(page)
    faults(page)
    duty = page.locator(f'a.duty[data-place="{first.pk}"]')
    dialog = page.get_by_role("dialog")
    said = page.locator("[data-rota-status]")

    duty.focus()
    page.keyboard.type("ane")
    expect(dialog.get_by_role("option", selected=True)).to_have_text("Ane")
    expect(dialog.get_by_text("Timer i døgnet: Ane får 16,5")).to_be_visible()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Lagret.")
    expect(duty).to_have_attribute("data-person", str(house.doctors[0].pk))
    expect(duty).to_be_focused()

    page.keyboard.type("bo")
    expect(dialog.get_by_text("Fravær: Bo er borte da.")).to_be_visible()
    faults(page)
    page.keyboard.press("Escape")

    duty.focus()
    page.keyboard.press("Delete")
    expect(duty).to_have_attribute("data-person", "")
    page.keyboard.press("Control+z")
    expect(said).to_have_text("Angret.")
    expect(duty).to_have_attribute("data-person", str(house.doctors[0].pk))

    other = page.locator(f'a.duty[data-place="{second.pk}"]')
    other.drag_to(page.locator(f'tr[data-drop="{bo.pk}"]'))
    expect(other).to_have_attribute("data-person", str(bo.pk))

    colleague = house.leader
    third = RotaDuty.objects.get(pk=house.places[4].pk)
    changing.set_person(
        rota_id=house.rota.pk,
        place_id=third.pk,
        person_id=house.doctors[2].pk,
        seen=third.row_version,
        workplace=house.workplace,
        by=colleague,
        at=timezone.now(),
    )
    expect(said).to_contain_text("Planen er endret av en annen: Siv")
    changed = page.locator(f'a.duty[data-place="{third.pk}"]')
    expect(changed).to_have_attribute("data-person", str(house.doctors[2].pk))

    page.goto(f"/vaktplan/{house.rota.pk}/?vis=dager")
    ready(page)
    faults(page)
    chip = page.locator(f'[data-chip="{house.doctors[3].pk}"]')
    place = page.locator(f'a.duty[data-place="{house.places[6].pk}"]')
    chip.drag_to(place)
    expect(place).to_have_text("Dina")


def test_a_sick_night_is_filled_from_two_phones(open_page, chromium, server, house):
    build.filled(house, published=True)
    place = house.place(3)
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    page = open_page(house.leader, f"/vaktplan/vakt/{place.pk}/", **phone)
    ready(page)
    page.get_by_role("button", name="Dina er syk").click()
    page.get_by_role("button", name="Spør i rekkefølge").click()
    expect(page.get_by_role("link", name="Send SMS").first).to_be_visible()
    faults(page)
    vacancy = Vacancy.objects.get()
    offer = vacancy.offers.get(state="asked")

    window = chromium.new_context(base_url=server, **phone)
    try:
        answer = window.new_page()
        answer.goto(f"/vaktplan/svar/{offer_links.link_code(offer)}/")
        faults(answer)
        answer.get_by_role("button", name="Ja, jeg tar vakta").click()
        expect(answer.get_by_text("Takk. Vakta er din")).to_be_visible()
        faults(answer)
    finally:
        chromium.close(window)
    place.refresh_from_db()
    assert place.person == offer.person
    assert place.duty.person == offer.person
    assert Vacancy.objects.get().state == "filled"
