"""The demo district as it stands in the database: whole, consistent, and all or nothing."""

import json
from datetime import datetime, time, timedelta
from io import StringIO

import numpy as np
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from tests import make
from varde.apps.records.demo import building, copying, ground
from varde.apps.records.models import (
    AuditEntry,
    Call,
    CallBack,
    Contact,
    ContactEvent,
    DemandForecast,
    District,
    Duty,
    FastlegeSlot,
    IndexVersion,
    Outcome,
    Patient,
    Population,
    Role,
    RoleGrant,
    Rota,
    RotaChange,
    Sentral,
    ShiftPattern,
    Station,
    User,
    Wish,
)
from varde.apps.records.scope import scope_of, scoped
from varde.apps.sentral.queries.nursing_homes import rows_of
from varde.apps.staffing.access import workplaces
from varde.apps.staffing.queries.rota import lists
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.rota_access import workplace_of
from varde.apps.staffing.services.rota import publishing
from varde.config import demo_index, demo_rota, demo_shifts, passphrase
from varde.config.management.commands import demo as command
from varde.domain.national_id import parse


SMALL = {"years": 1, "seed": 3, "scale": 0.05}
NOW = timezone.now().replace(microsecond=0)


def small_demo(**options):
    return building.build(
        **SMALL | options,
        until=options.pop("until", NOW),
        password="!",
        use_index=demo_index.take_into_use,
    )


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One small demo for the tests that only look; undone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_demo()
        transaction.set_rollback(True)


@pytest.fixture
def looking(built, django_db_blocker):
    """The module's demo, with the database open to this test."""
    with django_db_blocker.unblock():
        yield built


