"""The station's charts as Vega-Lite specifications, with the sentral's look."""

from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from varde.apps.sentral.messages import HASTEGRAD
from varde.apps.sentral.views.charts import finished
from varde.apps.station.queries.numbers import StationNumbers
from varde.domain.hastegrad import ARRIVAL
from varde.domain.wait_figures import WaitFigures


COLOURS = ["#b3121d", "#c85a00", "#d9a900", "#1d7a3a", "#1f5fa8"]  # as ARRIVAL.codes


def drawn_with(
    tables: list[dict[str, Any]], numbers: StationNumbers
) -> list[dict[str, Any]]:
    """The tables, each with the chart that goes with it."""
    groups = {"tilsyn": numbers.to_look, "lege": numbers.to_doctor}
    return [
        made
        | {
            "charts": [_chart(made, dict(groups[made["id"]]))]
            if made["id"] in groups
            else []
        }
        for made in tables
    ]


def _chart(made: dict[str, Any], groups: dict[str, WaitFigures]) -> dict[str, Any]:
    return {
        "id": made["id"],
        "element": f"c-{made['id']}",
        "title": made["title"],
        "spec": waits_by_level(groups, title=made["title"]),
    }


def waits_by_level(groups: dict[str, WaitFigures], *, title: str) -> dict[str, Any]:
    """The median as a bar and the 90th percentile as a line, for each hastegrad.

    A hastegrad that nobody had has neither.
    """
    values = [
        {
            "level": str(HASTEGRAD[code]),
            "median": groups[code].median_min,
            "p90": groups[code].p90_min,
        }
        for code in ARRIVAL.codes
        if groups[code].median_min is not None
    ]
    levels = [str(HASTEGRAD[code]) for code in ARRIVAL.codes]
    base = alt.Chart(alt.Data(values=values)).encode(
        y=alt.Y("level:N", sort=levels, title=None)
    )
    bars = base.mark_bar().encode(
        x=alt.X("median:Q", title=_("Minutter: median, og strek ved 90-persentilen")),
        color=alt.Color(
            "level:N",
            legend=None,
            scale=alt.Scale(domain=levels, range=COLOURS),
        ),
    )
    ticks = base.mark_tick(thickness=3, color="#444").encode(x="p90:Q")
    return finished(bars + ticks, title)
