"""Help between sentraler: `/sentral/hjelp/`."""

from datetime import date

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from varde.apps.records import audit
from varde.apps.records.models import (
    AuditEntry,
    HelpAgreement,
    HelpItem,
    HelpTakeover,
    Partner,
    Role,
)
from varde.apps.sentral import messages
from varde.apps.sentral.queries.help import overview
from varde.apps.sentral.services.help import agreements, asking, by_hand, takeovers
from varde.apps.sentral.views.side_page import may, show
from varde.apps.sentral.views.working_at import AT_THE_DESK, at_sentral
from varde.domain.errors import RuleBroken


LEADING = (Role.SHIFT_LEADER, Role.LEGEVAKTOVERLEGE)
AGREEING = (Role.LEGEVAKTOVERLEGE,)
SEEING = (*AT_THE_DESK, Role.LEGEVAKTOVERLEGE)


@require_GET
@at_sentral(*LEADING)
def overview_page(request):
    """Every partner: does it live, is there an agreement, who helps whom."""
    return _overview(request)


@require_POST
@at_sentral(*AGREEING)
def new_partner(request):
    """Name another sentral."""
    typed = {name: request.POST.get(name, "") for name in ("code", "name", "address")}
    try:
        partner = agreements.make_partner(
            sentral=request.sentral, by=request.user, at=timezone.now(), **typed
        )
    except RuleBroken as error:
        return _overview(request, problem=messages.explain(error), typed=typed)
    return redirect("sentral:help_partner", partner_id=partner.pk)


@require_GET
@at_sentral(*LEADING)
def partner_page(request, partner_id):
    """One partner: the agreement, and what each must know of the other."""
    return _partner_page(request, _partner(request, partner_id))


