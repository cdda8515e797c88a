"""A comparison of staffing models on paper, for the municipal council."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from varde.apps.records.models import StaffingComparison
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages.model_words import HOW, UNVERIFIED
from varde.apps.staffing.queries.comparison import shown, tables
from varde.apps.staffing.queries.comparison.shown import Shown
from varde.web.pdf import draw_pdf


LOAD_COLUMNS = (0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 15, 17)  # what a council needs


def draw_comparison(
    row: StaffingComparison, *, workplace: Workplace, now: datetime
) -> bytes:
    """The PDF of a comparison: figures, cost, load, what must be settled, assumptions."""
    found = shown.columns(row)
    by_id = {one["id"]: one for one in tables.tables(row, found)}
    listed = shown.listed(row, now=now)
    made = date_format(timezone.localtime(row.asked_at), "j. F Y")
    told = {
        "name": row.name,
        "place": workplace.name,
        "state": listed.state_words,
        "printed": date_format(timezone.localtime(now), "j. F Y H:i"),
        "made": _("Regnet %(day)s av %(by)s.") % {"day": made, "by": row.asked_by.name},
        "lead": _(
            "Alle tall er for 52 uker. Dagens vaktplan er regnet med de samme satsene og "
            "den samme aktiviteten som modellene."
        ),
        "figures": _table(by_id["tall"], align="right"),
        "unknown": [
            *([str(UNVERIFIED)] if shown.has_unverified(row) else []),
            *(f"{one.title}: {text}" for one in found for text in one.missing),
        ],
        "bars": _bars(found),
        "cost": _table(by_id["kostnad"], align="right"),
        "load": _table(by_id["belastning"], align="right", columns=LOAD_COLUMNS),
        "obstacles": [
            {
                "title": one.title,
                "lines": [
                    f"{text} ({source})" if source else text
                    for text, source in one.obstacles
                ]
                or [_("Ingenting er kjent som står i veien.")],
            }
            for one in found
            if one.model
        ],
        "assumed": _table(by_id["antakelser"], align="left"),
        "sources": _table(by_id["kilder"], align="left"),
        "how": [str(text) for text in HOW],
    }
    return draw_pdf("varde.apps.staffing.paper", "comparison.typ", told, at=now)


def _table(
    one: Mapping[str, Any], *, align: str, columns: Sequence[int] | None = None
) -> dict[str, Any]:
    wanted = range(len(one["heads"])) if columns is None else columns
    return {
        "heads": [str(one["heads"][n]) for n in wanted],
        "rows": [[str(row[n]) for n in wanted] for row in one["rows"]],
        "align": align,
    }


def _bars(found: Sequence[Shown]) -> list[dict[str, Any]]:
    """A bar for each cost that is known, as a share of the largest; none for income."""
    known = [one.cost.total for one in found if one.cost.total is not None]
    largest = max(known, default=None)
    bars = []
    for one in found:
        cost = one.cost.total
        share = None
        if cost is not None and largest is not None and largest > 0 and cost > 0:
            share = round(float(100 * cost / largest), 2)
        bars.append({"title": one.title, "share": share, "words": tables.net(one.cost)})
    return bars
