"""The phone list on paper: who is on duty, who comes, who answers for what."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from varde.apps.staffing.messages import on_duty as words
from varde.apps.staffing.queries.on_duty_shown import Picture, Place
from varde.web.pdf import draw_pdf


def draw_phones(found: Picture, *, place: str) -> bytes:
    """The PDF of the phone list at one moment."""
    told = {
        "title": place,
        "at": date_format(timezone.localtime(found.at), "l j. F Y H:i"),
        "places": [_place(one) for one in found.houses],
        "functions": [
            {
                "what": one.of.words,
                "who": one.name or str(words.NOBODY).upper(),
                "phone": one.phone,
            }
            for one in found.functions
        ],
    }
    return draw_pdf("varde.apps.staffing.paper", "phones.typ", told, at=found.at)


def _place(one: Place) -> dict[str, object]:
    rows = [
        {
            "post": row.post_text.capitalize(),
            "who": row.name,
            "phone": row.reach.phone or str(words.NOT_KNOWN),
            "group": " ".join(p for p in (row.reach.talkgroup, row.reach.radio) if p),
            "until": _clock(row.ends_at),
        }
        for row in one.now
    ]
    rows += [
        {
            "post": row.post_text.capitalize(),
            "who": str(words.VACANT),
            "phone": "",
            "group": "",
            "until": _clock(row.ends_at),
        }
        for row in one.vacant
    ]
    if one.nodnett is not None:
        rows.append(
            {
                "post": str(words.NODNETT),
                "who": one.nodnett.name or str(words.VACANT),
                "phone": one.nodnett.phone,
                "group": one.nodnett.radio,
                "until": _clock(one.nodnett.ends_at),
            }
        )
    coming = [
        {
            "post": row.post_text.capitalize(),
            "who": row.name or str(words.VACANT),
            "phone": row.phone,
            "group": "",
            "until": _clock(row.starts_at),
        }
        for row in one.coming
    ]
    return {
        "name": one.workplace.name,
        "phone": one.phone,
        "rows": rows,
        "coming": coming,
    }


def _clock(at: datetime) -> str:
    return date_format(timezone.localtime(at), "D H:i")
