"""Threats and violence: three presses, a silent banner, and what is written afterwards."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.integration.test_calls_race import side_by_side
from tests.integration.test_undone import CannotWrite, everything, fail
from varde.apps.records import audit, kept, live
from varde.apps.records.models import (
    AuditEntry,
    SafetyAccount,
    SafetyIncident,
    SafetySeen,
)
from varde.apps.records.scope import scope_of, scoped
from varde.apps.station import work_access
from varde.apps.station.queries import alone
from varde.apps.station.queries import safety as queries
from varde.apps.station.services import safety
from varde.domain.errors import Rule, RuleBroken
from varde.web.live import PartScope, part


pytestmark = pytest.mark.django_db
NOW = make.NOW
LATER = NOW + timedelta(minutes=4)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def here():
    make.settings()
    make.sentral()
    return make.place_of(make.station())


@pytest.fixture
def nora(here):
    return make.nurse("nora", first_name="Nora", last_name="Ness")


@pytest.fixture
def olav(here):
    return make.nurse("olav", first_name="Olav", last_name="Berg")


@pytest.fixture
def alarm(here, nora):
    return raised(here, nora)


def raised(place, by, *, at=NOW, **what):
    values = {"kind": "threat", "where": "waiting_room"} | what
    return safety.raise_alarm(place=place, by=by, at=at, **values)


def page(client, person, path):
    client.force_login(person)
    return client.get(path).content.decode()


# ---- the alarm ---------------------------------------------------------------------


def test_an_alarm_is_on_the_screens_of_its_station_and_its_sentral_only(
    here, alarm, client, olav
):
    other = make.station("strand", of=make.district("ytre", "Ytre distrikt"))
    texts = {
        station: part("safety").draw(
            PartScope(
                sentral_id=here.sentraler[0],
                station_id=station,
                districts=frozenset([here.district_id]),
                roles=frozenset(["nurse"]),
                language="nb",
            )
        )
        for station in (here.id, None, other.pk)
    }
    for station in (here.id, None):
        assert "Trussel: Venterommet" in texts[station]
        assert "Nora Ness" in texts[station]
        assert "Ingen har sett den ennå" in texts[station]
    assert texts[other.pk].strip() == ""
    assert "Trussel: Venterommet" in page(client, olav, "/stasjon/")


def test_the_screens_are_told_by_ids_alone(here, nora, monkeypatch):
    told = []
    monkeypatch.setattr(safety, "announce", lambda *a, **k: told.append((a, k)))
    raised(here, nora)
    assert told == [((live.Topic.SAFETY,), {"sentral_id": here.sentraler[0]})]


def test_the_same_press_again_at_once_is_the_same_alarm_and_another_is_another(
    here, nora
):
    first = raised(here, nora)
    assert raised(here, nora, at=NOW + timedelta(seconds=59)) == first
    assert raised(here, nora, at=NOW + timedelta(seconds=61)) != first
    assert raised(here, nora, kind="violence") != first
    assert SafetyIncident.objects.count() == 3


def test_colleagues_who_have_seen_it_stand_with_their_names(here, alarm, olav):
    for _ in range(2):
        safety.see(incident_id=alarm.pk, place=here, by=olav, at=LATER)
    assert SafetySeen.objects.count() == 1
    (shown,) = queries.standing([here])
    assert [one.name for one in shown.seen] == ["Olav Berg"]
    assert AuditEntry.objects.filter(what="safety_seen").count() == 1


def test_an_ended_alarm_is_off_the_screens_and_cannot_be_ended_or_seen_again(
    here, alarm, nora, olav
):
    safety.end(incident_id=alarm.pk, place=here, how="safe", by=olav, at=LATER)
    assert queries.standing([here]) == ()
    for again in (
        lambda: safety.end(
            incident_id=alarm.pk, place=here, how="mistake", by=nora, at=LATER
        ),
        lambda: safety.see(incident_id=alarm.pk, place=here, by=nora, at=LATER),
    ):
        with pytest.raises(RuleBroken) as refused:
            again()
        assert refused.value.rule is Rule.SAFETY_ALARM_IS_ENDED
        assert refused.value.values["by"] == "Olav Berg"


@pytest.mark.django_db(transaction=True)
def test_ten_presses_side_by_side_make_one_alarm(here, nora):
    def press(_):
        with scoped(districts=[here.district_id], user_id=nora.pk):
            return raised(here, nora).pk

    assert len(set(side_by_side(press, list(range(10))))) == 1
    assert SafetyIncident.objects.count() == 1


# ---- afterwards --------------------------------------------------------------------


def test_who_was_called_and_what_happened_is_added_and_never_changed(
    here, alarm, nora, olav
):
    safety.called(
        incident_id=alarm.pk,
        place=here,
        who="police",
        occurred_at="2026-11-20T19:02",
        by=olav,
        at=LATER,
    )
    for text in ("Han slo i skranken", "Politiet kom"):
        safety.account(
            incident_id=alarm.pk, text=text, injured="nobody", by=nora, at=LATER
        )
    found = queries.incident(alarm)
    assert [str(call["who"]) for call in found["calls"]] == ["Politi"]
    assert found["calls"][0]["at"] == NOW + timedelta(minutes=2)
    assert [one["text"] for one in found["accounts"]] == [
        "Han slo i skranken",
        "Politiet kom",
    ]
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        scoped(districts=[here.district_id]),
    ):
        SafetyAccount.objects.update(text="Noe annet")


def test_what_is_registered_afterwards_tells_no_screen(here, nora, monkeypatch):
    told = []
    monkeypatch.setattr(safety, "announce", lambda *a, **k: told.append(a))
    made = safety.register(
        place=here,
        kind="threat",
        where="telephone",
        occurred_at="2026-11-19T03:10",
        text="Truet på telefonen",
        injured="nobody",
        by=nora,
        at=NOW,
    )
    assert told == []
    assert queries.standing([here]) == ()
    assert made.occurred_at == datetime(2026, 11, 19, 3, 10, tzinfo=OSLO)


@pytest.mark.parametrize(
    ("values", "field", "why"),
    [
        ({"kind": "x"}, "safety_kind", "not_a_choice"),
        ({"where": ""}, "where", "not_a_choice"),
        ({"occurred_at": "i går"}, "occurred_at", "not_a_date"),
        ({"occurred_at": "2026-11-21T03:10"}, "occurred_at", "in_the_future"),
        ({"text": "  "}, "happened", "empty"),
        ({"text": "x" * 4001}, "happened", "too_long"),
        ({"injured": "all"}, "injured", "not_a_choice"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_field(
    here, nora, values, field, why
):
    right = {
        "kind": "threat",
        "where": "counter",
        "occurred_at": "",
        "text": "x",
        "injured": "nobody",
    }
    with pytest.raises(RuleBroken) as refused:
        safety.register(place=here, by=nora, at=NOW, **right | values)
    assert refused.value.values == {"field": field, "why": why}
    assert not SafetyIncident.objects.exists()


def test_a_tied_contact_is_a_number_and_the_patients_log_knows_nothing(here, nora):
    contact = make.contact(patient=make.patient())
    alarm = raised(here, nora)
    AuditEntry.objects.all().delete()
    safety.tie(incident_id=alarm.pk, contact_id=contact.pk, by=nora, at=LATER)
    safety.account(
        incident_id=alarm.pk, text="Hemmelig", injured="unknown", by=nora, at=LATER
    )
    entries = list(AuditEntry.objects.all())
    assert {entry.table for entry in entries} == {
        "records_safetyincident",
        "records_safetyaccount",
    }
    assert {(entry.contact_id, entry.patient_id) for entry in entries} == {(None, None)}
    assert "Hemmelig" not in str([entry.data for entry in entries])


WRITES = {
    "raise_alarm": lambda place, row, by: raised(place, by, kind="violence"),
    "register": lambda place, row, by: safety.register(
        place=place,
        kind="threat",
        where="car",
        occurred_at="",
        text="x",
        injured="nobody",
        by=by,
        at=LATER,
    ),
    "see": lambda place, row, by: safety.see(
        incident_id=row.pk, place=place, by=by, at=LATER
    ),
    "end": lambda place, row, by: safety.end(
        incident_id=row.pk, place=place, how="safe", by=by, at=LATER
    ),
    "called": lambda place, row, by: safety.called(
        incident_id=row.pk, place=place, who="fire", occurred_at="", by=by, at=LATER
    ),
    "account": lambda place, row, by: safety.account(
        incident_id=row.pk, text="x", injured="nobody", by=by, at=LATER
    ),
    "tie": lambda place, row, by: safety.tie(
        incident_id=row.pk, contact_id=make.contact().pk, by=by, at=LATER
    ),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_write_is_undone_when_the_log_cannot_be_written(
    here, alarm, olav, write, monkeypatch
):
    tied = make.contact()
    before = everything()
    monkeypatch.setattr(make, "contact", lambda: tied)
    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(CannotWrite):
        write(here, alarm, olav)
    assert everything() == before
    monkeypatch.undo()
    write(here, alarm, olav)
    assert everything() != before


# ---- who may see -------------------------------------------------------------------


def may_open(person, row):
    scope = scope_of(person, on=timezone.localdate())
    try:
        return work_access.incident_for(scope, row.pk) == row
    except work_access.Http404:
        return False


def test_afterwards_those_who_took_part_and_the_leaders_open_it(
    here, alarm, nora, olav
):
    siv = make.nurse("siv")
    leader = make.user("leder", roles=["shift_leader"])
    far = make.nurse("fjern", at=make.station("strand", of=make.district("ytre", "Y")))
    safety.see(incident_id=alarm.pk, place=here, by=olav, at=LATER)
    everybody = (nora, olav, siv, leader)
    assert [may_open(one, alarm) for one in everybody] == [True] * 4
    safety.end(incident_id=alarm.pk, place=here, how="safe", by=olav, at=LATER)
    assert [may_open(one, alarm) for one in everybody] == [True, True, False, True]
    assert may_open(far, alarm) is False


def test_the_history_is_whole_for_leaders_and_ones_own_for_others(
    here, client, nora, olav
):
    own = raised(here, nora)
    safety.account(incident_id=own.pk, text="x", injured="somebody", by=nora, at=LATER)
    safety.account(incident_id=own.pk, text="y", injured="somebody", by=nora, at=LATER)
    safety.see(incident_id=own.pk, place=here, by=olav, at=LATER)
    safety.end(incident_id=own.pk, place=here, how="safe", by=olav, at=LATER)
    (listed,) = queries.incidents(here, only_of=olav, first=0, most=9)
    assert (listed.seen, listed.is_injury, listed.has_account) == (1, True, True)
    siv = make.nurse("siv")
    assert queries.incidents(here, only_of=siv, first=0, most=9) == []
    assert len(queries.incidents(here, only_of=None, first=0, most=9)) == 1
    leader = make.user("leder", roles=["shift_leader"])
    assert 'late">noen skadd' in page(client, leader, "/stasjon/sikkerhet/")
    assert 'late">noen skadd' not in page(client, siv, "/stasjon/sikkerhet/")


def test_to_open_an_incident_is_logged(alarm, client, nora):
    page(client, nora, f"/stasjon/sikkerhet/{alarm.pk}/")
    entry = AuditEntry.objects.get(what="safety_read")
    assert (entry.kind, entry.user_id, entry.row_id) == ("read", nora.pk, alarm.pk)


# ---- the pages ---------------------------------------------------------------------


def test_the_alarm_goes_from_the_page_by_post_and_says_so(here, nora, client):
    client.force_login(nora)
    asked = {"kind": "violence", "where": "counter", "station": here.id}
    answer = client.post("/stasjon/sikkerhet/alarm/", asked)
    made = SafetyIncident.objects.get()
    assert answer.headers["Location"] == f"/stasjon/sikkerhet/{made.pk}/"
    part_of_page = client.post(
        "/stasjon/sikkerhet/alarm/", asked, headers={"HX-Request": "true"}
    )
    assert "Kollegene er varslet" in part_of_page.content.decode()
    assert SafetyIncident.objects.count() == 1


def test_an_alarm_from_a_page_of_another_station_of_ones_own_is_from_that_one(
    here, client
):
    other = make.station("strand")
    kept.forget()
    both = make.user("begge", roles=["nurse"], at=make.district())
    client.force_login(both)
    client.get("/stasjon/?stasjon=varden")
    client.post(
        "/stasjon/sikkerhet/alarm/",
        {"kind": "threat", "where": "car", "station": other.pk},
    )
    assert SafetyIncident.objects.get().station == other
    strangers = {"kind": "threat", "where": "car", "station": "999"}
    assert client.post("/stasjon/sikkerhet/alarm/", strangers).status_code == 404


def test_a_refusal_stands_on_the_page_and_what_was_typed_is_kept(here, nora, client):
    client.force_login(nora)
    text = client.post(
        "/stasjon/sikkerhet/ny/",
        {"kind": "threat", "where": "car", "text": "Slo i bilen"},
    ).content.decode()
    assert 'role="alert"' in text
    assert "Skadd" in text
    assert "Slo i bilen" in text


def test_a_contact_that_is_not_there_cannot_be_tied(alarm, nora, client):
    client.force_login(nora)
    path = f"/stasjon/sikkerhet/{alarm.pk}/kontakt/"
    for typed in ("x", "999999999"):
        text = client.post(path, {"contact": typed}).content.decode()
        assert "finnes ikke hos oss" in text
    alarm.refresh_from_db()
    assert alarm.tied_contact_id is None
    contact = make.contact()
    assert client.post(path, {"contact": contact.pk}).status_code == 302
    alarm.refresh_from_db()
    assert alarm.tied_contact_id == contact.pk


def test_the_queries_of_the_page_do_not_grow_with_the_incidents(
    here, nora, client, monkeypatch
):
    monkeypatch.setattr(kept, "KEPT_S", 600)
    kept.forget()
    leader = make.user("leder", roles=["shift_leader"])
    client.force_login(leader)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get("/stasjon/sikkerhet/").status_code == 200
        return len(found)

    raised(here, nora)
    count()
    few = count()
    for number in range(12):
        row = raised(here, nora, at=NOW + timedelta(hours=number + 1))
        safety.called(
            incident_id=row.pk, place=here, who="amk", occurred_at="", by=nora, at=LATER
        )
    assert count() == few
    assert few <= 18


# ---- alone -------------------------------------------------------------------------


def test_who_is_alone_is_said_now_and_counted_by_the_roster(here, nora, olav, client):
    start = datetime(2026, 11, 20, 15, tzinfo=OSLO)
    station = make.station()
    make.duty(nora, "nurse", at=station, starts_at=start, hours=16)
    make.duty(olav, "forvakt", at=station, starts_at=start, hours=8)
    make.duty(make.nurse("bak"), "bakvakt", at=station, starts_at=start, hours=16)
    make.duty(make.nurse("annet"), "nurse", at=make.station("strand"), starts_at=start)
    evening = alone.now_at(here, now=start)
    assert [one.name for one in evening.people] == ["Nora Ness", "Olav Berg"]
    night = alone.now_at(here, now=start + timedelta(hours=8))
    assert night.is_alone
    assert night.until == start + timedelta(hours=16)
    found = alone.report(
        here, first=start.date(), last=start.date() + timedelta(days=1)
    )
    (first, second) = [hours for _day, hours in found.by_day]
    assert (first.alone, first.uncovered) == (1, 15)
    assert (second.alone, second.uncovered) == (7, 17)
    assert (found.total.alone, found.total.uncovered) == (8, 32)
    leader = make.user("leder", roles=["shift_leader"])
    client.force_login(leader)
    file = client.get(
        "/stasjon/sikkerhet/alene.csv?stasjon=varden&fra=2026-11-20&til=2026-11-21"
    )
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[1:] == ["2026-11-20T23:00+01:00;2026-11-21T07:00+01:00;Nora Ness;8,00"]
    assert AuditEntry.objects.filter(what="alone_exported").count() == 1


def test_which_posts_count_is_a_setting_of_the_station(here, nora):
    from varde.apps.records import settings as dated
    from varde.apps.records.models import DatedSetting

    make.duty(nora, "beredskapsvakt", at=make.station(), starts_at=NOW)
    assert alone.now_at(here, now=NOW).is_alone
    DatedSetting.objects.create(
        key="alone.posts",
        station=make.station(),
        value={"nurse": 1},
        source="Hjemmevakt",
        valid_from=make.LONG_AGO,
    )
    dated.forget()
    assert alone.now_at(here, now=NOW).people == ()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("fra=x", "Datoen er ikke en dato."),
        ("fra=2026-13-01", "Datoen er ikke en dato."),
        ("fra=2026-02-02&til=2026-02-01", "Perioden slutter før den begynner."),
        ("fra=2020-01-01&til=2026-01-01", "Perioden er på mer enn 366 dager."),
    ],
)
def test_a_period_that_is_none_gives_the_usual_one_and_says_so(
    here, nora, client, asked, said
):
    text = page(client, nora, f"/stasjon/sikkerhet/alene/?{asked}")
    assert f"{said} Her er de siste 28 dagene." in text
    assert text.count('<th scope="row">') == 28 + 24


def test_nobody_on_the_roster_is_said_as_a_fact(here, nora, client):
    text = page(client, nora, "/stasjon/sikkerhet/")
    assert "Ingen står på vaktplanen her nå" in text
