"""Two Varde servers, a database each: one is killed, the other takes over, and gives back.

Real processes, real signals, HTTP on loopback. Everybody who waited at HEL is spoken with
once: by BOD while HEL is dead, or by HEL afterwards. Nobody is lost, and nobody rung twice.
"""

import http.client
import json
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from tests import make
from tests.stack import Stack, wait_for
from varde.apps.records import kept, ratelimit
from varde.apps.records.models import DatedSetting, HelpAgreement, Partner
from varde.config import env, starting
from varde.engines.help.sealing import terms_hash
from varde.engines.telephony import signature


# The servers have databases of their own; they are copied from that of the tests.
pytestmark = pytest.mark.django_db
SECRET = "s" * 40
TOKEN = "c" * 32
MISSED_S = 4
CODES = {"HEL": "BOD", "BOD": "HEL"}


def set_up(code, port):
    """A sentral with its partner, the agreement, and a leader. Her session."""
    make.settings()
    # Without a pause it is said at each look (twice a second) that we live.
    for key, value in (("beat_s", 0), ("missed_s", MISSED_S), ("most_pause_s", 0)):
        DatedSetting.objects.filter(key=f"help.{key}").update(value=value)
    place = make.sentral(code)
    maker = make.user("overlege", roles=["legevaktoverlege"], at=place)
    leader = make.user("leder", roles=["shift_leader", "operator"], at=place)
    now, day = timezone.now(), timezone.localdate()
    partner = Partner.objects.create(
        sentral=place, code=CODES[code], name=f"Sentral {CODES[code]}",
        address=f"http://127.0.0.1:{port}", made_at=now, made_by=maker,
    )  # fmt: skip
    terms = {
        "parties": ["BOD", "HEL"], "text": "Vi hjelper hverandre.", "automatic": True,
        "lines": {"HEL": [], "BOD": []}, "valid_from": day.isoformat(),
        "valid_to": None, "written_at": day.isoformat(),
    }  # fmt: skip
    HelpAgreement.objects.create(
        partner=partner, terms=terms, terms_hash=terms_hash(terms), valid_from=day,
        we_accepted_at=now, we_accepted_by=maker, they_accepted_at=now,
        they_accepted_by="x",
    )  # fmt: skip
    client = Client()
    client.force_login(leader)
    return client.cookies["sessionid"].value


@contextmanager
def working_in(database):
    """Django of this process works in another database meanwhile."""
    own = connection.settings_dict["NAME"]
    for name in (database, own):
        kept.forget()
        ratelimit.close()
        connection.close()
        connection.close_pool()
        connection.settings_dict["NAME"] = name
        if name == database:
            try:
                yield
            except BaseException:
                connection.settings_dict["NAME"] = own
                raise


