"""The typed-in content: whole, sourced, and true where it claims to be."""

import csv
import json
from collections import Counter
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest

from tests.unit.engines.demo.demo_district import FOLDER, demo
from varde.content import starter_index_text
from varde.engines.demo.places import Catchment
from varde.engines.demo.reading import BadDemoContent, read_demo
from varde.engines.triage.loading import load


SHARED = Path(__file__).parents[5] / "shared" / "data"


def shared(name):
    """A file of the data beside the project, or a skip that says so."""
    file = SHARED / name
    if not file.exists():
        pytest.skip(f"../shared/data/{name} is not here: the figure is not compared")
    return file


def test_every_file_names_its_source():
    assert len(demo().sources) == 12
    assert all(source.strip() for source in demo().sources.values())
    assert "SSB tabell 07459" in demo().sources["population.csv"]
    assert "N1000, Kartverket, CC BY 4.0" in demo().sources["places.csv"]
    assert "luftlinje" in demo().sources["travel_minutes.csv"]


def test_every_published_figure_names_its_source():
    published = demo().published
    assert len(published.sources) >= 18
    assert all(len(source) > 10 for source in published.sources.values())


def test_the_municipalities_are_those_of_helgeland_and_two_neighbours():
    names = {m.number: m.name for m in demo().municipalities}
    assert len(names) == 20
    assert names["1833"] == "Rana"
    assert {m.sami_name for m in demo().municipalities} >= {"Aarborte", "Hábmer"}
    helgeland = [n for n in names if n < "1837"]
    assert (
        sum(m.inhabitants(2026) for m in demo().municipalities if m.number in helgeland)
        == 77_900
    )


def test_the_inhabitants_are_those_of_statistics_norway():
    with shared("norway/population_municip_total_2005_2026.csv").open() as file:
        official = {
            (row["kommunenummer"], int(row["calyear"])): int(row["pop"])
            for row in csv.DictReader(file)
        }
    ours = {
        (m.number, year): count
        for m in demo().municipalities
        for year, count in m.population.items()
    }
    assert {year for _, year in ours} == set(range(2021, 2027))
    assert ours == {key: official[key] for key in ours}


@pytest.mark.parametrize("municipality", demo().municipalities, ids=lambda m: m.number)
def test_the_ages_add_up_to_the_inhabitants(municipality):
    by_sex = [demo().ages[municipality.number, sex] for sex in ("female", "male")]
    assert sum(map(sum, by_sex)) == municipality.inhabitants(2026)


def test_a_year_that_is_not_typed_in_has_the_inhabitants_of_the_nearest():
    rana = next(m for m in demo().municipalities if m.number == "1833")
    assert rana.inhabitants(2010) == rana.inhabitants(2021)
    assert rana.inhabitants(2031) == rana.inhabitants(2026)


def test_no_sentral_or_station_has_the_name_of_a_real_legevakt():
    with shared("norway/legevakter_2024.csv").open() as file:
        real = {row["navn"].lower() for row in csv.DictReader(file)}
    made_up = [*demo().sentraler, *demo().districts, *demo().stations]
    first_words = {thing.name.split()[0].lower() for thing in made_up} - {
        "legevaktdistrikt"
    }
    assert not [name for name in real for word in first_words if word in name.split()]


def test_places_are_in_nordland_and_share_out_each_municipality():
    shares = Counter()
    for place in demo().places:
        shares[place.municipality] += place.share
        assert 64.8 < place.latitude < 68.4
        assert 11.3 < place.longitude < 16.6
    assert set(shares) == {m.number for m in demo().municipalities}
    assert all(share == pytest.approx(1.0) for share in shares.values())


