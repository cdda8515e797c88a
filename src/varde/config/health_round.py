"""A doctor's round of an installation: what is well, what to look at, what is wrong.

Each question is asked by itself, so that one that cannot be answered does not hide the
others. No finding holds anything about a patient.
"""

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from importlib.metadata import version
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from varde.apps.records import settings as dated
from varde.apps.records import snapshot_folder
from varde.apps.records.models import DatedSetting, District, IndexVersion, Sentral
from varde.apps.records.protection import WEB_ROLE, scoped_tables
from varde.apps.records.snapshot_folder import SnapshotFolder
from varde.config import starting
from varde.config.clock import LOCK_KEY
from varde.domain.errors import VardeError
from varde.engines.triage.index import ApprovalStatus
from varde.engines.triage.loading import load


OLDEST_POSTGRES = 15
MOST_CLOCK_S = 2.0  # between this machine and the database
LEAST_DISK_SHARE = 0.10
LEAST_DISK_BYTES = 2 * 10**9
MOST_CONNECTIONS_SHARE = 0.8
SILENT_WORKER = timedelta(seconds=60)
OLD_SNAPSHOT = timedelta(minutes=3)  # one is made each minute


class State(StrEnum):
    """How it is with one thing."""

    WELL = auto()
    LOOK = auto()  # works, but somebody should look at it
    WRONG = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing, in words with the cure."""

    what: str
    state: State
    words: str


def examine() -> Iterator[Finding]:
    """Ask every question."""
    for question in QUESTIONS:
        try:
            yield from question()
        except (DatabaseError, psycopg.Error) as fault:
            yield Finding(
                _name(question),
                State.WRONG,
                f"databasen svarte ikke ({type(fault).__name__})",
            )


def _name(question: Callable[[], Iterator[Finding]]) -> str:
    return question.__name__.lstrip("_")


def _secrets() -> Iterator[Finding]:
    file = settings.VARDE_HOME / "secrets.json"
    if not os.access(settings.VARDE_HOME, os.W_OK):
        yield Finding("mappe", State.WRONG, f"{settings.VARDE_HOME} kan ikke skrives i")
        return
    yield Finding("mappe", State.WELL, str(settings.VARDE_HOME))
    if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding(
            "hemmeligheter",
            State.WRONG,
            f"{file} kan leses av andre. Kjør: chmod 600 {file}",
        )
    else:
        yield Finding("hemmeligheter", State.WELL, "bare eieren kan lese dem")
    if settings.DEBUG:
        yield Finding("feilsøking", State.WRONG, "VARDE_DEBUG er på. Ta den bort.")
    if not settings.IS_HTTPS:
        yield Finding(
            "https",
            State.LOOK,
            "VARDE_PUBLIC_ADDRESS er ikke https. Greit på egen maskin, ikke i drift.",
        )
    if not settings.REQUIRE_SECOND_FACTOR:
        yield Finding(
            "annen faktor", State.LOOK, "er slått av. Bare demoen skal ha det slik."
        )


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000,"
            " current_setting('max_connections')::int,"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL)"
        )
        postgres, most, used = cursor.fetchone()
    if postgres < OLDEST_POSTGRES:
        yield Finding(
            "database",
            State.WRONG,
            f"PostgreSQL {postgres}. Varde trenger {OLDEST_POSTGRES} eller nyere.",
        )
    else:
        yield Finding("database", State.WELL, f"PostgreSQL {postgres} svarer")
    state = State.WELL if used < most * MOST_CONNECTIONS_SHARE else State.LOOK
    yield Finding("tilkoblinger", state, f"{used} av {most} i bruk")


def _migrations() -> Iterator[Finding]:
    missing = starting.unapplied_migrations()
    if missing:
        yield Finding(
            "migreringer",
            State.WRONG,
            f"{len(missing)} mangler, først {missing[0]}. Kjør: varde migrate",
        )
    else:
        yield Finding("migreringer", State.WELL, "alle er gjort")


def _row_security() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s",
            [WEB_ROLE],
        )
        row = cursor.fetchone()
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity"
        )
        protected = {name for (name,) in cursor.fetchall()}
    bare = sorted(set(scoped_tables()) - protected)
    if row is None or row[0]:
        why = "finnes ikke" if row is None else "går forbi radsikringen"
        yield Finding(
            "radsikring", State.WRONG, f"rollen {WEB_ROLE} {why}. Kjør: varde migrate"
        )
    elif bare:
        yield Finding(
            "radsikring", State.WRONG, f"{bare[0]} er uten. Kjør: varde migrate"
        )
    else:
        yield Finding("radsikring", State.WELL, f"{len(protected)} tabeller")


def _clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
        after = timezone.now()
    off_s = max(
        (theirs - after).total_seconds(), (before - theirs).total_seconds(), 0.0
    )
    if off_s > MOST_CLOCK_S:
        yield Finding(
            "klokke",
            State.WRONG,
            f"går {off_s:.1f} s feil av databasens. Still klokkene etter samme kilde.",
        )
    else:
        yield Finding("klokke", State.WELL, "går som databasens")


def _disk() -> Iterator[Finding]:
    yield _room("disk", settings.VARDE_HOME)
    if settings.SNAPSHOT_DIR is None:
        return
    if settings.SNAPSHOT_DIR.is_dir():
        yield _room("disk nedetid", settings.SNAPSHOT_DIR)
    else:
        yield Finding(
            "disk nedetid",
            State.WRONG,
            f"{settings.SNAPSHOT_DIR} finnes ikke. Er disken låst opp? "
            "Se VARDE_SNAPSHOT_DIR.",
        )


def _room(what: str, folder: Path) -> Finding:
    disk = shutil.disk_usage(folder)
    gigabytes = disk.free / 1e9
    is_low = disk.free < LEAST_DISK_BYTES or disk.free / disk.total < LEAST_DISK_SHARE
    return Finding(
        what, State.LOOK if is_low else State.WELL, f"{gigabytes:.0f} GB ledig"
    )


def _versions() -> Iterator[Finding]:
    yield Finding(
        "versjoner",
        State.WELL,
        f"Varde {version('varde')}, Python {platform.python_version()}, "
        f"Django {version('django')}, Granian {version('granian')}",
    )


def _dated_settings() -> Iterator[Finding]:
    today = timezone.localdate()
    lacking = []
    for row in dated.starters():
        try:
            dated.value(row["key"], on=today)
        except dated.SettingMissing:
            lacking.append(row["key"])
    if lacking:
        yield Finding(
            "innstillinger",
            State.WRONG,
            f"{len(lacking)} har ingen verdi i dag, først {lacking[0]}. "
            "Kjør: varde settings --load",
        )
        return
    open_ones = DatedSetting.objects.filter(is_verified=False).count()
    yield Finding(
        "innstillinger",
        State.WELL,
        f"alle har verdi og kilde; {open_ones} er lokale valg",
    )


def _indices() -> Iterator[Finding]:
    for district in District.objects.order_by("code"):
        version_in_use = IndexVersion.objects.filter(
            district=district, state=IndexVersion.State.IN_USE
        ).first()
        what = f"indeks {district.code}"
        if version_in_use is None:
            yield Finding(what, State.WRONG, "ingen er tatt i bruk")
            continue
        name = f"{version_in_use.title} {version_in_use.version}"
        try:
            index = load(version_in_use.text, filename=version_in_use.filename)
        except VardeError:
            yield Finding(
                what, State.WRONG, f"{name} kan ikke leses av denne versjonen"
            )
            continue
        if index.approval.status is ApprovalStatus.APPROVED:
            yield Finding(what, State.WELL, f"{name} er i bruk")
        else:
            yield Finding(
                what, State.LOOK, f"{name} er i bruk, men ikke klinisk godkjent"
            )


def _jobs() -> Iterator[Finding]:
    is_alive = _has_worker()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"
        )
        (failed,) = cursor.fetchone()
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND (classid::bigint << 32 | objid::bigint) = %s)",
            [LOCK_KEY],
        )
        (has_clock,) = cursor.fetchone()
    if is_alive and has_clock:
        yield Finding("jobber", State.WELL, "arbeider, og klokka går")
    else:
        yield Finding(
            "jobber",
            State.LOOK,
            "ingen arbeider. Greit når Varde er stanset; ellers: varde serve",
        )
    if failed:
        yield Finding("feilede jobber", State.LOOK, f"{failed} må sees på")


def _has_worker() -> bool:
    """Whether somebody does the jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_heartbeat) FROM procrastinate_workers")
        (beat,) = cursor.fetchone()
    return beat is not None and timezone.now() - beat < SILENT_WORKER


