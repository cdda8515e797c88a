"""The inhabitants that the numbers are divided by, written by those responsible."""

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Municipality, Population
from varde.apps.station.queries.house_numbers import (
    counts_of_served,
    inhabitants_65_plus,
)
from varde.apps.station.services.inhabitants import write_inhabitants
from varde.domain.errors import Rule, RuleBroken


pytestmark = pytest.mark.django_db
PATH = "/stasjon/tall/innbyggere/"


@pytest.fixture
def house():
    return make.house()


def written(house, **more):
    return write_inhabitants(
        place=make.place_of(house.elv),
        by=house.leader,
        at=timezone.now(),
        **{
            "municipality": house.vefsn.pk,
            "year": str(timezone.localdate().year),
            "inhabitants": "13200",
            "inhabitants_65_plus": "2900",
            "source": "SSB tabell 07459",
        }
        | more,
    )


def test_a_count_is_written_and_written_anew_and_the_log_keeps_what_stood(house):
    place = make.place_of(house.elv)
    on = timezone.localdate()
    written(house, inhabitants_65_plus="")
    assert inhabitants_65_plus(place.id, on=on) is None, "unknown is not none"
    row = written(house)
    assert inhabitants_65_plus(place.id, on=on) == 2900
    assert Population.objects.get().pk == row.pk
    last = AuditEntry.objects.filter(what="inhabitants_written").order_by("pk").last()
    assert last.data == {
        "inhabitants": 13200, "of_65_plus": 2900, "year": on.year,
        "was": 13200, "was_65_plus": None,
    }  # fmt: skip
    written(house, year=str(on.year - 1), inhabitants_65_plus="2800")
    ((municipality, rows),) = counts_of_served(place.id, on=on)
    assert (municipality, [row.year for row in rows]) == (
        Municipality.objects.get(pk=house.vefsn.pk),
        [on.year, on.year - 1],
    )
    assert inhabitants_65_plus(place.id, on=on) == 2900, "the newest counts"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("municipality", "1820"),  # another station's
        ("municipality", ""),
        ("year", "1989"),
        ("year", str(date.today().year + 1)),
        ("inhabitants", "0"),
        ("inhabitants", "mange"),
        ("inhabitants_65_plus", "13201"),
        ("inhabitants_65_plus", "-1"),
        ("source", "  "),
        ("source", "x" * 201),
    ],
)
def test_a_figure_that_cannot_be_is_refused_by_its_field(house, field, value):
    with pytest.raises(RuleBroken) as refused:
        written(house, **{field: value})
    assert refused.value.rule is Rule.FIELD_NOT_VALID
    assert refused.value.values["field"] == field
    assert not Population.objects.exists()


def test_nothing_is_written_that_cannot_be_logged(house, monkeypatch):
    def cannot(**_):
        raise OSError("no log")

    monkeypatch.setattr(audit, "log", cannot)
    with pytest.raises(OSError, match="no log"):
        written(house)
    assert not Population.objects.exists()


def test_the_page_shows_what_is_unknown_and_keeps_what_was_typed(house):
    overlege = make.user("overlege", roles=["legevaktoverlege"], at=house.elv)
    client = Client()
    client.force_login(overlege)
    assert "ikke kjent: tallene" in client.get(PATH).text
    typed = {
        "municipality": house.vefsn.pk, "year": "2026", "inhabitants": "13200",
        "inhabitants_65_plus": "14000", "source": "SSB tabell 07459",
    }  # fmt: skip
    refused = client.post(PATH, typed).text
    assert 'role="alert"' in refused
    assert 'value="14000"' in refused
    assert client.post(PATH, typed | {"inhabitants_65_plus": "2900"}).status_code == 302
    assert "SSB tabell 07459" in client.get(PATH).text
    assert PATH in client.get("/stasjon/tall/").text
