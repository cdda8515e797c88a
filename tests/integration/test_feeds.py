"""Calendars at secret addresses: what they hold, who has them, and how they end."""

import io
import logging
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests import make
from tests import rota as build
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit
from varde.apps.records.models import (
    AuditEntry,
    CalendarFeed,
    NodnettDay,
    NodnettMember,
    RoleGrant,
)
from varde.apps.staffing.queries import feeds as queries
from varde.apps.staffing.services import feeds as services
from varde.apps.staffing.services import nodnett
from varde.apps.staffing.services.rota import changing, publishing
from varde.config.logs import Line
from varde.domain.errors import Rule


NOW = make.NOW
PAGE, ADDRESS = "/vaktplan/hvem/kalender/", "/vaktplan/kalender/"


@pytest.fixture
def house(db):
    return build.filled(build.house(), published=True)


def made(person, place=None):
    return services.make_feed(place=place, by=person, at=NOW)


def events(secret, *, at=NOW):
    feed = queries.feed_at(secret, now=at)
    read = Calendar.from_ical(queries.content_of(feed, now=at))
    return {str(one["UID"]): one for one in read.walk("VEVENT")}


def hand_over(house, place, person):
    place.refresh_from_db()
    changing.set_person(
        rota_id=house.rota.pk, place_id=place.pk, person_id=person.pk,
        seen=place.row_version, reason="Avtalt", workplace=house.workplace,
        by=house.planner, at=NOW + timedelta(minutes=5),
    )  # fmt: skip


def test_one_has_ones_own_duties_and_the_place_has_all(house):
    ane = house.doctors[0]
    own, whole = events(made(ane)), events(made(ane, house.workplace))
    mine = [place for place in house.places if place.person == ane]
    assert {f"plass-{place.pk}-{ane.pk}@varde" for place in mine} == set(own)
    assert len(whole) == len(house.places) == 28
    first = own[f"plass-{mine[0].pk}-{ane.pk}@varde"]
    assert (first.start, first.end) == (mine[0].starts_at, mine[0].ends_at)
    assert (str(first["SUMMARY"]), str(first["LOCATION"])) == (
        "Forvakt",
        "Legevakt varden",
    )
    assert str(whole[f"plass-{mine[0].pk}@varde"]["SUMMARY"]) == "Forvakt: Ane"


def test_a_duty_that_is_given_away_is_cancelled_there_and_new_where_it_went(house):
    place = house.place()
    ane, bo = place.person, house.doctors[1]
    of_ane, of_bo, of_all = made(ane), made(bo), made(ane, house.workplace)
    uid = f"plass-{place.pk}-{ane.pk}@varde"
    before, all_before = events(of_ane)[uid], events(of_all)[f"plass-{place.pk}@varde"]
    assert before["STATUS"] == "CONFIRMED"
    assert f"plass-{place.pk}-{bo.pk}@varde" not in events(of_bo)
    hand_over(house, place, bo)
    after = events(of_ane)[uid]
    assert (after["STATUS"], str(after["SUMMARY"])) == ("CANCELLED", "Avlyst: Forvakt")
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    assert events(of_bo)[f"plass-{place.pk}-{bo.pk}@varde"]["STATUS"] == "CONFIRMED"
    all_after = events(of_all)[f"plass-{place.pk}@varde"]
    assert str(all_after["SUMMARY"]) == "Forvakt: Bo"
    assert all_after["SEQUENCE"] > all_before["SEQUENCE"]
    hand_over(house, place, ane)  # and back
    again = events(of_ane)[uid]
    assert (again["STATUS"], again["SEQUENCE"] > after["SEQUENCE"]) == (
        "CONFIRMED",
        True,
    )


