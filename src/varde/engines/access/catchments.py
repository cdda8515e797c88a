"""Which station has agreed to serve whom, on a day, by day and by night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from varde.engines.access.arrays import Words, YesNo


class Hours(StrEnum):
    """When an agreement holds."""

    ALWAYS = "always"
    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A station serves a municipality, or a part of it, from one day to another.

    `part` is "" for the whole municipality. `ends_on` is the first day that it no longer
    holds, None while it is open.
    """

    municipality: str
    station: str
    part: str = ""
    begins_on: date = date.min
    ends_on: date | None = None
    hours: Hours = Hours.ALWAYS

    def holds(self, *, on: date, hours: Hours) -> bool:
        """Whether it holds on a day, by day or by night."""
        open_still = self.ends_on is None or on < self.ends_on
        return (
            self.begins_on <= on and open_still and self.hours in (Hours.ALWAYS, hours)
        )


def agreed_stations(
    agreements: Sequence[Agreement],
    *,
    on: date,
    hours: Hours,
    municipality: Words,
    part: Words,
    stations: Sequence[str],
) -> YesNo:
    """Which stations each place may use by agreement.

    What is agreed for a part of a municipality goes before what is agreed for the whole,
    and what is agreed for the night (or the day) before what always holds. Several that
    hold alike all count.

    Parameters
    ----------
    on : date
        The day.
    hours : Hours
        DAY or NIGHT. ALWAYS takes only the agreements that hold round the clock.
    municipality, part : str[n_places]
        Where each place is. A part of "" has no agreement of its own.
    stations : sequence of str
        The codes, in the order of the columns.

    Returns
    -------
    bool[n_places, n_stations]
        A row without any True: no agreement is known. It is neither near nor far.

    Raises
    ------
    ValueError
        If an agreement that holds names a station that is not there.
    """
    column = {code: number for number, code in enumerate(stations)}
    chosen: dict[tuple[str, str], tuple[bool, set[int]]] = {}
    for one in agreements:
        if not one.holds(on=on, hours=hours):
            continue
        if one.station not in column:
            raise ValueError(
                f"an agreement names station {one.station!r}, unknown here"
            )
        key, special = (one.municipality, one.part), one.hours is not Hours.ALWAYS
        before, columns = chosen.get(key, (False, set()))
        if special and not before:
            columns = set()
        if special or not before:
            chosen[key] = (special or before, {*columns, column[one.station]})
    return _rows(chosen, municipality=municipality, part=part, width=len(stations))


def _rows(
    chosen: dict[tuple[str, str], tuple[bool, set[int]]],
    *,
    municipality: Words,
    part: Words,
    width: int,
) -> YesNo:
    pairs = np.array([municipality, part], dtype=np.str_)
    each, where = np.unique(pairs, axis=1, return_inverse=True)
    rows = np.zeros((each.shape[1], width), dtype=bool)
    for number, (whole, some) in enumerate(each.T.tolist()):
        known = chosen.get((whole, some)) or chosen.get((whole, "")) or (False, set())
        rows[number, list(known[1])] = True
    return rows[where.reshape(-1)]
