"""What seldom changes and everybody asks for: read again every few seconds at the most.

For names and places, settings and lists of choices. Never for patients, for who may do
what, or for anything that somebody waits to see change.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any


KEPT_S = 5.0
MOST = 4096  # answers of one function; then it begins anew

_forgetters: list[Callable[[], None]] = []


def kept[**P, R](read: Callable[P, R]) -> Callable[P, R]:
    """The same function, which remembers each answer for five seconds.

    The arguments must be hashable, and the answer is shared: nobody may change it. Each
    process remembers for itself.
    """
    known: dict[tuple[Any, ...], tuple[float, R]] = {}

    @wraps(read)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        place = (*args, *sorted(kwargs.items()))
        answer = known.get(place)
        now = time.monotonic()
        if answer is not None and answer[0] > now:
            return answer[1]
        if len(known) >= MOST:
            known.clear()
        read_now = read(*args, **kwargs)
        known[place] = (now + KEPT_S, read_now)
        return read_now

    _forgetters.append(known.clear)
    return asked


def forget() -> None:
    """Read everything anew the next time it is asked for."""
    for forgetter in _forgetters:
        forgetter()
