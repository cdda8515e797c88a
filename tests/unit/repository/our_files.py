"""Which files are ours: what git tracks or would track, or all that is not made here."""

import ast
import subprocess
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path


ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src" / "varde"
MADE_HERE = {".git", ".venv", ".tools", ".local", "node_modules", "site", "build"}


@cache
def all_files() -> tuple[Path, ...]:
    """Every file of the repository, without what is ignored."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        found = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive
        found = [
            file
            for file in ROOT.rglob("*")
            if not MADE_HERE & set(file.relative_to(ROOT).parts)
            and "__pycache__" not in file.parts
        ]
    return tuple(sorted(file for file in found if file.is_file()))


def files(*suffixes: str, under: Path = ROOT) -> list[Path]:
    """The files with one of these endings, under a folder."""
    return [f for f in all_files() if f.suffix in suffixes and f.is_relative_to(under)]


def faults(check: Callable[[Path], object], among: Iterable[Path]) -> dict[str, object]:
    """What a check finds in each of the files, by name; nothing where all are well.

    One test looks at all files of a kind: a test for each was four thousand tests.
    """
    looked_at = list(among)
    assert looked_at, "there are no such files: the test looks at nothing"
    return {name(file): found for file in looked_at if (found := check(file))}


def name(file: Path) -> str:
    """The path as a person writes it, for messages and test names."""
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    """A Python file, parsed."""
    return ast.parse(file.read_text("utf-8"), filename=name(file))
