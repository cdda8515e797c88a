"""Review of contacts: what is drawn, who may judge, who sees what, and what is told."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests import make
from tests.query_count import queries_of
from varde.apps.records.models import Assessment, AuditEntry, Review, ReviewScore
from varde.apps.sentral.queries import review as queries
from varde.apps.sentral.queries.review import Shelf
from varde.apps.sentral.services import review
from varde.domain.errors import Rule, RuleBroken
from varde.domain.review import drawn_at_random


pytestmark = pytest.mark.django_db
FIRST, UNTIL = date(2026, 11, 9), date(2026, 11, 16)
INSIDE = make.NOW - timedelta(days=6)  # 14 November
AT = make.NOW
LIST = "/sentral/gjennomgang/"


@pytest.fixture
def overlege():
    make.settings()
    return make.user("overlege", roles=["legevaktoverlege"])


def closed(closed_at=INSIDE, **fields):
    """A contact that nothing but chance would draw."""
    plain = {"hastegrad_phone": "vanlig", "hastegrad_phone_first": "vanlig"}
    return make.contact(
        opened_at=fields.pop("opened_at", closed_at - timedelta(minutes=5)),
        state="closed",
        closed_at=closed_at,
        **plain | fields,
    )


def draw(by=None, *, first=FIRST, until=UNTIL, at=AT):
    return review.draw(sentral=make.sentral(), first=first, until=until, by=by, at=at)


def drawn(**fields):
    """A contact on the list of reviews."""
    contact = closed(**fields)
    return Review.objects.create(
        contact=contact,
        district=contact.district,
        sentral=contact.sentral,
        why="random",
        drawn_at=AT,
    )


def answers(**other):
    """An answer to every question: the first of those offered."""
    asked = queries.questions().questions
    return {q.id: q.answers[0].code for q in asked} | other


def give(row, by, **other):
    return review.score(
        review_id=row.pk, answers=answers(**other), comment="", by=by, at=AT
    )


def reviewer(name, role="shift_leader"):
    return make.user(name, roles=[role])


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


# ------------------------------------------------------------------------ drawing


def test_a_draw_takes_the_random_share_and_everything_with_a_sign(overlege):
    plain = [closed().pk for _ in range(50)]
    again = closed(repeat_no=2)
    raised = closed(hastegrad_phone="haster")
    result = draw(overlege)
    assert (result.contacts, result.random) == (52, 2)  # 2 % of 52, rounded up
    lot = drawn_at_random([*plain, again.pk, raised.pk], share=0.02, seed=result.seed)
    assert set(
        Review.objects.filter(why="random").values_list("contact_id", flat=True)
    ) == set(lot)
    signs = {again.pk, raised.pk} - lot
    assert result.repeat + result.upgraded == len(signs)
    assert set(Review.objects.values_list("contact_id", flat=True)) == lot | signs


@pytest.mark.parametrize(
    ("fields", "is_upgraded"),
    [
        ({}, False),
        ({"hastegrad_phone": "haster"}, True),
        ({"hastegrad_phone": "rad"}, False),
        ({"hastegrad_arrival_first": "gronn", "hastegrad_arrival": "gul"}, True),
        ({"hastegrad_arrival_first": "gul", "hastegrad_arrival": "gul"}, True),
        ({"hastegrad_arrival_first": "gronn", "hastegrad_arrival": "gronn"}, False),
        ({"hastegrad_phone": "", "hastegrad_phone_first": ""}, False),
    ],
)
def test_a_contact_that_turned_out_more_urgent_is_drawn(overlege, fields, is_upgraded):
    no_lot(overlege)
    contact = closed(**fields)
    draw(overlege)
    assert (
        Review.objects.filter(contact=contact, why="upgraded").exists() is is_upgraded
    )


def test_a_judgement_raised_and_lowered_again_is_an_upgrade(overlege):
    no_lot(overlege)
    contact = closed()
    for minute, level in enumerate(["vanlig", "haster", "vanlig"]):
        Assessment.objects.create(
            contact=contact,
            district=contact.district,
            axis="phone",
            hastegrad=level,
            by=overlege,
            occurred_at=INSIDE + timedelta(minutes=minute),
            recorded_at=INSIDE,
        )
    assert draw(overlege).upgraded == 1


@pytest.mark.parametrize(
    ("hours", "level", "same_row", "is_upgraded"),
    [
        (10, "akutt", True, True),
        (10, "akutt", False, True),  # the same number, another row
        (10, "vanlig", True, False),
        (71, "haster", True, True),
        (73, "haster", True, False),  # outside the window
        (-10, "akutt", True, False),  # that was before
    ],
)
def test_a_patient_who_came_back_worse_makes_the_first_contact_an_upgrade(
    overlege, hours, level, same_row, is_upgraded
):
    no_lot(overlege)
    number = "01815012345"
    patient = make.patient(national_id=number)
    other = (
        patient
        if same_row
        else make.patient(national_id=number, of=make.district("ytre", "Ytre distrikt"))
    )
    first = closed(patient=patient)
    make.contact(
        opened_at=first.opened_at + timedelta(hours=hours),
        hastegrad_phone=level,
        patient=other,
        district=other.district,
    )
    draw(overlege)
    assert Review.objects.filter(contact=first).exists() is is_upgraded


def test_the_same_period_again_draws_nothing_twice(overlege):
    for _ in range(30):
        closed()
    first = draw(overlege)
    before = set(Review.objects.values_list("contact_id", flat=True))
    second = draw(overlege)
    assert (first.new, second.new, first.seed) == (1, 0, second.seed)
    assert set(Review.objects.values_list("contact_id", flat=True)) == before
    third = closed(repeat_no=3)
    draw(overlege)  # by chance, or because it is a repeat
    assert Review.objects.filter(contact=third).count() == 1


def test_only_what_was_closed_in_the_period_at_this_sentral_is_drawn(overlege):
    midnight = make.NOW.replace(day=8, hour=23, minute=0)  # 9 November in Norway
    inside = closed(midnight, repeat_no=2)
    closed(midnight - timedelta(seconds=1), repeat_no=2)
    closed(midnight + timedelta(days=7), repeat_no=2)
    closed(repeat_no=2, at=make.sentral("ANN"))
    make.contact(opened_at=INSIDE, repeat_no=2)  # still open
    draw(overlege)
    assert list(Review.objects.values_list("contact_id", flat=True)) == [inside.pk]


def test_the_seed_and_what_came_of_it_are_in_the_log(overlege):
    closed()
    result = draw(overlege)
    entry = AuditEntry.objects.get(what="review_drawn")
    assert entry.user_id == overlege.pk
    assert entry.data == {
        "first": "2026-11-09",
        "until": "2026-11-16",
        "share": 0.02,
        "seed": result.seed,
        "contacts": 1,
        "random": 1,
        "repeat": 0,
        "upgraded": 0,
    }


@pytest.mark.parametrize(
    ("first", "until"),
    [
        (date(2026, 11, 9), date(2026, 11, 9)),
        (date(2026, 11, 9), date(2026, 11, 8)),
        (date(2026, 11, 19), date(2026, 11, 21)),  # the 20th is not over
        (date(2026, 10, 1), date(2026, 11, 2)),  # 32 days
    ],
)
def test_a_period_that_is_empty_too_long_or_not_over_is_refused(overlege, first, until):
    closed()
    with pytest.raises(RuleBroken) as refused:
        draw(overlege, first=first, until=until)
    assert refused.value.rule is Rule.REVIEW_PERIOD_NOT_VALID
    assert Review.objects.count() == 0
    draw(overlege, first=date(2026, 10, 1), until=date(2026, 11, 1))  # 31 are allowed


def test_a_draw_does_not_ask_more_for_more_contacts(overlege):
    closed(patient=make.patient(), repeat_no=2)
    few = queries_of(lambda: draw(overlege))
    for n in range(20):
        closed(patient=make.patient(), repeat_no=2, hastegrad_phone="haster" * (n % 2))
    assert queries_of(lambda: draw(overlege)) == few


def test_if_the_log_cannot_be_written_nothing_is_drawn(overlege, monkeypatch):
    closed()
    monkeypatch.setattr(review.audit, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        draw(overlege)
    assert Review.objects.count() == 0


# ------------------------------------------------------------------------ scoring


def test_two_score_independently_and_the_third_is_too_late(overlege):
    row = drawn()
    give(row, reviewer("a"))
    give(row, reviewer("b"))
    with pytest.raises(RuleBroken) as refused:
        give(row, reviewer("c"))
    assert refused.value.rule is Rule.REVIEW_IS_SCORED
    assert row.scores.count() == 2


def test_nobody_scores_twice(overlege):
    row = drawn()
    give(row, reviewer("a"))
    with pytest.raises(RuleBroken) as refused:
        give(row, reviewer("a"))
    assert refused.value.rule is Rule.REVIEW_NEEDS_ANOTHER_REVIEWER


@pytest.mark.parametrize("part", ["opened_by", "closed_by", "owner", "judged", "acted"])
def test_nobody_judges_work_that_was_her_own(overlege, part):
    hers = reviewer("a")
    columns = {part: hers} if part not in {"judged", "acted"} else {}
    row = drawn(**columns)
    if part == "judged":
        Assessment.objects.create(
            contact=row.contact,
            district=row.district,
            axis="phone",
            hastegrad="haster",
            by=hers,
            occurred_at=AT,
            recorded_at=AT,
        )
    if part == "acted":
        row.contact.events.create(
            district=row.district,
            kind="closed",
            by=hers,
            occurred_at=AT,
            recorded_at=AT,
        )
    with pytest.raises(RuleBroken) as refused:
        give(row, hers)
    assert refused.value.rule is Rule.REVIEW_OF_OWN_WORK
    assert "Din egen kontakt" in page(hers, f"{LIST}{row.pk}/")
    give(row, reviewer("b"))  # the twin: another may


def test_every_question_must_have_one_of_its_answers(overlege):
    row = drawn()
    given = answers(urgency="perhaps")
    del given["advice"]
    with pytest.raises(RuleBroken) as refused:
        review.score(
            review_id=row.pk, answers=given, comment="", by=reviewer("a"), at=AT
        )
    assert refused.value.rule is Rule.REVIEW_ANSWERS_MISSING
    assert refused.value.values == {"count": "2"}
    assert row.scores.count() == 0


def test_a_score_keeps_the_version_of_the_questions_and_nothing_else(overlege):
    row = drawn()
    score = give(row, reviewer("a"), not_a_question="met")
    assert score.answers["version"] == queries.questions().version
    assert set(score.answers["answers"]) == {
        q.id for q in queries.questions().questions
    }


def test_if_the_log_cannot_be_written_no_score_is_given(overlege, monkeypatch):
    row = drawn()
    monkeypatch.setattr(review.audit, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        give(row, reviewer("a"))
    assert ReviewScore.objects.count() == 0


def test_the_other_score_is_not_seen_before_ones_own(overlege):
    row = drawn()
    first, second, third = reviewer("a"), reviewer("b"), reviewer("c")
    give(row, first, urgency="too_low")
    assert queries.outcome_for(row, second) is None
    assert queries.outcome_for(row, third) is None
    assert len(queries.outcome_for(row, first).scores) == 1
    assert "For lav</td>" not in page(second, f"{LIST}{row.pk}/")
    assert "For lav</td>" in page(first, f"{LIST}{row.pk}/")
    give(row, second)
    found = queries.outcome_for(row, third)
    assert found.unequal == 1
    (unequal,) = [q for q in found.questions if not q.is_equal]
    assert (unequal.id, unequal.answers) == ("urgency", ("For lav", "Riktig"))
    in_order = [question.id for question in queries.questions().questions]
    assert [question.id for question in found.questions] == in_order


# ----------------------------------------------------------------------- feedback


def test_feedback_comes_after_both_and_once(overlege):
    row = drawn(closed_by=make.operator())
    give(row, reviewer("a"))
    for rule in (Rule.REVIEW_NOT_SCORED, None, Rule.CHANGED_BY_ANOTHER):
        if rule is None:
            give(row, reviewer("b"))
            tell(row, overlege, "Godt spurt.")
            continue
        with pytest.raises(RuleBroken) as refused:
            tell(row, overlege, "Annet.")
        assert refused.value.rule is rule
    row.refresh_from_db()
    assert (row.feedback, row.feedback_by) == ("Godt spurt.", overlege)


def test_feedback_without_words_is_refused(overlege):
    row = scored()
    with pytest.raises(RuleBroken) as refused:
        tell(row, overlege, "  ")
    assert refused.value.rule is Rule.FIELD_NOT_VALID


def test_the_one_whose_work_it_was_does_not_write_the_feedback(overlege):
    row = scored(closed_by=overlege)
    with pytest.raises(RuleBroken) as refused:
        tell(row, overlege, "Bra.")
    assert refused.value.rule is Rule.REVIEW_OF_OWN_WORK


def test_the_operator_reads_what_is_told_about_her_contact_and_nobody_elses(overlege):
    kari, ola = make.operator("kari"), make.operator("ola")
    row = scored(closed_by=kari)
    mine = f"{LIST}mine/"
    assert "Ingen tilbakemeldinger" in page(kari, mine)
    tell(row, overlege, "Spør om røde flagg.")
    assert "Spør om røde flagg." in page(kari, mine)
    assert "Spør om røde flagg." not in page(ola, mine)
    read = f"{mine}{row.pk}/lest/"
    assert as_user(ola).post(read).status_code == 404
    assert as_user(kari).post(read).status_code == 302
    row.refresh_from_db()
    first = row.read_at
    assert first is not None
    as_user(kari).post(read)
    row.refresh_from_db()
    assert row.read_at == first


def test_a_contact_that_nobody_closed_is_told_to_the_one_who_opened_it(overlege):
    kari = make.operator("kari")
    row = scored(opened_by=kari)
    tell(row, overlege, "Bra.")
    (told,) = queries.feedback_to(kari, row.sentral, first=0, most=9)
    assert told.id == row.pk


@pytest.mark.parametrize("act", ["tell", "read"])
def test_if_the_log_cannot_be_written_nothing_is_told_or_read(
    overlege, monkeypatch, act
):
    row = scored(closed_by=make.operator())
    if act == "read":
        tell(row, overlege, "Bra.")
    monkeypatch.setattr(review.audit, "log", broken)
    acts = {
        "tell": lambda: tell(row, overlege, "Bra."),
        "read": lambda: review.mark_read(review_id=row.pk, by=make.operator(), at=AT),
    }
    with pytest.raises(OSError, match="disk full"):
        acts[act]()
    row.refresh_from_db()
    assert (row.feedback_at is None) is (act == "tell")
    assert row.read_at is None


# ---------------------------------------------------------------------- agreement


def test_agreement_is_counted_over_both_scores_of_each_contact(overlege):
    a, b = reviewer("a"), reviewer("b")
    for first, second in [
        ("right", "right"),
        ("too_low", "too_low"),
        ("right", "too_low"),
    ]:
        row = drawn()
        give(row, a, urgency=first)
        give(row, b, urgency=second)
    give(drawn(), a, urgency="too_high")  # not yet scored by two
    of = {row.text: row for row in queries.agreement(make.sentral(), now=AT)}
    urgency = next(q.text for q in queries.questions().questions if q.id == "urgency")
    assert (of[urgency].pairs, of[urgency].share_equal) == (3, pytest.approx(2 / 3))
    assert of[urgency].kappa == pytest.approx(0.4)  # by hand: (6/9 - 4/9) / (5/9)
    others = [row for text, row in of.items() if text != urgency]
    assert {(row.share_equal, row.kappa) for row in others} == {(1.0, None)}


def test_answers_to_another_version_of_the_questions_are_not_counted(overlege):
    row = scored()
    ReviewScore.objects.update(
        answers={"version": "0", "answers": {"urgency": "right"}}
    )
    assert {a.pairs for a in queries.agreement(make.sentral(), now=AT)} == {0}
    assert {a.share_equal for a in queries.agreement(make.sentral(), now=AT)} == {None}
    assert queries.outcome_for(row, overlege).questions[0].id == "urgency"


# ---------------------------------------------------------------------- the screen


@pytest.mark.parametrize(
    ("role", "overview", "drawing"),
    [
        ("legevaktoverlege", 200, 302),
        ("doctor", 200, 404),
        ("shift_leader", 200, 404),
        ("operator", 404, 404),
        ("administrator", 404, 404),
        ("auditor", 404, 404),
    ],
)
def test_who_may_see_and_draw(role, overview, drawing):
    make.settings()
    client = as_user(make.user("noen", roles=[role]))
    assert client.get(LIST).status_code == overview
    days = {"fra": "2026-11-09", "til": "2026-11-15"}
    assert client.post(f"{LIST}trekk/", days).status_code == drawing


def test_a_review_of_another_sentral_is_not_there(overlege):
    row = drawn(at=make.sentral("ANN"))
    assert as_user(overlege).get(f"{LIST}{row.pk}/").status_code == 404
    theirs = make.user("andre", roles=["doctor"], at=make.sentral("ANN"))
    assert as_user(theirs).get(f"{LIST}{row.pk}/").status_code == 200


def test_a_contact_wanders_from_list_to_list(overlege):
    row = drawn(closed_by=make.operator())
    a, b = reviewer("a"), reviewer("b")
    assert on(a, row) == {Shelf.TO_SCORE}
    give(row, a)
    assert (on(a, row), on(b, row)) == ({Shelf.SCORED}, {Shelf.TO_SCORE})
    give(row, b)
    assert on(a, row) == on(overlege, row) == {Shelf.TO_TELL}
    tell(row, overlege, "Bra.")
    assert on(a, row) == on(overlege, row) == {Shelf.DONE}


def test_ones_own_work_is_not_on_the_list(overlege):
    row = drawn(closed_by=overlege)
    assert on(overlege, row) == set()
    assert on(reviewer("a"), row) == {Shelf.TO_SCORE}


def test_to_open_a_contact_for_review_is_logged_and_shows_no_name(overlege):
    patient = make.patient(family_name="Uniktnavn", birth_date=date(1950, 3, 1))
    row = drawn(patient=patient, narrative="Vondt i brystet", closed_by=make.operator())
    shown = page(overlege, f"{LIST}{row.pk}/")
    assert "Vondt i brystet" in shown
    assert "76 år" in shown
    assert "Uniktnavn" not in shown
    entry = AuditEntry.objects.get(kind="read", what="review")
    assert (entry.user_id, entry.contact_id) == (overlege.pk, row.contact_id)


def test_a_refused_score_keeps_what_was_answered(overlege):
    row = drawn()
    answer = as_user(overlege).post(
        f"{LIST}{row.pk}/vurder/", {"q-urgency": "too_low", "comment": "Uklart"}
    )
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in text
    assert "Det mangler 11." in text
    assert 'value="too_low" required checked' in text
    assert "Uklart" in text


def test_the_walk_through_the_screen_from_draw_to_feedback(overlege):
    kari = make.operator()
    closed(closed_by=kari)
    days = {"fra": "2026-11-09", "til": "2026-11-15"}
    told = as_user(overlege).post(f"{LIST}trekk/", days, follow=True).content.decode()
    assert "1 kontakt er lagt på lista, av 1 i perioden." in told
    row = Review.objects.get()
    form = {f"q-{key}": value for key, value in answers().items()}
    for user in (reviewer("a"), reviewer("b", "doctor")):
        url = f"{LIST}{row.pk}/vurder/"
        assert as_user(user).post(url, form).status_code == 302
    assert "Dere er enige om alt." in page(overlege, f"{LIST}{row.pk}/")
    url = f"{LIST}{row.pk}/tilbakemelding/"
    assert as_user(overlege).post(url, {"text": "Bra."}).status_code == 302
    assert "Bra." in page(kari, f"{LIST}mine/")


def test_a_period_that_makes_no_sense_is_refused_in_the_page(overlege):
    client = as_user(overlege)
    for days in (
        {},
        {"fra": "x", "til": "y"},
        {"fra": "2026-02-30", "til": "2026-03-01"},
    ):
        answer = client.post(f"{LIST}trekk/", days)
        assert answer.status_code == 200
        assert "Velg første og siste dag." in answer.content.decode()
    days = {"fra": "2026-11-15", "til": "2026-11-09"}
    assert 'role="alert"' in client.post(f"{LIST}trekk/", days).content.decode()


def test_the_list_asks_as_little_for_many_as_for_one_and_has_pages(overlege):
    drawn(complaint="hode")
    client = as_user(overlege)
    one = queries_of(lambda: client.get(LIST))
    for _ in range(54):
        drawn()
    assert queries_of(lambda: client.get(LIST)) == one
    assert one <= 35
    first, second = (client.get(f"{LIST}?side={n}").content.decode() for n in (1, 2))
    assert (first.count('scope="row"'), second.count('scope="row"')) == (62, 17)
    assert client.get(f"{LIST}?side=0").status_code == 404


def test_empty_lists_say_so(overlege):
    for which in Shelf:
        assert 'class="empty"' in page(overlege, f"{LIST}?liste={which}")
    assert "Ingenting venter på deg." in page(overlege, f"{LIST}?liste=ukjent")


def no_lot(by):
    """Chance draws nothing, so that what is drawn has a sign."""
    from varde.apps.records.models import DatedSetting

    DatedSetting.objects.filter(key="review.random_share").update(value=0.0)


def scored(**fields):
    row = drawn(**fields)
    give(row, reviewer("r1"))
    give(row, reviewer("r2"))
    return row


def tell(row, by, text):
    return review.give_feedback(review_id=row.pk, text=text, by=by, at=AT)


def on(user, row):
    """The lists of a person on which a review is."""
    return {
        which
        for which in Shelf
        if row.pk
        in {r.id for r in queries.shelf(row.sentral, which, user=user, first=0, most=9)}
    }


def page(user, url):
    answer = as_user(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def broken(**_):
    raise OSError("disk full")
