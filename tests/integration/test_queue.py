"""The shared parts of the desk: what each row of the queue and the call-backs says."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records.models import CallBack
from varde.apps.sentral.queries import parts, queue
from varde.apps.sentral.services import callbacks, calls


@pytest.fixture
def sentral(db):
    make.settings()
    return make.sentral()


@pytest.fixture
def kari(sentral):
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def ola(sentral):
    return make.operator("ola", first_name="Ola", last_name="Sørli")


def in_hand(of):
    call = make.call(ringing_at=timezone.now(), caller_number="90000001")
    return calls.answer(call_id=call.pk, by=of, at=timezone.now())


def promised(by, number="90000002", **fields):
    contact = in_hand(by)
    made = callbacks.promise(
        contact_id=contact.pk, by=by, at=timezone.now(), number=number, **fields
    )
    calls.release(contact_id=contact.pk, by=by, at=timezone.now())
    return made


def desk(user):
    client = Client()
    client.force_login(user)
    return client.get("/sentral/").content.decode()


def rows(page, part):
    """The rows of a part of the page, as text."""
    within = page.split(f'data-part="{part}"')[1].split("data-part=")[0]
    return re.findall(r"<li.*?</li>", within, re.DOTALL)


# ------------------------------------------------------------------------ the queue


@pytest.mark.parametrize(
    ("level", "words"), [("akutt", "Akutt"), ("rad", "Råd"), ("", "Ikke satt")]
)
def test_a_row_in_hand_shows_its_hastegrad(kari, level, words):
    contact = in_hand(kari)
    contact.hastegrad_phone = level
    contact.save()
    (row,) = rows(desk(kari), "queue")
    assert "Kari Nordvik" in row
    assert f">{words}</span>" in row
    (shown,) = queue.calls_in_hand(contact.sentral_id, now=timezone.now())
    assert shown.hastegrad == level


def test_the_row_names_its_owner_and_the_page_its_user(kari, ola):
    """The part is one for all who look; the page marks what is one's own."""
    in_hand(kari)
    hers, his = desk(kari), desk(ola)
    assert rows(hers, "queue") == rows(his, "queue")
    assert f'data-owner="{kari.pk}"' in rows(his, "queue")[0]
    assert f'data-user="{kari.pk}"' in hers
    assert f'data-user="{ola.pk}"' in his


def test_a_call_in_hand_before_its_contact_is_there_is_shown_without_a_link(kari):
    make.call(ringing_at=timezone.now(), state="answered", owner=kari)
    (row,) = rows(desk(kari), "queue")
    assert "Kari Nordvik" in row
    assert "<a " not in row


def test_the_queue_reads_only_what_it_shows(kari, sentral):
    in_hand(kari)
    make.call(ringing_at=timezone.now())
    contact = in_hand(kari)
    calls.release(contact_id=contact.pk, by=kari, at=timezone.now())
    with CaptureQueriesContext(connection) as seen:
        parts.queue(sentral, now=timezone.now())
    # The alarms that wait are one query, with columns of their own.
    alarms = [
        one["sql"] for one in seen if one["sql"].startswith('SELECT "records_alarm')
    ]
    assert len(alarms) == 1
    assert "narrative" not in alarms[0]
    rest = [one["sql"] for one in seen if one["sql"] not in alarms]
    text = " ".join(rest)
    for column in ("narrative", "password", "callback_number", "external_id", "email"):
        assert column not in text
    tables = [sql for sql in rest if '"records_contact"' in sql]
    assert len(tables) == 2


# ------------------------------------------------------------------- the call-backs


def test_a_callback_in_somebodys_hand_shows_who_and_no_button(kari, ola):
    callback = promised(kari)
    (free,) = rows(desk(ola), "callbacks")
    assert "Ring opp" in free
    assert "har den" not in free
    contact = callbacks.take(callback_id=callback.pk, by=kari, at=timezone.now())
    (held,) = rows(desk(ola), "callbacks")
    assert "Ring opp" not in held
    assert "Kari Nordvik har den" in held
    assert f"/sentral/kontakt/{contact.pk}/" in held
    assert f'data-owner="{kari.pk}"' in held


def test_a_callback_that_was_put_back_can_be_taken_again(kari, ola):
    callback = promised(kari)
    contact = callbacks.take(callback_id=callback.pk, by=kari, at=timezone.now())
    calls.release(contact_id=contact.pk, by=kari, at=timezone.now())
    (row,) = rows(desk(ola), "callbacks")
    assert "Ring opp" in row
    assert "har den" not in row


