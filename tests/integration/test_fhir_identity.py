"""Who is let in by FHIR: tokens, certificates, scopes and days."""

import json
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_network
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from tests import make
from tests.fhir import AUDIENCE, BASE, ISSUER, AuthorizationServer, Reader, api_client
from varde.apps.api.fhir import keys
from varde.apps.records import ratelimit
from varde.apps.records.models import AuditEntry
from varde.config import env
from varde.config.env import CertificateProxy, TokenIssuer


pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings, tmp_path):
    make.settings()
    ratelimit.clear("fhir_refused:127.0.0.1")
    ratelimit.clear("fhir_refused:10.0.0.9")
    return AuthorizationServer(tmp_path).open(settings)


@pytest.fixture
def known(server):
    make.patient()
    return api_client(make.district())


def answer(token, path="Patient"):
    got = Reader(token).get(path)
    if got.status_code == 200:
        return 200, ""
    return got.status_code, got.json()["issue"][0]["diagnostics"]


def test_a_right_token_lets_in(server, known):
    assert answer(server.token()) == (200, "")
    assert answer(server.token(head={"typ": "JWT"})) == (200, "")
    assert answer(server.token(client_id=None, azp="fastlegeportal")) == (200, "")
    assert answer(server.token(aud=["other", AUDIENCE])) == (200, "")


def test_nobody_is_not_let_in_and_is_told_how(server, known):
    got = Client().get(f"{BASE}/Patient")
    assert got.status_code == 401
    assert got.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Authorization: Bearer" in got.json()["issue"][0]["diagnostics"]
    basic = Client().get(f"{BASE}/Patient", headers={"authorization": "Basic a2FyaTp4"})
    assert basic.status_code == 401
    assert AuditEntry.objects.filter(what="fhir_refused").count() == 2
    line = AuditEntry.objects.filter(what="fhir_refused").first()
    assert line.data == {"status": 401, "code": "login"}


def test_somebody_logged_in_is_not_a_client(server, known):
    person = Client()
    person.force_login(make.user("lege", roles=["doctor"]))
    assert person.get(f"{BASE}/Patient").status_code == 401


STRANGER = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"exp": 1}, "has expired"),
        ({"exp": None}, "lacks exp"),
        ({"nbf": 9_999_999_999}, "not valid yet"),
        ({"iss": "https://other.example"}, "another issuer"),
        ({"iss": None}, "lacks exp"),
        ({"aud": "another-api"}, "another audience"),
        ({"aud": None}, "lacks exp"),
        ({"client_id": None}, "names no client"),
        ({"client_id": 17}, "names no client"),
        ({"client_id": "somebody"}, "No client is known"),
        ({"key": STRANGER}, "does not fit"),
        ({"head": {"kid": "k2"}}, "does not show"),
        ({"head": {"kid": ""}}, "does not show"),
        ({"head": {"typ": "dpop+jwt"}}, "another type"),
        ({"cnf": {"jkt": "x"}}, "DPoP"),
        ({"cnf": "x"}, "DPoP"),
        (
            {"key": "a-secret-that-both-know-of-32-bytes", "algorithm": "HS256"},
            "not taken",
        ),
    ],
)
def test_a_wrong_token_is_refused_in_words(server, known, wrong, words):
    status, told = answer(server.token(**wrong))
    assert status == 401
    assert words in told


def test_a_token_signed_with_nothing_is_refused(server, known):
    head, claims, _ = server.token().split(".")
    none = "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ"  # {"alg":"none","kid":"k1"}
    assert answer(f"{none}.{claims}.")[0] == 401
    assert answer(f"{head}.{claims}.")[0] == 401
    for nonsense in ("x", "a.b.c", "", "x" * 20_000, "æ.ø.å"):
        assert answer(nonsense.encode().decode("latin-1"))[0] == 401


def test_the_public_key_used_as_a_secret_is_refused(server, known):
    """The known trick: the token says HS256, and the secret is what everybody can read."""
    import base64
    import hmac

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    claims = server.token().split(".")[1].encode()
    signed = part({"alg": "HS256", "typ": "JWT", "kid": "k1"}) + b"." + claims
    made = hmac.new(server.file.read_bytes(), signed, sha256).digest()
    forged = signed + b"." + base64.urlsafe_b64encode(made).rstrip(b"=")
    assert answer(forged.decode())[0] == 401


