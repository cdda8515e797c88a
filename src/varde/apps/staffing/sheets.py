"""The rows of a spreadsheet as text: CSV, XLSX, or pasted from one; and back again."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from varde.domain.errors import BadInput
from varde.engines.csv_rows import all_rows, decoded_lines
from varde.engines.sheet_rows import harmless


LARGEST_SHEET = 2_000_000  # bytes; ours
MOST_UNPACKED = (
    20_000_000  # bytes of an XLSX when unpacked: a small file can hold a lot
)
MOST_CELLS = 400_000
MOST_COLUMNS = 100
ZIP = b"PK\x03\x04"
BYTE_ORDER_MARK = "\ufeff"
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
    return _rows(list(decoded_lines(lines, file=file)), file=file)


def rows_of_text(text: str) -> list[list[str]]:
    """The rows of a text, as pasted from a spreadsheet. The heading tells the separator.

    Raises `BadInput` (line) where a quote is not closed.
    """
    return _rows(list(io.StringIO(text, newline="")), file="pasted")


def _rows(lines: list[str], *, file: str) -> list[list[str]]:
    """Every row, the blank ones too, so that the number of a row is that of the sheet."""
    first = next((line for line in lines if line.strip()), "")
    separator = next((one for one in SEPARATORS if one in first), ",")
    return [
        [_one_line(cell) for cell in row[:MOST_COLUMNS]]
        for _, row in all_rows(lines, file=file, separator=separator)
    ]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a CSV file that a Norwegian spreadsheet opens. No cell is a formula."""
    text = io.StringIO(newline="")
    text.write(BYTE_ORDER_MARK)  # a spreadsheet then reads the Norwegian letters
    writer = csv.writer(text, delimiter=";")
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def as_pasted(rows: Sequence[Sequence[str]]) -> str:
    """The rows as they are when they are pasted from a spreadsheet."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    return text.getvalue()


def as_xlsx(rows: Sequence[Sequence[str]], *, title: str) -> bytes:
    """The rows as a workbook. Every cell is a text, so that none is run as a formula."""
    from openpyxl import Workbook  # slow to load, and seldom needed
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title=title)
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=cell) for cell in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _workbook(content: bytes, *, file: str) -> list[list[str]]:
    from openpyxl import load_workbook  # slow to load, and seldom needed

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MOST_UNPACKED:
                raise BadInput(
                    file=file,
                    problem="is too large when it is unpacked",
                    cure="Save only the sheet with the rows, and import it again",
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
                    cure="Save only the rows that count, and import it again",
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
        is_day = value.time() == time()
        return (
            value.date().isoformat()
            if is_day
            else value.isoformat(sep=" ", timespec="seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _one_line(str(value))


def _one_line(text: str) -> str:
    """A cell that was broken over lines is words with a space between."""
    return " ".join(text.split())
