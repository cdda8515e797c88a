"""Who asks: a client with a token of the authorization server, or with a certificate.

Both ways end at a row of `ApiClient`. Who is not a client, whatever the token says, is let
in nowhere.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from varde.apps.api.fhir import keys
from varde.apps.api.fhir.faults import Fault, Issue, refuse
from varde.apps.records.models import ApiClient


# Only signatures that nobody can make with what they check them with.
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
    "EdDSA",
)  # fmt: skip
TOKEN_TYPES = {"", "jwt", "at+jwt", "application/at+jwt"}
LEEWAY_S = 10
LONGEST_TOKEN = 16_000
_HEX = re.compile(r"[0-9a-f]{64}")
_SCOPE = re.compile(r"system/(?P<type>\*|[A-Za-z]+)\.(?P<what>\*|read|c?r?u?d?s?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """A client that was let in, where it sees, and what of."""

    client: ApiClient
    districts: frozenset[int]
    scopes: frozenset[str]

    def may_read(self, kind: str) -> bool:
        """Whether resources of a type may be read one by one."""
        return _allows(self.scopes, kind, "r")

    def may_search(self, kind: str) -> bool:
        """Whether resources of a type may be searched for."""
        return _allows(self.scopes, kind, "s")


def identify(request: HttpRequest) -> Asker:
    """The client that asks. Raises `Fault` (401; 503 where no keys can be had)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        claims = _claims(token.strip())
        _check_binding(claims, request)
        client = _client(client_id=_client_id(claims))
        return _asker(client, given=_scopes(claims))
    if scheme:
        raise _unknown("The API takes Authorization: Bearer <token>.")
    return _asker(_client(certificate=_fingerprint(request)), given=None)


# ------------------------------------------------------------------------- tokens


def _claims(token: str) -> Mapping[str, Any]:
    """What a valid token says."""
    issuer = settings.FHIR_TOKENS
    if issuer is None:
        raise _unknown(
            "No tokens are taken here: VARDE_FHIR_ISSUER, VARDE_FHIR_AUDIENCE and "
            "VARDE_FHIR_JWKS are not set."
        )
    if len(token) > LONGEST_TOKEN:
        raise _unknown("The token is too long.")
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, ValueError):
        raise _unknown("The token is not a JWT.") from None
    if str(head.get("typ", "")).lower() not in TOKEN_TYPES:
        raise _unknown("The token is of another type than an access token.")
    key = _key(issuer.keys, str(head.get("kid", "")))
    if head.get("alg") not in ALGORITHMS:
        raise _unknown("The token is signed in a way that is not taken here.")
    try:
        return jwt.decode(
            token,
            key,
            algorithms=list(ALGORITHMS),
            issuer=issuer.issuer,
            audience=issuer.audience,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iss", "aud"]},
        )
    except jwt.PyJWTError as fault:
        raise _unknown(_WHY.get(type(fault), "The token is not valid.")) from None
    except (ValueError, TypeError):  # a key of another kind than the signature
        raise _unknown("The token's signature does not fit its key.") from None


def _key(place: str, name: str) -> jwt.PyJWK:
    try:
        key = keys.keys_at(place).find(name)
    except keys.NoKeys:
        raise Fault(
            503,
            (
                Issue(
                    "transient",
                    "The keys of the authorization server cannot be had just now, so that "
                    "no token can be checked. Try again in a minute.",
                ),
            ),
            {"Retry-After": "60"},
        ) from None
    if key is None:
        raise _unknown("The token is signed with a key that the server does not show.")
    return key


_WHY: dict[type[Exception], str] = {
    jwt.ExpiredSignatureError: "The token has expired. Fetch a new one.",
    jwt.ImmatureSignatureError: "The token is not valid yet. Check the clocks.",
    jwt.InvalidIssuerError: "The token is of another issuer than VARDE_FHIR_ISSUER.",
    jwt.InvalidAudienceError: "The token is for another audience than this API.",
    jwt.InvalidSignatureError: "The token's signature does not fit its key.",
    jwt.MissingRequiredClaimError: "The token lacks exp, iss or aud.",
}


def _client_id(claims: Mapping[str, Any]) -> str:
    found = claims.get("client_id") or claims.get("azp") or ""
    if not isinstance(found, str) or not found or "\0" in found:
        raise _unknown("The token names no client (client_id).")
    return found


