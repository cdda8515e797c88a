"""What the surroundings tell Varde: folders, database addresses and secrets.

Everything that differs between machines is read here and nowhere else. A missing or
wrong value stops the start with a sentence that says which, what for, and where to set
it.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

import platformdirs
from django.core.exceptions import ImproperlyConfigured

from varde.engines.simulation.cluster_address import cluster_address


# How many random bytes each secret is made of.
SECRET_BYTES = {
    "secret_key": 48,
    "telephony_secret": 48,
    "alarm_secret": 48,
    "api_secret": 48,
    "demo_password": 48,
    "snapshot_key": 32,  # the seed of an Ed25519 key
    "door_key": 32,  # door codes of missions (AES-256)
}


SHORTEST_SHARED = 32  # characters of a secret that two sentraler share


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenIssuer:
    """The authorization server whose tokens open the FHIR API."""

    issuer: str
    audience: str
    keys: str  # a file, or an address
    scope_prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateProxy:
    """The proxy that verifies client certificates, and the header that it sets."""

    networks: tuple[IPv4Network | IPv6Network, ...]
    header: str


@dataclass(frozen=True, slots=True)
class Env:
    """The values of one start."""

    home: Path
    database_url: str | None
    web_database_url: str | None
    debug: bool
    allowed_hosts: tuple[str, ...]
    public_address: str
    secret_key: str
    telephony_secret: str
    alarm_secret: str
    api_secret: str
    metrics_token: str
    oidc: dict[str, str] | None
    require_second_factor: bool
    proxies: int
    fhir_tokens: TokenIssuer | None
    fhir_certificates: CertificateProxy | None
    help_secrets: dict[str, str] = field(repr=False)
    snapshot_key: bytes = field(repr=False)
    snapshot_dir: Path | None
    snapshot_keep: int
    snapshot_keep_h: int
    fastlege_url: str  # "": messages to the fastlege are files in a folder
    fastlege_token: str = field(repr=False)
    door_key: bytes = field(repr=False)
    cluster: str  # "": simulations run on this machine only


def read(environ: dict[str, str] | None = None) -> Env:
    """The environment as one checked value. Secrets are made on the first start."""
    env = dict(os.environ) if environ is None else environ
    home = Path(
        env.get("VARDE_HOME") or platformdirs.user_data_path("varde")
    ).expanduser()
    made = _secrets(home)
    fastlege_url, fastlege_token = _fastlege(env)
    return Env(
        home=home,
        database_url=env.get("DATABASE_URL"),
        web_database_url=env.get("VARDE_WEB_DATABASE_URL"),
        debug=_yes_or_no(env, "VARDE_DEBUG", default=False),
        allowed_hosts=tuple(
            env.get("VARDE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
        ),
        public_address=env.get("VARDE_PUBLIC_ADDRESS", "http://localhost:8116"),
        secret_key=env.get("VARDE_SECRET_KEY") or made["secret_key"],
        telephony_secret=env.get("VARDE_TELEPHONY_SECRET") or made["telephony_secret"],
        alarm_secret=env.get("VARDE_ALARM_SECRET") or made["alarm_secret"],
        api_secret=env.get("VARDE_API_SECRET") or made["api_secret"],
        metrics_token=env.get("VARDE_METRICS_TOKEN", ""),
        oidc=_oidc(env),
        require_second_factor=_yes_or_no(env, "VARDE_REQUIRE_MFA", default=True),
        proxies=_count(
            env, "VARDE_PROXIES", what="how many proxies stand before Varde"
        ),
        fhir_tokens=_fhir_tokens(env),
        fhir_certificates=_fhir_certificates(env),
        help_secrets=_help_secrets(env, home),
        snapshot_key=_key(made["snapshot_key"], home=home),
        door_key=_door_key(env.get("VARDE_DOOR_KEY") or made["door_key"], home=home),
        snapshot_dir=_folder(env, "VARDE_SNAPSHOT_DIR"),
        snapshot_keep=_count(
            env, "VARDE_SNAPSHOT_KEEP", default="60", what="how many snapshots to keep"
        ),
        snapshot_keep_h=_count(
            env,
            "VARDE_SNAPSHOT_KEEP_HOURS",
            default="24",
            what="how many hours a snapshot is kept",
        ),
        fastlege_url=fastlege_url,
        fastlege_token=fastlege_token,
        cluster=_cluster(env, "VARDE_CLUSTER"),
    )


def database(url: str) -> dict[str, object]:
    """Django's connection settings from a `postgresql://` address."""
    parts = urlparse(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {parts.scheme!r}. Varde runs on PostgreSQL only:\n"
            "set DATABASE_URL to postgresql://user:password@host:5432/name, or leave it\n"
            "out to use the embedded database in VARDE_HOME."
        )
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or (query.get("host") or [""])[0],
        "PORT": str(parts.port or ""),
    }


