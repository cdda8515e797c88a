"""Django's settings. What differs between machines comes from `env`."""

import os
from datetime import timedelta
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from varde.config import env as surroundings


ENV = surroundings.read()
PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent.parent

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = list(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [ENV.public_address]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "varde.web",  # before allauth: its templates count before allauth's own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "procrastinate.contrib.django",
    "varde.apps.records",
    "varde.apps.sentral",
    "varde.apps.station",
    "varde.apps.staffing",
    "varde.apps.planning",
    "varde.apps.api",
    "varde.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "varde.web.headers.HeadersMiddleware",
    "varde.web.plain_query.PlainQueryMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "varde.web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "varde.apps.records.lock.LockMiddleware",
    "varde.apps.records.second_factor.SecondFactorMiddleware",
    "varde.apps.records.scope.ScopeMiddleware",
    "varde.apps.sentral.views.reason.ReasonMiddleware",
]

ROOT_URLCONF = "varde.config.urls"
ASGI_APPLICATION = "varde.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "varde.web.context.shell",
                "varde.config.navigation.places",
                "varde.apps.records.lock.context",
            ],
        },
    }
]

if not ENV.database_url:
    raise ImproperlyConfigured(
        "DATABASE_URL is not set. The command `varde` sets it for the embedded\n"
        "database; another program must name a PostgreSQL, e.g.\n"
        "DATABASE_URL=postgresql://varde:secret@localhost:5432/varde"
    )
# Threads of one web process share these connections.
POOL_SIZE = int(os.environ.get("VARDE_POOL", "12"))
DATABASES = {
    "default": surroundings.database(ENV.database_url)
    | {
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}},
        "TEST": {"NAME": os.environ.get("VARDE_TEST_DATABASE", "test_varde")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "/konto/login/"
LOGIN_REDIRECT_URL = "/"

# A desk is shared: the session ends with the browser and after a shift at the latest.
SESSION_COOKIE_AGE = 60 * 60 * 14
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
IS_HTTPS = ENV.public_address.startswith("https://")
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = False
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
}

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Bokmål")), ("nn", _("Nynorsk")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "varde_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
FORMAT_MODULE_PATH = "varde.web.formats"
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.home / "static"
NPM = ROOT / "node_modules"
STATICFILES_DIRS = [
    ("npm/htmx", NPM / "htmx.org" / "dist"),
    ("npm/designsystemet", NPM / "@digdir" / "designsystemet-css" / "dist" / "src"),
    ("npm/theme", NPM / "@digdir" / "designsystemet-theme" / "brand"),
    ("npm/leaflet", NPM / "leaflet" / "dist"),
    ("npm/vega", NPM / "vega" / "build"),
    ("npm/vega-lite", NPM / "vega-lite" / "build"),
    ("npm/vega-embed", NPM / "vega-embed" / "build"),
    ("npm/vega-interpreter", NPM / "vega-interpreter" / "build"),
]
DIAGNOSIS_CODES = NPM / "@navikt" / "diagnosekoder" / "lib" / "ICPC2.json"
HANDBOOK = ROOT / "site"

# Background tasks live in each room's jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# Log lines hold ids only. Django's own error mail and local variables are off.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "varde.config.logs.Line",  # a fault's text can hold patient data
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"varde": {"level": "INFO"}},
}

# Telephone events signed with this secret, and how old they may be.
TELEPHONY_SECRET = ENV.telephony_secret
ALARM_SECRET = ENV.alarm_secret  # the same for safety alarms
HELP_SECRETS = ENV.help_secrets  # by the other sentral's code
API_SECRET = ENV.api_secret
# Who other systems are that read by FHIR (docs/handbok/fhir.md). None: not by that way.
FHIR_TOKENS = ENV.fhir_tokens
FHIR_CERTIFICATES = ENV.fhir_certificates
METRICS_TOKEN = ENV.metrics_token  # empty: the metrics are for this machine only
VARDE_HOME = ENV.home
PUBLIC_ADDRESS = ENV.public_address
# The board for when the server is gone: signed with this key, kept so many and so long.
SNAPSHOT_KEY = ENV.snapshot_key
DOOR_KEY = ENV.door_key  # door codes of missions: a key of its own
SNAPSHOT_DIR = ENV.snapshot_dir  # None: VARDE_HOME/downtime
SNAPSHOT_KEEP = ENV.snapshot_keep
SNAPSHOT_KEEP_FOR = timedelta(hours=ENV.snapshot_keep_h)
SIMULATION_CLUSTER = ENV.cluster  # empty: simulations run on this machine only
FASTLEGE_URL = ENV.fastlege_url  # "": files in VARDE_HOME/utboks/fastlege
FASTLEGE_TOKEN = ENV.fastlege_token
# In tests the connection's own user may pass row security; each request then takes on
# the role of the web process.
VARDE_WEB_ROLE = "varde_web"
SET_WEB_ROLE = os.environ.get("VARDE_SET_WEB_ROLE") == "1"

# Attempts, and in how many seconds (records.ratelimit). allauth's own limits count in one
# process only, and are off.
LIMITS = {
    "login": (120, 60),  # from one address, right or wrong: each costs an Argon2
    "address_failed": (30, 60),  # wrong ones, from one address
    "user_failed": (5, 300),  # wrong ones, for one name
    "code_failed": (5, 300),  # wrong codes of a second factor
}
ACCOUNT_ADAPTER = "varde.apps.records.login.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24  # an administrator's one-time link
REQUIRE_SECOND_FACTOR = ENV.require_second_factor
MFA_ADAPTER = "varde.apps.records.second_factor.MfaAdapter"
MFA_FORMS = {
    "authenticate": "varde.apps.records.second_factor.CodeForm",
    "reauthenticate": "varde.apps.records.second_factor.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Varde"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute wrong
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
ALLAUTH_TRUSTED_PROXY_COUNT = ENV.proxies
SOCIALACCOUNT_PROVIDERS = {}
if ENV.oidc:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "helseid",
                "name": "HelseID",
                "client_id": ENV.oidc["client_id"],
                "secret": ENV.oidc["secret"],
                "settings": {"server_url": ENV.oidc["server"]},
            }
        ],
    }
    # The browser follows the form to the provider, which the policy must allow.
    SECURE_CSP["form-action"] = [CSP.SELF, surroundings.origin(ENV.oidc["server"])]
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_ADAPTER = "varde.apps.records.login.SocialAdapter"
