"""The calendar as other programs read it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from varde.engines.calendar_feed import Entry, etag_of, written


OSLO = ZoneInfo("Europe/Oslo")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(uid="1@varde", **other):
    given = {
        "sequence": 1,
        "changed_at": NOON,
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=8),
        "summary": "Forvakt",
    }
    return Entry(**{"uid": uid} | given | other)


def text(*entries):
    return written(
        entries, name="Vakter", zone="Europe/Oslo", refresh=timedelta(hours=1)
    )


def test_another_program_reads_what_was_written():
    later = entry(
        "2@varde",
        starts_at=NOON + timedelta(days=1),
        ends_at=NOON + timedelta(days=2),
        summary="Avlyst: Ærlig, lang; \\tekst\nmed linje",
        location="Legevakt Ås",
        description="x" * 200,
        sequence=7,
        is_cancelled=True,
    )
    content = text(later, entry())
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    read = Calendar.from_ical(content)
    assert (read["METHOD"], read["VERSION"]) == ("PUBLISH", "2.0")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in content
    assert b"X-PUBLISHED-TTL:PT60M" in content
    first, second = read.walk("VEVENT")
    assert (first["UID"], first["STATUS"], first["SEQUENCE"]) == (
        "1@varde",
        "CONFIRMED",
        1,
    )
    assert "LOCATION" not in first
    assert "DESCRIPTION" not in first
    assert second["SUMMARY"] == "Avlyst: Ærlig, lang; \\tekst\nmed linje"
    assert (second["STATUS"], second["TRANSP"], second["SEQUENCE"]) == (
        "CANCELLED",
        "TRANSPARENT",
        7,
    )
    assert (second["LOCATION"], second["DESCRIPTION"]) == ("Legevakt Ås", "x" * 200)


def test_the_night_when_the_clock_is_moved_has_its_true_length():
    night = entry(
        starts_at=datetime(2026, 10, 24, 15, 30, tzinfo=OSLO),
        ends_at=datetime(2026, 10, 25, 8, 0, tzinfo=OSLO),
    )
    (read,) = Calendar.from_ical(text(night)).walk("VEVENT")
    assert read.end - read.start == timedelta(hours=17.5)
    assert read.start == datetime(2026, 10, 24, 13, 30, tzinfo=UTC)


def test_the_same_entries_in_any_order_are_the_same_bytes():
    one, two = entry(), entry("2@varde")
    assert text(one, two) == text(two, one)
    assert etag_of(text(one)) != etag_of(text(one, two))


def test_an_entry_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        entry(starts_at=datetime(2026, 3, 1, 12))
