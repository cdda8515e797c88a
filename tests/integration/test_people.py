"""People, positions, documents and courses: written, refused, undone, and seen."""

import json
import threading
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from tests import make
from tests.query_count import queries_of
from varde.apps.records import audit
from varde.apps.records.models import (
    Absence,
    AuditEntry,
    BakvaktDecision,
    Certificate,
    CompetenceDocument,
    Course,
    CourseSeat,
    Dispensation,
    Experience,
    Position,
    PracticeTime,
    User,
)
from varde.apps.records.scope import scope_of
from varde.apps.sentral.messages import ABSENCE
from varde.apps.staffing.access import (
    Workplace,
    workplace_named,
    workplaces,
    workplaces_of,
)
from varde.apps.staffing.queries.competence import standings
from varde.apps.staffing.queries.people import people_list
from varde.apps.staffing.services import courses, documents, people
from varde.apps.staffing.services.documents import File
from varde.apps.staffing.services.people_import import import_people
from varde.domain.errors import Rule, RuleBroken
from varde.engines.sheet_rows import RowsRefused


NOW = make.NOW
TODAY = date(2026, 11, 20)
PDF = b"%PDF-1.7 kursbevis"


class CannotWrite(Exception):
    """The line of the log could not be written."""


class Place:
    """A station with its legevaktoverlege and a doctor who works there."""

    def __init__(self):
        make.settings()
        self.sentral = make.sentral()
        self.station = make.station()
        self.boss = make.user(
            "overlege",
            roles=["legevaktoverlege"],
            at=make.district(),
            first_name="Ole",
            last_name="Overlege",
        )
        self.doctor = make.user(
            "lege",
            roles=["doctor"],
            at=self.station,
            first_name="Lise",
            last_name="Lege",
        )
        self.workplace = next(
            p for p in workplaces_of(scope_of(self.boss, on=TODAY)) if p.station_id
        )

    @property
    def here(self):
        return self.common | {"at_place": self.workplace}

    @property
    def common(self):
        return {"by": self.boss, "at": NOW}

    def position(self, **fields):
        return people.give_position(
            **{
                "person": self.doctor,
                "at_place": self.workplace,
                "category": "fastlege",
                "law": "sfs2305",
                "percent": "60",
                "employer": "Vefsn kommune",
                "municipality": "1824",
                "first_on": "2026-01-01",
                "last_on": "",
            }
            | self.common
            | fields
        )

    def absence(self, **fields):
        return people.give_absence(
            **{
                "person": self.doctor,
                "ground": "holiday",
                "first_on": "2026-12-01",
                "last_on": "2026-12-10",
                "only_nights": False,
            }
            | self.here
            | fields
        )

    def practice(self, **fields):
        return people.give_practice_time(
            **{
                "person": self.doctor,
                "work": "practice",
                "weekday": "0",
                "starts": "08:00",
                "ends": "15:00",
                "first_on": "2026-01-01",
                "last_on": "",
            }
            | self.here
            | fields
        )

    def document(self, **fields):
        return documents.add_document(
            **{
                "person": self.doctor,
                "kind": "nodnett",
                "first_on": "2026-05-01",
                "last_on": "",
                "issuer": "DNK",
                "file": File(size=len(PDF), content=PDF),
            }
            | self.here
            | fields
        )

    def experience(self, **fields):
        return documents.add_experience(
            **{
                "person": self.doctor,
                "kind": "general_practice",
                "first_on": "2020-01-01",
                "last_on": "2021-01-01",
                "percent": "80",
            }
            | self.here
            | fields
        )

    def dispensation(self, **fields):
        return documents.dispense(
            **{
                "person": self.doctor,
                "demand": "nodnett",
                "first_on": "2026-11-01",
                "last_on": "2026-12-31",
                "reason": "Kurset er utsatt",
            }
            | self.here
            | fields
        )

    def bakvakt(self, **fields):
        return documents.decide_bakvakt(
            **{
                "person": self.doctor,
                "at_place": self.workplace,
                "mode": "phone",
                "first_on": "2026-11-01",
                "reason": "Lang erfaring",
            }
            | self.common
            | fields
        )

    def course(self, **fields):
        return courses.make_course(
            **{
                "at_place": self.workplace,
                "kind": "joint_exercise",
                "title": "Øvelse",
                "where": "Brannstasjonen",
                "starts_at": "2026-12-01T17:00",
                "ends_at": "2026-12-01T20:00",
                "seats": "2",
                "lasts_months": "12",
            }
            | self.common
            | fields
        )

    def client(self, user=None):
        client = Client()
        client.force_login(user or self.boss)
        client.get(reverse("staffing:me") + "?sted=" + self.workplace.key)
        return client

    def post(self, act, user=None, **fields):
        return self.client(user).post(
            reverse("staffing:person", args=[self.doctor.pk]), {"act": act} | fields
        )


@pytest.fixture
def place(db):
    return Place()


def rule_of(act):
    with pytest.raises(RuleBroken) as caught:
        act()
    return caught.value


# ------------------------------------------------------------- positions, absences


