"""`varde operators`: what a number of operators gives, and how many are needed."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from varde.apps.planning.queries.staffing_week import (
    CallsDoNotTell,
    Given,
    next_monday,
    staffing_week,
)
from varde.apps.records.settings import starters
from varde.apps.sentral.management.arguments import reading, refuse, sentral_named
from varde.engines.forecast.model import TooLittleHistory
from varde.engines.telephony import own_calls as measuring
from varde.engines.telephony.availability import with_breaks
from varde.engines.telephony.call_log import Outcome, read_call_log
from varde.engines.telephony.operators import (
    Callers,
    Norm,
    needed,
    needed_by_erlang_c,
    rows,
)
from varde.engines.telephony.own_calls import OwnCall


ROWS_BEYOND = 2  # more than the formulas ask for, to see what they give
OPTION_OF = {
    "mean_call_min": "--aht-min",
    "mean_patience_min": "--patience-min",
    "availability": "--availability",
}


class Command(BaseCommand):
    help = (
        "Operators for the telephone by Erlang-C and Erlang-A. With --calls-per-hour,"
        " --aht-min and --patience-min: a row for each number of operators. With --calls"
        " FILE (a call log): what the calls say, and the availability that gives their"
        " own share hung up. With --sentral CODE: operators for each half hour of a week"
        " from the forecast of its own calls, and what one more or one fewer does. The"
        " norm is the one that Varde ships. Ends with 2 when the input cannot be used."
    )
    requires_system_checks = ()  # it writes nothing

    def add_arguments(self, parser):
        """Rates, a log or a sentral; then what holds for all."""
        of = parser.add_mutually_exclusive_group(required=True)
        of.add_argument("--calls-per-hour", type=float)
        of.add_argument("--calls", type=Path, metavar="FILE", dest="log")
        of.add_argument("--sentral", metavar="CODE")
        parser.add_argument("--aht-min", type=float, help="mean handling time, minutes")
        parser.add_argument("--patience-min", type=float, help="mean patience, minutes")
        parser.add_argument(
            "--availability",
            type=float,
            help="the part of those on duty that is free to take calls; 1 where nothing"
            " is said, and with --sentral as its own calls say",
        )
        parser.add_argument(
            "--break-min", type=float, default=0.0, help="breaks in a duty, minutes"
        )
        parser.add_argument("--duty-min", type=float, default=480.0)
        parser.add_argument("--limit-min", type=float, help="default: answer.limit_s")
        parser.add_argument("--share", type=float, help="default: answer.goal_share")
        parser.add_argument(
            "--most-abandoned", type=float, help="a second goal: at most this share"
        )
        parser.add_argument(
            "--at-least",
            type=int,
            help="never fewer; default 1, and with --sentral 2: nobody is alone",
        )
        parser.add_argument(
            "--week", metavar="2026-W50", help="with --sentral; default: the next"
        )
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, log, sentral, **options):
        """Print rows, a fit or a week, or end with 2 and say why."""
        try:
            norm = _norm(options, at_least=2 if sentral else 1)
            if log is not None:
                self._fit(log, norm=norm, as_json=options["json"])
            elif sentral is not None:
                self._week(sentral, norm=norm, options=options)
            else:
                self._rows(norm=norm, options=options)
        except ValueError as fault:
            refuse(
                self,
                f"{fault}.\nNothing was computed. Correct the option, and run the"
                " command again.",
            )

    # --------------------------------------------------------------------- rates

    def _rows(self, *, norm, options):
        missing = [
            name
            for name, key in (
                ("--aht-min", "aht_min"),
                ("--patience-min", "patience_min"),
            )
            if options[key] is None
        ]
        if missing:
            raise ValueError(f"--calls-per-hour needs {' and '.join(missing)} too")
        callers = Callers(
            mean_call_min=options["aht_min"],
            mean_patience_min=options["patience_min"],
            availability=_availability(options),
        )
        rate = options["calls_per_hour"]
        by_a = needed(rate, callers=callers, norm=norm)
        by_c = needed_by_erlang_c(rate, callers=callers, norm=norm)
        found = rows(
            rate, callers=callers, norm=norm, until=max(by_a, by_c) + ROWS_BEYOND
        )
        if options["json"]:
            figures = {
                "calls_per_hour": rate,
                "erlangs": rate * callers.mean_call_min / 60,
                "callers": asdict(callers),
                "norm": asdict(norm),
                "needed": {"erlang_c": by_c, "erlang_a": by_a},
                "rows": [
                    {
                        "operators": row.operators,
                        "erlang_c": _service(row.erlang_c),
                        "erlang_a": _service(row.erlang_a),
                    }
                    for row in found
                ],
            }
            self.stdout.write(json.dumps(figures))
            return
        limit = f"{norm.limit_min:g} min"
        self.stdout.write(
            f"operators   Erlang-C: in {limit}   Erlang-A: in {limit}  hung up  mean wait"
        )
        for row in found:
            a = row.erlang_a
            self.stdout.write(
                f"{row.operators:9}{row.erlang_c.answered_within:19.1%}"
                f"{a.answered_within:19.1%}{a.abandoned:9.1%}{60 * a.mean_wait_min:9.0f} s"
            )
        self.stdout.write(f"Needed: {by_a} (Erlang-A), {by_c} (Erlang-C)")

    # --------------------------------------------------------------------- a log

    def _fit(self, file, *, norm, as_json):
        with reading(self, file) as opened:
            calls = [
                OwnCall(
                    rang_at=call.ringing_at,
                    answered_at=call.answered_at,
                    ended_at=call.ended_at,
                    operator=call.operator,
                )
                for call in read_call_log(opened, file=str(file), zone=UTC)
                if call.outcome is not Outcome.FAULT
            ]
        measured = measuring.measure(calls, limit_min=norm.limit_min)
        if measured is None:
            raise ValueError(f"{file}: in no hour was an operator seen with a call")
        fitted = measuring.fit(measured, limit_min=norm.limit_min)
        figures = _measured(measured) | {"erlang_a": _fitted(fitted)}
        if as_json:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:20}{'–' if value is None else value}")

    # ----------------------------------------------------------------- a sentral

    def _week(self, code, *, norm, options):
        sentral = sentral_named(self, code)
        now = timezone.now()
        monday = _monday(options["week"]) if options["week"] else next_monday(now)
        given = Given(
            mean_call_min=options["aht_min"],
            mean_patience_min=options["patience_min"],
            availability=None
            if options["availability"] is None
            else _availability(options),
        )
        try:
            found = staffing_week(
                sentral, monday=monday, norm=norm, given=given, now=now
            )
        except TooLittleHistory as fault:
            raise ValueError(
                f"sentral {code} has too little history: {fault}"
            ) from None
        except CallsDoNotTell as fault:
            options = ", ".join(OPTION_OF[name] for name in fault.missing)
            raise ValueError(
                f"the calls of {code} do not tell: give {options}"
            ) from None
        if options["json"]:
            self.stdout.write(json.dumps(_week_figures(code, found, norm=norm)))
            return
        for one in found.half_hours:
            chosen = one.needs.chosen
            self.stdout.write(
                f"{one.begins:%a %d.%m %H:%M}{one.needs.calls_per_hour:7.1f}/h"
                f"{one.needs.operators:4}{chosen.answered_within:9.1%}"
                f"{chosen.abandoned:8.1%} hung up"
            )
        self.stdout.write(f"{found.operator_hours:.1f} operator hours")


def _norm(options, *, at_least):
    shipped = {
        row["key"]: row["value"] for row in starters() if not row.get("valid_to")
    }
    limit, share = options["limit_min"], options["share"]
    return Norm(
        limit_min=shipped["answer.limit_s"] / 60 if limit is None else limit,
        share=shipped["answer.goal_share"] if share is None else share,
        most_abandoned=options["most_abandoned"],
        at_least=at_least if options["at_least"] is None else options["at_least"],
    )


def _availability(options):
    chosen = 1.0 if options["availability"] is None else options["availability"]
    return with_breaks(
        chosen, break_min=options["break_min"], shift_min=options["duty_min"]
    )


def _monday(text):
    try:
        return datetime.strptime(f"{text}-1", "%G-W%V-%u")  # noqa: DTZ007 local clock
    except ValueError:
        raise ValueError(f"--week is {text!r}, and not a week as 2026-W50") from None


def _service(found):
    """A row as JSON, which has no number for a wait without end."""
    named = asdict(found)
    named["mean_wait_s"] = (
        60 * found.mean_wait_min if isfinite(found.mean_wait_min) else None
    )
    del named["mean_wait_min"]
    return named


def _measured(found):
    calls = found.calls
    return {
        "hours": len(found.hours),
        "calls": sum(hour.calls for hour in found.hours),
        "left_out": found.left_out,
        "answered_within": found.answered_within,
        "abandoned": found.abandoned,
        "must_wait": found.must_wait,
        "mean_wait_s": 60 * found.mean_wait_min,
        "mean_call_min": found.mean_call_min,
        "mean_patience_min": calls.mean_patience_min if calls else None,
    }


def _fitted(fitted):
    if fitted is None:
        return None
    return {"availability": fitted.availability} | _service(fitted.whole)


def _week_figures(code, found, *, norm):
    return {
        "sentral": code,
        "norm": asdict(norm),
        "callers": asdict(found.callers),
        "measured": _measured(found.measured) if found.measured else None,
        "erlang_a": _fitted(found.fitted),
        "operator_hours": found.operator_hours,
        "half_hours": [
            {
                "begins": one.begins.isoformat(),
                "calls_per_hour": one.needs.calls_per_hour,
                "erlangs": one.needs.load,
                "operators": one.needs.operators,
                "fewer": _service(one.needs.fewer) if one.needs.fewer else None,
                "chosen": _service(one.needs.chosen),
                "more": _service(one.needs.more),
            }
            for one in found.half_hours
        ],
    }
