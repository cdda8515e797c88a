"""The charts of load as Vega-Lite specifications, with the look of the sentral's."""

from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from varde.apps.sentral.views.charts import finished
from varde.apps.staffing.queries.load import Load, PersonLoad


COLOURS = ["#1f5fa8", "#6a9fd4", "#b3121d", "#e2a0a4", "#777777"]
LIMIT = "#444444"
ROW = 24  # pixels a person


def drawn_with(tables: list[dict[str, Any]], found: Load) -> list[dict[str, Any]]:
    """The tables; those of people with their chart."""
    charts = {"personer": _by_person(found)} if found.people else {}
    return [
        made
        | {
            "charts": [
                {
                    "id": made["id"],
                    "element": f"c-{made['id']}",
                    "title": made["title"],
                    "spec": charts[made["id"]],
                }
            ]
            if made["id"] in charts
            else []
        }
        for made in tables
    ]


def _parts() -> list[tuple[str, str]]:
    return [
        ("practice_h", _("Praksis")),
        ("municipal_h", _("Kommunalt")),
        ("active_h", _("Vakt, aktiv")),
        ("passive_h", _("Vakt, passiv")),
        ("unmeasured_h", _("Vakt, ikke målt")),
    ]


def _by_person(found: Load) -> dict[str, Any]:
    """Hours of a mean week as stacked bars, with both limits; of one person week by week."""
    if len(found.people) == 1:
        bars = [
            (_("uke %(n)s") % {"n": week.monday.isocalendar().week}, week)
            for week in found.people[0].weeks
        ]
        values = [
            (name, part, getattr(week, part) or 0)
            for name, week in bars
            for part, _word in _parts()
        ]
        order = [name for name, _week in bars]
    else:
        people: list[PersonLoad] = sorted(found.people, key=lambda one: -one.mean_h)
        values = [
            (one.name, part, one.mean(part))
            for one in people
            for part, _word in _parts()
        ]
        order = [one.name for one in people]
    return _stacked(values, order=order, limits=found.rules.limits_h)


def _stacked(
    values: list[tuple[str, str, float]],
    *,
    order: list[str],
    limits: tuple[float, float],
) -> dict[str, Any]:
    words = dict(_parts())
    rank = {part: place for place, (part, _word) in enumerate(_parts())}
    rows = [
        {"bar": bar, "part": words[part], "rank": rank[part], "hours": round(hours, 2)}
        for bar, part, hours in values
    ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y("bar:N", sort=order, title=None),
            x=alt.X("sum(hours):Q", title=_("Timer i uka, strek ved grensene")),
            color=alt.Color(
                "part:N",
                title=None,
                sort=list(words.values()),
                scale=alt.Scale(domain=list(words.values()), range=COLOURS),
                legend=alt.Legend(orient="top", columns=3),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    return with_limits(bars, limits, rows=len(order))


def with_limits(bars, limits, *, rows):
    """Bars of hours a week with the limits as lines across them."""
    lines = (
        alt.Chart(alt.Data(values=[{"limit": limit} for limit in limits]))
        .mark_rule(color=LIMIT, strokeDash=[6, 4], strokeWidth=2)
        .encode(x="limit:Q")
    )
    spec = finished(bars + lines, _("Timer i uka"))
    return spec | {"height": max(120, ROW * rows)}