def straight_km(place, station):
    """Great-circle distance."""
    a, b = radians(place.latitude), radians(station.latitude)
    turn = radians(station.longitude - place.longitude)
    h = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(turn / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


@pytest.mark.parametrize("place", demo().places, ids=lambda p: p.name)
def test_the_way_is_what_its_source_says_straight_line_times_1_4_at_60_km_an_hour(
    place,
):
    stations = {station.code: station for station in demo().stations}
    assert place.travel_min
    for code, minutes in place.travel_min.items():
        by_road = straight_km(place, stations[code]) * 1.4
        extra = minutes - max(4, round(by_road))
        assert extra in {0, 40, 45, 50, 60, 90, 100, 110, 120, 180}


def test_the_way_to_the_serving_station_is_known_for_every_place():
    for catchment in demo().catchments:
        for place in demo().places:
            if place.municipality == catchment.municipality:
                assert catchment.station in place.travel_min


def test_a_catchment_holds_from_its_first_day_until_the_day_before_its_last():
    old, new = (
        next(
            c
            for c in demo().catchments
            if c.municipality == "1828" and (c.valid_to is None) is open_ended
        )
        for open_ended in (False, True)
    )
    change = new.valid_from
    assert old.valid_to == change
    assert isinstance(new, Catchment)
    before = change.replace(year=change.year - 1)
    assert [old.holds_on(before), new.holds_on(before)] == [True, False]
    assert [old.holds_on(change), new.holds_on(change)] == [False, True]
    assert demo().station_of("1828", on=before).code == "MO1"
    assert demo().station_of("1828", on=change).code == "NES"


def test_before_any_catchment_no_station_serves_a_municipality():
    first = min(c.valid_from for c in demo().catchments)
    with pytest.raises(ValueError, match="no station serves municipality 1833"):
        demo().station_of("1833", on=first.replace(year=first.year - 1))


def test_an_unknown_sentral_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'OSL'; it has HEL, NAB"):
        demo().sentral("OSL")


def test_usernames_and_operator_codes_belong_to_one_person_each():
    usernames = Counter(member.username for member in demo().staff)
    codes = Counter(m.operator_code for m in demo().staff if m.operator_code)
    assert max(usernames.values()) == 1
    assert max(codes.values()) == 1
    assert codes["HEL-01"] == 1


@pytest.mark.parametrize(
    "role",
    [
        "operator",
        "doctor",
        "nurse",
        "shift_leader",
        "legevaktoverlege",
        "kommuneoverlege",
        "administrator",
        "auditor",
    ],
)
@pytest.mark.parametrize("sentral", ["HEL", "NAB"])
def test_each_sentral_has_somebody_in_each_role(sentral, role):
    districts = demo().sentral(sentral).districts
    stations = {s.code for s in demo().stations if s.district in districts}
    places = {sentral, *districts, *stations}
    assert [m for m in demo().staff if m.role == role and m.place in places]


def test_the_complaints_are_those_of_the_starter_index():
    index = load(starter_index_text(), filename="startindeks.yaml")
    ages = {c.id: c.ages for c in index.complaints}
    ours = {c.id: c for c in demo().complaints}
    assert set(ours) == set(ages)
    for key, complaint in ours.items():
        assert complaint.from_age >= ages[key].from_years
        below = ages[key].below_years
        assert below is None or (complaint.below_age or 200) <= below


def test_the_reasons_are_codes_of_icpc_2():
    codes = json.loads(shared("codes/icpc2-no-2026-navikt.json").read_text("utf-8"))
    known = {entry["code"] for entry in codes}
    used = {code for c in demo().complaints for code, _ in c.reasons}
    assert used <= known


class Folder:
    """The content folder with one file changed."""

    def __init__(self, filename, change):
        self.filename, self.change = filename, change

    def joinpath(self, name):
        text = FOLDER.joinpath(name).read_text(encoding="utf-8")
        return Text(self.change(text) if name == self.filename else text)


class Text:
    """A file that is its text."""

    def __init__(self, text):
        self.text = text

    def read_text(self, encoding):
        assert encoding == "utf-8"
        return self.text


def without_line(start):
    """A change that takes away the lines that begin so."""
    return lambda text: "\n".join(
        line for line in text.splitlines() if not line.startswith(start)
    )


@pytest.mark.parametrize(
    ("filename", "change", "says"),
    [
        ("population.csv", without_line("#"), "does not start with '# Kilde:'"),
        ("names.yaml", without_line("source:"), "no source is named"),
        (
            "published.yaml",
            lambda text: text.replace('  source: "NKLM, Vakttårn 2022 og 2023"\n', ""),
            "no source is named for by_year",
        ),
        (
            "places.csv",
            lambda text: text.replace("1833,Mo i Rana,Måefie,", "1833,Mo i Rana,"),
            r"line \d+ has more or fewer cells",
        ),
        ("population.csv", without_line("1833,"), "1833 in only one of them"),
        ("population_age_sex.csv", without_line("1833,"), "1833 is named without"),
        (
            "assumptions.yaml",
            without_line("easter:"),
            "missing: easter; unknown: none",
        ),
        (
            "assumptions.yaml",
            lambda text: text + "\nwhitsun: 1.1\n",
            "missing: none; unknown: whitsun",
        ),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused(filename, change, says):
    with pytest.raises(BadDemoContent, match=says) as caught:
        read_demo(Folder(filename, change))
    assert str(caught.value).startswith(f"{filename}: ")
    assert "Nothing was made." in str(caught.value)
    assert caught.value.filename == filename


def test_the_folder_is_part_of_the_package():
    assert files("varde.content").joinpath("demo", "places.csv").is_file()
