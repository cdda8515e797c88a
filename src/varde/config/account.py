"""One's own account: lock and unlock, PIN, first password, language.

Log-in itself and the second factor are allauth's views, with limits that count across
processes.
"""

from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records import audit, lock, login, ratelimit, second_factor
from varde.apps.records.models import AuditEntry, UnlockPin


def limited(view):
    """Answer 429 to an address that tries to log in too often. Looking is free."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        address = get_adapter().get_client_ip(request)
        if request.method == "POST" and not ratelimit.allow(
            f"login:{address}", *settings.LIMITS["login"]
        ):
            return too_many(request, *settings.LIMITS["login"])
        return view(request, *args, **kwargs)

    return inner


def too_many(request, limit, window_s):
    """429: when to try again, as a page."""
    answer = render(request, "429.html", status=429)
    answer.headers["Retry-After"] = str(max(1, round(window_s / limit)))
    return answer


def with_password(view):
    """Not there for those who log in through a provider only."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        if request.user.is_authenticated and not request.user.has_usable_password():
            raise Http404
        return view(request, *args, **kwargs)

    return inner


def keeps_a_factor(view):
    """Refuse to remove the last passkey of somebody who has no other second factor."""

    @wraps(view)
    def inner(request, *args, pk, **kwargs):
        mine = Authenticator.objects.filter(pk=pk, user_id=request.user.pk).first()
        adapter = second_factor.MfaAdapter()
        if mine is not None and not adapter.can_delete_authenticator(mine):
            problem = adapter.error_messages["cannot_delete_authenticator"]
            messages.error(request, problem)
            return redirect("mfa_list_webauthn")
        return view(request, *args, pk=pk, **kwargs)

    return inner


@require_GET
@login_required
def account(request):
    """What a person can do with her own account."""
    return render(
        request,
        "account/account.html",
        {
            "has_pin": UnlockPin.objects.filter(user=request.user).exists(),
            "has_factor": second_factor.has(request.user),
            "has_password": request.user.has_usable_password(),
            "has_provider": bool(settings.SOCIALACCOUNT_PROVIDERS),
            "sessions": request.user.work_sessions.count(),
        },
    )


# -------------------------------------------------------------------- lock and unlock


@require_POST
@login_required
def lock_now(request):
    """Lock this screen. The page that is open covers itself; without script: go there."""
    why = "idle" if request.POST.get("why") == "idle" else "key"
    lock.lock(session=request.work_session, at=timezone.now(), why=why)
    if not lock.wants_page(request):
        return HttpResponse(status=204)
    return redirect(_next(request))


@sensitive_post_parameters("secret")
@require_POST
@login_required
def unlock(request):
    """Open the screen with PIN or password."""
    came_of = lock.unlock_by_secret(
        session=request.work_session,
        secret=request.POST.get("secret", ""),
        at=timezone.now(),
    )
    return _opening_answer(request, came_of)


@require_http_methods(["GET", "POST"])
@login_required
def unlock_passkey(request):
    """GET: what the passkey is asked. POST: its answer opens the screen."""
    if request.method == "GET":
        has_one = Authenticator.objects.filter(
            user=request.user, type=Authenticator.Type.WEBAUTHN
        ).exists()
        options = webauthn.begin_authentication(request.user) if has_one else None
        return JsonResponse({"request_options": options})
    form = AuthenticateWebAuthnForm(user=request.user, data=request.POST)
    came_of = lock.unlock_by_passkey(
        session=request.work_session, is_right=form.is_valid(), at=timezone.now()
    )
    return _opening_answer(request, came_of)


@require_POST
@login_required
def switch_user(request):
    """Leave the workstation to somebody else. Contacts in hand stay the leaver's."""
    audit.log(
        kind=AuditEntry.Kind.SESSION, what="switched", by=request.user, purpose=""
    )
    logout(request)
    return redirect(settings.LOGIN_URL)


def _opening_answer(request, came_of):
    problem = ""
    if came_of is lock.Opening.WRONG:
        problem = _("Det stemte ikke. Prøv igjen.")
    place = settings.LOGIN_URL
    if came_of is lock.Opening.ENDED:
        logout(request)
    if not lock.wants_page(request):
        return JsonResponse({"state": came_of, "problem": problem, "login": place})
    if came_of is lock.Opening.WRONG:
        page = {"problem": problem, "next": _next(request)}
        return render(request, "423.html", page, status=423)
    return redirect(place if came_of is lock.Opening.ENDED else _next(request))


def _next(request):
    """Where the form asked to go, if that is within Varde."""
    place = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return place if place and is_ours else "/"


# --------------------------------------------------------------------- PIN, password


def _is_get(request):
    # allauth would keep the fields of a POST, and so the PIN, in the session.
    return request.method == "GET"


@sensitive_post_parameters("pin")
@require_http_methods(["GET", "POST"])
@login_required
@reauthentication_required(app="allauth.mfa", allow_get=False, enabled=_is_get)
def pin(request):
    """Set or remove one's PIN, shortly after a full log-in or its confirmation."""
    if request.method == "POST" and is_reauthentication_required(
        request, app="allauth.mfa"
    ):
        return redirect("pin")
    problem = ""
    if request.method == "POST" and "remove" in request.POST:
        lock.remove_pin(by=request.user, at=timezone.now())
        messages.success(request, _("PIN-koden er fjernet."))
        return redirect("account")
    if request.method == "POST":
        try:
            lock.set_pin(
                by=request.user, code=request.POST.get("pin", ""), at=timezone.now()
            )
        except lock.PinRefused as refused:
            problem = PIN_PROBLEMS[str(refused)]()
        else:
            messages.success(request, _("PIN-koden er satt."))
            return redirect("account")
    has_pin = UnlockPin.objects.filter(user=request.user).exists()
    page = {"problem": problem, "has_pin": has_pin, "lock_key": lock.LOCK_KEY}
    return render(request, "account/pin.html", page)


PIN_PROBLEMS = {
    "length": lambda: _("PIN-koden skal ha 4 til 8 siffer."),
    "obvious": lambda: _("Den PIN-koden er for lett å gjette. Velg en annen."),
}


@sensitive_post_parameters("new_password1", "new_password2")
@limited
@require_http_methods(["GET", "POST"])
def first_password(request, uid, token):
    """Choose a password through the administrator's one-time link."""
    person = login.invited(uid=uid, token=token)
    if person is None:
        return render(request, "account/link_used.html", status=404)
    form = SetPasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        audit.log(
            kind=AuditEntry.Kind.SESSION, what="password_chosen", by=person, purpose=""
        )
        if request.user.is_authenticated:
            logout(request)
        return redirect(reverse("account_login"))
    page = {"form": form, "person": person}
    return render(request, "account/first_password.html", page)
