"""What a comparison was counted from and came to, as it is stored, and back again.

Everything is written: rates, activity, limits and the rota of today without names. So a
comparison can be counted again when settings, duties and contacts have changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from varde.apps.staffing.queries.comparison.todays import rota_of_today
from varde.apps.staffing.queries.work import ZONE
from varde.domain.pay.amount import Amount
from varde.domain.pay.expected import Busyness
from varde.domain.pay.forms import Form
from varde.domain.pay.tariff import ContactKind, DayKind, Days, PerHour, Tariff
from varde.domain.rota.limits import Calendar, Limits, eves_of
from varde.domain.rota.values import Span
from varde.engines.rostering.duties.staffing_file import Daytime, PayKind
from varde.engines.staffing_models.values import (
    Assumed,
    Group,
    LoadRules,
    Outcome,
    Prices,
    YearRota,
)


NUMBERS = (
    "daily_rest_h", "weekly_rest_h", "day_hours", "week_hours", "average_weeks",
    "one_week_hours", "sunday_every", "account_hours", "lis1_presence", "nights_in_a_row",
    "days_between",
)  # fmt: skip
CLOCKS = ("sunday_from", "sunday_to", "eve_from")
SPANS = ("night", "evening")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A model that is compared, with the people and the satellites it has here."""

    code: str
    counts: Mapping[str, int]
    sites: int | None = None


def as_row(assumed: Assumed) -> dict[str, Any]:
    """The assumptions as they are stored."""
    tariff, days, limits = assumed.tariff, assumed.calendar, assumed.limits
    return {
        "first": assumed.first.isoformat(),
        "weeks": assumed.weeks,
        "seed": assumed.seed,
        "form": assumed.form.value,
        "practice_h": assumed.practice_h,
        "busy": {
            "per_hour": {
                kind: {day: list(rates) for day, rates in by_day.items()}
                for kind, by_day in assumed.busy.per_hour.items()
            },
            "minutes": dict(assumed.busy.minutes),
        },
        "tariff": {
            "standby": {
                str(number): _kroner_row(row) for number, row in tariff.standby.items()
            },
            "bakvakt": _kroner_row(tariff.bakvakt),
            "night": _kroner_row(tariff.night),
            "local": _kroner_row(tariff.local),
            "fee": [
                [kind, is_evening, _text(rate)]
                for (kind, is_evening), rate in tariff.fee.items()
            ],
        },
        "holidays": sorted(day.isoformat() for day in days.holidays),
        "fixed_night": _clocks(days.night),
        "fee_evening": _clocks(days.evening),
        "agreed": dict(assumed.agreed),
        "class_minutes": list(assumed.class_minutes),
        "prices": {
            name: _text(value) for name, value in asdict(assumed.prices).items()
        },
        "load": {
            "limits_h": list(assumed.load.limits_h),
            "night": _clocks(assumed.load.night),
            "night_h": assumed.load.night_h,
            "rest_h": assumed.load.rest_h,
        },
        "limits": {
            **{name: getattr(limits, name) for name in NUMBERS},
            **{name: getattr(limits, name).isoformat() for name in CLOCKS},
            **{name: _clocks(getattr(limits, name)) for name in SPANS},
            "second_tier": dict(limits.second_tier),
        },
    }


def to_assumed(row: Mapping[str, Any]) -> Assumed:
    """The assumptions that were stored."""
    holidays = frozenset(date.fromisoformat(day) for day in row["holidays"])
    tariff, load = row["tariff"], row["load"]
    return Assumed(
        first=date.fromisoformat(row["first"]),
        weeks=row["weeks"],
        seed=row["seed"],
        form=Form(row["form"]),
        practice_h=row["practice_h"],
        busy=Busyness(
            per_hour={
                ContactKind(kind): {DayKind(day): r for day, r in by_day.items()}
                for kind, by_day in row["busy"]["per_hour"].items()
            },
            minutes={
                ContactKind(kind): value
                for kind, value in row["busy"]["minutes"].items()
            },
        ),
        tariff=Tariff(
            standby={int(n): _per_hour(one) for n, one in tariff["standby"].items()},
            bakvakt=_per_hour(tariff["bakvakt"]),
            night=_per_hour(tariff["night"]),
            local=_per_hour(tariff["local"]),
            fee={
                (ContactKind(kind), is_evening): _money(rate)
                for kind, is_evening, rate in tariff["fee"]
            },
        ),
        calendar=Days(
            holidays=holidays,
            zone=ZONE,
            night=_two(row["fixed_night"]),
            evening=_two(row["fee_evening"]),
        ),
        agreed=row["agreed"],
        class_minutes=tuple(row["class_minutes"]),
        prices=Prices(**{name: _money(v) for name, v in row["prices"].items()}),
        load=LoadRules(
            limits_h=(load["limits_h"][0], load["limits_h"][1]),
            night=_two(load["night"]),
            night_h=load["night_h"],
            rest_h=load["rest_h"],
        ),
        limits=_limits(row["limits"], holidays=holidays, zone=ZONE),
    )


