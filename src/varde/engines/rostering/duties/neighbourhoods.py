"""What is set free at a time when a rota is to be made better: people and weeks."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from random import Random

from varde.engines.rostering.duties.ground import Chosen, Grounds, Pair
from varde.engines.rostering.duties.targets import Targets
from varde.engines.rostering.search import Neighbourhood, groups, spans


WEEK_MIN = 7 * 24 * 60
FEWEST_PEOPLE = 2


def neighbourhoods(
    targets: Targets, decisions: Sequence[Pair]
) -> tuple[Neighbourhood, ...]:
    """Weeks in a row; some people; some people in some weeks; the least fair; the weeks of
    wishes that are not met; the people of these wishes."""
    by_week, by_person = _blocks(targets.grounds, decisions)
    return (
        spans("weeks", by_week),
        groups("people", by_person),
        _window(by_week, by_person),
        _unfair(targets, decisions, by_person),
        _wished(targets, decisions, by_week),
        _wishers(targets, decisions, by_person),
    )


def _blocks(
    grounds: Grounds, decisions: Sequence[Pair]
) -> tuple[list[list[int]], list[list[int]]]:
    weeks: dict[int, list[int]] = defaultdict(list)
    people: dict[int, list[int]] = defaultdict(list)
    for position, (number, worker) in enumerate(decisions):
        weeks[grounds.shifts[number].starts // WEEK_MIN].append(position)
        people[worker].append(position)
    return [weeks[week] for week in sorted(weeks)], [
        people[worker] for worker in sorted(people)
    ]


def _window(
    by_week: Sequence[Sequence[int]], by_person: Sequence[Sequence[int]]
) -> Neighbourhood:
    """Half of the people, in twice as many weeks in a row."""

    def choose(draw: Random, values: Sequence[int], share: float) -> set[int]:
        count = max(1, round(min(1.0, 2 * share) * len(by_week)))
        first = draw.randint(0, len(by_week) - count)
        free = {at for week in by_week[first : first + count] for at in week}
        people = draw.sample(by_person, max(1, len(by_person) // 2))
        return free & {at for person in people for at in person}

    return Neighbourhood("people in weeks", choose)


def _unfair(
    targets: Targets, decisions: Sequence[Pair], by_person: Sequence[Sequence[int]]
) -> Neighbourhood:
    """The person furthest off in some account, those furthest off the other way, others."""
    of_person = {decisions[block[0]][1]: block for block in by_person}

    def choose(draw: Random, values: Sequence[int], share: float) -> Collection[int]:
        chosen = chosen_of(decisions, values)
        account = draw.choice(sorted({target.account for target in targets.all}))
        offs = sorted(
            (targets.off(target, chosen), draw.random(), target.worker)
            for target in targets.all
            if target.account is account and target.worker in of_person
        )
        count = min(len(offs), max(FEWEST_PEOPLE, round(share * len(by_person))))
        ends = [*offs[: count // 2], *offs[len(offs) - (count - count // 2) :]]
        return {at for _, _, worker in ends for at in of_person[worker]}

    return Neighbourhood("least fair", choose if targets.all else _anybody(by_person))


def _wished(
    targets: Targets, decisions: Sequence[Pair], by_week: Sequence[Sequence[int]]
) -> Neighbourhood:
    """The weeks around a wish that is not met; any weeks when all are."""
    places: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(by_week):
        for at in block:
            places[decisions[at][0]].append(number)
    of_wish = {
        wish.id: places[shifts[0]][0]
        for wish, _, shifts in targets.wishes
        if shifts and places[shifts[0]]
    }

    def choose(draw: Random, values: Sequence[int], share: float) -> Collection[int]:
        broken = targets.broken_wishes(chosen_of(decisions, values))
        weeks = [of_wish[wish.id] for wish in broken if wish.id in of_wish]
        middle = draw.choice(weeks or range(len(by_week)))
        count = max(1, round(share * len(by_week)))
        first = min(max(0, middle - count // 2), len(by_week) - count)
        return {at for block in by_week[first : first + count] for at in block}

    return Neighbourhood("wishes", choose)


def _wishers(
    targets: Targets, decisions: Sequence[Pair], by_person: Sequence[Sequence[int]]
) -> Neighbourhood:
    """One whose wish is not met, one to change with, and others, in all weeks.

    Two or three people over the whole period keep their accounts by changing duties back
    elsewhere, which people in some weeks seldom can.
    """
    of_person = {decisions[block[0]][1]: block for block in by_person}
    pairs: dict[str, list[Pair]] = {}
    for wish, worker, shifts in targets.wishes:
        others = [
            (number, other)
            for number in shifts
            for other in sorted(targets.grounds.of_shift[number])
            if other != worker and other in of_person
        ]
        if others and worker in of_person:
            pairs[wish.id] = others
    anybody = _anybody(by_person)

    def choose(draw: Random, values: Sequence[int], share: float) -> Collection[int]:
        chosen = chosen_of(decisions, values)
        broken = [w for w in targets.broken_wishes(chosen) if w.id in pairs]
        if not broken:
            return anybody(draw, values, share)
        wish = draw.choice(broken)
        worker = targets.grounds.number_of[wish.worker]
        fitting = [
            other
            for number, other in pairs[wish.id]
            if ((number, other) in chosen) is wish.wants_duty
        ]
        count = max(FEWEST_PEOPLE, round(share * len(by_person)))
        some = {worker, draw.choice(fitting or [other for _, other in pairs[wish.id]])}
        rest = sorted(of_person.keys() - some)
        some.update(draw.sample(rest, min(count - FEWEST_PEOPLE, len(rest))))
        return {at for one in some for at in of_person[one]}

    return Neighbourhood("wishers", choose)


def _anybody(
    by_person: Sequence[Sequence[int]],
) -> Callable[[Random, Sequence[int], float], Collection[int]]:
    return groups("people", by_person).choose


def chosen_of(decisions: Sequence[Pair], values: Sequence[int]) -> Chosen:
    """The pairs whose value is 1."""
    return frozenset(
        pair for pair, value in zip(decisions, values, strict=True) if value
    )
