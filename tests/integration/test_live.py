"""Open screens follow what happens, and see nothing that is not theirs."""

import asyncio
import json
import time
from contextlib import asynccontextmanager

import pytest
from django.contrib.auth import logout
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from tests import make
from varde.apps.records import lock
from varde.apps.records.live import CHANNEL, Topic, announce
from varde.apps.records.models import Patient, RoleGrant, WorkSession
from varde.config import door
from varde.web import live, streams
from varde.web.hub import KEPT_NEWS, Hub


pytestmark = pytest.mark.django_db(transaction=True)


class Screen:
    """A browser's end of one stream."""

    def __init__(self):
        self.status = None
        self.sent = asyncio.Queue()
        self.left = asyncio.Event()
        self.stuck = False
        self.ended = False
        self.asked = False
        self.task = None

    async def receive(self):
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if self.stuck:
            await asyncio.sleep(3600)
        for event in message["body"].decode().split("\n\n"):
            if event and self.status == 200:
                self.sent.put_nowait(_parsed(event))
        if not message["more_body"]:
            self.ended = True

    async def next(self, kind=None, *, within=5.0):
        """The next event, or the next of a kind."""
        async with asyncio.timeout(within):
            while True:
                event = await self.sent.get()
                if kind is None or event["event"] == kind:
                    return event

    async def quiet(self, seconds=0.3):
        """All events of a time in which few or none should come."""
        await asyncio.sleep(seconds)
        events = []
        while not self.sent.empty():
            events.append(self.sent.get_nowait())
        return events

    async def leave(self):
        self.left.set()
        await self.task


def _parsed(text):
    fields = dict(line.split(": ", 1) for line in text.split("\n"))
    if "data" in fields:
        fields["data"] = json.loads(fields["data"])
    return fields


@asynccontextmanager
async def running_hub():
    hub = Hub(
        connect=door.database, channel=CHANNEL, within=door.within, clock=timezone.now
    )
    hub.start()
    async with asyncio.timeout(5):
        await hub.wait_until_listening()
    try:
        yield hub
    finally:
        await hub.stop()
        # What a story asks of the database, it asks on a connection of its own.
        connections.close_all()


async def opened(hub, client, sentral, *, parts="queue", last="", host=b"localhost"):
    """A screen of the person logged in with this test client."""
    cookies = "; ".join(f"{k}={m.value}" for k, m in client.cookies.items())
    screen = Screen()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live/",
        "query_string": f"sentral={sentral.pk}&parts={parts}".encode(),
        "headers": [
            (b"host", host),
            (b"cookie", cookies.encode()),
            (b"last-event-id", last.encode()),
        ],
    }
    app = streams.application(hub, door.viewer)
    screen.task = asyncio.create_task(app(scope, screen.receive, screen.send))
    async with asyncio.timeout(5):
        while screen.status is None and not screen.task.done():
            await asyncio.sleep(0.005)
    return screen


def logged_in(user):
    client = Client()
    client.force_login(user)
    return client


def lock_desk(client):
    session = WorkSession.objects.get(pk=client.session[lock.SESSION_KEY])
    lock.lock(session=session, at=timezone.now(), why="key")


def tell_of_session(user_id):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"u": user_id})]
        )


@pytest.fixture
def sentral():
    return make.sentral()


@pytest.fixture
def kari(sentral):
    return logged_in(make.operator("kari", at=sentral))


@pytest.fixture
def drawn():
    """A part «queue» that shows the patients it sees; gives the scopes it was drawn in."""
    scopes = []

    def draw(scope):
        scopes.append(scope)
        numbers = Patient.objects.order_by("pk").values_list("family_name", flat=True)
        return " ".join(numbers) or "ingen"

    before = live.part("queue")
    live.register_part("queue", [Topic.QUEUE], draw)
    yield scopes
    live.forget_part("queue")
    if before is not None:
        live.register_part("queue", before.topics, before.draw, roles=before.roles)


