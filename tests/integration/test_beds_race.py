"""Many reach for one bed: real threads, real transactions, the database's own constraint."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests import make
from varde.apps.records import kept
from varde.apps.records.models import Bed, BedPlacement, BedStay, Contact, User
from varde.apps.records.scope import scoped
from varde.apps.station.access import all_stations
from varde.apps.station.queries.beds.criteria import criteria
from varde.apps.station.services import beds
from varde.apps.station.services.beds import admitting
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db(transaction=True)
ADMISSIONS = 100
THREADS = 10  # the pool of one process has a dozen connections


@pytest.mark.parametrize("has_row_lock", [True, False])
def test_of_a_hundred_racing_admissions_one_gets_the_bed_and_the_others_see_who(
    monkeypatch, has_row_lock
):
    """Without the lock of the bed's row the constraint of the database still lets in one."""
    make.settings()
    monkeypatch.setattr(kept, "KEPT_S", 600)
    station = make.station()
    make.sentral()
    kept.forget()
    place = all_stations()[0]
    doctor = make.user("lege", roles=["doctor"], at=station)
    bed = make.bed()
    people = User.objects.bulk_create(
        User(username=f"spl{number}") for number in range(ADMISSIONS)
    )
    waiting = [
        (make.contact(patient=make.patient()).pk, person.pk) for person in people
    ]
    by_id = {person.pk: person for person in people}
    if not has_row_lock:
        monkeypatch.setattr(
            admitting, "locked_bed", lambda _place, bed_id: Bed.objects.get(pk=bed_id)
        )
    gate = threading.Barrier(THREADS)

    def admit(pair):
        contact_id, person_id = pair
        try:
            with scoped(districts=[place.district_id], user_id=person_id):
                beds.admit(
                    place=place,
                    bed_id=bed.pk,
                    contact_id=contact_id,
                    doctor_id=doctor.pk,
                    answers={c.id: "yes" for c in criteria().lists["kad"]},
                    next_at=make.NOW + timedelta(hours=2),
                    by=by_id[person_id],
                    at=make.NOW,
                )
        except RuleBroken as error:
            return error.rule, error.values.get("colleague")
        return person_id

    def share(start):
        gate.wait()
        try:
            return [admit(pair) for pair in waiting[start::THREADS]]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        results = [one for many in pool.map(share, range(THREADS)) for one in many]
    winners = [result for result in results if isinstance(result, int)]
    assert len(winners) == 1
    others = {result for result in results if not isinstance(result, int)}
    assert others == {(Rule.BED_TAKEN, by_id[winners[0]].username)}
    placement = BedPlacement.objects.get()
    assert placement.by_id == winners[0] == BedStay.objects.get().admitted_by_id
    assert Contact.objects.filter(bed_stays__isnull=False).count() == 1
