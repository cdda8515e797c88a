"""The shift leader's board and the list at the change of shift, against what is there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.query_count import queries_of
from varde.apps.records.models import (
    AmkHandover,
    Approval,
    AuditEntry,
    CallBack,
    DoctorQuestion,
    FastlegeNote,
    Outcome,
)
from varde.apps.records.scope import scope_of
from varde.apps.sentral.queries import board
from varde.config import door
from varde.web import live


pytestmark = pytest.mark.django_db
NOW = make.NOW
BOARD = "/sentral/tavle/"
HANDOVER = f"{BOARD}vaktskifte/"
PARTS = [
    "board_waits",
    "board_work",
    "board_tasks",
    "board_duty",
    "board_figures",
]


@pytest.fixture
def sentral():
    make.settings()
    return make.sentral()


@pytest.fixture
def leader(sentral):
    return make.user("vaktleder", roles=["shift_leader"])


def minutes(count):
    return timedelta(minutes=count)


def outcome(contact, *, kind="home_visit", **fields):
    return Outcome.objects.create(
        contact=contact,
        district=contact.district,
        kind=kind,
        created_at=NOW,
        created_by=make.operator("maker"),
        **fields,
    )


def callback(*, due, kind="promised", at=None, **fields):
    place = at or make.sentral()
    return CallBack.objects.create(
        sentral=place,
        district=place.host_district,
        kind=kind,
        created_at=NOW,
        due_at=due,
        **fields,
    )


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, url=BOARD):
    answer = as_user(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# ------------------------------------------------------------------- what is counted


def test_who_has_what_in_hand_and_whose_workstation_is_silent(sentral):
    kari = make.operator("kari", first_name="Kari", last_name="Li")
    ola = make.operator("ola", first_name="Ola", last_name="Moe")
    old = make.contact(
        owner=kari, claimed_at=NOW - minutes(9), heartbeat_at=NOW, hastegrad_phone="rad"
    )
    new = make.contact(owner=kari, claimed_at=NOW, heartbeat_at=NOW - minutes(5))
    his = make.contact(owner=ola, claimed_at=NOW - minutes(2), heartbeat_at=NOW)
    make.contact()  # nobody's
    make.contact(owner=ola, state="closed", closed_at=NOW)
    make.contact(owner=ola, at=make.sentral("ANN"))
    shown = board.hands(sentral, now=NOW)
    assert [(one.name, [c.id for c in one.contacts]) for one in shown] == [
        ("Kari Li", [old.pk, new.pk]),
        ("Ola Moe", [his.pk]),
    ]
    (first, second), (third,) = (one.contacts for one in shown)
    assert (first.since, first.hastegrad) == (NOW - minutes(9), "rad")
    assert (first.is_stale, second.is_stale, third.is_stale) == (False, True, False)


@pytest.mark.parametrize(
    ("fields", "is_late"),
    [
        ({"promised_at": NOW - minutes(1)}, True),
        ({"promised_at": NOW}, False),
        ({"promised_at": NOW + minutes(1)}, False),
        ({"promised_at": NOW - minutes(1), "arrived_at": NOW}, False),
        ({"promised_at": NOW - minutes(1), "state": "done"}, False),
        ({"promised_at": NOW - minutes(1), "state": "cancelled"}, False),
        ({"promised_at": NOW - minutes(1), "kind": "fastlege"}, False),
        ({"promised_at": None}, False),
    ],
)
def test_a_promised_patient_who_has_not_come_is_overdue(sentral, fields, is_late):
    outcome(make.contact(), **{"kind": "attendance"} | fields)
    assert (len(board.overdue_attendances(sentral, now=NOW)) == 1) is is_late


def test_the_longest_overdue_stands_first(sentral):
    for late in (5, 60, 30):
        outcome(make.contact(), kind="attendance", promised_at=NOW - minutes(late))
    found = board.overdue_attendances(sentral, now=NOW)
    assert [row.promised_at for row in found] == [
        NOW - minutes(late) for late in (60, 30, 5)
    ]


def test_on_duty_are_those_of_the_sentral_and_of_the_stations_it_answers_for(sentral):
    elsewhere = make.district("fjern", "Fjernt distrikt")
    people = {
        name: make.user(name, first_name=name.title(), last_name="Test")
        for name in ("her", "stasjon", "fjern", "senere", "ferdig")
    }
    make.duty(people["her"], "operator", at=sentral)
    make.duty(people["stasjon"], "forvakt", at=make.station(), is_reachable=False)
    make.duty(people["fjern"], at=make.station("fjern", of=elsewhere))
    make.duty(people["senere"], at=sentral, starts_at=NOW + minutes(1))
    make.duty(people["ferdig"], at=sentral, starts_at=NOW - minutes(480), hours=8)
    shown = board.on_duty(sentral, now=NOW)
    assert {(row.name, row.is_reachable) for row in shown} == {
        ("Her Test", True),
        ("Stasjon Test", False),
    }


def test_the_hour_counts_its_own_calls_and_the_day_all(sentral):
    hour = NOW.replace(minute=30)
    make.call(ringing_at=hour - minutes(40), answered_at=hour - minutes(30))
    make.call(ringing_at=hour - minutes(5), answered_at=hour - minutes(5))
    shown = board.figures(sentral, now=hour)
    assert (shown["hour"].calls, shown["hour"].share_2min) == (1, 1.0)
    assert (shown["today"].calls, shown["today"].share_2min) == (2, 0.5)
    none = board.figures(make.sentral("TOM"), now=hour)
    assert none["hour"].share_2min is None


def test_call_backs_are_counted_with_those_over_their_time(sentral):
    callback(due=NOW - minutes(1))
    callback(due=NOW + minutes(1), kind="missed")
    callback(due=NOW - minutes(1), state="reached")
    callback(due=NOW - minutes(1), at=make.sentral("ANN"))
    shown = board.waits(sentral, now=NOW)
    assert (shown["callbacks_count"], shown["callbacks_late"]) == (2, 1)


def test_of_a_long_list_the_number_is_true_and_the_first_are_shown(sentral):
    contact = make.contact()
    for late in range(1, 36):
        outcome(contact, kind="attendance", promised_at=NOW - minutes(late))
        outcome(contact, due_at=NOW - minutes(late))
        callback(due=NOW + minutes(late))
    shown = board.board(sentral, now=NOW)
    # An attendance without a due time is a task as well, and not overdue as one.
    assert (shown["not_come_count"], len(shown["not_come"])) == (35, 30)
    assert (shown["tasks_count"], shown["tasks_late"], len(shown["tasks"])) == (
        70,
        35,
        30,
    )
    assert (shown["callbacks_count"], len(shown["callbacks"])) == (35, 30)


# --------------------------------------------------------------------- the handover


def test_the_list_holds_what_is_promised_and_what_nobody_has_done(sentral, leader):
    kari = make.operator("kari", first_name="Kari", last_name="Li")
    patient = make.patient(family_name="Uniktnavn", birth_date=date(1950, 3, 1))
    contact = make.contact(owner=kari, patient=patient, hastegrad_phone="haster")
    make.contact()
    callback(due=timezone.now() - minutes(9), number="90000001", about="Svar på prøve")
    outcome(contact, due_at=NOW, note="Ta med sprøyte")
    outcome(contact, kind="attendance", promised_at=NOW - minutes(5))
    DoctorQuestion.objects.create(
        contact=contact,
        district=contact.district,
        asked_by=kari,
        question="HEMMELIG",
        asked_at=NOW,
    )
    sent_back = make.contact(state="closed", closed_at=NOW)
    Approval.objects.create(
        contact=sent_back,
        district=sent_back.district,
        created_at=NOW,
        state="returned",
        comment="Ring igjen",
    )
    FastlegeNote.objects.create(
        contact=sent_back,
        district=sent_back.district,
        fastlege=make.fastlege(),
        text="x",
        state="failed",
        queued_at=NOW,
    )
    AmkHandover.objects.create(
        contact=contact, district=contact.district, sentral=sentral, started_at=NOW
    )
    text = page(leader, HANDOVER)
    for words in (
        "113 har ikke kvittert på 1 kontakt.",
        "90000001",
        "Svar på prøve",
        "over fristen",
        "Kari Li",
        "76 år",
        '<strong class="late">ingen</strong>',
        "Ta med sprøyte",
        "Ikke møtt fram",
        "lege på vakt",
        "Ring igjen",
        "1 notat til fastlegen har feilet.",
    ):
        assert words in text, words
    assert "Uniktnavn" not in text
    assert "HEMMELIG" not in text


def test_what_nobody_has_stands_first(sentral):
    mine = make.contact(owner=make.operator(), opened_at=NOW - minutes(60))
    nobodys = make.contact(opened_at=NOW)
    assert [row.id for row in board.open_contacts(sentral)] == [nobodys.pk, mine.pk]


def test_an_empty_house_says_so_everywhere(leader):
    assert page(leader, HANDOVER).count('class="empty"') == 5
    text = page(leader)
    for words in (
        "Ingen ringer.",
        "Ingen å ringe tilbake til.",
        "Ingen har en kontakt nå.",
        "Alle som er lovet tid, er kommet.",
        "Ingen står på vakt nå.",
    ):
        assert words in text


def test_the_old_address_of_the_list_leads_to_it(leader):
    answer = as_user(leader).get(BOARD, {"vaktskifte": "1"})
    assert answer["Location"] == HANDOVER


# ------------------------------------------------------------------------ the screen


def test_the_board_shows_no_name_of_a_patient_and_nothing_to_press_but_duty(leader):
    patient = make.patient(family_name="Uniktnavn")
    make.contact(owner=make.operator(), patient=patient, claimed_at=NOW)
    make.call(ringing_at=timezone.now(), caller_number="90000009")
    make.duty(leader, "shift_leader", starts_at=timezone.now())
    text = page(leader)
    board_part = text[text.index('class="board"') :]
    assert "90000009" in board_part
    assert "Uniktnavn" not in board_part
    assert board_part.count("<form") == 1
    assert f"{BOARD}vakt/" in board_part


@pytest.mark.parametrize(
    ("role", "sees", "decides"),
    [
        ("shift_leader", 200, True),
        ("operator", 200, False),
        ("doctor", 200, False),
        ("legevaktoverlege", 404, False),
        ("administrator", 404, False),
        ("auditor", 404, False),
    ],
)
def test_who_sees_the_board_and_who_says_who_can_be_reached(
    sentral, role, sees, decides
):
    row = make.duty(make.operator("ola"), "operator", starts_at=timezone.now())
    client = as_user(make.user("noen", roles=[role]))
    for url in (BOARD, HANDOVER):
        assert client.get(url).status_code == sees
    if sees == 200:
        assert (f"{BOARD}vakt/{row.pk}/" in page(make.user("noen"))) is decides
    answer = client.post(f"{BOARD}vakt/{row.pk}/", {"reachable": "no"})
    assert answer.status_code == (302 if decides else 404)
    row.refresh_from_db()
    assert row.is_reachable is not decides


def test_reachability_is_logged_once_for_each_change(leader):
    row = make.duty(make.operator("ola"), "operator", starts_at=timezone.now())
    url = f"{BOARD}vakt/{row.pk}/"
    for answer in ("no", "no", "yes"):
        as_user(leader).post(url, {"reachable": answer})
    told = AuditEntry.objects.filter(table="records_duty").order_by("pk")
    assert [(entry.what, entry.user_id) for entry in told] == [
        ("duty_unreachable", leader.pk),
        ("duty_reachable", leader.pk),
    ]


def test_a_duty_elsewhere_or_over_is_not_there(leader):
    far = make.station("fjern", of=make.district("fjern", "Fjernt distrikt"))
    other = make.operator("ola")
    for row in (
        make.duty(other, at=far, starts_at=timezone.now()),
        make.duty(other, starts_at=timezone.now() - timedelta(hours=9)),
    ):
        url = f"{BOARD}vakt/{row.pk}/"
        assert as_user(leader).post(url, {"reachable": "no"}).status_code == 404


@pytest.mark.parametrize("url", [BOARD, HANDOVER])
def test_the_page_asks_as_little_for_many_as_for_one(leader, url):
    fill()
    client = as_user(leader)
    client.get(url)
    one = queries_of(lambda: client.get(url))
    for _ in range(15):
        fill()
    assert queries_of(lambda: client.get(url)) == one
    assert one <= 45


# ------------------------------------------------------------------------- the parts


@pytest.mark.parametrize("name", PARTS)
def test_each_part_of_the_board_is_drawn_for_those_with_patients_alone(leader, name):
    fill()
    part = live.part(name)
    scope = part_scope(leader)
    assert part.may_be_seen_by(scope)
    assert "<section" in part.draw(scope)
    assert part.every_s
    assert not part.may_be_seen_by(part_scope(make.user("a", roles=["administrator"])))


def test_a_pushed_duty_list_has_its_button_for_leaders_and_no_token(leader):
    make.duty(make.operator("ola"), "operator")
    part = live.part("board_duty")
    for_leader = part.draw(part_scope(leader))
    for_operator = part.draw(part_scope(make.operator("ola")))
    assert for_leader.count("<form") == 1
    assert "csrfmiddlewaretoken" not in for_leader
    assert for_operator.count("<form") == 0


def part_scope(user):
    scope = door.part_scope(
        scope_of(user, on=timezone.localdate()),
        sentral_id=make.sentral().pk,
        language="nb",
    )
    return replace(scope, at=NOW)


def fill():
    """One more of everything that the board shows."""
    owner = make.operator(f"op{make.contact().pk}")
    contact = make.contact(owner=owner, claimed_at=NOW, patient=make.patient())
    make.call(ringing_at=timezone.now())
    make.duty(owner, "operator", starts_at=timezone.now() - minutes(1))
    callback(due=NOW, contact=contact)
    outcome(contact, kind="attendance", promised_at=NOW - minutes(1))
    outcome(contact, due_at=NOW, owner=owner)
    DoctorQuestion.objects.create(
        contact=contact,
        district=contact.district,
        asked_by=owner,
        question="?",
        asked_at=NOW,
    )