def test_a_position_is_written_and_ended(place):
    row = place.position()
    assert (str(row.share), row.station_id) == ("0.600", place.station.pk)
    people.end_position(
        position=row, last_on="2026-11-30", at_place=place.workplace, **place.common
    )
    row.refresh_from_db()
    assert row.valid_to == date(2026, 12, 1)
    place.position(first_on="2026-12-01")
    acts = AuditEntry.objects.filter(kind="act").order_by("pk")
    what = acts.values_list("what", flat=True)
    assert list(what) == ["position_given", "position_ended", "position_given"]


def test_the_same_position_twice_is_refused_and_another_is_not(place):
    place.position()
    refusal = rule_of(lambda: place.position(first_on="2026-06-01"))
    assert refusal.rule is Rule.POSITION_OVERLAPS
    assert refusal.values["begins_on"] == "2026-01-01"
    place.position(employer="Helgelandssykehuset")
    place.position(category="sykehjemslege")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"category": "cook"}, "category"),
        ({"law": ""}, "law"),
        ({"percent": "0"}, "percent"),
        ({"percent": "100,5"}, "percent"),
        ({"percent": "nan"}, "percent"),
        ({"percent": "halv"}, "percent"),
        ({"employer": " "}, "employer"),
        ({"municipality": "9999"}, "municipality"),
        ({"first_on": ""}, "first_on"),
        ({"first_on": "2026-02-30"}, "first_on"),
        ({"last_on": "2025-12-31"}, "last_on"),
    ],
)
def test_a_position_that_makes_no_sense_is_refused(place, fields, field):
    refusal = rule_of(lambda: place.position(**fields))
    assert (refusal.rule, refusal.values["field"]) == (Rule.FIELD_NOT_VALID, field)
    assert not Position.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "ground", "collides"),
    [
        ("2026-12-10", "2026-12-20", "leave", True),
        ("2026-12-11", "2026-12-20", "leave", False),
        ("2026-11-20", "2026-11-30", "leave", False),
        ("2026-11-20", "2026-12-01", "course", True),
        ("2026-12-03", "2026-12-04", "holiday", True),
        ("2026-12-03", "", "exempt_age", False),
    ],
)
def test_overlapping_leave_is_refused(place, first, last, ground, collides):
    place.absence()
    act = lambda: place.absence(first_on=first, last_on=last, ground=ground)  # noqa: E731
    if not collides:
        assert act().pk
        return
    refusal = rule_of(act)
    assert refusal.rule is Rule.ABSENCE_OVERLAPS
    assert refusal.values == {
        "ground": "holiday",
        "begins_on": "2026-12-01",
        "ends_on": "2026-12-10",
    }


def test_an_open_exemption_overlaps_itself_and_ends(place):
    row = place.absence(ground="exempt_age", last_on="", only_nights=True)
    refusal = rule_of(
        lambda: place.absence(ground="exempt_age", first_on="2030-01-01", last_on="")
    )
    assert refusal.values["ends_on"] == ""
    people.end_absence(row=row, today=date(2027, 1, 1), **place.here)
    row.refresh_from_db()
    assert row.ends_on == date(2026, 12, 31)
    later = place.absence(ground="exempt_age", first_on="2030-01-01", last_on="")
    people.end_absence(row=later, today=date(2027, 1, 1), **place.here)
    assert Absence.objects.count() == 1


def test_leave_needs_a_last_day(place):
    assert rule_of(lambda: place.absence(last_on="")).values["field"] == "last_on"


def test_practice_times_collide_only_in_the_same_hours_and_days(place):
    row = place.practice()
    assert rule_of(lambda: place.practice(starts="14:59", ends="16:00")).rule is (
        Rule.PRACTICE_OVERLAPS
    )
    place.practice(starts="15:00", ends="16:00")
    place.practice(weekday="1")
    people.end_practice_time(row=row, today=date(2026, 6, 1), **place.here)
    place.practice(first_on="2026-06-01")
    ahead = place.practice(weekday="4", first_on="2027-01-01")
    people.end_practice_time(row=ahead, today=date(2026, 6, 1), **place.here)
    assert not PracticeTime.objects.filter(pk=ahead.pk).exists()


# ------------------------------------------------------------- documents


def test_a_document_with_its_file_counts_until_it_is_struck(place):
    place.position()
    row = place.document(kind="authorisation", first_on="2018-01-01")
    assert row.certificate.content_type == "application/pdf"
    codes = lambda: {  # noqa: E731
        one.code for one in standings([place.doctor.pk], on=TODAY)[place.doctor.pk].gaps
    }
    assert "authorisation" not in codes()
    documents.strike_document(document=row, **place.here)
    assert "authorisation" in codes()
    row.refresh_from_db()
    assert row.struck_by == place.boss
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        (File(size=0, content=b""), Rule.FILE_IS_EMPTY),
        (File(size=2_000_001, content=b"%PDF-"), Rule.FILE_TOO_LARGE),
        (File(size=9, content=b"<script>x"), Rule.FILE_NOT_A_DOCUMENT),
        (File(size=9, content=b"GIF89a..."), Rule.FILE_NOT_A_DOCUMENT),
    ],
)
def test_a_file_that_is_no_certificate_is_refused_and_nothing_is_kept(
    place, file, rule
):
    assert rule_of(lambda: place.document(file=file)).rule is rule
    assert not CompetenceDocument.objects.exists()


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0....", PDF]
)
def test_what_the_file_is_comes_from_its_bytes(place, content):
    row = place.document(file=File(size=len(content), content=content))
    assert bytes(row.certificate.content) == content


