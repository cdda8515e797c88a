"""The frame of the staffing room's pages."""

from django.shortcuts import render

from varde.apps.staffing import access


def show(request, template, status=200, **context):
    """The page in the room's frame: which workplace, and what one may do there."""
    frame = {
        "workplace": request.workplace,
        "workplaces": request.workplaces,
        "roles": access.roles_at(request, request.workplace),
        "may_plan": may(request, *access.PLANNERS),
    }
    return render(request, template, frame | context, status=status)


def may(request, *roles):
    """Whether one of these roles counts at the workplace in hand."""
    return not access.roles_at(request, request.workplace).isdisjoint(roles)
