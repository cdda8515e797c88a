"""Other systems that read by FHIR: `/sentral/systemer/`, for the administrator."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.sentral.api_client_form import ApiClientForm, as_typed
from varde.apps.sentral.queries import api_clients as queries
from varde.apps.sentral.services import api_clients as services
from varde.apps.sentral.services.people import districts_of
from varde.apps.sentral.views.side_page import show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken


ADMINISTRATOR = (Role.ADMINISTRATOR,)


@require_http_methods(["GET", "POST"])
@at_sentral(*ADMINISTRATOR)
def clients(request):
    """The systems that read here. POST lets another one in."""
    now = timezone.now()
    districts = districts_of(request.user, at=now)
    form = ApiClientForm(request.POST or None, districts=districts)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.make_client(details=form.details(), by=request.user, at=now)
        except RuleBroken as error:
            problem = messages.explain(error)
        else:
            notes.success(request, _("Lagt til. Systemet kan lese fra første dag."))
            return redirect("sentral:api_clients")
    return show(
        request,
        "sentral/api_clients.html",
        rows=queries.clients(districts, now=now),
        form=form,
        problem=problem,
    )


@require_http_methods(["GET", "POST"])
@at_sentral(*ADMINISTRATOR)
def client(request, client_id):
    """One system. POST saves what it may read."""
    now = timezone.now()
    districts = districts_of(request.user, at=now)
    known = services.client_for(client_id, by=request.user, at=now)
    form = ApiClientForm(
        request.POST or None, initial=as_typed(known), districts=districts
    )
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            services.save_client(
                client_id=client_id, details=form.details(), by=request.user, at=now
            )
        except RuleBroken as error:
            problem = messages.explain(error)
        else:
            notes.success(request, _("Lagret."))
            return redirect("sentral:api_client", client_id=client_id)
    today = timezone.localdate(now)
    is_over = known.valid_to is not None and known.valid_to <= today
    return show(
        request,
        "sentral/api_client.html",
        client=known,
        form=form,
        problem=problem,
        is_over=is_over,
    )


@require_POST
@at_sentral(*ADMINISTRATOR)
def end_client(request, client_id):
    """End a system's access, from this moment."""
    services.end_client(client_id=client_id, by=request.user, at=timezone.now())
    notes.success(request, _("Avsluttet. Systemet slipper ikke inn mer."))
    return redirect("sentral:api_client", client_id=client_id)
