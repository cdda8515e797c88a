"""Load per person and week: Vefsn's own rota, unknown practice, true lengths, who sees it."""

import csv
from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import make
from varde.apps.records.models import (
    Absence,
    Attendance,
    DoctorEvent,
    Duty,
    Mission,
    MissionCrew,
    Outcome,
    Position,
    PracticeTime,
)
from varde.apps.records.scope import scope_of
from varde.apps.sentral.queries.numbers import Period
from varde.apps.staffing.access import workplaces_of
from varde.apps.staffing.queries import load_tables
from varde.apps.staffing.queries.load import load


OSLO = ZoneInfo("Europe/Oslo")
MONDAY = date(2026, 8, 31)
WEEKS = 12  # twelve doctors: one turn of the rotation
AUTUMN = Period(MONDAY, MONDAY + timedelta(weeks=WEEKS))
ADDRESS = f"/vaktplan/belastning/?fra={MONDAY}&til={AUTUMN.to - timedelta(days=1)}"


def at(day, clock):
    return datetime.combine(day, clock, tzinfo=OSLO)


def practice(
    person, *, hours=9.5, work="practice", weekdays=range(5), first=make.LONG_AGO
):
    PracticeTime.objects.bulk_create(
        PracticeTime(
            person=person,
            work=work,
            weekday=weekday,
            starts=time(6),
            ends=(datetime(2026, 1, 1, 6) + timedelta(hours=hours)).time(),
            valid_from=first,
        )
        for weekday in weekdays
    )


def vefsn_rota(station, doctors, *, weeks=WEEKS, first=MONDAY):
    """15:30–08 on weekdays and 09–09 in weekends, in turn; two share a weekend."""
    rows, weekday, weekend = [], 0, 0
    for number in range(weeks * 7):
        day = first + timedelta(days=number)
        if day.weekday() < 5:
            who, clock, to = doctors[weekday % len(doctors)], time(15, 30), time(8)
            weekday += 1
        else:
            who, clock, to = doctors[weekend % len(doctors)], time(9), time(9)
            weekend += 1
        rows.append(
            Duty(
                person=who,
                post="forvakt",
                station=station,
                starts_at=at(day, clock),
                ends_at=at(day + timedelta(days=1), to),
            )
        )
    Duty.objects.bulk_create(rows)


@pytest.fixture
def place(db):
    make.settings()
    make.sentral()
    return make.station()


@pytest.fixture
def vefsn(place):
    doctors = [
        make.user(f"lege{n:02}", roles=["doctor"], at=place, first_name=f"Lege {n:02}")
        for n in range(12)
    ]
    vefsn_rota(place, doctors)
    return doctors


@pytest.fixture
def overlege(place):
    return make.user("overlege", roles=["legevaktoverlege"], at=place)


def workplace_for(user):
    return next(
        w
        for w in workplaces_of(scope_of(user, on=date(2026, 9, 1)))
        if w.kind == "stasjon"
    )


def asking(user):
    client = Client()
    client.force_login(user)
    return client


def test_the_rota_of_vefsn_comes_out_with_its_own_frequencies(vefsn, overlege):
    found = load(workplace_for(overlege), AUTUMN)
    assert [one.name for one in found.people] == [d.name for d in vefsn]
    assert {one.nth_weekday for one in found.people} == {12.0}
    assert {one.nth_weekend for one in found.people} == {6.0}
    assert {one.nights for one in found.people} == {7}  # 5 weekdays, 2 in weekends
    turn = load_tables.tables(found, sees_all=True)[2]["rows"][0]
    assert turn[2:4] == ("hver 12.", "hver 6.")


def test_the_hours_are_those_that_a_pencil_gives(vefsn, overlege):
    practice(vefsn[0])
    practice(vefsn[0], work="municipal", hours=2, weekdays=[5])
    found = load(workplace_for(overlege), AUTUMN).people[0]
    duty = (5 * 16.5 + 2 * 24) / 12
    # The duty from Sunday to Monday at nine takes three hours of the surgery's Monday,
    # and that from Saturday none of the municipal Saturday of another.
    assert found.mean("duty_h") == pytest.approx(duty, abs=0.2)
    assert 47.5 - 1 < found.mean("practice_h") <= 47.5
    assert found.is_whole
    assert found.mean_h == pytest.approx(
        found.mean("practice_h") + found.mean("municipal_h") + found.mean("duty_h")
    )


