"""The addresses of the API. Its description is at /api/openapi.json."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from varde.apps.api import problems, telephony, telephony_door
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


@api.exception_handler(Refused)
@api.exception_handler(HttpError)
@api.exception_handler(ValidationError)
def refuse(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Every refusal in one form; those of the telephone are counted in the log."""
    refusal = fault if isinstance(fault, Refused) else problems.refused_by(fault)
    if request.path.startswith("/api/telephony/"):
        refusal = telephony_door.refused(request, refusal)
    return problems.answer(refusal)


urlpatterns = [path("", api.urls)]
