"""The screens of the beds: what they show, refuse and keep, and how little they ask."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records import kept, settings
from varde.apps.records.models import (
    Attendance,
    AuditEntry,
    Bed,
    BedLook,
    BedPlacement,
    BedStay,
    Outcome,
)
from varde.apps.station.access import all_stations
from varde.apps.station.queries.beds import occupancy
from varde.apps.station.queries.beds.criteria import criteria
from varde.apps.station.views.beds.typed import by_the_wall


pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.fixture
def station():
    make.settings()
    make.sentral()
    kept.forget()
    return make.station()


@pytest.fixture
def nurse(client, station):
    person = make.nurse()
    client.force_login(person)
    return person


@pytest.fixture
def doctor(station):
    return make.user(
        "lege", roles=["doctor"], at=station, first_name="Lise", last_name="Bø"
    )


def lying(bed, doctor, *, since, until=None, to="", planned_at=None, **patient):
    """Somebody in a bed, written straight into the tables."""
    contact = make.contact(
        patient=make.patient(**patient), state="in_care", opened_at=since
    )
    scoped = {"district": contact.district}
    stay = BedStay.objects.create(
        contact=contact, sentral=contact.sentral, station=bed.station, kind=bed.kind,
        admitted_at=since, recorded_at=since, admitted_by=doctor, doctor=doctor,
        left_at=until, left_to=to, **scoped,
    )  # fmt: skip
    BedPlacement.objects.create(
        stay=stay, bed=bed, begins_at=since, ends_at=until, by=doctor,
        recorded_at=since, **scoped,
    )  # fmt: skip
    BedLook.objects.create(
        stay=stay, planned_at=planned_at or since + 12 * HOUR, recorded_by=doctor,
        recorded_at=since, **scoped,
    )  # fmt: skip
    return stay


def form_of(contact, doctor, **given):
    now = timezone.localtime()
    return {
        "kontakt": contact.pk,
        "doctor": doctor.pk,
        "next_at": f"{now + 3 * HOUR:%Y-%m-%dT%H:%M}",
        **{f"k-{c.id}": "yes" for c in criteria().lists["kad"]},
    } | given


def test_the_board_says_who_lies_where_since_when_and_what_is_late(
    client, station, nurse, doctor
):
    now = timezone.now()
    lying(
        make.bed(), doctor, since=now - timedelta(days=6), given_name="Odd",
        family_name="Lang", planned_at=now - 70 * timedelta(minutes=1),
    )  # fmt: skip
    lying(
        make.bed("KAD 2"), doctor, since=now - 5 * HOUR, given_name="Siv",
        family_name="Kort", planned_at=now + HOUR,
    )  # fmt: skip
    make.bed("KAD 3")
    text = client.get("/stasjon/senger/").content.decode()
    late, fine = text.split("Odd Lang")[1].split("Siv Kort")
    assert "24 t over grensa på 5 døgn" in late
    assert "Tilsyn skulle vært gjort" in late
    assert "1 t siden" in late
    assert "4 døgn 18 t igjen av 5 døgn" in fine
    assert "Neste tilsyn" in fine
    assert "1 av 3 ledige" in text
    assert text.count("data-look-again") == 1


def test_those_the_sentral_sends_stand_on_top_until_they_are_in_a_bed(
    client, station, nurse, doctor
):
    bed, contact = make.bed(), make.contact(patient=make.patient(family_name="Meldt"))
    Outcome.objects.create(
        contact=contact, district=contact.district, kind="kad", created_at=make.NOW,
        created_by=nurse, owner_role="doctor",
    )  # fmt: skip
    assert "Skal ha KAD-seng" in client.get("/stasjon/senger/").content.decode()
    choose = client.get(f"/stasjon/senger/kontakt/{contact.pk}/").content.decode()
    assert f"/stasjon/senger/{bed.pk}/?kontakt={contact.pk}" in choose
    answer = client.post(f"/stasjon/senger/{bed.pk}/", form_of(contact, doctor))
    stay = BedStay.objects.get()
    assert answer.url == f"/stasjon/senger/opphold/{stay.pk}/"
    assert "Skal ha KAD-seng" not in client.get("/stasjon/senger/").content.decode()
    assert AuditEntry.objects.filter(what="bed_for_contact", kind="read").exists()


def test_a_refused_form_says_why_and_keeps_what_was_typed(
    client, station, nurse, doctor
):
    bed, here = make.bed(), make.attendance()
    typed = form_of(here.contact, doctor, **{"k-clarified": "no"})
    url = f"/stasjon/senger/{bed.pk}/"
    text = client.post(url, typed).content.decode()
    assert 'role="alert"' in text
    assert "Skriv hvorfor pasienten likevel legges inn." in text
    assert 'name="k-clarified" value="no" required checked' in text
    assert typed["next_at"] in text
    assert f'<option value="{doctor.pk}" selected>' in text
    text = client.post(url, typed | {"next_at": "i morgen"}).content.decode()
    assert "Neste tilsyn av lege: datoen finnes ikke." in text
    assert not BedStay.objects.exists()
    assert Attendance.objects.get().ended_at is None


def test_a_bed_that_was_taken_meanwhile_shows_who_and_the_free_ones(
    client, station, nurse, doctor
):
    bed, free, here = make.bed(), make.bed("KAD 2"), make.attendance()
    lying(
        bed, doctor, since=timezone.now() - HOUR, given_name="Odd", family_name="Lang"
    )
    url = f"/stasjon/senger/{bed.pk}/"
    text = client.post(url, form_of(here.contact, doctor)).content.decode()
    alert = text.split('<div class="problem" role="alert">')[1].split("</div>")[0]
    assert "KAD 1 er opptatt siden" in alert
    assert "Lise Bø la inn pasienten" in alert
    assert "Odd Lang" in alert
    assert f"/stasjon/senger/{free.pk}/?kontakt={here.contact_id}" in alert


def test_the_page_of_a_stay_does_what_its_forms_say(client, station, nurse, doctor):
    now = timezone.now()
    stay = lying(make.bed(), doctor, since=now - 3 * HOUR)
    other = make.bed("KAD 2")
    base = f"/stasjon/senger/opphold/{stay.pk}/"
    late = f"{timezone.localtime(now + 9 * HOUR):%Y-%m-%dT%H:%M}"
    for act, typed in [
        ("tilsyn", {"note": "Våken", "seen_by": doctor.pk, "next_at": late}),
        ("plan", {"next_at": late}),
        ("lege", {"doctor": make.user("lege2", roles=["doctor"], at=station).pk}),
        ("flytt", {"bed": other.pk}),
        ("rett", {"admitted_at": "", "reason": "Prøve"}),
        ("ut", {"left_to": "nursing_home", "note": "Plass på Solina"}),
    ]:
        answer = client.post(base + act + "/", typed)
        assert (answer.status_code, answer.get("Location")) == (302, base), act
    text = client.get(base).content.decode()
    for words in ("Våken", "Sykehjem: Plass på Solina", "KAD 2: Test", "lege2"):
        assert words in text
    refused = client.post(base + "ut/", {"left_to": "home"}).content.decode()
    assert "Pasienten ble skrevet ut kl." in refused
    assert AuditEntry.objects.filter(what="bed_stay", kind="read").count() == 1


def test_after_days_in_bed_the_stay_is_still_at_hand_for_the_hours_of_a_shift(
    client, station, nurse, doctor
):
    """The telephone part was closed long ago; the patient left an hour ago."""
    now = timezone.now()
    hours = settings.value("opening.closed_hours", on=timezone.localdate())
    for left_ago, status in [(HOUR, 200), ((hours + 1) * HOUR, 302)]:
        bed = make.bed(f"KAD {status}")
        since = now - timedelta(days=9)
        stay = lying(bed, doctor, since=since, until=now - left_ago, to="home")
        stay.contact.state, stay.contact.closed_at = "closed", since
        stay.contact.save()
        assert client.get(f"/stasjon/senger/opphold/{stay.pk}/").status_code == status


@pytest.mark.parametrize(
    ("typed", "now", "expected"),
    [
        # 02:30 comes twice: 00:30 UTC by summer time, 01:30 UTC by winter time.
        ("2026-10-25T02:30", "2026-10-25T00:40Z", "2026-10-25T00:30Z"),
        ("2026-10-25T02:30", "2026-10-25T01:40Z", "2026-10-25T01:30Z"),
        ("2026-10-25T04:30", "2026-10-25T01:40Z", "2026-10-25T03:30Z"),
        ("2026-06-25T02:30", "2026-10-25T01:40Z", "2026-06-25T00:30Z"),
    ],
)
def test_the_hour_that_comes_twice_is_the_one_nearest_to_now(typed, now, expected):
    at = by_the_wall(datetime.fromisoformat(typed), now=datetime.fromisoformat(now))
    assert at.astimezone(UTC) == datetime.fromisoformat(expected)


def test_twenty_patients_ask_no_more_of_the_database_than_two(
    client, station, nurse, doctor
):
    now = timezone.now()

    def asked():
        client.get("/stasjon/senger/")  # so that what is kept is kept
        with CaptureQueriesContext(connection) as queries:
            client.get("/stasjon/senger/")
        return len(queries)

    for number in range(2):
        lying(make.bed(f"KAD {number}"), doctor, since=now - number * HOUR)
    few = asked()
    for number in range(2, 20):
        lying(make.bed(f"KAD {number}"), doctor, since=now - number * HOUR)
    assert asked() == few <= 17


def test_a_leader_adds_a_bed_and_takes_it_out(client, station):
    client.force_login(make.user("leder", roles=["shift_leader"]))
    url = "/stasjon/senger/oversikt/"
    assert client.post(url, {"code": "Obs 1", "kind": "observation"}).status_code == 302
    again = client.post(url, {"code": "obs 1", "kind": "kad"}).content.decode()
    assert "obs 1 finnes fra før" in again
    bed = Bed.objects.get()
    client.post(f"/stasjon/senger/{bed.pk}/ut-av-bruk/")
    assert "Ta i bruk igjen" in client.get(url).content.decode()


def test_the_days_count_beds_and_hours_as_they_were(station, doctor):
    place = all_stations()[0]
    first = datetime(2026, 3, 2, tzinfo=OSLO)
    bed = make.bed(first_on=first.date())
    make.bed("KAD 2", first_on=first.date() + timedelta(days=1))
    gone = make.bed("Kad 3", first_on=first.date(), last_on=first.date())
    make.bed("KAD 3", first_on=first.date())  # out and in again on one day is one bed
    lying(bed, doctor, since=first + 12 * HOUR, until=first + 36 * HOUR, to="home")
    lying(gone, doctor, since=first, until=first + 6 * HOUR, to="hospital")
    (kad,) = occupancy.occupancy(
        place,
        first_on=first.date(),
        until_on=first.date() + timedelta(days=2),
        now=first + 72 * HOUR,
    )
    assert [(d.beds, d.bed_hours, d.share) for d in kad.days] == [
        (2, 18.0, 18 / 48),
        (3, 12.0, 12 / 72),
    ]
    assert kad.share == 30 / 120


def test_the_years_figures_come_as_a_file_and_it_is_logged(client, station, doctor):
    client.force_login(make.user("overlege", roles=["legevaktoverlege"]))
    start = datetime(2026, 1, 10, tzinfo=OSLO)
    kad, obs = make.bed(), make.bed("Obs 1", kind="observation")
    for hours, to in [(48, "home"), (24, "home"), (144, "hospital")]:
        lying(kad, doctor, since=start, until=start + hours * HOUR, to=to)
        start += timedelta(days=10)
    lying(obs, doctor, since=start, until=start + HOUR, to="home")
    text = client.get("/stasjon/senger/ohd/2026.csv").content.decode("utf-8-sig")
    rows = [line.split(";")[2:5] for line in text.splitlines()]
    for row in [
        ["Innleggelser", "3", ""],
        ["Liggedøgn", "9,00", ""],
        ["Liggetid, gjennomsnitt", "72,00", ""],
        ["Liggetid, median", "48,00", ""],
        ["Lå lenger enn grensa", "1", "3"],
        ["Skrevet ut til: Hjem", "2", "3"],
        ["Skrevet ut til: Død", "0", "3"],
    ]:
        assert row in rows
    assert AuditEntry.objects.get(what="bed_year_file").data["year"] == 2026
    page = client.get("/stasjon/senger/belegg/?aar=2026").content.decode()
    assert "KAD/ØHD i 2026" in page
    assert "Observasjon:" in page
    assert (
        "slutter før"
        in client.get(
            "/stasjon/senger/belegg/?fra=2026-02-02&til=2026-01-01"
        ).content.decode()
    )
    assert client.get("/stasjon/senger/ohd/9999.csv").status_code == 404
