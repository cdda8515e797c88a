"""Tests as tasks: the nurse's list of what is to be taken and answered."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.station import access
from varde.apps.station.queries import orders as queries
from varde.apps.station.services import orders as services
from varde.apps.station.views.page import show
from varde.apps.station.views.working_at import at_station
from varde.domain.errors import RuleBroken


WITH_TESTS = (Role.NURSE, Role.DOCTOR)
PART = "part."  # the fields of a result, by the code of the part


@require_GET
@at_station(*WITH_TESTS)
def orders(request):
    """What is to be taken and answered, kept fresh."""
    return _list(request)


@require_POST
@at_station(*WITH_TESTS)
def take(request, order_id):
    """The sample is taken."""
    return _act(request, order_id, services.take)


@require_POST
@at_station(*WITH_TESTS)
def answer(request, order_id):
    """Write the result. A refusal keeps what was typed."""
    return _act(
        request,
        order_id,
        services.answer,
        _("Svaret er lagret."),
        values=_typed(request),
    )


@require_POST
@at_station(*WITH_TESTS)
def correct(request, order_id):
    """Write the right result, with a reason."""
    return _act(
        request,
        order_id,
        services.correct,
        _("Svaret er rettet. Begge er lagret."),
        values=_typed(request),
        why=request.POST.get("why", ""),
    )


@require_POST
@at_station(*WITH_TESTS)
def cancel(request, order_id):
    """Strike it off, with a reason."""
    why = request.POST.get("why", "")
    return _act(request, order_id, services.cancel, _("Prøven er strøket."), why=why)


def _act(request, order_id, service, done="", **values):
    order = access.order_for(request, order_id, *WITH_TESTS)
    try:
        service(order_id=order.pk, by=request.user, at=timezone.now(), **values)
    except RuleBroken as error:
        return _list(
            request,
            problem=messages.explain(error),
            problem_of=order.pk,
            refused_act=service.__name__,
            typed=values.get("values", {}),
            refused=_one(order) if order.answered_at or order.cancelled_at else None,
            typed_why=values.get("why", ""),
        )
    if done:
        notes.success(request, done)
    return redirect(_back(request))


def _one(order):
    """A test that is not on the list any more, with what it showed."""
    shown = queries.of_attendance(order.attendance)
    return next(one for one in shown if one.id == order.pk)


def _typed(request):
    return {
        name.removeprefix(PART): value
        for name, value in request.POST.items()
        if name.startswith(PART)
    }


def _back(request):
    """The page that the form stands on, if it says so; else the list."""
    there = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return there
    return reverse("station:orders")


def _list(request, **extra):
    found = queries.to_do(request.station, now=timezone.now())
    return show(request, "station/orders/list.html", **found, **extra)