class Site:
    """One sentral: its server, its database and a person at its desk."""

    def __init__(self, code, home, database):
        self.code = code
        self.database = database
        owner = os.environ["DATABASE_URL"]
        web = os.environ["VARDE_WEB_DATABASE_URL"]
        name = psycopg.conninfo.conninfo_to_dict(owner)["dbname"]
        self.url = owner.replace(f"/{name}?", f"/{database}?", 1)
        self.more = {
            "DATABASE_URL": self.url,
            "VARDE_WEB_DATABASE_URL": web.replace(f"/{name}?", f"/{database}?", 1),
        }
        home.mkdir()
        (home / "help-secrets.json").write_text(json.dumps({CODES[code]: SECRET}))
        # What the browser loads is the same for both, and brought together once.
        (home / "static").symlink_to(configured.STATIC_ROOT)
        self.stack = Stack(home, "serve", "--workers", "1", **self.more)

    def kill(self):
        """Every process of it at once: nothing is left that could say a last word."""
        for pid in self.stack.all_pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.stack.end()

    def rows(self, query, *args):
        with psycopg.connect(self.url) as link:
            return link.execute(query, args).fetchall()

    def ask(self, method, path, /, **fields):
        """Status, headers and text of a page, as the person at the desk."""
        link = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=10)
        try:
            link.request(
                method,
                path,
                body="&".join(f"{k}={v}" for k, v in fields.items()),
                headers={
                    "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
                    "X-CSRFToken": TOKEN,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            answer = link.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            link.close()

    def press(self, path, /, **fields):
        status, headers, text = self.ask("POST", path, **fields)
        problem = re.search(r'role="alert">([^<]+)<', text)
        assert status == 302, (path, status, problem and problem[1])
        return headers["Location"]

    def tell(self, *events):
        body = json.dumps(list(events)).encode()
        secret = self.stack.secrets["telephony_secret"]
        link = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=10)
        link.request(
            "POST",
            "/api/telephony/events",
            body=body,
            headers={
                "Content-Type": "application/json",
                signature.HEADER: signature.sign(
                    body, secret=secret, t=int(time.time())
                ),
            },
        )
        answer = link.getresponse()
        text = answer.read()
        link.close()
        assert answer.status == 202, text

    def ring_back(self, number):
        """Take the one with this number, speak with them, write it down and close."""
        [[callback]] = self.rows(
            "SELECT id FROM records_callback WHERE number = %s AND state = 'open'",
            number,
        )
        contact = self.press(f"/sentral/tilbakering/{callback}/ring/")
        self.press(f"{contact}tilbakering/{callback}/", reached="yes")
        self.close(contact)

    def answer(self, number):
        [[call]] = self.rows(
            "SELECT id FROM records_call WHERE caller_number = %s", number
        )
        return self.press(f"/sentral/anrop/{call}/svar/")

    def close(self, contact):
        self.press(f"{contact}hastegrad/", hastegrad="vanlig")
        self.press(f"{contact}tiltak/", kind="advice")
        self.press(f"{contact}arsak/", code="R05")
        self.press(f"{contact}avslutt/")

    def spoken_with(self):
        """The numbers of those whom this sentral has itself spoken with."""
        return [
            number
            for (number,) in self.rows(
                "SELECT callback_number FROM records_contact WHERE state = 'closed'"
            )
        ]

    def to_ring(self):
        """The numbers on the list, and those on the line whom nobody has."""
        return sorted(
            number
            for (number,) in self.rows(
                "SELECT number FROM records_callback WHERE state = 'open' UNION ALL"
                " SELECT caller_number FROM records_call WHERE state = 'ringing'"
                " AND owner_id IS NULL"
            )
        )


def event(call, kind, number, *, sentral="HEL", ago_s=0):
    at = datetime.now(UTC) - timedelta(seconds=ago_s)
    return {
        "event_id": f"{call}-{kind}",
        "sentral": sentral,
        "call_id": call,
        "kind": kind,
        "occurred_at": at.isoformat(),
        "caller_number": number,
    }


@pytest.fixture(scope="module")
def sites(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both servers, each on a copy of the tests' database as the migrations left it."""
    folder = tmp_path_factory.mktemp("help")
    starting.collect_static()
    model = connection.settings_dict["NAME"]
    sites = [
        Site(code, folder / code.lower(), f"help_{code.lower()}_{os.getpid()}")
        for code in CODES
    ]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        ratelimit.close()
        connection.close()
        connection.close_pool()
        link.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [model],
        )
        for site, other in (sites, sites[::-1]):
            link.execute(f"CREATE DATABASE {site.database} TEMPLATE {model}")
            key = env.read({"VARDE_HOME": str(site.stack.home)}).secret_key
            with (
                django_db_blocker.unblock(),
                override_settings(SECRET_KEY=key),
                working_in(site.database),
            ):
                site.session = set_up(site.code, other.stack.port)
        with ThreadPoolExecutor() as both:
            list(both.map(lambda site: site.stack.start(), sites))
        yield sites
        with ThreadPoolExecutor() as both:
            list(both.map(lambda site: site.kill(), sites))
        for site in sites:
            link.execute(f"DROP DATABASE IF EXISTS {site.database} WITH (FORCE)")


def copied(hel, bod):
    """BOD has a copy of HEL's queue that was made after this moment."""
    now = int(time.time() * 1000)  # as a message is numbered
    wait_for(
        lambda: bod.rows("SELECT seen_seq FROM records_partner")[0][0] > now,
        limit_s=15,
        what=hel.stack.tail,
    )


def taken_over(bod, *, since):
    query = "SELECT count(*) FROM records_helptakeover WHERE stage = 'active'"
    wait_for(lambda: bod.rows(query) == [(1,)], limit_s=20, what=bod.stack.tail)
    return time.monotonic() - since


def given_back(hel, bod):
    query = "SELECT count(*) FROM records_helptakeover WHERE stage <> 'ended'"
    wait_for(
        lambda: hel.rows(query) == [(0,)] == bod.rows(query),
        limit_s=25,
        what=lambda: (
            str(bod.rows("SELECT key, state, result FROM records_helpitem"))
            + str(hel.rows("SELECT key, state, taken_in FROM records_helpitem"))
            + bod.stack.tail()
            + hel.stack.tail()
        ),
    )


def test_one_asks_and_the_other_helps_while_both_live(sites):
    """By agreement: what nobody has in hand goes over, is rung there, and comes home."""
    hel, bod = sites
    numbers = [f"3000000{i}" for i in range(3)]
    for i, number in enumerate(numbers):
        hel.tell(
            event(f"h{i}", "ringing", number, ago_s=60),
            event(f"h{i}", "abandoned", number, ago_s=30),
        )
    [[partner]] = hel.rows("SELECT id FROM records_partner")
    hel.press(f"/sentral/hjelp/{partner}/be-om/", reason="load")
    copied(hel, bod)
    [[partner]] = bod.rows(
        "SELECT id FROM records_partner WHERE they_ask_at IS NOT NULL"
    )
    bod.press(f"/sentral/hjelp/{partner}/ta-over/", reason="asked")
    wait_for(lambda: bod.to_ring() == numbers, limit_s=15, what=bod.stack.tail)
    [[callback]] = hel.rows(
        "SELECT id FROM records_callback WHERE number = %s", numbers[0]
    )
    status, _, text = hel.ask("POST", f"/sentral/tilbakering/{callback}/ring/")
    assert status == 200, "not while BOD has it"
    assert "Sentral BOD har denne nå" in text
    bod.ring_back(numbers[0])
    wait_for(lambda: hel.to_ring() == numbers[1:], limit_s=15, what=bod.stack.tail)
    [[takeover]] = bod.rows(
        "SELECT id FROM records_helptakeover WHERE stage = 'active'"
    )
    bod.press(f"/sentral/hjelp/overtak/{takeover}/gi-tilbake/")
    given_back(hel, bod)
    assert (hel.to_ring(), bod.to_ring()) == (numbers[1:], [])
    for number in numbers[1:]:
        hel.ring_back(number)


def test_a_sentral_is_killed_and_nobody_is_lost_or_rung_twice(sites):
    """HEL dies with people waiting, and BOD dies in the middle of giving back."""
    hel, bod = sites
    n = "2"
    missed = [f"{n}000000{i}" for i in range(4)]
    on_the_line, new = (
        [f"{n}111111{i}" for i in range(3)],
        [f"{n}222222{i}" for i in range(2)],
    )
    for i, number in enumerate(missed):
        hel.tell(
            event(f"m{n}{i}", "ringing", number, ago_s=60),
            event(f"m{n}{i}", "abandoned", number, ago_s=30),
        )
    for i, number in enumerate(on_the_line):
        hel.tell(event(f"l{n}{i}", "ringing", number, ago_s=20))
    copied(hel, bod)
    assert not set(bod.to_ring()) & {*missed, *on_the_line}, "seen before a take-over"

    hel.kill()
    seconds = taken_over(bod, since=time.monotonic())
    assert seconds < MISSED_S + 6
    assert sorted(set(bod.to_ring()) & {*missed, *on_the_line}) == sorted(
        [*missed, *on_the_line]
    )
    # The exchange sends to BOD what is meant for HEL: one who waited, and two who are new.
    bod.tell(event(f"l{n}0", "ringing", on_the_line[0], ago_s=1))
    bod.tell(*(event(f"n{n}{i}", "ringing", x, ago_s=1) for i, x in enumerate(new)))
    assert bod.to_ring().count(on_the_line[0]) == 1
    bod.ring_back(missed[0])
    bod.ring_back(on_the_line[1])
    talk = bod.answer(on_the_line[0])
    bod.close(talk)
    bod.tell(event(f"l{n}0", "ended", on_the_line[0]))
    bod.tell(event(f"n{n}0", "abandoned", new[0]))
    in_hand = bod.answer(new[1])
    bod.tell(event(f"n{n}1", "ended", new[1]))
    _, _, desk = bod.ask("GET", "/sentral/")
    assert "fra HEL" in desk
    [[takeover]] = bod.rows(
        "SELECT id FROM records_helptakeover WHERE stage = 'active'"
    )

    bod.press(f"/sentral/hjelp/overtak/{takeover}/gi-tilbake/")
    hel.stack.start()
    taken_in = "SELECT count(*) FROM records_helpitem WHERE taken_in <> ''"
    [[before]] = hel.rows(taken_in)
    wait_for(lambda: hel.rows(taken_in)[0][0] > before, limit_s=20)
    bod.kill()
    # BOD is gone, and HEL is bound to help BOD as well: with a queue that is empty.
    query = "SELECT id FROM records_helptakeover WHERE side = 'helper'"
    wait_for(lambda: hel.rows(query), limit_s=20)
    bod.stack.start()
    [[helps_bod]] = hel.rows(query)
    hel.press(f"/sentral/hjelp/overtak/{helps_bod}/gi-tilbake/")
    # What is in somebody's hand is finished where it is; the rest is not held up by it.
    assert bod.rows(
        "SELECT stage FROM records_helptakeover WHERE id = %s", takeover
    ) == [("returning",)]
    bod.close(in_hand)
    given_back(hel, bod)

    done = {missed[0], on_the_line[0], on_the_line[1], new[1]}
    everybody = {*missed, *on_the_line, *new}
    assert {x for x in bod.spoken_with() if x in everybody} == done
    assert [x for x in hel.to_ring() if x in everybody] == sorted(everybody - done)
    assert not set(bod.to_ring()) & everybody
    # And what HEL has again, HEL's own people can take, each once.
    for number in sorted({*missed, new[0]} - done):
        hel.ring_back(number)
    for number in {on_the_line[2]}:
        hel.close(hel.answer(number))
    spoken = [x for site in sites for x in site.spoken_with() if x in everybody]
    assert sorted(spoken) == sorted(everybody)
    [[mine], [theirs]] = [
        site.rows(
            "SELECT report FROM records_helptakeover WHERE side = %s"
            " ORDER BY id DESC LIMIT 1",
            side,
        )[0]
        for site, side in ((bod, "helper"), (hel, "owner"))
    ]
    assert (mine["items"], mine["handled"], mine["open"]) == (9, 4, 5)
    assert (mine["lost"], mine["doubled"], theirs["lost"]) == (0, 0, 0)
    assert bod.rows("SELECT count(*) FROM records_helpitem") == [(0,)]
