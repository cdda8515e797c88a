"""NEWS2, the National Early Warning Score of the Royal College of Physicians.

The score and its tables are the work of the Royal College of Physicians (National Early
Warning Score (NEWS) 2, London: RCP, 2017), which lets everyone use them, unchanged and
acknowledged.

It is for patients of 16 years and over who are not pregnant; for others it is refused, not
guessed. SpO2 scale 2 is used only when a clinician has decided it (patients with
hypercapnic respiratory failure). A missing vital sign is never scored as normal: without
all seven there is no total, only what is missing and what the total is at least.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum, auto
from math import inf

from varde.domain.errors import Rule, RuleBroken


MIN_AGE_YEARS = 16  # part of the score's definition, RCP 2017
MEDIUM_FROM = 5  # total, RCP 2017
HIGH_FROM = 7  # total, RCP 2017
RED_SCORE = 3  # "red score": 3 in a single sign, RCP 2017

# For each sign: (highest value that gives the score, score), in rising order.
type _Table = tuple[tuple[float, int], ...]
_RESPIRATION: _Table = ((8, 3), (11, 1), (20, 0), (24, 2), (inf, 3))
_SPO2_SCALE_1: _Table = ((91, 3), (93, 2), (95, 1), (inf, 0))
_SPO2_SCALE_2_ON_AIR: _Table = ((83, 3), (85, 2), (87, 1), (inf, 0))
_SPO2_SCALE_2_ON_OXYGEN: _Table = (
    (83, 3),
    (85, 2),
    (87, 1),
    (92, 0),
    (94, 1),
    (96, 2),
    (inf, 3),
)
_SYSTOLIC: _Table = ((90, 3), (100, 2), (110, 1), (219, 0), (inf, 3))
_PULSE: _Table = ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (inf, 3))
_TEMPERATURE: _Table = ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (inf, 2))
_OXYGEN_GIVEN = 2

# What a person can have. Wider than life allows; it stops a slip of the finger.
_POSSIBLE: dict[str, tuple[float, float]] = {
    "respiration_rate": (0, 100),
    "spo2": (0, 100),
    "systolic_bp": (0, 350),
    "pulse": (0, 350),
    "temperature_c": (20.0, 45.0),
}


class Sign(StrEnum):
    """The seven parts of the score, in the order of the chart."""

    RESPIRATION_RATE = auto()
    SPO2 = auto()
    ON_OXYGEN = auto()
    SYSTOLIC_BP = auto()
    PULSE = auto()
    CONSCIOUSNESS = auto()
    TEMPERATURE_C = auto()


class Consciousness(StrEnum):
    """ACVPU: alert, new confusion, responds to voice, to pain, unresponsive."""

    ALERT = "A"
    CONFUSION = "C"
    VOICE = "V"
    PAIN = "P"
    UNRESPONSIVE = "U"


class SpO2Scale(IntEnum):
    """Scale 1 is the ordinary one."""

    ONE = 1
    TWO = 2


class Band(StrEnum):
    """Clinical risk. LOW_MEDIUM: a total below 5 with a 3 in a single sign."""

    LOW = auto()
    LOW_MEDIUM = auto()
    MEDIUM = auto()
    HIGH = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalSigns:
    """What was measured; None for what was not.

    Breaths and beats a minute, SpO2 in per cent, systolic pressure in mmHg, temperature
    in °C with one decimal.
    """

    respiration_rate: int | None = None
    spo2: int | None = None
    on_oxygen: bool | None = None
    systolic_bp: int | None = None
    pulse: int | None = None
    consciousness: Consciousness | None = None
    temperature_c: float | None = None

    def __post_init__(self) -> None:
        for sign, (low, high) in _POSSIBLE.items():
            value = getattr(self, sign)
            if value is not None and not low <= value <= high:
                raise RuleBroken(
                    Rule.VITAL_SIGN_OUT_OF_RANGE,
                    sign=sign,
                    low=f"{low:g}",
                    high=f"{high:g}",
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScore:
    """The score of one sign; None if it cannot be scored."""

    sign: Sign
    score: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News2:
    """The score with its parts. `total` and `band` are None while a sign is missing.

    `at_least` is the sum of the parts that are known. Each part is 0 or more, so the
    total can only be that or higher; it is a warning, not a score.
    """

    parts: tuple[PartScore, ...]
    missing: tuple[Sign, ...]
    at_least: int
    total: int | None
    band: Band | None
    scale: SpO2Scale

    @property
    def red_signs(self) -> tuple[Sign, ...]:
        """The signs that alone score 3, also when others are missing."""
        return tuple(part.sign for part in self.parts if part.score == RED_SCORE)


def news2(
    signs: VitalSigns,
    *,
    age_years: int | None,
    is_pregnant: bool,
    scale: SpO2Scale = SpO2Scale.ONE,
    scale_2_decided_by: str = "",
) -> News2:
    """The NEWS2 of a set of vital signs.

    Parameters
    ----------
    signs : VitalSigns
        Missing ones give no total.
    age_years : int or None
        None if unknown: then an estimate must be made first.
    is_pregnant : bool
    scale : SpO2Scale
        The SpO2 scale. Scale 2 needs `scale_2_decided_by`, the clinician who decided.

    Returns
    -------
    News2
        Total 0 to 20.

    Raises
    ------
    RuleBroken
        NEWS2_AGE_UNKNOWN, NEWS2_UNDER_AGE (age_years, min_age_years), NEWS2_PREGNANT,
        NEWS2_SCALE_2_NEEDS_DECISION.
    ValueError
        If the temperature has more than one decimal: the chart has no place for it.

    References
    ----------
    Royal College of Physicians. National Early Warning Score (NEWS) 2. London, 2017.

    Examples
    --------
    >>> signs = VitalSigns(
    ...     respiration_rate=22, spo2=95, on_oxygen=False, systolic_bp=120,
    ...     pulse=95, consciousness=Consciousness.ALERT, temperature_c=38.5,
    ... )
    >>> result = news2(signs, age_years=40, is_pregnant=False)
    >>> result.total, result.band.value  # 2 + 1 + 0 + 0 + 1 + 0 + 1
    (5, 'medium')
    """
    _refuse_if_not_for(age_years, is_pregnant=is_pregnant)
    if scale is SpO2Scale.TWO and not scale_2_decided_by.strip():
        raise RuleBroken(Rule.NEWS2_SCALE_2_NEEDS_DECISION)

    parts = _parts(signs, scale=scale)
    missing = tuple(sign for sign in Sign if getattr(signs, sign) is None)
    at_least = sum(part.score for part in parts if part.score is not None)
    is_red = any(part.score == RED_SCORE for part in parts)
    return News2(
        parts=parts,
        missing=missing,
        at_least=at_least,
        total=None if missing else at_least,
        band=None if missing else _band(at_least, is_red=is_red),
        scale=scale,
    )


def _refuse_if_not_for(age_years: int | None, *, is_pregnant: bool) -> None:
    if age_years is None:
        raise RuleBroken(Rule.NEWS2_AGE_UNKNOWN)
    if age_years < MIN_AGE_YEARS:
        raise RuleBroken(
            Rule.NEWS2_UNDER_AGE,
            age_years=str(age_years),
            min_age_years=str(MIN_AGE_YEARS),
        )
    if is_pregnant:
        raise RuleBroken(Rule.NEWS2_PREGNANT)


def _parts(signs: VitalSigns, *, scale: SpO2Scale) -> tuple[PartScore, ...]:
    scores = {
        Sign.RESPIRATION_RATE: _scored(signs.respiration_rate, _RESPIRATION),
        Sign.SPO2: _spo2(signs, scale=scale),
        Sign.ON_OXYGEN: None
        if signs.on_oxygen is None
        else _OXYGEN_GIVEN * signs.on_oxygen,
        Sign.SYSTOLIC_BP: _scored(signs.systolic_bp, _SYSTOLIC),
        Sign.PULSE: _scored(signs.pulse, _PULSE),
        Sign.CONSCIOUSNESS: _consciousness(signs.consciousness),
        Sign.TEMPERATURE_C: _scored(_one_decimal(signs.temperature_c), _TEMPERATURE),
    }
    return tuple(PartScore(sign=sign, score=scores[sign]) for sign in Sign)


def _scored(value: float | None, table: _Table) -> int | None:
    if value is None:
        return None
    return next(score for highest, score in table if value <= highest)


def _spo2(signs: VitalSigns, *, scale: SpO2Scale) -> int | None:
    """On scale 2 a high value is good on air and bad on oxygen: both must be known.

    While the oxygen is not known the lower of the two scores is used, since it can only
    rise; the total is None in any case.
    """
    if scale is SpO2Scale.ONE:
        return _scored(signs.spo2, _SPO2_SCALE_1)
    if signs.on_oxygen:
        return _scored(signs.spo2, _SPO2_SCALE_2_ON_OXYGEN)
    return _scored(signs.spo2, _SPO2_SCALE_2_ON_AIR)


def _consciousness(level: Consciousness | None) -> int | None:
    if level is None:
        return None
    return 0 if level is Consciousness.ALERT else RED_SCORE


def _one_decimal(temperature_c: float | None) -> float | None:
    if temperature_c is None:
        return None
    rounded = round(temperature_c, 1)
    if abs(rounded - temperature_c) > 1e-9:
        raise ValueError("temperature_c must have one decimal at most")
    return rounded


def _band(total: int, *, is_red: bool) -> Band:
    if total >= HIGH_FROM:
        return Band.HIGH
    if total >= MEDIUM_FROM:
        return Band.MEDIUM
    return Band.LOW_MEDIUM if is_red else Band.LOW
