"""The colleagues work without end: a look at the house, what is due, a pause."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import psycopg
from django.db import DatabaseError, connections

from varde.apps.records.models import District
from varde.apps.records.scope import scoped
from varde.config.colleagues import desk, station
from varde.config.colleagues.house import House, look


PAUSE_S = 3.0
Say = Callable[[str], None]


def play(
    *,
    sentral: str,
    pace: float,
    seed: int,
    mail: Path,
    now: Callable[[], datetime],
    say: Say,
) -> None:
    """Work until stopped. `mail` is the folder in which messages to fastleger are put."""
    while True:
        try:
            once(sentral=sentral, pace=pace, seed=seed, mail=mail, now=now, say=say)
        except (DatabaseError, psycopg.Error, OSError):
            pass  # away for a moment; the next look finds it again
        finally:
            connections.close_all()
        time.sleep(PAUSE_S)


def once(
    *,
    sentral: str,
    pace: float,
    seed: int,
    mail: Path,
    now: Callable[[], datetime],
    say: Say,
) -> None:
    """One round: the desk, each station, and the surgeries that answer."""
    districts = list(District.objects.values_list("pk", flat=True))
    with scoped(districts=districts):
        house = look(sentral_code=sentral, pace=pace, seed=seed, now=now())
    rounds: list[Callable[[House], Iterator[str]]] = [desk.work]
    rounds += [
        lambda at, place=place: station.work(at, place)  # type: ignore[misc]
        for place in house.places
    ]
    for work in rounds:
        _round(work, house, districts=districts, say=say)
    answer_mail(mail)


def _round(
    work: Callable[[House], Iterator[str]],
    house: House,
    *,
    districts: list[int],
    say: Say,
) -> None:
    """A round in the scope of all districts, told when it is done."""
    with scoped(districts=districts):
        told = list(work(house))
    for sentence in told:
        say(sentence)


def answer_mail(mail: Path) -> int:
    """The surgeries answer what has come: a receipt for each message. Returns how many."""
    out, back = mail / "utboks", mail / "innboks"
    count = 0
    for file in sorted((out / "fastlege").glob("*.txt")):
        receipt = back / "fastlege" / f"{file.stem}.json"
        seen = back / "fastlege" / "behandlet" / receipt.name
        if receipt.exists() or seen.exists():
            continue
        receipt.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        receipt.write_text(json.dumps({"received": True}), "utf-8")
        count += 1
    return count
