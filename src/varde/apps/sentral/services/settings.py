"""Dated settings are changed by a new value from a day on. What has been is never changed.

The value that held until then gets its last day. A value for a limited time is followed by
the one from before, so that no day is left without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records import settings as dated
from varde.apps.records.models import DatedSetting, User
from varde.apps.sentral.services.contacts.values import plain
from varde.apps.sentral.setting_list import SETTINGS
from varde.domain.errors import Rule, RuleBroken


LONGEST_SOURCE = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """For whom a value holds: everybody, or a district or a station of its own."""

    district_id: int | None = None
    station_id: int | None = None


@transaction.atomic
def set_value(
    *,
    key: str,
    typed: Mapping[str, str],
    source: str,
    is_verified: bool,
    first: date,
    until: date | None,
    place: Place,
    by: User,
    at: datetime,
) -> DatedSetting:
    """Let a setting have a new value from a day, today or later.

    Parameters
    ----------
    typed : mapping of str to str
        The fields of the form, by the setting's kind (`setting_kinds`).
    source : str
        The law, agreement, guide or decision behind it. Never empty.
    is_verified : bool
        Whether somebody has held the value against its source.
    first, until : date
        It holds from `first`, up to and without `until`; None: until another comes. After
        a limited time the value from before holds again, as a row of its own.

    Raises
    ------
    RuleBroken
        SETTING_UNKNOWN (key), SETTING_NEEDS_SOURCE, SETTING_IN_THE_PAST,
        SETTING_ENDS_BEFORE_IT_BEGINS, SETTING_OVERLAPS (begins_on, ends_on) where another
        value is planned in the same time, FIELD_NOT_VALID (source), and what the kind
        refuses.

    Notes
    -----
    A value that begins on the same day as the one at hand replaces it at once, so that a
    slip can be mended: the first then holds for no day at all, and stays in the history.
    """
    known = SETTINGS.get(key)
    if known is None:
        raise RuleBroken(Rule.SETTING_UNKNOWN, key=key[:80])
    value = known.kind.read(typed)
    why = plain("source", source, longest=LONGEST_SOURCE)
    if not why:
        raise RuleBroken(Rule.SETTING_NEEDS_SOURCE)
    _check_days(first, until, today=timezone.localdate(at))
    _one_at_a_time(key)
    rows = _rows(key, place)
    before = rows.filter(
        Q(valid_to=None) | Q(valid_to__gt=first), valid_from__lte=first
    ).first()
    _refuse_overlap(rows, first=first, until=until, but=before)
    made = _make(
        before or _any_of(key),
        place=place,
        value=value,
        source=why,
        is_verified=is_verified,
        first=first,
        until=until,
        key=key,
        by=by,
        at=at,
    )
    if before is not None:
        _end(before, on=first, resume_on=until, by=by, at=at)
    _log(made, by=by, at=at)
    transaction.on_commit(dated.forget)
    return made


def _check_days(first: date, until: date | None, *, today: date) -> None:
    if first < today:
        raise RuleBroken(Rule.SETTING_IN_THE_PAST)
    if until is not None and until <= first:
        raise RuleBroken(Rule.SETTING_ENDS_BEFORE_IT_BEGINS)


def _one_at_a_time(key: str) -> None:
    """Two who change the same setting come one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"setting {key}"])


def _rows(key: str, place: Place) -> QuerySet[DatedSetting]:
    """The rows that have ever held for a day, the first first."""
    rows = DatedSetting.objects.filter(
        key=key, district_id=place.district_id, station_id=place.station_id
    )
    return rows.exclude(valid_to=F("valid_from")).order_by("valid_from", "pk")


def _refuse_overlap(
    rows: QuerySet[DatedSetting],
    *,
    first: date,
    until: date | None,
    but: DatedSetting | None,
) -> None:
    others = rows.exclude(pk=but.pk if but is not None else None)
    for row in others:
        ends_before = row.valid_to is not None and row.valid_to <= first
        begins_after = until is not None and row.valid_from >= until
        if not (ends_before or begins_after):
            last = row.valid_to - timedelta(days=1) if row.valid_to else None
            raise RuleBroken(
                Rule.SETTING_OVERLAPS,
                begins_on=row.valid_from.isoformat(),
                ends_on=last.isoformat() if last is not None else "",
            )


def _make(
    like: DatedSetting | None,
    *,
    key: str,
    place: Place,
    value: Any,
    source: str,
    is_verified: bool,
    first: date,
    until: date | None,
    by: User,
    at: datetime,
) -> DatedSetting:
    return DatedSetting.objects.create(
        key=key,
        district_id=place.district_id,
        station_id=place.station_id,
        value=value,
        unit=like.unit if like is not None else "",
        source=source,
        is_verified=is_verified,
        valid_from=first,
        valid_to=until,
        changed_by=by,
        changed_at=at,
    )


def _end(
    row: DatedSetting, *, on: date, resume_on: date | None, by: User, at: datetime
) -> None:
    """The value from before holds up to a day, and again from another, to its own end."""
    its_end, row.valid_to = row.valid_to, on
    row.save(update_fields=["valid_to"])
    if resume_on is not None and (its_end is None or resume_on < its_end):
        _make(
            row,
            key=row.key,
            place=Place(district_id=row.district_id, station_id=row.station_id),
            value=row.value,
            source=row.source,
            is_verified=row.is_verified,
            first=resume_on,
            until=its_end,
            by=by,
            at=at,
        )


def _any_of(key: str) -> DatedSetting | None:
    return DatedSetting.objects.filter(key=key).order_by("pk").first()


def _log(row: DatedSetting, *, by: User, at: datetime) -> None:
    audit.log(
        what="setting_changed",
        by=by,
        at=at,
        district_id=row.district_id,
        table="records_datedsetting",
        row_id=row.pk,
        purpose="",
        data={
            "key": row.key,
            "value": row.value,
            "first": row.valid_from.isoformat(),
            "until": row.valid_to.isoformat() if row.valid_to else None,
            "station": row.station_id,
        },
    )
