"""How far people have: the pages, their files, and changes of stations by the address."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO
from threading import Event

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from tests import make_geography as land
from varde.apps.planning import travel_ground
from varde.engines.access.catchments import Hours


PAGE = "/plan/dimensjonering/reisetid/"
PLAN, BEST = PAGE + "endring/", PAGE + "beste-steder/"


@pytest.fixture
def client(db):
    """The kommuneoverlege of a district that serves Vefsn and Grane."""
    make.sentral()
    make.station(serves=[make.municipality(), make.municipality("1825", "Grane")])
    return client_of(
        make.user("kommune", roles=["kommuneoverlege"], at=make.district())
    )


def client_of(user):
    made = Client()
    made.force_login(user)
    return made


def rows(answer):
    """A file's lines without the heading, by their first cells."""
    text = answer.content.decode().removeprefix("\ufeff")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def table(answer, key):
    return next(one for one in tables(answer) if one["id"] == key)


def tables(answer):
    return answer.context["first_tables"] + answer.context["tables"]


def test_both_questions_stand_side_by_side_with_the_source(client):
    answer = client.get(PAGE)
    text = answer.content.decode()
    nearest, agreed = answer.context["figures"]
    assert (nearest["share"], agreed["share"]) == ("15,7 %", "15,7 %")
    assert "Tallene som følger med Varde" in text
    assert "Grove tall, aldri til vedtak" in text
    assert "N1000 Veglenke, januar 2025" in text
    assert [one["id"] for one in tables(answer)] == [
        "minutter", "norm", "steder", "kommuner", "alder", "sentralitet", "antakelser",
    ]  # fmt: skip


def test_each_table_is_a_file_and_no_road_counts_in_every_denominator(client):
    told = rows(client.get(PAGE, {"csv": "kommuner"}))
    vefsn = {row["Stasjon"]: row for row in told if row["Kommune"] == "Vefsn"}
    # Husvik, 4 of 100, has no road: it is nobody's over 60, and still of the whole.
    assert float(vefsn["nærmeste"]["Uten veg"]) == pytest.approx(0.04, abs=1e-3)
    assert float(vefsn["nærmeste"]["Over 60 min"]) == 0.0
    assert float(vefsn["nærmeste"]["Innbyggere"]) == 13481
    far = rows(client.get(PAGE, {"csv": "steder"}))
    husvik = next(row for row in far if row["Sted"] == "Husvik")
    assert husvik["Nærmeste: minutter"] == ""
    assert float(husvik["Uten veg"]) == pytest.approx(539.2, abs=1)
    assert client.get(PAGE, {"csv": "navn"}).status_code == 404


def test_the_norm_is_shown_as_a_proposal_met_or_not(client):
    within_40, within_60 = table(client.get(PAGE), "norm")["rows"]
    assert within_40[:2] == ["Innen 40 minutter", "90,0 %"]
    assert within_60[1] == "95,0 %"
    assert "✗ ikke nådd" in within_40[2]


def test_a_changed_limit_speed_and_year_are_told_beside_what_is_usual(client):
    answer = client.get(PAGE, {"grense": "45", "fart": "80", "aar": "2024"})
    assert answer.context["changes"] == [
        "Grensen er 45 minutter (vanlig: 60).",
        "All fart, også ferjer, er 80 % av den vanlige.",
        "Innbyggerne er de 1. januar 2024 (vanlig: 2026).",
    ]
    figure = answer.context["figures"][0]
    assert float(figure["mean"].replace(",", ".")) > float(
        figure["usual_mean"].replace(",", ".")
    )
    assert figure["share"] != figure["usual"]
    slow, usual = (
        float(rows(client.get(PAGE, {"csv": "kommuner", **asked}))[0]["Middel, min"])
        for asked in ({"fart": "80"}, {})
    )
    assert slow == pytest.approx(usual / 0.8, abs=0.1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"grense": "en time"}, "helt antall minutter fra 5 til 360"),
        ({"grense": "4"}, "helt antall minutter"),
        ({"fart": "151"}, "fra 50 til 150 prosent"),
        ({"aar": "1999"}, "Innbyggere er kjent for 2021, 2022"),
        ({"timer": "kveld"}, "fra listene"),
    ],
)
def test_what_makes_no_sense_is_said_and_is_as_usual(client, asked, said):
    answer = client.get(PAGE, asked)
    assert said in " ".join(answer.context["problems"])
    assert answer.context["figures"][0]["share"] == "15,7 %"


