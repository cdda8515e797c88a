"""Dated settings: limits, minutes, rates and targets, with their sources."""

from copy import deepcopy
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.db.models import Q

from varde.apps.records.kept import forget, kept
from varde.apps.records.models import DatedSetting


__all__ = ["SettingMissing", "forget", "load_starters", "starters", "value", "values"]


class SettingMissing(LookupError):
    """No value is valid on that date."""

    def __init__(self, key: str, on: date) -> None:
        super().__init__(
            f"No value of the setting {key!r} is valid on {on}.\n"
            "Add one, with its source and dates, under Innstillinger, or load the\n"
            "starters with `varde settings --load`."
        )


@kept
def value(
    key: str,
    *,
    on: date,
    district_id: int | None = None,
    station_id: int | None = None,
) -> Any:
    """The value of a setting on a date: the station's, else the district's, else all's.

    Raises `SettingMissing` where none is valid: a limit is never guessed.
    Read again from the database every five seconds at the most.
    """
    rows = DatedSetting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(district=None) | Q(district_id=district_id),
        Q(station=None) | Q(station_id=station_id),
        key=key,
        valid_from__lte=on,
    )
    nearest = sorted(rows, key=_nearness)
    if not nearest:
        raise SettingMissing(key, on)
    return nearest[0].value


@kept
def values(
    prefix: str,
    *,
    on: date,
    district_id: int | None = None,
    station_id: int | None = None,
) -> dict[str, Any]:
    """The values of all settings whose key begins so, by the rest of the key.

    As `value`, in one statement. A key without a valid value is not there.
    """
    rows = DatedSetting.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        Q(district=None) | Q(district_id=district_id),
        Q(station=None) | Q(station_id=station_id),
        key__startswith=prefix,
        valid_from__lte=on,
    )
    found: dict[str, Any] = {}
    for row in sorted(rows, key=_nearness):
        found.setdefault(row.key.removeprefix(prefix), row.value)
    return found


def _nearness(row: DatedSetting) -> tuple[bool, bool, int]:
    """The station's own first, then the district's, then that of all; the newest first."""
    return row.station_id is None, row.district_id is None, -row.valid_from.toordinal()


def starters() -> list[dict[str, Any]]:
    """The settings that Varde ships, each with its source."""
    return deepcopy(_shipped())


@cache
def _shipped() -> list[dict[str, Any]]:
    text = (resources.files("varde.content") / "settings.yaml").read_text("utf-8")
    return list(yaml.safe_load(text))


def load_starters() -> int:
    """Put in the starter settings whose key is not there yet. Returns how many."""
    known = set(DatedSetting.objects.values_list("key", flat=True))
    new = [
        DatedSetting(
            key=row["key"],
            value=row["value"],
            unit=row.get("unit", ""),
            source=row["source"],
            is_verified=row.get("verified", True),
            valid_from=row["valid_from"],
            valid_to=row.get("valid_to"),
        )
        for row in starters()
        if row["key"] not in known
    ]
    DatedSetting.objects.bulk_create(new)
    forget()
    return len(new)
