"""The car's page without net: read again, pressed, and sent when there is net again."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_missions import wait_until
from varde.apps.records.models import (
    Mission,
    MissionPress,
    Outcome,
    Station,
    WorkSession,
)


PHONE = {"viewport": {"width": 390, "height": 844}}
SHOTS = os.environ.get("VARDE_SHOTS")
WITHOUT_NET = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "status of 401")
ALL_KEPT = """async () => {
  const found = JSON.stringify({ ...localStorage });
  const bodies = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      bodies.push([name, new URL(request.url).pathname, await answer.text()]);
    }
  }
  return { found, bodies };
}"""


@pytest.fixture
def out(world):
    """Nora is out on a mission, alone with nobody's name on the telephone."""
    station = Station.objects.get(code="varden")
    nora = make.nurse("nora", at=station, first_name="Nora", last_name="Nes")
    now = timezone.now()
    contact = make.contact(
        patient=make.patient(
            given_name="Solveig", family_name="Strand", address="Elvegata 14"
        ),
        hastegrad_phone="haster", opened_at=now, callback_number="00000007",
        narrative="Tungpust siden i natt.",
    )  # fmt: skip
    task = Outcome.objects.create(
        contact=contact, district=contact.district, kind="call_out",
        created_at=now, created_by=nora, due_at=now,
    )  # fmt: skip
    mission = Mission.objects.create(
        outcome=task, contact=contact, district=contact.district, sentral=contact.sentral,
        station=station, kind="call_out", opened_at=now, recorded_at=now,
        opened_by=nora, companion="Ambulanse 3-7",
            sign_due_at=now + timezone.timedelta(minutes=30),
    )  # fmt: skip
    mission.crew.create(person=nora, district=contact.district, since=now)
    return nora, mission


def ready(page, mission):
    """The page of the mission, when the telephone has what it needs without net."""
    page.goto(f"/stasjon/bil/oppdrag/{mission.pk}/")
    expect(page.get_by_text("virker også uten nett")).to_be_visible()


def forgive(page):
    """Without net the browser complains: that is no fault of the page."""
    page.problems[:] = [
        one for one in page.problems if not any(text in one for text in WITHOUT_NET)
    ]


def shot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def test_a_page_that_is_read_again_without_net_takes_presses_and_sends_them_once(
    open_page, out
):
    nora, mission = out
    page = open_page(nora, "/stasjon/bil/", **PHONE)
    ready(page, mission)
    shot(page, "away-ready-390")
    page.get_by_role("button", name="Varslet").press("Enter")
    expect(page.locator("[data-press=alarmed] time")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Rykker ut").press("Enter")
    expect(page.get_by_text("Ikke sendt ennå: 1.")).to_be_visible()

    page.reload()  # or the telephone ended the tab: the shell stands there
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text(f"Oppdrag {mission.pk}, startet kl.")
    expect(page.locator("[data-press=alarmed] time")).to_be_visible()
    expect(page.locator("[data-press=left]")).to_contain_text("ikke sendt")
    expect(page.locator(".is-next")).to_contain_text("Framme")
    for name in ("Framme", "Hos pasienten"):
        page.get_by_role("button", name=name).press("Enter")
    expect(page.get_by_text("Ikke sendt ennå: 3.")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    shot(page, "away-390")
    kept = page.evaluate(ALL_KEPT)
    everything = str(kept)
    for secret in ("Solveig", "Strand", "Elvegata", "00000007", "Tungpust", "Nora"):
        assert secret not in everything
    assert {place for _, place, _ in kept["bodies"]} >= {"/stasjon/bil/uten-nett/"}
    assert not [p for _, p, _ in kept["bodies"] if "oppdrag" in p]
    page.goto("/stasjon/bil/")  # the only mission at hand, also from the list
    expect(title).to_contain_text(f"Oppdrag {mission.pk}")
    page.goto(f"/stasjon/bil/oppdrag/{mission.pk}/")

    pressed_by = timezone.now()
    page.wait_for_timeout(1200)  # so long is the net gone, and the clock shows it
    page.context.set_offline(False)
    expect(title).to_contain_text("Solveig Strand")  # the page comes back by itself
    expect(page.locator("[data-press=with_patient] time")).to_be_visible()
    expect(page.get_by_text("Ikke sendt ennå")).to_have_count(0)
    wait_until(page, lambda: MissionPress.objects.count() == 4)
    rows = MissionPress.objects.order_by("occurred_at", "pk")
    assert [row.what for row in rows] == ["alarmed", "left", "at_scene", "with_patient"]
    for row in rows[1:]:
        assert row.occurred_at < pressed_by < row.recorded_at
    forgive(page)


def test_who_logs_out_leaves_nothing_to_go_on_with_and_the_next_sends_nothing_for_her(
    open_page, out
):
    nora, mission = out
    berit = make.nurse("berit", at=mission.station, first_name="Berit", last_name="Bo")
    page = open_page(nora, "/stasjon/bil/", **PHONE)
    ready(page, mission)
    page.context.set_offline(True)
    page.get_by_role("button", name="Varslet").press("Enter")
    page.reload()
    page.get_by_role("button", name="Rykker ut").press("Enter")
    expect(page.get_by_text("Ikke sendt ennå: 2.")).to_be_visible()
    WorkSession.objects.filter(user=nora).delete()  # ended while she was out
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="Logg inn igjen")).to_be_visible()
    shot(page, "away-login-390")
    assert not MissionPress.objects.exists()
    page.get_by_role("button", name="Framme").press("Enter")  # the buttons stay
    expect(page.get_by_text("Ikke sendt ennå: 3.")).to_be_visible()

    with_new_session(page, berit)  # another takes the telephone
    page.goto("/stasjon/bil/")
    expect(page.locator("[data-unsent-others]")).to_contain_text("3 trykk")
    shot(page, "away-others-390")
    page.context.set_offline(True)
    page.goto(f"/stasjon/bil/oppdrag/{mission.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ikke noe oppdrag")
    expect(page.get_by_role("button", name="Framme")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Solveig")
    assert not MissionPress.objects.exists()

    page.get_by_role("banner").get_by_text("Berit Bo", exact=True).click()
    page.get_by_role("button", name="Logg ut").click()
    page.wait_for_url("**/konto/login/**")
    kept = page.evaluate(ALL_KEPT)
    assert kept["bodies"] == []
    assert "varde:away" not in kept["found"]

    with_new_session(page, nora)
    page.goto("/stasjon/bil/")  # now they are sent, each once
    wait_until(page, lambda: MissionPress.objects.count() == 3)
    rows = MissionPress.objects.order_by("occurred_at", "pk")
    assert [row.what for row in rows] == ["alarmed", "left", "at_scene"]
    assert {row.by for row in rows} == {nora}
    forgive(page)


def with_new_session(page, person):
    """Log a person in to this browser, in place of whoever was."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    name = settings.SESSION_COOKIE_NAME
    address = page.url.split("/stasjon")[0].split("/konto")[0]
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": address}]
    )
