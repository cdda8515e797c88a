"""The page for when the server is gone: drawn, signed, and put in the sentral's folder.

One file that opens without a server: its style and its one small script are in it, and its
own content security policy permits exactly those two, by their hashes.
"""

import base64
import hashlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from varde.apps.records import signed_page, snapshot_folder
from varde.apps.records.models import Sentral
from varde.apps.records.protection import WEB_ROLE
from varde.apps.records.scope import districts_served, scoped
from varde.apps.sentral.queries import downtime as queries


log = logging.getLogger("varde.downtime")

TEMPLATE = "sentral/downtime/page.html"
LINES_BY_HAND = 20
NUMBERS_BY_HAND = 4
type Read = Callable[..., Any]  # (sentral, *, now), in the scope of its districts
type Draw = Callable[[Any], str]  # what was read, as HTML
_parts: list[tuple[Read, Draw]] = []


def add_part(read: Read, draw: Draw) -> None:
    """Let another room add a part to the page; it knows us, we do not know it."""
    if (read, draw) not in _parts:
        _parts.append((read, draw))


def take_all(*, at: datetime) -> int:
    """A new snapshot of every sentral. Returns how many were made.

    One that fails is logged, without what it was about, and tried again a minute later;
    the newest that was whole stays.
    """
    made = 0
    for sentral in Sentral.objects.order_by("pk"):
        try:
            take(sentral, at=at)
            made += 1
        except Exception as fault:
            log.error(
                "the snapshot of sentral %s was not made: %s", sentral.pk, _kind(fault)
            )
    return made


def take(sentral: Sentral, *, at: datetime) -> Path:
    """Draw the sentral as it stands and put it in its folder. Returns the newest file.

    Raises `OSError` where it cannot be written; what was there before is still whole.
    """
    page = signed(sentral, at=at)
    snapshot_folder.make_root()
    return snapshot_folder.folder_of(sentral.code).store(page, at=at)


def signed(sentral: Sentral, *, at: datetime) -> bytes:
    """The sentral as it stands, as a signed page."""
    key = signed_page.signing_key(settings.SNAPSHOT_KEY)
    districts = {
        sentral.host_district_id,
        *districts_served([sentral.pk], on=timezone.localdate(at)),
    }
    with scoped(districts=districts):
        _as_the_web_role()
        queries.give_up_in_time()
        found = queries.picture(sentral, now=at)
        more = [(draw_it, read(sentral, now=at)) for read, draw_it in _parts]
    page = draw(
        sentral, found, at=at, fingerprint=signed_page.fingerprint(key), more=more
    )
    return signed_page.sign(page, key=key)


def draw(
    sentral: Sentral,
    found: queries.Picture,
    *,
    at: datetime,
    fingerprint: str,
    more: Sequence[tuple[Draw, Any]] = (),
) -> str:
    """The page as text, in the language and the time of the installation.

    `more` are the parts of other rooms: what draws each, and what it read.
    """
    with (
        translation.override(settings.LANGUAGE_CODE),
        timezone.override(timezone.get_default_timezone()),
    ):
        style = _packed("downtime.css") + _foot(sentral, at=at)
        script = _packed("downtime.js")
        return render_to_string(
            TEMPLATE,
            {
                "sentral": sentral,
                "at": at,
                "now": at,
                "found": found,
                "more": [mark_safe(draw_it(read)) for draw_it, read in more],
                "fingerprint": fingerprint,
                "installation": settings.PUBLIC_ADDRESS,
                "language": settings.LANGUAGE_CODE,
                "policy": _policy(style=style, script=script),
                "style": _element("style", style),
                "script": _element("script", script),
                "lines": range(1, LINES_BY_HAND + 1),
                "own_numbers": range(NUMBERS_BY_HAND),
            },
        )


def own_fingerprint() -> str:
    """The fingerprint of the key that this installation signs with."""
    return signed_page.fingerprint(signed_page.signing_key(settings.SNAPSHOT_KEY))


def _as_the_web_role() -> None:
    """A command runs as the owner, whom row security does not bind: be the web role."""
    if settings.SET_WEB_ROLE:
        return  # `scoped` has done it
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(current_user, %s, 'MEMBER')", [WEB_ROLE])
        if cursor.fetchone()[0]:
            cursor.execute(f"SET LOCAL ROLE {WEB_ROLE}")


def _packed(name: str) -> str:
    """A style or script of ours, as it is in the package."""
    file = resources.files("varde.apps.sentral") / "static" / "sentral" / name
    return file.read_text("utf-8")


def _foot(sentral: Sentral, *, at: datetime) -> str:
    """Each printed sheet says whose it is and when it was taken: sheets come apart."""
    text = f"{sentral.code} {timezone.localtime(at):%d.%m.%Y %H:%M}"
    escaped = "".join(
        sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):06x}"
        for sign in text
    )
    return f'@page {{ @bottom-left {{ content: "{escaped}"; }} }}\n'


def _policy(*, style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _element(tag: str, text: str) -> SafeString:
    """Our own style or script as an element; its text is never a user's."""
    if f"</{tag}" in text:
        raise ValueError(f"the {tag} of the downtime page ends itself: </{tag} in it")
    inside = mark_safe(text)
    return format_html("<{}>{}</{}>", tag, inside, tag)


def _kind(fault: Exception) -> str:
    """What went wrong without its text, which may hold what it was about."""
    number = getattr(fault, "errno", None)
    return type(fault).__name__ + (f" {number}" if number is not None else "")
