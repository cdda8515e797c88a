"""Stations closed, merged, opened and moved, one change after the other, and what it does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from django.utils.translation import gettext as _

from varde.apps.planning.travel_figures import QUESTIONS, Measured
from varde.apps.planning.travel_form import Asked
from varde.apps.planning.travel_ground import Ground, Site
from varde.engines.access import changes
from varde.engines.access.adjusted import at_speed
from varde.engines.access.arrays import Floats, Minutes
from varde.engines.access.demand import expected_contacts
from varde.engines.access.effects import Effect, effect
from varde.engines.access.reach import NOWHERE, Reach


MOST_STEPS = 6
NEW = "ny"  # and a number: the code of a station that a step opens
CONTACTS = ("contact", "consultation")


class Act(StrEnum):
    """What is done with a station, as it stands in an address."""

    CLOSE = "steng"
    MERGE = "slaa"
    OPEN = "aapne"
    MOVE = "flytt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change. `text` is how an address has it, `words` how it is read."""

    text: str
    act: Act
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A station of the plan. `is_new` was not there; `xy` is where it stands after."""

    code: str
    name: str
    xy: tuple[float, float]
    is_open: bool
    is_new: bool
    is_moved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """Contacts a year at the agreed station: expected, and the range of one study."""

    kind: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The steps that could be taken, and the situations before and after them."""

    steps: tuple[Step, ...]
    problems: tuple[str, ...]
    posts: tuple[Post, ...]
    before: changes.Situation
    after: changes.Situation
    km_before: Minutes | None
    km_after: Minutes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a plan does: in each question, and to the contacts (None: km are not kept)."""

    effects: Mapping[str, Effect]
    contacts: tuple[Contacts, ...] | None


class _Wrong(Exception):
    """A step that cannot be taken, in words."""


def plan_of(here: Ground, found: Measured, asked: Asked, texts: Iterable[str]) -> Plan:
    """Take the steps in their order. One that cannot be taken is left out, and said."""
    survey = found.survey
    before = changes.situation(survey.minutes, found.agreed)
    plan = Plan(
        steps=(),
        problems=(),
        posts=tuple(
            Post(
                code=str(code),
                name=str(name),
                xy=(float(x), float(y)),
                is_open=True,
                is_new=False,
                is_moved=False,
            )
            for code, name, (x, y) in zip(
                survey.station, survey.station_name, survey.station_xy, strict=True
            )
        ),
        before=before,
        after=before,
        km_before=here.km,
        km_after=here.km,
    )
    for number, text in enumerate(texts):
        try:
            if number >= MOST_STEPS:
                raise _Wrong(_("Høyst %(n)s endringer om gangen.") % {"n": MOST_STEPS})
            plan = _taken(plan, here, asked, text)
        except _Wrong as fault:
            plan = replace(plan, problems=(*plan.problems, str(fault)))
    return plan


def _taken(plan: Plan, here: Ground, asked: Asked, text: str) -> Plan:
    name, *codes = text.split(".")
    wanted = {Act.CLOSE: 1, Act.MERGE: 2, Act.OPEN: 1, Act.MOVE: 2}
    if name not in set(Act) or len(codes) != wanted[Act(name)]:
        raise _Wrong(_("Velg hva som skal gjøres, og med hvilken stasjon."))
    act = Act(name)
    takers = {
        Act.CLOSE: _close,
        Act.MERGE: _merge,
        Act.OPEN: _open,
        Act.MOVE: _move,
    }
    changed, words = takers[act](plan, here, asked, codes)
    return replace(changed, steps=(*plan.steps, Step(text=text, act=act, words=words)))


def _post(plan: Plan, code: str) -> int:
    """The number of an open station."""
    for number, post in enumerate(plan.posts):
        if post.code == code and post.is_open:
            return number
    raise _Wrong(_("Velg en stasjon som er åpen, fra lista."))


def _site(here: Ground, code: str) -> Site:
    if not here.may_open:
        raise _Wrong(
            _(
                "Vegene er ikke lagret for disse minuttene. Les inn geografien på nytt, "
                "med N1000, for å måle nye steder."
            )
        )
    if code not in here.sites:
        raise _Wrong(_("Velg et sted fra lista."))
    return here.sites[code]


def _shut(posts: tuple[Post, ...], number: int) -> tuple[Post, ...]:
    return tuple(
        replace(one, is_open=False) if place == number else one
        for place, one in enumerate(posts)
    )


def _last(plan: Plan) -> None:
    if sum(one.is_open for one in plan.posts) == 1:
        raise _Wrong(_("Den siste stasjonen kan ikke stenges."))


def _close(plan, here, asked, codes):
    number = _post(plan, codes[0])
    _last(plan)
    changed = replace(
        plan,
        posts=_shut(plan.posts, number),
        after=changes.closed(plan.after, number),
    )
    name = plan.posts[number].name
    return changed, _("Steng %(station)s. Hver bruker den nærmeste som er igjen.") % {
        "station": name
    }


def _merge(plan, here, asked, codes):
    number, into = _post(plan, codes[0]), _post(plan, codes[1])
    if number == into:
        raise _Wrong(_("Velg to ulike stasjoner å slå sammen."))
    changed = replace(
        plan,
        posts=_shut(plan.posts, number),
        after=changes.closed(plan.after, number, into=into),
    )
    return changed, _("Slå %(station)s sammen med %(into)s, som tar over alle.") % {
        "station": plan.posts[number].name,
        "into": plan.posts[into].name,
    }


def _open(plan, here, asked, codes):
    site = _site(here, codes[0])
    minutes, km = _to(here, asked, site)
    new = sum(one.is_new for one in plan.posts) + 1
    xy = here.survey.xy[site.origin]
    post = Post(
        code=f"{NEW}{new}",
        name=_("Ny stasjon i %(place)s") % {"place": _called(here, site)},
        xy=(float(xy[0]), float(xy[1])),
        is_open=True,
        is_new=True,
        is_moved=False,
    )
    km_after = plan.km_after
    changed = replace(
        plan,
        posts=(*plan.posts, post),
        after=changes.opened(plan.after, minutes),
        km_after=None if km_after is None else np.column_stack((km_after, km)),
    )
    return changed, _(
        "Åpne en stasjon i %(place)s. De som får kortere, bruker den."
    ) % {"place": _called(here, site)}


def _move(plan, here, asked, codes):
    number, site = _post(plan, codes[0]), _site(here, codes[1])
    minutes, km = _to(here, asked, site)
    xy = here.survey.xy[site.origin]
    post = replace(plan.posts[number], xy=(float(xy[0]), float(xy[1])), is_moved=True)
    posts = (*plan.posts[:number], post, *plan.posts[number + 1 :])
    km_after = plan.km_after
    if km_after is not None:
        km_after = km_after.copy()
        km_after[:, number] = km
    changed = replace(
        plan,
        posts=posts,
        after=changes.moved(plan.after, number, minutes),
        km_after=km_after,
    )
    return changed, _("Flytt %(station)s til %(place)s.") % {
        "station": post.name,
        "place": _called(here, site),
    }


def _to(here: Ground, asked: Asked, site: Site) -> tuple[Minutes, Minutes]:
    minutes, km = here.to_site(site)
    return at_speed(minutes, asked.speed / 100), km


def _called(here: Ground, site: Site) -> str:
    municipality = str(here.survey.municipality_name[site.area])
    return f"{site.name}, {municipality}" if site.name else municipality


def outcome(plan: Plan, found: Measured, asked: Asked) -> Outcome:
    """What the plan does to the people of the ground."""
    survey, assumptions = found.survey, found.assumptions
    effects = {
        one: effect(
            getattr(plan.before.both, one).minutes,
            getattr(plan.after.both, one).minutes,
            people=survey.people,
            area=survey.area,
            limits=assumptions.bands_min,
            beyond_min=float(asked.limit_min),
            least_min=assumptions.winner_min,
        )
        for one in QUESTIONS
    }
    return Outcome(effects=effects, contacts=_contacts(plan, found))


def _contacts(plan: Plan, found: Measured) -> tuple[Contacts, ...] | None:
    if plan.km_before is None or plan.km_after is None:
        return None
    km = (
        _km(plan.km_before, plan.before.both.agreed),
        _km(plan.km_after, plan.after.both.agreed),
    )
    told = []
    for kind in CONTACTS:
        before, after = (
            expected_contacts(
                one,
                found.survey.people,
                per_1000=found.assumptions.per_1000[kind],
                half_km=found.assumptions.half_km[kind],
            )
            for one in km
        )
        told.append(Contacts(kind=kind, before=before, after=after))
    return tuple(told)


def _km(km: Minutes, reach: Reach) -> Floats:
    """Kilometres to the station that each place has; nan where none is agreed on."""
    row = np.arange(len(km))
    found = km[row, np.maximum(reach.station, 0)].astype(np.float64)
    found[reach.station == NOWHERE] = np.inf
    found[np.isnan(reach.minutes)] = np.nan
    return found


def known_question(name: str) -> str:
    """The question asked for, else the agreed one."""
    return name if name in QUESTIONS else "agreed"
