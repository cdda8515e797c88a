"""Forecasts of counts: negative binomial, which is a Poisson count with a gamma factor.

All take the mean and the dispersion, where variance = mean + dispersion · mean². With
dispersion 0 it is Poisson. A mean of 0 is a count that is surely 0.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaincc

from varde.engines.forecast.series import Floats


_LEAST_DISPERSION = 1e-7  # below this it is Poisson to the last digit that matters
_BEYOND_SD = 12.0  # what is further out adds nothing to the score


def share_at_most(count: Floats, *, mean: Floats, dispersion: Floats) -> Floats:
    """The chance that no more than a count comes; 0 below 0. Shapes are broadcast.

    >>> share_at_most(
    ...     np.array([0.0]), mean=np.array([1.0]), dispersion=np.array([1.0])
    ... ).tolist()
    [0.5]
    """
    count, mean, dispersion = np.broadcast_arrays(np.floor(count), mean, dispersion)
    is_poisson = dispersion < _LEAST_DISPERSION
    upto = np.maximum(count, 0.0) + 1
    size = 1 / np.where(is_poisson, 1.0, dispersion)
    found = np.where(
        is_poisson, gammaincc(upto, mean), betainc(size, upto, size / (size + mean))
    )
    return np.asarray(np.where(count < 0, 0.0, found))


def quantile(share: float, *, mean: Floats, dispersion: Floats) -> Floats:
    """The least count that at least such a share does not exceed. Never below 0.

    Raises ValueError unless 0 < share < 1.

    >>> quantile(0.9, mean=np.array([0.0, 1.0]), dispersion=np.array([0.0])).tolist()
    [0.0, 2.0]
    """
    if not 0 < share < 1:
        raise ValueError(f"a share must be between 0 and 1, got {share}")
    mean, dispersion = np.broadcast_arrays(mean, dispersion)
    low = np.full(mean.shape, -1.0)
    high = np.ceil(mean + _sd(mean, dispersion)) + 1

    def reaches(count: Floats) -> NDArray[np.bool_]:
        return share_at_most(count, mean=mean, dispersion=dispersion) >= share

    while not (there := reaches(high)).all():
        high = np.where(there, high, 2 * high + 1)
    while (high - low > 1).any():
        middle = np.floor((low + high) / 2)
        there = reaches(middle)
        high = np.where(there, middle, high)
        low = np.where(there, low, middle)
    return high


def crps(seen: Floats, *, mean: Floats, dispersion: Floats) -> Floats:
    """The continuous ranked probability score: how far the forecast was from what came.

    Parameters
    ----------
    seen, mean : float64[n]
        Counts that came, whole numbers; the expected ones.
    dispersion : float64[n] or float64[1]

    Returns
    -------
    float64[n]
        In counts, >= 0; 0 is a sure and true forecast. nan where `seen` is nan.

    References
    ----------
    Gneiting T, Raftery AE (2007) doi:10.1198/016214506000001437.

    Examples
    --------
    >>> crps(np.array([2.0]), mean=np.array([0.0]), dispersion=np.array([0.0])).tolist()
    [2.0]
    """
    if not len(seen):
        return np.zeros(0)
    dispersion = np.broadcast_to(dispersion, mean.shape)
    far = mean + _BEYOND_SD * _sd(mean, dispersion)
    most = int(max(np.nanmax(far), np.nanmax(seen, initial=0.0))) + 1
    score = np.where(np.isnan(seen), np.nan, 0.0)
    for count in range(most):
        below = share_at_most(np.array(float(count)), mean=mean, dispersion=dispersion)
        score += (below - (seen <= count)) ** 2
    return score


def _sd(mean: Floats, dispersion: Floats) -> Floats:
    return np.sqrt(mean + dispersion * mean**2)
