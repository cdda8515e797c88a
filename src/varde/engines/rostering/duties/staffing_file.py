"""Staffing models of a legevakt as templates: a file, read and checked.

A model says which duties there are, who shares them and on which terms, what must be
settled before it can be used, and the figures that its source gives. One without a source
does not load.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Any, Final

import yaml

from varde.domain.errors import BadInput
from varde.domain.rota.patterns import (
    EVERY_DAY,
    FREE_DAYS,
    WORKING_DAYS,
    Pattern,
    Shift,
)
from varde.domain.rota.values import Law


DAYS: Final = {"working": WORKING_DAYS, "free": FREE_DAYS, "every": EVERY_DAY}


class PayKind(StrEnum):
    """How those who have the duties are paid."""

    DUTY = "duty"  # by the form of pay of the place
    POSITION = "position"  # duty is a part of a whole position with fixed pay
    SUBSTITUTE = "substitute"  # fixed pay a day, to one who comes for the duties
    HOURLY = "hourly"  # by the hour
    OTHER = "other"  # paid by somebody else than the municipality


class Daytime(StrEnum):
    """The work beside the duties."""

    NONE = "none"
    PRACTICE = "practice"  # as the doctors of the place
    OWN_WEEKS = "own_weeks"  # on working days of the weeks on


class Recruit(StrEnum):
    """Where the people come from."""

    OWN = "own"  # those the place has, and as many more as are needed
    NEW = "new"  # all of them beside those it has


class Sized(StrEnum):
    """What the number of people follows, unless somebody says otherwise."""

    MODEL = "model"
    DISTRICT = "district"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """What must be settled before a model can be used, and where that stands."""

    words: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A figure that the source gives, and whether it can be counted again."""

    words: str
    reproduced: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """So many people with the same terms.

    `weeks_on` and `weeks_off`: in turn, one after the other. `friday_of_month`: has all
    duties of the posts from that Friday for ten days, and no others.
    """

    code: str
    count: int
    posts: frozenset[str]
    law: Law = Law.SFS2305
    share: float = 1.0
    alone: bool = False
    is_lis1: bool = False
    weeks_on: int = 0
    weeks_off: int = 0
    friday_of_month: int = 0
    pay: PayKind = PayKind.DUTY
    daytime: Daytime = Daytime.NONE
    day_starts: time = time(8)  # of OWN_WEEKS
    day_ends: time = time(15, 30)
    recruit: Recruit = Recruit.OWN
    sized: Sized = Sized.MODEL


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingModel:
    """A way to staff a legevakt, its source, and what is chosen where that is silent.

    `sites` are the satellites beside the legevakt, 0 where the model has none.
    """

    code: str
    words: str
    about: str
    source: str
    chosen: str
    pattern: Pattern
    people: tuple[People, ...]
    sites: int = 0
    obstacles: tuple[Obstacle, ...] = ()
    published: tuple[Published, ...] = ()


def load(text: str, *, filename: str) -> tuple[StaffingModel, ...]:
    """Read a file of models (YAML), in its order.

    Raises `BadInput` for a file that is not well-formed, a model that is not whole or has
    no source, and a code that stands twice.
    """
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as fault:
        raise _fault(filename, "file", "is not well-formed YAML") from fault
    rows = tree.get("models") if isinstance(tree, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _fault(filename, "models", "is missing or empty")
    models = []
    for row in rows:
        where = f"model {row.get('code', '?')!r}" if isinstance(row, dict) else "models"
        try:
            models.append(_model(row))
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise _fault(filename, where, f"is not whole ({fault})") from fault
    codes = [model.code for model in models]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise _fault(filename, "models", f"has {', '.join(twice)} more than once")
    return tuple(models)


READ_AS: Final[Mapping[str, Callable[[str], Any]]] = {
    "law": Law,
    "pay": PayKind,
    "daytime": Daytime,
    "recruit": Recruit,
    "sized": Sized,
    "day_starts": time.fromisoformat,
    "day_ends": time.fromisoformat,
}


def _model(row: Mapping[str, Any]) -> StaffingModel:
    shifts = tuple(_shift(one) for one in row["shifts"])
    people = tuple(_people(one) for one in row["people"])
    posts = {shift.post for shift in shifts}
    held = {post for group in people for post in group.posts}
    if posts != held:
        raise ValueError(f"posts without people or without shifts: {posts ^ held}")
    return StaffingModel(
        code=_text(row, "code"),
        words=_text(row, "words"),
        about=_text(row, "about"),
        source=_text(row, "source"),
        chosen=_text(row, "chosen"),
        pattern=Pattern(
            name=_text(row, "words"), source=_text(row, "source"), shifts=shifts
        ),
        people=people,
        sites=int(row.get("sites", 0)),
        obstacles=tuple(
            Obstacle(words=_text(one, "words"), source=_text(one, "source"))
            for one in row.get("obstacles", ())
        ),
        published=tuple(
            Published(words=_text(one, "words"), reproduced=_text(one, "reproduced"))
            for one in row.get("published", ())
        ),
    )


def _shift(row: Mapping[str, Any]) -> Shift:
    return Shift(
        **{
            **row,
            "days": DAYS[row["days"]],
            "starts": time.fromisoformat(row["starts"]),
            "ends": time.fromisoformat(row["ends"]),
        }
    )


def _people(row: Mapping[str, Any]) -> People:
    known = {**row, "posts": frozenset(row["posts"])}
    for name, kind in READ_AS.items():
        if name in row:
            known[name] = kind(row[name])
    people = People(**known)
    if people.count < 1 or people.share < 0:
        raise ValueError(f"{people.code}: count {people.count}, share {people.share}")
    return people


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row[name]
    if not isinstance(found, str) or not found.strip():
        raise ValueError(f"no text for {name!r}")
    return found.strip()


def _fault(filename: str, where: str, problem: str) -> BadInput:
    return BadInput(
        file=filename,
        column=where,
        problem=problem,
        cure="Mend the file and load it again.",
    )
