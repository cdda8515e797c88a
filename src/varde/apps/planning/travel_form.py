"""What is asked of the travel pages, read from the address: codes and numbers only."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from varde.apps.planning.travel_ground import Assumed, Ground
from varde.engines.access.catchments import Hours


USUAL_LIMIT = 60
USUAL_SPEED = 100
LIMITS = (5, 360)  # minutes; the survey does not tell longer ways apart
SPEEDS = (50, 150)  # per cent
EVERYWHERE, DISTRICT = "alt", "distrikt"
HOURS = {"dogn": Hours.ALWAYS, "dag": Hours.DAY, "natt": Hours.NIGHT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The assumptions one has chosen. `where` is everywhere or one's own district."""

    limit_min: int
    speed: int  # per cent
    year: int
    hours: str
    where: str
    usual_year: int

    @property
    def assumed(self) -> Assumed:
        """What the ground is measured with."""
        return Assumed(year=self.year, factor=self.speed / 100, hours=HOURS[self.hours])

    @property
    def usual(self) -> Assumed:
        """What it is measured with where nothing is changed."""
        return Assumed(year=self.usual_year, factor=1.0, hours=Hours.ALWAYS)

    @property
    def is_changed(self) -> bool:
        """Whether anything that the figures follow from is other than usual."""
        return self.limit_min != USUAL_LIMIT or self.assumed != self.usual

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What of it is not as usual, for an address."""
        told = [
            ("grense", self.limit_min, USUAL_LIMIT),
            ("fart", self.speed, USUAL_SPEED),
            ("aar", self.year, self.usual_year),
            ("timer", self.hours, "dogn"),
            ("omrade", self.where, EVERYWHERE),
        ]
        return [(name, str(value)) for name, value, usual in told if value != usual]

    @property
    def query(self) -> str:
        """The same, as it stands in an address."""
        return urlencode(self.pairs)

    def changes(self) -> list[str]:
        """What is changed, in words, with what is usual beside."""
        told = []
        if self.limit_min != USUAL_LIMIT:
            told.append(
                _("Grensen er %(now)s minutter (vanlig: %(usual)s).")
                % {"now": self.limit_min, "usual": USUAL_LIMIT}
            )
        if self.speed != USUAL_SPEED:
            told.append(
                _("All fart, også ferjer, er %(now)s %% av den vanlige.")
                % {"now": self.speed}
            )
        if self.year != self.usual_year:
            told.append(
                _("Innbyggerne er de 1. januar %(now)s (vanlig: %(usual)s).")
                % {"now": self.year, "usual": self.usual_year}
            )
        if self.hours != "dogn":
            told.append(
                _("Avtalene er de som gjelder om dagen.")
                if self.hours == "dag"
                else _("Avtalene er de som gjelder om natta.")
            )
        return told


def read(given: Mapping[str, str], here: Ground) -> tuple[Asked, list[str]]:
    """What is asked, and what of it makes no sense: that is as usual."""
    usual_year = here.survey.report.year
    problems: list[str] = []
    limit = _whole(given, "grense", USUAL_LIMIT, LIMITS)
    if limit is None:
        problems.append(
            _("Grensen er et helt antall minutter fra %(low)s til %(high)s.")
            % {"low": LIMITS[0], "high": LIMITS[1]}
        )
    speed = _whole(given, "fart", USUAL_SPEED, SPEEDS)
    if speed is None:
        problems.append(
            _("Farten er et helt tall fra %(low)s til %(high)s prosent.")
            % {"low": SPEEDS[0], "high": SPEEDS[1]}
        )
    year = _whole(given, "aar", usual_year, (min(here.years), max(here.years)))
    if year not in here.years:
        problems.append(
            _("Innbyggere er kjent for %(years)s.")
            % {"years": ", ".join(str(one) for one in sorted(here.years))}
        )
        year = usual_year
    hours, where = given.get("timer", "dogn"), given.get("omrade", EVERYWHERE)
    if hours not in HOURS or where not in (EVERYWHERE, DISTRICT):
        problems.append(_("Velg tid på døgnet og område fra listene."))
    return (
        Asked(
            limit_min=USUAL_LIMIT if limit is None else limit,
            speed=USUAL_SPEED if speed is None else speed,
            year=year or usual_year,
            hours=hours if hours in HOURS else "dogn",
            where=where if where in (EVERYWHERE, DISTRICT) else EVERYWHERE,
            usual_year=usual_year,
        ),
        problems,
    )


def _whole(
    given: Mapping[str, str], name: str, usual: int, span: tuple[int, int]
) -> int | None:
    """The number asked for; None for one that is none, or outside."""
    text = given.get(name, str(usual)).strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        return None
    return int(text) if span[0] <= int(text) <= span[1] else None
