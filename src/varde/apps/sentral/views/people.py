"""People and roles: `/sentral/folk/`, for the administrator."""

from datetime import timedelta

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records.models import Role, User
from varde.apps.sentral import messages
from varde.apps.sentral.person_form import PersonForm, QualificationForm, RoleForm
from varde.apps.sentral.queries import held
from varde.apps.sentral.queries import people as queries
from varde.apps.sentral.services import people as services
from varde.apps.sentral.services.people import Details
from varde.apps.sentral.views.side_page import page_of, show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken


ADMINISTRATOR = (Role.ADMINISTRATOR,)


@require_GET
@at_sentral(*ADMINISTRATOR)
def people(request):
    """Everybody who works here, with roles."""
    search = request.GET.get("sok", "").strip()[:100]

    def fetch(*, first, most):
        return queries.people(
            _districts(request),
            on=timezone.localdate(),
            search=search,
            first=first,
            most=most,
        )

    return show(
        request, "sentral/people.html", page=page_of(request, fetch), search=search
    )


@require_http_methods(["GET", "POST"])
@at_sentral(*ADMINISTRATOR)
def new_person(request):
    """Make a person."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = services.make_user(
            details=Details(**form.cleaned_data), by=request.user, at=timezone.now()
        )
        notes.success(request, _("Laget. Gi en rolle og en engangslenke."))
        return redirect("sentral:person", user_id=user.pk)
    return show(request, "sentral/people_new.html", form=form)


@require_http_methods(["GET", "POST"])
@at_sentral(*ADMINISTRATOR)
def person(request, user_id):
    """One person: details, roles, log-in. POST saves the details."""
    user = _person(request, user_id)
    form = PersonForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        services.save_user(
            user_id=user_id,
            details=Details(**form.cleaned_data),
            by=request.user,
            at=timezone.now(),
        )
        notes.success(request, _("Lagret."))
        return redirect("sentral:person", user_id=user_id)
    return _show(request, user_id, form=form)


@require_POST
@at_sentral(*ADMINISTRATOR)
def give_role(request, user_id):
    """Give a role at a place."""
    form = RoleForm(request.POST, places=held.places_in(_districts(request)))
    if not form.is_valid():
        return _show(request, user_id, role_form=form)
    data = form.cleaned_data
    last = data["last_day"]
    try:
        services.give_role(
            user_id=user_id,
            role=Role(data["role"]),
            place=form.places[data["place"]],
            valid_from=data["valid_from"],
            valid_to=last + timedelta(days=1) if last else None,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _show(request, user_id, role_form=form, problem=messages.explain(error))
    return redirect("sentral:person", user_id=user_id)


@require_POST
@at_sentral(*ADMINISTRATOR)
def end_role(request, user_id, grant_id):
    """End a role today."""
    try:
        services.end_role(grant_id=grant_id, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _show(request, user_id, problem=messages.explain(error))
    return redirect("sentral:person", user_id=user_id)


@require_POST
@at_sentral(*ADMINISTRATOR)
def give_qualification(request, user_id):
    """Write what somebody is by training."""
    form = QualificationForm(request.POST)
    if not form.is_valid():
        return _show(request, user_id, qualification_form=form)
    data = form.cleaned_data
    last = data["last_day"]
    try:
        services.give_qualification(
            user_id=user_id,
            kind=data["kind"],
            valid_from=data["valid_from"],
            valid_to=last + timedelta(days=1) if last else None,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        problem = messages.explain(error)
        return _show(request, user_id, qualification_form=form, problem=problem)
    return redirect("sentral:person", user_id=user_id)


@require_POST
@at_sentral(*ADMINISTRATOR)
def end_qualification(request, user_id, qualification_id):
    """From today it does not count."""
    services.end_qualification(
        qualification_id=qualification_id, by=request.user, at=timezone.now()
    )
    return redirect("sentral:person", user_id=user_id)


@require_POST
@at_sentral(*ADMINISTRATOR)
def reset_second_factor(request, user_id):
    """Remove the second factor of somebody who lost it."""
    try:
        services.reset_second_factor(
            user_id=user_id, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _show(request, user_id, problem=messages.explain(error))
    notes.success(
        request, _("Andre faktor er nullstilt, og innloggingene er avsluttet.")
    )
    return redirect("sentral:person", user_id=user_id)


@require_POST
@at_sentral(*ADMINISTRATOR)
def end_sessions(request, user_id):
    """End somebody's log-ins everywhere."""
    try:
        number = services.end_sessions(
            user_id=user_id, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _show(request, user_id, problem=messages.explain(error))
    text = ngettext(
        "{n} innlogging er avsluttet.", "{n} innlogginger er avsluttet.", number
    )
    notes.success(request, text.format(n=number))
    return redirect("sentral:person", user_id=user_id)


@require_POST
@at_sentral(*ADMINISTRATOR)
def make_link(request, user_id):
    """Show a one-time link, once."""
    try:
        path = services.make_link(user_id=user_id, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _show(request, user_id, problem=messages.explain(error))
    return _show(request, user_id, link=request.build_absolute_uri(path))


def _show(request, user_id, **extra):
    user = _person(request, user_id)
    districts = _districts(request)
    forms = {
        "form": PersonForm(instance=user),
        "role_form": RoleForm(places=held.places_in(districts)),
        "qualification_form": QualificationForm(),
        "qualifications": queries.qualifications(user, on=timezone.localdate()),
    }
    one = queries.person(user, districts, on=timezone.localdate())
    return show(
        request, "sentral/people_person.html", **{"person": one} | forms | extra
    )


def _person(request, user_id) -> User:
    return services.person_for(user_id, by=request.user, at=timezone.now())


def _districts(request):
    return services.districts_of(request.user, at=timezone.now())
