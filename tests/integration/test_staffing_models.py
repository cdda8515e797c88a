"""Staffing models side by side: asked for, counted, stopped, shared and never changed."""

import csv
import json
from datetime import datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests import rota as build
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_rota import refused
from tests.integration.test_undone import CannotWrite, fail
from varde.apps.records import audit
from varde.apps.records.models import (
    Attendance,
    AuditEntry,
    Duty,
    PracticeTime,
    StaffingComparison,
)
from varde.apps.staffing import counting, jobs
from varde.apps.staffing.queries.comparison import (
    asking,
    grounds,
    shown,
    stored,
    tables,
    todays,
)
from varde.apps.staffing.services import comparing
from varde.domain.errors import Rule
from varde.domain.pay.tariff import ContactKind, DayKind


OSLO = ZoneInfo("Europe/Oslo")
NOW = make.NOW
LIST, NEW = "/vaktplan/modeller/", "/vaktplan/modeller/ny/"


@pytest.fixture
def house(db):
    """Six doctors who have had duty in turn for four weeks; a patient in each duty."""
    return with_history(build.house(with_rota=False))


def with_history(made, *, weeks=4):
    monday = _monday(timezone.localdate())
    station = make.station()
    rows = []
    for number in range(-7 * weeks, 1):
        day = monday + timedelta(days=number)
        free = day.weekday() >= 5
        begins = datetime.combine(day, time(8) if free else time(15, 30), tzinfo=OSLO)
        ends = datetime.combine(day + timedelta(days=1), time(8), tzinfo=OSLO)
        doctor = made.doctors[number % 6]
        rows.append(
            Duty(person=doctor, post="forvakt", station=station, starts_at=begins,
                 ends_at=ends)
        )  # fmt: skip
    Duty.objects.bulk_create(rows)
    for row in rows[:-1]:
        at = row.starts_at + timedelta(hours=6)
        here = make.attendance(at=station, arrived_at=at)
        Attendance.objects.filter(pk=here.pk).update(
            doctor=row.person,
            taken_at=at,
            ended_at=at + timedelta(minutes=24),
            end="treated",
        )
    return made


def _monday(day):
    return day - timedelta(days=day.weekday())


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def typed(client, **changes):
    """The form as it stands, with changes; "" takes a field away."""
    form = client.get(NEW).context["typed"] | {"navn": "Til kommunestyret"} | changes
    return {name: value for name, value in form.items() if value != ""}


def asked(house, **changes):
    client = client_of(house.planner)
    answer = client.post(NEW, typed(client, **changes))
    assert answer.status_code == 302, answer.context["problems"]
    return StaffingComparison.objects.latest("pk")


def counted(house, **changes):
    row = asked(house, **changes)
    jobs.compare_models(row.pk)
    row.refresh_from_db()
    assert row.state == "done", row.state
    return row


PRICES = {"p-position": "1200000", "p-day_income": "700000", "honorar_sykebesok": "500"}
QUICK = {"m-rotation": "", "m-lyngen": "ja", "m-laerdal": "ja"}  # both are fixed turns


KEPT = []  # what the comparison of `done` came to: the same each time, so once is enough


@pytest.fixture
def done(house):
    if not KEPT:
        row = counted(house, **QUICK, **PRICES, **{"p-travel": "8000"})
        KEPT.extend(row.found)
        return row
    row = asked(house, **QUICK, **PRICES, **{"p-travel": "8000"})
    comparing.begin(row.pk, workplace=house.workplace, at=NOW)
    for found in KEPT:
        comparing.keep(row.pk, found, at=NOW)
    comparing.end(row.pk, workplace=house.workplace, state="done", at=NOW)
    row.refresh_from_db()
    return row


# ---------------------------------------------------------------- from form to answer


