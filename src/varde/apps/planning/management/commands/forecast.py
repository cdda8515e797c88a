"""`varde forecast`: a series judged by weeks held back, or a station's weeks ahead."""

import json
import time
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.planning.queries.forecast import calendar, station_forecast
from varde.apps.records.models import Station
from varde.apps.sentral.management.arguments import reading, refuse
from varde.engines.forecast.calendar import COUNTRY, public_holidays
from varde.engines.forecast.model import MOST_WEEKS, TooLittleHistory
from varde.engines.forecast.rolling import rolling_origins, together
from varde.engines.forecast.series import read_series


A_YEAR = 2026  # any: to ask whether a country is known


class Command(BaseCommand):
    help = (
        "Foretell contacts hour by hour. With --series: how good the forecast is on a CSV"
        " file of hours (columns ts and Arrivals), at several origins with only the past"
        " known, beside the mean of the same hour of the week over the last 52 weeks;"
        " no database is used. With --station: expected contacts of the weeks ahead with"
        " 90 %% intervals, from the station's own history, and yesterday beside what was"
        " expected of it. Ends with 2 when the input cannot be used."
    )
    requires_system_checks = ()  # it writes nothing

    def add_arguments(self, parser):
        """A file or a station, and what belongs to each."""
        of = parser.add_mutually_exclusive_group(required=True)
        of.add_argument("--series", type=Path, metavar="FILE")
        of.add_argument("--station", metavar="CODE")
        parser.add_argument("--origins", type=int, default=4, help="with --series")
        parser.add_argument(
            "--horizon-days", type=int, default=90, help="with --series"
        )
        parser.add_argument(
            "--county", default="", help="with --series: whose school holidays count"
        )
        parser.add_argument(
            "--country",
            default=COUNTRY,
            help="with --series: two letters, whose public holidays count; none: no days",
        )
        parser.add_argument("--weeks", type=int, default=8, help="with --station")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, series, station, **options):
        """Print the scores or the forecast, or end with 2 and say why."""
        if series is not None:
            self._judge(series, **options)
        else:
            self._foretell(station, **options)

    # ------------------------------------------------------------------- a series

    def _judge(self, file, *, origins, horizon_days, county, country, **options):
        country = "" if country == "none" else country
        self._check_places(county, country)
        with reading(self, file) as opened:
            series = read_series(opened, file=str(file))
        began = time.process_time()
        try:
            found = rolling_origins(
                series,
                origins=origins,
                horizon_days=horizon_days,
                calendar=calendar(),
                county=county,
                country=country,
            )
            ours = together([one.ours for one in found])
            plain = together([one.baseline for one in found])
        except ValueError as fault:
            refuse(
                self,
                f"{file}: {fault}.\nNothing was judged. Take a longer series, fewer"
                " --origins or a shorter --horizon-days.",
            )
        figures = {
            "series": {
                "begins": series.begins.isoformat(),
                "ends": series.ends.isoformat(),
                "hours": len(series.counts),
            },
            "horizon_days": horizon_days,
            "ours": asdict(ours),
            "hour_of_week_mean": asdict(plain),
            "weeks": sum(one.weeks for one in found),
            "weeks_within": sum(one.weeks_within for one in found),
            "origins": [
                {
                    "begins": one.begins.isoformat(),
                    "ours": asdict(one.ours),
                    "hour_of_week_mean": asdict(one.baseline),
                }
                for one in found
            ],
            "cpu_s": round(time.process_time() - began, 3),
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(f"{'':24}{'CRPS':>8}{'MAE':>8}{'inside 90 %':>13}")
        for name in ("ours", "hour_of_week_mean"):
            row = figures[name]
            self.stdout.write(
                f"{name:24}{row['crps']:8.4f}{row['mae']:8.3f}{row['coverage']:13.3f}"
            )
        self.stdout.write(
            f"Whole weeks inside their interval: {figures['weeks_within']} of"
            f" {figures['weeks']}"
        )

    def _check_places(self, county, country):
        known = {name for row in calendar().school_weeks for name in row.weeks}
        if county and county not in known:
            refuse(
                self,
                f"No school holidays are known of the county {county!r}. Known:"
                f" {', '.join(sorted(known))}.\nNothing was judged. Name one of them"
                " with --county, or leave it out.",
            )
        try:
            public_holidays(country, A_YEAR)
        except ValueError as fault:
            refuse(
                self,
                f"--country: {fault}.\nNothing was judged. Write two letters such as"
                " NO, or none.",
            )

    # ------------------------------------------------------------------ a station

    def _foretell(self, code, *, weeks, **options):
        station = (
            Station.objects.filter(code=code).select_related("municipality").first()
        )
        if station is None:
            known = ", ".join(Station.objects.values_list("code", flat=True))
            refuse(
                self,
                f"No station has the code {code!r}. Known: {known or 'none'}.\n"
                "Nothing was foretold. Name one of them with --station.",
            )
        if not 1 <= weeks <= MOST_WEEKS:
            refuse(
                self,
                f"--weeks is {weeks}, and must be from 1 to {MOST_WEEKS}.\n"
                "Nothing was foretold.",
            )
        try:
            found = station_forecast(station, weeks=weeks, now=timezone.now())
        except TooLittleHistory as fault:
            refuse(
                self,
                f"Station {code} has too little history: {fault}.\nNothing was"
                " foretold. Try again when there is more.",
            )
        if options["json"]:
            self.stdout.write(json.dumps(_figures(code, found)))
            return
        for week in found.weeks:
            self.stdout.write(
                f"{week.begins:%Y-%m-%d} and 7 days  {week.expected:8.1f}"
                f"  ({week.low}–{week.high})"
            )
        if found.yesterday is not None:
            one = found.yesterday
            self.stdout.write(
                f"{found.yesterday_on}: {one.seen} came, {one.expected:.1f} were"
                f" expected ({one.low}–{one.high})"
            )


def _figures(code, found):
    one = found.yesterday
    return {
        "station": code,
        "county": found.county,
        "history": {
            "from": found.history[0].on.isoformat(),
            "days": len(found.history),
            "contacts": sum(day.contacts for day in found.history),
        },
        "level": found.level,
        "weeks": [_told(week) for week in found.weeks],
        "days": [_told(day) for day in found.days],
        "hours": [_told(hour) for hour in found.hours],
        "yesterday": {
            "on": found.yesterday_on.isoformat(),
            **(asdict(one) | {"is_outside": one.is_outside} if one else {}),
        },
        "shares": {
            name: [asdict(share) for share in getattr(found, name)]
            for name in ("hastegrad", "age", "municipality")
        },
    }


def _told(one):
    return {
        "begins": one.begins.isoformat(),
        "expected": round(one.expected, 4),
        "low": one.low,
        "high": one.high,
    }
