"""A wait as it is told, and why none is told."""

from functools import lru_cache

from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from varde.engines.waiting.estimate import Estimate, WhyNoEstimate


STEP_MIN = 5  # nobody is told minutes that nobody knows
WHY_NONE = {
    WhyNoEstimate.IS_RED: gettext_lazy("Får hjelp nå"),
    WhyNoEstimate.LEVEL_UNKNOWN: gettext_lazy("Ikke vurdert ennå"),
    WhyNoEstimate.NO_DOCTOR: gettext_lazy("Ingen lege er på vakt her nå"),
    WhyNoEstimate.RED_IS_WAITING: gettext_lazy("Noen trenger hjelp med en gang"),
    WhyNoEstimate.TOO_FEW_MEASUREMENTS: gettext_lazy("For få målinger til et anslag"),
    WhyNoEstimate.TOO_LONG: gettext_lazy("For lenge til å anslå"),
}


def wait_text(wait: Estimate) -> str:
    """The interval in words, the ends rounded outwards to five minutes; or why none."""
    if wait.reason is not None or wait.low_min is None or wait.high_min is None:
        return str(WHY_NONE[wait.reason]) if wait.reason is not None else ""
    low = int(wait.low_min // STEP_MIN) * STEP_MIN
    high = -int(-wait.high_min // STEP_MIN) * STEP_MIN
    return _interval(low, high, get_language())


@lru_cache(maxsize=4096)
def _interval(low: int, high: int, language: str | None) -> str:
    with override(language):
        if high <= STEP_MIN:
            return _("straks")
        if low == 0:
            return _("inntil %(high)s") % {"high": length(high)}
        return _("%(low)s til %(high)s") % {"low": length(low), "high": length(high)}


def length(minutes: int) -> str:
    """Minutes as people say them: "45 min", "1 t", "2 t 15 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(n)s min") % {"n": rest}
    if not rest:
        return _("%(n)s t") % {"n": hours}
    return _("%(hours)s t %(rest)s min") % {"hours": hours, "rest": rest}
