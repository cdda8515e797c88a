"""`/vaktplan/hvem/`: who is on duty now and next, the wall, the phone list, the phones."""

from django.contrib import messages as notes
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records.models import Duty
from varde.apps.sentral import messages
from varde.apps.sentral.messages import POST
from varde.apps.staffing import access
from varde.apps.staffing.access import CORRECT_PHONES, EVERYBODY, LEADERS
from varde.apps.staffing.paper.phones import draw_phones
from varde.apps.staffing.queries import on_duty as queries
from varde.apps.staffing.services import on_duty as services
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


@require_GET
@at_workplace(*EVERYBODY)
def who(request):
    """Who is on duty now and next, kept fresh.

    `?hos=sentral-HEL` is the way from the desk: that sentral for those who work there,
    else one's own place.
    """
    wanted = request.GET.get("hos")
    if wanted in {one.key for one in request.workplaces}:
        return redirect(f"{reverse('staffing:who')}?sted={wanted}")
    return _who(request)


@require_POST
@at_workplace(*EVERYBODY)
def phone(request, duty_id):
    """Correct the number of somebody on duty here. A refusal keeps what was typed."""
    place = _place_of(request, duty_id)
    number = request.POST.get("phone", "")
    try:
        services.correct_phone(
            duty_id=duty_id,
            number=number,
            for_good=request.POST.get("for_good") == "yes",
            workplace=place,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _who(
            request, problem=messages.explain(error), typed_for=duty_id, typed=number
        )
    notes.success(request, _("Nummeret er rettet. Alle ser det nå."))
    return redirect("staffing:who")


@require_http_methods(["GET", "POST"])
@at_workplace(*LEADERS)
def lines(request):
    """The phone, the talegruppe and the radio that follow each post."""
    if request.method == "GET":
        return _lines(request)
    typed = {
        name: request.POST.get(name, "")
        for name in ("post", "phone", "talkgroup", "radio")
    }
    try:
        services.set_line(
            **typed, workplace=request.workplace, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _lines(request, problem=messages.explain(error), typed=typed)
    notes.success(request, _("Lagret."))
    return redirect("staffing:duty_lines")


@require_GET
@at_workplace(*EVERYBODY)
def wall(request):
    """Who is on duty, for a wall in a room of the staff: read at four metres."""
    found = queries.picture(request.workplace, now=timezone.now())
    return show(request, "staffing/on_duty/wall.html", found=found)


@require_GET
@at_workplace(*EVERYBODY)
def phone_list(request):
    """The numbers on one sheet, for the wall and for when the system is down."""
    found = queries.picture(request.workplace, now=timezone.now())
    return show(request, "staffing/on_duty/phones.html", found=found)


@require_GET
@at_workplace(*EVERYBODY)
def phone_pdf(request):
    """The same sheet as PDF."""
    now = timezone.now()
    found = queries.picture(request.workplace, now=now)
    name = f"telefonliste-{request.workplace.code}-{timezone.localtime(now):%Y-%m-%d}"
    return HttpResponse(
        draw_phones(found, place=request.workplace.name),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )


def _who(request, **extra):
    return show(
        request,
        "staffing/on_duty/who.html",
        found=queries.picture(request.workplace, now=timezone.now()),
        may_correct=may(request, *CORRECT_PHONES),
        may_lead=may(request, *LEADERS),
        **extra,
    )


def _place_of(request, duty_id):
    """The workplace of a duty that this person may correct, in the house at hand."""
    duty = Duty.objects.filter(pk=duty_id).first()
    for place in queries.house_of(request.workplace):
        is_here = duty is not None and (duty.station_id, duty.sentral_id) == (
            place.station_id,
            place.sentral_id,
        )
        if is_here and not access.roles_at(request, place).isdisjoint(CORRECT_PHONES):
            return place
    raise Http404


def _lines(request, *, problem="", typed=None):
    known = {row.post: row for row in queries.lines_of(request.workplace)}
    here = set(
        Duty.objects.filter(**request.workplace.where)
        .order_by()
        .values_list("post", flat=True)
        .distinct()
    )
    posts = [post for post in queries.ORDER if post.value in here | known.keys()]
    return show(
        request,
        "staffing/on_duty/lines.html",
        rows=[(post.value, POST[post], known.get(post.value)) for post in posts],
        problem=problem,
        typed=typed or {},
    )
