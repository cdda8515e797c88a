"""Nursing homes: known when they ring, their own doctor first, and what they have done."""

import re
from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import make
from varde.apps.records import audit, holidays, kept
from varde.apps.records.models import (
    AuditEntry,
    Contact,
    ContactEvent,
    NursingHome,
    NursingHomeHours,
    NursingHomeNumber,
    NursingHomeRequest,
)
from varde.apps.sentral.queries import nursing_homes as queries
from varde.apps.sentral.queries.numbers import Period
from varde.apps.sentral.queries.queue import calls_in_hand, waiting_calls
from varde.apps.sentral.services import calls, contacts, nursing_homes, outcomes
from varde.apps.sentral.services.nursing_homes import HomeDetails
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
NOW = make.NOW  # a Friday at 19 in Norway
LATER = NOW + timedelta(minutes=5)
NUMBER = "75112233"
EVENING = [(4, time(18), time(21))]


@pytest.fixture
def house():
    return make.house()


@pytest.fixture
def home(house):
    return make.nursing_home(of=house.vefsn, number=NUMBER, hours=EVENING)


def answered(house, *, number=NUMBER, line="", at=NOW):
    call = make.call(at=house.sentral, caller_number=number, line=line, ringing_at=at)
    return calls.answer(call_id=call.pk, by=house.kari, at=at)


def in_hand(contact, *, now=NOW):
    contact = Contact.objects.get(pk=contact.pk)
    return queries.home_in_hand(queries.Attached(contact), now=now)


def details(**changed):
    known = {"name": "Helgetun", "municipality": "1824", "numbers": NUMBER}
    return HomeDetails(**known | changed)


@pytest.mark.parametrize("number", [NUMBER, f"+47{NUMBER}", f"0047{NUMBER}"])
def test_a_call_from_a_home_is_known_by_its_number(house, home, number):
    contact = answered(house, number=number)
    contact.refresh_from_db()
    assert contact.channel == "nursing_home"
    assert contact.from_home.home == home
    assert contact.from_home.is_by_number
    assert (contact.whereabouts, contact.caller_relation) == (
        "Helgetun",
        "nursing_home",
    )
    assert contact.municipality == house.vefsn
    event = ContactEvent.objects.get(contact=contact, kind="home_known")
    assert event.data == {"home": home.pk, "by_number": True}


def test_another_number_is_not_from_the_home_nor_is_one_that_is_closed(house, home):
    assert answered(house, number="75112234").channel == "phone"
    assert answered(house, number="").channel == "phone"
    home.is_in_use = False
    home.save()
    kept.forget()
    assert answered(house).channel == "phone"
    assert not NursingHomeRequest.objects.exists()


def test_a_home_in_another_district_takes_the_contact_and_its_call_there(house):
    make.nursing_home("Åsly", of=house.alstahaug, number=NUMBER)
    contact = Contact.objects.get(pk=answered(house).pk)
    assert contact.district == house.outer
    assert contact.from_home.district == house.outer
    assert contact.calls.get().district == house.outer


def test_on_the_line_of_nursing_homes_the_home_is_chosen_and_may_be_another(
    house, home
):
    other = make.nursing_home("Åsly", of=house.vefsn, doctor_name="Ada Dag")
    contact = answered(house, number="90000001", line="sykehjem")
    assert contact.channel == "nursing_home"
    shown = in_hand(contact)
    assert (shown.home_id, shown.doctor) == (None, None)
    found = queries.choices(house.sentral.pk)
    assert [(one.name, one.key) for one in found] == [("Helgetun", "A"), ("Åsly", "B")]
    told = {"contact_id": contact.pk, "by": house.kari, "at": LATER}
    nursing_homes.choose_home(home_id=home.pk, **told)
    nursing_homes.choose_home(home_id=home.pk, **told)  # twice is once
    nursing_homes.choose_home(home_id=other.pk, **told)
    assert in_hand(contact).name == "Åsly"
    events = ContactEvent.objects.filter(contact=contact, kind="home_known")
    assert [e.data["home"] for e in events.order_by("pk")] == [home.pk, other.pk]