def test_without_keys_no_token_can_be_checked(server, known):
    token = server.token()
    server.file.unlink()
    keys.forget()
    got = Reader(token).get("Patient")
    assert (got.status_code, got.headers["Retry-After"]) == (503, "60")
    server.file.write_text("{}")
    keys.forget()
    assert Reader(token).get("Patient").status_code == 503


def test_keys_once_read_are_used_on_and_a_new_one_is_found(server, known, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(keys.time, "monotonic", lambda: clock[0])
    assert answer(server.token())[0] == 200
    text = server.file.read_text()
    server.file.unlink()
    clock[0] += keys.KEPT_S + 1
    assert answer(server.token())[0] == 200  # the server is away, its keys are known
    server.file.write_text(text.replace('"k1"', '"k2"'))
    assert answer(server.token(head={"kid": "k2"}))[0] == 401  # asked just now
    clock[0] += keys.AGAIN_S + 1
    assert answer(server.token(head={"kid": "k2"}))[0] == 200
    assert answer(server.token())[0] == 401  # the old one is taken away


def test_a_token_alone_gives_nothing_that_the_client_has_not(server, known):
    def may(kind, ours, given):
        known.scopes = ours
        known.save()
        status, words = answer(server.token(scope=given), kind)
        assert status in {200, 403}
        assert status == 200 or f"system/{kind}.read" in words
        return status == 200

    assert may("Patient", ["system/*.read"], "system/Patient.read")
    assert not may("Task", ["system/*.read"], "system/Patient.read")
    assert not may("Task", ["system/Patient.read"], "system/*.read")
    assert may("Patient", ["system/Patient.rs"], "openid system/*.*")
    assert may("Patient", ["system/Patient.s"], "system/Patient.read")
    assert not may("Patient", ["system/Patient.r"], "system/Patient.read")  # a search
    assert not may("Patient", ["system/Patient.read"], "")
    assert not may("Patient", ["system/Patient.read"], None)
    assert not may("Patient", ["system/Patient.read"], {"no": "list"})
    assert not may("Patient", [], "system/*.read")
    assert not may("Patient", ["system/Patient.cud"], "system/*.*")
    assert not may("AuditEvent", ["system/Patient.read"], "system/*.*")
    assert may("Patient", ["system/Patient.read"], ["system/Patient.read"])


def test_to_read_one_and_to_search_are_two_things(server, known):
    known.scopes = ["system/Patient.r"]
    known.save()
    assert answer(server.token(), "Patient/999999")[0] == 404
    assert answer(server.token(), "Patient")[0] == 403


def test_the_prefix_of_the_authorization_server_is_taken_off(server, known, settings):
    settings.FHIR_TOKENS = TokenIssuer(
        issuer=ISSUER,
        audience=AUDIENCE,
        keys=str(server.file),
        scope_prefix="kom:varde/",
    )
    assert answer(server.token(scope="kom:varde/system/Patient.read"))[0] == 200
    assert answer(server.token(scope="system/Patient.read"))[0] == 403


def test_a_client_is_let_in_on_its_days_only(server):
    today = timezone.localdate()
    day = timedelta(days=1)
    api_client(make.district(), client_id="late", valid_from=today + day)
    api_client(make.district(), client_id="gone", valid_to=today)
    api_client(make.district(), client_id="last", valid_to=today + day)
    assert answer(server.token(client_id="late"))[0] == 401
    assert answer(server.token(client_id="gone"))[0] == 401
    assert answer(server.token(client_id="last"))[0] == 200


def test_no_tokens_are_taken_where_none_is_set_up(server, known, settings):
    settings.FHIR_TOKENS = None
    status, words = answer(server.token())
    assert status == 401
    assert "VARDE_FHIR_ISSUER" in words


# ------------------------------------------------------------------- certificates


@pytest.fixture
def certificate():
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "portalen")])
    now = timezone.now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(17)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


@pytest.fixture
def proxy(settings, server):
    settings.FHIR_CERTIFICATES = CertificateProxy(
        networks=(ip_network("10.0.0.0/30"),), header="X-Client-Cert"
    )


def shown(header, *, by="10.0.0.1", token=None):
    headers = {"x-client-cert": header}
    if token:
        headers["authorization"] = f"Bearer {token}"
    got = Client().get(f"{BASE}/Patient", headers=headers, REMOTE_ADDR=by)
    return got.status_code