def test_the_week_when_the_clocks_go_back_is_an_hour_longer(place, overlege):
    doctor = make.user("lege", roles=["doctor"], at=place)
    for sunday in (date(2026, 10, 18), date(2026, 10, 25)):
        Duty.objects.create(
            person=doctor,
            post="forvakt",
            station=place,
            starts_at=at(sunday - timedelta(days=1), time(21)),
            ends_at=at(sunday, time(9)),
        )
    two_weeks = Period(date(2026, 10, 12), date(2026, 10, 26))
    (one,) = load(workplace_for(overlege), two_weeks).people
    assert [week.duty_h for week in one.weeks] == [12, 13]


def test_the_night_is_that_of_the_pay(place, overlege):
    doctor = make.user("lege", roles=["doctor"], at=place)
    make.duty(doctor, at=place, starts_at=at(MONDAY, time(15, 30)), hours=9)
    week = Period(MONDAY, MONDAY + timedelta(days=7))
    assert load(workplace_for(overlege), week).people[0].nights == 0
    make.decide("pay.night_clock", {"from": 21, "to": 6})
    assert load(workplace_for(overlege), week).people[0].nights == 1


def test_unknown_practice_is_said_and_is_not_zero(vefsn, overlege):
    practice(vefsn[1])
    found = load(workplace_for(overlege), AUTUMN)
    unknown, known = found.people[0], found.people[1]
    assert (unknown.is_whole, known.is_whole) == (False, True)
    rows = {row[0]: row for row in load_tables.tables(found, sees_all=True)[0]["rows"]}
    assert rows[unknown.name][1].startswith("minst ")
    assert rows[unknown.name][2:4] == ("ikke kjent", "–")
    assert rows[known.name][2] == "over 55,6"
    assert rows[unknown.name][-1].startswith("minst ")
    turns = {row[0]: row for row in load_tables.tables(found, sees_all=True)[2]["rows"]}
    # A surgery that nobody has told of may come the morning after.
    assert turns[unknown.name][5].startswith("høyst ")
    assert turns[unknown.name][6] == "minst 0"
    assert turns[known.name][5:7] == ("0", "6")
    own = load(workplace_for(overlege), AUTUMN, only=unknown.user_id)
    hours = load_tables.figures(own, sees_all=False)[0]
    assert hours["value"].startswith("minst ")
    assert "ikke skrevet inn" in hours["of"]
    text = StringIO(
        asking(overlege).get(ADDRESS + "&csv=personer").content.decode("utf-8-sig")
    )
    lines = {row[0]: row for row in csv.reader(text, delimiter=";")}
    assert lines[unknown.name][3] == ""  # empty, not 0


def position(person, place, category="fastlege", *, first=make.LONG_AGO, to=None):
    Position.objects.create(
        person=person,
        category=category,
        law="sfs2305",
        share=1,
        employer="x",
        station=place,
        valid_from=first,
        valid_to=to,
    )


NINTH = date(2026, 11, 9)  # the last two weeks of the autumn begin


def test_one_who_is_new_is_measured_over_the_weeks_since_then(place, overlege):
    doctor = make.user("ny", roles=["doctor"], at=place)
    position(doctor, place, first=NINTH)
    practice(doctor, hours=10, first=NINTH)
    for day in (9, 11, 17, 19):
        make.duty(
            doctor, at=place, starts_at=at(date(2026, 11, day), time(16)), hours=16
        )
    found = load(workplace_for(overlege), AUTUMN)
    (one,) = found.people
    # 50 h of surgery without the two that two of the mornings begin on duty, twice a week
    assert [week.known_h for week in one.weeks] == [50 + 32 - 4, 50 + 32 - 4]
    assert one.mean_h == 78
    assert (one.over_high, one.nth_weekday) == (2, 2.5)
    people, weeks, turns, _classes = load_tables.tables(found, sees_all=True)
    assert people["rows"][0][1:3] == ("78", "over 55,6")
    assert weeks["rows"][0][1:] == (*["–"] * 10, "78 ▲", "78 ▲")
    assert turns["rows"][0][2] == "hver 2,5."
    assert load_tables.figures(found, sees_all=True)[1]["of"] == "av 2 personuker."


