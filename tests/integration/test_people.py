"""What an administrator may do with people and roles, and what she may not."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO
from threading import Barrier, BrokenBarrierError

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import make
from varde.apps.records import audit, second_factor
from varde.apps.records.models import AuditEntry, RoleGrant, User
from varde.apps.sentral.queries import held
from varde.apps.sentral.queries.held import Place
from varde.apps.sentral.services import people
from varde.apps.sentral.services.people import Details
from varde.domain.errors import Rule, RuleBroken


FOLK = "/sentral/folk/"
NEW = {
    "username": "nina",
    "first_name": "Nina",
    "last_name": "Ny",
    "hpr_number": "",
    "operator_code": "",
    "phone": "",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    make.settings()
    person = make.user("boss", roles=["administrator"], first_name="Berit")
    client.force_login(person)
    return person


@pytest.fixture
def kari():
    return make.operator("kari", first_name="Kari", last_name="Nordvik")


@pytest.fixture
def elsewhere():
    """A sentral of another district."""
    return make.sentral("BOD", of=make.district("ytre", "Ytre distrikt"))


def today():
    return timezone.localdate()


def told(what):
    entries = AuditEntry.objects.filter(what=what).order_by("pk")
    return [(entry.user_id, entry.data) for entry in entries]


def give(by, user, role="doctor", *, place=None, **days):
    chosen = place or Place("sentral", make.sentral().pk, make.sentral().name)
    return people.give_role(
        user_id=user.pk,
        role=role,
        place=chosen,
        by=by,
        at=timezone.now(),
        **{"valid_from": today(), "valid_to": None} | days,
    )


# ------------------------------------------------------------------------- people


def test_a_new_person_chooses_her_password_by_the_link_and_sees_what_her_role_gives(
    client, boss
):
    answer = client.post(FOLK + "ny/", NEW)
    nina = User.objects.get(username="nina")
    assert answer.url == f"{FOLK}{nina.pk}/"
    assert not nina.has_usable_password()
    client.post(
        f"{FOLK}{nina.pk}/rolle/",
        {"role": "operator", "place": f"sentral:{make.sentral().pk}",
         "valid_from": today().isoformat()},
    )  # fmt: skip
    page = client.post(f"{FOLK}{nina.pk}/lenke/").text
    path = re.search(r"http://testserver(/konto/ny/\S+/)<", page)[1]
    hers = Client()
    chosen = "En varde på hver topp"
    hers.post(path, {"new_password1": chosen, "new_password2": chosen})
    hers.post("/konto/login/", {"login": "nina", "password": chosen})
    assert hers.get("/sentral/").status_code == 200
    assert told("user_made") == [(boss.pk, {"user": nina.pk})]
    assert told("link_made") == [(boss.pk, {"user": nina.pk})]


def test_the_link_is_not_in_the_log(client, boss, kari):
    page = client.post(f"{FOLK}{kari.pk}/lenke/").text
    token = re.search(r"/konto/ny/[^/]+/([^/]+)/", page)[1]
    assert token not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"username": "kari"}, "Brukernavnet er tatt."),
        ({"username": ""}, "Skriv et brukernavn."),
        ({"username": "nina ny"}, "Bruk bokstaver, tall"),
        ({"hpr_number": "123456"}, "HPR-nummeret har sju til ni siffer."),
        ({"hpr_number": "12345x789"}, "HPR-nummeret har sju til ni siffer."),
        ({"operator_code": "K1"}, "En annen person har denne koden."),
    ],
)
def test_wrong_details_are_said_at_their_field(client, boss, kari, wrong, problem):
    User.objects.filter(pk=kari.pk).update(operator_code="K1")
    answer = client.post(FOLK + "ny/", NEW | wrong)
    assert problem in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert not User.objects.filter(username="nina").exists()


def test_details_are_changed_and_the_log_says_which(client, boss, kari):
    given = NEW | {"username": "kari", "first_name": "Kari", "last_name": "Nordvik"}
    client.post(f"{FOLK}{kari.pk}/", given | {"phone": "40000000"})
    kari.refresh_from_db()
    assert kari.phone == "40000000"
    assert told("user_saved") == [(boss.pk, {"user": kari.pk, "fields": ["phone"]})]
    client.post(f"{FOLK}{kari.pk}/", given | {"phone": "40000000"})
    assert len(told("user_saved")) == 1


def test_the_list_holds_those_who_work_here_and_those_who_work_nowhere(
    client, boss, kari, elsewhere
):
    make.user("fersk", first_name="Fersk")
    make.operator("ola", at=elsewhere, first_name="Ola")
    text = client.get(FOLK).text
    assert "Kari Nordvik" in text
    assert "Fersk" in text
    assert "Ola" not in text
    assert "Fersk" not in client.get(FOLK, {"sok": "nordvik"}).text


def test_somebody_who_works_elsewhere_only_is_not_there(client, boss, elsewhere):
    ola = make.operator("ola", at=elsewhere)
    for path in ("", "rolle/", "andre-faktor/", "logg-ut/", "lenke/"):
        assert client.post(f"{FOLK}{ola.pk}/{path}").status_code == 404, path
    assert client.get(f"{FOLK}{ola.pk}/").status_code == 404


def ends(person, days):
    """Let everything that somebody holds end, counted in days from today."""
    person.grants.update(valid_to=today() + timedelta(days=days))


@pytest.mark.parametrize(
    ("days", "is_there"), [(-400, False), (-1, False), (0, True), (1, True)]
)
def test_a_role_that_was_ended_shows_nobody_after_the_day(
    client, boss, kari, elsewhere, days, is_there
):
    """She works elsewhere now, and that is theirs to see."""
    ends(kari, days)
    make.user("kari", roles=["operator"], at=elsewhere)
    assert ("Kari Nordvik" in client.get(FOLK).text) is is_there
    for search in ("Nordvik", "kari"):
        found = client.get(FOLK, {"sok": search}).text
        assert ("Kari Nordvik" in found) is is_there
    expected = 200 if is_there else 404
    assert client.get(f"{FOLK}{kari.pk}/").status_code == expected
    assert client.post(f"{FOLK}{kari.pk}/lenke/").status_code == expected
    assert client.post(f"{FOLK}{kari.pk}/andre-faktor/").status_code in {302, expected}


def test_a_role_that_begins_later_shows_its_person(client, boss, kari):
    kari.grants.update(valid_from=today() + timedelta(days=30))
    assert "Kari Nordvik" in client.get(FOLK).text
    assert client.get(f"{FOLK}{kari.pk}/").status_code == 200


def test_who_ended_a_role_finds_the_person_the_same_day(client, boss, kari):
    grant = kari.grants.get()
    path = f"{FOLK}{kari.pk}/rolle/{grant.pk}/avslutt/"
    assert client.post(path, follow=True).status_code == 200
    assert "Kari Nordvik" in client.get(FOLK).text


def test_somebody_who_left_comes_back_by_her_whole_username(client, boss, kari):
    ends(kari, -30)
    assert "Kari Nordvik" not in client.get(FOLK).text
    assert "Kari Nordvik" not in client.get(FOLK, {"sok": "Nordvik"}).text
    assert "Kari Nordvik" not in client.get(FOLK, {"sok": "kar"}).text
    assert "Kari Nordvik" in client.get(FOLK, {"sok": "kari"}).text
    give(boss, kari)
    assert "Kari Nordvik" in client.get(FOLK).text


def test_somebody_who_left_another_place_is_not_there(client, boss, elsewhere):
    theirs = make.user("ola", roles=["doctor"], at=elsewhere, first_name="Ola")
    ends(theirs, -30)
    assert f"{FOLK}{theirs.pk}/" not in client.get(FOLK, {"sok": "ola"}).text
    assert client.get(f"{FOLK}{theirs.pk}/").status_code == 404


def test_the_list_costs_the_same_however_many_people(client, boss):
    def queries(people):
        for number in range(people):
            make.operator(f"op-{people}-{number}")
        with CaptureQueriesContext(connection) as captured:
            client.get(FOLK)
        return len(captured)

    queries(1)
    assert queries(2) == queries(30)


# -------------------------------------------------------------------------- roles


def test_a_role_is_given_from_a_day_to_a_day(client, boss, kari):
    station = make.station()
    client.post(
        f"{FOLK}{kari.pk}/rolle/",
        {
            "role": "doctor",
            "place": f"station:{station.pk}",
            "valid_from": "2031-01-01",
            "last_day": "2031-01-31",
        },
    )
    grant = RoleGrant.objects.get(user=kari, role="doctor")
    assert (grant.station, grant.valid_from) == (station, date(2031, 1, 1))
    assert grant.valid_to == date(2031, 2, 1)  # the first day without it
    key = f"station:{station.pk}"
    assert told("role_given") == [
        (boss.pk, {"user": kari.pk, "role": "doctor", "place": key})
    ]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"role": ""}, "Velg en rolle."),
        ({"role": "god"}, "Velg en rolle."),
        ({"place": ""}, "Velg et sted."),
        ({"place": "sentral:0"}, "Velg et sted."),
        ({"valid_from": "i dag"}, "Dette er ikke en dato."),
        ({"last_day": "2020-01-01"}, "Siste dag må være i dag eller senere"),
        ({"role": "operator"}, "Personen har rollen der fra før."),
    ],
)
def test_a_role_that_cannot_be_given_is_said(client, boss, kari, wrong, problem):
    given = {
        "role": "doctor",
        "place": f"sentral:{make.sentral().pk}",
        "valid_from": today().isoformat(),
    }
    answer = client.post(f"{FOLK}{kari.pk}/rolle/", given | wrong)
    assert (answer.status_code, problem in answer.text) == (200, True)
    assert kari.grants.count() == 1


def test_a_role_is_given_at_ones_own_places_only(boss, kari, elsewhere):
    with pytest.raises(Http404):
        give(boss, kari, place=Place("sentral", elsewhere.pk, elsewhere.name))
    assert kari.grants.count() == 1


def test_an_administrator_of_a_sentral_administers_its_districts_and_stations(
    boss, kari
):
    station = make.station()
    places = held.places_in(people.districts_of(boss, at=timezone.now()))
    assert {place.key for place in places} == {
        f"sentral:{make.sentral().pk}",
        f"district:{make.district().pk}",
        f"station:{station.pk}",
    }


@pytest.mark.parametrize(
    ("first", "last", "is_given"),
    [(0, 10, False), (-5, 3, False), (11, None, True), (9, None, False)],
)
def test_a_role_is_not_held_twice_on_one_day(boss, kari, first, last, is_given):
    give(boss, kari, valid_to=today() + timedelta(days=10))
    days = {
        "valid_from": today() + timedelta(days=first),
        "valid_to": None if last is None else today() + timedelta(days=last),
    }
    if is_given:
        give(boss, kari, **days)
        return
    with pytest.raises(RuleBroken) as refused:
        give(boss, kari, **days)
    assert refused.value.rule == Rule.ROLE_IS_HELD


def test_an_ended_role_is_held_no_longer_from_that_moment(client, boss, kari):
    hers = Client()
    hers.force_login(kari)
    assert hers.get("/sentral/").status_code == 200
    grant = kari.grants.get()
    client.post(f"{FOLK}{kari.pk}/rolle/{grant.pk}/avslutt/")
    assert hers.get("/sentral/").status_code == 404
    assert len(told("role_ended")) == 1


def test_a_role_that_would_have_begun_later_is_taken_away(boss, kari):
    grant = give(boss, kari, valid_from=today() + timedelta(days=5))
    people.end_role(grant_id=grant.pk, by=boss, at=timezone.now())
    assert not RoleGrant.objects.filter(role="doctor").exists()


def test_a_role_elsewhere_is_not_ended_from_here(client, boss, kari, elsewhere):
    make.user("kari", roles=["operator"], at=elsewhere)
    theirs = kari.grants.get(sentral=elsewhere)
    path = f"{FOLK}{kari.pk}/rolle/{theirs.pk}/avslutt/"
    assert client.post(path).status_code == 404
    theirs.refresh_from_db()
    assert theirs.valid_to is None
    assert path not in client.get(f"{FOLK}{kari.pk}/").text


def test_the_last_administrator_stays(client, boss):
    grant = boss.grants.get()
    answer = client.post(f"{FOLK}{boss.pk}/rolle/{grant.pk}/avslutt/")
    assert "må ha en administrator" in answer.text
    grant.refresh_from_db()
    assert grant.valid_to is None


@pytest.mark.parametrize("other", ["barred", "later", "ended", "elsewhere"])
def test_an_administrator_who_does_not_count_does_not_free_the_last_one(
    boss, elsewhere, other
):
    place = elsewhere if other == "elsewhere" else make.sentral()
    second = make.user("second", roles=["administrator"], at=place)
    if other == "barred":
        User.objects.filter(pk=second.pk).update(is_active=False)
    if other == "later":
        second.grants.update(valid_from=today() + timedelta(days=1))
    if other == "ended":
        second.grants.update(valid_to=today())
    with pytest.raises(RuleBroken) as refused:
        people.end_role(grant_id=boss.grants.get().pk, by=boss, at=timezone.now())
    assert refused.value.rule == Rule.LAST_ADMINISTRATOR


def test_with_another_administrator_one_may_leave(client, boss):
    make.user("second", roles=["administrator"])
    grant = boss.grants.get()
    client.post(f"{FOLK}{boss.pk}/rolle/{grant.pk}/avslutt/")
    assert client.get(FOLK).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_leave_at_once_do_not_both_leave(boss, monkeypatch):
    """Each waits, before its end, for the other to have come as far as itself."""
    second = make.user("second", roles=["administrator"])
    both = Barrier(2)
    log = audit.log

    def wait_and_log(**values):
        with suppress(BrokenBarrierError):
            both.wait(timeout=2)
        log(**values)

    def leave(person):
        try:
            people.end_role(
                grant_id=person.grants.get().pk, by=person, at=timezone.now()
            )
        except (RuleBroken, Http404):
            return "stays"
        finally:
            connection.close()
        return "left"

    monkeypatch.setattr(audit, "log", wait_and_log)
    with ThreadPoolExecutor(2) as threads:
        came = sorted(threads.map(leave, [boss, second]))
    assert came == ["left", "stays"]


# ------------------------------------------------------------------------- log-ins


def test_a_lost_second_factor_is_reset_and_the_log_ins_end(client, boss, kari):
    TOTP.activate(kari, generate_totp_secret())
    hers = Client()
    hers.force_login(kari)
    client.post(f"{FOLK}{kari.pk}/andre-faktor/")
    assert not second_factor.has(kari)
    assert hers.get("/konto/").status_code == 302
    assert told("second_factor_reset") == [(boss.pk, {"user": kari.pk, "number": 1})]


def test_log_ins_are_ended_at_every_workstation(client, boss, kari):
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(kari)
    text = client.post(f"{FOLK}{kari.pk}/logg-ut/", follow=True).text
    assert "2 innlogginger er avsluttet." in text
    assert [b.get("/konto/").status_code for b in browsers] == [302, 302]


@pytest.mark.parametrize(
    "does",
    [
        lambda b, k: people.make_user(details=Details(username="x", first_name="x", last_name="x"), by=b, at=make.NOW),
        lambda b, k: people.save_user(user_id=k.pk, details=Details(username="x", first_name="x", last_name="x"), by=b, at=make.NOW),
        lambda b, k: give(b, k),
        lambda b, k: people.end_role(grant_id=k.grants.get().pk, by=b, at=timezone.now()),
        lambda b, k: people.reset_second_factor(user_id=k.pk, by=b, at=timezone.now()),
        lambda b, k: people.end_sessions(user_id=k.pk, by=b, at=timezone.now()),
        lambda b, k: people.make_link(user_id=k.pk, by=b, at=timezone.now()),
    ],
)  # fmt: skip
def test_what_cannot_be_logged_is_undone(boss, kari, monkeypatch, does):
    TOTP.activate(kari, generate_totp_secret())
    Client().force_login(kari)

    def state():
        return (
            list(User.objects.order_by("pk").values_list("username", flat=True)),
            list(RoleGrant.objects.order_by("pk").values_list("valid_to", flat=True)),
            second_factor.has(kari),
            kari.work_sessions.count(),
        )

    before = state()

    def fail(**_):
        raise RuntimeError("no log")

    monkeypatch.setattr(audit, "log", fail)
    with pytest.raises(RuntimeError, match="no log"):
        does(boss, kari)
    assert state() == before


# -------------------------------------------------------------- from the command line


def administrator(*arguments):
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("administrator", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def typed(monkeypatch):
    """What is typed at the terminal, one line for each question."""
    lines = []
    from varde.apps.records.management.commands import administrator as command

    monkeypatch.setattr(command, "getpass", lambda _: lines.pop(0))
    return lines


def test_the_first_administrator_is_made_on_the_terminal(typed, client):
    make.settings()
    make.sentral()
    typed += ["En varde på hver topp"] * 2
    code, out, err = administrator("sjef", "--sentral", "HEL")
    assert (code, err) == (0, "")
    assert "sjef is administrator of Sentral HEL" in out
    sjef = User.objects.get(username="sjef")
    assert sjef.check_password("En varde på hver topp")
    client.force_login(sjef)
    assert client.get(FOLK).status_code == 200


@pytest.mark.parametrize(
    ("name", "sentral", "lines", "said"),
    [
        ("sjef", "XYZ", [], "No sentral has the code 'XYZ'. Known: HEL."),
        ("sjef", "HEL", ["En varde på hver topp", "noe annet"], "passwords differ"),
        ("sjef", "HEL", ["passord"], "Nothing was changed."),
        ("s j", "HEL", [], "Nothing was changed."),
        ("boss", "HEL", [], "is administrator there already"),
    ],
)
def test_what_is_wrong_on_the_terminal_changes_nothing(
    typed, name, sentral, lines, said
):
    make.user("boss", roles=["administrator"])
    typed += lines
    code, out, err = administrator(name, "--sentral", sentral)
    assert (code, out) == (2, "")
    assert said in err
    assert User.objects.count() == 1
