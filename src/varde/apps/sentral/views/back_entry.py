"""Paper forms and what was written on them: `/sentral/etterforing/`."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from varde.apps.records.models import (
    Contact,
    Municipality,
    PaperForm,
    PaperPrint,
    Station,
)
from varde.apps.records.scope import districts_served
from varde.apps.sentral import choices, messages, paper
from varde.apps.sentral.queries import paper_forms as queries
from varde.apps.sentral.services import back_entry, paper_forms
from varde.apps.sentral.services.back_entry import KINDS, PhoneEntry
from varde.apps.sentral.services.contacts.values import Why, not_valid
from varde.apps.sentral.views.side_page import show
from varde.apps.sentral.views.true_time import true_time
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import Rule, RuleBroken
from varde.domain.news2 import Sign
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
USUAL_COUNT = 20


@require_GET
@at_sentral(*AT_THE_DESK)
def forms(request):
    """The forms that are out, those printed, and where a number is typed."""
    typed = request.GET.get("skjema", "")
    if not typed.strip():
        return _forms(request)
    try:
        form = paper_forms.named(typed, sentral=request.sentral)
    except RuleBroken as error:
        return _forms(request, problem=messages.explain(error), typed=typed)
    return redirect("sentral:enter_form", form.pk)


@require_POST
@at_sentral(*AT_THE_DESK)
def issue(request):
    """Number new forms."""
    try:
        paper_forms.issue(
            sentral=request.sentral,
            count=count_of(request),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _forms(request, problem=messages.explain(error))
    return redirect("sentral:back_entry")


@require_GET
@at_sentral(*AT_THE_DESK)
def print_pdf(request, print_id):
    """The forms of one print, to be printed; the same each time."""
    made = PaperPrint.objects.filter(
        pk=print_id, sentral=request.sentral, station=None
    ).first()
    if made is None:
        raise Http404
    return pdf_answer(made, kind=FormKind.PHONE, place=request.sentral.name)


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
    try:
        paper_forms.void(
            form_id=form.pk,
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _entry(request, form, problem=messages.explain(error))
    return redirect("sentral:back_entry")


def entered_address(name, form):
    """The list, which says that this form is in."""
    return f"{reverse(name)}?inn={form.pk}"


def entered_number(request, *, station=None):
    """The number of the form that was entered just now; "" for none of this place."""
    text = request.GET.get("inn", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return ""
    found = PaperForm.objects.filter(
        pk=text,
        print__sentral=request.sentral,
        print__station=station,
        state=PaperForm.State.ENTERED,
    )
    return found.values_list("number", flat=True).first() or ""


def count_of(request):
    """How many forms are asked for; what is no number is 0, and refused."""
    text = request.POST.get("count", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def pdf_answer(made, *, kind, place):
    """The PDF of one print, named by its first number."""
    numbers = queries.numbers_of(made.pk)
    return HttpResponse(
        paper.draw(numbers, kind=kind, place=place, issued_at=made.issued_at),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="skjema-{numbers[0]}.pdf"'
        },
    )


def form_at(form_id, *, sentral, station=None):
    """The form, if it is of this place."""
    form = (
        PaperForm.objects.filter(
            pk=form_id, print__sentral=sentral, print__station=station
        )
        .select_related("print", "settled_by")
        .first()
    )
    if form is None:
        raise Http404
    return form


def entry_context(request, form, *, problem):
    """What the page of one form needs, at the sentral and at the station."""
    refused = ""
    if form.state != PaperForm.State.OUT:
        is_void = form.state == PaperForm.State.VOID
        rule = Rule.PAPER_FORM_VOID if is_void else Rule.PAPER_FORM_USED
        refused = messages.explain(
            RuleBroken(rule, number=form.number, at=form.settled_at.isoformat())
        )
    return {
        "form": form,
        "refused": refused,
        "problem": problem if problem != refused else "",
        "typed": request.POST,
        "today": f"{timezone.localdate():%Y-%m-%d}",
        "acvpu": choices.ACVPU,
    }


def signs_of(request):
    """The vital signs as typed."""
    return {sign.value: request.POST.get(sign.value, "") for sign in Sign}


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
        found=queries.accounting(request.sentral),
        entered=entered_number(request),
        problem=problem,
        typed=typed,
        usual=USUAL_COUNT,
        most=paper_forms.MOST_AT_ONCE,
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
