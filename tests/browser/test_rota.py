"""A planner changes a rota by keyboard and by drag; one who is asked answers on a phone."""

import re
from collections import Counter
from datetime import date, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import rota as build
from tests.browser.test_desk import faults
from tests.browser.test_live_page import stop_the_clock
from tests.browser.test_missions import wait_until
from varde.apps.records.models import (
    Absence,
    RotaDuty,
    RotaRun,
    ShiftPattern,
    Vacancy,
)
from varde.apps.staffing import jobs
from varde.apps.staffing.services.rota import changing, making, offer_links


FRIDAY = 4


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


def give(house, place, person):
    """A colleague gives somebody a duty."""
    changing.set_person(
        rota_id=house.rota.pk,
        place_id=place.pk,
        person_id=person.pk,
        seen=RotaDuty.objects.get(pk=place.pk).row_version,
        workplace=house.workplace,
        by=house.leader,
        at=timezone.now(),
    )


def duty_of(page, place):
    return page.locator(f'a.duty[data-place="{place.pk}"]')


def hold_the_grid(page):
    """From here on what is asked of the grid waits, until it is let go."""
    held = []
    address = page.locator("[data-grid]").get_attribute("data-address")
    page.route(f"**{address}", lambda route: held.append(route))
    return held


def test_who_has_gone_on_to_another_duty_stays_there_when_it_is_drawn(open_page, house):
    first, second = house.places[:2]
    build.filled(house)
    page = open_page(house.planner, f"/vaktplan/{house.rota.pk}/?vis=dager")
    ready(page)
    held = hold_the_grid(page)
    duty_of(page, first).focus()
    page.keyboard.press("Delete")
    wait_until(page, lambda: held)
    duty_of(page, second).focus()
    while held:
        held.pop().continue_()
        page.wait_for_timeout(300)
    expect(duty_of(page, first)).to_have_attribute("data-person", "")
    expect(duty_of(page, second)).to_be_focused()


def test_what_a_colleague_did_is_told_though_it_is_drawn_already(open_page, house):
    mine, hers = house.places[:2]
    page = open_page(house.planner, f"/vaktplan/{house.rota.pk}/")
    streams = []
    page.route("**/live/**", lambda route: streams.append(route))
    page.reload()
    wait_until(page, lambda: streams)
    held = hold_the_grid(page)
    duty_of(page, mine).focus()
    page.keyboard.type("ane")
    page.keyboard.press("Enter")
    wait_until(page, lambda: held)
    give(house, hers, house.doctors[2])
    held[0].continue_()
    cato = str(house.doctors[2].pk)
    expect(duty_of(page, hers)).to_have_attribute("data-person", cato)
    streams[0].continue_()
    said = page.locator("[data-rota-status]")
    expect(said).to_contain_text("Planen er endret av en annen: Siv")


def test_what_was_saved_is_said_for_some_seconds(open_page, house):
    page = open_page(house.planner, f"/vaktplan/{house.rota.pk}/")
    page.clock.install()
    page.reload()
    ready(page)
    stop_the_clock(page)
    page.clock.run_for(4_900)
    duty_of(page, house.place()).focus()
    page.keyboard.type("ane")
    page.keyboard.press("Enter")
    said = page.locator("[data-rota-status]")
    expect(said).to_have_text("Lagret.")
    page.clock.run_for(4_500)
    expect(said).to_have_text("Lagret.")
    page.clock.run_for(1_000)
    expect(said).to_be_empty()


def test_a_planner_works_by_keyboard_and_sees_what_a_colleague_does(open_page, house):
    first, second = [one for one in house.places if one.pattern.name == "Hverdag"][:2]
    free = [one for one in house.places if one not in (first, second)]
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

    third = free[2]
    give(house, third, house.doctors[2])
    expect(said).to_contain_text("Planen er endret av en annen: Siv")
    changed = page.locator(f'a.duty[data-place="{third.pk}"]')
    expect(changed).to_have_attribute("data-person", str(house.doctors[2].pk))

    page.goto(f"/vaktplan/{house.rota.pk}/?vis=dager")
    ready(page)
    faults(page)
    chip = page.locator(f'[data-chip="{house.doctors[3].pk}"]')
    place = page.locator(f'a.duty[data-place="{free[4].pk}"]')
    chip.drag_to(place)
    expect(place).to_have_text("Dina")


