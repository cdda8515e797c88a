"""Which official files there are, which of them were found, and what lacks without them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

import pyarrow as pa
import pyarrow.parquet as pq

from varde.domain.errors import BadInput
from varde.engines.csv_rows import (
    Line,
    check_heading,
    decoded_lines,
    numbered_rows,
    refuse_other_width,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: how its name looks, and what one lacks without it.

    `lack` is None for a file that is needed.
    """

    name: str
    about: str
    pattern: str
    lack: str | None


KINDS = (
    Kind(
        name="roads",
        about="roads and car ferries, N1000 Veglenke",
        pattern="*veglenke*.parquet",
        lack=None,
    ),
    Kind(
        name="municipalities",
        about="municipalities to the sea border, N1000",
        pattern="*n1000_kommune*.parquet",
        lack=None,
    ),
    Kind(
        name="population",
        about="inhabitants by municipality, age and sex, SSB 07459",
        pattern="*population*age_sex*.parquet",
        lack=None,
    ),
    Kind(
        name="stations",
        about="legevakt stations with coordinates",
        pattern="*legevakter*.csv",
        lack=None,
    ),
    Kind(
        name="agreements",
        about="which municipality uses which station",
        pattern="*legevakt_kommune*.csv",
        lack="the agreed station of everybody is unknown",
    ),
    Kind(
        name="centrality",
        about="centrality class of municipalities, SSB Klass 128",
        pattern="*sentralitet*.csv",
        lack="nothing is told by centrality",
    ),
    Kind(
        name="grid",
        about="inhabitants on a grid, SSB",
        pattern="*rutenett*.csv",
        lack="where in a municipality people live is estimated from built-up areas, "
        "names and roads",
    ),
    Kind(
        name="built_up",
        about="built-up areas, N1000",
        pattern="*tettbebyggelse*.parquet",
        lack="without the grid, towns are known by their names only",
    ),
    Kind(
        name="names",
        about="place names, N1000",
        pattern="*stedsnavn*.parquet",
        lack="places have no names",
    ),
    Kind(
        name="coast",
        about="the coast, N1000",
        pattern="*kystkontur*.parquet",
        lack="a place may be put at a road across the water",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The files to read, by kind, and what was not found.

    `lacks` are sentences. `unused` are names of files that are of no kind, or of one that
    another file with a later name is read for.
    """

    files: Mapping[str, str]
    lacks: tuple[str, ...]
    unused: tuple[str, ...]


def find_files(names: Sequence[str]) -> Found:
    """Which of some files to read. Of several of a kind the last by name: the newest year.

    Raises
    ------
    BadInput
        If a kind that is needed has no file.

    Examples
    --------
    >>> needed = ["n1000_veglenke.parquet", "n1000_kommune.parquet", "legevakter_2024.csv",
    ...           "population_municip_age_sex_2024_2026.parquet"]
    >>> find_files(needed).files["stations"]
    'legevakter_2024.csv'
    """
    files = {}
    for kind in KINDS:
        alike = sorted(name for name in names if fnmatch(name.lower(), kind.pattern))
        if alike:
            files[kind.name] = alike[-1]
        elif kind.lack is None:
            raise BadInput(
                file=kind.pattern,
                problem=f"is not there ({kind.about})",
                cure="Put the file as it is published into the folder, and run the "
                "command again",
            )
    return Found(
        files=files,
        lacks=tuple(
            f"{kind.about}: {kind.lack}"
            for kind in KINDS
            if kind.lack is not None and kind.name not in files
        ),
        unused=tuple(sorted(set(names) - set(files.values()))),
    )


def read_table(content: bytes, *, file: str, columns: Sequence[str]) -> pa.Table:
    """Some columns of a Parquet file.

    Raises `BadInput` for one that is not Parquet or lacks a column.
    """
    try:
        table = pq.read_table(pa.BufferReader(content))
    except pa.ArrowInvalid:
        raise BadInput(
            file=file,
            problem="is not a Parquet file, or is cut short",
            cure="Take the file anew, and run the command again",
        ) from None
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        raise BadInput(
            file=file,
            values=table.column_names,
            problem=f"lacks the column {', '.join(missing)}",
            cure="Take the file as it is published, and run the command again",
        )
    return table.select(list(columns))


def read_lines(
    content: bytes,
    *,
    file: str,
    columns: Sequence[str],
    separator: str = ",",
) -> list[Line]:
    """The lines of a CSV file with a heading that names at least some columns.

    Raises `BadInput` for one that is not UTF-8 or CSV, lacks a column, holds a line of
    another width, or holds no line.
    """
    rows = numbered_rows(
        decoded_lines(content.splitlines(), file=file), file=file, separator=separator
    )
    _, heading = next(rows, (0, []))
    names = [name.strip().lower() for name in heading]
    check_heading(names, columns, file=file)
    found = []
    for line_no, fields in rows:
        refuse_other_width(fields, heading, file=file, line_no=line_no, thing="line")
        named = zip(names, (field.strip() for field in fields), strict=True)
        found.append(Line(file=file, line_no=line_no, fields=dict(named)))
    if not found:
        raise BadInput(
            file=file,
            problem="holds a heading and nothing else",
            cure="Take the file anew, and run the command again",
        )
    return found
