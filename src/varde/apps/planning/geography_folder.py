"""The folder with official files, and the one survey that is kept of them."""

import os
from datetime import date
from pathlib import Path

from varde import content
from varde.domain.errors import BadInput
from varde.engines.access.assumptions import Assumptions, read_assumptions
from varde.engines.access.geography import Geography, read_geography
from varde.engines.access.survey import Survey, from_file, to_file


KEPT = "geography/survey.npz"  # under VARDE_HOME
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


def keep(survey: Survey, *, home: Path) -> Path:
    """Keep a survey in the place of the one before: whole, or not at all."""
    kept = home / KEPT
    kept.parent.mkdir(parents=True, exist_ok=True)
    new = kept.with_suffix(f".{os.getpid()}.new")
    try:
        new.write_bytes(to_file(survey))
        new.replace(kept)
    finally:
        new.unlink(missing_ok=True)
    return kept


def kept_survey(*, home: Path) -> Survey:
    """The survey that was kept. Raises `BadInput` where there is none."""
    kept = home / KEPT
    if not kept.exists():
        raise BadInput(
            file=str(kept),
            problem="is not there: no geography has been imported",
            cure="Run varde import geography DIR, or name the folder with --data",
        )
    return from_file(kept.read_bytes(), file=str(kept))
