"""A mission on a telephone: one thumb, and twenty minutes without net."""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Error, expect

from tests import make
from varde.apps.records.models import (
    Mission,
    MissionPress,
    Outcome,
    Station,
    Vehicle,
)


PHONE = {"viewport": {"width": 390, "height": 844}}
SHOTS = os.environ.get("VARDE_SHOTS")
LIMIT_S = 30  # as long as a busy machine needs; most take a moment


def faults(page):
    result = Axe().run(page)
    assert result.violations_count == 0, result.generate_report()


def shot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def wait_until(page, is_so):
    """Wait in the page's time, so that what it does goes on."""
    until = time.monotonic() + LIMIT_S
    while not is_so():
        assert time.monotonic() < until, "it never came"
        page.wait_for_timeout(100)


def visit(kari, *, minutes=15):
    now = timezone.now()
    contact = make.contact(
        patient=make.patient(
            given_name="Solveig", family_name="Strand", estimated_age=84,
            address="Elvegata 14", critical_note="Blodfortynnende",
        ),
        hastegrad_phone="haster", opened_at=now, callback_number="00000007",
        narrative="Tungpust siden i natt. Kan ikke komme selv. Datter er hos henne.",
    )  # fmt: skip
    return Outcome.objects.create(
        contact=contact,
        district=contact.district,
        kind="home_visit",
        created_at=now,
        created_by=kari,
        due_at=now + timezone.timedelta(minutes=minutes),
    )


def test_a_doctor_drives_out_alone_and_the_net_is_gone(open_page, world):
    kari = make.operator("kari")
    station = Station.objects.get(code="varden")
    Vehicle.objects.create(station=station, call_sign="Lima 1-1")
    lise = make.user(
        "lise", roles=["doctor"], at=station, first_name="Lise", last_name="Lund"
    )
    task = visit(kari)
    page = open_page(lise, "/stasjon/bil/", **PHONE)
    expect(page.get_by_text("Solveig Strand").first).to_be_visible()
    faults(page)
    shot(page, "board-390")
    page.get_by_role("link", name="Dra Solveig Strand").press("Enter")
    start = page.get_by_role("button", name="Start oppdraget")
    start.press("Enter")
    expect(
        page.get_by_role("alert").filter(has_text="alene uten en grunn")
    ).to_be_visible()
    faults(page)
    shot(page, "begin-390")
    page.get_by_label("Grunn, hvis én drar alene").fill("Nattevakt, ingen andre")
    start.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Solveig Strand")
    mission = Mission.objects.get(outcome=task)
    faults(page)
    shot(page, "mission-390")

    page.get_by_role("button", name="Varslet").click()
    expect(page.locator("[data-press=alarmed].is-pressed")).to_be_visible()
    page.context.set_offline(True)
    for name in ("Rykker ut", "Framme", "Hos pasienten"):
        page.get_by_role("button", name=name).press("Enter")
    expect(page.get_by_text("Ikke sendt ennå: 3.")).to_be_visible()
    expect(page.locator("[data-press=left]")).to_contain_text("ikke sendt")
    shot(page, "offline-390")
    assert MissionPress.objects.count() == 1
    pressed_by = timezone.now()
    page.wait_for_timeout(1500)  # so long is the net gone, and the clock shows it
    page.context.set_offline(False)
    expect(page.get_by_text("Ikke sendt ennå")).to_have_count(0)
    expect(page.locator("[data-press=with_patient].is-pressed")).to_be_visible()
    faults(page)
    shot(page, "sent-390")
    rows = {row.what: row for row in MissionPress.objects.all()}
    assert set(rows) == {"alarmed", "left", "at_scene", "with_patient"}
    for what in ("left", "at_scene", "with_patient"):
        assert rows[what].occurred_at < pressed_by < rows[what].recorded_at
    # Without net the page says so: that is no fault of it.
    page.problems[:] = [
        p for p in page.problems if "ERR_INTERNET_DISCONNECTED" not in p
    ]
    mission.refresh_from_db()
    assert mission.last_sign_at == rows["with_patient"].occurred_at


@pytest.fixture
def out(world):
    """Nora, and the mission that she is out on."""
    kari = make.operator("kari")
    station = Station.objects.get(code="varden")
    nora = make.nurse("nora", at=station, first_name="Nora", last_name="Nes")
    task = visit(kari)
    now = timezone.now()
    contact = task.contact
    mission = Mission.objects.create(
        contact=contact, district=contact.district, sentral=contact.sentral,
        station=station, outcome=task, kind="home_visit", opened_at=now,
        recorded_at=now, opened_by=nora, companion="Ambulanse 3-7",
    )  # fmt: skip
    mission.crew.create(person=nora, district=contact.district, since=now)
    return nora, mission


