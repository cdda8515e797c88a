"""Assumptions and prices for the tests of staffing models."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import holidays

from tests.unit.engines.rostering.tiny_rotas import LIMITS
from varde.content import staffing_models_text
from varde.domain.pay.expected import Busyness
from varde.domain.pay.forms import Form
from varde.domain.pay.tariff import ContactKind, DayKind, Days, Tariff
from varde.domain.rota.limits import Calendar, eves_of
from varde.engines.rostering.duties.staffing_file import load
from varde.engines.staffing_models.rota import year_rota
from varde.engines.staffing_models.values import Assumed, LoadRules, Prices


OSLO = ZoneInfo("Europe/Oslo")
FIRST = date(2027, 1, 4)
FREE = frozenset(holidays.country_holidays("NO", years=[2026, 2027, 2028]))
MODELS = {m.code: m for m in load(staffing_models_text(), filename="x")}
UNKNOWN_PRICES = Prices(
    position=None, day_income=None, social=None, substitute_day=None, travel=None,
    hourly=None, site=None,
)  # fmt: skip


def money(*rates):
    return dict(zip(DayKind, map(Decimal, rates), strict=True))


def busy(consultations=0.5, visits=0.1, minutes=(20.0, 60.0)):
    """The same in every hour."""
    kinds = {ContactKind.CONSULTATION: consultations, ContactKind.HOME_VISIT: visits}
    return Busyness(
        per_hour={
            kind: {day: [rate] * 24 for day in DayKind} for kind, rate in kinds.items()
        },
        minutes=dict(zip(kinds, minutes, strict=True)),
    )


def assumed(**changes):
    """A place with the rates of 2021 and plain prices of our own."""
    fields = {
        "first": FIRST,
        "weeks": 52,
        "seed": 1,
        "form": Form.ACTIVITY,
        "practice_h": 37.5,
        "busy": busy(),
        "tariff": Tariff(
            standby={
                1: money(168, 223, 256), 2: money(55, 85, 97), 3: money(31, 55, 63),
                4: money(0, 0, 0),
            },
            bakvakt=money(168, 223, 256),
            night=money(520, 602, 602),
            local=money(600, 600, 600),
            fee={
                (ContactKind.CONSULTATION, False): Decimal(175),
                (ContactKind.CONSULTATION, True): Decimal(328),
                (ContactKind.HOME_VISIT, False): Decimal(400),
                (ContactKind.HOME_VISIT, True): Decimal(500),
            },
        ),
        "calendar": Days(
            holidays=FREE, zone=OSLO, night=(time(23), time(8)),
            evening=(time(16), time(8)),
        ),
        "agreed": {},
        "class_minutes": (10, 25, 45),
        "prices": Prices(
            position=Decimal(1_200_000), day_income=Decimal(700_000),
            social=Decimal("0.2"), substitute_day=Decimal(12_000), travel=Decimal(5_000),
            hourly=Decimal(350), site=Decimal(100_000),
        ),
        "load": LoadRules(
            limits_h=(45, 55.6), night=(time(23), time(7)), night_h=3, rest_h=11
        ),
        "limits": replace(
            LIMITS, lis1_presence=False, lvs_minimum=0,
            calendar=Calendar(holidays=FREE, eves=eves_of(FREE)),
        ),
    } | changes  # fmt: skip
    return Assumed(**fields)


def made(code, *, weeks=52, counts=None, given=None, **more):
    """The rota of a model."""
    return year_rota(
        MODELS[code],
        first=FIRST,
        weeks=weeks,
        limits=(given or assumed()).limits,
        counts=counts or {},
        seed=1,
        **more,
    )