def test_a_gap_between_positions_is_left_out_but_duty_in_it_is_not(place, overlege):
    doctor = make.user("lege", roles=["doctor"], at=place)
    position(doctor, place, "legevaktlege", to=MONDAY + timedelta(days=7))
    position(doctor, place, "legevaktlege", first=NINTH)
    # On Sunday from the afternoon to midnight: the week after it is not begun.
    sunday = MONDAY + timedelta(days=20)
    make.duty(doctor, at=place, starts_at=at(sunday, time(16)), hours=8)
    (one,) = load(workplace_for(overlege), AUTUMN).people
    mondays = [week.monday for week in one.weeks]
    assert mondays == [
        MONDAY, MONDAY + timedelta(days=14), NINTH, NINTH + timedelta(days=7),
    ]  # fmt: skip
    assert one.mean_h == 8 / 4
    assert one.nth_weekend is None  # the Saturday of that weekend was nobody's


@pytest.mark.parametrize(
    ("category", "work", "is_whole"),
    [
        ("fastlege", "practice", True),
        ("fastlege", "municipal", False),
        ("lis1", "municipal", False),
        ("vikar", "municipal", True),
        ("sykehjemslege", "municipal", True),
        ("sykehjemslege", "practice", False),
        ("kommuneoverlege", "municipal", True),
        (None, "municipal", False),
        (None, "practice", True),
    ],
)
def test_hours_of_one_sort_of_work_do_not_tell_of_another(
    vefsn, overlege, place, category, work, is_whole
):
    if category:
        position(vefsn[0], place, category)
    practice(vefsn[0], work=work, hours=4, weekdays=[1])
    found = load(workplace_for(overlege), AUTUMN)
    one = found.people[0]
    assert one.is_whole is is_whole
    is_told = is_whole or work == "practice"
    assert (one.weeks[2].practice_h is not None) is is_told
    assert one.mean_h >= 4  # what is known counts
    hours = load_tables.tables(found, sees_all=True)[0]["rows"]
    row = next(row for row in hours if row[0] == one.name)
    assert row[1].startswith("minst ") is not is_whole
    assert (row[3] == "–") is not is_told


def test_a_practice_is_known_from_the_week_that_it_is_written_from(
    vefsn, overlege, place
):
    position(vefsn[0], place)
    wednesday = NINTH + timedelta(days=2)
    practice(vefsn[0], hours=8, first=wednesday)
    found = load(workplace_for(overlege), AUTUMN)
    weeks = found.people[0].weeks
    assert [week.is_whole for week in weeks] == [False] * 11 + [True]
    assert [week.practice_h is None for week in weeks] == [True] * 10 + [False] * 2
    assert 0 < weeks[-2].practice_h <= 24
    rows = load_tables.tables(found, sees_all=True)[0]["rows"]
    row = next(row for row in rows if row[0] == "Lege 00")
    assert row[3].startswith("minst ")


@pytest.mark.parametrize(
    ("category", "is_whole"),
    [("legevaktlege", True), ("nurse", True), ("fastlege", False), ("lis1", False)],
)
def test_whose_other_work_is_not_in_the_rota_has_unknown_practice(
    vefsn, overlege, place, category, is_whole
):
    position(vefsn[0], place, category)
    found = load(workplace_for(overlege), AUTUMN)
    assert found.people[0].is_whole is is_whole


def test_a_holiday_takes_the_practice_and_an_exemption_from_duty_does_not(
    vefsn, overlege
):
    for person, ground in ((vefsn[0], "holiday"), (vefsn[1], "exempt_age")):
        practice(person)
        Absence.objects.create(
            person=person,
            ground=ground,
            starts_on=MONDAY,
            ends_on=AUTUMN.to,
            decided_by=overlege,
            decided_at=make.NOW,
        )
    away, exempt, *_rest = load(workplace_for(overlege), AUTUMN).people
    assert away.mean("practice_h") == 0
    assert exempt.mean("practice_h") > 40


