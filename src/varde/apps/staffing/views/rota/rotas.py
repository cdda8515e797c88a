"""`/vaktplan/`: the rotas, a new one, and the patterns they are made of."""

from datetime import date, time

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records.models import Duty, ShiftPattern
from varde.apps.sentral import messages
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import EVERYBODY, LEADERS, PLANNERS, WorkplaceKind
from varde.apps.staffing.messages.rota_words import DAY_TYPE, KNOWN_PATTERN
from varde.apps.staffing.people_access import SEE_VIKARER
from varde.apps.staffing.queries.beyond_approval import beyond_approval
from varde.apps.staffing.queries.rota import lists, own
from varde.apps.staffing.rota_access import pattern_for
from varde.apps.staffing.services.rota import known, making
from varde.apps.staffing.services.rota.making import PatternDetails
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


@require_GET
@at_workplace(*EVERYBODY)
def rotas(request):
    """The rotas of the workplace, the duties that nobody has, and one's own."""
    now = timezone.now()
    return show(
        request,
        "staffing/rota/rotas.html",
        rotas=lists.rotas(
            request.workplace,
            on=timezone.localdate(now),
            with_drafts=may(request, *PLANNERS),
        ),
        vacancies=lists.vacancies(request.workplace, now=now),
        mine=own.own_duties(request.user, request.workplace, now=now)[:3],
        may_fill=may(request, *LEADERS),
        beyond=beyond_approval(request.workplace, now=now)
        if may(request, *LEADERS)
        else (),
        may_see_vikarer=may(request, *SEE_VIKARER),
    )


@require_http_methods(["GET", "POST"])
@at_workplace(*PLANNERS)
def new_rota(request):
    """Choose the period of a new rota. POST makes the draft."""
    first, last = lists.next_quarter(timezone.localdate())
    typed = {"first": first.isoformat(), "last": last.isoformat()}
    problem = ""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in typed}
        first, last = _day(typed["first"]), _day(typed["last"])
        if first is None or last is None:
            problem = _("Skriv første og siste dag.")
        else:
            is_empty = request.POST.get("act") == "empty"
            make = making.open_rota if is_empty else making.make_rota
            try:
                made = make(
                    workplace=request.workplace,
                    starts_on=first,
                    ends_on=last,
                    by=request.user,
                    at=timezone.now(),
                )
            except RuleBroken as error:
                problem = messages.explain(error)
            else:
                then = "rota_sheet" if is_empty else "rota_runs"
                return redirect(f"staffing:{then}", rota_id=made.pk)
    known = (
        making.valid_patterns(request.workplace, first=first, last=last)
        if first and last
        else []
    )
    return show(
        request,
        "staffing/rota/new.html",
        typed=typed,
        problem=problem,
        patterns=[_pattern_words(row) for row in known],
    )


@require_http_methods(["GET", "POST"])
@at_workplace(*PLANNERS)
def patterns(request):
    """The lines of the pattern. POST adds one, or those of a known pattern."""
    if request.method == "GET":
        return _patterns(request)
    posted = request.POST
    if "known" in posted:
        return _begin(request)
    try:
        making.add_pattern(
            workplace=request.workplace,
            details=PatternDetails(
                post=posted.get("post", ""),
                name=posted.get("name", ""),
                days=tuple(posted.getlist("days")),
                starts=_clock(posted.get("starts", "")),
                ends=_clock(posted.get("ends", "")),
                needed=_whole(posted.get("needed", "")),
                active_per_cent=_whole(posted.get("active", "")),
                group=posted.get("group", ""),
                valid_from=_day(posted.get("valid_from", "")),
                is_phone_only=posted.get("phone_only") == "yes",
            ),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _patterns(request, problem=messages.explain(error), typed=posted)
    notes.success(request, _("Lagret."))
    return redirect("staffing:rota_patterns")


def _begin(request):
    try:
        count = known.add_known_pattern(
            workplace=request.workplace,
            code=request.POST["known"],
            valid_from=_day(request.POST.get("valid_from", "")),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _patterns(request, problem=messages.explain(error), begun=request.POST)
    text = ngettext("%(count)s linje lagt til.", "%(count)s linjer lagt til.", count)
    notes.success(request, text % {"count": count})
    return redirect("staffing:rota_patterns")


@require_POST
@at_workplace(*PLANNERS)
def end_pattern(request, pattern_id):
    """The line does not count from today on."""
    row = pattern_for(request, pattern_id)
    making.end_pattern(
        pattern_id=row.pk,
        workplace=request.workplace,
        on=timezone.localdate(),
        by=request.user,
        at=timezone.now(),
    )
    return redirect("staffing:rota_patterns")


def _patterns(request, *, problem="", typed=None, begun=None):
    today = timezone.localdate()
    rows = ShiftPattern.objects.filter(**request.workplace.where).order_by(
        "post", "starts", "pk"
    )
    is_sentral = request.workplace.kind is WorkplaceKind.SENTRAL
    posts = [
        (post.value, POST[post])
        for post in Duty.Post
        if (post in known.SENTRAL_POSTS) is is_sentral
    ]
    return show(
        request,
        "staffing/rota/patterns.html",
        status=200,
        problem=problem,
        patterns=[
            _pattern_words(row)
            for row in rows
            if row.valid_to is None or row.valid_to > today
        ],
        posts=posts,
        is_sentral=is_sentral,
        known=[
            {
                "code": code,
                "name": KNOWN_PATTERN[code],
                "lines": len(pattern.shifts),
                "source": pattern.source,
            }
            for code, pattern in known.known_for(request.workplace).items()
        ],
        begun=begun or {"valid_from": today.isoformat()},
        day_types=[
            (day.value, word, bool(typed) and day.value in typed.getlist("days"))
            for day, word in DAY_TYPE.items()
        ],
        typed=typed
        or {"needed": "1", "active": "100", "valid_from": today.isoformat()},
    )


def _pattern_words(row):
    days = [
        str(word) for day, word in DAY_TYPE.items() if day.value in row.days.split(",")
    ]
    return {
        "id": row.pk,
        "post": POST[Duty.Post(row.post)],
        "name": row.name,
        "days": ", ".join(days),
        "times": f"{row.starts:%H:%M}–{row.ends:%H:%M}",
        "needed": row.needed,
        "active": round(row.active_share * 100),
        "is_phone_only": row.is_phone_only,
        "group": row.group,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def _day(text: str) -> date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return parse_time(text.strip())
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    stripped = text.strip()
    is_number = stripped.isascii() and stripped.isdecimal() and len(stripped) < 5
    return int(stripped) if is_number else None
