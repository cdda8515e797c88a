"""A roster as a table of shift IDs, and as the yes and no of a model's decisions."""

from collections.abc import Sequence


type Roster = tuple[tuple[str, ...], ...]

FREE = ""


def roster_of(values: Sequence[int], *, ids: Sequence[str], days: int) -> Roster:
    """The roster of decisions that stand person by person, day by day, shift by shift.

    >>> roster_of([0, 1, 0, 0, 1, 0, 1, 0], ids=["E", "N"], days=2)
    (('N', ''), ('E', 'E'))
    """
    width = len(ids)
    given = [
        next((i for i, v in zip(ids, values[at : at + width], strict=True) if v), FREE)
        for at in range(0, len(values), width)
    ]
    return tuple(tuple(given[at : at + days]) for at in range(0, len(given), days))


def values_of(roster: Sequence[Sequence[str]], *, ids: Sequence[str]) -> list[int]:
    """The decisions of a roster, in the same order.

    >>> values_of([["N", ""]], ids=["E", "N"])
    [0, 1, 0, 0]
    """
    return [int(day == id) for days in roster for day in days for id in ids]
