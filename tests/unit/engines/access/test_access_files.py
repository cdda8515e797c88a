"""The official files as published: what is read, what lacks, and what is refused."""

from datetime import date

import numpy as np
import pytest

from tests import make_geography as land
from varde import content
from varde.domain.errors import BadInput
from varde.engines.access import lists, n1000
from varde.engines.access.assumptions import read_assumptions
from varde.engines.access.catchments import Agreement, Hours
from varde.engines.access.geography import read_geography
from varde.engines.access.official_files import find_files, read_table
from varde.engines.access.reach import reach_of
from varde.engines.access.survey import from_file, surveyed, to_file


ON = date(2026, 1, 1)
ASSUMED = read_assumptions(content.travel_text(), filename="travel.yaml", on=ON)


def survey(**changed):
    return surveyed(read_geography(land.folder(**changed), assumptions=ASSUMED))


@pytest.fixture(scope="module")
def whole():
    return survey()


def test_everybody_is_somewhere_and_named_by_the_nearest_place(whole):
    assert whole.report.people == pytest.approx(1500)
    sums = np.bincount(whole.area, whole.people)
    assert sums.tolist() == pytest.approx([1000, 500])
    assert {"Vestby", "Østvik", "Ytterøya"} == set(whole.place.tolist())
    assert whole.ages.tolist() == [[0, 900, 0, 100], [450, 0, 0, 50]]
    assert whole.age_shares()[1].tolist() == pytest.approx([0.9, 0, 0, 0.1])


def test_the_report_says_what_was_read_and_what_was_done(whole):
    report = whole.report
    assert (report.year, report.stations, report.parts) == (2026, 2, 1)
    assert "place names, N1000: n1000_stedsnavn.parquet" in report.read
    assert [one.split(":")[0] for one in report.lacks] == ["inhabitants on a grid, SSB"]
    assert report.unused == ()
    assert report.no_road == 0.0
    assert report.without_agreement == ()


def test_times_are_those_of_the_roads_and_the_ferry(whole):
    by_name = {
        name: whole.minutes[whole.place == name].mean(axis=0)
        for name in ("Vestby", "Ytterøya")
    }
    # The ferry alone takes 10 km at 12.3 km/h: 49 minutes.
    assert by_name["Ytterøya"][1] > 49
    assert by_name["Vestby"][0] < by_name["Vestby"][1]
    both = reach_of(whole.minutes, whole.agreed(on=ON, hours=Hours.ALWAYS))
    near, own = both.nearest.minutes, both.agreed.minutes
    assert (near <= own).all()
    east = whole.area == 1
    assert (own[east] == whole.minutes[east, 0]).all()  # all have agreed on Vestby


def test_a_town_without_a_road_on_the_map_is_one_place_by_its_name():
    bare = survey(built_up=None)
    assert any("towns are known" in one for one in bare.report.lacks)
    assert bare.report.people == pytest.approx(1500)


def test_without_what_is_not_needed_it_still_answers_and_says_so():
    bare = survey(names=None, coast=None, agreements=None, centrality=None)
    assert len(bare.report.lacks) == 5
    assert set(bare.place.tolist()) == {""}
    assert bare.centrality.tolist() == [-1, -1]
    assert not bare.agreed(on=ON, hours=Hours.ALWAYS).any()
    assert bare.report.without_agreement == ("Vestbygd", "Østbygd")


@pytest.mark.parametrize(
    ("heading", "separator", "side"),
    [
        ("ssbid1000m;poptot", ";", 1000),
        ("SSBID0250M,pop_tot", ",", 250),
        ("ru5000m;antall;beftot", ";", 5000),
    ],
)
def test_the_grid_of_ssb_goes_before_what_the_map_lets_one_think(
    heading, separator, side
):
    middle = ("9",) if heading.count(separator) == 2 else ()
    rows = [
        separator.join((str(land.cell(x, y, side=side)), *middle, str(people)))
        for x, y, people in (
            (5100, 10_100, 30),
            (20_100, 10_100, 10),
            (40_100, 10_100, 4),
        )
    ]
    found = survey(grid=land.csv(heading, *rows))
    assert found.report.lacks == ()
    # The grid's people are scaled to those of the municipality on 1 January.
    assert found.people.tolist() == pytest.approx([750, 250, 500])
    corner = land.here((5100, 10_100))[0][0] // side * side
    assert found.xy[0, 0] == pytest.approx(corner + side / 2)


