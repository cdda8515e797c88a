"""The contact in hand: after every act upon it, what the act can have changed is drawn."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Contact
from varde.apps.sentral import access, messages
from varde.apps.sentral.queries import pane
from varde.apps.sentral.queries.pane import ALL, InHand, Section
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


# What every act may change: the title, the message, what is left to do, the log.
EVERY_ACT = frozenset({Section.HEAD, Section.PROBLEM, Section.CLOSE, Section.EVENTS})
# Where the person goes on, and the section in which that is.
FOCUS_IN = {
    "amk": Section.AMK,
    "callback": Section.CALLBACK,
    "home": Section.HOME,
    "patient": Section.WHO,
    "complaint": Section.WHAT,
    "vitals": Section.WHAT,
    "outcome": Section.OUTCOMES,
    "reason": Section.CLOSE,
    "consent": Section.CLOSE,
    "close": Section.CLOSE,
}


def in_hand(contact):
    """The contact as it is now, for one drawing."""
    contact.refresh_from_db(from_queryset=Contact.objects.select_related("patient"))
    return InHand(contact, now=timezone.now())


def pane_context(request, contact, **extra):
    """Everything that the middle and the right zone show of a contact."""
    shown = pane.pane_of(in_hand(contact))
    return {"sentral": request.sentral, "focus": "", **shown, **extra}


def show_pane(request, contact, **extra):
    """The whole contact: its part for htmx, the whole page otherwise."""
    context = pane_context(request, contact, **extra)
    if request.htmx:
        return render(request, "sentral/desk/pane.html", context)
    # Late import: the page is built by the desk, which shows this pane.
    from varde.apps.sentral.views.desk import desk_context

    return render(request, "sentral/desk/desk.html", desk_context(request) | context)


def show_sections(request, contact, sections, **extra):
    """These sections of the contact; all of it when others have done something since.

    The page says which event it has seen last. Each section finds its place by an id with
    the contact's own, so an answer that comes late changes no other contact's screen.
    """
    shown = in_hand(contact)
    if shown.has_news_for(request.user, seen=_seen(request)):
        sections = ALL
    drawn = [section for section in Section if section in sections]
    context = pane.pane_of(shown, sections=drawn)
    page = {
        "sentral": request.sentral,
        "focus": "",
        "sections": drawn,
        **context,
        **extra,
    }
    response = render(request, "sentral/desk/sections.html", page)
    response["HX-Reswap"] = (
        "none"  # each goes to its own place, whatever the form aims at
    )
    return response


@require_GET
@at_sentral(*AT_THE_DESK)
def news(request, contact_id):
    """Sections of the contact as they are now: those asked for, else what others change."""
    contact = access.contact_for(request, contact_id)
    asked = {s for s in Section if s in request.GET.get("deler", "").split(",")}
    drawn = [section for section in Section if section in (asked or pane.NEWS)]
    context = pane.pane_of(in_hand(contact), sections=drawn)
    page = {"sentral": request.sentral, "focus": "", "sections": drawn, **context}
    return render(request, "sentral/desk/sections.html", page)


def _seen(request):
    text = request.headers.get("X-Seen", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def contact_act(*changes):
    """A POST that does one thing with a contact and then shows it.

    The view does the act and gives back what to add to the context, most often where the
    focus goes. `changes` names the sections that the act can change besides those of every
    act; without any, the whole contact is drawn. A refusal is shown in the pane; nothing
    was changed.
    """
    sections = EVERY_ACT | set(changes) if changes else None

    def decorate(view):
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
                problem = {"problem": messages.explain(error), "problem_focus": True}
                return show_pane(request, contact, **problem)
            if not request.htmx:
                if "problem" in extra or "outcome_form" in extra:
                    return show_pane(request, contact, **extra)
                return redirect("sentral:contact", contact_id=contact.pk)
            # The patient's row and all that hangs on it may be others now.
            if sections is None or extra.pop("has_moved", False):
                return show_pane(request, contact, **extra)
            focus = FOCUS_IN.get(extra.get("focus"))
            drawn = sections | {focus} if focus else sections
            return show_sections(request, contact, drawn, **extra)

        inner.changes = sections
        return inner

    return decorate
