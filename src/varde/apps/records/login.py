"""How people get in: nobody signs up by themselves, and every attempt is in the log."""

from datetime import datetime

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth import signals as auth_signals
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from varde.apps.records import audit, lock, ratelimit, second_factor
from varde.apps.records.models import AuditEntry, User


# HelseID's names: the person's HPR number, and the level of the log-in (4: two factors).
HPR_CLAIM = "helseid://claims/hpr/hpr_number"
LEVEL_CLAIM = "helseid://claims/identity/security_level"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; wrong passwords are counted."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("Brukernavnet eller passordet er feil."),
        "incorrect_password": _("Passordet er feil."),
        "enter_current_password": _("Skriv passordet du har nå."),
        "too_many_login_attempts": _(
            "For mange forsøk. Vent noen minutter før du prøver igjen."
        ),
        "account_inactive": _("Denne brukeren er sperret."),
    }

    def is_open_for_signup(self, request):
        """Never."""
        return False

    def authenticate(self, request, **credentials):
        """The user with this name and password. Only wrong tries are counted.

        They are counted for the name and for the address, before the password is
        looked at: tries that run side by side cannot slip through.
        """
        counted = {
            f"password:{str(credentials.get('username', '')).casefold()}": "user_failed",
            f"address:{self.get_client_ip(request)}": "address_failed",
        }
        for key, limit in counted.items():
            if not ratelimit.allow(key, *settings.LIMITS[limit]):
                raise self.validation_error("too_many_login_attempts")
        user = super().authenticate(request, **credentials)
        if user is not None:
            for key, limit in counted.items():
                ratelimit.give_back(key, *settings.LIMITS[limit])
            ratelimit.forget_old()
        return user

    def is_reauthentication_required(self, *, app, **kwargs):
        """Not within the first minutes after a full log-in, as at the first set-up."""
        session = getattr(context.request, "work_session", None)
        if session is not None:
            age = timezone.now() - session.began_at
            if age.total_seconds() < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
                return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def send_mail(self, template_prefix, email, context):
        """Varde sends no e-mail."""


class SocialAdapter(DefaultSocialAccountAdapter):
    """An identity from OpenID Connect belongs to an account that exists."""

    def is_open_for_signup(self, request, sociallogin):
        """Never: an unknown identity is refused."""
        return False

    def pre_social_login(self, request, sociallogin):
        """Link an identity seen for the first time to the account with its HPR number.

        The administrator registered that number. Where it is missing, unknown or
        registered twice, nothing is linked and the log-in is refused.
        """
        if sociallogin.is_existing or request.user.is_authenticated:
            return
        number = str(claims_of(sociallogin).get(HPR_CLAIM, ""))
        if not number:
            return
        found = list(User.objects.filter(hpr_number=number, is_active=True)[:2])
        if len(found) == 1:
            sociallogin.connect(request, found[0])
            _log("identity_linked", by=found[0], data={"by": "hpr_number"})

    def is_auto_signup_allowed(self, request, sociallogin):
        """Never."""
        return False

    def send_notification_mail(self, *args, **kwargs):
        """Varde sends no e-mail."""


def claims_of(sociallogin) -> dict[str, object]:
    """What the identity provider says of the person: user info, then the id token."""
    data = sociallogin.account.extra_data or {}
    if "userinfo" in data or "id_token" in data:
        return {**data.get("userinfo", {}), **data.get("id_token", {})}
    return dict(data)


def is_two_factor(claims: dict[str, object]) -> bool:
    """Whether the provider vouches for two factors.

    >>> is_two_factor({LEVEL_CLAIM: "4"}), is_two_factor({"amr": ["pwd"]})
    (True, False)
    """
    methods = claims.get("amr")
    return (
        str(claims.get(LEVEL_CLAIM, "")) == "4"
        or claims.get("acr") in {"Level4", "idporten-loa-high"}
        or (isinstance(methods, list) and "mfa" in methods)
    )


# --------------------------------------------------------------- one-time link


def invitation_path(user: User) -> str:
    """The address where a person chooses a password, once, within a day."""
    return reverse(
        "first_password",
        kwargs={
            "uid": urlsafe_base64_encode(force_bytes(user.pk)),
            "token": default_token_generator.make_token(user),
        },
    )


def invited(*, uid: str, token: str) -> User | None:
    """The person of a one-time link, or None for a link that is used, old or made up."""
    try:
        user = User.objects.get(pk=force_str(urlsafe_base64_decode(uid)))
    except (User.DoesNotExist, ValueError, OverflowError):
        return None
    return user if default_token_generator.check_token(user, token) else None


# ------------------------------------------------------------------- what is told


def connect() -> None:
    """Follow every log-in, log-out and change of a second factor."""
    auth_signals.user_logged_in.connect(_logged_in, dispatch_uid="varde_login")
    auth_signals.user_logged_out.connect(_logged_out, dispatch_uid="varde_logout")
    auth_signals.user_login_failed.connect(_failed, dispatch_uid="varde_failed")
    account_signals.user_logged_in.connect(_by_provider, dispatch_uid="varde_provider")
    account_signals.password_changed.connect(_password, dispatch_uid="varde_password")
    for name in ("added", "removed", "reset"):
        signal = getattr(mfa_signals, f"authenticator_{name}")
        signal.connect(_factor_changed(name), weak=False, dispatch_uid=f"varde_{name}")
    mfa_signals.authentication_failed.connect(_wrong_code, dispatch_uid="varde_code")


def _logged_in(*, request, user, **_kwargs):
    now = timezone.now()
    lock.begin(request, user=user, at=now)
    _log("login", by=user, at=now)
    lock.forget_old(at=now)


def _logged_out(*, request, user, **_kwargs):
    session = lock.current(request) if user is not None else None
    if session is not None:
        lock.end(session.pk)
        _log("logout", by=user)


def _failed(*, credentials, **_kwargs):
    # What was typed as a name may be a password: only a name that exists is kept.
    user = User.objects.filter(username=credentials.get("username", "")).first()
    _log("login_failed", by=None, data={"user": user.pk if user else None})


def _by_provider(*, request, user, sociallogin=None, **_kwargs):
    if sociallogin is not None and is_two_factor(claims_of(sociallogin)):
        request.session[second_factor.SESSION_KEY] = "provider"


def _password(*, user, **_kwargs):
    _log("password_changed", by=user)


def _wrong_code(*, user, **_kwargs):
    _log("code_failed", by=None, data={"user": user.pk})


def _factor_changed(how):
    def told(*, user, authenticator, **_kwargs):
        _log(f"factor_{how}", by=user, data={"type": authenticator.type})

    return told


def _log(what, *, by, at: datetime | None = None, data=None):
    audit.log(
        kind=AuditEntry.Kind.SESSION, what=what, by=by, at=at, purpose="", data=data
    )
