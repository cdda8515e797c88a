"""The kinds of compensating measures, from the content file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from varde import content
from varde.engines.content_file import read


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureKind:
    """A kind of measure. `verified` is False where no source says that it compensates."""

    code: str
    words: str
    about: str
    source: str
    verified: bool


@cache
def measure_kinds() -> Mapping[str, MeasureKind]:
    """The kinds by code, in the order of the file. Raises `BadInput`."""
    file = read(
        content.compensating_measures_text(),
        filename=content.COMPENSATING_MEASURES_FILE,
    )
    rows = [row.at(row.text("code")) for row in file.rows("kinds")]
    file.each_once(row.text("code") for row in rows)
    return {
        row.text("code"): MeasureKind(
            code=row.text("code"),
            words=row.text("words"),
            about=row.text("about"),
            source=row.text("source"),
            verified=row.under("verified", otherwise=True) is True,
        )
        for row in rows
    }
