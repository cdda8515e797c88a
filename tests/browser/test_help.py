"""Two sentraler agree, hold a drill, and one takes over and gives back, by keyboard.

We are HEL in the browser. The other, BOD, is a second sentral in the same database; what
the two servers would say to each other is carried by hand.
"""

import json
import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import HELP_SECRET
from tests.browser.test_desk import faults
from varde.apps.records.models import (
    CallBack,
    Contact,
    HelpAgreement,
    HelpTakeover,
    Partner,
    User,
)
from varde.apps.sentral.services import calls
from varde.apps.sentral.services.help import agreements, exchange, foreign, takeovers
from varde.apps.sentral.services.help.told import Message
from varde.domain.call import EventKind


SHOTS = os.environ.get("VARDE_SHOTS")


def event(kind):
    return calls.TelephonyMessage(
        event_id=kind, call_id="n1", kind=EventKind(kind), occurred_at=timezone.now(),
        caller_number="75000012",
    )  # fmt: skip


class Neighbour:
    """BOD: its own people, its two callers, and the line to us."""

    def __init__(self, ours):
        self.ours = ours
        self.sentral = make.sentral("BOD", of=make.district("ytr", "Salten"))
        self.leader = make.user("hanne", roles=["legevaktoverlege"], at=self.sentral)
        at = timezone.now()
        self.partner = agreements.make_partner(
            sentral=self.sentral, code=ours.code, name="Helgeland legevaktsentral",
            address="http://127.0.0.1:1", by=self.leader, at=at,
        )  # fmt: skip
        agreements.set_routes(
            partner_id=self.partner.pk, text="AMK Bodø 75 50 00 00",
            by=self.leader, at=at,
        )  # fmt: skip
        for number in ("75000010", "75000011"):
            CallBack.objects.create(
                sentral=self.sentral, district_id=self.sentral.host_district_id,
                kind="promised", number=number, hastegrad="haster",
                created_at=at - timedelta(minutes=20), due_at=at,
            )  # fmt: skip

    def talk(self, rounds=2):
        """What the two servers say to each other, and do in their own time."""
        mine = Partner.objects.get(sentral=self.ours).pk
        for _ in range(rounds):
            for sender, receiver in ((mine, self.partner.pk), (self.partner.pk, mine)):
                message = exchange.message_to(sender, at=timezone.now())
                told = Message.model_validate_json(json.dumps(message))
                exchange.receive(receiver, told, at=timezone.now())
            for one in HelpTakeover.objects.filter(side="helper"):
                takeovers.advance(takeover_id=one.pk, at=timezone.now())

    def accept(self):
        row = HelpAgreement.objects.get(partner=self.partner)
        agreements.accept(
            agreement_id=row.pk, terms_hash=row.terms_hash, by=self.leader,
            at=timezone.now(),
        )  # fmt: skip


@pytest.fixture
def neighbour(world):
    shared = {"BOD": HELP_SECRET, world.code: HELP_SECRET}
    with override_settings(HELP_SECRETS=shared):
        yield Neighbour(world)


