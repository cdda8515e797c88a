"""The doctor's page: questions, advice to approve one after the other, and being reachable."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import make
from tests.query_count import queries_of
from varde.apps.records.models import Approval, AuditEntry, DoctorQuestion
from varde.apps.sentral.queries import approvals as queries
from varde.apps.sentral.services import duty
from varde.config import door
from varde.web import live


pytestmark = pytest.mark.django_db
PAGE = "/sentral/lege/"


@pytest.fixture
def lise():
    make.settings()
    return make.user("lise", roles=["doctor"], first_name="Lise", last_name="Lege")


def question(*, asked_to=None, minutes=0, at=None, **fields):
    patient = make.patient(birth_date=date(1950, 3, 1), family_name="Uniktnavn")
    contact = make.contact(
        at=at, patient=patient, narrative="Vondt i brystet", **fields
    )
    return DoctorQuestion.objects.create(
        contact=contact,
        district=contact.district,
        asked_by=make.operator("kari", first_name="Kari", last_name="Li"),
        asked_to=asked_to,
        question="Skal han inn?",
        asked_at=make.NOW + timedelta(minutes=minutes),
    )


def approval(*, minutes=0, at=None, **fields):
    contact = make.contact(
        at=at,
        opened_at=make.NOW - timedelta(days=9),
        **{
            "state": "closed",
            "closed_at": make.NOW - timedelta(days=9),
            "closed_by": make.operator("kari"),
            "ended_in_advice": True,
            "narrative": "Feber siden i går",
            "patient": make.patient(birth_date=date(2023, 1, 1)),
        }
        | fields,
    )
    return Approval.objects.create(
        contact=contact,
        district=contact.district,
        created_at=make.NOW + timedelta(minutes=minutes),
    )


def as_user(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, url=PAGE):
    answer = as_user(user).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def url_of(row, act=""):
    kind = "sporsmal" if isinstance(row, DoctorQuestion) else "godkjenning"
    return f"{PAGE}{kind}/{row.pk}/{act}"


# ---------------------------------------------------------------------- questions


def test_a_question_is_shown_with_the_essentials_and_without_name_or_record(lise):
    question(hastegrad_phone="haster", repeat_no=3)
    text = page(lise)
    for words in ("Skal han inn?", "Fra Kari Li", "76 år", "Haster", "kontakt nr. 3"):
        assert words in text
    assert "Uniktnavn" not in text
    assert "Vondt i brystet" not in text
    assert not AuditEntry.objects.filter(kind="read").exists()


def test_to_read_the_record_behind_a_question_is_logged(lise):
    row = question()
    text = page(lise, url_of(row))
    assert "Vondt i brystet" in text
    assert "Uniktnavn" in text
    entry = AuditEntry.objects.get(kind="read", what="doctor_question")
    assert (entry.user_id, entry.contact_id) == (lise.pk, row.contact_id)
    assert entry.patient_id == row.contact.patient_id


def test_who_is_asked_is_told_and_marked_for_the_page(lise):
    per = make.user("per", roles=["doctor"], first_name="Per", last_name="Dahl")
    question(asked_to=lise)
    question(asked_to=per)
    question()
    text = page(lise)
    assert f'data-owner="{lise.pk}"' in text
    assert f'data-owner="{per.pk}"' in text
    assert text.count("data-owner=") == 2
    assert "til Per Dahl" in text
    assert "til lege på vakt" in text
    assert f'data-user="{lise.pk}"' in text


def test_an_answer_reaches_the_operator_and_leaves_the_list(lise):
    row = question()
    answer = as_user(lise).post(url_of(row, "svar/"), {"answer": "Ja, nå."})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.answered_by) == ("Ja, nå.", lise)
    assert "Ingen spørsmål venter på svar." in page(lise)
    assert as_user(lise).get(url_of(row)).status_code == 404


def test_an_empty_answer_is_refused_in_the_page(lise):
    row = question()
    answer = as_user(lise).post(url_of(row, "svar/"), {"answer": " "})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    row.refresh_from_db()
    assert row.answered_at is None


def test_what_was_typed_is_kept_when_another_doctor_was_first(lise):
    row = question()
    per = make.user("per", roles=["doctor"])
    as_user(per).post(url_of(row, "svar/"), {"answer": "Nei."})
    answer = as_user(lise).post(url_of(row, "svar/"), {"answer": "Min vurdering"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Spørsmålet er allerede besvart." in text
    assert "Min vurdering" in text
    row.refresh_from_db()
    assert row.answer == "Nei."


# ---------------------------------------------------------------------- approvals


def test_the_list_of_advice_shows_no_record_and_the_first_has_a_key(lise):
    row, later = approval(), approval(minutes=1)
    text = page(lise)
    assert "Feber siden i går" not in text
    assert f'href="{url_of(row)}" data-key="n"' in text
    assert f'href="{url_of(later)}">' in text
    assert not AuditEntry.objects.filter(kind="read").exists()


def test_advice_given_days_ago_opens_because_it_waits_and_that_is_logged(lise):
    row = approval()
    text = page(lise, url_of(row))
    assert "Feber siden i går" in text
    entry = AuditEntry.objects.get(kind="read", what="approval")
    assert (entry.user_id, entry.contact_id) == (lise.pk, row.contact_id)
    # The twin: outside the task the same contact asks why.
    answer = as_user(lise).get(f"/sentral/kontakt/{row.contact_id}/")
    assert answer.status_code == 302
    assert "/sentral/grunn/" in answer["Location"]


@pytest.mark.parametrize(
    ("form", "state", "comment"),
    [
        ({"act": "approve"}, "approved", ""),
        ({"act": "back", "comment": "Ring igjen"}, "returned", "Ring igjen"),
    ],
)
def test_after_one_is_decided_the_next_comes_at_once(lise, form, state, comment):
    first, second, third = approval(), approval(minutes=1), approval(minutes=2)
    answer = as_user(lise).post(url_of(second, "avgjor/"), form)
    assert answer["Location"] == url_of(third)
    second.refresh_from_db()
    assert (second.state, second.comment, second.doctor) == (state, comment, lise)
    answer = as_user(lise).post(url_of(third, "avgjor/"), {"act": "approve"})
    assert answer["Location"] == url_of(first)
    answer = as_user(lise).post(url_of(first, "avgjor/"), {"act": "approve"})
    assert answer["Location"] == PAGE
    assert "Ingen råd venter på godkjenning." in page(lise)


def test_the_keys_stand_on_the_controls(lise):
    row, other = approval(), approval(minutes=1)
    text = page(lise, url_of(row))
    for key in ("g", "n", "t"):
        assert f'data-key="{key}"' in text
        assert f"<kbd>{key}</kbd>" in text
    assert f'href="{url_of(other)}" data-key="n"' in text
    other.delete()
    assert 'data-key="n"' not in page(lise, url_of(row))


def test_enter_in_the_comment_never_approves(lise):
    text = page(lise, url_of(approval()))
    forms = [part.split("</form>")[0] for part in text.split("<form")]
    comment = [form for form in forms if 'name="comment"' in form]
    assert len(comment) == 1
    assert 'value="approve"' not in comment[0]


def test_to_send_back_without_a_comment_is_refused_in_the_page(lise):
    row = approval()
    answer = as_user(lise).post(url_of(row, "avgjor/"), {"act": "back", "comment": ""})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "waiting"


@pytest.mark.parametrize("method", ["get", "post"])
def test_one_that_is_decided_is_told_so_and_its_record_is_not_shown(lise, method):
    row = approval()
    Approval.objects.update(state="approved")
    client = as_user(lise)
    url = url_of(row) if method == "get" else url_of(row, "avgjor/")
    answer = getattr(client, method)(url, {"act": "approve"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "allerede vurdert" in text
    assert "Feber siden i går" not in text
    assert not AuditEntry.objects.filter(kind="read").exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "open", "closed_at": None},
        {"ended_in_advice": False},
        {"ended_in_advice": None},
    ],
)
def test_what_was_opened_again_or_ended_otherwise_does_not_wait(lise, fields):
    row = approval(**fields)
    assert url_of(row) not in page(lise)
    assert "Feber siden i går" not in page(lise, url_of(row))


# -------------------------------------------------------------------- who and where


@pytest.mark.parametrize(
    "role", ["operator", "shift_leader", "legevaktoverlege", "administrator"]
)
def test_the_page_is_for_doctors_alone(lise, role):
    asked, waiting = question(), approval()
    other = as_user(make.user("annen", roles=[role]))
    for url in (PAGE, url_of(asked), url_of(waiting)):
        assert other.get(url).status_code == 404
        assert as_user(lise).get(url).status_code == 200
    assert other.post(url_of(asked, "svar/"), {"answer": "x"}).status_code == 404
    assert other.post(url_of(waiting, "avgjor/"), {}).status_code == 404


def test_what_is_of_another_sentral_is_not_there(lise):
    there = make.sentral("ANN")
    asked, waiting = question(at=there), approval(at=there)
    theirs = as_user(make.user("andre", roles=["doctor"], at=there))
    for url in (url_of(asked), url_of(waiting)):
        assert as_user(lise).get(url).status_code == 404
        assert theirs.get(url).status_code == 200
    assert as_user(lise).post(url_of(asked, "svar/"), {}).status_code == 404
    assert as_user(lise).post(url_of(waiting, "avgjor/"), {}).status_code == 404
    assert "Ingen spørsmål venter på svar." in page(lise)


def test_a_doctor_of_a_station_works_with_the_sentral_that_answers_for_it(lise):
    asked = question()
    of_station = make.user("stasjonslege", roles=["doctor"], at=make.station())
    assert "Skal han inn?" in page(of_station)
    answer = as_user(of_station).post(url_of(asked, "svar/"), {"answer": "Ja"})
    assert answer.status_code == 302


# ------------------------------------------------------------------------ reachable


def test_a_doctor_on_duty_says_whether_she_can_be_reached(lise):
    make.user("annen", roles=["doctor"])
    row = make.duty(lise, starts_at=timezone.now() - timedelta(hours=1))
    url = f"{PAGE}vakt/{row.pk}/"
    assert "kan nås" in page(lise)
    assert as_user(lise).post(url, {"reachable": "no"}).status_code == 302
    row.refresh_from_db()
    assert row.is_reachable is False
    assert "kan ikke nås" in page(lise)
    entry = AuditEntry.objects.get(what="duty_unreachable")
    assert (entry.user_id, entry.row_id) == (lise.pk, row.pk)
    other = as_user(make.user("annen"))
    assert other.post(url, {"reachable": "yes"}).status_code == 404


def test_off_duty_there_is_nothing_to_say(lise):
    row = make.duty(lise, starts_at=timezone.now() + timedelta(hours=1))
    assert "Du står ikke på vakt nå." in page(lise)
    url = f"{PAGE}vakt/{row.pk}/"
    assert as_user(lise).post(url, {"reachable": "no"}).status_code == 404


def test_if_the_log_cannot_be_written_reachability_is_as_it_was(lise, monkeypatch):
    def broken(**_):
        raise OSError("disk full")

    row = make.duty(lise)
    monkeypatch.setattr(duty.audit, "log", broken)
    with pytest.raises(OSError, match="disk full"):
        duty.set_reachable(
            duty_id=row.pk,
            sentral=make.sentral(),
            is_reachable=False,
            by=lise,
            at=make.NOW,
        )
    row.refresh_from_db()
    assert row.is_reachable is True


# -------------------------------------------------------------------- speed and parts


def test_the_page_asks_as_little_for_many_as_for_one(lise):
    question()
    approval()
    client = as_user(lise)
    one = queries_of(lambda: client.get(PAGE))
    for minute in range(20):
        question(minutes=minute)
        approval(minutes=minute)
    assert queries_of(lambda: client.get(PAGE)) == one
    assert one <= 30


def test_of_more_than_a_hundred_the_number_is_true_and_the_oldest_are_shown(lise):
    for minute in range(103):
        approval(minutes=minute)
    assert len(queries.approvals(make.sentral())) == 100
    assert 'Råd å godkjenne <span class="quiet">103</span>' in page(lise)


@pytest.mark.parametrize(
    ("name", "words"),
    [("questions", "Skal han inn?"), ("approvals", "3 år")],
)
def test_the_lists_are_pushed_to_doctors_and_nobody_else(lise, name, words):
    question()
    approval(patient=make.patient(birth_date=date(2023, 3, 1)))
    part = live.part(name)
    scope = part_scope(lise)
    assert part.may_be_seen_by(scope)
    assert words in part.draw(scope)
    assert "csrfmiddlewaretoken" not in part.draw(scope)
    nurse = part_scope(make.operator("ola"))
    assert not part.may_be_seen_by(nurse)


def part_scope(user):
    from varde.apps.records.scope import scope_of

    return door.part_scope(
        scope_of(user, on=timezone.localdate()),
        sentral_id=make.sentral().pk,
        language="nb",
    )
