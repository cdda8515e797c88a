"""The second factor: an authenticator app (TOTP) or a passkey, with recovery codes.

It is demanded of everybody before anything else. `VARDE_REQUIRE_MFA=0` turns that off,
for the demo only.
"""

from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import resolve, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from varde.apps.records import ratelimit
from varde.apps.records.lock import wants_page
from varde.apps.records.models import User


SESSION_KEY = "second_factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
USED_CODE_S = 120  # longer than any code is valid

# What may be used before there is a second factor: to set one up, and to leave.
OPEN_BEFORE = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        "account_logout",
        "account_login",
        "lock",
        "unlock",
        "unlock_passkey",
        "switch_user",
        "set_language",
        "health",
        "handbook",
        "handbook_page",
    }
)


def has(user: User) -> bool:
    """Whether a person has an app or a passkey (recovery codes alone are none)."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def reset(user: User) -> int:
    """Remove a person's app, passkeys and recovery codes. Returns how many."""
    return Authenticator.objects.filter(user=user).delete()[0]


class SecondFactorMiddleware:
    """Whoever has no second factor sets one up before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer, or send the person to the page where it is set up."""
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return self.get_response(request)
        if not request.session.get(SESSION_KEY):
            if not has(request.user):
                return self._set_up_first(request)
            request.session[SESSION_KEY] = "local"
        return self.get_response(request)

    def _set_up_first(self, request):
        if resolve(request.path_info).view_name in OPEN_BEFORE:
            return self.get_response(request)
        place = reverse("mfa_index")
        if request.headers.get("HX-Request"):
            return HttpResponse(status=200, headers={"HX-Redirect": place})
        if not wants_page(request):
            return HttpResponse("second factor", status=403, content_type="text/plain")
        return HttpResponseRedirect(place)


class MfaAdapter(DefaultMFAAdapter):
    """Secrets are encrypted in the database, and the last factor is not taken away."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "Dette er den eneste andre faktoren du har. Legg til en ny før du fjerner den."
        ),
        "incorrect_code": _("Koden stemmer ikke. Vent på en ny kode og prøv igjen."),
        "too_many_tries": _(
            "For mange forsøk. Vent noen minutter før du prøver igjen."
        ),
    }

    def encrypt(self, text):
        """A TOTP secret or a recovery seed, as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """What `encrypt` was given."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured(
                "A second factor cannot be read: VARDE_SECRET_KEY (or secrets.json in\n"
                "VARDE_HOME) is not the one it was made with. Put the old key back, or\n"
                "reset the second factor of those concerned under Folk."
            ) from None

    def can_delete_authenticator(self, authenticator):
        """The last app or passkey stays while a second factor is demanded."""
        if not settings.REQUIRE_SECOND_FACTOR:
            return True
        others = Authenticator.objects.filter(
            user=authenticator.user_id, type__in=FACTORS
        ).exclude(pk=authenticator.pk)
        return others.exists()

    def generate_authenticator_name(self, user, type):
        """A name for a new passkey, which its owner may change."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passnøkkel {number}").format(number=number)


def _cipher() -> Fernet:
    key = HKDF(SHA256(), length=32, salt=None, info=b"varde second factor").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(urlsafe_b64encode(key))


class _LimitedCode:
    """A code can be tried a few times, and a right one is used once, in any process."""

    def clean_code(self):
        limit = settings.LIMITS["code_failed"]
        key = f"code:{self.user.pk}"
        if not ratelimit.allow(key, *limit):
            raise MfaAdapter().validation_error("too_many_tries")
        code = super().clean_code()
        if not ratelimit.allow(f"used:{self.user.pk}:{code}", 1, USED_CODE_S):
            raise MfaAdapter().validation_error("incorrect_code")
        ratelimit.give_back(key, *limit)
        return code


class CodeForm(_LimitedCode, AuthenticateForm):
    """The code at log-in."""


class CodeAgainForm(_LimitedCode, ReauthenticateForm):
    """The code before something sensitive is changed."""
