"""Nødnett in office hours: shared out fairly, kept when set by hand, seen by all."""

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit, kept
from varde.apps.records.models import (
    Absence,
    AuditEntry,
    FastlegeOffice,
    NodnettChange,
    NodnettDay,
    NodnettMember,
    PracticeTime,
)
from varde.apps.staffing.access import workplace_named
from varde.apps.staffing.queries import nodnett as queries
from varde.apps.staffing.services import nodnett as services
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
MONDAY = date(2026, 11, 30)
DAY = timedelta(days=1)
PAGE = "/vaktplan/hvem/nodnett/?sted=stasjon-varden"


class World:
    """A station with four doctors, of whom one has half a part."""

    def __init__(self):
        make.settings()
        make.sentral()
        self.station = make.station()
        self.place = workplace_named("stasjon-varden")
        self.leader = make.user("leder", roles=["shift_leader"], at=self.station)
        self.doctors = [
            make.user(
                f"lege{n}", roles=["doctor"], at=self.station, first_name=f"Lege{n}"
            )
            for n in range(4)
        ]
        self.members = [
            self.add(one, part=50 if n == 3 else 100)
            for n, one in enumerate(self.doctors)
        ]

    @property
    def common(self):
        return {"workplace": self.place, "by": self.leader, "at": NOW}

    def add(self, person=None, *, office=None, part=100, first="2020-01-01", last=""):
        return services.add_member(
            person=person, office=office, part=str(part), radio="7500001", phone="",
            first_on=first, last_on=last, **self.common,
        )  # fmt: skip

    def make(self, first=MONDAY, last=MONDAY + 27 * DAY, *, unit="day"):
        return services.make_days(
            first_on=str(first), last_on=str(last), turns_of=unit, today=NOW.date(),
            **self.common,
        )  # fmt: skip

    def change(self, row, member, *, seen=None):
        return services.change_day(
            day_id=row.pk,
            member_id=member and member.pk,
            seen=seen or row.row_version,
            **self.common,
        )

    def turns(self):
        rows = NodnettDay.objects.select_related("member__person")
        return Counter(
            row.member.person.first_name if row.member else "" for row in rows
        )


@pytest.fixture
def world(db):
    return World()


def test_working_days_are_shared_by_size_of_part_and_free_days_are_none(world):
    days = world.make(date(2026, 12, 14), date(2027, 1, 10))
    # Four weeks with Christmas Day (Friday) and New Year's Day (Friday) free.
    assert len(days) == 18
    assert {day.on.weekday() for day in days} == set(range(5))
    assert date(2026, 12, 25) not in {day.on for day in days}
    assert world.turns() == {"Lege0": 5, "Lege1": 5, "Lege2": 5, "Lege3": 3}
    (day,) = NodnettDay.objects.filter(on="2026-12-14")
    local = [timezone.localtime(one).time() for one in (day.starts_at, day.ends_at)]
    assert local == [time(8), time(15, 30)]
    assert NodnettChange.objects.count() == 18


def test_turns_come_after_each_other_and_go_on_where_the_last_period_ended(world):
    services.end_member(
        member_id=world.members[3].pk, last_on="", today=NOW.date(), **world.common
    )
    days = world.make(MONDAY, MONDAY + 6 * DAY)
    assert [day.member for day in days[:4]] == [
        *world.members[:3],
        world.members[0],
    ]
    more = world.make(MONDAY + 7 * DAY, MONDAY + 9 * DAY)
    last = [day.member.pk for day in days][-2:]
    assert more[0].member.pk not in last
    assert {day.member for day in more} == set(world.members[:3])


def test_a_week_at_a_time_is_one_persons_week(world):
    world.make(unit="week")
    by_week = {}
    for row in NodnettDay.objects.all():
        by_week.setdefault(row.on.isocalendar().week, set()).add(row.member_id)
    assert all(len(held) == 1 for held in by_week.values())
    assert len(set.union(*by_week.values())) >= 3


