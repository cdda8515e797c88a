"""Filling a duty from a phone: the vacancy, one's own duties, swaps, and the secret link."""

from urllib.parse import quote

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from varde.apps.records.models import Duty, DutyOffer, Vacancy
from varde.apps.records.scope import scoped
from varde.apps.sentral import messages
from varde.apps.sentral.messages import POST
from varde.apps.staffing.access import EVERYBODY, LEADERS, PLANNERS
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.messages.vacancy_words import pay_shown
from varde.apps.staffing.queries import vacancy_pay
from varde.apps.staffing.queries.rota import lists, own
from varde.apps.staffing.queries.rota.candidates import candidates_for
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.rota_access import swap_for, vacancy_for, workplace_of
from varde.apps.staffing.services.rota import filling, offer_links, swapping
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import Rule, RuleBroken


@require_http_methods(["GET", "POST"])
@at_workplace(*LEADERS)
def vacancy(request, vacancy_id):
    """Who may take a vacant duty. POST asks them, or gives it to one who said yes."""
    row = vacancy_for(request, vacancy_id)
    if request.method == "GET":
        return _vacancy(request, row)
    posted = request.POST
    common = {
        "vacancy_id": row.pk,
        "workplace": request.workplace,
        "by": request.user,
        "at": timezone.now(),
    }
    try:
        if posted.get("give"):
            filling.fill(
                person_id=_number(posted["give"]),
                reason=posted.get("reason", ""),
                is_planner=may(request, *PLANNERS),
                **common,
            )
            notes.success(request, _("Vakta er fylt. Alle ser det nå."))
        else:
            is_all = posted.get("act") == "all"
            filling.ask(
                people=_people(posted),
                way=Vacancy.Way.ALL if is_all else Vacancy.Way.ORDER,
                **common,
            )
    except RuleBroken as error:
        return _vacancy(request, row, problem=messages.explain(error))
    return redirect("staffing:rota_vacancy", vacancy_id=row.pk)


@require_POST
@at_workplace(*LEADERS)
def choose_pay(request, vacancy_id):
    """Choose how the one who takes the duty is paid."""
    row = vacancy_for(request, vacancy_id)
    try:
        filling.choose_pay(
            vacancy_id=row.pk,
            form=request.POST.get("form", ""),
            has_extra=request.POST.get("extra") == "on",
            workplace=request.workplace,
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        row.refresh_from_db()
        return _vacancy(request, row, problem=messages.explain(error))
    notes.success(request, _("Lagret. De som spørres, ser det."))
    return redirect("staffing:rota_vacancy", vacancy_id=row.pk)


@require_GET
@at_workplace(*EVERYBODY)
def mine(request):
    """One's own duties, what one is asked to take, and the swaps that wait."""
    return _mine(request)


@require_POST
@at_workplace(*EVERYBODY)
def answer_swap(request, swap_id):
    """Yes or no to a swap."""
    row = swap_for(request, swap_id)
    rota = row.mine.rota
    is_yes = request.POST.get("answer") == "yes"
    try:
        swapping.answer_swap(
            swap_id=row.pk,
            is_yes=is_yes,
            workplace=workplace_of(rota),
            by=request.user,
            at=timezone.now(),
        )
    except RuleBroken as error:
        return _mine(request, problem=messages.explain(error))
    notes.success(
        request, _("Byttet er gjort.") if is_yes else _("Byttet er sagt nei til.")
    )
    return redirect("staffing:my_duties")


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request, link):
    """The secret link: one duty, yes or no, without logging in. Once."""
    offer = offer_links.offer_of(link)
    if offer is None:
        raise Http404
    if request.method == "GET":
        return _answer(request, offer, link)
    is_yes = request.POST.get("answer") == "yes"
    workplace = workplace_of(offer.vacancy.place.rota)
    try:
        with scoped(districts=[workplace.district_id]):
            filling.answer(
                offer_id=offer.pk,
                is_yes=is_yes,
                workplace=workplace,
                by=request.user if request.user.is_authenticated else None,
                at=timezone.now(),
                seen_pay=_number(request.POST.get("pay", "")) or None,
            )
    except RuleBroken as error:
        offer.refresh_from_db()
        # Who has it, is not for a link to say.
        if error.rule in {Rule.VACANCY_IS_FILLED, Rule.ROTA_DUTY_HAS_HOLDER}:
            error = RuleBroken(Rule.OFFER_IS_OVER)
        return _answer(request, offer, link, problem=messages.explain(error))
    return redirect("staffing:answer_offer", link=link)


