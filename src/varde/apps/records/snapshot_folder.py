"""Where the snapshots of one sentral or station lie: the newest, and the last ones by time.

They hold patient data: folders for their owner only (0700), files too (0600). A file is
written beside, put on the disk, and given its name at once, so that nobody ever opens
half a page. Names carry the time in UTC: in the autumn an hour comes twice.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings


NEWEST = "latest.html"
STAMP = "%Y%m%dT%H%M%SZ"
DRAFT = ".new"
DEAD_DRAFT = timedelta(minutes=2)  # a draft so old has no writer any more
OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY_FILE = 0o600


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFolder:
    """The snapshots of one place. At most `keep` with a time in the name, none older than
    `keep_for`; the newest stays whatever its age."""

    path: Path
    keep: int
    keep_for: timedelta

    @property
    def newest(self) -> Path:
        """The file that is opened when the server is gone."""
        return self.path / NEWEST

    def store(self, page: bytes, *, at: datetime) -> Path:
        """Put a page there as the newest, and remove what is too old or too many.

        Returns the newest. Raises `OSError`; what was there before is then still whole.
        """
        self.path.mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
        self.path.chmod(OWNER_ONLY_FOLDER)
        self._forget_dead_drafts(at)
        write_whole(self.newest, page)
        write_whole(self.path / f"{at.astimezone(UTC):{STAMP}}.html", page)
        self._thin(at)
        return self.newest

    def kept(self) -> list[Path]:
        """Those with a time in the name, the newest first."""
        found = [file for file in self.path.glob("*.html") if _taken_at(file)]
        return sorted(found, key=lambda file: file.name, reverse=True)

    def newest_at(self) -> datetime | None:
        """When the newest was written; None where there is none."""
        try:
            written = self.newest.stat().st_mtime
        except FileNotFoundError:
            return None
        return datetime.fromtimestamp(written, tz=UTC)

    def _thin(self, at: datetime) -> None:
        for number, file in enumerate(self.kept()):
            taken_at = _taken_at(file)
            is_old = taken_at is not None and at - taken_at > self.keep_for
            if number >= self.keep or is_old:
                file.unlink(missing_ok=True)

    def _forget_dead_drafts(self, at: datetime) -> None:
        """What a machine that stopped half-way left behind holds patient data too."""
        for draft in self.path.glob(f".*{DRAFT}"):
            with suppress(FileNotFoundError):
                written = datetime.fromtimestamp(draft.stat().st_mtime, tz=UTC)
                if at - written > DEAD_DRAFT:
                    draft.unlink()


def root() -> Path:
    """The folder of all snapshots.

    The one in VARDE_HOME is made. One that was named (VARDE_SNAPSHOT_DIR) is not: when
    its encrypted disk is not there, nothing is to be written where it should have been.
    """
    if settings.SNAPSHOT_DIR is not None:
        named: Path = settings.SNAPSHOT_DIR
        return named
    return Path(settings.VARDE_HOME) / "downtime"


def folder_of(code: str) -> SnapshotFolder:
    """The folder of a place by its code. What no folder may be called becomes `_`."""
    name = "".join(sign if sign.isalnum() or sign == "-" else "_" for sign in code)
    return SnapshotFolder(
        path=root() / name,
        keep=settings.SNAPSHOT_KEEP,
        keep_for=settings.SNAPSHOT_KEEP_FOR,
    )


def make_root() -> None:
    """Make the folder of this installation's own; a named one must be there already."""
    if settings.SNAPSHOT_DIR is None:
        root().mkdir(mode=OWNER_ONLY_FOLDER, exist_ok=True)
        root().chmod(OWNER_ONLY_FOLDER)


def write_whole(target: Path, page: bytes) -> None:
    """Write a file that is there whole or not at all, readable by its owner only.

    What had the name before stays until the new one is on the disk. Raises `OSError`.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}{DRAFT}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(draft, flags, OWNER_ONLY_FILE), "wb") as file:
            os.fchmod(file.fileno(), OWNER_ONLY_FILE)
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """The new name, too, is on the disk before we go on."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _taken_at(file: Path) -> datetime | None:
    """The time in a file's name; None where it has none."""
    try:
        return datetime.strptime(file.stem, STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