def test_a_document_of_tomorrow_or_written_twice_is_refused(place):
    place.document()
    assert rule_of(place.document).rule is Rule.DOCUMENT_IS_WRITTEN
    assert rule_of(lambda: place.document(first_on="2026-11-21")).values["field"] == (
        "first_on"
    )
    documents.strike_document(document=CompetenceDocument.objects.get(), **place.here)
    place.document()


def test_service_and_duties_are_written_and_struck(place):
    row = place.experience()
    assert str(row.share) == "0.800"
    many = place.experience(kind="legevakt_duties", count="41", last_on="")
    assert (many.count, many.share) == (41, None)
    documents.strike_experience(row=row, **place.here)
    assert Experience.objects.filter(struck_at=None).get() == many
    for fields in ({"kind": "sailing"}, {"percent": "120"}, {"first_on": "2027-01-01"}):
        assert rule_of(lambda f=fields: place.experience(**f)).rule is (
            Rule.FIELD_NOT_VALID
        )


def test_a_dispensation_has_reason_and_end_and_is_never_ones_own(place):
    place.dispensation()
    assert rule_of(lambda: place.dispensation(last_on="")).values["field"] == "last_on"
    assert rule_of(lambda: place.dispensation(reason="")).values["field"] == "reason"
    assert rule_of(lambda: place.dispensation(demand="authorisation")).rule is (
        Rule.FIELD_NOT_VALID
    )
    own = rule_of(lambda: place.dispensation(person=place.boss))
    assert own.rule is Rule.DISPENSATION_OF_OWN
    assert Dispensation.objects.count() == 1


def test_the_bakvakt_of_a_doctor_is_decided_by_somebody_else_with_a_reason(place):
    row = place.bakvakt()
    assert (row.decided_by, row.mode) == (place.boss, "phone")
    assert rule_of(lambda: place.bakvakt(reason="")).values["field"] == "reason"
    assert rule_of(lambda: place.bakvakt(mode="fax")).values["field"] == "bakvakt_mode"
    assert rule_of(lambda: place.bakvakt(person=place.boss)).rule is (
        Rule.DISPENSATION_OF_OWN
    )


# ------------------------------------------------------------- courses

DURING = datetime(2026, 12, 1, 18, 0, tzinfo=NOW.tzinfo)
AFTER = datetime(2026, 12, 2, 8, 0, tzinfo=NOW.tzinfo)


def test_those_who_were_there_get_the_document_and_the_others_do_not(place):
    course = place.course()
    other = make.user("annen", roles=["doctor"], at=place.station)
    third = make.user("tredje", roles=["doctor"], at=place.station)
    for person in (place.doctor, other):
        courses.sign_up(course=course, person=person, by=person, at=NOW)
    full = rule_of(lambda: courses.sign_up(course=course, person=third, **place.common))
    assert (full.rule, full.values["seats"]) == (Rule.COURSE_IS_FULL, "2")
    early = rule_of(
        lambda: courses.mark_attendance(course=course, present=[], **place.common)
    )
    assert early.rule is Rule.COURSE_NOT_OVER
    after = {"course": course, "by": place.boss, "at": AFTER}
    assert courses.mark_attendance(present=[place.doctor.pk, third.pk], **after) == 1
    row = CompetenceDocument.objects.get(struck_at=None)
    assert (row.person, row.first_on) == (place.doctor, date(2026, 12, 1))
    assert row.last_on == date(2027, 11, 30)
    assert courses.mark_attendance(present=[other.pk], **after) == 1
    assert CompetenceDocument.objects.get(struck_at=None).person == other
    assert CompetenceDocument.objects.count() == 2
    assert courses.mark_attendance(present=[other.pk], **after) == 1
    assert CompetenceDocument.objects.count() == 2


