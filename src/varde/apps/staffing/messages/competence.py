"""Competence in words: why, what is missing, and until when."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from varde.domain.competence.holding import Held
from varde.domain.competence.rules import Bar, Demand, HasCount, HasMonths
from varde.domain.competence.service_time import THIRTIETHS
from varde.domain.competence.verdict import Reason, Verdict


MAY_ALONE = {
    "doctor": gettext_lazy("Kan ha vakt alene"),
    "health_staff": gettext_lazy("Fyller kravene til vakt"),
    "operator": gettext_lazy("Kan svare alene"),
}
NOT_ALONE = {
    "doctor": gettext_lazy("Må ha bakvakt"),
    "health_staff": gettext_lazy("Fyller ikke kravene til vakt"),
    "operator": gettext_lazy("Kan ikke svare alene"),
}


def reason_words(reason: Reason) -> str:
    """One reason as a line: what, how it stands, and until when."""
    part, held = reason.part, reason.held
    if isinstance(part, Bar):
        return part.words
    words = part.words
    if held.need is not None and not held.is_met:
        words = _("%(words)s: har %(have)s av %(need)s") % {
            "words": words,
            "have": held.have,
            "need": held.need,
        }
    elif not held.is_met:
        words = _("Mangler: %(words)s") % {"words": words}
    if held.is_dispensed and held.until:
        return _("%(words)s: dispensasjon til og med %(day)s") % {
            "words": part.words,
            "day": _day(held.until),
        }
    if held.is_met and held.until:
        return _("%(words)s (til og med %(day)s)") % {
            "words": words,
            "day": _day(held.until),
        }
    return words


def step_words(reason: Reason) -> str:
    """What to do about one missing thing."""
    part, held = reason.part, reason.held
    if isinstance(part, Demand) and isinstance(part.test, HasMonths):
        months = months_left(held)
        return ngettext(
            "%(words)s: %(n)s måned igjen", "%(words)s: %(n)s måneder igjen", months
        ) % {"n": months, "words": part.words}
    if isinstance(part, Demand) and isinstance(part.test, HasCount):
        left = (held.need or 0) - (held.have or 0)
        return _("%(words)s: %(n)s igjen") % {"n": left, "words": part.words}
    if isinstance(part, Bar):
        return _("Fullfør LIS1")
    return part.words


def months_left(held: Held) -> int:
    """Whole months of service that are missing, the last one begun counted as whole."""
    return -(-held.effort_days // THIRTIETHS)


def verdict_words(role: str, verdict: Verdict) -> str:
    """Yes or no in words, for the role that was asked for."""
    return str((MAY_ALONE if verdict.may else NOT_ALONE)[role])


def change_words(verdict: Verdict) -> str:
    """When the answer changes by what is documented; empty where it does not."""
    if verdict.changes_on is None:
        return ""
    day = _day(verdict.changes_on)
    if verdict.may:
        return _("Fra %(day)s er svaret nei, etter det som er dokumentert.") % {
            "day": day
        }
    return _("Fra %(day)s er svaret ja, etter det som er dokumentert.") % {"day": day}


def _day(day: date) -> str:
    return date_format(day)
