"""A need handed to the rota: it warns and never stops, it is seen, dated and ended."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests import make
from tests import rota as build
from tests.integration.test_rota import give, refused
from tests.integration.test_rota_publishing import left, publish
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.planning.services import needs
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Duty, OperatorNeed
from varde.apps.staffing.queries.rota import judging
from varde.domain.errors import Rule
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.rules.judging import judge


pytestmark = pytest.mark.django_db
NOW = make.NOW
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture
def house(monkeypatch):
    monkeypatch.setattr(judging, "_ready", {})
    return build.sentral_house()


def hand(house, wanted=2, *, first=TODAY, last="", at=NOW, **changed):
    return needs.hand_over(
        **{
            "workplace": house.workplace,
            "first_on": first.isoformat(),
            "last_on": last,
            "operators": [wanted] * needs.HALVES_A_WEEK,
            "assumed": {"numbers": []},
            "met": {"answered_within": 0.9, "abandoned": 0.05},
            "by": house.planner,
            "at": at,
            "today": TODAY,
        }
        | changed
    )


def page_of(house):
    client = Client()
    client.force_login(house.planner)
    return client.get(f"/vaktplan/{house.rota.pk}/?fra=2026-12-07").content.decode()


def test_a_rota_with_fewer_than_the_need_is_warned_shown_and_still_published(house):
    assert house.ground().needs == ()
    assert "behovet" not in page_of(house)
    hand(house)
    for place, person in zip(house.places, house.doctors, strict=False):
        give(house, place, person)
    ground = house.ground()
    found = judge(
        slots=ground.all_slots, workers=ground.workers, assignment=ground.whole,
        limits=ground.limits, needs=ground.needs,
    )  # fmt: skip
    short = [one for one in found.warnings if one.rule is RotaRule.NEED_IS_MET]
    assert {(one.measured, one.limit) for one in short} == {(0, 2), (1, 2)}
    assert left(house) == []
    page = page_of(house)
    assert "man 7. des 22:00–07:00: 1 på vakt, behovet er 2" in page
    assert "man 7. des 00:00–22:00: 0 på vakt, behovet er 2" in page
    assert "tidsrom med færre operatører enn behovet" in page
    assert "tidsrom der planen har for få plasser til behovet" in page
    publish(house)
    assert Duty.objects.count() == 3


def test_a_need_that_is_met_is_said_to_be(house):
    counts = [0] * (7 * 48)
    counts[44:48] = [1] * 4  # Monday from 22:00
    hand(house, operators=counts)
    page = page_of(house)
    assert "1 tidsrom med færre" in page
    assert "for få plasser" not in page  # there is one: it is vacant
    give(house, house.place(0), house.doctors[0])
    assert "Behovet for operatører er dekket." in page_of(house)


def test_a_change_is_judged_and_the_optimiser_is_given_the_need(house):
    place, anne = house.place(0), house.doctors[0]
    give(house, place, anne)
    client = Client()
    client.force_login(house.planner)

    def vacated():
        asked = {"place": place.pk, "person": ""}
        return client.post(f"/vaktplan/{house.rota.pk}/dom/", asked).json()

    before = vacated()
    assert (before["hard"], len(before["warnings"])) == ([], 1)  # nobody is there
    hand(house, 1)
    judging._ready.clear()
    found = vacated()
    assert found["hard"] == []
    assert set(found["warnings"]) - set(before["warnings"]) == {
        "Behov: Det er 0 på vakt. Behovet er 1."
    }
    problem = house.ground().problem()
    assert len(problem.needs) == 8
    assert not any(one.is_hard for one in problem.needs)


def test_a_station_has_no_need_of_operators(house):
    hand(house)
    other = build.house(doctors=2)
    assert other.ground().needs == ()


def test_what_is_handed_over_is_dated_logged_and_the_last_one_counts(house):
    first = hand(house, 1)
    second = hand(
        house, 2, first=build.FIRST, last="2026-12-08", at=NOW + timedelta(hours=1)
    )
    assert second.valid_to == date(2026, 12, 9)
    counts = {need.least for need in house.ground().needs}
    assert counts == {1, 2}
    told = AuditEntry.objects.filter(what="operator_need_handed").order_by("pk")
    assert [(one.row_id, one.user_id) for one in told] == [
        (first.pk, house.planner.pk),
        (second.pk, house.planner.pk),
    ]
    assert told[1].data == {"valid_from": "2026-12-07", "valid_to": "2026-12-09"}


@pytest.mark.parametrize(
    ("changed", "rule", "field"),
    [
        ({"first_on": ""}, Rule.FIELD_NOT_VALID, "first_on"),
        ({"first_on": "i morgen"}, Rule.FIELD_NOT_VALID, "first_on"),
        ({"first_on": "2026-11-19"}, Rule.FIELD_NOT_VALID, "first_on"),
        ({"last_on": "2026-11-19"}, Rule.FIELD_NOT_VALID, "last_on"),
        ({"operators": [2] * 48}, Rule.NEED_NOT_COUNTED, None),
    ],
)
def test_days_that_make_no_sense_are_refused(house, changed, rule, field):
    error = refused(hand, house, **changed)
    assert (error.rule, error.values.get("field")) == (rule, field)
    assert not OperatorNeed.objects.exists()


def end(house, row, *, today=TODAY):
    needs.end_need(
        need_id=row.pk, workplace=house.workplace, by=house.planner, at=NOW, today=today
    )


def test_a_need_is_ended_with_today_as_its_last_day_and_not_twice(house):
    row = hand(house)
    end(house, row, today=TODAY + 3 * DAY)
    row.refresh_from_db()
    assert row.valid_to == TODAY + 4 * DAY
    assert row.ended_by == house.planner
    assert house.ground().needs == ()
    assert refused(end, house, row).rule is Rule.NEED_IS_ENDED
    later = hand(house, first=TODAY + 9 * DAY)
    end(house, later)
    assert not OperatorNeed.objects.filter(pk=later.pk).exists()
    assert AuditEntry.objects.filter(what="operator_need_ended").count() == 2


def test_both_writes_are_undone_when_the_log_cannot_be_written(house, monkeypatch):
    row = hand(house)
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        hand(house)
    with pytest.raises(CannotWrite):
        end(house, row)
    assert list(OperatorNeed.objects.values_list("pk", "ended_at")) == [(row.pk, None)]
