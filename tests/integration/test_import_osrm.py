"""`varde import geography --router osrm`: asked of OSRM itself, on a map of two roads."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests import make
from tests import make_geography as land
from tests.integration.test_access_commands import refused, run
from tests.integration.test_travel import PLAN, client_of
from varde.apps.planning.geography_folder import kept_survey
from varde.apps.planning.osrm_file import opened
from varde.domain.errors import BadInput
from varde.engines.access.projection import longitude_latitude


osrm = pytest.importorskip("osrm", reason="has no wheel for this machine")
PROFILE = Path(osrm.__file__).parent / "share/profiles/car.lua"
# Which of the small land's places each road goes through.
ROADS = (
    ((0, 10_000), (12_000, 10_000), (30_000, 10_000), (60_000, 10_000)),
    ((55_000, 20_000), (55_000, 25_000)),  # the island's, which no ferry goes to
)


def osm():
    """The roads as OpenStreetMap has them, with a limit of 60 km/h."""
    nodes, ways = [], []
    for road in ROADS:
        first = len(nodes) + 1
        for longitude, latitude in longitude_latitude(np.array(land.here(*road))):
            number = len(nodes) + 1
            nodes.append(
                f'<node id="{number}" version="1" lat="{latitude}" lon="{longitude}"/>'
            )
        passed = "".join(f'<nd ref="{one}"/>' for one in range(first, len(nodes) + 1))
        ways.append(
            f'<way id="{first}" version="1">{passed}<tag k="highway" v="secondary"/>'
            '<tag k="maxspeed" v="60"/></way>'
        )
    return f'<osm version="0.6">{"".join(nodes)}{"".join(ways)}</osm>'


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """The map as OSRM's own tools prepare it."""
    folder = tmp_path_factory.mktemp("osrm")
    (folder / "land.osm").write_text(osm())
    few = ("--small-component-size", "1")
    for words in (
        ("extract", "-p", str(PROFILE), *few, "land.osm"),
        ("contract", "land.osrm"),
    ):
        subprocess.run(
            (sys.executable, "-m", "osrm", *words),
            cwd=folder,
            check=True,
            capture_output=True,
        )
    return folder / "land.osrm"


@pytest.fixture
def files(tmp_path, settings):
    settings.VARDE_HOME = tmp_path / "home"
    return land.written(tmp_path / "files")


def measured(files, network, *words):
    return run(
        "import", "geography", files, "--router", "osrm", "--osrm", network, *words
    )


def test_the_minutes_are_those_of_osrm_and_a_place_it_cannot_reach_counts(
    files, network, settings
):
    told = measured(files, network)
    assert "The minutes are from OSRM land.osrm." in told
    survey = kept_survey(home=settings.VARDE_HOME)
    # OSRM's car drives 48 km/h where the limit is 60.
    km = np.hypot(*(survey.station_xy[0] - survey.station_xy[1])) / 1000.0
    near_a = np.hypot(*(survey.xy - survey.station_xy[0]).T).argmin()
    assert survey.minutes[near_a, 1] == pytest.approx(km / 48.0 * 60.0, rel=0.05)
    island = survey.place == "Ytterøya"
    assert island.any()
    assert np.isinf(survey.minutes[island]).all()
    assert survey.report.no_road == pytest.approx(survey.people[island].sum())
    again = json.loads(measured(files, network, "--json"))
    assert again["times_from"] == "OSRM land.osrm"


def test_on_the_screen_no_new_place_is_measured_on_other_roads(db, files, network):
    make.sentral()
    make.station(serves=[make.municipality()])
    client = client_of(
        make.user("kommune", roles=["kommuneoverlege"], at=make.district())
    )
    run("import", "geography", files)
    assert client.get(PLAN, {"kommune": "1802", "svar": "1"}).context["sites"]
    measured(files, network)
    plan = client.get(PLAN, {"kommune": "1802", "svar": "1"})
    assert not plan.context["sites"]
    assert "minuttene er fra OSRM land.osrm" in plan.content.decode()
    opened_by_hand = client.get(PLAN, {"e": "aapne.1802-1"}).content.decode()
    assert "med N1000, for å måle nye steder" in opened_by_hand
    closed = client.get(PLAN, {"e": "steng.A"})
    assert "minuttene er fra OSRM land.osrm" in closed.content.decode()
    assert closed.context["first_tables"]


def test_what_osrm_cannot_use_is_refused_with_the_way_out(
    files, network, tmp_path, monkeypatch
):
    def told(*words):
        return refused("import", "geography", files, *words)

    together = "--router osrm and --osrm FILE.osrm go together"
    assert together in told("--router", "osrm")
    assert together in told("--osrm", network)
    raw = ("--router", "osrm", "--osrm", network.with_suffix(".osm"))
    assert "land.osm.hsgr is not there" in told(*raw)
    assert "osrm-extract and osrm-contract" in told(*raw)
    (tmp_path / "half.osrm.hsgr").write_bytes(b"")
    half = told("--router", "osrm", "--osrm", tmp_path / "half.osrm")
    assert "half.osrm: cannot be used by OSRM (" in half
    nowhere = np.array([(999.0, 99.0)])
    with pytest.raises(BadInput, match=r"land\.osrm: cannot be used by OSRM"):
        opened(network)(nowhere, nowhere)
    monkeypatch.setitem(sys.modules, "osrm", None)
    without = told("--router", "osrm", "--osrm", network)
    assert "needs OSRM, which is not installed" in without
    assert "Install varde[osrm]" in without
