"""Telling the open screens that something changed.

What is sent through the database holds ids and topic names only, never a name, a number
or free text. It leaves with the commit: what is rolled back was never told.
"""

import json
from enum import StrEnum

from django.db import connection


CHANNEL = "varde"


class Topic(StrEnum):
    """What a part of a screen can be about."""

    QUEUE = "queue"  # calls that ring, calls in hand
    CALLBACKS = "callbacks"
    AMK = "amk"
    CONTACTS = "contacts"  # who has which contact in hand
    QUESTIONS = "questions"
    APPROVALS = "approvals"
    NOTES = "notes"
    DUTY = "duty"
    NUMBERS = "numbers"
    INDEX = "index"
    BOARD = "board"  # patients at a station: who waits, who is with whom
    ORDERS = "orders"  # tests and tasks of a patient at a station
    BEDS = "beds"
    MISSIONS = "missions"  # call-outs and home visits
    ROTA = "rota"  # who has which duty, and the runs that propose it
    FORECAST = "forecast"  # what is expected of a workplace, and how far it is made
    SAFETY = "safety"  # threats and alarms among those at work


def announce(*topics: Topic, sentral_id: int, contact_id: int | None = None) -> None:
    """Tell every screen of a sentral, at commit, which parts to draw again."""
    payload: dict[str, object] = {"s": sentral_id, "t": sorted(topics)}
    if contact_id is not None:
        payload["c"] = contact_id
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, %s)",
            [CHANNEL, json.dumps(payload, separators=(",", ":"))],
        )
