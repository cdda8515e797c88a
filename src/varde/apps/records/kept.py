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
    return _keeping(read, lambda: KEPT_S, most=MOST)


def kept_for[**P, R](
    seconds: float, *, most: int = MOST
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As `kept`, for so long and so many answers: for what is dear to find and will not
    be another until then."""
    return lambda read: _keeping(read, lambda: seconds, most=most)


def _keeping[**P, R](
    read: Callable[P, R], how_long_s: Callable[[], float], *, most: int
) -> Callable[P, R]:
    known: dict[tuple[Any, ...], tuple[float, R]] = {}

    @wraps(read)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        place = (*args, *sorted(kwargs.items()))
        answer = known.get(place)
        now = time.monotonic()
        if answer is not None and answer[0] > now:
            return answer[1]
        if len(known) >= most:
            known.clear()
        read_now = read(*args, **kwargs)
        known[place] = (now + how_long_s(), read_now)
        return read_now

    _forgetters.append(known.clear)
    return asked


def forget() -> None:
    """Read everything anew the next time it is asked for."""
    for forgetter in _forgetters:
        forgetter()