def test_a_leader_asks_and_sees_the_models_beside_the_rota_of_today(house, done):
    client = client_of(house.planner)
    page = client.get(f"{LIST}{done.pk}/")
    assert [one.title for one in page.context["shown"]] == [
        "Dagens vaktplan",
        "To uker på, fire uker av (Lyngen)",
        "Fast vikar ti dager i måneden (Lærdal, Luster)",
    ]
    figures = {row[0]: row[1:] for row in page.context["tables"][0]["rows"]}
    assert figures["Ledige vakter"] == ("0", "0", "0")
    assert figures["Må rekrutteres"] == ("–", "vaktleger: 3", "LIS1: 1, vikarer: 1")
    assert figures["Folk i vakt"][0] == "leger: 6"
    now, lyngen, laerdal = (one.cost.total for one in page.context["shown"])
    assert None not in (now, lyngen, laerdal)
    more = figures["Mer (+) eller mindre (−) enn i dag"]
    assert more[0] == "–"
    assert more[1] == tables.signed(lyngen - now)
    # Three positions with tax, less three times the daytime work and every fee.
    lines = {one["item"]: one for one in page.context["shown"][1].row["lines"]}
    assert lines["positions"]["amount"] == ["3600000.00", 0]
    assert lines["social"]["amount"] == ["507600.00", 0]
    assert lines["day_income"]["amount"] == ["-2100000.00", 0]
    assert float(lines["fees"]["amount"][0]) < 0
    text = page.content.decode()
    assert "Ikke godkjent tjeneste for spesialiteten" in text
    assert "56 timer i uka i snitt over året" in text
    assert "Noen av satsene og prisene er ikke kontrollert" in text
    assert 'data-kind="V"' in text
    assert page.context["pictures"][1][1].rows[0].cells[0][1] == "forvakt"


def test_every_table_and_rota_is_a_file_and_the_paper_is_a_pdf(house, done):
    client = client_of(house.planner)
    for name in ("tall", "kostnad", "belastning", "antakelser", "kilder", "regler"):
        answer = client.get(f"{LIST}{done.pk}/?csv={name}")
        assert answer["Content-Type"].startswith("text/csv"), name
    lines = _csv(client.get(f"{LIST}{done.pk}/?csv=kostnadslinjer"))
    assert [
        "Fast vikar ti dager i måneden (Lærdal, Luster)", "Reise og bolig for vikar",
        "vikarer", "12.0", "opphold", "8000.0", "96000.00", "96000.00",
    ] in lines  # fmt: skip
    plan = _csv(client.get(f"{LIST}{done.pk}/?csv=vaktplan-lyngen"))
    assert plan[0] == ["Dag", "Fra", "Til", "Vakt", "Hvem"]
    assert (len(plan), plan[1][3:]) == (1 + 364, ["forvakt", "vaktleger 1"])
    assert client.get(f"{LIST}{done.pk}/?csv=vaktplan-roros").status_code == 404
    paper = client.get(f"{LIST}{done.pk}.pdf")
    assert paper.content.startswith(b"%PDF")


def _csv(answer):
    return list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_what_nobody_has_told_is_said_and_never_counted_as_nothing(house):
    row = counted(house, **QUICK, praksis_t="", **{"p-substitute_day": ""})
    page = client_of(house.planner).get(f"{LIST}{row.pk}/")
    _now, lyngen, laerdal = page.context["shown"]
    assert lyngen.cost.total is None
    assert laerdal.cost.total is None
    text = page.content.decode()
    assert "Lønna for en hel stilling er ikke skrevet inn." in text
    assert "Prisen for fast vikar er ikke skrevet inn." in text
    figures = {line[0]: line for line in page.context["tables"][0]["rows"]}
    assert figures["Netto kostnad for kommunen, kroner i året"][2].startswith("ukjent")
    assert figures["Mer (+) eller mindre (−) enn i dag"][2] == "–"
    assert "minst" in page.context["tables"][2]["rows"][0][2]  # hours without practice
    assert client_of(house.planner).get(f"{LIST}{row.pk}.pdf").status_code == 200


