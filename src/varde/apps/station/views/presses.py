"""The presses of a mission: one on the page, or many that a telephone kept."""

from django.http import HttpResponseBadRequest, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import MissionPress
from varde.apps.sentral import messages
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.station.access import (
    CLINICIANS,
    mission_for,
    mission_of,
    mission_to_press,
)
from varde.apps.station.queries.missions import time_rows
from varde.apps.station.services import missions as services
from varde.apps.station.views.missions import mission_act, show_mission
from varde.apps.station.views.typed import clock_time, key_of, sending
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@mission_act
def press(request, found):
    """One press on a page without JavaScript."""
    services.press_now(
        mission_id=found.pk,
        what=request.POST.get("what", ""),
        key=key_of(request.POST.get("key", "")),
        by=request.user,
        at=timezone.now(),
    )


@require_POST
@at_station(*CLINICIANS)
def presses(request, mission_id):
    """Presses that a telephone kept. It forgets those that stand under `kept`, and no other.

    Also for a screen that is locked: it tells nothing back about the patient. The presses
    of one who is logged out wait for that person, whoever is logged in now.
    """
    found = mission_to_press(request, mission_id)
    try:
        whose, sent_at, good, bad = sending(request.body)
    except (ValueError, OverflowError):
        return HttpResponseBadRequest("not a sending", content_type="text/plain")
    if whose not in (None, request.user.pk):
        return HttpResponseForbidden("pressed by another", content_type="text/plain")
    now = timezone.now()
    kept, refused = [], [{"key": key, "said": ""} for key in bad]
    for one in good:
        try:
            done = services.receive(
                mission_id=found.pk,
                presses=[one],
                sent_at=sent_at,
                by=request.user,
                at=now,
            )
        except RuleBroken as error:
            refused.append({"key": str(one.key), "said": messages.explain(error)})
        else:
            kept += [str(row.key) for row in done]
    return JsonResponse({"kept": kept, "refused": refused})


@require_GET
@at_station(*CLINICIANS)
def times(request, mission_id):
    """The legs as they are now: a part of the page."""
    found = mission_for(request, mission_id)
    answer = render(request, "station/missions/legs.html", time_rows(found))
    answer["Cache-Control"] = "no-store"
    if found.sign_due_at is not None:
        answer["X-Sign-Due"] = found.sign_due_at.isoformat()
    return answer


@require_POST
@at_station(*CLINICIANS)
def correct(request, press_id):
    """Another time for a press, or it was pressed by mistake. Both are kept."""
    found = mission_of(request, MissionPress.objects.all(), press_id)
    now = timezone.now()
    is_mistake = request.POST.get("is_mistake") == "yes"
    try:
        services.correct(
            press_id=press_id,
            leg_at=None if is_mistake else _leg_at(request),
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=now,
        )
    except RuleBroken as error:
        return show_mission(request, found, problem=messages.explain(error))
    return redirect("station:mission", mission_id=found.pk)


def _leg_at(request):
    found = clock_time(request.POST.get("leg_at", ""))
    if found is None:
        raise not_valid("leg_at", Why.EMPTY)
    return found