@pytest.fixture
def at_christmas(transactional_db):
    """Two doctors at a time over the next Christmas, four to choose from and a LIS1."""
    made = build.house(doctors=4, with_rota=False)
    ShiftPattern.objects.all().delete()
    for post in ("konsultasjonsvakt", "beredskapsvakt"):
        for days, starts in ((build.WORKING, time(15, 30)), (build.FREE, time(8))):
            build.pattern(made, "Vakt", days, starts, time(8), post=post)
    station = made.doctors[0].positions.get().station
    made.lis1 = build.doctor("Liv", station, category="lis1")
    today = timezone.localdate()
    made.first = date(today.year + (today.month == 12), 12, 14)
    return made


def test_what_a_colleague_does_under_a_drag_is_drawn_when_it_is_let_go(
    open_page, house
):
    page = open_page(house.planner, f"/vaktplan/{house.rota.pk}/")
    ready(page)
    bo, cato = house.doctors[1:3]
    mine = page.locator(f'a.duty[data-place="{house.places[1].pk}"]')
    row = page.locator(f'tr[data-drop="{bo.pk}"]')
    held = []
    address = page.locator("[data-grid]").get_attribute("data-address")
    page.route(
        f"**{address}",
        lambda route: route.continue_() if held else held.append(route),
    )
    hers = house.places[4]
    give(house, hers, cato)
    wait_until(page, lambda: held)
    mine.hover()
    page.mouse.down()
    row.hover()
    row.hover()
    expect(row).to_have_class(re.compile("is-target"))
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(row).to_have_class(re.compile("is-target"))
    page.mouse.up()
    expect(mine).to_have_attribute("data-person", str(bo.pk))
    changed = page.locator(f'a.duty[data-place="{hers.pk}"]')
    expect(changed).to_have_attribute("data-person", str(cato.pk))