def test_a_place_without_contacts_or_rota_says_so(db):
    made = build.house(with_rota=False)
    row = counted(made, **QUICK)
    assert row.assumed["today"] is None
    assert row.assumed["measured"] is None
    page = client_of(made.planner).get(f"{LIST}{row.pk}/")
    assert [one.code for one in page.context["shown"]] == ["lyngen", "laerdal"]
    text = page.content.decode()
    assert "det er under fire uker med vakter" in text
    assert "Honorarene er ukjente" in text
    assert (
        "Ingen kontakter er målt her"
        in client_of(made.planner).get(NEW).content.decode()
    )


REFUSED = [
    ({"navn": ""}, "Gi sammenligningen et navn."),
    ({"navn": "x" * 81}, "Navnet er for langt. Høyst 80 tegn."),
    ({"fra": "i morgen"}, "Første uke: skriv en dato"),
    ({"fra": "2027-02-30"}, "Første uke: skriv en dato"),
    ({"fra": "2099-01-04"}, "Første uke: skriv en dato"),
    ({"m-rotation": ""}, "Velg fra 2 til 4 modeller. Du har valgt 1."),
    (
        {"m-laerdal": "ja", "m-roros": "ja", "m-gjovik": "ja"},
        "Velg fra 2 til 4 modeller. Du har valgt 5.",
    ),
    ({"lonnsform": "akkord"}, "Velg en lønnsform."),
    (
        {"aktivitet": ""},
        "Kontakter, prosent av det målte: skriv et tall fra 0 til 500.",
    ),
    ({"p-position": "mye"}, "kroner i året: skriv et tall fra 0 til 20000000."),
    ({"p-social": "101"}, "prosent av lønn: skriv et tall fra 0 til 100."),
    ({"n-lyngen-vaktlege": "0"}, "vaktleger: skriv et tall fra 1 til 60."),
    ({"n-lyngen-vaktlege": "2,5"}, "vaktleger: skriv et tall fra 1 til 60."),
    (
        {"m-satellites": "ja", "n-satellites-sites": "13"},
        "satellitter: skriv et tall fra 1 til 12.",
    ),
]


def test_what_cannot_be_counted_is_refused_and_what_was_typed_is_kept(house):
    client = client_of(house.planner)
    usual = typed(client, **{"p-travel": "4321"})
    for changes, sentence in REFUSED:
        sent = {name: text for name, text in (usual | changes).items() if text != ""}
        page = client.post(NEW, sent)
        assert page.status_code == 200, sentence
        assert any(sentence in one for one in page.context["problems"]), sentence
        text = page.content.decode()
        assert 'role="alert"' in text, sentence
        assert 'value="4321"' in text, sentence
    assert not StaffingComparison.objects.exists()


def test_a_new_one_begins_from_the_same_assumptions(house, done):
    client = client_of(house.planner)
    again = client.get(f"{NEW}?fra={done.pk}").context["typed"]
    assert again == done.typed
    assert again["p-travel"] == "8000"
    assert client.get(f"{NEW}?fra=999").status_code == 404
    assert client.get(f"{NEW}?fra=x").status_code == 404


def test_the_form_begins_with_what_the_place_has(house):
    PracticeTime.objects.bulk_create(
        PracticeTime(person=doctor, work="practice", weekday=day, starts=time(8),
                     ends=time(15), valid_from=make.LONG_AGO)
        for doctor in house.doctors[:2]
        for day in range(5)
    )  # fmt: skip
    form = client_of(house.planner).get(NEW).context["typed"]
    assert form["n-rotation-fastlege"] == "6"
    assert form["n-rotation-lis1"] == "0"
    assert form["n-lyngen-vaktlege"] == "3"
    assert (form["praksis_t"], form["min_konsultasjon"]) == ("35", "24")
    assert (form["p-substitute_day"], form["p-position"]) == ("11450", "")
    assert form["p-social"] == "14,1"


