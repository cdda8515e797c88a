"""A study of scenarios on one page, for the municipal council."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.queries import study_tables
from varde.apps.planning.queries.studies import Found, spread
from varde.apps.planning.scenarios.form import CHANGED
from varde.apps.staffing.access import Workplace
from varde.web.pdf import draw_pdf


# What a council needs on one page; the rest is on the screen and in the files.
SHOWN = (
    "answered", "reached", "doctor.akutt", "doctor.haster", "doctor.vanlig", "conflicts",
    "doctor_hours", "far_station", "far_doctor_night", "cost",
)  # fmt: skip
BAR = "doctor.haster"
MOST_CHANGES = 6


def draw_study(found: Found, *, workplace: Workplace, now: datetime) -> bytes:
    """The PDF of a study: figures, differences, ranking, and what it cannot say."""
    row = found.row
    made = timezone.localtime(row.started_at or row.made_at)
    chosen = [one for one in found.figures if one.code in SHOWN]
    titles = {words.figure_title(one.code) for one in chosen}
    by_id = {one["id"]: one for one in study_tables.tables(found)}
    told = {
        "name": row.name,
        "place": workplace.name,
        "printed": date_format(timezone.localtime(now), "j. F Y H:i"),
        "made": _(
            "Kjørt %(day)s av %(by)s med Varde %(version)s: %(n)s kjøringer av hvert "
            "scenario, frø %(seed)s."
        )
        % {
            "day": date_format(made, "j. F Y"),
            "by": (row.started_by or row.made_by).name,
            "version": row.version,
            "n": found.count,
            "seed": row.seed,
        },
        "scenarios": [
            f"{letter}: {title}"
            for letter, title in zip(_letters(found), found.titles, strict=True)
        ],
        "figures": _table(by_id["tall"], titles, ["", *_letters(found)]),
        "differences": _table(by_id["forskjell"], titles, ["", *_letters(found)[1:]])
        if "forskjell" in by_id
        else None,
        "bars": _bars(found),
        "bar_title": words.figure_title(BAR),
        "unknown": [
            str(words.UNVERIFIED),
            *study_tables.fewer(found),
            *study_tables.unknown_costs(found),
        ],
        "changes": _changes(found),
        "note": _(
            "± er halve bredden av et 95 % intervall: hvor nøyaktig simuleringen er, ikke "
            "hvor sikre antakelsene er. Alle antakelser med kilde står i Varde og i "
            "STRESS-DES-rapporten. Færre kontakter er ikke spart behov."
        ),
    }
    if all(one[3] for one in row.cost_grounds.get("sources", [])):
        told["unknown"] = told["unknown"][1:]
    return draw_pdf("varde.apps.planning.paper", "study.typ", told, at=now)


def _letters(found: Found) -> list[str]:
    return [chr(ord("A") + number) for number in range(len(found.scenarios))]


def _table(one: dict[str, Any], titles: set[str], heads: list[str]) -> dict[str, Any]:
    rows = [[str(cell) for cell in row] for row in one["rows"] if row[0] in titles]
    return {"title": str(one["title"]), "heads": heads, "rows": rows}


def _bars(found: Found) -> list[dict[str, Any]]:
    """A bar for each scenario, as a share of the longest."""
    figure = next((one for one in found.figures if one.code == BAR), None)
    if figure is None:
        return []
    means = [spread(values) for values in figure.values]
    largest = max((one.mean for one in means if one.mean is not None), default=None)
    return [
        {
            "title": letter,
            "share": round(100 * one.mean / largest, 2)
            if one.mean is not None and largest
            else None,
            "words": study_tables.told(one.mean, one.half, figure.unit),
        }
        for letter, one in zip(_letters(found), means, strict=True)
    ]


def _changes(found: Found) -> list[str]:
    """What was changed from the ready scenarios; how many more there are."""
    lines = list(
        dict.fromkeys(
            f"{letter}: {words.about_words(one.about)}. {one.source}"
            for letter, scenario in zip(_letters(found), found.scenarios, strict=True)
            for one in scenario.assumptions
            if one.source.startswith(CHANGED)
        )
    )
    more = len(lines) - MOST_CHANGES
    if more <= 0:
        return lines
    return [*lines[:MOST_CHANGES], _("%(n)s endringer til står i Varde.") % {"n": more}]
