"""The form of a new study: its name, how often each scenario is run, and which seed."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from varde.apps.planning.services.studies import MOST_SCENARIOS


LONGEST_NAME = 80
FEWEST_RUNS, MOST_RUNS, USUAL_RUNS = 2, 500, 50
MOST_SEED = 2**31 - 1
FIELDS = ("navn", "kjoringer", "fro")
USUAL = ("idag", "to-leger", "satellitt-natt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for."""

    name: str
    replications: int
    seed: int
    chosen: tuple[str, ...]


def begin() -> dict[str, str]:
    """What stands in an empty form."""
    typed = {"navn": "", "kjoringer": str(USUAL_RUNS), "fro": "1"}
    return typed | {f"s-{name}": "ja" for name in USUAL}


def kept(post: Mapping[str, str], *, ready: Mapping[str, str]) -> dict[str, str]:
    """What was sent, cut to a sensible length."""
    names = [*FIELDS, *(f"s-{name}" for name in ready)]
    return {name: post.get(name, "").strip()[: 2 * LONGEST_NAME] for name in names}


def read(
    typed: Mapping[str, str], *, ready: Mapping[str, str]
) -> tuple[Asked | None, list[str]]:
    """What was asked for, or None and what is wrong, a sentence for each."""
    problems = []
    name = typed.get("navn", "")
    if not name:
        problems.append(_("Gi studien et navn."))
    elif len(name) > LONGEST_NAME:
        problems.append(_("Navnet er for langt. Høyst %(n)s tegn.") % {"n": LONGEST_NAME})  # fmt: skip
    elif not is_one_line(name):
        problems.append(_("Navnet har tegn som ikke kan lagres. Skriv det på nytt."))
    runs = whole(typed.get("kjoringer", ""), low=FEWEST_RUNS, high=MOST_RUNS)
    if runs is None:
        problems.append(_("Kjøringer: skriv et helt tall fra %(low)s til %(high)s.") % {"low": FEWEST_RUNS, "high": MOST_RUNS})  # fmt: skip
    seed = whole(typed.get("fro", ""), low=0, high=MOST_SEED)
    if seed is None:
        problems.append(_("Frø: skriv et helt tall fra 0 til %(high)s.") % {"high": MOST_SEED})  # fmt: skip
    chosen = tuple(one for one in ready if typed.get(f"s-{one}"))
    if not 1 <= len(chosen) <= MOST_SCENARIOS:
        problems.append(
            _("Velg fra ett til %(many)s scenarioer. Du har valgt %(n)s.")
            % {"many": MOST_SCENARIOS, "n": len(chosen)}
        )
    if problems or runs is None or seed is None:
        return None, problems
    return Asked(name=name, replications=runs, seed=seed, chosen=chosen), []


def is_one_line(text: str) -> bool:
    """Whether a name is without line breaks and signs that cannot be stored."""
    return all(sign >= " " for sign in text)


def whole(text: str, *, low: int, high: int) -> int | None:
    """A whole number within its limits; None for what is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(high))):
        return None
    return int(text) if low <= int(text) <= high else None
