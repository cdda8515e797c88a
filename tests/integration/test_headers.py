"""Headers on every kind of answer, and error pages that say what to do and no more."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import path

from tests import make
from varde.apps.records.models import WorkSession
from varde.config import env, urls


SECRET = "Ingrid Testesen 17850512345"


def fail(request):
    """A view with a fault whose text holds what nobody may see."""
    raise ValueError(SECRET)


def fail_in_database(request):
    """A view whose statement the database refuses."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM nothing_like_this")


urlpatterns = [
    path("feil/", fail),
    path("feil/database/", fail_in_database),
    *urls.urlpatterns,
]

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HTMX = {"HX-Request": "true"}
PAGES = {
    "the way in": ("nobody", "/konto/login/", {}),
    "sent to log in": ("nobody", "/sentral/", {}),
    "the desk": ("kari", "/sentral/", {}),
    "a part of a page": ("kari", "/sentral/", HTMX),
    "the numbers": ("kari", "/sentral/tall/", {}),
    "the log": ("rune", "/sentral/logg/", {}),
    "a file": ("rune", "/sentral/logg/fil/", {}),
    "people": ("berit", "/sentral/folk/", {}),
    "one's account": ("kari", "/konto/", {}),
    "the second factor": ("kari", "/konto/2fa/app/", {}),
    "data": ("kari", "/laas/passnokkel/", {"Accept": "application/json"}),
    "health": ("nobody", "/helse/", {}),
    "not there": ("kari", "/finnes/ikke/", {}),
    "not there for strangers": ("nobody", "/finnes/ikke/", {}),
    "locked": ("locked", "/sentral/", {}),
    "a locked part": ("locked", "/sentral/", HTMX),
    "a fault": ("kari", "/feil/", {}),
    "a bad address": ("nobody", "/konto/login/", {"Host": "ond.example"}),
}


@pytest.fixture
def ask():
    """Ask as somebody, with faults answered and not raised."""
    make.settings()
    people = {
        "kari": make.operator("kari", first_name="Kari"),
        "locked": make.operator("lars"),
        "rune": make.user("rune", roles=["auditor"]),
        "berit": make.user("berit", roles=["administrator"]),
    }

    def answer(who, path, headers=None, method="get", **more):
        client = Client(raise_request_exception=False, **more)
        if who in people:
            client.force_login(people[who])
        if who == "locked":
            WorkSession.objects.filter(user=people[who]).update(locked_at=make.NOW)
        if "Host" in (headers or {}):
            return client.get(path, HTTP_HOST=headers["Host"])
        return getattr(client, method)(path, headers=headers or {})

    with override_settings(ROOT_URLCONF="tests.integration.test_headers"):
        yield answer


def policy_of(answer):
    parts = (
        part.strip().split(" ", 1)
        for part in answer["Content-Security-Policy"].split(";")
    )
    return {part[0]: part[1] if len(part) > 1 else "" for part in parts}


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_answer_has_the_headers(ask, kind):
    answer = ask(*PAGES[kind])
    policy = policy_of(answer)
    assert {name: policy.get(name) for name in POLICY} == POLICY
    assert "unsafe" not in answer["Content-Security-Policy"]
    found = {name: answer.headers.get(name, "") for name in HEADERS}
    assert found | {"Cache-Control": ""} == HEADERS | {"Cache-Control": ""}
    assert "no-store" in found["Cache-Control"]
    for power in ("camera", "microphone", "geolocation"):
        assert f"{power}=()" in answer["Permissions-Policy"]


