"""How far people have to the nearest and the agreed station, side by side."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from varde.apps.planning.travel_figures import QUESTIONS, Measured
from varde.apps.planning.travel_form import DISTRICT, Asked
from varde.apps.planning.travel_ground import Ground
from varde.engines.access.arrays import Floats, Minutes, Whole
from varde.engines.access.reach import (
    FarPlace,
    NormRow,
    Summary,
    by_age,
    by_group,
    far_places,
    norm_table,
    summary,
)


type Both[T] = Mapping[str, T]  # "nearest" and "agreed"

CLASSES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Some people, and how far they have."""

    code: str
    name: str
    both: Both[Summary]


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """A place from which some have longer than the limit, or no road.

    `people` and `minutes` are to each station; people is 0.0 where nobody there has
    longer. `no_road` is the most of the two.
    """

    code: str
    municipality: str
    municipality_name: str
    name: str
    people: Both[float]
    minutes: Both[float | None]
    no_road: float
    origin: int

    @property
    def most(self) -> float:
        """How many, by the question that has most."""
        return max(self.people.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """All that the page shows."""

    limits: tuple[float, ...]
    whole: Both[Summary]
    norm: Both[tuple[NormRow, ...]]
    municipalities: tuple[Group, ...]
    ages: tuple[Group, ...]
    centrality: tuple[Group, ...]
    far: tuple[Far, ...]

    def beyond(self, question: str, limit_min: float) -> tuple[float, float]:
        """How many have longer than a limit by road, and the share of all."""
        one = self.whole[question]
        share = one.beyond[limit_min] if one.beyond else 0.0
        return share * one.people, share


@dataclass(frozen=True, slots=True, kw_only=True)
class _Some:
    """The places that count."""

    here: Ground
    minutes: Both[Minutes]
    people: Floats
    area: Whole
    place: Whole
    limits: tuple[float, ...]

    def groups(self, group: Whole) -> dict[int, Both[Summary]]:
        found: dict[int, dict[str, Summary]] = {}
        for question in QUESTIONS:
            each = by_group(
                self.minutes[question], self.people, group, limits=self.limits
            )
            for number, one in each.items():
                found.setdefault(number, {})[question] = one
        return dict(found)


def travel(
    here: Ground, found: Measured, asked: Asked, *, own: Collection[str]
) -> Travel:
    """What the ground says under what is asked. `own`: the municipalities of the district."""
    survey, assumptions = found.survey, found.assumptions
    limits = tuple(sorted({*assumptions.bands_min, float(asked.limit_min)}))
    kept = np.ones(len(survey.people), dtype=bool)
    if asked.where == DISTRICT:
        kept = np.isin(survey.municipality, list(own))[survey.area]
    some = _Some(
        here=here,
        minutes={one: found.minutes(one)[kept] for one in QUESTIONS},
        people=survey.people[kept],
        area=survey.area[kept],
        place=here.names[1][kept],
        limits=limits,
    )
    return Travel(
        limits=limits,
        whole={
            one: summary(some.minutes[one], some.people, limits=limits)
            for one in QUESTIONS
        },
        norm={
            one: norm_table(some.minutes[one], some.people, assumptions.norm)
            for one in QUESTIONS
        },
        municipalities=tuple(
            Group(
                code=str(survey.municipality[number]),
                name=str(survey.municipality_name[number]),
                both=both,
            )
            for number, both in some.groups(some.area).items()
        ),
        ages=_ages(some, found),
        centrality=_centrality(some, found),
        far=far(some, found, limit_min=asked.limit_min),
    )


def _ages(some: _Some, found: Measured) -> tuple[Group, ...]:
    survey = found.survey
    each = {
        one: by_age(
            some.minutes[one],
            some.people,
            some.area,
            survey.age_shares(),
            limits=some.limits,
        )
        for one in QUESTIONS
    }
    return tuple(
        Group(
            code=str(first),
            name=_age_name(survey.age_from.tolist(), number),
            both={one: each[one][number] for one in QUESTIONS},
        )
        for number, first in enumerate(survey.age_from.tolist())
    )


def _age_name(first: list[int], number: int) -> str:
    if number + 1 == len(first):
        return _("%(age)s år og eldre") % {"age": first[number]}
    return _("%(age)s–%(last)s år") % {
        "age": first[number],
        "last": first[number + 1] - 1,
    }


def _centrality(some: _Some, found: Measured) -> tuple[Group, ...]:
    # Those whose class is not known are a group of their own, after the others.
    group = found.survey.centrality[some.area]
    group = np.where(group < 1, CLASSES + 1, group)
    return tuple(
        Group(
            code=str(number),
            name=_("Klasse %(n)s") % {"n": number}
            if number <= CLASSES
            else _("Ikke kjent"),
            both=both,
        )
        for number, both in sorted(some.groups(group).items())
    )


def far(some: _Some, found: Measured, *, limit_min: float) -> tuple[Far, ...]:
    """The places where anybody has longer than a limit by either question."""
    each: dict[tuple[int, int], dict[str, FarPlace]] = {}
    for question in QUESTIONS:
        for one in far_places(
            some.minutes[question],
            some.people,
            some.area,
            some.place,
            beyond_min=limit_min,
        ):
            each.setdefault((one.area, one.place), {})[question] = one
    rows = [_far(some, found, key, both) for key, both in each.items()]
    return tuple(sorted(rows, key=lambda one: (-one.most, one.code)))


def _far(
    some: _Some, found: Measured, key: tuple[int, int], both: Mapping[str, FarPlace]
) -> Far:
    survey, (area, number) = found.survey, key
    site = some.here.site_of[area, str(some.here.names[0][number])]
    return Far(
        code=site.code,
        municipality=str(survey.municipality[area]),
        municipality_name=str(survey.municipality_name[area]),
        name=site.name or _("uten navn"),
        people={one: both[one].people if one in both else 0.0 for one in QUESTIONS},
        minutes={one: both[one].minutes if one in both else None for one in QUESTIONS},
        no_road=max(one.no_road for one in both.values()),
        origin=site.origin,
    )


def far_everywhere(
    here: Ground, found: Measured, *, limit_min: float, own: Collection[str]
) -> tuple[Far, ...]:
    """The far places of the district, whatever the page shows."""
    kept = np.isin(found.survey.municipality, list(own))[found.survey.area]
    some = _Some(
        here=here,
        minutes={one: found.minutes(one)[kept] for one in QUESTIONS},
        people=found.survey.people[kept],
        area=found.survey.area[kept],
        place=here.names[1][kept],
        limits=(),
    )
    return far(some, found, limit_min=limit_min)
