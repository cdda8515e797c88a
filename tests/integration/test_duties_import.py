"""The rota as a spreadsheet: out, edited, shown, taken in; all of it or nothing."""

import json
from datetime import time, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests import make
from tests import rota as build
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit, kept
from varde.apps.records.models import (
    Absence,
    AuditEntry,
    RotaChange,
    RotaDuty,
    ShiftPattern,
    User,
)
from varde.apps.staffing import sheets
from varde.apps.staffing.messages.people_import import all_faults
from varde.apps.staffing.services import duties_import
from varde.apps.staffing.services.rota import making, publishing
from varde.domain.errors import Rule, RuleBroken
from varde.engines.sheet_rows import RowsRefused


NOW = make.NOW


@pytest.fixture
def house(db):
    return build.house()


def out(house):
    return duties_import.sheet_of(house.rota, workplace=house.workplace)


def take(house, rows, **other):
    given = {
        "rota_id": house.rota.pk,
        "seen": None,
        "workplace": house.workplace,
        "by": house.planner,
        "at": NOW,
    }
    return duties_import.import_duties(rows, **given | other)


def tried(house, rows):
    return duties_import.try_duties(
        house.rota.pk, rows, workplace=house.workplace, at=NOW
    )


def filled_sheet(house, people=("Ane", "Bo", "Cato", "Dina", "Eli", "Finn")):
    rows = out(house)
    for number, row in enumerate(rows[1:]):
        row[4] = people[number % len(people)]
    return rows


def state():
    return [
        list(RotaDuty.objects.order_by("pk").values()),
        RotaChange.objects.count(),
        AuditEntry.objects.count(),
    ]


@pytest.mark.parametrize("form", ["rows", "csv", "xlsx"])
def test_out_edited_and_in_again_and_once_more_without_any_change(house, form):
    rows = filled_sheet(house)
    if form == "csv":
        rows = sheets.rows_of_file(sheets.as_csv(rows), file="plan.csv")
    if form == "xlsx":
        content = sheets.as_xlsx(rows, title="Vaktplan")
        rows = sheets.rows_of_file(content, file="plan.xlsx")
    done = take(house, rows)
    assert (done.rows, done.filled, done.new) == (28, 28, 28)
    assert [p.person.first_name for p in house.places[:3]] == ["Ane", "Bo", "Cato"]
    assert all(place.is_fixed for place in house.places)
    assert out(house) == rows
    before = state()
    again = take(house, rows)
    assert (again.rows, again.new) == (28, 0)
    assert state()[:2] == before[:2]
    changes = RotaChange.objects.filter(kind="imported")
    assert (changes.count(), changes[0].by) == (28, house.planner)
    logged = AuditEntry.objects.filter(what="rota_duties_imported").order_by("pk")
    assert [entry.data["filled"] for entry in logged] == [28, 0]


def test_a_few_rows_change_only_what_they_name(house):
    take(house, filled_sheet(house))
    rows = out(house)
    rows[1][4], rows[2][4] = "Finn", ""
    added = ["12.12.2026", "12:00", "16:00", "bakvakt", "bo"]
    done = take(house, [rows[0], rows[1], rows[2], added])
    assert (done.changed, done.emptied, done.added) == (1, 1, 1)
    places = house.places
    assert (places[0].person.first_name, places[1].person) == ("Finn", None)
    assert (places[1].is_fixed, places[0].row_version) == (False, 3)
    (new,) = [place for place in places if place.post == "bakvakt"]
    assert (new.person.first_name, new.is_fixed, new.pattern) == ("Bo", True, None)
    assert sum(place.person is not None for place in places) == 28


def test_a_shift_by_its_name_has_the_times_and_the_share_of_its_pattern(house):
    build.pattern(
        house,
        "Hjemme",
        ("saturday",),
        time(10),
        time(10),
        post="bakvakt",
    )
    pattern = ShiftPattern.objects.get(post="bakvakt")
    pattern.active_share = "0.143"
    pattern.save()
    done = take(
        house,
        [
            ["hvem", "vakt", "dato", "skift"],
            ["Ane", "Bakvakt", "12.12.2026", "hjemme"],
            ["Bo", "forvakt", "12.12.2026", "Helg"],
        ],
    )
    assert (done.filled, done.added) == (1, 1)
    new = house.rota.duties.get(post="bakvakt")
    assert (new.pattern, str(new.active_share)) == (pattern, "0.143")
    assert new.ends_at - new.starts_at == timedelta(hours=24)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[1].__setitem__(4, "Siri"), "E2 (hvem): ingen med dette"),
        (lambda rows: rows[3].__setitem__(3, "kokk"), "D4 (vakt): er ikke en vakt"),
        (
            lambda rows: rows[2].__setitem__(0, "06.12.2026"),
            "A3 (dato): vakta begynner",
        ),
        (lambda rows: rows[2].__setitem__(1, "15:00"), "E3 (hvem): personen har en"),
        (lambda rows: rows[0].__setitem__(4, "navn"), "hvem: kolonnen mangler."),
    ],
)
def test_a_fault_is_told_by_its_cell_and_nothing_is_taken_in(house, change, said):
    rows = filled_sheet(house)
    rows[2] = ["07.12.2026", "15:30", "20:00", "forvakt", "Ane"]
    rows[1][2] = "15:30"
    rows[1][1] = "08:00"
    change(rows)
    before = state()
    for act in (take, tried):
        with pytest.raises(RowsRefused) as caught:
            act(house, rows)
        assert [line for line in all_faults(caught.value) if line.startswith(said)]
    assert state() == before