def test_a_seat_is_given_back_and_taken_again(place):
    course = place.course()
    courses.sign_up(course=course, person=place.doctor, by=place.doctor, at=NOW)
    again = rule_of(
        lambda: courses.sign_up(course=course, person=place.doctor, **place.common)
    )
    assert again.rule is Rule.SEAT_IS_TAKEN
    courses.give_up_seat(course=course, person=place.doctor, by=place.doctor, at=NOW)
    gone = rule_of(
        lambda: courses.give_up_seat(course=course, person=place.doctor, **place.common)
    )
    assert gone.rule is Rule.SEAT_NOT_TAKEN
    courses.sign_up(course=course, person=place.doctor, by=place.doctor, at=NOW)
    late = {"by": place.boss, "at": DURING}
    assert rule_of(
        lambda: courses.give_up_seat(course=course, person=place.doctor, **late)
    ).rule is (Rule.COURSE_HAS_BEGUN)
    assert rule_of(lambda: courses.call_off(course=course, **late)).rule is (
        Rule.COURSE_HAS_BEGUN
    )
    courses.call_off(course=course, **place.common)
    for act in (
        lambda: courses.call_off(course=course, **place.common),
        lambda: courses.mark_attendance(
            course=course, present=[], by=place.boss, at=AFTER
        ),
    ):
        assert rule_of(act).rule is Rule.COURSE_IS_CALLED_OFF


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "tea"}, "document_kind"),
        ({"title": ""}, "title"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"ends_at": "2026-12-01T17:00"}, "ends_at"),
        ({"seats": "0"}, "seats"),
        ({"lasts_months": "0"}, "lasts_months"),
    ],
)
def test_a_course_that_makes_no_sense_is_refused(place, fields, field):
    assert rule_of(lambda: place.course(**fields)).values["field"] == field


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_is_given_to_one_of_two_who_take_it_at_once():
    place = Place()
    course = place.course(seats="1")
    other = make.user("annen", roles=["doctor"], at=place.station)
    answers, gate = [], threading.Barrier(2)

    def take(person):
        try:
            gate.wait()
            courses.sign_up(course=course, person=person, by=person, at=NOW)
            answers.append("seat")
        except RuleBroken as refusal:
            answers.append(refusal.rule)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[p]) for p in (place.doctor, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(["seat", Rule.COURSE_IS_FULL])
    assert CourseSeat.objects.filter(given_up_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_leave_at_once_write_it_once():
    place = Place()
    answers, gate = [], threading.Barrier(2)

    def give():
        try:
            gate.wait()
            place.absence()
            answers.append("given")
        except RuleBroken as refusal:
            answers.append(refusal.rule)
        finally:
            connection.close()

    threads = [threading.Thread(target=give) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted(["given", Rule.ABSENCE_OVERLAPS])


# ------------------------------------------------------------- undone


def _sheet(place):
    rows = [
        ["brukernavn", "fornavn", "etternavn", "stilling", "prosent", "fra"],
        ["ny.lege", "Ny", "Lege", "Fastlege", "100", "2026-01-01"],
    ]
    import_people(rows, at_place=place.workplace, **place.common)


WRITES = {
    "position": (Place.position, Position),
    "absence": (Place.absence, Absence),
    "practice": (Place.practice, PracticeTime),
    "document": (Place.document, CompetenceDocument),
    "experience": (Place.experience, Experience),
    "dispensation": (Place.dispensation, Dispensation),
    "bakvakt": (Place.bakvakt, BakvaktDecision),
    "course": (Place.course, Course),
    "import": (_sheet, Position),
}


@pytest.mark.parametrize("name", WRITES)
def test_if_the_log_cannot_be_written_nothing_is(place, monkeypatch, name):
    write, model = WRITES[name]

    def refuse(**fields):
        raise CannotWrite

    monkeypatch.setattr(audit, "log", refuse)
    with pytest.raises(CannotWrite):
        write(place)
    assert not model.objects.exists()
    assert not User.objects.filter(username="ny.lege").exists()


def _columns(row):
    return type(row).objects.filter(pk=row.pk).values().get()


def test_what_changes_a_row_is_undone_too(place, monkeypatch):
    position, document, experience = (
        place.position(),
        place.document(),
        place.experience(),
    )
    absence, practice, course = place.absence(), place.practice(), place.course()
    held = place.course(starts_at="2026-11-01T17:00", ends_at="2026-11-01T20:00")
    seat = CourseSeat.objects.create(
        course=held, person=place.doctor, signed_by=place.doctor, signed_at=NOW
    )
    ahead = courses.sign_up(course=course, person=place.doctor, **place.common)
    rows = (position, absence, practice, document, experience, course, seat, ahead)
    before = [_columns(row) for row in rows]

    def refuse(**fields):
        raise CannotWrite

    monkeypatch.setattr(audit, "log", refuse)
    acts = [
        lambda: people.end_position(
            position=position,
            last_on="2026-11-30",
            at_place=place.workplace,
            **place.common,
        ),
        lambda: people.end_absence(row=absence, today=TODAY, **place.here),
        lambda: people.end_practice_time(row=practice, today=TODAY, **place.here),
        lambda: documents.strike_document(document=document, **place.here),
        lambda: documents.strike_experience(row=experience, **place.here),
        lambda: courses.call_off(course=course, **place.common),
        lambda: courses.give_up_seat(
            course=course, person=place.doctor, **place.common
        ),
        lambda: courses.sign_up(course=course, person=place.boss, **place.common),
        lambda: courses.mark_attendance(
            course=held, present=[place.doctor.pk], **place.common
        ),
    ]
    for act in acts:
        with pytest.raises(CannotWrite):
            act()
    assert [_columns(row) for row in rows] == before
    assert CourseSeat.objects.count() == 2
    assert CompetenceDocument.objects.count() == 1


# ------------------------------------------------------------- import

SHEET = """brukernavn;fornavn;etternavn;hpr;stilling;prosent;arbeidsgiver;kommune;fra;til;nodnett
kari.ny;Kari;Ny;1234567;Fastlege;60;Vefsn kommune;Vefsn;01.01.2026;;2025-05-02
per.ny;Per;Ny;;Sykepleier;37,5%;Vefsn kommune;1824;2026-02-01;2026-12-31;
"""


def sheet_rows(text=SHEET):
    return [line.split(";") for line in text.splitlines()]


def test_a_sheet_is_taken_in_once_and_again_without_any_change(place):
    first = import_people(sheet_rows(), at_place=place.workplace, **place.common)
    assert (first.people, first.positions, first.documents) == (2, 2, 1)
    kari = User.objects.get(username="kari.ny")
    assert not kari.has_usable_password()
    position = Position.objects.get(person=kari)
    assert (position.law, str(position.share)) == ("sfs2305", "0.600")
    assert Position.objects.get(person__username="per.ny").valid_to == date(2027, 1, 1)
    again = import_people(sheet_rows(), at_place=place.workplace, **place.common)
    assert (again.rows, again.people, again.positions, again.documents) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Fastlege", "Kokk", "E2 (stilling)"),
        (";60;", ";600;", "F2 (prosent)"),
        ("37,5%", "", "F3 (prosent)"),
        ("01.01.2026", "31.02.2026", "I2 (fra)"),
        ("2026-12-31", "2026-01-31", "J3 (til)"),
        ("1234567", "12", "D2 (hpr)"),
        ("1824", "9999", "H3 (kommune)"),
        ("Kari;Ny", ";Ny", "B2 (fornavn)"),
        ("kari.ny", "kari ny", "A2 (brukernavn)"),
        ("2025-05-02", "2027-01-01", "K2 (nodnett)"),
        ("per.ny;Per;Ny", "lege;Lise;Annen", "C3 (etternavn)"),
        ("brukernavn;", "navn;", "brukernavn: kolonnen mangler"),
    ],
)
def test_a_fault_in_a_cell_is_named_and_nothing_is_taken_in(place, old, new, said):
    from varde.apps.staffing.messages.people_import import all_faults

    with pytest.raises(RowsRefused) as caught:
        import_people(
            sheet_rows(SHEET.replace(old, new, 1)),
            at_place=place.workplace,
            **place.common,
        )
    assert any(said in line for line in all_faults(caught.value))
    assert not User.objects.filter(username="kari.ny").exists()
    assert not Position.objects.exists()


def test_somebody_who_works_elsewhere_is_not_drawn_in_from_the_screen(place):
    make.user("per.ny", first_name="Per", last_name="Ny")
    client = place.client()
    pasted = SHEET.replace(";", "\t")
    answer = client.post(reverse("staffing:people_import"), {"pasted": pasted})
    assert "A3 (brukernavn)" in answer.content.decode()
    assert pasted.splitlines()[1] in answer.content.decode()
    assert not Position.objects.exists()
    User.objects.filter(username="per.ny").delete()
    answer = client.post(reverse("staffing:people_import"), {"pasted": pasted})
    assert answer.status_code == 302
    assert Position.objects.count() == 2


def test_a_sheet_of_many_takes_as_many_statements_as_one_of_few(place):
    def sheet(start, count):
        rows = [
            f"u{n};Ny;N{n};;Fastlege;60;;Vefsn;01.01.2026;;2025-05-02"
            for n in range(start, start + count)
        ]
        return sheet_rows("\n".join([SHEET.splitlines()[0], *rows]))

    def take(rows):
        return import_people(rows, at_place=place.workplace, **place.common)

    few = queries_of(lambda: take(sheet(0, 2)))
    assert queries_of(lambda: take(sheet(2, 40))) == few <= 12
    assert Position.objects.filter(person__first_name="Ny").count() == 42
    # and of those who are there already
    assert queries_of(lambda: take(sheet(0, 42))) <= few


def test_two_rows_of_one_new_person_are_one_person_with_two_positions(place):
    second = "kari.ny;Kari;Ny;;Fastlege;20;Leirfjord;;01.03.2026;;2025-05-02"
    done = import_people(
        sheet_rows(SHEET + second), at_place=place.workplace, **place.common
    )
    assert (done.people, done.positions, done.documents) == (2, 3, 1)
    again = second.replace("Leirfjord", "Vefsn kommune")  # within the first
    with pytest.raises(RowsRefused) as caught:
        import_people(
            sheet_rows(SHEET + again), at_place=place.workplace, **place.common
        )
    assert [fault.cell for fault in caught.value.faults] == ["I4"]


def test_a_sheet_that_begins_with_blank_lines_has_its_faults_in_the_right_cells(place):
    client = place.client()
    pasted = "\n\n" + SHEET.replace("Fastlege", "Kokk")
    answer = client.post(reverse("staffing:people_import"), {"pasted": pasted})
    assert "E4 (stilling)" in answer.content.decode()
    answer = client.post(
        reverse("staffing:people_import"), {"pasted": SHEET.replace("Kari", '"Kari')}
    )
    assert "Linje 3: et anførselstegn" in answer.content.decode()
    named = "\n" + SHEET.replace("Kari", '"Kari\nAnne"')
    answer = client.post(reverse("staffing:people_import"), {"pasted": named})
    assert answer.status_code == 302
    assert User.objects.get(username="kari.ny").first_name == "Kari Anne"


def test_a_workbook_is_read_as_the_same_rows(place, tmp_path):
    book = Workbook()
    for row in sheet_rows():
        book.active.append(row)
    book.active["I2"] = datetime(2026, 1, 1)
    book.active["F2"] = 60
    file = BytesIO()
    book.save(file)
    sent = SimpleUploadedFile("folk.xlsx", file.getvalue())
    answer = place.client().post(reverse("staffing:people_import"), {"file": sent})
    assert answer.status_code == 302
    assert Position.objects.count() == 2
    path = tmp_path / "folk.xlsx"
    path.write_bytes(file.getvalue())
    out = StringIO()
    call_command(
        "import",
        *("people", str(path), "--workplace", place.workplace.key, "--json"),
        stdout=out,
    )
    assert json.loads(out.getvalue())["positions"] == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SHEET.replace("Fastlege", "Kokk").encode(), "E2 (stilling)"),
        (b"PK\x03\x04nonsense", "is not a workbook"),
        (b"brukernavn;\xff\n", "is not UTF-8"),
        (b"x" * 2_000_001, "is larger than 2 MB"),
        (b"", "Arket har ingen rader"),
    ],
)
def test_the_command_ends_with_2_and_says_what_is_wrong(place, tmp_path, content, said):
    path = tmp_path / "folk.csv"
    path.write_bytes(content)
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import",
            *("people", str(path), "--workplace", place.workplace.key),
            stderr=err,
        )
    assert ended.value.code == 2
    assert said in err.getvalue()
    assert not Position.objects.exists()


