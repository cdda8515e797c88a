"""Fastleger and staff of the demo district. All names are made up."""

from dataclasses import dataclass
from math import ceil

from varde.engines.demo.places import Demo, Names, StaffMember


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFastlege:
    """A made-up general practitioner. `office` is a place in `demo.offices`."""

    name: str
    municipality: str
    office: int


def fastleger(demo: Demo) -> tuple[DemoFastlege, ...]:
    """Every fastlege of the demo district, office by office. Always the same."""
    made: list[DemoFastlege] = []
    for index, office in enumerate(demo.offices):
        for _ in range(office.doctors):
            name = _name(demo.names, len(made))
            made.append(
                DemoFastlege(name=name, municipality=office.municipality, office=index)
            )
    return tuple(made)


def staff_of(
    demo: Demo, sentral: str, *, scale: float = 1.0
) -> tuple[StaffMember, ...]:
    """Who works at a sentral and in its districts and stations.

    A district larger than the real one (scale above 1) gets more operators, named
    operator0019 and so on, so that nobody answers two calls at once.
    """
    known = demo.sentral(sentral)
    stations = {s.code for s in demo.stations if s.district in known.districts}
    places = {sentral, *known.districts, *stations}
    people = tuple(member for member in demo.staff if member.place in places)
    operators = sum(1 for member in people if member.role == "operator")
    extra = range(operators + 1, ceil(operators * scale) + 1)
    return people + tuple(_extra_operator(demo.names, sentral, n) for n in extra)


def _extra_operator(names: Names, sentral: str, number: int) -> StaffMember:
    given, _, family = _name(names, number * 7).partition(" ")
    return StaffMember(
        username=f"operator{number:04}",
        given_name=given,
        family_name=family,
        role="operator",
        place=sentral,
        position_percent=100,
        operator_code=f"{sentral}-{number:02}",
    )


def _name(names: Names, number: int) -> str:
    """Names in turn: steps that share no factor with the lists give all pairs."""
    group = names.younger
    given = group.female if number % 2 else group.male
    family = group.family[(number * 37 + number // 100) % len(group.family)]
    return f"{given[(number // 2) * 13 % len(given)]} {family}"
