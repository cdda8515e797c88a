"""Days that come again in which somebody has agreed to have duties, and what a rota makes
of them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from tests import make
from tests import rota as build
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Duty, OwnPeriods, Position
from varde.apps.staffing.services.own_periods import end_own_periods, give_own_periods
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.rules.judging import judge


pytestmark = pytest.mark.django_db
OUTSIDE = RotaRule.ONLY_WITHIN_OWN_PERIODS


class CannotWrite(Exception):
    """The trace cannot be written."""


def give(house, person=None, **fields):
    return give_own_periods(
        **{
            "person": person or house.doctors[0],
            "at_place": house.workplace,
            "kind": "weeks",
            "numbers": {"weeks_on": "2", "weeks_off": "4"},
            "weekdays": (),
            "first_on": "2026-12-07",
            "last_on": "",
            "by": house.planner,
            "at": make.NOW,
        }
        | fields
    )


def barred(house, person, found=None):
    """The days of the rota on which the judge stops a person for the own periods."""
    found = found or house.ground()
    changes = found.changes()
    return [
        place.starts_at.date().day
        for place in house.places
        if any(
            one.rule is OUTSIDE and one.is_hard
            for one in changes.judged({str(place.pk): str(person.pk)}).came
        )
    ]


def test_one_has_duties_in_the_own_periods_and_the_rota_says_why_not_elsewhere():
    """Two weeks on from 7 December; the Sunday's duty goes on into Monday the 21st."""
    house = build.house(doctors=2)
    ane, bo = house.doctors
    give(house)
    assert barred(house, ane) == [*range(21, 32), 1, 2, 3]
    assert barred(house, bo) == []
    # What she has by other agreements, elsewhere, is no fault in this rota.
    Duty.objects.create(
        person=ane,
        post="forvakt",
        sentral=make.sentral(),
        starts_at=datetime(2026, 12, 28, 8, tzinfo=ZoneInfo("Europe/Oslo")),
        ends_at=datetime(2026, 12, 28, 15, tzinfo=ZoneInfo("Europe/Oslo")),
    )
    found = house.ground()
    judged = judge(
        slots=found.all_slots,
        workers=found.workers,
        assignment=found.whole,
        limits=found.limits,
    )
    assert not [one for one in judged.breaches if one.rule is OUTSIDE]
    assert barred(house, ane, found) == [*range(21, 32), 1, 2, 3]


@pytest.mark.parametrize(
    ("agreed", "days"),
    [
        ({"kind": "month", "numbers": {"days": "10", "from_day": "15"}},
         [*range(7, 15), *range(25, 32), 1, 2, 3]),
        ({"kind": "weekends", "numbers": {"every": "2"}}, [19, 20, 2, 3]),
        ({"kind": "weekdays", "numbers": {"every": "2"}, "weekdays": ["1", "3"]},
         [7, 9, 11, 12, 13, *range(14, 22), 23, 25, 26, 27, *range(28, 32), 1, 2, 3]),
        ({"last_on": "2026-12-09", "numbers": {"weeks_on": "1", "weeks_off": "4"}}, []),
        ({"first_on": "2027-01-02"}, []),
    ],
)  # fmt: skip
def test_what_may_be_agreed(agreed, days):
    house = build.house(doctors=1)
    give(house, **agreed)
    assert barred(house, house.doctors[0]) == days


