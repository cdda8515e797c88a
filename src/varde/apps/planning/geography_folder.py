"""The folder with official files, and the one survey that is kept of them."""

import os
from datetime import date
from pathlib import Path

from varde import content
from varde.domain.errors import BadInput
from varde.engines.access import kept_ground
from varde.engines.access.assumptions import Assumptions, read_assumptions
from varde.engines.access.geography import Geography, read_geography
from varde.engines.access.kept_ground import KeptGround, ground_of, mark_of
from varde.engines.access.survey import Survey, from_file, to_file


KEPT = "geography/survey.npz"  # under VARDE_HOME
KEPT_GROUND = "geography/ground.npz"
READ = (".parquet", ".csv")


def assumptions_on(day: date) -> Assumptions:
    """What travel times are counted with on a day."""
    return read_assumptions(content.travel_text(), filename=content.TRAVEL_FILE, on=day)


def read_folder(
    folder: Path, *, assumptions: Assumptions, year: int | None
) -> Geography:
    """The official files of a folder. Raises `BadInput` or `OSError`."""
    files = {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir())
        if file.suffix.lower() in READ
    }
    return read_geography(files, assumptions=assumptions, year=year)


def keep(survey: Survey, geography: Geography, *, home: Path) -> Path:
    """Keep a survey and its ground in the place of those before: whole, or not at all.

    The ground is there first. Until the survey of the same mark follows it is not used.
    """
    content = to_file(survey)
    ground = ground_of(geography, mark=mark_of(content))
    _replace(home / KEPT_GROUND, kept_ground.to_file(ground))
    return _replace(home / KEPT, content)


def _replace(kept: Path, content: bytes) -> Path:
    kept.parent.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(f".{os.getpid()}.new")
    try:
        new.write_bytes(content)
        new.replace(kept)
    finally:
        new.unlink(missing_ok=True)
    return kept


def has_survey(*, home: Path) -> bool:
    """Whether a geography has been imported."""
    return (home / KEPT).exists()


def kept_file(*, home: Path) -> tuple[Survey, str, KeptGround | None]:
    """The survey that was kept, its mark, and its ground: None where it is of another one.

    Raises `BadInput` where there is no survey, or it cannot be read.
    """
    survey = kept_survey(home=home)
    mark = mark_of(_content(home / KEPT))
    try:
        ground = kept_ground.from_file(
            (home / KEPT_GROUND).read_bytes(), file=str(home / KEPT_GROUND)
        )
    except (BadInput, OSError):
        return survey, mark, None
    return survey, mark, ground if ground.mark == mark else None


def kept_survey(*, home: Path) -> Survey:
    """The survey that was kept. Raises `BadInput` where there is none."""
    kept = home / KEPT
    if not kept.exists():
        raise BadInput(
            file=str(kept),
            problem="is not there: no geography has been imported",
            cure="Run varde import geography DIR, or name the folder with --data",
        )
    return from_file(_content(kept), file=str(kept))


def _content(kept: Path) -> bytes:
    try:
        return kept.read_bytes()
    except OSError as fault:
        raise BadInput(
            file=str(kept),
            problem=f"cannot be read: {fault.strerror}",
            cure="Let the user that runs Varde read it, or run varde import geography again",
        ) from fault
