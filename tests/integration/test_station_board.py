"""The station's board: who waits, in the order of the time left, and who sees it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make


pytestmark = pytest.mark.django_db


def test_the_nurse_sees_who_waits_and_why_the_row_stands_there(client):
    make.settings()
    now = timezone.now()
    nurse = make.nurse()
    first = make.attendance(arrived_at=now - timedelta(minutes=20))
    second = make.attendance(arrived_at=now - timedelta(minutes=25))
    second.contact.hastegrad_arrival = "gronn"
    second.contact.save(update_fields=["hastegrad_arrival"])
    client.force_login(nurse)
    text = client.get("/stasjon/").content.decode()
    assert text.index(first.contact.patient.family_name) < text.index(
        second.contact.patient.family_name
    )
    assert "Hastegrad er ikke satt" in text
    assert "av 120 min igjen" in text


def test_an_ended_attendance_is_not_on_the_board(client):
    make.settings()
    now = timezone.now()
    gone = make.attendance(arrived_at=now, ended_at=now, end="treated")
    client.force_login(make.nurse())
    text = client.get("/stasjon/").content.decode()
    assert gone.contact.patient.family_name not in text
    assert "Ingen venter." in text
