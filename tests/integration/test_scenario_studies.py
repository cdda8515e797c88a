"""Studies of scenarios: run in parts, stopped, compared, and run again alike."""

import csv
import json
import time
from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from tests.make_studies import House, done, draft, started
from varde.apps.planning import jobs, running
from varde.apps.planning.queries import studies as query
from varde.apps.planning.services import studies
from varde.apps.records import audit
from varde.apps.records.models import (
    AuditEntry,
    DatedSetting,
    ScenarioStudy,
    StudyResult,
    StudyScenario,
)
from varde.domain.errors import Rule, RuleBroken


NOW = make.NOW
LIST = "/plan/dimensjonering/scenarioer/"


@pytest.fixture
def house(db):
    return House()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


# ---------------------------------------------------------------- what was found


def test_what_was_found_is_compared_with_the_first_and_ranked(house):
    row = done(house, "idag", "to-leger")
    client = client_of(house.overseer)
    page = client.get(f"{LIST}{row.pk}/")
    tables = {one["id"]: {r[0]: r[1:] for r in one["rows"]} for one in page.context["tables"]}  # fmt: skip
    assert tables["tall"]["Timer på vakt for leger, i uka"] == ("336,0", "388,5")
    assert "±" in tables["tall"]["Minutter til lege, haster"][0]
    assert tables["forskjell"]["Timer på vakt for leger, i uka"] == ("+52,5",)
    assert "Minutter til lege, haster" in tables["best"]
    assert "Timer på vakt for leger, i uka" not in tables["best"]  # no side is better
    text = page.content.decode()
    assert "Olga" in text
    assert "frø 7" in text
    assert client.get(f"{LIST}{row.pk}.pdf").content.startswith(b"%PDF")
    report = client.get(f"{LIST}{row.pk}/stress-des/").content.decode()
    assert "seed 7" in report
    for name in ("tall", "forskjell", "best", "antakelser", "kilder", "alle"):
        answer = client.get(f"{LIST}{row.pk}/?csv={name}")
        assert answer["Content-Type"].startswith("text/csv"), name


def test_the_file_of_a_scenario_gives_the_same_digits_in_the_command(house, tmp_path):
    row = done(house, "idag", "slatt-sammen", "bakvakt")
    found = query.found(row)
    paths = []
    for number, one in enumerate(row.scenarios.all()):
        answer = client_of(house.planner).get(f"{LIST}scenario/{one.pk}.toml")
        path = tmp_path / f"s{number}.toml"
        path.write_bytes(answer.content)
        paths.append(str(path))
    out = StringIO()
    call_command(
        "simulate", *paths, "--replications", str(row.done), "--seed", str(row.seed),
        "--json", stdout=out, verbosity=0,
    )  # fmt: skip
    told = json.loads(out.getvalue())["scenarios"]
    for number, values in enumerate(found.values):
        for name, seen in values.items():
            mean = told[number]["measures"][name]["mean"]
            known = seen[~np.isnan(seen)]
            assert mean == (float(known.mean()) if len(known) else None), name


def test_each_replication_can_be_had_and_the_difference_is_theirs(house):
    row = done(house)
    answer = client_of(house.planner).get(f"{LIST}{row.pk}/?csv=kjoringer")
    text = answer.content.decode("utf-8-sig")
    first, second = (
        [float(value) for value in line[2:]]
        for line in csv.reader(StringIO(text), delimiter=";")
        if line[1] == "contacts"
    )
    figure = next(one for one in query.found(row).figures if one.code == "contacts")
    assert list(figure.values[0]) == [n / 6 for n in first]
    assert len(set(first)) > 1
    # The satellite changes no arrival: common random numbers make the difference nothing.
    assert first == second