def test_what_is_pressed_while_another_press_is_sent_is_sent_too(open_page, out):
    nora, mission = out
    page = open_page(nora, f"/stasjon/bil/oppdrag/{mission.pk}/", **PHONE)
    held = []
    page.route(
        "**/trykk/samlet/",
        lambda route: route.continue_() if held else held.append(route),
    )
    page.get_by_role("button", name="Rykker ut").click()
    wait_until(page, lambda: held)
    page.get_by_role("button", name="Framme").click()
    expect(page.get_by_text("Ikke sendt ennå: 2.")).to_be_visible()
    held[0].continue_()
    expect(page.get_by_text("Ikke sendt ennå")).to_have_count(0)
    assert MissionPress.objects.count() == 2


def test_times_that_come_late_are_not_drawn_over_newer_ones(open_page, out):
    nora, mission = out
    page = open_page(nora, f"/stasjon/bil/oppdrag/{mission.pk}/", **PHONE)
    old = []

    def late(route):
        if old:
            route.continue_()
        else:
            old.append((route, route.fetch()))

    page.route("**/tider/", late)
    contact = page.locator("[data-pad]").get_attribute("data-contact")
    page.evaluate(
        "id => document.dispatchEvent(new CustomEvent('varde:contact', {detail: id}))",
        contact,
    )
    wait_until(page, lambda: old)
    page.get_by_role("button", name="Rykker ut").click()
    expect(page.locator("[data-press=left] time")).to_be_visible()
    route, answer = old[0]
    with page.expect_response("**/tider/"):
        route.fulfill(response=answer)
    page.wait_for_timeout(300)
    expect(page.locator("[data-press=left] time")).to_be_visible()


def test_after_a_gap_in_the_stream_the_times_are_read_again(open_page, out):
    nora, mission = out
    page = open_page(nora, f"/stasjon/bil/oppdrag/{mission.pk}/", **PHONE)
    with page.expect_response("**/tider/"):
        page.evaluate("document.dispatchEvent(new CustomEvent('varde:resync'))")


def test_a_page_that_was_read_before_the_press_was_taken_draws_it_all_the_same(
    open_page, out
):
    nora, mission = out
    address = f"/stasjon/bil/oppdrag/{mission.pk}/"
    # The page itself is held back, and not by its worker.
    page = open_page(nora, address, service_workers="block", **PHONE)
    presses, pages = [], []
    page.route("**/trykk/samlet/", lambda route: presses.append(route))
    page.get_by_role("button", name="Rykker ut").click()
    wait_until(page, lambda: presses)
    page.route(f"**{address}", lambda route: pages.append((route, route.fetch())))
    page.evaluate("setTimeout(() => location.reload())")
    wait_until(page, lambda: pages)  # read, and on its way
    with page.expect_request("**/tider/"):  # the old page has been told, and asks
        presses[0].continue_()
    route, answer = pages[0]
    with page.expect_navigation():
        route.fulfill(response=answer)
    expect(page.locator("[data-press=left] time")).to_be_visible()


def test_presses_survive_a_page_that_is_closed_and_a_screen_that_locks(open_page, out):
    nora, mission = out
    page = open_page(nora, f"/stasjon/bil/oppdrag/{mission.pk}/", **PHONE)

    taken = []

    def lost(route):
        if not taken:
            taken.append(route.fetch())  # the server took it; the answer never came
        with suppress(Error):  # the page went on in the middle of it
            route.abort()

    page.route("**/trykk/samlet/", lost)
    page.get_by_role("button", name="Rykker ut").click()
    expect(page.get_by_text("Ikke sendt ennå: 1.")).to_be_visible()
    wait_until(page, lambda: taken)
    assert taken[0].status == 200
    assert MissionPress.objects.filter(what="left").count() == 1
    page.unroute("**/trykk/samlet/", lost)
    page.goto("/stasjon/bil/")  # another page sends what this telephone kept
    expect(page.locator("[data-unsent-elsewhere]")).to_be_hidden()
    page.goto(f"/stasjon/bil/oppdrag/{mission.pk}/")
    expect(page.locator("[data-press=left].is-pressed")).to_be_visible()
    assert MissionPress.objects.filter(what="left").count() == 1

    expect(page.locator("[data-live-state]")).to_have_text("Direkte")
    page.keyboard.press("F9")
    cover = page.get_by_role("dialog")
    expect(cover.get_by_label("PIN-kode eller passord")).to_be_visible()
    cover.get_by_role("button", name="Framme").click()
    expect(cover.get_by_text("Ikke sendt ennå")).to_have_count(0)
    expect(cover.locator("[data-press=at_scene].is-pressed")).to_be_visible()
    assert "Solveig" not in cover.inner_text()
    shot(page, "locked-390")
    wait_until(page, lambda: MissionPress.objects.filter(what="at_scene").exists())
    assert MissionPress.objects.filter(what="at_scene").count() == 1
    page.problems[:] = [
        p for p in page.problems if "net::ERR_FAILED" not in p and "423" not in p
    ]
