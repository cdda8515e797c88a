"""Opening the desk, a contact and the numbers: much history against hardly any.

Two installations stand beside each other and are asked by turns, so that what else the
machine does meets both alike.

Run alone: python -m benchmarks.history --contacts 1000000
"""

import argparse
import itertools
import time
from contextlib import ExitStack
from datetime import date, timedelta

import httpx
import psycopg

from benchmarks.installation import (
    Installation,
    load_average,
    percentile,
    running,
    scale_for,
)
from benchmarks.work import SESSION


YEARS = 5
CONTACTS = 200_000  # a million takes five times as long to build: --contacts 1000000
HARDLY_ANY = 0.01  # the demo's scale for the other one
ROUNDS = 40
WARM_UP = 5
TARGET_RATIO = 1.5  # of the desk
TARGET_P95_MS = 150.0

type Pages = dict[str, str]  # what is opened, its address


def main() -> None:
    """Build both, ask both, print both."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.history")
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--years", type=int, default=YEARS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    scale = scale_for(asked.contacts, years=asked.years)
    with ExitStack() as stack:
        little = stack.enter_context(
            running("little", years=1, scale=HARDLY_ANY, operators=1)
        )
        much = stack.enter_context(
            running(
                f"much-{asked.contacts}", years=asked.years, scale=scale, operators=1
            )
        )
        _print(little, much, rounds=asked.rounds)


def _print(little: Installation, much: Installation, *, rounds: int) -> None:
    times = _times((little, much), rounds=rounds)
    print(
        f"{little.contacts} contacts of history against {much.contacts}, "
        f"{rounds} rounds, load {load_average()}"
    )
    print(
        f"{'page':<22}{'p50 ms':>9}{'p95 ms':>9}   {'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}"
    )
    for page, (few, many) in times.items():
        a, b = percentile(few, 0.5), percentile(many, 0.5)
        print(
            f"{page:<22}{a:>9.1f}{percentile(few, 0.95):>9.1f}   "
            f"{b:>9.1f}{percentile(many, 0.95):>9.1f}{b / a:>8.2f}"
        )
    print(
        f"target: the desk at most {TARGET_RATIO} ×, and p95 under {TARGET_P95_MS:.0f} ms"
    )


def _times(
    both: tuple[Installation, Installation], *, rounds: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds of each page, of one installation and the other."""
    with ExitStack() as stack:
        clients = [stack.enter_context(_client(there)) for there in both]
        pages = [
            _pages(there, client) for there, client in zip(both, clients, strict=True)
        ]
        times: dict[str, tuple[list[float], list[float]]] = {
            page: ([], []) for page in pages[0]
        }
        for turn, page in itertools.product(range(-WARM_UP, rounds), pages[0]):
            for place, client in enumerate(clients):
                began = time.perf_counter()
                answer = client.get(pages[place][page])
                ms = 1000 * (time.perf_counter() - began)
                if answer.status_code != 200:
                    raise RuntimeError(f"{page} was answered with {answer.status_code}")
                if turn >= 0:
                    times[page][place].append(ms)
    return times


def _pages(there: Installation, client: httpx.Client) -> Pages:
    """The desk, one contact in hand, and the numbers of a month that is over."""
    opened = client.post("/sentral/kontakt/ny/", headers={"HX-Request": "true"})
    contact = opened.headers["HX-Push-Url"]
    _choose_patient(there, client, contact)
    first = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    until = date.today().replace(day=1)
    return {
        "the desk": "/sentral/",
        "a contact": contact,
        "numbers of a day": "/sentral/tall/",
        "numbers of a month": f"/sentral/tall/?fra={first}&til={until - timedelta(days=1)}",
    }


def _choose_patient(there: Installation, client: httpx.Client, contact: str) -> None:
    """The person with most contacts: whose earlier ones are the longest list."""
    with psycopg.connect(there.owner_url) as database:
        row = database.execute(
            "SELECT c.patient_id FROM records_contact c JOIN records_sentral s"
            " ON s.id = c.sentral_id AND s.host_district_id = c.district_id"
            " WHERE s.code = %s AND c.patient_id IS NOT NULL"
            " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            [there.sentral],
        ).fetchone()
    client.post(f"{contact}pasient/", data={"patient": str(row[0])})


def _client(there: Installation) -> httpx.Client:
    token = "x" * 32
    return httpx.Client(
        base_url=there.address,
        timeout=60.0,
        trust_env=False,
        headers={
            "Cookie": f"{SESSION}={there.sessions[0]}; csrftoken={token}",
            "X-CSRFToken": token,
        },
    )


if __name__ == "__main__":
    main()
