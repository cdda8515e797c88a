"""How many contacts are to be expected where people have far: use falls with distance."""

import numpy as np

from varde.engines.access.arrays import Floats, Minutes


# Said beside every figure that builds on it.
WARNING = (
    "Fallet med avstand er fra én studie av ti kommuner rundt Arendal 2007-11. Behovet "
    "faller mindre enn bruken: færre kontakter er ikke spart behov."
)
STEEPER, FLATTER = 0.75, 1.5  # the range shown: half the use nearer by, or further off


def share_kept(km: Floats | Minutes, half_km: float | None) -> Floats:
    """The share of the contacts at the door that is left at a distance.

    Each `half_km` halves the use: rate(d) = rate(0) * 2^(-d / half_km).

    Parameters
    ----------
    km : float[n]
        Road kilometres, >= 0. inf: no road; unknown there, and taken as none. nan stays.
    half_km : float or None
        Kilometres that halve the use, > 0. None: it does not fall (telephone).

    Notes
    -----
    From an ecological study of ten municipalities with distances between centres. At more
    than some 80 km it says nothing. It is use that falls; need falls less, most of all
    the acute.

    References
    ----------
    Raknes G, Hansen EH, Hunskaar S (2013). Distance and utilisation of out-of-hours
    services. BMC Health Services Research 13:222. doi:10.1186/1472-6963-13-222

    Examples
    --------
    >>> share_kept(np.array([0.0, 43.0, 86.0]), 43.0).tolist()
    [1.0, 0.5, 0.25]
    """
    distance = np.asarray(km, dtype=np.float64)
    if half_km is None:
        return np.where(np.isnan(distance), np.nan, 1.0)
    kept: Floats = np.exp2(-distance / half_km)
    return kept


def share_kept_straight(km: Floats | Minutes, half_km: float) -> Floats:
    """The same by a straight line to nothing at twice `half_km`: for the range.

    >>> share_kept_straight(np.array([0.0, 43.0, 100.0]), 43.0).tolist()
    [1.0, 0.5, 0.0]
    """
    distance = np.asarray(km, dtype=np.float64)
    kept: Floats = np.maximum(1.0 - 0.5 * distance / half_km, 0.0)
    return kept


def expected_contacts(
    km: Floats | Minutes, people: Floats, *, per_1000: float, half_km: float | None
) -> tuple[float, float, float]:
    """Contacts a year: as expected, and the low and the high end of the range.

    The range is of the shape that the fall has: halved a quarter nearer by, or half as far
    again, and the straight line. Where the distance is unknown (nan) nobody is counted.
    """
    known = ~np.isnan(km)
    at_door = people[known] * per_1000 / 1000.0
    if half_km is None:
        every = float(at_door.sum())
        return every, every, every
    shapes = (
        share_kept(km[known], half_km),
        share_kept(km[known], half_km * STEEPER),
        share_kept(km[known], half_km * FLATTER),
        share_kept_straight(km[known], half_km),
    )
    sums = [float(at_door @ shape) for shape in shapes]
    return sums[0], min(sums), max(sums)
