"""A patient is laid in a bed by keyboard, looked to and discharged; the board follows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.test_desk import faults
from varde.apps.records.models import BedStay, Outcome
from varde.apps.station.access import all_stations
from varde.apps.station.queries.beds.criteria import criteria
from varde.apps.station.services import beds


def ready(page):
    expect(page.locator("[data-live-state]")).to_have_text("Direkte")


@pytest.fixture
def nurse(world):
    return make.nurse("nora", first_name="Nora", last_name="Vik")


def test_from_the_sentrals_word_to_the_discharge_by_keyboard(open_page, world, nurse):
    make.bed("KAD 1")
    make.user(
        "bo", roles=["doctor"], at=make.station(), first_name="Lise", last_name="Bø"
    )
    siv = make.patient(given_name="Siv", family_name="Dahl", estimated_age=81)
    contact = make.contact(
        patient=siv, state="closed", opened_at=timezone.now() - timedelta(hours=1),
        closed_at=timezone.now(),
    )  # fmt: skip
    Outcome.objects.create(
        contact=contact, district=contact.district, kind="kad", owner_role="doctor",
        created_at=timezone.now(), created_by=nurse,
    )  # fmt: skip
    page = open_page(nurse, "/stasjon/senger/")
    ready(page)
    faults(page)
    page.get_by_role("link", name="Velg seng til Siv Dahl").press("Enter")
    faults(page)
    page.get_by_role("link", name="KAD 1").press("Enter")
    expect(page.get_by_role("heading", name="Legg inn i KAD 1")).to_be_visible()
    for group in page.get_by_role("radiogroup").all():
        group.get_by_role("radio", name="Ja").press("Space")
    page.get_by_label("Ansvarlig lege").select_option(label="Lise Bø")
    faults(page)
    page.get_by_role("button", name="Legg inn i KAD 1").press("Enter")
    expect(page.get_by_role("status").get_by_text("lagt inn i KAD 1")).to_be_visible()
    ready(page)
    page.get_by_label("Hva du så").fill("Våken og klar")
    page.get_by_role("button", name="Før tilsynet").press("Enter")
    expect(page.get_by_text("Våken og klar")).to_be_visible()
    faults(page)
    page.get_by_text("Skriv ut", exact=True).press("Enter")
    page.get_by_label("Til", exact=True).select_option(label="Sykehus")
    page.get_by_role("button", name="Skriv ut av senga").press("Enter")
    expect(page.get_by_role("definition").get_by_text("Sykehus")).to_be_visible()
    stay = BedStay.objects.get()
    assert (stay.left_to, stay.looks.filter(done_by=nurse).count()) == ("hospital", 1)


def test_the_board_of_the_beds_follows_what_others_do(open_page, world, nurse):
    bed = make.bed("KAD 1")
    doctor = make.user("bo", roles=["doctor"], at=make.station())
    page = open_page(nurse, "/stasjon/senger/")
    ready(page)
    expect(page.get_by_text("Ledig", exact=True)).to_be_visible()
    now = timezone.now()
    beds.admit(
        place=all_stations()[0],
        bed_id=bed.pk,
        contact_id=make.contact(
            patient=make.patient(given_name="Odd", family_name="Li"),
            opened_at=now - timedelta(hours=1),
        ).pk,
        doctor_id=doctor.pk,
        answers={c.id: "yes" for c in criteria().lists["kad"]},
        next_at=now + timedelta(hours=2),
        by=nurse,
        at=now,
    )
    expect(page.get_by_role("link", name="Odd Li")).to_be_visible()
    expect(page.get_by_text("0 av 1 ledige")).to_be_visible()
    faults(page)
