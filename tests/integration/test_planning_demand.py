"""The forecast of a workplace: asked for, made in the background, kept and shown."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from tests import make, planning
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_demand import OSLO, moments
from tests.integration.test_undone import CannotWrite, fail
from tests.query_count import queries_of
from varde.apps.planning import jobs, making_forecast
from varde.apps.planning.queries import kept
from varde.apps.planning.services import forecasting
from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Call, Contact, DemandForecast
from varde.apps.staffing import jobs as rota_jobs
from varde.apps.staffing.access import Workplace, workplaces
from varde.config.management.commands import work


PAGE = "/plan/dimensjonering/behov/"
NOW = datetime(2026, 4, 6, 10, 30, tzinfo=UTC)  # Easter Monday, 12.30 in Norway
MIDNIGHT = datetime(2026, 4, 6, tzinfo=OSLO)
KEPT = {}  # what the station's forecast came to: the same each time, so once is enough


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def station(db):
    make.settings()
    sentral = make.sentral()
    place = make.station(serves=[make.municipality()])
    made = Workplace.of_station(place, sentraler=[sentral.pk])
    make.user("leder", roles=["legevaktoverlege"], at=place)
    return made


def contacts(workplace, rate=0.5, *, until=MIDNIGHT):
    """The contacts of 64 days, and how many."""
    born = make.patient(birth_date=date(2020, 1, 1))
    rows = [
        Contact(
            district=make.district(), sentral=make.sentral(), opened_at=at,
            recorded_at=at, municipality=make.municipality(), patient=born,
            hastegrad_phone="haster" if n % 4 else "akutt",
            station_id=workplace.station_id,
        )
        for n, at in enumerate(moments(rate, until=until))
    ]  # fmt: skip
    Contact.objects.bulk_create(rows)
    return rows


def made(workplace, *, by=None):
    row = forecasting.ask(workplace=workplace, by=by, at=NOW)
    jobs.make_forecast(row.pk)
    row.refresh_from_db()
    return row


def found_of(workplace):
    """What the job finds, found once."""
    if not KEPT:
        contacts(workplace)
        KEPT.update(made(workplace).found)
        return DemandForecast.objects.get()
    return planning.kept(KEPT, station=make.station(), at=NOW)


def client_of(name="leder"):
    client = Client()
    client.force_login(make.user(name))
    return client


def page(address=""):
    return client_of().get(PAGE + address)


# --------------------------------------------------------------------- made and kept


def test_a_forecast_is_made_from_what_came_and_kept(station):
    rows = contacts(station)
    row = made(station)
    found = row.found
    KEPT.update(found)
    assert (row.state, row.steps_done) == ("done", 4)
    by_day = {}
    for one in rows:
        by_day.setdefault(one.opened_at.astimezone(OSLO).date(), []).append(one)
    days = dict(found["days"])
    assert len(days) == 63  # the first day is left out
    for text, count in days.items():
        assert count == len(by_day.get(date.fromisoformat(text), [])), text
    ahead = found["ahead"]
    assert [len(ahead[name]) for name in ("hours", "days", "weeks")] == [2184, 91, 13]
    truth = 0.5 * (5 * 24 + 2 * 24 * 3)
    expected, low, high = ahead["weeks"][1]  # the first begins with Easter Monday
    assert expected == pytest.approx(truth, rel=0.15)
    assert low < truth < high
    assert found["yesterday"]["seen"] == len(by_day[date(2026, 4, 5)])
    means = found["heat"]["means"]
    sundays = [
        len(by_day.get(date(2026, 4, 5) - n * timedelta(7), [])) for n in range(9)
    ]
    assert sum(means[6 * 24 :]) == pytest.approx(sum(sundays) / 9, rel=0.02)
    assert not found["has_season"]
    assert found["judged"] == {"origins": 0, "least_days": 84, "days": 63}
    shares = {one["code"]: one["share"] for one in found["shares"]["hastegrad"]}
    assert shares == pytest.approx({"haster": 0.75, "akutt": 0.25}, abs=0.01)
    by_name = {one["words"]: one for one in found["calendar"]}
    ascension = by_name["Kristi himmelfartsdag"]
    assert (ascension["first"], ascension["seen"]) == ("2026-05-14", 0)
    assert ascension["factor"] > 1.3  # a Thursday with the shape of a Sunday
    assert by_name["Andre påskedag"]["seen"] == 0  # today is not over
    assert by_name["Første pinsedag"]["factor"] == pytest.approx(1, abs=0.05)


def test_how_good_it_has_been_is_measured_where_the_history_is_long_enough():
    from varde.engines.forecast.series import from_counts

    begins = datetime(2026, 1, 5)
    series = from_counts(
        {begins + timedelta(hours=n): 2 + (n % 24) // 8 for n in range(120 * 24)}
    )
    steps = []
    found = making_forecast._judged(series, county="", step=lambda: steps.append(1))
    assert (found["origins"], found["horizon_days"], len(steps)) == (2, 28, 2)
    assert found["ours"]["hours"] == 2 * 28 * 24
    assert found["plain"]["mae"] == pytest.approx(0, abs=0.05)
    assert found["weeks"] == 8


def test_a_sentrals_forecast_is_of_its_calls_and_of_what_they_say(station, monkeypatch):
    from varde.apps.planning.queries import calls

    monkeypatch.setattr(calls, "MEASURED_OVER", timedelta(weeks=2))
    sentral = make.sentral()
    Call.objects.bulk_create(
        Call(
            sentral=sentral, district=sentral.host_district, external_id=f"c{n}",
            state="ended" if n % 8 else "abandoned", ringing_at=at, recorded_at=at,
            answered_at=at + timedelta(minutes=n % 3) if n % 8 else None,
            ended_at=at + timedelta(minutes=6 + n % 3) if n % 8 else None,
            abandoned_at=None if n % 8 else at + timedelta(minutes=2),
            operator_code=f"HEL-{n % 2}" if n % 8 else "",
        )
        for n, at in enumerate(moments(1))
    )  # fmt: skip
    row = made(Workplace.of_sentral(sentral))
    found = row.found
    assert (row.state, found["kind"]) == ("done", "sentral")
    assert found["measured"]["mean_call_min"] == pytest.approx(6)
    assert found["measured"]["abandoned"] == pytest.approx(1 / 8, abs=0.03)
    assert found["by_hour"]["begins"] == "2026-04-06T00:00:00"  # a Monday
    means = found["by_hour"]["means"]
    assert len(means) == 14 * 168
    assert sum(means[5 * 24 : 6 * 24]) > 2 * sum(means[24:48])  # Saturday, Tuesday
    assert found["shares"]["hastegrad"] == []


def test_with_too_little_history_it_says_how_much_is_needed_and_foretells_nothing(
    station,
):
    contacts(station, until=MIDNIGHT - timedelta(days=40))
    Contact.objects.filter(opened_at__lt=MIDNIGHT - timedelta(days=50)).delete()
    row = made(station)
    assert row.found["lacks"]["least_days"] == 56
    assert "ahead" not in row.found
    text = page().content.decode()
    assert "Historien er for kort til en prognose" in text
    assert "Det trengs minst 50 på 56 dager" in text
    assert "En vanlig uke, time for time" in text
    assert "Ventet, med" not in text
    assert "De neste sju dagene" not in text
    nobody = made(
        Workplace.of_station(make.station("ny"), sentraler=[make.sentral().pk])
    )
    assert nobody.found["history"] is None
    assert nobody.found["lacks"]["days"] == 0


def test_each_night_every_workplace_is_asked_for_and_one_under_way_is_the_answer(
    station,
):
    jobs.ask_for_forecasts(0)
    asked = DemandForecast.objects.all()
    assert len(asked) == len(workplaces()) == 2
    assert {row.asked_by for row in asked} == {None}
    jobs.ask_for_forecasts(0)
    assert DemandForecast.objects.count() == 2
    assert AuditEntry.objects.filter(what="demand_forecast_asked").count() == 2


def test_the_fault_of_one_workplace_at_night_is_not_of_the_next(station, monkeypatch):
    ask, asked = forecasting.ask, []

    def fails_first(*, workplace, by, at):
        asked.append(workplace.key)
        if len(asked) == 1:
            raise ValueError("a fault")
        return ask(workplace=workplace, by=by, at=at)

    monkeypatch.setattr(forecasting, "ask", fails_first)
    jobs.ask_for_forecasts(0)
    assert len(asked) == 2
    assert DemandForecast.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_the_same(station):
    rows = side_by_side(
        lambda _: forecasting.ask(workplace=station, by=None, at=NOW).pk, range(10)
    )
    assert len(set(rows)) == 1


def test_one_that_fell_silent_is_replaced_and_old_ones_are_taken_away(station):
    old = planning.kept({"kind": "stasjon"}, station=make.station(),
                        at=NOW - timedelta(days=50))  # fmt: skip
    newer = planning.kept({"kind": "stasjon"}, station=make.station(),
                          at=NOW - timedelta(days=40))  # fmt: skip
    dead = forecasting.ask(workplace=station, by=None, at=NOW - timedelta(minutes=6))
    forecasting.begin(
        dead.pk, workplace=station, steps=8, at=NOW - timedelta(minutes=6)
    )
    row = forecasting.ask(workplace=station, by=None, at=NOW)
    assert row.pk != dead.pk
    left = dict(DemandForecast.objects.values_list("pk", "state"))
    assert left == {newer.pk: "done", dead.pk: "failed", row.pk: "waiting"}
    assert old.pk not in left  # the newest one made is kept, however old


def test_one_that_waits_its_turn_is_not_taken_for_dead(station):
    """Others before it in the queue, each a minute: the night's of a whole region."""
    row = forecasting.ask(workplace=station, by=None, at=NOW)
    late = NOW + timedelta(minutes=40)
    assert kept.progress(station, now=late).is_under_way
    assert forecasting.ask(workplace=station, by=None, at=late).pk == row.pk
    lost = NOW + timedelta(hours=7)  # its job is nowhere any more
    assert kept.progress(station, now=lost).is_failed
    assert forecasting.ask(workplace=station, by=None, at=lost).pk != row.pk


