"""A change judged while a planner drags: the rules in words, within milliseconds.

Each process keeps the rota that was judged last, made ready, for some seconds; a change of
the rota makes it be read anew. What is written is judged by what is stored (services).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from varde.apps.records.models import Rota
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages.rota_words import RULE_NAME, breach_words
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.domain.rota.rules.breach import ChangeJudged
from varde.domain.rota.rules.judging import Changes


KEPT_S = 30.0  # an absence or a competence written elsewhere is seen after that
MOST = 4  # rotas in one process


@dataclass(frozen=True, slots=True)
class _Ready:
    version: tuple[int, datetime]
    until: float
    ground: Ground
    changes: Changes


_ready: dict[int, _Ready] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a change does, in words. `hard` stops it unless it is set aside."""

    hard: tuple[str, ...]
    warnings: tuple[str, ...]
    wishes_lost: int
    wishes_placed: int

    def as_json(self) -> dict[str, object]:
        """For the script of the page."""
        return {
            "hard": list(self.hard),
            "warnings": list(self.warnings),
            "wishes_lost": self.wishes_lost,
            "wishes_placed": self.wishes_placed,
        }


def judged(
    rota: Rota, change: Mapping[str, str | None], *, workplace: Workplace
) -> Verdict | None:
    """The verdict over a change; None where it names what is not there."""
    ready = _of(rota, workplace=workplace)
    try:
        found = ready.changes.judged(change)
    except ValueError:
        return None
    return in_words(found, names=ready.ground.names)


def in_words(found: ChangeJudged, *, names: Mapping[str, str]) -> Verdict:
    """The breaches in sentences, each rule by its name first."""
    hard, warnings = [], []
    for breach in found.came:
        name = str(RULE_NAME[breach.rule])
        text = f"{name[:1].upper()}{name[1:]}: {breach_words(breach, names=names)}"
        (hard if breach.is_hard else warnings).append(text)
    return Verdict(
        hard=tuple(dict.fromkeys(hard)),
        warnings=tuple(dict.fromkeys(warnings)),
        wishes_lost=len(found.wishes_lost),
        wishes_placed=len(found.wishes_placed),
    )


def _of(rota: Rota, *, workplace: Workplace) -> _Ready:
    now = time.monotonic()
    version = (rota.row_version, rota.made_at)
    with _lock:
        known = _ready.get(rota.pk)
    if known is not None and known.version == version and known.until > now:
        return known
    ground = ground_of(rota, workplace=workplace)
    made = _Ready(version, now + KEPT_S, ground, ground.changes())
    with _lock:
        if len(_ready) >= MOST:
            _ready.clear()
        _ready[rota.pk] = made
    return made
