"""A calendar as text, by RFC 5545, for the calendar programs that people have.

Moments are written in UTC, so that a night when the clock is moved has its true length in
every program. The same events give the same bytes: nothing is taken from the clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from icalendar import Calendar, Event


ETAG_LENGTH = 32  # hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `uid` stays what it is; `sequence` goes up when the entry changes."""

    uid: str
    sequence: int
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str = ""
    description: str = ""
    is_cancelled: bool = False

    def __post_init__(self) -> None:
        for moment in (self.changed_at, self.starts_at, self.ends_at):
            if moment.tzinfo is None:
                raise ValueError(f"an entry has no time zone: {moment!r}")


def written(
    entries: Iterable[Entry], *, name: str, zone: str, refresh: timedelta
) -> bytes:
    """The calendar file.

    Parameters
    ----------
    entries : iterable of Entry
        In any order; they are written by start and uid.
    name : str
        What the calendar is called where it is shown.
    zone : str
        The name of the time zone that programs should show it in.
    refresh : timedelta
        How often a program should ask again.

    Returns
    -------
    bytes
        UTF-8 with the line ends and the folding of the standard.

    Examples
    --------
    >>> noon = datetime(2026, 12, 24, 12, tzinfo=UTC)
    >>> one = Entry(
    ...     uid="1@varde",
    ...     sequence=2,
    ...     changed_at=noon,
    ...     starts_at=noon,
    ...     ends_at=noon + timedelta(hours=8),
    ...     summary="Forvakt",
    ... )
    >>> text = written(
    ...     [one], name="Vakter", zone="Europe/Oslo", refresh=timedelta(hours=1)
    ... ).decode()
    >>> [line for line in text.splitlines() if line.startswith(("DTSTART", "STATUS"))]
    ['DTSTART:20261224T120000Z', 'STATUS:CONFIRMED']
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Varde//Vaktplan//NB")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", f"PT{int(refresh.total_seconds() // 60)}M")
    for entry in sorted(entries, key=lambda one: (one.starts_at, one.uid)):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def etag_of(content: bytes) -> str:
    """The strong ETag of a file.

    >>> etag_of(b"a") == etag_of(b"a"), etag_of(b"a") == etag_of(b"b")
    (True, False)
    """
    return f'"{sha256(content).hexdigest()[:ETAG_LENGTH]}"'


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.summary)
    if entry.location:
        event.add("location", entry.location)
    if entry.description:
        event.add("description", entry.description)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    return event
