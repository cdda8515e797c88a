"""A safety alarm by the keyboard: it comes, is taken by one key, and is closed."""

from datetime import date, timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests import make
from varde.apps.records.models import Alarm, Contact, DatedSetting
from varde.apps.records.scope import scoped
from varde.apps.sentral.queries.alarms import answer_to
from varde.apps.sentral.services import alarms
from varde.apps.sentral.services.alarms import AlarmMessage
from varde.domain.alarm import Progress, SignalKind
from varde.domain.national_id import make_synthetic


def rings(*, minutes_ago=0, **told):
    """An alarm comes in, as by the API."""
    now = timezone.now()
    sentral = make.sentral()
    with scoped(districts=[sentral.host_district_id]):
        alarms.ingest_all(
            sentral=sentral,
            signals=[
                AlarmMessage(
                    event_id="1",
                    alarm_id="a1",
                    kind=SignalKind.RAISED,
                    occurred_at=now - timedelta(minutes=minutes_ago),
                    **told,
                )
            ],
            at=now,
        )


def test_an_alarm_rings_is_taken_by_one_key_and_is_closed(open_page, world):
    kari = make.operator("kari", first_name="Kari", last_name="Nordvik")
    number = make_synthetic(birth_date=date(1951, 3, 2), serial=1, female=False).digits
    make.patient(
        national_id=number,
        given_name="Odd",
        family_name="Testesen",
        birth_date=date(1951, 3, 2),
        municipality=make.municipality(),
        fastlege=make.fastlege(),
    )
    page = open_page(kari, "/sentral/")
    rings(
        device="fall",
        place="Elvegata 1",
        callback_number="90000001",
        national_id=number,
        told="Svarer ikke på tiltale",
    )
    row = page.locator("[data-part=queue] [data-alarm]")
    expect(row).to_contain_text("Trygghetsalarm")
    expect(row).to_contain_text("Fallsensor")
    expect(row).to_contain_text("Elvegata 1")

    page.keyboard.press("F2")
    head = page.locator(".contact-head")
    expect(head).to_contain_text("Odd Testesen")
    expect(head).to_contain_text("Svarer ikke på tiltale")
    expect(row).to_have_count(0)
    assert Contact.objects.get().owner == kari

    contact = Contact.objects.get()
    Contact.objects.filter(pk=contact.pk).update(
        hastegrad_phone_first="vanlig", hastegrad_phone="vanlig", consent_fastlege=False
    )
    contact.outcomes.create(
        district=contact.district,
        kind="home_visit",
        state="done",
        created_at=timezone.now(),
        created_by=kari,
    )
    page.reload()
    page.keyboard.press("Alt+4")
    expect(page.locator("#reason-search")).to_be_focused()
    page.keyboard.type("k01")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Avslutt kontakten")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".contact-head")).to_contain_text("Avsluttet")
    answer = answer_to(make.sentral(), "a1")
    assert (answer.progress, answer.done) == (Progress.CLOSED, ("home_visit",))


def test_an_alarm_that_nobody_took_stands_on_every_screen_with_the_backup_number(
    open_page, world
):
    DatedSetting.objects.filter(key="alarm.backup_number").update(value="40000009")
    leader = make.user("leder", roles=["shift_leader"])
    page = open_page(leader, "/sentral/tavle/")
    rings(minutes_ago=5)
    shown = page.locator("[data-part=alarms]")
    expect(shown).to_contain_text("Ingen har tatt trygghetsalarmen")
    expect(shown).to_contain_text("40000009")
    with scoped(districts=[make.sentral().host_district_id]):
        alarms.take(
            contact_id=Alarm.objects.get().contact_id,
            by=make.operator("kari"),
            at=timezone.now(),
        )
    expect(shown).not_to_contain_text("Ingen har tatt trygghetsalarmen")
