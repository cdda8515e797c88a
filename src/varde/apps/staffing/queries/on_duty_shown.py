"""What the page, the wall and the phone list show of who is on duty."""

from dataclasses import dataclass
from datetime import datetime

from varde.apps.records.on_duty import Reach
from varde.apps.sentral.queries.standins import AnsweringNow
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.queries.people import State


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """Somebody on duty now."""

    id: int
    person_id: int
    name: str
    role: str
    post: str
    post_text: str
    starts_at: datetime
    ends_at: datetime
    reach: Reach
    is_reachable: bool
    in_rota: bool  # the duty comes from a published rota
    seen_at: datetime | None  # last at work in Varde since the duty began
    alone: State | None  # None where it is not asked: not a doctor
    backup: tuple[str, ...]  # who is behind one who may not be alone
    lacks_backup: bool
    behind: tuple[str, ...]  # whose bakvakt this is


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A duty that comes next. `name` is "" where nobody has it."""

    post_text: str
    name: str
    phone: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VacantNow:
    """A place in a published rota that nobody has now."""

    place_id: int
    post_text: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NodnettNow:
    """Who carries nødnett in office hours today. `name` is "" for nobody."""

    name: str
    phone: str
    radio: str
    starts_at: datetime
    ends_at: datetime
    is_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One workplace: who is there, what is vacant, who comes."""

    workplace: Workplace
    phone: str
    is_here: bool
    now: tuple[OnDuty, ...]
    vacant: tuple[VacantNow, ...]
    coming: tuple[Coming, ...]
    nodnett: NodnettNow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """A person, and the functions that the person answers for now."""

    name: str
    phone: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Everybody on duty around a workplace, and who answers for the functions."""

    at: datetime
    houses: tuple[Place, ...]
    functions: tuple[AnsweringNow, ...]

    @property
    def unanswered(self) -> tuple[AnsweringNow, ...]:
        """The functions that nobody answers for."""
        return tuple(one for one in self.functions if one.is_gap)

    @property
    def answering(self) -> tuple[Answering, ...]:
        """Those who answer, each with all that they answer for."""
        found: dict[tuple[str, str], dict[str, list[str]]] = {}
        for one in self.functions:
            if not one.is_gap:
                mine = found.setdefault((one.name, one.phone), {})
                mine.setdefault(one.of.what, []).append(one.of.place)
        return tuple(
            Answering(
                name=name,
                phone=phone,
                words=tuple(f"{what} {', '.join(at)}" for what, at in mine.items()),
            )
            for (name, phone), mine in found.items()
        )
