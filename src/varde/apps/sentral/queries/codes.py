"""ICPC-2 by plain words, and the tariffs of the refund claim. Read once a process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from django.conf import settings

from varde.content import (
    ICPC2_LAY_WORDS_FILE,
    TARIFFS_FILE,
    icpc2_lay_words_text,
    tariffs_text,
)
from varde.domain.errors import VardeError
from varde.engines.triage.code_search import code_search, load_lay_words
from varde.engines.triage.text_search import TextSearch


MOST_HITS = 12


class CodesMissing(VardeError):
    """The code list is not set up on this machine, or is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A reason code with its text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A tariff of the refund claim, from when to when it may be used."""

    code: str
    kind: str
    words: str
    source: str
    valid_from: date
    valid_to: date | None

    def holds(self, on: date) -> bool:
        """May it be used for a contact of this day?"""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def search(words: str) -> tuple[Code, ...]:
    """Reason codes that fit plain words, or begin as typed; the best first."""
    if not words.strip():
        return ()
    hits = _search().find(words, limit=MOST_HITS)
    return tuple(Code(code=hit.key, text=hit.title) for hit in hits)


def find(code: str) -> Code | None:
    """The code, or None if ICPC-2 has no such."""
    text = _codes().get(code)
    return Code(code=code, text=text) if text is not None else None


def text_of(code: str) -> str:
    """The text of a code; "" for one that ICPC-2 does not have."""
    return _codes().get(code, "")


def tariffs(*, on: date) -> tuple[Tariff, ...]:
    """The tariffs that may be used for a contact of a day, in the order of the file."""
    return tuple(tariff for tariff in all_tariffs() if tariff.holds(on))


@cache
def all_tariffs() -> tuple[Tariff, ...]:
    """Every tariff that Varde knows, also those that are no longer or not yet valid."""
    rows = yaml.safe_load(tariffs_text())
    if not isinstance(rows, list):
        raise CodesMissing(f"{TARIFFS_FILE}: it must be a list of tariffs.")
    return tuple(
        Tariff(
            code=str(row["code"]),
            kind=row["kind"],
            words=row["words"],
            source=row["source"],
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
        )
        for row in rows
    )


@cache
def _codes() -> Mapping[str, str]:
    return read_codes(Path(settings.DIAGNOSIS_CODES))


def read_codes(file: Path) -> dict[str, str]:
    """Code -> text from the package's JSON list of {code, text}.

    Raises `CodesMissing` with what to do when the file is not there or is another thing.
    """
    cure = "Run `make setup`; it fetches the npm package @navikt/diagnosekoder."
    try:
        rows = json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        raise CodesMissing(
            f"{file.name}: the ICPC-2 codes are not set up on this machine, so no reason "
            f"can be coded.\n{cure}"
        ) from None
    except ValueError as fault:
        raise CodesMissing(f"{file.name}: it is not JSON ({fault}).\n{cure}") from fault
    try:
        codes = {row["code"]: row["text"] for row in rows}
    except (TypeError, KeyError) as fault:
        raise CodesMissing(
            f"{file.name}: it must be a list of objects with 'code' and 'text'.\n{cure}"
        ) from fault
    if not codes:
        raise CodesMissing(f"{file.name}: it holds no codes.\n{cure}")
    return codes


@cache
def _search() -> TextSearch:
    words = load_lay_words(icpc2_lay_words_text(), filename=ICPC2_LAY_WORDS_FILE)
    return code_search(_codes().items(), lay_words=words)
