"""The rows of a CSV file, each with its line number, and what is wrong with the file said.

What every reader of such a file has in common. A reader knows its own columns.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from varde.domain.errors import BadInput


def decoded_lines(lines: Iterable[bytes], *, file: str) -> Iterator[str]:
    """The lines as text, without a byte order mark. An empty file gives none.

    Raises `BadInput` (line, byte) where a line is not UTF-8.

    >>> list(decoded_lines([b"\\xef\\xbb\\xbfa,b", b"1,2"], file="f.csv"))
    ['a,b', '1,2']
    """
    for number, line in enumerate(lines, start=1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as fault:
            raise BadInput(
                file=file,
                line=number,
                problem=f"is not UTF-8: byte {fault.start + 1} of the line is "
                f"0x{line[fault.start]:02x}",
                cure="Save the file as UTF-8 and run the command again",
            ) from None


def numbered_rows(
    lines: Iterable[str], *, file: str, separator: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of its (last) line, the first being 1.

    Raises `BadInput` (line) where a line is not CSV.

    >>> list(numbered_rows(["a,b", "", "1,2"], file="f.csv"))
    [(1, ['a', 'b']), (3, ['1', '2'])]
    """
    rows = all_rows(lines, file=file, separator=separator)
    return ((number, row) for number, row in rows if row)


def all_rows(
    lines: Iterable[str], *, file: str, separator: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of its (last) line. A blank line is a row without cells.

    Raises `BadInput` (line) where a line is not CSV.

    >>> list(all_rows(["", "a,b"], file="f.csv"))
    [(1, []), (2, ['a', 'b'])]
    """
    rows = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            raise BadInput(
                file=file,
                line=rows.line_num,
                problem=f"is not CSV ({fault})",
                cure="Close the quote that was opened, and run the command again",
            ) from None
        yield rows.line_num, row


def check_heading(names: Sequence[str], columns: Sequence[str], *, file: str) -> None:
    """Refuse a heading that lacks one of the columns, or names one twice.

    Raises `BadInput` (line 1, names).

    >>> check_heading(["b", "a", "c"], ["a", "b"], file="f.csv")
    """
    missing = [name for name in columns if name not in names]
    twice = [name for name in columns if names.count(name) > 1]
    if not missing and not twice:
        return
    raise BadInput(
        file=file,
        line=1,
        values=names,
        problem=f"the heading lacks {', '.join(missing)}"
        if missing
        else f"the heading names {', '.join(twice)} twice",
        cure=f"Name each of {', '.join(columns)} once, and import the file again",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with its fields by column. A reader of a file adds what its fields mean."""

    file: str
    line_no: int
    fields: Mapping[str, str]

    def bad(self, column: str, problem: str) -> BadInput:
        """What is wrong with a field, to be raised."""
        return BadInput(
            file=self.file,
            line=self.line_no,
            column=column,
            values=[self.fields[column]],
            problem=problem,
            cure="Correct the line, and import the file again",
        )


def refuse_other_width(
    fields: list[str], heading: list[str], *, file: str, line_no: int, thing: str
) -> None:
    """Refuse a row with more or fewer fields than the heading has names.

    `thing` is what a row tells of, for the sentence. Raises `BadInput` (line).

    >>> refuse_other_width(["1"], ["a"], file="f.csv", line_no=2, thing="call")
    """
    if len(fields) != len(heading):
        raise BadInput(
            file=file,
            line=line_no,
            problem=f"has {len(fields)} fields, and the heading has {len(heading)}",
            cure=f"Give each {thing} one field for each name in the heading, empty "
            "where nothing is known, and run the command again",
        )
