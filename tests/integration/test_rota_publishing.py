"""What stops a publication: those who have left do, and places that are vacant do not."""

from datetime import date

import pytest
from django.test import Client

from tests import make
from tests import rota as build
from tests.integration.test_rota import refused
from varde.apps.records.models import Duty, Position, RotaRun
from varde.apps.staffing.services.rota import publishing, running
from varde.domain.errors import Rule


pytestmark = pytest.mark.django_db
NOW = make.NOW


def publish(house):
    house.rota.refresh_from_db()
    return publishing.publish(
        rota_id=house.rota.pk,
        seen=house.rota.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=NOW,
    )


def left(house):
    found = publishing.breaches_left(house.rota, house.ground())
    return sorted({(str(breach.rule), breach.worker) for breach in found})


@pytest.fixture
def sentral():
    """A sentral with one operator each night of four."""
    return build.sentral_house()


def test_a_sentral_with_a_vacant_night_is_published_and_the_night_is_counted(sentral):
    for place, person in zip(sentral.places, sentral.doctors, strict=False):
        place.person = person
        place.save()
    assert sentral.ground().vacant == 1
    assert left(sentral) == []
    publish(sentral)
    assert Duty.objects.count() == 3


def test_a_sentral_that_has_too_few_places_is_not(sentral):
    build.own(sentral, "lvs_minimum", 2)
    assert left(sentral) == [("lvs_minimum_is_there", "")]
    assert refused(publish, sentral).rule is Rule.ROTA_BREAKS_RULES


def test_who_has_left_is_not_published(db):
    house = build.filled(build.house())
    ane = house.doctors[0]
    Position.objects.filter(person=ane).update(valid_to=date(2026, 12, 1))
    assert ("only_in_a_post_that_one_holds", str(ane.pk)) in left(house)
    assert {who for _rule, who in left(house)} == {str(ane.pk)}
    assert refused(publish, house).rule is Rule.ROTA_BREAKS_RULES
    assert Duty.objects.count() == 0
    client = Client()
    client.force_login(house.planner)
    page = client.get(f"/vaktplan/{house.rota.pk}/").content.decode()
    assert f"{ane.name} har ingen stilling med denne vakta." in page
    # And is nobody to choose, nor one of those who share the duties.
    assert f'data-person="{house.doctors[1].pk}"' in page.split("choose-list")[-1]
    assert f'data-person="{ane.pk}"' not in page.split("choose-list")[-1]
    assert str(ane.pk) not in {line.worker for line in house.ground().standings()}
    # The rest of the rota may be published when the duties are another's.
    for place in house.rota.duties.filter(person=ane):
        place.person = None
        place.save()
    publish(house)


def test_a_proposal_with_one_who_has_left_is_stopped_at_publication(db):
    house = build.house()
    ane, bo = house.doctors[:2]
    run = RotaRun.objects.create(
        rota=house.rota,
        seed=1,
        seconds=30,
        row_version=1,
        asked_by=house.planner,
        asked_at=NOW,
        state="done",
        found={str(house.place(0).pk): ane.pk, str(house.place(2).pk): bo.pk},
    )
    Position.objects.filter(person=ane).update(category="secretary")
    running.take(
        run_id=run.pk,
        seen=house.rota.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=NOW,
    )
    assert refused(publish, house).rule is Rule.ROTA_BREAKS_RULES
    # A duty fixed to somebody who has left stays so in the next proposal.
    house.rota.duties.filter(person=ane).update(is_fixed=True)
    assert house.ground().problem().fixed == {str(house.place(0).pk): str(ane.pk)}
