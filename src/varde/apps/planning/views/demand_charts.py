"""The chart of what came and what is expected, as a Vega-Lite specification."""

from collections.abc import Sequence
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from varde.apps.planning.queries.demand_shown import Point
from varde.apps.sentral.views.charts import finished


CAME, EXPECTED = "#444444", "#1f5fa8"


def stretch(points: Sequence[Point], *, what: str, title: str) -> dict[str, Any]:
    """What came as a line, what is expected as a dashed one with its 90 % band."""
    came, expected = _("Kom"), _("Ventet, med 90 %-bånd")
    rows = [
        {
            "at": one.begins.isoformat(timespec="minutes"),
            "value": one.came if one.expected is None else one.expected,
            "low": one.low,
            "high": one.high,
            "line": came if one.expected is None else expected,
        }
        for one in points
        if one.came is not None or one.expected is not None
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("at:T", title=None, axis=alt.Axis(format="%d.%m", labelOverlap=True))
    )
    band = (
        base.transform_filter("datum.low != null")
        .mark_area(opacity=0.25, color=EXPECTED)
        .encode(y=alt.Y("low:Q", title=what), y2="high:Q")
    )
    looks = {came: (CAME, [1, 0]), expected: (EXPECTED, [6, 3])}
    there = {row["line"] for row in rows}
    words = [word for word in looks if word in there]
    line = base.mark_line(strokeWidth=2).encode(
        y=alt.Y("value:Q", title=what),
        color=alt.Color(
            "line:N",
            title=None,
            sort=words,
            scale=alt.Scale(domain=words, range=[looks[word][0] for word in words]),
            legend=alt.Legend(orient="top"),
        ),
        strokeDash=alt.StrokeDash(
            "line:N",
            sort=words,
            scale=alt.Scale(domain=words, range=[looks[word][1] for word in words]),
            legend=None,
        ),
    )
    return finished(band + line, title)