def _scopes(claims: Mapping[str, Any]) -> frozenset[str]:
    """The scopes of a token, without what the authorization server puts before ours."""
    said = claims.get("scope", claims.get("scp", ""))
    listed = said.split() if isinstance(said, str) else said
    if not isinstance(listed, list):
        return frozenset()
    prefix = settings.FHIR_TOKENS.scope_prefix
    return frozenset(
        one.removeprefix(prefix)
        for one in listed
        if isinstance(one, str) and one.startswith(prefix)
    )


def _check_binding(claims: Mapping[str, Any], request: HttpRequest) -> None:
    """A token that belongs to one certificate is taken with that certificate only; one that
    belongs to a key which must be proven in another way is not taken."""
    if "cnf" not in claims:
        return
    bound = claims["cnf"]
    wanted = bound.get("x5t#S256", "") if isinstance(bound, dict) else ""
    if not isinstance(wanted, str) or not wanted:
        raise _unknown(
            "The token is bound to a key that must be proven (DPoP), which this API does "
            "not read. Ask for a token bound to the client certificate, or for a plain one."
        )
    shown = urlsafe_b64encode(bytes.fromhex(_fingerprint(request))).rstrip(b"=")
    if not hmac.compare_digest(shown, wanted.rstrip("=").encode()):
        raise _unknown("The token is bound to another certificate.")


# ------------------------------------------------------------------- certificates


def _fingerprint(request: HttpRequest) -> str:
    """SHA-256 of the certificate that the proxy has verified, in hex."""
    proxy = settings.FHIR_CERTIFICATES
    shown = request.headers.get(proxy.header, "") if proxy is not None else ""
    if proxy is None or not shown:
        raise _unknown(
            "Nobody is named. Send Authorization: Bearer <token>, or a client certificate "
            "where the server is set up for it."
        )
    if not _is_from(proxy, request.META.get("REMOTE_ADDR", "")):
        raise _unknown(
            f"{proxy.header} is taken only from the proxy (VARDE_FHIR_CERT_PROXY), and "
            "this request came from another address."
        )
    found = shown.strip().lower().replace(":", "")
    if _HEX.fullmatch(found):
        return found
    try:
        certificate = x509.load_pem_x509_certificate(unquote(shown).encode())
    except ValueError:
        raise _unknown(
            f"{proxy.header} holds neither the SHA-256 of a certificate in hex nor a "
            "certificate in PEM, with its signs escaped as in an address."
        ) from None
    return sha256(certificate.public_bytes(Encoding.DER)).hexdigest()


def _is_from(proxy: Any, address: str) -> bool:
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    return any(peer in network for network in proxy.networks)


# ------------------------------------------------------------------------ clients


def _client(**known_by: str) -> ApiClient:
    today = timezone.localdate()
    found = valid_on(today).filter(**known_by).order_by("pk").first()
    if found is None:
        raise _unknown(
            "No client is known here by that name or certificate, or it is not valid "
            "today. The administrator adds clients in Varde, under Andre systemer."
        )
    return found


def valid_on(on: date):
    """The clients that may read on a day."""
    return ApiClient.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), valid_from__lte=on
    )


def _asker(client: ApiClient, *, given: frozenset[str] | None) -> Asker:
    """A client with what it has both from us and from the token."""
    return Asker(
        client=client,
        districts=frozenset(client.districts.values_list("pk", flat=True)),
        scopes=_both(frozenset(client.scopes), given),
    )


def _both(ours: frozenset[str], given: frozenset[str] | None) -> frozenset[str]:
    """What both allow, as scopes of one type and one way each."""
    if given is None:
        return ours
    types = {
        _SCOPE.fullmatch(one)["type"] for one in ours | given if _SCOPE.fullmatch(one)
    }
    return frozenset(
        f"system/{kind}.{way}"
        for kind in types
        for way in "rs"
        if _allows(ours, kind, way) and _allows(given, kind, way)
    )


def _allows(scopes: frozenset[str], kind: str, way: str) -> bool:
    for one in scopes:
        match = _SCOPE.fullmatch(one)
        if match is None or match["type"] not in {"*", kind}:
            continue
        what = match["what"]
        if what in {"*", "read"} or way in what:
            return True
    return False


def _unknown(why: str) -> Fault:
    return Fault(
        401, (Issue("login", why),), {"WWW-Authenticate": 'Bearer realm="Varde FHIR"'}
    )


def no_scope(kind: str, way: str) -> Fault:
    """The client is known, and may not see this type."""
    return refuse(
        403,
        "forbidden",
        f"The client may not {way} {kind}: that needs the scope system/{kind}.read, both "
        "in the token and for the client in Varde.",
    )