def _vacancy(request, row, *, problem=""):
    now = timezone.now()
    place = row.place
    offers = list(row.offers.select_related("person").order_by("rank"))
    asked = {offer.person_id for offer in offers}
    listed = ()
    if row.state == Vacancy.State.OPEN:
        ground = ground_of(place.rota, workplace=request.workplace)
        listed = [
            one
            for one in candidates_for(place, ground)
            if one.person_id != row.was_id and one.person_id not in asked
        ]
    return show(
        request,
        "staffing/rota/vacancy.html",
        vacancy=row,
        is_open=row.state == Vacancy.State.OPEN,
        when=words.when(place.starts_at, place.ends_at),
        post=POST[Duty.Post(place.post)],
        why=words.VACANT_WHY[Vacancy.Why(row.why)],
        offers=[_offer(request, offer, now=now) for offer in offers],
        may=[one for one in listed if one.may],
        may_not=[one for one in listed if not one.may],
        changes=lists.history(place.rota, place=place, is_leader=True),
        problem=problem,
        **_pay(request, row, now=now),
        reason=request.POST.get("reason", ""),
        sentral_id=request.workplace.sentraler[0],
    )


def _pay(request, row, *, now):
    """How the duty is paid: what may be chosen while it is vacant, else what was agreed."""
    chosen = vacancy_pay.newest(row.pk)
    if chosen is None:
        return {}
    ground = vacancy_pay.vacant_ground(
        row.place, workplace=request.workplace, at=now, known=chosen
    )
    if row.state != Vacancy.State.OPEN:
        settled = vacancy_pay.written(chosen)
        return {"paid": pay_shown(settled, has_extra=chosen.has_extra)}
    return {
        "chosen_pay": chosen,
        "pay_forms": [
            pay_shown(
                vacancy_pay.choice_of(ground, form, has_extra=chosen.has_extra),
                has_extra=chosen.has_extra,
            )
            for form in ground.forms
        ],
        "extra": ground.extra,
    }


def _pay_for(offer, workplace, *, now):
    """What the one who is asked gets for the duty; None where nothing is chosen."""
    chosen = vacancy_pay.newest(offer.vacancy_id)
    if chosen is None:
        return None, None
    if chosen.person_id is not None:
        choice = vacancy_pay.written(chosen)
        shown = pay_shown(choice, has_extra=chosen.has_extra)
        return chosen, shown if chosen.person_id == offer.person_id else None
    place = offer.vacancy.place
    day = timezone.localdate(place.starts_at)
    ground = vacancy_pay.vacant_ground(
        place,
        workplace=workplace,
        at=now,
        known=chosen,
        is_specialist=vacancy_pay.is_specialist(offer.person, on=day),
    )
    choice = vacancy_pay.choice_for(ground, chosen, offer.person, workplace=workplace)
    return chosen, pay_shown(choice, has_extra=chosen.has_extra)


def _offer(request, offer, *, now):
    """An offer as the leader sees it, with the message to send while it stands."""
    stands = offer.state == DutyOffer.State.ASKED and (offer.expires_at or now) > now
    link = ""
    if stands:
        path = reverse("staffing:answer_offer", args=[offer_links.link_code(offer)])
        link = request.build_absolute_uri(path)
    place = offer.vacancy.place
    text = _("Kan du ta %(post)s %(when)s? Svar her: %(link)s") % {
        "post": POST[Duty.Post(place.post)],
        "when": words.when(place.starts_at, place.ends_at),
        "link": link,
    }
    is_late = offer.state == DutyOffer.State.ASKED and not stands
    state = DutyOffer.State.EXPIRED if is_late else DutyOffer.State(offer.state)
    return {
        "name": offer.person.name,
        "phone": offer.person.phone,
        "state": words.OFFER[state],
        "code": str(state),
        "until": offer.expires_at if stands else None,
        "answered_at": offer.answered_at,
        "link": link,
        "sms": f"sms:{offer.person.phone}?body={quote(text)}" if stands else "",
    }


def _mine(request, *, problem=""):
    now = timezone.now()
    return show(
        request,
        "staffing/rota/mine.html",
        duties=own.own_duties(request.user, request.workplace, now=now),
        offers=own.own_offers(request.user, request.workplace, now=now),
        swaps=own.own_swaps(request.user, request.workplace, now=now),
        problem=problem,
    )


def _answer(request, offer, code, *, problem=""):
    """No more than the duty: not who is sick, nor who else is asked."""
    now = timezone.now()
    place = offer.vacancy.place
    stands = (
        offer.state == DutyOffer.State.ASKED
        and offer.expires_at is not None
        and offer.expires_at > now
        and place.ends_at > now
    )
    workplace = workplace_of(place.rota)
    chosen, paid = (
        _pay_for(offer, workplace, now=now) if place.ends_at > now else (None, None)
    )
    is_answered = offer.state in {DutyOffer.State.YES, DutyOffer.State.NO}
    return render(
        request,
        "staffing/rota/answer.html",
        {
            "code": code,
            "place_name": workplace.name,
            "when": words.when(place.starts_at, place.ends_at),
            "post": POST[Duty.Post(place.post)],
            "paid": paid,
            "pay": chosen.pk if chosen is not None else "",
            "until": offer.expires_at,
            "stands": stands,
            "is_answered": is_answered,
            "is_yes": offer.state == DutyOffer.State.YES,
            "problem": problem,
        },
    )


def _people(posted):
    """Those chosen, in the order of the list."""
    return [_number(text) for text in posted.getlist("person") if _number(text)]


def _number(text):
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_number else 0
