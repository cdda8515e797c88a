"""The car: what waits, who is out, and one mission. `/stasjon/bil/`."""

from functools import wraps

from django.contrib import messages as told
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.sentral.access import log_opened
from varde.apps.station.access import CLINICIANS, LEADERS, mission_for
from varde.apps.station.messages.missions import AVOIDED, FOUND, RESULT
from varde.apps.station.queries import missions as queries
from varde.apps.station.queries.crew import may_be_crew
from varde.apps.station.queries.missions.waiting import as_waiting
from varde.apps.station.services import missions as services
from varde.apps.station.services.missions.opening import CHANNELS
from varde.apps.station.views.page import may, show
from varde.apps.station.views.typed import crew_of, vehicle_of
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


@require_GET
@at_station(*CLINICIANS, Role.LEGEVAKTOVERLEGE)
def missions(request):
    """What waits, who is out, what must be written, kept fresh."""
    return show(
        request,
        "station/missions/missions.html",
        may_act=may(request, *CLINICIANS),
        may_lead=may(request, *LEADERS),
        **queries.board(request.station, now=timezone.now()),
    )


@require_http_methods(["GET", "POST"])
@at_station(*CLINICIANS)
def new_mission(request):
    """A mission that came straight to the station."""
    problem = ""
    if request.method == "POST":
        try:
            made = services.begin_new(
                place=request.station,
                sentral=request.sentral,
                kind=request.POST.get("kind", ""),
                channel=request.POST.get("channel", ""),
                whereabouts=request.POST.get("whereabouts", ""),
                narrative=request.POST.get("narrative", ""),
                callback_number=request.POST.get("callback_number", ""),
                by=request.user,
                at=timezone.now(),
                **crew_of(request),
                **vehicle_of(request),
            )
        except RuleBroken as error:
            problem = messages.explain(error)
        else:
            return redirect("station:mission", mission_id=made.pk)
    return show(
        request,
        "station/missions/new.html",
        problem=problem,
        channels=[(code, messages.CHANNEL[code]) for code in CHANNELS],
        **_who_goes(request),
    )


@require_http_methods(["GET", "POST"])
@at_station(*CLINICIANS)
def begin(request, outcome_id):
    """Somebody goes to what the sentral decided."""
    outcome = queries.outcome_for(request, outcome_id, place=request.station)
    problem = ""
    if request.method == "POST":
        try:
            made = services.begin(
                place=request.station,
                outcome_id=outcome.pk,
                by=request.user,
                at=timezone.now(),
                **crew_of(request),
                **vehicle_of(request),
            )
        except RuleBroken as error:
            problem = messages.explain(error)
        else:
            return redirect("station:mission", mission_id=made.pk)
    return show(
        request,
        "station/missions/begin.html",
        problem=problem,
        row=as_waiting(outcome, now=timezone.now()),
        **_who_goes(request),
    )


@require_GET
@at_station(*CLINICIANS)
def mission(request, mission_id):
    """One mission, on a telephone with one thumb."""
    found = mission_for(request, mission_id)
    log_opened(request, found.contact, by=request.user, what="mission")
    return show_mission(request, found)


def mission_act(act):
    """A write on one mission: done and back to its page, or refused with a sentence."""

    @require_POST
    @at_station(*CLINICIANS)
    @wraps(act)
    def view(request, mission_id):
        found = mission_for(request, mission_id)
        try:
            answer = act(request, found)
        except RuleBroken as error:
            return show_mission(request, found, problem=messages.explain(error))
        return answer or redirect("station:mission", mission_id=found.pk)

    return view


@mission_act
def crew(request, found):
    """Others go, or fewer."""
    services.change_crew(
        mission_id=found.pk,
        by=request.user,
        at=timezone.now(),
        **crew_of(request),
    )


@mission_act
def door(request, found):
    """Write the door code, or take it away."""
    services.write_door(
        mission_id=found.pk,
        text=request.POST.get("door_code", ""),
        by=request.user,
        at=timezone.now(),
    )
    told.success(request, _("Dørkoden er lagret. Bare mannskapet ser den."))


@mission_act
def look(request, found):
    """The door code, for the crew. The page with it is kept nowhere."""
    code = services.look_at_door(
        mission_id=found.pk, by=request.user, at=timezone.now()
    )
    return show_mission(request, found, code=code)


@mission_act
def end(request, found):
    """What was done and what was avoided: the mission is over."""
    services.end(
        mission_id=found.pk,
        result=request.POST.get("result", ""),
        done=request.POST.get("done", ""),
        avoided=request.POST.get("avoided", ""),
        by=request.user,
        at=timezone.now(),
    )
    told.success(request, _("Oppdraget er avsluttet."))
    return redirect("station:missions")


def show_mission(request, found, *, problem="", code=""):
    """The page of a mission; with a refusal, what was typed is kept."""
    answer = show(
        request,
        "station/missions/mission.html",
        problem=problem,
        code=code,
        typed=request.POST,
        results=RESULT.items(),
        avoided=AVOIDED.items(),
        found_choices=FOUND.items(),
        choices=may_be_crew(found.station_id),
        result_words=RESULT.get(found.result),
        **_crew_form(request, found),
        **queries.mission_page(found, person=request.user, now=timezone.now()),
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _crew_form(request, found):
    """The crew as it was typed, else as it is."""
    if request.POST.get("companion") is not None:
        return {"crew_typed": request.POST, "crew_chosen": request.POST.getlist("crew")}
    now = found.crew.filter(until=None).values_list("person_id", flat=True)
    typed = {"companion": found.companion, "alone_reason": found.alone_reason}
    return {"crew_typed": typed, "crew_chosen": [str(one) for one in now]}


def _who_goes(request):
    return {
        "choices": may_be_crew(request.station.id),
        "vehicles": queries.free_vehicles(request.station),
        "typed": request.POST,
        "chosen": request.POST.getlist("crew") or [str(request.user.pk)],
    }
