"""Cost and income side by side: the same duties and contacts under each form of pay."""

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.integration.test_load import workplace_for
from varde.apps.records import settings as dated
from varde.apps.records.models import (
    DatedSetting,
    Mission,
    MissionCrew,
    Outcome,
    Population,
)
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.queries.pay import pay
from varde.domain.pay.forms import Form


OSLO = ZoneInfo("Europe/Oslo")
WEEK = Period(date(2026, 11, 2), date(2026, 11, 9))
ADDRESS = "/vaktplan/lonn/?fra=2026-11-02&til=2026-11-08"


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=OSLO)


def asking(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def place(db):
    make.settings()
    make.sentral()
    return make.station(serves=[make.municipality()])


@pytest.fixture
def overlege(place):
    return make.user("overlege", roles=["legevaktoverlege"], at=place)


@pytest.fixture
def lise(place):
    """A doctor with Monday's duty, 15:30 to 08, and three patients: one hour of work."""
    doctor = make.user("lise", roles=["doctor"], at=place, first_name="Lise")
    make.duty(doctor, at=place, starts_at=at(2, 15, 30), hours=16.5)
    for taken_at in (at(2, 15, 40), at(2, 20), at(3, 2)):
        patient(place, doctor, taken_at)
    return doctor


@pytest.fixture
def ola(place):
    doctor = make.user("ola", roles=["doctor"], at=place, first_name="Ola")
    make.duty(doctor, at=place, starts_at=at(7, 9), hours=24)
    return doctor


def patient(place, doctor, taken_at):
    return make.attendance(
        at=place, doctor=doctor, arrived_at=taken_at, taken_at=taken_at,
        ended_at=taken_at + timedelta(minutes=20), end="treated",
    )  # fmt: skip


def visit(row, doctor, since, *, result="treated"):
    scoped = {"contact": row.contact, "district": row.district}
    task = Outcome.objects.create(
        kind="home_visit", created_at=since, created_by=doctor, **scoped
    )
    mission = Mission.objects.create(
        sentral=row.sentral, station=row.station, outcome=task, kind="home_visit",
        opened_at=since, recorded_at=since, opened_by=doctor, ended_at=since,
        result=result, **scoped,
    )  # fmt: skip
    MissionCrew.objects.create(
        mission=mission, district=row.district, person=doctor, since=since,
        until=since + timedelta(hours=1),
    )  # fmt: skip


def pay_for(user, period=WEEK, **asked):
    return pay(workplace_for(user), period, **{"is_specialist": False} | asked)


def test_the_same_duty_under_each_form(lise, overlege):
    Population.objects.create(
        municipality=make.municipality(), year=2025, inhabitants=13_000, source="x"
    )
    found = pay_for(overlege, local=Decimal(650))
    (one,) = found.people
    assert (one.duties, one.hours, one.consultations) == (1, 16.5, 3)
    (post,) = found.classes
    assert (post.duty_class, post.is_agreed) == (1, False)  # 60 minutes of 16.5 hours
    activity, night, fixed = (one.paid[form] for form in Form)
    fees = Decimal(175 + 328 + 328)
    assert activity.pay.total == Decimal("16.5") * 168
    assert activity.income.total == Decimal("2772") + fees
    assert activity.cost == 2772
    assert night.pay.total == Decimal("7.5") * 168 + 9 * 520
    assert night.fees_to_municipality.total == 328
    assert night.cost == Decimal("7.5") * 168 + 9 * 520 - 328
    assert fixed.cost == Decimal("16.5") * 650 - fees
    specialist = pay_for(overlege, is_specialist=True).whole[Form.NIGHT_FIXED]
    assert specialist.pay.total == Decimal("7.5") * 168 + 9 * 622


def test_an_agreed_class_goes_before_the_measured(lise, overlege, place):
    make.decide(
        "pay.agreed_class",
        {"forvakt": 3, "konsultasjonsvakt": None, "beredskapsvakt": None},
    )
    found = pay_for(overlege)
    (post,) = found.classes
    assert (post.duty_class, post.is_agreed) == (3, True)
    assert found.whole[Form.ACTIVITY].pay.total == Decimal("16.5") * 31


def test_what_nobody_measured_or_decided_is_unknown_and_never_zero(ola, overlege):
    found = pay_for(overlege)
    for form in Form:
        assert found.whole[form].cost is None, form
    shown = asking(overlege).get(ADDRESS).content.decode()
    for words in (
        "ukjent klasse",
        "folketallet er ikke kjent",
        "ikke avtalt noen timelønn",
    ):
        assert words in shown
    text = (
        asking(overlege).get(ADDRESS + "&csv=lonnsformer").content.decode("utf-8-sig")
    )
    rows = list(csv.reader(StringIO(text), delimiter=";"))
    assert [row[3] for row in rows[1:]] == ["", "", ""]


def test_a_home_visit_without_a_rate_is_counted_and_unknown(lise, overlege, place):
    row = patient(place, None, at(2, 21))
    visit(row, lise, at(2, 21))
    visit(patient(place, None, at(2, 22)), lise, at(2, 22), result="called_off")
    (one,) = pay_for(overlege).people
    assert one.home_visits == 1
    assert one.paid[Form.ACTIVITY].income.unknown == 1
    shown = asking(overlege).get(ADDRESS).content.decode()
    assert "minst" in shown
    assert "Honoraret mangler for noen kontakter" in shown


def test_a_new_rate_holds_from_its_day_and_the_old_until_then(lise, ola, overlege):
    old = DatedSetting.objects.get(key="pay.standby")
    new = {n: {k: v * 2 for k, v in row.items()} for n, row in old.value.items()}
    old.valid_to = date(2026, 11, 5)
    old.save()
    DatedSetting.objects.create(
        key="pay.standby", value=new, source="ny avtale", valid_from=date(2026, 11, 5)
    )
    dated.forget()
    by_name = {one.name: one.paid[Form.ACTIVITY] for one in pay_for(overlege).people}
    assert by_name["Lise"].pay.total == Decimal("16.5") * 168
    # Ola's Saturday is class 1 as well: the class is of the post, over both duties.
    assert by_name["Ola"].pay.total == 24 * 223 * 2


def test_a_rate_that_ends_leaves_unknown_behind_it(lise, overlege):
    DatedSetting.objects.filter(key="pay.standby").update(valid_to=date(2026, 1, 1))
    dated.forget()
    assert pay_for(overlege).whole[Form.ACTIVITY].pay.total is None


def test_before_the_first_rates_nothing_is_known_and_nothing_breaks(
    lise, overlege, place
):
    make.duty(
        lise, at=place, starts_at=datetime(2020, 3, 2, 15, 30, tzinfo=OSLO), hours=16.5
    )
    found = pay_for(overlege, Period(date(2020, 3, 2), date(2020, 3, 9)))
    assert found.people[0].duties == 1
    assert found.whole[Form.ACTIVITY].cost is None
    assert found.sources == ()


def test_two_patients_at_one_moment_are_two_and_one_in_two_duties_is_one(
    lise, overlege, place
):
    patient(place, lise, at(2, 20))
    make.duty(lise, "bakvakt", at=place, starts_at=at(2, 18), hours=6)
    (one,) = pay_for(overlege).people
    assert (one.duties, one.consultations) == (2, 4)


def test_a_duty_belongs_to_the_period_it_begins_in(lise, overlege):
    tuesday = Period(date(2026, 11, 3), date(2026, 11, 4))
    assert pay_for(overlege, tuesday).people == ()


def test_the_overseer_sees_both_sides_and_a_doctor_the_own_income(lise, ola, overlege):
    shown = asking(overlege).get(ADDRESS).content.decode()
    assert "Kommunens kostnad og legenes inntekt" in shown
    assert "Lise" in shown
    assert "Ola" in shown
    mine = asking(ola).get(ADDRESS).content.decode()
    assert "Min lønn for vakt" in mine
    assert "Ola" in mine
    assert "Lise" not in mine
    assert "Kommunens kostnad og legenes inntekt" not in mine
    assert asking(ola).get(ADDRESS + "&csv=lonnsformer").status_code == 404
    file = asking(ola).get(ADDRESS + "&csv=inntekt").content.decode()
    assert "Ola" in file
    assert "Lise" not in file


@pytest.mark.parametrize(
    ("typed", "is_right"),
    [("650", True), ("650,50", True), ("mye", False), ("-1", False)],
)
def test_fixed_pay_is_tried_out_or_refused_and_kept(lise, overlege, typed, is_right):
    page = asking(overlege).get(ADDRESS + f"&fast={typed}")
    shown = page.content.decode()
    assert f'value="{typed}"' in shown
    assert ("skriv kroner i timen" in shown) is not is_right
    is_known = page.context["found"].whole[Form.FIXED].pay.total is not None
    assert is_known is is_right


def test_rates_that_nobody_checked_are_said(lise, overlege):
    assert "Noen av satsene er ikke kontrollert" in (
        asking(overlege).get(ADDRESS).content.decode()
    )
    DatedSetting.objects.filter(key__startswith="pay.").update(is_verified=True)
    assert "Noen av satsene" not in asking(overlege).get(ADDRESS).content.decode()


def test_the_page_asks_the_database_as_often_for_many_as_for_one(
    lise, ola, overlege, place
):
    client = asking(overlege)
    client.get(ADDRESS)
    with CaptureQueriesContext(connection) as two:
        client.get(ADDRESS)
    ola.duties.all().delete()
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    assert len(two) == len(one) <= 36