def test_a_home_that_is_closed_or_elsewhere_is_not_chosen(house, home):
    far = make.nursing_home("Langt unna", of=house.bodo)
    shut = make.nursing_home("Nedlagt", of=house.vefsn, is_in_use=False)
    contact = house.contact()
    for wrong in (far.pk, shut.pk, 0):
        with pytest.raises(RuleBroken) as caught:
            nursing_homes.choose_home(
                contact_id=contact.pk, home_id=wrong, by=house.kari, at=NOW
            )
        assert caught.value.rule is Rule.FIELD_NOT_VALID
    assert not NursingHomeRequest.objects.exists()


def test_while_the_doctor_answers_she_is_proposed_first_but_not_before_113(house, home):
    contact = answered(house)
    shown = in_hand(contact)
    assert (shown.doctor.name, shown.doctor.until) == ("Nina Natt", time(21))
    assert shown.is_doctor_first
    Contact.objects.filter(pk=contact.pk).update(hastegrad_phone="akutt")
    assert not in_hand(contact).is_doctor_first
    Contact.objects.filter(pk=contact.pk).update(hastegrad_phone="haster")
    assert in_hand(contact).is_doctor_first
    late = in_hand(contact, now=NOW + timedelta(hours=2))
    assert (late.doctor.until, late.is_doctor_first) == (None, False)
    assert timezone.localtime(late.doctor.next_at).date() == date(2026, 11, 27)


def test_what_the_home_has_done_is_kept_and_not_asked_is_not_no(house, home):
    contact = answered(house)
    row = contact.from_home
    assert (row.doctor_rung, row.medicines_given, row.care) == (None, None, "")
    told = {"contact_id": contact.pk, "by": house.kari, "at": LATER}
    fields = {"doctor_rung": "no", "care": "no_hospital", "medicines": "Paracet 1 g"}
    nursing_homes.tell(fields=fields, **told)
    row.refresh_from_db()
    assert (row.doctor_rung, row.care) == (False, "no_hospital")
    assert row.medicines_given is True  # what is named was given
    event = ContactEvent.objects.get(contact=contact, kind="home_told")
    assert event.data == {
        "fields": ["care", "doctor_rung", "medicines", "medicines_given"]
    }
    nursing_homes.tell(fields=fields, **told)
    assert ContactEvent.objects.filter(kind="home_told").count() == 1
    nursing_homes.tell(fields={"doctor_rung": ""}, **told)
    row.refresh_from_db()
    assert (row.doctor_rung, row.care) == (None, "no_hospital")


@pytest.mark.parametrize(
    "fields",
    [
        {"doctor_rung": "kanskje"},
        {"care": "nei"},
        {"care_note": "x" * 201},
        {"medicines": "\x00"},
        {"annet": "x"},
    ],
)
def test_what_cannot_be_kept_is_refused_whole(house, home, fields):
    contact = answered(house)
    with pytest.raises(RuleBroken):
        nursing_homes.tell(
            contact_id=contact.pk,
            fields={"medicines_given": "yes"} | fields,
            by=house.kari,
            at=LATER,
        )
    contact.from_home.refresh_from_db()
    assert contact.from_home.medicines_given is None


def test_nothing_is_told_of_a_home_that_nobody_has_chosen(house, home):
    with pytest.raises(RuleBroken) as caught:
        nursing_homes.tell(
            contact_id=house.contact().pk,
            fields={"doctor_rung": "yes"},
            by=house.kari,
            at=NOW,
        )
    assert caught.value.rule is Rule.HOME_NOT_CHOSEN


def test_the_queue_says_which_home_rings(house, home, django_assert_max_num_queries):
    make.call(at=house.sentral, caller_number=NUMBER, ringing_at=NOW)
    make.call(at=house.sentral, caller_number="90000001", ringing_at=NOW)
    answered(house)
    waiting = waiting_calls(house.sentral.pk, now=LATER)
    assert [call.home for call in waiting] == ["Helgetun", ""]
    assert [c.home for c in calls_in_hand(house.sentral.pk, now=LATER)] == ["Helgetun"]
    for _ in range(5):
        make.call(at=house.sentral, caller_number=NUMBER, ringing_at=NOW)
    with django_assert_max_num_queries(2):
        assert len(waiting_calls(house.sentral.pk, now=LATER)) == 7


