"""What a rota knows of people, of the rotas before it, and of the duties around it."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests import rota as build
from varde.apps.records.models import (
    Absence,
    Duty,
    Position,
    Qualification,
    RoleGrant,
    Rota,
    RotaDuty,
    ShiftPattern,
    Station,
)
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.services.rota import changing, making, publishing
from varde.domain.errors import Rule, RuleBroken
from varde.domain.rota.rules.breach import RotaRule
from varde.domain.rota.rules.changing import judge_change
from varde.domain.rota.rules.judging import judge
from varde.domain.rota.values import Account


pytestmark = pytest.mark.django_db
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def rota_of(house, first, last, **people):
    """A rota; those named by post have all its duties of the post, and it is published."""
    made = making.make_rota(
        workplace=house.workplace,
        starts_on=first,
        ends_on=last,
        by=house.planner,
        at=make.NOW,
    )
    for post, person in people.items():
        made.duties.filter(post=post).update(person=person)
    if people:
        Rota.objects.filter(pk=made.pk).update(
            state="published", version=1, published_at=make.NOW
        )
    return made


def duty(house, person, starts_at, ends_at, post="forvakt"):
    return Duty.objects.create(
        person=person,
        post=post,
        station_id=house.workplace.station_id,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def ground(house, rota, **more):
    return ground_of(rota, workplace=house.workplace, **more)


def give(house, place, person, at=make.NOW):
    place.refresh_from_db()
    return changing.set_person(
        rota_id=house.rota.pk,
        place_id=place.pk,
        person_id=person.pk,
        seen=place.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=at,
    )


def publish(house, at=make.NOW):
    house.rota.refresh_from_db()
    return publishing.publish(
        rota_id=house.rota.pk,
        seen=house.rota.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=at,
    )


def hard(judged, rule):
    return [breach for breach in judged if breach.is_hard and breach.rule is rule]


# ------------------------------------------------------------- the rotas before


def test_each_earlier_rota_is_counted_among_those_who_were_there_then():
    """Ane was on leave, Cato has left since, Dina filled in, Ny came after."""
    house = build.house(doctors=4, with_rota=False)
    ane, bo, cato, dina = house.doctors
    build.pattern(
        house, "Bak", build.WORKING + build.FREE, time(8), time(8), post="bakvakt"
    )
    earlier = rota_of(house, build.FIRST, build.LAST, forvakt=bo, bakvakt=cato)
    RotaDuty.objects.filter(
        pk=earlier.duties.filter(post="forvakt").order_by("starts_at").first().pk
    ).update(person=dina)
    Absence.objects.create(
        person=ane,
        ground="leave",
        starts_on=build.FIRST,
        ends_on=build.LAST,
        decided_by=ane,
        decided_at=make.NOW,
    )
    then = build.LAST + DAY
    Position.objects.filter(person=cato).update(valid_to=then)
    Position.objects.filter(person=dina).update(category="vikar")
    new = build.doctor("Ny", Station.objects.get())
    Position.objects.filter(person=new).update(valid_from=then)
    rota = rota_of(house, then, then + 6 * DAY)
    found = {worker.id: worker.credit for worker in ground(house, rota).workers}
    assert found.keys() == {str(one.pk) for one in (ane, bo, dina, new)}
    # Bo had 27 of the 27 that Bo and Cato shared, and none of the 28 as bakvakt.
    assert found[str(bo.pk)][Account.BACKUP] == pytest.approx(-14)
    assert found[str(bo.pk)][Account.ALL] == pytest.approx(-0.5)
    assert set(found[str(ane.pk)].values()) == {0.0}
    assert set(found[str(dina.pk)].values()) == {0.0}
    assert found[str(new.pk)] == {}


def test_many_rotas_before_cost_no_more_statements_than_one():
    house = build.house(doctors=2, with_rota=False)
    bo = house.doctors[1]
    rota = rota_of(house, build.FIRST, build.FIRST + 6 * DAY)
    ground(house, rota)  # the settings are remembered from now on
    counts = []
    for weeks in ([1], [2, 3, 4]):
        for week in weeks:
            first = build.FIRST - week * WEEK
            rota_of(house, first, first + 6 * DAY, forvakt=bo)
        with CaptureQueriesContext(connection) as seen:
            found = ground(house, rota)
        counts.append(len(seen))
    assert found.worker(str(bo.pk)).credit[Account.ALL] == pytest.approx(14)
    assert counts[0] == counts[1] <= 20


# ------------------------------------------------------------- positions and LIS1


def test_positions_one_after_the_other_are_not_added_and_a_gap_is_outside():
    house = build.house(doctors=3)
    ane, bo, _ = house.doctors
    Position.objects.filter(person=ane).update(
        share=Decimal("0.5"), valid_to=date(2026, 12, 14)
    )
    Position.objects.create(
        person=ane,
        category="fastlege",
        law="sfs2305",
        share=Decimal("0.5"),
        employer="Kommunen",
        station=Station.objects.get(),
        valid_from=date(2026, 12, 28),
    )
    Qualification.objects.create(
        user=bo,
        kind="lis1",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 9),
    )
    found = house.ground()
    assert found.worker(str(ane.pk)).share == 0.5

    def came(number, person):
        change = {str(house.place(number).pk): str(person.pk)}
        return found.changes().judged(change).came

    away = RotaRule.NO_DUTY_WHILE_AWAY
    gap = [bool(hard(came(number, ane), away)) for number in (0, 8, 20, 21)]
    assert gap == [False, True, True, False]
    lis1 = RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE
    (first,) = hard(came(0, bo), lis1)
    assert first.measured == 16.5
    assert hard(came(20, bo), lis1) == []


def test_a_post_is_held_on_the_days_of_the_position_that_gives_it():
    """Bo is LIS1 until 20 December and doctor from then on; Ane stops leading shifts."""
    house = build.house(doctors=2, with_rota=False)
    ane, bo = house.doctors
    every = build.WORKING + build.FREE
    build.pattern(house, "Bak", every, time(8), time(8), post="bakvakt")
    build.pattern(house, "Leder", every, time(8), time(16), post="shift_leader")
    not_held = RotaRule.ONLY_IN_A_POST_THAT_ONE_HOLDS
    away = RotaRule.NO_DUTY_WHILE_AWAY
    then = date(2026, 12, 21)
    Position.objects.filter(person=bo).update(category="lis1", valid_to=then)
    Position.objects.create(
        person=bo,
        category="lis3",
        law="sfs2305",
        share=1,
        employer="Kommunen",
        station=Station.objects.get(),
        valid_from=then,
        valid_to=date(2026, 12, 28),
    )
    RoleGrant.objects.create(
        user=ane,
        role="shift_leader",
        station=Station.objects.get(),
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 10),
    )
    rota = rota_of(house, build.FIRST, build.LAST)
    found = ground(house, rota)
    assert found.worker(str(bo.pk)).posts == frozenset(Duty.DOCTOR_POSTS)

    def why(person, post, day):
        place = rota.duties.get(post=post, starts_at__date=date(2026, 12, day))
        came = found.changes().judged({str(place.pk): str(person.pk)}).came
        return {breach.rule for breach in came if breach.is_hard} & {not_held, away}

    assert why(bo, "bakvakt", 19) == why(bo, "bakvakt", 7) == {not_held}
    assert why(bo, "bakvakt", 20) == {not_held}  # it ends on the first day of the other
    assert why(bo, "bakvakt", 21) == why(bo, "forvakt", 19) == set()
    assert why(bo, "bakvakt", 29) == why(bo, "forvakt", 29) == {away}
    assert why(ane, "shift_leader", 9) == set()
    assert why(ane, "shift_leader", 10) == {not_held}
    assert why(bo, "shift_leader", 22) == {not_held}


# ------------------------------------------------------------- duties around


def test_duties_around_keep_their_share_of_work_and_their_accounts():
    house = build.house(doctors=2, with_rota=False)
    ShiftPattern.objects.all().delete()
    every = build.WORKING + build.FREE
    build.pattern(house, "Vakt", every, time(15, 30), time(8))
    ShiftPattern.objects.update(active_share=Decimal("0.14"))
    make.decide("rota.own_rules", {"nights_in_a_row": 3, "days_between": None})
    ane = house.doctors[0]
    week = build.FIRST + 6 * DAY
    house.rota = rota_of(house, build.FIRST, week)
    house.rota.duties.update(person=ane)
    house.rota = publish(house)
    rota = rota_of(house, week + DAY, week + 7 * DAY)
    for place in rota.duties.order_by("starts_at")[:2]:
        RotaDuty.objects.filter(pk=place.pk).update(person=ane)
    found = ground(house, rota)
    assert {slot.active_share for slot in found.around} == {0.14}
    judged = judge(
        slots=found.all_slots,
        workers=found.workers,
        assignment=found.whole,
        limits=found.limits,
    )
    (run,) = (
        one for one in judged.breaches if one.rule is RotaRule.NIGHTS_IN_A_ROW_ARE_FEW
    )
    assert run.measured == 9
    # They are no part of what this rota shares.
    held = {
        (row.worker, row.account): (row.held, row.fair) for row in found.standings()
    }
    assert held[str(ane.pk), Account.NIGHT] == (2, 3.5)
    moved = judge_change(
        change={rota.duties.order_by("starts_at")[2:3].get().pk.__str__(): str(ane.pk)},
        slots=found.all_slots,
        workers=found.workers,
        assignment=found.whole,
        limits=found.limits,
    )
    assert {breach.measured for breach in moved.came if breach.rule is run.rule} == {10}


def test_a_duty_by_hand_at_the_same_time_is_seen_before_and_after_publication():
    house = build.house(doctors=2)
    ane, bo = house.doctors
    first, second = house.places[:2]
    twice = RotaRule.NO_TWO_DUTIES_AT_ONCE
    duty(house, ane, first.starts_at, first.ends_at, post="nurse")
    with pytest.raises(RuleBroken) as caught:
        give(house, first, ane)
    assert caught.value.rule is Rule.ROTA_HARD_RULE
    RotaDuty.objects.filter(pk=first.pk).update(person=ane)
    with pytest.raises(RuleBroken) as caught:
        publish(house)
    assert caught.value.rule is Rule.ROTA_BREAKS_RULES
    # One of the rota's own posts gives way, so it is no hindrance.
    Duty.objects.update(post="forvakt")
    publish(house)
    assert Duty.objects.filter(person=ane).count() == 1
    # What is made by hand after the publication gives way to nothing.
    duty(house, bo, second.starts_at, second.ends_at)
    change = {str(second.pk): str(bo.pk)}
    assert len(hard(house.ground().changes().judged(change).came, twice)) == 1


def test_a_duty_that_has_begun_is_the_place_itself_or_stands_in_the_way():
    house = build.house(doctors=2)
    ane, bo = house.doctors
    place = house.place()
    at = place.starts_at + timedelta(hours=2)
    RotaDuty.objects.filter(pk=place.pk).update(person=ane)
    begun = duty(house, ane, place.starts_at, place.ends_at - timedelta(hours=1))
    with pytest.raises(RuleBroken):
        publish(house, at=at)
    Duty.objects.update(ends_at=place.ends_at, phone="40000009")
    house.rota = publish(house, at=at)
    assert Duty.objects.get().phone == "40000009"
    place.refresh_from_db()
    assert place.duty_id == begun.pk
    # Handed over midway and back again: her own first hours are no second duty.
    give(house, place, bo, at=at)
    give(house, place, ane, at=at + timedelta(hours=1))
    assert sorted(Duty.objects.values_list("person", flat=True)) == sorted(
        [ane.pk, ane.pk, bo.pk]
    )


def test_a_week_is_free_only_where_the_duties_of_a_person_are_known():
    house = build.house(doctors=4, with_rota=False)
    ane, bo, cato, dina = house.doctors
    rota = rota_of(house, build.FIRST, build.LAST)
    long_ago = timezone.make_aware(datetime(2026, 11, 17, 16))
    duty(house, bo, long_ago, long_ago + timedelta(hours=2))

    def known_from():
        return {
            int(one.id): timezone.localdate(one.known.starts_at)
            for one in ground(house, rota).workers
        }

    # Nobody has planned the weeks before: Bo's duty says nothing of the others.
    first = build.FIRST
    assert known_from() == dict.fromkeys([ane.pk, cato.pk, dina.pk], first) | {
        bo.pk: date(2026, 11, 17)
    }
    # Two rotas before without a gap; Cato began within them. The third is apart.
    rota_of(house, first - WEEK, first - DAY, forvakt=ane)
    rota_of(house, first - 2 * WEEK, first - WEEK - DAY, forvakt=ane)
    rota_of(house, first - 4 * WEEK, first - 3 * WEEK - DAY, forvakt=cato)
    Position.objects.filter(person=cato).update(valid_from=first - 4 * DAY)
    Position.objects.filter(person=dina).update(valid_to=date(2026, 12, 21))
    after = build.LAST + DAY
    rota_of(house, after, after + 8 * WEEK, forvakt=ane)
    assert known_from() == {
        ane.pk: first - 2 * WEEK,
        bo.pk: date(2026, 11, 17),
        cato.pk: first - 4 * DAY,
        dina.pk: first - 2 * WEEK,
    }
    ends = {
        int(one.id): timezone.localdate(one.known.ends_at)
        for one in ground(house, rota).workers
    }
    assert ends[ane.pk] == after + 4 * WEEK
    assert ends[dina.pk] == after
