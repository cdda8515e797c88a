"""Notes to the fastlege: `/sentral/notater/`."""

from django.contrib import messages as told
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import FastlegeNote, Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries import notes as queries
from varde.apps.sentral.services import fastlege
from varde.apps.sentral.views.side_page import may, page_of, show
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


READERS = (*AT_THE_DESK, Role.LEGEVAKTOVERLEGE)
State = FastlegeNote.State
LONGEST_QUERY = 80  # characters
# What the address calls each state. Failed ones first: they are tasks.
STATES = {
    "feilet": State.FAILED,
    "ko": State.QUEUED,
    "sendt": State.SENT,
    "mottatt": State.RECEIVED,
    "alle": "",
}


@require_GET
@at_sentral(*READERS)
def note_list(request):
    """How far each note has come. Those that failed wait for a human."""
    return _list(request)


@require_POST
@at_sentral(*AT_THE_DESK)
def send_again(request, note_id):
    """The fault is mended: try again."""
    note = queries.note_for(request.sentral.pk, note_id)
    try:
        fastlege.send_again(note_id=note.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    told.success(request, _("Notatet er lagt i kø igjen."))
    return redirect("sentral:notes")


@require_POST
@at_sentral(*AT_THE_DESK)
def handed_over(request, note_id):
    """The fastlege has got it in another way."""
    note = queries.note_for(request.sentral.pk, note_id)
    try:
        fastlege.handed_over(
            note_id=note.pk,
            how=request.POST.get("how", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    told.success(request, _("Ført: fastlegen har fått notatet."))
    return redirect("sentral:notes")


def _list(request, **extra):
    asked = request.GET.get("tilstand", "feilet")
    which = asked if asked in STATES else "feilet"
    words = request.GET.get("q", "").strip()[:LONGEST_QUERY]

    def fetch(*, first, most):
        return queries.listed(
            request.sentral.pk,
            state=STATES[which],
            words=words,
            first=first,
            most=most,
        )

    counts = queries.counts(request.sentral.pk)
    return show(
        request,
        "sentral/notes/notes.html",
        which=which,
        q=words,
        tabs=[
            (code, _title(code), counts[state] if state else sum(counts.values()))
            for code, state in STATES.items()
        ],
        page=page_of(request, fetch),
        may_act=may(request, *AT_THE_DESK),
        **extra,
    )


def _title(code):
    return {
        "feilet": _("Feilet"),
        "ko": _("I kø"),
        "sendt": _("Sendt"),
        "mottatt": _("Mottatt"),
        "alle": _("Alle"),
    }[code]