def test_the_numbers_count_who_rang_their_doctor_first_and_who_was_not_asked(
    house, home
):
    def told(answer):
        contact = answered(house)
        nursing_homes.tell(
            contact_id=contact.pk,
            fields={"doctor_rung": answer},
            by=house.kari,
            at=NOW,
        )
        return contact

    told("yes"), told("no"), told("no"), told("")
    house.contact(channel="phone")
    sent = told("yes")
    outcomes.add(
        contact_id=sent.pk, kind="nursing_home_doctor", by=house.kari, at=LATER
    )
    day = timezone.localdate(NOW)
    period = Period(day, day + timedelta(1))
    found = queries.from_homes(house.sentral, period)
    assert (found.contacts, found.asked, found.not_asked) == (5, 4, 1)
    assert (found.rung_first, found.share_rung_first) == (2, 0.5)
    assert found.to_the_doctor == 1
    other = queries.from_homes(house.sentral, period, municipality="1820")
    assert (other.contacts, other.share_rung_first) == (0, None)
    before = Period(day - timedelta(1), day)
    assert queries.from_homes(house.sentral, before).contacts == 0


# ---- the register -------------------------------------------------------------------


def test_a_home_is_written_saved_and_told_of_in_the_log(house):
    home = nursing_homes.make_home(
        details=details(numbers="75 11 22 33, +47 75112244\n75112233"),
        by=house.kari,
        at=NOW,
    )
    numbers = list(home.numbers.values_list("number", flat=True))
    assert numbers == ["75112233", "75112244"]
    nursing_homes.save_home(
        home_id=home.pk,
        details=details(numbers="75112244, 75112255", doctor_phone="900 00 011"),
        by=house.kari,
        at=LATER,
    )
    numbers = list(home.numbers.values_list("number", flat=True))
    assert numbers == ["75112244", "75112255"]
    acts = AuditEntry.objects.filter(kind="act", what__startswith="nursing_home")
    assert [(a.what, a.data) for a in acts.order_by("pk")] == [
        ("nursing_home_made", {"home": home.pk}),
        ("nursing_home_saved", {"home": home.pk}),
    ]
    changed = AuditEntry.objects.filter(table="records_nursinghome", what="update")
    assert changed.get().data["doctor_phone"] == ["", "900 00 011"]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"name": "  "}, Rule.FIELD_NOT_VALID),
        ({"municipality": "9999"}, Rule.FIELD_NOT_VALID),
        ({"numbers": "12"}, Rule.FIELD_NOT_VALID),
        ({"numbers": "75112233 og 75112244"}, Rule.FIELD_NOT_VALID),
        ({"doctor_phone": "ring bakdøra"}, Rule.FIELD_NOT_VALID),
        ({"numbers": NUMBER}, Rule.NUMBER_OF_ANOTHER_HOME),
        ({"name": "Helgetun", "numbers": ""}, Rule.HOME_NAME_TAKEN),
    ],
)
def test_a_home_that_cannot_be_is_refused_and_nothing_is_written(
    house, home, changed, rule
):
    with pytest.raises(RuleBroken) as caught:
        nursing_homes.make_home(
            details=details(**{"name": "Åsly", "numbers": "75112299"} | changed),
            by=house.kari,
            at=NOW,
        )
    assert caught.value.rule is rule
    assert NursingHome.objects.count() == 1
    assert NursingHomeNumber.objects.count() == 1


def hours(home, house, **changed):
    told = {
        "weekdays": [0, 2],
        "opens": time(9),
        "closes": time(15),
        "valid_from": date(2026, 11, 1),
        "last_day": None,
    } | changed
    return nursing_homes.add_hours(home_id=home.pk, by=house.kari, at=NOW, **told)


