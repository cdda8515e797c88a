"""The rota on paper: a sheet a month, days by posts, drawn by Typst."""

from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format

from varde.apps.records import holidays
from varde.apps.records.models import Duty, Rota
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota.lists import title
from varde.web.pdf import draw_pdf


FREE_FROM = 5  # date.weekday(): Saturday


def draw_rota(rota: Rota, *, workplace: Workplace, now: datetime) -> bytes:
    """The PDF of a rota, with its version and when it was printed."""
    rows = list(
        rota.duties.select_related("person").order_by("starts_at", "post", "pk")
    )
    used = {row.post for row in rows}
    posts = [post for post in Duty.Post if post.value in used]
    free = holidays.around(rota.starts_on) | holidays.around(rota.ends_on)
    days = []
    for day, held in groupby(rows, key=lambda row: timezone.localdate(row.starts_at)):
        by_post: dict[str, list[str]] = {post.value: [] for post in posts}
        for row in held:
            start, end = (
                timezone.localtime(row.starts_at),
                timezone.localtime(row.ends_at),
            )
            who = row.person.name if row.person else str(words.VACANT).upper()
            by_post[row.post].append(f"{start:%H:%M}–{end:%H:%M} {who}")
        days.append(
            {
                "month": date_format(day, "F Y"),
                "day": date_format(day, "D j."),
                "is_free": day.weekday() >= FREE_FROM or day in free,
                "cells": list(by_post.values()),
            }
        )
    told = {
        "place": workplace.name,
        "title": title(rota),
        "state": f"{words.STATE[Rota.State(rota.state)]}, {words.VERSION} {rota.version}"
        if rota.version
        else str(words.STATE[Rota.State(rota.state)]),
        "printed": date_format(timezone.localtime(now), "j. F Y H:i"),
        "posts": [str(POST[post]) for post in posts],
        "months": [
            {"name": month, "days": list(held)}
            for month, held in groupby(days, key=lambda one: one["month"])
        ],
    }
    return draw_pdf(__package__, "rota.typ", told, at=now)
