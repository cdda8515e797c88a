"""What a plan of stations does, as tables."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from varde.apps.planning.queries.travel_plan import Contacts, Outcome, Plan
from varde.apps.planning.queries.travel_tables import people, word
from varde.apps.planning.travel_figures import QUESTIONS, Measured
from varde.apps.planning.travel_form import Asked
from varde.apps.sentral.queries.number_tables import table
from varde.apps.staffing.messages.numbers import number
from varde.engines.access.demand import WARNING
from varde.engines.access.effects import AreaEffect, Moved


def plan_tables(
    plan: Plan, done: Outcome, found: Measured, asked: Asked
) -> list[dict[str, Any]]:
    """Every table of the page, each also a file."""
    everybody = float(found.survey.people.sum())
    made = [_moved(done, asked, everybody=everybody), _areas(done, found, asked)]
    if done.contacts is not None:
        made.append(_contacts(done.contacts))
    return [*made, _stations(plan)]


def contact_notes(done: Outcome) -> dict[str, str]:
    """The warning about contacts, or why there are none."""
    if done.contacts is None:
        return {"why_not": _("Kilometerne er ikke lagret med denne importen.")}
    return {"warning": WARNING}


def _moved(done: Outcome, asked: Asked, *, everybody: float) -> dict[str, Any]:
    """Who gets what: the groups that hold everybody, and then those beyond the limit."""
    told: list[tuple[str, Callable[[Moved], float]]] = [
        (_("Får lengre"), lambda one: one.longer),
        (_("Får kortere"), lambda one: one.shorter),
        (_("Har som før"), lambda one: one.alike),
        (_("Mister vegen til en stasjon"), lambda one: one.lost_road),
        (_("Får veg til en stasjon"), lambda one: one.gained_road),
        (
            _("Uten veg eller kjent avtale, før og etter"),
            lambda one: max(0.0, round(everybody - _with_a_road(one), 3)),
        ),
        (_("Alle"), lambda _one: everybody),
        (
            _("Kommer over %(n)s minutter") % {"n": asked.limit_min},
            lambda one: one.now_beyond,
        ),
        (
            _("Kommer innenfor %(n)s minutter") % {"n": asked.limit_min},
            lambda one: one.no_longer_beyond,
        ),
    ]
    every = [done.effects[one].moved for one in QUESTIONS]
    rows = [[label, *(people(take(one)) for one in every)] for label, take in told]
    raw: list[list[Any]] = [
        [label, *(round(take(one), 1) for one in every)] for label, take in told
    ]
    label = _("Personminutter, én reise hver")
    rows.append([label, *(_signed(one.person_minutes) for one in every)])
    raw.append([label, *(round(one.person_minutes) for one in every)])
    heads = [_("Innbyggere som"), _("Nærmeste"), _("Avtalt")]
    return table("virkning", _("Hva endringene gjør"), heads, rows, raw) | {
        "note": _(
            "Forskjeller under ett minutt regnes som før. Den som var innenfor grensen og mister vegen, er også med i dem som kommer over."
        )
    }


def _with_a_road(one: Moved) -> float:
    """Those who have a road before or after."""
    return one.longer + one.shorter + one.alike + one.lost_road + one.gained_road


def _areas(done: Outcome, found: Measured, asked: Asked) -> dict[str, Any]:
    survey = found.survey
    both = {
        question: {one.area: one for one in done.effects[question].areas}
        for question in QUESTIONS
    }
    order = list(
        dict.fromkeys(
            one.area
            for question in reversed(QUESTIONS)
            for one in done.effects[question].areas
        )
    )
    rows, raw = [], []
    for area in order:
        name = str(survey.municipality_name[area])
        for question in QUESTIONS:
            one = both[question].get(area)
            if one is not None:
                cells = _of_area(one)
                rows.append([name, word(question), *(text for text, _raw in cells)])
                raw.append(
                    [
                        str(survey.municipality[area]),
                        name,
                        word(question),
                        *(value for _text, value in cells),
                    ]
                )
    tail = [
        _("Stasjon"),
        _("Middel før"),
        _("Middel etter"),
        _("Får lengre"),
        _("Får kortere"),
        _("Over %(n)s min nå") % {"n": asked.limit_min},
        _("Ikke over lenger"),
        _("Personminutter"),
    ]
    made = table("kommuner", _("Vinnere og tapere"), [_("Kommune"), *tail], rows, raw)
    return made | {
        "csv_heads": [_("Kode"), _("Kommune"), *tail],
        "empty": _("Ingen kommune får en annen reisetid."),
    }


def _of_area(one: AreaEffect) -> list[tuple[str, float | None]]:
    moved = one.moved
    return [
        (number(one.before.mean_min), one.before.mean_min),
        (number(one.after.mean_min), one.after.mean_min),
        *(
            (people(value), round(value, 1))
            for value in (
                moved.longer,
                moved.shorter,
                moved.now_beyond,
                moved.no_longer_beyond,
            )
        ),
        (_signed(moved.person_minutes), round(moved.person_minutes)),
    ]


def _signed(value: float) -> str:
    sign = "−" if value <= -0.5 else "+" if value >= 0.5 else ""
    return sign + people(abs(round(value)))


def _contacts(told: tuple[Contacts, ...]) -> dict[str, Any]:
    words = {"contact": _("Alle kontakter"), "consultation": _("Konsultasjoner")}
    rows, raw = [], []
    for one in told:
        rows.append(
            [
                words[one.kind],
                _range(one.before),
                _range(one.after),
                _signed(one.after[0] - one.before[0]),
            ]
        )
        raw.append(
            [words[one.kind], *(round(value) for value in (*one.before, *one.after))]
        )
    heads = [_("I året"), _("Før"), _("Etter"), _("Forskjell")]
    return table("kontakter", _("Ventede kontakter"), heads, rows, raw) | {
        "csv_heads": [
            _("I året"),
            _("Før"),
            _("Før, lavt"),
            _("Før, høyt"),
            _("Etter"),
            _("Etter, lavt"),
            _("Etter, høyt"),
        ],
        "note": WARNING,
        "is_warning": True,
    }


def _range(told: tuple[float, float, float]) -> str:
    expected, low, high = told
    return _("%(n)s (%(low)s–%(high)s)") % {
        "n": people(expected),
        "low": people(low),
        "high": people(high),
    }


def _stations(plan: Plan) -> dict[str, Any]:
    rows = []
    for one in plan.posts:
        state = _("åpen")
        if not one.is_open:
            state = _("stengt")
        elif one.is_new or one.is_moved:
            state = _("ny") if one.is_new else _("flyttet")
        rows.append([one.name, one.code, state])
    heads = [_("Stasjon"), _("Kode"), _("Etter endringene")]
    return table("stasjoner", _("Stasjonene"), heads, rows, rows) | {"is_folded": True}
