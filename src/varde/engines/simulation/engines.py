"""One run by either engine, on numbers that are drawn."""

from varde.engines.simulation import calendar, memory
from varde.engines.simulation.memory import ROWS, Drawn, Run
from varde.engines.simulation.tables import Tables


ROWS_A_CONTACT = 4  # room at first; with too little the run is done anew with more
ROWS_AT_LEAST = 64


def run_calendar(tables: Tables, drawn: Drawn, *, is_compiled: bool = True) -> Run:
    """One run of the event calendar, compiled, or as the plain Python that it is."""
    capacity = ROWS_A_CONTACT * len(drawn.contacts) + ROWS_AT_LEAST
    while True:
        room = memory.lay_out(tables, drawn, capacity=capacity)
        (calendar.run_compiled if is_compiled else calendar.run)(*room)
        if room.n[ROWS] <= capacity:
            return memory.what_happened(room)
        capacity *= 2