def _limits(
    row: Mapping[str, Any], *, holidays: frozenset[date], zone: ZoneInfo
) -> Limits:
    return Limits(
        calendar=Calendar(zone=zone, holidays=holidays, eves=eves_of(holidays)),
        lvs_minimum=0,
        second_tier=row["second_tier"],
        **{name: row[name] for name in NUMBERS},
        **{name: time.fromisoformat(row[name]) for name in CLOCKS},
        **{name: _two(row[name]) for name in SPANS},
    )


# ---------------------------------------------------------------- the rota of today


def today_row(rota: YearRota) -> dict[str, Any]:
    """The rota that the place had, as it is stored: groups, and duties by number."""
    return {
        "first": rota.first.isoformat(),
        "weeks": rota.weeks,
        "groups": [
            [one.code, list(one.people), one.pay.value, one.daytime.value]
            for one in rota.groups
        ],
        "duties": [
            [
                slot.post,
                slot.span.starts_at.isoformat(),
                slot.span.ends_at.isoformat(),
                rota.held[slot.id],
            ]
            for slot in rota.slots
        ],
    }


def to_today(row: Mapping[str, Any], limits: Limits) -> YearRota:
    """The rota of today that was stored, to be counted as the models are."""
    groups = tuple(
        Group(
            code=code,
            people=tuple(people),
            pay=PayKind(pay),
            daytime=Daytime(daytime),
        )
        for code, people, pay, daytime in row["groups"]
    )
    return rota_of_today(
        first=date.fromisoformat(row["first"]),
        weeks=row["weeks"],
        duties=[
            (
                post,
                Span(
                    starts_at=datetime.fromisoformat(starts),
                    ends_at=datetime.fromisoformat(ends),
                ),
                who,
            )
            for post, starts, ends, who in row["duties"]
        ],
        groups=groups,
        limits=limits,
    )


# ---------------------------------------------------------------- what came of it


def outcome_row(found: Outcome, rota: YearRota) -> dict[str, Any]:
    """What a model came to, as it is stored: figures, and the rota itself."""
    return {
        "code": found.code,
        "first": rota.first.isoformat(),
        "weeks": found.weeks,
        "slots": found.slots,
        "vacant": found.vacant,
        "carried": [
            {
                **asdict(one),
                "income": None if one.income is None else _amount_row(one.income),
            }
            for one in found.carried
        ],
        "lines": [
            {
                "item": line.item.value,
                "group": line.group,
                "quantity": line.quantity,
                "rate": _text(line.rate),
                "amount": _amount_row(line.amount),
            }
            for line in found.lines
        ],
        "duty_class": dict(found.duty_class),
        "broken": dict(found.broken),
        "warned": dict(found.warned),
        "groups": [[one.code, list(one.people)] for one in rota.groups],
        "rota": [
            [
                slot.post,
                slot.span.starts_at.isoformat(),
                slot.span.ends_at.isoformat(),
                rota.held.get(slot.id, ""),
            ]
            for slot in rota.slots
        ],
    }


def to_amount(row: Sequence[Any]) -> Amount:
    """An amount that was stored."""
    return Amount(known=Decimal(row[0]), unknown=row[1])


def _amount_row(amount: Amount) -> list[Any]:
    return [str(amount.known), amount.unknown]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _money(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _kroner_row(row: PerHour) -> dict[str, str | None]:
    return {kind.value: _text(rate) for kind, rate in row.items()}


def _per_hour(row: Mapping[str, str | None]) -> PerHour:
    return {DayKind(kind): _money(rate) for kind, rate in row.items()}


def _clocks(two: tuple[time, time]) -> list[str]:
    return [one.isoformat() for one in two]


def _two(row: Sequence[str]) -> tuple[time, time]:
    return time.fromisoformat(row[0]), time.fromisoformat(row[1])