def test_a_screen_gets_its_part_and_then_what_changes(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            assert (await screen.next())["event"] == "hello"
            first = await screen.next("part")
            assert first["data"] == {"part": "queue", "html": "ingen", "seq": 1}
            make.patient(family_name="Vik")
            announce(Topic.QUEUE, sentral_id=sentral.pk)
            second = await screen.next("part")
            assert second["data"]["html"] == "Vik"
            assert second["data"]["seq"] > first["data"]["seq"]
            await screen.leave()
            assert hub.streams == set()
            assert hub.boards == {}

    asyncio.run(story())


def test_the_change_is_on_the_screen_within_a_quarter_of_a_second(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            make.patient(family_name="Vik")
            began = time.perf_counter()
            announce(Topic.QUEUE, sentral_id=sentral.pk)
            await screen.next("part")
            return time.perf_counter() - began

    assert asyncio.run(story()) < 0.25


@pytest.mark.parametrize(
    "who", ["nobody", "no role", "other sentral", "locked", "logged out", "role ended"]
)
def test_who_has_no_business_there_is_told_that_nothing_is_there(
    who, sentral, kari, drawn
):
    other = make.sentral("BOD", of=make.district("ytre", "Ytre distrikt"))
    client = {
        "nobody": Client,
        "no role": lambda: logged_in(make.user("per")),
        "other sentral": lambda: logged_in(make.operator("ola", at=other)),
    }.get(who, lambda: kari)()
    if who == "locked":
        lock_desk(kari)
    if who == "logged out":
        cookies = kari.cookies.copy()
        kari.logout()
        kari.cookies = cookies
    if who == "role ended":
        RoleGrant.objects.update(valid_to=timezone.localdate())

    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, client, sentral)
            await screen.task
            assert hub.streams == set()
            return screen.status

    assert asyncio.run(story()) == 404
    assert drawn == []


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (b"sentral=1&parts=queue", 404),
        (b"sentral=x&parts=queue", 400),
        (b"sentral=-1&parts=queue", 400),
        (b"sentral=" + b"9" * 30, 400),
        (b"sentral=%D9%A1", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(query, status, db):
    async def story():
        async with running_hub() as hub:
            screen = Screen()
            scope = {
                "type": "http",
                "method": "GET",
                "path": "/live/",
                "query_string": query,
                "headers": [(b"host", b"localhost")],
            }
            app = streams.application(hub, door.viewer)
            await app(scope, screen.receive, screen.send)
            return screen.status

    assert asyncio.run(story()) == status


def test_a_foreign_host_name_is_refused(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral, host=b"evil.example")
            await screen.task
            return screen.status

    assert asyncio.run(story()) == 404


def test_a_part_is_drawn_once_for_all_who_see_the_same(sentral, drawn):
    clients = [logged_in(make.operator(f"operator{n}", at=sentral)) for n in range(12)]

    async def story():
        async with running_hub() as hub:
            screens = [await opened(hub, client, sentral) for client in clients]
            for screen in screens:
                await screen.next("part")
            assert len(drawn) == 1
            make.patient(family_name="Vik")
            announce(Topic.QUEUE, sentral_id=sentral.pk)
            for screen in screens:
                assert (await screen.next("part"))["data"]["html"] == "Vik"
            assert len(drawn) == 2
            for screen in screens:
                await screen.leave()

    asyncio.run(story())


def test_two_who_see_different_districts_get_different_drawings(sentral, drawn):
    outer = make.district("ytre", "Ytre distrikt")
    make.patient(family_name="Indre")
    make.patient(family_name="Ytre", of=outer)
    sentral.serves.create(district=outer, valid_from=make.LONG_AGO)
    operator = logged_in(make.operator("kari", at=sentral))
    station = make.station("fjord", of=outer)
    doctor = logged_in(make.user("lege", roles=["doctor"], at=station))

    async def story():
        async with running_hub() as hub:
            sees_all = await opened(hub, operator, sentral)
            sees_one = await opened(hub, doctor, sentral)
            assert (await sees_all.next("part"))["data"]["html"] == "Indre Ytre"
            assert (await sees_one.next("part"))["data"]["html"] == "Ytre"
            await sees_all.leave()
            await sees_one.leave()

    asyncio.run(story())
    assert {frozenset(s.roles) for s in drawn} == {
        frozenset({"operator"}),
        frozenset({"doctor"}),
    }


def test_a_part_for_one_role_is_not_drawn_for_another(sentral, kari):
    live.register_part(
        "leader", [Topic.QUEUE], lambda _: "tall", roles=["shift_leader"]
    )
    leader = logged_in(make.user("leder", roles=["shift_leader"], at=sentral))

    async def story():
        async with running_hub() as hub:
            hers = await opened(hub, kari, sentral, parts="leader")
            his = await opened(hub, leader, sentral, parts="leader")
            assert (await his.next("part"))["data"]["html"] == "tall"
            assert [e["event"] for e in await hers.quiet()] == ["hello"]
            await hers.leave()
            await his.leave()

    try:
        asyncio.run(story())
    finally:
        live.forget_part("leader")


def test_news_that_comes_together_is_drawn_together(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            for number in range(40):
                make.patient(family_name=f"P{number}")
                announce(Topic.QUEUE, sentral_id=sentral.pk)
            while "P39" not in (await screen.next("part"))["data"]["html"]:
                pass
            await screen.leave()

    asyncio.run(story())
    assert len(drawn) < 20


def test_what_is_rolled_back_was_never_told(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            with transaction.atomic():
                make.patient(family_name="Aldri")
                announce(Topic.QUEUE, sentral_id=sentral.pk, contact_id=7)
                transaction.set_rollback(True)
            assert await screen.quiet() == []
            await screen.leave()

    asyncio.run(story())


def test_the_same_drawing_is_not_sent_twice(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            announce(Topic.QUEUE, sentral_id=sentral.pk)
            assert await screen.quiet() == []
            assert len(drawn) == 2
            await screen.leave()

    asyncio.run(story())


def test_other_topics_and_other_sentraler_draw_nothing(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            announce(Topic.NOTES, sentral_id=sentral.pk)
            announce(Topic.QUEUE, sentral_id=sentral.pk + 1, contact_id=3)
            assert await screen.quiet() == []
            assert len(drawn) == 1
            await screen.leave()

    asyncio.run(story())


def test_a_changed_contact_is_told_by_its_id_alone(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            announce(Topic.NOTES, sentral_id=sentral.pk, contact_id=71)
            assert (await screen.next())["data"] == {"c": 71}
            await screen.leave()

    asyncio.run(story())


def test_a_screen_that_was_away_gets_what_it_missed_and_no_more(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            stays = await opened(hub, kari, sentral)
            screen = await opened(hub, kari, sentral)
            last = (await screen.next("part"))["id"]
            await stays.next("part")
            await screen.leave()
            announce(Topic.NOTES, sentral_id=sentral.pk, contact_id=5)
            await stays.next("contact")
            back = await opened(hub, kari, sentral, last=last)
            missed = [e["event"] for e in await back.quiet()]
            assert missed == ["hello", "contact"]
            await back.leave()
            make.patient(family_name="Vik")
            announce(Topic.QUEUE, sentral_id=sentral.pk)
            await stays.next("part")
            again = await opened(hub, kari, sentral, last=last)
            missed = [e["event"] for e in await again.quiet()]
            assert missed == ["hello", "contact", "part"]
            await again.leave()
            await stays.leave()

    asyncio.run(story())


@pytest.mark.parametrize("last", ["deadbeef.1.1", "", "x", "..", "deadbeef"])
def test_a_screen_from_another_process_gets_everything(last, sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            stays = await opened(hub, kari, sentral)
            await stays.next("part")
            screen = await opened(hub, kari, sentral, last=last)
            kinds = [e["event"] for e in await screen.quiet()]
            assert kinds == ["resync" if last else "hello", "part"]
            await screen.leave()
            await stays.leave()

    asyncio.run(story())


def test_a_screen_that_was_away_too_long_gets_everything(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            stays = await opened(hub, kari, sentral)
            last = (await stays.next("part"))["id"]
            for number in range(KEPT_NEWS + 1):
                hub.take(json.dumps({"s": sentral.pk, "t": [], "c": number}))
            screen = await opened(hub, kari, sentral, last=last)
            kinds = [e["event"] for e in await screen.quiet()]
            assert kinds == ["resync", "part"]
            await screen.leave()
            await stays.leave()

    asyncio.run(story())


def test_each_event_of_a_stream_is_numbered_without_gaps(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            for number in range(5):
                announce(Topic.NOTES, sentral_id=sentral.pk, contact_id=number)
            events = [await screen.next("contact") for _ in range(5)]
            await screen.leave()
            return [int(event["id"].split(".")[2]) for event in events]

    assert asyncio.run(story()) == [3, 4, 5, 6, 7]


def test_a_slow_screen_gets_the_newest_drawing_only(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            (stream,) = hub.streams
            (board,) = stream.boards
            board._publish("en")
            board._publish("to")
            board._publish("tre")
            events = await screen.quiet()
            await screen.leave()
            return [event["data"]["html"] for event in events]

    assert asyncio.run(story()) == ["tre"]


def test_a_screen_that_takes_nothing_is_cut_off(sentral, kari, drawn, monkeypatch):
    monkeypatch.setattr(streams, "SEND_LIMIT_S", 0.1)

    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            screen.stuck = True
            announce(Topic.QUEUE, sentral_id=sentral.pk, contact_id=1)
            async with asyncio.timeout(5):
                await screen.task
            assert hub.cut_off == 1
            assert hub.streams == set()

    asyncio.run(story())


def test_a_screen_with_too_much_unsent_is_cut_off(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            screen.stuck = True
            for number in range(streams.MOST_TOLD + 1):
                hub.take(json.dumps({"s": sentral.pk, "t": [], "c": number}))
            assert hub.cut_off == 1
            screen.left.set()
            await screen.task

    asyncio.run(story())


@pytest.mark.parametrize(
    "how", ["locked", "ended by the administrator", "log-in gone", "role taken away"]
)
def test_the_stream_of_a_session_that_ended_is_closed_at_once(
    how, sentral, kari, drawn
):
    user = make.operator("kari")

    def end():
        if how == "locked":
            lock_desk(kari)
        elif how == "ended by the administrator":
            lock.end_all(of=user, by=user, at=timezone.now())
        elif how == "log-in gone":
            kari.session.flush()
            tell_of_session(user.pk)
        else:
            RoleGrant.objects.all().delete()
            tell_of_session(user.pk)

    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            end()
            assert (await screen.next())["event"] == "closed"
            async with asyncio.timeout(5):
                await screen.task
            assert screen.ended

    asyncio.run(story())


def test_logging_out_tells_the_streams(sentral, kari, drawn, rf):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            request = rf.get("/")
            request.session = kari.session
            request.user = make.operator("kari")
            logout(request)
            assert (await screen.next())["event"] == "closed"
            await screen.task

    asyncio.run(story())


def test_a_colleague_who_logs_out_does_not_close_my_stream(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            tell_of_session(make.operator("ola").pk)
            tell_of_session(make.operator("kari").pk)
            assert await screen.quiet() == []
            await screen.leave()

    asyncio.run(story())


def test_a_session_is_asked_for_again_from_time_to_time(
    sentral, kari, drawn, monkeypatch
):
    monkeypatch.setattr("varde.web.hub.LOOK_AGAIN_S", 0.0)

    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            kari.session.flush()
            assert (await screen.next())["event"] == "closed"
            await screen.task

    asyncio.run(story())


def test_when_the_database_goes_away_the_screens_are_told_and_catch_up(
    sentral, kari, drawn
):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            last = (await screen.next("part"))["id"]
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
                assert cursor.rowcount == 1
            make.patient(family_name="Vik")  # while nobody listens
            assert (await screen.next())["event"] == "lost"
            assert (await screen.next())["event"] == "resync"
            assert (await screen.next("part"))["data"]["html"] == "Vik"
            back = await opened(hub, kari, sentral, last=last)
            assert (await back.next())["event"] == "resync"
            await back.leave()
            await screen.leave()

    asyncio.run(story())


def test_a_part_that_cannot_be_drawn_is_tried_again_and_tells_no_secrets(
    sentral, kari, drawn, caplog
):
    faults = iter([True, True, False])

    def draw(_):
        if next(faults, False):
            raise RuntimeError("Ola Nordmann 01817012345")
        return "endelig"

    live.register_part("frail", [Topic.QUEUE], draw)

    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral, parts="frail,queue")
            parts = [await screen.next("part"), await screen.next("part")]
            await screen.leave()
            return [event["data"]["part"] for event in parts]

    try:
        assert asyncio.run(story()) == ["queue", "frail"]
    finally:
        live.forget_part("frail")
    assert "RuntimeError" in caplog.text
    assert "Nordmann" not in caplog.text


def test_a_part_may_be_drawn_again_by_the_clock_alone(sentral, kari):
    count = iter(range(99))
    live.register_part("clock", [], lambda _: str(next(count)), every_s=0.5)

    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral, parts="clock")
            htmls = [(await screen.next("part"))["data"]["html"] for _ in range(3)]
            await screen.leave()
            return htmls

    try:
        assert asyncio.run(story()) == ["0", "1", "2"]
    finally:
        live.forget_part("clock")


@pytest.mark.parametrize(
    "payload", ["", "{", "[]", "7", '{"s": 1}', '{"s": "x", "t": []}', '{"u": "x"}']
)
def test_a_notification_that_is_not_ours_is_passed_over(payload, caplog):
    async def story():
        async with running_hub() as hub:
            hub.take(payload)
            assert hub.told == 0

    asyncio.run(story())
    assert "is not ours" in caplog.text


def test_nothing_is_left_of_screens_that_came_and_went(sentral, kari, drawn):
    async def story():
        async with running_hub() as hub:
            for _ in range(60):
                screen = await opened(hub, kari, sentral)
                await screen.next("hello")
                await screen.leave()
            assert hub.streams == set()
            assert hub.boards == {}
            others = asyncio.all_tasks() - {asyncio.current_task()}
            assert len(others) <= 2 + 1  # the two of the hub, and one that is ending

    asyncio.run(story())


def test_before_it_stops_a_process_ends_its_streams_and_opens_no_more(
    sentral, kari, drawn
):
    async def story():
        async with running_hub() as hub:
            screen = await opened(hub, kari, sentral)
            await screen.next("part")
            hub.shut()
            async with asyncio.timeout(2):
                await screen.task
            late = await opened(hub, kari, sentral)
            await late.task
            assert late.status == 503

    asyncio.run(story())


def test_a_notification_holds_nothing_but_ids_and_topics(sentral):
    with connection.cursor() as cursor:
        cursor.execute(f'LISTEN "{CHANNEL}"')
        announce(Topic.QUEUE, Topic.AMK, sentral_id=sentral.pk, contact_id=9)
        lock.tell_streams(4)
        cursor.execute("SELECT 1")
        notices = list(connection.connection.notifies(timeout=0.2))
        cursor.execute(f'UNLISTEN "{CHANNEL}"')
    assert [json.loads(n.payload) for n in notices] == [
        {"s": sentral.pk, "t": ["amk", "queue"], "c": 9},
        {"u": 4},
    ]
