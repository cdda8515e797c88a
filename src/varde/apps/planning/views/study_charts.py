"""The charts of a study: each scenario as a point with its interval."""

from collections.abc import Sequence
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from varde.apps.planning.messages import scenario_words as words
from varde.apps.planning.queries.studies import Found, spread
from varde.apps.planning.scenarios import figures as kinds
from varde.apps.planning.scenarios.figures import Figure
from varde.apps.sentral.views.charts import finished


COLOURS = ["#1f5fa8", "#b3121d", "#1d7a3a", "#8a6d00", "#5b3a8c", "#4a4a4a"]
SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
ROW = 34  # pixels a figure


def charts(found: Found) -> list[dict[str, Any]]:
    """The charts that there is something to draw in."""
    groups = (
        ("minutter", _("Minutter til hjelp og til lege"), kinds.MINUTES, _("Minutter")),
        ("andeler", _("Andeler"), kinds.SHARE, _("Prosent")),
    )
    made = []
    for key, title, unit, axis in groups:
        chosen = [f for f in found.figures if f.unit == unit]
        rows = _points(found, chosen)
        if rows:
            made.append(
                {
                    "id": key,
                    "element": f"c-{key}",
                    "title": title,
                    "spec": _drawn(rows, found.titles, title=title, axis=axis),
                }
            )
    return made


def _points(found: Found, chosen: Sequence[Figure]) -> list[dict[str, Any]]:
    rows = []
    for figure in chosen:
        scale = 100 if figure.unit == kinds.SHARE else 1
        for number, title in enumerate(found.titles):
            one = spread(figure.values[number])
            if one.mean is not None:
                half = (one.half or 0.0) * scale
                mean = one.mean * scale
                rows.append(
                    {
                        "figure": words.figure_title(figure.code),
                        "scenario": title,
                        "mean": round(mean, 3),
                        "low": round(max(0.0, mean - half), 3),  # none is below nothing
                        "high": round(mean + half, 3),
                    }
                )
    return rows


def _drawn(
    rows: Sequence[dict[str, Any]], titles: Sequence[str], *, title: str, axis: str
) -> dict[str, Any]:
    order = list(dict.fromkeys(row["figure"] for row in rows))
    where = {
        "y": alt.Y("figure:N", sort=order, title=None, axis=alt.Axis(labelLimit=260)),
        "yOffset": alt.YOffset("scenario:N", sort=list(titles)),
        "color": alt.Color(
            "scenario:N", title=None, sort=list(titles),
            scale=alt.Scale(domain=list(titles), range=COLOURS[: len(titles)]),
            legend=alt.Legend(orient="top", columns=1, labelLimit=500),
        ),
    }  # fmt: skip
    base = alt.Chart(alt.Data(values=list(rows)))
    bars = base.mark_rule(strokeWidth=2).encode(
        x=alt.X("low:Q", title=axis), x2="high:Q", **where
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        x="mean:Q",
        shape=alt.Shape(
            "scenario:N", title=None, sort=list(titles),
            scale=alt.Scale(domain=list(titles), range=SHAPES[: len(titles)]),
        ),
        **where,
    )  # fmt: skip
    spec = finished(bars + points, title)
    return spec | {"height": max(160, ROW * len(order) * max(1, len(titles) // 2))}