def test_nobody_has_a_day_that_they_cannot_have(world):
    gone, part_time, on_duty, later = world.doctors
    Absence.objects.create(
        person=gone, ground="holiday", starts_on=MONDAY, ends_on=MONDAY + 3 * DAY,
        decided_by=gone, decided_at=NOW,
    )  # fmt: skip
    PracticeTime.objects.create(
        person=part_time, work="practice", weekday=1, starts="08:00", ends="15:00",
        valid_from="2020-01-01",
    )  # fmt: skip
    night = timezone.make_aware(datetime.combine(MONDAY - DAY, time(15, 30)))
    make.duty(on_duty, at=world.station, starts_at=night, hours=16.5)  # to Monday 08
    NodnettMember.objects.filter(person=later).update(valid_from=MONDAY + 3 * DAY)
    lacks = queries.why_not(
        world.station, queries.members_of(world.station, first=MONDAY, last=MONDAY + 4 * DAY),
        [MONDAY + n * DAY for n in range(5)],
    )  # fmt: skip
    names = {one.pk: one.person.first_name for one in world.members}
    told = sorted(
        (day.weekday(), names[pk], str(why)) for (day, pk), why in lacks.items()
    )
    assert told == [
        (0, "Lege0", "away"), (0, "Lege1", "not_at_work"), (0, "Lege2", "on_duty"),
        (0, "Lege3", "ended"),
        (1, "Lege0", "away"), (1, "Lege3", "ended"),
        (2, "Lege0", "away"), (2, "Lege1", "not_at_work"), (2, "Lege3", "ended"),
        (3, "Lege0", "away"), (3, "Lege1", "not_at_work"),
        (4, "Lege1", "not_at_work"),
    ]  # fmt: skip
    days = world.make(MONDAY, MONDAY + 4 * DAY)
    held = [day.member.person.first_name if day.member else "" for day in days]
    assert held == ["", "Lege1", "Lege2", "Lege3", "Lege0"]


def test_how_long_one_rests_after_duty_is_a_setting(world):
    make.decide("nodnett.rest_h", 0)
    night = timezone.make_aware(datetime.combine(MONDAY, time(15, 30)))
    make.duty(world.doctors[0], at=world.station, starts_at=night, hours=16.5)
    days = [MONDAY, MONDAY + DAY]  # until 08 on Tuesday
    assert queries.why_not(world.station, world.members, days) == {}
    make.decide("nodnett.rest_h", 1)
    (tired,) = queries.why_not(world.station, world.members, days)
    assert tired == (MONDAY + DAY, world.members[0].pk)


def test_a_day_set_by_hand_stays_and_what_another_changed_is_not_overwritten(world):
    days = world.make(MONDAY, MONDAY + 4 * DAY)
    row = NodnettDay.objects.get(pk=days[2].pk)
    seen, other = row.row_version, world.members[3]
    world.change(row, other)
    error = refused(world.change, row, world.members[0], seen=seen)
    assert error.rule is Rule.NODNETT_DAY_CHANGED
    assert error.values["person"] == "Lege3"
    world.make()
    row.refresh_from_db()
    assert (row.member, row.is_fixed) == (other, True)
    world.change(row, None)
    row.refresh_from_db()
    assert (row.member, row.is_fixed) == (None, False)
    changes = list(row.changes.order_by("pk").values_list("before", "after"))
    assert changes[-2:] == [(changes[0][1], other.pk), (other.pk, None)]


def test_who_leaves_the_rotation_leaves_the_days_open(world):
    world.make()
    held = NodnettDay.objects.filter(member=world.members[0])
    first = held.order_by("on").first().on
    number = held.count()
    services.end_member(
        member_id=world.members[0].pk, last_on=str(first), today=NOW.date(),
        **world.common,
    )  # fmt: skip
    assert [day.on for day in held.all()] == [first]
    assert NodnettDay.objects.filter(member=None).count() == number - 1
    world.make()
    assert not NodnettDay.objects.filter(member=None).exists()


