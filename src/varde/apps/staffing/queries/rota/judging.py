"""A change judged while a planner drags: the rules in words, within milliseconds.

Each process keeps the rota that was judged last, made ready, for some seconds. When a place
changes hands, only who has the places is read again; when anything else of the rota changes,
or somebody is away, all of it. What is written is judged by what is stored (services).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from django.db.models import Count, Max

from varde.apps.records.models import Absence, Rota
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages.rota_words import RULE_NAME, breach_words
from varde.apps.staffing.queries.rota.ground import Ground, ground_of
from varde.domain.rota.rules.breach import ChangeJudged
from varde.domain.rota.rules.changing import Changes


KEPT_S = 30.0  # an absence or a competence written elsewhere is seen after that
MOST = 4  # rotas in one process


@dataclass(frozen=True, slots=True)
class _Ready:
    version: tuple[int, datetime]
    until: float
    ground: Ground
    changes: Changes
    away: tuple[int, int | None]


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
    rota: Rota,
    change: Mapping[str, str | None],
    *,
    workplace: Workplace,
    now: datetime,
) -> Verdict | None:
    """The verdict over a change; None where it names what is not there.

    What belongs together and has one holder changes hands together, as it is stored.
    """
    ready = _of(rota, workplace=workplace)
    is_out = rota.state == Rota.State.PUBLISHED
    try:
        found = ready.changes.judged(
            {
                member: person
                for place, person in change.items()
                for member in _members(
                    place, ready.ground, over=now if is_out else None
                )
            }
        )
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


def _members(place: str, ground: Ground, *, over: datetime | None) -> list[str]:
    """A place and those of its group with the same holder, but for what is over."""
    slot = ground.slot(place)
    if slot is None or not slot.group:
        return [place]
    holder = ground.assignment.get(place)
    return [
        one.id
        for one in ground.slots
        if one.id == place
        or (
            one.group == slot.group
            and ground.assignment.get(one.id) == holder
            and (over is None or one.span.ends_at > over)
        )
    ]


def _of(rota: Rota, *, workplace: Workplace) -> _Ready:
    """The rota made ready: as it is kept, with its new holders, or read anew."""
    now = time.monotonic()
    version = (rota.row_version, rota.made_at)
    with _lock:
        known = _ready.get(rota.pk)
    if known is not None and known.until <= now:
        known = None
    if known is not None and known.version == version:
        return known
    made = _held_anew(rota, known, version) if known is not None else None
    if made is None:
        ground = ground_of(rota, workplace=workplace)
        away = _away(ground)
        made = _Ready(version, now + KEPT_S, ground, ground.changes(), away)
    with _lock:
        if len(_ready) >= MOST:
            _ready.clear()
        _ready[rota.pk] = made
    return made


def _held_anew(
    rota: Rota, known: _Ready, version: tuple[int, datetime]
) -> _Ready | None:
    """What is kept with those who have the places now. None where more has changed: the
    places themselves, the people, or who is away."""
    rows = dict(rota.duties.values_list("pk", "person_id"))
    ground = known.ground
    held = {str(place): str(who) for place, who in rows.items() if who is not None}
    people = {worker.id for worker in ground.workers}
    same_places = {int(slot.id) for slot in ground.slots} == rows.keys()
    if version[1] != known.version[1] or not same_places:
        return None
    if not set(held.values()) <= people or _away(ground) != known.away:
        return None
    changed = replace(ground, row_version=rota.row_version, assignment=held)
    changes = known.changes.held_by(changed.whole)
    return _Ready(version, known.until, changed, changes, known.away)


def _away(ground: Ground) -> tuple[int, int | None]:
    """How many absences the people have, and the newest."""
    rows = Absence.objects.filter(person__in=[int(one.id) for one in ground.workers])
    found = rows.aggregate(count=Count("pk"), newest=Max("pk"))
    return found["count"], found["newest"]