def test_activity_is_measured_by_presses_else_by_patients_else_unknown(
    vefsn, overlege, place
):
    duties = list(Duty.objects.filter(starts_at__lt=at(MONDAY, time(23))))
    duties += Duty.objects.filter(person__in=vefsn[1:3]).order_by("starts_at")[:2]
    pressed, with_patients, nothing = duties
    for kind, hour in (("began", 17), ("ended", 19)):
        DoctorEvent.objects.create(
            doctor=pressed.person,
            event_id=kind,
            kind=kind,
            activity="with_patient",
            ref="attendance:1",
            occurred_at=at(MONDAY, time(hour)),
            recorded_at=make.NOW,
        )
    start = with_patients.starts_at
    make.attendance(
        at=place,
        doctor=with_patients.person,
        arrived_at=start,
        taken_at=start + timedelta(hours=1),
        ended_at=start + timedelta(hours=2),
        end="treated",
    )
    # The presses are there, so what the patients say of the same duty does not count.
    make.attendance(
        at=place, doctor=pressed.person, arrived_at=pressed.starts_at,
        taken_at=pressed.starts_at,
    )  # fmt: skip
    row = Attendance.objects.latest("pk")
    task = Outcome.objects.create(
        contact=row.contact, district=row.district, kind="home_visit",
        created_at=start, created_by=overlege,
    )  # fmt: skip
    mission = Mission.objects.create(
        contact=row.contact, district=row.district, sentral=row.sentral, station=place,
        outcome=task, kind="home_visit", opened_at=start, recorded_at=start,
        opened_by=overlege,
    )  # fmt: skip
    MissionCrew.objects.create(
        mission=mission, district=row.district, person=with_patients.person,
        since=start + timedelta(hours=1.5), until=start + timedelta(hours=3),
    )  # fmt: skip
    week = Period(MONDAY, MONDAY + timedelta(days=7))
    found = load(workplace_for(overlege), week)
    by_id = {one.user_id: one.weeks[0] for one in found.people}
    assert by_id[pressed.person_id].active_h == 2
    assert by_id[with_patients.person_id].active_h == 2  # one to three, each once
    assert by_id[nothing.person_id].active_h == 0
    assert by_id[nothing.person_id].unmeasured_h == 16.5
    (post,) = found.posts
    assert (post.duties, post.measured) == (7, 2)
    assert post.active_min == pytest.approx(4 / 33 * 60)
    assert post.duty_class == 1


def test_duties_at_another_place_make_one_tired_too_but_give_no_class_here(
    vefsn, overlege
):
    make.duty(
        vefsn[0], at=make.station("annen"), starts_at=at(MONDAY, time(9)), hours=6
    )
    found = load(workplace_for(overlege), AUTUMN)
    assert found.people[0].duties == 8
    assert [post.duties for post in found.posts] == [84]


def test_who_oversees_sees_all_and_the_others_themselves(vefsn, overlege):
    assert "Lege 05" in asking(overlege).get(ADDRESS).content.decode()
    mine = asking(vefsn[5]).get(ADDRESS).content.decode()
    assert "Min belastning" in mine
    assert "Lege 05" in mine
    assert "Lege 04" not in mine
    file = asking(vefsn[5]).get(ADDRESS + "&csv=uker").content.decode()
    assert "Lege 05" in file
    assert "Lege 04" not in file


def test_who_has_no_duty_here_is_told_so(place):
    nurse = make.user("nina", roles=["nurse"], at=place)
    page = asking(nurse).get(ADDRESS).content.decode()
    assert "Du har verken vakt eller stilling her" in page


def test_more_than_a_year_is_cut_and_said(vefsn, overlege):
    page = asking(overlege).get("/vaktplan/belastning/?fra=2020-01-01&til=2026-11-01")
    assert "Høyst ett år om gangen" in page.content.decode()
    assert page.context["period"].days <= 54 * 7


def test_the_page_asks_the_database_as_often_for_twelve_as_for_one(
    vefsn, overlege, place
):
    client = asking(overlege)
    client.get(ADDRESS)  # the settings are kept from here on
    with CaptureQueriesContext(
        connection,
    ) as twelve:
        client.get(ADDRESS)
    Duty.objects.exclude(person=vefsn[0]).delete()
    with CaptureQueriesContext(connection) as one:
        client.get(ADDRESS)
    assert len(twelve) == len(one) <= 32


def test_before_the_first_limits_there_is_nothing_to_hold_the_hours_against(
    vefsn, overlege
):
    page = asking(overlege).get("/vaktplan/belastning/?fra=2011-01-01&til=2011-02-01")
    assert "Tallene begynner i juni 2015" in page.content.decode()
