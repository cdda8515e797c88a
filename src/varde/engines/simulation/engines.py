"""One run by the compiled calendar, on numbers that are drawn."""

from varde.engines.simulation import calendar, memory
from varde.engines.simulation.memory import ROWS, Drawn, Memory, Run
from varde.engines.simulation.tables import Tables


ROWS_A_CONTACT = 4  # room at first; with too little the run is done anew with more
ROWS_AT_LEAST = 64
SPARE = 1.25  # room for runs with more contacts than the first


class Calendar:
    """The event calendar of one scenario, with the memory that its runs share."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._memory: Memory | None = None
        self._contacts = self._days = self._rows = 0

    def run(self, drawn: Drawn, *, is_compiled: bool = True) -> Run:
        """One run, compiled, or as the plain Python that it is.

        The answer is a part of the memory: it holds until the next run.
        """
        contacts, days = len(drawn.contacts), len(drawn.is_bad)
        run = calendar.run_compiled if is_compiled else calendar.run
        while True:
            room = self._room(contacts, days)
            memory.begin(room, drawn)
            run(room.n, room.x, drawn.arrived, drawn.contacts.ravel(), drawn.numbers.ravel())  # fmt: skip
            if room.n[ROWS] <= self._rows:
                return memory.what_happened(room)
            self._rows, self._memory = 2 * self._rows, None

    def _room(self, contacts: int, days: int) -> Memory:
        if self._memory is None or contacts > self._contacts or days > self._days:
            self._contacts = max(self._contacts, int(SPARE * contacts))
            self._days = max(self._days, days)
            self._rows = max(self._rows, ROWS_A_CONTACT * self._contacts + ROWS_AT_LEAST)  # fmt: skip
            self._memory = memory.lay_out(
                self._tables,
                contacts=self._contacts,
                days=self._days,
                capacity=self._rows,
            )
        return self._memory


def run_calendar(tables: Tables, drawn: Drawn, *, is_compiled: bool = True) -> Run:
    """A single run of the event calendar."""
    return Calendar(tables).run(drawn, is_compiled=is_compiled)
