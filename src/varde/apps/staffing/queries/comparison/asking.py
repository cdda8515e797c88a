"""Everything that a comparison is counted from, gathered for storing."""

from datetime import date
from typing import Any

from varde.apps.staffing.access import Workplace
from varde.apps.staffing.comparison_form import Asked
from varde.apps.staffing.queries.comparison import grounds, stored, todays
from varde.apps.staffing.queries.comparison.stored import Chosen
from varde.apps.staffing.queries.rates import sources
from varde.engines.rostering.duties.staffing_file import Recruit, StaffingModel


def stored_row(workplace: Workplace, asked: Asked, *, on: date) -> dict[str, Any]:
    """The assumptions, the rota of today, what must be recruited, and every source."""
    found = grounds.measured(workplace, on=on)
    assumed = grounds.assumed(
        workplace,
        on=on,
        first=asked.first,
        form=asked.form,
        practice_h=asked.practice_h,
        busy=asked.busy(found.busy),
        prices=asked.prices,
        home_visit_fee=asked.home_visit_fee,
        local=asked.local,
        is_specialist=asked.is_specialist,
    )
    rota = todays.today(workplace, on=on, limits=assumed.limits)
    people = grounds.people_now(workplace, on=on)
    models = grounds.models()
    return stored.as_row(assumed) | {
        "today": None if rota is None else stored.today_row(rota),
        "people": people,
        "models": [
            {
                "code": one.code,
                "counts": dict(one.counts),
                "sites": one.sites,
                "recruit": recruit(models[one.code], one, people),
            }
            for one in asked.chosen
        ],
        "templates": grounds.template_mark(),
        "measured": None
        if found.period is None
        else {
            "first": found.period.start.isoformat(),
            "to": found.period.to.isoformat(),
            "a_year": {kind: round(count) for kind, count in found.a_year.items()},
            "activity": asked.activity,
        },
        "is_specialist": asked.is_specialist,
        "sources": _sources(workplace, asked, on=on),
    }


def recruit(
    model: StaffingModel, chosen: Chosen, people: dict[str, int]
) -> list[list[Any]]:
    """How many more of each group the place must find: group code and number.

    The doctors that the place has are used first; a new group is found as a whole.
    """
    has = dict(people)
    found = []
    for group in model.people:
        needed = chosen.counts.get(group.code, group.count)
        if group.recruit is Recruit.OWN:
            kind = "lis1" if group.is_lis1 else "doctors"
            used = min(needed, has[kind])
            has[kind] -= used
            needed -= used
        found.append([group.code, needed])
    return found


def _sources(workplace: Workplace, asked: Asked, *, on: date) -> list[list[Any]]:
    """What each rate and price is, since when, whether it is checked, and where from.

    A price that is not the place's own was typed by the one who asked.
    """
    found = [
        [one.key, None, one.holds_from.isoformat(), one.is_verified, one.text]
        for one in sources(workplace, on=on)
    ]
    for price in grounds.prices(workplace, on=on):
        value = getattr(asked.prices, price.name)
        typed = value is not None and value != price.value
        found.append(
            [
                price.name,
                None if value is None else str(value),
                None
                if typed or price.holds_from is None
                else price.holds_from.isoformat(),
                price.is_verified and not typed,
                "" if typed else price.source,
            ]
        )
    return found