def test_a_sentral_has_no_doctors_models(house):
    boss = make.user("sjef", roles=["legevaktoverlege"], at=make.sentral())
    client = client_of(boss)
    text = client.get(f"{LIST}?sted=sentral-HEL").content.decode()
    assert "sentralen har ingen" in text
    assert client.get(NEW).status_code == 404


# ---------------------------------------------------------------- from what is stored


def test_contacts_are_measured_by_hour_and_kind_of_day(house):
    here = grounds.measured(house.workplace, on=timezone.localdate())
    rates = here.busy.per_hour[ContactKind.CONSULTATION]
    assert here.period.days == 28
    # Every weekday at 21:30 and every Saturday and Sunday at 14, one patient.
    assert rates[DayKind.MON_FRI][21] == pytest.approx(1, abs=0.2)
    assert rates[DayKind.SAT_SUN][14] == 1
    assert sum(rates[DayKind.SAT_SUN]) == 1
    assert here.busy.minutes == {ContactKind.CONSULTATION: 24}
    assert here.a_year == {ContactKind.CONSULTATION: 364}


def test_the_rota_of_today_is_whole_weeks_without_names(house, done):
    now = done.assumed["today"]
    assert now["weeks"] == 4
    assert len(now["duties"]) == 28
    text = json.dumps([done.assumed, done.found, done.typed], ensure_ascii=False)
    for doctor in house.doctors:
        assert doctor.first_name not in text
        assert doctor.username not in text.split('"')
    limits = stored.to_assumed(done.assumed).limits
    rota = todays.today(house.workplace, on=timezone.localdate(), limits=limits)
    assert stored.to_today(now, limits).held == rota.held
    assert set(rota.held.values()) == {f"lege-0{n}" for n in range(1, 7)}


def test_substitutes_and_lis1_of_today_are_groups_of_their_own(house):
    first, second = house.doctors[:2]
    first.positions.update(category="vikar")
    second.positions.update(category="lis1")
    row = counted(house, **QUICK)
    groups = {code: len(people) for code, people in row.found[0]["groups"]}
    assert groups == {"lege": 4, "lis1": 1, "vikar": 1}
    (line,) = (one for one in row.found[0]["lines"] if one["item"] == "substitute")
    assert (line["quantity"], line["rate"]) == (4 * 52 / 4, "11450.0")


def test_the_same_assumptions_give_the_same_answer_again(house, done):
    """Rates, duties and contacts change: what was stored is counted as it was."""
    before = json.loads(json.dumps(done.found))
    assert (
        stored.as_row(stored.to_assumed(done.assumed)).items() <= done.assumed.items()
    )
    Duty.objects.all().delete()
    make.decide("pay.bakvakt", {"mon_fri": 1, "sat_sun": 1, "holiday": 1})
    again = StaffingComparison.objects.create(
        station=done.station, name="igjen", typed={}, assumed=done.assumed,
        weeks_all=104, asked_by=house.planner, asked_at=NOW, state="running",
    )  # fmt: skip
    assert counting.count(again, workplace=house.workplace) == "done"
    again.refresh_from_db()
    assert again.found == before


def test_those_who_are_there_are_used_before_others_are_sought():
    models = grounds.models()
    four = stored.Chosen(code="stor-elvdal", counts={"lege": 6, "lis1": 1})
    need = asking.recruit(models["stor-elvdal"], four, {"doctors": 4, "lis1": 0})
    assert need == [["lege", 2], ["lis1", 1]]
    assert asking.recruit(
        models["laerdal"],
        stored.Chosen(code="laerdal", counts={"fast": 2}),
        {"doctors": 9, "lis1": 3},
    ) == [["fast", 0], ["lis1", 0], ["vikar", 1]]


# ---------------------------------------------------------------- run, stop, share


def where(house, at=NOW):
    return {"workplace": house.workplace, "by": house.planner, "at": at}


