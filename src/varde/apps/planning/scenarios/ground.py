"""What follows from a scenario without running it: hours on duty, and who has far to go."""

from collections.abc import Iterable, Sequence

from varde.apps.planning.travel_figures import BEYOND_MIN
from varde.engines.simulation.scenario import (
    HOURS_A_WEEK,
    MINUTES_A_DAY,
    Person,
    Scenario,
)
from varde.engines.simulation.tables import travel_minutes


DOCTOR = "lege"
TUESDAY = MINUTES_A_DAY
NOON, NIGHT = TUESDAY + 12 * 60, 2 * MINUTES_A_DAY + 3 * 60
WEEK_MIN = HOURS_A_WEEK * 60.0


def hours_a_week(person: Person) -> float:
    """The hours on duty in a week."""
    if not person.duty:
        return float(HOURS_A_WEEK)
    return sum(end - begin for one in person.duty for begin, end in one.minutes()) / 60


def those_who_are(scenario: Scenario, role: str) -> list[Person]:
    """The people whose first work is this."""
    return [one for one in scenario.people if one.roles[0] == role]


def duty_hours(scenario: Scenario, role: str) -> float:
    """Hours on duty a week of all with this work."""
    return sum(map(hours_a_week, those_who_are(scenario, role)))


def is_on_duty(person: Person, minute: float) -> bool:
    """Whether somebody is on duty at a minute of the week."""
    if not person.duty:
        return True
    return any(
        begin <= at < end
        for one in person.duty
        for begin, end in one.minutes()
        for at in (minute, minute + WEEK_MIN)
    )


def share_beyond_station(scenario: Scenario, minute: float) -> float | None:
    """The share of the inhabitants with more than an hour to the station they use then.

    None where nobody lives anywhere.
    """
    period = scenario.period_at(minute - scenario.start_hour * 60)
    goals = [[scenario.station_of(p, period)] for p in range(len(scenario.places))]
    return _share_beyond(scenario, goals)


def share_beyond_doctor(scenario: Scenario, minute: float) -> float | None:
    """The share with more than an hour to the nearest doctor on duty then.

    With no doctor on duty it is everybody. None where nobody lives anywhere.
    """
    bases = {
        scenario.place_number(one.base)
        for one in those_who_are(scenario, DOCTOR)
        if is_on_duty(one, minute)
    }
    return _share_beyond(scenario, [bases] * len(scenario.places))


def _share_beyond(scenario: Scenario, goals: Sequence[Iterable[int]]) -> float | None:
    minutes = travel_minutes(scenario, is_bad=False)
    people = sum(place.inhabitants for place in scenario.places)
    if not people:
        return None
    far = sum(
        place.inhabitants
        for number, place in enumerate(scenario.places)
        if min((minutes[number, goal] for goal in goals[number]), default=float("inf"))
        > BEYOND_MIN
    )
    return far / people