@pytest.mark.parametrize(
    ("fields", "rule", "field"),
    [
        ({"kind": "sometimes"}, Rule.FIELD_NOT_VALID, "own_kind"),
        ({"numbers": {"weeks_on": "0", "weeks_off": "4"}}, Rule.FIELD_NOT_VALID, "weeks_on"),
        ({"numbers": {"weeks_on": "2"}}, Rule.FIELD_NOT_VALID, "weeks_off"),
        ({"numbers": {"weeks_on": "2", "weeks_off": "52"}}, Rule.FIELD_NOT_VALID, "weeks_off"),
        ({"kind": "month", "numbers": {"days": "29", "from_day": "1"}}, Rule.FIELD_NOT_VALID, "days"),
        ({"kind": "weekdays", "numbers": {"every": "1"}}, Rule.FIELD_NOT_VALID, "weekdays"),
        ({"kind": "weekdays", "numbers": {"every": "1"}, "weekdays": ["7"]},
         Rule.FIELD_NOT_VALID, "weekdays"),
        ({"first_on": ""}, Rule.FIELD_NOT_VALID, "first_on"),
        ({"last_on": "2026-12-06"}, Rule.FIELD_NOT_VALID, "last_on"),
        # Nothing of a Monday between a Tuesday and a Wednesday.
        ({"kind": "weekdays", "numbers": {"every": "1"}, "weekdays": ["0"],
          "first_on": "2026-12-08", "last_on": "2026-12-09"}, Rule.OWN_PERIODS_NEVER, None),
        ({"first_on": "2026-11-01", "last_on": "2026-12-07"}, Rule.OWN_PERIODS_OVERLAP, None),
    ],
)  # fmt: skip
def test_what_cannot_be_agreed_is_refused_and_nothing_is_written(fields, rule, field):
    house = build.house(doctors=1, with_rota=False)
    if rule is Rule.OWN_PERIODS_OVERLAP:
        give(house)
    before = OwnPeriods.objects.count()
    with pytest.raises(RuleBroken) as refused:
        give(house, **fields)
    assert refused.value.rule is rule
    assert refused.value.values.get("field") == field
    assert OwnPeriods.objects.count() == before


def test_the_agreement_of_another_workplace_counts_there_only():
    house = build.house(doctors=1)
    ane = house.doctors[0]
    row = give(house)
    OwnPeriods.objects.filter(pk=row.pk).update(station=None, sentral=make.sentral())
    assert barred(house, ane) == []
    give(house)  # no overlap with it
    assert barred(house, ane)


def test_it_ends_today_is_in_the_log_and_is_undone_when_the_log_fails(monkeypatch):
    house = build.house(doctors=2, with_rota=False)
    begun, later = give(house), give(house, house.doctors[1])
    common = {"at_place": house.workplace, "by": house.planner, "at": make.NOW}
    end_own_periods(row=begun, today=date(2026, 12, 20), **common)
    end_own_periods(row=later, today=date(2026, 12, 7), **common)
    assert OwnPeriods.objects.get().valid_to == date(2026, 12, 20)
    codes = AuditEntry.objects.filter(what__startswith="own_periods").values_list(
        "what", flat=True
    )
    assert sorted(codes) == ["own_periods_ended"] * 2 + ["own_periods_given"] * 2

    def refuse(**fields):
        raise CannotWrite

    monkeypatch.setattr(audit, "log", refuse)
    for act in (
        lambda: give(house, house.doctors[1]),
        lambda: end_own_periods(row=begun, today=date(2026, 12, 15), **common),
    ):
        with pytest.raises(CannotWrite):
            act()
    assert OwnPeriods.objects.get().valid_to == date(2026, 12, 20)


def test_those_who_plan_write_it_on_the_page_and_nobody_of_oneself():
    house = build.house(doctors=2, with_rota=False)
    ane, bo = house.doctors
    Position.objects.create(
        person=house.planner,
        category="kommuneoverlege",
        law="sfs2305",
        share=1,
        employer="Kommunen",
        station_id=house.workplace.station_id,
        valid_from=date(2026, 1, 1),
    )
    client = Client()
    client.force_login(house.planner)
    url = reverse("staffing:person", args=[ane.pk])
    typed = {
        "act": "own_periods",
        "own_kind": "weekdays",
        "every": "2",
        "weekdays": ["1", "3"],
        "first_on": "2026-12-07",
        "last_on": "2026-12-01",
    }
    refused = client.post(url, typed).content.decode()
    assert 'role="alert"' in refused
    assert 'name="weekdays" value="3" checked' in refused
    assert 'value="weekdays" checked' in refused
    assert client.post(url, typed | {"last_on": ""}).status_code == 302
    page = client.get(url).content.decode()
    assert "bare tirsdag, torsdag, hver 2. uke" in page
    row = OwnPeriods.objects.get()
    of_bo = {"act": "end_own_periods", "row": row.pk}
    assert (
        client.post(reverse("staffing:person", args=[bo.pk]), of_bo).status_code == 404
    )
    mine = reverse("staffing:person", args=[house.planner.pk])
    answer = client.post(mine, typed | {"last_on": ""})
    assert "Ingen fører dette om seg selv" in answer.content.decode()
    assert client.post(url, of_bo).status_code == 302
    client.force_login(ane)
    assert client.post(reverse("staffing:me"), typed).status_code == 404
    assert OwnPeriods.objects.count() <= 1
