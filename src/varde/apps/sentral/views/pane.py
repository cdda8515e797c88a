"""The contact in hand, drawn as one part after every act upon it."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from varde.apps.records.models import Contact
from varde.apps.sentral import access, messages
from varde.apps.sentral.queries import pane
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


# Read with the contact: each by itself would be a query more for every key pressed.
SHOWN_WITH = (
    "sentral",
    "owner",
    "place",
    "fastlege__office",
    "patient__municipality",
    "patient__fastlege__office",
)


def pane_context(request, contact, **extra):
    """Everything that the middle and the right zone show of a contact."""
    contact.refresh_from_db(from_queryset=Contact.objects.select_related(*SHOWN_WITH))
    shown = pane.pane_of(contact, by=request.user, now=timezone.now())
    return {"sentral": request.sentral, "focus": "", **shown, **extra}


def show_pane(request, contact, **extra):
    """The contact after an act: its part for htmx, the whole page otherwise."""
    context = pane_context(request, contact, **extra)
    if request.htmx:
        return render(request, "sentral/desk/pane.html", context)
    # Late import: the page is built by the desk, which shows this pane.
    from varde.apps.sentral.views.desk import desk_context

    return render(request, "sentral/desk/desk.html", desk_context(request) | context)


def contact_act(view):
    """A POST that does one thing with a contact and then shows it.

    The view does the act and gives back what to add to the pane's context, most often
    where the focus goes. A refusal is shown in the pane; nothing was changed.
    """

    @require_POST
    @at_sentral(*AT_THE_DESK)
    @wraps(view)
    def inner(request, contact_id, **kwargs):
        contact = access.contact_for(request, contact_id)
        # To read with a reason is not to act: that takes a role with patients there.
        if not access.holds(
            request.scope_of_user, *access.WITH_PATIENTS, contact=contact
        ):
            raise Http404
        try:
            extra = view(request, contact, timezone.now(), **kwargs) or {}
        except RuleBroken as error:
            return show_pane(
                request, contact, problem=messages.explain(error), problem_focus=True
            )
        if not request.htmx and "problem" not in extra and "outcome_form" not in extra:
            return redirect("sentral:contact", contact_id=contact.pk)
        return show_pane(request, contact, **extra)

    return inner
