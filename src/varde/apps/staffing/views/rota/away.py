"""Somebody is away for a while: `/vaktplan/<rota>/borte/<person>/`."""

from datetime import timedelta

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from varde.apps.records.models import Position, Rota, User, Vacancy
from varde.apps.sentral import messages
from varde.apps.staffing.access import LEADERS
from varde.apps.staffing.queries.rota import lists
from varde.apps.staffing.queries.rota import mending as queries
from varde.apps.staffing.rota_access import rota_for
from varde.apps.staffing.services.rota import mending
from varde.apps.staffing.services.rota.mending import Move
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


WEEK = timedelta(days=6)


@require_http_methods(["GET", "POST"])
@at_workplace(*LEADERS)
def away(request, rota_id, person_id):
    """A person's duties in a period made vacant, and a proposal for all of them."""
    row = rota_for(request, rota_id)
    person = _person(request, person_id)
    if row.state != Rota.State.PUBLISHED or person is None:
        raise Http404
    if request.method == "GET":
        return _away(request, row, person)
    try:
        rota_id = _act(request, row, person)
    except RuleBroken as error:
        return _away(request, row, person, problem=messages.explain(error))
    return redirect("staffing:rota_away", rota_id=rota_id, person_id=person.pk)


def _act(request, row, person):
    """Do what was asked. The rota to go on with: that of the first vacant duty."""
    posted = request.POST
    common = {
        "workplace": request.workplace,
        "by": request.user,
        "at": timezone.now(),
    }
    if posted.get("act") == "away":
        made = mending.report_away(
            person_id=person.pk,
            first_on=posted.get("first_on", ""),
            last_on=posted.get("last_on", ""),
            **common,
        )
        count = len(made)
        text = ngettext("%(n)s vakt er ledig.", "%(n)s vakter er ledige.", count)
        notes.success(request, _("Fraværet er ført.") + " " + text % {"n": count})
        return made[0].place.rota_id if made else row.pk
    moves = _moves(posted)
    if posted.get("act") == "ask":
        count = mending.ask_proposed(moves=moves, **common)
        text = ngettext("%(n)s er spurt.", "%(n)s er spurt.", count)
    else:
        count = mending.take(rota_id=row.pk, moves=moves, **common)
        text = ngettext(
            "%(n)s vakt har skiftet hender. Si fra til dem det gjelder.",
            "%(n)s vakter har skiftet hender. Si fra til dem det gjelder.",
            count,
        )
    notes.success(request, text % {"n": count})
    return row.pk


def _person(request, person_id):
    """Somebody with a position here, or whose duty here is vacant."""
    where = request.workplace.where
    is_here = Position.objects.filter(person=person_id, **where).exists()
    of_vacancy = {f"place__rota__{name}": value for name, value in where.items()}
    if is_here or Vacancy.objects.filter(was=person_id, **of_vacancy).exists():
        return User.objects.get(pk=person_id)
    return None


def _away(request, row, person, *, problem=""):
    now = timezone.now()
    first = _day(request.GET.get("fra", "")) or timezone.localdate(now)
    typed = request.POST if request.method == "POST" else {}
    return show(
        request,
        "staffing/rota/away.html",
        rota=row,
        title=lists.title(row),
        person=person,
        duties=queries.duties_ahead(person, request.workplace, now=now),
        proposal=queries.proposal(row, person, workplace=request.workplace, now=now),
        told=queries.messages_after(row, person, now=now),
        first_on=typed.get("first_on") or first.isoformat(),
        last_on=typed.get("last_on") or (first + WEEK).isoformat(),
        chosen=set(request.POST.getlist("part")) if problem else None,
        problem=problem,
        sentral_id=request.workplace.sentraler[0],
    )


def _moves(posted):
    """The parts that were chosen, duty by duty. What cannot be read is left out."""
    found = []
    for text in ",".join(posted.getlist("part")).split(","):
        numbers = text.split(":")
        if len(numbers) == 3 and _number(numbers[0]) and _number(numbers[2]):
            place_id, person, seen = numbers
            found.append(
                Move(
                    place_id=_number(place_id),
                    person_id=_number(person) or None,
                    seen=_number(seen),
                )
            )
    return found


def _day(text):
    try:
        return parse_date(text)
    except ValueError:
        return None


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_number else 0
