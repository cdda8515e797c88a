"""The operators of a sentral's week: counted, changed, compared, handed to the rota."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from tests import make, planning
from tests.query_count import queries_of
from varde.apps.planning.queries import operators_shown
from varde.apps.planning.queries.demand import OSLO
from varde.apps.planning.queries.planned import planned
from varde.apps.records.models import DemandForecast, OperatorNeed
from varde.apps.staffing.access import Workplace
from varde.engines.telephony.erlang import erlang_a


PAGE = "/plan/dimensjonering/telefon/"
NOW = make.NOW  # a Friday, 2026-W47
WEEK = "uke=2026-W49"
SATURDAY = 5


@pytest.fixture(autouse=True)
def frozen(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def sentral(db):
    make.settings()
    place = make.sentral()
    make.user("leder", roles=["legevaktoverlege"], at=place)
    make.user("kommune", roles=["kommuneoverlege"], at=place)
    planning.kept(planning.found_of_calls(now=NOW), sentral=place)
    return place


def client_of(name="leder"):
    client = Client()
    client.force_login(make.user(name))
    return client


def page(query=WEEK, *, name="leder"):
    return client_of(name).get(f"{PAGE}?{query}")


def cells(answer):
    """The rows of the week: half hours by weekday."""
    return [row for _, row in answer.context["week"].rows]


def test_a_week_without_calls_says_nothing_of_how_they_were_met():
    assert operators_shown.met([]) == {
        "calls": 0,
        "answered_within": None,
        "abandoned": None,
        "mean_wait_min": None,
    }


def test_the_week_shows_operators_with_what_they_give_and_the_hang_ups_beside(sentral):
    answer = page()
    rows = cells(answer)
    assert (len(rows), {len(row) for row in rows}) == (48, {7})
    night, noon = rows[6][0], rows[24][0]
    assert night.operators == 2  # one would do, and nobody is alone
    assert noon.operators == 3
    told = erlang_a(
        2.0, calls_per_hour=12, mean_call_min=6, mean_patience_min=5, operators=2.4
    )
    assert noon.within == f"{100 * told.answered_within:.0f} %"
    assert noon.abandoned == f"{100 * told.abandoned:.0f} %"
    assert noon.planned is None
    text = answer.content.decode()
    assert "Ingen er satt opp i denne uka ennå." in text
    assert "Målt på 4000 egne anrop, 13 uker til 20. november 2026." in text
    assert "Akuttmedisinforskriften (FOR-2015-03-20-231) § 13 d" in text
    hours = sum(cell.operators for row in rows for cell in row) / 2
    assert f"<b>{hours:g}".replace(".", ",") in text


def test_what_is_set_is_in_the_address_and_changes_the_week(sentral):
    usual = cells(page())[24][0].operators
    longer = page(f"{WEEK}&aht=14,5&minst=1")
    assert cells(longer)[24][0].operators > usual
    assert cells(page(f"{WEEK}&minst=1&aht=2"))[6][0].operators == 1
    assert cells(page(f"{WEEK}&pause=60&vakt=8&ledig=70"))[24][0].operators >= usual
    stricter = page(f"{WEEK}&la_pa=1")
    assert cells(stricter)[24][0].operators > usual
    assert longer.context["set_"] == {
        "aht": "14,5", "minst": "1", "uke": "2026-W49",
    }  # fmt: skip
    assert "aht=14%2C5" in longer.context["query"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("aht=lang", "Samtale og etterarbeid: skriv et tall fra 0,5 til 60 minutter"),
        ("aht=0", "Samtale og etterarbeid: skriv et tall"),
        (
            "ledig=151",
            "Ledig for anrop, av tida på vakt: skriv et tall fra 5 til 150 %",
        ),
        ("minst=1,5", "Aldri færre enn: skriv et tall fra 1 til 20 operatører"),
        ("mal=100", "Mål: andel besvart i tide: skriv et tall fra 1 til 99"),
        ("uke=2031-W01", "Uka er ikke blant dem prognosen har."),
        ("talmod=1e9", "Tålmodighet i køen, snitt: skriv et tall"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_and_kept(sentral, query, said):
    answer = page(query)
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert said in text
    assert answer.context["week"] is None
    name, _, typed = query.partition("=")
    if name != "uke":
        assert f'name="{name}" value="{typed}"' in text


def test_one_more_and_one_fewer_of_a_half_hour(sentral):
    answer = page(f"{WEEK}&dag={SATURDAY}&halvtime=24")
    assert answer.context["week"].chosen_words == "lørdag 5. desember 12:00"
    choices = answer.context["week"].choices
    assert [one.operators for one in choices] == [2, 3, 4]
    fewer, chosen, more = (
        float(one.abandoned.removesuffix(" %").replace(",", ".")) for one in choices
    )
    assert fewer > chosen > more
    outside = page(f"{WEEK}&dag=9&halvtime=24").context["week"]
    assert outside.chosen == page().context["week"].chosen  # the busiest one


@pytest.mark.parametrize(
    ("monday", "hours"), [(date(2026, 3, 23), 9), (date(2026, 10, 19), 11)]
)
def test_a_night_in_which_the_clock_is_changed_has_the_hours_that_it_has(
    monday, hours, sentral
):
    """From ten on Saturday to eight on Sunday: an hour less in March, one more in October."""
    first = datetime.combine(monday, time())
    local = first + timedelta(days=5, hours=22)
    evening = local.replace(tzinfo=OSLO).astimezone(UTC)
    make.duty(make.operator("anne"), "operator", at=sentral, hours=hours, starts_at=evening)  # fmt: skip
    found = planned(sentral, [first + n * timedelta(minutes=30) for n in range(336)])
    assert found.hours == hours
    assert sum(found.each) == 2 * 10  # on the face of the clock


def test_the_rota_that_is_published_is_compared_half_hour_by_half_hour(sentral):
    monday = datetime(2026, 11, 30, tzinfo=timezone.get_current_timezone())
    for name in ("anne", "berit"):
        make.duty(make.operator(name), "operator", at=sentral, hours=8,
                  starts_at=monday + timedelta(hours=8))  # fmt: skip
    make.duty(make.operator("carl"), "shift_leader", at=sentral, hours=1,
              starts_at=monday + timedelta(hours=12, minutes=15))  # fmt: skip
    make.duty(make.nurse(), "nurse", at=make.station(), hours=8,
              starts_at=monday + timedelta(hours=8))  # fmt: skip
    answer = page(f"{WEEK}&sted=sentral-HEL")
    rows = cells(answer)
    assert [rows[n][0].planned for n in (15, 16, 24, 25, 31, 32)] == [0, 2, 2, 3, 2, 0]
    assert rows[24][0].is_short
    assert not rows[25][0].is_short
    week = answer.context["week"]
    assert week.planned_hours == 2 * 8 + 0.5
    assert week.short_halves == 336 - 1
    lines = _csv(client_of().get(f"{PAGE}?{WEEK}&sted=sentral-HEL&csv=operatorer"))
    assert len(lines) == 337
    assert lines[1 + 25][0] == "2026-11-30 12:30:00"
    assert (lines[1 + 25][3], lines[1 + 25][-1]) == ("3", "3")


def test_what_the_calls_do_not_tell_is_asked_for_and_never_guessed(sentral):
    DemandForecast.objects.all().delete()
    found = planning.found_of_calls(
        now=NOW, measured=planning.MEASURED | {"availability": None}
    )
    planning.kept(found, sentral=sentral)
    answer = page()
    assert answer.context["week"] is None
    assert "sier ikke: Ledig for anrop, av tida på vakt." in answer.content.decode()
    assert page(f"{WEEK}&ledig=80").context["week"] is not None
    DemandForecast.objects.all().delete()
    planning.kept(planning.found_of_calls(now=NOW, measured=None), sentral=sentral)
    assert len(page().context["missing"]) == 3


def test_without_a_forecast_or_a_sentral_it_says_what_to_do(sentral):
    make.user("stasjonsleder", roles=["legevaktoverlege"], at=make.station())
    DemandForecast.objects.all().delete()
    here = "sted=sentral-HEL"
    text = page(here).content.decode()
    assert "Ingen prognose er laget" in text
    answer = client_of().post("/plan/dimensjonering/behov/regn/", {"til": "telefon"})
    assert answer["Location"] == PAGE
    text = page("", name="stasjonsleder").content.decode()
    assert "Du har ingen sentral å planlegge for." in text
    make.user("stasjonsleder", roles=["legevaktoverlege"], at=sentral)
    client = client_of("stasjonsleder")
    client.get("/plan/dimensjonering/behov/?sted=stasjon-varden")
    assert "Telefonbemanning – Sentral HEL" in client.get(PAGE).content.decode()
    assert client.session["workplace"] == "sentral-HEL"  # also for what is handed over
    both = page(f"sted={Workplace.of_sentral(sentral).key}").content.decode()
    assert "Telefonbemanning – Sentral HEL" in both
    DemandForecast.objects.all().delete()
    lacks = {"days": 3, "contacts": 9, "least_days": 56, "least_contacts": 50}
    planning.kept(
        {"kind": "sentral", "lacks": lacks, "measured": None, "history": None,
         "days": [], "past_hours": None, "heat": None},
        sentral=sentral,
    )  # fmt: skip
    text = page(here).content.decode()
    assert "Historien er for kort til å regne operatører." in text


def hand(data, name="leder"):
    newest = DemandForecast.objects.latest("pk")
    return client_of(name).post(f"{PAGE}gi/", {"prognose": newest.pk} | data)


def test_the_leader_hands_the_week_to_the_rota_and_ends_it(sentral):
    days = {"fra": "2026-11-30", "til": "2026-12-20"}
    typed = {"uke": "2026-W49", "aht": "9"}
    assert hand(typed | days)["Location"] == PAGE
    row = OperatorNeed.objects.get()
    assert (row.valid_from, row.valid_to) == (date(2026, 11, 30), date(2026, 12, 21))
    assert row.operators == list(page(f"{WEEK}&aht=9").context["week"].operators)
    numbers = {one["name"]: one for one in row.assumed["numbers"]}
    assert numbers["aht"] == {
        "name": "aht", "value": 9.0, "source": "Skrevet av planleggeren.",
    }  # fmt: skip
    assert numbers["talmod"]["source"].startswith("Målt på 4000 egne anrop")
    assert row.assumed["week"] == "2026-W49"
    assert 0.8 < row.met["answered_within"] < 1
    text = page().content.decode()
    assert "fra 30. november 2026 til og med 20. desember 2026" in text
    assert "begynner senere" in text
    assert "9 minutter. Skrevet av planleggeren." in text
    seen = page(name="kommune").content.decode()
    assert "begynner senere" in seen
    assert "Avslutt" not in seen
    assert ">Gi til vaktplanen</button>" not in seen
    assert hand(typed | days, "kommune").status_code == 404
    client = client_of()
    assert client.post(f"{PAGE}behov/{row.pk}/slutt/")["Location"] == PAGE
    assert not OperatorNeed.objects.exists()
    assert client.post(f"{PAGE}behov/{row.pk}/slutt/").status_code == 404


def test_a_day_that_is_over_is_refused_with_what_was_typed(sentral):
    answer = hand({"uke": "2026-W49", "aht": "9", "fra": "2026-11-01", "til": "x"})
    text = answer.content.decode()
    assert "Fra og med" in text.split('class="problem" role="alert">')[1][:80]
    assert 'value="2026-11-01"' in text
    assert 'name="aht" value="9"' in text
    assert not OperatorNeed.objects.exists()
    answer = hand({"uke": "2026-W49", "aht": "lang", "fra": "2026-11-30"})
    assert "Behovet for uka er ikke regnet ut" in answer.content.decode()
    assert not OperatorNeed.objects.exists()


def test_what_is_handed_over_is_what_was_seen(sentral):
    seen = DemandForecast.objects.get()
    planning.kept(planning.found_of_calls(now=NOW), sentral=sentral,
                  at=NOW + timedelta(minutes=1))  # fmt: skip
    data = {"uke": "2026-W49", "fra": "2026-11-30"}
    answer = hand(data | {"prognose": seen.pk})
    assert "Prognosen er laget på nytt siden du åpnet siden." in answer.content.decode()
    assert not OperatorNeed.objects.exists()
    assert hand(data).status_code == 302


def test_a_sentrals_need_is_ended_by_its_own_leader_only(sentral):
    hand({"uke": "2026-W49", "fra": "2026-11-20"})
    row = OperatorNeed.objects.get()
    other = make.sentral("BOD", of=make.district("ytre", "Ytre distrikt"))
    make.user("annen", roles=["legevaktoverlege"], at=other)
    for name in ("annen", "kommune"):
        answer = client_of(name).post(f"{PAGE}behov/{row.pk}/slutt/")
        assert answer.status_code == 404
    client_of().post(f"{PAGE}behov/{row.pk}/slutt/")
    row.refresh_from_db()
    assert row.valid_to == date(2026, 11, 21)
    again = client_of().post(f"{PAGE}behov/{row.pk}/slutt/").content.decode()
    assert "Dette behovet er alt avsluttet." in again


def test_a_need_that_holds_is_listed_however_many_came_after_it(sentral):
    hand({"uke": "2026-W49", "fra": "2026-11-20"})
    old = OperatorNeed.objects.get()
    for number in range(11):
        row = OperatorNeed.objects.get(pk=old.pk)
        row.pk, row.valid_from = None, date(2026, 12, 1) + timedelta(days=number)
        row.valid_to = row.valid_from + timedelta(days=1)
        row.handed_at = NOW + timedelta(minutes=number)
        row.save()
    listed = {one.id: one for one in page().context["handed"]}
    assert listed[old.pk].is_open
    assert listed[old.pk].state == "gjelder nå"


def test_the_page_asks_a_fixed_number_of_questions(sentral):
    hand({"uke": "2026-W49", "fra": "2026-11-20"})
    client = client_of()
    client.get(PAGE)
    few = queries_of(lambda: client.get(PAGE))
    hand({"uke": "2026-W49", "fra": "2026-11-21"})
    for day in range(7):
        make.duty(make.operator(), "operator", at=sentral,
                  starts_at=datetime(2026, 11, 23 + day, 8, tzinfo=UTC))  # fmt: skip
    assert queries_of(lambda: client.get(PAGE)) == few <= 20


def _csv(answer):
    assert answer["Content-Type"].startswith("text/csv")
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))
