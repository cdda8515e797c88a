"""`varde rota solve FILE`: solve a public rostering instance, and write the roster."""

import csv
import json
import math
import signal
import time
from pathlib import Path
from threading import Event

from django.core.management.base import BaseCommand

from varde.domain.errors import BadInput
from varde.engines.rostering.public import FORMATS, PublicInstance, read_public
from varde.engines.rostering.search import Limits, Status


BAD_INPUT = 2  # exit status
NO_ROSTER = 1
MOST_SECONDS = 24 * 60 * 60


class Command(BaseCommand):
    help = (
        "Solve a public rostering instance: Curtois' text format or that of the first"
        " nurse rostering competition (inrc1). The best roster is judged by a checker"
        " that knows nothing of the solver, and written as one line for each person:"
        " the ID and the shift of each day, empty when free. Ctrl+C ends the search and"
        " keeps the best. Ends with 2 when the file cannot be read, with 1 when no"
        " roster was found. No database is used."
    )
    requires_system_checks = ()  # it reads nothing but the file

    def add_arguments(self, parser):
        """The one action, the file, and for how long."""
        parser.add_argument("action", choices=["solve"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--seconds", type=float, default=60.0)
        parser.add_argument("--workers", type=int, default=2, choices=[1, 2])
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument(
            "--effort",
            type=float,
            default=math.inf,
            help="end after so much work; with --workers 1 the same seed then gives the"
            " same roster each time, unless the seconds are over before",
        )
        parser.add_argument("--solution", type=Path, help="a CSV file to write")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, **options):
        """Read, solve, judge, write, and print what it came to."""
        seconds = options["seconds"]
        if not 0 < seconds <= MOST_SECONDS:
            self._refuse(
                f"--seconds is {seconds}, and must be more than 0 and at most"
                f" {MOST_SECONDS}.\nNothing was solved. Write for example --seconds 600."
            )
        instance = self._read(options["file"], options["format"])
        limits = Limits(
            seconds=seconds,
            workers=options["workers"],
            seed=options["seed"],
            effort=options["effort"],
        )
        solved = instance.solve(
            limits=limits,
            clock=time.monotonic,
            on_better=lambda found: self._tell(found, quiet=options["json"]),
            stop=_stop_on_interrupt(),
        )
        self._print(instance, solved, as_json=options["json"])
        if solved.roster is None:
            raise SystemExit(NO_ROSTER)
        if options["solution"]:
            self._write(options["solution"], instance, solved.roster)

    def _refuse(self, text):
        self.stderr.write(text)
        raise SystemExit(BAD_INPUT)

    def _read(self, file, format):
        try:
            return read_public(file.read_bytes(), file=str(file), format=format)
        except BadInput as fault:
            self._refuse(str(fault))
        except OSError as fault:
            self._refuse(
                f"{file}: cannot be read ({fault.strerror}).\n"
                "Nothing was solved. Name a file that you may read."
            )

    def _tell(self, found, *, quiet):
        if not quiet:
            bound = "–" if found.bound is None else found.bound
            self.stdout.write(f"{found.seconds:8.1f} s  {found.objective}  (≥ {bound})")

    def _print(self, instance: PublicInstance, solved, *, as_json):
        is_feasible = solved.roster is not None and instance.is_allowed(solved.roster)
        objective = instance.objective(solved.roster) if solved.roster else None
        if as_json:
            figures = {
                "feasible": is_feasible,
                "objective": objective,
                "bound": solved.bound,
                "seconds_to_first": _rounded(solved.seconds_to_first),
                "seconds": _rounded(solved.seconds),
            }
            self.stdout.write(json.dumps(figures))
        elif solved.roster is None:
            exists = (
                "None exists" if solved.status == Status.IMPOSSIBLE else "Try longer"
            )
            self.stdout.write(f"No roster was found. {exists}.")
        else:
            proof = ", proven best" if solved.status == Status.PROVEN else ""
            allowed = "allowed" if is_feasible else "NOT ALLOWED"
            self.stdout.write(
                f"{allowed}, costs {objective}{proof}, at least {solved.bound};"
                f" first after {solved.seconds_to_first:.1f} s, all {solved.seconds:.1f} s"
            )

    def _write(self, file, instance, roster):
        try:
            with file.open("w", newline="", encoding="utf-8") as opened:
                rows = csv.writer(opened, lineterminator="\n")
                for person, days in zip(instance.people, roster, strict=True):
                    rows.writerow([person, *days])
        except OSError as fault:
            self._refuse(
                f"{file}: cannot be written ({fault.strerror}).\n"
                "Name a file in a folder that exists and that you may write in."
            )


def _rounded(seconds):
    return None if seconds is None else round(seconds, 3)


def _stop_on_interrupt():
    """Ctrl+C, or a request to end, stops the search and keeps what it has found."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop
