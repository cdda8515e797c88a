"""The desk itself: the frame, answering, taking over, signs of life."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records import settings as dated
from varde.apps.records.models import Contact, Role
from varde.apps.sentral import access, messages
from varde.apps.sentral.queries import pane as pane_queries
from varde.apps.sentral.queries import parts
from varde.apps.sentral.services import alarms, callbacks, calls, contacts
from varde.apps.sentral.views.pane import pane_context, show_pane
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


@require_GET
@at_sentral(*AT_THE_DESK)
def desk(request):
    """The desk without a contact in hand."""
    return render(request, "sentral/desk/desk.html", desk_context(request))


@require_GET
@at_sentral(*AT_THE_DESK, Role.LEGEVAKTOVERLEGE)
def contact(request, contact_id):
    """The desk with a contact open. Opening it is logged."""
    opened = access.contact_for(request, contact_id)
    access.log_opened(request, opened, by=request.user)
    context = desk_context(request) | pane_context(request, opened)
    return render(request, "sentral/desk/desk.html", context)


@require_POST
@at_sentral(*AT_THE_DESK)
def answer(request, call_id):
    """Take a call that rings. The first to press has it; the next sees who."""
    access.call_for(request, call_id)
    try:
        opened = calls.answer(call_id=call_id, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return refused_at_desk(request, messages.explain(error))
    return opened_pane(request, opened)


@require_POST
@at_sentral(*AT_THE_DESK)
def take_alarm(request, contact_id):
    """Take a safety alarm. The first to press has it; the next sees who."""
    wanted = access.contact_for(request, contact_id)
    try:
        taken = alarms.take(contact_id=wanted.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return refused_at_desk(request, messages.explain(error))
    return opened_pane(request, taken)


@require_POST
@at_sentral(*AT_THE_DESK)
def new_contact(request):
    """A contact that did not begin with a call: at the door, by colleagues."""
    opened = contacts.open_contact(
        sentral=request.sentral,
        channel=Contact.Channel.DOOR,
        by=request.user,
        at=timezone.now(),
    )
    return opened_pane(request, opened)


@require_POST
@at_sentral(*AT_THE_DESK)
def take_callback(request, callback_id):
    """Ring somebody back: the contact opens in one's hand."""
    callback = access.callback_for(request, callback_id)
    try:
        opened = callbacks.take(
            callback_id=callback.pk, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return refused_at_desk(request, messages.explain(error))
    return opened_pane(request, opened, focus="callback")


@require_POST
@at_sentral(*AT_THE_DESK)
def drop_callback(request, callback_id):
    """Nobody can ring a hidden number: off the list it goes."""
    callback = access.callback_for(request, callback_id)
    problem = ""
    try:
        callbacks.drop(callback_id=callback.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        problem = messages.explain(error)
    if problem and not request.htmx:
        return refused_at_desk(request, problem)
    if not request.htmx:
        return redirect("sentral:desk")
    shown = parts.callbacks(request.sentral, now=timezone.now())
    return render(
        request, "sentral/parts/callbacks.html", {"list_problem": problem, **shown}
    )


@require_POST
@at_sentral(*AT_THE_DESK)
def take_over(request, contact_id):
    """Take a colleague's contact: free in the grace period, later with a reason."""
    wanted = access.contact_for(request, contact_id)
    try:
        calls.take_over_contact(
            contact_id=wanted.pk,
            by=request.user,
            at=timezone.now(),
            reason=request.POST.get("reason", "").strip(),
        )
    except RuleBroken as error:
        context = desk_context(request) | pane_context(request, wanted)
        context["problem"] = messages.explain(error)
        return render(request, "sentral/desk/desk.html", context)
    return redirect("sentral:contact", contact_id=wanted.pk)


@require_POST
@at_sentral(*AT_THE_DESK)
def release(request, contact_id):
    """Put a contact back, so that somebody else takes it."""
    mine = access.contact_for(request, contact_id)
    try:
        calls.release(contact_id=mine.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return show_pane(request, mine, problem=messages.explain(error))
    return redirect("sentral:desk")


@require_POST
@at_sentral(*AT_THE_DESK)
def heartbeat(request):
    """This workstation lives: the contacts in hand stay with their owner."""
    calls.heartbeat(by=request.user, at=timezone.now())
    return HttpResponse(status=204)


def desk_context(request):
    """What the frame of the desk needs, whatever is in the middle."""
    now = timezone.now()
    district = request.sentral.host_district_id
    return parts.desk_parts(request.sentral, now=now) | {
        "sentral": request.sentral,
        "mine": pane_queries.open_contacts_of(request.user, request.sentral),
        "heartbeat_s": dated.value(
            "claim.heartbeat_s", on=timezone.localdate(), district_id=district
        ),
    }


def opened_pane(request, opened, *, focus="patient"):
    """The contact just opened: as a part for htmx, as a page without JavaScript."""
    address = reverse("sentral:contact", args=[opened.pk])
    access.log_opened(request, opened, by=request.user)
    if not request.htmx:
        return redirect(address)
    response = show_pane(request, opened, focus=focus)
    response["HX-Push-Url"] = address
    return response


def refused_at_desk(request, problem):
    """What was asked is not so any more: say it where the person looks."""
    if request.htmx:
        context = {"problem": problem, "sentral": request.sentral}
        context["mine"] = pane_queries.open_contacts_of(request.user, request.sentral)
        return render(request, "sentral/desk/refused.html", context)
    context = desk_context(request) | {"problem": problem}
    return render(request, "sentral/desk/desk.html", context)
