"""`varde access summary`, `far`, `close`, `open`, `move`, `sites`: how far people have."""

import json
import math
from datetime import date
from pathlib import Path

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.planning import travel_changes, travel_figures
from varde.apps.planning.geography_folder import (
    assumptions_on,
    kept_survey,
    read_folder,
)
from varde.apps.sentral.management.arguments import day, refuse, using_folder
from varde.engines.access.catchments import Hours
from varde.engines.access.survey import surveyed


class Command(BaseCommand):
    help = (
        "How far people have to a legevakt: to the nearest station and to the one they "
        "have agreed on, what closing, opening or moving one changes, and the best sites. "
        "Nothing is stored."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        """One word for the question, then where the geography is."""
        acts = parser.add_subparsers(dest="act", required=True, metavar="WHAT")
        self._act(acts, "summary", "shares by minutes, by centrality and age")
        acts.choices["summary"].add_argument(
            "--municipalities", action="store_true", help="each municipality too"
        )
        self._act(acts, "far", "the places from which people have more than 60 minutes")
        close = self._act(acts, "close", "what closing a station changes")
        close.add_argument("--station", required=True, metavar="CODE")
        close.add_argument(
            "--into",
            metavar="CODE",
            help="the station that takes over; else the nearest",
        )
        for name, about in (
            ("open", "what one more station changes"),
            ("move", "what moving a station changes"),
        ):
            act = self._act(acts, name, about)
            if name == "move":
                act.add_argument("--station", required=True, metavar="CODE")
            act.add_argument("--lon", type=float, required=True, help="degrees east")
            act.add_argument("--lat", type=float, required=True, help="degrees north")
        sites = self._act(acts, "sites", "which of the stations to keep, if so many")
        sites.add_argument("--count", type=int, required=True)
        sites.add_argument(
            "--by",
            choices=travel_changes.GOALS,
            default="cover",
            help="people within --within minutes, the mean time, or the mean where the "
            "far count for more",
        )
        sites.add_argument("--within", type=float, default=40.0, metavar="MINUTES")
        sites.add_argument("--weight", choices=("people", "contacts"), default="people")

    def _act(self, acts, name, about):
        act = acts.add_parser(name, help=about)
        act.add_argument(
            "--data", type=Path, metavar="DIR", help="a folder with the official files"
        )
        act.add_argument("--year", type=int, help="with --data; else the newest")
        act.add_argument("--on", metavar="DATE", help="the agreements of this day")
        act.add_argument(
            "--hours", choices=[one.value for one in Hours], default=Hours.ALWAYS.value
        )
        act.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )
        return act

    def handle(self, *, act, **options):
        """Print the answer, or end with 2 and say why."""
        on = day(self, "--on", options["on"]) if options["on"] else timezone.localdate()
        with using_folder(self, options["data"]):
            found, geography = self._measured(on, options)
            figures = getattr(self, f"_{act}")(found, geography, options)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        elif act == "summary":
            self.stdout.write(travel_figures.summary_words(found))
        else:
            self.stdout.write(json.dumps(figures, indent=2, ensure_ascii=False))

    def _measured(self, on: date, options):
        assumptions = assumptions_on(on)
        if options["data"] is None:
            survey, geography = kept_survey(home=settings.VARDE_HOME), None
        else:
            geography = read_folder(
                options["data"], assumptions=assumptions, year=options["year"]
            )
            survey = surveyed(geography)
        return (
            travel_figures.measured(
                survey, assumptions=assumptions, on=on, hours=Hours(options["hours"])
            ),
            geography,
        )

    def _summary(self, found, geography, options):
        return travel_figures.summary_figures(
            found, municipalities=options["municipalities"]
        )

    def _far(self, found, geography, options):
        return {
            question: travel_figures.far_figures(found, question)
            for question in travel_figures.QUESTIONS
        }

    def _close(self, found, geography, options):
        station, into = self._number(found, options["station"]), None
        if options["into"] is not None:
            into = self._number(found, options["into"])
            if into == station:
                refuse(self, "--into is the station that closes. Name another one.")
        return travel_changes.close_figures(
            found, geography, station=station, into=into
        )

    def _open(self, found, geography, options):
        return travel_changes.open_figures(
            found, self._roads(geography), place=self._place(options)
        )

    def _move(self, found, geography, options):
        return travel_changes.move_figures(
            found,
            self._roads(geography),
            station=self._number(found, options["station"]),
            place=self._place(options),
        )

    def _sites(self, found, geography, options):
        most = len(found.survey.station)
        if not 1 <= options["count"] <= most:
            refuse(self, f"--count is {options['count']}, and not from 1 to {most}.")
        return travel_changes.site_figures(
            found,
            count=options["count"],
            by=options["by"],
            within_min=options["within"],
            weight=options["weight"],
        )

    def _roads(self, geography):
        if geography is None:
            refuse(
                self,
                "A new place is measured on the roads, and they are not kept.\n"
                "Name the folder with the official files with --data.",
            )
        return geography

    def _place(self, options):
        if not (math.isfinite(options["lon"]) and math.isfinite(options["lat"])):
            refuse(self, "--lon and --lat are degrees, as in --lon 13.2 --lat 65.8.")
        return options["lon"], options["lat"]

    def _number(self, found, code):
        there = np.flatnonzero(found.survey.station == code)
        if not len(there):
            pairs = zip(found.survey.station, found.survey.station_name, strict=True)
            known = ", ".join(f"{one} ({name})" for one, name in pairs)
            refuse(self, f"No station has the code {code!r}. Known: {known}.")
        return int(there[0])
