"""Compensating measures: planned, changed, refused, listed with what lacks one, and logged."""

import csv
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_travel import client_of
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.planning.measure_kinds import measure_kinds
from varde.apps.planning.services.measures import (
    MeasurePlace,
    change_measure,
    plan_measure,
)
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, CompensatingMeasure
from varde.apps.staffing.access import workplaces
from varde.domain.errors import Rule, RuleBroken


LIST = "/plan/dimensjonering/reisetid/tiltak/"
HATTLI = MeasurePlace(municipality="1826", name="Hattli", people=251, minutes=85)


@contextmanager
def refused(rule, field=None):
    with pytest.raises(RuleBroken) as caught:
        yield
    assert (caught.value.rule, caught.value.values.get("field")) == (rule, field)


def ahead(days=60):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.fixture
def house(db):
    """A district that serves Vefsn and Hattfjelldal, its station and its kommuneoverlege."""
    make.sentral()
    make.station(
        serves=[make.municipality(), make.municipality("1826", "Hattfjelldal")]
    )
    return make.user("kommune", roles=["kommuneoverlege"], at=make.district())


def planned(by, **changes):
    return plan_measure(
        **{
            "workplace": workplaces()[0],
            "at_place": HATTLI,
            "kind": "local_team",
            "responsible": "Kommuneoverlegen",
            "due_on": ahead(),
            "state": "planned",
            "note": "",
            "by": by,
            "at": timezone.now(),
        }
        | changes
    )


def changed(row, by, **changes):
    return change_measure(
        **{
            "workplace": workplaces()[0],
            "measure_id": row.pk,
            "seen": str(row.row_version),
            "responsible": row.responsible,
            "due_on": row.due_on.isoformat(),
            "state": row.state,
            "note": row.note,
            "by": by,
            "at": timezone.now(),
        }
        | changes
    )


def typed(place, **changes):
    return {
        "place": place,
        "kind": "information",
        "responsible": "Kommunikasjonssjefen",
        "due_on": ahead(),
        "state": "planned",
        "note": "",
    } | changes


def code_of(client, name):
    return next(one.code for one in client.get(LIST).context["far"] if one.name == name)


def test_a_place_beyond_an_hour_gets_a_measure_and_no_longer_lacks_one(house):
    client = client_of(house)
    first = client.get(LIST).context
    lacking = {one.name for one in first["found"] if one.lacks}
    assert lacking == {"Husvik", "Hattfjelldal", "Hattli", "Krutå"}
    answer = client.post(LIST, typed(code_of(client, "Krutå")))
    assert answer.status_code == 302
    row = CompensatingMeasure.objects.get()
    assert (row.municipality_id, row.place, row.minutes) == ("1826", "Krutå", 86)
    then = client.get(LIST).context
    assert {one.name for one in then["found"] if one.lacks} == lacking - {"Krutå"}
    assert int(first["counts"]["places"]) - int(then["counts"]["places"]) == 1


def test_the_log_holds_codes_and_never_what_was_typed(house):
    row = planned(house, note="Brannvesenet øver", responsible="Rådmannen")
    row = changed(row, house, state="in_place", note="Ferdig øvd")
    told = list(AuditEntry.objects.filter(table=row._meta.db_table).order_by("pk"))
    assert [one.what for one in told] == ["measure_planned", "measure_changed"]
    assert told[0].data["kind"] == "local_team"
    assert told[1].data["fields"] == ["measure_state", "note"]
    assert all(one.district_id == row.district_id for one in told)
    said = " ".join(str(one.data) for one in told)
    assert not [word for word in ("øv", "Rådmannen", "Hattli") if word in said]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"at_place": None}, "place"),
        ({"kind": "helicopter"}, "kind"),
        ({"responsible": " "}, "responsible"),
        ({"responsible": "x" * 121}, "responsible"),
        ({"due_on": ""}, "due_on"),
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_on": ahead(-1)}, "due_on"),
        ({"state": "forgotten"}, "measure_state"),
        ({"note": "x" * 1001}, "note"),
        ({"kind": "other", "note": ""}, "note"),
    ],
)
def test_bad_input_is_refused_by_its_field(house, changes, field):
    with refused(Rule.FIELD_NOT_VALID, field):
        planned(house, **changes)
    assert not CompensatingMeasure.objects.exists()


def test_what_is_in_place_may_have_a_date_that_is_past(house):
    assert planned(house, state="in_place", due_on=ahead(-400)).pk


def test_a_place_has_a_measure_of_each_kind_once_until_it_is_dropped(house):
    first = planned(house)
    with refused(Rule.MEASURE_IS_PLANNED):
        planned(house)
    planned(house, kind="other", note="Ett")
    planned(house, kind="other", note="Annet")
    first = changed(first, house, state="dropped")
    planned(house)
    with refused(Rule.MEASURE_IS_PLANNED):
        changed(first, house, state="planned")


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(house):
    row = planned(house)
    changed(row, house, responsible="Legevaktoverlegen")
    with refused(Rule.CHANGED_BY_ANOTHER):
        changed(row, house, responsible="Rådmannen")
    row.refresh_from_db()
    assert row.responsible == "Legevaktoverlegen"


