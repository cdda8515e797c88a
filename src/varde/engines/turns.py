"""Sharing turns out among people, as evenly as their days allow.

Assignment of unit jobs to machines with a convex cost of each machine's load: an
assignment is optimal when no chain of changes of hands lowers the cost (Harvey NJA, Ladner
RE, Lovász L, Tamir T (2006) Semi-matchings for bipartite graphs and load balancing.
J Algorithms 59:53–78. https://doi.org/10.1016/j.jalgor.2005.01.003).
"""

from collections import deque
from collections.abc import Collection, Hashable, Mapping, Sequence
from fractions import Fraction


def share_out[Turn: Hashable](
    may: Mapping[Turn, Collection[str]],
    *,
    weights: Mapping[str, int],
    fixed: Mapping[Turn, str] | None = None,
    last: Sequence[str] = (),
) -> dict[Turn, str | None]:
    """Who has each turn: as even as can be, and spread over time.

    Each person's number of turns n costs n²/weight; the sum is the least that exists. The
    same input gives the same answer.

    Parameters
    ----------
    may : dict of turn to people
        The turns in the order of time, with those who may have each. Not people outside
        `weights`.
    weights : dict of person to int
        The size of each one's part, as 100 for a whole one and 50 for a half; > 0. Where
        nothing else tells two apart, the first here comes first.
    fixed : dict of turn to person, optional
        Turns that are given, and count. They need not be in `may`.
    last : sequence of people, optional
        Those who had turns before, the latest last: of equals the one waits who had a turn
        last.

    Returns
    -------
    dict
        A person, or None where nobody may, for each turn of `may` and `fixed`.

    Raises
    ------
    ValueError
        For a weight that is not above 0, or a person without a weight.

    Examples
    --------
    >>> share_out({1: "ab", 2: "ab", 3: "a"}, weights={"a": 100, "b": 100})
    {1: 'a', 2: 'b', 3: 'a'}
    >>> share_out({1: "ab", 2: "a", 3: ""}, weights={"a": 100, "b": 100})
    {1: 'b', 2: 'a', 3: None}
    """
    given = dict(fixed or {})
    _check(may, weights=weights, fixed=given)
    counts = dict.fromkeys(weights, 0)
    place = {person: number for number, person in enumerate(weights)}
    for person in given.values():
        counts[person] += 1
    order = {person: number for number, person in enumerate(last)}
    found: dict[Turn, str | None] = dict.fromkeys([*may, *given])
    for number, turn in enumerate(found, start=len(order)):
        if turn in given:
            found[turn] = given[turn]
        elif may[turn]:
            found[turn] = min(
                may[turn],
                key=lambda who: (
                    _next_cost(counts, weights, who),
                    order.get(who, -1),
                    place[who],
                ),
            )
            counts[found[turn] or ""] += 1
        if found[turn] is not None:
            order[found[turn] or ""] = number
    free = {
        turn: sorted(who, key=place.__getitem__)
        for turn, who in may.items()
        if turn not in given
    }
    while chain := _cheaper(found, free, counts, weights):
        for turn, to in chain:
            counts[found[turn] or ""] -= 1
            counts[to] += 1
            found[turn] = to
    return found


def cost(counts: Mapping[str, int], *, weights: Mapping[str, int]) -> Fraction:
    """What a sharing costs: the sum of n²/weight.

    >>> cost({"a": 2, "b": 1}, weights={"a": 2, "b": 1})
    Fraction(3, 1)
    """
    return sum((Fraction(n * n, weights[who]) for who, n in counts.items()), Fraction())


def _check[Turn: Hashable](
    may: Mapping[Turn, Collection[str]],
    *,
    weights: Mapping[str, int],
    fixed: Mapping[Turn, str],
) -> None:
    wrong = sorted(who for who, weight in weights.items() if weight <= 0)
    if wrong:
        raise ValueError(f"a weight is above 0: {wrong}")
    people = {who for each in may.values() for who in each} | set(fixed.values())
    if unknown := sorted(people - weights.keys()):
        raise ValueError(f"people without a weight: {unknown}")


def _next_cost(
    counts: Mapping[str, int], weights: Mapping[str, int], who: str
) -> Fraction:
    """What one turn more costs."""
    return Fraction(2 * counts[who] + 1, weights[who])


def _cheaper[Turn: Hashable](
    found: Mapping[Turn, str | None],
    free: Mapping[Turn, Collection[str]],
    counts: Mapping[str, int],
    weights: Mapping[str, int],
) -> list[tuple[Turn, str]]:
    """Changes of hands, one after the other, that lower the cost; [] where none do."""
    to_give: dict[str, list[Turn]] = {who: [] for who in counts}
    for turn in free:
        if (who := found[turn]) is not None:
            to_give[who].append(turn)
    by_load = sorted(
        counts, key=lambda who: -Fraction(2 * counts[who] - 1, weights[who])
    )
    for giver in by_load:
        saved = Fraction(2 * counts[giver] - 1, weights[giver])
        came: dict[str, tuple[Turn, str]] = {}
        queue = deque([giver])
        while queue:
            who = queue.popleft()
            for turn in to_give[who]:
                for other in free[turn]:
                    if other == giver or other in came:
                        continue
                    came[other] = (turn, who)
                    queue.append(other)
                    if _next_cost(counts, weights, other) < saved:
                        return _back(came, other, giver)
    return []


def _back[Turn: Hashable](
    came: Mapping[str, tuple[Turn, str]], end: str, start: str
) -> list[tuple[Turn, str]]:
    chain = []
    while end != start:
        turn, giver = came[end]
        chain.append((turn, end))
        end = giver
    return chain
