"""Operators at work: each takes a call, judges, decides and closes, over and over.

They talk to the web process as the browser does, each with a session of its own, through
a few connections that are used again. The exchange rings, and says when a call is
answered and over.
"""

import asyncio
import itertools
import json
import random
import re
import secrets
import string
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import psycopg

from benchmarks.installation import Installation, percentile
from varde.engines.telephony import signature


COMPLAINT = "hoste"
CONTACT_S = (120.0, 480.0)  # from ring to closed
STEPS_OF_OPERATOR = 13  # requests of one contact
STEPS = STEPS_OF_OPERATOR + 3  # with the events of its call: rings, answered, ended
BEAT_S = 15.0  # the desk's sign of life, claim.heartbeat_s
WAITING = 12  # calls that ring
LOOK_S = 0.1
TIMEOUT_S = 60.0
SESSION = "sessionid"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of an operator, by the name that the figures are given under."""

    kind: str
    method: str
    path: str
    data: dict[str, str | list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Contact:
    """A contact on its way from a call to its end: the requests in their order."""

    call_id: int
    patient: str
    path: str = ""
    page: str = ""  # the last answer
    pushed: str = ""  # the address it gave
    seen: str = "0"  # the contact's last event that the page shows

    def take(self, page: str, headers: Mapping[str, str]) -> None:
        """Keep what an answer showed."""
        self.page = page
        self.pushed = headers.get("HX-Push-Url", "")
        found = re.search(r'data-seen="(\d+)"', page)
        if found is not None:
            self.seen = found[1]

    def headers(self, ask: Ask) -> dict[str, str]:
        """What the page sends along: that it is htmx, and what it has seen."""
        if ask.kind == "open the desk":
            return {}
        return {"HX-Request": "true", "X-Seen": self.seen}

    def asks(self) -> Iterator[Ask]:
        """The next request, each time after `page` and `pushed` hold the last answer."""
        yield Ask("open the desk", "GET", "/sentral/")
        yield Ask("answer a call", "POST", f"/sentral/anrop/{self.call_id}/svar/")
        if not self.pushed:
            raise Unexpected("answer a call", self.page)
        self.path = self.pushed
        yield self._post("save a field", "felt/", narrative="Har hostet i tre dager.")
        yield self._post("search a patient", "pasient/sok/", q=self.patient)
        patient = self._found(r'"patient": "(\d+)"', "search a patient")
        yield self._post("choose the patient", "pasient/", patient=patient)
        yield self._post("search a complaint", "indeks/sok/", q=COMPLAINT)
        address = self._found(r'hx-get="([^"]+/indeks/[^"]+)"', "search a complaint")
        yield Ask("show a complaint", "GET", address)
        complaint = self._found(r'name="complaint" value="([^"]+)"', "show a complaint")
        mild = re.findall(r'name="criteria" value="([^"]+)"', self.page)[-1]
        yield self._post(
            "set the hastegrad",
            "hastegrad/",
            complaint=complaint,
            criteria=mild,
            red_flags_ruled_out="yes",
        )
        yield self._post("decide", "tiltak/", kind="advice", confirmed="yes")
        yield self._post("search a reason", "arsak/sok/", q=COMPLAINT)
        code = self._found(r'"code": "([^"]+)"', "search a reason")
        yield self._post("set the reason", "arsak/", code=code, deliberate="yes")
        yield self._post("consent", "samtykke/", consent="yes")
        yield self._post("close", "avslutt/")
        if "Avsluttet" not in self.page:
            raise Unexpected("close", self.page)

    def _post(self, name: str, path: str, /, **data: str) -> Ask:
        return Ask(name, "POST", self.path + path, dict(data))

    def _found(self, pattern: str, kind: str) -> str:
        found = re.search(pattern, self.page.replace("&quot;", '"'))
        if found is None:
            raise Unexpected(kind, self.page)
        return found[1]


class Unexpected(Exception):
    """An answer was not what the operator needs to go on. Holds no patient's name."""

    def __init__(self, kind: str, page: str) -> None:
        alerts = re.findall(r'role="alert"[^>]*>([^<]*)', page)
        said = "; ".join(alerts) or f"{len(page)} characters without a message"
        super().__init__(f"after {kind!r}: {said}")
        self.kind = kind


@dataclass(slots=True)
class Operator:
    """One session, its token, and how far its contact has come."""

    session: str
    token: str
    call: str = ""  # by the exchange's name
    contact: Contact | None = None
    left: Iterator[Ask] | None = None


