"""What the pages of travel time have in common: the ground, the assumptions, the frame."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from varde.apps.planning import travel_form
from varde.apps.planning.demo_ground import demo_sources
from varde.apps.planning.queries.measures import own_municipalities
from varde.apps.planning.travel_figures import Measured
from varde.apps.planning.travel_form import Asked
from varde.apps.planning.travel_ground import Ground, ground, is_at_hand, measured_on
from varde.apps.staffing.views.page import show
from varde.engines.access.nvdb import is_from_nvdb
from varde.engines.access.official_files import KINDS


@dataclass(frozen=True, kw_only=True)
class Page:
    """The ground at hand and what is asked of it. `fault`: the imported cannot be used."""

    here: Ground
    fault: str
    asked: Asked
    problems: list[str]
    found: Measured
    own: frozenset[str]
    today: date


def page_of(request) -> Page:
    """Read what is asked, and measure."""
    today = timezone.localdate()
    here, fault = ground(home=settings.VARDE_HOME, today=today)
    asked, problems = travel_form.read(request.GET, here)
    return Page(
        here=here,
        fault=fault,
        asked=asked,
        problems=problems,
        found=measured_on(here, asked.assumed, on=today),
        own=own_municipalities(request.workplace, on=today),
        today=today,
    )


def waits(request):
    """Whether to say first that it takes a while. `svar`: it has been said."""
    return "svar" not in request.GET and not is_at_hand(home=settings.VARDE_HOME)


def wait(request):
    """The page that stands while the next one is reckoned; it leads on by itself."""
    asked = request.GET.copy()
    asked["svar"] = "1"
    return show(
        request,
        "planning/travel/wait.html",
        address=f"{request.path}?{asked.urlencode()}",
    )


def draw(request, page, template, **context):
    """The page in the room's frame, with the ground's source and the assumptions."""
    return show(
        request,
        template,
        source=source_of(page),
        fault=page.fault,
        asked=page.asked,
        query=page.asked.query,
        problems=[*page.problems, *context.pop("more_problems", ())],
        years=sorted(page.here.years),
        hours=[
            ("dogn", _("Hele døgnet")),
            ("dag", _("Om dagen")),
            ("natt", _("Om natta")),
        ],
        has_own=bool(page.own & set(page.here.survey.municipality.tolist())),
        here_page=template.rsplit("/", 1)[1].removesuffix(".html"),
        **context,
    )


def source_of(page: Page) -> dict[str, object]:
    """What the figures are from, from when, and what they lack."""
    report = page.here.survey.report
    if page.here.is_demo:
        return {
            "is_demo": True,
            "read": [f"{name}: {source}" for name, source in demo_sources()],
            "lacks": [
                _("Hele landet: les inn de offisielle filene for å få det."),
                _(
                    "Hvor i kommunen folk bor: hvert sted har en anslått andel av kommunen."
                ),
                _("Kommunegrenser: flatene i kartet er tegnet av oss rundt stedene."),
                _("Veger som er for små for N1000, bygater og hurtigbåt."),
            ],
            "year": report.year,
        }
    lacks = [LACKS[one] for one in _lacking(report.lacks)]
    if page.here.km is None:
        lacks.append(
            _(
                "Vegene, kilometerne og omrisset er ikke lagret med denne importen: les inn "
                "på nytt for kart, nye stasjoner og ventede kontakter."
            )
        )
    if page.here.router:
        lacks.append(
            _(
                "Nye stasjoner: minuttene er fra %(router)s, og et nytt sted måles bare på "
                "N1000. Kilometerne er fra N1000."
            )
            % {"router": page.here.router}
        )
    elif is_from_nvdb(report.times_from):
        lacks.append(_("Hurtigbåt, kø og svingforbud."))
    else:
        lacks.append(_("Veger som er for små for N1000, bygater og hurtigbåt."))
    if report.without_agreement:
        lacks.append(
            _("Ingen avtale er kjent for %(names)s.")
            % {"names": ", ".join(report.without_agreement)}
        )
    return {
        "is_demo": False,
        "read": [one.rsplit(": ", 1)[-1] for one in report.read],
        "lacks": lacks,
        "year": report.year,
        "read_at": page.here.read_at,
        "roads": report.times_from if is_from_nvdb(report.times_from) else "",
        "bridged": report.bridged,
        "longest_bridge_m": round(report.longest_bridge_m),
    }


LACKS = {
    "agreements": gettext_lazy("Avtalene: den avtalte stasjonen er ukjent for alle."),
    "centrality": gettext_lazy("Sentralitet: ingenting er fordelt på den."),
    "grid": gettext_lazy(
        "SSBs rutenett: hvor i kommunen folk bor, er anslått av tettsteder, navn og veger."
    ),
    "built_up": gettext_lazy("Tettbebyggelse: byene er bare kjent ved navnet."),
    "names": gettext_lazy("Stedsnavn: stedene har ikke navn."),
    "coast": gettext_lazy("Kystlinja: et sted kan være lagt til en veg over vannet."),
}


def _lacking(said: tuple[str, ...]) -> list[str]:
    return [
        kind.name
        for kind in KINDS
        if any(one.startswith(f"{kind.about}:") for one in said)
    ]
