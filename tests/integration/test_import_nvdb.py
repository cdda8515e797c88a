"""`varde import geography --router nvdb`: read from a file geodatabase that GDAL wrote."""

import json
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest

from tests import make
from tests import make_geography as land
from tests.integration.test_access_commands import refused, run
from tests.integration.test_travel import PAGE, PLAN, client_of
from tests.make_nvdb import FERRY, LAND, link, write_gdb
from varde.apps.planning.geography_folder import kept_file, kept_survey
from varde.apps.planning.nvdb_file import Geodatabase, geodatabase_in


GDB = "vegnettRuteplan_FGDB_20260109.gdb"
TOLD = f"NVDB Ruteplan 2026-01-09 ({GDB})"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The geodatabase with all roads and the ferry, written once."""
    return write_gdb(tmp_path_factory.mktemp("nvdb") / GDB, *LAND, FERRY)


@pytest.fixture
def files(tmp_path, settings):
    settings.VARDE_HOME = tmp_path / "home"
    return land.written(tmp_path / "files")


def measured(files, *words):
    return run("import", "geography", files, "--router", "nvdb", *words)


def test_the_minutes_are_the_files_own_and_a_ferrys_by_the_effective_speed(
    files, written, settings
):
    shutil.copytree(written, files / GDB)
    told = measured(files)
    assert f"The minutes are from {TOLD}." in told
    assert "Links: 7, 0 of them closed both ways." in told
    assert "Ferries: 1, at 12.3 km/h with the waiting." in told
    assert "Loose pieces of road: 1, 0.1 km together." in told
    survey = kept_survey(home=settings.VARDE_HOME)
    assert survey.report.bridged == 0
    km = np.hypot(*(survey.station_xy[0] - survey.station_xy[1])) / 1000.0
    near_a = np.hypot(*(survey.xy - survey.station_xy[0]).T).argmin()
    assert survey.minutes[near_a, 1] == pytest.approx(km, rel=0.05)  # 60 km/h
    island = np.flatnonzero(survey.place == "Ytterøya")[0]
    quay = np.array(land.here((55_000, 10_000)))[0]
    inland = np.abs(survey.station_xy[1] - quay).sum() / 1000.0
    sailed = 9.9 / 12.3 * 60.0
    assert survey.minutes[island, 1] == pytest.approx(sailed + 4.0 + inland, abs=2.0)
    again = json.loads(measured(files, "--json"))
    assert again["times_from"] == TOLD
    assert again["notes"] == list(survey.report.notes)


@pytest.mark.parametrize("zipped", ["Samferdsel_0000_Norge_25833_FGDB", GDB])
@pytest.mark.parametrize("is_flat", [False, True])
def test_a_zip_file_gives_the_same_and_case_does_not_matter(
    files, written, tmp_path, settings, zipped, is_flat
):
    shutil.copytree(written, files / GDB)
    measured(files)
    own = kept_survey(home=settings.VARDE_HOME)
    shutil.rmtree(files / GDB)
    inside = tmp_path / "inside"
    inside.mkdir()
    write_gdb(inside / GDB, *LAND, FERRY, layer="RUTTGER_LINK_GEOM", upper=True)
    root = inside / GDB if is_flat else inside
    shutil.make_archive(str(files / zipped), "zip", root_dir=root)
    if is_flat and zipped != GDB:  # only its name could say that it is one
        assert "files/*.gdb: is not there" in refusal(files)
        return
    measured(files)
    found = kept_survey(home=settings.VARDE_HOME)
    assert found.report == own.report
    np.testing.assert_array_equal(found.minutes, own.minutes)


def test_the_pages_say_what_the_minutes_are_from_and_a_new_place_is_measured_on_it(
    db, files, written
):
    make.sentral()
    make.station(serves=[make.municipality()])
    client = client_of(
        make.user("kommune", roles=["kommuneoverlege"], at=make.district())
    )
    shutil.copytree(written, files / GDB)
    measured(files)
    page = client.get(PAGE, {"svar": "1"})
    text = page.content.decode()
    assert f"Minuttene og kilometerne er fra {TOLD}." in text
    assert "gap i vegnettet er bundet sammen" not in text
    assert "Hurtigbåt, kø og svingforbud." in text
    assumed = next(one for one in page.context["tables"] if one["id"] == "antakelser")
    names = [
        row["cells"][0] if isinstance(row, dict) else row[0] for row in assumed["rows"]
    ]
    assert "Fart på ferje, med ventetid" in str(names)
    assert "Fart på veg" not in str(names)
    assert client.get(PLAN, {"kommune": "1802", "svar": "1"}).context["sites"]
    new = client.get(PLAN, {"e": "aapne.1802-1"})
    assert new.status_code == 200
    assert new.context["first_tables"]
    run("import", "geography", files)
    text = client.get(PAGE, {"svar": "1"}).content.decode()
    assert "NVDB" not in text
    assert "gap i vegnettet er bundet sammen" in text


def refusal(files):
    return refused("import", "geography", files, "--router", "nvdb")


ONE = link((0, 10_000), (60_000, 10_000), forth=60.0, back=60.0)


@pytest.mark.parametrize(
    ("links", "how", "said"),
    [
        ([ONE], {"layer": "ERFKPS"}, "is of the form until 2021 (layer ERFKPS)"),
        (
            [ONE],
            {"layer": "vegnett"},
            "lacks the layer ruttger_link_geom.\nFound: 'veg",
        ),
        ([ONE], {"without": ["oneway"]}, "lacks the column oneway.\nFound: 'drivetime"),
        (
            [ONE],
            {"crs": "EPSG:25832"},
            "is on another map than UTM zone 33 (EPSG:25833)",
        ),
        ([], {}, "holds no link that can be driven"),
        ([replace(ONE, forth=-7.0)], {}, "column 'drivetime_fw': is below 0 minutes"),
        ([replace(ONE, forth=3600.0)], {}, "so that it is hardly in minutes"),
    ],
)
def test_another_file_is_refused_and_what_was_kept_stays(
    files, settings, links, how, said
):
    run("import", "geography", files)
    before = kept_file(home=settings.VARDE_HOME)[1]
    write_gdb(files / GDB, *links, **how)
    told = refusal(files)
    assert told.startswith(GDB)
    assert said in told
    assert "Nothing was changed. Take " in told
    assert "leave out --router" in told
    assert kept_file(home=settings.VARDE_HOME)[1] == before


def test_what_is_not_there_or_spoiled_is_refused(files, written, monkeypatch):
    assert "files/*.gdb: is not there (NVDB Ruteplan nettverksdatasett" in refusal(
        files
    )
    (files / GDB).mkdir()
    assert f"{GDB}: cannot be read as a file geodatabase (" in refusal(files)
    (files / GDB).rmdir()
    (files / "veg.zip").write_bytes(b"PK half a file")
    assert "veg.zip: is no zip file, or is cut short" in refusal(files)
    (files / "veg.zip").unlink()
    shutil.copytree(written, files / GDB)
    links = max((files / GDB).glob("*.gdbtable"))
    links.write_bytes(links.read_bytes()[:-200])
    assert f"{GDB}: cannot be read as a file geodatabase (" in refusal(files)
    monkeypatch.setitem(sys.modules, "pyogrio.raw", None)
    without = refusal(files)
    assert f"{GDB}: needs pyogrio, which is not installed" in without
    assert "Install varde[nvdb]" in without


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (GDB, TOLD),
        ("ruteplan2025.gdb", "NVDB Ruteplan 2025 (ruteplan2025.gdb)"),
        ("x_20261301.gdb", "NVDB Ruteplan (x_20261301.gdb)"),
        ("Norge_25833.gdb", "NVDB Ruteplan (Norge_25833.gdb)"),
    ],
)
def test_the_date_is_that_in_the_name(name, told):
    assert Geodatabase(path="", name=name).told == told


def test_of_several_the_newest_is_read(files):
    for name in ("ruteplan_20250101.gdb", "ruteplan_20260101.gdb"):
        (files / name).mkdir()
    assert geodatabase_in(files).name == "ruteplan_20260101.gdb"
