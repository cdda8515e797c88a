"""The index versions: install, compare, approve, take into use, withdraw."""

from django.contrib import messages as notes
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records.models import IndexVersion, Role
from varde.apps.sentral import messages
from varde.apps.sentral.queries import indices as queries
from varde.apps.sentral.services import indices
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken
from varde.engines.triage.problems import BadIndex


READERS = (
    Role.LEGEVAKTOVERLEGE,
    Role.ADMINISTRATOR,
    Role.SHIFT_LEADER,
    Role.OPERATOR,
    Role.DOCTOR,
)
INSTALLERS = (Role.LEGEVAKTOVERLEGE, Role.ADMINISTRATOR)
LARGEST_FILE = 2_000_000  # bytes; the starter index is a tenth of it
FAULTS_SHOWN = 40


@require_GET
@at_sentral(*READERS)
def index_list(request):
    """Every version, its state and its history."""
    return _list(request)


@require_POST
@at_sentral(*INSTALLERS)
def install(request):
    """Put in a file. A file with a fault changes nothing and says every fault."""
    file = request.FILES.get("file")
    if file is None:
        return _list(request, problem=_("Velg en fil først."))
    if file.size > LARGEST_FILE:
        return _list(request, problem=_("Fila er for stor. Ingenting er endret."))
    try:
        text = file.read().decode("utf-8")
        indices.install(
            district=request.sentral.host_district,
            text=text,
            filename=file.name,
            by=request.user,
            at=timezone.now(),
        )
    except UnicodeDecodeError:
        return _list(
            request, problem=_("Fila er ikke UTF-8-tekst. Ingenting er endret.")
        )
    except BadIndex as fault:
        return _list(request, faults=fault.problems[:FAULTS_SHOWN], filename=file.name)
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    notes.success(request, _("Versjonen er installert. Den er ikke i bruk ennå."))
    return redirect("sentral:indices")


@require_GET
@at_sentral(*READERS)
def version(request, version_id):
    """One version, and what differs from the one in use (or another)."""
    shown = _version(request, version_id)
    others = IndexVersion.objects.filter(
        district=shown.district, index_id=shown.index_id
    ).exclude(pk=shown.pk)
    wanted = request.GET.get("mot", "")
    against = (
        others.filter(pk=wanted).first()
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 16
        else others.filter(state=IndexVersion.State.IN_USE).first()
    )
    context = {
        "sentral": request.sentral,
        "version": shown,
        "index": queries.parsed(shown),
        "others": others.order_by("-installed_at"),
        "against": against,
        "changes": queries.changes(shown, against=against) if against else None,
        "may_decide": _may_decide(request),
    }
    return render(request, "sentral/indices/version.html", context)


@require_GET
@at_sentral(*INSTALLERS)
def download(request, version_id):
    """The file, as it was installed."""
    shown = _version(request, version_id)
    return HttpResponse(
        shown.text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="indeks.yaml"'},
    )


@require_POST
@at_sentral(Role.LEGEVAKTOVERLEGE)
def decide(request, version_id):
    """Approve, take into use or withdraw: only a legevaktoverlege."""
    shown = _version(request, version_id)
    comment = request.POST.get("comment", "").strip()
    acts = {
        "approve": lambda: indices.approve(
            version_id=shown.pk, comment=comment, by=request.user, at=timezone.now()
        ),
        "use": lambda: indices.take_into_use(
            version_id=shown.pk, by=request.user, at=timezone.now()
        ),
        "withdraw": lambda: indices.withdraw(
            version_id=shown.pk, comment=comment, by=request.user, at=timezone.now()
        ),
    }
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        act()
    except RuleBroken as error:
        return _list(request, problem=messages.explain(error))
    return redirect("sentral:indices")


def _list(request, **extra):
    context = {
        "sentral": request.sentral,
        "versions": queries.versions(request.sentral.host_district),
        "may_install": request.scope_of_user.has(*INSTALLERS),
        "may_decide": _may_decide(request),
        **extra,
    }
    return render(request, "sentral/indices/indices.html", context)


def _may_decide(request):
    return request.scope_of_user.has(Role.LEGEVAKTOVERLEGE)


def _version(request, version_id):
    found = IndexVersion.objects.filter(
        Q(district=request.sentral.host_district), pk=version_id
    ).first()
    if found is None:
        raise Http404
    return found
