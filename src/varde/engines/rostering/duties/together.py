"""Who must be there at the same time, as conditions: covers and needs."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from varde.domain.rota.rules.breach import RotaRule
from varde.engines.rostering.duties.ground import Pair, Part, minutes
from varde.engines.rostering.duties.records import Covered, Least
from varde.engines.rostering.duties.timeline import Timeline


class Together(Timeline):
    """Never alone where not competent, LIS1 with a colleague, tiers, least numbers."""

    def covers(self) -> Iterator[Covered]:
        """Never alone where not competent, LIS1 with a colleague, the second tier."""
        doctors = self.limits.doctor_posts
        for number, part in self._parts:
            if part.slot.post in doctors:
                yield from self._beside(number, part)
            tier = self.limits.second_tier.get(part.slot.post)
            if tier is not None:
                yield from self._tier(number, part, tier)

    def _beside(self, number: int, part: Part) -> Iterator[Covered]:
        is_backup = part.slot.post in self.limits.backup_posts
        for worker in self.grounds.of_shift.get(number, ()):
            for piece in self._pieces(part):
                is_lis1 = _is_within(self._lis1[worker], *piece)
                is_able = is_backup or _is_within(self._able[worker], *piece)
                if is_able and not is_lis1:
                    continue
                present = is_lis1 and self.limits.lis1_presence
                anybody = self._competent(*piece, present=present)
                yield Covered(
                    rule=RotaRule.LIS1_HAS_AN_EXPERIENCED_COLLEAGUE
                    if is_lis1
                    else RotaRule.NEVER_ALONE_WHERE_NOT_COMPETENT,
                    worker=worker,
                    of=((number, worker),),
                    by=anybody,
                )
                if is_backup or _is_within(self._by_phone[worker], *piece):
                    continue
                come = self._competent(*piece, present=present, comes=True)
                if come != anybody:
                    yield Covered(
                        rule=RotaRule.BACKUP_CAN_COME,
                        worker=worker,
                        of=((number, worker),),
                        by=come,
                    )

    def _competent(
        self, starts: int, ends: int, *, present: bool, comes: bool = False
    ) -> tuple[Pair, ...]:
        """Who may work alone and can be on duty the whole of a piece of time. `present`:
        not from home; `comes`: not on the telephone only."""
        key = (starts, ends, present, comes)
        if key not in self._competents:
            self._competents[key] = tuple(
                (number, worker)
                for number, part in self._meanwhile(starts, ends)
                if part.slot.post in self.limits.doctor_posts
                and not (present and part.slot.active_share < 1)
                and not ((present or comes) and part.slot.is_phone_only)
                for worker in self.grounds.of_shift.get(number, ())
                if _is_within(self._able[worker], starts, ends)
                and not _is_within(self._lis1[worker], starts, ends)
            )
        return self._competents[key]

    def _tier(self, number: int, part: Part, tier: str) -> Iterator[Covered]:
        for starts, ends in self._pieces(part):
            there = [
                other
                for other, one in self._meanwhile(starts, ends)
                if one.slot.post == tier
            ]
            yield Covered(
                rule=RotaRule.SECOND_TIER_IS_THERE,
                of=tuple((number, w) for w in self.grounds.of_shift.get(number, ())),
                by=tuple(
                    (other, w)
                    for other in there
                    for w in self.grounds.of_shift.get(other, ())
                ),
            )

    def needs(self) -> Iterator[Least]:
        """The need of the dimensioning, and the least number of operators."""
        for need in self.grounds.problem.needs:
            starts, ends = minutes(need.span)
            yield Least(
                rule=RotaRule.NEED_IS_MET,
                of=self._all(
                    number
                    for number, part in self._meanwhile(starts, ends)
                    if part.slot.post in need.posts
                    and part.starts <= starts
                    and ends <= part.ends
                ),
                least=need.least,
                at=starts,
                ends=ends,
            )
        operators = [
            part
            for _, part in self._parts
            if part.slot.post in self.limits.operator_posts
        ]
        edges = sorted({p.starts for p in operators} | {p.ends for p in operators})
        for starts, ends in pairwise(edges):
            there = [
                number
                for number, part in self._meanwhile(starts, ends)
                if part.slot.post in self.limits.operator_posts
            ]
            if there:
                yield Least(
                    rule=RotaRule.LVS_MINIMUM_IS_THERE,
                    of=self._all(there),
                    least=self.limits.lvs_minimum,
                    at=starts,
                    ends=ends,
                )

    def _all(self, numbers: Iterable[int]) -> tuple[Pair, ...]:
        return tuple(
            (number, worker)
            for number in numbers
            for worker in self.grounds.of_shift.get(number, ())
        )

    @cached_property
    def _competents(self) -> dict[tuple[int, int, bool, bool], tuple[Pair, ...]]:
        return {}


def _is_within(periods: Iterable[tuple[int, int]], starts: int, ends: int) -> bool:
    """Whether a piece, which no period ends within, lies in one of them."""
    return any(a <= starts and ends <= b for a, b in periods)