def test_a_cell_west_of_the_zone_is_found():
    # east -60 000: the number is below 2 * 10^13
    (xy,) = lists.grid_points(b"ssbid1000m,poptot\n19400006700000,7\n", file="g.csv").xy
    assert xy.tolist() == [-59_500.0, 6_700_500.0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("celle;poptot", "1;2"), "names no cell of SSB's grid"),
        (("ssbid1000m;folk", "1;2"), "or no inhabitants"),
        (("ssbid1000m;poptot", "x;2"), "'ssbid1000m': is not a whole number"),
        (("ssbid1000m;poptot", "1;"), "'poptot': is not a whole number"),
        (("ssbid1000m;poptot",), "holds a heading and nothing else"),
        (("ssbid1000m;poptot", "1;2;3"), "has 3 fields, and the heading has 2"),
    ],
)
def test_a_grid_that_is_none_is_refused(rows, said):
    with pytest.raises(BadInput, match=said):
        lists.grid_points(land.csv(*rows), file="rutenett.csv")


def test_a_file_without_an_end_of_line_is_its_heading():
    with pytest.raises(BadInput, match="nothing else"):
        lists.grid_points(b"ssbid1000m;poptot", file="rutenett.csv")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"roads": None}, r"\*veglenke\*.parquet: is not there"),
        ({"roads": b"PAR1"}, "is not a Parquet file"),
        ({"roads": land.population()}, "lacks the column typeVeg, vegkategori"),
        ({"roads": land.roads(category="X")}, "category of road without a speed"),
        ({"municipalities": land.municipalities(("1801",))}, "Found: '1802'"),
        ({"population": land.population(years=())}, "does not hold the year None"),
        ({"stations": land.csv("lv_id,navn")}, "lacks vertskommune, lon, lat"),
        ({"agreements": land.csv("lv_id,kommunenummer", "X,1801")}, "no station of"),
        ({"agreements": land.csv("lv_id,kommunenummer", "A,9999")}, "no municipality"),
        (
            {"centrality": land.csv("kommunenummer,sentralitetsklasse", "1801,7")},
            "1 to 6",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(changed, said):
    with pytest.raises(BadInput, match=said):
        read_geography(land.folder(**changed), assumptions=ASSUMED)


def test_a_year_that_the_file_has_can_be_asked_for():
    found = read_geography(land.folder(), assumptions=ASSUMED, year=2025)
    assert found.population.year == 2025
    assert found.municipalities.people.tolist() == [980, 480]
    with pytest.raises(BadInput, match="does not hold the year 2019"):
        read_geography(land.folder(), assumptions=ASSUMED, year=2019)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,Vik,1801,12.8,65.9", "in a line above already"),
        ("B,Vik,1801,øst,65.9", "'lon': is not a number"),
        ("B,Vik,1801,65.9,12.8", "'lon': is not from 4 to 32"),  # the other way round
        ("B,Vik,1801,12.8,nan", "'lat': is not from 57.5 to 71.5"),
    ],
)
def test_a_station_that_is_no_station_is_refused(row, said):
    rows = ("lv_id,navn,vertskommune,lon,lat", "A,By,1801,12.8,65.9", row)
    with pytest.raises(BadInput, match=f"line 3, column {said}|line 3.*{said}"):
        lists.stations_of(land.csv(*rows), file="legevakter.csv")


HEADING = "lv_id,kommunenummer,part,begins_on,ends_on,hours"


def agreements(*rows):
    return lists.agreements_of(
        land.csv(HEADING, *rows),
        file="legevakt_kommune.csv",
        municipalities=np.array(["1801"]),
        stations=np.array(["A"]),
    )


def test_an_agreement_may_be_for_a_part_a_time_and_the_night():
    plain, whole = agreements("A,1801,,,,", "A,1801,Vestby,2024-01-01,2026-01-01,night")
    assert plain == Agreement(municipality="1801", station="A")
    assert whole == Agreement(
        municipality="1801",
        station="A",
        part="Vestby",
        begins_on=date(2024, 1, 1),
        ends_on=date(2026, 1, 1),
        hours=Hours.NIGHT,
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A,1801,,1.1.2024,,", "'begins_on': is not a date"),
        ("A,1801,,,2024-13-01,", "'ends_on': is not a date"),
        ("A,1801,,,,natt", "'hours': is not always, day or night"),
    ],
)
def test_an_agreement_that_cannot_be_read_is_refused(row, said):
    with pytest.raises(BadInput, match=said):
        agreements(row)