def test_a_workplace_that_is_not_there_is_named_beside_those_that_are(place, tmp_path):
    path = tmp_path / "folk.csv"
    path.write_text(SHEET)
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command(
            "import", "people", str(path), "--workplace", "stasjon-X", stderr=err
        )
    assert place.workplace.key in err.getvalue()
    assert workplace_named(place.workplace.key) == place.workplace
    assert [one.key for one in workplaces()] == ["stasjon-varden", "sentral-HEL"]


# ------------------------------------------------------------- the command


def check(tmp_path, tree, *more):
    path = tmp_path / "person.json"
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree))
    out, err = StringIO(), StringIO()
    call_command("competence", "check", str(path), *more, stdout=out, stderr=err)
    return out.getvalue()


DOCTOR = {
    "role": "doctor",
    "documents": [
        {"kind": "authorisation", "from": "2018-06-20"},
        {"kind": "specialist_allmennmedisin", "from": "2024-01-01"},
        {"kind": "course_acute_medicine", "from": "2022-01-01", "to": "2026-12-31"},
        {"kind": "course_violence_abuse", "from": "2022-01-01"},
    ],
}


def test_the_command_answers_with_these_four_and_nothing_else(tmp_path):
    found = json.loads(check(tmp_path, DOCTOR, "--on", "2026-11-20", "--json"))
    assert list(found) == ["may_work_alone", "reasons", "nearest_way", "changes_on"]
    assert found["may_work_alone"] is True
    assert found["changes_on"] == "2027-01-01"
    assert found["nearest_way"] == []
    later = json.loads(check(tmp_path, DOCTOR, "--on", "2027-01-01", "--json"))
    assert later["may_work_alone"] is False
    assert later["changes_on"] is None
    assert [one["code"] for one in later["nearest_way"]] == [
        "course_acute_medicine_theory",
        "course_acute_medicine_practical",
    ]
    text = check(tmp_path, DOCTOR, "--on", "2026-11-20")
    assert "Kan ha vakt alene" in text
    assert "1. januar 2027" in text
    gp = DOCTOR | {
        "experience": [
            {"kind": "clinical_service", "from": "2024-01-01", "to": "2025-12-31"},
            {"kind": "legevakt_duties", "on": "2026-01-01", "count": 39},
        ],
        "documents": [d for d in DOCTOR["documents"] if "special" not in d["kind"]],
    }
    way = json.loads(check(tmp_path, gp, "--on", "2026-06-01", "--json"))["nearest_way"]
    assert [(one["missing"], one["unit"]) for one in way] == [
        (6, "months"),
        (1, "duties"),
    ]


