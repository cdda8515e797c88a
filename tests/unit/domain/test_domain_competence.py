"""Who may work alone: tables of edges, properties, and the day of change day by day."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from varde.content import competence_text
from varde.domain.competence.holding import add_months, held
from varde.domain.competence.person import (
    Counted,
    Days,
    Dispensation,
    Document,
    LocalNumber,
    Person,
    Role,
    Service,
)
from varde.domain.competence.rules import Demand, Group, HasDocument, Question
from varde.domain.competence.service_time import served
from varde.domain.competence.verdict import (
    decide,
    every_demand,
    is_lis1,
    is_yes,
    periods_of_yes,
)
from varde.engines.competence_rules import load


BOOK = load(competence_text(), filename="competence.yaml")
ON = date(2026, 11, 20)
D = date.fromisoformat
ONE_DAY = timedelta(days=1)


def document(kind, first="2020-01-01", last=None):
    return Document(
        kind=kind, days=Days(first=D(first), last=D(last) if last else None)
    )


def service(kind, first, last=None, share=1):
    return Service(
        kind=kind,
        starts_on=D(first),
        last_on=D(last) if last else None,
        share=Fraction(share),
    )


def duties(count, on="2026-01-01", kind="legevakt_duties"):
    return Counted(kind=kind, on=D(on), count=count)


COURSES = (document("course_acute_medicine"), document("course_violence_abuse"))
AUTHORISED = document("authorisation", "2015-01-01")


def doctor(*parts, **fields):
    """An authorised doctor with both courses, and what more is given."""
    found = {
        "documents": (AUTHORISED, *COURSES),
        "services": (),
        "counted": (),
        "dispensations": (),
    }
    place = {
        Document: "documents",
        Service: "services",
        Counted: "counted",
        Dispensation: "dispensations",
    }
    for part in parts:
        found[place[type(part)]] += (part,)
    return Person(role=Role.DOCTOR, **(found | fields))


def verdict(person, on=ON, question=Question.ALONE):
    return decide(BOOK.rule(person.role, question, on=on), person, on=on)


MONTHS_30 = service("clinical_service", "2020-01-01", "2022-06-30")
MONTHS_12 = service("general_practice", "2018-01-01", "2018-12-31")
SPECIALIST = document("specialist_allmennmedisin")
GODKJENT = document("godkjent_allmennlege")
# What an authorised doctor with both courses has besides, and whether it is enough.
EXPERIENCE = [
    ((), False),
    ((SPECIALIST,), True),
    ((GODKJENT,), False),
    ((GODKJENT, MONTHS_12), True),
    ((GODKJENT, duties(39)), False),
    ((GODKJENT, duties(40)), True),
    ((GODKJENT, duties(20), duties(20)), True),
    ((GODKJENT, duties(40, on="2026-11-21")), False),  # not yet done
    ((MONTHS_30, duties(40)), True),
    ((MONTHS_30, duties(39)), False),
    ((service("clinical_service", "2020-01-01", "2022-06-29"), duties(40)), False),
    ((service("clinical_service", "2012-01-01", "2014-12-31"), duties(40)), False),
    ((service("general_practice", "2020-01-01", "2022-06-30"),), True),
    ((service("general_practice", "2024-01-01", "2024-12-30"), GODKJENT), False),
    ((service("general_practice", "2024-01-01", "2024-12-31"), GODKJENT), True),
    ((service("general_practice", "2024-01-01", "2025-12-30", "1/2"), GODKJENT), False),
    ((service("general_practice", "2024-01-01", "2025-12-31", "1/2"), GODKJENT), True),
]


@pytest.mark.parametrize(("parts", "expected"), EXPERIENCE)
def test_a_doctor_alone_needs_the_speciality_or_service_and_practice(parts, expected):
    assert verdict(doctor(*parts)).may is expected


@pytest.mark.parametrize(
    ("documents", "on", "expected"),
    [
        ((AUTHORISED, SPECIALIST, *COURSES), ON, True),
        ((SPECIALIST, *COURSES), ON, False),
        ((AUTHORISED, SPECIALIST), ON, False),
        ((AUTHORISED, SPECIALIST), D("2022-04-30"), True),
        ((AUTHORISED, SPECIALIST), D("2022-05-01"), False),
        ((AUTHORISED, SPECIALIST, COURSES[0]), ON, False),
        ((AUTHORISED, SPECIALIST, COURSES[1]), ON, False),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[1],
                document("course_acute_medicine_theory"),
            ),
            ON,
            False,
        ),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[1],
                document("course_acute_medicine_theory"),
                document("course_acute_medicine_practical"),
            ),
            ON,
            True,
        ),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[1],
                document("course_acute_medicine_earlier", "2017-12-30"),
            ),
            ON,
            True,
        ),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[1],
                document("course_acute_medicine_earlier", "2017-12-31"),
            ),
            ON,
            False,
        ),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[1],
                document("course_legevakt_earlier", "2014-03-01"),
            ),
            ON,
            True,
        ),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[0],
                document("course_violence_abuse_earlier", "2012-12-31"),
            ),
            ON,
            False,
        ),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[0],
                document("course_violence_abuse_earlier", "2013-01-01"),
            ),
            ON,
            True,
        ),
        (
            (
                AUTHORISED,
                SPECIALIST,
                COURSES[0],
                document("course_violence_abuse_earlier", "2018-01-01"),
            ),
            ON,
            False,
        ),
    ],
)
def test_a_doctor_alone_is_authorised_and_has_both_courses(documents, on, expected):
    assert verdict(Person(role=Role.DOCTOR, documents=documents), on).may is expected


def test_service_counts_from_cand_med_or_authorisation():
    before = service("clinical_service", "2010-01-01", "2014-12-31")
    assert not verdict(doctor(before, duties(40))).may
    graduated = document("cand_med", "2012-06-30")
    assert verdict(doctor(before, duties(40), graduated)).may
    nobody_knows = Person(
        role=Role.DOCTOR, documents=COURSES, services=(before,), counted=(duties(40),)
    )
    found = verdict(nobody_knows)
    have = {one.code: one.held.have for one in found.reasons}
    assert have["clinical_service"] == 0


LIS1 = (Days(first=D("2022-09-01"), last=D("2024-02-28")),)
CHOSEN = {"lis1_exception": (Days(first=D("2023-01-01"), last=D("2026-12-31")),)}


@pytest.mark.parametrize(
    ("on", "choices", "completed", "expected"),
    [
        ("2024-06-01", CHOSEN, "2024-02-28", True),
        ("2024-06-01", {}, "2024-02-28", False),
        ("2024-06-01", CHOSEN, "2024-06-02", False),
        ("2024-12-31", CHOSEN, "2024-02-28", True),
        ("2025-01-01", CHOSEN, "2024-02-28", False),  # what holds since is not known
        ("2022-12-31", CHOSEN, "2021-02-28", False),  # not chosen yet
        ("2023-01-01", CHOSEN, "2021-02-28", True),
    ],
)
def test_the_lis1_exception_holds_where_chosen_and_while_it_lasts(
    on, choices, completed, expected
):
    person = doctor(document("lis1_completed", completed), choices=choices)
    assert verdict(person, D(on)).may is expected


def test_the_lis1_exception_does_not_set_the_courses_aside():
    person = Person(
        role=Role.DOCTOR,
        documents=(AUTHORISED, document("lis1_completed", "2024-02-28")),
        choices=CHOSEN,
    )
    assert not verdict(person, D("2024-06-01")).may


def test_lis1_unfinished_is_never_alone_whatever_else_is_there():
    many = duties(400, on="2022-01-01")
    person = doctor(MONTHS_30, many, lis1=LIS1, choices=CHOSEN)
    found = verdict(person)
    assert not found.may
    assert found.reasons[0].code == "lis1_unfinished"
    assert found.nearest_way[0].code == "lis1_unfinished"
    assert verdict(person, D("2022-08-31")).may  # before it began
    assert verdict(person, D("2022-08-31")).changes_on == D("2022-09-01")
    for lifting in ("lis1_completed", "specialist_allmennmedisin"):
        lifted = doctor(MONTHS_30, many, document(lifting), lis1=LIS1)
        assert verdict(lifted).may
    assert is_lis1(person, on=D("2023-01-01"))
    assert not is_lis1(person, on=D("2024-03-01"))


def test_the_nearest_way_is_the_shortest_and_says_how_much():
    nearly = doctor(service("clinical_service", "2020-01-01", "2022-03-31"), duties(38))
    way = verdict(nearly).nearest_way
    assert [one.code for one in way] == ["clinical_service", "legevakt_duties"]
    assert way[0].held.effort_days == 90  # three months
    assert (way[1].held.have, way[1].held.need) == (38, 40)
    gp = doctor(GODKJENT, service("general_practice", "2024-01-01", "2024-11-30"))
    assert [one.code for one in verdict(gp).nearest_way] == ["general_practice"]
    assert verdict(doctor(SPECIALIST)).nearest_way == ()


def test_what_can_no_longer_be_had_is_not_among_the_reasons():
    person = Person(role=Role.DOCTOR, documents=(AUTHORISED, SPECIALIST))
    codes = [one.code for one in verdict(person).reasons]
    assert "course_acute_medicine_earlier" not in codes
    assert "course_violence_abuse_earlier" not in codes
    assert "course_violence_abuse" in codes


def test_an_expired_course_turns_yes_to_no_the_day_after():
    courses = (
        document("course_acute_medicine", "2022-01-01", "2026-11-30"),
        COURSES[1],
    )
    person = doctor(SPECIALIST, documents=(AUTHORISED, SPECIALIST, *courses))
    assert verdict(person).may
    assert verdict(person).changes_on == D("2026-12-01")
    until = {one.code: one.held.until for one in verdict(person).reasons}
    assert until["course_acute_medicine"] == D("2026-11-30")
    renewed = document("course_acute_medicine", "2026-12-01", "2030-12-01")
    again = replace(person, documents=(*person.documents, renewed))
    until = {one.code: one.held.until for one in verdict(again).reasons}
    assert until["course_acute_medicine"] == D("2030-12-01")
    assert verdict(again).changes_on == D("2030-12-02")
    late = document("course_acute_medicine", "2026-12-02")
    gap = replace(person, documents=(*person.documents, late))
    assert verdict(gap).changes_on == D("2026-12-01")
    assert verdict(gap, D("2026-12-01")).changes_on == D("2026-12-02")


def test_a_dispensation_carries_until_its_end_and_is_told():
    without = Person(role=Role.DOCTOR, documents=(AUTHORISED, SPECIALIST, COURSES[1]))
    aside = Dispensation(
        demand="course_acute_medicine",
        days=Days(first=D("2026-11-01"), last=D("2027-01-31")),
    )
    person = replace(without, dispensations=(aside,))
    found = verdict(person)
    assert not verdict(without).may
    assert found.may
    assert found.changes_on == D("2027-02-01")
    used = {one.code: one.held for one in found.reasons}["course_acute_medicine"]
    assert used.is_dispensed
    assert used.until == D("2027-01-31")
    never = Dispensation(demand="authorisation", days=aside.days)
    assert not verdict(
        Person(
            role=Role.DOCTOR, documents=(SPECIALIST, *COURSES), dispensations=(never,)
        )
    ).may


OPERATOR = (
    document("health_bachelor"),
    document("practice_accepted"),
    document("operator_course"),
    *COURSES,
)


def operator(count, local=(), documents=OPERATOR):
    return Person(
        role=Role.OPERATOR,
        documents=documents,
        counted=(duties(count, kind="training_duties"),),
        local=local,
    )


@pytest.mark.parametrize(
    ("count", "local", "expected"),
    [
        (4, (), False),
        (5, (), True),
        (19, (("2026-01-01", 20),), False),
        (20, (("2026-01-01", 20),), True),
        (2, (("2026-01-01", 20), ("2026-06-01", 2)), True),
        (5, (("2026-11-21", 20),), True),  # not yet decided
    ],
)
def test_an_operator_answers_alone_after_so_many_training_duties(
    count, local, expected
):
    numbers = tuple(
        LocalNumber(name="training_duties", first=D(first), number=number)
        for first, number in local
    )
    assert verdict(operator(count, numbers)).may is expected


@pytest.mark.parametrize("lacking", [one.kind for one in OPERATOR])
def test_an_operator_alone_has_each_document(lacking):
    some = tuple(one for one in OPERATOR if one.kind != lacking)
    assert verdict(operator(5)).may
    assert not verdict(operator(5, documents=some)).may


def test_a_higher_number_of_training_duties_is_seen_ahead():
    raised = (LocalNumber(name="training_duties", first=D("2027-01-01"), number=8),)
    assert verdict(operator(5, raised)).changes_on == D("2027-01-01")


def test_other_health_staff_need_the_two_courses():
    nurse = Person(role=Role.HEALTH_STAFF, documents=COURSES)
    assert verdict(nurse).may
    assert not verdict(replace(nurse, documents=COURSES[:1])).may


def test_what_a_doctor_shall_have_besides_and_what_is_advice():
    needed = tuple(
        document(kind)
        for kind in ("authorisation", "start_training", "following_day", "nodnett")
    )
    person = Person(role=Role.DOCTOR, documents=needed)
    found = verdict(person, question=Question.DUTY)
    assert found.may
    missing = [one.code for one in found.reasons if not one.held.is_met]
    assert missing == ["basic_training", "joint_exercise"]
    for lacking in needed:
        some = tuple(one for one in needed if one != lacking)
        less = verdict(replace(person, documents=some), question=Question.DUTY)
        assert [one.code for one in less.nearest_way] == [lacking.kind]


def test_the_joint_exercise_counts_for_twelve_months():
    rule = BOOK.rule(Role.OPERATOR, Question.DUTY, on=ON)
    demand = next(d for d in rule.every_demand() if d.code == "joint_exercise")
    person = Person(
        role=Role.OPERATOR, documents=(document("joint_exercise", "2025-11-21"),)
    )
    assert held(demand, person, on=D("2026-11-20")).until == D("2026-11-20")
    assert held(demand, person, on=D("2026-11-20")).is_met
    assert not held(demand, person, on=D("2026-11-21")).is_met
    shorter = document("joint_exercise", "2025-11-21", "2026-03-01")
    short = Person(role=Role.OPERATOR, documents=(shorter,))
    assert held(demand, short, on=D("2026-01-01")).until == D("2026-03-01")


def test_lis1_are_asked_for_the_exercise_a_month_after_they_began():
    person = doctor(lis1=(Days(first=D("2026-09-01"), last=D("2027-08-31")),))
    rule = BOOK.rule(Role.DOCTOR, Question.DUTY, on=ON)

    def codes(on):
        return [one.code for one in every_demand(rule, person, on=D(on))]

    assert "lis1_exercise" not in codes("2026-09-30")
    assert "lis1_exercise" in codes("2026-10-01")
    assert "lis1_exercise" not in codes("2027-09-01")
    alone = BOOK.rule(Role.DOCTOR, Question.ALONE, on=ON)
    assert "lis1_completed" not in [
        one.code for one in every_demand(alone, person, on=ON)
    ]


def test_before_a_rule_there_is_no_answer():
    rule = BOOK.rule(Role.DOCTOR, Question.ALONE, on=ON)
    assert BOOK.rule(Role.DOCTOR, Question.ALONE, on=D("2015-04-30")) is None
    with pytest.raises(ValueError, match="does not hold on 2015-04-30"):
        decide(rule, doctor(SPECIALIST), on=D("2015-04-30"))
    found = periods_of_yes(
        rule, doctor(SPECIALIST), first=D("2010-01-01"), last=D("2012-01-01")
    )
    assert found == ()


def test_an_exception_that_is_all_there_is_and_not_chosen_is_a_no():
    rule = BOOK.rule(Role.DOCTOR, Question.ALONE, on=ON)
    demand = Demand(
        code="x", words="x", source="x", test=HasDocument(kinds=frozenset({"x"}))
    )
    chosen = Group(parts=(demand,), needs_all=True, choice="local")
    only = replace(rule, demands=Group(parts=(chosen,), needs_all=False))
    person = Person(role=Role.DOCTOR, documents=(document("x"),))
    assert not decide(only, person, on=ON).may
    with_choice = replace(person, choices={"local": (Days(first=ON),)})
    assert decide(only, with_choice, on=ON).may


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Days(first=ON, last=ON - ONE_DAY), "ends"),
        (lambda: service("a", "2026-01-02", "2026-01-01"), "ends"),
        (lambda: service("a", "2026-01-01", share=0), "share is 0"),
        (lambda: service("a", "2026-01-01", share=2), "share is 2"),
        (lambda: duties(-1), "below 0"),
        (lambda: Dispensation(demand="a", days=Days(first=ON)), "has no end"),
    ],
)
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-12-15", 12, "2027-12-15"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-03-31", 0, "2026-03-31"),
    ],
)
def test_months_are_added_to_the_same_day(day, months, expected):
    assert add_months(D(day), months) == D(expected)


def test_overlapping_work_is_never_more_than_whole():
    double = [service("a", "2026-01-01"), service("a", "2026-01-01", share="1/2")]
    assert served(double, since=D("2000-01-01"), before=D("2026-03-01")) == 60
    assert served(double, since=None, before=D("2026-03-01")) == 0
    assert served([], since=D("2000-01-01"), before=D("2026-03-01")) == 0


# ------------------------------------------------------------------ properties

DAYS = st.dates(D("2021-01-01"), D("2027-12-31"))
PERIODS = st.builds(
    lambda first, length: Days(
        first=first, last=None if length is None else first + timedelta(days=length)
    ),
    DAYS,
    st.none() | st.integers(0, 1200),
)
DOCUMENTS = st.lists(
    st.builds(
        Document,
        kind=st.sampled_from(sorted(BOOK.documents)),
        days=PERIODS,
    ),
    max_size=9,
)
SERVICES = st.lists(
    st.builds(
        lambda kind, days, share: Service(
            kind=kind, starts_on=days.first, last_on=days.last, share=share
        ),
        st.sampled_from(sorted(BOOK.services)),
        PERIODS,
        st.sampled_from([Fraction(1, 2), Fraction(4, 5), Fraction(1)]),
    ),
    max_size=4,
)
COUNTS = st.lists(
    st.builds(
        Counted,
        kind=st.sampled_from(sorted(BOOK.counts)),
        on=DAYS,
        count=st.integers(0, 45),
    ),
    max_size=3,
)
DISPENSATIONS = st.lists(
    st.builds(
        lambda demand, first, length: Dispensation(
            demand=demand,
            days=Days(first=first, last=first + timedelta(days=length)),
        ),
        st.sampled_from(
            ["course_acute_medicine", "clinical_service", "operator_course"]
        ),
        DAYS,
        st.integers(0, 400),
    ),
    max_size=2,
)
PERSONS = st.builds(
    lambda role, documents, services, counted, lis1, dispensations, chosen, base: (
        Person(
            role=role,
            documents=(*documents, *(base and (AUTHORISED, *COURSES))),
            services=tuple(services),
            counted=tuple(counted),
            lis1=tuple(lis1),
            dispensations=tuple(dispensations),
            choices={"lis1_exception": tuple(chosen)},
        )
    ),
    st.sampled_from([Role.DOCTOR, Role.OPERATOR, Role.HEALTH_STAFF]),
    DOCUMENTS,
    SERVICES,
    COUNTS,
    st.lists(PERIODS, max_size=1),
    DISPENSATIONS,
    st.lists(PERIODS, max_size=1),
    st.sampled_from([(), True]),
)


@settings(max_examples=60, deadline=None)
@given(PERSONS, DOCUMENTS, SERVICES, COUNTS, DISPENSATIONS, DAYS)
def test_more_that_is_documented_never_turns_a_yes_to_a_no(
    person, documents, services, counted, dispensations, on
):
    more = replace(
        person,
        documents=(*person.documents, *documents),
        services=(*person.services, *services),
        counted=(*person.counted, *counted),
        dispensations=(*person.dispensations, *dispensations),
    )
    for question in Question:
        if verdict(person, on, question).may:
            assert verdict(more, on, question).may


def test_periods_of_yes_join_where_the_course_is_renewed_in_time():
    rule = BOOK.rule(Role.DOCTOR, Question.ALONE, on=ON)
    first = document("course_acute_medicine", "2022-01-01", "2026-06-30")
    second = document("course_acute_medicine", "2026-07-01", "2026-08-31")
    third = document("course_acute_medicine", "2026-10-01")
    person = Person(
        role=Role.DOCTOR,
        documents=(AUTHORISED, SPECIALIST, COURSES[1], first, second, third),
    )
    found = periods_of_yes(rule, person, first=D("2026-01-01"), last=D("2026-12-31"))
    assert found == (
        Days(first=D("2026-01-01"), last=D("2026-08-31")),
        Days(first=D("2026-10-01"), last=D("2026-12-31")),
    )


@settings(max_examples=12, deadline=None)
@given(PERSONS, st.dates(D("2022-01-01"), D("2026-12-31")))
def test_the_day_of_change_is_the_first_day_with_the_other_answer(person, on):
    rule = BOOK.rule(person.role, Question.ALONE, on=on)
    found = decide(rule, person, on=on)
    last = on + timedelta(days=500)
    day = on
    while day < last and is_yes(rule, person, on=day) == found.may:
        day += ONE_DAY
    if day < last:
        assert found.changes_on == day
    else:
        assert found.changes_on is None or found.changes_on >= last


@settings(max_examples=25, deadline=None)
@given(PERSONS, st.dates(D("2021-06-01"), D("2026-12-31")), st.integers(0, 150))
def test_the_periods_of_yes_are_the_days_of_yes(person, first, length):
    rule = BOOK.rule(person.role, Question.ALONE, on=first)
    last = first + timedelta(days=length)
    periods = periods_of_yes(rule, person, first=first, last=last)
    day = first
    while day <= last:
        is_in = [one for one in periods if one.has(day)]
        assert is_yes(rule, person, on=day) == (len(is_in) == 1)
        day += ONE_DAY
    assert all(one.last < other.first - ONE_DAY for one, other in pairwise(periods))


@settings(max_examples=50, deadline=None)
@given(PERSONS, DAYS)
def test_the_nearest_way_leads_to_a_yes(person, on):
    """Each step taken as far as it says, on the day: then the answer is yes."""
    found = verdict(person, on)
    assert found.may == (not found.nearest_way)
    done = person
    for step in found.nearest_way:
        part = step.part
        if not isinstance(part, Demand):
            kinds, months, count = {"lis1_completed"}, 0, 0
        else:
            kinds = getattr(part.test, "kinds", set())
            months = getattr(part.test, "months", 0)
            count = getattr(part.test, "count", 0)
        done = replace(
            done,
            documents=(
                *done.documents,
                *(Document(kind=kind, days=Days(first=on)) for kind in kinds),
                *((months and (document("cand_med", "2010-01-01"),)) or ()),
            ),
            services=(
                *done.services,
                *(
                    (
                        months
                        and (service("general_practice", "2010-01-01", "2014-12-31"),)
                    )
                    or ()
                ),
            ),
            counted=(
                *done.counted,
                *(
                    Counted(kind=kind, on=on, count=count)
                    for kind in ((count and part.test.of) or ())
                ),
            ),
        )
    assert verdict(done, on).may


@settings(max_examples=50, deadline=None)
@given(st.lists(st.dates(D("2020-01-01"), D("2024-12-31")), min_size=3, max_size=3))
def test_service_can_be_split_without_loss(days):
    first, middle, last = sorted(days)
    whole = [service("a", "2019-01-01")]
    parts = served(whole, since=first, before=middle) + served(
        whole, since=middle, before=last
    )
    assert parts == served(whole, since=first, before=last)