def test_ones_own_district_alone(client):
    answer = client.get(PAGE, {"omrade": "distrikt"})
    assert {row[0] for row in table(answer, "kommuner")["rows"]} == {"Vefsn", "Grane"}


def test_a_district_that_the_figures_do_not_hold_is_nobody_and_no_fault(db):
    make.station(of=make.sentral().host_district)
    client = client_of(make.user("leder", roles=["administrator"]))
    answer = client.get(PAGE, {"omrade": "distrikt"})
    assert answer.context["people"] == "0"
    assert not table(answer, "kommuner")["rows"]
    assert client.get(PAGE + "tiltak/").status_code == 200


def test_the_page_asks_the_database_little(client):
    client.get(PAGE)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    assert len(asked) <= 12, [one["sql"][:90] for one in asked]


def test_a_closed_station_has_winners_and_losers_and_the_address_is_the_plan(client):
    answer = client.get(PLAN, {"gjor": "slaa", "stasjon": "MJN", "til": "MO1"})
    assert answer.status_code == 302
    assert answer["Location"] == PLAN + "?e=slaa.MJN.MO1"
    shown = client.get(answer["Location"])
    assert shown.context["steps"][0]["words"].startswith("Slå Elvesvingen legevakt")
    over = next(
        row
        for row in table(shown, "virkning")["rows"]
        if row[0].startswith("Kommer over")
    )
    # Each inhabitant is in one of the groups, and they sum to all.
    file = rows(client.get(PLAN, {"e": "slaa.MJN.MO1", "csv": "virkning"}))
    for question in ("Nærmeste", "Avtalt"):
        told = {row["Innbyggere som"]: float(row[question]) for row in file}
        groups = (
            "Får lengre", "Får kortere", "Har som før", "Mister vegen til en stasjon",
            "Får veg til en stasjon", "Uten veg eller kjent avtale, før og etter",
        )  # fmt: skip
        assert sum(told[one] for one in groups) == pytest.approx(told["Alle"], abs=0.4)
    # All who had less than an hour to Mosjøen, and have longer to Mo i Rana.
    assert over[2] == "13\xa0598"
    areas = {row[0] for row in table(shown, "kommuner")["rows"]}
    assert "Vefsn" in areas
    assert "Hamarøy" not in areas
    contacts = table(shown, "kontakter")
    assert "én studie" in contacts["note"]
    assert "(" in contacts["rows"][0][1]  # a range
    file = rows(client.get(PLAN, {"e": "slaa.MJN.MO1", "csv": "kontakter"}))
    assert int(file[0]["Etter, lavt"]) < int(file[0]["Etter"]) < int(file[0]["Før"])


def test_a_station_is_opened_and_moved_and_then_closed_again(client):
    site = next(
        one.code
        for _name, one in client.get(PLAN).context["sites"]
        if one.name == "Hattfjelldal"
    )
    chosen = client.get(PLAN, {"gjor": "aapne", "plass": site, "fart": "100"})
    assert chosen["Location"] == f"{PLAN}?e=aapne.{site}"
    answer = client.get(chosen["Location"])
    rows_of = table(answer, "virkning")["rows"]
    assert rows_of[1][1] != "0"  # get shorter
    assert rows_of[0][1:] == ["0", "0"]
    undone = client.get(PLAN, {"e": [f"aapne.{site}", "steng.ny1"]})
    assert table(undone, "virkning")["rows"][1][1] == "0"  # the nearest is as it was
    moved = client.get(PLAN, {"e": f"flytt.MJN.{site}"})
    state = {row[1]: row[2] for row in table(moved, "stasjoner")["rows"]}
    assert state["MJN"] == "flyttet"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("steng.XXX", "Velg en stasjon som er åpen"),
        ("slaa.MJN.MJN", "to ulike stasjoner"),
        ("aapne.1824-99", "Velg et sted fra lista"),
        ("riv.MJN", "Velg hva som skal gjøres"),
        ("steng", "Velg hva som skal gjøres"),
    ],
)
def test_a_change_that_cannot_be_made_is_said_and_left_out(client, step, said):
    answer = client.get(PLAN, {"e": [step, "steng.NES"]})
    assert said in " ".join(answer.context["problems"])
    assert [one["words"][:5] for one in answer.context["steps"]] == ["Steng"]


