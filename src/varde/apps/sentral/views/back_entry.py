"""Paper forms and what was written on them: `/sentral/etterforing/`."""

from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from varde.apps.records.models import (
    Contact,
    Municipality,
    Station,
)
from varde.apps.records.scope import districts_served
from varde.apps.sentral import choices, messages
from varde.apps.sentral.services import back_entry
from varde.apps.sentral.services.back_entry import KINDS, PhoneEntry
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.sentral.views.paper_pages import (
    entered_address,
    entry_context,
    form_at,
    forms_context,
    issue_forms,
    pdf_answer,
    signs_of,
    to_form,
    void_form,
)
from varde.apps.sentral.views.side_page import show
from varde.apps.sentral.views.true_time import true_time
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken
from varde.domain.paper_form import FormKind


PATIENT = (
    "national_id",
    "given_name",
    "family_name",
    "birth_date",
    "estimated_age",
    "sex",
    "description",
)
CONTACT = (
    "caller_name",
    "callback_number",
    "municipality",
    "whereabouts",
    "narrative",
    "is_pregnant",
    "advice_given",
    "consent_fastlege",
)


@require_GET
@at_sentral(*AT_THE_DESK)
def forms(request):
    """The forms that are out, those printed, and where a number is typed."""
    return to_form(request, _forms, name="sentral:enter_form")


@require_POST
@at_sentral(*AT_THE_DESK)
def issue(request):
    """Number new forms."""
    return issue_forms(request, _forms, name="sentral:back_entry")


@require_GET
@at_sentral(*AT_THE_DESK)
def print_pdf(request, print_id):
    """The forms of one print, to be printed; the same each time."""
    return pdf_answer(
        request, print_id, kind=FormKind.PHONE, place=request.sentral.name
    )


@require_http_methods(["GET", "POST"])
@at_sentral(*AT_THE_DESK)
def enter(request, form_id):
    """One form of the telephone."""
    form = form_at(form_id, sentral=request.sentral)
    if request.method == "GET":
        return _entry(request, form)
    try:
        made = back_entry.enter_phone(
            form_id=form.pk, entry=_typed(request), by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _entry(request, form, problem=messages.explain(error))
    made.refresh_from_db()
    if made.state != Contact.State.OPEN:  # over: not to be opened without a reason
        return redirect(entered_address("sentral:back_entry", form))
    return redirect("sentral:contact", made.pk)


@require_POST
@at_sentral(*AT_THE_DESK)
def void(request, form_id):
    """The form is not to be entered, with a reason."""
    form = form_at(form_id, sentral=request.sentral)
    return void_form(request, form, _entry, name="sentral:back_entry")


def _typed(request):
    post = request.POST
    return PhoneEntry(
        **{
            name: true_time(request, name, first="rang_at")
            for name in (
                "rang_at",
                "judged_at",
                "decided_at",
                "done_at",
                "closed_at",
                "amk_called_at",
                "amk_answered_at",
                "promised_at",
            )
        },
        amk_mode=post.get("amk_mode", ""),
        mission_number=post.get("mission_number", ""),
        hastegrad=post.get("hastegrad", ""),
        patient={name: post.get(name, "") for name in PATIENT},
        contact={name: post.get(name, "") for name in CONTACT},
        vital_signs=signs_of(request),
        outcome=post.get("outcome", ""),
        note=post.get("note", ""),
        station_id=_station(post.get("station", "")),
        reason_code=post.get("reason_code", ""),
    )


def _station(text):
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise not_valid("station", Why.NOT_FOUND)
    return int(text)


def _forms(request, *, problem="", typed=""):
    return show(
        request,
        "sentral/paper/forms.html",
        **forms_context(request, problem=problem, typed=typed),
    )


def _entry(request, form, *, problem=""):
    served = districts_served([request.sentral.pk], on=timezone.localdate())
    stations = Station.objects.filter(district__in=served).order_by("name")
    return show(
        request,
        "sentral/paper/entry.html",
        levels=choices.PHONE_LEVELS,
        outcomes=[(kind.value, messages.OUTCOME[kind]) for kind in KINDS],
        stations=stations.values_list("pk", "name"),
        municipalities=Municipality.objects.filter(
            catchment__station__district__in=served
        )
        .distinct()
        .order_by("name")
        .values_list("pk", "name"),
        **entry_context(request, form, problem=problem),
    )
