"""A copy of the whole database in one file, and putting it back.

The file is a zip: one member a table, as COPY writes it, and a manifest with versions,
migrations, rows and hashes, signed with this installation's key. Everything is read as it
stood at one moment, while the service goes on.

The secrets (secrets.json) are not in it. They open the second factors and the signature:
keep a copy of them elsewhere.
"""

import hashlib
import hmac
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from varde.apps.records import audit, log_check
from varde.apps.records.log_check import Head


FORMAT = 1
MANIFEST = "manifest.json"
SIGNATURE = "manifest.hmac"
CHUNK = 1 << 20
# A migrated database has rows here that nobody wrote; a restore replaces them.
MADE_BY_MIGRATION = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "records_auditchain",
    }
)
# Not the installation's own: who is logged in, and which workers live.
LEFT_OUT = frozenset({"django_migrations", "django_session", "records_worksession"})
SAME_TEXT_EVERYWHERE = (
    "SET LOCAL timezone TO 'UTC'; SET LOCAL datestyle TO 'ISO, YMD';"
    " SET LOCAL intervalstyle TO 'postgres'; SET LOCAL extra_float_digits TO 1;"
    " SET LOCAL bytea_output TO 'hex'; SET LOCAL row_security TO off;"
)

Say = Callable[[str, float], None]


