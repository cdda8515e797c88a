"""What the surroundings tell Varde: folders, database addresses and secrets.

Everything that differs between machines is read here and nowhere else. A missing or
wrong value stops the start with a sentence that says which, what for, and where to set
it.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

import platformdirs
from django.core.exceptions import ImproperlyConfigured


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
    api_secret: str
    metrics_token: str
    oidc: dict[str, str] | None
    require_second_factor: bool
    proxies: int


def read(environ: dict[str, str] | None = None) -> Env:
    """The environment as one checked value. Secrets are made on the first start."""
    env = dict(os.environ) if environ is None else environ
    home = Path(
        env.get("VARDE_HOME") or platformdirs.user_data_path("varde")
    ).expanduser()
    made = _secrets(home)
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
        api_secret=env.get("VARDE_API_SECRET") or made["api_secret"],
        metrics_token=env.get("VARDE_METRICS_TOKEN", ""),
        oidc=_oidc(env),
        require_second_factor=_yes_or_no(env, "VARDE_REQUIRE_MFA", default=True),
        proxies=_count(env, "VARDE_PROXIES"),
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
    names = ("secret_key", "telephony_secret", "api_secret", "demo_password")
    missing = [name for name in names if name not in known]
    if missing:
        home.mkdir(parents=True, exist_ok=True)
        known |= {name: secrets.token_urlsafe(48) for name in missing}
        draft = file.with_suffix(f".{os.getpid()}.new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(known, indent=1))
        draft.replace(file)
    return known


def _yes_or_no(env: dict[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "yes", "true", "on"}:
        return True
    if text in {"0", "no", "false", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}. It must be 1 or 0.")


def _count(env: dict[str, str], name: str) -> int:
    text = env.get(name, "").strip() or "0"
    if not (text.isascii() and text.isdecimal()):
        raise ImproperlyConfigured(
            f"{name} is {text!r}. It must be how many proxies stand before Varde: 0, 1, …"
        )
    return int(text)


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