def _snapshots() -> Iterator[Finding]:
    """The pages for when the server is gone: new enough, and for their owner only."""
    is_at_work = _has_worker()
    for code in Sentral.objects.order_by("code").values_list("code", flat=True):
        what, folder = f"nedetid {code}", snapshot_folder.folder_of(code)
        try:
            state, words = _snapshot(folder, is_at_work=is_at_work)
        except OSError as fault:
            state = State.WRONG
            words = f"{folder.path} kan ikke leses ({fault.strerror})"
        yield Finding(what, state, words)


def _snapshot(folder: SnapshotFolder, *, is_at_work: bool) -> tuple[State, str]:
    if _is_open_to_others(folder.path) or _is_open_to_others(folder.newest):
        return (
            State.WRONG,
            f"{folder.path} kan leses av andre. Kjør: chmod -R go-rwx {folder.path}",
        )
    taken_at = folder.newest_at()
    if taken_at is not None and timezone.now() - taken_at <= OLD_SNAPSHOT:
        return State.WELL, f"siste side ligger i {folder.newest}"
    told = (
        "ingen side er laget"
        if taken_at is None
        else f"siste side er fra {timezone.localtime(taken_at):%d.%m.%Y %H:%M}"
    )
    if not is_at_work:
        return State.WELL, f"{told}; jobbene går ikke"
    return State.LOOK, f"{told}. Se etter varde.downtime i loggen, og på disken."


def _is_open_to_others(path: Path) -> bool:
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


QUESTIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _versions,
    _secrets,
    _disk,
    _database,
    _migrations,
    _row_security,
    _clock,
    _dated_settings,
    _indices,
    _jobs,
    _snapshots,
)