def test_long_jobs_leave_room_for_those_of_each_minute():
    """Those of one lock come one at a time."""
    long = {
        task.lock
        for task in (
            jobs.make_forecast,
            jobs.run_study,
            rota_jobs.solve,
            rota_jobs.compare_models,
        )
    }
    assert len(long) < work.CONCURRENCY


def test_a_fault_is_told_and_what_was_made_before_stands(station, monkeypatch):
    planning.kept(planning.found_of_calls(now=NOW) | {"kind": "stasjon"},
                  station=make.station(), at=NOW)  # fmt: skip
    monkeypatch.setattr(making_forecast, "make", fail)
    row = made(station)
    assert row.state == "failed"
    text = page().content.decode()
    assert "Regningen feilet" in text
    assert "De neste sju dagene" in text
    jobs.make_forecast(row.pk)  # begun before: left alone
    assert DemandForecast.objects.get(pk=row.pk).state == "failed"


def test_what_is_written_is_undone_when_the_log_cannot_be_written(station, monkeypatch):
    row = forecasting.ask(workplace=station, by=None, at=NOW)
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        forecasting.keep(row.pk, workplace=station, found={"kind": "x"}, at=NOW)
    row.refresh_from_db()
    assert (row.state, row.found) == ("waiting", {})
    DemandForecast.objects.all().delete()
    with pytest.raises(CannotWrite):
        forecasting.ask(workplace=station, by=None, at=NOW)
    assert not DemandForecast.objects.exists()


