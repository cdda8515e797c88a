"""The pages of paper forms, as the sentral and the station both have them.

Without a station it is the sentral's own forms; with one, those of its door.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from varde.apps.records.models import PaperForm, PaperPrint
from varde.apps.sentral import choices, messages, paper
from varde.apps.sentral.queries import paper_forms as queries
from varde.apps.sentral.services import paper_forms
from varde.domain.errors import Rule, RuleBroken
from varde.domain.news2 import Sign


USUAL_COUNT = 20


def to_form(request, page, *, name, station_id=None):
    """To the form whose number is typed; else the page with the forms of this place."""
    typed = request.GET.get("skjema", "")
    if not typed.strip():
        return page(request)
    try:
        form = paper_forms.named(typed, sentral=request.sentral, station_id=station_id)
    except RuleBroken as error:
        return page(request, problem=messages.explain(error), typed=typed)
    return redirect(name, form.pk)


def issue_forms(request, page, *, name, station=None):
    """Number new forms, and back to the page with the forms of this place."""
    try:
        paper_forms.issue(
            sentral=request.sentral,
            station=station,
            count=_count(request),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return page(request, problem=messages.explain(error))
    return redirect(name)


def void_form(request, form, page, *, name):
    """The form is not to be entered. A refusal is shown on the form's own page."""
    try:
        paper_forms.void(
            form_id=form.pk,
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return page(request, form, problem=messages.explain(error))
    return redirect(name)


def entered_address(name, form):
    """The list, which says that this form is in."""
    return f"{reverse(name)}?inn={form.pk}"


def pdf_answer(request, print_id, *, kind, place, station_id=None):
    """The PDF of one print of this place, named by its first number."""
    made = PaperPrint.objects.filter(
        pk=print_id, sentral=request.sentral, station=station_id
    ).first()
    if made is None:
        raise Http404
    numbers = queries.numbers_of(made.pk)
    return HttpResponse(
        paper.draw(numbers, kind=kind, place=place, issued_at=made.issued_at),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="skjema-{numbers[0]}.pdf"'
        },
    )


def form_at(form_id, *, sentral, station_id=None):
    """The form, if it is of this place."""
    form = (
        PaperForm.objects.filter(
            pk=form_id, print__sentral=sentral, print__station=station_id
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


def forms_context(request, *, problem, typed, station_id=None):
    """What the page with the forms of a place needs."""
    return {
        "found": queries.accounting(request.sentral, station_id=station_id),
        "entered": _entered_number(request, station_id=station_id),
        "problem": problem,
        "typed": typed,
        "usual": USUAL_COUNT,
        "most": paper_forms.MOST_AT_ONCE,
    }


def _entered_number(request, *, station_id):
    """The number of the form that was entered just now; "" for none of this place."""
    text = request.GET.get("inn", "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        return ""
    found = PaperForm.objects.filter(
        pk=text,
        print__sentral=request.sentral,
        print__station=station_id,
        state=PaperForm.State.ENTERED,
    )
    return found.values_list("number", flat=True).first() or ""


def _count(request):
    """How many forms are asked for; what is no number is 0, and refused."""
    text = request.POST.get("count", "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
