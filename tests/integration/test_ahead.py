"""The years ahead on screen: Vefsn's question in one sentence, unknown age, refusals."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from tests.integration.test_load import vefsn_rota, workplace_for
from varde.apps.records import audit
from varde.apps.records.models import Absence, AuditEntry, Position, User
from varde.apps.staffing.queries import ahead as queries
from varde.apps.staffing.services.born_year import set_born_years
from varde.domain.errors import RuleBroken


ADDRESS = "/vaktplan/framover/"
CERTAIN = {
    "aar": "10", "avtale": "55", "avtale_andel": "100", "forskrift": "60",
    "forskrift_andel": "100", "pensjon": "67", "slutter": "0", "rekruttering": "",
    "ny_alder": "33", "poster": "1", "hverdag_t": "16,5", "helg": "2", "helg_t": "24",
    "annet_t": "55,75", "lis1": "1", "lis1_andel": "0",
}  # fmt: skip


def asking(user):
    client = Client()
    client.force_login(user)
    return client


def position(person, place, category="fastlege"):
    return Position.objects.create(
        person=person, category=category, law="sfs2305", share=1, employer="x",
        station=place, valid_from=make.LONG_AGO,
    )  # fmt: skip


@pytest.fixture
def place(db):
    make.settings()
    make.sentral()
    return make.station()


@pytest.fixture
def overlege(place):
    return make.user("overlege", roles=["legevaktoverlege"], at=place)


@pytest.fixture
def vefsn(place, overlege):
    """13 fastleger, one of them out of the rota for good, and a LIS1: the ages of Vefsn."""
    now = timezone.localdate().year
    ages = [57, 54, 52, 50, 48, 46, 45, 37, 35, 33, 32, 30, 27]
    doctors = [
        make.user(f"lege{n:02}", first_name=f"Lege {n:02}", born_year=now - age)
        for n, age in enumerate(ages)
    ]
    for doctor in doctors:
        position(doctor, place)
    position(make.user("ny", first_name="Ny"), place, "lis1")
    Absence.objects.create(
        person=doctors[0],
        ground="exempt_age",
        starts_on=make.LONG_AGO,
        decided_by=overlege,
        decided_at=make.NOW,
    )
    return doctors


def test_the_question_of_vefsn_is_answered_in_one_sentence(vefsn, overlege):
    page = asking(overlege).get(ADDRESS, CERTAIN)
    answer = page.context["answer"]
    assert answer == (
        "Om 10 år kan 6 av 13 leger være fritatt på grunn av alder og 1 være pensjonert: "
        "får alle fritak og ingen nye kommer, blir det vakt hver 6. hverdag og hver 3. helg "
        "på de 6 som er igjen, mot hver 12. hverdag og hver 6. helg i dag."
    )
    assert answer in page.content.decode()
    five = asking(overlege).get(ADDRESS, CERTAIN | {"aar": "5"}).context["answer"]
    assert "kan 3 av 13" in five
    assert "hver 9. hverdag og hver 4,5. helg" in five
    row = page.context["tables"][0]["rows"][-1]
    assert row[1:7] == (
        6, "6–6", "hver 6.", "hver 3.", "21,8 (21,8–21,8)", "77,5",
    )  # fmt: skip


def test_a_lis1_relieves_as_much_as_is_assumed(vefsn, overlege):
    asked = CERTAIN | {"lis1": "2", "lis1_andel": "50"}
    answer = asking(overlege).get(ADDRESS, asked).context["answer"]
    assert "mot hver 13. hverdag og hver 6,5. helg i dag" in answer


def test_the_form_begins_with_the_rota_there_is_and_the_assumptions_of_the_place(
    vefsn, overlege, place
):
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday(), weeks=13)
    vefsn_rota(place, vefsn[1:], weeks=13, first=monday)
    make.decide("ahead.exit_share", 0.08)
    page = asking(overlege).get(ADDRESS)
    typed = {one.field.name: one.text for one in page.context["typed"]}
    assert (typed["poster"], typed["helg"]) == ("1", "2")
    # Within the quarter the clocks may have changed: an hour of 26 duties.
    assert abs(float(typed["helg_t"].replace(",", ".")) - 24) < 0.05
    assert typed["hverdag_t"] == "16,5"
    assert (typed["slutter"], typed["rekruttering"], typed["lis1"]) == ("8", "12", "1")
    assert typed["annet_t"] == ""
    assert page.context["tables"][0]["rows"][0][6] == "–"  # other work is unknown
    assert "8 % " not in page.content.decode()
    assert "forløp" in page.context["likely"]


def test_without_duties_the_form_asks_for_an_ordinary_week(vefsn, overlege):
    page = asking(overlege).get(ADDRESS)
    assert "Skriv hvordan ei vanlig uke er" in page.content.decode()
    assert "answer" not in page.context
    assert asking(overlege).get(ADDRESS, {"csv": "framover"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "slutter",
            "mange",
            "Slutter i året før pensjon, prosent: skriv et tall fra 0",
        ),
        ("slutter", "101", "fra 0 til 100"),
        ("aar", "2,5", "År framover: skriv et tall fra 1 til 20"),
        ("poster", "", "Vakter per hverdag: skriv et tall."),
        ("helg", "0", "Vakter per helg: skriv et tall fra 0,05"),
        ("pensjon", "33", "yngre enn alderen for pensjon"),
    ],
)
def test_what_is_no_number_is_told_and_stays_in_its_field(
    vefsn, overlege, name, text, words
):
    page = asking(overlege).get(ADDRESS, CERTAIN | {name: text})
    shown = page.content.decode()
    assert words in shown
    assert 'role="alert"' in shown
    kept = {one.field.name: one.text for one in page.context["typed"]}
    assert kept[name] == text
    assert "answer" not in page.context


def test_unknown_age_is_said(vefsn, overlege):
    User.objects.filter(pk__in=[one.pk for one in vefsn[1:3]]).update(born_year=None)
    shown = asking(overlege).get(ADDRESS, CERTAIN).content.decode()
    assert "2 av 13 leger har ukjent fødselsår" in shown
    User.objects.filter(pk=vefsn[1].pk).update(born_year=1980)
    User.objects.filter(pk=vefsn[2].pk).update(born_year=1980)
    shown = asking(overlege).get(ADDRESS, CERTAIN).content.decode()
    assert "ukjent fødselsår" not in shown


def test_without_positions_the_doctors_are_those_with_duties(place, overlege):
    doctor, new, old = (
        make.user(name, first_name=name.title()) for name in ("da", "ny", "gammel")
    )
    now = timezone.now()
    for person, days in ((doctor, 10), (new, 10), (old, 300)):
        make.duty(person, at=place, starts_at=now - timedelta(days=days))
    new.qualifications.create(kind="lis1", valid_from=make.LONG_AGO)
    found = queries.doctors_at(workplace_for(overlege), on=timezone.localdate())
    assert [one.name for one in found.doctors] == ["Da"]
    assert not found.is_by_position
    position(old, place)
    found = queries.doctors_at(workplace_for(overlege), on=timezone.localdate())
    assert [one.name for one in found.doctors] == ["Gammel"]


def test_who_is_away_for_a_time_is_back_after_it(vefsn, overlege):
    Absence.objects.create(
        person=vefsn[1], ground="exempt_breastfeeding", starts_on=date(2026, 6, 1),
        ends_on=date(2027, 2, 28), decided_by=overlege, decided_at=make.NOW,
    )  # fmt: skip
    Absence.objects.create(
        person=vefsn[2], ground="exempt_health", starts_on=date(2026, 6, 1),
        only_nights=True, decided_by=overlege, decided_at=make.NOW,
    )  # fmt: skip
    found = queries.doctors_at(workplace_for(overlege), on=date(2026, 12, 15))
    assert [one.back_in for one in found.doctors][:4] == [None, 3, 0, 0]


def test_with_nobody_there_is_nothing_to_look_at(overlege):
    shown = asking(overlege).get(ADDRESS, CERTAIN).content.decode()
    assert "ingenting å regne på" in shown


# ---- birth years


def born(client, **typed):
    return client.post(
        ADDRESS + "fodselsar/", {k.replace("_", "-"): v for k, v in typed.items()}
    )


def test_birth_years_are_written_by_planners_and_logged_without_the_year(
    vefsn, overlege
):
    client = asking(overlege)
    got = born(client, **{f"f_{vefsn[1].pk}": " 1971 ", f"f_{vefsn[2].pk}": ""})
    assert (got.status_code, got["Location"]) == (302, ADDRESS)
    vefsn[1].refresh_from_db()
    vefsn[2].refresh_from_db()
    assert (vefsn[1].born_year, vefsn[2].born_year) == (1971, None)
    lines = AuditEntry.objects.filter(what="born_year_set").order_by("row_id")
    assert [line.row_id for line in lines] == [vefsn[1].pk, vefsn[2].pk]
    assert not any("1971" in str(line.data) for line in lines)
    born(client, **{f"f_{vefsn[1].pk}": "1971"})  # nothing new
    assert AuditEntry.objects.filter(what="born_year_set").count() == 2


@pytest.mark.parametrize("text", ["71", "1871", "2020", "abcd", "١٩٧١"])
def test_a_year_that_is_none_is_refused_whole_and_kept_on_the_page(
    vefsn, overlege, text
):
    before = vefsn[2].born_year
    page = born(
        asking(overlege), **{f"f_{vefsn[2].pk}": "1980", f"f_{vefsn[3].pk}": text}
    )
    shown = page.content.decode()
    assert "Lege 03: skriv fødselsåret med fire siffer" in shown
    assert 'role="alert"' in shown
    assert f'value="{text}"' in shown
    vefsn[2].refresh_from_db()
    assert vefsn[2].born_year == before


def test_a_birth_year_of_somebody_elses_doctor_is_not_there(vefsn, overlege):
    other = make.user("annen")
    assert born(asking(overlege), **{f"f_{other.pk}": "1980"}).status_code == 404


def test_a_birth_year_without_its_line_in_the_log_is_undone(
    vefsn, overlege, monkeypatch
):
    def cannot(**_values):
        raise RuntimeError("no log")

    monkeypatch.setattr(audit, "log", cannot)
    before = vefsn[1].born_year
    with pytest.raises(RuntimeError, match="no log"):
        set_born_years(
            workplace=workplace_for(overlege),
            typed={vefsn[1].pk: "1980"},
            by=overlege,
            at=timezone.now(),
        )
    vefsn[1].refresh_from_db()
    assert vefsn[1].born_year == before
    with pytest.raises(RuleBroken):
        set_born_years(
            workplace=workplace_for(overlege),
            typed={vefsn[1].pk: "x"},
            by=overlege,
            at=timezone.now(),
        )


def test_birth_years_are_for_planners_and_not_for_the_kommuneoverlege(vefsn, overlege):
    leader = make.user("kommune", roles=["kommuneoverlege"], at=make.district())
    shown = asking(leader).get(ADDRESS, CERTAIN).content.decode()
    assert "Om 10 år kan 6 av 13" in shown
    assert "Fødselsår" not in shown
    assert str(vefsn[1].born_year) not in shown
    assert born(asking(leader), **{f"f_{vefsn[1].pk}": "1980"}).status_code == 404
    assert str(vefsn[1].born_year) in asking(overlege).get(ADDRESS).content.decode()


def test_the_page_asks_the_database_as_often_for_thirteen_as_for_one(vefsn, overlege):
    client = asking(overlege)
    client.get(ADDRESS, CERTAIN)
    with CaptureQueriesContext(connection) as many:
        client.get(ADDRESS, CERTAIN)
    Position.objects.exclude(person=vefsn[1]).delete()
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS, CERTAIN)
    assert len(many) == len(one) <= 22
