"""Who is on duty: one truth in every room, how each is reached, and one key to correct it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests import rota as build
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from tests.query_count import queries_of
from varde.apps.records import audit, kept
from varde.apps.records.models import (
    AuditEntry,
    CompetenceDocument,
    Duty,
    DutyLine,
    NodnettDay,
    NodnettMember,
    StandIn,
    Vacancy,
    WorkSession,
)
from varde.apps.sentral.queries import board
from varde.apps.sentral.queries import doctor as doctors
from varde.apps.staffing.queries import on_duty as queries
from varde.apps.staffing.services import on_duty as services
from varde.apps.staffing.services.rota import filling
from varde.apps.station.queries import conflicts, doctor_states
from varde.domain.errors import Rule


HOUR = timedelta(hours=1)
PAGE = "/vaktplan/hvem/"


@pytest.fixture
def house(db):
    return build.filled(build.house(), published=True)


def correct(house, duty, number, *, for_good=False, at=None):
    return services.correct_phone(
        duty_id=duty.pk,
        number=number,
        for_good=for_good,
        workplace=house.workplace,
        by=house.leader,
        at=at or duty.starts_at,
    )


def line(house, **other):
    given = {"post": "forvakt", "phone": "", "talkgroup": "", "radio": ""}
    return services.set_line(
        **given | other, workplace=house.workplace, by=house.leader, at=make.NOW
    )


def place_now(house, now):
    return queries.picture(house.workplace, now=now).houses[0]


def test_the_published_rota_is_what_every_room_sees(house):
    place = house.place(3)
    now = place.starts_at + HOUR
    (one,) = place_now(house, now).now
    assert (one.name, one.post_text, one.in_rota) == (
        place.person.name,
        "forvakt",
        True,
    )
    assert (one.starts_at, one.ends_at) == (place.starts_at, place.ends_at)
    assert (one.role, one.alone.code, one.lacks_backup) == ("Fastlege", "yes", False)
    at_desk = doctors.reachable(make.sentral().pk, now=now)
    assert [row.name for row in at_desk] == [one.name]
    assert [row.name for row in board.on_duty(make.sentral(), now=now)] == [one.name]
    there = doctor_states.on_duty(make.place_of(make.station()), now=now)
    assert [row.name for row in there] == [one.name]
    following = place_now(house, now).coming
    assert [(row.name, row.starts_at) for row in following] == [
        (house.place(4).person.name, house.place(4).starts_at)
    ]


def test_a_sick_doctors_place_is_vacant_at_once_and_filled_at_once(house):
    place = house.place(3)
    now = place.starts_at + HOUR
    vacancy = filling.report_sick(
        rota_id=house.rota.pk,
        place_id=place.pk,
        seen=place.row_version,
        workplace=house.workplace,
        by=house.leader,
        at=make.NOW,
    )
    found = place_now(house, now)
    assert [row.place_id for row in found.vacant] == [place.pk]
    assert found.now == ()
    (told,) = doctors.vacant(make.sentral().pk, now=now)
    assert (told.post_text, told.place) == ("forvakt", "Legevakt varden")
    assert board.at_work(make.sentral(), now=now)["vacant_posts"] == (told,)
    before = place_now(house, place.starts_at - HOUR)
    assert [row.name for row in before.coming] == [""]
    filling.ask(
        vacancy_id=vacancy.pk,
        people=[house.doctors[5].pk],
        way=Vacancy.Way.ALL,
        workplace=house.workplace,
        by=house.leader,
        at=make.NOW,
    )
    filling.answer(
        offer_id=vacancy.offers.get().pk,
        is_yes=True,
        workplace=house.workplace,
        by=None,
        at=make.NOW,
    )
    found = place_now(house, now)
    assert [row.name for row in found.now] == [house.doctors[5].name]
    assert found.vacant == ()


def test_one_number_is_corrected_and_every_room_rings_it(house):
    place = house.place()
    now, duty = place.starts_at + HOUR, place.duty
    person = duty.person

    def numbers():
        there = make.place_of(make.station())
        return {
            place_now(house, now).now[0].reach.phone,
            doctors.reachable(make.sentral().pk, now=now)[0].phone,
            board.on_duty(make.sentral(), now=now)[0].phone,
            doctor_states.on_duty(there, now=now)[0].phone,
            conflicts.helpers(there, now=now)[0].phone,
        }

    assert numbers() == {"40000001"}
    line(house, phone="40 00 00 02", talkgroup="LV-VEF-1", radio="7400001")
    assert numbers() == {"40000002"}
    shown = place_now(house, now).now[0].reach
    assert (shown.other_phone, shown.talkgroup, shown.radio) == (
        "40000001",
        "LV-VEF-1",
        "7400001",
    )
    correct(house, duty, "40 00 00 03")
    assert numbers() == {"40000003"}
    person.refresh_from_db()
    assert person.phone == "40000001"
    correct(house, duty, "40000004", for_good=True)
    assert numbers() == {"40000004"}
    person.refresh_from_db()
    assert person.phone == "40000004"
    correct(house, duty, "")
    assert numbers() == {"40000002"}
    told = AuditEntry.objects.filter(what__endswith="_corrected")
    assert told.count() == 4
    for entry in told:
        assert "4000000" not in str(entry.data)


def test_a_neighbour_without_a_number_is_rung_at_its_doctor_on_duty(house):
    duty = house.place().duty
    now = duty.starts_at + HOUR
    here = make.place_of(make.station())
    near = make.station("nabo")
    able = make.user("nabolege", phone="40000031")
    make.duty(able, "bakvakt", at=near, starts_at=duty.starts_at, phone="40000032")

    def number():
        found = conflicts.helpers(here, now=now)
        return next(one.phone for one in found if one.name == near.name)

    assert number() == "40000032"
    make.duty(able, at=near, starts_at=duty.starts_at)
    assert number() == "40000031"
    near.phone = "75000000"
    near.save()
    assert number() == "75000000"


def test_a_line_of_another_place_or_post_is_not_ours(house):
    duty = house.place().duty
    other = make.station("nabo")
    for where, post in (({"station": other}, "forvakt"), ({"sentral": make.sentral()}, "forvakt"), ({"station": make.station()}, "bakvakt")):  # fmt: skip
        DutyLine.objects.create(**where, post=post, phone="40000009", set_at=make.NOW)
    now = duty.starts_at + HOUR
    assert place_now(house, now).now[0].reach.phone == "40000001"


def test_a_number_that_is_none_is_refused_and_nothing_is_changed(house):
    duty = house.place().duty
    for text in ("legen", "12", "4" * 21, "<b>"):
        assert refused(correct, house, duty, text).rule is Rule.FIELD_NOT_VALID
    over = refused(correct, house, duty, "40000003", at=duty.ends_at)
    assert over.rule is Rule.ROTA_DUTY_IS_OVER
    duty.refresh_from_db()
    assert duty.phone == ""
    assert refused(line, house, talkgroup="x" * 41).rule is Rule.FIELD_NOT_VALID
    assert refused(line, house, post="pasient").rule is Rule.FIELD_NOT_VALID
    assert not DutyLine.objects.exists()


def test_what_cannot_be_told_is_undone(house, monkeypatch):
    duty = house.place().duty
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        correct(house, duty, "40000003", for_good=True)
    with pytest.raises(CannotWrite):
        line(house, phone="40000003")
    duty.refresh_from_db()
    assert (duty.phone, duty.person.phone) == ("", "40000001")
    assert not DutyLine.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_line_at_once_leave_one(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = build.house(with_rota=False)
    numbers = [f"4000001{n}" for n in range(10)]
    side_by_side(lambda number: line(house, phone=number), numbers)
    assert DutyLine.objects.get().phone in numbers
    assert AuditEntry.objects.filter(what="duty_line_set").count() == 10


def test_who_may_not_be_alone_has_a_bakvakt_or_the_page_says_none(house):
    duty = house.place().duty
    now = duty.starts_at + HOUR
    CompetenceDocument.objects.filter(person=duty.person).delete()
    (alone,) = place_now(house, now).now
    assert (alone.alone.code, alone.lacks_backup, alone.backup) == ("backed", True, ())
    able = house.doctors[3]
    make.duty(
        able, "bakvakt", at=make.sentral(), starts_at=duty.starts_at, hours=16
    )  # fmt: skip
    picture = queries.picture(house.workplace, now=now)
    (backed,) = picture.houses[0].now
    assert (backed.lacks_backup, backed.backup) == (False, (able.name,))
    Duty.objects.filter(post="bakvakt").update(station=make.station(), sentral=None)
    rows = {row.post: row for row in place_now(house, now).now}
    assert rows["bakvakt"].behind == (duty.person.name,)
    assert rows["forvakt"].backup == (able.name,)


def test_that_somebody_was_seen_at_work_confirms_the_duty(house):
    duty = house.place().duty
    now = duty.starts_at + HOUR
    WorkSession.objects.create(
        user=duty.person, began_at=now, used_at=duty.starts_at - HOUR
    )
    assert place_now(house, now).now[0].seen_at is None
    WorkSession.objects.create(user=duty.person, began_at=now, used_at=now)
    assert place_now(house, now).now[0].seen_at == now


@pytest.fixture
def tonight(house):
    """A duty that runs now, nødnett today, and a function that nobody answers for."""
    now = timezone.now()
    station = make.station()
    duty = make.duty(house.doctors[0], at=station, starts_at=now - HOUR, hours=8)
    member = NodnettMember.objects.create(
        station=station,
        person=house.doctors[1],
        radio="7500001",
        valid_from="2020-01-01",
    )
    NodnettDay.objects.create(
        station=station,
        on=timezone.localdate(now),
        starts_at=now - HOUR,
        ends_at=now + HOUR,
        member=member,
        changed_at=now,
    )
    StandIn.objects.create(
        function="station_leader",
        station=station,
        person=house.leader,
        rank=0,
        hours="all",
        phone="40000077",
        valid_from="2020-01-01",
        made_at=now,
    )
    return duty


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_page_the_wall_and_the_list_say_the_same(house, tonight):
    client = logged_in(house.leader)
    for path in (PAGE, f"{PAGE}vegg/", f"{PAGE}telefonliste/"):
        text = client.get(path).content.decode()
        for said in ("Ane", "40000001", "Bo", "Siv", "40000077"):
            assert said in text, (path, said)
    assert "uten publisert plan" in client.get(PAGE).content.decode()
    pdf = client.get(f"{PAGE}telefonliste.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert len(pdf.content) > 5000


def test_a_number_is_corrected_from_the_page_and_a_refusal_keeps_it(house, tonight):
    client = logged_in(house.leader)
    path = f"{PAGE}{tonight.pk}/nummer/"
    wrong = client.post(path, {"phone": "legen"})
    assert 'role="alert"' in wrong.content.decode()
    assert 'value="legen"' in wrong.content.decode()
    assert client.post(path, {"phone": "40000055"}).status_code == 302
    assert "40000055" in client.get(PAGE).content.decode()
    doctor = logged_in(house.doctors[0])
    assert doctor.post(path, {"phone": "40000056"}).status_code == 404
    assert "Rett nummer" not in doctor.get(PAGE).content.decode()
    tonight.refresh_from_db()
    assert tonight.phone == "40000055"


def test_the_page_takes_as_many_queries_for_one_as_for_many(house, tonight):
    client = logged_in(house.leader)
    few = queries_of(lambda: client.get(PAGE))
    for number in range(6):
        person = build.doctor(f"Lege{number}", make.station())
        make.duty(person, at=make.station(), starts_at=tonight.starts_at)
    assert queries_of(lambda: client.get(PAGE)) == few
    assert few <= 50
