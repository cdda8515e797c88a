"""The addresses of the API. Its description is at /api/openapi.json."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from varde.apps.api import (
    alarm_door,
    alarms,
    help,
    help_door,
    problems,
    signed_door,
    telephony,
    telephony_door,
)
from varde.apps.api.problems import Refused


# No page to try it out: those of the library load scripts from another server.
api = NinjaAPI(
    title="Varde",
    version="1",
    description="The API of Varde, the working system of a legevakt.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/telephony", telephony.router)
api.add_router("/alarms", alarms.router)
api.add_router("/help", help.router)
# The doors whose refusals are counted in the log.
DOORS = {
    "/api/telephony/": telephony_door.DOOR,
    "/api/alarms": alarm_door.DOOR,
    "/api/help/": help_door.DOOR,
}


@api.exception_handler(Refused)
@api.exception_handler(HttpError)
@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Every refusal in one form; those of a signed door are counted in the log."""
    refusal = fault if isinstance(fault, Refused) else problems.refused_by(fault)
    for start, door in DOORS.items():
        if request.path.startswith(start):
            refusal = signed_door.refused(door, request, refusal)
    return problems.answer(refusal)


urlpatterns = [
    path("fhir/R4/", include("varde.apps.api.fhir.urls")),
    path("", api.urls),
]
