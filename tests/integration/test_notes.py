"""The page of notes to the fastlege: states, failed ones as tasks, paging."""

from datetime import timedelta

import pytest
from django.test import Client

from tests import make
from tests.query_count import queries_of
from varde.apps.records.models import AuditEntry, FastlegeNote
from varde.apps.sentral import jobs


pytestmark = pytest.mark.django_db
LIST = "/sentral/notater/"


@pytest.fixture(autouse=True)
def ground(monkeypatch):
    make.settings()
    monkeypatch.setattr(jobs.deliver_notes, "defer", lambda **_: None)


def note(state="failed", *, doctor="Lege Fjell", minutes=0, at=None, **fields):
    contact = make.contact(at=at)
    return FastlegeNote.objects.create(
        contact=contact,
        district=contact.district,
        fastlege=make.fastlege(doctor),
        text="HEMMELIG TEKST",
        state=state,
        queued_at=make.NOW,
        failed_at=make.NOW + timedelta(minutes=minutes),
        sent_at=make.NOW,
        received_at=make.NOW,
        attempts=3,
        **fields,
    )


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def page(query="", user=None):
    answer = as_user(user or make.operator()).get(f"{LIST}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "sees", "acts"),
    [
        ("operator", 200, 302),
        ("shift_leader", 200, 302),
        ("doctor", 200, 302),
        ("legevaktoverlege", 200, 404),
        ("administrator", 404, 404),
        ("auditor", 404, 404),
    ],
)
def test_who_may_see_and_act(role, sees, acts):
    row = note()
    client = as_user(make.user("noen", roles=[role]))
    assert client.get(LIST).status_code == sees
    assert client.post(f"{LIST}{row.pk}/igjen/").status_code == acts
    row.refresh_from_db()
    assert row.state == ("queued" if acts == 302 else "failed")


def test_the_failed_are_shown_first_and_as_tasks_without_their_text():
    late, early = note(minutes=5, fault="adresse ukjent"), note(minutes=1)
    sent = note("sent")
    text = page()
    assert "HEMMELIG TEKST" not in text
    assert "adresse ukjent" in text
    assert text.count("Send på nytt") == 2
    assert text.index(f"/{early.pk}/igjen/") < text.index(f"/{late.pk}/igjen/")
    assert f"/{sent.pk}/igjen/" not in text


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ("?tilstand=feilet", "F"),
        ("?tilstand=ko", "K"),
        ("?tilstand=sendt", "S"),
        ("?tilstand=mottatt", "M"),
        ("?tilstand=alle", "FKSM"),
        ("?tilstand=noe-annet", "F"),
        ("?tilstand=alle&q=kode", "S"),
        ("?tilstand=alle&q=finnes-ikke", ""),
    ],
)
def test_the_list_is_filtered_by_state_and_name(query, states):
    rows = {
        "F": note("failed"),
        "K": note("queued"),
        "S": note("sent", doctor="Lege Koder"),
        "M": note("received"),
    }
    text = page(query)
    shown = {n for n, row in rows.items() if f">{row.contact_id}</a>" in text}
    assert shown == set(states)
    assert ('class="empty section"' in text) is (states == "")


def test_each_state_has_its_count():
    for state in ("failed", "failed", "queued", "received"):
        note(state)
    text = page()
    counts = [
        int(part.split("</span>")[0]) for part in text.split('class="count">')[1:6]
    ]
    assert counts == [2, 1, 0, 1, 4]


def test_a_failed_note_is_sent_again():
    row = note()
    kari = make.operator()
    assert as_user(kari).post(f"{LIST}{row.pk}/igjen/").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.attempts, row.fault) == ("queued", 0, "")


@pytest.mark.parametrize("act", ["igjen", "gitt"])
def test_one_that_has_not_failed_is_refused_in_the_page(act):
    row = note("sent")
    answer = as_user(make.operator()).post(f"{LIST}{row.pk}/{act}/", {"how": "Ringt"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "sent"


def test_a_note_given_in_another_way_is_done_and_how_is_in_the_log():
    row = note()
    client = as_user(make.operator())
    assert client.post(f"{LIST}{row.pk}/gitt/", {"how": " "}).status_code == 200
    row.refresh_from_db()
    assert row.state == "failed"
    assert client.post(f"{LIST}{row.pk}/gitt/", {"how": "Lest opp"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "received"
    assert AuditEntry.objects.get(what="note_handed_over").reason == "Lest opp"


def test_a_note_of_another_sentral_is_not_there():
    row = note(at=make.sentral("ANN"))
    assert f">{row.contact_id}</a>" not in page("?tilstand=alle")
    url = f"{LIST}{row.pk}/igjen/"
    assert as_user(make.operator()).post(url).status_code == 404
    theirs = make.operator("andre", at=make.sentral("ANN"))
    assert as_user(theirs).post(url).status_code == 302


def test_the_list_asks_as_little_for_many_as_for_one_and_has_pages():
    note()
    client = as_user(make.operator())
    one = queries_of(lambda: client.get(LIST))
    for _ in range(54):
        note()
    assert queries_of(lambda: client.get(LIST)) == one
    assert one <= 30
    assert client.get(f"{LIST}?side=2").content.decode().count("Send på nytt") == 5


@pytest.mark.parametrize("state", ["feilet", "ko", "sendt", "mottatt", "alle"])
def test_an_empty_list_says_so(state):
    assert 'class="empty section"' in page(f"?tilstand={state}")