def test_one_is_counted_at_a_time_and_a_stop_is_heard(house, monkeypatch):
    row = asked(house, **QUICK)
    client = client_of(house.planner)
    page = client.post(NEW, typed(client))
    assert "En sammenligning regnes nå for stedet" in page.content.decode()
    heard = []

    def beat(comparison_id, *, weeks_done, **more):
        heard.append(weeks_done)
        if weeks_done == 53:
            comparing.ask_to_stop(comparison_id=comparison_id, **where(house))
        return real(comparison_id, weeks_done=weeks_done, **more)

    real = comparing.beat
    monkeypatch.setattr(comparing, "beat", beat)
    monkeypatch.setattr(counting, "BEAT_S", 0)
    jobs.compare_models(row.pk)
    row.refresh_from_db()
    assert (row.state, [one["code"] for one in row.found]) == (
        "stopped",
        ["today", "lyngen"],
    )
    assert heard == [0, *range(52), 52, 52, 53]
    text = client.get(f"{LIST}{row.pk}/").content.decode()
    assert "Regningen ble ikke ferdig" in text
    assert refused(comparing.share, comparison_id=row.pk, **where(house)).rule is (
        Rule.COMPARISON_NOT_DONE
    )


def test_progress_is_shown_while_it_is_counted(house):
    row = asked(house, **QUICK)
    comparing.begin(row.pk, workplace=house.workplace, at=NOW)
    assert comparing.beat(row.pk, workplace=house.workplace, weeks_done=26, at=NOW)
    one = shown.listed(StaffingComparison.objects.get(pk=row.pk), now=NOW)
    assert (one.per_cent, one.is_under_way) == (25, True)
    text = client_of(house.planner).get(LIST).content.decode()
    assert "26 av 104 uker" in text


def test_a_killed_one_keeps_what_it_had_and_gives_way(house):
    row = asked(house, **QUICK)
    comparing.begin(row.pk, workplace=house.workplace, at=NOW)
    comparing.keep(row.pk, {"code": "lyngen"}, at=NOW)
    jobs.compare_models(row.pk)  # another worker lets it be
    row.refresh_from_db()
    assert (row.state, row.found) == ("running", [{"code": "lyngen"}])
    late = NOW + timedelta(minutes=5)
    assert comparing.is_dead(row, at=late)
    assert comparing.beat(row.pk, workplace=house.workplace, weeks_done=1, at=NOW)
    StaffingComparison.objects.update(beat_at=NOW)
    next_one = comparing.ask_comparison(
        name="neste", typed={}, assumed=row.assumed, weeks_all=104, **where(house, late)
    )
    row.refresh_from_db()
    assert (row.state, next_one.state) == ("stopped", "waiting")
    assert not comparing.beat(row.pk, workplace=house.workplace, weeks_done=2, at=late)
    comparing.ask_to_stop(comparison_id=next_one.pk, **where(house))
    assert comparing.begin(next_one.pk, workplace=house.workplace, at=NOW) is None


