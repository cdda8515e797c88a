"""The locked screen of a shared desk, and how long a log-in lasts.

A person locks her screen with one key and opens it again with a short PIN, her password
or a passkey. What she typed stays in the page, covered. While it is locked, the server
answers nothing but the opening itself.
"""

import json
from datetime import datetime, timedelta
from enum import StrEnum, auto
from itertools import pairwise
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.views import redirect_to_login
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone

from varde.apps.records import audit
from varde.apps.records import settings as dated
from varde.apps.records.live import CHANNEL
from varde.apps.records.models import AuditEntry, UnlockPin, User, WorkSession


LOCK_KEY = "F9"
"""The key that locks. The one place: templates get it as `lock_key`."""

SESSION_KEY = "work_session"
MOST_WRONG_TRIES = 5
LONGEST_SESSION = timedelta(seconds=settings.SESSION_COOKIE_AGE)
USED_STEP = timedelta(minutes=1)  # how exactly the last use is kept
PIN_LENGTHS = range(4, 9)

# A crew's presses are taken in: a telephone in a car locks itself, and the answer says
# nothing about a patient. What it shows without net is the same for everybody.
OPEN_WHILE_LOCKED = frozenset(
    {
        "lock",
        "unlock",
        "unlock_passkey",
        "switch_user",
        "account_logout",
        "health",
        "station:presses",
        "station:car_worker",
        "station:away",
    }
)


class Opening(StrEnum):
    """What came of an attempt to open a locked screen."""

    OPENED = auto()
    WRONG = auto()
    ENDED = auto()  # too many wrong tries: a full log-in is needed


class PinRefused(ValueError):
    """The PIN is too short, too long, not digits, or the first anybody would try."""


# ------------------------------------------------------------------ a log-in's life


def begin(request: HttpRequest, *, user: User, at: datetime) -> WorkSession:
    """Start a work session; Django's session knows it by its id."""
    session = WorkSession.objects.create(user=user, began_at=at, used_at=at)
    request.session[SESSION_KEY] = str(session.pk)
    return session


def current(request: HttpRequest) -> WorkSession | None:
    """The work session of a request, or None when it was ended."""
    try:
        key = UUID(str(request.session.get(SESSION_KEY, "")))
    except ValueError:
        return None
    return WorkSession.objects.filter(pk=key, user_id=request.user.pk).first()


def may_go_on(request: HttpRequest, *, at: datetime) -> bool:
    """Whether this session may see anything: not ended, not too old, not locked.

    For what does not pass the middleware, as the live streams. Writes nothing.
    """
    session = current(request)
    return (
        session is not None
        and not is_too_old(session, at=at)
        and not (session.locked_at or is_unused(session, at=at))
    )


def is_too_old(session: WorkSession, *, at: datetime) -> bool:
    """Whether the log-in has lasted as long as it may, used or not."""
    return at - session.began_at > LONGEST_SESSION


def is_unused(session: WorkSession, *, at: datetime) -> bool:
    """Whether nothing was asked for so long that the screen should be locked.

    The page itself locks after as long without a key or a pointer; this is for a page
    that sleeps with its computer.
    """
    idle = at - session.used_at
    if idle <= USED_STEP:
        return False
    limit = lock_after_s()
    return limit is not None and idle > timedelta(seconds=limit) + USED_STEP


def lock_after_s() -> int | None:
    """Seconds without use before a screen locks itself, or None where none is set."""
    try:
        return int(dated.value("session.lock_min", on=timezone.localdate()) * 60)
    except dated.SettingMissing:
        return None


@transaction.atomic
def end(session_id: UUID) -> None:
    """End one work session: its next request has to log in."""
    for session in WorkSession.objects.filter(pk=session_id).select_for_update():
        session.delete()
        tell_streams(session.user_id)


@transaction.atomic
def end_all(*, of: User, by: User, at: datetime) -> int:
    """End every session of a person, at every workstation. Returns how many."""
    ended, _ = WorkSession.objects.filter(user=of).delete()
    _log("sessions_ended", by=by, at=at, data={"user": of.pk, "number": ended})
    tell_streams(of.pk)
    return ended


def forget_old(*, at: datetime) -> None:
    """Remove the sessions that were left without a log-out."""
    WorkSession.objects.filter(began_at__lt=at - 2 * LONGEST_SESSION).delete()


# ------------------------------------------------------------------- lock and unlock


@transaction.atomic
def lock(*, session: WorkSession, at: datetime, why: str) -> None:
    """Lock a screen. Locking it twice changes nothing."""
    changed = WorkSession.objects.filter(pk=session.pk, locked_at=None).update(
        locked_at=at, wrong_tries=0
    )
    if changed:
        _log("locked", by=session.user, at=at, data={"why": why})
        tell_streams(session.user_id)


@transaction.atomic
def unlock_by_secret(*, session: WorkSession, secret: str, at: datetime) -> Opening:
    """Open a locked screen with its owner's PIN or password.

    After five wrong tries the session is ended, whoever tried.
    """
    held = WorkSession.objects.select_for_update().filter(pk=session.pk).first()
    if held is None:
        return Opening.ENDED
    if _is_right(held.user, secret):
        return _open(held, at=at, how="secret")
    return _count_wrong(held, at=at)