def test_it_is_shown_what_a_sheet_does_and_what_the_rules_say(house):
    ane = house.doctors[0]
    lis1 = build.doctor("Liv", ane.positions.get().station, category="lis1")
    Absence.objects.create(
        person=ane,
        ground="holiday",
        starts_on=build.FIRST,
        ends_on=build.FIRST,
        decided_by=ane,
        decided_at=NOW,
    )
    rows = filled_sheet(house, ["Ane", "Bo", "Cato", "Dina", "Eli"])
    rows[5][4] = lis1.username
    before = state()
    found = tried(house, rows)
    assert state() == before
    assert found.counts.filled == 28
    hard = {str(one.rule) for one in found.came if one.is_hard}
    assert hard == {"no_duty_while_away", "lis1_has_an_experienced_colleague"}
    client = Client()
    client.force_login(house.planner)
    address = reverse("staffing:rota_sheet", args=[house.rota.pk])
    pasted = sheets.as_pasted(rows)
    text = client.post(address, {"pasted": pasted}).content.decode()
    assert "2 harde regelbrudd følger med" in text
    assert "Ane er borte da." in text
    assert 'role="alert"' in text
    assert state()[:2] == before[:2]
    # What is in the page is what is taken.
    seen = house.rota.row_version
    sent = {"pasted": pasted, "act": "take", "seen": seen}
    assert client.post(address, sent).status_code == 302
    assert house.place(4).person == lis1
    refusal = client.post(address, sent).content.decode()
    assert "Ingenting er overskrevet" in refusal


def test_a_page_with_a_fault_keeps_what_was_pasted(house):
    client = Client()
    client.force_login(house.planner)
    address = reverse("staffing:rota_sheet", args=[house.rota.pk])
    pasted = "hvem\tvakt\tdato\tskift\nSiri\tforvakt\t07.12.2026\tHverdag\n"
    text = client.post(address, {"pasted": pasted}).content.decode()
    assert "A2 (hvem): ingen med dette navnet" in text
    assert "07.12.2026" in text
    assert 'role="alert"' in text


def test_a_draft_without_duties_is_filled_from_a_sheet_alone(house):
    made = making.open_rota(
        workplace=house.workplace,
        starts_on=build.LAST + timedelta(days=1),
        ends_on=build.LAST + timedelta(days=7),
        by=house.planner,
        at=NOW,
    )
    house.rota = made
    rows = [
        ["dato", "fra", "til", "vakt", "hvem"],
        ["04.01.2027", "15:30", "08:00", "forvakt", "Ane"],
        ["05.01.2027", "15:30", "08:00", "forvakt", ""],
    ]
    assert take(house, rows).added == 2
    assert [place.is_fixed for place in house.places] == [True, False]
    # What was read in stops no publication, and is judged as all else.
    made.refresh_from_db()
    published = publishing.publish(
        rota_id=made.pk,
        seen=made.row_version,
        workplace=house.workplace,
        by=house.planner,
        at=NOW,
    )
    assert published.version == 1
    assert refused(take, house, rows).rule is Rule.ROTA_IS_PUBLISHED


def test_two_with_one_name_are_told_apart_and_no_cell_is_a_formula(house):
    ane, bo = house.doctors[:2]
    User.objects.filter(pk=bo.pk).update(first_name="Ane", last_name=ane.last_name)
    User.objects.filter(pk=house.doctors[2].pk).update(
        first_name="=HYPERLINK(1)", last_name=""
    )
    build.filled(house)
    rows = out(house)
    assert [row[4] for row in rows[1:4]] == ["Ane", "bo", "=HYPERLINK(1)"]
    text = sheets.as_csv(rows).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert ";=" not in text
    content = sheets.as_xlsx(rows, title="Plan")
    for again in (text.encode(), content):
        read = sheets.rows_of_file(again, file="plan")
        assert take(house, read).new == 0
    assert b"<f>" not in content


def test_if_the_log_cannot_be_written_nothing_is(house, monkeypatch):
    rows = filled_sheet(house)
    before = state()
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        take(house, rows)
    assert state() == before


def test_the_command_takes_a_file_in_and_says_which_cells_are_wrong(
    house, tmp_path, capsys
):
    file = tmp_path / "plan.csv"
    rows = filled_sheet(house)
    file.write_bytes(sheets.as_csv(rows))
    options = ["import", "duties", str(file), "--workplace", house.workplace.key]
    call_command(*options, "--json")
    assert json.loads(capsys.readouterr().out)["filled"] == 28
    call_command(*options)
    assert capsys.readouterr().out.startswith("28 rows: 0 duties filled")
    rows[1][4] = "Siri"
    file.write_bytes(sheets.as_csv(rows))
    with pytest.raises(SystemExit) as caught:
        call_command(*options)
    said = capsys.readouterr().err
    assert (caught.value.code, "E2 (hvem)" in said) == (2, True)
    assert "Ingenting er endret." in said
    other = making.open_rota(
        workplace=house.workplace,
        starts_on=build.LAST + timedelta(days=1),
        ends_on=build.LAST + timedelta(days=7),
        by=house.planner,
        at=NOW,
    )
    for more in ([], ["--rota", "999999"]):
        with pytest.raises(SystemExit):
            call_command(*options, *more)
        assert f"{other.pk} (2027-01-04" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_of_two_sheets_at_once_one_is_taken_and_the_other_sees_it(monkeypatch):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    house = build.house()
    seen = house.rota.row_version
    rows = [filled_sheet(house), filled_sheet(house, ["Finn", "Eli", "Dina"])]

    def act(mine):
        try:
            return take(house, mine, seen=seen).new
        except RuleBroken as error:
            return error.rule

    found = side_by_side(act, rows)
    assert sorted(found, key=str) == [28, Rule.ROTA_CHANGED]
    assert RotaChange.objects.filter(kind="imported").count() == 28
