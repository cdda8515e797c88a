"""Phrases: pieces of text with a short key, a person's own or a station's."""

import re
from datetime import datetime

from django.db import transaction

from varde.apps.records import audit
from varde.apps.records.models import Phrase, User
from varde.apps.sentral.services.contacts.values import Why, plain
from varde.domain.errors import Rule, RuleBroken


KEY = re.compile(r"[a-zæøå0-9]{1,12}")
LONGEST = 2000  # characters


@transaction.atomic
def add(
    *,
    key: str,
    text: str,
    station_id: int | None,
    district_id: int,
    by: User,
    at: datetime,
) -> Phrase:
    """Add a phrase: a station's, or one's own where no station is named. The same key
    again gives it a new text.

    Raises `RuleBroken`: PHRASE_KEY_NOT_VALID, FIELD_NOT_VALID (text).
    """
    short = key.strip().removeprefix(".").casefold()
    if not KEY.fullmatch(short):
        raise RuleBroken(Rule.PHRASE_KEY_NOT_VALID)
    said = plain("text", text, longest=LONGEST)
    if not said:
        raise RuleBroken(Rule.FIELD_NOT_VALID, field="text", why=Why.EMPTY)
    owner = {"user": None} if station_id else {"user": by}
    phrase, _ = Phrase.objects.update_or_create(
        **owner,
        station_id=station_id,
        key=short,
        defaults={"text": said, "made_by": by, "made_at": at},
    )
    _log("phrase_saved", phrase, district_id=district_id, by=by, at=at)
    return phrase


@transaction.atomic
def remove(*, phrase: Phrase, district_id: int, by: User, at: datetime) -> None:
    """Take a phrase away. The notes that used it keep their words."""
    _log("phrase_removed", phrase, district_id=district_id, by=by, at=at)
    phrase.delete()


def _log(
    what: str, phrase: Phrase, *, district_id: int, by: User, at: datetime
) -> None:
    audit.log(
        what=what,
        by=by,
        at=at,
        district_id=district_id,
        table="records_phrase",
        row_id=phrase.pk,
        purpose="",
        data={"station": phrase.station_id},
    )
