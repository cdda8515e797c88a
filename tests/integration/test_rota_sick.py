"""Sick leave from a duty that somebody is too ill for: the days it has, each once."""

from datetime import time, timedelta

import pytest

from tests import make
from tests import rota as build
from varde.apps.records.models import Absence, AuditEntry, Position, ShiftPattern
from varde.apps.staffing.queries.rota.reasons import obstacles
from varde.apps.staffing.services import people
from varde.apps.staffing.services.rota import filling, making


pytestmark = pytest.mark.django_db
NOW = make.NOW
DAY = timedelta(days=1)


def house_with(starts, ends):
    made = build.house(with_rota=False, doctors=1)
    ShiftPattern.objects.all().delete()
    build.pattern(made, "Vakt", build.WORKING + build.FREE, starts, ends)
    made.rota = making.make_rota(
        workplace=made.workplace,
        starts_on=build.FIRST,
        ends_on=build.FIRST + 6 * DAY,
        by=made.planner,
        at=NOW,
    )
    return build.filled(made, published=True)


def sick(house, number):
    place = house.place(number)
    return filling.report_sick(
        rota_id=house.rota.pk,
        place_id=place.pk,
        seen=place.row_version,
        workplace=house.workplace,
        by=house.leader,
        at=NOW,
    )


def leave():
    """The ground, the first and the last day of each, counted from the first of the rota."""
    return [
        (
            row.ground,
            (row.starts_on - build.FIRST).days,
            (row.ends_on - build.FIRST).days,
        )
        for row in Absence.objects.order_by("starts_on", "pk")
    ]


def overlaps(house):
    return [text for text in obstacles(house.ground()) if "overlapper" in text]


def absent(house, ground, first, last):
    people.give_absence(
        at_place=house.workplace,
        person=house.doctors[0],
        ground=ground,
        first_on=(build.FIRST + first * DAY).isoformat(),
        last_on=(build.FIRST + last * DAY).isoformat(),
        only_nights=False,
        by=house.planner,
        at=NOW,
    )


def test_a_duty_to_midnight_has_no_part_in_the_day_after():
    sick(house_with(time(16), time(0)), 0)
    assert leave() == [("sick", 0, 0)]


def test_two_nights_on_end_are_three_days_each_written_once():
    house = house_with(time(16), time(8))
    sick(house, 0)
    sick(house, 1)
    assert leave() == [("sick", 0, 1), ("sick", 2, 2)]
    assert not overlaps(house)
    assert AuditEntry.objects.filter(what="absence_given").count() == 2


def test_a_day_that_is_leave_already_is_not_written_again():
    house = house_with(time(16), time(8))
    absent(house, "holiday", 1, 3)
    sick(house, 0)
    sick(house, 2)
    assert leave() == [("sick", 0, 0), ("holiday", 1, 3)]


def test_exemption_is_not_leave_and_the_two_together_are_no_obstacle():
    house = house_with(time(16), time(8))
    absent(house, "exempt_pregnant", 0, 60)
    sick(house, 0)
    assert leave() == [("exempt_pregnant", 0, 60), ("sick", 0, 1)]
    # Leave that runs on after the position has ended is none either.
    Position.objects.update(valid_to=build.FIRST + 5 * DAY)
    absent(house, "holiday", 4, 6)
    assert not overlaps(house)


def test_two_leaves_at_once_are_told_before_anybody_tries():
    house = house_with(time(16), time(8))
    for day in (0, 1):
        Absence.objects.create(
            person=house.doctors[0],
            ground="leave",
            starts_on=build.FIRST + day * DAY,
            ends_on=build.FIRST + 2 * DAY,
            decided_by=house.planner,
            decided_at=NOW,
        )
    assert overlaps(house) == [f"{house.doctors[0].name} har to fravær som overlapper."]


def test_who_is_exempt_on_leave_or_gone_has_no_duty():
    """What is cut so that nothing overlaps still bars every day of it."""
    house = house_with(time(16), time(0))
    absent(house, "exempt_age", 0, 2)
    absent(house, "course", 1, 1)
    Position.objects.update(valid_to=build.FIRST + 5 * DAY)
    (worker,) = house.ground().workers
    calendar = house.ground().limits.calendar
    noons = [calendar.at(build.FIRST + day * DAY, time(12)) for day in range(7)]
    away = [any(a.starts_at <= at < a.ends_at for a in worker.away) for at in noons]
    assert away == [True, True, True, False, False, True, True]
