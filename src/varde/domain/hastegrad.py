"""Hastegrad: how urgent a patient is, as a level of a named scale.

There are two axes that are never compared. On the phone the operator judges by what is
heard: akutt, haster, vanlig, råd. At arrival the patient is seen, and gets one of five
colours. A "haster" is not "more than" a "grønn": they answer different questions at
different times, so a comparison across scales raises instead of answering.

How many minutes a level allows is decided by each site and dated. It is therefore an
argument here, never a constant. Passing the limit means that someone must look again; it
never raises the hastegrad by itself.

Sources: the phone levels are those of Legevaktindeks (NKLM); the five colours are those
of the Norwegian edition of SATS and others. Names of levels are facts; the criteria
behind them belong to their owners and are not here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from varde.domain.errors import DifferentScales, Rule, RuleBroken


@dataclass(frozen=True, slots=True)
class Scale:
    """A named scale. `codes` go from the most urgent level to the least."""

    code: str
    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(set(self.codes)) != len(self.codes) or not self.codes:
            raise ValueError(
                f"scale {self.code!r} has no or repeated codes: {self.codes}"
            )

    def level(self, code: str) -> "Hastegrad":
        """The hastegrad with this code. Raises ValueError if the scale has no such."""
        return Hastegrad(self, code)

    @property
    def levels(self) -> tuple["Hastegrad", ...]:
        """Every hastegrad of the scale, the most urgent first."""
        return tuple(Hastegrad(self, code) for code in self.codes)


@dataclass(frozen=True, slots=True)
class Hastegrad:
    """One level of one scale. Equal only to the same level of the same scale.

    It has no `<`: would that be "less urgent" or "comes first"? Use
    `is_more_urgent_than`, or sort by `rank` within one scale.
    """

    scale: Scale
    code: str

    def __post_init__(self) -> None:
        if self.code not in self.scale.codes:
            raise ValueError(
                f"scale {self.scale.code!r} has no level {self.code!r}; "
                f"it has {', '.join(self.scale.codes)}"
            )

    @property
    def rank(self) -> int:
        """The place on its own scale: 0 is the most urgent."""
        return self.scale.codes.index(self.code)

    @property
    def is_most_urgent(self) -> bool:
        """Is this akutt on the phone, or rød at arrival?"""
        return self.rank == 0

    def is_more_urgent_than(self, other: "Hastegrad") -> bool:
        """Is this strictly more urgent? Raises `DifferentScales` across scales.

        >>> PHONE.level("akutt").is_more_urgent_than(PHONE.level("haster"))
        True
        """
        if self.scale != other.scale:
            raise DifferentScales(
                f"{self.scale.code}:{self.code} and {other.scale.code}:{other.code} "
                "are of different scales and cannot be compared. Compare two levels of "
                "one scale, or map both with national_level first."
            )
        return self.rank < other.rank


PHONE = Scale("phone", ("akutt", "haster", "vanlig", "rad"))
ARRIVAL = Scale("arrival", ("rod", "oransje", "gul", "gronn", "bla"))
NATIONAL = Scale("national", ("akutt", "haster", "vanlig"))
SCALES: Mapping[str, Scale] = {
    scale.code: scale for scale in (PHONE, ARRIVAL, NATIONAL)
}

# Råd counts as vanlig: national figures have three levels (red, yellow, green), and
# Legevaktindeks describes R, råd, as the green contacts that need no doctor's judgement.
# Leaving them out would make the rest look more urgent than the service is.
# Oransje counts as haster: akutt means help at once, which only rød does. No national
# source was found that settles it; a district that reports otherwise hands in its own.
TO_NATIONAL: Mapping[tuple[str, str], str] = {
    ("phone", "akutt"): "akutt",
    ("phone", "haster"): "haster",
    ("phone", "vanlig"): "vanlig",
    ("phone", "rad"): "vanlig",
    ("arrival", "rod"): "akutt",
    ("arrival", "oransje"): "haster",
    ("arrival", "gul"): "haster",
    ("arrival", "gronn"): "vanlig",
    ("arrival", "bla"): "vanlig",
}


def hastegrad_of(*, scale: str, code: str) -> Hastegrad:
    """The hastegrad stored as two codes. Raises ValueError for an unknown one.

    >>> hastegrad_of(scale="arrival", code="gul").rank
    2
    """
    if scale not in SCALES:
        raise ValueError(f"no scale is called {scale!r}; we have {', '.join(SCALES)}")
    return SCALES[scale].level(code)


def national_level(
    hastegrad: Hastegrad, *, mapping: Mapping[tuple[str, str], str] = TO_NATIONAL
) -> Hastegrad:
    """The level that this hastegrad counts as in national reporting.

    Parameters
    ----------
    hastegrad : Hastegrad
        Of the phone or the arrival scale. One that is national already is given back.
    mapping : (scale code, level code) -> level code of the national scale
        Ours unless the district has decided otherwise.

    Returns
    -------
    Hastegrad
        akutt, haster or vanlig. Råd counts as vanlig: see `TO_NATIONAL`.

    Raises
    ------
    ValueError
        If the mapping lacks the level: it is never guessed.

    Examples
    --------
    >>> national_level(PHONE.level("rad")).code
    'vanlig'
    """
    if hastegrad.scale == NATIONAL:
        return hastegrad
    key = (hastegrad.scale.code, hastegrad.code)
    if key not in mapping:
        raise ValueError(f"the national mapping has no line for {key}; add one")
    return NATIONAL.level(mapping[key])


def most_urgent(levels: Iterable[Hastegrad]) -> Hastegrad | None:
    """The most urgent of levels of one scale; None when there are none."""
    found: Hastegrad | None = None
    for level in levels:
        if found is None or level.is_more_urgent_than(found):
            found = level
    return found


def look_again_at(
    hastegrad: Hastegrad, *, since: datetime, minutes: Mapping[str, int | None]
) -> datetime | None:
    """The moment when a patient who still waits must be looked at again.

    Parameters
    ----------
    hastegrad : Hastegrad
        The hastegrad set now.
    since : aware datetime
        When it was set, or when the patient was last looked at.
    minutes : level code -> minutes, >= 0, or None
        The site's setting on that day. 0 means at once. None means that the site has
        decided on no limit for the level, as for the phone levels of NIMN.

    Returns
    -------
    aware datetime, or None
        None only where the site has set None.

    Raises
    ------
    ValueError
        If the level is not in `minutes` (a missing setting is not "no limit"), or the
        minutes are negative, or `since` has no time zone.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 1, 2, 12, tzinfo=UTC)
    >>> due = look_again_at(ARRIVAL.level("gul"), since=noon, minutes={"gul": 60})
    >>> due.hour, due.minute
    (13, 0)
    """
    if since.tzinfo is None:
        raise ValueError(f"since has no time zone: {since!r}")
    if hastegrad.code not in minutes:
        raise ValueError(
            f"no minutes are set for {hastegrad.scale.code}:{hastegrad.code}; "
            f"there are for {', '.join(minutes) or 'none'}. Set a number, or None."
        )
    allowed = minutes[hastegrad.code]
    if allowed is None:
        return None
    if allowed < 0:
        raise ValueError(f"minutes for {hastegrad.code} are negative: {allowed}")
    return since + timedelta(minutes=allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the criteria said and what the operator set, with the reason if lower."""

    judged: Hastegrad | None
    chosen: Hastegrad
    reason: str

    @property
    def is_below_criteria(self) -> bool:
        """Was it set less urgent than the criteria say? False without criteria."""
        return self.judged is not None and self.judged.is_more_urgent_than(self.chosen)


def choose(
    chosen: Hastegrad,
    *,
    judged: Hastegrad | None,
    current: Hastegrad | None = None,
    reason: str = "",
) -> Assessment:
    """Set a hastegrad beside what the criteria judged. Raising is always free.

    The floor is what the criteria say. Where no criteria were used (`judged` is None)
    it is the hastegrad the contact has now. To go below the floor, a reason is needed;
    to take back one's own raise, down to the floor, is free.

    Raises `RuleBroken` (REASON_NEEDED_TO_LOWER: before, after) without a reason, and
    `DifferentScales` if the floor is of another scale.

    >>> choose(PHONE.level("akutt"), judged=PHONE.level("vanlig")).is_below_criteria
    False
    """
    floor = judged if judged is not None else current
    if floor is not None and floor.is_more_urgent_than(chosen) and not reason.strip():
        raise RuleBroken(
            Rule.REASON_NEEDED_TO_LOWER, before=floor.code, after=chosen.code
        )
    return Assessment(judged=judged, chosen=chosen, reason=reason.strip())
