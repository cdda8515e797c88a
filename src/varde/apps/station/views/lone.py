"""The one who is out alone: the timer, and the alarm that somebody must answer."""

from django.db.models import F
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from varde.apps.records.models import LoneAlarm, LoneStep
from varde.apps.sentral import messages
from varde.apps.station.access import CLINICIANS, mission_for, mission_of
from varde.apps.station.services import missions as services
from varde.apps.station.views.missions import show_mission
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@require_POST
@at_station(*CLINICIANS)
def watch(request, mission_id):
    """Put the timer on, or take it off."""
    mission = mission_for(request, mission_id)
    act = services.watch if request.POST.get("on") == "yes" else services.unwatch
    return _done(request, mission, act, mission_id=mission.pk)


@require_POST
@at_station(*CLINICIANS)
def answer(request, alarm_id):
    """A named person has found out how it is."""
    mission = mission_of(request, LoneAlarm.objects.all(), alarm_id)
    return _done(
        request,
        mission,
        services.answer_alarm,
        alarm_id=alarm_id,
        found=request.POST.get("found", ""),
        note=request.POST.get("note", ""),
    )


@require_POST
@at_station(*CLINICIANS)
def step(request, step_id):
    """A step of the list is done."""
    steps = LoneStep.objects.annotate(mission=F("alarm__mission"))
    mission = mission_of(request, steps, step_id)
    return _done(request, mission, services.do_step, step_id=step_id)


def _done(request, mission, act, /, **what):
    try:
        act(by=request.user, at=timezone.now(), **what)
    except RuleBroken as error:
        return show_mission(request, mission, problem=messages.explain(error))
    return redirect("station:mission", mission_id=mission.pk)