def test_the_pay_follows_the_rates_and_the_work_that_was_found(house):
    """Two doctors around the clock for 52 weeks: an hour costs 10 in class 1, 7 above."""
    hour = {"mon_fri": 10, "sat_sun": 10, "holiday": 10}
    less = dict.fromkeys(hour, 7)
    make.decide("pay.standby", {"1": hour, "2": less, "3": less, "4": less})
    make.decide("pay.bakvakt", dict.fromkeys(hour, 100))
    found = query.found(done(house, "idag", "bakvakt"))
    cost = next(one for one in found.figures if one.code == "cost")
    assert not any(cost.at_least)
    social = 1 + float(found.costs._assumed.prices.social)
    classes = set()
    for values, kroner in zip(found.values, cost.values, strict=True):
        first = [values["busy.Lege Sor"], values["busy.Lege Nord"]]
        hours = sum(np.where(np.round(busy * 60) <= 10, 10, 7) for busy in first)
        classes |= set(hours)
        if values is found.values[1]:
            hours = hours + 100
        assert list(kroner) == pytest.approx(list(hours * 364 * 24 * social))
    assert 7 <= min(classes) / 2 <= max(classes) / 2 <= 10


def test_what_the_pay_lacks_is_said_and_never_counted_as_nothing(house):
    DatedSetting.objects.filter(key="models.social_share").delete()
    nothing = dict.fromkeys(("mon_fri", "sat_sun", "holiday"))
    make.decide("pay.standby", dict.fromkeys("1234", nothing))
    row = done(house)
    page = client_of(house.planner).get(f"{LIST}{row.pk}/")
    text = page.content.decode()
    assert "Avgift og pensjon er ikke lagt inn." in text
    assert "En sats for vakt er ikke lagt inn." in text
    assert "Prisen på video, utstyr og rom på satellitten er ikke lagt inn." in text
    tables = {one["id"]: {r[0]: r[1:] for r in one["rows"]} for one in page.context["tables"]}  # fmt: skip
    pay = "Lønn til leger på vakt, kroner i året"
    assert all(cell.startswith("minst ") for cell in tables["tall"][pay])
    assert tables["forskjell"][pay] == ("ikke kjent",)
    assert pay not in tables["best"]


# ---------------------------------------------------------------- run, stop, die


def test_it_is_stopped_and_what_is_done_is_kept(house, monkeypatch):
    row = started(house, replications=400)
    monkeypatch.setattr(running, "BEAT_S", 0.0)
    kept = studies.keep

    def stop_after_three(study_id, **values):
        if values["first"] == 2:
            studies.ask_to_stop(study_id=study_id, **house.who())
        return kept(study_id, **values)

    monkeypatch.setattr(studies, "keep", stop_after_three)
    jobs.run_study(row.pk)
    row.refresh_from_db()
    assert (row.state, row.end_early, row.done) == ("stopped", "asked", 3)
    assert row.results.count() == 3
    # What was kept in three parts is what one part holds when it is run again.
    monkeypatch.setattr(studies, "keep", kept)
    monkeypatch.setattr(running, "BEAT_S", 60.0)
    again = query.found(done(house, replications=3))
    assert again.row.results.count() == 1
    for one, other in zip(query.found(row).values, again.values, strict=True):
        for name in one:
            assert np.array_equal(one[name], other[name], equal_nan=True), name
    text = client_of(house.overseer).get(f"{LIST}{row.pk}/").content.decode()
    assert "Noen stoppet den" in text
    assert "3 av 400 kjøringer" in text


def test_the_screen_is_told_and_the_intervals_narrow(house, monkeypatch):
    row = started(house, "idag", replications=12)
    monkeypatch.setattr(running, "BEAT_S", 0.0)
    seen = []
    kept = studies.keep

    def look(study_id, **values):
        seen.append({code: spreads[0] for code, _u, spreads, _l in values["progress"]})
        return kept(study_id, **values)

    monkeypatch.setattr(studies, "keep", look)
    jobs.run_study(row.pk)
    halves = [one["contacts"][1] for one in seen]
    assert halves[0] is None
    assert halves[-1] < halves[1]
    ScenarioStudy.objects.update(state="running", beat_at=timezone.now())
    client = client_of(house.overseer)
    text = client.get(f"{LIST}{row.pk}/").content.decode()
    assert "12 av 12 kjøringer" in text
    assert 'data-part="study_now"' in text
    assert "Minutter til lege, haster" in text


