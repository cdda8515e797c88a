"""`varde triage-check FILE`: NEWS2 beside the experts' triage level."""
# ruff: noqa: N999  the file's name is the command's

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from varde.apps.sentral.management.arguments import reading
from varde.domain.news2 import MIN_AGE_YEARS, Band
from varde.engines.triage.attendance_set import COLUMNS, read_attendances
from varde.engines.triage.news2_agreement import BANDS, Agreement, news2_agreement


BAND_HEADINGS = {
    Band.LOW: "low 0-4",
    Band.MEDIUM: "medium 5-6",
    Band.HIGH: "high 7-20",
}


class Command(BaseCommand):
    help = (
        "Count NEWS2 beside the experts' level over a set of emergency attendances (CSV in"
        f" UTF-8, of which {', '.join(COLUMNS)} are read; an empty field or ?? was not"
        " measured). An attendance is complete with all six measurements: respiration,"
        " saturation, systolic pressure, pulse, temperature and consciousness. Air, SpO2"
        " scale 1 and not pregnant are assumed; Mental 1 is alert and all else is not. The"
        " bands are those of the total. Complete attendances under"
        f" {MIN_AGE_YEARS} years or of unknown age get no NEWS2: they are counted as"
        " complete, are in neither table, and their number is told on the error stream. A"
        " plain measurement, not a target. Ends with 2 when the file cannot be read."
    )
    requires_system_checks = ()  # it reads nothing but the file

    def add_arguments(self, parser):
        """The file, and the form of the answer."""
        parser.add_argument("file", type=Path, help="the set")
        parser.add_argument(
            "--json", action="store_true", help="one JSON object on standard output"
        )

    def handle(self, *, file, **options):
        """Print the agreement, or end with 2 and say why."""
        with reading(self, file) as opened:
            found = news2_agreement(read_attendances(opened, file=file.name))
        if found.not_for_news2:
            self.stderr.write(
                f"{found.not_for_news2} complete attendances are under {MIN_AGE_YEARS} "
                "years or of unknown age. NEWS2 is not for them: they got no score."
            )
        self.stdout.write(
            json.dumps(_figures(found)) if options["json"] else _table(found)
        )


def _figures(found: Agreement) -> dict[str, object]:
    return {
        "rows": found.rows,
        "complete": found.complete,
        "news2_counts": {str(total): n for total, n in found.by_total.items()},
        "by_expert_level": {
            str(level): {band.value: n for band, n in bands.items()}
            for level, bands in found.by_level.items()
        },
    }


def _table(found: Agreement) -> str:
    scored = sum(found.by_total.values())
    heads = "".join(f"{BAND_HEADINGS[band]:>12}" for band in BANDS)
    first = f"{found.rows} attendances, {found.complete} with all six measurements, "
    lines = [
        f"{first}{scored} with a NEWS2.",
        "",
        f"{'expert level':<14}{heads}{'all':>8}{'of low: a 3 in one sign':>26}",
    ]
    for level, bands in found.by_level.items():
        counts = "".join(f"{bands[band]:>12}" for band in BANDS)
        lines.append(
            f"{level:<14}{counts}{sum(bands.values()):>8}"
            f"{found.low_with_red_sign[level]:>26}"
        )
    lines += ["", f"{'NEWS2':<14}{'attendances':>12}"]
    lines += [f"{total:<14}{n:>12}" for total, n in found.by_total.items()]
    lines += [
        "",
        "Level 1 is the most urgent. Air, SpO2 scale 1 and not pregnant are assumed.",
    ]
    return "\n".join(lines)
