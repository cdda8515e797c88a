"""The register of nursing homes: `/sentral/sykehjem/`."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import access, messages
from varde.apps.sentral.home_form import HomeForm, HoursForm
from varde.apps.sentral.queries import nursing_homes as queries
from varde.apps.sentral.services import nursing_homes as services
from varde.apps.sentral.services.nursing_homes import HomeDetails
from varde.apps.sentral.views.side_page import show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken


RESPONSIBLE = (Role.ADMINISTRATOR, Role.LEGEVAKTOVERLEGE)


@require_http_methods(["GET", "POST"])
@at_sentral(*RESPONSIBLE)
def homes(request):
    """Every home, and a new one. POST writes it."""
    now = timezone.now()
    form = _form(request)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_home(details=_details(form), by=request.user, at=now)
        except RuleBroken as error:
            problem = messages.explain(error)
        else:
            notes.success(request, _("Lagret. Skriv inn legens telefontid."))
            return redirect("sentral:home", home_id=made.pk)
    rows = queries.register(request.sentral.pk, now=now)
    return show(
        request,
        "sentral/homes/homes.html",
        homes=rows,
        form=form,
        problem=problem,
        is_open=request.method == "POST" or not rows,
    )


@require_http_methods(["GET", "POST"])
@at_sentral(*RESPONSIBLE)
def home(request, home_id):
    """One home. POST saves it."""
    found = access.nursing_home_for(request, home_id, sentral=request.sentral)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_home(
                home_id=found.pk,
                details=_details(form),
                by=request.user,
                at=timezone.now(),
            )
        except RuleBroken as error:
            return _show(request, found, form=form, problem=messages.explain(error))
        notes.success(request, _("Lagret."))
        return redirect("sentral:home", home_id=found.pk)
    return _show(request, found, form=form)


@require_POST
@at_sentral(*RESPONSIBLE)
def add_hours(request, home_id):
    """Hours of the home's doctor."""
    found = access.nursing_home_for(request, home_id, sentral=request.sentral)
    form = HoursForm(request.POST)
    if not form.is_valid():
        return _show(request, found, hours_form=form)
    try:
        services.add_hours(
            home_id=found.pk, by=request.user, at=timezone.now(), **form.cleaned_data
        )
    except RuleBroken as error:
        return _show(
            request, found, hours_form=form, hours_problem=messages.explain(error)
        )
    return redirect("sentral:home", home_id=found.pk)


@require_POST
@at_sentral(*RESPONSIBLE)
def end_hours(request, home_id, hours_id):
    """Today is the last day of these hours."""
    found = access.nursing_home_for(request, home_id, sentral=request.sentral)
    if not found.hours.filter(pk=hours_id).exists():
        raise Http404
    services.end_hours(
        hours_id=hours_id,
        last_day=timezone.localdate(),
        by=request.user,
        at=timezone.now(),
    )
    return redirect("sentral:home", home_id=found.pk)


def _form(request, found=None, *, is_sent=True):
    """The form of a home as it was sent, else as it is stored."""
    initial = None
    if found is not None:
        initial = {
            "name": found.name,
            "municipality": found.municipality_id,
            "numbers": ", ".join(found.numbers.values_list("number", flat=True)),
            "doctor_name": found.doctor_name,
            "doctor_phone": found.doctor_phone,
            "is_in_use": found.is_in_use,
        }
    return HomeForm(
        (request.POST or None) if is_sent else None,
        initial=initial,
        municipalities=queries.municipalities_of(request.sentral.pk),
    )


def _details(form):
    return HomeDetails(**form.cleaned_data)


def _show(request, found, **extra):
    context = {
        "home": found,
        "form": _form(request, found, is_sent=False),
        "hours_form": HoursForm(),
        "hours": queries.hours_rows(found, on=timezone.localdate()),
        "doctor": queries.doctor_as_written(found, now=timezone.now()),
    }
    return show(request, "sentral/homes/home.html", **context | extra)
