"""The rows of a spreadsheet as text: CSV, XLSX, or pasted from one."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

from varde.domain.errors import BadInput
from varde.engines.csv_rows import decoded_lines


LARGEST_SHEET = 2_000_000  # bytes; ours
MOST_UNPACKED = (
    20_000_000  # bytes of an XLSX when unpacked: a small file can hold a lot
)
MOST_CELLS = 400_000
MOST_COLUMNS = 100
ZIP = b"PK\x03\x04"
SEPARATORS = ("\t", ";", ",")


def rows_of_file(content: bytes, *, file: str) -> list[list[str]]:
    """The rows of a CSV (tab, semicolon or comma) or XLSX file; of XLSX the first sheet.

    Raises `BadInput` for what is too large, not UTF-8 or not a workbook.
    """
    if len(content) > LARGEST_SHEET:
        raise BadInput(
            file=file,
            problem=f"is larger than {LARGEST_SHEET // 1_000_000} MB",
            cure="Split the file and import the parts",
        )
    if content.startswith(ZIP):
        return _workbook(content, file=file)
    lines = content.splitlines(keepends=True)
    return rows_of_text("".join(decoded_lines(lines, file=file)))


def rows_of_text(text: str) -> list[list[str]]:
    """The rows of a text, as pasted from a spreadsheet. The heading tells the separator."""
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = next((one for one in SEPARATORS if one in first), ",")
    kept = lines[lines.index(first) :] if first else []
    return [row[:MOST_COLUMNS] for row in csv.reader(kept, delimiter=separator)]


def _workbook(content: bytes, *, file: str) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise BadInput(
                    file=file,
                    problem="is too large when it is unpacked",
                    cure="Save only the sheet with people, and import it again",
                )
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows: list[list[str]] = []
        cells = 0
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            cells += len(row)
            if cells > MOST_CELLS:
                raise BadInput(
                    file=file,
                    problem=f"has more than {MOST_CELLS} cells",
                    cure="Save only the rows with people, and import it again",
                )
            rows.append([_text(value) for value in row])
    except BadInput:
        raise
    except Exception as fault:
        raise BadInput(
            file=file,
            problem=f"is not a workbook that can be read ({type(fault).__name__})",
            cure="Save it as XLSX or CSV again",
        ) from None
    return _trimmed(rows)


def _trimmed(rows: Sequence[list[str]]) -> list[list[str]]:
    """Without the empty columns to the right that a sheet may carry."""
    widest = max(
        (place + 1 for row in rows for place, cell in enumerate(row) if cell), default=0
    )
    return [row[:widest] for row in rows]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