@pytest.mark.parametrize(
    ("tree", "on", "said"),
    [
        ("{", "2026-01-01", "is not JSON"),
        ({"role": "cook"}, "2026-01-01", "column 'role'"),
        ({"role": "support"}, "2026-01-01", "no rule of working alone"),
        (DOCTOR, "2026-02-30", "--on is '2026-02-30'"),
        (DOCTOR, "2014-01-01", "The first one begins 2015-05-01"),
        (DOCTOR, "0001-01-01", "Name a day from 1900-01-01"),
    ],
)
def test_the_command_refuses_with_2_and_says_where(tmp_path, capsys, tree, on, said):
    path = tmp_path / "person.json"
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree))
    err = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("competence", "check", str(path), "--on", on, stderr=err)
    assert ended.value.code == 2
    assert said in err.getvalue()


# ------------------------------------------------------------- the screens


def test_the_list_shows_small_positions_gaps_and_what_ends(place):
    place.position(percent="40")
    soon = timezone.localdate() + timedelta(days=20)
    place.document(kind="course_violence_abuse", last_on=soon.isoformat())
    found = people_list(place.workplace, on=timezone.localdate())
    assert (found.small, found.with_position, found.ending_within(30)) == (1, 1, 1)
    page = place.client().get(reverse("staffing:people")).content.decode()
    assert "Lise Lege" in page
    assert "under 50 %" in page
    assert "Må ha bakvakt" in page
    none = place.client().get(reverse("staffing:people") + "?vis=smaa")
    assert "Lise Lege" in none.content.decode()


