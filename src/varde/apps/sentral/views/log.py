"""The log: `/sentral/logg/`, a patient's own log, and the openings with a reason."""

import csv
from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records import audit
from varde.apps.records.models import AuditEntry, Patient, Role
from varde.apps.sentral import log_messages, messages
from varde.apps.sentral.queries import held
from varde.apps.sentral.queries import log as queries
from varde.apps.sentral.queries.log import Wanted
from varde.apps.sentral.services import control
from varde.apps.sentral.views.side_page import PAGE_SIZE, page_of, show
from varde.apps.sentral.views.working_at import at_sentral
from varde.domain.errors import RuleBroken
from varde.engines.sheet_rows import harmless


READERS = (Role.AUDITOR, Role.LEGEVAKTOVERLEGE, Role.KOMMUNEOVERLEGE)
FIRST_DAYS = 7
BOM = "\ufeff"  # a spreadsheet then reads the letters right


@require_GET
@at_sentral(*READERS)
def log(request):
    """The log of the districts in which one controls. To read it is logged."""
    wanted, problem = _wanted(request)
    older = request.GET.get("eldre", "")
    before_id = _row_number(older)
    rows = queries.lines(wanted, before_id=before_id, most=PAGE_SIZE + 1)
    _log_reading(request, "log", wanted)
    return show(
        request,
        "sentral/log.html",
        wanted=wanted,
        problem=problem,
        rows=rows[:PAGE_SIZE],
        older=rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None,
        kinds=log_messages.KIND.items(),
        waiting=queries.waiting_openings(wanted.districts),
    )


@require_GET
@at_sentral(*READERS)
def log_csv(request):
    """The same as a file, at most fifty thousand lines."""
    wanted, _problem = _wanted(request)
    rows = queries.lines(wanted, most=queries.MOST_IN_A_FILE)
    _log_reading(request, "log_csv", wanted)
    heads = [_("Tid"), _("Ført"), _("Hvem"), _("Rolle"), _("Hva"), _("Hvorfor"), _("Pasient"), _("Kontakt")]  # fmt: skip
    return _file(
        "logg.csv",
        heads,
        (
            (
                _stamp(row.at), _stamp(row.recorded_at), row.who, row.roles, row.did,
                row.why, row.patient_id or "", row.contact_id or "",
            )
            for row in rows
        ),
    )  # fmt: skip


@require_GET
@at_sentral(*READERS)
def patient_log(request, patient_id):
    """A patient's own log, to be printed."""
    patient = _patient(request, patient_id)
    rows, is_cut = queries.patient_lines(patient)
    _log_patient(request, "patient_log", patient)
    return show(
        request,
        "sentral/log_patient.html",
        patient=patient,
        rows=rows,
        is_cut=is_cut,
        now=timezone.now(),
    )


@require_GET
@at_sentral(*READERS)
def patient_log_csv(request, patient_id):
    """A patient's own log as a file."""
    patient = _patient(request, patient_id)
    rows, _is_cut = queries.patient_lines(patient)
    _log_patient(request, "patient_log_csv", patient)
    return _file(
        f"logg-pasient-{patient.pk}.csv",
        [_("Tid"), _("Hvem"), _("Rolle"), _("Hva"), _("Hvorfor")],
        (
            (_stamp(row.at), row.who, row.roles, "; ".join(row.did), row.why)
            for row in rows
        ),
    )


@require_GET
@at_sentral(*READERS)
def openings(request):
    """The openings with a reason: those that wait, or those that were controlled."""
    return _openings(request)


@require_POST
@at_sentral(*READERS)
def control_opening(request, opening_id):
    """The opening was looked at and is in order."""
    try:
        control.control_opening(
            opening_id=opening_id,
            districts=_districts(request),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _openings(request, problem=messages.explain(error))
    return redirect("sentral:openings")


def _openings(request, **extra):
    districts = _districts(request)
    is_controlled = request.GET.get("liste") == "kontrollert"

    def fetch(*, first, most):
        return queries.openings(
            districts, is_controlled=is_controlled, first=first, most=most
        )

    page = page_of(request, fetch)
    for district in sorted(districts):
        audit.log_read(
            what="openings",
            by=request.user,
            district_id=district,
            purpose=AuditEntry.Purpose.COC,
        )
    return show(
        request,
        "sentral/log_openings.html",
        page=page,
        is_controlled=is_controlled,
        waiting=queries.waiting_openings(districts),
        **extra,
    )


def _districts(request):
    return held.districts_where(
        request.scope_of_user, *READERS, on=timezone.localdate()
    )


def _wanted(request):
    """What is asked for, and what is wrong with it. Dates that are wrong are the usual."""
    today = timezone.localdate()
    usual = {"fra": today - timedelta(days=FIRST_DAYS - 1), "til": today}
    problem = ""
    days = {}
    for name, otherwise in usual.items():
        text = request.GET.get(name, "")
        days[name] = _day(text) or otherwise
        if text and _day(text) is None:
            problem = _("«{text}» er ikke en dato.").format(text=text[:20])
    if days["fra"] > days["til"]:
        problem = _("Første dag er etter siste dag.")
    kind = request.GET.get("art", "")
    patient = request.GET.get("pasient", "")
    wanted = Wanted(
        districts=_districts(request),
        first=days["fra"],
        last=days["til"],
        who=request.GET.get("hvem", "").strip()[:100],
        kind=kind if kind in AuditEntry.Kind.values else "",
        patient_id=_row_number(patient),
    )
    return wanted, problem


def _row_number(text):
    is_one = text.isascii() and text.isdecimal() and len(text) < 16
    return int(text) if is_one else None


def _day(text):
    try:
        return parse_date(text)
    except ValueError:
        return None


def _patient(request, patient_id):
    """The patient, where one controls. Not there and not yours: 404."""
    patient = Patient.objects.filter(
        pk=patient_id, district__in=_districts(request)
    ).first()
    if patient is None:
        raise Http404
    return patient


def _log_reading(request, what, wanted):
    """Once for each district that was read, so that each finds it in its own log."""
    for district in sorted(wanted.districts):
        audit.log_read(
            what=what,
            by=request.user,
            district_id=district,
            patient_id=wanted.patient_id,
            purpose=AuditEntry.Purpose.COC,
        )


def _log_patient(request, what, patient):
    audit.log_read(
        what=what,
        by=request.user,
        district_id=patient.district_id,
        patient_id=patient.pk,
        purpose=AuditEntry.Purpose.COC,
    )


def _file(name, heads, rows):
    answer = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return answer


def _stamp(moment):
    return timezone.localtime(moment).isoformat(sep=" ", timespec="seconds")
