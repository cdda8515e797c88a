"""Duties that belong together: they change hands, and go back, in one; what is over stays."""

from datetime import time, timedelta

import pytest

from tests import make
from tests import rota as build
from tests.integration.test_rota import refused
from varde.apps.records.models import Duty, RotaChange, ShiftPattern
from varde.apps.staffing.queries.rota.judging import judged
from varde.apps.staffing.services.rota import changing, making, publishing
from varde.domain.errors import Rule


pytestmark = pytest.mark.django_db
NOW = make.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def house():
    """Saturday and Sunday of each week to one person."""
    made = build.house(with_rota=False)
    ShiftPattern.objects.all().delete()
    days = ("saturday", "sunday")
    build.pattern(made, "Helg", days, time(8), time(8), group="helg")
    made.rota = making.make_rota(
        workplace=made.workplace,
        starts_on=build.FIRST,
        ends_on=build.FIRST + timedelta(days=6),
        by=made.planner,
        at=NOW,
    )
    return made


def give(house, place, person, *, at=NOW, by=None, reason=""):
    place.refresh_from_db()
    return changing.set_person(
        rota_id=house.rota.pk,
        place_id=place.pk,
        person_id=person.pk if person else None,
        seen=place.row_version,
        workplace=house.workplace,
        by=by or house.planner,
        at=at,
        reason=reason,
    )


def undo(house, *, at=NOW, by=None):
    return changing.undo(
        rota_id=house.rota.pk,
        workplace=house.workplace,
        by=by or house.planner,
        at=at,
    )


def publish(house):
    house.rota.refresh_from_db()
    publishing.publish(
        rota_id=house.rota.pk,
        seen=house.rota.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=NOW,
    )


def held(house):
    return [place.person for place in house.places]


def test_what_changed_hands_together_goes_back_together(house):
    saturday = house.place(0)
    ane, bo, cato = house.doctors[:3]
    steps = [None, ane, bo, None, cato]
    for person in steps[1:]:
        give(house, saturday, person)
        assert held(house) == [person, person]
    for person in reversed(steps[:-1]):
        undo(house)
        assert held(house) == [person, person]
    assert refused(undo, house).rule is Rule.ROTA_NOTHING_TO_UNDO
    # Nothing that is vacant stays fixed: a proposal may fill it again.
    assert not house.rota.duties.filter(is_fixed=True).exists()
    assert RotaChange.objects.filter(kind="undone", undoes__isnull=False).count() == 8


def test_the_whole_is_not_undone_when_another_has_changed_a_part(house):
    saturday, sunday = house.places
    ane, bo = house.doctors[:2]
    give(house, saturday, ane)
    sunday.refresh_from_db()
    sunday.person = bo  # as when a part is imported or swapped
    sunday.row_version += 1
    sunday.save()
    assert refused(undo, house).rule is Rule.ROTA_CHANGED
    assert held(house) == [ane, bo]


def test_while_one_drags_a_part_the_whole_is_judged(house):
    ane, bo = house.doctors[:2]
    give(house, house.place(0), ane)
    house.rota.refresh_from_db()

    def verdict(now):
        change = {str(house.place(1).pk): str(bo.pk)}
        return judged(house.rota, change, workplace=house.workplace, now=now)

    assert verdict(NOW).hard == ()
    publish(house)
    house.rota.refresh_from_db()
    assert verdict(NOW).hard == ()
    # The Saturday that is over stays Ane's: the weekend is of two.
    (text,) = verdict(house.place(0).ends_at).hard
    assert text.startswith("Vakter som hører sammen")


def test_what_is_over_stays_with_who_had_it(house):
    saturday, sunday = house.places
    ane, bo, cato = house.doctors[:3]
    give(house, saturday, ane)
    publish(house)
    now = saturday.ends_at + 2 * HOUR
    give(house, sunday, bo, at=now)
    assert held(house) == [ane, bo]
    published = Duty.objects.order_by("starts_at").values_list("person", "ends_at")
    assert list(published) == [
        (ane.pk, saturday.ends_at),
        (ane.pk, now),  # the Sunday had begun
        (bo.pk, sunday.ends_at),
    ]
    assert refused(give, house, saturday, cato, at=now).rule is Rule.ROTA_DUTY_IS_OVER
    give(house, sunday, cato, at=now + HOUR)
    undo(house, at=now + 2 * HOUR)
    assert held(house) == [ane, bo]
    late = sunday.ends_at
    assert refused(undo, house, at=late).rule is Rule.ROTA_DUTY_IS_OVER
