"""Dated settings as those responsible see them: what holds, what comes, what has been."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils import timezone

from varde.apps.records import settings as dated
from varde.apps.records.models import DatedSetting, District, Sentral, Station
from varde.apps.records.scope import districts_served
from varde.apps.sentral.setting_kinds import Input, Number, Parts, Span, Table
from varde.apps.sentral.setting_list import SETTINGS, Reach, Setting


WITH_UNIT = (Number, Parts, Span, Table)


class Holds(StrEnum):
    """When a row holds, seen from a day."""

    NOW = "now"
    LATER = "later"
    OVER = "over"
    NEVER = "never"  # replaced on the day that it would have begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One value of a setting, with when and why."""

    id: int
    place: str  # "" for everybody
    words: str
    unit: str
    source: str
    is_verified: bool
    valid_from: date
    last_day: date | None  # None while it is open
    holds: Holds
    changed_by: str  # "" for those that Varde ships
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One setting in the list: what holds today for whom, and whether more is planned."""

    key: str
    title: str
    now: tuple[Row, ...]
    planned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Settings that belong together."""

    title: str
    settings: tuple[SettingRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChoice:
    """A place that may have a value of its own. `code` is what the form sends."""

    code: str
    title: str
    district_id: int | None = None
    station_id: int | None = None


def groups(places: Sequence[PlaceChoice], *, on: date) -> tuple[Group, ...]:
    """Every setting, in its group, with what holds on a day. One query."""
    rows = list(_rows(places).filter(key__in=SETTINGS))
    by_group: dict[str, list[SettingRow]] = {}
    for key, setting in SETTINGS.items():
        shown = [_row(row, setting, on=on) for row in rows if row.key == key]
        by_group.setdefault(str(setting.group), []).append(
            SettingRow(
                key=key,
                title=str(setting.title),
                now=tuple(row for row in shown if row.holds is Holds.NOW),
                planned=sum(row.holds is Holds.LATER for row in shown),
            )
        )
    return tuple(
        Group(title=title, settings=tuple(found)) for title, found in by_group.items()
    )


def history(key: str, places: Sequence[PlaceChoice], *, on: date) -> tuple[Row, ...]:
    """Every value that a setting has had, has and will have, the newest first."""
    rows = _rows(places).filter(key=key).order_by("-valid_from", "-pk")
    return tuple(_row(row, SETTINGS[key], on=on) for row in rows)


def inputs(key: str, place: PlaceChoice, *, on: date) -> tuple[Input, ...]:
    """The fields of the form, filled with what holds for a place on a day, or for all."""
    return SETTINGS[key].kind.inputs(_value(key, place, on=on))


def unit_of(key: str) -> str:
    """The unit of its numbers, as the first row of the key has it; "" for none."""
    if not isinstance(SETTINGS[key].kind, WITH_UNIT):
        return ""
    row = DatedSetting.objects.filter(key=key).order_by("pk").first()
    return row.unit if row is not None else ""


def places_for(
    sentral: Sentral, *, districts: Iterable[int]
) -> tuple[PlaceChoice, ...]:
    """Everybody, and the districts and stations of a sentral within a scope."""
    served = {
        sentral.host_district_id,
        *districts_served([sentral.pk], on=timezone.localdate()),
    } & set(districts)
    own = [
        PlaceChoice(
            code=f"d{district.pk}", title=district.name, district_id=district.pk
        )
        for district in District.objects.filter(pk__in=served)
    ]
    stations = [
        PlaceChoice(code=f"s{station.pk}", title=station.name, station_id=station.pk)
        for station in Station.objects.filter(district__in=served)
    ]
    return (PlaceChoice(code="", title=""), *own, *stations)


def within_reach(
    places: Sequence[PlaceChoice], setting: Setting
) -> tuple[PlaceChoice, ...]:
    """The places that may have their own value of a setting."""
    return tuple(
        place
        for place in places
        if (place.district_id is None and place.station_id is None)
        or (place.district_id is not None and setting.reach is not Reach.ALL)
        or (place.station_id is not None and setting.reach is Reach.STATION)
    )


def _rows(places: Sequence[PlaceChoice]) -> Any:
    """The rows for everybody and for these places, and no other's."""
    districts = [p.district_id for p in places if p.district_id is not None]
    stations = [p.station_id for p in places if p.station_id is not None]
    return (
        DatedSetting.objects.filter(
            Q(district=None, station=None)
            | Q(district__in=districts, station=None)
            | Q(station__in=stations)
        )
        .select_related("district", "station", "changed_by")
        .order_by("district_id", "station_id", "-valid_from", "-pk")
    )


def _value(key: str, place: PlaceChoice, *, on: date) -> Any:
    rows = DatedSetting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), key=key, valid_from__lte=on
    )
    own = rows.filter(
        district_id=place.district_id, station_id=place.station_id
    ).first()
    row = own or rows.filter(district=None, station=None).first()
    # A setting that has no value yet begins as the one that Varde ships.
    return row.value if row is not None else _shipped(key)


def _shipped(key: str) -> Any:
    return next(row["value"] for row in dated.starters() if row["key"] == key)


def _row(row: DatedSetting, setting: Setting, *, on: date) -> Row:
    place = row.station or row.district
    return Row(
        id=row.pk,
        place=place.name if place is not None else "",
        words=setting.kind.words(row.value),
        unit=row.unit if isinstance(setting.kind, WITH_UNIT) else "",
        source=row.source,
        is_verified=row.is_verified,
        valid_from=row.valid_from,
        last_day=row.valid_to - timedelta(days=1) if row.valid_to else None,
        holds=_holds(row, on=on),
        changed_by=row.changed_by.name if row.changed_by else "",
        changed_at=row.changed_at,
    )


def _holds(row: DatedSetting, *, on: date) -> Holds:
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        return Holds.NEVER
    if row.valid_from > on:
        return Holds.LATER
    return Holds.OVER if row.valid_to is not None and row.valid_to <= on else Holds.NOW
