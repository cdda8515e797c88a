"""The sound log: `/sentral/lyd/`."""

from django.contrib import messages as notes
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries import sound as queries
from varde.apps.sentral.queries.sound import Search
from varde.apps.sentral.services import sound as services
from varde.apps.sentral.views.side_page import may, page_of, show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken


LISTENERS = (
    Role.OPERATOR,
    Role.DOCTOR,
    Role.SHIFT_LEADER,
    Role.LEGEVAKTOVERLEGE,
)
# May search the calls of others; the rest find their own, which is how one learns.
EVERYBODYS = (Role.LEGEVAKTOVERLEGE, Role.SHIFT_LEADER)
HOLDERS = (Role.LEGEVAKTOVERLEGE,)


@require_GET
@at_sentral(*LISTENERS)
def sound_log(request):
    """Recordings of a day, an operator or a contact. The references are not shown."""
    search, problem = _search(request)
    only_of = _only_of(request)

    def fetch(*, first, most):
        return queries.recordings(
            request.sentral, search, only_of=only_of, first=first, most=most
        )

    return show(
        request,
        "sentral/sound/sound.html",
        search=search,
        typed=request.GET,
        problem=problem,
        page=page_of(request, fetch),
        is_own_only=only_of is not None,
        operators=[] if only_of else queries.operators(request.sentral),
    )


@require_GET
@at_sentral(*LISTENERS)
def recording(request, recording_id):
    """One recording: who has listened, and the question why one will listen oneself."""
    return _recording(request, _found(request, recording_id))


@require_POST
@at_sentral(*LISTENERS)
def listen(request, recording_id):
    """Give the reference, for a reason that is kept."""
    wanted = _found(request, recording_id)
    reason = request.POST.get("reason", "")
    try:
        heard = services.listen(
            recording_id=wanted.pk, reason=reason, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _recording(request, wanted, problem=messages.explain(error))
    return _recording(request, wanted, reference=heard.reference, is_heard=True)


@require_POST
@at_sentral(*HOLDERS)
def hold(request, recording_id):
    """Hold back from deletion, or hold back no more."""
    wanted = _found(request, recording_id)
    act = services.lift if request.POST.get("act") == "lift" else services.hold
    try:
        act(
            recording_id=wanted.pk,
            reason=request.POST.get("reason", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _recording(request, wanted, problem=messages.explain(error))
    notes.success(
        request,
        _("Opptaket holdes ikke lenger tilbake.")
        if act is services.lift
        else _("Opptaket holdes tilbake og slettes ikke."),
    )
    return redirect("sentral:recording", recording_id=wanted.pk)


def _recording(request, row, **extra):
    return show(
        request,
        "sentral/sound/recording.html",
        row=queries.shown(row),
        hold_reason=row.hold_reason,
        heard=queries.listenings(row),
        may_hold=may(request, *HOLDERS),
        **extra,
    )


def _found(request, recording_id):
    return queries.recording_for(
        request.sentral, recording_id, only_of=_only_of(request)
    )


def _only_of(request):
    return None if may(request, *EVERYBODYS) else request.user


def _search(request):
    """What is looked for, and what of it could not be understood."""
    days = {}
    for name in ("fra", "til"):
        text = request.GET.get(name, "")
        try:
            days[name] = parse_date(text) if text else None
        except ValueError:
            days[name] = None
        if text and days[name] is None:
            return Search(), _("Datoen er ikke en dato. Her er alle opptak.")
    numbers = {}
    for name in ("operator", "kontakt"):
        text = request.GET.get(name, "").strip()
        is_number = text.isascii() and text.isdigit() and len(text) < 16
        if text and not is_number:
            return Search(), _("Kontakten er et nummer. Her er alle opptak.")
        numbers[name] = int(text) if text else None
    return Search(
        first=days["fra"],
        last=days["til"],
        operator_id=numbers["operator"],
        contact_id=numbers["kontakt"],
    ), ""