def test_saving_what_stands_there_leaves_no_trace(house):
    row = planned(house)
    before = AuditEntry.objects.count()
    assert changed(row, house).row_version == 1
    assert AuditEntry.objects.count() == before


def test_one_that_is_late_is_shown_so_and_keeps_its_date(house):
    row = planned(house)
    CompensatingMeasure.objects.update(due_on=timezone.localdate() - timedelta(days=3))
    row.refresh_from_db()
    assert "over fristen" in client_of(house).get(LIST).content.decode()
    row = changed(row, house, note="Venter på opplæring")  # the old date may stand
    with refused(Rule.FIELD_NOT_VALID, "due_on"):
        changed(row, house, due_on=ahead(-2))
    row = changed(row, house, state="in_place")
    assert "over fristen" not in client_of(house).get(LIST).content.decode()


def test_a_write_is_undone_when_its_line_of_the_log_fails(house, monkeypatch):
    row = planned(house)
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        planned(house, kind="car")
    with pytest.raises(CannotWrite):
        changed(row, house, note="x")
    assert [one.note for one in CompensatingMeasure.objects.all()] == [""]


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_plan_the_same_at_once_one_does():
    make.sentral()
    make.station(serves=[make.municipality("1826", "Hattfjelldal")])
    by = make.user("kommune", roles=["kommuneoverlege"], at=make.district())

    here = workplaces()[0]
    kinds = ["local_team", "car", "video", "ambulance", "neighbour"]

    def plan(kind):
        try:
            planned(by, kind=kind, workplace=here)
        except RuleBroken as error:
            return error.rule
        return "planned"

    # Each of ten threads tries one kind after the other.
    ended = side_by_side(plan, [kind for kind in kinds for _thread in range(10)])
    assert ended.count("planned") == 5
    assert ended.count(Rule.MEASURE_IS_PLANNED) == 45
    assert CompensatingMeasure.objects.count() == 5


def test_a_refusal_is_said_and_what_was_typed_is_kept(house):
    client = client_of(house)
    code = code_of(client, "Hattli")
    answer = client.post(LIST, typed(code, due_on=ahead(-1)))
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert "Kommunikasjonssjefen" in text
    assert f'<option value="{code}" selected>' in text
    assert (
        f'<option value="{code}" selected>'
        in client.get(LIST, {"plass": code}).content.decode()
    )
    near = client.post(LIST, typed("1824-1"))  # within the hour
    assert "Sted" in near.context["problem"]


def test_a_form_without_anything_is_refused(house):
    row = planned(house)
    answer = client_of(house).post(f"{LIST}{row.pk}/")
    assert answer.status_code == 200
    assert answer.context["problem"]


def test_the_measure_page_changes_it_and_refuses_what_is_stale(house):
    client, row = client_of(house), planned(house)
    page = f"{LIST}{row.pk}/"
    told = typed("", seen="1", responsible="Brannsjefen", state="started")
    assert client.post(page, told).status_code == 302
    stale = client.post(page, told | {"responsible": "Rådmannen"})
    assert "endret den" in stale.context["problem"]
    assert "Rådmannen" in stale.content.decode()
    row.refresh_from_db()
    assert (row.responsible, row.state) == ("Brannsjefen", "started")


def test_another_districts_measure_is_not_there(house):
    row = planned(house)
    far = make.district("ytre", "Ytre distrikt")
    make.sentral("BOD", of=far)
    make.station("ytterst", of=far)
    other = client_of(make.user("annen", roles=["kommuneoverlege"], at=far))
    assert other.get(LIST).status_code == 200
    assert "Lokalt akutteam</a>" not in other.get(LIST).content.decode()
    for method in (other.get, other.post):
        assert method(f"{LIST}{row.pk}/").status_code == 404
    assert client_of(house).get(f"{LIST}{row.pk}/").status_code == 200


def test_the_file_has_each_measure_and_each_place_that_lacks_one(house):
    planned(house, note="=1+1")
    text = client_of(house).get(LIST, {"csv": "tiltak"}).content.decode()
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    by_place = {row["Sted"]: row for row in rows}
    assert by_place["Hattli"]["Tiltak"] == "Lokalt akutteam"
    assert by_place["Hattli"]["Merknad"] == "'=1+1"
    assert by_place["Husvik"]["Tiltak"] == "Mangler tiltak"


def test_one_at_a_place_that_is_no_longer_far_is_still_listed(house):
    planned(house, at_place=MeasurePlace(
        municipality="1824", name="Mosjøen", people=10, minutes=61
    ))  # fmt: skip
    last = client_of(house).get(LIST).context["found"][-1]
    assert (last.name, last.far, last.lacks) == ("Mosjøen", None, False)


def test_the_list_asks_the_database_as_little_for_many_as_for_one(house):
    client = client_of(house)
    planned(house)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for kind in set(measure_kinds()) - {"local_team", "other"}:
        planned(house, kind=kind)
    with CaptureQueriesContext(connection) as many:
        client.get(LIST)
    assert len(many) == len(one) <= 13


def test_every_kind_has_words_and_a_source():
    assert len(measure_kinds()) >= 6
    assert all(
        one.words and one.about and one.source for one in measure_kinds().values()
    )