def test_a_refused_choice_is_still_chosen(client):
    asked = {"gjor": "slaa", "stasjon": "MJN", "til": "MJN"}
    answer = client.get(PLAN, asked)
    assert "to ulike stasjoner" in answer.context["problems"][0]
    assert answer.content.decode().count('<option value="MJN" selected>') == 2


def test_the_last_station_stays_and_six_changes_are_the_most(client):
    codes = ["MO1", "MJN", "NES", "SSJ", "BNN", "OPP"]
    answer = client.get(PLAN, {"e": [f"steng.{one}" for one in codes]})
    assert "Den siste stasjonen kan ikke stenges." in answer.context["problems"]
    many = client.get(PLAN, {"e": [f"aapne.1824-{n}" for n in (1, 2, 3, 4, 5)] * 2})
    assert "Høyst 6 endringer om gangen." in many.context["problems"]


def test_the_best_stations_to_keep_and_the_best_new_place(client):
    asked = {"blant": "dagens", "antall": "5", "mal": "dekning"}
    kept = client.get(BEST, asked).context["best"]
    assert kept["is_exact"]
    assert len(kept["names"]) == 5
    assert kept["try"].startswith(PLAN + "?e=steng.")
    new = client.get(BEST, asked | {"blant": "steder", "antall": "1", "mal": "langt"})
    assert new.context["best"]["mean"] < new.context["best"]["now_mean"]
    for wrong in (
        {"antall": "7"},
        {"antall": "0000051"},
        {"antall": "x"},
        {"mal": "billigst"},
    ):
        refused = client.get(BEST, asked | wrong)
        assert refused.context["best"] is None
        assert refused.context["problems"]


@pytest.fixture
def norway(client, tmp_path, settings):
    """The small land, imported."""
    settings.VARDE_HOME = tmp_path / "home"
    folder = tmp_path / "files"
    folder.mkdir()
    for name, content in land.folder().items():
        (folder / name).write_bytes(content)
    call_command("import", "geography", folder, verbosity=0)
    return folder


def cut_short(kept):
    kept.write_bytes(b"PK")


def a_folder(kept):
    """Nobody may read it as a file, whoever runs the tests."""
    kept.unlink()
    kept.mkdir()


def test_while_a_country_is_read_or_proven_a_page_says_so_and_leads_on(client, norway):
    first = client.get(PAGE, {"fart": "80"}).content.decode()
    assert "Det tar noen sekunder" in first
    assert f'content="0; url={PAGE}?fart=80&amp;svar=1"' in first
    assert "figures" in client.get(PAGE, {"fart": "80", "svar": "1"}).context
    assert "figures" in client.get(PAGE).context  # it is at hand now
    asked = {"blant": "dagens", "antall": "1", "mal": "langt"}
    assert "Det tar noen sekunder" in client.get(BEST, asked).content.decode()
    assert client.get(BEST, asked | {"svar": "1"}).context["best"]["is_exact"]
    cover = client.get(BEST, asked | {"mal": "dekning"})
    assert cover.context["best"]["is_exact"]


def test_an_imported_geography_takes_the_place_of_the_demo(client, norway):
    answer = client.get(PAGE, {"svar": "1"})
    text = answer.content.decode()
    assert "De offisielle filene, lest inn" in text
    assert "SSBs rutenett" in text  # what lacks
    assert {row[0] for row in table(answer, "kommuner")["rows"]} == {
        "Vestbygd",
        "Østbygd",
    }
    year = client.get(PAGE, {"aar": "2025"})
    assert year.context["people"] == "1\xa0460"
    lines = client.get(answer.context["drawn"]["data"]["outlines"]).json()
    assert set(lines["areas"]) == {"1801", "1802"}
    site = answer.context["drawn"]["data"]
    assert site["areas"]["1802"]["name"] == "Østbygd"