def fingerprint(certificate):
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def test_a_certificate_lets_in_when_the_proxy_shows_it(proxy, certificate):
    hex_digits = fingerprint(certificate)
    api_client(make.district(), client_id="", certificate=hex_digits)
    colons = ":".join(
        hex_digits[at : at + 2].upper() for at in range(0, len(hex_digits), 2)
    )
    pem = quote(certificate.public_bytes(Encoding.PEM).decode())
    assert [shown(form) for form in (hex_digits, colons, pem)] == [200, 200, 200]


def test_the_header_of_a_stranger_is_not_believed(proxy, certificate):
    hex_digits = fingerprint(certificate)
    api_client(make.district(), client_id="", certificate=hex_digits)
    assert shown(hex_digits, by="10.0.0.9") == 401
    assert shown(hex_digits, by="127.0.0.1") == 401
    assert shown(hex_digits, by="") == 401
    assert shown(hex_digits, by="10.0.0.2") == 200


def test_an_unknown_or_unreadable_certificate_is_refused(proxy, certificate):
    api_client(make.district(), client_id="portal")
    assert shown(fingerprint(certificate)) == 401
    for nonsense in ("", "x", "-----BEGIN CERTIFICATE-----", "00" * 31):
        assert shown(nonsense) == 401


def test_no_certificate_is_taken_where_no_proxy_is_named(server, certificate):
    api_client(make.district(), client_id="", certificate=fingerprint(certificate))
    assert shown(fingerprint(certificate)) == 401


def test_a_token_bound_to_a_certificate_is_taken_with_that_one_only(
    proxy, server, certificate
):
    import base64

    api_client(make.district())
    digest = bytes.fromhex(fingerprint(certificate))
    bound = {"x5t#S256": base64.urlsafe_b64encode(digest).rstrip(b"=").decode()}
    token = server.token(cnf=bound)
    assert shown(digest.hex(), token=token) == 200
    assert shown("00" * 32, token=token) == 401
    assert shown(digest.hex(), by="10.0.0.9", token=token) == 401
    assert answer(token)[0] == 401


# ----------------------------------------------------------------- the environment

TOKENS = {
    "VARDE_FHIR_ISSUER": ISSUER,
    "VARDE_FHIR_AUDIENCE": AUDIENCE,
    "VARDE_FHIR_JWKS": "https://login.example.no/keys",
}


@pytest.fixture
def read(tmp_path):
    return lambda more: env.read({"VARDE_HOME": str(tmp_path)} | more)


def test_nothing_is_set_up_from_the_start(read):
    assert (read({}).fhir_tokens, read({}).fhir_certificates) == (None, None)


def test_the_environment_names_the_authorization_server_and_the_proxy(read):
    assert read(TOKENS).fhir_tokens.keys == "https://login.example.no/keys"
    here = TOKENS | {"VARDE_FHIR_JWKS": "http://localhost:9000/keys"}
    assert read(here).fhir_tokens.audience == AUDIENCE
    assert read(TOKENS | {"VARDE_FHIR_JWKS": "/etc/varde/jwks.json"}).fhir_tokens
    proxied = read({"VARDE_FHIR_CERT_PROXY": "10.0.0.5, fd00::/64"}).fhir_certificates
    assert proxied.header == "X-Client-Cert"
    assert len(proxied.networks) == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"VARDE_FHIR_ISSUER": ISSUER},
            "VARDE_FHIR_AUDIENCE, VARDE_FHIR_JWKS is missing",
        ),
        ({"VARDE_FHIR_SCOPE_PREFIX": "x"}, "is missing"),
        (TOKENS | {"VARDE_FHIR_JWKS": "http://login.example.no/keys"}, "by\nhttps"),
        (TOKENS | {"VARDE_FHIR_JWKS": "file:///etc/keys"}, "by\nhttps"),
        (TOKENS | {"VARDE_FHIR_JWKS": "keys.json"}, "whole path"),
        ({"VARDE_FHIR_CERT_HEADER": "X-Cert"}, "Name the\nproxy's address"),
        ({"VARDE_FHIR_CERT_PROXY": "the proxy"}, "several with commas"),
        ({"VARDE_FHIR_CERT_PROXY": "10.0.0.5/8"}, "several with commas"),
        (
            {"VARDE_FHIR_CERT_PROXY": "10.0.0.5", "VARDE_FHIR_CERT_HEADER": "X Cert:"},
            "letters,\ndigits",
        ),
    ],
)
def test_what_is_half_set_up_stops_the_start(read, given, words):
    with pytest.raises(ImproperlyConfigured) as stop:
        read(given)
    assert words in str(stop.value)
