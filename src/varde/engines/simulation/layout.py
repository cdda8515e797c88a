"""Places drawn so that the way between them is as long as the road takes."""

import numpy as np

from varde.engines.simulation.tables import Floats


STEPS = 400
SETTLED = 1e-6  # of the longest way: a step that moves no place further is the last
NO_ROAD = 1.3  # of the longest way that there is
LEAST_APART = 0.04  # of the longest way: two places are never one point


def spread_out(minutes: Floats) -> Floats:
    """Points in the plane that are as many units apart as there are minutes between them.

    Classical scaling, then majorization of the stress (SMACOF) with equal weights. Where
    the minutes are those of a plane they are met; else the sum of the squared differences
    is at a least value near there.

    Parameters
    ----------
    minutes : float64[n, n]
        Symmetric, 0 from a place to itself, infinite where no road leads. Such places
        are drawn 1.3 times the longest way apart, and places with no way between them at
        least 4 % of it.

    Returns
    -------
    float64[n, 2]
        Their mean is the origin; the wider spread is along the first axis. The same for
        the same minutes. No place gives no point; where nobody has a way to another, all
        are as far from each other as can be.

    References
    ----------
    de Leeuw J, Mair P (2009): Multidimensional scaling using majorization: SMACOF in R.
    Journal of Statistical Software 31(3).

    Examples
    --------
    >>> three = np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]])
    >>> at = spread_out(three)
    >>> [round(float(np.hypot(*(at[a] - at[b]))), 3) for a, b in ((0, 1), (0, 2), (1, 2))]
    [3.0, 4.0, 5.0]
    """
    count = len(minutes)
    if count < 2:
        return np.zeros((count, 2))
    wanted = _wanted(minutes)
    points = _classical(wanted)
    for _ in range(STEPS):
        before, points = points, _nearer(points, wanted)
        if np.abs(points - before).max() <= SETTLED * wanted.max():
            break
    return _turned(points)


def _wanted(minutes: Floats) -> Floats:
    is_known = np.isfinite(minutes)
    longest = float(minutes[is_known].max()) or 1.0
    wanted = np.where(is_known, minutes, NO_ROAD * longest)
    wanted = np.maximum(wanted, LEAST_APART * longest)
    np.fill_diagonal(wanted, 0.0)
    return wanted


def _classical(wanted: Floats) -> Floats:
    """The two main axes of the squared distances, centred."""
    count = len(wanted)
    centre = np.eye(count) - 1.0 / count
    values, axes = np.linalg.eigh(-0.5 * centre @ wanted**2 @ centre)
    main = np.argsort(values)[::-1][:2]
    points = axes[:, main] * np.sqrt(np.maximum(values[main], 0.0))
    if np.ptp(points[:, 1]) == 0.0:  # on a line, which no step could leave
        points[:, 1] = 1e-3 * np.ptp(points[:, 0]) * np.cos(np.arange(count))
    return points


def _nearer(points: Floats, wanted: Floats) -> Floats:
    """One step of the majorization: the stress is less after it, or the same."""
    apart = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(apart > 0.0, wanted / apart, 0.0)
    guide = -ratio
    guide[np.diag_indices_from(guide)] = ratio.sum(axis=1)
    moved: Floats = guide @ points / len(points)
    return moved


def _turned(points: Floats) -> Floats:
    """About the mean, the long way across, each axis with its larger side positive."""
    points = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    turned = points @ axes.T
    furthest = turned[np.abs(turned).argmax(axis=0), [0, 1]]
    signed: Floats = turned * np.where(furthest < 0.0, -1.0, 1.0)
    return signed
