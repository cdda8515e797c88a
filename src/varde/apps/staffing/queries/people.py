"""Who works at a place: positions, competence, what ends, and who is away."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from varde.apps.records.models import (
    Absence,
    Position,
    User,
)
from varde.apps.sentral.messages import ABSENCE
from varde.apps.staffing.access import Workplace
from varde.apps.staffing.messages import competence as words
from varde.apps.staffing.messages.people import (
    CATEGORY,
    ON_DUTY_AS,
)
from varde.apps.staffing.people_access import people_at
from varde.apps.staffing.queries.competence import Standing, standings
from varde.domain.competence.rules import Demand
from varde.domain.competence.verdict import Reason


HALF = Decimal("0.5")
HORIZONS = (30, 90, 180)  # days ahead that the list looks for what ends
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How somebody stands, as text, shape and colour."""

    code: str  # yes, backed, no, unknown
    shape: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Something that is met and ends, and on which day."""

    words: str
    on: date
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """One person in the list. `share` is None where no position here is written.

    It is that of the day, or of the first day in a position for one who has not begun.
    """

    id: int
    name: str
    categories: str
    share: Decimal | None
    role: str
    alone: State
    gaps: tuple[str, ...]
    advice: tuple[str, ...]
    ending: tuple[Ending, ...]
    away: str

    @property
    def percent(self) -> str:
        """The share in per cent, without decimals that say nothing."""
        return "" if self.share is None else f"{self.share * 100:.0f}"

    @property
    def is_small(self) -> bool:
        """Whether all positions here together are less than half a one."""
        return self.share is not None and self.share < HALF


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How many lack one thing."""

    words: str
    source: str
    is_advice: bool
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleList:
    """Everybody at a workplace, and what is worth counting."""

    lines: tuple[PersonLine, ...]
    small: int  # of those whose position is written
    with_position: int
    needs: tuple[Need, ...]

    @property
    def small_percent(self) -> str:
        """The small positions' part of those that are written; "" where none is."""
        return (
            f"{100 * self.small / self.with_position:.0f}" if self.with_position else ""
        )

    @property
    def without_position(self) -> int:
        """Of how many no position here is written."""
        return len(self.lines) - self.with_position

    def ending_within(self, days: int) -> int:
        """Of how many people something ends within so many days."""
        return sum(any(e.days <= days for e in line.ending) for line in self.lines)


def people_list(at: Workplace, *, on: date, with_ground: bool = False) -> PeopleList:
    """Everybody who works at a place on a day, by name.

    `with_ground`: why somebody is away, for those who plan.
    """
    ids = people_at(at, on=on)
    users = {user.pk: user for user in User.objects.filter(pk__in=ids)}
    positions = _positions(ids, at, on=on)
    found = standings(ids, on=on, at=at)
    away = _away(ids, at, on=on, with_ground=with_ground)
    lines = sorted(
        (
            _line(user, positions[pk], found.get(pk), away.get(pk, ""), on=on)
            for pk, user in users.items()
        ),
        key=lambda line: line.name.casefold(),
    )
    held = [line for line in lines if line.share is not None]
    return PeopleList(
        lines=tuple(lines),
        small=sum(line.is_small for line in held),
        with_position=len(held),
        needs=_needs(found.values()),
    )


def alone_state(standing: Standing | None) -> State:
    """Whether somebody may be alone, as text, shape and colour."""
    if standing is None:
        return State(code="unknown", shape="?", words=_("Ingen stilling ført"))
    if standing.alone is None:
        return State(code="unknown", shape="–", words=_("Ingen regel"))
    said = words.verdict_words(standing.role.value, standing.alone)
    if standing.alone.may:
        is_aside = any(one.held.is_dispensed for one in standing.alone.reasons)
        said = _("%(said)s, på dispensasjon") % {"said": said} if is_aside else said
        return State(code="yes", shape="●", words=said)
    if standing.is_lis1:
        return State(code="no", shape="■", words=_("LIS1: aldri alene"))
    return State(
        code="backed" if standing.role.value == "doctor" else "no",
        shape="▲",
        words=said,
    )


def endings(
    standing: Standing, *, on: date, within: int = HORIZONS[-1]
) -> list[Ending]:
    """What ends within so many days, the first to end first."""
    return [
        Ending(words=one.part.words, on=one.held.until, days=(one.held.until - on).days)
        for one in standing.ending
        if one.held.until is not None and (one.held.until - on).days <= within
    ]


def _line(
    user: User,
    positions: Sequence[Position],
    standing: Standing | None,
    away: str,
    *,
    on: date,
) -> PersonLine:
    gaps = () if standing is None else standing.gaps
    return PersonLine(
        id=user.pk,
        name=user.name,
        categories=", ".join(
            dict.fromkeys(
                str(CATEGORY[Position.Category(row.category)]) for row in positions
            )
        ),
        share=_share(positions, on=on),
        role="" if standing is None else str(ON_DUTY_AS[standing.role.value]),
        alone=alone_state(standing),
        gaps=tuple(words.step_words(one) for one in gaps if not is_advice(one)),
        advice=tuple(words.step_words(one) for one in gaps if is_advice(one)),
        ending=() if standing is None else tuple(endings(standing, on=on)),
        away=away,
    )


def _share(positions: Sequence[Position], *, on: date) -> Decimal | None:
    """What the positions of one day come to: those that have not ended, the first first."""
    if not positions:
        return None
    day = max(on, positions[0].valid_from)
    return sum((row.share for row in positions if row.valid_from <= day), Decimal(0))


def is_advice(reason: Reason) -> bool:
    """Whether nobody is refused for want of it."""
    return isinstance(reason.part, Demand) and reason.part.is_advice


def _positions(
    ids: Collection[int], at: Workplace, *, on: date
) -> dict[int, list[Position]]:
    found: dict[int, list[Position]] = defaultdict(list)
    rows = Position.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), person__in=ids, **at.where
    )
    for row in rows.order_by("valid_from", "pk"):
        found[row.person_id].append(row)
    return found


def is_written_elsewhere(row: Absence, *, at: Workplace) -> bool:
    """Whether another workplace wrote an absence. It counts here, and its ground is theirs."""
    written = (row.station_id, row.sentral_id)
    return written not in {(None, None), (at.station_id, at.sentral_id)}


def _away(
    ids: Collection[int], at: Workplace, *, on: date, with_ground: bool
) -> dict[int, str]:
    rows = Absence.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), person__in=ids, starts_on__lte=on
    ).order_by("-only_nights", "pk")
    return {
        row.person_id: absence_words(row)
        if with_ground and not is_written_elsewhere(row, at=at)
        else away_words(row)
        for row in rows
    }


def away_words(row: Absence) -> str:
    """That somebody is away, without the ground."""
    return _("borte fra netter") if row.only_nights else _("borte")


def absence_words(row: Absence) -> str:
    """The ground, and whether it is of nights only."""
    ground = str(ABSENCE[row.ground])
    return (
        _("%(ground)s, bare netter") % {"ground": ground} if row.only_nights else ground
    )


def _needs(found: Collection[Standing]) -> tuple[Need, ...]:
    lacking: Counter[str] = Counter()
    parts: dict[str, Reason] = {}
    for standing in found:
        for reason in standing.gaps:
            lacking[reason.code] += 1
            parts[reason.code] = reason
    return tuple(
        Need(
            words=parts[code].part.words,
            source=parts[code].part.source,
            is_advice=is_advice(parts[code]),
            people=people,
        )
        for code, people in lacking.most_common()
    )