@dataclass(slots=True, kw_only=True)
class Measured:
    """What a stretch of work gave: milliseconds of each kind, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def add(self, kind: str, ms: float) -> None:
        """One request."""
        self.times.setdefault(kind, []).append(ms)

    @property
    def count(self) -> int:
        """All requests."""
        return sum(len(times) for times in self.times.values())


class Shift:
    """All operators of an installation, and the exchange that rings."""

    def __init__(self, there: Installation, *, seed: int) -> None:
        self.there = there
        self.random = random.Random(seed)
        self.operators = [Operator(session, _token()) for session in there.sessions]
        self.patients = itertools.cycle(
            self.random.sample(there.patients, len(there.patients))
        )
        self.name = secrets.token_hex(4)
        self.serial = itertools.count(1)
        self.waiting: deque[tuple[str, int]] = deque()
        self.http = httpx.AsyncClient(
            base_url=there.address,
            timeout=TIMEOUT_S,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=100),
            verify=False,
            trust_env=False,
        )
        self.measured = Measured()

    def asked_a_second(self, pace: float) -> float:
        """How many requests a second the work is, when none has to wait."""
        each = pace * STEPS / (sum(CONTACT_S) / 2) + 1 / BEAT_S
        return len(self.operators) * each

    async def close(self) -> None:
        """Let the connections go."""
        await self.http.aclose()

    async def scatter(self, *, seconds: float, at_once: int = 4) -> int:
        """Bring operators to a random point of a contact, as fast as it goes.

        Also warms the server. Returns how many were brought there in the time.
        """
        until = time.monotonic() + seconds
        rest = iter(self.random.sample(self.operators, len(self.operators)))
        done = 0

        async def one_after_another() -> None:
            nonlocal done
            for operator in rest:
                for _ in range(self.random.randrange(STEPS_OF_OPERATOR)):
                    if time.monotonic() > until:
                        return
                    await self.step(operator)
                done += 1

        await self._while_ringing(
            [one_after_another() for _ in range(at_once)], until=until
        )
        return done

    async def work(self, *, seconds: float, pace: float) -> Measured:
        """Everybody works with time to think; `pace` 2 is twice as fast as in life."""
        self.measured = Measured()
        began = time.monotonic()
        until = began + seconds

        async def at_work(operator: Operator) -> None:
            while True:
                contact_s = self.random.uniform(*CONTACT_S)
                think = (
                    contact_s / STEPS_OF_OPERATOR / pace * self.random.uniform(0.2, 1.8)
                )
                if not await _slept(think, until=until):
                    return
                await self.step(operator)

        async def beats(operator: Operator) -> None:
            if not await _slept(self.random.uniform(0, BEAT_S), until=until):
                return
            while True:
                await self._send(
                    operator, Ask("sign of life", "POST", "/sentral/livstegn/")
                )
                if not await _slept(BEAT_S, until=until):
                    return

        await self._while_ringing(
            [f(operator) for operator in self.operators for f in (at_work, beats)],
            until=until,
        )
        self.measured.seconds = time.monotonic() - began
        return self.measured

    async def hurry(self, *, seconds: float, requests: int, at_once: int) -> Measured:
        """So many requests without a pause, or as many as there is time for."""
        self.measured = Measured()
        began = time.monotonic()
        until = began + seconds
        rest = itertools.cycle(self.operators)
        free = asyncio.Lock()

        async def one_after_another() -> None:
            while time.monotonic() < until and self.measured.count < requests:
                async with free:
                    operator = next(rest)
                await self.step(operator)
                await self._send(
                    operator, Ask("sign of life", "POST", "/sentral/livstegn/")
                )

        await self._while_ringing(
            [one_after_another() for _ in range(at_once)], until=until
        )
        self.measured.seconds = time.monotonic() - began
        return self.measured

    async def step(self, operator: Operator) -> None:
        """The operator's next request; a new call when the last contact is closed."""
        try:
            if operator.left is None or operator.contact is None:
                await self._pick_up(operator)
            ask = next(operator.left)
        except StopIteration:
            await self._tell(operator.call, "ended")
            operator.left = None
            return
        except Unexpected as fault:
            self.measured.faults[str(fault)] += 1
            operator.left = None
            return
        contact = operator.contact
        answer = await self._send(operator, ask)
        if answer is None:
            operator.left = None
            return
        contact.take(answer.text, answer.headers)
        if ask.kind == "answer a call" and contact.pushed:
            await self._tell(operator.call, "answered")

    async def _pick_up(self, operator: Operator) -> None:
        while not self.waiting:
            await asyncio.sleep(LOOK_S)
        operator.call, call_id = self.waiting.popleft()
        operator.contact = Contact(call_id, next(self.patients))
        operator.left = operator.contact.asks()

    async def _send(self, operator: Operator, ask: Ask) -> httpx.Response | None:
        headers = {
            "Cookie": f"{SESSION}={operator.session}; csrftoken={operator.token}",
            "X-CSRFToken": operator.token,
        } | (operator.contact.headers(ask) if operator.contact else {})
        began = time.perf_counter()
        try:
            answer = await self.http.request(
                ask.method, ask.path, data=ask.data or None, headers=headers
            )
        except httpx.HTTPError as fault:
            self.measured.faults[f"{ask.kind}: {type(fault).__name__}"] += 1
            return None
        self.measured.add(ask.kind, 1000 * (time.perf_counter() - began))
        if answer.status_code >= 300 or "X-Problem" in answer.headers:
            self.measured.faults[f"{ask.kind}: {answer.status_code}"] += 1
            return None
        return answer

    # ------------------------------------------------------------- the exchange

    async def _while_ringing(self, tasks: list, *, until: float) -> None:
        ringing = asyncio.create_task(self._ring())
        work = [asyncio.create_task(task) for task in tasks]
        # Nobody waits for long after the end, whatever hangs.
        limit = max(0.0, until - time.monotonic()) + TIMEOUT_S
        done, late = await asyncio.wait(work, timeout=limit)
        for task in [ringing, *late]:
            task.cancel()
        await asyncio.gather(ringing, *late, return_exceptions=True)
        for task in done:
            task.result()
        if late:
            self.measured.faults["did not end in time"] += len(late)

    async def _ring(self) -> None:
        """Keep some calls ringing. Their numbers are asked of the database itself."""
        async with await psycopg.AsyncConnection.connect(
            self.there.owner_url, autocommit=True
        ) as database:
            while True:
                if len(self.waiting) >= WAITING:
                    await asyncio.sleep(LOOK_S)
                    continue
                name = f"{self.name}-{next(self.serial)}"
                await self._tell(name, "ringing")
                found = await database.execute(
                    "SELECT id FROM records_call WHERE external_id = %s", [name]
                )
                row = await found.fetchone()
                if row is not None:
                    self.waiting.append((name, row[0]))

    async def _tell(self, call: str, kind: str) -> None:
        event = {
            "event_id": f"{call}:{kind}",
            "sentral": self.there.sentral,
            "call_id": call,
            "kind": kind,
            "occurred_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        if kind == "ringing":
            event |= {"line": "116117", "caller_number": "anonymous"}
        body = json.dumps(event).encode()
        signed = signature.sign(
            body, secret=self.there.telephony_secret, t=int(time.time())
        )
        began = time.perf_counter()
        try:
            answer = await self.http.post(
                "/api/telephony/events",
                content=body,
                headers={
                    "Content-Type": "application/json",
                    signature.HEADER: signed,
                },
            )
        except httpx.HTTPError as fault:
            self.measured.faults[f"telephone event: {type(fault).__name__}"] += 1
            return
        self.measured.add("telephone event", 1000 * (time.perf_counter() - began))
        if answer.status_code != 202:
            self.measured.faults[f"telephone event: {answer.status_code}"] += 1


def table(measured: Measured) -> str:
    """p50, p95 and p99 of each kind and of all together, in milliseconds."""
    lines = [f"{'request':<22}{'n':>6}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"]
    everything = [ms for times in measured.times.values() for ms in times]
    for kind, times in [*measured.times.items(), ("all", everything)]:
        if times:
            shown = "".join(f"{percentile(times, p):>9.1f}" for p in (0.5, 0.95, 0.99))
            lines.append(f"{kind:<22}{len(times):>6}{shown}")
    lines += [f"FAULT {n} × {text}" for text, n in measured.faults.most_common(8)]
    return "\n".join(lines)


async def _slept(seconds: float, *, until: float) -> bool:
    """Wait, but not beyond the end. False when the end has come."""
    left = until - time.monotonic()
    if seconds >= left:
        await asyncio.sleep(max(0.0, left))
        return False
    await asyncio.sleep(seconds)
    return True


def _token() -> str:
    """A cross-site token as Django makes it: the same in cookie and header will do."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(32))