@require_POST
@at_sentral(*LEADING)
def routes(request, partner_id):
    """Save what a helper must know about us."""
    partner = _partner(request, partner_id)
    text = request.POST.get("routes", "")
    try:
        agreements.set_routes(
            partner_id=partner.pk, text=text, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        return _partner_page(request, partner, problem=messages.explain(error))
    notes.success(request, _("Lagret. Sendes med neste livstegn."))
    return redirect("sentral:help_partner", partner_id=partner.pk)


@require_POST
@at_sentral(*AGREEING)
def propose(request, partner_id):
    """Write a text and accept it for our side."""
    partner = _partner(request, partner_id)
    names = ("text", "our_lines", "their_lines", "valid_from", "valid_to")
    typed = {name: request.POST.get(name, "").strip() for name in names}
    typed["automatic"] = "automatic" in request.POST
    try:
        first, last = _day(typed["valid_from"]), _day(typed["valid_to"])
    except ValueError:
        problem = _("Dette er ikke en dato.")
        return _partner_page(request, partner, problem=problem, typed=typed)
    try:
        agreements.propose(
            partner_id=partner.pk,
            text=typed["text"],
            our_lines=_listed(typed["our_lines"]),
            their_lines=_listed(typed["their_lines"]),
            is_automatic=typed["automatic"],
            valid_from=first or timezone.localdate(),
            valid_to=last,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        problem = messages.explain(error)
        return _partner_page(request, partner, problem=problem, typed=typed)
    notes.success(request, _("Sendt. Avtalen gjelder når den andre har godtatt den."))
    return redirect("sentral:help_partner", partner_id=partner.pk)


@require_POST
@at_sentral(*AGREEING)
def accept(request, agreement_id):
    """Say yes to the text that was read."""
    agreement = _agreement(request, agreement_id)
    try:
        agreements.accept(
            agreement_id=agreement.pk,
            terms_hash=request.POST.get("hash", ""),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        problem = messages.explain(error)
        return _partner_page(request, agreement.partner, problem=problem)
    return redirect("sentral:help_partner", partner_id=agreement.partner_id)


@require_POST
@at_sentral(*AGREEING)
def end(request, agreement_id):
    """Say no, or end what was agreed."""
    agreement = _agreement(request, agreement_id)
    try:
        agreements.end(agreement_id=agreement.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        problem = messages.explain(error)
        return _partner_page(request, agreement.partner, problem=problem)
    return redirect("sentral:help_partner", partner_id=agreement.partner_id)


@require_POST
@at_sentral(*LEADING)
def ask(request, partner_id):
    """Ask a partner to take over, or take the question back."""
    is_off = "off" in request.POST
    return _act(request, partner_id, asking.ask, is_off=is_off, **_why(request))


@require_POST
@at_sentral(*LEADING)
def take_over(request, partner_id):
    """Take over the other's queue."""
    return _act(request, partner_id, takeovers.begin, **_why(request))


@require_POST
@at_sentral(*LEADING)
def drill(request, partner_id):
    """Begin a drill: the same flow, with made-up entries."""
    return _act(request, partner_id, takeovers.begin, is_drill=True)


@require_POST
@at_sentral(*LEADING)
def want_back(request, partner_id):
    """Ask to have our own back."""
    return _act(request, partner_id, asking.want_back)


@require_POST
@at_sentral(*LEADING)
def give_back(request, takeover_id):
    """Begin to give back."""
    takeover = _takeover(request, takeover_id)
    try:
        takeovers.give_back(takeover_id=takeover.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _overview(request, problem=messages.explain(error))
    return redirect("sentral:help")


@require_GET
@at_sentral(*SEEING)
def takeover_page(request, takeover_id):
    """What the take-over holds, and the other's local routes. Each look is logged."""
    return _takeover_page(request, _takeover(request, takeover_id))


@require_GET
@at_sentral(*SEEING)
def latest(request, code):
    """The last take-over from a sentral, by its code: the way from a contact."""
    rows = HelpTakeover.objects.filter(
        partner__sentral=request.sentral,
        partner__code=code,
        side=HelpTakeover.Side.HELPER,
    )
    found = _or_404(rows.order_by("-pk"))
    return redirect("sentral:help_takeover", takeover_id=found.pk)


@require_POST
@at_sentral(*AT_THE_DESK)
def drill_done(request, item_id):
    """One made-up entry is practised with."""
    item = HelpItem.objects.filter(
        pk=item_id, takeover__partner__sentral=request.sentral
    ).first()
    if item is None:
        raise Http404
    takeover = _takeover(request, item.takeover_id)
    try:
        takeovers.drill_done(item_id=item.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _takeover_page(request, takeover, problem=messages.explain(error))
    return redirect("sentral:help_takeover", takeover_id=takeover.pk)


@require_POST
@at_sentral(*LEADING)
def told(request, item_id):
    """A record that the machine cannot tell was told on the telephone."""
    item = HelpItem.objects.filter(
        pk=item_id, takeover__partner__sentral=request.sentral
    ).first()
    if item is None:
        raise Http404
    takeover = _takeover(request, item.takeover_id)
    try:
        by_hand.told(item_id=item.pk, by=request.user, at=timezone.now())
    except RuleBroken as error:
        return _takeover_page(request, takeover, problem=messages.explain(error))
    return redirect("sentral:help_takeover", takeover_id=takeover.pk)


@require_POST
@at_sentral(*LEADING)
def close(request, takeover_id):
    """End a return that cannot end by itself, with a reason."""
    takeover = _takeover(request, takeover_id)
    reason = request.POST.get("reason", "")
    try:
        by_hand.close(
            takeover_id=takeover.pk, reason=reason, by=request.user, at=timezone.now()
        )
    except RuleBroken as error:
        problem = messages.explain(error)
        return _takeover_page(request, takeover, problem=problem, typed=reason)
    return redirect("sentral:help_takeover", takeover_id=takeover.pk)


def _act(request, partner_id, service, **more):
    partner = _partner(request, partner_id)
    try:
        service(partner_id=partner.pk, by=request.user, at=timezone.now(), **more)
    except RuleBroken as error:
        why = {"partner": partner.pk, "act": service.__name__} | _why(request)
        return _overview(request, problem=messages.explain(error), why=why)
    return redirect("sentral:help")


def _why(request):
    return {name: request.POST.get(name, "") for name in ("reason", "note")}


def _overview(request, **more):
    now = timezone.now()
    return show(
        request,
        "sentral/help/overview.html",
        partners=overview.partners(request.sentral, now=now),
        reports=overview.reports(request.sentral),
        reasons=messages.HELP_REASON.items(),
        may_agree=may(request, *AGREEING),
        **more,
    )


def _partner_page(request, partner, **more):
    return show(
        request,
        "sentral/help/partner.html",
        state=overview.state_of(partner, now=timezone.now()),
        may_agree=may(request, *AGREEING),
        day=timezone.localdate(),
        **more,
    )


def _takeover_page(request, takeover, **more):
    audit.log(
        what="help_looked",
        kind=AuditEntry.Kind.READ,
        by=request.user,
        district_id=request.sentral.host_district_id,
        table="records_helptakeover",
        row_id=takeover.pk,
    )
    return show(
        request,
        "sentral/help/takeover.html",
        takeover=takeover,
        items=overview.items(takeover),
        reason_words=messages.HELP_REASON.get(takeover.reason, ""),
        untold=by_hand.untold(takeover, at=timezone.now()),
        may_lead=may(request, *LEADING),
        **more,
    )


def _partner(request, partner_id):
    found = Partner.objects.select_related("sentral").filter(
        pk=partner_id, sentral=request.sentral
    )
    return _or_404(found)


def _agreement(request, agreement_id):
    return _or_404(
        HelpAgreement.objects.select_related("partner__sentral").filter(
            pk=agreement_id, partner__sentral=request.sentral
        )
    )


def _takeover(request, takeover_id):
    return _or_404(
        HelpTakeover.objects.select_related("partner__sentral").filter(
            pk=takeover_id, partner__sentral=request.sentral
        )
    )


def _or_404(rows):
    found = rows.first()
    if found is None:
        raise Http404
    return found


def _day(text):
    return date.fromisoformat(text) if text else None


def _listed(text):
    return [word.strip() for word in text.split(",") if word.strip()][:50]