def test_a_position_that_follows_another_is_not_added_to_it(place):
    day = date(2026, 11, 20)
    place.position(percent="40", last_on="2026-12-31")
    place.position(percent="70", first_on="2027-01-01")
    new = make.user("ny", roles=["doctor"], at=place.station)
    place.position(person=new, percent="30", first_on="2027-02-01")
    place.position(
        person=new, percent="10", first_on="2027-03-01", category="legevaktlege"
    )
    found = people_list(place.workplace, on=day)
    said = {line.id: (line.percent, line.is_small) for line in found.lines}
    assert said == {place.doctor.pk: ("40", True), new.pk: ("30", True)}
    later = people_list(place.workplace, on=date(2027, 3, 1))
    said = {line.id: (line.percent, line.is_small) for line in later.lines}
    assert said == {place.doctor.pk: ("70", False), new.pk: ("40", True)}


def test_the_list_costs_as_many_statements_for_forty_as_for_one(
    place, django_assert_max_num_queries
):
    for n in range(40):
        person = make.user(f"lege{n}", roles=["doctor"], at=place.station)
        place.position(person=person)
    client = place.client()
    with django_assert_max_num_queries(26):
        assert client.get(reverse("staffing:people")).status_code == 200


def test_everything_is_done_from_the_page_of_a_person(place):
    sent = SimpleUploadedFile("bevis.exe", PDF, content_type="text/html")
    acts = [
        ("position", {"category": "fastlege", "law": "sfs2305", "percent": "100",
                      "employer": "Vefsn", "first_on": "2026-01-01"}),
        ("document", {"kind": "nodnett", "first_on": "2026-01-01", "file": sent}),
        ("experience", {"kind": "legevakt_duties", "first_on": "2026-01-01",
                        "count": "3"}),
        ("practice", {"work": "practice", "weekday": "2", "starts": "08:00",
                      "ends": "15:30", "first_on": "2026-01-01"}),
        ("absence", {"ground": "exempt_age", "first_on": "2026-01-01",
                     "only_nights": "yes"}),
        ("dispensation", {"demand": "nodnett", "first_on": "2026-01-01",
                          "last_on": "2026-12-31", "reason": "Kurs i mars"}),
        ("bakvakt", {"mode": "can_attend", "first_on": "2026-01-01",
                     "reason": "Ny i tjenesten"}),
    ]  # fmt: skip
    for act, fields in acts:
        assert place.post(act, **fields).status_code == 302, act
    page = place.client().get(reverse("staffing:person", args=[place.doctor.pk]))
    text = page.content.decode()
    for words in ("Kurs i mars", "Ny i tjenesten", "08:00–15:30", "bare netter"):
        assert words in text
    ends = [
        ("end_position", Position, {"last_on": "2026-12-31"}),
        ("strike_document", CompetenceDocument, {}),
        ("strike_experience", Experience, {}),
        ("end_practice", PracticeTime, {}),
        ("end_absence", Absence, {}),
    ]
    for act, model, fields in ends:
        row = model.objects.get()
        assert place.post(act, row=row.pk, **fields).status_code == 302, act


def test_a_refusal_stands_on_the_page_and_what_was_typed_is_kept(place):
    place.absence()
    answer = place.post(
        "absence", ground="leave", first_on="2026-12-05", last_on="2026-12-06"
    )
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert "ferie" in text.casefold()
    assert 'value="2026-12-05"' in text


def test_one_gives_own_practice_times_and_nothing_else(place):
    fields = {
        "work": "municipal",
        "weekday": "3",
        "starts": "08:00",
        "ends": "12:00",
        "first_on": "2026-01-01",
    }
    assert place.post("practice", user=place.doctor, **fields).status_code == 302
    refused = place.post(
        "position",
        user=place.doctor,
        category="fastlege",
        law="aml",
        percent="100",
        employer="Meg selv",
        first_on="2026-01-01",
    )
    assert refused.status_code == 404
    assert not Position.objects.exists()
    other = make.user("annen", roles=["doctor"], at=place.station)
    assert place.post("practice", user=other, **fields).status_code == 404


