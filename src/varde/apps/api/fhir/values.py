"""What stands behind the `=` of a search parameter, read once and strictly."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.utils import timezone

from varde.apps.api.fhir.faults import Fault, refuse


class Prefix(StrEnum):
    """How a moment is compared with a date that is asked for."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    LT = "lt"
    GE = "ge"
    LE = "le"
    SA = "sa"
    EB = "eb"


@dataclass(frozen=True, slots=True)
class Span:
    """A date with its precision: from `low`, up to but not including `high`."""

    prefix: Prefix
    low: datetime
    high: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """A code, perhaps with its system. No system is None; the empty one is ""."""

    system: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a resource of this server. `kind` is "" where only an id was given."""

    kind: str
    id: str


_DATE = re.compile(
    r"(?P<prefix>[a-z]{2})?(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?P<zone>Z|[+ -]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
_REF = re.compile(
    r"(?:(?P<kind>[A-Za-z]{1,40})/)?(?P<id>[A-Za-z0-9.\-]{1,64})", re.ASCII
)


def span(text: str, *, where: str) -> Span:
    """A date, or a part of one, with its prefix. Without a zone it is Norwegian time.

    In an address `+` means a space, so that a space before the hours of a zone is read
    as `+`.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise _not_a_date(where)
    try:
        prefix = Prefix(match["prefix"] or "eq")
        low, high = _ends(match)
    except (ValueError, OverflowError):
        raise _not_a_date(where) from None
    return Span(prefix, low, high)


def _ends(match: re.Match[str]) -> tuple[datetime, datetime]:
    year, month, day = (match[part] for part in ("year", "month", "day"))
    if match["time"]:
        return _moment(f"{year}-{month}-{day}", match["time"], match["zone"] or "")
    if day:
        first = date(int(year), int(month), int(day))
        return _midnight(first), _midnight(first + timedelta(days=1))
    if month:
        first = date(int(year), int(month), 1)
        after = date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
        return _midnight(first), _midnight(after)
    return _midnight(date(int(year), 1, 1)), _midnight(date(int(year) + 1, 1, 1))


def _moment(day: str, clock: str, zone: str) -> tuple[datetime, datetime]:
    whole, _, parts = clock.partition(".")
    low = datetime.fromisoformat(f"{day}T{whole}{zone.replace(' ', '+')}")
    if low.tzinfo is None:
        low = timezone.make_aware(low)
    if parts:
        low += timedelta(microseconds=int(parts[:6].ljust(6, "0")))
        return low, low + timedelta(microseconds=10 ** max(0, 6 - len(parts)))
    step = timedelta(seconds=1) if whole.count(":") == 2 else timedelta(minutes=1)
    return low, low + step


def _midnight(day: date) -> datetime:
    """Kept a day from the ends of the calendar, where another zone has no such moment."""
    if not date.min + timedelta(days=1) < day < date.max - timedelta(days=1):
        raise ValueError("outside the calendar")
    return timezone.make_aware(datetime.combine(day, time()))


def token(text: str, *, where: str) -> Token:
    """`code`, `system|code`, `|code` (of no system) or `system|` (any code of it)."""
    if "|" not in text:
        return Token(None, text)
    system, _, code = text.partition("|")
    if not system and not code:
        raise refuse(400, "value", f"{where} has neither system nor code.", where=where)
    return Token(system, code)


def ref(text: str, *, base: str, where: str) -> Ref:
    """`12`, `Patient/12` or the whole address of a resource of this server."""
    match = _REF.fullmatch(text.removeprefix(f"{base}/"))
    if match is None:
        raise refuse(
            400,
            "value",
            f"{where} is not a reference that we can read. Write Type/id, or the id alone.",
            where=where,
        )
    return Ref(match["kind"] or "", match["id"])


def _not_a_date(where: str) -> Fault:
    prefixes = ", ".join(Prefix)
    return refuse(
        400,
        "value",
        f"{where} is not a date that we can read. Write 2026, 2026-01, 2026-01-31 or"
        f" 2026-01-31T23:59:00+01:00, perhaps with {prefixes} before it.",
        where=where,
    )