def test_on_imported_roads_a_station_is_opened_moved_and_its_contacts_counted(
    client, norway
):
    form = client.get(PLAN, {"kommune": "1802", "svar": "1"})
    codes = {one.name: one.code for _name, one in form.context["sites"]}
    answer = client.get(PLAN, {"e": f"aapne.{codes['Ytterøya']}"})
    moved = {row[0]: row[1:] for row in table(answer, "virkning")["rows"]}
    assert moved["Får kortere"][1] != "0"
    contacts = table(answer, "kontakter")["csv_rows"][0]
    assert contacts[4] > contacts[1]  # nearer by, more use
    away = client.get(PLAN, {"e": f"flytt.A.{codes['Ytterøya']}"})
    assert {r[0]: r[2] for r in table(away, "virkning")["rows"]}["Får lengre"] != "0"
    _kind, before, _low, _high, after, *_range = table(away, "kontakter")["csv_rows"][0]
    assert after < before  # most are further off


@pytest.mark.parametrize("spoil", [cut_short, a_folder])
def test_a_survey_that_cannot_be_read_gives_the_demo_and_says_so(
    client, norway, settings, spoil
):
    spoil(settings.VARDE_HOME / "geography/survey.npz")
    text = client.get(PAGE, {"svar": "1"}).content.decode()
    assert "Den importerte geografien kan ikke leses" in text
    assert "Tallene som følger med Varde" in text


def test_a_ground_of_another_survey_is_not_used(client, norway, settings):
    (settings.VARDE_HOME / "geography/ground.npz").write_bytes(b"PK")
    answer = client.get(PAGE, {"svar": "1"})
    assert answer.context["drawn"] is None
    assert "omrisset er ikke lagret" in answer.content.decode()
    plan = client.get(PLAN, {"e": "steng.A"})
    assert "Kilometerne er ikke lagret" in plan.content.decode()
    assert not plan.context["sites"]


def test_the_outlines_of_another_import_are_not_there(client):
    assert client.get(PAGE + "omriss/demo.json").status_code == 200
    assert client.get(PAGE + "omriss/annet.json").status_code == 404


def test_what_is_measured_as_usual_stays_at_hand_beside_what_is_tried(
    client, monkeypatch
):
    asked = []

    def measure(here, assumed, *, on):
        asked.append(assumed.factor)
        return really(here, assumed, on=on)

    really = travel_ground._measure
    monkeypatch.setattr(travel_ground, "_measure", measure)
    monkeypatch.setattr(travel_ground, "_measured", {})
    for speed in ("80", "90", "95", "105"):
        client.get(PAGE, {"fart": speed})
    assert asked.count(1.0) == 1


def test_who_asks_for_the_same_waits_and_who_asks_for_something_else_does_not(
    monkeypatch,
):
    """The slow one is measured once, and holds up no other."""
    here, on = travel_ground.demo(date(2026, 11, 2)), date(2026, 11, 2)
    slow, quick = (
        travel_ground.Assumed(year=2026, factor=factor, hours=Hours.ALWAYS)
        for factor in (0.5, 2.0)
    )
    begun, may_end, asked = Event(), Event(), []

    def measure(here, assumed, *, on):
        asked.append(assumed.factor)
        if assumed is slow:
            begun.set()
            assert may_end.wait(20)
        return really(here, assumed, on=on)

    really = travel_ground._measure
    monkeypatch.setattr(travel_ground, "_measure", measure)
    monkeypatch.setattr(travel_ground, "_measured", {})
    with ThreadPoolExecutor(3) as pool:
        both = [
            pool.submit(travel_ground.measured_on, here, slow, on=on) for _ in range(2)
        ]
        assert begun.wait(20)
        assert travel_ground.measured_on(here, quick, on=on) is not None
        assert not any(one.done() for one in both)
        may_end.set()
        first, second = (one.result(20) for one in both)
    assert first is second
    assert sorted(asked) == [0.5, 2.0]
    assert travel_ground._measuring == {}


def test_what_could_not_be_measured_is_tried_again(monkeypatch):
    here, on = travel_ground.demo(date(2026, 11, 2)), date(2026, 11, 2)
    assumed = travel_ground.Assumed(year=2026, factor=0.7, hours=Hours.ALWAYS)
    monkeypatch.setattr(travel_ground, "_measured", {})
    with monkeypatch.context() as broken:
        broken.setattr(travel_ground, "_measure", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            travel_ground.measured_on(here, assumed, on=on)
    assert travel_ground.measured_on(here, assumed, on=on).both is not None