def test_next_quarter_with_wishes_and_a_lis1_and_a_sick_friday_night(
    open_page, chromium, server, at_christmas, monkeypatch
):
    """What the leader does from an empty period to a night that is filled by phone."""
    house = at_christmas
    ane = house.doctors[0]
    first, last = house.first, house.first + timedelta(days=20)

    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    wish = open_page(ane, "/vaktplan/onsker/", **phone)
    wish.get_by_label("fri", exact=True).check()
    wish.get_by_label("viktig", exact=True).check()
    wish.get_by_label("Første dag").fill(f"{first.year}-12-24")
    wish.get_by_role("button", name="Lagre ønsket").click()
    expect(wish.get_by_role("button", name="Ta bort")).to_be_visible()

    page = open_page(house.planner, "/vaktplan/ny/")
    page.get_by_label("Første dag").fill(first.isoformat())
    page.get_by_label("Siste dag").fill(last.isoformat())
    page.get_by_role("button", name="Lag utkastet").click()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("1 ønsker")).to_be_visible()
    run = RotaRun.objects.get()
    RotaRun.objects.update(seconds=4)
    monkeypatch.setattr(jobs, "BEAT_S", 0.2)
    jobs.solve(run.pk)
    page.reload()
    page.get_by_role("button", name="Ta dette forslaget").click()
    ready(page)
    rota = run.rota
    assert not rota.duties.filter(person=None).exists()
    assert rota.duties.filter(person=house.lis1).exists()
    assert not rota.duties.filter(
        person=ane, starts_at__date=date(first.year, 12, 24)
    ).exists()

    # Why one doctor has two Christmas duties.
    christmas = rota.duties.filter(
        starts_at__date__range=(date(first.year, 12, 24), date(first.year, 12, 26))
    )
    per_doctor = Counter(christmas.values_list("person__first_name", flat=True))
    name, count = per_doctor.most_common(1)[0]
    assert count >= 2  # three days of two duties for five people
    page.get_by_label("Fra", exact=True).fill(f"{first.year}-12-21")
    page.get_by_role("button", name="Vis", exact=True).click()
    page.get_by_role("link", name=name, exact=True).click()
    holidays = page.get_by_role("heading", name="Helligdag")
    expect(holidays).to_be_visible()
    expect(
        page.get_by_text(re.compile("er den rettferdige delen|stopper|skjevere")).first
    ).to_be_visible()
    faults(page)
    page.go_back()
    page.get_by_role("button", name="Publiser").click()
    expect(page.get_by_text("Planen er publisert.")).to_be_visible()

    # Friday night, from the leader's phone.
    place = next(
        one
        for one in rota.duties.order_by("starts_at").select_related("person")
        if timezone.localtime(one.starts_at).weekday() == FRIDAY
        and one.person != house.lis1
        and one.post == "beredskapsvakt"
    )
    page = open_page(house.leader, f"/vaktplan/vakt/{place.pk}/", **phone)
    ready(page)
    page.get_by_role("button", name=f"{place.person.first_name} er syk").click()
    page.get_by_role("button", name="Spør i rekkefølge").click()
    expect(page.get_by_role("link", name="Send SMS").first).to_be_visible()
    page.get_by_label("Fast lønn om natta").check()
    page.get_by_role("button", name="Lagre godtgjøringen").click()
    expect(page.get_by_label("Fast lønn om natta")).to_be_checked()
    faults(page)
    vacancy = Vacancy.objects.get()
    offer = vacancy.offers.get(state="asked")

    window = chromium.new_context(base_url=server, **phone)
    try:
        answer = window.new_page()
        answer.goto(f"/vaktplan/svar/{offer_links.link_code(offer)}/")
        expect(answer.get_by_text("Fast lønn om natta")).to_be_visible()
        faults(answer)
        answer.get_by_role("button", name="Ja, jeg tar vakta").click()
        expect(answer.get_by_text("Takk. Vakta er din")).to_be_visible()
        faults(answer)
    finally:
        chromium.close(window)
    place.refresh_from_db()
    assert place.person == place.duty.person == offer.person
    assert Vacancy.objects.get().state == "filled"
    page.goto(f"/vaktplan/ledige/?ar={timezone.localdate(place.starts_at).year}")
    expect(page.get_by_role("cell", name="spurt, sa ja")).to_be_visible()
    faults(page)


def test_a_sheet_is_pasted_shown_and_taken(open_page, house):
    page = open_page(house.planner, f"/vaktplan/{house.rota.pk}/ark/")
    ready(page)
    faults(page)
    day = timezone.localtime(house.places[0].starts_at).date()
    shift = house.places[0].pattern.name
    head = "dato\tskift\tvakt\thvem"
    box = page.get_by_label("Lim inn fra regnearket")
    box.fill(f"{head}\n{day:%d.%m.%Y}\t{shift}\tforvakt\tAne")
    page.get_by_role("button", name="Vis hva det gjør").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="ledig får noen")).to_contain_text("Ane")
    faults(page)
    page.get_by_role("button", name="Les inn i utkastet").press("Enter")
    expect(page.get_by_text("Lest inn. 1 vakter er endret.")).to_be_visible()
    assert house.places[0].person == house.doctors[0]


def test_a_leader_fills_the_days_of_one_who_is_sick(open_page, house):
    build.filled(house, published=True)
    ane = house.doctors[0]
    page = open_page(house.leader, f"/vaktplan/vakt/{house.place(0).pk}/")
    ready(page)
    page.get_by_role("link", name="Syk flere dager").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ane er borte")
    last = timezone.localdate(house.place(6).starts_at).isoformat()
    page.get_by_label("Til og med").fill(last)
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Meld syk og gjør vaktene ledige").press("Enter")
    expect(page.get_by_text("2 vakter er ledige")).to_be_visible()
    faults(page)
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    boxes.last.press("Space")
    page.get_by_role("button", name="Ta det som er krysset av").press("Enter")
    expect(page.get_by_text("1 vakt har skiftet hender")).to_be_visible()
    expect(page.get_by_text("Du har fått")).to_have_count(1)
    expect(boxes).to_have_count(1)
    faults(page)
    assert ane.rota_duties.count() == 1