def test_a_study_has_its_share_of_the_processor_and_no_more(house):
    row = started(house, replications=9)
    studies.begin(row.pk, workplace=house.workplace, at=NOW)
    seconds = iter(range(0, 10_000, 250))
    ended = running.run(row, workplace=house.workplace, spent=lambda: next(seconds))
    row.refresh_from_db()
    assert ended == ("stopped", "time")
    assert row.done == 3  # after 250, 500 and 750 seconds of 600


def test_a_killed_worker_leaves_what_it_had_found_and_gives_way(house):
    row = started(house)
    part = {"workplace": house.workplace, "progress": [], "at": NOW}
    studies.begin(row.pk, workplace=house.workplace, at=NOW)
    values = [{"contacts": [1.0, None]}, {"contacts": [2.0, 3.0]}]
    assert studies.keep(row.pk, first=0, values=values, count=2, **part)
    jobs.run_study(row.pk)  # another worker lets it be
    row.refresh_from_db()
    assert (row.state, row.done) == ("running", 2)
    late = NOW + timedelta(minutes=5)
    assert studies.is_dead(row, at=late)
    other = draft(house)
    begin = {"study_id": other.pk, "cost_grounds": {}}
    assert refused(studies.start, **begin, **house.who()).rule is Rule.STUDY_UNDER_WAY
    studies.start(**begin, **house.who(late))
    row.refresh_from_db()
    assert (row.state, row.end_early) == ("stopped", "died")
    assert row.results.get().values == values
    assert not studies.keep(row.pk, first=2, values=[], count=0, **part)


def test_one_that_was_taken_away_while_it_ran_is_let_go_of(house):
    """It fell silent, somebody took it away, and then its process went on."""
    row = started(house)
    studies.begin(row.pk, workplace=house.workplace, at=NOW)
    studies.drop(study_id=row.pk, **house.who(NOW + timedelta(minutes=5)))
    part = {"workplace": house.workplace, "at": NOW}
    assert not studies.keep(row.pk, first=0, values=[], count=0, progress=[], **part)
    studies.end(row.pk, state="stopped", end_early="", **part)


def test_a_fault_is_written_as_one(house, monkeypatch):
    row = started(house)
    monkeypatch.setattr(running, "figures", None)
    jobs.run_study(row.pk)
    row.refresh_from_db()
    assert row.state == "failed"
    client = client_of(house.planner)
    assert "Kjøringen feilet" in client.get(f"{LIST}{row.pk}/").content.decode()
    assert client.get(f"{LIST}{row.pk}.pdf").status_code == 404


def test_what_is_started_is_never_changed_and_a_copy_can_be(house):
    row = done(house, "idag", replications=2)
    one = row.scenarios.get()
    client = client_of(house.planner)
    for address in (
        f"{LIST}{row.pk}/legg-til/", f"{LIST}scenario/{one.pk}/ta-bort/", f"{LIST}{row.pk}/kjor/",
    ):  # fmt: skip
        text = client.post(address, {"scenario": "idag"}).content.decode()
        assert "Studien er kjørt og kan ikke endres" in text, address
    change = {"scenario_id": one.pk, "text": "x", "was": ""}
    assert refused(studies.change_scenario, **change, **house.who()).rule is Rule.STUDY_IS_STARTED  # fmt: skip
    client.post(f"{LIST}{row.pk}/kopi/")
    copy = ScenarioStudy.objects.latest("pk")
    assert (copy.state, copy.seed, copy.replications) == ("draft", 7, 2)
    assert [s.text for s in copy.scenarios.all()] == [one.text]


# ---------------------------------------------------------------- log, races, queries