def test_agreement_drill_take_over_and_return_by_keyboard(open_page, world, neighbour):
    head = User.objects.get(username="overlege")
    leader = make.user(
        "kari",
        roles=["shift_leader", "operator"],
        first_name="Kari",
        last_name="Nordvik",
    )
    page = open_page(head, "/sentral/hjelp/")
    expect(page.get_by_text("Ingen andre sentraler er lagt inn ennå.")).to_be_visible()
    faults(page)
    page.get_by_label("Kode", exact=True).fill("BOD")
    page.get_by_label("Navn", exact=True).fill("Bodø legevaktsentral")
    page.get_by_label("Adresse").fill("https://varde.bodo.example")
    page.get_by_role("button", name="Legg inn").press("Enter")
    page.get_by_label("Tekst", exact=True).fill("Vi hjelper hverandre når en er nede.")
    page.get_by_role("button", name="Godta for oss og send").press("Enter")
    expect(page.get_by_text("Sendt. Avtalen gjelder når den andre")).to_be_visible()
    faults(page)
    neighbour.talk()
    neighbour.accept()
    neighbour.talk()

    page = open_page(leader, "/sentral/hjelp/")
    expect(page.get_by_text("i kraft · overtak av seg selv")).to_be_visible()
    page.get_by_role("button", name="Øvelse").press("Enter")
    banner = page.get_by_text("ØVELSE: Vi tar Bodø legevaktsentral sin kø")
    expect(banner).to_be_visible()
    page.get_by_role("link", name="Lokale veier og telefoner").press("Enter")
    for number in ("1", "2", "3"):
        button = page.get_by_role("button", name=f"Ringt (øvelse) {number}")
        button.press("Enter")
        expect(button).to_have_count(0)
    faults(page)
    neighbour.talk(4)
    page.get_by_role("link", name="← Hjelp mellom sentraler").press("Enter")
    report = page.get_by_role("row").filter(has_text="ØVELSE")
    expect(report.get_by_role("cell").nth(3)).to_have_text("3")  # in the queue
    expect(report).to_contain_text("Kari Nordvik")

    page.get_by_label("Grunn til å ta over").select_option(label="Stor pågang")
    page.get_by_role("button", name="Ta over").press("Enter")
    expect(page.get_by_text("venter på at de slipper")).to_be_visible()
    neighbour.talk()
    foreign.ingest(
        partner=Partner.objects.get(sentral=world),
        events=[event("ringing")],
        at=timezone.now(),
    )
    page.goto("/sentral/")
    expect(page.get_by_text("fra BOD", exact=True)).to_have_count(3)
    expect(page.get_by_text("75000010")).to_be_visible()
    faults(page)
    page.get_by_role("button", name="Svar").press("Enter")
    routes = page.get_by_role("link", name="Veier og telefoner der")
    expect(routes).to_be_visible()
    faults(page)
    routes.press("Enter")
    expect(page.get_by_text("AMK Bodø 75 50 00 00")).to_be_visible()
    faults(page)
    page.get_by_role("link", name="← Hjelp mellom sentraler").press("Enter")
    page.get_by_role("button", name="Gi tilbake").press("Enter")
    expect(page.get_by_text("pågående samtaler gjøres ferdig her")).to_be_visible()
    neighbour.talk()
    assert HelpTakeover.objects.get(side="helper", is_drill=False).stage == "returning"

    Contact.objects.filter(origin="BOD").update(
        state="closed", closed_at=timezone.now(), closed_by=leader
    )
    foreign.ingest(
        partner=Partner.objects.get(sentral=world),
        events=[event("ended")],
        at=timezone.now(),
    )
    neighbour.talk(4)
    page.reload()
    report = page.get_by_role("row").filter(has_text="Vi hjalp").first
    cells = report.get_by_role("cell")
    expect(cells.nth(1)).to_have_text("Stor pågang")
    expect(cells.nth(3)).to_have_text("3")  # in the queue
    expect(cells.nth(4)).to_have_text("1")  # done
    expect(cells.nth(6)).to_have_text("0")  # lost
    faults(page)
    assert not CallBack.objects.filter(sentral=world, state="open").exists()
    assert CallBack.objects.filter(sentral=neighbour.sentral, state="open").count() == 2


def test_what_cannot_be_told_is_told_by_people_and_the_help_ended(
    open_page, world, neighbour
):
    leader = make.user("vaktleder", roles=["shift_leader"], at=world)
    at = timezone.now()
    partner = agreements.make_partner(
        sentral=world, code="BOD", name="Bodø legevaktsentral",
        address="http://127.0.0.1:1", by=leader, at=at,
    )  # fmt: skip
    takeover = HelpTakeover.objects.create(
        partner=partner, name=uuid4(), side="helper", stage="returning", reason="gone",
        is_automatic=True, lost_at=at, began_at=at, active_at=at, returning_at=at,
    )  # fmt: skip
    for number, result in (("75000010", "reached"), ("75000011", "open")):
        takeover.items.create(
            district_id=world.host_district_id, key=f"callback:{number}", state="back",
            result=result, seen_at=at, since=at - timedelta(minutes=40), handled_at=at,
            text=json.dumps({"number": number}),
        )  # fmt: skip
    page = open_page(leader, "/sentral/hjelp/")
    expect(page.get_by_text("noe kan ikke fortelles av seg selv")).to_be_visible()
    faults(page)
    shot(page, "help-overview")
    page.get_by_role("link", name="gir tilbake").press("Enter")
    expect(page.get_by_text("ingen har snakket med den")).to_be_visible()
    faults(page)
    shot(page, "help-untold")
    page.get_by_role("button", name="Fortalt på telefon 75000010").press("Enter")
    expect(page.get_by_role("button", name="Fortalt på telefon")).to_have_count(1)
    page.get_by_label("Grunn").fill("Avtalen er slutt, og de svarer ikke")
    page.get_by_role("button", name="Avslutt overtaket").press("Enter")
    expect(page.get_by_text("Avtalen er slutt, og de svarer ikke")).to_be_visible()
    page.get_by_role("button", name="Fortalt på telefon 75000011").press("Enter")
    expect(page.get_by_role("button", name="Fortalt på telefon")).to_have_count(0)
    takeover.refresh_from_db()
    assert (takeover.stage, takeover.report["lost"]) == ("ended", 0)
    assert (takeover.report["by_hand"], takeover.closed_by) == (2, leader)


def shot(page, name):
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
        page.set_viewport_size({"width": 390, "height": 844})
        page.screenshot(path=str(Path(SHOTS) / f"{name}-390.png"), full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})