def test_of_several_years_the_last_is_read_and_the_rest_are_told():
    found = find_files([*land.folder(), "legevakter_2022.csv", "README.md"])
    assert found.files["stations"] == "legevakter_2024.csv"
    assert found.unused == ("README.md", "legevakter_2022.csv")


def test_one_place_in_two_languages_is_one_place():
    table = read_table(land.names(), file="n", columns=n1000.NAME_COLUMNS)
    found = n1000.named_places(table, assumptions=ASSUMED)
    assert found.name.tolist() == ["Vestby", "Østvik", "Ytterøya"]


def test_names_that_are_points_are_taken_where_they_are():
    import shapely

    table = land.parquet(
        [shapely.Point(1.0, 2.0), shapely.Point(9999.0, 2.0)],
        fulltekst=["Vik", "Nes"],
        navneobjekttype=["by", "by"],
        skriftkode=[804, 803],
    )
    read = read_table(table, file="n", columns=n1000.NAME_COLUMNS)
    found = n1000.named_places(read, assumptions=ASSUMED)
    assert found.xy.tolist() == [[9999.0, 2.0], [1.0, 2.0]]


def test_a_kept_survey_is_the_same_survey(whole):
    dated = (
        Agreement(municipality="1801", station="A", ends_on=date(2030, 1, 1)),
        Agreement(municipality="1802", station="B", part="Østvik", hours=Hours.DAY),
    )
    from dataclasses import replace

    one = replace(whole, agreements=dated)
    again = from_file(to_file(one), file="survey.npz")
    assert again.agreements == dated
    assert again.report == one.report
    assert (again.minutes == one.minutes).all()
    assert again.place.tolist() == one.place.tolist()


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + b"\0" * 18, b"no survey"])
def test_what_is_no_survey_is_refused(content):
    with pytest.raises(BadInput, match="Run varde import geography again"):
        from_file(content, file="survey.npz")


def test_a_survey_that_is_cut_short_or_of_another_form_is_refused(whole):
    kept = to_file(whole)
    with pytest.raises(BadInput, match="is not a survey"):
        from_file(kept[: len(kept) // 2], file="survey.npz")
    import io
    import json

    other = io.BytesIO()
    with np.load(io.BytesIO(kept)) as opened:
        arrays = {name: opened[name] for name in opened.files}
    told = json.loads(str(arrays["told"])) | {"form": 0}
    np.savez(other, **(arrays | {"told": np.array(json.dumps(told))}))
    with pytest.raises(BadInput, match="is not a survey"):
        from_file(other.getvalue(), file="survey.npz")


@pytest.mark.parametrize("place", [0.2, 0.4, 0.6, 0.8])
def test_a_survey_with_spoiled_bytes_is_refused(whole, place):
    kept = bytearray(to_file(whole))
    at = int(len(kept) * place)
    kept[at : at + 200] = b"\xff" * 200
    with pytest.raises(BadInput, match="is not a survey"):
        from_file(bytes(kept), file="survey.npz")


def test_the_demos_places_each_have_a_time_to_each_of_its_stations():
    import csv
    from pathlib import Path

    import yaml

    demo = Path(content.__file__).parent / "demo"

    def rows(file):
        lines = (demo / file).read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# Kilde: ")
        return list(csv.DictReader(one for one in lines if not one.startswith("#")))

    told = yaml.safe_load((demo / "organisation.yaml").read_text(encoding="utf-8"))
    stations = [one["code"] for one in told["stations"]]
    found = rows("road_minutes.csv")
    assert [(one["municipality"], one["place"], one["station"]) for one in found] == [
        (one["municipality"], one["place"], station)
        for one in rows("places.csv")
        for station in stations
    ]
    assert all(0 <= int(one["minutes"]) <= 360 for one in found if one["minutes"])
    home = {
        (one["place"], one["station"]): int(one["minutes"])
        for one in found
        if one["minutes"]
    }
    assert home["Mosjøen", "MJN"] <= 5
    assert 60 <= home["Mosjøen", "MO1"] <= 90
