"""Long jobs that tell that they live: the optimiser, a comparison, a study of scenarios."""

from datetime import datetime, timedelta
from typing import Protocol


RUNNING = "running"


class Beating(Protocol):
    """A row whose job writes a sign of life while it runs."""

    state: str
    beat_at: datetime | None


def has_fallen_silent(row: Beating, *, at: datetime, after: timedelta) -> bool:
    """Whether one that says it runs has given no sign of life for so long: it died.

    One that waits for its turn gives none, and has not fallen silent.
    """
    return row.state == RUNNING and row.beat_at is not None and at - row.beat_at > after
