"""Who may ask what: one table of view × person × answer, over every address there is.

A new view without a row fails the suite. To add one: write its row, run the test, and
read what it prints: the row as the program answers. Ask of each cell whether it should
be so before you paste it.

Answers: an HTTP status; `login` (sent to log in); `reason` (asked why, since the record
is outside the task). What is not there and what is not yours are both 404.

Columns after the method: `-`, or another thing than the usual for the address, as
`contact=old`. The people work at HEL (the doctor at its station, the kommuneoverlege in
its district), `other` is an operator of another sentral, in another district.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from tests import make
from varde.apps.records.models import (
    CallBack,
    FastlegeNote,
    IndexVersion,
    InterpreterRequest,
    Outcome,
    Recording,
    RecordOpening,
    Review,
)
from varde.content import STARTER_INDEX_FILE, starter_index_text


PEOPLE = "nobody operator doctor leader overlege kommune admin auditor other".split()

TABLE = """
# view                            method with          nobody operator doctor leader overlege kommune admin auditor other
"""

USUAL = {
    "page": "index.html",
    "uid": "MQ",
    "token": "x-y",
    "provider_id": "helseid",
    "complaint_id": "feber",
    "key": "amk.alarm_s",
    "subject": "contact",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    view: str
    method: str
    given: str
    answers: tuple[str, ...]

    def __str__(self):
        cells = " ".join(
            f"{answer:<{len(name)}}"
            for name, answer in zip(PEOPLE, self.answers, strict=True)
        )
        return f"{self.view:<33} {self.method:<6} {self.given:<13} {cells}".rstrip()


@cache
def table():
    rows = []
    for line in TABLE.strip().splitlines():
        if line.strip() and not line.startswith("#"):
            view, method, given, *answers = line.split()
            rows.append(Row(view, method, given, tuple(answers)))
    return rows


@cache
def addresses():
    """Every view by name, with the names of what its address needs."""
    return dict(_walk(get_resolver().url_patterns, ""))


def _walk(patterns, space):
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else ""
            yield from _walk(one.url_patterns, space + inner)
        else:
            name = space + (one.name or f"(no name) {one.pattern}")
            yield name, tuple(one.pattern.converters)


def test_every_view_has_a_row_and_every_row_a_view():
    in_table = {row.view for row in table()}
    missing = sorted(set(addresses()) - in_table)
    gone = sorted(in_table - set(addresses()))
    assert (missing, gone) == ([], [])


def test_the_rows_are_whole_and_stand_once():
    rows = table()
    assert {len(row.answers) for row in rows} == {len(PEOPLE)}
    keys = [(row.view, row.method, row.given) for row in rows]
    assert len(keys) == len(set(keys))


@pytest.mark.django_db
def test_everybody_gets_the_answers_of_the_table(settings, tmp_path):
    settings.HANDBOOK = tmp_path
    (tmp_path / "index.html").write_text("<h1>Håndbok</h1>")
    things = world()
    clients = {name: log_in(name) for name in PEOPLE}
    wrong = []
    for row in table():
        actual = tuple(answer(clients[name], row, things) for name in PEOPLE)
        if actual != row.answers:
            wrong.append(f"table:   {row}")
            wrong.append(f"program: {Row(row.view, row.method, row.given, actual)}")
    assert not wrong, "\n" + "\n".join(wrong)


def answer(client, row, things):
    """What a person gets. What the request changed is undone."""
    names = dict(part.split("=") for part in row.given.split(",") if part != "-")
    path = reverse(
        row.view,
        kwargs={
            need: things.get(names.get(need.removesuffix("_id"), need.removesuffix("_id")))
            or USUAL[need]
            for need in addresses()[row.view]
        },
    )
    before = client.cookies.copy()
    with transaction.atomic():
        got = client.generic(row.method, path)
        if file := getattr(got, "file_to_stream", None):
            file.close()
        transaction.set_rollback(True)
    client.cookies = before
    place = got.headers.get("Location", "")
    if place.startswith("/konto/login/?next="):
        return "login"
    return "reason" if place.startswith("/sentral/grunn/") else str(got.status_code)


def log_in(name):
    roles = {
        "leader": "shift_leader",
        "overlege": "legevaktoverlege",
        "kommune": "kommuneoverlege",
        "admin": "administrator",
        "other": "operator",
    }
    places = {
        "doctor": make.station,
        "kommune": make.district,
        "other": lambda: make.sentral("BOD", of=make.district("ytre", "Ytre distrikt")),
    }
    client = Client(raise_request_exception=False)
    if name != "nobody":
        person = make.user(
            name, roles=[roles.get(name, name)], at=places.get(name, make.sentral)()
        )
        client.force_login(person)
    return client


def world():
    """One of each thing, by the name that addresses have for it."""
    make.settings()
    now = timezone.now()
    sentral = make.sentral()
    scoped = {"district": sentral.host_district}
    maker = make.operator("maker")
    patient = make.patient()
    contact = make.contact(patient=patient, opened_at=now)
    old = make.contact(
        patient=make.patient(),
        state="closed",
        opened_at=now - timedelta(days=300),
        closed_at=now - timedelta(days=300),
    )
    call = make.call(ringing_at=now)
    recording = Recording.objects.create(
        call=make.call(ringing_at=now), reference="x", recorded_on=now, **scoped
    )
    opening = RecordOpening.objects.create(
        user=maker, patient=patient, reason="x", at=now, until=now, **scoped
    )
    fastlege = make.fastlege()
    made = {
        "contact": contact,
        "old": old,
        "patient": patient,
        "call": call,
        "recording": recording,
        "opening": opening,
        "user": maker,
        "grant": maker.grants.get(),
        "callback": CallBack.objects.create(
            sentral=sentral, kind="missed", call=call, contact=contact, created_at=now,
            due_at=now, **scoped,
        ),
        "outcome": Outcome.objects.create(
            contact=contact, kind="advice", created_at=now, created_by=maker, **scoped
        ),
        "request": InterpreterRequest.objects.create(
            contact=contact, language="so", requested_at=now, by=maker, **scoped
        ),
        "review": Review.objects.create(
            contact=contact, sentral=sentral, why="random", drawn_at=now, **scoped
        ),
        "note": FastlegeNote.objects.create(
            contact=contact, fastlege=fastlege, text="x", state="failed", queued_at=now,
            **scoped,
        ),
        "version": IndexVersion.objects.create(
            index_id="x", version="1", title="x", text=starter_index_text(), sha256="x",
            filename=STARTER_INDEX_FILE, installed_at=now, **scoped,
        ),
        "pk": Authenticator.objects.create(
            user=maker, type="webauthn", data={"name": "x"}
        ),
    }  # fmt: skip
    ids = {name: thing.pk for name, thing in made.items()}
    return ids | {"row": contact.pk}