@transaction.atomic
def unlock_by_passkey(*, session: WorkSession, is_right: bool, at: datetime) -> Opening:
    """Open a locked screen after its owner's passkey was (or was not) shown to be right."""
    held = WorkSession.objects.select_for_update().filter(pk=session.pk).first()
    if held is None:
        return Opening.ENDED
    if is_right:
        return _open(held, at=at, how="passkey")
    return _count_wrong(held, at=at)


def _is_right(user: User, secret: str) -> bool:
    if not secret:
        return False
    if secret.isdecimal() and len(secret) in PIN_LENGTHS:
        pin = UnlockPin.objects.filter(user=user).first()
        if pin is not None and check_password(secret, pin.code):
            return True
    return user.check_password(secret)


def _open(session: WorkSession, *, at: datetime, how: str) -> Opening:
    session.locked_at = None
    session.wrong_tries = 0
    session.used_at = at
    session.save()
    _log("unlocked", by=session.user, at=at, data={"how": how})
    return Opening.OPENED


def _count_wrong(session: WorkSession, *, at: datetime) -> Opening:
    session.wrong_tries += 1
    _log("unlock_failed", by=session.user, at=at, data={"try": session.wrong_tries})
    if session.wrong_tries < MOST_WRONG_TRIES:
        session.save()
        return Opening.WRONG
    session.delete()
    tell_streams(session.user_id)
    return Opening.ENDED


# ------------------------------------------------------------------------------ PIN


@transaction.atomic
def set_pin(*, by: User, code: str, at: datetime) -> None:
    """Set one's own PIN. Raises `PinRefused` for one that is not 4 to 8 mixed digits."""
    if not code.isascii() or not code.isdecimal() or len(code) not in PIN_LENGTHS:
        raise PinRefused("length")
    if is_obvious(code):
        raise PinRefused("obvious")
    UnlockPin.objects.update_or_create(
        user=by, defaults={"code": make_password(code), "set_at": at}
    )
    _log("pin_set", by=by, at=at)


@transaction.atomic
def remove_pin(*, by: User, at: datetime) -> None:
    """Remove one's own PIN: the password or a passkey opens the screen."""
    if UnlockPin.objects.filter(user=by).delete()[0]:
        _log("pin_removed", by=by, at=at)


def is_obvious(code: str) -> bool:
    """Whether the digits only repeat, or count up or down.

    >>> [is_obvious(code) for code in ("1111", "1212", "1234", "9876", "2580")]
    [True, True, True, True, False]
    """
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(code)}
    return len(steps) == 1 or code[:2] * (len(code) // 2) == code


# --------------------------------------------------------------- at every request


class LockMiddleware:
    """A request goes on only in a work session that is neither ended nor locked."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer, or say that the screen is locked (423), or ask to log in."""
        if not request.user.is_authenticated:
            return self.get_response(request)
        now = timezone.now()
        session = current(request)
        if session is None or is_too_old(session, at=now):
            logout(request)
            return ask_to_log_in(request)
        request.work_session = session
        if session.locked_at is None and is_unused(session, at=now):
            lock(session=session, at=now, why="unused")
            session.locked_at = now
        if session.locked_at is not None:
            return self._locked(request)
        if now - session.used_at > USED_STEP:
            WorkSession.objects.filter(pk=session.pk, used_at__lt=now).update(
                used_at=now
            )
        return self.get_response(request)

    def _locked(self, request):
        match = getattr(request, "resolver_match", None) or _match(request)
        if match is not None and match.view_name in OPEN_WHILE_LOCKED:
            return self.get_response(request)
        return locked_answer(request)


def locked_answer(request: HttpRequest) -> HttpResponse:
    """423: a page with the way in, or an empty answer to a script."""
    if request.headers.get("HX-Request") or not wants_page(request):
        answer = HttpResponse("locked", status=423, content_type="text/plain")
    else:
        answer = render(request, "423.html", {"next": _path(request)}, status=423)
    answer.headers["HX-Trigger"] = "varde:locked"
    return answer


def ask_to_log_in(request: HttpRequest) -> HttpResponse:
    """The way to a full log-in, for a page, for htmx, and for another script (401)."""
    answer = redirect_to_login(_path(request), resolve_url(settings.LOGIN_URL))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": answer.url})
    if not wants_page(request) and request.method != "POST":
        return HttpResponse("log in", status=401, content_type="text/plain")
    return answer


def wants_page(request: HttpRequest) -> bool:
    """Whether a browser asks for a page (and not a script for data)."""
    return "text/html" in request.headers.get("Accept", "text/html")


def context(_request: HttpRequest) -> dict[str, object]:
    """What the lock and the log-in need in a page. A template calls the function."""
    return {
        "lock_key": LOCK_KEY,
        "lock_after_s": lock_after_s,
        "require_second_factor": settings.REQUIRE_SECOND_FACTOR,
    }


def _path(request: HttpRequest) -> str:
    """Where to go afterwards: the page, also when a part of it asked."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        return htmx.current_url_abs_path or "/"
    return request.get_full_path() if request.method == "GET" else "/"


def _match(request):
    from django.urls import Resolver404, resolve

    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def tell_streams(user_id: int) -> None:
    """At commit, it is asked again what the open streams of this person may show."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps({"u": user_id})]
        )


def _log(
    what: str, *, by: User, at: datetime, data: dict[str, object] | None = None
) -> None:
    audit.log(
        kind=AuditEntry.Kind.SESSION, what=what, by=by, at=at, purpose="", data=data
    )
