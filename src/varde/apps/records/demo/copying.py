"""Rows into a table by COPY, and columns of numbers as the text that COPY reads."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import batched, repeat

import numpy as np
from django.db import connection
from django.db.models import Field, Max, Model
from django.db.models.fields import NOT_PROVIDED

from varde.engines.demo.codes import NONE, Bools, Days, Ints, Times


NULL = "\\N"
_LINES = 20_000  # sent together
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

type Column = Sequence[str] | str
"""The text of each row, or one text for all rows."""


def copy(model: type[Model], columns: Mapping[str, Column], *, count: int) -> None:
    """Load rows of a model. What is not given takes the model's default, or null.

    Raises ValueError for a column without value, or with another number of rows.
    """
    fields = [
        f for f in model._meta.concrete_fields if f.name != "id" or "id" in columns
    ]
    unknown = set(columns) - {f.attname for f in fields}
    if unknown:
        raise ValueError(f"{model._meta.db_table} has no column {sorted(unknown)}")
    texts = [_column(f, columns, count=count) for f in fields]
    names = ", ".join(f'"{f.column}"' for f in fields)
    lines = map("\t".join, zip(*texts, strict=False))
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as stream,
    ):
        for some in batched(lines, _LINES):
            stream.write("\n".join(some) + "\n")


def _column(
    field: Field, columns: Mapping[str, Column], *, count: int
) -> Iterable[str]:
    given = columns.get(field.attname)
    if given is None:
        return repeat(_default(field), count)
    if isinstance(given, str):
        return repeat(given, count)
    if len(given) != count:
        raise ValueError(f"{field.attname}: {len(given)} values for {count} rows")
    return given


def _default(field: Field) -> str:
    if field.default is not NOT_PROVIDED:
        value = field.get_default()
        return json.dumps(value) if isinstance(value, dict | list) else text(str(value))
    if field.null:
        return NULL
    if field.empty_strings_allowed and field.blank:
        return ""
    raise ValueError(f"{field.model.__name__}.{field.attname} needs a value")


def first_free_id(model: type[Model]) -> int:
    """The number after the largest one used."""
    return int(model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def continue_after(*models: type[Model]) -> None:
    """Let each table's own numbering go on after the rows that were loaded."""
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s, false)",
                [table, first_free_id(model)],
            )


def text(value: str) -> str:
    """A text as COPY reads it."""
    return value.translate(_ESCAPED)


def texts(values: Iterable[str]) -> list[str]:
    """Texts as COPY reads them."""
    return [value.translate(_ESCAPED) for value in values]


def ints(values: Ints) -> list[str]:
    """Whole numbers; NONE becomes null."""
    return [NULL if value == NONE else str(value) for value in values.tolist()]


def bools(values: Bools) -> list[str]:
    """Yes and no."""
    return ["t" if value else "f" for value in values.tolist()]


def times(values: Times) -> list[str]:
    """Moments in UTC; NaT becomes null."""
    written = np.datetime_as_string(values, unit="ms").tolist()
    return [NULL if moment == "NaT" else f"{moment}+00" for moment in written]


def days(values: Days) -> list[str]:
    """Dates; NaT becomes null."""
    written = np.datetime_as_string(values, unit="D").tolist()
    return [NULL if day == "NaT" else day for day in written]


def looked_up(values: Sequence[str], places: Ints, *, missing: str = NULL) -> list[str]:
    """The value at each place; NONE becomes null, or what is said to be missing."""
    table = [*values, missing]  # NONE is -1, the last
    return [table[place] for place in places.tolist()]
