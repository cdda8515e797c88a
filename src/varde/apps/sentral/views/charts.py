"""Charts as Vega-Lite specifications, made with Altair and drawn in the page."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from varde.apps.sentral import choices, messages
from varde.apps.sentral.queries.numbers import PHONE, Row


COLOURS = {
    "akutt": "#b3121d",
    "haster": "#d9a900",
    "vanlig": "#1d7a3a",
    "rad": "#1f5fa8",
}
HEIGHT = 220  # pixels


def drawn_with(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tables, each with the charts that go with it."""
    return [table | {"charts": _charts(table)} for table in tables]


def _charts(table: dict[str, Any]) -> list[dict[str, Any]]:
    rows, title = table["chart_rows"], table["title"]
    specs = []
    if table["chart"] == "contacts":
        specs = [contacts_by(rows, title=title)]
    elif table["chart"] == "advice":
        specs = [contacts_by(rows, title=title), share_advice_by(rows, title=title)]
    elif table["chart"] == "answers":
        specs = [answer_time_by(rows, goal=table["goal"], title=title)]
    return [
        {
            "id": f"{table['id']}-{number}",
            "element": f"c-{table['id']}-{number}",
            "title": title,
            "spec": spec,
        }
        for number, spec in enumerate(specs)
    ]


def contacts_by(rows: Sequence[Row], *, title: str) -> dict[str, Any]:
    """Contacts in each group, stacked by hastegrad on the phone axis."""
    values = [
        {
            "group": row.label,
            "level": str(messages.HASTEGRAD[code]),
            "rank": rank,
            "contacts": getattr(row.tally, code),
        }
        for row in rows
        for rank, code in enumerate(PHONE)
    ]
    levels = [str(messages.HASTEGRAD[code]) for code in PHONE]
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_bar()
        .encode(
            x=alt.X("group:N", sort=None, title=None, axis=alt.Axis(labelOverlap=True)),
            y=alt.Y("sum(contacts):Q", title=str(choices.CONTACTS)),
            color=alt.Color(
                "level:N",
                title=None,
                sort=levels,
                scale=alt.Scale(domain=levels, range=[COLOURS[c] for c in PHONE]),
                legend=alt.Legend(orient="top"),
            ),
            order=alt.Order("rank:Q"),
        )
    )
    return finished(chart, title)


def share_advice_by(rows: Sequence[Row], *, title: str) -> dict[str, Any]:
    """The share that ended in advice, in each group. A group of none has no point."""
    values = [
        {"group": row.label, "share": row.tally.share_advice}
        for row in rows
        if row.tally.share_advice is not None
    ]
    chart = (
        alt.Chart(alt.Data(values=values))
        .mark_line(point=True)
        .encode(
            x=alt.X("group:N", sort=None, title=None, axis=alt.Axis(labelOverlap=True)),
            y=alt.Y(
                "share:Q",
                title=str(choices.SHARE_ADVICE),
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
        )
    )
    return finished(chart, title)


def answer_time_by(rows: Sequence[Any], *, goal: float, title: str) -> dict[str, Any]:
    """The share answered within the limit, hour by hour, with the goal as a line."""
    values = [
        {"group": row.label, "share": row.figures.share_2min}
        for row in rows
        if row.figures.share_2min is not None
    ]
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(color="#1f5fa8")
        .encode(
            x=alt.X("group:N", sort=None, title=None, axis=alt.Axis(labelOverlap=True)),
            y=alt.Y(
                "share:Q",
                title=str(choices.SHARE_ANSWERED),
                axis=alt.Axis(format=".0%"),
                scale=alt.Scale(domain=[0, 1]),
            ),
        )
    )
    rule = (
        alt.Chart(alt.Data(values=[{"goal": goal}]))
        .mark_rule(color="#b3121d", strokeDash=[6, 4])
        .encode(y="goal:Q")
    )
    return finished(bars + rule, title)


def finished(chart: Any, title: str) -> dict[str, Any]:
    """The specification of a chart, with the look that all of them have."""
    spec: dict[str, Any] = (
        chart.properties(width="container", height=HEIGHT, description=title)
        .configure(aria=False, background="transparent", font="system-ui")
        .to_dict()
    )
    spec["usermeta"] = {"embedOptions": {"actions": False}}
    return spec