def test_what_makes_no_sense_is_refused(world):
    period = refused(world.make, NOW.date() - DAY)
    assert period.rule is Rule.NODNETT_PERIOD_WRONG
    assert refused(world.make, MONDAY, MONDAY - DAY).rule is Rule.NODNETT_PERIOD_WRONG
    far = refused(world.make, MONDAY, MONDAY + 370 * DAY)
    assert far.rule is Rule.NODNETT_PERIOD_WRONG
    assert refused(world.make, unit="month").rule is Rule.FIELD_NOT_VALID
    assert refused(world.add, world.doctors[0]).rule is Rule.NODNETT_IS_MEMBER
    assert refused(world.add).rule is Rule.FIELD_NOT_VALID
    assert refused(world.add, world.leader, part=0).rule is Rule.FIELD_NOT_VALID
    (day,) = world.make(MONDAY, MONDAY)
    NodnettDay.objects.update(ends_at=NOW, starts_at=NOW - DAY)
    over = refused(world.change, day, world.members[0], seen=2)
    assert over.rule is Rule.NODNETT_DAY_IS_OVER
    NodnettMember.objects.update(valid_to=MONDAY)
    assert refused(world.make, MONDAY).rule is Rule.NODNETT_NO_MEMBERS


def test_what_cannot_be_told_is_undone(world, monkeypatch):
    (day,) = world.make(MONDAY, MONDAY)
    row = NodnettDay.objects.get(pk=day.pk)
    monkeypatch.setattr(audit, "log", fail)
    acts = (
        lambda: world.add(world.leader),
        lambda: world.make(MONDAY + DAY, MONDAY + DAY),
        lambda: world.change(row, None),
        lambda: services.end_member(
            member_id=row.member_id, last_on="", today=NOW.date(), **world.common
        ),
    )
    for act in acts:
        with pytest.raises(CannotWrite):
            act()
    assert list(NodnettDay.objects.values_list("member", flat=True)) == [row.member_id]
    assert NodnettMember.objects.filter(valid_to=None).count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_a_day_at_once_one_wins(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    world = World()
    (day,) = world.make(MONDAY, MONDAY)
    row = NodnettDay.objects.get(pk=day.pk)

    def change(member):
        try:
            return world.change(row, member, seen=row.row_version).member_id
        except RuleBroken as error:
            return error.rule

    found = side_by_side(change, world.members * 3)
    assert found.count(Rule.NODNETT_DAY_CHANGED) == 11
    assert NodnettDay.objects.get().row_version == row.row_version + 1
    assert AuditEntry.objects.filter(what="nodnett_day_changed").count() == 1


def logged_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_the_leader_sets_it_up_from_the_page_and_others_look(world):
    client = logged_in(world.leader)
    office = FastlegeOffice.objects.create(
        name="Fjell legesenter", municipality=make.municipality(), phone="40000021"
    )
    new = {
        "act": "add", "member": f"k-{office.pk}", "part": "x", "radio": "7512345",
        "phone": "", "first_on": "2020-01-01", "last_on": "",
    }  # fmt: skip
    wrong = client.post(PAGE, new).content.decode()
    assert 'role="alert"' in wrong
    assert 'value="7512345"' in wrong
    assert client.post(PAGE, new | {"part": "100"}).status_code == 302
    today = timezone.localdate()
    period = {"first_on": today, "last_on": today + 20 * DAY, "turns_of": "day"}
    assert client.post(PAGE, {"act": "make"} | period).status_code == 302
    text = client.get(PAGE).content.decode()
    assert "Fjell legesenter" in text
    assert "40000021" in text
    row = NodnettDay.objects.order_by("on").last()
    to = {"member": world.members[0].pk, "seen": row.row_version}
    path = f"/vaktplan/hvem/nodnett/{row.pk}/"
    assert client.post(path, to | {"seen": 99}).status_code == 200
    assert client.post(path, to).status_code == 302
    colleague = logged_in(world.doctors[0])
    seen = colleague.get(PAGE).content.decode()
    assert "Fjell legesenter" in seen
    assert "Fordel dager" not in seen
    assert colleague.post(PAGE, {"act": "make"} | period).status_code == 404
    assert colleague.post(path, to).status_code == 404
    end = {"act": "end", "row": world.members[1].pk, "last_on": ""}
    assert client.post(PAGE, end).status_code == 302
    world.members[1].refresh_from_db()
    assert world.members[1].valid_to == today + DAY
