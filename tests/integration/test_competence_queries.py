"""The competence rules over what is written of people: right, and cheap for many."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests import make
from varde.apps.records.models import (
    CompetenceDocument,
    DatedSetting,
    Dispensation,
    Experience,
    Position,
    Qualification,
)
from varde.apps.records.scope import scope_of
from varde.apps.staffing.access import workplaces_of
from varde.apps.staffing.queries.competence import alone_spans, standings


pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 12, 1), date(2027, 2, 28)
NOW = make.NOW
COURSES = ("course_acute_medicine", "course_violence_abuse")


def write(person, *kinds, first=date(2022, 1, 10), last=None):
    for kind in kinds:
        CompetenceDocument.objects.create(
            person=person,
            kind=kind,
            first_on=first,
            last_on=last,
            recorded_by=person,
            recorded_at=NOW,
        )


def position(person, category="fastlege", *, at=None, **fields):
    place = at or make.station()
    kind = "station" if type(place).__name__ == "Station" else "sentral"
    return Position.objects.create(
        **{
            "person": person,
            "category": category,
            "law": "sfs2305",
            "share": 1,
            "employer": "Vefsn kommune",
            "valid_from": make.LONG_AGO,
            kind: place,
        }
        | fields
    )


def specialist(username):
    person = make.user(username)
    position(person)
    write(person, "authorisation", "specialist_allmennmedisin", *COURSES)
    return person


def midnight(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def test_a_specialist_with_both_courses_may_be_alone_the_whole_period():
    person = specialist("spes")
    (span,) = alone_spans([person.pk], FIRST, LAST)[person.pk]
    assert span.starts_at == midnight(FIRST)
    assert span.ends_at == midnight(LAST + timedelta(days=1))


def test_the_span_ends_with_the_course_and_begins_again_with_the_next():
    person = make.user("kurs")
    position(person)
    write(person, "authorisation", "specialist_allmennmedisin", COURSES[1])
    write(person, COURSES[0], last=date(2026, 12, 31))
    write(person, COURSES[0], first=date(2027, 2, 1))
    spans = alone_spans([person.pk], FIRST, LAST)[person.pk]
    assert [(s.starts_at, s.ends_at) for s in spans] == [
        (midnight(FIRST), midnight(date(2027, 1, 1))),
        (midnight(date(2027, 2, 1)), midnight(LAST + timedelta(days=1))),
    ]


def test_who_is_unknown_or_has_nothing_has_no_span_but_a_line():
    nobody = make.user("ny")
    assert alone_spans([nobody.pk], FIRST, LAST) == {nobody.pk: ()}
    position(nobody)
    assert alone_spans([nobody.pk], FIRST, LAST) == {nobody.pk: ()}


def test_struck_documents_do_not_count():
    person = specialist("strok")
    CompetenceDocument.objects.filter(kind=COURSES[0]).update(
        struck_at=NOW, struck_by=person
    )
    assert alone_spans([person.pk], FIRST, LAST)[person.pk] == ()


def test_lis1_is_known_from_the_qualification_and_from_the_position():
    one, two = specialist("en"), make.user("to")
    CompetenceDocument.objects.filter(kind="specialist_allmennmedisin").delete()
    position(two, "lis1", valid_from=date(2026, 9, 1))
    Qualification.objects.create(user=one, kind="lis1", valid_from=date(2026, 9, 1))
    for person in (one, two):
        standing = standings([person.pk], on=FIRST)[person.pk]
        assert standing.is_lis1
        assert standing.alone.reasons[0].code == "lis1_unfinished"


def test_duties_done_here_count_and_those_ahead_do_not():
    person = make.user("vakt")
    position(person)
    write(person, "authorisation", "godkjent_allmennlege", *COURSES)
    Experience.objects.create(
        person=person,
        kind="legevakt_duties",
        first_on=date(2025, 1, 1),
        count=38,
        recorded_by=person,
        recorded_at=NOW,
    )
    long_ago = timezone.now() - timedelta(days=400)
    make.duty(person, at=make.station(), starts_at=long_ago)
    make.duty(person, at=make.station(), starts_at=timezone.now() + timedelta(days=2))
    today = timezone.localdate()
    assert not standings([person.pk], on=today)[person.pk].alone.may
    make.duty(person, at=make.station(), starts_at=long_ago + timedelta(days=3))
    assert standings([person.pk], on=today)[person.pk].alone.may


def test_each_duty_counts_from_its_own_day_whatever_comes_after_it():
    person = make.user("teller")
    position(person)
    write(person, "authorisation", "godkjent_allmennlege", *COURSES)
    start = timezone.make_aware(datetime(2024, 1, 1, 15))
    for week in range(45):
        make.duty(person, at=make.station(), starts_at=start + timedelta(weeks=week))
    fortieth = date(2024, 1, 1) + timedelta(weeks=39)
    (span,) = alone_spans([person.pk], date(2024, 1, 1), date(2025, 6, 30))[person.pk]
    assert span.starts_at == midnight(fortieth)


def test_the_role_is_that_of_each_day():
    person = make.user("ny")
    position(person, "secretary", law="aml", valid_to=date(2027, 1, 1))
    position(person, valid_from=date(2027, 1, 1))
    write(person, "authorisation", "specialist_allmennmedisin", *COURSES)
    (span,) = alone_spans([person.pk], FIRST, LAST)[person.pk]
    assert span.starts_at == midnight(date(2027, 1, 1))
    assert standings([person.pk], on=FIRST)[person.pk].role.value == "support"


def test_between_two_positions_the_role_one_logs_in_with_counts():
    """Two positions of one sort on end are one period; a gap is what the grant says."""
    doctor = make.user("lege", roles=["doctor"], at=make.station())
    stranger = make.user("annen")
    for person in (doctor, stranger):
        write(person, "authorisation", "specialist_allmennmedisin", *COURSES)
        position(person, valid_to=date(2026, 12, 15))
        position(person, valid_from=date(2026, 12, 15), valid_to=date(2026, 12, 20))
        position(person, valid_from=date(2027, 1, 10))
    found = alone_spans([doctor.pk, stranger.pk], FIRST, LAST)
    assert len(found[doctor.pk]) == 1
    assert [(s.starts_at, s.ends_at) for s in found[stranger.pk]] == [
        (midnight(FIRST), midnight(date(2026, 12, 20))),
        (midnight(date(2027, 1, 10)), midnight(LAST + timedelta(days=1))),
    ]


def test_a_dispensation_and_part_time_service_are_read():
    person = make.user("disp")
    position(person)
    write(person, "authorisation", "godkjent_allmennlege", COURSES[1])
    Experience.objects.create(
        person=person,
        kind="general_practice",
        first_on=date(2023, 1, 1),
        last_on=date(2024, 12, 31),
        share="0.5",
        recorded_by=person,
        recorded_at=NOW,
    )
    Dispensation.objects.create(
        person=person,
        demand="course_acute_medicine",
        first_on=FIRST,
        last_on=FIRST,
        reason="Kurset er fullt",
        decided_by=person,
        decided_at=NOW,
    )
    (span,) = alone_spans([person.pk], FIRST, LAST)[person.pk]
    assert span.hours == 24


def operator(username):
    person = make.user(username)
    position(person, "operator", at=make.sentral(), law="aml")
    write(person, "health_bachelor", "practice_accepted", "operator_course", *COURSES)
    Experience.objects.create(
        person=person,
        kind="training_duties",
        first_on=date(2026, 1, 1),
        count=6,
        recorded_by=person,
        recorded_at=NOW,
    )
    return person


def test_the_municipalitys_own_number_of_training_duties_counts_where_it_holds():
    make.settings()
    person = operator("op")
    leader = make.user("adm", roles=["administrator"], at=make.sentral())
    (here,) = workplaces_of(scope_of(leader, on=FIRST))
    DatedSetting.objects.create(
        key="competence.training_duties",
        value=8,
        source="Vedtak",
        district=make.district(),
        valid_from=date(2027, 1, 1),
    )
    anywhere = alone_spans([person.pk], FIRST, LAST)[person.pk]
    at_home = alone_spans([person.pk], FIRST, LAST, at=here)[person.pk]
    assert anywhere[0].ends_at == midnight(LAST + timedelta(days=1))
    assert at_home[0].ends_at == midnight(date(2027, 1, 1))


def test_the_lis1_exception_counts_where_the_municipality_chose_it():
    make.settings()
    person = make.user("unntak")
    position(person)
    write(person, "authorisation", "lis1_completed", *COURSES)
    day = date(2024, 6, 1)
    boss = make.user("boss", roles=["legevaktoverlege"], at=make.district())
    make.sentral()
    here = next(p for p in workplaces_of(scope_of(boss, on=day)) if p.station_id)
    assert alone_spans([person.pk], day, day, at=here)[person.pk] == ()
    DatedSetting.objects.create(
        key="competence.lis1_exception",
        value=True,
        source="Kommunestyret, sak 12/24",
        station_id=here.id,
        valid_from=date(2024, 1, 1),
    )
    assert alone_spans([person.pk], day, day, at=here)[person.pk] != ()
    assert alone_spans([person.pk], day, day)[person.pk] == ()


def test_one_with_two_positions_is_judged_by_the_one_at_the_workplace():
    make.settings()
    person = operator("begge")
    station = make.station()
    position(person, "nurse", at=station, law="aml")
    boss = make.user("boss", roles=["legevaktoverlege"], at=make.district())
    sentral_boss = make.user("adm", roles=["administrator"], at=make.sentral())
    for user, role in ((boss, "health_staff"), (sentral_boss, "operator")):
        places = workplaces_of(scope_of(user, on=FIRST))
        place = next(p for p in places if bool(p.station_id) == (user is boss))
        found = standings([person.pk], on=FIRST, at=place)[person.pk]
        assert found.role.value == role


def test_sixty_people_cost_no_more_statements_than_one(django_assert_num_queries):
    people = [specialist(f"lege{n}").pk for n in range(60)]
    with django_assert_num_queries(8):
        found = alone_spans(people, FIRST, LAST)
    assert all(len(spans) == 1 for spans in found.values())
    with django_assert_num_queries(8):
        alone_spans(people[:1], FIRST, LAST)
