"""How many contacts and calls a sentral has in a year."""

from dataclasses import dataclass
from datetime import date

from varde.engines.demo.places import Demo


@dataclass(frozen=True, slots=True, kw_only=True)
class Volumes:
    """Expected numbers of a whole calendar year.

    `enquiries` are calls that no contact comes of: about opening hours, a wrong number.
    Those who ring again after giving up come on top of both.
    """

    inhabitants: float
    contacts: float
    enquiries: float


def volumes_of(demo: Demo, *, sentral: str, year: int, scale: float = 1.0) -> Volumes:
    """The expected contacts and enquiries of a year, by the published rates.

    `scale` is how many times the real number of inhabitants.
    """
    published = demo.published
    inhabitants = scale * sum(
        m.inhabitants(year)
        for m in demo.municipalities_of(sentral, on=date(year, 7, 1))
    )
    contacts = inhabitants * published.contacts_per_1000.at(year) / 1000
    by_phone = contacts * (1 - published.channel.at(year)["door"])
    first_rings = (
        inhabitants
        * published.calls_per_inhabitant.at(year)
        * (1 - demo.assumptions.redials)
    )
    return Volumes(
        inhabitants=inhabitants,
        contacts=contacts,
        enquiries=max(0.0, first_rings - by_phone),
    )