def origin(address: str) -> str:
    """Scheme, host and port of an address, as a browser names an origin.

    >>> origin("https://login.example.no/realms/a")
    'https://login.example.no'
    """
    parts = urlparse(address)
    return f"{parts.scheme}://{parts.netloc}"


def _secrets(home: Path) -> dict[str, str]:
    """The secrets of this installation, made once and readable by its owner only."""
    file = home / "secrets.json"
    known: dict[str, str] = {}
    if file.exists():
        known = json.loads(file.read_text())
    missing = [name for name in SECRET_BYTES if name not in known]
    if missing:
        home.mkdir(parents=True, exist_ok=True)
        known |= {name: secrets.token_urlsafe(SECRET_BYTES[name]) for name in missing}
        draft = file.with_suffix(f".{os.getpid()}.new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(known, indent=1))
        draft.replace(file)
    return known


def _help_secrets(env: dict[str, str], home: Path) -> dict[str, str]:
    """What is shared with each sentral that we help or are helped by, by its code."""
    named = env.get("VARDE_HELP_SECRETS", "").strip()
    file = Path(named).expanduser() if named else home / "help-secrets.json"
    if not named and not file.exists():
        return {}
    try:
        known = json.loads(file.read_text())
    except (OSError, ValueError):
        known = None
    if not isinstance(known, dict) or not all(
        isinstance(secret, str) and len(secret) >= SHORTEST_SHARED
        for secret in known.values()
    ):
        raise ImproperlyConfigured(
            f"{file} cannot be used. It must be JSON with a shared secret of at least\n"
            f"{SHORTEST_SHARED} characters for each sentral's code, such as\n"
            '{"HEL": "…"}; the same secret stands in the other sentral\'s file, with our\n'
            "code. VARDE_HELP_SECRETS names another file."
        )
    return {str(code): secret for code, secret in known.items()}


def _yes_or_no(env: dict[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "yes", "true", "on"}:
        return True
    if text in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}. It must be 1 or 0.")


def _count(env: dict[str, str], name: str, *, what: str, default: str = "0") -> int:
    text = env.get(name, "").strip() or default
    if not (text.isascii() and text.isdecimal()):
        raise ImproperlyConfigured(f"{name} is {text!r}. It must be {what}: 0, 1, …")
    return int(text)


def _folder(env: dict[str, str], name: str) -> Path | None:
    """A folder that another place is named for; None where none is."""
    text = env.get(name, "").strip()
    if not text:
        return None
    folder = Path(text).expanduser()
    if not folder.is_absolute():
        raise ImproperlyConfigured(
            f"{name} is {text!r}. It must be a whole path, from the root of the disk:\n"
            "each process may start in another folder."
        )
    return folder


def _cluster(env: dict[str, str], name: str) -> str:
    """The scheduler of a Dask cluster; empty where there is none."""
    try:
        return cluster_address(env.get(name, ""))
    except ValueError as fault:
        raise ImproperlyConfigured(f"{name} {fault}") from None


def _fastlege(env: dict[str, str]) -> tuple[str, str]:
    """The message service to the fastlege and its secret; ("", "") for the folder."""
    url = env.get("VARDE_FASTLEGE_URL", "").strip()
    token = env.get("VARDE_FASTLEGE_TOKEN", "").strip()
    file = env.get("VARDE_FASTLEGE_TOKEN_FILE", "").strip()
    if file and not token:
        try:
            token = Path(file).expanduser().read_text("utf-8").strip()
        except OSError as fault:
            raise ImproperlyConfigured(
                f"VARDE_FASTLEGE_TOKEN_FILE is {file!r}, and that file cannot be read\n"
                f"({fault.strerror}). Name a file with the secret of the message service."
            ) from None
    if bool(url) != bool(token):
        raise ImproperlyConfigured(
            "Messages to the fastlege over HTTP need both VARDE_FASTLEGE_URL and\n"
            "VARDE_FASTLEGE_TOKEN (or VARDE_FASTLEGE_TOKEN_FILE). Set both, or none to\n"
            "leave the messages as files in utboks/fastlege under VARDE_HOME."
        )
    parts = urlparse(url)
    is_near = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if url and not (parts.scheme == "https" or (parts.scheme == "http" and is_near)):
        raise ImproperlyConfigured(
            f"VARDE_FASTLEGE_URL is {url!r}. It must begin with https://: the messages\n"
            "are about patients. http:// is allowed to this machine only."
        )
    return url, token


def _key(text: str, *, home: Path) -> bytes:
    """The seed of a signing key as it is written in secrets.json."""
    wanted = SECRET_BYTES["snapshot_key"]
    try:
        seed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        seed = b""
    if len(seed) != wanted:
        raise ImproperlyConfigured(
            f"snapshot_key in {home / 'secrets.json'} is not {wanted} bytes in base64url.\n"
            "Put back the secrets.json of this installation. Without that one, take the\n"
            "line away: a new key is made at the next start, and snapshots signed with\n"
            "the old key are then those of a stranger."
        )
    return seed


def _door_key(text: str, *, home: Path) -> bytes:
    """The key of the door codes: 32 bytes, from VARDE_DOOR_KEY or secrets.json."""
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        key = b""
    if len(key) != SECRET_BYTES["door_key"]:
        raise ImproperlyConfigured(
            "VARDE_DOOR_KEY, or door_key in "
            f"{home / 'secrets.json'}, is not 32 bytes in base64url.\n"
            "It opens the door codes of missions under way. Put back the key of this\n"
            "installation, or take the line away: a new key is made at the next start,\n"
            "and the crews that are out must type their codes again."
        )
    return key


def _oidc(env: dict[str, str]) -> dict[str, str] | None:
    """OpenID Connect is on when all three values are there; half of them is a fault."""
    names = ("VARDE_OIDC_SERVER", "VARDE_OIDC_CLIENT_ID", "VARDE_OIDC_SECRET")
    values = {name: env.get(name, "") for name in names}
    if not any(values.values()):
        return None
    lacking = [name for name, value in values.items() if not value]
    if lacking:
        raise ImproperlyConfigured(
            f"OpenID Connect needs {', '.join(names)}; {', '.join(lacking)} is missing.\n"
            "Set all three, or none to log in with password and second factor only."
        )
    return {
        "server": values["VARDE_OIDC_SERVER"],
        "client_id": values["VARDE_OIDC_CLIENT_ID"],
        "secret": values["VARDE_OIDC_SECRET"],
    }


def _fhir_tokens(env: dict[str, str]) -> TokenIssuer | None:
    """FHIR by tokens is on when issuer, audience and keys are there."""
    names = ("VARDE_FHIR_ISSUER", "VARDE_FHIR_AUDIENCE", "VARDE_FHIR_JWKS")
    values = {name: env.get(name, "").strip() for name in names}
    prefix = env.get("VARDE_FHIR_SCOPE_PREFIX", "").strip()
    if not any(values.values()) and not prefix:
        return None
    lacking = [name for name, value in values.items() if not value]
    if lacking:
        raise ImproperlyConfigured(
            f"FHIR by tokens needs {', '.join(names)}; {', '.join(lacking)} is missing.\n"
            "Set all three, or none to let no system in by token."
        )
    keys = values["VARDE_FHIR_JWKS"]
    if "://" in keys:
        _check_key_address(keys)
    elif not Path(keys).expanduser().is_absolute():
        raise ImproperlyConfigured(
            f"VARDE_FHIR_JWKS is {keys!r}. It must be the address of the authorization\n"
            "server's keys (https://…), or the whole path of a file that holds them."
        )
    return TokenIssuer(
        issuer=values["VARDE_FHIR_ISSUER"],
        audience=values["VARDE_FHIR_AUDIENCE"],
        keys=keys,
        scope_prefix=prefix,
    )


def _check_key_address(address: str) -> None:
    parts = urlparse(address)
    is_here = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme == "https" or (parts.scheme == "http" and is_here):
        return
    raise ImproperlyConfigured(
        f"VARDE_FHIR_JWKS is {address!r}. Keys that come over a network must come by\n"
        "https, or anybody on the way can put in their own. Only this machine may use\n"
        "http."
    )


def _fhir_certificates(env: dict[str, str]) -> CertificateProxy | None:
    """FHIR by client certificate is on when the proxy's address is there."""
    text = env.get("VARDE_FHIR_CERT_PROXY", "").strip()
    header = env.get("VARDE_FHIR_CERT_HEADER", "").strip()
    if not text:
        if header:
            raise ImproperlyConfigured(
                "VARDE_FHIR_CERT_HEADER is set and VARDE_FHIR_CERT_PROXY is not. Name the\n"
                "proxy's address too: from anybody else the header is not believed."
            )
        return None
    header = header or "X-Client-Cert"
    if not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in header):
        raise ImproperlyConfigured(
            f"VARDE_FHIR_CERT_HEADER is {header!r}. It must be a header's name: letters,\n"
            "digits and hyphens, e.g. X-Client-Cert."
        )
    try:
        networks = tuple(ip_network(one.strip()) for one in text.split(","))
    except ValueError:
        raise ImproperlyConfigured(
            f"VARDE_FHIR_CERT_PROXY is {text!r}. It must be the proxy's address, or\n"
            "several with commas between, e.g. 10.0.0.5 or 10.0.0.0/28."
        ) from None
    return CertificateProxy(networks=networks, header=header)