def test_the_log_has_who_and_which_and_not_the_name(house):
    row = done(house, "idag", replications=2)
    client_of(house.planner).post(f"{LIST}{row.pk}/stopp/")  # over: nothing happens
    client_of(house.planner).post(f"{LIST}{row.pk}/slett/")
    told = AuditEntry.objects.filter(table="records_scenariostudy")
    assert list(told.order_by("pk").values_list("what", "row_id", "user")) == [
        ("scenario_study_made", row.pk, house.planner.pk),
        ("scenario_study_started", row.pk, house.planner.pk),
        ("scenario_study_ended", row.pk, None),
        ("scenario_study_dropped", row.pk, house.planner.pk),
    ]
    assert "styret" not in json.dumps(list(told.values()), default=str)
    assert not StudyResult.objects.exists()


ACTS = ["make", "add", "change", "remove", "start", "stop", "end", "copy", "drop"]


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_written_when_the_log_is_not(house, monkeypatch, act):
    row = started(house) if act in ("stop", "end") else draft(house)
    one = row.scenarios.first()
    who = house.who()
    acts = {
        "make": lambda: draft(house),
        "add": lambda: studies.add_scenario(study_id=row.pk, text="x", **who),
        "change": lambda: studies.change_scenario(
            scenario_id=one.pk, text="x", was=studies.mark_of(one.text), **who
        ),
        "remove": lambda: studies.remove_scenario(scenario_id=one.pk, **who),
        "start": lambda: studies.start(study_id=row.pk, cost_grounds={}, **who),
        "stop": lambda: studies.ask_to_stop(study_id=row.pk, **who),
        "end": lambda: studies.end(
            row.pk, workplace=house.workplace, state="failed", end_early="", at=NOW
        ),
        "copy": lambda: studies.copy_study(study_id=row.pk, name="x", **who),
        "drop": lambda: studies.drop(study_id=row.pk, **who),
    }

    def rows():
        tables = (ScenarioStudy, StudyScenario)
        return [list(one.objects.order_by("pk").values()) for one in tables]

    before = rows()
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        acts[act]()
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_of_those_who_race_one_changes_and_one_starts(monkeypatch):
    house = House()
    mark_of = studies.mark_of

    def slowly(text):
        time.sleep(0.02)  # between the look and the write there is time for others
        return mark_of(text)

    same, other = draft(house), draft(house)
    one = same.scenarios.first()

    def tried(act, **values):
        try:
            act(**values, **house.who())
        except RuleBroken as error:
            return error.rule
        return "done"

    def change(number):
        mark = mark_of(one.text)
        return tried(studies.change_scenario, scenario_id=one.pk, text=f"{number}", was=mark)  # fmt: skip

    def start(study_id):
        return tried(studies.start, study_id=study_id, cost_grounds={})

    monkeypatch.setattr(studies, "mark_of", slowly)
    changed = side_by_side(change, list(range(10)))
    assert sorted(changed) == ["done"] + [Rule.STUDY_CHANGED] * 9
    started_ = side_by_side(start, [same.pk, other.pk] * 5)
    assert started_.count("done") == 1
    refusals = {Rule.STUDY_IS_STARTED, Rule.STUDY_UNDER_WAY}
    assert set(started_) <= {"done"} | refusals
    told = AuditEntry.objects.filter(what="scenario_study_started")
    assert told.count() == 1
    assert ScenarioStudy.objects.filter(state="waiting").count() == 1


def test_the_database_lets_one_study_of_a_station_be_under_way(house):
    started(house)
    other = draft(house)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScenarioStudy.objects.filter(pk=other.pk).update(
            state="waiting", started_at=NOW, started_by=house.planner
        )


def test_a_study_is_a_few_queries_however_many_parts_it_has(house):
    row = done(house, replications=2)
    values = row.results.get().values
    StudyResult.objects.bulk_create(
        StudyResult(study=row, first=2 * n, count=2, values=values) for n in range(1, 9)
    )
    client = client_of(house.planner)
    for address, most in ((LIST, 20), (f"{LIST}{row.pk}/", 16)):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= most, [q["sql"][:90] for q in asked]
