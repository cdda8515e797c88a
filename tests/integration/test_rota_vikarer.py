"""A vikar whom the municipality has not approved has no published duty, by any door."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests import make
from tests import rota as build
from tests.integration.test_rota import give, refused
from varde.apps.records import kept
from varde.apps.records.models import (
    Duty,
    Position,
    RotaOverride,
    Vacancy,
    VikarApproval,
)
from varde.apps.sentral.messages import explain
from varde.apps.staffing.queries.beyond_approval import beyond_approval
from varde.apps.staffing.services import vikarer
from varde.apps.staffing.services.rota import filling, publishing, swapping
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW


class House(build.House):
    """A draft whose first duty a vikar has, with a question to the municipality."""

    def approval(self, state="approved", **fields):
        given = {
            "person": self.vikar,
            "municipality": self.station.municipality,
            "state": state,
            "valid_from": make.LONG_AGO,
            "asked_by": self.planner,
            "asked_at": NOW,
            "decided_by": None if state == "asked" else self.leader,
            "decided_at": None if state == "asked" else NOW,
        }
        return VikarApproval.objects.create(**given | fields)

    def publish(self):
        self.rota.refresh_from_db()
        return publishing.publish(
            rota_id=self.rota.pk,
            seen=self.rota.row_version,
            workplace=self.workplace,
            by=self.planner,
            at=NOW,
        )


def make_house():
    made = build.filled(build.house())
    made.__class__ = House
    made.station = made.doctors[0].positions.get().station
    made.vikar = build.doctor("Vilja", made.station, category="vikar")
    first = made.place()
    first.person = made.vikar
    first.save()
    return made


@pytest.fixture
def house(db):
    return make_house()


@pytest.mark.parametrize(
    ("approval", "way"),
    [
        (None, "never"),
        ({"state": "asked"}, "asked"),
        ({"state": "refused", "reason": "Nei"}, "refused"),
        ({"valid_to": build.FIRST - timedelta(days=1)}, "ended"),
        ({"valid_from": build.FIRST + timedelta(days=1)}, "ended"),
    ],
)
def test_a_rota_with_one_who_is_not_approved_is_not_published(house, approval, way):
    if approval is not None:
        house.approval(**approval)
    error = refused(house.publish)
    assert error.rule is Rule.VIKAR_NOT_APPROVED
    assert (error.values["person"], error.values["way"]) == ("Vilja", way)
    said = explain(error)
    assert said.startswith(
        "Vilja er vikar, og kommunens godkjenning gjelder ikke for forvakt 7. desember"
    )
    assert "gi vakta til en annen" in said
    assert not Duty.objects.exists()
    # A reason does not help: the municipality decides.
    RotaOverride.objects.create(
        place=house.place(),
        person=house.vikar,
        rule="a_vikar_is_approved",
        reason="Vi trenger henne",
        by=house.planner,
        at=NOW,
    )
    assert refused(house.publish).rule is Rule.VIKAR_NOT_APPROVED


def test_the_last_day_of_the_approval_is_enough_and_so_is_an_own_position(house):
    approval = house.approval(valid_to=build.FIRST)
    assert house.publish().version == 1
    approval.delete()
    Position.objects.create(
        person=house.vikar,
        category="fastlege",
        law="sfs2305",
        share=1,
        employer="Kommunen",
        station=house.station,
        valid_from=build.FIRST + timedelta(days=5),
    )
    assert refused(give, house, house.place(2), house.vikar, reason="x").rule is (
        Rule.VIKAR_NOT_APPROVED
    )
    give(house, house.place(6), house.vikar)
    assert house.place(6).person == house.vikar


def test_in_a_draft_she_may_stand_while_the_municipality_is_asked(house):
    place = house.place(3)
    assert refused(give, house, place, house.vikar).rule is Rule.ROTA_HARD_RULE
    give(house, place, house.vikar, reason="Kommunen er spurt")
    assert not RotaOverride.objects.exists()  # it is not set aside
    assert refused(house.publish).values["count"] == "2"
    house.approval()
    assert house.publish().version == 1


def common(house):
    return {"workplace": house.workplace, "by": house.leader, "at": NOW}


def test_nobody_asks_gives_or_swaps_a_duty_to_one_whose_approval_is_over(house):
    approval = house.approval()
    house.publish()
    place = house.place(6)
    vacancy = filling.report_sick(
        rota_id=house.rota.pk, place_id=place.pk, seen=1, **common(house)
    )
    asked = {"vacancy_id": vacancy.pk, **common(house)}
    filling.ask(people=[house.vikar.pk], way=Vacancy.Way.ORDER, **asked)
    swap = swapping.propose_swap(
        rota_id=house.rota.pk,
        mine_id=house.place(0).pk,
        theirs_id=house.place(9).pk,
        **common(house) | {"by": house.vikar},
    )
    vikarer.end_approval(
        approval=approval, last_on="2026-12-01", by=house.leader, at=NOW
    )
    offer = vacancy.offers.get()
    acts = {
        "answer": lambda: filling.answer(
            offer_id=offer.pk, is_yes=True, **common(house) | {"by": None}
        ),
        "fill": lambda: filling.fill(person_id=house.vikar.pk, reason="Vi må", **asked),
        "swap": lambda: swapping.answer_swap(
            swap_id=swap.pk, is_yes=True, **common(house) | {"by": house.doctors[3]}
        ),
        "set": lambda: give(house, house.place(9), house.vikar, reason="Vi må"),
    }
    for name, act in acts.items():
        assert refused(act).rule is Rule.VIKAR_NOT_APPROVED, name
    vacancy.offers.all().delete()
    ask = refused(filling.ask, people=[house.vikar.pk], way=Vacancy.Way.ALL, **asked)
    assert (ask.rule, ask.values["way"]) == (Rule.VIKAR_NOT_APPROVED, "ended")
    # The twin: what the vikar may not, another may.
    filling.fill(person_id=house.doctors[3].pk, reason="", **asked)
    assert house.place(6).person == house.doctors[3]


def test_the_leader_reads_on_the_screen_who_and_what_to_do(house):
    client = Client()
    client.force_login(house.planner)
    house.rota.refresh_from_db()
    answer = client.post(
        reverse("staffing:rota_publish", args=[house.rota.pk]),
        {"seen": house.rota.row_version},
    )
    text = answer.content.decode()
    assert 'role="alert">Vilja er vikar' in text
    assert "foreslå vikaren under «Vikarer»" in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", ["approval", "pool"])
def test_an_approval_that_is_withdrawn_while_the_rota_is_published(monkeypatch, door):
    """The withdrawal is under way and not yet done: the publication waits, and sees it."""
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = make_house()
    if door == "approval":
        row = house.approval()
    else:
        other = make.municipality("1822", "Leirfjord")
        house.approval(municipality=other)
        vikarer.make_pool(
            name="Indre",
            municipality=house.station.municipality,
            ask_also=other,
            by=house.leader,
            at=NOW,
        ).consents.filter(given_at=None).update(given_by=house.leader, given_at=NOW)
    told = []

    def publish():
        try:
            told.append(house.publish().version)
        except RuleBroken as error:
            told.append(error.rule)
        finally:
            connection.close()

    thread = threading.Thread(target=publish)
    with transaction.atomic():
        if door == "approval":
            vikarer.end_approval(
                approval=row, last_on="2026-12-01", by=house.leader, at=NOW
            )
        else:
            mine = house.station.municipality.pk
            row = vikarer.PoolConsent.objects.get(municipality=mine)
            vikarer.withdraw(row=row, by=house.leader, at=NOW)
        thread.start()
        _until_somebody_waits()
    thread.join()
    assert told == [Rule.VIKAR_NOT_APPROVED]
    assert not Duty.objects.filter(person=house.vikar).exists()


def _until_somebody_waits():
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    pytest.fail("the publication did not wait for the approval")


def test_published_duties_after_the_approval_are_listed_for_those_who_can_do_something(
    house, monkeypatch
):
    """Shortened after the duty was published: three pages tell of it until it is mended."""
    approval = house.approval()
    house.publish()
    places = house.places
    second = places[1]
    Duty.objects.create(  # by hand, outside any rota
        person=house.vikar,
        post="forvakt",
        station=house.station,
        starts_at=second.starts_at,
        ends_at=second.ends_at,
    )

    def found():
        return [
            (one.name, one.place_id, one.approved_until)
            for one in beyond_approval(house.workplace, now=NOW)
        ]

    assert found() == []
    last = build.FIRST - timedelta(days=1)
    vikarer.end_approval(
        approval=approval, last_on=last.isoformat(), by=house.leader, at=NOW
    )
    listed = [("Vilja", places[0].pk, last), ("Vilja", None, last)]
    assert found() == listed
    begun = places[0].starts_at + timedelta(minutes=1)
    assert len(beyond_approval(house.workplace, now=begun)) == 1

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    client = Client()
    head = make.user(
        "kommuneoverlege", roles=["kommuneoverlege"], at=house.station.district
    )
    title = "2 vakter etter at godkjenningen slutter"
    rota, all_ = f"/vaktplan/{house.rota.pk}/", "/vaktplan/"
    for person, seen in (
        (house.planner, {rota, all_, "/folk/vikarer/"}),
        (house.leader, {all_}),
        (head, {"/folk/vikarer/"}),
        (house.doctors[0], set()),
    ):
        client.force_login(person)
        told = {
            url
            for url in (rota, all_, "/folk/vikarer/")
            if title in client.get(url).content.decode()
        }
        assert told == seen, person
    # Approved again, the first is in order; with a position of one's own both are.
    again = house.approval(valid_from=build.FIRST, valid_to=build.FIRST)
    assert found() == [("Vilja", None, build.FIRST)]
    again.delete()
    Position.objects.filter(person=house.vikar).update(category="fastlege")
    assert found() == []
