"""`varde forecast` and `varde operators`: what they print of a file and of what is stored."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.utils import timezone

from tests import make
from tests.command_line import run, written
from varde.apps.planning.queries import calls, demand
from varde.apps.records.models import Call, Catchment, Contact
from varde.config.cli import needs_database


OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 4, 6, 10, 30, tzinfo=UTC)  # a Monday, 12.30 in Norway
DAYS = 64  # the clock changes on 29 March
MIDNIGHT = datetime(2026, 4, 6, tzinfo=OSLO)
FIRST = MIDNIGHT - timedelta(days=DAYS)


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def moments(rate, *, seed=1, from_=FIRST, until=MIDNIGHT):
    """A moment for each contact, `rate` an hour and three times as many at weekends."""
    draws = np.random.default_rng(seed)
    hour = from_.astimezone(UTC)
    while hour < until:
        here = hour.astimezone(OSLO)
        for _ in range(draws.poisson(rate * (3 if here.weekday() >= 5 else 1))):
            yield hour + timedelta(minutes=int(draws.integers(60)))
        hour += timedelta(hours=1)


@pytest.fixture
def station(db):
    make.settings()
    place = make.station(serves=[make.municipality()])
    sentral = make.sentral()
    born = make.patient(of=place.district, birth_date=date(2020, 1, 1))
    Contact.objects.bulk_create(
        Contact(
            district=place.district,
            sentral=sentral,
            opened_at=at,
            recorded_at=at,
            municipality=place.municipality,
            hastegrad_phone="haster" if n % 4 else "akutt",
            patient=born if n % 2 else None,
            station=place if n % 3 else None,
        )
        for n, at in enumerate(moments(0.5))
    )
    return place


def test_a_file_is_judged_beside_the_plain_mean(tmp_path, capsys):
    draws = np.random.default_rng(1)
    begins = datetime(2025, 1, 1)
    file = written(
        tmp_path / "hours.csv",
        "ts,Arrivals",
        *(
            f"{begins + timedelta(hours=n)},{draws.poisson(2 + (n % 24) / 12)}"
            for n in range(100 * 24)
        ),
    )
    words = ["forecast", "--series", file, "--origins", "2", "--horizon-days", "14"]
    status, printed, _ = run(capsys, *words, "--json")
    found = json.loads(printed)
    assert (status, found["series"]["hours"]) == (0, 2400)
    assert found["ours"]["hours"] == 2 * 14 * 24
    assert found["ours"]["crps"] < found["hour_of_week_mean"]["crps"]
    assert 0.8 < found["ours"]["coverage"] <= 1
    assert found["ours"]["lowest"] == 0
    assert [one["begins"] for one in found["origins"]] == [
        "2025-03-14T00:00:00",
        "2025-03-28T00:00:00",
    ]
    status, printed, _ = run(capsys, *words, "--county", "Nordland")
    assert status == 0
    assert "hour_of_week_mean" in printed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--origins", "40"], "need more than"),
        (["--origins", "0"], "need more than"),
        (["--origins", "1", "--horizon-days", "1"], "at least 50 in 56 days"),
        (["--county", "Viken"], "Known: Agder, "),
        (["--country", "XX"], "no holidays are known"),
    ],
)
def test_a_series_that_cannot_be_judged_is_refused(tmp_path, capsys, options, said):
    file = written(
        tmp_path / "hours.csv",
        "ts,Arrivals",
        *(
            f"2025-01-{day:02} {hour:02}:00,1"
            for day in range(1, 32)
            for hour in range(24)
        ),
    )
    status, printed, told = run(capsys, "forecast", "--series", file, *options)
    assert (status, printed) == (2, "")
    assert said in told
    assert "Nothing was judged" in told


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    status, _, told = run(capsys, "forecast", "--series", tmp_path / "none.csv")
    assert status == 2
    assert "cannot be read" in told


def test_the_weeks_ahead_of_a_station(station, capsys):
    status, printed, _ = run(
        capsys, "forecast", "--station", station.code, "--weeks", "2", "--json"
    )
    found = json.loads(printed)
    assert status == 0
    assert found["history"] == {
        "from": (FIRST + timedelta(days=1)).date().isoformat(),
        "days": DAYS - 1,
        "contacts": Contact.objects.filter(
            opened_at__gte=FIRST + timedelta(days=1)
        ).count(),
    }
    assert [len(found[name]) for name in ("hours", "days", "weeks")] == [336, 14, 2]
    assert found["hours"][0]["begins"] == "2026-04-06T00:00:00"
    second = found["weeks"][1]  # the first begins with Easter Monday
    truth = 0.5 * (5 * 24 + 2 * 24 * 3)
    assert second["expected"] == pytest.approx(truth, rel=0.15)
    assert second["low"] < truth < second["high"]
    assert found["weeks"][0]["expected"] > second["expected"]
    assert found["yesterday"]["on"] == "2026-04-05"
    came = Contact.objects.filter(opened_at__gte=MIDNIGHT - timedelta(days=1)).count()
    assert found["yesterday"]["seen"] == came
    kinds = {one["code"]: one["share"] for one in found["shares"]["hastegrad"]}
    assert kinds == pytest.approx({"haster": 0.75, "akutt": 0.25}, abs=0.01)
    assert {one["code"] for one in found["shares"]["age"]} == {"6-15", "ukjent"}
    assert [one["code"] for one in found["shares"]["municipality"]] == ["1824"]


def test_the_same_in_words(station, capsys):
    status, printed, _ = run(capsys, "forecast", "--station", station.code)
    assert status == 0
    assert printed.count(" and 7 days") == 8
    assert "were expected" in printed


def test_contacts_of_others_are_not_the_stations(station):
    before = demand.history(station, now=NOW).series.counts
    other = make.station("annen")
    elsewhere = make.municipality("1833", "Rana")
    at = NOW - timedelta(days=3)
    make.contact(opened_at=at, station=other, municipality=station.municipality)
    make.contact(opened_at=at, municipality=elsewhere)
    make.contact(opened_at=at)
    assert np.array_equal(
        demand.history(station, now=NOW).series.counts, before, equal_nan=True
    )
    make.contact(opened_at=at, station=station, municipality=elsewhere)
    after = demand.history(station, now=NOW).series.counts
    assert np.nansum(after) == np.nansum(before) + 1


def test_a_station_that_serves_at_night_has_the_contacts_of_the_night(station):
    place = make.station("natta")
    Catchment.objects.create(
        municipality=make.municipality("1833", "Rana"),
        station=place,
        hours="night",
        valid_from=date(2026, 3, 1),
    )
    for day, hour in ((2, 12), (3, 12), (3, 23), (7, 12)):  # 7 March is a Saturday
        make.contact(
            opened_at=datetime(2026, 3, day, hour, tzinfo=OSLO),
            municipality=make.municipality("1833", "Rana"),
        )
    make.contact(
        opened_at=datetime(2026, 2, 20, 23, tzinfo=OSLO),
        municipality=make.municipality("1833", "Rana"),
    )
    found = demand.history(place, now=NOW).series
    # The first day, that of the first contact which counts (3 March), is left out.
    assert found.begins == datetime(2026, 3, 4)
    assert np.nansum(found.counts) == 1
    assert demand.parts(place, now=NOW).municipality == {"1833": 2}


def test_the_hour_that_autumn_has_twice_is_unknown(station):
    place = make.station("host", serves=[make.municipality("1833", "Rana")])
    for day in (24, 25, 26):
        make.contact(
            opened_at=datetime(2025, 10, day, 0, 30, tzinfo=UTC),
            municipality=make.municipality("1833", "Rana"),
        )
    told = demand.history(place, now=datetime(2025, 10, 27, tzinfo=UTC))
    found = told.series
    at = (datetime(2025, 10, 26, 2) - found.begins) // timedelta(hours=1)
    assert np.isnan(found.counts[at])
    assert np.nansum(found.counts) == 1
    assert told.days == {date(2025, 10, 25): 1, date(2025, 10, 26): 1}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--station", "ingen"], "Known: varden"),
        (["--station", "varden", "--weeks", "0"], "must be from 1"),
        (["--station", "varden"], "too little history"),
    ],
)
def test_a_station_that_cannot_be_foretold_is_refused(db, capsys, words, said):
    make.settings()
    make.station()
    status, printed, told = run(capsys, "forecast", *words)
    assert (status, printed) == (2, "")
    assert said in told
    assert "Nothing was foretold" in told


# ------------------------------------------------------------------------ operators


def test_both_formulas_row_by_row(capsys):
    words = [
        "operators",
        "--calls-per-hour",
        "30",
        "--aht-min",
        "7",
        "--patience-min",
        "5",
    ]
    status, printed, _ = run(capsys, *words, "--json")
    found = json.loads(printed)
    assert status == 0
    assert found["needed"] == {"erlang_c": 6, "erlang_a": 5}
    assert found["norm"]["limit_min"] == 2
    assert found["norm"]["share"] == 0.8
    by = {row["operators"]: row for row in found["rows"]}
    assert list(by) == list(range(1, 9))
    assert by[5]["erlang_c"]["answered_within"] == pytest.approx(0.7539, abs=5e-5)
    assert by[5]["erlang_a"]["answered_within"] == pytest.approx(0.8649, abs=5e-5)
    assert by[5]["erlang_a"]["abandoned"] == pytest.approx(0.0812, abs=5e-5)
    assert by[3]["erlang_c"]["mean_wait_s"] is None  # without end
    status, printed, _ = run(
        capsys, *words, "--break-min", "96", "--most-abandoned", "0.05"
    )
    assert "Needed: 8 (Erlang-A), 7 (Erlang-C)" in printed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--calls-per-hour", "30"], "needs --aht-min and --patience-min"),
        (
            ["--calls-per-hour", "-1", "--aht-min", "7", "--patience-min", "5"],
            "calls_per",
        ),
        (
            ["--calls-per-hour", "1", "--aht-min", "0", "--patience-min", "5"],
            "mean_call",
        ),
        (
            ["--calls-per-hour", "1", "--aht-min", "7", "--patience-min", "0"],
            "patience",
        ),
        (
            [
                "--calls-per-hour",
                "1",
                "--aht-min",
                "7",
                "--patience-min",
                "5",
                "--share",
                "1",
            ],
            "share must be",
        ),
        (
            [
                "--calls-per-hour",
                "1",
                "--aht-min",
                "7",
                "--patience-min",
                "5",
                "--break-min",
                "500",
            ],
            "breaks of",
        ),
    ],
)
def test_rates_without_sense_are_refused(capsys, options, said):
    status, printed, told = run(capsys, "operators", *options)
    assert (status, printed) == (2, "")
    assert said in told
    assert "Nothing was computed" in told


LOG = "call_id,line,priority,ringing_at,answered_at,ended_at,outcome,operator"


def log(tmp_path, *, with_answers=True):
    rows = []
    for n in range(0, 58, 4):
        at = datetime(2026, 1, 2, 12, n)
        rows.append(
            f"a{n},116117,0,{at},{at + timedelta(minutes=1)},"
            f"{at + timedelta(minutes=4)},answered,op1"
        )
    rows = rows if with_answers else []
    for n in (20, 40):
        at = datetime(2026, 1, 2, 12, n)
        rows.append(f"h{n},116117,0,{at},,{at + timedelta(minutes=2)},abandoned,")
    at = datetime(2026, 1, 2, 12, 50)
    rows.append(f"f1,116117,0,{at},,{at},fault,")
    return written(tmp_path / "calls.csv", LOG, *rows)


def test_what_a_log_says_and_the_factor_that_fits(tmp_path, capsys):
    status, printed, _ = run(capsys, "operators", "--calls", log(tmp_path), "--json")
    found = json.loads(printed)
    assert (status, found["calls"], found["hours"]) == (0, 17, 1)
    assert found["abandoned"] == pytest.approx(2 / 17)
    assert found["mean_call_min"] == 3
    assert found["erlang_a"]["abandoned"] == pytest.approx(2 / 17, abs=1e-4)
    status, printed, _ = run(capsys, "operators", "--calls", log(tmp_path))
    assert "mean_patience_min" in printed


def test_a_log_without_operators_is_refused(tmp_path, capsys):
    file = log(tmp_path, with_answers=False)
    status, _, told = run(capsys, "operators", "--calls", file)
    assert status == 2
    assert "in no hour was an operator seen" in told


@pytest.fixture
def sentral(db, monkeypatch):
    make.settings()
    place = make.sentral()
    make.station()
    # Two weeks tell of the callers as well as 13 do, in a sixth of the time.
    monkeypatch.setattr(calls, "MEASURED_OVER", timedelta(weeks=2))
    draws = np.random.default_rng(4)
    rows = []
    until, then = NOW - timedelta(hours=1), NOW - timedelta(weeks=2)
    fewer = [at for at in moments(1, until=until) if at < then]
    for n, at in enumerate([*fewer, *moments(3, from_=then, until=until)]):
        is_lost = draws.random() < 0.15
        answered = (
            None if is_lost else at + timedelta(minutes=int(draws.random() < 0.2))
        )
        rows.append(
            Call(
                sentral=place,
                district=place.host_district,
                external_id=f"c{n}",
                state="abandoned" if is_lost else "ended",
                ringing_at=at,
                answered_at=answered,
                abandoned_at=at + timedelta(minutes=2) if is_lost else None,
                ended_at=None if is_lost else answered + timedelta(minutes=6),
                operator_code="" if is_lost else f"HEL-{n % 2}",
                recorded_at=at,
            )
        )
    rows[0].state = "fault"
    Call.objects.bulk_create(rows)
    return place


def test_operators_for_each_half_hour_of_a_week(sentral, capsys):
    words = ["operators", "--sentral", sentral.code, "--week", "2026-W18"]
    status, printed, told = run(capsys, *words, "--json")
    assert (status, told) == (0, "")
    found = json.loads(printed)
    halves = found["half_hours"]
    assert (len(halves), halves[0]["begins"]) == (336, "2026-04-27T00:00:00")
    assert halves[1]["begins"] == "2026-04-27T00:30:00"
    assert found["norm"]["at_least"] == 2
    assert found["callers"]["mean_call_min"] == pytest.approx(6)
    assert found["measured"]["abandoned"] == pytest.approx(0.15, abs=0.03)
    saturday, monday = halves[5 * 48 + 24], halves[24]
    assert saturday["calls_per_hour"] > 2 * monday["calls_per_hour"]
    assert saturday["operators"] >= monday["operators"] >= 2
    assert saturday["chosen"]["answered_within"] >= 0.8
    assert saturday["more"]["abandoned"] < saturday["chosen"]["abandoned"]
    assert found["operator_hours"] == sum(one["operators"] for one in halves) / 2
    free = ["--availability", "1", "--at-least", "1", "--patience-min", "4"]
    status, printed, _ = run(capsys, *words, *free, "--json")
    fewer = json.loads(printed)
    assert fewer["callers"]["availability"] == 1
    assert fewer["erlang_a"] is None
    assert fewer["operator_hours"] < found["operator_hours"]


def test_the_next_week_in_words(sentral, capsys):
    given = ["--availability", "0.8", "--patience-min", "4"]
    status, printed, _ = run(capsys, "operators", "--sentral", sentral.code, *given)
    assert status == 0
    assert printed.splitlines()[0].startswith("Mon 13.04 00:00")
    assert printed.splitlines()[-1].endswith("operator hours")


def test_calls_that_do_not_tell_are_said_with_what_to_give(sentral, capsys):
    Call.objects.filter(state="abandoned").delete()
    status, _, told = run(capsys, "operators", "--sentral", sentral.code)
    assert status == 2
    assert "--patience-min, --availability" in told


@pytest.mark.parametrize(
    ("options", "said"),
    [([], "too little history"), (["--week", "next"], "not a week as 2026-W50")],
)
def test_a_week_that_cannot_be_told_is_refused(db, capsys, options, said):
    make.settings()
    code = make.sentral().code
    status, _, told = run(capsys, "operators", "--sentral", code, *options)
    assert status == 2
    assert said in told


@pytest.mark.parametrize(
    ("words", "needs"),
    [
        ("", False),
        ("help", False),
        ("rota solve f", False),
        ("indicator answer-time", True),
        ("forecast --series f --json", False),
        ("forecast --station varden", True),
        ("forecast --station=varden", True),
        ("operators --calls-per-hour 3", False),
        ("operators --sentral HEL", True),
    ],
)
def test_only_what_asks_about_what_is_stored_starts_a_database(words, needs):
    assert needs_database(["varde", *words.split()]) is needs