# --------------------------------------------------------------------------- shown


def test_the_page_is_empty_until_somebody_asks_and_then_tells_how_far_it_is(station):
    assert "Ingen prognose er laget" in page().content.decode()
    answer = client_of().post(PAGE + "regn/")
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    row = DemandForecast.objects.get()
    assert row.asked_by == make.user("leder")
    assert "Prognosen er bestilt" in page().content.decode()
    forecasting.begin(row.pk, workplace=station, steps=8, at=NOW)
    forecasting.beat(row.pk, workplace=station, done=3, at=NOW)
    text = page().content.decode()
    assert "3 av 8 steg" in text
    assert "Regn ut" not in text


def test_the_page_shows_the_forecast_and_every_table_is_a_file(station):
    row = found_of(station)
    text = page().content.decode()
    week = row.found["ahead"]["weeks"][0]
    assert f"{week[1]}–{week[2]}" in text
    assert "I går, søndag 5. april" in text
    assert f"Det kom {row.found['yesterday']['seen']} henvendelser." in text
    assert "Historien er under ett år" in text
    assert "det trengs 84 dager historie, og det er 63" in text
    assert "Skoleferiene er den vanligste uka i Nordland" in text
    assert "Kristi himmelfartsdag" in text
    assert "6–15 år" in text
    assert "Vefsn" in text
    for name in (
        "uker", "dager", "timer", "uka", "kalender", "hastegrad", "alder", "kommune",
    ):  # fmt: skip
        answer = page(f"?uker=13&csv={name}")
        lines = _csv(answer)
        assert len(lines) > 1, name
        assert {len(line) for line in lines} == {len(lines[0])}, name
    days = _csv(page("?uker=2&csv=dager"))
    assert len(days) == 1 + 28 + 14
    assert days[-1][0] == "2026-04-19 00:00:00"
    assert page("?csv=treff").status_code == 404  # it cannot be told yet
    spec = page("?vis=timer").context["chart"]["spec"]
    hours = spec["data"]["values"]
    assert len(hours) == 2 * 7 * 24
    assert {one["line"] for one in hours} == {"Kom", "Ventet, med 90 %-bånd"}


def test_a_number_of_weeks_that_makes_no_sense_is_refused_with_a_sentence(station):
    found_of(station)
    for wrong in ("0", "14", "mange", "-1"):
        answer = page(f"?uker={wrong}")
        assert answer.context["weeks"] == 4
        assert "Skriv et tall fra 1 til 13 uker" in answer.content.decode()
    assert "Skriv et tall" not in page("?uker=13").content.decode()


def test_a_surprise_is_said_and_an_old_forecast_too(station):
    found = planning.found_of_calls(now=NOW) | {"kind": "stasjon"}
    planning.kept(found, station=make.station(), at=NOW - timedelta(days=3))
    text = page().content.decode()
    assert "Det er uvanlig mange. Så mange eller flere ventes 3 % av dagene." in text
    assert "er ikke laget på nytt siden" in text
    assert "× 1,50" in text


def test_the_page_asks_a_fixed_number_of_questions(station):
    found_of(station)
    client = client_of()
    client.get(PAGE)
    few = queries_of(lambda: client.get(PAGE + "?uker=1"))
    many = queries_of(lambda: client.get(PAGE + "?uker=13&vis=timer"))
    assert few == many <= 16


def _csv(answer):
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))
