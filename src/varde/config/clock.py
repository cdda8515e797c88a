"""What must happen because time passes, each second, for each sentral.

Several machines may run this; an advisory lock in the database lets one of them do it.
Each duty is a transaction of its own in the scope of its sentral: a fault in one neither
undoes nor delays another.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.module_loading import import_string

from varde.apps.records.models import Sentral
from varde.apps.records.scope import districts_served, scoped
from varde.config import door


log = logging.getLogger("varde.clock")

LOCK_KEY = 0x7661726465  # "varde"
TICK_S = 1.0
DUTIES = (
    "varde.apps.sentral.services.calls.sweep",
    "varde.apps.sentral.services.amk.alarm_due",
    "varde.apps.sentral.services.callbacks.escalate_due",
    "varde.apps.sentral.services.alarms.alarm_due",
    "varde.apps.station.services.conflicts.detect_due",
    "varde.apps.station.services.missions.alarm_due",
)


class Clock:
    """Ticks in a thread until it is stopped, on one machine at a time."""

    def __init__(self, *, now: Callable[[], datetime] = timezone.now) -> None:
        self._now = now
        self._stopping = threading.Event()
        self._lock: psycopg.Connection[Any] | None = None
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Begin to tick."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the tick at hand and give the lock away."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._has_lock():
                    tick(at=self._now())
            except (DatabaseError, psycopg.Error, OSError) as fault:
                log.warning("a tick was missed: %s", type(fault).__name__)
                self._let_go()
            finally:
                connections.close_all()
            self._stopping.wait(TICK_S)
        self._let_go()

    def _has_lock(self) -> bool:
        """Whether this process is the one that ticks. The lock dies with its connection."""
        if self._lock is not None:
            self._lock.execute("SELECT 1")
            return True
        mine = psycopg.connect(**door.database(), autocommit=True, connect_timeout=5)
        row = mine.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY]).fetchone()
        if row is not None and row[0]:
            self._lock = mine
            return True
        mine.close()
        return False

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def tick(*, at: datetime) -> None:
    """Do every duty for every sentral. One that fails is logged and the rest are done."""
    today = timezone.localdate(at)
    for sentral in Sentral.objects.order_by("pk"):
        districts = {
            sentral.host_district_id,
            *districts_served([sentral.pk], on=today),
        }
        for name in DUTIES:
            _do(name, districts=districts, at=at)


def _do(name: str, *, districts: set[int], at: datetime) -> None:
    duty = import_string(name)
    try:
        with scoped(districts=districts):
            duty(at=at)
    except psycopg.OperationalError:
        raise
    except Exception as fault:
        # Its text may hold what it was about; its kind and place are enough to find it.
        log.error("%s failed: %s", name, type(fault).__name__)
