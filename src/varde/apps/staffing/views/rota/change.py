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
from varde.apps.staffing.access import EVERYBODY, LEADERS
from varde.apps.staffing.messages import rota_words as words
from varde.apps.staffing.queries.rota import lists, own
from varde.apps.staffing.queries.rota.candidates import candidates_for
from varde.apps.staffing.queries.rota.ground import ground_of
from varde.apps.staffing.rota_access import swap_for, vacancy_for, workplace_of
from varde.apps.staffing.services.rota import filling, offer_links, swapping
from varde.apps.staffing.views.page import show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


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
    is_yes = request.POST.get("answer") == "yes"
    try:
        swapping.answer_swap(
            swap_id=row.pk,
            is_yes=is_yes,
            workplace=request.workplace,
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
                by=None,
                at=timezone.now(),
            )
    except RuleBroken as error:
        offer.refresh_from_db()
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
        changes=lists.history(place.rota, place=place),
        problem=problem,
        reason=request.POST.get("reason", ""),
        sentral_id=request.workplace.sentraler[0],
    )


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
    is_answered = offer.state in {DutyOffer.State.YES, DutyOffer.State.NO}
    return render(
        request,
        "staffing/rota/answer.html",
        {
            "code": code,
            "place_name": workplace_of(place.rota).name,
            "when": words.when(place.starts_at, place.ends_at),
            "post": POST[Duty.Post(place.post)],
            "nok": offer.vacancy.compensation_nok,
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
