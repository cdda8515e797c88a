"""Vikarer: `/folk/vikarer/`, who is approved, the pools, and how they are used."""

from django.contrib import messages as notes
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from varde.apps.records.models import (
    Duty,
    Municipality,
    PoolConsent,
    User,
    VikarApproval,
    VikarPool,
)
from varde.apps.sentral import messages
from varde.apps.sentral.views.period import asked_period, last_day
from varde.apps.staffing import access
from varde.apps.staffing.messages.people import WHY_VIKAR
from varde.apps.staffing.people_access import (
    APPROVE_VIKARER,
    SEE_VIKARER,
    municipalities_of,
    people_at,
)
from varde.apps.staffing.queries import vikarer as queries
from varde.apps.staffing.queries.beyond_approval import beyond_approval
from varde.apps.staffing.services import vikarer as services
from varde.apps.staffing.views.page import may, show
from varde.apps.staffing.views.working_at import at_workplace
from varde.domain.errors import RuleBroken


PERIOD_DAYS = 91  # shown where none is asked for
LONGEST_PERIOD_DAYS = 800


@require_http_methods(["GET", "POST"])
@at_workplace(*SEE_VIKARER)
def vikarer(request):
    """Who is asked about and approved, the pools, and the use in a period."""
    if request.method == "GET":
        return _page(request)
    acts = _acts(request)
    act = request.POST.get("act", "")
    if act not in acts:
        raise Http404
    try:
        acts[act]()
    except RuleBroken as error:
        return _page(request, problem=messages.explain(error))
    notes.success(request, _("Lagret."))
    return redirect("staffing:vikarer")


class Asked:
    """What was sent from the page, and in whose name."""

    def __init__(self, request):
        self.request = request
        self.common = {"by": request.user, "at": timezone.now()}
        self.mine = list(municipalities_of(request.workplace))
        self.codes = [row.pk for row in self.mine]

    def text(self, name):
        """A field; empty where it was not sent."""
        return self.request.POST.get(name, "")

    def of_mine(self):
        """The municipality of the form, of those in whose name one acts here."""
        named = self.text("municipality")
        return next((row for row in self.mine if row.pk == named), None) or _missing()

    def approval(self):
        """The question to one of our municipalities."""
        return _row(VikarApproval, self.text("row"), municipality__in=self.codes)

    def consent(self):
        """Our own municipality's place in a pool."""
        return _row(PoolConsent, self.text("row"), municipality__in=self.codes)


def _acts(request):
    """What this person may do: those who plan ask and write, the municipality decides."""
    asked = Asked(request)
    planners = _planners_acts(asked) if may(request, *access.PLANNERS) else {}
    deciders = _deciders_acts(asked) if may(request, *APPROVE_VIKARER) else {}
    return planners | deciders


def _planners_acts(asked):
    text, common = asked.text, asked.common
    return {
        "ask": lambda: services.ask(
            person=_person(asked.request, text("person")),
            municipality=asked.of_mine(),
            first_on=text("first_on"),
            last_on=text("last_on"),
            **common,
        ),
        "terms": lambda: services.set_terms(
            person=_known_vikar(text("person"), asked.codes),
            municipality=asked.of_mine(),
            first_on=text("first_on"),
            rate_nok=text("rate_nok"),
            terms=text("terms"),
            agency=text("agency"),
            **common,
        ),
        "why": lambda: services.say_why(
            duty=_row(Duty, text("row"), **asked.request.workplace.where),
            why=text("why"),
            at_place=asked.request.workplace,
            **common,
        ),
    }


def _deciders_acts(asked):
    text, common = asked.text, asked.common
    return {
        "approve": lambda: services.decide(
            approval=asked.approval(), approve=True, reason=text("reason"), **common
        ),
        "refuse": lambda: services.decide(
            approval=asked.approval(), approve=False, reason=text("reason"), **common
        ),
        "end": lambda: services.end_approval(
            approval=asked.approval(), last_on=text("last_on"), **common
        ),
        "pool": lambda: services.make_pool(
            name=text("name"),
            municipality=asked.of_mine(),
            ask_also=_row(Municipality, text("other")),
            **common,
        ),
        "ask_into_pool": lambda: services.ask_into_pool(
            pool=_own_pool(text("row"), asked.codes),
            municipality=_row(Municipality, text("other")),
            **common,
        ),
        "consent": lambda: services.consent(row=asked.consent(), **common),
        "withdraw": lambda: services.withdraw(row=asked.consent(), **common),
    }


def _row(model, text, **where):
    is_number = text.isascii() and text.isdigit() and len(text) < 16
    row = model.objects.filter(pk=text, **where).first() if is_number else None
    return row or _missing()


def _own_pool(text, codes):
    pool = _row(VikarPool, text)
    is_in = PoolConsent.objects.filter(
        pool=pool,
        municipality__in=codes,
        given_at__isnull=False,
        withdrawn_at=None,
    )
    return pool if is_in.exists() else _missing()


def _person(request, text):
    person = _row(User, text)
    ids = people_at(request.workplace, on=timezone.localdate())
    return person if person.pk in ids else _missing()


def _known_vikar(text, codes):
    person = _row(User, text)
    asked = VikarApproval.objects.filter(person=person, municipality__in=codes)
    return person if asked.exists() else _missing()


def _missing():
    raise Http404


def _page(request, problem=""):
    today = timezone.localdate()
    mine = list(municipalities_of(request.workplace))
    codes = [row.pk for row in mine]
    period, fault = asked_period(
        request, usual_days=PERIOD_DAYS, longest=LONGEST_PERIOD_DAYS
    )
    first, last = period.start, last_day(period)
    rows = queries.vikarer(codes, on=today)
    ids = people_at(request.workplace, on=today)
    return show(
        request,
        "staffing/people/vikarer.html",
        problem=problem or fault,
        typed=request.POST,
        mine=mine,
        vikarer=rows,
        shared=queries.shared_vikarer(codes, on=today),
        pools=queries.pools(codes),
        use=queries.use_in_period(request.workplace, codes, first=first, last=last),
        first=first,
        last=last,
        people=User.objects.filter(pk__in=ids).order_by("first_name", "last_name"),
        known={one["row"].person_id: one["row"].person.name for one in rows}.items(),
        municipalities=queries.all_municipalities(),
        whys=WHY_VIKAR.items(),
        may_approve=may(request, *APPROVE_VIKARER),
        beyond=beyond_approval(request.workplace, now=timezone.now()),
        today=today,
    )