def test_the_file_is_given_to_its_owner_and_the_planner_and_to_nobody_else(place):
    row = place.document()
    address = reverse("staffing:certificate", args=[row.pk])
    for user in (place.doctor, place.boss):
        answer = place.client(user).get(address)
        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
    other = make.user("annen", roles=["doctor"], at=place.station)
    assert place.client(other).get(address).status_code == 404
    assert AuditEntry.objects.filter(what="certificate", kind="read").count() == 2
    documents.strike_document(document=row, **place.here)
    assert place.client().get(address).status_code == 404


def test_those_of_another_workplace_are_not_there(place):
    far = make.user("fjern", roles=["doctor"], at=make.station("annet"))
    address = reverse("staffing:person", args=[far.pk])
    client = place.client()
    assert client.get(address).status_code == 404
    with pytest.raises(Http404):
        from varde.apps.staffing.people_access import person_for

        request = client.get(reverse("staffing:people")).wsgi_request
        request.workplace = place.workplace
        request.user = place.boss
        person_for(request, far.pk)


def test_courses_are_made_signed_up_for_and_marked_on_the_screen(place):
    ahead = timezone.localtime() + timedelta(days=3)
    fields = {
        "kind": "joint_exercise",
        "title": "Øvelse med ambulansen",
        "where": "Garasjen",
        "starts_at": f"{ahead:%Y-%m-%dT17:00}",
        "ends_at": f"{ahead:%Y-%m-%dT19:00}",
        "seats": "8",
    }
    boss = place.client()
    assert boss.post(reverse("staffing:courses"), fields).status_code == 302
    course = Course.objects.get()
    address = reverse("staffing:course", args=[course.pk])
    doctor = place.client(place.doctor)
    assert doctor.post(reverse("staffing:courses"), fields).status_code == 404
    assert doctor.post(address, {"act": "sign_up"}).status_code == 302
    assert doctor.post(address, {"act": "call_off"}).status_code == 404
    assert "påmeldt" in doctor.get(reverse("staffing:courses")).content.decode()
    assert doctor.get(address).status_code == 200
    other = make.user("annen", roles=["doctor"], at=place.station)
    assert boss.post(address, {"act": "sign_up", "person": other.pk}).status_code == 302
    assert (
        doctor.post(address, {"act": "give_up", "person": other.pk}).status_code == 404
    )
    early = boss.post(address, {"act": "attendance", "present": [other.pk]})
    assert "når kurset er over" in early.content.decode()
    Course.objects.update(
        starts_at=timezone.now() - timedelta(hours=3),
        ends_at=timezone.now() - timedelta(hours=1),
    )
    assert (
        boss.post(address, {"act": "attendance", "present": [other.pk]}).status_code
        == 302
    )
    assert CompetenceDocument.objects.get().person == other
    wrong = boss.post(reverse("staffing:courses"), fields | {"seats": "0"})
    assert 'role="alert"' in wrong.content.decode()
    assert "Øvelse med ambulansen" in wrong.content.decode()


def test_the_rules_are_shown_with_their_sources(place):
    text = place.client(place.doctor).get(reverse("staffing:competence_rules"))
    assert "Akuttmedisinforskriften § 7" in text.content.decode()
    assert "ikke bekreftet" in text.content.decode()


def test_leave_written_at_one_workplace_counts_at_another_without_its_ground(place):
    other = make.sentral()
    there = Workplace.of_sentral(other)
    theirs = make.user("leder2", roles=["legevaktoverlege"], at=make.district("nord"))
    place.position()
    Position.objects.create(
        person=place.doctor,
        category="operator",
        law="aml",
        share=1,
        employer="Sentralen",
        sentral=other,
        valid_from=date(2026, 1, 1),
    )
    row = place.absence(
        ground="exempt_health", at_place=there, by=theirs, first_on="2026-10-01"
    )
    client = place.client()
    url = reverse("staffing:person", args=[place.doctor.pk])
    page = client.get(url).content.decode()
    health = str(ABSENCE["exempt_health"])
    shown = page.split('id="p-abs"')[1].split("</ul>")[0]
    assert f"ført ved {other.name}" in shown
    assert "<strong>borte</strong>" in shown
    assert health not in shown
    listed = people_list(place.workplace, on=date(2026, 10, 2), with_ground=True)
    assert [line.away for line in listed.lines if line.id == place.doctor.pk] == [
        "borte"
    ]
    refusal = rule_of(lambda: place.absence(ground="exempt_health"))
    assert refusal.rule is Rule.ABSENCE_OVERLAPS_ELSEWHERE
    assert refusal.values["place"] == other.name
    ended = rule_of(lambda: people.end_absence(row=row, today=TODAY, **place.here))
    assert ended.rule is Rule.RECORDED_ELSEWHERE
    # Where it was written, and for oneself, the ground is there; the writer may end it.
    listed = people_list(there, on=date(2026, 10, 2), with_ground=True)
    assert [line.away for line in listed.lines if line.id == place.doctor.pk] == [
        health
    ]
    client.force_login(place.doctor)
    own = client.get(reverse("staffing:me")).content.decode()
    assert health in own.split('id="p-abs"')[1].split("</ul>")[0]
    people.end_absence(
        row=row, today=date(2026, 9, 1), at_place=place.workplace, by=theirs, at=NOW
    )
    assert not Absence.objects.exists()
