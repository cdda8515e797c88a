"""The charts of a comparison: what makes up the cost, and the hours of a week."""

from collections.abc import Sequence
from typing import Any

import altair as alt
from django.utils.translation import gettext as _

from varde.apps.sentral.views.charts import finished
from varde.apps.staffing.messages import model_words as words
from varde.apps.staffing.queries.comparison.shown import Shown
from varde.apps.staffing.queries.comparison.stored import to_amount
from varde.apps.staffing.views.load_charts import COLOURS, ROW, with_limits
from varde.engines.staffing_models.values import Item


PART_COLOURS = [
    "#1f5fa8", "#6a9fd4", "#b3121d", "#e2a0a4", "#8a6d00", "#777777", "#d9a900",
    "#4a4a4a", "#5b3a8c", "#1d7a3a", "#7fc49a",
]  # fmt: skip
MILLION = 1_000_000


def cost(shown: Sequence[Shown]) -> dict[str, Any]:
    """The parts of each model's cost as stacked bars: income to the left of nothing, and
    the net as a mark where the whole is known."""
    used = [
        item
        for item in Item
        if any(line["item"] == item for one in shown for line in one.row["lines"])
    ]
    rows = [
        {
            "model": one.title,
            "part": str(words.ITEM[Item(line["item"])]),
            "rank": list(Item).index(Item(line["item"])),
            "kroner": float(to_amount(line["amount"]).known) / MILLION,
        }
        for one in shown
        for line in one.row["lines"]
    ]
    order = [one.title for one in shown]
    titles = [str(words.ITEM[item]) for item in used]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y("model:N", sort=order, title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X(
                "sum(kroner):Q", title=_("Millioner kroner i året, strek ved netto")
            ),
            color=alt.Color(
                "part:N",
                title=None,
                sort=titles,
                scale=alt.Scale(
                    domain=titles,
                    range=[PART_COLOURS[list(Item).index(item)] for item in used],
                ),
                legend=alt.Legend(orient="top", columns=3, labelLimit=260),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    known = [
        {"model": one.title, "net": float(one.cost.known) / MILLION}
        for one in shown
        if one.cost.total is not None
    ]
    marks = (
        alt.Chart(alt.Data(values=known))
        .mark_tick(color="#000000", thickness=4, size=ROW)
        .encode(y=alt.Y("model:N", sort=order), x="net:Q")
    )
    spec = finished(bars + marks, _("Kostnaden del for del"))
    return spec | {"height": max(120, 2 * ROW * len(order))}


def load(shown: Sequence[Shown], *, limits: Sequence[float]) -> dict[str, Any]:
    """Hours of a mean week by group, with both limits."""
    parts = [_("Dagarbeid"), _("Vakt, aktiv"), _("Vakt, passiv"), _("Vakt, ikke målt")]
    rows, order = [], []
    for one in shown:
        for group in one.carried:
            bar = f"{one.title}: {words.GROUP[group['code']]}"
            order.append(bar)
            active = group["active_h"]
            values = (
                group["whole_h"] - group["duty_h"],
                active or 0,
                0 if active is None else group["duty_h"] - active,
                group["duty_h"] if active is None else 0,
            )
            rows += [
                {"bar": bar, "part": part, "rank": rank, "hours": round(hours, 2)}
                for rank, (part, hours) in enumerate(zip(parts, values, strict=True))
            ]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            y=alt.Y("bar:N", sort=order, title=None, axis=alt.Axis(labelLimit=300)),
            x=alt.X("sum(hours):Q", title=_("Timer i uka, strek ved grensene")),
            color=alt.Color(
                "part:N",
                title=None,
                sort=parts,
                scale=alt.Scale(
                    domain=parts, range=[COLOURS[0], COLOURS[2], COLOURS[3], COLOURS[4]]
                ),
                legend=alt.Legend(orient="top", columns=4),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    return with_limits(bars, limits, rows=len(order))
