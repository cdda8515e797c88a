"""`varde import geography` and `varde access`: what they print, keep and refuse."""

import io
import json

import pytest
from django.core.management import call_command

from tests import make_geography as land


def run(*words):
    """What a command prints."""
    out = io.StringIO()
    call_command(*map(str, words), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def refused(*words):
    """What a command says when it ends with 2."""
    err = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*map(str, words), stdout=io.StringIO(), stderr=err)
    assert ended.value.code == 2
    return err.getvalue()


@pytest.fixture
def files(tmp_path, settings):
    """A folder with the files of the small land, and a home of its own."""
    settings.VARDE_HOME = tmp_path / "home"
    folder = land.written(tmp_path / "files")
    (folder / "lisens.txt").write_text("CC BY 4.0")
    return folder


def test_what_is_imported_is_kept_and_answers_without_the_files(files):
    told = run("import", "geography", files)
    assert "roads and car ferries, N1000 Veglenke: n1000_veglenke.parquet" in told
    assert "Not there:\n  inhabitants on a grid" in told
    assert (
        "0 people whom no road takes to any station; they count in every share" in told
    )
    kept = json.loads(run("access", "summary", "--json", "--on", "2026-01-01"))
    read = json.loads(
        run("access", "summary", "--data", files, "--json", "--on", "2026-01-01")
    )
    assert kept == read
    again = json.loads(run("import", "geography", files, "--json"))
    assert again == read["report"]
    assert sorted(
        file.name for file in (files.parent / "home/geography").iterdir()
    ) == ["ground.npz", "survey.npz"]


def test_the_summary_answers_both_questions_by_class_age_and_municipality(files):
    found = json.loads(
        run("access", "summary", "--data", files, "--json", "--municipalities")
    )
    assert (found["year"], found["stations"]) == (2026, 2)
    assert found["people"] == pytest.approx(1500)
    assert set(found["nearest"]["share_beyond"]) == {"20", "30", "40", "45", "60", "90"}
    assert set(found["by_centrality"]) == {"4", "6"}
    assert set(found["by_municipality"]) == {"1801", "1802"}
    assert [row["age"] for row in found["by_age"]] == ["0-15", "16-66", "67-79", "80+"]
    east = found["by_municipality"]["1802"]
    assert east["nearest"]["mean_min"] < east["agreed"]["mean_min"]
    assert east == found["by_centrality"]["6"]
    goals = [(row["within_min"], row["goal"]) for row in found["agreed"]["norm"]]
    assert goals == [(40.0, 0.90), (60.0, 0.95)]
    assert all(row["source"] and row["valid_from"] for row in found["assumptions"])
    words = run("access", "summary", "--data", files)
    assert "1,500 people, 1 January 2026; 2 stations" in words
    assert "within 60 min:" in words


def test_the_year_and_the_agreements_of_a_day_are_asked_for(files):
    (files / "legevakt_kommune_2024.csv").write_bytes(
        land.csv(
            "lv_id,kommunenummer,begins_on,hours",
            "A,1801,,",
            "B,1802,,",
            "A,1802,2025-07-01,night",
        )
    )
    asked = ("access", "summary", "--data", files, "--json", "--on", "2026-01-01")
    day, night = (
        json.loads(run(*asked, "--hours", hours))["by_centrality"]["6"]["agreed"]
        for hours in ("day", "night")
    )
    assert day["mean_min"] < night["mean_min"]
    assert json.loads(run(*asked, "--year", "2025"))["people"] == pytest.approx(1460)


def test_closing_a_station_tells_who_gets_further(files):
    asked = ("access", "close", "--station", "A", "--data", files, "--json")
    found = json.loads(run(*asked))
    moved = found["agreed"]["moved"]
    assert moved["longer"] > 900
    assert moved["person_minutes"] > 0
    assert found["agreed"]["municipalities"][0]["municipality"] == "1801"
    contacts = found["contacts"]["consultation"]
    assert contacts["after"]["expected"] < contacts["before"]["expected"]
    assert contacts["after"]["low"] <= contacts["after"]["expected"]
    assert contacts["after"]["expected"] <= contacts["after"]["high"]
    assert "én studie" in found["contacts_warning"]
    assert json.loads(run(*asked, "--into", "B")) == found  # there is no other


def test_closing_on_what_is_kept_says_why_there_are_no_contacts(files):
    run("import", "geography", files)
    found = json.loads(run("access", "close", "--station", "A"))
    assert found["contacts"] is None
    assert "name --data" in found["contacts_why_not"]


def test_opening_and_moving_a_station(files):
    place = ("--lon", "13.37", "--lat", "65.90")  # half way between the two
    opened = json.loads(run("access", "open", *place, "--data", files))
    assert opened["agreed"]["moved"]["shorter"] > 0
    assert opened["agreed"]["moved"]["longer"] == 0
    moved = json.loads(
        run("access", "move", "--station", "A", *place, "--data", files, "--json")
    )
    assert moved["nearest"]["moved"]["longer"] > 0
    assert moved["contacts"]["contact"]["before"]["expected"] > 0


@pytest.mark.parametrize(
    ("by", "measure"), [("cover", "share_within"), ("mean", "mean"), ("far", "mean")]
)
def test_the_best_of_the_stations_is_where_most_people_live(files, by, measure):
    found = json.loads(
        run("access", "sites", "--count", 1, "--by", by, "--data", files)
    )
    assert [one["code"] for one in found["stations"]] == ["A"]
    assert found["is_exact"]
    assert found[measure] == pytest.approx(found["bound"])
    weighted = json.loads(
        run(
            *("access", "sites", "--count", 1, "--by", by, "--data", files),
            *("--weight", "contacts"),
        )
    )
    assert weighted[measure] == pytest.approx(found[measure])


def test_the_places_far_away_are_told_by_name(files):
    found = json.loads(run("access", "far", "--data", files))
    island = [one for one in found["agreed"] if one["place"] == "Ytterøya"]
    assert island[0]["municipality_name"] == "Østbygd"
    assert island[0]["minutes"] > 60
    people = [one["people"] for one in found["agreed"]]
    assert people == sorted(people, reverse=True)


def test_what_cannot_be_done_is_refused_with_the_way_out(files):
    assert "Run varde import geography DIR" in refused("access", "summary")
    assert "is not a date" in refused("access", "summary", "--on", "i dag")
    gone = files / "nothing"
    assert "cannot be read or written (No such file" in refused(
        "access", "far", "--data", gone
    )
    assert "Nothing was changed" in refused("import", "geography", gone)
    data = ("--data", files)
    assert "Known: A (Vestby legevakt), B" in refused(
        "access", "close", "--station", "X", *data
    )
    assert "not from 1 to 2" in refused("access", "sites", "--count", 3, *data)
    assert "--lon and --lat are degrees" in refused(
        "access", "open", "--lon", "nan", "--lat", "65", *data
    )
    assert "--into is the station that closes" in refused(
        "access", "close", "--station", "A", "--into", "A", *data
    )
    (files / "n1000_veglenke.parquet").unlink()
    said = refused("import", "geography", files)
    assert "*veglenke*.parquet: is not there (roads and car ferries" in said
    assert not (files.parent / "home/geography").exists()


def test_a_new_place_cannot_be_measured_on_what_is_kept(files):
    run("import", "geography", files)
    said = refused("access", "open", "--lon", "13", "--lat", "65.9")
    assert "Name the folder with the official files with --data" in said