class BackupRefused(Exception):
    """A backup was not made, or not put back. The text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a backup: its columns in order, its rows, the hash of its text."""

    name: str
    columns: list[str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    varde: str
    postgres: str
    made_at: str
    migrations: list[str]
    tables: list[Table]
    heads: list[Head]

    def to_text(self) -> str:
        """As it is written in the file."""
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


# ------------------------------------------------------------------------------ make


def write(
    file: Path, *, at: datetime, say: Say = lambda _text, _share: None
) -> Manifest:
    """Write a backup. The file appears when it is whole, readable by its owner only.

    Raises `BackupRefused` where the file exists already, or the folder does not.
    """
    if file.exists():
        raise BackupRefused(f"{file} exists. Nothing was written. Choose another name.")
    if not file.parent.is_dir():
        raise BackupRefused(f"There is no folder {file.parent}. Nothing was written.")
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(
            os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b"
        ) as out:
            manifest = _write_zip(out, at=at, say=say)
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write_zip(out: BinaryIO, *, at: datetime, say: Say) -> Manifest:
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(SAME_TEXT_EVERYWHERE)
        names = [name for name in _tables(cursor) if name not in LEFT_OUT]
        tables = []
        for number, name in enumerate(names):
            say(name, number / len(names))
            with archive.open(f"{name}.copy", "w", force_zip64=True) as member:
                tables.append(_copy_out(cursor, name, member.write))
        cursor.execute("SELECT chain, seq, encode(hash, 'hex') FROM records_auditchain")
        manifest = Manifest(
            format=FORMAT,
            varde=version("varde"),
            postgres=_postgres(cursor),
            made_at=at.isoformat(timespec="seconds"),
            migrations=sorted(_applied()),
            tables=tables,
            heads=[Head(chain=c, seq=s, hash=h) for c, s, h in cursor.fetchall()],
        )
        text = manifest.to_text()
        archive.writestr(MANIFEST, text)
        archive.writestr(SIGNATURE, _signature(text))
    return manifest


def _copy_out(cursor: Any, name: str, write: Callable[[bytes], object]) -> Table:
    """Read a table in the order of its key, and tell what was read."""
    columns = _columns(cursor, name)
    listed = ", ".join(f'"{column}"' for column in columns)
    key = ", ".join(f'"{column}"' for column in _key(cursor, name)) or listed
    query = f'COPY (SELECT {listed} FROM "{name}" ORDER BY {key}) TO STDOUT'  # noqa: S608
    digest, rows = hashlib.sha256(), 0
    with cursor.copy(query) as stream:
        for block in stream:
            data = bytes(block)
            digest.update(data)
            rows += data.count(b"\n")
            write(data)
    return Table(name=name, columns=columns, rows=rows, sha256=digest.hexdigest())


# ---------------------------------------------------------------------------- restore


def read(file: Path, *, is_foreign: bool = False) -> Manifest:
    """The manifest of a backup whose every byte was checked.

    `is_foreign`: made with another key, so that its signature says nothing here. Raises
    `BackupRefused` for anything that is not a whole backup of this version.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            text = archive.read(MANIFEST).decode()
            signature = archive.read(SIGNATURE).decode()
            manifest = _manifest(json.loads(text))
            _refuse_other_format(manifest, file)
            if not is_foreign and not hmac.compare_digest(signature, _signature(text)):
                raise BackupRefused(
                    f"{file} is not signed with the key of this installation: it was\n"
                    "changed, or made where the secrets were others. Nothing was put "
                    "back.\nPut the secrets.json of that installation in "
                    f"{settings.VARDE_HOME},\nor use --foreign if you know where the file "
                    "comes from (second factors must\nthen be set up again)."
                )
            for table in manifest.tables:
                _refuse_changed(archive, table, file)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as fault:
        raise BackupRefused(
            f"{file} cannot be read as a backup ({type(fault).__name__}). Nothing was "
            "put back."
        ) from fault
    return manifest


def restore(
    file: Path,
    manifest: Manifest,
    *,
    at: datetime,
    say: Say = lambda _text, _share: None,
) -> None:
    """Put a backup back into an empty, migrated database, and check what is there then.

    The manifest is what `read` gave for the file. All or nothing. Raises `BackupRefused`
    where the versions differ, the database holds something, or what was put back is not
    what was in the file.
    """
    _refuse_other_migrations(manifest, file)
    with (
        transaction.atomic(),
        zipfile.ZipFile(file) as archive,
        connection.cursor() as cursor,
    ):
        _refuse_not_empty(cursor)
        cursor.execute(SAME_TEXT_EVERYWHERE)
        names = {table.name for table in manifest.tables}
        with _triggers_off(cursor, sorted(names)):
            _empty(cursor, names)
            for number, table in enumerate(_parents_first(cursor, manifest.tables)):
                say(table.name, number / len(manifest.tables))
                _copy_in(cursor, archive, table)
                _refuse_unequal(cursor, table)
        _continue_numbering(cursor, names)
    _refuse_broken_log(manifest)
    audit.log(
        what="restored",
        by=None,
        at=at,
        purpose="",
        data={"made_at": manifest.made_at, "rows": manifest.rows},
    )


def _copy_in(cursor: Any, archive: zipfile.ZipFile, table: Table) -> None:
    listed = ", ".join(f'"{column}"' for column in table.columns)
    with (
        archive.open(f"{table.name}.copy") as member,
        cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as stream,
    ):
        while block := member.read(CHUNK):
            stream.write(block)


def _manifest(value: dict[str, Any]) -> Manifest:
    return Manifest(
        **value
        | {
            "tables": [Table(**table) for table in value["tables"]],
            "heads": [Head(**head) for head in value["heads"]],
        }
    )


# --------------------------------------------------------------------------- refusals


def _refuse_other_format(manifest: Manifest, file: Path) -> None:
    if manifest.format != FORMAT:
        raise BackupRefused(
            f"{file} has format {manifest.format}; this version of Varde reads format "
            f"{FORMAT}. Nothing was put back."
        )


def _refuse_changed(archive: zipfile.ZipFile, table: Table, file: Path) -> None:
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"{table.name}.copy") as member:
        while block := member.read(CHUNK):
            digest.update(block)
            rows += block.count(b"\n")
    if (digest.hexdigest(), rows) != (table.sha256, table.rows):
        raise BackupRefused(
            f"{file} was changed after it was made: {table.name} has {rows} rows, and\n"
            f"the manifest says {table.rows} with another hash. Nothing was put back."
        )


def _refuse_other_migrations(manifest: Manifest, file: Path) -> None:
    loader = MigrationLoader(connection)
    ours = {f"{app}.{name}" for app, name in loader.disk_migrations}
    theirs = set(manifest.migrations)
    if ours == theirs:
        return
    newer, older = sorted(theirs - ours), sorted(ours - theirs)
    which = f"lacks {older[0]}" if older and not newer else f"has {newer[0]}"
    raise BackupRefused(
        f"{file} was made by Varde {manifest.varde}, whose database {which};\n"
        f"this is Varde {version('varde')}. Nothing was put back. Install that version,\n"
        "put the backup back with it, and run `varde migrate` with this one."
    )


def _refuse_not_empty(cursor: Any) -> None:
    for name in _tables(cursor):
        if name in MADE_BY_MIGRATION:
            continue
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{name}")')  # noqa: S608
        if cursor.fetchone()[0]:
            raise BackupRefused(
                f"The database is not empty: {name} has rows. Nothing was put back.\n"
                "A backup goes into a new installation only: choose another VARDE_HOME\n"
                "(or DATABASE_URL) and run `varde migrate` there first."
            )


def _refuse_unequal(cursor: Any, table: Table) -> None:
    found = _copy_out(cursor, table.name, lambda _: None)
    if found != table:
        raise BackupRefused(
            f"{table.name} is not what it was after it was put back: {found.rows} rows,\n"
            f"{table.rows} in the backup. Everything was undone."
        )


def _refuse_broken_log(manifest: Manifest) -> None:
    verdict = log_check.check(anchor=manifest.heads)
    if not verdict.is_whole:
        raise BackupRefused(
            f"The rows are back, but their log has {verdict.fault_count} fault(s): it "
            "was\nchanged before the backup was made. Read `varde verify-log` before "
            "anybody uses\nthis installation."
        )


# ----------------------------------------------------------------------- the database


def _tables(cursor: Any) -> list[str]:
    cursor.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = 'public' AND relkind = 'r' ORDER BY relname"
    )
    return [name for (name,) in cursor.fetchall()]


def _columns(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _key(cursor: Any, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_index JOIN pg_attribute"
        " ON attrelid = indrelid AND attnum = ANY (indkey)"
        " WHERE indrelid = %s::regclass AND indisprimary"
        " ORDER BY array_position(indkey::int[], attnum::int)",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _parents_first(cursor: Any, tables: list[Table]) -> Iterator[Table]:
    """In an order that foreign keys which are checked at once allow."""
    cursor.execute(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
        " WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid"
    )
    parents: dict[str, set[str]] = {}
    for child, parent in cursor.fetchall():
        parents.setdefault(child, set()).add(parent)
    left = list(tables)
    done: set[str] = set()
    while left:
        ready = [t for t in left if parents.get(t.name, set()) <= done] or left
        yield from ready
        done |= {table.name for table in ready}
        left = [table for table in left if table.name not in done]


@contextmanager
def _triggers_off(cursor: Any, names: list[str]) -> Iterator[None]:
    """While rows are put back, nothing is logged, sealed or announced again.

    A superuser (the embedded database) also leaves out the look-ups of foreign keys: the
    rows fitted together when they were read. Any other owner has them checked.
    """
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
    if cursor.fetchone()[0]:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")
        return
    for name in names:
        cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
    yield
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in names:
        cursor.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')


def _empty(cursor: Any, names: set[str]) -> None:
    made = ", ".join(f'"{name}"' for name in sorted(names & MADE_BY_MIGRATION))
    cursor.execute(f"TRUNCATE {made} CASCADE")


def _continue_numbering(cursor: Any, names: set[str]) -> None:
    cursor.execute(
        "SELECT s.relname, t.relname, a.attname FROM pg_depend d"
        " JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'"
        " JOIN pg_class t ON t.oid = d.refobjid"
        " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid"
        " WHERE d.deptype IN ('a', 'i')"
    )
    for sequence, table, column in cursor.fetchall():
        if table in names:
            cursor.execute(
                f'SELECT setval(\'"{sequence}"\', coalesce(max("{column}"), 0) + 1,'  # noqa: S608
                f' false) FROM "{table}"'
            )


def _applied() -> set[str]:
    recorded = MigrationLoader(connection).applied_migrations
    return {f"{app}.{name}" for app, name in recorded}


def _postgres(cursor: Any) -> str:
    cursor.execute("SHOW server_version")
    return str(cursor.fetchone()[0])


def _signature(text: str) -> str:
    key = hashlib.sha256(b"varde backup" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
