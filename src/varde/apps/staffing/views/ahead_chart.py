"""The chart of the years ahead."""

from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from varde.apps.sentral.views.charts import finished
from varde.apps.staffing.queries.ahead import Ahead


COLOUR = "#1f5fa8"
BY_AGE = "#b3121d"


def people_by_year(found: Ahead, *, year: int) -> dict[str, Any]:
    """Doctors in the rota: the middle with its band, and a dashed line for age alone."""
    rows = [
        {
            "year": year + end.years,
            "low": end.low,
            "middle": end.middle,
            "high": end.high,
            "left": ages.left,
            "simulated": _("Med avgang og rekruttering"),
            "age": _("Om alle får fritak og ingen kommer"),
        }
        for end, ages in zip(found.years, found.ages, strict=True)
    ]
    words = [_("Med avgang og rekruttering"), _("Om alle får fritak og ingen kommer")]
    scale = alt.Scale(domain=words, range=[COLOUR, BY_AGE])
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelOverlap=True))
    )
    legend = alt.Legend(orient="top", columns=1, labelLimit=320)
    band = base.mark_area(opacity=0.2, color=COLOUR).encode(
        y=alt.Y("low:Q", title=_("Leger i vakt")), y2="high:Q"
    )
    middle = base.mark_line(point=True).encode(
        y="middle:Q",
        color=alt.Color("simulated:N", title=None, scale=scale, legend=legend),
    )
    age = base.mark_line(strokeDash=[6, 4], point=alt.OverlayMarkDef(shape="square"))
    age = age.encode(
        y="left:Q", color=alt.Color("age:N", title=None, scale=scale, legend=legend)
    )
    return finished(band + middle + age, _("Leger i vakt, år for år"))