def test_a_draft_is_in_nobodys_calendar_and_changes_in_it_cancel_nothing(db):
    house = build.filled(build.house())
    place = house.place()
    ane, bo = place.person, house.doctors[1]
    secret = made(ane)
    assert events(secret) == {}
    hand_over(house, place, bo)
    house.rota.refresh_from_db()
    publishing.publish(
        rota_id=house.rota.pk, seen=house.rota.row_version, workplace=house.workplace,
        by=house.planner, at=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert f"plass-{place.pk}-{ane.pk}@varde" not in events(secret)


def test_duties_without_a_rota_and_nodnett_are_there_too(house):
    ane, bo = house.doctors[:2]
    duty = make.duty(ane, at=make.sentral(), starts_at=NOW)
    member, other = (
        NodnettMember.objects.create(
            station=make.station(), person=one, valid_from=make.LONG_AGO
        )
        for one in (ane, bo)
    )
    row = NodnettDay.objects.create(
        station=make.station(), on=NOW.date(), starts_at=NOW,
        ends_at=NOW + timedelta(hours=7), member=member, changed_at=NOW,
    )  # fmt: skip
    secret, whole = made(ane), made(ane, house.workplace)
    own = events(secret)
    assert str(own[f"vakt-{duty.pk}-{ane.pk}@varde"]["LOCATION"]) == "Sentral HEL"
    assert own[f"nodnett-{row.pk}-{ane.pk}@varde"]["STATUS"] == "CONFIRMED"
    assert "Ane" in str(events(whole)[f"nodnett-{row.pk}@varde"]["SUMMARY"])
    nodnett.change_day(
        day_id=row.pk, member_id=other.pk, seen=1, workplace=house.workplace,
        by=house.leader, at=NOW,
    )  # fmt: skip
    assert events(secret)[f"nodnett-{row.pk}-{ane.pk}@varde"]["STATUS"] == "CANCELLED"
    assert "Bo" in str(events(whole)[f"nodnett-{row.pk}@varde"]["SUMMARY"])


def test_no_number_is_in_a_calendar_and_the_same_asked_twice_is_the_same(house):
    secret = made(house.doctors[0], house.workplace)
    feed = queries.feed_at(secret, now=NOW)
    content = queries.content_of(feed, now=NOW)
    assert house.doctors[0].phone.encode() not in content
    assert content == queries.content_of(feed, now=NOW + timedelta(minutes=9))


def test_an_address_is_shown_once_and_only_its_hash_is_kept(house):
    client = Client()
    client.force_login(house.doctors[0])
    text = client.post(PAGE, {"act": "make", "of": ""}).content.decode()
    row = CalendarFeed.objects.get()
    start = text.index(ADDRESS, text.index("f-address"))
    secret = text[start + len(ADDRESS) : text.index(".ics", start)]
    assert services.hashed(secret) == row.token_hash
    assert len(secret) >= 43
    assert secret not in client.get(PAGE).content.decode()
    assert "ikke hentet ennå" in client.get(PAGE).content.decode()
    for entry in AuditEntry.objects.all():
        assert secret not in str(entry.data)
        assert row.token_hash not in str(entry.data)
    again = client.post(PAGE, {"act": "make", "of": ""})
    assert 'role="alert"' in again.content.decode()
    phone = Client()
    got = phone.get(f"{ADDRESS}{secret}.ics")
    assert (got.status_code, got["Content-Type"]) == (
        200,
        "text/calendar; charset=utf-8",
    )
    known = phone.get(f"{ADDRESS}{secret}.ics", headers={"If-None-Match": got["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    row.refresh_from_db()
    assert row.last_fetched_at is not None
    assert "sist hentet" in client.get(PAGE).content.decode()
    new = client.post(PAGE, {"act": "renew", "row": row.pk})
    assert new.status_code == 200
    assert phone.get(f"{ADDRESS}{secret}.ics").status_code == 404
    mine = CalendarFeed.objects.get(ended_at=None)
    other = Client()
    other.force_login(house.doctors[1])
    assert other.post(PAGE, {"act": "close", "row": mine.pk}).status_code == 404
    assert client.post(PAGE, {"act": "close", "row": mine.pk}).status_code == 302
    assert not CalendarFeed.objects.filter(ended_at=None).exists()
    assert client.post(PAGE, {"act": "close", "row": mine.pk}).status_code == 404
    assert client.post(PAGE, {"act": "make", "of": "stasjon-x"}).status_code == 404
    told = AuditEntry.objects.filter(what__startswith="feed_").order_by("pk")
    assert [entry.what for entry in told] == [
        "feed_made",
        "feed_closed",
        "feed_renewed",
        "feed_closed",
    ]


def test_a_calendar_ends_with_its_owners_access(house):
    ane = house.doctors[0]
    own, whole = made(ane), made(ane, house.workplace)
    assert [queries.feed_at(one, now=NOW) is None for one in (own, whole)] == [
        False
    ] * 2
    RoleGrant.objects.filter(user=ane).update(valid_to=NOW.date())
    assert [queries.feed_at(one, now=NOW) for one in (own, whole)] == [None, None]
    make.user("ane", roles=["doctor"], at=make.station("nabo", of=make.district("x")))
    RoleGrant.objects.create(
        user=ane, role="doctor", station=make.station("nabo"), valid_from=make.LONG_AGO
    )
    assert queries.feed_at(own, now=NOW) is not None
    assert queries.feed_at(whole, now=NOW) is None
    ane.is_active = False
    ane.save()
    assert queries.feed_at(own, now=NOW) is None
    for wrong in ("", "x", "x" * 65, "æ"):
        assert queries.feed_at(wrong, now=NOW) is None


def test_who_asks_too_often_waits_and_so_does_who_guesses(house):
    make.decide("feed.fetches_per_hour", 4)
    make.decide("feed.refused_per_min", 3)
    secret = made(house.doctors[0])
    phone = Client(REMOTE_ADDR="192.0.2.77")
    got = [phone.get(f"{ADDRESS}{secret}.ics") for _ in range(5)]
    assert [one.status_code for one in got] == [200] * 4 + [429]
    assert int(got[-1]["Retry-After"]) > 0
    guesses = [phone.get(f"{ADDRESS}gjett{n}.ics").status_code for n in range(5)]
    assert guesses == [404] * 3 + [429] * 2


def test_no_secret_address_is_in_the_log(house):
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    handler.setFormatter(Line("%(name)s %(message)s"))
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        Client().get(f"{ADDRESS}hemmelig123.ics")
        Client().get("/vaktplan/svar/hemmelig456/")
    finally:
        logger.removeHandler(handler)
    lines = told.getvalue()
    assert "hemmelig" not in lines
    assert "/vaktplan/kalender/…" in lines
    assert "/vaktplan/svar/…" in lines
    assert Line("%(message)s").format(
        logging.makeLogRecord({"msg": "GET /vaktplan/kalender/ og /vaktplan/12/"})
    ) == "GET /vaktplan/kalender/ og /vaktplan/12/"  # fmt: skip


def test_what_cannot_be_told_is_undone(house, monkeypatch):
    ane = house.doctors[0]
    made(ane)
    row = CalendarFeed.objects.get()
    monkeypatch.setattr(audit, "log", fail)
    acts = (
        lambda: made(ane, house.workplace),
        lambda: services.renew_feed(feed_id=row.pk, by=ane, at=NOW),
        lambda: services.close_feed(feed_id=row.pk, by=ane, at=NOW),
    )
    for act in acts:
        with pytest.raises(CannotWrite):
            act()
    row.refresh_from_db()
    assert (row.ended_at, CalendarFeed.objects.count()) == (None, 1)


def test_a_closed_address_is_not_closed_or_renewed_again(house):
    ane = house.doctors[0]
    made(ane)
    assert refused(made, ane).rule is Rule.FEED_IS_THERE
    row = services.close_feed(feed_id=CalendarFeed.objects.get().pk, by=ane, at=NOW)
    for act in (services.close_feed, services.renew_feed):
        again = refused(act, feed_id=row.pk, by=ane, at=timezone.now())
        assert again.rule is Rule.FEED_IS_ENDED