def test_hours_are_added_by_weekday_and_end_with_a_day(house):
    home = make.nursing_home(of=house.vefsn)
    first, second = hours(home, house)
    assert (first.weekday, second.weekday) == (0, 2)
    ended = {"by": house.kari, "at": NOW}
    nursing_homes.end_hours(hours_id=first.pk, last_day=date(2026, 11, 20), **ended)
    nursing_homes.end_hours(hours_id=first.pk, last_day=date(2026, 11, 20), **ended)
    first.refresh_from_db()
    assert first.valid_to == date(2026, 11, 21)
    # What had not begun is taken away.
    (later,) = hours(home, house, weekdays=[4], valid_from=date(2026, 12, 1))
    nursing_homes.end_hours(hours_id=later.pk, last_day=date(2026, 11, 20), **ended)
    assert not NursingHomeHours.objects.filter(pk=later.pk).exists()
    whats = AuditEntry.objects.filter(what__startswith="nursing_home_hours")
    assert list(whats.order_by("pk").values_list("what", flat=True)) == [
        "nursing_home_hours_added",
        "nursing_home_hours_ended",
        "nursing_home_hours_added",
        "nursing_home_hours_ended",
    ]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"closes": time(9)}, Rule.PHONE_HOURS_END_FIRST),
        ({"weekdays": []}, Rule.FIELD_NOT_VALID),
        ({"weekdays": [0, 7]}, Rule.FIELD_NOT_VALID),
        ({"last_day": date(2026, 10, 31)}, Rule.FIELD_NOT_VALID),
    ],
)
def test_hours_that_cannot_be_are_refused(house, changed, rule):
    home = make.nursing_home(of=house.vefsn)
    with pytest.raises(RuleBroken) as caught:
        hours(home, house, **changed)
    assert caught.value.rule is rule
    assert not home.hours.exists()


class CannotWrite(Exception):
    """The line of the log could not be written."""


def test_the_register_is_undone_when_its_line_in_the_log_fails(
    house, home, monkeypatch
):
    row = home.hours.get()

    def rows():
        return [
            list(model.objects.order_by("pk").values())
            for model in (NursingHome, NursingHomeNumber, NursingHomeHours)
        ]

    def cannot(**_):
        raise CannotWrite

    before = rows()
    monkeypatch.setattr(audit, "log", cannot)
    by = {"by": house.kari, "at": NOW}
    other = details(name="Åsly", numbers="75112299")
    for write in (
        lambda: nursing_homes.make_home(details=other, **by),
        lambda: nursing_homes.save_home(home_id=home.pk, details=other, **by),
        lambda: hours(home, house),
        lambda: nursing_homes.end_hours(
            hours_id=row.pk, last_day=date(2026, 11, 20), **by
        ),
    ):
        with pytest.raises(CannotWrite):
            write()
        assert rows() == before


# ---- the screens --------------------------------------------------------------------


@pytest.fixture
def admin(house):
    client = Client()
    client.force_login(make.user("adm", roles=["administrator"], at=house.sentral))
    return client


FORM = {
    "name": "Åsly",
    "municipality": "1824",
    "numbers": "75112299",
    "is_in_use": "on",
}


def test_the_administrator_writes_a_home_and_its_hours_on_the_screen(admin, house):
    made = admin.post("/sentral/sykehjem/", FORM)
    home = NursingHome.objects.get()
    path = f"/sentral/sykehjem/{home.pk}/"
    assert (made.status_code, made["Location"]) == (302, path)
    row = {"weekdays": ["0", "1"], "opens": "09:00", "closes": "15:00"}
    wrong = admin.post(
        f"{path}telefontid/", row | {"closes": "08:00", "valid_from": "2026-11-01"}
    )
    page = wrong.content.decode()
    assert "Telefontida må slutte etter at den begynner." in page
    assert 'role="alert"' in page
    assert 'value="08:00"' in page  # what was typed is kept
    assert home.name in page
    assert (
        admin.post(f"{path}telefontid/", row | {"valid_from": "2026-11-01"}).status_code
        == 302
    )
    assert home.hours.count() == 2
    # What was written is there at once, also for the one who looks in the list.
    assert "ikke skrevet inn" not in admin.get(path).content.decode()
    assert "ikke skrevet inn" not in admin.get("/sentral/sykehjem/").content.decode()
    ended = admin.post(f"{path}telefontid/{home.hours.first().pk}/avslutt/")
    assert ended.status_code == 302
    other = make.nursing_home(of=house.vefsn)
    assert (
        admin.post(
            f"/sentral/sykehjem/{other.pk}/telefontid/{home.hours.last().pk}/avslutt/"
        ).status_code
        == 404
    )
    assert "Åsly" in admin.get("/sentral/sykehjem/").content.decode()


