"""The folder of snapshots: whole files, for their owner only, and not for ever."""

import errno
import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from varde.apps.records import snapshot_folder
from varde.apps.records.snapshot_folder import SnapshotFolder, write_whole


AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path):
    return SnapshotFolder(path=tmp_path / "HEL", keep=3, keep_for=timedelta(minutes=10))


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def names(folder):
    return sorted(os.listdir(folder.path))


def test_it_is_there_as_the_newest_and_by_its_time_for_the_owner_only(folder):
    before = os.umask(0)
    try:
        assert folder.store(b"en", at=AT) == folder.newest
    finally:
        os.umask(before)
    assert names(folder) == ["20261120T180000Z.html", "latest.html"]
    assert {(folder.path / name).read_bytes() for name in names(folder)} == {b"en"}
    assert {mode(folder.path / name) for name in names(folder)} == {0o600}
    assert mode(folder.path) == 0o700


def test_a_folder_that_others_could_open_is_closed(folder):
    folder.path.mkdir()
    folder.path.chmod(0o755)
    folder.store(b"en", at=AT)
    assert mode(folder.path) == 0o700


def test_the_last_ones_are_kept_and_those_before_them_removed(folder):
    for minute in range(6):
        folder.store(b"%d" % minute, at=AT + minute * MINUTE)
    assert [file.read_bytes() for file in folder.kept()] == [b"5", b"4", b"3"]
    assert folder.newest.read_bytes() == b"5"


@pytest.mark.parametrize(("minutes", "is_kept"), [(9, True), (10, True), (11, False)])
def test_what_is_too_old_is_removed_also_when_they_are_few(folder, minutes, is_kept):
    folder.store(b"gammel", at=AT)
    folder.store(b"ny", at=AT + minutes * MINUTE)
    assert ("20261120T180000Z.html" in names(folder)) is is_kept
    assert folder.newest.read_bytes() == b"ny"


def test_the_hour_that_comes_twice_in_the_autumn_gives_two_files(tmp_path):
    folder = SnapshotFolder(path=tmp_path / "HEL", keep=3, keep_for=60 * MINUTE)
    for offset in (2, 1):
        local = datetime.fromisoformat(f"2026-10-25T02:30:00+0{offset}:00")
        folder.store(b"en", at=local)
    assert len(folder.kept()) == 2


def test_files_that_are_not_ours_are_left_alone(folder):
    folder.path.mkdir()
    (folder.path / "notat.html").write_text("mitt")
    for minute in range(6):
        folder.store(b"en", at=AT + minute * MINUTE)
    assert (folder.path / "notat.html").read_text() == "mitt"


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_fault_half_way_leaves_what_was_there_whole(folder, monkeypatch, fails):
    folder.store(b"gammel", at=AT)

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(snapshot_folder.os, fails, full)
    monkeypatch.setattr(snapshot_folder.Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        folder.store(b"ny" * 9999, at=AT + MINUTE)
    assert names(folder) == ["20261120T180000Z.html", "latest.html"]
    assert folder.newest.read_bytes() == b"gammel"


def test_nothing_stands_under_its_name_before_all_of_it_is_on_the_disk(
    tmp_path, monkeypatch
):
    target, seen = tmp_path / "latest.html", []
    monkeypatch.setattr(
        snapshot_folder.os, "fsync", lambda _handle: seen.append(target.exists())
    )
    write_whole(target, b"en")
    assert seen == [False, True]  # the file, then the folder with its new name


def test_what_a_stopped_machine_left_half_written_is_removed_in_time(folder):
    folder.store(b"en", at=AT)
    dead, live = (folder.path / f".latest.html.{pid}.new" for pid in (1, 2))
    for draft, age_s in ((dead, 121), (live, 119)):
        draft.write_bytes(b"halv")
        when = AT.timestamp() - age_s
        os.utime(draft, (when, when))
    folder.store(b"to", at=AT)
    assert not dead.exists()
    assert live.exists()


def test_without_a_newest_there_is_no_time(folder):
    assert folder.newest_at() is None
    folder.store(b"en", at=AT)
    os.utime(folder.newest, (AT.timestamp(), AT.timestamp()))
    assert folder.newest_at() == AT


@pytest.mark.parametrize(
    ("code", "name"),
    [("HEL", "HEL"), ("NORD-1", "NORD-1"), ("Ås", "Ås"), ("../x", "___x"), (".", "_")],
)
def test_a_code_never_leads_out_of_the_folder(settings, tmp_path, code, name):
    settings.VARDE_HOME, settings.SNAPSHOT_DIR = tmp_path, None
    assert snapshot_folder.folder_of(code).path == tmp_path / "downtime" / name


def test_the_folder_of_the_installation_is_made_and_a_named_one_is_not(
    settings, tmp_path
):
    settings.VARDE_HOME, settings.SNAPSHOT_DIR = tmp_path, None
    snapshot_folder.make_root()
    assert mode(tmp_path / "downtime") == 0o700
    settings.SNAPSHOT_DIR = tmp_path / "kryptert"
    snapshot_folder.make_root()
    assert not (tmp_path / "kryptert").exists()
    with pytest.raises(FileNotFoundError):
        snapshot_folder.folder_of("HEL").store(b"en", at=AT)
