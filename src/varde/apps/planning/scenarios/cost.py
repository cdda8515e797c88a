"""What the doctors on duty in a scenario are paid for a year, by the pay rules of the place.

The class of a duty follows from the work that the simulation found, replication by
replication, so the pay has an interval. A doctor of the second tier is paid as bakvakt.
Nurses, operators and ambulances are not in it; nor is what the doctors get from the state
and the patients.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

import numpy as np

from varde.apps.planning.scenarios.ground import DOCTOR, those_who_are
from varde.apps.staffing.queries.work import ZONE
from varde.domain.load.activity import MIN_PER_H, duty_class
from varde.domain.pay.amount import Amount, total
from varde.domain.pay.forms import Form, PaidDuty, paid
from varde.domain.rota.values import Span
from varde.engines.simulation.scenario import Hours, Person, Scenario
from varde.engines.simulation.tables import Floats
from varde.engines.staffing_models.values import Assumed


WEEKS = 52
ROUND_THE_CLOCK = (Hours(since=8, until=8),)
POST = "forvakt"
RATES, SOCIAL, SITE = "rates", "social", "site"  # what can be unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Kroner a year of each replication: all of it, or what is known of it."""

    kroner: Floats
    unknown: tuple[str, ...]


class Costs:
    """The pay of scenarios by one set of rates; what is reckoned once is kept."""

    def __init__(self, assumed: Assumed) -> None:
        self._assumed = assumed
        self._kept: dict[tuple[tuple[Hours, ...], bool, int | None], Amount] = {}

    def of(self, scenario: Scenario, values: dict[str, Floats]) -> Cost:
        """The cost of a scenario in each replication; `values` are its measures."""
        count = len(next(iter(values.values())))
        kroner, unknown = np.zeros(count), set()
        for person in those_who_are(scenario, DOCTOR):
            amounts = [
                self._pay(person, busy) for busy in values[f"busy.{person.name}"]
            ]
            kroner += np.array([float(one.known) for one in amounts])
            unknown |= {RATES} if any(one.unknown for one in amounts) else set()
        prices = self._assumed.prices
        if prices.social is None:
            unknown.add(SOCIAL)
        else:
            kroner = kroner * float(1 + prices.social)
        if any(step.remote for step in scenario.steps):
            unknown |= {SITE} if prices.site is None else set()
            kroner = kroner + float(prices.site or Decimal(0))
        return Cost(kroner=kroner, unknown=tuple(sorted(unknown)))

    def _pay(self, person: Person, busy: float) -> Amount:
        is_bakvakt = person.tier > 1
        work = None if is_bakvakt else self._class_of(busy)
        key = (person.duty, is_bakvakt, work)
        if key not in self._kept:
            self._kept[key] = self._year(person, is_bakvakt=is_bakvakt, work=work)
        return self._kept[key]

    def _class_of(self, busy: float) -> int | None:
        agreed = self._assumed.agreed.get(POST)
        if agreed:
            return agreed
        active = None if np.isnan(busy) else min(busy, 1.0) * MIN_PER_H
        return duty_class(active, upper=self._assumed.class_minutes)

    def _year(self, person: Person, *, is_bakvakt: bool, work: int | None) -> Amount:
        assumed = self._assumed
        return total(
            paid(
                PaidDuty(span=span, is_bakvakt=is_bakvakt, duty_class=work),
                Form.ACTIVITY,
                tariff=assumed.tariff,
                calendar=assumed.calendar,
            ).pay
            for span in self._spans(person)
        )

    def _spans(self, person: Person) -> list[Span]:
        monday = datetime.combine(self._assumed.first, time())
        found = []
        for week in range(WEEKS):
            for hours in person.duty or ROUND_THE_CLOCK:
                for begin, end in hours.minutes():
                    since = monday + timedelta(weeks=week, minutes=begin)
                    until = monday + timedelta(weeks=week, minutes=end)
                    found.append(
                        Span(
                            starts_at=since.replace(tzinfo=ZONE),
                            ends_at=until.replace(tzinfo=ZONE),
                        )
                    )
        return found
