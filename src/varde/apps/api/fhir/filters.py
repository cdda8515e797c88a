"""From a search value to a condition on rows. One kind of filter for each kind of column."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q
from django.utils import timezone

from varde.apps.api.fhir.values import Prefix, Ref, Span, Token


type Filter = Callable[..., Q]

NONE = Q(pk=None)  # no row
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def any_of(conditions: Iterable[Q]) -> Q:
    """One of them; of none: no row."""
    return reduce(or_, conditions, NONE)


def row_number(resource_id: str, prefix: str) -> int | None:
    """The row that an id of ours names: `c-12` is row 12 of what has the prefix `c`.

    >>> row_number("c-12", "c"), row_number("12", ""), row_number("c-12", "a")
    (12, 12, None)
    """
    start = f"{prefix}-" if prefix else ""
    digits = resource_id.removeprefix(start)
    if not resource_id.startswith(start) or not _NUMBER.fullmatch(digits):
        return None
    if digits != str(int(digits)):
        return None
    return int(digits)


def at(column: str) -> Filter:
    """A moment in one column."""

    def compare(span: Span) -> Q:
        within = Q(**{f"{column}__gte": span.low, f"{column}__lt": span.high})
        known = Q(**{f"{column}__isnull": False})
        match span.prefix:
            case Prefix.EQ:
                return within
            case Prefix.NE:
                return known & ~within
            case Prefix.GT | Prefix.SA:
                return Q(**{f"{column}__gte": span.high})
            case Prefix.GE:
                return Q(**{f"{column}__gte": span.low})
            case Prefix.LT | Prefix.EB:
                return Q(**{f"{column}__lt": span.low})
            case Prefix.LE:
                return Q(**{f"{column}__lt": span.high})

    return compare


def between(start: str, end: str) -> Filter:
    """A period in two columns; without an end it goes on. As FHIR compares periods:
    `gt` asks whether some of it is after the date, `sa` whether all of it is."""

    def compare(span: Span) -> Q:
        within = Q(**{f"{start}__gte": span.low, f"{end}__lt": span.high})
        some_after = Q(**{f"{end}__gte": span.high}) | Q(**{f"{end}__isnull": True})
        some_before = Q(**{f"{start}__lt": span.low})
        # Beside a null a comparison says neither yes nor no.
        ended_within = Q(**{f"{end}__isnull": False}) & within
        conditions = {
            Prefix.EQ: ended_within,
            Prefix.NE: some_after | some_before,
            Prefix.GT: some_after,
            Prefix.GE: some_after | ended_within,
            Prefix.LT: some_before,
            Prefix.LE: some_before | ended_within,
            Prefix.SA: Q(**{f"{start}__gte": span.high}),
            Prefix.EB: Q(**{f"{end}__lt": span.low}),
        }
        return Q(**{f"{start}__isnull": False}) & conditions[span.prefix]

    return compare


def on(column: str) -> Filter:
    """A date without a time of day in one column."""

    def compare(span: Span) -> Q:
        low, high = _day(span.low), _day(span.high)
        return at(column)(Span(span.prefix, low, high))  # type: ignore[arg-type]

    return compare


def _day(moment) -> date:
    return timezone.localdate(moment)


def code(column: str, *, system: str) -> Filter:
    """A code of one system in one column."""

    def compare(token: Token) -> Q:
        if token.system not in {None, system}:
            return NONE
        if not token.code:
            return ~Q(**{column: ""})
        return Q(**{column: token.code})

    return compare


def chosen(known: Mapping[str, Q], *, system: str = "") -> Filter:
    """One of a closed list of codes, each with its own condition.

    Without a system of ours it is a status of FHIR itself, whose systems all begin alike.
    """

    def compare(token: Token) -> Q:
        is_ours = token.system == system or (
            not system and (token.system or "").startswith("http://hl7.org/fhir/")
        )
        if token.system is not None and not is_ours:
            return NONE
        if not token.code:
            return any_of(known.values())
        return known.get(token.code, NONE)

    return compare


def always(known: Iterable[str], *, system: str = "") -> Filter:
    """A code that all rows have."""
    return chosen(dict.fromkeys(known, ~NONE), system=system)


def to(column: str, *, kind: str, prefix: str = "") -> Filter:
    """A reference by a row's number in one column."""

    def compare(ref: Ref) -> Q:
        number = row_number(ref.id, prefix)
        if number is None or ref.kind not in {"", kind}:
            return NONE
        return Q(**{column: number})

    return compare


def ids(prefix: str) -> Filter:
    """The id of the resource itself."""

    def compare(token: Token) -> Q:
        number = row_number(token.code, prefix)
        return NONE if number is None else Q(pk=number)

    return compare
