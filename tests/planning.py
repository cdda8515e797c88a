"""A kept forecast as the job writes it, made up: for the tests of the planner's screens."""

from datetime import timedelta

from django.utils import timezone

from tests import make
from varde.apps.records.models import DemandForecast


MEASURED = {
    "weeks": 13, "until": "2026-11-20", "limit_min": 2.0, "hours": 900, "calls": 4000,
    "left_out": 30, "mean_call_min": 6.0, "mean_patience_min": 5.0, "availability": 0.8,
    "answered_within": 0.78, "abandoned": 0.1, "mean_wait_min": 0.5, "told_within": 0.77,
}  # fmt: skip
WEEKS = 14
CALLS = [4.0] * 8 + [12.0] * 14 + [4.0] * 2  # an hour, by hour of the day


def found_of_calls(*, now, measured=MEASURED):
    """What the forecast of a sentral's calls holds: the same each day."""
    midnight = timezone.localtime(now).replace(tzinfo=None)
    midnight = midnight.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    return {
        "kind": "sentral",
        "history": {"from": "2025-11-20", "days": 365, "count": 40000},
        "days": [[(midnight - timedelta(days=1)).date().isoformat(), 210]],
        "past_hours": {
            "begins": (midnight - timedelta(hours=2)).isoformat(),
            "counts": [3, None],
        },
        "heat": {"weeks": 52.0, "means": CALLS * 7},
        "ahead": {
            "begins": midnight.isoformat(),
            "hours": [[one, 1, 20] for one in CALLS * 7 * 13],
            "days": [[208.0, 180, 236]] * 7 * 13,
            "weeks": [[1456.0, 1380, 1530]] * 13,
        },
        "by_hour": {"begins": monday.isoformat(), "means": CALLS * 7 * WEEKS},
        "level": 1.02,
        "has_season": True,
        "county": "Nordland",
        "shares": {
            name: [{"code": code, "count": 10, "share": 1.0, "low": 0.7, "high": 1.0,
                    "expected": 10.0}]
            for name, code in (("hastegrad", "haster"), ("age", "0-5"),
                               ("municipality", "1824"))
        },
        "calendar": [
            {"first": "2026-12-24", "last": "2026-12-24", "words": "Julaften",
             "expected": 300.0, "factor": 1.5, "seen": 1}
        ],
        "measured": measured,
        "yesterday": {"seen": 240, "expected": 208.0, "low": 180, "high": 236,
                      "so_many": 0.03, "so_few": 0.98, "is_outside": True},
        "judged": {"origins": 0, "least_days": 84, "days": 60},
    }  # fmt: skip


def kept(found, *, sentral=None, station=None, at=None):
    """A forecast that is made."""
    at = at or make.NOW
    return DemandForecast.objects.create(
        sentral=sentral, station=station, state="done", asked_at=at, beat_at=at,
        made_at=at, found=found,
    )  # fmt: skip
