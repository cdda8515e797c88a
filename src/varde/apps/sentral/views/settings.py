"""Dated settings: `/sentral/innstillinger/`."""

from datetime import timedelta

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries import settings as queries
from varde.apps.sentral.services import settings as services
from varde.apps.sentral.services.settings import Place
from varde.apps.sentral.setting_list import SETTINGS
from varde.apps.sentral.views.side_page import show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken


RESPONSIBLE = (Role.LEGEVAKTOVERLEGE, Role.ADMINISTRATOR)


@require_GET
@at_sentral(*RESPONSIBLE)
def settings(request):
    """Every setting, what holds today, and by what source."""
    return show(
        request,
        "sentral/settings/settings.html",
        groups=queries.groups(_places(request), on=timezone.localdate()),
    )


@require_GET
@at_sentral(*RESPONSIBLE)
def setting(request, key):
    """One setting: its history, and a form for a new value."""
    return _setting(request, key, place=_place(request, key, request.GET))


@require_POST
@at_sentral(*RESPONSIBLE)
def change(request, key):
    """A new value from a day."""
    place = _place(request, key, request.POST)
    first, last = (_day(request, name) for name in ("fra", "til"))
    if first is None or (request.POST.get("til") and last is None):
        problem = _("Velg en dato som finnes.")
        return _setting(request, key, place=place, problem=problem, typed=request.POST)
    try:
        services.set_value(
            key=key,
            typed=request.POST,
            source=request.POST.get("source", ""),
            is_verified=request.POST.get("verified") == "yes",
            first=first,
            until=last + timedelta(days=1) if last is not None else None,
            place=Place(district_id=place.district_id, station_id=place.station_id),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _setting(
            request,
            key,
            place=place,
            problem=messages.explain(error),
            typed=request.POST,
        )
    notes.success(request, _("Den nye verdien er lagret."))
    return redirect("sentral:setting", key=key)


def _setting(request, key, *, place, typed=None, **extra):
    today = timezone.localdate()
    known = _known(key)
    places = queries.within_reach(_places(request), known)
    typed = typed or {}
    inputs = [
        (field, typed.get(field.name, field.value))
        for field in queries.inputs(key, place, on=today)
    ]
    return show(
        request,
        "sentral/settings/setting.html",
        key=key,
        title=known.title,
        group=known.group,
        unit=queries.unit_of(key),
        history=queries.history(key, places, on=today),
        reach=places,
        place=place,
        inputs=inputs,
        source=typed.get("source", ""),
        is_verified=typed.get("verified") == "yes",
        first=typed.get("fra", today.isoformat()),
        last=typed.get("til", ""),
        **extra,
    )


def _known(key):
    if key not in SETTINGS:
        raise Http404
    return SETTINGS[key]


def _places(request):
    return queries.places_for(
        request.sentral, districts=request.scope_of_user.districts
    )


def _place(request, key, values):
    """The place asked for, if the setting may have a value there and it is one's own."""
    wanted = values.get("sted", "")
    for place in queries.within_reach(_places(request), _known(key)):
        if place.code == wanted:
            return place
    raise Http404


def _day(request, name):
    try:
        return parse_date(request.POST.get(name, ""))
    except ValueError:
        return None
