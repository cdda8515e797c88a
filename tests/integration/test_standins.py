"""Who answers for a function round the clock: named, away, gone, and where nobody does."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit, kept
from varde.apps.records.models import Absence, AuditEntry, StandIn
from varde.apps.sentral.queries import downtime, standins
from varde.apps.staffing.access import workplace_named
from varde.apps.staffing.queries import standins as queries
from varde.apps.staffing.services import standins as services
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW  # a Friday, 19:00 in Norway
TODAY = NOW.date()
DAY = timedelta(days=1)
KEY = "kommuneoverlege-1824"
PAGE = "/vaktplan/hvem/stedfortredere/?sted=sentral-HEL"


class World:
    """A sentral with two municipalities, and people who may answer."""

    def __init__(self):
        self.house = make.house()
        self.place = workplace_named("sentral-HEL")
        self.over = make.user(
            "over", roles=["kommuneoverlege"], at=self.house.inner,
            first_name="Olga", last_name="Over", phone="40000001",
        )  # fmt: skip
        self.deputy = make.user(
            "stedf", roles=["legevaktoverlege"], first_name="Stein", phone="40000002"
        )
        found = standins.functions_of_sentral(self.house.sentral, on=TODAY)
        self.functions = {one.key: one for one in found}

    def name(self, person, rank=0, *, key=KEY, hours="all", first=TODAY, last=""):
        return services.name_standin(
            of=self.functions[key],
            person=person,
            rank=str(rank),
            hours=hours,
            first_on=str(first),
            last_on=str(last),
            phone="",
            at_place=self.place,
            by=self.deputy,
            at=NOW,
        )

    def now(self, at=NOW, key=KEY):
        found = standins.of_sentral(self.house.sentral, now=at)
        return next(one for one in found if one.of.key == key)

    def shown(self, last, key=KEY):
        found = queries.functions(self.place, now=NOW, last=last)
        return next(one for one in found if one.key == key)


@pytest.fixture
def world(db):
    return World()


def away(person, first, last):
    return Absence.objects.create(
        person=person, ground="holiday", starts_on=first, ends_on=last,
        decided_by=person, decided_at=NOW,
    )  # fmt: skip


def test_each_function_of_the_sentral_is_listed_also_where_nobody_is_named(world):
    assert list(world.functions) == [
        "kommuneoverlege-1820",
        "smittevernlege-1820",
        "kommuneoverlege-1824",
        "smittevernlege-1824",
        f"station_leader-{world.house.elv.pk}",
        f"station_leader-{world.house.strand.pk}",
        f"sentral_leader-{world.house.sentral.pk}",
    ]
    assert all(one.is_gap for one in standins.of_sentral(world.house.sentral, now=NOW))


def test_the_deputy_answers_while_the_holder_is_away_and_the_list_says_so(world):
    world.name(world.over)
    world.name(world.deputy, 1)
    assert (world.now().name, world.now().phone) == ("Olga Over", "40000001")
    away(world.over, TODAY + DAY, TODAY + 3 * DAY)
    found = world.now(NOW + DAY)
    assert (found.name, found.phone) == ("Stein", "40000002")
    assert (found.is_deputy, found.holder) == (True, "Olga Over")
    numbers = downtime.picture(world.house.sentral, now=NOW + DAY).numbers
    told = {one.name: one.number for one in numbers}
    assert told["Kommuneoverlege, Vefsn: Stein"] == "40000002"
    assert told["Smittevernlege, Vefsn: ingen svarer nå"] == ""
    assert world.now(NOW + 4 * DAY).name == "Olga Over"


def test_exempt_from_duty_or_from_nights_is_not_away(world):
    world.name(world.over)
    Absence.objects.create(
        person=world.over, ground="exempt_age", starts_on=TODAY,
        decided_by=world.over, decided_at=NOW,
    )  # fmt: skip
    absence = away(world.over, TODAY, TODAY + DAY)
    Absence.objects.filter(pk=absence.pk).update(only_nights=True)
    assert world.now().name == "Olga Over"


def test_a_gap_is_told_with_its_date_and_the_share_of_hours(world):
    world.name(world.over)
    away(world.over, TODAY + 2 * DAY, TODAY + 3 * DAY)
    shown = world.shown(TODAY + 9 * DAY)
    midnight = timezone.make_aware(datetime.combine(TODAY + 2 * DAY, time()))
    (gap,) = shown.gaps
    assert (gap.since, gap.until) == (midnight, midnight + 2 * DAY)
    hours = 5 + 9 * 24  # from 19:00 today through the last day
    assert shown.percent == int(100 * (hours - 48) / hours)
    away(world.over, TODAY + 8 * DAY, None)
    last = world.shown(TODAY + 9 * DAY).gaps[-1]
    assert last.until is None
    world.name(world.deputy, 1)
    assert world.shown(TODAY + 9 * DAY).percent == 100
    assert world.shown(TODAY + 9 * DAY).gaps == ()


def test_one_in_office_hours_and_another_outside_them(world):
    world.name(world.over, hours="office")
    world.name(world.deputy, hours="outside")
    monday_noon = NOW + timedelta(days=2, hours=17)
    assert [world.now().name, world.now(monday_noon).name] == ["Stein", "Olga Over"]
    assert world.shown(TODAY + 9 * DAY).percent == 100


def test_two_do_not_have_one_place_in_the_order(world):
    world.name(world.over, last=TODAY + 9 * DAY)
    again = refused(world.name, world.over, 1)
    assert again.rule is Rule.STANDIN_IS_NAMED
    taken = refused(world.name, world.deputy, first=TODAY + 9 * DAY)
    assert (taken.rule, taken.values["person"]) == (Rule.STANDIN_OVERLAPS, "Olga Over")
    world.name(world.deputy, first=TODAY + 10 * DAY)
    for field, wrong in (
        ("rank", {"rank": 10}),
        ("hours", {"hours": "night"}),
        ("first_on", {"first": ""}),
        ("last_on", {"last": TODAY - DAY}),
    ):
        error = refused(
            world.name, world.deputy, **{"key": f"smittevernlege-{1824}"} | wrong
        )
        assert (error.rule, error.values["field"]) == (Rule.FIELD_NOT_VALID, field)
    assert StandIn.objects.count() == 2


def test_one_is_ended_and_one_that_has_not_begun_is_taken_away(world):
    row = world.name(world.over)
    later = world.name(world.deputy, 1, first=TODAY + 5 * DAY)
    common = {"at_place": world.place, "by": world.deputy, "at": NOW, "today": TODAY}
    services.end_standin(row_id=row.pk, last_on=str(TODAY + DAY), **common)
    services.end_standin(row_id=later.pk, last_on="", **common)
    row.refresh_from_db()
    assert row.valid_to == TODAY + 2 * DAY
    assert not StandIn.objects.filter(pk=later.pk).exists()
    assert [world.now(NOW + n * DAY).is_gap for n in range(3)] == [False, False, True]
    kinds = AuditEntry.objects.filter(what__startswith="standin_").values_list("what")
    assert sorted(kinds) == [("standin_ended",)] * 2 + [("standin_named",)] * 2


def test_what_cannot_be_told_is_undone(world, monkeypatch):
    row = world.name(world.over)
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        world.name(world.deputy, 1)
    with pytest.raises(CannotWrite):
        services.end_standin(
            row_id=row.pk, last_on="", at_place=world.place, by=world.over, at=NOW,
            today=TODAY,
        )  # fmt: skip
    row.refresh_from_db()
    assert (StandIn.objects.count(), row.valid_to) == (1, None)


@pytest.mark.django_db(transaction=True)
def test_of_ten_named_for_one_place_at_once_one_has_it(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    world = World()
    people = [make.user(f"nr{n}", first_name=f"Nr{n}") for n in range(10)]

    def name(person):
        try:
            return world.name(person).person_id
        except RuleBroken as error:
            return error.rule

    found = side_by_side(name, people)
    assert sorted(found, key=str)[1:].count(Rule.STANDIN_OVERLAPS) == 9
    assert StandIn.objects.count() == 1


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_those_responsible_name_and_end_from_the_page_and_others_look(world):
    client = logged_in(world.deputy)
    sent = {
        "act": "name", "of": KEY, "person": world.over.pk, "rank": "0", "hours": "all",
        "first_on": "2020-01-01", "last_on": "2019-01-01", "phone": "40000009",
    }  # fmt: skip
    wrong = client.post(PAGE, sent).content.decode()
    assert 'role="alert"' in wrong
    assert 'value="40000009"' in wrong
    assert client.post(PAGE, sent | {"last_on": ""}).status_code == 302
    row = StandIn.objects.get()
    assert (row.person, row.phone, row.valid_to) == (world.over, "40000009", None)
    text = client.get(PAGE).content.decode()
    assert "dekket 100 % av timene" in text
    assert "Ingen stedfortreder fra" in text  # of the other functions
    colleague = logged_in(world.house.kari)
    assert "Sett opp en til" not in colleague.get(PAGE).content.decode()
    assert colleague.post(PAGE, sent).status_code == 404
    end = {"act": "end", "row": row.pk, "last_on": ""}
    assert colleague.post(PAGE, end).status_code == 404
    elsewhere = StandIn.objects.create(
        function="smittevernlege", municipality=world.house.bodo, person=world.over,
        rank=0, hours="all", valid_from=date(2020, 1, 1), made_at=NOW,
    )  # fmt: skip
    assert client.post(PAGE, end | {"row": elsewhere.pk}).status_code == 404
    assert client.post(PAGE, sent | {"of": "smittevernlege-1804"}).status_code == 404
    assert client.post(PAGE, end).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == timezone.localdate() + DAY