def test_a_home_that_is_refused_keeps_what_was_typed(admin, house, home):
    page = admin.post("/sentral/sykehjem/", FORM | {"numbers": NUMBER}).content.decode()
    assert f"Nummeret {NUMBER} står på Helgetun. Fjern det der først." in page
    assert 'value="Åsly"' in page
    path = f"/sentral/sykehjem/{home.pk}/"
    page = admin.post(path, FORM | {"doctor_phone": "x"}).content.decode()
    assert 'value="Åsly"' in page
    assert NursingHome.objects.get().name == "Helgetun"


def test_a_home_of_a_municipality_that_is_not_ours_is_not_there(admin, house):
    far = make.nursing_home(of=house.bodo)
    assert admin.get(f"/sentral/sykehjem/{far.pk}/").status_code == 404
    assert "Bodø" not in admin.get("/sentral/sykehjem/").content.decode()
    refused = admin.post("/sentral/sykehjem/", FORM | {"municipality": "1804"})
    assert refused.status_code == 200
    assert NursingHome.objects.count() == 1


def test_the_list_asks_the_same_however_many_homes(admin, house):
    def asked():
        with connection.execute_wrapper(counting):
            counting.n = 0
            admin.get("/sentral/sykehjem/")
            return counting.n

    def counting(execute, sql, params, many, context):
        counting.n += 1
        return execute(sql, params, many, context)

    make.nursing_home(of=house.vefsn, number=NUMBER, hours=EVENING)
    asked()
    few = asked()
    for n in range(10):
        make.nursing_home(f"Hus {n}", of=house.vefsn, number=f"7510000{n}")
    assert asked() <= few


def outcomes_shown(page):
    """The kinds of outcomes, in the order of their buttons."""
    part = page[page.index("outcomes-title") :]
    return re.findall(r'name="kind" value="(\w+)"', part)


def test_the_desk_says_the_doctor_first_and_proposes_her_first(house, monkeypatch):
    monkeypatch.setattr(holidays, "around", lambda day: frozenset())
    every_hour = [(day, time(0), time(23, 59, 59)) for day in range(7)]
    make.nursing_home(of=house.vefsn, number=NUMBER, hours=every_hour)
    contact = answered(house, at=timezone.now())
    client = Client()
    client.force_login(house.kari)
    page = client.get(f"/sentral/kontakt/{contact.pk}/").content.decode()
    assert "Ring sykehjemslegen først: Nina Natt, 90000011, til kl. 23:59" in page
    assert outcomes_shown(page)[:2] == ["nursing_home_doctor", "advice"]
    assert page.index("home-title") < page.index("who-title")
    plain = house.contact(owner=house.kari)
    page = client.get(f"/sentral/kontakt/{plain.pk}/").content.decode()
    assert "home-title" not in page
    assert outcomes_shown(page)[0] == "advice"


def test_the_channel_makes_it_a_contact_from_a_home(house, home):
    contact = house.contact(owner=house.kari)
    client = Client()
    client.force_login(house.kari)
    path = f"/sentral/kontakt/{contact.pk}/"
    answer = client.post(f"{path}felt/", {"channel": "nursing_home"})
    assert answer["X-Draw"] == "home,outcomes"
    page = client.get(f"{path}nytt/?deler=home").content.decode()
    assert "Hvilket sykehjem ringer?" in page
    assert 'data-key="A"' in page
    contacts.save_fields(
        contact_id=contact.pk, fields={"channel": "phone"}, by=house.kari, at=NOW
    )
    assert in_hand(contact) is None