class Inline(HTMLParser):
    """What a strict policy would stop: scripts and styles written in the page."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        is_data = given.get("type") in {"application/json", "importmap"}
        if tag == "script" and "src" not in given and not is_data:
            self.found.append("script")
        if tag == "style" or "style" in given:
            self.found.append(f"style at {tag}")
        self.found += [name for name in given if name.startswith("on")]
        for name in ("src", "href", "action"):
            if re.match(r"(https?:)?//", given.get(name) or ""):
                self.found.append(given[name])


@pytest.mark.parametrize("kind", PAGES)
def test_no_page_holds_a_script_a_style_or_anything_from_elsewhere(ask, kind):
    answer = ask(*PAGES[kind])
    reader = Inline()
    reader.feed(answer.text)
    assert reader.found == []


def test_the_reader_of_pages_sees_what_it_looks_for():
    reader = Inline()
    reader.feed(
        '<script>x</script><p style="a" onclick="b">'
        '<script src="//c.no/x.js"></script><a href="/ok">'
    )
    assert reader.found == ["script", "style at p", "onclick", "//c.no/x.js"]


def test_the_handbook_is_under_the_same_policy(ask, tmp_path):
    (tmp_path / "index.html").write_text("<h1>Håndbok</h1>")
    with override_settings(HANDBOOK=tmp_path):
        answer = ask("nobody", "/hjelp/")
    assert "Håndbok" in b"".join(answer.streaming_content).decode()
    policy = policy_of(answer)
    assert {name: policy.get(name) for name in POLICY} == POLICY


def test_an_identity_provider_is_the_only_other_place_a_form_may_lead_to():
    assert env.origin("https://login.example.no:8443/realm/x") == (
        "https://login.example.no:8443"
    )


# --------------------------------------------------------------------- error pages


ERRORS = {
    400: ("nobody", "/konto/login/", {"Host": "ond.example"}),
    404: ("kari", "/sentral/kontakt/47114711/", {}),
    423: ("locked", "/sentral/kontakt/47114711/", {}),
    500: ("kari", "/feil/", {}),
}


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_is_ours_and_says_what_to_do(ask, status):
    answer = ask(*ERRORS[status])
    assert answer.status_code == status
    assert '<html lang="nb"' in answer.text
    assert answer.text.count("<h1>") == 1
    assert "topbar-brand" in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize("status", ERRORS)
def test_an_error_page_holds_no_detail(ask, status):
    text = ask(*ERRORS[status]).text
    for detail in (
        SECRET,
        "Testesen",
        "Traceback",
        "ValueError",
        "ond.example",
        "DEBUG",
    ):
        assert detail not in text
    if status != 423:  # which leads back to the page by its address
        assert "47114711" not in text


def test_a_fault_in_the_database_is_answered_too(ask):
    answer = ask("kari", "/feil/database/")
    assert answer.status_code == 500
    assert "Noe gikk galt hos oss" in answer.text
    assert "nothing_like_this" not in answer.text


def test_what_was_done_before_a_fault_is_undone(ask, monkeypatch):
    from varde.apps.records.models import Patient

    def halfway(request):
        make.patient(family_name="Halvgjort")
        raise ValueError

    monkeypatch.setattr(urlpatterns[0], "callback", halfway)
    assert ask("kari", "/feil/").status_code == 500
    assert not Patient.objects.filter(family_name="Halvgjort").exists()


def test_a_form_without_its_token_is_refused_with_a_way_out(ask):
    answer = ask("kari", "/laas/", method="post", enforce_csrf_checks=True)
    assert answer.status_code == 403
    assert "Siden var for gammel" in answer.text
    assert "CSRF" not in re.sub("X-CSRFToken", "", answer.text)


def test_not_yours_and_not_there_look_the_same(ask):
    other = make.contact(
        at=make.sentral("BOD", of=make.district("ytre", "Ytre distrikt"))
    )
    theirs = ask("kari", f"/sentral/kontakt/{other.pk}/")
    none = ask("kari", "/sentral/kontakt/47114711/")
    assert (theirs.status_code, none.status_code) == (404, 404)
    assert without_tokens(theirs.text) == without_tokens(none.text)


def without_tokens(text):
    text = re.sub(r'data-server-now="[^"]*"', "", text)
    return re.sub(r'[A-Za-z0-9]{64}|value="[^"]*"', "", text)


# ------------------------------------------------------------------------ settings


def test_details_of_faults_are_off_unless_somebody_turns_them_on():
    assert env.read({"VARDE_HOME": str(settings.VARDE_HOME)}).debug is False
    assert settings.DEBUG is False


def test_the_second_factor_is_demanded_unless_somebody_turns_it_off():
    home = {"VARDE_HOME": str(settings.VARDE_HOME)}
    assert env.read(home).require_second_factor is True
    assert env.read(home | {"VARDE_REQUIRE_MFA": "0"}).require_second_factor is False


@pytest.mark.parametrize("text", ["-1", "two", "1.5"])
def test_a_wrong_number_of_proxies_stops_the_start(text):
    from django.core.exceptions import ImproperlyConfigured

    given = {"VARDE_HOME": str(settings.VARDE_HOME), "VARDE_PROXIES": text}
    with pytest.raises(ImproperlyConfigured, match="VARDE_PROXIES"):
        env.read(given)


def test_passwords_are_hashed_with_argon2_first():
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_what_guards_a_request_stands_in_the_right_order():
    """Who it is, whether the desk is locked, the second factor, and only then the rows."""
    order = [
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
        "varde.web.headers.HeadersMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "varde.apps.records.lock.LockMiddleware",
        "varde.apps.records.second_factor.SecondFactorMiddleware",
        "varde.apps.records.scope.ScopeMiddleware",
        "varde.apps.sentral.views.reason.ReasonMiddleware",
    ]
    places = [settings.MIDDLEWARE.index(name) for name in order]
    assert places == sorted(places)