def test_a_fault_is_written_as_one(house, monkeypatch):
    row = asked(house, **QUICK)

    def breaks(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(counting, "outcome", breaks)
    jobs.compare_models(row.pk)
    row.refresh_from_db()
    assert row.state == "failed"
    text = client_of(house.planner).get(f"{LIST}{row.pk}/").content.decode()
    assert "Regningen feilet" in text
    assert client_of(house.planner).get(f"{LIST}{row.pk}.pdf").status_code == 404


def test_what_is_shared_is_never_changed(house, done):
    client = client_of(house.planner)
    page = client.post(f"{LIST}{done.pk}/del/", follow=True)
    assert "kan ikke endres" in page.content.decode()
    done.refresh_from_db()
    assert done.shared_by == house.planner
    again = client.post(f"{LIST}{done.pk}/del/")
    assert "Sammenligningen er delt og kan ikke endres" in again.content.decode()
    gone = client.post(f"{LIST}{done.pk}/slett/")
    assert 'role="alert"' in gone.content.decode()
    for change in (
        lambda: StaffingComparison.objects.filter(pk=done.pk).update(name="annet"),
        lambda: StaffingComparison.objects.filter(pk=done.pk).delete(),
        lambda: StaffingComparison.objects.filter(pk=done.pk).update(
            shared_at=None, shared_by=None
        ),
    ):
        with (
            pytest.raises(ProgrammingError, match="never changed"),
            transaction.atomic(),
        ):
            change()


def test_only_a_whole_one_can_be_shared_also_past_the_service(house):
    row = asked(house, **QUICK)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffingComparison.objects.filter(pk=row.pk).update(
            shared_at=NOW, shared_by=house.planner
        )


def test_one_that_nobody_was_shown_is_taken_away(house, done):
    client = client_of(house.planner)
    assert client.post(f"{LIST}{done.pk}/slett/").status_code == 302
    assert not StaffingComparison.objects.exists()
    row = asked(house, **QUICK)
    assert refused(comparing.drop, comparison_id=row.pk, **where(house)).rule is (
        Rule.COMPARISON_UNDER_WAY
    )


def test_the_log_has_who_and_which_and_not_the_name(house, done):
    client_of(house.planner).post(f"{LIST}{done.pk}/del/")
    client_of(house.planner).post(f"{LIST}{done.pk}/stopp/")  # over: nothing happens
    told = AuditEntry.objects.filter(table="records_staffingcomparison")
    assert list(told.order_by("pk").values_list("what", "row_id", "user")) == [
        ("staffing_comparison_asked", done.pk, house.planner.pk),
        ("staffing_comparison_ended", done.pk, None),
        ("staffing_comparison_shared", done.pk, house.planner.pk),
    ]
    assert "kommunestyret" not in json.dumps(list(told.values()), default=str)


@pytest.mark.parametrize("act", ["ask", "stop", "share", "drop", "end"])
def test_nothing_is_written_when_the_log_is_not(house, monkeypatch, act):
    row = asked(house, **QUICK)
    if act in ("share", "drop"):
        StaffingComparison.objects.update(state="done")
    acts = {
        "ask": lambda: comparing.ask_comparison(
            name="x", typed={}, assumed=row.assumed, weeks_all=1, **where(house)
        ),
        "stop": lambda: comparing.ask_to_stop(comparison_id=row.pk, **where(house)),
        "share": lambda: comparing.share(comparison_id=row.pk, **where(house)),
        "drop": lambda: comparing.drop(comparison_id=row.pk, **where(house)),
        "end": lambda: comparing.end(
            row.pk, workplace=house.workplace, state="failed", at=NOW
        ),
    }
    if act == "ask":
        StaffingComparison.objects.all().delete()
    before = list(StaffingComparison.objects.values())
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        acts[act]()
    assert list(StaffingComparison.objects.values()) == before


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_is_counted(monkeypatch):
    made = build.house(with_rota=False)
    row = asked(made, **QUICK)
    assumed = row.assumed
    row.delete()

    def ask(name):
        try:
            return comparing.ask_comparison(
                name=name, typed={}, assumed=assumed, weeks_all=1, **where(made)
            ).pk
        except Exception as error:
            return getattr(error, "rule", error)

    results = side_by_side(ask, ["a", "b", "c", "d"])
    assert results.count(Rule.COMPARISON_UNDER_WAY) == 3
    assert StaffingComparison.objects.count() == 1


def test_a_comparison_is_one_query_and_so_is_the_list_of_them(house, done):
    client = client_of(house.planner)
    for name in ("b", "c"):
        StaffingComparison.objects.create(
            station=done.station, name=name, typed={}, assumed=done.assumed, state="done",
            found=done.found * 3, weeks_all=1, asked_by=house.leader, asked_at=NOW,
        )  # fmt: skip
    newest = StaffingComparison.objects.latest("pk")
    for address in (LIST, f"{LIST}{newest.pk}/"):
        with CaptureQueriesContext(connection) as asked_for:
            assert client.get(address).status_code == 200
        about = [q for q in asked_for if "records_staffingcomparison" in q["sql"]]
        assert len(about) == 1, address
        assert len(asked_for) <= 18
