"""Between latitude and longitude and the metres that Norwegian maps are drawn in."""

import numpy as np

from varde.engines.access.arrays import Floats


# GRS 80, the ellipsoid of EUREF89 (EPSG:7019), and UTM zone 33 (EPSG:25833).
EQUATOR_M = 6_378_137.0
FLATTENING = 1 / 298.257222101
CENTRAL_MERIDIAN_DEG = 15.0
SCALE = 0.9996
FALSE_EAST_M = 500_000.0

_N = FLATTENING / (2 - FLATTENING)
_RADIUS_M = EQUATOR_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16,
    13 * _N**2 / 48 - 3 * _N**3 / 5,
    61 * _N**3 / 240,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96,
    _N**2 / 48 + _N**3 / 15,
    17 * _N**3 / 480,
)
_DELTA = (
    2 * _N - 2 * _N**2 / 3 - 2 * _N**3,
    7 * _N**2 / 3 - 8 * _N**3 / 5,
    56 * _N**3 / 15,
)


def utm33(longitude_deg: Floats, latitude_deg: Floats) -> Floats:
    """East and north in metres (EPSG:25833) of points given by longitude and latitude.

    The series of Krüger to the third order. All of Norway is drawn in zone 33, as the
    official files are.

    Parameters
    ----------
    longitude_deg, latitude_deg : float64[n]
        Degrees east and north, EUREF89 or WGS 84 (less than a metre apart here).

    Returns
    -------
    float64[n, 2]
        East and north. Within a centimetre from 4 to 32 degrees east. An unknown (nan)
        stays unknown.

    References
    ----------
    Karney CFF (2011): Transverse Mercator with an accuracy of a few nanometers.
    Journal of Geodesy 85, 475-485. doi:10.1007/s00190-011-0445-3

    Examples
    --------
    On the central meridian east is the false east, and the Equator is north 0.

    >>> [round(float(metres)) for metres in utm33(np.array([15.0]), np.array([0.0]))[0]]
    [500000, 0]
    """
    latitude = np.radians(latitude_deg)
    longitude = np.radians(longitude_deg - CENTRAL_MERIDIAN_DEG)
    c = 2 * np.sqrt(_N) / (1 + _N)
    sine = np.sin(latitude)
    t = np.sinh(np.arctanh(sine) - c * np.arctanh(c * sine))
    xi = np.arctan2(t, np.cos(longitude))
    eta = np.arctanh(np.sin(longitude) / np.sqrt(1 + t**2))
    east, north = eta.copy(), xi.copy()
    for order, alpha in enumerate(_ALPHA, start=1):
        east += alpha * np.cos(2 * order * xi) * np.sinh(2 * order * eta)
        north += alpha * np.sin(2 * order * xi) * np.cosh(2 * order * eta)
    factor = SCALE * _RADIUS_M
    return np.column_stack((FALSE_EAST_M + factor * east, factor * north))


def longitude_latitude(xy: Floats) -> Floats:
    """Longitude and latitude in degrees, float64[n, 2], of points in EPSG:25833.

    `utm33` turned round, with the inverse series to the same order and as good: within a
    centimetre from 4 to 32 degrees east.

    Examples
    --------
    >>> longitude_latitude(np.array([(500_000.0, 0.0)])).tolist()
    [[15.0, 0.0]]
    """
    eta = (xy[:, 0] - FALSE_EAST_M) / (SCALE * _RADIUS_M)
    xi = xy[:, 1] / (SCALE * _RADIUS_M)
    east, north = eta.copy(), xi.copy()
    for order, beta in enumerate(_BETA, start=1):
        east -= beta * np.cos(2 * order * xi) * np.sinh(2 * order * eta)
        north -= beta * np.sin(2 * order * xi) * np.cosh(2 * order * eta)
    conformal = np.arcsin(np.sin(north) / np.cosh(east))
    latitude = conformal.copy()
    for order, delta in enumerate(_DELTA, start=1):
        latitude += delta * np.sin(2 * order * conformal)
    longitude = CENTRAL_MERIDIAN_DEG + np.degrees(
        np.arctan2(np.sinh(east), np.cos(north))
    )
    return np.column_stack((longitude, np.degrees(latitude)))