def test_a_callback_whose_holder_fell_silent_can_be_taken_again(kari, sentral):
    callback = promised(kari)
    callbacks.take(callback_id=callback.pk, by=kari, at=timezone.now())
    now = timezone.now()
    (held,) = parts.callbacks(sentral, now=now)["callbacks"]
    assert (held.holder_id, held.holder_name) == (kari.pk, "Kari Nordvik")
    (silent,) = parts.callbacks(sentral, now=now + timedelta(hours=1))["callbacks"]
    assert (silent.holder_id, silent.holder_name) == (None, "")


def test_who_took_the_contact_over_has_the_callback(kari, ola, sentral):
    callback = promised(kari)
    contact = callbacks.take(callback_id=callback.pk, by=kari, at=timezone.now())
    calls.take_over_contact(
        contact_id=contact.pk, by=ola, at=timezone.now(), reason="Vaktskifte"
    )
    (held,) = parts.callbacks(sentral, now=timezone.now())["callbacks"]
    assert (held.holder_name, held.owner_name) == ("Ola Sørli", "Kari Nordvik")


def test_the_key_is_on_the_first_that_nobody_has(kari, ola):
    first, second = promised(kari, "90000002"), promised(kari, "90000003")
    assert 'data-key="F7"' in rows(desk(ola), "callbacks")[0]
    callbacks.take(callback_id=first.pk, by=kari, at=timezone.now())
    page = desk(ola)
    assert page.count('data-key="F7"') == 1
    assert f"/sentral/tilbakering/{second.pk}/" in rows(page, "callbacks")[1]
    assert 'data-key="F7"' in rows(page, "callbacks")[1]
    callbacks.take(callback_id=second.pk, by=ola, at=timezone.now())
    assert 'data-key="F7"' not in desk(ola)
    assert CallBack.objects.filter(state="open").count() == 2


def test_many_talks_are_counted_and_the_longest_are_shown(kari, sentral, monkeypatch):
    monkeypatch.setattr(parts, "MOST_TALKS", 3)
    for number in range(5):
        call = make.call(ringing_at=timezone.now(), caller_number=f"9000000{number}")
        calls.answer(call_id=call.pk, by=kari, at=timezone.now())
        few = parts.queue(sentral, now=timezone.now())
        assert few["in_hand_count"] == number + 1
    assert len(few["in_hand"]) == 3
    page = desk(kari)
    assert "De som har snakket lengst, vises." in page
    assert '<span class="count">5</span>' in page


def test_many_callbacks_are_counted_and_the_first_due_are_shown(
    kari, sentral, monkeypatch
):
    monkeypatch.setattr(parts, "MOST_CALLBACKS", 2)
    for number in range(3):
        promised(kari, f"9000000{number}")
        shown = parts.callbacks(sentral, now=timezone.now())
        assert shown["callback_count"] == number + 1
    assert len(shown["callbacks"]) == 2
    assert "De som skal ringes først, vises." in desk(kari)


def hidden(at):
    """A call with a hidden number that was abandoned."""
    call = make.call(at=at, ringing_at=timezone.now(), caller_number="")
    return callbacks.missed(call=call, at=timezone.now())


def test_a_hidden_number_cannot_be_rung_and_is_taken_away_by_one_press(kari, sentral):
    callback = hidden(sentral)
    promised(kari, "90000003")
    page = desk(kari)
    first, second = rows(page, "callbacks")
    assert "Kan ikke ringes opp." in first
    assert "Ring opp" not in first
    assert 'data-key="F7"' in second  # the first that one can ring
    client = Client()
    client.force_login(kari)
    path = f"/sentral/tilbakering/{callback.pk}/ta-bort/"
    answer = client.post(path, headers={"HX-Request": "true"}).content.decode()
    assert "Skjult nummer" not in answer
    assert "Ring opp" in answer
    callback.refresh_from_db()
    assert (callback.state, callback.settled_by) == ("cancelled", kari)
    assert callback.settled_note == "Skjult nummer"
    again = client.post(path, headers={"HX-Request": "true"})
    assert 'role="alert"' in again.content.decode()
    assert client.post(path).status_code == 200


def test_one_with_a_number_is_not_taken_away_without_a_word(kari):
    callback = promised(kari)
    client = Client()
    client.force_login(kari)
    path = f"/sentral/tilbakering/{callback.pk}/ta-bort/"
    answer = client.post(path, headers={"HX-Request": "true"})
    assert 'role="alert"' in answer.content.decode()
    callback.refresh_from_db()
    assert callback.state == "open"