def rows(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def test_what_was_built_is_counted_right(looking):
    assert looking.contacts == Contact.objects.count() > 500
    assert looking.calls == Call.objects.count() > looking.contacts
    assert looking.patients == Patient.objects.count() > 2000


def test_every_foreign_key_points_to_a_row(looking):
    """The load leaves the look-ups out, so they are made here, for every table."""
    broken = []
    for model in apps.get_models():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            if field.related_model is None:
                continue
            target = field.related_model._meta
            column, key = field.column, field.target_field.column
            (count,) = rows(
                f'SELECT count(*) FROM "{table}" a WHERE a."{column}" IS NOT NULL AND NOT'
                f' EXISTS (SELECT FROM "{target.db_table}" b WHERE b."{key}" = a."{column}")'
            )[0]
            if count:
                broken.append((table, column, count))
    assert broken == []


CONTRADICTIONS = {
    "a patient of another district": """
        FROM records_contact c JOIN records_patient p ON p.id = c.patient_id
        WHERE p.district_id <> c.district_id""",
    "a station of another district": """
        FROM records_contact c JOIN records_station s ON s.id = c.station_id
        WHERE s.district_id <> c.district_id""",
    "a district that the sentral does not serve": """
        FROM records_contact c WHERE c.district_id NOT IN (
          SELECT district_id FROM records_sentraldistrict d
          WHERE d.sentral_id = c.sentral_id)""",
    "a call of another sentral": """
        FROM records_call a JOIN records_contact c ON c.id = a.contact_id
        WHERE c.sentral_id <> a.sentral_id""",
    "a call that was answered before it rang": """
        FROM records_call WHERE answered_at < ringing_at OR ended_at < answered_at
        OR ended_at < ringing_at""",
    "a contact that is open, or closed before it was opened": """
        FROM records_contact WHERE closed_at < opened_at OR closed_at IS NULL
        OR state NOT IN ('closed', 'in_care')""",
    "a contact in care without a patient at a station, or the other way": """
        FROM records_contact c WHERE (state = 'in_care') <> EXISTS (
          SELECT FROM records_attendance a
          WHERE a.contact_id = c.id AND a.ended_at IS NULL)""",
    "a patient who came to a station and is not there": """
        FROM records_outcome o WHERE o.kind = 'attendance' AND o.arrived_at IS NOT NULL
        AND NOT EXISTS (SELECT FROM records_attendance a
          WHERE a.contact_id = o.contact_id AND a.arrived_at = o.arrived_at)""",
    "a patient whose times are in another order": """
        FROM records_attendance WHERE taken_at < arrived_at OR ended_at < taken_at
        OR last_seen_at < arrived_at OR (taken_at IS NULL) <> (doctor_id IS NULL)""",
    "a look by somebody who is no nurse of the station": """
        FROM records_look l JOIN records_attendance a ON a.id = l.attendance_id
        WHERE NOT EXISTS (SELECT FROM records_rolegrant g WHERE g.role = 'nurse'
          AND g.user_id = l.by_id AND g.station_id = a.station_id)""",
    "something that happened before its contact": """
        FROM records_contactevent e JOIN records_contact c ON c.id = e.contact_id
        WHERE e.occurred_at < c.opened_at""",
    "a missed call that is not on the list, or another that is": """
        FROM records_call c LEFT JOIN records_callback b ON b.call_id = c.id
        WHERE (c.state = 'abandoned') <> (b.id IS NOT NULL)""",
    "a call-back that is both open and settled": """
        FROM records_callback WHERE (state = 'open') <> (settled_at IS NULL)""",
    "a contact that lacks a step": """
        FROM records_contact c WHERE 6 > (
          SELECT count(*) FROM records_contactevent e WHERE e.contact_id = c.id)""",
    "a contact without outcome": """
        FROM records_contact c WHERE NOT EXISTS (
          SELECT FROM records_outcome o WHERE o.contact_id = c.id)""",
    "a hastegrad that nobody judged": """
        FROM records_contact c WHERE c.hastegrad_phone <> '' AND NOT EXISTS (
          SELECT FROM records_assessment a WHERE a.contact_id = c.id
          AND a.axis = 'phone' AND a.hastegrad = c.hastegrad_phone)""",
    "a record that says nothing": """
        FROM records_contact WHERE reason_code = '' OR narrative = ''
        OR complaint = '' OR index_version_id IS NULL OR closed_by_id IS NULL""",
    "a second contact that nobody else looked at": """
        FROM records_contact WHERE repeat_no > 1 AND second_look_at IS NULL""",
    "a task of the past that is open": """
        FROM records_outcome WHERE state = 'open' AND (kind <> 'attendance'
        OR promised_at < (SELECT max(ringing_at) FROM records_call)
          - interval '5 hours')""",
    "a task that was struck off without a word": """
        FROM records_outcome WHERE state = 'cancelled'
        AND (note = '' OR settled_at IS NULL OR settled_by_id IS NULL)""",
    "a 113 that nobody acknowledged": """
        FROM records_amkhandover WHERE acknowledged_at IS NULL""",
    "advice that was not all, or all that was not advice": """
        FROM records_contact c WHERE c.ended_in_advice <> (
          c.channel <> 'door' AND 'advice' = ALL (
            SELECT o.kind FROM records_outcome o WHERE o.contact_id = c.id))""",
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_the_history_does_not_hold(what, looking):
    assert rows(f"SELECT count(*) {CONTRADICTIONS[what]}") == [(0,)]


def test_everybody_made_up_has_a_synthetic_number(looking):
    numbers = Patient.objects.exclude(national_id="").values_list(
        "national_id", flat=True
    )
    for number in numbers[:3000]:
        assert parse(number, on=NOW.date()).digits == number
        assert 81 <= int(number[2:4]) <= 92, "a month that nobody is born in"
    assert Patient.objects.filter(national_id="").exists()  # visitors, and the unknown


def test_one_patient_has_one_row_in_a_district(looking):
    doubles = rows(
        "SELECT national_id FROM records_patient WHERE national_id <> ''"
        " GROUP BY district_id, national_id HAVING count(*) > 1"
    )
    assert doubles == []


def test_a_caller_is_found_by_the_number_that_the_exchange_gives(looking):
    call = Call.objects.exclude(caller_number="").exclude(contact=None).first()
    assert not call.caller_number.startswith("+47")
    assert Patient.objects.filter(phone=call.caller_number).exists()


def test_one_line_of_the_log_tells_of_it_all(looking):
    lines = AuditEntry.objects.filter(what=building.BUILT)
    assert lines.count() == 1
    assert lines.get().data["contacts"] == looking.contacts
    assert AuditEntry.objects.filter(kind="change").count() == 0
    assert building.known() == looking


def test_a_district_sees_its_own_history_alone(looking):
    inner = District.objects.get(code="FJELL")
    outer = District.objects.get(code="NORD")
    with scoped(districts=[inner.pk]):
        own = set(Contact.objects.values_list("district", flat=True))
    with scoped(districts=[outer.pk]):
        theirs = set(Contact.objects.values_list("district", flat=True))
    assert (own, theirs) == ({inner.pk}, {outer.pk})


def test_work_goes_on_after_what_was_loaded(looking):
    sentral = Sentral.objects.get(code="HEL")
    last = Contact.objects.latest("pk").pk
    contact = make.contact(at=sentral)
    assert contact.pk > last
    call = make.call(at=sentral, state="abandoned")
    CallBack.objects.create(
        district=call.district,
        sentral=sentral,
        kind="missed",
        call=call,
        created_at=NOW,
        due_at=NOW,
    )
    ContactEvent.objects.create(
        contact=contact,
        district=contact.district,
        kind="opened",
        occurred_at=NOW,
        recorded_at=NOW,
    )
    Outcome.objects.filter(contact=contact).delete()
    make.patient(of=contact.district)


def test_there_is_somebody_for_every_role(looking):
    for role in Role:
        grant = RoleGrant.objects.filter(role=role).first()
        assert grant is not None, role
        assert scope_of(grant.user, on=NOW.date()).districts
    titles = dict(command.one_of_each_role())
    assert len(titles) == len(Role)


def test_every_station_has_beds_of_both_kinds(looking):
    for station in Station.objects.all():
        kinds = set(station.beds.values_list("kind", flat=True))
        assert kinds == {"kad", "observation"}, station


def test_every_sentral_has_nursing_homes_whose_doctors_have_hours(looking):
    for sentral in Sentral.objects.all():
        homes = rows_of(sentral.pk, on=timezone.localdate())
        assert homes.exists(), sentral
        assert all(home.hours.exists() and home.numbers.exists() for home in homes)


def test_somebody_is_on_duty_now_and_for_months(looking):
    for ahead in (timedelta(), timedelta(days=30), timedelta(days=100)):
        at = NOW + ahead
        on_duty = Duty.objects.filter(starts_at__lte=at, ends_at__gt=at)
        posts = set(on_duty.values_list("post", flat=True))
        assert {"operator", "forvakt", "bakvakt"} <= posts, ahead


def test_to_start_again_adds_no_second_duty_or_hour(looking):
    before = Duty.objects.count(), FastlegeSlot.objects.count()
    demo = building.content()
    ground.put_on_duty(demo, seed=SMALL["seed"], on=NOW.date(), scale=SMALL["scale"])
    ground.open_surgeries(on=NOW.date())
    assert (Duty.objects.count(), FastlegeSlot.objects.count()) == before
    later = NOW.date() + timedelta(days=7)
    ground.put_on_duty(demo, seed=SMALL["seed"], on=later, scale=SMALL["scale"])
    ground.open_surgeries(on=later)
    assert Duty.objects.count() > before[0]
    assert FastlegeSlot.objects.count() > before[1]
    twice = rows(
        "SELECT person_id, starts_at FROM records_duty GROUP BY 1, 2 HAVING count(*) > 1"
    )
    assert twice == []


def test_the_index_is_in_use_and_says_that_it_is_not_clinically_approved(looking):
    in_use = IndexVersion.objects.filter(state="in_use")
    assert {version.district.code for version in in_use} == {"FJELL", "KYST", "NORD"}
    for version in in_use:
        approved = version.history.get(kind="approved")
        assert approved.comment == demo_index.COMMENT
        assert approved.by.grants.filter(role=Role.LEGEVAKTOVERLEGE).exists()
        assert "not_approved" in version.text


def test_the_population_is_the_municipalities_own(looking):
    vefsn = Population.objects.filter(municipality="1824").latest("year")
    assert vefsn.inhabitants > 12_000  # not scaled
    assert "SSB" in vefsn.source or "Kartverket" in vefsn.source or vefsn.source


@pytest.mark.django_db(transaction=True)
def test_a_build_that_is_broken_off_leaves_nothing():
    def stop(_text, share):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.build(
            **SMALL,
            until=NOW,
            password="!",
            use_index=demo_index.take_into_use,
            say=stop,
        )
    for model in (Sentral, User, Patient, Contact, Call, AuditEntry, IndexVersion):
        assert model.objects.count() == 0, model
    assert building.known() is None


@pytest.mark.django_db(transaction=True)
def test_the_same_seed_gives_the_same_district_and_another_does_not():
    def print_of(**options):
        with transaction.atomic():
            small_demo(**options)
            found = rows(
                "SELECT count(*), min(opened_at), max(opened_at),"
                " md5(string_agg(reason_code, '' ORDER BY opened_at, id))"
                " FROM records_contact"
            )
            transaction.set_rollback(True)
        return found

    assert print_of() == print_of()
    assert print_of() != print_of(seed=4)


@pytest.mark.django_db
def test_an_installation_that_is_not_a_demo_is_left_alone():
    make.sentral()
    with pytest.raises(building.OtherData, match="not a demo"):
        building.known()
    err = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("demo", "--no-serve", stderr=err)
    assert end.value.code == 2
    assert "Nothing was" in err.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "words", [["--speed", "0"], ["--seed", "-1"], ["--years", "0"], ["--years", "21"]]
)
def test_a_number_that_makes_no_sense_is_refused(words):
    err = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("demo", "--no-serve", *words, stderr=err)
    assert end.value.code == 2
    assert "Nothing was changed" in err.getvalue()
    assert not Sentral.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_command_builds_once_and_says_what_it_built(
    monkeypatch, settings, tmp_path
):
    settings.VARDE_HOME = tmp_path
    (tmp_path / "secrets.json").write_text("{}")
    whole = building.build
    monkeypatch.setattr(
        building, "build", lambda **options: whole(**options, scale=SMALL["scale"])
    )
    told = [StringIO(), StringIO()]
    for out in told:
        call_command(
            "demo", "--no-serve", "--json", "--years", "1", stdout=out, verbosity=0
        )
    first, second = (json.loads(out.getvalue()) for out in told)
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["sentral"] == "HEL"
    assert first["contacts"] == second["contacts"] == Contact.objects.count()
    words = passphrase.words(tmp_path)
    assert User.objects.get(username="karber").check_password(words)
    asked = DemandForecast.objects.values_list("sentral__code", "state")
    assert len(asked) == len(workplaces())
    assert ("HEL", "done") in asked

    err = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("demo", "--no-serve", "--years", "3", stderr=err)
    assert end.value.code == 2
    assert "--years 1" in err.getvalue()

    # Other secrets in the folder: the users get the password of these.
    (tmp_path / "secrets.json").write_text("{}")
    call_command("demo", "--no-serve", stdout=StringIO(), verbosity=0)
    assert User.objects.get(username="karber").check_password(
        passphrase.words(tmp_path)
    )


def test_the_password_is_four_words_of_its_own_for_each_folder(tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        (folder / "secrets.json").write_text('{"secret_key": "kept"}')
    first, other = (passphrase.words(folder) for folder in folders)
    assert first == passphrase.words(folders[0])
    assert first != other
    assert len(first.split("-")) == 4
    assert set(first.split("-")) <= set(passphrase.WORDS)
    kept = folders[0] / "secrets.json"
    assert json.loads(kept.read_text())["secret_key"] == "kept"
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_column_without_value_stops_the_load():
    with pytest.raises(ValueError, match=r"Contact\.district_id needs a value"):
        copying.copy(Contact, {"opened_at": "now"}, count=1)
    with pytest.raises(ValueError, match="has no column"):
        copying.copy(District, {"colour": "red"}, count=1)
    with pytest.raises(ValueError, match="1 values for 2 rows"):
        copying.copy(District, {"code": ["a"], "name": "b"}, count=2)


@pytest.mark.django_db
def test_texts_and_numbers_come_through_as_they_are():
    names = ["tab\there", "back\\slash", "line\nbreak", "\\N", "æøå", "«»"]
    copying.copy(
        District,
        {"code": [f"c{n}" for n in range(len(names))], "name": copying.texts(names)},
        count=len(names),
    )
    found = District.objects.filter(code__startswith="c").order_by("code")
    assert [district.name for district in found] == names
    assert copying.ints(np.array([1, -1, 0])) == ["1", "\\N", "0"]
    assert copying.bools(np.array([True, False])) == ["t", "f"]
    moments = np.array(["2026-03-29T01:59:59.5", "NaT"], dtype="datetime64[ms]")
    assert copying.times(moments) == ["2026-03-29T01:59:59.500+00", "\\N"]
    assert copying.looked_up(["a", "b"], np.array([1, -1, 0])) == ["b", "\\N", "a"]


def test_the_published_rotas_break_no_hard_rule_but_for_one_that_says_why(looking):
    """And next quarter can be made: operators and nurses have patterns and wishes."""
    _first, last = lists.quarter_of(NOW.year, (NOW.month - 1) // 3 + 1)
    days = timedelta(days=demo_shifts.LEAST_DAYS + 2)  # a short one is as good
    at = max(NOW, timezone.make_aware(datetime.combine(last - days, time(12))))
    with transaction.atomic():
        demo_rota.lay(at=at)
        rotas = list(Rota.objects.filter(state=Rota.State.PUBLISHED))
        left = [
            (rota, breach)
            for rota in rotas
            for breach in publishing.breaches_left(
                rota, ground_of(rota, workplace=workplace_of(rota))
            )
        ]
        assert len(rotas) >= Station.objects.count()
        assert len(left) <= 1
        for rota, breach in left:
            (line,) = RotaChange.objects.filter(rota=rota, place__in=breach.slots)
            assert line.reason.startswith("Eksempel i demoen")
        patterns = ShiftPattern.objects.filter(post="operator")
        assert {row.name for row in patterns} >= {"Mellomvakt", "Langvakt helg"}
        assert ShiftPattern.objects.filter(post="nurse").exists()
        for category in ("operator", "nurse"):
            assert Wish.objects.filter(person__positions__category=category).exists()
        if (last - timezone.localdate(at)).days > demo_shifts.LEAST_DAYS:
            (rota,) = [one for one in rotas if one.sentral_id]
            assert rota.duties.filter(post="operator", duty__isnull=False).exists()
            assert rota.duties.filter(person=None).count() <= 3  # a vacancy breaks none
        before = Duty.objects.count()
        demo_rota.lay(at=at)  # at the next start: what is there stays
        assert Duty.objects.count() == before
        transaction.set_rollback(True)
