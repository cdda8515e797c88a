"""Parts of screens that are kept fresh: what they are, what they are about, who draws.

A room registers its parts once, when its app is ready:

    live.register_part("queue", [Topic.QUEUE, Topic.CALLBACKS], draw_queue)

`draw_queue` is given a `PartScope` and gives back HTML. It runs in a transaction that
sees the districts of that scope and no others. What it draws is sent to everybody with
the same scope, so it holds nothing that is about one user: no CSRF token (live.js puts
it in), and "mine" is an attribute with the owner's id that the page compares with.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartScope:
    """For whom a part is drawn: all who see the same.

    `roles` are those held at the sentral or at a place it serves; with a station, those
    that count at that station. `roles_here` are those of them held at the place itself, and
    not at one that it serves. `at` is the moment of drawing and does not separate one scope
    from another.
    """

    sentral_id: int
    station_id: int | None = None
    districts: frozenset[int]
    roles: frozenset[str]
    roles_here: frozenset[str] = frozenset()
    language: str
    at: datetime | None = field(default=None, compare=False)


Draw = Callable[[PartScope], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A named part. `roles` empty: everybody at the sentral may see it. `is_own`: only roles
    held at the place itself count.

    `every_s` draws it again after so many seconds without news, for what changes by the
    clock alone; None: never.
    """

    name: str
    topics: frozenset[str]
    draw: Draw
    roles: frozenset[str] = frozenset()
    every_s: float | None = None
    is_own: bool = False

    def may_be_seen_by(self, scope: PartScope) -> bool:
        """Whether this part is for somebody with these roles."""
        held = scope.roles_here if self.is_own else scope.roles
        return not self.roles or not self.roles.isdisjoint(held)


_parts: dict[str, Part] = {}


def register_part(
    name: str,
    topics: Iterable[str],
    draw: Draw,
    *,
    roles: Iterable[str] = (),
    every_s: float | None = None,
    is_own: bool = False,
) -> None:
    """Make a part known. The same name again replaces the first (apps load once)."""
    _parts[name] = Part(
        name=name,
        topics=frozenset(topics),
        draw=draw,
        roles=frozenset(roles),
        every_s=every_s,
        is_own=is_own,
    )


def part(name: str) -> Part | None:
    """The part of that name, or None."""
    return _parts.get(name)


def forget_part(name: str) -> None:
    """Take a part away, as a test that made one does."""
    _parts.pop(name, None)
